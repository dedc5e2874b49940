//! Files of queries: one query a line, or laid out on several; lines without one stay as they are.
//!
//! A line that begins with blanks and a caret continues the query of the line before. Blank lines and
//! those that begin with `#` hold no query. A URL stands for the query in it.

use std::path::Path;

use super::data::read;
use super::input::{self, STDIN};
use super::report::STANDARD_INPUT;
use super::{Stop, Streams};
use crate::syntax::continuation;

const MARK: &str = "\u{feff}";

/// The lines of a file of queries.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) entries: Vec<Entry>,
}

#[derive(Debug)]
pub(super) enum Entry {
    /// A byte order mark, a blank line or a comment, with the end of its line.
    Other(String),
    Query(Placed),
}

/// A query and where it stands.
#[derive(Debug)]
pub(super) struct Placed {
    /// Its lines as they stand there, without the end of the last.
    pub(super) raw: String,
    /// The end of its last line; empty at the end of the file.
    pub(super) ending: String,
    /// Its lines as one.
    pub(super) joined: String,
    /// The number of its first line.
    pub(super) line: usize,
}

/// The text of a file of queries, or of standard input, and what to call it.
pub(super) fn text(path: &Path, streams: &mut Streams<'_>) -> Result<(String, String), Stop> {
    let is_stdin = path.as_os_str() == STDIN;
    let name = if is_stdin { STANDARD_INPUT.into() } else { path.display().to_string() };
    let bytes = if is_stdin {
        let mut bytes = Vec::new();
        let read = streams.stdin.read_to_end(&mut bytes);
        read.map_err(|error| super::data::unreadable(&name, &error))?;
        bytes
    } else {
        read(path)?
    };
    let text = String::from_utf8(bytes).map_err(|error| {
        let (valid, bytes) = (error.utf8_error().valid_up_to(), error.as_bytes());
        let before = bytes.get(..valid).unwrap_or_default();
        let line = 1 + memchr::memchr_iter(b'\n', before).count();
        let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        let at = valid - start;
        Stop::Message(format!("{name}: line {line}: the query has invalid UTF-8 at byte {at}"))
    })?;
    Ok((name, text))
}

impl Document {
    /// Reads a file of queries.
    pub(super) fn new(text: &str) -> Self {
        let mut entries = Vec::new();
        let text = match text.strip_prefix(MARK) {
            Some(rest) => {
                entries.push(Entry::Other(MARK.to_owned()));
                rest
            }
            None => text,
        };
        for (number, line) in text.split_inclusive('\n').enumerate() {
            let content = line.strip_suffix('\n').unwrap_or(line);
            let content = content.strip_suffix('\r').unwrap_or(content);
            let ending = line.get(content.len()..).unwrap_or_default();
            match (entries.last_mut(), continuation(content)) {
                (Some(Entry::Query(query)), Some(rest)) => {
                    query.continue_with(content, rest, ending);
                }
                _ if content.trim_matches([' ', '\t']).is_empty() || content.starts_with('#') => {
                    entries.push(Entry::Other(line.to_owned()));
                }
                _ => entries.push(Entry::Query(Placed::new(number + 1, content, ending))),
            }
        }
        Self { entries }
    }
}

impl Placed {
    fn new(line: usize, content: &str, ending: &str) -> Self {
        let raw = content.to_owned();
        Self { joined: raw.clone(), raw, ending: ending.to_owned(), line }
    }

    fn continue_with(&mut self, content: &str, rest: &str, ending: &str) {
        self.raw.push_str(&self.ending);
        self.raw.push_str(content);
        self.joined.push_str(rest);
        ending.clone_into(&mut self.ending);
    }

    /// Whether the query stands there as it is, and not in a URL.
    pub(super) fn is_plain(&self) -> bool {
        matches!(input::parameter(&self.joined), Ok(None))
    }

    /// The query, decoded if it is a URL.
    pub(super) fn query(&self, name: &str) -> Result<String, Stop> {
        let about = format!("{name}: line {}", self.line);
        input::decoded(&self.joined).map_err(|stop| stop.about(&about))
    }
}
