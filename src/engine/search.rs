//! A text sought in all texts of a column as one.

use std::cell::Cell;

use crate::bits::WORD;
use crate::table::column::{Ending, Own, Sought};

/// A search that goes on where it stopped.
#[derive(Debug)]
pub(super) struct Search {
    sought: Sought,
    /// No text between these two holds it; the second does, unless it is behind the last.
    gap: Cell<(usize, usize)>,
    /// Whether the texts last asked held it so often that looking at each is less work.
    is_frequent: Cell<bool>,
}

impl Search {
    pub(super) fn new(sought: Sought) -> Self {
        Self { sought, gap: Cell::new((usize::MAX, 0)), is_frequent: Cell::new(false) }
    }

    /// How texts are asked by their ends, if that is enough.
    pub(super) fn ending<'t>(&'t self, own: &'t Own) -> Option<Ending<'t>> {
        self.sought.ending(own.texts.folded())
    }

    /// Which of 64 texts hold what is sought.
    pub(super) fn word(&self, own: &Own, at: usize) -> u64 {
        const OFTEN: u32 = 12;
        let folds = own.texts.folded();
        let hits = if self.is_frequent.get() {
            let holds = |hits, bit| {
                hits | u64::from(self.sought.is_held(folds.text(at * WORD + bit))) << bit
            };
            (0..WORD).fold(0, holds)
        } else {
            self.found(own, at)
        };
        self.is_frequent.set(hits.count_ones() > OFTEN);
        hits
    }

    fn found(&self, own: &Own, at: usize) -> u64 {
        let (from, to) = (at * WORD, (at + 1) * WORD);
        let (mut hits, mut next) = (0, from);
        while next < to {
            let hit = match self.gap.get() {
                (start, end) if start <= next && next <= end => end,
                _ => {
                    let found = own.texts.folded().find(&self.sought, next..own.texts.len());
                    let found = found.unwrap_or(usize::MAX);
                    self.gap.set((next, found));
                    found
                }
            };
            if hit >= to {
                break;
            }
            hits |= 1 << (hit - from);
            next = hit + 1;
        }
        hits
    }
}
