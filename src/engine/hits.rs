//! Codes of a dictionary that meet a test.

use fearless_simd::Simd;

use crate::bits::{Answering, Bits, WORD, answers, low};
use crate::table::column::{Codes, Dictionary};

/// The codes that meet a test.
#[derive(Debug)]
pub(super) enum Hits {
    /// These, or all but these.
    Few { codes: Vec<u32>, are_met: bool },
    /// Of each code 1 if it meets the test.
    Table(Vec<u8>),
}

impl Hits {
    /// Codes up to which 64 rows are compared with each at once.
    pub(super) const FEW: usize = 16;

    /// The shortest form for the answers of all codes.
    pub(super) fn new(answers: &Bits, codes: usize) -> Self {
        let (met, narrow) = (answers.count(), u32::try_from);
        let listed = |are_met: bool| {
            (0..codes)
                .filter(move |code| answers.has(*code) == are_met)
                .filter_map(|code| narrow(code).ok())
        };
        if met <= Self::FEW {
            Self::Few { codes: listed(true).collect(), are_met: true }
        } else if codes - met <= Self::FEW {
            Self::Few { codes: listed(false).collect(), are_met: false }
        } else {
            Self::Table((0..codes).map(|code| u8::from(answers.has(code))).collect())
        }
    }

    /// What it costs, by experience, to ask one row.
    pub(super) fn cost(&self) -> u32 {
        match self {
            Self::Few { codes, .. } => 1 + u32::try_from(codes.len()).unwrap_or(u32::MAX),
            Self::Table(_) => 5,
        }
    }

    /// How many rows have one of the codes.
    pub(super) fn count(&self, dictionary: &Dictionary, rows: usize) -> usize {
        let of = |code: usize| match code {
            0 => rows - dictionary.filled().count(),
            _ => dictionary.count(code),
        };
        match self {
            Self::Few { codes, are_met } => {
                let count = codes.iter().map(|code| of(*code as usize)).sum();
                if *are_met { count } else { rows - count }
            }
            Self::Table(table) => {
                let met = table.iter().enumerate().filter(|(_, met)| **met == 1);
                met.map(|(code, _)| of(code)).sum()
            }
        }
    }

    /// Which rows have one of the codes; rows behind the last code are empty.
    pub(super) fn of<'h>(&'h self, codes: &'h Codes) -> HitsOf<'h> {
        HitsOf { hits: self, codes }
    }

    /// The answer for rows behind the last code, which are empty.
    fn is_met_by_empty(&self) -> bool {
        match self {
            Self::Few { codes, are_met } => codes.contains(&0) == *are_met,
            Self::Table(table) => table.first() == Some(&1),
        }
    }
}

/// The rows whose codes meet a test.
#[derive(Debug)]
pub(super) struct HitsOf<'h> {
    hits: &'h Hits,
    codes: &'h Codes,
}

impl Answering for HitsOf<'_> {
    #[inline(always)]
    fn word<S: Simd>(&self, simd: S, at: usize, _: u64) -> u64 {
        let there = low(self.codes.len().saturating_sub(at * WORD));
        let behind = if there != u64::MAX && self.hits.is_met_by_empty() { !there } else { 0 };
        self.coded(simd, at) & there | behind
    }
}

impl HitsOf<'_> {
    #[inline(always)]
    fn coded<S: Simd>(&self, simd: S, at: usize) -> u64 {
        let table = match self.hits {
            Hits::Few { codes, are_met } => {
                let hits = self.codes.among(simd, at, codes);
                return if *are_met { hits } else { !hits };
            }
            Hits::Table(table) => table,
        };
        let is_met = |code: usize| table.get(code).is_some_and(|met| *met == 1);
        match self.codes {
            Codes::Narrow(list) => answers(list, at, |code| is_met(usize::from(code))),
            Codes::Middle(list) => answers(list, at, |code| is_met(usize::from(code))),
            Codes::Wide(list) => answers(list, at, |code| is_met(code as usize)),
        }
    }
}
