//! NDJSON into a table: time, memory at the peak, memory of the table.

use std::fmt::Write as _;
use std::fs::File;
use std::hint::black_box;
use std::io::{BufWriter, Write as _};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use encoded_query::Schema;
use encoded_query::load::{Layout, LoadOptions, load};
use serde_json::{Map, Value};

use crate::engines::median;
use crate::generator::contacts;
use crate::report::{digits, field, grouped};

/// Times loading of so many contacts.
pub fn section(rows: usize, seed: u64) -> Result<String> {
    let file = std::env::temp_dir().join(format!("encoded-query-{}.ndjson", std::process::id()));
    write(&file, rows, seed)?;
    let text = std::fs::read(&file);
    std::fs::remove_file(&file)?;
    let text = text?;
    let mut options = LoadOptions::default();
    options.layout = Some(Layout::Lines);
    let run = || load(&text, Schema::customer_contact(), &options);
    let (before, start) = (Memory::now()?, Instant::now());
    let loaded = run()?;
    let (first, after) = (start.elapsed(), Memory::now()?);
    ensure!(loaded.table.len() == rows, "{} records of {rows}", loaded.table.len());
    drop(loaded);
    let mut out = format!("## Loading {} contacts from NDJSON\n\n", grouped(rows));
    writeln!(out, "| loader | MB | s | MB/s |\n|---|--:|--:|--:|")?;
    let again = repeated(|| Ok(run()?))?;
    let records = || serde_json::Deserializer::from_slice(&text).into_iter();
    let maps = || Ok(records().collect::<serde_json::Result<Vec<Map<String, Value>>>>()?);
    for (loader, time) in [
        ("`encoded_query::load` into a table, at first", first),
        ("the same, again", again),
        ("`serde_json` into maps, again", repeated(maps)?),
    ] {
        let (megabytes, seconds) = (text.len() as f64 / 1e6, time.as_secs_f64());
        let rate = digits(megabytes / seconds);
        writeln!(out, "| {loader} | {} | {} | {rate} |", digits(megabytes), digits(seconds))?;
    }
    memory(&mut out, rows, &text, [before, after])?;
    Ok(out)
}

fn memory(out: &mut String, rows: usize, text: &[u8], [before, after]: [Memory; 2]) -> Result<()> {
    let kept = after.resident.saturating_sub(before.resident);
    let peak = after.peak.saturating_sub(before.resident);
    let (each, text) = (grouped(kept / rows), grouped(text.len() / rows));
    let (kept, peak) = (grouped(kept / 1_000_000), grouped(peak / 1_000_000));
    writeln!(
        out,
        "\nMemory of the table: {each} bytes a contact, {kept} MB ({text} bytes of text a contact)."
    )?;
    writeln!(
        out,
        "Memory at the peak of loading, beside the text: {peak} MB. Both by `/proc/self/status`."
    )?;
    Ok(())
}

/// Median time of making something, freeing it not counted.
fn repeated<T>(make: impl Fn() -> Result<T>) -> Result<Duration> {
    let mut times = Vec::new();
    for _ in 0..5 {
        let start = Instant::now();
        let made = black_box(make()?);
        times.push(start.elapsed());
        drop(made);
    }
    Ok(median(&mut times))
}

fn write(file: &std::path::Path, rows: usize, seed: u64) -> Result<()> {
    let mut to = BufWriter::new(File::create(file)?);
    for contact in contacts(rows, seed) {
        let record: Map<String, Value> =
            contact.filled().map(|(name, text)| (name.to_owned(), text.into())).collect();
        serde_json::to_writer(&mut to, &record)?;
        to.write_all(b"\n")?;
    }
    Ok(to.flush()?)
}

/// Bytes of this process in memory, now and at most.
struct Memory {
    resident: usize,
    peak: usize,
}

impl Memory {
    fn now() -> Result<Self> {
        let bytes = |name| -> Result<usize> {
            let value = field("/proc/self/status", name).context("no /proc/self/status")?;
            Ok(value.trim_end_matches("kB").trim().parse::<usize>()? * 1024)
        };
        Ok(Self { resident: bytes("VmRSS")?, peak: bytes("VmHWM")? })
    }
}
