//! Texts one after another, and the same folded to be searched all at once.

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::OnceLock;

use fearless_simd::Simd;
use memchr::memmem::Finder;

use super::grams::Grams;
use crate::bits::{Answering, WORD, each_bit, masked, pack};
use crate::operator::Place;
use crate::value::Case;

/// What stands between folded texts: a byte that no text holds.
const BETWEEN: u8 = 0xff;

/// A growing list of texts, each known by its number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts {
    raw: String,
    ends: Ends,
    folded: OnceLock<Folds>,
}

/// Folded texts, [`BETWEEN`] before, between and behind them.
#[derive(Clone, Debug)]
pub(crate) struct Folds {
    bytes: Vec<u8>,
    ends: Ends,
    /// The last bytes of each text, and those before them, once ends as long were asked for.
    tails: [OnceLock<Vec<u64>>; 2],
    grams: Grams,
}

/// Bytes of a tail.
const TAIL: usize = 8;

/// The last bytes as one number; 0 for those that are not there.
fn last_of(bytes: &[u8]) -> u64 {
    let mut last = [0; TAIL];
    last.iter_mut().rev().zip(bytes.iter().rev()).for_each(|(to, from)| *to = *from);
    u64::from_le_bytes(last)
}

/// Where texts end: growing numbers that mostly fit 32 bits.
#[derive(Clone, Debug, Default)]
struct Ends {
    low: Vec<u32>,
    /// The numbers of the texts with which the next 4 GiB begin.
    wraps: Vec<usize>,
}

impl Ends {
    fn push(&mut self, end: usize) {
        let high = end >> u32::BITS;
        while self.wraps.len() < high {
            self.wraps.push(self.low.len());
        }
        self.low.push(u32::try_from(end & u32::MAX as usize).unwrap_or_default());
    }

    #[inline]
    fn at(&self, number: usize) -> usize {
        let low = self.low.get(number).map_or(0, |low| *low as usize);
        if self.wraps.is_empty() {
            return low;
        }
        low | self.wraps.partition_point(|from| *from <= number) << u32::BITS
    }

    /// Where the text behind that end begins.
    #[inline]
    fn before(&self, number: usize) -> Option<usize> {
        number.checked_sub(1).map(|before| self.at(before))
    }

