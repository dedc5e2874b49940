//! What each way does: it takes the rows that do not meet its test out of many.

use std::ops::RangeInclusive;
use std::sync::Arc;

use fearless_simd::Simd;

use super::index::Index;
use super::posted::Posted;
use super::search::Search;
use super::way::{Answer, Asked, FEW_WANTED, Way, Word};
use crate::bits::{Answering, Bits, WORD, answers, combine, each_bit, low, narrow};
use crate::filter::{Found, Row, Test};
use crate::operator::Relation;
use crate::table::column::{Ids, Lane, Numbers, Own, Typed};

/// Candidates among 64 up to which each is asked rather than all texts searched.
const FEW: u32 = 4;

impl Answer<'_> {
    /// Takes the rows out of `open`, from the word `at` on, that it does not hold for.
    #[inline]
    pub(super) fn narrow(&self, at: usize, open: &mut [u64]) {
        match self {
            Self::Never => open.fill(0),
            Self::Joined => {}
            Self::Rows(rows) => each(at, open, |at, _| rows.word(at)),
            Self::Index(index) => narrow_to_index(index, at, open),
            Self::Ranks(ranks) => narrow(ranks, at, open),
            Self::Filled { filled, if_filled, if_empty } => {
                narrow_to_filled(filled, [*if_filled, *if_empty], at, open);
            }
            Self::Flags { filled, flags, answers } => {
                narrow_to_flags([filled, flags], *answers, at, open);
            }
            Self::Spans { filled, numbers, spans, if_in, if_empty, .. } => {
                let test = Spanned { numbers, spans };
                narrow(&Settled { filled, test, if_in: *if_in, if_empty: *if_empty }, at, open);
            }
            Self::Ids { filled, ids, wanted, if_in, if_empty } => {
                let test = Named { ids, wanted };
                narrow(&Settled { filled, test, if_in: *if_in, if_empty: *if_empty }, at, open);
            }
            Self::Codes { dictionary, hits } => narrow(&hits.of(&dictionary.codes), at, open),
            Self::Posted(posted) => narrow_to_posted(posted, at, open),
            Self::Late(late) => late.narrow(at, open),
            Self::Search { own, search, asked } => narrow_to_found(own, search, *asked, at, open),
            Self::Pairs { left, right, relation, if_empty } => each(at, open, |at, open| {
                paired([left, right], *relation, at, open)
                    | !filled_in([left, right], at) & all_if(*if_empty)
            }),
            Self::Values(asked) => each(at, open, |at, open| asked.word(at, open)),
            Self::Words(words) => every_word(words, at, open),
            Self::Records { tables, table, place, test, found } => each(at, open, |at, open| {
                let row = |number: usize| tables.record_of(table, *place, at * WORD + number);
                asked_of_records(open, row, test, found)
            }),
        }
    }
}

fn narrow_to_index(index: &Index<'_>, at: usize, open: &mut [u64]) {
    match index.scan(open.len()) {
        Some(scan) => scan.narrow(at, open),
        None => combine(open, [index.set().words(at)], |open, [set]| open & set),
    }
}

fn narrow_to_posted(posted: &Posted<'_>, at: usize, open: &mut [u64]) {
    let Some(sets) = posted.sets(open.len()) else {
        return narrow(&posted.hits.of(&posted.dictionary.codes), at, open);
    };
    let flip = all_if(!sets.are_met);
    match sets.sole() {
        Some(set) => combine(open, [set.words(at)], |open, [set]| open & (set ^ flip)),
        None => narrow(&sets, at, open),
    }
}

/// Takes the rows out of `open` that do not meet a test which asks only whether there is a value.
fn narrow_to_filled(filled: &Bits, answers: [bool; 2], at: usize, open: &mut [u64]) {
    let filled = [filled.words(at)];
    match answers {
        [true, false] => combine(open, filled, |open, [filled]| open & filled),
        [false, true] => combine(open, filled, |open, [filled]| open & !filled),
        [true, true] => {}
        [false, false] => open.fill(0),
    }
}

/// The same for truth values: `answers` are those for true, for false and for none.
fn narrow_to_flags(sets: [&Bits; 2], answers: [bool; 3], at: usize, open: &mut [u64]) {
    let [if_true, if_false, if_empty] = answers.map(all_if);
    // No flag is set where there is no value.
    combine(open, sets.map(|set| set.words(at)), |open, [filled, flags]| {
        open & (flags & if_true | filled & !flags & if_false | !filled & if_empty)
    });
}

