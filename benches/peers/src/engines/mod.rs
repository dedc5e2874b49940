//! The engines, each behind one trait.

#[cfg(feature = "arrow")]
pub mod arrow;
pub mod hand;
pub mod ours;
pub mod python;
mod sql;
pub mod sqlite;

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::queries::{Query, Wanted, queries};

/// What a query is asked for: a cell of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// How many rows match.
    Count,
    /// The first rows in order, from the query's offset on.
    Page,
}

/// A number of rows, or rows by their numbers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    Count(usize),
    Page(Vec<usize>),
}

/// Which engines are compared with which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Ours,
    /// No index was made for it beforehand.
    Scanning,
    Indexed,
}

pub trait Engine {
    fn name(&self) -> &'static str;

    /// What it is, with its version.
    fn about(&self) -> String;

    fn group(&self) -> Group {
        Group::Scanning
    }

    fn count(&mut self, query: &Query) -> Result<usize>;

    fn page(&mut self, query: &Query) -> Result<Vec<usize>>;

    fn answer(&mut self, query: &Query, ask: Ask) -> Result<Answer> {
        Ok(match ask {
            Ask::Count => Answer::Count(self.count(query)?),
            Ask::Page => Answer::Page(self.page(query)?),
        })
    }

    /// Median time of an answer, asked for again and again for some time.
    fn time(&mut self, query: &Query, ask: Ask, slice: Duration) -> Result<Duration> {
        let (begin, mut times) = (Instant::now(), Vec::new());
        while times.is_empty() || begin.elapsed() < slice && times.len() < 10_000 {
            let start = Instant::now();
            black_box(self.answer(black_box(query), ask)?);
            times.push(start.elapsed());
        }
        Ok(median(&mut times))
    }
}

pub fn median(times: &mut [Duration]) -> Duration {
    let middle = times.len() / 2;
    *times.select_nth_unstable(middle).1
}

/// The names of all engines, as options give them.
pub const NAMES: [&str; 10] = [
    ours::COLUMN,
    ours::PREPARED,
    ours::FIRST,
    ours::ROW,
    hand::NAME,
    ARROW,
    sqlite::SCANNING,
    sqlite::INDEXED,
    python::DUCKDB,
    python::POLARS,
];

const ARROW: &str = "arrow";

/// What engines are made from.
#[derive(Clone, Debug)]
pub struct Source {
    pub rows: usize,
    pub seed: u64,
    pub wanted: Wanted,
    pub queries: Vec<Query>,
    /// The Python that has the packages.
    pub python: std::path::PathBuf,
}

impl Source {
    pub fn new(rows: usize, seed: u64, python: std::path::PathBuf) -> Self {
        let wanted = Wanted::of(rows, seed);
        Self { rows, seed, queries: queries(&wanted), wanted, python }
    }

    pub fn contacts(&self) -> impl Iterator<Item = crate::generator::Contact> {
        crate::generator::contacts(self.rows, self.seed)
    }
}

/// Makes the engine of that name with all rows in it.
pub fn make(name: &str, source: &Source) -> Result<Box<dyn Engine>> {
    Ok(match name {
        ours::COLUMN => Box::new(ours::Repeated::by_columns(source)?),
        ours::PREPARED => Box::new(ours::Repeated::prepared(source)?),
        ours::FIRST => Box::new(ours::First::new(source)?),
        ours::ROW => Box::new(ours::Repeated::by_rows(source)?),
        hand::NAME => Box::new(hand::Hand::new(source)),
        #[cfg(feature = "arrow")]
        ARROW => Box::new(arrow::Arrow::new(source)?),
        sqlite::SCANNING => Box::new(sqlite::Sqlite::new(source, Group::Scanning)?),
        sqlite::INDEXED => Box::new(sqlite::Sqlite::new(source, Group::Indexed)?),
        python::DUCKDB => Box::new(python::Python::new(source, python::DUCKDB)?),
        python::POLARS => Box::new(python::Python::new(source, python::POLARS)?),
        #[cfg(not(feature = "arrow"))]
        ARROW => anyhow::bail!("built without the feature `arrow`"),
        _ => anyhow::bail!("there is no engine `{name}`; there are {}", NAMES.join(", ")),
    })
}
