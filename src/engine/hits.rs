//! Codes of a dictionary that meet a test.

use crate::bits::{Bits, WORD, low};
use crate::table::column::{Codes, Dictionary, answers};

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

    /// Which of 64 rows have one of the codes; rows behind the last code are empty.
    #[inline]
    pub(super) fn word(&self, codes: &Codes, at: usize) -> u64 {
        let there = low(codes.len().saturating_sub(at * WORD));
        let behind = if there != u64::MAX && self.is_met_by_empty() { !there } else { 0 };
        self.of(codes, at) & there | behind
    }

    #[inline]
    fn of(&self, codes: &Codes, at: usize) -> u64 {
        match self {
            Self::Few { codes: few, are_met } => {
                let hits = codes.among(at, few);
                if *are_met { hits } else { !hits }
            }
            Self::Table(table) => {
                let is_met = |code: usize| table.get(code).is_some_and(|met| *met == 1);
                match codes {
                    Codes::Narrow(list) => answers(list, at, |code| is_met(usize::from(code))),
                    Codes::Middle(list) => answers(list, at, |code| is_met(usize::from(code))),
                    Codes::Wide(list) => answers(list, at, |code| is_met(code as usize)),
                }
            }
        }
    }

    /// The answer for rows behind the last code, which are empty.
    fn is_met_by_empty(&self) -> bool {
        match self {
            Self::Few { codes, are_met } => codes.contains(&0) == *are_met,
            Self::Table(table) => table.first() == Some(&1),
        }
    }
}
