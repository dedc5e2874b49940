//! A query bound to a schema: each condition a test or invalid, and what there is to say.

use crate::diagnostic::Diagnostics;
use crate::schema::FieldPath;
use crate::span::Span;
use crate::syntax::{Direction, Join};
use crate::value::{Case, Kind};

use super::{Reading, Test};

/// A query bound to a table; whether its invalid parts are ignored is decided by the plan.
///
/// Owns all it needs.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "its diagnostics say which parts are invalid"]
pub struct BoundQuery {
    /// Canonical text of each clause, one after another.
    pub(crate) text: String,
    /// Bytes of the query's own text.
    pub(crate) length: usize,
    pub(crate) clauses: Vec<BoundClause<Test>>,
    pub(crate) order: Vec<BoundClause<SortKey>>,
    pub(crate) diagnostics: Diagnostics,
}

/// A condition or sort key after binding.
#[derive(Clone, Debug, PartialEq)]
pub struct BoundClause<T> {
    /// How it joins what stands before it.
    pub(crate) join: Join,
    /// Its canonical text in the bound query.
    pub(crate) text: Span,
    /// What it means; nothing if it is invalid.
    pub(crate) bound: Option<T>,
}

/// A field to sort by.
#[derive(Clone, Debug, PartialEq)]
pub struct SortKey {
    /// The field.
    pub path: FieldPath,
    /// Which value of it.
    pub reading: Reading,
    /// What its values are compared as.
    pub kind: Kind,
    /// Which end comes first.
    pub direction: Direction,
    /// How texts compare.
    pub case: Case,
}

impl BoundQuery {
    /// What there is to say about the query.
    pub fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }
}
