//! `DuckDB` and Polars in a Python process that times them itself.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::json;

use super::sql::Dialect;
use super::{Answer, Ask, Engine, Source};
use crate::generator::Kind;
use crate::queries::{LIMIT, Query, laid_out, layout};

pub const DUCKDB: &str = "duckdb";
pub const POLARS: &str = "polars";

const DRIVER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/python/driver.py");

pub struct Python {
    name: &'static str,
    version: String,
    driver: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

#[derive(Deserialize)]
struct Ready {
    version: String,
}

#[derive(Deserialize)]
struct Timed {
    seconds: f64,
    answer: Answer,
}

impl Python {
    pub fn new(source: &Source, name: &'static str) -> Result<Self> {
        if name != DUCKDB && name != POLARS {
            bail!("there is no driver of `{name}`");
        }
        let task = Task::write(source)?;
        let mut driver = Command::new(&source.python)
            .args([DRIVER, name])
            .arg(&task.0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot run {}", source.python.display()))?;
        let to = driver.stdin.take().context("no standard input")?;
        let from = BufReader::new(driver.stdout.take().context("no standard output")?);
        let mut engine = Self { name, version: String::new(), driver, to, from };
        let ready = engine.receive::<Ready>();
        engine.version =
            ready.context("its driver did not start; see benches/peers/README.md")?.version;
        Ok(engine)
    }

    fn receive<T: for<'a> Deserialize<'a>>(&mut self) -> Result<T> {
        let mut line = String::new();
        if self.from.read_line(&mut line)? == 0 {
            bail!("the driver of {} ended", self.name);
        }
        Ok(serde_json::from_str(&line)?)
    }

    fn ask(&mut self, query: &Query, ask: Ask, slice: Duration) -> Result<Timed> {
        let line = json!({ "query": query.number, "ask": ask, "slice": slice.as_secs_f64() });
        writeln!(self.to, "{line}")?;
        self.receive()
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

impl Engine for Python {
    fn name(&self) -> &'static str {
        self.name
    }

    fn about(&self) -> String {
        format!("{}, timed in Python, folded columns, all cores", self.version)
    }

    fn count(&mut self, query: &Query) -> Result<usize> {
        match self.ask(query, Ask::Count, Duration::ZERO)?.answer {
            Answer::Count(count) => Ok(count),
            Answer::Page(_) => bail!("a page where a count was asked for"),
        }
    }

    fn page(&mut self, query: &Query) -> Result<Vec<usize>> {
        match self.ask(query, Ask::Page, Duration::ZERO)?.answer {
            Answer::Page(rows) => Ok(rows),
            Answer::Count(_) => bail!("a count where a page was asked for"),
        }
    }

    fn time(&mut self, query: &Query, ask: Ask, slice: Duration) -> Result<Duration> {
        Ok(Duration::try_from_secs_f64(self.ask(query, ask, slice)?.seconds)?)
    }
}

/// A folder with the rows as CSV and the queries as JSON, removed in the end.
struct Task(PathBuf);

impl Task {
    fn write(source: &Source) -> Result<Self> {
        let folder = format!("encoded-query-peers-{}", std::process::id());
        let task = Self(std::env::temp_dir().join(folder));
        std::fs::create_dir_all(&task.0)?;
        let layout = layout(&source.queries);
        let mut rows = csv::Writer::from_path(task.0.join("rows.csv"))?;
        let names = layout.iter().map(|(name, ..)| name.as_str());
        rows.write_record(std::iter::once("row").chain(names))?;
        for (row, contact) in source.contacts().enumerate() {
            let texts = laid_out(&contact, &layout);
            rows.write_record(std::iter::once(row.to_string()).chain(texts))?;
        }
        rows.flush()?;
        let kind = |kind: Kind| match kind {
            Kind::Boolean => "boolean",
            Kind::Integer | Kind::DateTime => "integer",
            Kind::Text | Kind::Date => "text",
        };
        let columns: Vec<_> = layout.iter().map(|(name, of, _)| (name, kind(*of))).collect();
        let queries: Vec<_> = source.queries.iter().map(described).collect();
        let task_file = json!({ "columns": columns, "queries": queries, "limit": LIMIT });
        std::fs::write(task.0.join("task.json"), task_file.to_string())?;
        Ok(task)
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn described(query: &Query) -> serde_json::Value {
    json!({
        "counts": Dialect::DuckDb.counts(query),
        "pages": Dialect::DuckDb.pages(query),
        "filter": query.filter,
        "order": query.order,
        "offset": query.offset,
    })
}
