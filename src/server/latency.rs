//! Answers that take their time, as those of a distant server do.

use std::ops::RangeInclusive;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::sleep;

use crate::generate::{Choose, Seeded};

/// How long each request waits: the same times from the same seed.
#[derive(Debug)]
pub(super) struct Latency {
    least: Duration,
    /// How much longer than that it may be, in microseconds.
    spread: usize,
    choices: Mutex<Seeded>,
}

impl Latency {
    pub(super) fn new(times: &RangeInclusive<Duration>, seed: u64) -> Self {
        let spread = times.end().saturating_sub(*times.start());
        let spread = usize::try_from(spread.as_micros()).unwrap_or(usize::MAX);
        Self { least: *times.start(), spread, choices: Mutex::new(Seeded::new(seed)) }
    }

    /// Lets the time of one request pass.
    pub(super) async fn pass(&self) {
        sleep(self.next()).await;
    }

    fn next(&self) -> Duration {
        let mut choices = self.choices.lock().unwrap_or_else(PoisonError::into_inner);
        let more = choices.below(self.spread.saturating_add(1));
        self.least + Duration::from_micros(more.try_into().unwrap_or(u64::MAX))
    }
}
