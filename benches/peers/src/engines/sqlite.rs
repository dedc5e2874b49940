//! `SQLite` in memory, with and without indexes on what is queried and sorted. Where the
//! planner takes indexes that make a query slower, it is told not to.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rusqlite::{Connection, types::Value as Cell};

use super::sql::Dialect;
use super::{Engine, Group, Source};
use crate::generator::Kind;
use crate::queries::{Key, Query, laid_out, layout, queried};

pub const SCANNING: &str = "sqlite";
pub const INDEXED: &str = "sqlite-indexed";

/// How long a statement is tried.
const TRIAL: Duration = Duration::from_millis(20);

pub struct Sqlite {
    connection: Connection,
    /// The statements of each query, for its count and page.
    statements: Vec<[String; 2]>,
    group: Group,
}

impl Sqlite {
    pub fn new(source: &Source, group: Group) -> Result<Self> {
        let connection = Connection::open_in_memory()?;
        connection.set_prepared_statement_cache_capacity(8 * source.queries.len());
        fill(&connection, source)?;
        if group == Group::Indexed {
            for index in indexes(&source.queries) {
                connection.execute_batch(&index)?;
            }
            connection.execute_batch("ANALYZE")?;
        }
        let mut engine = Self { connection, statements: Vec::new(), group };
        for query in &source.queries {
            let count = engine.fastest(Dialect::Sqlite.counts(query))?;
            let page = engine.fastest(Dialect::Sqlite.pages(query))?;
            engine.statements.push([count, page]);
        }
        Ok(engine)
    }

    /// The fastest of several statements for the same answer.
    fn fastest(&self, statements: Vec<String>) -> Result<String> {
        let mut timed = Vec::new();
        for statement in statements {
            let mut times = Vec::new();
            let begin = Instant::now();
            while times.len() < 2 || begin.elapsed() < TRIAL {
                let start = Instant::now();
                self.rows(&statement)?;
                times.push(start.elapsed());
            }
            timed.push((times.into_iter().min(), statement));
        }
        Ok(timed.into_iter().min().map(|(_, statement)| statement).unwrap_or_default())
    }

    /// The only column of an answer.
    fn rows(&self, statement: &str) -> Result<Vec<usize>> {
        let mut statement = self.connection.prepare_cached(statement)?;
        let rows = statement.query_map([], |row| row.get::<_, u32>(0))?;
        Ok(rows.map(|row| row.map(|row| row as usize)).collect::<rusqlite::Result<_>>()?)
    }
}

fn fill(connection: &Connection, source: &Source) -> Result<()> {
    let layout = layout(&source.queries);
    let column = |(name, kind, _): &(String, Kind, &str)| match kind {
        Kind::Text => format!("{name} TEXT"),
        Kind::Boolean | Kind::Integer | Kind::Date | Kind::DateTime => format!("{name} INTEGER"),
    };
    let columns: Vec<String> = layout.iter().map(column).collect();
    let columns = columns.join(", ");
    connection.execute_batch(&format!(
        "CREATE TABLE contact (row INTEGER PRIMARY KEY, {columns}); BEGIN"
    ))?;
    let places = vec!["?"; layout.len() + 1].join(", ");
    let mut insert = connection.prepare(&format!("INSERT INTO contact VALUES ({places})"))?;
    for (row, contact) in source.contacts().enumerate() {
        let texts = laid_out(&contact, &layout).into_iter().zip(&layout);
        let cells = texts.map(|(text, (_, kind, _))| cell(text, *kind));
        let row = std::iter::once(Cell::Integer(i64::try_from(row)?));
        insert.execute(rusqlite::params_from_iter(row.chain(cells)))?;
    }
    drop(insert);
    Ok(connection.execute_batch("COMMIT")?)
}

fn cell(text: String, kind: Kind) -> Cell {
    match kind {
        _ if text.is_empty() => Cell::Null,
        Kind::Boolean => Cell::Integer((text == "true").into()),
        Kind::Integer | Kind::DateTime => text.parse().map_or(Cell::Null, Cell::Integer),
        Kind::Text | Kind::Date => Cell::Text(text),
    }
}

/// An index on each column queried, and one for each way to sort.
fn indexes(queries: &[Query]) -> Vec<String> {
    let key = |key: &Key| {
        let direction = if key.descending { " DESC" } else { "" };
        format!("{}{direction}", key.column)
    };
    let columns = queried(queries).into_iter().map(|(name, _)| name.to_owned());
    let orders =
        queries.iter().map(|query| query.order.iter().map(key).collect::<Vec<_>>().join(", "));
    let mut indexed: Vec<String> = columns.chain(orders).filter(|on| !on.is_empty()).collect();
    indexed.sort_unstable();
    indexed.dedup();
    let create = |(number, on)| format!("CREATE INDEX contact_{number} ON contact ({on})");
    indexed.into_iter().enumerate().map(create).collect()
}

impl Engine for Sqlite {
    fn name(&self) -> &'static str {
        if self.group == Group::Indexed { INDEXED } else { SCANNING }
    }

    fn about(&self) -> String {
        let version = rusqlite::version();
        let indexes = match self.group {
            Group::Indexed => "an index on each column queried and each order, analysed",
            Group::Ours | Group::Scanning => "no index",
        };
        format!("SQLite {version} in memory, prepared statements, folded columns, {indexes}")
    }

    fn group(&self) -> Group {
        self.group
    }

    fn count(&mut self, query: &Query) -> Result<usize> {
        let [count, _] = &self.statements[query.number];
        self.rows(count)?.first().copied().context("no count")
    }

    fn page(&mut self, query: &Query) -> Result<Vec<usize>> {
        let [_, page] = &self.statements[query.number];
        self.rows(page)
    }
}
