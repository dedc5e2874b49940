//! A line for each request.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};

use crate::api::Answered;
use crate::cli::options::TextOrJson;
use crate::cli::report::visible;
use crate::cli::world::clock;

/// What the server tells.
pub(super) enum Event {
    /// A request was answered.
    Line(String),
    /// It has ended.
    Ended,
}

/// Makes lines and hands them on.
pub(super) struct Log {
    format: Option<TextOrJson>,
    tell: SyncSender<Event>,
    /// Lines that found no room.
    lost: Arc<AtomicU64>,
}

impl Log {
    pub(super) fn new(format: Option<TextOrJson>, tell: SyncSender<Event>) -> Self {
        Self { format, tell, lost: Arc::default() }
    }

    pub(super) fn tell(&self, answered: &Answered) {
        let Some(format) = self.format else { return };
        let line = match format {
            TextOrJson::Text => text(answered),
            TextOrJson::Json => json(answered),
        };
        let lost = self.lost.load(Ordering::Relaxed);
        let line =
            if lost > 0 { format!("{line}\n{lost} lines of the log are left out") } else { line };
        match self.tell.try_send(Event::Line(line)) {
            Ok(()) if lost > 0 => {
                self.lost.fetch_sub(lost, Ordering::Relaxed);
            }
            Ok(()) => {}
            Err(_) => {
                self.lost.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// Instant, status, time, who, what, and the codes of what was said about the query.
fn text(answered: &Answered) -> String {
    let (status, micros) = (answered.status.as_u16(), answered.took.as_micros());
    let user = answered.user.as_deref().map_or_else(|| "-".into(), visible);
    let mut line = format!(
        "{} {status} {micros} µs {user} {} {} {}",
        clock(),
        answered.transaction,
        answered.method,
        visible(&answered.target),
    );
    let said = answered.query.as_ref().map(|query| query.diagnostics().iter());
    let codes: Vec<&str> = said.into_iter().flatten().map(|said| said.code().as_str()).collect();
    if !codes.is_empty() {
        line.extend([" [", &codes.join(", "), "]"]);
    }
    line
}

fn json(answered: &Answered) -> String {
    #[derive(serde::Serialize)]
    struct Line<'a> {
        time: String,
        #[serde(flatten)]
        answered: &'a Answered,
    }
    // It is made of text and numbers.
    serde_json::to_string(&Line { time: clock().to_string(), answered }).unwrap_or_default()
}

/// Writes lines until the server has ended.
pub(super) fn follow(events: &Receiver<Event>, out: &mut dyn Write) {
    for event in events {
        match event {
            // Nobody may read any more; the server goes on.
            Event::Line(line) => {
                let _ = writeln!(out, "{line}").and_then(|()| out.flush());
            }
            Event::Ended => return,
        }
    }
}