    /// The first text, not before `from`, that does not end before `place`.
    fn find(&self, place: usize, from: usize) -> usize {
        let mut step = 1;
        let (mut low, mut high) = (from, from);
        while high < self.low.len() && self.at(high) < place {
            low = high + 1;
            high += step;
            step *= 2;
        }
        let mut high = high.min(self.low.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.at(middle) < place {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    fn size(&self) -> usize {
        self.low.capacity() * size_of::<u32>()
    }
}

impl Texts {
    pub(crate) fn len(&self) -> usize {
        self.ends.low.len()
    }

    /// Bytes of all texts.
    pub(crate) fn bytes(&self) -> usize {
        self.raw.len()
    }

    /// Adds a text.
    pub(crate) fn push(&mut self, text: &str) {
        self.raw.push_str(text);
        self.ends.push(self.raw.len());
        if let Some(folds) = self.folded.get_mut() {
            folds.push(text);
        }
    }

    /// Adds empty texts until there are so many.
    pub(crate) fn fill(&mut self, length: usize) {
        while self.len() < length {
            self.push("");
        }
    }

    /// The text of that number; empty if there is none.
    #[inline]
    pub(crate) fn text(&self, number: usize) -> &str {
        let start = self.ends.before(number).unwrap_or(0);
        self.raw.get(start..self.ends.at(number)).unwrap_or_default()
    }

    /// The texts, folded when first asked for.
    pub(crate) fn folded(&self) -> &Folds {
        self.folded.get_or_init(|| {
            let mut folds = Folds {
                bytes: Vec::with_capacity(self.raw.len() + self.len() + 1),
                ends: Ends { low: Vec::with_capacity(self.len()), wraps: Vec::new() },
                tails: [OnceLock::new(), OnceLock::new()],
                grams: Grams::default(),
            };
            folds.bytes.push(BETWEEN);
            (0..self.len()).for_each(|number| folds.push(self.text(number)));
            folds
        })
    }

    /// Gives back room that is not used.
    pub(crate) fn shrink(&mut self) {
        self.raw.shrink_to_fit();
        self.ends.low.shrink_to_fit();
    }

    /// Bytes it takes up, and those of the folded texts.
    pub(crate) fn size(&self) -> (usize, usize) {
        let folded = self.folded.get().map_or(0, Folds::size);
        (self.raw.capacity() + self.ends.size(), folded)
    }
}

impl Folds {
    fn push(&mut self, text: &str) {
        let start = self.bytes.len();
        if text.is_ascii() {
            self.bytes.extend_from_slice(text.as_bytes());
            self.bytes.get_mut(start..).unwrap_or_default().make_ascii_lowercase();
        } else {
            self.bytes.extend_from_slice(Case::Ignore.fold(text).as_bytes());
        }
        self.ends.push(self.bytes.len());
        let end = self.bytes.len();
        let tails = [0, 1].map(|part| self.tail(end, part));
        for (known, tail) in self.tails.iter_mut().zip(tails) {
            if let Some(known) = known.get_mut() {
                known.push(tail);
            }
        }
        self.bytes.push(BETWEEN);
        self.grams.add(self.bytes.get(start - 1..).unwrap_or_default());
    }

    /// Bytes it takes up.
    fn size(&self) -> usize {
        let tails = self.tails.iter().filter_map(OnceLock::get).map(Vec::capacity).sum::<usize>();
        self.bytes.capacity() + self.ends.size() + tails * size_of::<u64>() + self.grams.size()
    }

    /// Whether no text holds what is sought, as far as that is known without a search: the more so once it was
    /// asked `often` times.
    pub(crate) fn lack(&self, sought: &Sought, often: u32) -> bool {
        self.grams.lack(&sought.marked, often, &self.bytes)
    }

    /// The folded text of that number.
    #[inline]
    pub(crate) fn text(&self, number: usize) -> &[u8] {
        let start = self.ends.before(number).map_or(1, |end| end + 1);
        self.bytes.get(start..self.ends.at(number)).unwrap_or_default()
    }

    /// Which of the 64 texts of a word are a text: only those of its length are looked at.
    #[inline(always)]
    fn equal(&self, at: usize, text: &[u8]) -> u64 {
        let (from, length) = (at * WORD, u32::try_from(text.len() + 1).unwrap_or(u32::MAX));
        let mut alike = [0_u8; WORD];
        let before = from.checked_sub(1).and_then(|before| self.ends.low.get(before..));
        let ends = self.ends.low.get(from..).unwrap_or_default();
        match (before.and_then(|list| list.first_chunk::<WORD>()), ends.first_chunk::<WORD>()) {
            (Some(starts), Some(ends)) => {
                for (alike, (start, end)) in alike.iter_mut().zip(starts.iter().zip(ends)) {
                    *alike = u8::from(end.wrapping_sub(*start) == length);
                }
            }
            _ => alike.iter_mut().zip(ends).for_each(|(alike, _)| *alike = 1),
        }
        let equal = |bit: &usize| self.text(from + bit) == text;
        each_bit(pack(&alike)).filter(equal).fold(0, |word, bit| word | 1 << bit)
    }

    /// Which of the 64 texts of a word end with a text, by the last bytes of each.
    #[inline(always)]
    fn ending<S: Simd>(&self, simd: S, at: usize, end: &[u8]) -> u64 {
        let mut alike = u64::MAX;
        let (mut rest, mut tail) = (end, self.tails.iter().enumerate());
        while !rest.is_empty() && alike != 0 {
            let Some((part, tails)) = tail.next() else {
                let ends = |bit: &usize| self.text(at * WORD + bit).ends_with(end);
                return each_bit(alike).filter(ends).fold(0, |word, bit| word | 1 << bit);
            };
            let tails = tails.get_or_init(|| {
                let numbers = 0..self.ends.low.len();
                numbers.map(|number| self.tail(self.ends.at(number), part)).collect()
            });
            let (front, last) = rest.split_at(rest.len().saturating_sub(TAIL));
            // What stands before a shorter text holds the mark between texts, which is in no text.
            let mask = u64::MAX << (8 * (TAIL - last.len()));
            let wanted = last_of(last);
            alike &= masked(simd, tails, at, mask, wanted);
            rest = front;
        }
        alike
    }

    /// The last bytes of what ends at a place, or those before them.
    fn tail(&self, end: usize, part: usize) -> u64 {
        last_of(self.bytes.get(..end.saturating_sub(part * TAIL)).unwrap_or_default())
    }

    /// The first text of a range of numbers, none of them beyond the last text's, that holds what is sought.
    pub(crate) fn find(&self, sought: &Sought, texts: Range<usize>) -> Option<usize> {
        let end = self.ends.at(texts.end.checked_sub(1).filter(|last| texts.start <= *last)?);
        // The mark behind a text is the one before the next.
        let place = self.ends.before(texts.start).unwrap_or(0);
        let at = sought.finder().find(self.bytes.get(place..=end)?)?;
        Some(self.ends.find(place + at + usize::from(sought.is_at_start()), texts.start))
    }
}

/// Asks texts, by where they end or the last bytes of each, whether they are one or end with it.
#[derive(Debug)]
pub(crate) struct Ending<'t> {
    pub(crate) folds: &'t Folds,
    pub(crate) text: &'t [u8],
    pub(crate) is_whole: bool,
}

impl Answering for Ending<'_> {
    #[inline(always)]
    fn word<S: Simd>(&self, simd: S, at: usize, _: u64) -> u64 {
        if self.is_whole {
            return self.folds.equal(at, self.text);
        }
        self.folds.ending(simd, at, self.text)
    }
}

/// A folded text that is sought in many at once.
#[derive(Clone, Debug)]
pub(crate) struct Sought {
    /// With the marks that must stand beside it.
    marked: Box<[u8]>,
    place: Option<Place>,
    /// Finds it, once it was asked for.
    finder: OnceCell<Box<Finder<'static>>>,
}

impl Sought {
    /// What finds the texts that have `folded` at a place, or are it if there is no place. Nothing if
    /// it is empty: then there is nothing to seek.
    pub(crate) fn new(folded: &str, place: Option<Place>) -> Option<Self> {
        if folded.is_empty() {
            return None;
        }
        let mut marked = Vec::with_capacity(folded.len() + 2);
        marked.extend(is_at_start(place).then_some(BETWEEN));
        marked.extend_from_slice(folded.as_bytes());
        marked.extend(is_at_end(place).then_some(BETWEEN));
        let (marked, finder) = (marked.into(), OnceCell::new());
        Some(Self { marked, place, finder })
    }

