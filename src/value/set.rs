//! Sets of folded texts.

use super::ascii::Ends;
use super::{Case, Folded};

/// Bits of a word.
const WORD: usize = u64::BITS as usize;

/// Up to so many texts are looked through faster than searched.
const FEW: usize = 8;
/// Bits for each text: one text in so many that are not in the set is not told at a glance.
const MARKS_A_TEXT: usize = 32;

/// Texts of one case, prepared once to look values up in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoldedSet {
    case: Case,
    /// The ends of each text, in order.
    ends: Vec<Ends>,
    /// Bits by which most other texts are told at a glance: those of the texts' hashes.
    marks: Box<[u64]>,
    texts: Vec<Folded>,
}

impl FoldedSet {
    /// The texts given, in any order.
    pub fn new(mut texts: Vec<Folded>) -> Self {
        let ends = |text: &Folded| Ends::of(text.as_str().as_bytes());
        texts.sort_by_cached_key(ends);
        let case = texts.first().map_or(Case::Ignore, Folded::case);
        let ends: Vec<Ends> = texts.iter().map(ends).collect();
        let words = (ends.len() * MARKS_A_TEXT / WORD).next_power_of_two();
        let mut marks = vec![0; words].into_boxed_slice();
        for ends in &ends {
            let (at, bit) = mark(*ends, words);
            if let Some(word) = marks.get_mut(at) {
                *word |= bit;
            }
        }
        Self { case, ends, marks, texts }
    }

    /// Whether case counts.
    pub(crate) fn case(&self) -> Case {
        self.case
    }

    /// The texts, each in its folded form, in no order to rely on.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.texts.iter().map(Folded::as_str)
    }

    /// Whether `value` is one of the texts.
    #[inline]
    pub fn contains(&self, value: &str) -> bool {
        if self.case == Case::Distinguish {
            return self.like(Ends::of(value.as_bytes())).any(|text| text.as_str() == value);
        }
        let ends = Ends::of(value.as_bytes());
        if self.texts.len() <= FEW {
            if ends.are_whole() && ends.are_ascii() {
                // Looked at to the end, since the processor could not foresee where one stands.
                return self.ends.iter().fold(0, |equal, other| equal | u8::from(*other == ends))
                    != 0;
            }
            return self.texts.iter().any(|text| text.equals(value));
        }
        if value.is_ascii() {
            return self.like(ends).any(|text| text.equals(value));
        }
        let folded = self.case.fold(value);
        self.like(Ends::of(folded.as_bytes())).any(|text| text.as_str() == folded)
    }

    /// The texts with those ends.
    fn like(&self, ends: Ends) -> impl Iterator<Item = &Folded> {
        let (at, bit) = mark(ends, self.marks.len());
        let is_marked = self.marks.get(at).is_some_and(|word| word & bit != 0);
        let start = if is_marked {
            self.ends.partition_point(|other| *other < ends)
        } else {
            self.ends.len()
        };
        let from_start = self.ends.iter().zip(&self.texts).skip(start);
        from_start.take_while(move |(other, _)| **other == ends).map(|(_, text)| text)
    }
}

/// Where the mark of a text with those ends stands, in so many words.
#[inline]
fn mark(ends: Ends, words: usize) -> (usize, u64) {
    let hash = ends.hash();
    let at = usize::try_from(hash >> 32).unwrap_or(0) & (words - 1);
    (at, 1 << (hash % WORD as u64))
}
