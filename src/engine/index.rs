//! Rows that the order of a column knows to meet a test.

use std::cell::{Cell, OnceCell};
use std::ops::Range;

use fearless_simd::Simd;
use smallvec::SmallVec;

use super::hits::Hits;
use super::sparse::Sparse;
use super::way::{Answer, Asked, Asking, Way};
use crate::bits::{Answering, Bits, answers, within};
use crate::filter::TextRange;
use crate::operator::Polarity;
use crate::table::column::{Codes, Column, Dictionary, Order, Store};
use crate::value::Kind;

/// The rows of some ranks; mostly they follow one another.
type Found<'q> = SmallVec<[&'q [u32]; 1]>;

/// Many rows that meet a test. They are scanned for where only some are asked, and put into a set once
/// that would be less work.
#[derive(Debug)]
pub(super) struct Index<'q> {
    found: Found<'q>,
    count: usize,
    rows: usize,
    scan: Option<Box<Answer<'q>>>,
    /// Words that were scanned.
    scanned: Cell<usize>,
    set: OnceCell<Bits>,
}

/// Rows with a rank in a range.
#[derive(Debug)]
pub(super) struct Ranks<'q> {
    /// What ranks are of; of rows if there are none.
    codes: Option<&'q Codes>,
    all: &'q [u32],
    met: Range<u32>,
}

impl<'q> Ranks<'q> {
    /// Nothing if they do not follow one another.
    fn scan(
        codes: Option<&'q Codes>,
        order: &'q Order,
        ranks: &[Range<usize>],
    ) -> Option<Answer<'q>> {
        let [met] = ranks else { return None };
        let met = u32::try_from(met.start).ok()?..u32::try_from(met.end).ok()?;
        Some(Answer::Ranks(Self { codes, all: order.ranks(), met }))
    }

    /// What it costs, by experience, to ask one row.
    pub(super) fn cost(&self) -> u32 {
        if self.codes.is_some() { 6 } else { 3 }
    }
}

impl Answering for Ranks<'_> {
    #[inline(always)]
    fn word<S: Simd>(&self, simd: S, at: usize, _: u64) -> u64 {
        let (first, last) = (self.met.start, self.met.end - 1);
        let is_met = |code: usize| self.all.get(code).is_some_and(|rank| self.met.contains(rank));
        match self.codes {
            None => within(simd, self.all, at, first, last),
            Some(Codes::Narrow(list)) => answers(list, at, |code| is_met(usize::from(code))),
            Some(Codes::Middle(list)) => answers(list, at, |code| is_met(usize::from(code))),
            Some(Codes::Wide(list)) => answers(list, at, |code| is_met(code as usize)),
        }
    }
}

impl<'q> Index<'q> {
    /// Number of rows.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// What is asked for the rows of so many words, or `None` if the set is to be.
    pub(super) fn scan(&self, words: usize) -> Option<&Answer<'q>> {
        /// Rows that are put into the set while one word is scanned for the unit of a cost.
        const GATHERED: usize = 8;
        let scan = self.scan.as_deref().filter(|_| self.set.get().is_none())?;
        let scanned = self.scanned.get() + words;
        self.scanned.set(scanned);
        (scanned * GATHERED * scan.cost() as usize <= self.count).then_some(scan)
    }

    /// The rows.
    pub(super) fn set(&self) -> &Bits {
        self.set.get_or_init(|| {
            let found = self.found.iter().copied().flatten();
            Bits::of(self.rows, found.map(|row| *row as usize))
        })
    }
}