/// Takes the texts out of `open` that do not hold what is sought; a few are sooner asked than sought.
fn narrow_to_found(own: &Own, search: &Search, asked: Asked<'_>, at: usize, open: &mut [u64]) {
    let (filled, if_in, if_empty) =
        (&own.filled, asked.predicate.settle(true), asked.predicate.on_empty());
    if let Some(test) = search.ending(own) {
        return narrow(&Settled { filled, test, if_in, if_empty }, at, open);
    }
    each(at, open, |at, open| {
        if open.count_ones() <= FEW {
            return asked.word(at, open);
        }
        settled(filled.word(at), search.word(own, at), if_in, if_empty)
    });
}

/// Narrows words that have candidates to those of an answer.
#[inline]
pub(super) fn each(at: usize, open: &mut [u64], answer: impl Fn(usize, u64) -> u64) {
    for (at, open) in (at..).zip(open) {
        if *open != 0 {
            *open &= answer(at, *open);
        }
    }
}

/// Takes the rows out of `open` that do not hold every word in one of its columns.
fn every_word(words: &[Word<'_>], at: usize, open: &mut [u64]) {
    for word in words {
        if open.iter().all(|open| *open == 0) {
            return;
        }
        narrow_to_any(word.ways().iter(), at, open);
    }
}

/// Rows whose number lies in one of some ranges, which are in order.
struct Spanned<'t> {
    numbers: &'t Numbers,
    spans: &'t [RangeInclusive<i64>],
}

impl Answering for Spanned<'_> {
    #[inline(always)]
    fn word<S: Simd>(&self, simd: S, at: usize, candidates: u64) -> u64 {
        let Self { numbers, spans } = self;
        if spans.len() <= FEW_WANTED {
            return spans.iter().fold(0, |hits, span| hits | numbers.within(simd, at, span));
        }
        let is_in = |bit: &usize| {
            let number = numbers.at(at * WORD + bit);
            let place = spans.partition_point(|span| *span.end() < number);
            spans.get(place).is_some_and(|span| *span.start() <= number)
        };
        each_bit(candidates).filter(is_in).fold(0, |word, bit| word | 1 << bit)
    }
}

/// Rows whose id is one of some, which are in order.
struct Named<'t> {
    ids: &'t Ids,
    wanted: &'t [u128],
}

impl Answering for Named<'_> {
    #[inline(always)]
    fn word<S: Simd>(&self, _: S, at: usize, candidates: u64) -> u64 {
        let Self { ids, wanted } = self;
        if wanted.len() <= FEW_WANTED {
            let is = |id: u128| answers(ids.all(), at, |other| other == id);
            return wanted.iter().fold(0, |hits, id| hits | is(*id));
        }
        let is_in = |bit: &usize| wanted.binary_search(&ids.at(at * WORD + bit)).is_ok();
        each_bit(candidates).filter(is_in).fold(0, |word, bit| word | 1 << bit)
    }
}

/// A test of values, and what becomes of rows that have none.
struct Settled<'t, T> {
    filled: &'t Bits,
    test: T,
    /// The answer for values that meet the test; the others have the other.
    if_in: bool,
    if_empty: bool,
}

impl<T: Answering> Answering for Settled<'_, T> {
    #[inline(always)]
    fn word<S: Simd>(&self, simd: S, at: usize, candidates: u64) -> u64 {
        let hits = self.test.word(simd, at, candidates);
        settled(self.filled.word(at), hits, self.if_in, self.if_empty)
    }
}

/// Rows whose two numbers stand in a relation.
fn paired(lanes: [&Typed<Lane>; 2], relation: Relation, at: usize, open: u64) -> u64 {
    let [left, right] = lanes.map(|typed| &typed.form.numbers);
    let holds = |bit: &usize| {
        let row = at * WORD + bit;
        relation.accepts(left.at(row).cmp(&right.at(row)))
    };
    each_bit(open & filled_in(lanes, at)).filter(holds).fold(0, |word, bit| word | 1 << bit)
}

fn filled_in(lanes: [&Typed<Lane>; 2], at: usize) -> u64 {
    lanes.iter().fold(u64::MAX, |both, typed| both & typed.filled.word(at))
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
#[inline]
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

fn all_if(condition: bool) -> u64 {
    if condition { u64::MAX } else { 0 }
}
