//! Few rows out of many.

use std::ops::Range;

use crate::bits::WORD;

/// Rows by the word they stand in; words without any are left out.
#[derive(Clone, Debug, Default)]
pub(super) struct Sparse {
    words: Vec<(usize, u64)>,
}

impl Sparse {
    pub(super) fn of(mut rows: Vec<u32>) -> Self {
        rows.sort_unstable();
        let mut words: Vec<(usize, u64)> = Vec::new();
        for row in rows {
            let (at, bit) = (row as usize / WORD, 1 << (row as usize % WORD));
            match words.last_mut() {
                Some((last, word)) if *last == at => *word |= bit,
                _ => words.push((at, bit)),
            }
        }
        Self { words }
    }

    #[inline]
    pub(super) fn word(&self, at: usize) -> u64 {
        let found = self.words.binary_search_by_key(&at, |(at, _)| *at);
        found.ok().and_then(|place| self.words.get(place)).map_or(0, |(_, word)| *word)
    }

    /// The words that hold any.
    pub(super) fn places(&self) -> impl ExactSizeIterator<Item = usize> {
        self.words.iter().map(|(at, _)| *at)
    }

    /// The same of a range, with what they hold.
    pub(super) fn within(&self, range: Range<usize>) -> impl Iterator<Item = (usize, u64)> {
        let from = self.words.partition_point(|(at, _)| *at < range.start);
        let rest = self.words.get(from..).unwrap_or_default();
        rest.iter().copied().take_while(move |(at, _)| *at < range.end)
    }

    /// Number of rows.
    pub(super) fn count(&self) -> usize {
        self.words.iter().map(|(_, word)| word.count_ones() as usize).sum()
    }
}
