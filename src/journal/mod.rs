//! Changes of records that outlive the process: what a server asks of a store.
//!
//! The served records are in memory; a [`Journal`] is told each change before it is shown to anyone, and
//! keeps it. With the feature `server` a [`Directory`] is one that keeps them on disk.

#[cfg(feature = "server")]
mod directory;
#[cfg(feature = "server")]
mod rows;
#[cfg(feature = "server")]
mod store;

use std::fmt::Debug;

use thiserror::Error;

use crate::table::{Database, Table};

#[cfg(feature = "server")]
pub use directory::{Directory, OpenError};

/// One change of the records. Tables and fields go by their names; records by their sys_id, in any case.
#[derive(Clone, Copy, Debug)]
pub enum Change<'c> {
    /// A record is this one from now on: it takes the place of the one with its sys_id, or comes after
    /// all others of its table.
    Put {
        /// The table.
        table: &'c str,
        /// The record's sys_id.
        sys_id: &'c str,
        /// All its filled fields, `sys_id` among them.
        fields: &'c [(&'c str, &'c str)],
    },
    /// A record is gone. Without such a record nothing changes.
    Remove {
        /// The table.
        table: &'c str,
        /// The record's sys_id.
        sys_id: &'c str,
    },
    /// The records of all tables are these from now on, and no others.
    Replace(&'c Database),
}

/// Keeps changes of records.
pub trait Journal: Debug + Send + Sync {
    /// Keeps the changes, one after another: all of them or none. They are kept for good when this
    /// returns.
    ///
    /// # Errors
    /// If they cannot be kept. The records are then as they were, and the next commit may succeed.
    fn commit(&self, changes: &[Change<'_>]) -> Result<(), JournalError>;

    /// The tables with the records that are kept, in place of their own; theirs are kept from now on
    /// where nothing was before. Without a memory, the tables as they are.
    ///
    /// # Errors
    /// If what is kept cannot be read, or does not fit the tables.
    fn restore(&self, tables: Vec<Table>) -> Result<Vec<Table>, JournalError> {
        Ok(tables)
    }
}

/// Why changes cannot be kept.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The disk is full, or no more of it may be used.
    #[error("there is no room left to keep the change")]
    Full,
    /// Reading or writing failed, in the words of the store.
    #[error("the change cannot be kept: {0}")]
    Io(String),
    /// What is kept cannot be read.
    #[error("{0}")]
    Restore(String),
}
