//! The column engine: filters and pages the records of tables by their columns, 64 rows at a time.

use std::slice;
use std::time::Duration;

use smallvec::SmallVec;

use super::rank;
use super::row;
use super::sort::{self, Matching};
use super::way::Asking;
use super::ways::Ways;
use super::{Analysis, Asked, Count, PageMeans, PageRequest, Selection, Step};
use crate::bits::{Bits, WORD, count, each_one, low};
use crate::filter::SortKey;
use crate::table::{Record, Table, Tables};

/// Records of a usual page, for which there is room at once.
const USUAL: usize = 16;

/// Words that are narrowed together.
const BLOCK: usize = 256;

/// The page of those records of a table, and of the tables that extend it, that pass every filter.
pub(crate) fn select<'t>(
    tables: Tables<'t>,
    name: &str,
    asked: Asked<'_>,
    order: &[SortKey],
    page: PageRequest,
) -> Selection<Record<'t>> {
    let holding = tables.holding(name);
    let scan = |(place, table): &(u32, &'t Table)| Scan::new(tables, table, *place, asked);
    if let [sole] = &*holding {
        let scan = scan(sole);
        return match order {
            [] => unsorted(slice::from_ref(&scan), page),
            _ => scan.sorted(order, page),
        };
    }
    let scans: Vec<Scan<'_, 't>> = holding.iter().map(scan).collect();
    if order.is_empty() {
        return unsorted(&scans, page);
    }
    let records = scans.iter().flat_map(|scan| {
        let matching: Vec<usize> = scan.matching().ones().collect();
        matching.into_iter().filter_map(|row| scan.record(row))
    });
    row::sorted(records.enumerate().collect(), order, page)
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
                [_] => sort::page(&scan.source(), &Matching::Some(matching), order, page).1,
                _ => PageMeans::Compared,
            };
        }
        analysis.page.1 += clock().saturating_sub(start);
    }
    analysis
}

