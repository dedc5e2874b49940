//! The one integration test binary.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    clippy::similar_names,
    clippy::wildcard_enum_match_arm,
    clippy::redundant_closure_for_method_calls,
    reason = "a slip fails a test, and a table of expectations is long"
)]

mod absent;
#[cfg(feature = "api")]
mod api;
#[cfg(feature = "api")]
mod api_access;
#[cfg(feature = "api")]
mod api_client;
#[cfg(feature = "api")]
mod api_clients;
#[cfg(feature = "api")]
mod api_formats;
#[cfg(feature = "api")]
mod api_hidden;
#[cfg(feature = "api")]
mod api_hostile;
#[cfg(feature = "api")]
mod api_limits;
#[cfg(feature = "api")]
mod api_lists;
#[cfg(feature = "api")]
mod api_plans;
#[cfg(feature = "api")]
mod api_policies;
#[cfg(feature = "api")]
mod api_store;
#[cfg(feature = "api")]
mod api_tables;
#[cfg(feature = "api")]
mod api_threads;
#[cfg(feature = "api")]
mod api_writes;
#[cfg(feature = "api")]
mod api_written;
#[cfg(feature = "cli")]
mod bad_data;
mod bounded;
mod builder;
mod calendar;
#[cfg(feature = "cli")]
mod cli;
#[cfg(feature = "cli")]
mod cli_check;
#[cfg(feature = "cli")]
mod cli_fmt;
#[cfg(feature = "cli")]
mod cli_repl;
#[cfg(feature = "cli")]
mod cli_slips;
#[cfg(feature = "cli")]
mod cli_world;
mod conformance;
mod contact_page;
mod corpus;
#[cfg(feature = "cli")]
mod data_faults;
mod days;
mod endings;
mod engines;
mod engines_ordered;
mod engines_references;
mod explain;
mod fine_print;
#[cfg(feature = "cli")]
mod formats;
mod generate;
mod generated;
mod hints;
mod hostile;
mod invalid;
#[cfg(feature = "server")]
mod journal;
#[cfg(feature = "server")]
mod journal_faults;
mod keys;
mod layers;
mod layout;
mod limits;
#[cfg(feature = "cli")]
mod loading;
mod naive;
#[cfg(feature = "api")]
mod openapi;
mod oracle;
mod pages;
mod parts;
mod properties;
#[cfg(feature = "cli")]
mod reference;
mod refusals;
mod semantics;
mod sequences;
#[cfg(feature = "cli")]
mod serve;
mod shape;
mod slips;
#[cfg(feature = "server")]
mod sockets;
mod surface;
mod syntax;
mod tables;
mod values;
