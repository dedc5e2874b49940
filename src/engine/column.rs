//! The column engine: filters and pages the records of tables by their columns, 64 rows at a time.

use std::time::Duration;

use super::choose::Asking;
use super::row;
use super::sort;
use super::sparse::Sparse;
use super::way::{Answer, Way};
use super::{Analysis, Asked, Count, PageMeans, PageRequest, Selection, Step};
use crate::bits::{Bits, WORD, count, each_bit, low};
use crate::filter::{Filter, SortKey};
use crate::table::{Record, Table, Tables};

/// A filter with a way for each test: branches of groups of tests, what narrows most first.
#[derive(Debug)]
struct Ways<'q> {
    branches: Vec<Vec<Vec<Numbered<'q>>>>,
}

/// A way with the number of its test in the filter.
type Numbered<'q> = (usize, Way<'q>);

/// The page of those records of a table, and of the tables that extend it, that pass every filter.
pub(crate) fn select<'t>(
    tables: Tables<'t>,
    name: &str,
    asked: Asked<'_>,
    order: &[SortKey],
    page: PageRequest,
) -> Selection<Record<'t>> {
    let holding = tables.holding(name);
    let scans: Vec<Scan<'_, 't>> =
        holding.iter().map(|(place, table)| Scan::new(tables, table, *place, asked)).collect();
    match &*scans {
        _ if order.is_empty() => unsorted(&scans, page),
        [scan] => {
            let matching = scan.matching();
            let (rows, _) = sort::page(&scan.source(), &matching, order, page);
            let total = matching.count() as u64;
            let records = rows.iter().filter_map(|row| scan.record(*row as usize));
            Selection::of_sorted(records.collect(), total, page)
        }
        _ => {
            let records = scans.iter().flat_map(|scan| {
                let matching: Vec<usize> = scan.matching().ones().collect();
                matching.into_iter().filter_map(|row| scan.record(row))
            });
            row::sorted(records.enumerate().collect(), order, page)
        }
    }
}

/// The same taken apart: step after step over all records, each by `clock`.
pub(crate) fn analyze(
    tables: Tables<'_>,
    name: &str,
    asked: Asked<'_>,
    order: &[SortKey],
    page: PageRequest,
    clock: &dyn Fn() -> Duration,
) -> Analysis {
    let start = clock();
    let holding = tables.holding(name);
    let scans: Vec<Scan<'_, '_>> =
        holding.iter().map(|(place, table)| Scan::new(tables, table, *place, asked)).collect();
    let mut analysis = Analysis {
        records: scans.iter().map(|scan| scan.table.len() as u64).sum(),
        matches: 0,
        lookups: Duration::ZERO,
        choosing: clock().saturating_sub(start),
        steps: Vec::new(),
        page: (PageMeans::Stored, Duration::ZERO),
    };
    for scan in &scans {
        let matching = scan.taken_apart(&mut analysis.steps, clock);
        analysis.matches += matching.count() as u64;
        let start = clock();
        if !order.is_empty() {
            analysis.page.0 = match &*scans {
                [_] => sort::page(&scan.source(), &matching, order, page).1,
                _ => PageMeans::Compared,
            };
        }
        analysis.page.1 += clock().saturating_sub(start);
    }
    analysis
}

/// The pages of tables one after another.
fn unsorted<'t>(scans: &[Scan<'_, 't>], page: PageRequest) -> Selection<Record<'t>> {
    let end = page.offset.saturating_add(page.limit);
    let (mut records, mut seen) = (Vec::new(), 0_u64);
    for scan in scans {
        scan.each_word(|at, word| {
            let count = u64::from(word.count_ones());
            if seen + count > page.offset && seen < end {
                let numbers = (seen..).zip(each_bit(word));
                let wanted = numbers.filter(|(number, _)| (page.offset..end).contains(number));
                records.extend(wanted.filter_map(|(_, bit)| scan.record(at * WORD + bit)));
            }
            seen += count;
            page.count == Count::Exact || seen <= end
        });
    }
    let total = (page.count == Count::Exact).then_some(seen);
    Selection { rows: records, has_more: seen > end, total }
}

/// A table with the ways to answer the filters.
#[derive(Debug)]
pub(super) struct Scan<'q, 't> {
    tables: Tables<'t>,
    table: &'t Table,
    place: u32,
    filters: Vec<Ways<'q>>,
}

