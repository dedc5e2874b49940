//! Rows of frequent values, which a column keeps as sets.

use fearless_simd::Simd;
use smallvec::SmallVec;

use super::hits::Hits;
use super::way::Answer;
use crate::bits::{Answering, Bits};
use crate::table::column::{Dictionary, Posting};

/// A test that only frequent values meet, or only they do not.
#[derive(Debug)]
pub(super) struct Posted<'q> {
    pub(super) dictionary: &'q Dictionary,
    /// The values, and whether empty rows are as theirs: few.
    pub(super) hits: Hits,
    postings: SmallVec<[&'q Posting; 1]>,
}

/// Sets of rows that are all the same to a test.
#[derive(Debug)]
pub(super) struct Sets<'q> {
    /// The rows of each value.
    of_values: SmallVec<[&'q Bits; 1]>,
    /// The rows that are not empty, if those that are belong to them.
    filled: Option<&'q Bits>,
    pub(super) are_met: bool,
}

impl<'q> Posted<'q> {
    /// Whether the sets are kept.
    pub(super) fn is_kept(&self) -> bool {
        self.postings.iter().all(|posting| posting.is_kept())
    }

    /// The sets, if they are kept, or are to be with so many further words.
    pub(super) fn sets(&self, words: usize) -> Option<Sets<'q>> {
        let Hits::Few { codes, are_met } = &self.hits else { return None };
        let rows = self.postings.iter().map(|posting| posting.rows(self.dictionary, words));
        // Each is asked, so that all are kept at once.
        let rows: SmallVec<[Option<&Bits>; 4]> = rows.collect();
        let of_values = rows.into_iter().collect::<Option<_>>()?;
        let filled = codes.contains(&0).then(|| self.dictionary.filled());
        Some(Sets { of_values, filled, are_met: *are_met })
    }
}

impl<'q> Sets<'q> {
    /// The only set, if there is one.
    pub(super) fn sole(&self) -> Option<&'q Bits> {
        match (&*self.of_values, self.filled) {
            ([set], None) => Some(set),
            _ => None,
        }
    }
}

impl Answering for Sets<'_> {
    #[inline(always)]
    fn word<S: Simd>(&self, _: S, at: usize, _: u64) -> u64 {
        let empty = self.filled.map_or(0, |filled| !filled.word(at));
        let any = self.of_values.iter().fold(empty, |word, set| word | set.word(at));
        if self.are_met { any } else { !any }
    }
}

impl<'q> Answer<'q> {
    /// The rows with codes that meet a test.
    pub(super) fn of_codes(dictionary: &'q Dictionary, hits: Hits) -> Self {
        let Hits::Few { codes, .. } = &hits else { return Self::Codes { dictionary, hits } };
        let texts = codes.iter().filter(|code| **code != 0);
        let postings: Option<SmallVec<_>> = texts.map(|code| dictionary.posting(*code)).collect();
        match postings.filter(|postings| !postings.is_empty()) {
            Some(postings) => Self::Posted(Posted { dictionary, hits, postings }),
            None => Self::Codes { dictionary, hits },
        }
    }
}