/// The pages of tables one after another.
fn unsorted<'q, 't: 'q>(scans: &[Scan<'q, 't>], page: PageRequest) -> Selection<Record<'t>> {
    let end = page.offset.saturating_add(page.limit);
    let usual = usize::try_from(page.limit).unwrap_or(USUAL).min(USUAL);
    let (mut records, mut seen) = (Vec::with_capacity(usual), 0_u64);
    for scan in scans {
        if page.count == Count::Skip && seen > end {
            break;
        }
        let known = scan.count(page.count);
        let stops = page.count == Count::Skip || known.is_some();
        let begun = seen;
        if known.is_none() || (begun <= end && page.limit > 0) {
            // What ends early is not to begin with a large block.
            scan.each_block(if stops { 1 } else { BLOCK }, |at, words| {
                let before = seen;
                seen += count(words) as u64;
                if seen > page.offset && before < end {
                    let mut before = before;
                    each_one(words, |row| {
                        before += 1;
                        if before > page.offset {
                            records.extend(scan.record(at * WORD + row));
                        }
                        before < end
                    });
                }
                !stops || seen <= end
            });
        }
        seen = known.map_or(seen, |count| begun + count as u64);
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
    filters: SmallVec<[Ways<'q>; 1]>,
}

impl<'q, 't: 'q> Scan<'q, 't> {
    fn new(tables: Tables<'t>, table: &'t Table, place: u32, asked: Asked<'q>) -> Self {
        let asking = Asking { tables, table, place, found: asked.found };
        let filters = asked.filters.iter().filter(|filter| !filter.is_empty());
        let filters = filters.map(|filter| Ways::new(filter, &asking)).collect();
        Self { tables, table, place, filters }
    }

    fn source(&self) -> rank::Source<'t> {
        rank::Source { tables: self.tables, table: self.table, place: self.place }
    }

    fn record(&self, row: usize) -> Option<Record<'t>> {
        self.tables.record_of(self.table, self.place, row)
    }

    /// The page in order.
    fn sorted(&self, order: &[SortKey], page: PageRequest) -> Selection<Record<'t>> {
        let records = |rows: &[u32]| {
            rows.iter().filter_map(|row| self.record(*row as usize)).collect::<Vec<_>>()
        };
        let (known, is_counted) = (self.count(page.count), page.count == Count::Exact);
        let is_all = known == Some(self.table.rows());
        if let Some(count) = known.filter(|_| page.limit == 0) {
            return Selection::of_sorted(Vec::new(), count as u64, page);
        }
        let is_walked = is_all && order.len() == 1;
        if !is_walked
            && known
                .map_or(!is_counted, |count| count as u64 > page.offset.saturating_add(page.limit))
            && let Some(found) = sort::first(&self.source(), order, page, |row| self.holds(row))
        {
            let total = known.filter(|_| is_counted).map(|count| count as u64);
            return Selection { rows: records(&found.rows), has_more: found.has_more, total };
        }
        let matching = match known {
            Some(count) if is_all => Matching::All(count),
            Some(_) | None => Matching::Some(self.matching()),
        };
        let (rows, _) = sort::page(&self.source(), &matching, order, page);
        Selection::of_sorted(records(&rows), matching.count() as u64, page)
    }

    /// Whether a row matches.
    fn holds(&self, row: u32) -> bool {
        let at = row as usize / WORD;
        let mut open = [1 << (row as usize % WORD)];
        if self.table.removed().has(row as usize) {
            return false;
        }
        self.filters.iter().for_each(|ways| ways.narrow(at, &mut open));
        open != [0]
    }

    /// How many rows match, where that is known, or is to be known and found by columns alone.
    fn count(&self, wanted: Count) -> Option<usize> {
        let rows = self.table.rows();
        match &*self.filters {
            _ if self.table.removed().count() > 0 => None,
            [] => Some(rows),
            [ways] => match (ways.sole(), wanted) {
                (Some(way), Count::Exact) => way.count(rows),
                (Some(way), Count::Skip) => way.known_count(rows),
                (None, _) => None,
            },
            _ => None,
        }
    }

    /// All rows that match.
    fn matching(&self) -> Bits {
        let mut matching = Bits::none(self.table.rows());
        self.each_block(BLOCK, |at, words| {
            (at..).zip(words).for_each(|(at, word)| matching.put(at, *word));
            true
        });
        matching
    }

    /// All rows that match, found group by group.
    fn taken_apart(&self, steps: &mut Vec<Step>, clock: &dyn Fn() -> Duration) -> Bits {
        let words = self.table.rows().div_ceil(WORD);
        let mut matching = vec![0; words];
        self.fill_there(0, &mut matching);
        for (filter, ways) in self.filters.iter().enumerate() {
            let mut passed = vec![0; words];
            for (branch, groups) in ways.0.iter().enumerate() {
                let mut open: Vec<u64> =
                    matching.iter().zip(&passed).map(|(all, passed)| all & !passed).collect();
                for group in groups {
                    let (before, start) = (count(&open), clock());
                    group.narrow(0, &mut open);
                    let means = group.0.iter().map(|(number, way)| (*number, way.means()));
                    steps.push(Step {
                        table: self.table.schema().table().to_owned(),
                        filter,
                        branch,
                        tests: means.collect(),
                        records: (before as u64, count(&open) as u64),
                        time: clock().saturating_sub(start),
                    });
                }
                passed.iter_mut().zip(&open).for_each(|(passed, open)| *passed |= open);
            }
            matching = passed;
        }
        matching.into_iter().collect()
    }

    /// Gives the words in which rows match, block by block, until told to stop; the first has so many
    /// words, those after it more.
    fn each_block(&self, first: usize, mut visit: impl FnMut(usize, &[u64]) -> bool) {
        let words = self.table.rows().div_ceil(WORD);
        let mut block = [0; BLOCK];
        let mut ask = |at: usize, length: usize| {
            let open = block.get_mut(..length).unwrap_or_default();
            self.fill_there(at, open);
            self.filters.iter().for_each(|ways| ways.narrow(at, open));
            visit(at, open)
        };
        let few = self.filters.iter().filter_map(Ways::few).min_by_key(|rows| rows.places().len());
        if let Some(rows) = few {
            rows.places().all(|at| ask(at, 1));
            return;
        }
        let (mut at, mut length) = (0, first.min(BLOCK));
        while at < words && ask(at, length.min(words - at)) {
            at += length;
            length = (length * 2).min(BLOCK);
        }
    }

    /// Which rows hold records, from a word on.
    fn fill_there(&self, at: usize, open: &mut [u64]) {
        open.fill(u64::MAX);
        let before = self.table.rows().saturating_sub(at * WORD);
        for (place, word) in open.iter_mut().enumerate().skip(before / WORD) {
            *word = low(before.saturating_sub(place * WORD));
        }
        let removed = self.table.removed().words(at);
        open.iter_mut().zip(removed).for_each(|(open, removed)| *open &= !removed);
    }
}
