//! What goes wrong, with the status and the words it is answered with.

use http::StatusCode;

use crate::diagnostic::{Diagnostic, shown};
use crate::journal::JournalError;
use crate::plan::PlanError;
use crate::table::RecordError;

/// Why a request is not fulfilled.
///
/// Messages in quotes of the vendor's are those of its REST API.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Failure {
    /// No credentials, or wrong ones.
    NotAuthenticated,
    /// The account lacks the role.
    NotAuthorized,
    /// Nothing may be changed.
    ReadOnly,
    /// No record of that sys_id; in version 1 of the Table API also an empty list.
    NoRecord,
    /// The path names nothing.
    NoResource(String),
    /// The path names no table.
    NoTable(String),
    MethodNotAllowed {
        method: String,
        allowed: &'static str,
    },
    NotAcceptable(String),
    /// The body is of a type that is not read here.
    UnsupportedType {
        given: String,
        read: &'static str,
    },
    /// A body over the limit.
    TooLarge {
        length: u64,
        most: u64,
    },
    /// Something in the request does not read.
    Malformed {
        message: String,
        detail: String,
    },
    /// The query is over a limit, or has invalid parts that are not ignored.
    Query(PlanError),
    /// A record cannot be as it is asked for.
    Record(RecordError),
    /// A change cannot be kept.
    Journal(JournalError),
    /// No random bytes for a sys_id.
    NoRandom,
    /// It was asked to fail.
    Injected(StatusCode),
}

/// A body that does not read.
pub(super) fn malformed(message: &str, detail: impl Into<String>) -> Failure {
    Failure::Malformed { message: message.to_owned(), detail: detail.into() }
}

impl Failure {
    /// The status, the message and the detail.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others are said below")]
    pub(super) fn said(&self) -> (StatusCode, String, String) {
        let said = |status, message: &str, detail: &str| (status, message.into(), detail.into());
        match self {
            Self::NotAuthenticated => said(
                StatusCode::UNAUTHORIZED,
                "User Not Authenticated",
                "Required to provide Auth information",
            ),
            Self::NotAuthorized => said(
                StatusCode::FORBIDDEN,
                "User Not Authorized",
                "Failed API level ACL Validation: the role csm_ws_integration is required",
            ),
            Self::ReadOnly => {
                said(StatusCode::FORBIDDEN, "Operation Failed", "the server is read-only")
            }
            Self::NoRecord => said(
                StatusCode::NOT_FOUND,
                "No Record found",
                "Record doesn't exist or ACL restricts the record retrieval",
            ),
            Self::NoResource(path) => (
                StatusCode::BAD_REQUEST,
                "Requested URI does not represent any resource".into(),
                format!("there is nothing at `{}`", shown(path)),
            ),
            Self::NoTable(table) => {
                let detail = "the server has no table of that name";
                (StatusCode::BAD_REQUEST, format!("Invalid table {}", shown(table)), detail.into())
            }
            Self::MethodNotAllowed { method, allowed } => (
                StatusCode::METHOD_NOT_ALLOWED,
                "Method not allowed".into(),
                format!("`{}` is none of {allowed}", shown(method)),
            ),
            _ => self.said_of_content(),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the others are said above")]
    fn said_of_content(&self) -> (StatusCode, String, String) {
        match self {
            Self::NotAcceptable(offered) => (
                StatusCode::NOT_ACCEPTABLE,
                "Not acceptable".into(),
                format!("the header Accept allows none of {offered}"),
            ),
            Self::UnsupportedType { given, read } => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Unsupported media type".into(),
                format!("a body of type `{}` is not read here; send {read}", shown(given)),
            ),
            Self::TooLarge { length, most } => (
                StatusCode::PAYLOAD_TOO_LARGE,
                format!(
                    "Rejected large REST payload with content-length = {length} bytes. \
                     Max allowed: {most} bytes."
                ),
                String::new(),
            ),
            Self::Malformed { message, detail } => {
                (StatusCode::BAD_REQUEST, message.clone(), detail.clone())
            }
            Self::Query(error) => said_of_query(error),
            Self::Record(error) => {
                (StatusCode::BAD_REQUEST, "Record cannot be stored".into(), error.to_string())
            }
            Self::Journal(error) => said_of_journal(error),
            Self::Injected(status) => {
                (*status, "Injected fault".into(), "the server was asked to fail".into())
            }
            _ => {
                let message = "Internal server error".into();
                (StatusCode::INTERNAL_SERVER_ERROR, message, "no random bytes to be had".into())
            }
        }
    }
}

fn said_of_journal(error: &JournalError) -> (StatusCode, String, String) {
    let status = if *error == JournalError::Full {
        StatusCode::INSUFFICIENT_STORAGE
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, "Change was not stored".into(), error.to_string())
}

/// Source: the answer of recent releases to an invalid query under a property that refuses it.
fn said_of_query(error: &PlanError) -> (StatusCode, String, String) {
    if !matches!(error, PlanError::Forbidden(_)) {
        return (StatusCode::BAD_REQUEST, "Query refused".into(), error.to_string());
    }
    let diagnostics = error.diagnostics();
    let first = diagnostics.iter().find(|said| said.is_error());
    let first = first.map_or("", Diagnostic::message);
    let message = format!("Invalid query detected, please check logs for details [{first}]");
    let all: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    (StatusCode::FORBIDDEN, message, all.join("; "))
}
