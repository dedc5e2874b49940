//! How a test is answered for 64 rows at once: by their columns, in the way that costs least.

use std::ops::RangeInclusive;
use std::sync::Arc;

use super::analysis::Means;
use super::hits::Hits;
use super::search::Search;
use super::sparse::Sparse;
use crate::bits::{Bits, WORD, each_bit, low};
use crate::filter::{Found, Predicate, Row, Test};
use crate::table::column::{Codes, Column, Ids, Numbers, Own, answers};
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
    Codes { codes: &'q Codes, hits: Hits },
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
    /// Which of the candidates among 64 rows meet the test, as bits.
    #[inline]
    pub(super) fn word(&self, at: usize, candidates: u64) -> u64 {
        if candidates == 0 {
            return 0;
        }
        let Some((rows, asked)) = &self.exceptions else {
            return self.answer.word(at, candidates);
        };
        let odd = rows.word(at) & candidates;
        let regular = candidates & !odd;
        let hits = if regular == 0 { 0 } else { self.answer.word(at, regular) };
        if odd == 0 { hits } else { hits | asked.word(at, odd) }
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
            Answer::Codes { hits: Hits::One { .. }, .. } => 2,
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
    fn word(&self, at: usize, candidates: u64) -> u64 {
        let hits = match self {
            Self::Never => 0,
            Self::Rows(rows) => rows.word(at),
            Self::Filled { filled, if_filled, if_empty } => {
                let filled = filled.word(at);
                filled & all_if(*if_filled) | !filled & all_if(*if_empty)
            }
            Self::Flags { filled, flags, if_true, if_false, if_empty } => {
                let (filled, flags) = (filled.word(at), flags.word(at));
                let answer = flags & all_if(*if_true) | !flags & all_if(*if_false);
                filled & answer | !filled & all_if(*if_empty)
            }
            Self::Spans { filled, numbers, spans, if_in, if_empty } => {
                let within = |hits, span| hits | numbers.within(at, span);
                settled(filled.word(at), spans.iter().fold(0, within), *if_in, *if_empty)
            }
            Self::Ids { filled, ids, wanted, if_in, if_empty } => {
                let is = |hits, id: &u128| hits | answers(ids.all(), at, |other| other == *id);
                settled(filled.word(at), wanted.iter().fold(0, is), *if_in, *if_empty)
            }
            Self::Codes { codes, hits } => hits.word(codes, at),
            // A few are sooner asked than sought.
            Self::Search { asked, .. } if candidates.count_ones() <= FEW => {
                asked.word(at, candidates)
            }
            Self::Search { own, search, asked: Asked { predicate, .. } } => {
                let hits = search.word(own, at);
                settled(own.filled.word(at), hits, predicate.settle(true), predicate.on_empty())
            }
            Self::Values(asked) => asked.word(at, candidates),
            Self::Words(words) => every_word(words, at, candidates),
            Self::Records { tables, table, place, test, found } => {
                let row = |number: usize| tables.record_of(table, *place, at * WORD + number);
                return asked_of_records(candidates, row, test, found);
            }
        };
        hits & candidates
    }
}

/// Which rows hold every word in one of its columns.
fn every_word(words: &[Vec<Way<'_>>], at: usize, candidates: u64) -> u64 {
    let any = |word: &Vec<Way<'_>>, open: u64| {
        word.iter().fold(0, |hits, way| hits | way.word(at, open & !hits))
    };
    words.iter().fold(candidates, |open, word| any(word, open))
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
