//! Few rows out of many.

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
}
