//! The comparison as Markdown.

use std::fmt::Write as _;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::compare::{Cell, Engines, Missing, check, engines, measure};
use crate::engines::{Ask, Group, Source, ours};
use crate::queries::Query;

/// What ran where and when.
pub fn head() -> String {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = field("/proc/meminfo", "MemTotal").unwrap_or_default();
    let features = if cfg!(feature = "arrow") { " --features arrow" } else { "" };
    let folder = env!("CARGO_MANIFEST_DIR");
    let lines = [
        format!(
            "Machine: {}, {cores} cores, {memory} of memory",
            field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".into())
        ),
        format!("Date: {}", jiff::Timestamp::now().strftime("%Y-%m-%d")),
        format!("Compiler: {}", said("rustc", &["--version"])),
        format!("Commit: {}", said("git", &["-C", folder, "describe", "--always", "--dirty"])),
        format!(
            "Command: `cargo run --release --manifest-path benches/peers/Cargo.toml{features} -- {}`",
            arguments.join(" ")
        ),
    ];
    let lines = lines.join("\n- ");
    format!(
        "# Benchmarks\n\nMade by `benches/peers`; its README says what is compared and how. The server is measured \
         apart:\n[benchmarks-http.md](benchmarks-http.md).\n\n- {lines}\n"
    )
}

/// A line `name: value` of a file of the system.
pub fn field(file: &str, name: &str) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let mut fields = text.lines().filter_map(|line| line.split_once(':'));
    fields.find(|(found, _)| found.trim() == name).map(|(_, value)| value.trim().to_owned())
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let said = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    said.ok().filter(|said| !said.is_empty()).unwrap_or_else(|| "unknown".into())
}

/// A section made by this program in a process of its own, so that nothing else is in its memory.
pub fn own_process(section: &str) -> Result<String> {
    let program = std::env::current_exe()?;
    let output =
        Command::new(program).arg(section).stderr(std::process::Stdio::inherit()).output()?;
    ensure!(output.status.success(), "`{section}` failed: {}", output.status);
    Ok(String::from_utf8(output.stdout)?)
}

/// The queries in every engine over so many rows.
pub fn queries(
    source: &Source,
    names: &[String],
    rounds: usize,
    slice: Duration,
) -> Result<String> {
    let (mut engines, missing) = engines(names, source);
    let counts = check(&mut engines, &source.queries)?;
    let cells = measure(&mut engines, &source.queries, rounds, slice)?;
    let mut out = format!("## Queries over {} contacts\n\n", grouped(source.rows));
    legend(&mut out, &engines, &missing)?;
    for ask in [Ask::Count, Ask::Page] {
        let title = match ask {
            Ask::Count => "Counting the matches",
            Ask::Page => "A page of 10",
        };
        writeln!(out, "\n### {title}, times in µs\n")?;
        let cells: Vec<&Cell> = cells.iter().filter(|cell| cell.ask == ask).collect();
        table(&mut out, &engines, &source.queries, &counts, &cells)?;
    }
    for ours in [ours::COLUMN, ours::PREPARED] {
        summary(&mut out, &engines, &cells, ours)?;
    }
    texts(&mut out, &source.queries)?;
    Ok(out)
}

fn legend(out: &mut String, engines: &Engines, missing: &[Missing]) -> Result<()> {
    for engine in engines {
        writeln!(out, "- **{}**: {}", engine.name(), engine.about())?;
    }
    for Missing { name, why } in missing {
        writeln!(out, "- **{name}: NOT MEASURED**: {why}")?;
    }
    Ok(())
}

fn table(
    out: &mut String,
    engines: &Engines,
    queries: &[Query],
    counts: &[usize],
    cells: &[&Cell],
) -> Result<()> {
    let names: Vec<&str> = engines.iter().map(|engine| engine.name()).collect();
    let names = names.join(" | ");
    writeln!(
        out,
        "| query | matches | {names} | × best scan | × best scan, prepared | × indexed |"
    )?;
    writeln!(out, "|---|--:|{}--:|--:|--:|", "--:|".repeat(engines.len()))?;
    for cell in cells {
        let (query, count) = (&queries[cell.query], grouped(counts[cell.query]));
        let times: Vec<String> = cell.times.iter().map(|time| micros(*time)).collect();
        let shown = |ratio: Option<f64>| ratio.map_or("–".into(), times_as_fast);
        let scan = shown(ratio(engines, cell, ours::COLUMN, Group::Scanning));
        let prepared = shown(ratio(engines, cell, ours::PREPARED, Group::Scanning));
        let indexed = shown(ratio(engines, cell, ours::COLUMN, Group::Indexed));
        let (name, times) = (query.name, times.join(" | "));
        writeln!(out, "| {name} | {count} | {times} | {scan} | {prepared} | {indexed} |")?;
    }
    Ok(())
}

