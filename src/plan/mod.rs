//! Plans: a bound query with the decision what to do about its invalid parts, ready to run.

mod run;
mod valid;

use std::sync::Arc;

use thiserror::Error;

use crate::bind::Binder;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::engine::{PageRequest, Selection};
use crate::filter::{BoundClause, BoundQuery, Changed, Filter, Lookup, Row, SortKey};
use crate::span::Span;
use crate::syntax::{Join, Query};
use crate::table::{Record, Table};
pub use run::Prepared;
use valid::{Frame, ValidParts};

/// What becomes of a query with invalid parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnInvalid {
    /// They are ignored and the rest filters; if no condition is left, every row matches.
    ///
    /// Source: Contact API, `sysparm_query`.
    #[default]
    IgnoreInvalidPart,
    /// No row matches.
    ///
    /// Source: the property `glide.invalid_query.returns_no_rows`.
    ReturnNoRows,
    /// The query is refused.
    ///
    /// Source: reported from recent releases.
    Forbid,
}

/// A query ready to run over rows.
///
/// ```
/// use encoded_query::{Binder, Count, OnInvalid, PageRequest, Plan, Query, Table};
///
/// let contacts = Table::demo_contacts();
/// let binder = Binder::for_table(contacts.schema());
/// let bound = binder.bind(&Query::parse("active=true^fist_name=George^ORDERBYname"));
/// let plan = Plan::new(bound, OnInvalid::IgnoreInvalidPart)?
///     .guarded(binder.bind(&Query::parse("vip=false")))?;
/// assert_eq!(plan.report().effective(), Some("active=true^ORDERBYname"));
///
/// let page = plan.run(&contacts, PageRequest { offset: 0, limit: 3, count: Count::Exact });
/// assert_eq!(page.records.len(), 3);
/// assert!(page.has_more);
/// # Ok::<(), encoded_query::PlanError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    table: Box<str>,
    /// All must pass; `None` if no row may.
    filters: Option<Vec<Filter>>,
    /// What tests ask of other tables, each before those inside it.
    lookups: Vec<Lookup>,
    order: Vec<SortKey>,
    report: Arc<Report>,
}

/// What was said about a query, and what is left of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    diagnostics: Diagnostics,
    effective: Option<String>,
}

/// A page of the rows that match, with all there is to say about the query.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "the report says what was ignored"]
#[non_exhaustive]
pub struct Page<R> {
    /// The rows of the page, in order.
    pub records: Vec<R>,
    /// Whether a further row matches.
    pub has_more: bool,
    /// How many rows match, if they were counted.
    pub total: Option<u64>,
    /// What was said about the query.
    pub report: Arc<Report>,
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PlanError {
    /// The query has invalid parts, and [`OnInvalid::Forbid`] was asked for.
    #[error("the query has invalid parts: {}", first(.0))]
    Forbidden(Diagnostics),
    /// The query is over a limit.
    #[error("the query is refused: {}", first(.0))]
    Refused(Diagnostics),
    /// The guard has invalid parts, so that it would let pass more than it should.
    #[error("the guard has invalid parts: {}", first(.0))]
    InvalidGuard(Diagnostics),
    /// The guard is bound to another table: its conditions would be asked of fields that are not meant.
    #[error("the guard is for the table `{of}` and the query for `{table}`")]
    GuardOfAnotherTable {
        /// The table of the query.
        table: String,
        /// The table of the guard.
        of: String,
        /// What there is to say about the guard.
        said: Diagnostics,
    },
}

impl PlanError {
    /// What there is to say about the query or guard.
    pub fn diagnostics(&self) -> &Diagnostics {
        match self {
            Self::Forbidden(diagnostics)
            | Self::Refused(diagnostics)
            | Self::InvalidGuard(diagnostics)
            | Self::GuardOfAnotherTable { said: diagnostics, .. } => diagnostics,
        }
    }
}

impl Plan {
    /// Decides what becomes of invalid parts: the one place that does.
    ///
    /// # Errors
    /// If the query is over a limit, in every mode; if it has invalid parts, under
    /// [`OnInvalid::Forbid`].
    pub fn new(bound: BoundQuery, on_invalid: OnInvalid) -> Result<Self, PlanError> {
        if bound.diagnostics.refusal().is_some() {
            return Err(PlanError::Refused(bound.diagnostics));
        }
        let has_errors = bound.diagnostics.has_errors();
        match on_invalid {
            OnInvalid::Forbid if has_errors => Err(PlanError::Forbidden(bound.diagnostics)),
            OnInvalid::ReturnNoRows if has_errors => Ok(Self {
                table: bound.table,
                filters: None,
                lookups: Vec::new(),
                order: Vec::new(),
                report: Arc::new(Report { diagnostics: bound.diagnostics, effective: None }),
            }),
            OnInvalid::IgnoreInvalidPart | OnInvalid::ReturnNoRows | OnInvalid::Forbid => {
                Ok(Self::of_valid_parts(bound))
            }
        }
    }

