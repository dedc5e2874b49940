//! Columns of few different values: each is kept once, and the rows name it by a code.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use super::numbers::Codes;
use super::texts::Texts;

/// Texts that many rows share.
#[derive(Clone, Debug)]
pub(crate) struct Dictionary {
    /// Of each row the number of its text and 1, or 0 if it is empty.
    pub(crate) codes: Codes,
    pub(crate) texts: Texts,
    /// The numbers of the texts by their text.
    numbers: HashTable<u32>,
    hasher: RandomState,
    /// What rows one after another often share.
    last: u32,
}

impl Default for Dictionary {
    fn default() -> Self {
        Self {
            codes: Codes::Narrow(Vec::new()),
            texts: Texts::default(),
            numbers: HashTable::new(),
            hasher: RandomState::new(),
            last: 0,
        }
    }
}

impl Dictionary {
    pub(super) fn set(&mut self, row: usize, text: &str) {
        let code = if text.is_empty() { 0 } else { self.code(text) };
        self.codes.set(row, code);
    }

    /// The code of a text, which is not empty; a new one if it has none.
    fn code(&mut self, text: &str) -> u32 {
        if self.last != 0 && self.texts.text(self.last as usize - 1) == text {
            return self.last;
        }
        let Self { texts, numbers, hasher, .. } = self;
        let hash = hasher.hash_one(text);
        let found = numbers.find(hash, |number| texts.text(*number as usize) == text).copied();
        let number = found.unwrap_or_else(|| {
            let number = u32::try_from(texts.len()).unwrap_or(u32::MAX);
            texts.push(text);
            let hash_of = |number: &u32| hasher.hash_one(texts.text(*number as usize));
            numbers.insert_unique(hash, number, hash_of);
            number
        });
        self.last = number + 1;
        self.last
    }

    /// The text of a code; empty for 0.
    #[inline]
    pub(crate) fn text(&self, code: u32) -> &str {
        code.checked_sub(1).map_or("", |number| self.texts.text(number as usize))
    }

    pub(super) fn size(&self) -> (usize, usize) {
        let (texts, folded) = self.texts.size();
        (self.codes.size() + texts + self.numbers.capacity() * size_of::<u64>(), folded)
    }

    pub(super) fn shrink(&mut self) {
        self.codes.shrink();
        self.texts.shrink();
    }
}
