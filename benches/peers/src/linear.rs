//! Queries of more and more conditions: what each costs to prepare and to run.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::Result;
use encoded_query::{Count, PageRequest};

use crate::engines::{median, ours};
use crate::generator::contacts;
use crate::report::{digits, grouped, micros};

/// Times queries of 1 to 1,000 conditions, none of which can be left out for another.
pub fn section(rows: usize, seed: u64) -> Result<String> {
    let mut table = ours::empty_table();
    for contact in contacts(rows, seed) {
        ours::push(&mut table, &contact)?;
    }
    let counting = PageRequest { offset: 0, limit: 0, count: Count::Exact };
    let mut out = format!("## Queries of many conditions over {} contacts\n\n", grouped(rows));
    writeln!(
        out,
        "Each condition is asked of every row: those joined by `^` hold, those by `^OR` do not.\n"
    )?;
    writeln!(
        out,
        "| conditions | joined by | parse, bind, plan: µs | ns a condition | count: µs | ns a condition and row |"
    )?;
    writeln!(out, "|--:|---|--:|--:|--:|--:|")?;
    for (join, operator) in [("^", "NOT LIKE"), ("^OR", "LIKE")] {
        for conditions in [1, 10, 100, 1_000] {
            // Longer numbers than there are, of digits that there are in any order.
            let number = |condition: usize| 1_000_000 + condition * 7_919;
            let parts = (0..conditions).map(|place| format!("email{operator}{}", number(place)));
            let text = parts.collect::<Vec<_>>().join(join);
            let prepare = repeated(|| ours::plan(&table, black_box(&text)).map(|_| ()))?;
            let plan = ours::plan(&table, &text)?;
            let count = repeated(|| {
                black_box(plan.run(&table, counting).total);
                Ok(())
            })?;
            let (each, cell) = (nanos(prepare, conditions), nanos(count, conditions * rows));
            let (prepare, count) = (micros(prepare), micros(count));
            let conditions = grouped(conditions);
            writeln!(out, "| {conditions} | `{join}` | {prepare} | {each} | {count} | {cell} |")?;
        }
    }
    Ok(out)
}

fn nanos(time: Duration, parts: usize) -> String {
    digits(time.as_secs_f64() * 1e9 / parts as f64)
}

/// Median time of something done for a while.
fn repeated(mut run: impl FnMut() -> Result<()>) -> Result<Duration> {
    let (begin, mut times) = (Instant::now(), Vec::new());
    while times.len() < 3 || begin.elapsed() < Duration::from_millis(200) {
        let start = Instant::now();
        run()?;
        times.push(start.elapsed());
    }
    Ok(median(&mut times))
}
