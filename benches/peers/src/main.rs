//! `peers`: measures, and writes Markdown to standard output.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use encoded_query_peers::engines::{NAMES, Source};
use encoded_query_peers::{linear, load, report, writes};

/// This library beside other engines: the same rows, the same queries, the same answers.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Everything below, as one page.
    Report(Options),
    /// The queries in every engine.
    Queries(Options),
    /// NDJSON into a table: time and memory.
    Load(Options),
    /// Queries of more and more conditions.
    Linear(Options),
    /// Inserting records, and reading between inserts.
    Writes(Options),
}

#[derive(Args, Clone)]
struct Options {
    /// Contacts; for `report` and `queries` several numbers, separated by commas.
    #[arg(long, value_delimiter = ',')]
    rows: Vec<usize>,
    /// Engines, separated by commas; all if not given.
    #[arg(long, value_delimiter = ',', value_parser = NAMES)]
    engines: Vec<String>,
    /// Turns of each engine on each cell.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Milliseconds of a turn.
    #[arg(long, default_value_t = 30)]
    slice: u64,
    /// Seed of the contacts.
    #[arg(long, default_value_t = 2026)]
    seed: u64,
    /// A Python that has `DuckDB` and Polars.
    #[arg(long, default_value_os_t = venv())]
    python: PathBuf,
}

impl Options {
    fn rows(&self, default: &[usize]) -> Vec<usize> {
        if self.rows.is_empty() { default.to_vec() } else { self.rows.clone() }
    }

    fn queries(&self, rows: usize) -> Result<String> {
        let engines = match self.engines.as_slice() {
            [] => NAMES.map(str::to_owned).to_vec(),
            some => some.to_vec(),
        };
        let source = Source::new(rows, self.seed, self.python.clone());
        report::queries(&source, &engines, self.rounds, Duration::from_millis(self.slice))
    }

    fn last(&self, default: usize) -> usize {
        self.rows.iter().copied().max().unwrap_or(default)
    }
}

/// The Python of the virtual environment beside the programs that cargo builds.
fn venv() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    let python = program.ancestors().nth(2).map(|target| target.join("venv/bin/python"));
    python.filter(|python| python.exists()).unwrap_or_else(|| "python3".into())
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Report(options) => {
            println!("{}", report::head());
            for rows in options.rows(&[10_000, 100_000]) {
                println!("{}", options.queries(rows)?);
            }
            for section in ["load", "linear", "writes"] {
                println!("{}", report::own_process(section)?);
            }
        }
        Command::Queries(options) => {
            for rows in options.rows(&[10_000]) {
                println!("{}", options.queries(rows)?);
            }
        }
        Command::Load(options) => {
            println!("{}", load::section(options.last(100_000), options.seed)?);
        }
        Command::Linear(options) => {
            println!("{}", linear::section(options.last(10_000), options.seed)?);
        }
        Command::Writes(options) => {
            println!("{}", writes::section(options.last(1_000_000), options.seed)?);
        }
    }
    Ok(())
}
