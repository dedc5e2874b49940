//! Plans: a bound query with the decision what to do about its invalid parts, ready to run.

use std::sync::Arc;

use thiserror::Error;

use crate::bind::Binder;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::engine::{self, PageRequest, Selection};
use crate::filter::{BoundClause, BoundQuery, Filter, Placement, Row, SortKey, Test};
use crate::span::Span;
use crate::syntax::{Join, Printer, Query};
use crate::table::{Record, Table};

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
    /// All must pass; `None` if no row may.
    filters: Option<Vec<Filter>>,
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
}

impl PlanError {
    /// What there is to say about the query or guard.
    pub fn diagnostics(&self) -> &Diagnostics {
        match self {
            Self::Forbidden(diagnostics)
            | Self::Refused(diagnostics)
            | Self::InvalidGuard(diagnostics) => diagnostics,
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
                filters: None,
                order: Vec::new(),
                report: Arc::new(Report { diagnostics: bound.diagnostics, effective: None }),
            }),
            OnInvalid::IgnoreInvalidPart | OnInvalid::ReturnNoRows | OnInvalid::Forbid => {
                Ok(Self::of_valid_parts(bound))
            }
        }
    }

    fn of_valid_parts(bound: BoundQuery) -> Self {
        let BoundQuery { text, length, clauses, order, mut diagnostics } = bound;
        if !clauses.is_empty() && clauses.iter().all(|clause| clause.bound.is_none()) {
            let message = "every condition is invalid and ignored: all rows match";
            diagnostics.push(Diagnostic::new(
                Code::EverythingIgnored,
                Span::new(0, length),
                message,
            ));
        }
        let mut printer = Printer::default();
        let filter = valid_conditions(clauses, &text, &mut printer);
        let mut keys = Vec::new();
        for BoundClause { text: span, bound, .. } in order {
            if let Some(key) = bound {
                printer.raw(Join::Group, span.of(&text));
                keys.push(key);
            }
        }
        let report = Report { diagnostics, effective: Some(printer.finish()) };
        Self { filters: Some(vec![filter]), order: keys, report: Arc::new(report) }
    }

    /// The same plan for those rows only that pass the guard as well. The guard is a filter of its
    /// own: nothing in the query can widen it. Its sort keys mean nothing.
    ///
    /// # Errors
    /// If the guard has any invalid part, in every mode.
    pub fn guarded(mut self, guard: BoundQuery) -> Result<Self, PlanError> {
        if guard.diagnostics.has_errors() {
            return Err(PlanError::InvalidGuard(guard.diagnostics));
        }
        let filter = valid_conditions(guard.clauses, &guard.text, &mut Printer::default());
        if let Some(filters) = &mut self.filters {
            filters.push(filter);
        }
        Ok(self)
    }

    /// Whether the row is among those that match, whatever the order and page.
    pub fn matches<R: Row + ?Sized>(&self, row: &R) -> bool {
        self.filters
            .as_ref()
            .is_some_and(|filters| filters.iter().all(|filter| filter.matches(row)))
    }

    /// A page of a table's records.
    pub fn run<'t>(&self, table: &'t Table, page: PageRequest) -> Page<Record<'t>> {
        self.select(table.records(), page)
    }

    /// A page of any rows; ties and unsorted rows stay in their order.
    pub fn select<R: Row>(&self, rows: impl IntoIterator<Item = R>, page: PageRequest) -> Page<R> {
        let Selection { rows, has_more, total } = match &self.filters {
            Some(filters) => engine::select(rows, filters, &self.order, page),
            None => Selection::none(page.count),
        };
        Page { records: rows, has_more, total, report: Arc::clone(&self.report) }
    }

    /// What was said about the query, and what is left of it.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The filters every row must pass: of the query, then of its guards. `None` if no row may.
    pub fn filters(&self) -> Option<&[Filter]> {
        self.filters.as_deref()
    }

    /// The sort keys, most significant first.
    pub fn order(&self) -> &[SortKey] {
        &self.order
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

/// The filter of those conditions that are valid; writes them to `printer`.
///
/// A condition that goes leaves its place to the next one in its group, a group to the next in its
/// branch: an emptied branch never becomes one that is always true.
fn valid_conditions(clauses: Vec<BoundClause<Test>>, text: &str, printer: &mut Printer) -> Filter {
    let mut filter = Filter::default();
    let mut place = Placement::NewBranch;
    for BoundClause { join, text: span, bound } in clauses {
        place = place.max(match join {
            Join::Alternative => Placement::SameGroup,
            Join::Group => Placement::NewGroup,
            Join::Branch => Placement::NewBranch,
        });
        if let Some(test) = bound {
            let join = match place {
                Placement::SameGroup => Join::Alternative,
                Placement::NewGroup => Join::Group,
                Placement::NewBranch => Join::Branch,
            };
            printer.raw(join, span.of(text));
            filter.push(place, test);
            place = Placement::SameGroup;
        }
    }
    filter
}

fn first(diagnostics: &Diagnostics) -> &str {
    let error = diagnostics.iter().find(|diagnostic| diagnostic.is_error());
    error.map_or("no reason given", Diagnostic::message)
}