    fn is_at_start(&self) -> bool {
        is_at_start(self.place)
    }

    fn folded(&self) -> &[u8] {
        let end = self.marked.len() - usize::from(is_at_end(self.place));
        self.marked.get(usize::from(self.is_at_start())..end).unwrap_or_default()
    }

    fn finder(&self) -> &Finder<'static> {
        self.finder.get_or_init(|| Box::new(Finder::new(&self.marked).into_owned()))
    }

    /// How texts are asked by their ends, if values must be the text or end with it.
    pub(crate) fn ending<'t>(&'t self, folds: &'t Folds) -> Option<Ending<'t>> {
        let is_whole = match self.place {
            None => true,
            Some(Place::End) => false,
            Some(Place::Start | Place::Anywhere) => return None,
        };
        Some(Ending { folds, text: self.folded(), is_whole })
    }

    /// Whether one folded text holds it.
    #[inline]
    pub(crate) fn is_held(&self, text: &[u8]) -> bool {
        match self.place {
            None => *text == *self.folded(),
            Some(Place::Start) => text.starts_with(self.folded()),
            Some(Place::End) => text.ends_with(self.folded()),
            Some(Place::Anywhere) => self.finder().find(text).is_some(),
        }
    }
}

fn is_at_start(place: Option<Place>) -> bool {
    matches!(place, None | Some(Place::Start))
}

fn is_at_end(place: Option<Place>) -> bool {
    matches!(place, None | Some(Place::End))
}