    fn of_valid_parts(bound: BoundQuery) -> Self {
        let BoundQuery { table, text, length, clauses, lookups, order, mut diagnostics } = bound;
        let mut valid = ValidParts::new(lookups, &mut diagnostics);
        valid.take(clauses, &text);
        let (Frame { filter, mut printer, is_written, .. }, lookups) = (valid.root, valid.lookups);
        if is_written && filter.is_empty() {
            let message = "every condition is invalid and ignored: all rows match";
            let whole = Span::new(0, length);
            diagnostics.push(Diagnostic::new(Code::EverythingIgnored, whole, message));
        }
        let mut keys = Vec::new();
        for BoundClause { text: span, bound, .. } in order {
            if let Some(key) = bound {
                printer.raw(Join::Group, span.of(&text));
                keys.push(key);
            }
        }
        let report = Report { diagnostics, effective: Some(printer.finish()) };
        Self { table, filters: Some(vec![filter]), lookups, order: keys, report: Arc::new(report) }
    }

    /// The same plan for those rows only that pass the guard as well. The guard is a filter of its
    /// own: nothing in the query can widen it. Its sort keys mean nothing.
    ///
    /// # Errors
    /// If the guard has any invalid part, in every mode, or is bound to another table.
    pub fn guarded(mut self, guard: BoundQuery) -> Result<Self, PlanError> {
        if guard.diagnostics.has_errors() {
            return Err(PlanError::InvalidGuard(guard.diagnostics));
        }
        if guard.table != self.table {
            let tables = [self.table, guard.table].map(String::from);
            let [table, of] = tables;
            return Err(PlanError::GuardOfAnotherTable { table, of, said: guard.diagnostics });
        }
        if let Some(filters) = &mut self.filters {
            let mut diagnostics = guard.diagnostics;
            let mut valid = ValidParts::new(guard.lookups, &mut diagnostics);
            valid.take(guard.clauses, &guard.text);
            let (mut filter, mut lookups) = (valid.root.filter, valid.lookups);
            let before = self.lookups.len();
            filter.shift_lookups(before);
            for lookup in &mut lookups {
                lookup.shift_lookups(before);
            }
            filters.push(filter);
            self.lookups.append(&mut lookups);
        }
        Ok(self)
    }

    /// Whether the row is among those that match, whatever the order and page.
    ///
    /// A row alone knows no other tables: blocks and hierarchies hold for none. [`run`](Self::run)
    /// looks into them.
    pub fn matches<R: Row + ?Sized>(&self, row: &R) -> bool {
        let filters = self.filters.as_ref();
        filters.is_some_and(|filters| filters.iter().all(|filter| filter.matches(row)))
    }

    /// Whether a change makes a row match, as the condition of a trigger: the operators that ask for
    /// changes compare both rows, all others look at the row as it is after.
    ///
    /// ```
    /// use encoded_query::{Binder, OnInvalid, Plan, Query, Table};
    ///
    /// let contacts = Table::demo_contacts();
    /// let (one, other) = (contacts.records().next().unwrap(), contacts.records().last().unwrap());
    /// let binder = Binder::for_table(contacts.schema());
    /// let plan = Plan::new(binder.bind(&Query::parse("nameVALCHANGES")), OnInvalid::Forbid)?;
    /// assert!(plan.matches_change(&one, &other) && !plan.matches_change(&one, &one));
    /// # Ok::<(), encoded_query::PlanError>(())
    /// ```
    pub fn matches_change<B, A>(&self, before: &B, after: &A) -> bool
    where
        B: Row + ?Sized,
        A: Row + ?Sized,
    {
        self.matches(&Changed { before: Some(before), after })
    }

    /// What was said about the query, and what is left of it.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The filters every row must pass: of the query, then of its guards. `None` if no row may.
    pub fn filters(&self) -> Option<&[Filter]> {
        self.filters.as_deref()
    }

    /// What the filters ask of other tables.
    pub fn lookups(&self) -> &[Lookup] {
        &self.lookups
    }

    /// The sort keys, most significant first.
    pub fn order(&self) -> &[SortKey] {
        &self.order
    }
}

impl<R> Page<R> {
    /// The same page with each row made into another.
    pub fn map<S>(self, change: impl FnMut(R) -> S) -> Page<S> {
        let Self { records, has_more, total, report } = self;
        Page { records: records.into_iter().map(change).collect(), has_more, total, report }
    }
}

impl Report {
    /// What there is to say about the query.
    pub fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }

    /// Canonical text of the query that runs: what is left without its invalid parts, grouping and
    /// guards. `None` if an invalid part leaves no rows.
    pub fn effective(&self) -> Option<&str> {
        self.effective.as_deref()
    }
}

impl Table {
    /// The first ten records that match a query, by the documented defaults: invalid parts are
    /// ignored, and the page's report names them. A query over a limit matches nothing.
    pub fn query(&self, query: &str) -> Page<Record<'_>> {
        let bound = Binder::for_table(self.schema()).bind(&Query::parse(query));
        let page = PageRequest::default();
        match Plan::new(bound, OnInvalid::IgnoreInvalidPart) {
            Ok(plan) => plan.run(self, page),
            Err(error) => {
                let diagnostics = error.diagnostics().clone();
                let Selection { rows, has_more, total } = Selection::none(page.count);
                let report = Arc::new(Report { diagnostics, effective: None });
                Page { records: rows, has_more, total, report }
            }
        }
    }
}

fn first(diagnostics: &Diagnostics) -> &str {
    let error = diagnostics.iter().find(|diagnostic| diagnostic.is_error());
    error.map_or("no reason given", Diagnostic::message)
}
