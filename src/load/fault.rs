//! What stops a reader, and where that stands.

use super::LoadError;
use super::place::{Place, place};
use crate::table::RecordError;

/// Why no more records are read.
#[derive(Debug)]
pub(super) enum Fault {
    /// Something is wrong with the data as a whole, or with its text.
    Data(LoadError),
    /// A record cannot be one of the table.
    Record {
        /// Number of the record, from 1.
        number: usize,
        /// Where the value stands that is at fault, if it is one value's.
        at: Option<usize>,
        why: Why,
    },
}

/// What is wrong with a record.
#[derive(Debug)]
pub(super) enum Why {
    /// It is none.
    Said(String),
    /// The table does not take it.
    NotTaken(RecordError),
}

impl From<LoadError> for Fault {
    fn from(error: LoadError) -> Self {
        Self::Data(error)
    }
}

impl Fault {
    /// The error to tell; `starts` gives where the records of the text begin, as far as it reads.
    pub(super) fn located(self, text: &str, starts: impl FnOnce() -> Vec<usize>) -> LoadError {
        let (number, at, why) = match self {
            Self::Data(error) => return error,
            Self::Record { number, at, why } => (number, at, why),
        };
        let starts = starts();
        let start = |number: usize| starts.get(number.wrapping_sub(1)).copied().unwrap_or_default();
        let Place { line, column } = place(text, at.unwrap_or_else(|| start(number)));
        let message = match why {
            Why::Said(message) => message,
            Why::NotTaken(RecordError::MissingId) => {
                return LoadError::MissingId { number, line, column };
            }
            Why::NotTaken(error @ RecordError::DuplicateId { first, .. }) => {
                format!("{error} on line {}", place(text, start(first)).line)
            }
            Why::NotTaken(error) => error.to_string(),
        };
        LoadError::Record { number, line, column, message }
    }
}
