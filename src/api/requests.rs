//! The requests that were answered last, with what their queries came to.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::StatusCode;
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::diagnostic::Diagnostics;
use crate::plan::Report;

/// Requests kept.
const MOST: usize = 500;

/// A request that was answered.
///
/// Serialises as an object of transaction, method, target, status, user, microseconds and, if it had a
/// query, its text, what of it was run, and what there was to say about it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Answered {
    /// The number in the header `X-Transaction-ID`.
    pub transaction: String,
    /// The method.
    pub method: String,
    /// Path and parameters, as they were sent.
    pub target: String,
    /// The status of the answer.
    pub status: StatusCode,
    /// The login name of the one who asked.
    pub user: Option<String>,
    /// How long it took to answer, network aside.
    pub took: Duration,
    /// The query, if it had one.
    pub query: Option<AnsweredQuery>,
}

/// The query of a request.
#[derive(Clone, Debug)]
pub struct AnsweredQuery {
    text: String,
    outcome: Outcome,
}

#[derive(Clone, Debug)]
pub(super) enum Outcome {
    Run(Arc<Report>),
    Refused(Diagnostics),
}

impl AnsweredQuery {
    pub(super) fn new(text: String, outcome: Outcome) -> Self {
        Self { text, outcome }
    }

    /// The text that was asked.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Canonical text of what was run; `None` if nothing was.
    pub fn effective(&self) -> Option<&str> {
        match &self.outcome {
            Outcome::Run(report) => report.effective(),
            Outcome::Refused(_) => None,
        }
    }

    /// What there is to say about it.
    pub fn diagnostics(&self) -> &Diagnostics {
        match &self.outcome {
            Outcome::Run(report) => report.diagnostics(),
            Outcome::Refused(diagnostics) => diagnostics,
        }
    }
}

impl Serialize for Answered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("transaction", &self.transaction)?;
        map.serialize_entry("method", &self.method)?;
        map.serialize_entry("target", &self.target)?;
        map.serialize_entry("status", &self.status.as_u16())?;
        map.serialize_entry("user", &self.user)?;
        map.serialize_entry("micros", &u64::try_from(self.took.as_micros()).unwrap_or(u64::MAX))?;
        if let Some(query) = &self.query {
            map.serialize_entry("query", query.text())?;
            map.serialize_entry("effective", &query.effective())?;
            map.serialize_entry("diagnostics", &query.diagnostics().iter().collect::<Vec<_>>())?;
        }
        map.end()
    }
}

/// The last of them.
#[derive(Debug, Default)]
pub(super) struct Requests(Mutex<VecDeque<Arc<Answered>>>);

impl Requests {
    pub(super) fn push(&self, answered: Arc<Answered>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == MOST {
            kept.pop_front();
        }
        kept.push_back(answered);
    }

    /// All that are kept, the last one last.
    pub(super) fn all(&self) -> Vec<Arc<Answered>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
