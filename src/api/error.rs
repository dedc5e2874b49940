//! Why there is no API.

use thiserror::Error;

use crate::diagnostic::shown;
use crate::journal::JournalError;

/// Why there is no API.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ApiError {
    /// There is no table to ask.
    #[error("there is no table `{}`", shown(.0))]
    NoTable(String),
    /// Records are named by sys_id, and the table has no such field.
    #[error("the table `{}` has no field `sys_id`, by which its records are named", shown(.0))]
    NoSysId(String),
    /// The tables make no database.
    #[error(transparent)]
    Database(#[from] crate::table::DatabaseError),
    /// What was kept of earlier changes cannot be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// An OAuth client stands for an account that is none.
    #[error(
        "the client `{}` stands for the account `{}`, which there is not",
        shown(client),
        shown(account)
    )]
    NoAccount {
        /// The client.
        client: String,
        /// The account.
        account: String,
    },
}
