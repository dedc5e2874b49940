//! Files of queries: one query a line, or laid out on several; lines without one stay as they are.
//!
//! A line that begins with blanks and a caret continues the query of the line before. Blank lines and
//! those that begin with `#` hold no query. A URL stands for the query in it.

use std::ops::Range;
use std::path::Path;

use super::files::{STANDARD_INPUT, STDIN, read};
use super::input;
use super::{Stop, Streams};
use crate::diagnostic::Diagnostic;
use crate::span::Span;
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
    pieces: Vec<Piece>,
}

/// Where a line of a query stands.
#[derive(Clone, Copy, Debug)]
struct Piece {
    /// Where it begins in the joined text.
    start: usize,
    line: usize,
    /// Characters of the line before it.
    indentation: usize,
}

/// A line and a column, both from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// The text of a file of queries, or of standard input, and what to call it.
pub(super) fn text(path: &Path, streams: &mut Streams<'_>) -> Result<(String, String), Stop> {
    let is_stdin = path.as_os_str() == STDIN;
    let name = if is_stdin { STANDARD_INPUT.into() } else { path.display().to_string() };
    let bytes = if is_stdin {
        let mut bytes = Vec::new();
        let read = streams.stdin.read_to_end(&mut bytes);
        read.map_err(|error| super::files::unreadable(&name, &error))?;
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
                    query.continue_with(number + 1, content, rest, ending);
                }
                _ if content.trim_matches([' ', '\t']).is_empty() || content.starts_with('#') => {
                    entries.push(Entry::Other(line.to_owned()));
                }
                _ => entries.push(Entry::Query(Placed::new(number + 1, content, ending))),
            }
        }
        Self { entries }
    }

    /// The queries in their order.
    pub(super) fn queries(&self) -> impl Iterator<Item = &Placed> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Query(query) => Some(query),
            Entry::Other(_) => None,
        })
    }
}

impl Placed {
    fn new(line: usize, content: &str, ending: &str) -> Self {
        let raw = content.to_owned();
        let pieces = vec![Piece { start: 0, line, indentation: 0 }];
        Self { joined: raw.clone(), raw, ending: ending.to_owned(), pieces }
    }

    fn continue_with(&mut self, line: usize, content: &str, rest: &str, ending: &str) {
        self.raw.push_str(&self.ending);
        self.raw.push_str(content);
        let indentation = content.len() - rest.len();
        self.pieces.push(Piece { start: self.joined.len(), line, indentation });
        self.joined.push_str(rest);
        ending.clone_into(&mut self.ending);
    }

    /// The line it begins on.
    pub(super) fn line(&self) -> usize {
        self.pieces.first().map_or(1, |piece| piece.line)
    }

    /// Whether the query stands there as it is, and not in a URL.
    pub(super) fn is_plain(&self) -> bool {
        matches!(input::parameter(&self.joined), Ok(None))
    }

    /// The query, decoded if it is a URL.
    pub(super) fn query(&self, name: &str) -> Result<String, Stop> {
        let about = format!("{name}: line {}", self.line());
        input::decoded(&self.joined).map_err(|stop| stop.about(&about))
    }

    /// Where a span of the query begins and ends; of a query in a URL, where that does.
    pub(super) fn span(&self, span: Span) -> (Position, Position) {
        let whole = 0..self.joined.len();
        let range = if self.is_plain() { span.range() } else { whole };
        let start = self.position(range.start, |piece| piece <= range.start);
        // The end of a line, not the start of the next; but nothing ends before it starts.
        let end = self.position(range.end, |piece| piece < range.end || piece == range.start);
        (start, end)
    }

    /// The line of the file that a diagnostic of the query is about, its number, and the diagnostic as
    /// one about that line; `None` if the query has one line, or the diagnostic is about several.
    pub(super) fn on_its_line(&self, said: &Diagnostic) -> Option<(String, usize, Diagnostic)> {
        let start = said.span().start as usize;
        let place = self.pieces.iter().rposition(|piece| piece.start <= start)?;
        let piece = *self.pieces.get(place).filter(|_| self.pieces.len() > 1)?;
        let end = self.pieces.get(place + 1).map_or(self.joined.len(), |next| next.start);
        let is_here = |span: Span| span.start as usize >= piece.start && span.end as usize <= end;
        let fix = said.suggestion().map(|fix| fix.span);
        if !is_here(said.span()) || fix.is_some_and(|span| !is_here(span)) {
            return None;
        }
        let line = self.joined.get(piece.start..end)?;
        let elsewhere = |span: Span| {
            let Range { start, end } = span.range();
            Span::new(start - piece.start, end - piece.start).shifted(piece.indentation)
        };
        let line = " ".repeat(piece.indentation) + line;
        Some((line, piece.line, said.clone().relocated(elsewhere)))
    }

    /// Where a byte of the joined text stands: on the last line whose start is one of these.
    fn position(&self, at: usize, may_begin: impl Fn(usize) -> bool) -> Position {
        let piece = self.pieces.iter().rfind(|piece| may_begin(piece.start));
        let Some(piece) = piece else { return Position { line: self.line(), column: 1 } };
        let before = self.joined.get(piece.start..at).unwrap_or_default();
        Position { line: piece.line, column: 1 + piece.indentation + before.chars().count() }
    }
}
