//! Every engine on every cell: first the answers, which must be equal, then the times, in turns.

use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::engines::{Ask, Engine, Source, make, median};
use crate::queries::Query;

/// The cells of a query.
pub const ASKS: [Ask; 2] = [Ask::Count, Ask::Page];

pub type Engines = Vec<Box<dyn Engine>>;

/// An engine that could not be made, and why.
#[derive(Clone, Debug)]
pub struct Missing {
    pub name: String,
    pub why: String,
}

/// The engines of those names; says loudly which are not there.
pub fn engines(names: &[String], source: &Source) -> (Engines, Vec<Missing>) {
    let (mut made, mut missing) = (Vec::new(), Vec::new());
    for name in names {
        eprintln!("loading {} rows into {name}", source.rows);
        match make(name, source) {
            Ok(engine) => made.push(engine),
            Err(error) => {
                let why = format!("{error:#}");
                eprintln!("\n*** {name} IS NOT MEASURED: {why}\n");
                missing.push(Missing { name: name.clone(), why });
            }
        }
    }
    (made, missing)
}

/// Fails unless all engines give the same answers; gives the number of matches of each query.
pub fn check(engines: &mut Engines, queries: &[Query]) -> Result<Vec<usize>> {
    let mut counts = Vec::new();
    for query in queries {
        let (mut count, mut first) = (0, None);
        for engine in engines.iter_mut() {
            let name = engine.name();
            let context = || format!("{name} on `{}`", query.name);
            let answers = (
                engine.count(query).with_context(context)?,
                engine.page(query).with_context(context)?,
            );
            count = answers.0;
            let (by, expected) = first.get_or_insert_with(|| (name, answers.clone()));
            ensure!(
                answers == *expected,
                "`{}`: {name} says {answers:?}, {by} says {expected:?}",
                query.name
            );
        }
        counts.push(count);
    }
    Ok(counts)
}

/// The times of a cell, one for each engine.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Place of its query.
    pub query: usize,
    pub ask: Ask,
    pub times: Vec<Duration>,
}

/// Median times of all cells: engines take turns within a cell, cells within a round.
pub fn measure(
    engines: &mut Engines,
    queries: &[Query],
    rounds: usize,
    slice: Duration,
) -> Result<Vec<Cell>> {
    let asked = || queries.iter().flat_map(|query| ASKS.map(|ask| (query, ask)));
    let mut samples = vec![vec![Vec::new(); engines.len()]; queries.len() * ASKS.len()];
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        for ((query, ask), cell) in asked().zip(&mut samples) {
            for (engine, times) in engines.iter_mut().zip(cell) {
                times.push(engine.time(query, ask, slice)?);
            }
        }
    }
    let cell = |((query, ask), mut samples): ((&Query, _), Vec<Vec<Duration>>)| Cell {
        query: query.number,
        ask,
        times: samples.iter_mut().map(|times| median(times)).collect(),
    };
    Ok(asked().zip(samples).map(cell).collect())
}
