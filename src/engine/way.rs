//! How a test is answered for 64 rows at once: by their columns, in the way that costs least.

use std::ops::RangeInclusive;
use std::sync::Arc;

use super::analysis::Means;
use super::hits::Hits;
use super::search::Search;
use super::sparse::Sparse;
use crate::bits::{Bits, WORD, each_bit, low};
use crate::filter::{Found, Predicate, Row, Test};
use crate::table::column::{Column, Dictionary, Ids, Numbers, Own, answers};
use crate::table::{Table, Tables};

/// Candidates among 64 up to which each is asked rather than all texts searched.
const FEW: u32 = 4;

/// A test with the way it is answered.
#[derive(Debug)]
pub(super) struct Way<'q> {
    pub(super) answer: Answer<'q>,
    /// Rows whose values the way does not see, and what answers for them.
    pub(super) exceptions: Option<(Sparse, Asked<'q>)>,
}

/// A predicate on the values of a column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'q> {
    pub(super) column: &'q Column,
    pub(super) predicate: &'q Predicate,
}

/// The ways, by what stands where in memory.
#[derive(Debug)]
pub(super) enum Answer<'q> {
    /// No row meets it.
    Never,
    /// The rows are known.
    Rows(Sparse),
    /// It is one thing for rows that are filled and another for those that are not.
    Filled { filled: &'q Bits, if_filled: bool, if_empty: bool },
    /// Truth values.
    Flags { filled: &'q Bits, flags: &'q Bits, if_true: bool, if_false: bool, if_empty: bool },
    /// Numbers in ranges.
    Spans {
        filled: &'q Bits,
        numbers: &'q Numbers,
        spans: Vec<RangeInclusive<i64>>,
        if_in: bool,
        if_empty: bool,
    },
    /// Codes of a dictionary's texts that meet it.
    Codes { dictionary: &'q Dictionary, hits: Hits },
    /// Some ids.
    Ids { filled: &'q Bits, ids: &'q Ids, wanted: Vec<u128>, if_in: bool, if_empty: bool },
    /// Texts that are searched as one.
    Search { own: &'q Own, search: Box<Search>, asked: Asked<'q> },
    /// Each value is asked.
    Values(Asked<'q>),
    /// Every word stands in one of some columns.
    Words(Vec<Vec<Way<'q>>>),
    /// Each record is asked.
    Records {
        tables: Tables<'q>,
        table: &'q Table,
        place: u32,
        test: &'q Test,
        found: &'q [Arc<Found>],
    },
}

impl Asked<'_> {
    fn word(&self, at: usize, candidates: u64) -> u64 {
        let from = at * WORD;
        self.predicate.matching(candidates, |place| self.column.value(from + place))
    }
}

impl Way<'_> {
    /// Takes the rows out of `open`, from the word `at` on, that do not meet the test.
    #[inline]
    pub(super) fn narrow(&self, at: usize, open: &mut [u64]) {
        let Some((rows, asked)) = &self.exceptions else {
            return self.answer.narrow(at, open);
        };
        let odd: Vec<(usize, u64)> = rows
            .within(at..at + open.len())
            .filter_map(|(at_odd, word)| {
                let candidates = word & open.get(at_odd - at)?;
                Some((at_odd - at, asked.word(at_odd, candidates))).filter(|_| word != 0)
            })
            .collect();
        self.answer.narrow(at, open);
        for ((place, met), (_, word)) in odd.into_iter().zip(rows.within(at..at + open.len())) {
            if let Some(open) = open.get_mut(place) {
                *open = *open & !word | met;
            }
        }
    }

    /// Whether one row meets the test.
    pub(super) fn holds(&self, row: usize) -> bool {
        let mut open = [1 << (row % WORD)];
        self.narrow(row / WORD, &mut open);
        open != [0]
    }

    /// How many rows meet the test, where that is known.
    pub(super) fn count(&self, rows: usize) -> Option<usize> {
        if self.exceptions.is_some() {
            return None;
        }
        let with_empty = |filled: &Bits, count: usize, if_empty: bool| {
            count + if if_empty { rows - filled.count() } else { 0 }
        };
        match &self.answer {
            Answer::Never => Some(0),
            Answer::Rows(found) => Some(found.count()),
            Answer::Filled { filled, if_filled, if_empty } => {
                let count = if *if_filled { filled.count() } else { 0 };
                Some(with_empty(filled, count, *if_empty))
            }
            Answer::Flags { filled, flags, if_true, if_false, if_empty } => {
                let count = if *if_true { flags.count() } else { 0 };
                let falses = if *if_false { filled.count() - flags.count() } else { 0 };
                Some(with_empty(filled, count + falses, *if_empty))
            }
            Answer::Codes { dictionary, hits } => Some(hits.count(dictionary, rows)),
            Answer::Spans { .. }
            | Answer::Ids { .. }
            | Answer::Search { .. }
            | Answer::Values(_)
            | Answer::Words(_)
            | Answer::Records { .. } => None,
        }
    }

    /// By which means it is answered.
    pub(super) fn means(&self) -> Means {
        match &self.answer {
            Answer::Never => Means::Nothing,
            Answer::Rows(_) => Means::Index,
            Answer::Filled { .. } | Answer::Flags { .. } => Means::Bitmap,
            Answer::Spans { .. } => Means::Range,
            Answer::Codes { .. } => Means::Dictionary,
            Answer::Ids { .. } => Means::Ids,
            Answer::Search { .. } | Answer::Words(_) => Means::Search,
            Answer::Values(_) => Means::Values,
            Answer::Records { .. } => Means::Records,
        }
    }

    /// What it costs, by experience, to ask one row.
    pub(super) fn cost(&self) -> u32 {
        match &self.answer {
            Answer::Never => 0,
            Answer::Rows(_) | Answer::Filled { .. } | Answer::Flags { .. } => 1,
            Answer::Spans { spans, .. } => {
                2 + u32::try_from(spans.len()).unwrap_or(u32::MAX).min(20)
            }
            Answer::Codes { hits: Hits::Few { codes, .. }, .. } => {
                1 + u32::try_from(codes.len()).unwrap_or(u32::MAX)
            }
            Answer::Codes { hits: Hits::Table(_), .. } => 5,
            Answer::Ids { wanted, .. } => {
                4 + u32::try_from(wanted.len()).unwrap_or(u32::MAX).min(60)
            }
            Answer::Search { .. } => 10,
            Answer::Values(_) => 80,
            Answer::Words(words) => words.iter().flatten().map(Self::cost).sum::<u32>().min(200),
            Answer::Records { .. } => 300,
        }
    }
}

fn all_if(condition: bool) -> u64 {
    if condition { u64::MAX } else { 0 }
}

impl Answer<'_> {
    #[inline]
    fn narrow(&self, at: usize, open: &mut [u64]) {
        match self {
            Self::Never => open.fill(0),
            Self::Rows(rows) => each(at, open, |at, _| rows.word(at)),
            Self::Filled { filled, if_filled, if_empty } => {
                let (if_filled, if_empty) = (all_if(*if_filled), all_if(*if_empty));
                filled_words(filled, at, open, |filled, _| filled & if_filled | !filled & if_empty);
            }
            Self::Flags { filled, flags, if_true, if_false, if_empty } => {
                let [if_true, if_false, if_empty] = [*if_true, *if_false, *if_empty].map(all_if);
                let flags = flags.words(at);
                filled_words(filled, at, open, |filled, place| {
                    let flags = flags.get(place).copied().unwrap_or(0);
                    filled & (flags & if_true | !flags & if_false) | !filled & if_empty
                });
            }
            Self::Spans { filled, numbers, spans, if_in, if_empty } => each(at, open, |at, _| {
                let within = |hits, span| hits | numbers.within(at, span);
                settled(filled.word(at), spans.iter().fold(0, within), *if_in, *if_empty)
            }),
            Self::Ids { filled, ids, wanted, if_in, if_empty } => each(at, open, |at, _| {
                let is = |hits, id: &u128| hits | answers(ids.all(), at, |other| other == *id);
                settled(filled.word(at), wanted.iter().fold(0, is), *if_in, *if_empty)
            }),
            Self::Codes { dictionary, hits } => {
                each(at, open, |at, _| hits.word(&dictionary.codes, at));
            }
            Self::Search { own, search, asked } => {
                let (if_in, if_empty) = (asked.predicate.settle(true), asked.predicate.on_empty());
                each(at, open, |at, open| {
                    // A few are sooner asked than sought.
                    if open.count_ones() <= FEW {
                        return asked.word(at, open);
                    }
                    settled(own.filled.word(at), search.word(own, at), if_in, if_empty)
                });
            }
            Self::Values(asked) => each(at, open, |at, open| asked.word(at, open)),
            Self::Words(words) => {
                words.iter().for_each(|word| narrow_to_any(word.iter(), at, open))
            }
            Self::Records { tables, table, place, test, found } => each(at, open, |at, open| {
                let row = |number: usize| tables.record_of(table, *place, at * WORD + number);
                asked_of_records(open, row, test, found)
            }),
        }
    }
}

