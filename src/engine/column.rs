//! The column engine: filters and pages the records of tables by their columns, 64 rows at a time.

use std::ops::Range;
use std::time::Duration;

use smallvec::SmallVec;

use super::rank;
use super::row;
use super::sort::{self, Matching};
use super::way::{Asking, Wishes};
use super::ways::Ways;
use super::{Analysis, Asked, Count, PageMeans, PageRequest, Selection, Step};
use crate::bits::{Bits, WORD, count, each_one, low};
use crate::filter::SortKey;
use crate::table::{Record, Table, Tables};

/// Records of a usual page, for which there is room at once.
const USUAL: usize = 16;

/// Words that are narrowed together.
const BLOCK: usize = 256;

/// The filters of a query with the ways to answer them for the records of a table, and of the tables that
/// extend it.
#[derive(Debug)]
pub(crate) struct Chosen<'q, 't> {
    /// Mostly there is one.
    scans: SmallVec<[Scan<'q, 't>; 1]>,
    order: &'q [SortKey],
}

impl<'q, 't: 'q> Chosen<'q, 't> {
    /// The ways that cost least for the tables as they are.
    pub(crate) fn new(
        tables: Tables<'t>,
        name: &str,
        asked: Asked<'q, '_>,
        order: &'q [SortKey],
    ) -> Self {
        let scan = |(place, table)| Scan::new(tables, table, place, asked);
        Self { scans: tables.holding(name).into_iter().map(scan).collect(), order }
    }

    /// Whether there are better ways by now, as what was missed is there or was asked for often enough.
    pub(crate) fn is_outdated(&self) -> bool {
        self.scans.iter().any(|scan| scan.wishes.are_granted(scan.table))
    }

    /// The page of those records that pass every filter.
    pub(crate) fn select(&self, page: PageRequest) -> Selection<Record<'t>> {
        match &*self.scans {
            scans if self.order.is_empty() => unsorted(scans, page),
            [scan] => scan.sorted(self.order, page),
            scans => {
                let records = scans.iter().flat_map(|scan| {
                    let matching: Vec<usize> = scan.matching().ones().collect();
                    matching.into_iter().map(|row| scan.record(row))
                });
                row::sorted(records.enumerate().collect(), self.order, page)
            }
        }
    }

    /// The same taken apart: step after step over all records, each by `clock`, which began to choose at
    /// `start`.
    pub(crate) fn analyze(
        &self,
        page: PageRequest,
        start: Duration,
        clock: &dyn Fn() -> Duration,
    ) -> Analysis {
        let mut analysis = Analysis {
            records: self.scans.iter().map(|scan| scan.table.len() as u64).sum(),
            matches: 0,
            lookups: Duration::ZERO,
            choosing: clock().saturating_sub(start),
            steps: Vec::new(),
            page: (PageMeans::Stored, Duration::ZERO),
        };
        for scan in &self.scans {
            let matching = scan.taken_apart(&mut analysis.steps, clock);
            analysis.matches += matching.count() as u64;
            let start = clock();
            if !self.order.is_empty() {
                analysis.page.0 = match &*self.scans {
                    [_] => scan.page_means(matching, self.order, page),
                    _ => PageMeans::Compared,
                };
            }
            analysis.page.1 += clock().saturating_sub(start);
        }
        analysis
    }
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
        // How many there may be before no further one is of interest.
        let stop = known.map_or(end.saturating_add(1), |count| end.min(begun + count as u64));
        if known.is_none() || begun.max(page.offset) < stop {
            scan.each_block(stops, |at, words| {
                let (before, done) = (seen, at + words.len());
                seen += count(words) as u64;
                if seen > page.offset && before < end {
                    let mut before = before;
                    each_one(words, |row| {
                        before += 1;
                        if before > page.offset {
                            records.push(scan.record(at * WORD + row));
                        }
                        before < end
                    });
                }
                if stops {
                    words_for(stop.saturating_sub(seen), seen - begun, done)
                } else {
                    usize::MAX
                }
            });
        }
        seen = known.map_or(seen, |count| begun + count as u64);
    }
    let total = (page.count == Count::Exact).then_some(seen);
    Selection { rows: records, has_more: seen > end, total }
}

/// Words in which so many rows match, if matches go on to be as frequent as those found in the words before; as
/// they may not, no small part of these.
fn words_for(rows: u64, found: u64, before: usize) -> usize {
    const LEAST: usize = 4;
    if rows == 0 {
        return 0;
    }
    let words = rows.saturating_mul(before as u64).div_ceil(found.max(1));
    usize::try_from(words).unwrap_or(usize::MAX).max(before / LEAST)
}

