//! The rows of frequent values as sets, which are kept once they were scanned for.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::Dictionary;
use crate::bits::{Bits, WORD};

/// A value is frequent that one row in so many has: so no more of them can be at a time.
const SHARE: usize = 16;

/// The frequent values of a dictionary that were asked for, without gaps.
#[derive(Debug, Default)]
pub(super) struct Postings(OnceLock<Box<[OnceLock<Posting>; SHARE]>>);

/// The rows of one value.
#[derive(Debug)]
pub(crate) struct Posting {
    code: u32,
    /// Words of rows that were scanned for it.
    scanned: AtomicUsize,
    rows: OnceLock<Bits>,
}

impl Clone for Postings {
    /// None: they are made anew when needed.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Posting {
    /// The rows, if they are kept, or were scanned for so often, with so many words now, that keeping them
    /// would have been less work.
    pub(crate) fn rows(&self, dictionary: &Dictionary, words: usize) -> Option<&Bits> {
        if self.rows.get().is_none() {
            let scanned = self.scanned.fetch_add(words, Ordering::Relaxed);
            return (scanned >= dictionary.codes.len().div_ceil(WORD))
                .then(|| self.rows.get_or_init(|| dictionary.rows_of(self.code)));
        }
        self.rows.get()
    }

    /// Whether they are kept.
    pub(crate) fn is_kept(&self) -> bool {
        self.rows.get().is_some()
    }
}

impl Postings {
    /// That of a code which so many of all rows have, if it is frequent.
    pub(super) fn of(&self, code: u32, count: usize, all: usize) -> Option<&Posting> {
        if count.saturating_mul(SHARE) < all {
            return None;
        }
        let new = || Posting { code, scanned: AtomicUsize::new(0), rows: OnceLock::new() };
        let mut known = self.0.get_or_init(Box::default).iter().map(|place| place.get_or_init(new));
        known.find(|posting| posting.code == code)
    }

    /// Takes note that a row has another code now.
    pub(super) fn set(&mut self, row: usize, codes: [u32; 2]) {
        let known = self.0.get_mut().into_iter().flat_map(|known| known.iter_mut());
        for Posting { code, rows, .. } in known.map_while(OnceLock::get_mut) {
            if let Some(rows) = rows.get_mut().filter(|_| codes.contains(code)) {
                rows.set(row, codes.ends_with(&[*code]));
            }
        }
    }

    /// Gives up those of codes that by far are no longer frequent; `count` says how many of all rows have one.
    pub(super) fn drop_rare(&mut self, count: impl Fn(u32) -> usize, all: usize) {
        let Some(known) = self.0.get_mut() else { return };
        let is_frequent = |known: &Posting| count(known.code).saturating_mul(SHARE * 2) >= all;
        let mut kept = 0;
        for at in 0..SHARE {
            let posting = known.get_mut(at).and_then(OnceLock::take);
            if let Some(posting) = posting.filter(is_frequent)
                && let Some(place) = known.get_mut(kept)
            {
                *place = posting.into();
                kept += 1;
            }
        }
    }

    /// Bytes they take up.
    pub(super) fn size(&self) -> usize {
        let known = self.0.get().into_iter().flat_map(|known| known.iter());
        known.filter_map(|place| place.get()?.rows.get()).map(Bits::size).sum()
    }
}
