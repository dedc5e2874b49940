//! Runs of plans: over tables, by their columns, and over rows of any kind.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::Duration;

use super::{Page, Plan};
use crate::engine::{self, Analysis, Asked, Chosen, PageRequest, Selection};
use crate::filter::{Changed, Found, Row};
use crate::table::{Record, Tables};

/// A plan with the means chosen by which tables answer it.
///
/// It borrows the tables, so they stay as they are while it is used: what it learns of them in one run, it
/// need not find out in the next. That is worth it for several pages of one query, or where the same query
/// is asked again and again; [`Plan::run`] prepares and runs at once. What tables build to find values, when
/// it was asked for often enough, it uses as soon as that is there. It is of one thread, others prepare their
/// own.
///
/// Source: our choice; what databases call a prepared statement.
///
/// ```
/// use encoded_query::{Binder, Count, OnInvalid, PageRequest, Plan, Query, Table};
///
/// let contacts = Table::demo_contacts();
/// let binder = Binder::for_table(contacts.schema());
/// let bound = binder.bind(&Query::parse("active=true^ORDERBYname"));
/// let plan = Plan::new(bound, OnInvalid::Forbid)?;
///
/// let prepared = plan.prepare(&contacts);
/// let mut page = PageRequest { offset: 0, limit: 50, count: Count::Skip };
/// let mut names = Vec::new();
/// loop {
///     let found = prepared.run(page);
///     names.extend(found.records.iter().filter_map(|record| record.text("name")));
///     if !found.has_more {
///         break;
///     }
///     page.offset += page.limit;
/// }
/// assert!(names.len() > 100 && names.is_sorted_by_key(|name| name.to_lowercase()));
/// # Ok::<(), encoded_query::PlanError>(())
/// ```
#[derive(Debug)]
#[must_use = "it is prepared to be run"]
pub struct Prepared<'p, 't> {
    plan: &'p Plan,
    tables: Tables<'t>,
    found: Vec<Arc<Found>>,
    /// Nothing if no row may match.
    chosen: RefCell<Option<Chosen<'p, 't>>>,
    /// Whether it did not run since the means were chosen.
    is_fresh: Cell<bool>,
}

impl<'p, 't: 'p> Prepared<'p, 't> {
    /// A page of the records of the table the query is bound to; none if there is no such table.
    pub fn run(&self, page: PageRequest) -> Page<Record<'t>> {
        let is_fresh = self.is_fresh.replace(false);
        if !is_fresh && self.chosen.borrow().as_ref().is_some_and(Chosen::is_outdated) {
            self.chosen.replace(self.plan.choose(self.tables, &self.found));
        }
        let selection = match &*self.chosen.borrow() {
            Some(chosen) => chosen.select(page),
            None => Selection::none(page.count),
        };
        self.plan.page(selection)
    }
}

impl Plan {
    /// A page of the records of the table the query is bound to; none if there is no such table.
    pub fn run<'t>(&self, tables: impl Into<Tables<'t>>, page: PageRequest) -> Page<Record<'t>> {
        self.prepare(tables).run(page)
    }

    /// Looks into the other tables the query asks about, and chooses the means to answer it.
    pub fn prepare<'p, 't: 'p>(&'p self, tables: impl Into<Tables<'t>>) -> Prepared<'p, 't> {
        let tables = tables.into();
        let found = self.find(tables);
        let chosen = RefCell::new(self.choose(tables, &found));
        Prepared { plan: self, tables, found, chosen, is_fresh: Cell::new(true) }
    }

    fn choose<'p, 't: 'p>(
        &'p self,
        tables: Tables<'t>,
        found: &[Arc<Found>],
    ) -> Option<Chosen<'p, 't>> {
        let asked = Asked { filters: self.filters.as_deref()?, found };
        Some(Chosen::new(tables, &self.table, asked, &self.order))
    }

    /// Runs it as [`run`](Self::run) does, but step after step, and tells what each took by a clock of
    /// the caller: the time since any moment. Nothing if no row may match.
    pub fn analyze<'t>(
        &self,
        tables: impl Into<Tables<'t>>,
        page: PageRequest,
        clock: impl Fn() -> Duration,
    ) -> Option<Analysis> {
        let (tables, start) = (tables.into(), clock());
        let found = self.find(tables);
        let middle = clock();
        let lookups = middle.saturating_sub(start);
        let analysis = self.choose(tables, &found)?.analyze(page, middle, &clock);
        Some(Analysis { lookups, ..analysis })
    }

    /// A page of pairs of records whose change makes them match; see
    /// [`matches_change`](Self::matches_change).
    pub fn run_changes<'t, B: Row>(
        &self,
        tables: impl Into<Tables<'t>>,
        before: impl Fn(&Record<'t>) -> Option<B>,
        page: PageRequest,
    ) -> Page<Changed<Record<'t>, B>> {
        let tables = tables.into();
        let rows = tables.records(&self.table);
        let rows = rows.map(|after| Changed { before: before(&after), after });
        self.select_with(rows, &self.find(tables), page)
    }

    /// A page of any rows; ties and unsorted rows stay in their order. As in
    /// [`matches`](Self::matches), blocks and hierarchies hold for none.
    pub fn select<R: Row>(&self, rows: impl IntoIterator<Item = R>, page: PageRequest) -> Page<R> {
        self.select_with(rows, &[], page)
    }

    fn select_with<R: Row>(
        &self,
        rows: impl IntoIterator<Item = R>,
        found: &[Arc<Found>],
        page: PageRequest,
    ) -> Page<R> {
        self.page(match &self.filters {
            Some(filters) => engine::select_rows(rows, Asked { filters, found }, &self.order, page),
            None => Selection::none(page.count),
        })
    }

    fn page<R>(&self, selection: Selection<R>) -> Page<R> {
        let Selection { rows, has_more, total } = selection;
        Page { records: rows, has_more, total, report: Arc::clone(&self.report) }
    }

    /// Looks into the other tables the query asks about, those inside others first; equal ones once.
    fn find(&self, tables: Tables<'_>) -> Vec<Arc<Found>> {
        let mut found = vec![Arc::default(); self.lookups.len()];
        for (number, lookup) in self.lookups.iter().enumerate().rev() {
            let behind = self.lookups.iter().zip(&found).skip(number + 1);
            let equal = behind.clone().find(|(other, _)| *other == lookup);
            let new = match equal {
                Some((_, found)) => Arc::clone(found),
                None => Arc::new(lookup.find(tables.records(&lookup.table), &found)),
            };
            if let Some(place) = found.get_mut(number) {
                *place = new;
            }
        }
        found
    }
}
