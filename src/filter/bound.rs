//! A query bound to a schema: each condition a test or invalid, and what there is to say.

use crate::diagnostic::Diagnostics;
use crate::schema::FieldPath;
use crate::span::Span;
use crate::syntax::{Direction, Join, Layout};
use crate::value::{Case, Kind};

use super::{Lookup, Reading, RelatedTest, Test};

/// A query bound to a table; whether its invalid parts are ignored is decided by the plan.
///
/// Owns all it needs.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "its diagnostics say which parts are invalid"]
pub struct BoundQuery {
    /// The table it is bound to.
    pub(crate) table: Box<str>,
    /// Canonical text of each clause, one after another.
    pub(crate) text: String,
    /// Bytes of the query's own text.
    pub(crate) length: usize,
    /// In the order of the text; what stands in a block follows it.
    pub(crate) clauses: Vec<BoundClause<Bound>>,
    /// What blocks and hierarchies ask of other tables, each before those inside it.
    pub(crate) lookups: Vec<Lookup>,
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

/// What a condition or block means.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    /// A test.
    Test(Test),
    /// A block, whose conditions make the filter of a lookup.
    Block(BoundBlock),
}

/// A block after binding.
#[derive(Clone, Debug, PartialEq)]
pub struct BoundBlock {
    /// What is asked of the rows that pass its conditions.
    pub(crate) test: RelatedTest,
    /// Number of the first clause behind its conditions.
    pub(crate) end: usize,
    /// The whole block in the text of the query.
    pub(crate) span: Span,
    /// How its conditions are printed.
    pub(crate) layout: Layout,
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
