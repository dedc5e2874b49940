//! `SQLite` in memory, with and without indexes on what is queried and sorted.

use std::time::Duration;

use anyhow::Result;
use rusqlite::{Connection, types::Value as Cell};

use super::sql::Dialect;
use super::{Ask, Engine, Group, Source};
use crate::generator::Kind;
use crate::queries::{Key, Query, laid_out, layout, queried};

pub const SCANNING: &str = "sqlite";
pub const INDEXED: &str = "sqlite-indexed";

/// How long a statement is tried.
const TRIAL: Duration = Duration::from_millis(50);

pub struct Sqlite {
    connection: Connection,
    /// The statements of each query, for its count and page.
    statements: Vec<[String; 2]>,
    group: Group,
}

impl Sqlite {
    pub fn new(source: &Source, group: Group) -> Result<Self> {
        let connection = Connection::open_in_memory()?;
        connection.set_prepared_statement_cache_capacity(2 * source.queries.len());
        fill(&connection, source)?;
        if group == Group::Indexed {
            for index in indexes(&source.queries) {
                connection.execute_batch(&index)?;
            }
            connection.execute_batch("ANALYZE")?;
        }
        let statements =
            |query: &Query| [Dialect::Sqlite.count(query), Dialect::Sqlite.page(query)];
        let statements = source.queries.iter().map(statements).collect();
        let mut engine = Self { connection, statements, group };
        if group == Group::Indexed {
            engine.choose(&source.queries)?;
        }
        Ok(engine)
    }

    /// Takes the faster of two ways to ask for a page.
    fn choose(&mut self, queries: &[Query]) -> Result<()> {
        for query in queries {
            let planned = self.time(query, Ask::Page, TRIAL)?;
            let otherwise = [Dialect::Sqlite.count(query), Dialect::Sqlite.page_otherwise(query)];
            let statements = std::mem::replace(&mut self.statements[query.number], otherwise);
            if self.time(query, Ask::Page, TRIAL)? > planned {
                self.statements[query.number] = statements;
            }
        }
        Ok(())
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
        let count: i64 = self.connection.prepare_cached(count)?.query_row([], |row| row.get(0))?;
        Ok(usize::try_from(count)?)
    }

    fn page(&mut self, query: &Query) -> Result<Vec<usize>> {
        let [_, page] = &self.statements[query.number];
        let mut statement = self.connection.prepare_cached(page)?;
        let rows = statement.query_map([], |row| row.get::<_, u32>(0))?;
        Ok(rows.map(|row| row.map(|row| row as usize)).collect::<rusqlite::Result<_>>()?)
    }
}
