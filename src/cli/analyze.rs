//! What `explain --analyze` adds: by which means each part was answered, and in what time.

use std::io::Write;
use std::time::{Duration, Instant};

use comfy_table::{CellAlignment, Table as Grid, presets};
use serde::Serialize;

use super::Stop;
use super::data::Data;
use super::report::{thousands, visible};
use crate::engine::{Analysis, PageRequest, Step};
use crate::explain::{Explanation, Part};
use crate::plan::Plan;

/// Runs after the first, of which the shortest counts.
const AGAIN: usize = 5;

/// A run taken apart, beside further runs of the whole.
pub(super) struct Analyzed {
    analysis: Analysis,
    again: Duration,
    asks_other_tables: bool,
    /// The conditions in words, by the numbers of their tests.
    conditions: Vec<String>,
}

impl Analyzed {
    /// Nothing if no record may match.
    pub(super) fn of(plan: &Plan, data: &Data, said: &Explanation) -> Option<Self> {
        let (page, start) = (PageRequest::default(), Instant::now());
        let analysis = plan.analyze(&data.database, page, || start.elapsed())?;
        let again = || {
            let start = Instant::now();
            let _ = std::hint::black_box(plan.run(&data.database, page));
            start.elapsed()
        };
        let again = (0..AGAIN).map(|_| again()).min().unwrap_or_default();
        // What stands in a block belongs to the block.
        let asked = said.lines.iter().filter(|line| line.alone.is_some());
        let asked = asked.filter(|line| matches!(line.part, Part::Condition | Part::Block));
        let conditions = asked.map(|line| line.words.clone()).collect();
        let asks_other_tables = !plan.lookups().is_empty();
        Some(Self { analysis, again, asks_other_tables, conditions })
    }

    fn first(&self) -> Duration {
        let Analysis { lookups, choosing, steps, page, .. } = &self.analysis;
        *lookups + *choosing + page.1 + steps.iter().map(|step| step.time).sum::<Duration>()
    }

    fn condition(&self, step: &Step, number: usize) -> String {
        let words = self.conditions.get(number).filter(|_| step.filter == 0);
        words.map_or_else(|| format!("condition {}", number + 1), |words| visible(words))
    }

    pub(super) fn text(&self, out: &mut dyn Write) -> Result<(), Stop> {
        let Analysis { records, lookups, choosing, steps, page, .. } = &self.analysis;
        writeln!(out, "\nHow a page of ten of {} records was answered:", thousands(*records))?;
        let mut grid = Grid::new();
        grid.load_style(presets::NOTHING);
        let mut add = |what: String, by: String, left: String, time: Duration| {
            grid.add_row([what, by, left, shown(time)]);
        };
        if self.asks_other_tables {
            add("looking into other tables".into(), String::new(), String::new(), *lookups);
        }
        add("choosing the means".into(), String::new(), String::new(), *choosing);
        let branches = steps.iter().map(|step| step.branch).max().unwrap_or_default();
        for step in steps {
            let tests = step.tests.iter();
            let conditions: Vec<String> =
                tests.clone().map(|(number, _)| self.condition(step, *number)).collect();
            let means: Vec<&str> = tests.map(|(_, means)| means.as_str()).collect();
            let branch =
                if branches == 0 { String::new() } else { format!("branch {}: ", step.branch + 1) };
            let left = format!("{} → {}", thousands(step.records.0), thousands(step.records.1));
            let what = format!("{branch}{}", conditions.join(" or "));
            add(what, means.join(", "), left, step.time);
        }
        add("taking the page".into(), page.0.as_str().into(), String::new(), page.1);
        for place in 2..4 {
            if let Some(column) = grid.column_mut(place) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        for line in grid.lines() {
            writeln!(out, " {}", line.trim_end())?;
        }
        writeln!(out, "{} the first time, {} again", shown(self.first()), shown(self.again))?;
        Ok(())
    }

    pub(super) fn shape(&self) -> Shape {
        let Analysis { records, matches, lookups, choosing, steps, page, .. } = &self.analysis;
        let test = |step: &Step, (number, means): &(usize, crate::engine::Means)| TestShape {
            condition: self.condition(step, *number),
            by: means.as_str(),
        };
        let step = |step: &Step| StepShape {
            branch: step.branch,
            tests: step.tests.iter().map(|of| test(step, of)).collect(),
            records: step.records.0,
            left: step.records.1,
            microseconds: microseconds(step.time),
        };
        Shape {
            records: *records,
            matches: *matches,
            lookups: microseconds(*lookups),
            choosing: microseconds(*choosing),
            steps: steps.iter().map(step).collect(),
            page: PageShape { by: page.0.as_str(), microseconds: microseconds(page.1) },
            first: microseconds(self.first()),
            again: microseconds(self.again),
        }
    }
}

/// Times in microseconds.
#[derive(Serialize)]
pub(super) struct Shape {
    records: u64,
    matches: u64,
    lookups: f64,
    choosing: f64,
    steps: Vec<StepShape>,
    page: PageShape,
    first: f64,
    again: f64,
}

#[derive(Serialize)]
struct StepShape {
    branch: usize,
    tests: Vec<TestShape>,
    records: u64,
    left: u64,
    microseconds: f64,
}

#[derive(Serialize)]
struct TestShape {
    condition: String,
    by: &'static str,
}

#[derive(Serialize)]
struct PageShape {
    by: &'static str,
    microseconds: f64,
}

fn microseconds(time: Duration) -> f64 {
    // To the nanosecond, as far as clocks go.
    (time.as_secs_f64() * 1e9).round() / 1e3
}

fn shown(time: Duration) -> String {
    let time = microseconds(time);
    if time < 1000.0 { format!("{time:.1} µs") } else { format!("{:.1} ms", time / 1000.0) }
}
