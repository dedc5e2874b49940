//! Encoded queries, the filter language of ServiceNow's `sysparm_query`: read, checked and run.
//!
//! ```
//! use encoded_query::Table;
//!
//! let page = Table::demo_contacts().query("active=true^nameLIKEwarren^ORDERBYname").total;
//! assert!(page > Some(0));
//! ```
//!
//! The stages, each usable alone: [`Query::parse`] reads a text and never fails; a [`Binder`] turns
//! the tree into tests by a [`Schema`] and says what is invalid; a [`Plan`] decides what becomes of
//! invalid parts; it runs over a [`Table`] or over any rows that implement [`Row`].

#[cfg(feature = "api")]
pub mod api;
pub mod bind;
mod bits;
pub mod calendar;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "csv")]
pub mod csv;
pub mod demo;
pub mod diagnostic;
pub mod engine;
mod environment;
pub mod explain;
pub mod filter;
pub mod function;
pub mod generate;
#[cfg(feature = "api")]
pub mod journal;
#[cfg(feature = "json")]
pub mod json;
#[cfg(feature = "json")]
pub mod load;
pub mod operator;
mod plan;
pub mod schema;
#[cfg(feature = "server")]
pub mod server;
mod span;
pub mod syntax;
mod table;
pub mod value;
#[cfg(feature = "xml")]
pub mod xml;

pub use bind::{Binder, EmptyInNegation, Limits, Options};
pub use diagnostic::{Code, Diagnostic, Severity};
pub use engine::{Count, PageRequest};
pub use environment::{Environment, FixedEnvironment, User};
pub use filter::{BoundQuery, Row};
pub use operator::Operator;
pub use plan::{OnInvalid, Page, Plan, PlanError, Prepared, Report};
pub use schema::{CONTACT_FIELDS, Catalog, Field, FieldPath, Queryable, Schema, UnknownTable};
pub use span::Span;
pub use syntax::{BuildError, Clause, Condition, Query, QueryBuilder};
pub use table::{Database, DatabaseError, Record, RecordError, RecordsMut, Table, Tables};
pub use value::{FieldType, Number, ValueRef};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
