//! The requests that were answered last, with what their queries came to.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::StatusCode;
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::diagnostic::Diagnostics;
use crate::plan::Report;

/// Requests kept.
const MOST: usize = 500;

/// Threads that keep theirs apart at most.
const SHARDS: usize = 8;

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
///
/// Threads keep theirs apart, so that they neither wait for one another nor give back memory of another.
#[derive(Debug, Default)]
pub(super) struct Requests {
    shards: [Mutex<VecDeque<Numbered>>; SHARDS],
    count: AtomicU64,
}

/// A request and when it was answered among others.
type Numbered = (u64, Arc<Answered>);

impl Requests {
    pub(super) fn push(&self, answered: Arc<Answered>) {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let mut kept = self.shard().lock().unwrap_or_else(PoisonError::into_inner);
        let is_old = |(older, _): &Numbered| older + MOST as u64 <= number;
        let old = kept.iter().take_while(|request| is_old(request)).count();
        let old: Vec<Numbered> = kept.drain(..old).collect();
        kept.push_back((number, answered));
        drop((kept, old));
    }

    /// All that are kept, the last one last.
    pub(super) fn all(&self) -> Vec<Arc<Answered>> {
        let kept = |shard: &Mutex<VecDeque<Numbered>>| {
            shard.lock().unwrap_or_else(PoisonError::into_inner).clone()
        };
        let mut all: Vec<Numbered> = self.shards.iter().flat_map(kept).collect();
        all.sort_unstable_by_key(|(number, _)| *number);
        let older = all.len().saturating_sub(MOST);
        all.into_iter().skip(older).map(|(_, answered)| answered).collect()
    }

    pub(super) fn clear(&self) {
        for shard in &self.shards {
            shard.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }

    /// The one of this thread.
    fn shard(&self) -> &Mutex<VecDeque<Numbered>> {
        static THREADS: AtomicUsize = AtomicUsize::new(0);
        thread_local! {
            static THREAD: usize = THREADS.fetch_add(1, Ordering::Relaxed) % SHARDS;
        }
        let [first, ..] = &self.shards;
        THREAD.with(|thread| self.shards.get(*thread).unwrap_or(first))
    }
}
