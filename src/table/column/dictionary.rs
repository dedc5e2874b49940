//! Columns of few different values: each is kept once, and the rows name it by a code.

use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;

use fearless_simd::Simd;
use hashbrown::HashTable;

use super::numbers::Codes;
use super::postings::{Posting, Postings};
use super::texts::Texts;
use crate::bits::{Answering, Bits, WORD, low};

/// Texts that many rows share.
#[derive(Clone, Debug)]
pub(crate) struct Dictionary {
    /// Of each row the number of its text and 1, or 0 if it is empty.
    pub(crate) codes: Codes,
    pub(crate) texts: Texts,
    /// How many rows have each text.
    counts: Vec<u32>,
    /// Bytes of the texts that no row has any more.
    unused: usize,
    /// Rows that have one, once it was asked for.
    filled: OnceLock<Bits>,
    postings: Postings,
    /// The numbers of the texts by their text.
    numbers: HashTable<u32>,
    hasher: RandomState,
    /// What rows one after another often share.
    last: u32,
}

/// Asks rows whether they have a code.
struct Having<'c> {
    codes: &'c Codes,
    code: u32,
}

impl Answering for Having<'_> {
    #[inline(always)]
    fn word<S: Simd>(&self, simd: S, at: usize, _: u64) -> u64 {
        self.codes.among(simd, at, &[self.code])
    }
}

impl Default for Dictionary {
    fn default() -> Self {
        Self {
            codes: Codes::Narrow(Vec::new()),
            texts: Texts::default(),
            counts: Vec::new(),
            unused: 0,
            filled: OnceLock::new(),
            postings: Postings::default(),
            numbers: HashTable::new(),
            hasher: RandomState::new(),
            last: 0,
        }
    }
}

impl Dictionary {
    pub(super) fn set(&mut self, row: usize, text: &str) {
        let code = if text.is_empty() { 0 } else { self.code(text) };
        let (before, length) = (self.codes.at(row), self.codes.len());
        self.codes.set(row, code);
        if let Some(filled) = self.filled.get_mut() {
            filled.set(row, code != 0);
        }
        self.postings.set(row, [before, code]);
        if let Some(at) = place(before)
            && let Some(count) = self.counts.get_mut(at)
        {
            *count -= 1;
            self.unused += if *count == 0 { self.texts.text(at).len() } else { 0 };
        }
        if let Some(at) = place(code)
            && let Some(count) = self.counts.get_mut(at)
        {
            self.unused -= if *count == 0 { self.texts.text(at).len() } else { 0 };
            *count += 1;
        }
        // A value becomes rare as it is lost, or as others come in.
        if before != 0 || length.checked_ilog2() != self.codes.len().checked_ilog2() {
            let Self { postings, counts, codes, .. } = self;
            postings.drop_rare(|code| count_of(counts, code as usize), codes.len());
        }
    }

    /// Whether texts that no row has any more take more room than all else.
    pub(super) fn is_wasteful(&self) -> bool {
        const LEAST: usize = 64 * 1024;
        const ROW: usize = 8;
        self.unused > LEAST && self.unused > self.texts.bytes() / 2 + self.codes.len() * ROW
    }

    /// How many rows have the text of a code, which is not 0.
    pub(crate) fn count(&self, code: usize) -> usize {
        count_of(&self.counts, code)
    }

    /// The rows that are not empty.
    pub(crate) fn filled(&self) -> &Bits {
        self.filled.get_or_init(|| {
            let (length, empty) = (self.codes.len(), self.rows_of(0));
            (0..length.div_ceil(WORD)).map(|at| empty.word(at) ^ low(length - at * WORD)).collect()
        })
    }

    /// What is kept of the rows with a code that is not 0, if it is frequent.
    pub(crate) fn posting(&self, code: u32) -> Option<&Posting> {
        self.postings.of(code, self.count(code as usize), self.codes.len())
    }

    /// The rows with a code.
    pub(super) fn rows_of(&self, code: u32) -> Bits {
        Bits::met(self.codes.len(), &Having { codes: &self.codes, code })
    }

    /// The code of a text, which is not empty; a new one if it has none.
    fn code(&mut self, text: &str) -> u32 {
        if self.last != 0 && self.texts.text(self.last as usize - 1) == text {
            return self.last;
        }
        let Self { texts, counts, unused, numbers, hasher, .. } = self;
        let hash = hasher.hash_one(text);
        let found = numbers.find(hash, |number| texts.text(*number as usize) == text).copied();
        let number = found.unwrap_or_else(|| {
            let number = u32::try_from(texts.len()).unwrap_or(u32::MAX);
            texts.push(text);
            counts.push(0);
            *unused += text.len();
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
        let counts = self.counts.capacity() * size_of::<u32>();
        let filled = self.filled.get().map_or(0, Bits::size);
        (
            self.codes.size() + texts + counts + self.numbers.allocation_size(),
            folded + filled + self.postings.size(),
        )
    }

    pub(super) fn shrink(&mut self) {
        self.codes.shrink();
        self.texts.shrink();
        self.counts.shrink_to_fit();
    }
}

/// How many rows have a code that is not 0.
fn count_of(counts: &[u32], code: usize) -> usize {
    code.checked_sub(1).and_then(|at| counts.get(at)).map_or(0, |count| *count as usize)
}

/// Where the text of a code stands.
fn place(code: u32) -> Option<usize> {
    code.checked_sub(1).map(|place| place as usize)
}
