//! 64 entries of a list compared at once, in vectors as wide as the processor has that this runs on.
//!
//! Code for vectors is compiled once for each kind of them, with all that is inlined into it. So what is here
//! is always inlined, and a kind is chosen for many words, not for each.

use fearless_simd::prelude::{SimdBase, SimdInt, SimdIntElement, SimdMask};
use fearless_simd::{Level, Simd, dispatch};

use super::{WORD, low, pack};

/// What says of 64 rows at once which of them meet a test.
pub(crate) trait Answering {
    /// Which rows of a word do; of those that are not among the candidates it may say anything.
    fn word<S: Simd>(&self, simd: S, at: usize, candidates: u64) -> u64;
}

/// Takes the rows out of `open`, from the word `at` on, that do not meet a test.
#[inline]
pub(crate) fn narrow(test: &impl Answering, at: usize, open: &mut [u64]) {
    dispatch!(Level::new(), simd => narrow_in(simd, test, at, open));
}

#[inline(always)]
fn narrow_in<S: Simd>(simd: S, test: &impl Answering, at: usize, open: &mut [u64]) {
    for (at, open) in (at..).zip(open) {
        if *open != 0 {
            *open &= test.word(simd, at, *open);
        }
    }
}

/// Combines each word with one of others.
#[inline]
pub(crate) fn combine<const OTHERS: usize>(
    words: &mut [u64],
    others: [&[u64]; OTHERS],
    by: impl Fn(u64, [u64; OTHERS]) -> u64,
) {
    dispatch!(Level::new(), _ => combine_in(words, others, by));
}

#[inline(always)]
fn combine_in<const OTHERS: usize>(
    words: &mut [u64],
    others: [&[u64]; OTHERS],
    by: impl Fn(u64, [u64; OTHERS]) -> u64,
) {
    let there = others.iter().map(|other| other.len()).min().unwrap_or(usize::MAX);
    let (there, behind) = words.split_at_mut(there.min(words.len()));
    let others_there = others.map(|other| other.get(..there.len()).unwrap_or_default());
    for (place, word) in there.iter_mut().enumerate() {
        *word = by(*word, others_there.map(|other| other.get(place).copied().unwrap_or(0)));
    }
    for (place, word) in (there.len()..).zip(behind) {
        *word = by(*word, others.map(|other| other.get(place).copied().unwrap_or(0)));
    }
}

/// How many bits are set.
pub(crate) fn count(words: &[u64]) -> usize {
    dispatch!(Level::new(), _ => count_in(words))
}

#[inline(always)]
fn count_in(words: &[u64]) -> usize {
    let bits: u64 = words.iter().map(|word| u64::from(word.count_ones())).sum();
    bits.try_into().unwrap_or(usize::MAX)
}

/// Entries that are compared in vectors.
pub(crate) trait Entry: SimdIntElement {
    /// The widest vector of them.
    type Vector<S: Simd>: SimdInt<S, Element = Self>;
}

macro_rules! entries {
    ($($entry:ty: $vector:ident,)*) => {$(
        impl Entry for $entry {
            type Vector<S: Simd> = S::$vector;
        }
    )*};
}
entries!(u8: u8s, u16: u16s, u32: u32s, u64: u64s, i8: i8s, i16: i16s, i32: i32s, i64: i64s,);

/// Which of the 64 entries of a word are one of some.
#[inline(always)]
pub(crate) fn among<E: Entry, S: Simd>(
    simd: S,
    list: &[E],
    word: usize,
    wanted: &(impl Iterator<Item = E> + Clone),
) -> u64 {
    each_vector::<E, S>(simd, list, word, |vector| {
        let is_one =
            |found: Mask<E, S>, one| found | vector.simd_eq(E::Vector::<S>::splat(simd, one));
        wanted.clone().fold(SimdMask::splat(simd, false), is_one)
    })
}

/// Which of the 64 entries of a word lie between two, or are one of these.
#[inline(always)]
pub(crate) fn within<E: Entry, S: Simd>(simd: S, list: &[E], word: usize, from: E, to: E) -> u64 {
    let [from, to] = [from, to].map(|end| E::Vector::<S>::splat(simd, end));
    each_vector::<E, S>(simd, list, word, |vector| vector.simd_ge(from) & vector.simd_le(to))
}

/// Which of the 64 entries of a word have the bits of a number where those of a mask are set.
#[inline(always)]
pub(crate) fn masked<S: Simd>(simd: S, list: &[u64], word: usize, mask: u64, wanted: u64) -> u64 {
    let [mask, wanted] = [mask, wanted].map(|bits| S::u64s::splat(simd, bits));
    each_vector::<u64, S>(simd, list, word, |vector| (vector & mask).simd_eq(wanted))
}

type Mask<E, S> = <<E as Entry>::Vector<S> as SimdBase<S>>::Mask;

/// The 64 entries of a word answered vector by vector; none behind the end are met.
#[inline(always)]
fn each_vector<E: Entry, S: Simd>(
    simd: S,
    list: &[E],
    word: usize,
    answer: impl Fn(E::Vector<S>) -> Mask<E, S>,
) -> u64 {
    let all = |entries: &[E; WORD]| {
        let length = E::Vector::<S>::LEN;
        (0..).step_by(length).zip(entries.chunks_exact(length)).fold(0, |hits, (place, chunk)| {
            hits | answer(E::Vector::<S>::from_slice(simd, chunk)).to_bitmask() << place
        })
    };
    let rest = list.get(word * WORD..).unwrap_or_default();
    if let Some(entries) = rest.first_chunk() {
        return all(entries);
    }
    let mut entries = [E::default(); WORD];
    entries.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    all(&entries) & low(rest.len())
}

/// Which of the 64 entries of a word meet a condition, as bits.
#[inline(always)]
pub(crate) fn answers<T: Copy>(list: &[T], word: usize, holds: impl Fn(T) -> bool) -> u64 {
    let rest = list.get(word * WORD..).unwrap_or_default();
    let mut answers = [0_u8; WORD];
    if let Some(entries) = rest.first_chunk::<WORD>() {
        for (answer, entry) in answers.iter_mut().zip(entries) {
            *answer = u8::from(holds(*entry));
        }
    } else {
        for (answer, entry) in answers.iter_mut().zip(rest) {
            *answer = u8::from(holds(*entry));
        }
    }
    pack(&answers)
}