impl<'q, 't: 'q> Scan<'q, 't> {
    fn new(tables: Tables<'t>, table: &'t Table, place: u32, asked: Asked<'q>) -> Self {
        let asking = Asking { tables, table, place, found: asked.found };
        let filters = asked.filters.iter().filter(|filter| !filter.is_empty());
        let filters = filters.map(|filter| Ways::new(filter, &asking)).collect();
        Self { tables, table, place, filters }
    }

    fn source(&self) -> sort::Source<'t> {
        sort::Source { tables: self.tables, table: self.table, place: self.place }
    }

    fn record(&self, row: usize) -> Option<Record<'t>> {
        self.tables.record_of(self.table, self.place, row)
    }

    /// All rows that match.
    fn matching(&self) -> Bits {
        let rows = self.table.rows();
        if self.filters.is_empty() && self.table.removed().count() == 0 {
            return Bits::all(rows);
        }
        let mut matching = Bits::none(rows);
        self.each_word(|at, word| {
            matching.put(at, word);
            true
        });
        matching
    }

    /// All rows that match, found group by group.
    fn taken_apart(&self, steps: &mut Vec<Step>, clock: &dyn Fn() -> Duration) -> Bits {
        let words = self.table.rows().div_ceil(WORD);
        let mut matching: Vec<u64> = (0..words).map(|at| self.there(at)).collect();
        for (filter, ways) in self.filters.iter().enumerate() {
            let mut passed = vec![0; words];
            for (branch, groups) in ways.branches.iter().enumerate() {
                let mut open: Vec<u64> =
                    matching.iter().zip(&passed).map(|(all, passed)| all & !passed).collect();
                for group in groups {
                    let (before, start) = (count(&open), clock());
                    for (at, word) in open.iter_mut().enumerate() {
                        *word = any(group, at, *word);
                    }
                    steps.push(Step {
                        table: self.table.schema().table().to_owned(),
                        filter,
                        branch,
                        tests: group.iter().map(|(number, way)| (*number, way.means())).collect(),
                        records: (before as u64, count(&open) as u64),
                        time: clock().saturating_sub(start),
                    });
                }
                passed.iter_mut().zip(&open).for_each(|(passed, open)| *passed |= open);
            }
            matching = passed;
        }
        let mut bits = Bits::none(0);
        bits.extend(&matching);
        bits
    }

    /// Gives the words in which rows match, until told to stop.
    fn each_word(&self, mut visit: impl FnMut(usize, u64) -> bool) {
        let words = 0..self.table.rows().div_ceil(WORD);
        let few = self.filters.iter().filter_map(Ways::few).min_by_key(|rows| rows.places().len());
        let mut each = |at: usize| {
            let word = self.word(at);
            word == 0 || visit(at, word)
        };
        match few {
            Some(rows) => rows.places().all(&mut each),
            None => words.into_iter().all(&mut each),
        };
    }

    /// Which of 64 rows match.
    #[inline]
    fn word(&self, at: usize) -> u64 {
        self.filters.iter().fold(self.there(at), |open, ways| ways.word(at, open))
    }

    /// Which of 64 rows hold records.
    #[inline]
    fn there(&self, at: usize) -> u64 {
        low(self.table.rows().saturating_sub(at * WORD)) & !self.table.removed().word(at)
    }
}

impl<'q> Ways<'q> {
    fn new(filter: &'q Filter, asking: &Asking<'q>) -> Self {
        let words = asking.table.rows().div_ceil(WORD);
        let mut number = 0;
        let mut way = |test| {
            number += 1;
            (number - 1, asking.way(test))
        };
        let mut branches: Vec<Vec<Vec<Numbered<'q>>>> = filter
            .branches()
            .map(|branch| branch.map(|group| group.map(&mut way).collect()).collect())
            .collect();
        for branch in &mut branches {
            for group in &mut *branch {
                group.sort_by_key(|(_, way)| way.cost());
            }
            if branch.len() > 1 {
                branch.sort_by_cached_key(|group| worth(group, words));
            }
        }
        Self { branches }
    }

    #[inline]
    fn word(&self, at: usize, candidates: u64) -> u64 {
        let mut passed = 0;
        for branch in &self.branches {
            let mut open = candidates & !passed;
            for group in branch {
                if open == 0 {
                    break;
                }
                open = any(group, at, open);
            }
            passed |= open;
        }
        passed
    }

    /// Rows outside which none can pass, where they are known and few.
    fn few(&self) -> Option<&Sparse> {
        let [branch] = &*self.branches else { return None };
        let known = branch.iter().filter_map(|group| match &**group {
            [(_, Way { answer: Answer::Rows(rows), exceptions: None })] => Some(rows),
            _ => None,
        });
        known.min_by_key(|rows| rows.places().len())
    }
}

/// Which of the candidates meet one of the tests.
#[inline]
fn any(group: &[Numbered<'_>], at: usize, open: u64) -> u64 {
    group.iter().fold(0, |hits, (_, way)| hits | way.word(at, open & !hits))
}

/// What a group costs for each row that it rules out, by a sample of the rows.
fn worth(group: &[Numbered<'_>], words: usize) -> u32 {
    const SAMPLES: usize = 16;
    const CHEAP: u32 = 9;
    let cost: u32 = group.iter().map(|(_, way)| way.cost()).sum();
    if cost > CHEAP {
        return cost * 2;
    }
    let step = (words / SAMPLES).max(1);
    let samples = (0..words).step_by(step);
    let (mut asked, mut passed) = (0, 0);
    for at in samples {
        asked += u64::BITS;
        passed += any(group, at, u64::MAX).count_ones();
    }
    (cost * 100).checked_div(asked.saturating_sub(passed) * 100 / asked.max(1)).unwrap_or(u32::MAX)
}