/// Narrows words that have candidates to those of an answer.
#[inline]
fn each(at: usize, open: &mut [u64], answer: impl Fn(usize, u64) -> u64) {
    for (at, open) in (at..).zip(open) {
        if *open != 0 {
            *open &= answer(at, *open);
        }
    }
}

/// The same by the words of rows that are filled; those behind the last are empty.
#[inline]
fn filled_words(filled: &Bits, at: usize, open: &mut [u64], answer: impl Fn(u64, usize) -> u64) {
    let filled = filled.words(at);
    let (there, behind) = open.split_at_mut(filled.len().min(open.len()));
    for (place, (open, filled)) in there.iter_mut().zip(filled).enumerate() {
        *open &= answer(*filled, place);
    }
    for open in behind {
        *open &= answer(0, usize::MAX);
    }
}

/// Takes the rows out of `open` that meet none of some tests.
pub(super) fn narrow_to_any<'w, 'q: 'w>(
    mut ways: impl ExactSizeIterator<Item = &'w Way<'q>>,
    at: usize,
    open: &mut [u64],
) {
    if ways.len() == 1 {
        return ways.for_each(|way| way.narrow(at, open));
    }
    let mut hits = vec![0; open.len()];
    let mut rest = open.to_vec();
    for way in &mut ways {
        way.narrow(at, &mut rest);
        for ((hits, rest), open) in hits.iter_mut().zip(&mut rest).zip(&*open) {
            *hits |= *rest;
            *rest = open & !*hits;
        }
    }
    open.copy_from_slice(&hits);
}

/// The answers of filled and of empty rows, where `hits` are those within what is asked for.
fn settled(filled: u64, hits: u64, if_in: bool, if_empty: bool) -> u64 {
    let answer = if if_in { hits } else { !hits };
    filled & answer | !filled & all_if(if_empty)
}

/// Asks the candidates among 64 records, as the row engine does.
fn asked_of_records<R: Row>(
    candidates: u64,
    row: impl Fn(usize) -> Option<R>,
    test: &Test,
    found: &[Arc<Found>],
) -> u64 {
    let (mut places, mut rows) = (Vec::with_capacity(WORD), Vec::with_capacity(WORD));
    for place in each_bit(candidates) {
        if let Some(row) = row(place) {
            places.push(place);
            rows.push(row);
        }
    }
    let hits = test.matching(&rows, low(rows.len()), found);
    let met = places.iter().enumerate().filter(|(number, _)| hits >> number & 1 == 1);
    met.fold(0, |word, (_, place)| word | 1 << place)
}
