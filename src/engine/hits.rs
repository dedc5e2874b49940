//! Codes of a dictionary that meet a test.

use std::cell::OnceCell;

use fearless_simd::Simd;

use crate::bits::{Answering, Bits, WORD, answers, low};
use crate::table::column::{Codes, Dictionary};

/// The codes that meet a test.
#[derive(Debug)]
pub(super) enum Hits {
    /// These, or all but these.
    Few { codes: Vec<u32>, are_met: bool },
    /// Of each code 1 if it meets the test; and how many rows have one that does, once that was asked.
    Table(Vec<u8>, OnceCell<usize>),
}

impl Hits {
    /// Codes up to which 64 rows are compared with each at once.
    pub(super) const FEW: usize = 16;

    /// The shortest form for the answers of all codes.
    pub(super) fn new(answers: &Bits, codes: usize) -> Self {
        Self::of_table((0..codes).map(|code| u8::from(answers.has(code))).collect())
    }

    /// The same of each code's answer, 1 if it meets the test.
    pub(super) fn of_table(table: Vec<u8>) -> Self {
        let met: usize = table.iter().map(|met| usize::from(*met)).sum();
        let listed = |are_met: bool| {
            let codes = (0..).zip(&table).filter(|(_, met)| (**met == 1) == are_met);
            Self::Few { codes: codes.map(|(code, _)| code).collect(), are_met }
        };
        if met <= Self::FEW {
            listed(true)
        } else if table.len() - met <= Self::FEW {
            listed(false)
        } else {
            Self::Table(table, OnceCell::new())
        }
    }

    /// What it costs, by experience, to ask one row.
    pub(super) fn cost(&self) -> u32 {
        match self {
            Self::Few { codes, .. } => 1 + u32::try_from(codes.len()).unwrap_or(u32::MAX),
            Self::Table(..) => 5,
        }
    }

    /// How many of the rows of its dictionary have one of the codes.
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
            Self::Table(table, count) => *count.get_or_init(|| {
                let met = table.iter().enumerate().filter(|(_, met)| **met == 1);
                met.map(|(code, _)| of(code)).sum()
            }),
        }
    }

    /// Which rows have one of the codes; rows behind the last code are empty.
    pub(super) fn of<'h>(&'h self, codes: &'h Codes) -> HitsOf<'h> {
        let hits = match self {
            Self::Few { codes, are_met } => Form::Few(codes, *are_met),
            Self::Table(table, _) => Form::Table(table),
        };
        HitsOf { hits, codes }
    }
}

/// The rows whose codes meet a test.
#[derive(Debug)]
pub(super) struct HitsOf<'h> {
    hits: Form<'h>,
    codes: &'h Codes,
}

#[derive(Clone, Copy, Debug)]
enum Form<'h> {
    Few(&'h [u32], bool),
    Table(&'h [u8]),
}

impl<'h> HitsOf<'h> {
    /// The rows with a code that has 1 in a table.
    pub(super) fn table(table: &'h [u8], codes: &'h Codes) -> Self {
        Self { hits: Form::Table(table), codes }
    }
}

impl Answering for HitsOf<'_> {
    #[inline(always)]
    fn word<S: Simd>(&self, simd: S, at: usize, _: u64) -> u64 {
        let there = low(self.codes.len().saturating_sub(at * WORD));
        let behind = if there != u64::MAX && self.is_met_by_empty() { !there } else { 0 };
        self.coded(simd, at) & there | behind
    }
}

impl HitsOf<'_> {
    /// The answer for rows behind the last code, which are empty.
    fn is_met_by_empty(&self) -> bool {
        match self.hits {
            Form::Few(codes, are_met) => codes.contains(&0) == are_met,
            Form::Table(table) => table.first() == Some(&1),
        }
    }

    #[inline(always)]
    fn coded<S: Simd>(&self, simd: S, at: usize) -> u64 {
        let table = match self.hits {
            Form::Few(codes, are_met) => {
                let hits = self.codes.among(simd, at, codes);
                return if are_met { hits } else { !hits };
            }
            Form::Table(table) => table,
        };
        let is_met = |code: usize| table.get(code).is_some_and(|met| *met == 1);
        match self.codes {
            Codes::Narrow(list) => answers(list, at, |code| is_met(usize::from(code))),
            Codes::Middle(list) => answers(list, at, |code| is_met(usize::from(code))),
            Codes::Wide(list) => answers(list, at, |code| is_met(code as usize)),
        }
    }
}
