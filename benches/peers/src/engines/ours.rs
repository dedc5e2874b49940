//! This library: over its own tables, warm and cold, and over any rows.

use std::borrow::Cow;
use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::Result;
use encoded_query::{
    Binder, Count, OnInvalid, Page, PageRequest, Plan, Prepared, Record, Schema, Table,
};

use super::{Ask, Engine, Group, Source, median};
use crate::generator::Contact;
use crate::queries::{LIMIT, Query};

pub const COLUMN: &str = "ours";
pub const PREPARED: &str = "ours-prepared";
pub const FIRST: &str = "ours-first";
pub const ROW: &str = "ours-row";

/// An empty table of contacts.
pub fn empty_table() -> Table {
    Table::new(Schema::customer_contact())
}

pub fn push(table: &mut Table, contact: &Contact) -> Result<()> {
    Ok(table.push(contact.filled().map(|(name, text)| (name, Cow::Borrowed(text))))?)
}

pub fn plan(table: &Table, query: &str) -> Result<Plan> {
    let query = encoded_query::Query::parse(query);
    Ok(Plan::new(Binder::for_table(table.schema()).bind(&query), OnInvalid::Forbid)?)
}

/// The request for a count or a page.
pub fn request(query: &Query, ask: Ask) -> PageRequest {
    match ask {
        Ask::Count => PageRequest { offset: 0, limit: 0, count: Count::Exact },
        Ask::Page => {
            PageRequest { offset: query.offset as u64, limit: LIMIT as u64, count: Count::Skip }
        }
    }
}

fn total(page: &Page<Record<'_>>) -> Result<usize> {
    Ok(usize::try_from(page.total.unwrap_or_default())?)
}

fn rows(page: &Page<Record<'_>>) -> Vec<usize> {
    page.records.iter().map(Record::number).collect()
}

/// The rows and prepared plans.
struct Loaded {
    table: Table,
    plans: Vec<Plan>,
}

impl Loaded {
    fn new(source: &Source) -> Result<Self> {
        let mut table = empty_table();
        for contact in source.contacts() {
            push(&mut table, &contact)?;
        }
        let plans = source.queries.iter().map(|query| plan(&table, &query.text()));
        Ok(Self { plans: plans.collect::<Result<_>>()?, table })
    }
}

/// The same table again and again, by one of the two engines.
pub struct Repeated {
    name: &'static str,
    about: &'static str,
    loaded: Loaded,
    run: Run,
}

type Run = for<'l> fn(&'l Loaded, &Query, Ask) -> Page<Record<'l>>;

/// Queries after which a table has built what it finds worth it.
const WARM: usize = 200;

impl Repeated {
    /// `Plan::run`, after each query was answered often.
    pub fn by_columns(source: &Source) -> Result<Self> {
        let about = "this library, `Plan::run` on a table, one thread";
        let run: Run =
            |loaded, query, ask| loaded.plans[query.number].run(&loaded.table, request(query, ask));
        let repeated = Self { name: COLUMN, about, loaded: Loaded::new(source)?, run };
        for query in &source.queries {
            for _ in 0..WARM {
                let _ = black_box(run(&repeated.loaded, query, Ask::Count));
            }
        }
        Ok(repeated)
    }

    /// `Prepared::run`, likewise.
    pub fn prepared(source: &Source) -> Result<Kept> {
        let warm = Self::by_columns(source)?;
        // Until the program ends.
        let loaded: &'static Loaded = Box::leak(Box::new(warm.loaded));
        Ok(Kept(loaded.plans.iter().map(|plan| plan.prepare(&loaded.table)).collect()))
    }

    /// `Plan::select` on the table's records, as on any rows.
    pub fn by_rows(source: &Source) -> Result<Self> {
        let about = "this library, `Plan::select` on a table's records as on any rows, one thread";
        let run: Run = |loaded, query, ask| {
            loaded.plans[query.number].select(loaded.table.records(), request(query, ask))
        };
        Ok(Self { name: ROW, about, loaded: Loaded::new(source)?, run })
    }
}

impl Engine for Repeated {
    fn name(&self) -> &'static str {
        self.name
    }

    fn about(&self) -> String {
        self.about.into()
    }

    fn group(&self) -> Group {
        Group::Ours
    }

    fn count(&mut self, query: &Query) -> Result<usize> {
        total(&(self.run)(&self.loaded, query, Ask::Count))
    }

    fn page(&mut self, query: &Query) -> Result<Vec<usize>> {
        Ok(rows(&(self.run)(&self.loaded, query, Ask::Page)))
    }
}

/// Plans prepared once for a table that stays as it is.
pub struct Kept(Vec<Prepared<'static, 'static>>);

impl Engine for Kept {
    fn name(&self) -> &'static str {
        PREPARED
    }

    fn about(&self) -> String {
        "the same by `Prepared::run`, which keeps what it learned of the values in the runs before"
            .into()
    }

    fn group(&self) -> Group {
        Group::Ours
    }

    fn count(&mut self, query: &Query) -> Result<usize> {
        total(&self.0[query.number].run(request(query, Ask::Count)))
    }

    fn page(&mut self, query: &Query) -> Result<Vec<usize>> {
        Ok(rows(&self.0[query.number].run(request(query, Ask::Page))))
    }
}

/// The same, each time on a table that no query ran on before.
pub struct First(Loaded);

impl First {
    pub fn new(source: &Source) -> Result<Self> {
        Loaded::new(source).map(Self)
    }

    fn run<T>(
        &self,
        query: &Query,
        ask: Ask,
        see: impl Fn(&Page<Record<'_>>) -> T,
    ) -> (T, Duration) {
        let fresh = self.0.table.clone();
        let start = Instant::now();
        let page = self.0.plans[query.number].run(black_box(&fresh), request(query, ask));
        let seen = black_box(see(&page));
        (seen, start.elapsed())
    }
}

impl Engine for First {
    fn name(&self) -> &'static str {
        FIRST
    }

    fn about(&self) -> String {
        "the same, on a fresh clone of the table each time".into()
    }

    fn group(&self) -> Group {
        Group::Ours
    }

    fn count(&mut self, query: &Query) -> Result<usize> {
        self.run(query, Ask::Count, total).0
    }

    fn page(&mut self, query: &Query) -> Result<Vec<usize>> {
        Ok(self.run(query, Ask::Page, rows).0)
    }

    fn time(&mut self, query: &Query, ask: Ask, slice: Duration) -> Result<Duration> {
        let (begin, mut times) = (Instant::now(), Vec::new());
        while times.is_empty() || begin.elapsed() < slice * 2 && times.len() < 100 {
            times.push(self.run(query, ask, rows).1);
        }
        Ok(median(&mut times))
    }
}