/// A table with the ways to answer the filters.
#[derive(Debug)]
pub(super) struct Scan<'q, 't> {
    tables: Tables<'t>,
    table: &'t Table,
    place: u32,
    filters: SmallVec<[Ways<'q>; 1]>,
    wishes: Wishes<'q>,
}

impl<'q, 't: 'q> Scan<'q, 't> {
    fn new(tables: Tables<'t>, table: &'t Table, place: u32, asked: Asked<'q, '_>) -> Self {
        let wishes = Wishes::default();
        let asking = Asking { tables, table, place, found: asked.found, wishes: Some(&wishes) };
        let filters = asked.filters.iter().filter(|filter| !filter.is_empty());
        let filters = filters.map(|filter| Ways::new(filter, &asking)).collect();
        Self { tables, table, place, filters, wishes }
    }

    fn source(&self) -> rank::Source<'t> {
        rank::Source { tables: self.tables, table: self.table, place: self.place }
    }

    /// The record in a row that was found.
    #[inline]
    fn record(&self, row: usize) -> Record<'t> {
        self.tables.record_in(self.table, self.place, row)
    }

    /// The page in order.
    fn sorted(&self, order: &[SortKey], page: PageRequest) -> Selection<Record<'t>> {
        let records =
            |rows: &[u32]| rows.iter().map(|row| self.record(*row as usize)).collect::<Vec<_>>();
        let known = self.count(page.count);
        if let Some(count) = known.filter(|_| page.limit == 0) {
            return Selection::of_sorted(Vec::new(), count as u64, page);
        }
        if let Some(Selection { rows, has_more, total }) = self.first(order, page, known) {
            return Selection { rows: records(&rows), has_more, total };
        }
        let matching = match known {
            Some(count) if count == self.table.rows() => Matching::All(count),
            Some(_) | None => Matching::Some(self.matching()),
        };
        let (rows, _) = sort::page(&self.source(), &matching, order, page);
        Selection::of_sorted(records(&rows), matching.count() as u64, page)
    }

    /// The page, if it is found along an order by asking few rows; `known` rows match, if that is known.
    fn first(
        &self,
        order: &[SortKey],
        page: PageRequest,
        known: Option<usize>,
    ) -> Option<Selection<u32>> {
        let is_counted = page.count == Count::Exact;
        // Where all match, it is a part of the order.
        if known == Some(self.table.rows()) && order.len() == 1 {
            return None;
        }
        let end = page.offset.saturating_add(page.limit);
        known
            .map_or(!is_counted, |count| count as u64 > end)
            .then(|| sort::first(&self.source(), order, page, |row| self.holds(row)))?
            .map(|found| Selection {
                total: known.filter(|_| is_counted).map(|count| count as u64),
                ..found
            })
    }

    /// By which means the page is taken.
    fn page_means(&self, matching: Bits, order: &[SortKey], page: PageRequest) -> PageMeans {
        let known = self.count(page.count);
        match self.first(order, page, known) {
            _ if page.limit == 0 && known.is_some() => PageMeans::Stored,
            Some(_) => PageMeans::Order,
            None => sort::page(&self.source(), &Matching::Some(matching), order, page).1,
        }
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
        self.each_block(false, |at, words| {
            (at..).zip(words).for_each(|(at, word)| matching.put(at, *word));
            usize::MAX
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

    /// Gives the words in which rows match, block by block, as long as further words are asked for; what may
    /// stop early does not begin with a large block.
    fn each_block(&self, may_stop: bool, mut visit: impl FnMut(usize, &[u64]) -> usize) {
        let words = self.table.rows().div_ceil(WORD);
        let mut ask = |at: usize, open: &mut [u64]| {
            self.fill_there(at, open);
            self.filters.iter().for_each(|ways| ways.narrow(at, open));
            visit(at, open)
        };
        let few = self.filters.iter().filter_map(Ways::few).min_by_key(|rows| rows.places().len());
        if let Some(rows) = few {
            rows.places().all(|at| ask(at, &mut [0]) > 0);
            return;
        }
        let first = usize::from(may_stop).min(words);
        let further = if first > 0 { ask(0, &mut [0]) } else { words };
        if further > 0 {
            ask_in_blocks(first..words, further, if may_stop { 2 } else { BLOCK }, ask);
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

/// Asks for words in blocks of a length that grows from `length` on, as long as `further` ones are asked for.
///
/// It stands apart because room for a block is cleared at its beginning, and a page that the first rows fill
/// is not to wait for that.
#[inline(never)]
fn ask_in_blocks(
    words: Range<usize>,
    mut further: usize,
    mut length: usize,
    mut ask: impl FnMut(usize, &mut [u64]) -> usize,
) {
    let (mut at, mut block) = (words.start, [0; BLOCK]);
    while at < words.end && further > 0 {
        let next = further.min(length).min(words.end - at);
        further = ask(at, block.get_mut(..next).unwrap_or_default());
        (at, length) = (at + next, (length * 2).min(BLOCK));
    }
}
