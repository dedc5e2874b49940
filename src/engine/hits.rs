//! Codes of a dictionary that meet a test.

use crate::bits::{Bits, WORD, low};
use crate::table::column::{Codes, answers};

/// The codes that meet a test.
#[derive(Debug)]
pub(super) enum Hits {
    /// All but one, or that one.
    One { code: u32, is_met: bool },
    /// Of each code 1 if it meets the test.
    Table(Vec<u8>),
}

impl Hits {
    /// The shortest form for the answers of all codes.
    pub(super) fn new(answers: &Bits, codes: usize) -> Self {
        let count = answers.count();
        let one = if count == 1 { answers.ones().next() } else { None };
        let other =
            (count + 1 == codes).then(|| (0..codes).find(|code| !answers.has(*code))).flatten();
        let code = |code: usize| u32::try_from(code).unwrap_or(u32::MAX);
        match (one, other) {
            (Some(one), _) => Self::One { code: code(one), is_met: true },
            (None, Some(other)) => Self::One { code: code(other), is_met: false },
            (None, None) => {
                Self::Table((0..codes).map(|code| u8::from(answers.has(code))).collect())
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

    fn of(&self, codes: &Codes, at: usize) -> u64 {
        match self {
            Self::One { code, is_met } => {
                let hits = match codes {
                    Codes::Narrow(list) => {
                        u8::try_from(*code).map_or(0, |code| answers(list, at, |c| c == code))
                    }
                    Codes::Middle(list) => {
                        u16::try_from(*code).map_or(0, |code| answers(list, at, |c| c == code))
                    }
                    Codes::Wide(list) => answers(list, at, |c| c == *code),
                };
                if *is_met { hits } else { !hits }
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
            Self::One { code, is_met } => (*code == 0) == *is_met,
            Self::Table(table) => table.first() == Some(&1),
        }
    }
}