/// How many times as long as one of ours the best engine of a group takes.
fn ratio(engines: &Engines, cell: &Cell, ours: &str, group: Group) -> Option<f64> {
    let times = || engines.iter().zip(&cell.times);
    let ours = times().find(|(engine, _)| engine.name() == ours)?.1;
    let best = times().filter(|(engine, _)| engine.group() == group).map(|(_, time)| time).min()?;
    Some(best.as_secs_f64() / ours.as_secs_f64())
}

fn summary(out: &mut String, engines: &Engines, cells: &[Cell], ours: &str) -> Result<()> {
    let Some(at) = engines.iter().position(|engine| engine.name() == ours) else { return Ok(()) };
    writeln!(out, "\n### `{ours}` beside its peers, all {} cells\n", cells.len())?;
    writeln!(
        out,
        "| against | times as fast, geometric mean | worst cell | cells ahead | by 2 or more |"
    )?;
    writeln!(out, "|---|--:|--:|--:|--:|")?;
    let groups = [
        ("the best of those without an index, cell by cell", Group::Scanning),
        ("SQLite with indexes", Group::Indexed),
    ];
    for (against, group) in groups {
        let ratios =
            cells.iter().filter_map(|cell| ratio(engines, cell, ours, group)).collect::<Vec<_>>();
        line(out, against, &ratios)?;
    }
    for (place, engine) in engines.iter().enumerate().filter(|(place, _)| *place != at) {
        let ratio = |cell: &Cell| cell.times[place].as_secs_f64() / cell.times[at].as_secs_f64();
        line(out, engine.name(), &cells.iter().map(ratio).collect::<Vec<_>>())?;
    }
    Ok(())
}

fn line(out: &mut String, against: &str, ratios: &[f64]) -> Result<()> {
    let Some(worst) = ratios.iter().copied().reduce(f64::min) else { return Ok(()) };
    let mean = ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len() as f64;
    let above = |least: f64| ratios.iter().filter(|ratio| **ratio >= least).count();
    let (ahead, twice) = (above(1.0), above(2.0));
    let (mean, worst) = (times_as_fast(mean.exp()), times_as_fast(worst));
    writeln!(out, "| {against} | {mean} | {worst} | {ahead} of {} | {twice} |", ratios.len())?;
    Ok(())
}

fn texts(out: &mut String, queries: &[Query]) -> Result<()> {
    writeln!(out, "\n### The queries\n")?;
    for query in queries {
        let mut text = query.text();
        if text.len() > 160 {
            let end = text.find(',').context("a list")?;
            text = format!("{},…", &text[..end]);
        }
        let offset =
            if query.offset == 0 { String::new() } else { format!(", offset {}", query.offset) };
        writeln!(out, "- {}: `{text}`{offset}", query.name)?;
    }
    Ok(())
}

/// A ratio; a fraction where it is small.
fn times_as_fast(ratio: f64) -> String {
    if ratio < 0.1 { format!("1/{}", digits(1.0 / ratio)) } else { digits(ratio) }
}

/// Microseconds with three digits.
pub fn micros(time: Duration) -> String {
    digits(time.as_secs_f64() * 1e6)
}

/// A number with three digits.
pub fn digits(number: f64) -> String {
    match number {
        ..0.0995 => format!("{number:.4}"),
        ..9.995 => format!("{number:.2}"),
        ..99.95 => format!("{number:.1}"),
        _ => grouped(format!("{number:.0}").parse().unwrap_or_default()),
    }
}

/// A number with commas.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).unwrap_or_default())
        .collect();
    groups.join(",")
}
