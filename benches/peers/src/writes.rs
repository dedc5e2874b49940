//! Inserting into a large table, and reading between inserts.

use std::fmt::Write as _;
use std::hint::black_box;
use std::sync::RwLock;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use encoded_query::{PageRequest, Plan, Table};

use crate::engines::ours;
use crate::generator::{Contact, contacts};
use crate::queries::{Wanted, queries};
use crate::report::{digits, grouped, micros};

/// Records inserted one after another.
const INSERTS: usize = 10_000;
/// Operations of each thread.
const OPERATIONS: usize = 2_000;
const THREADS: usize = 2;
/// One operation in so many is a write.
const WRITE_EVERY: usize = 20;
/// The queries that are read with.
const READ: [&str; 4] = ["equality, unique", "equality, rare", "STARTSWITH", "equality, frequent"];

/// Times writes to a table of so many contacts.
pub fn section(rows: usize, seed: u64) -> Result<String> {
    let (table, plans) = filled(rows, seed)?;
    let mut new = contacts(INSERTS + THREADS * OPERATIONS, seed ^ 0xFFFF);
    let mut out = format!("## Writing to a table of {} contacts\n\n", grouped(rows));
    writeln!(out, "| operation | median µs | 99 % below µs | longest µs |\n|---|--:|--:|--:|")?;
    let (table, times) = inserts(table, new.by_ref().take(INSERTS))?;
    line(&mut out, "insert", times)?;
    let (table, times) = reads_after_insert(table, &plans, new.by_ref().take(50))?;
    line(&mut out, "insert, then a page of the first query", times)?;
    mixed(&mut out, table, &plans, &new.collect::<Vec<_>>())?;
    Ok(out)
}

fn filled(rows: usize, seed: u64) -> Result<(Table, Vec<Plan>)> {
    let mut table = ours::empty_table();
    for contact in contacts(rows, seed) {
        ours::push(&mut table, &contact)?;
    }
    let queries = queries(&Wanted::of(rows, seed));
    let read = READ.iter().filter_map(|name| queries.iter().find(|query| query.name == *name));
    let plans = read.map(|query| ours::plan(&table, &query.text())).collect::<Result<_>>()?;
    Ok((table, plans))
}

type Times = Vec<Duration>;

fn inserts(mut table: Table, new: impl Iterator<Item = Contact>) -> Result<(Table, Times)> {
    let mut times = Vec::with_capacity(INSERTS);
    for contact in new {
        let start = Instant::now();
        ours::push(&mut table, black_box(&contact))?;
        times.push(start.elapsed());
    }
    Ok((table, times))
}

fn reads_after_insert(
    mut table: Table,
    plans: &[Plan],
    new: impl Iterator<Item = Contact>,
) -> Result<(Table, Times)> {
    let mut times = Vec::new();
    for contact in new {
        let start = Instant::now();
        ours::push(&mut table, &contact)?;
        for plan in plans.iter().take(1) {
            black_box(plan.run(&table, PageRequest::default()).records.len());
        }
        times.push(start.elapsed());
    }
    Ok((table, times))
}

/// 95 reads to 5 writes on each thread, behind a lock.
fn mixed(out: &mut String, table: Table, plans: &[Plan], new: &[Contact]) -> Result<()> {
    let table = RwLock::new(table);
    let begin = Instant::now();
    let shares = new.chunks(new.len().div_ceil(THREADS));
    let times = std::thread::scope(|scope| {
        let table = &table;
        let spawn = |share| scope.spawn(move || thread(table, plans, share));
        let threads: Vec<_> = shares.map(spawn).collect();
        let ended = threads.into_iter().map(std::thread::ScopedJoinHandle::join);
        ended
            .map(|times| times.map_err(|_| anyhow!("a thread panicked"))?)
            .collect::<Result<Vec<_>>>()
    })?;
    let elapsed = begin.elapsed();
    let (reads, writes): (Vec<Times>, Vec<Times>) = times.into_iter().unzip();
    let (reads, writes) = (reads.concat(), writes.concat());
    let number = reads.len() + writes.len();
    line(out, "read, 95 % of all on two threads", reads)?;
    line(out, "insert, 5 % of all on two threads", writes)?;
    let rate = digits(number as f64 / elapsed.as_secs_f64());
    writeln!(out, "\nOn two threads behind an `RwLock`: {rate} operations a second.")?;
    writeln!(
        out,
        "A read is a page of 10 with the number of matches, of these queries in turn: {}.",
        READ.join("; ")
    )?;
    Ok(())
}

/// Times of the reads and of the writes of a thread, waiting included.
fn thread(table: &RwLock<Table>, plans: &[Plan], new: &[Contact]) -> Result<(Times, Times)> {
    let (mut reads, mut writes, mut new) = (Vec::new(), Vec::new(), new.iter());
    let begin = Instant::now();
    for operation in 0..OPERATIONS {
        if begin.elapsed() > Duration::from_secs(10) {
            break;
        }
        let start = Instant::now();
        if operation % WRITE_EVERY == WRITE_EVERY - 1 {
            let Some(contact) = new.next() else { break };
            let mut table = table.write().map_err(|_| anyhow!("a writer panicked"))?;
            ours::push(&mut table, contact)?;
            drop(table);
            writes.push(start.elapsed());
        } else {
            let table = table.read().map_err(|_| anyhow!("a writer panicked"))?;
            let page = plans[operation % plans.len()].run(&*table, PageRequest::default());
            black_box(page.records.len());
            drop(table);
            reads.push(start.elapsed());
        }
    }
    Ok((reads, writes))
}

fn line(out: &mut String, operation: &str, mut times: Times) -> Result<()> {
    times.sort_unstable();
    let at = |percent: usize| times.get((times.len() * percent / 100).min(times.len() - 1));
    let at = |percent| at(percent).map_or("–".into(), |time| micros(*time));
    writeln!(out, "| {operation} | {} | {} | {} |", at(50), at(99), at(100))?;
    Ok(())
}
