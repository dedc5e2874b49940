//! Changes that outlive the process.

use std::fmt::Debug;

use thiserror::Error;

use crate::table::Database;

/// One change of the records.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Change<'c> {
    /// A record is as follows from now on.
    Put {
        /// Its table.
        table: &'c str,
        /// Its sys_id.
        sys_id: &'c str,
        /// All its filled fields.
        fields: &'c [(&'c str, &'c str)],
    },
    /// A record is gone.
    Remove {
        /// Its table.
        table: &'c str,
        /// Its sys_id.
        sys_id: &'c str,
    },
    /// There are these records and no others.
    Replace(&'c Database),
}

/// Keeps changes.
pub trait Journal: Debug + Send + Sync {
    /// Keeps them all or none of them.
    ///
    /// # Errors
    /// If they cannot be kept.
    fn commit(&self, changes: &[Change<'_>]) -> Result<(), JournalError>;
}

/// Why changes are not kept.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum JournalError {
    /// There is no room.
    #[error("there is no room left to keep the change")]
    Full,
    /// Anything else.
    #[error("the change cannot be kept: {0}")]
    Io(String),
}