impl<'q> Asking<'q, '_> {
    /// The rows of a text column that meet a test, by the order of the column.
    pub(super) fn texts_in_order(&self, asked: Asked<'q>) -> Option<Answer<'q>> {
        let Asked { column, predicate } = asked;
        let is_positive = predicate.polarity() == Polarity::Positive && !predicate.on_empty();
        if column.kind() != Kind::Text || !is_positive || !self.is_large() {
            return None;
        }
        let ranges = predicate.text_ranges()?;
        // Asking each value takes some eight times as long as searching all.
        let saved = if predicate.sought().is_some() { 1 } else { 8 };
        let order = self.order(column, saved).filter(|order| !order.samples().is_empty())?;
        let ranks = merged(ranges.iter().map(|range| ranks(order, column, range)).collect());
        let meets = |row: u32| predicate.matches(&column.value(row as usize));
        self.in_order(column, order, &ranks, meets, || match column.store() {
            Store::Shared(dictionary) => scan_of_codes(dictionary, order, &ranks),
            Store::Own(_) | Store::Numbers(_) | Store::Flags(_) | Store::Ids(_) => {
                Ranks::scan(None, order, &ranks)
            }
        })
    }

    /// The rows whose numbers lie in ranges, by the order of their column.
    pub(super) fn numbers_in_order(&self, way: &Way<'q>) -> Option<Answer<'q>> {
        let Way { answer, exceptions: None } = way else { return None };
        let Answer::Spans { asked, filled, numbers, spans, if_in: true, if_empty: false } = answer
        else {
            return None;
        };
        let order = self.is_large().then(|| self.order(asked.column, 1))??;
        let ranks = order.spanned(asked.column, spans)?;
        // The spans are those of all tests that were joined.
        let meets = |row: u32| {
            let number = numbers.at(row as usize);
            filled.has(row as usize) && spans.iter().any(|span| span.contains(&number))
        };
        self.in_order(asked.column, order, &ranks, meets, || {
            let (asked, spans) = (*asked, spans.clone());
            Some(Answer::Spans { asked, filled, numbers, spans, if_in: true, if_empty: false })
        })
    }

    fn is_large(&self) -> bool {
        self.table.rows() >= self.table.thresholds().rows
    }

    /// The rows of some ranks, which differ: at once where they are few, else as there is need. Rows that
    /// the order does not know, or not as they are now, are asked whether they meet the test.
    fn in_order(
        &self,
        column: &'q Column,
        order: &'q Order,
        ranks: &[Range<usize>],
        meets: impl Fn(u32) -> bool,
        scan: impl FnOnce() -> Option<Answer<'q>>,
    ) -> Option<Answer<'q>> {
        let (rows, thresholds) = (self.table.rows(), self.table.thresholds());
        let found: Found<'q> = ranks.iter().map(|ranks| order.rows(ranks.clone())).collect();
        let count = found.iter().map(|rows| rows.len()).sum();
        let is_current = order.covered() == rows && column.is_unchanged();
        if is_current && count > thresholds.few {
            let scan = match scan() {
                // Kept sets need not be made from the order.
                Some(posted @ Answer::Posted(_)) => return Some(posted),
                other => other.map(Box::new),
            };
            let index =
                Index { found, count, rows, scan, scanned: Cell::new(0), set: OnceCell::new() };
            return Some(Answer::Index(index));
        }
        if !is_current && count > rows / thresholds.selective {
            return None;
        }
        let mut met: Vec<u32> = found.into_iter().flatten().copied().collect();
        met.retain(|row| !column.has_changed(*row));
        let later = order.covered()..column.len();
        let later = later.filter_map(|row| u32::try_from(row).ok());
        met.extend(column.changed().chain(later).filter(|row| meets(*row)));
        Some(Answer::Rows(Sparse::of(met)))
    }
}

/// Ranges in order, each rank once, those as one that meet.
fn merged(mut ranks: SmallVec<[Range<usize>; 1]>) -> SmallVec<[Range<usize>; 1]> {
    ranks.sort_unstable_by_key(|range| range.start);
    let mut merged: SmallVec<[Range<usize>; 1]> = SmallVec::new();
    for range in ranks.into_iter().filter(|range| !range.is_empty()) {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// Scans a dictionary's codes for those of some ranks, or, where these are few, for the codes that have them.
fn scan_of_codes<'q>(
    dictionary: &'q Dictionary,
    order: &'q Order,
    ranks: &[Range<usize>],
) -> Option<Answer<'q>> {
    let count: usize = ranks.iter().map(Range::len).sum();
    let codes = (count <= Hits::FEW).then(|| codes_of(order, ranks));
    match codes.flatten().filter(|codes| codes.len() <= Hits::FEW) {
        Some(codes) => Some(Answer::of_codes(dictionary, Hits::Few { codes, are_met: true })),
        None => Ranks::scan(Some(&dictionary.codes), order, ranks),
    }
}

/// The codes that have some ranks, where they are soon found.
fn codes_of(order: &Order, ranks: &[Range<usize>]) -> Option<Vec<u32>> {
    /// Codes up to which each is looked at, as several texts may have one rank.
    const FEW: usize = 256;
    let (samples, of_codes) = (order.samples(), order.ranks());
    if samples.len() + 1 >= of_codes.len() {
        let text = |rank: usize| samples.get(rank.checked_sub(1)?).copied();
        return Some(
            ranks.iter().cloned().flatten().filter_map(text).map(|text| text + 1).collect(),
        );
    }
    let is_met = |rank: &u32| ranks.iter().any(|ranks| ranks.contains(&(*rank as usize)));
    let met = (0..).zip(of_codes).filter(|(_, rank)| is_met(rank)).map(|(code, _)| code);
    (of_codes.len() <= FEW).then(|| met.collect())
}

/// The ranks of an order whose texts lie in a range.
fn ranks(order: &Order, column: &Column, range: &TextRange<'_>) -> Range<usize> {
    let texts = match column.store() {
        Store::Shared(dictionary) => &dictionary.texts,
        Store::Own(own) => &own.texts,
        Store::Numbers(_) | Store::Flags(_) | Store::Ids(_) => return 0..0,
    };
    if let TextRange::Is(text) = range {
        return order.rank_of(text.as_bytes(), texts).map_or(0..0, |rank| rank..rank + 1);
    }
    let folded = |number: &u32| texts.folded().text(*number as usize);
    let samples = order.samples();
    let from = samples.partition_point(|number| range.is_behind(folded(number)));
    let rest = samples.get(from..).unwrap_or_default();
    let length = rest.partition_point(|number| range.reaches(folded(number)));
    // Rank 0 is that of empty rows.
    from + 1..from + 1 + length
}
