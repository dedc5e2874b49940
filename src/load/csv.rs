//! Records as they stand in CSV text (RFC 4180): a header, then a row for each.

use std::collections::HashSet;

use csv::{ReaderBuilder, StringRecord};
use memchr::memchr;

use super::fault::Fault;
use super::place::place;
use super::rows::{ColumnId, Rows};
use super::{Layout, LoadError, Locate};
use crate::diagnostic::shown;

/// What may separate fields, the first of them that the header holds.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// What begins JSON and XML.
const OTHERS: [char; 3] = ['[', '{', '<'];

/// Whether a text is neither JSON nor XML, and its first line holds a separator or its name speaks for
/// CSV.
pub(super) fn looks_like(text: &str, likely: Option<Layout>) -> bool {
    let is_likely = || likely == Some(Layout::Csv) || separator(text).is_some();
    !text.trim_start().starts_with(OTHERS) && is_likely()
}

/// The separator of the header; commas in quotes are none.
fn separator(text: &str) -> Option<u8> {
    let mut is_quoted = false;
    let mut found = [false; SEPARATORS.len()];
    for byte in text.trim_start_matches(['\r', '\n']).bytes() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\r' | b'\n' if !is_quoted => break,
            _ if !is_quoted => {
                for (found, separator) in found.iter_mut().zip(SEPARATORS) {
                    *found |= byte == separator;
                }
            }
            _ => {}
        }
    }
    let first = found.iter().zip(SEPARATORS).find(|(found, _)| **found);
    first.map(|(_, separator)| separator)
}

/// Reads the records of a text. Empty lines are none.
pub(super) fn read<'d>(text: &'d str, rows: &mut Rows<'_, 'd>) -> Result<Locate<'d>, Fault> {
    let separator = separator(text).unwrap_or(b',');
    let mut lines = Lines::new(text, separator);
    let columns = if lines.advance()? { lines.header(rows)? } else { Vec::new() };
    while lines.advance()? {
        lines.has_as_many_as(&columns)?;
        rows.begin();
        for (column, text) in columns.iter().zip(&lines.row) {
            rows.value(*column, text.to_owned().into(), lines.start);
        }
        rows.end(lines.start)?;
    }
    Ok(Box::new(move |row, column| row + field_start(text, row, separator, column)))
}

/// Where the records of a text begin, as far as it reads.
pub(super) fn starts(text: &str) -> Vec<usize> {
    let mut lines = Lines::new(text, separator(text).unwrap_or(b','));
    let rows = std::iter::from_fn(|| matches!(lines.advance(), Ok(true)).then_some(lines.start));
    rows.skip(1).collect()
}

struct Lines<'t> {
    text: &'t str,
    separator: u8,
    reader: csv::Reader<&'t [u8]>,
    row: StringRecord,
    /// Where the row begins.
    start: usize,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str, separator: u8) -> Self {
        let mut reader = ReaderBuilder::new();
        reader.has_headers(false).flexible(true).delimiter(separator);
        let reader = reader.from_reader(text.as_bytes());
        Self { text, separator, reader, row: StringRecord::new(), start: 0 }
    }

    /// Reads the next row, if there is one.
    fn advance(&mut self) -> Result<bool, LoadError> {
        let begin = self.offset();
        let read = self.reader.read_record(&mut self.row);
        let is_row = read.map_err(|error| LoadError::Syntax(error.to_string()))?;
        let row = self.text.get(begin..self.offset()).unwrap_or_default();
        let blank = row.len() - row.trim_start_matches(['\r', '\n']).len();
        self.start = begin + blank;
        if is_row && memchr(b'"', row.as_bytes()).is_some() {
            let row = row.get(blank..).unwrap_or_default();
            field_starts(row, self.separator).map_err(|(at, what)| self.fault(at, what))?;
        }
        Ok(is_row)
    }

    fn offset(&self) -> usize {
        usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX)
    }

    /// A fault, `at` bytes into the row.
    fn fault(&self, at: usize, what: &str) -> LoadError {
        LoadError::Syntax(format!("{}: {what}", place(self.text, self.start + at)))
    }

    /// The columns that the header, which is the row just read, names.
    fn header(&self, rows: &mut Rows<'_, '_>) -> Result<Vec<ColumnId>, LoadError> {
        let fault = |index, what: &str| {
            let at = field_start(self.text, self.start, self.separator, index);
            self.fault(at, what)
        };
        let mut seen = HashSet::new();
        for (index, name) in self.row.iter().enumerate() {
            if name.is_empty() {
                return Err(fault(index, "the header has an empty name"));
            }
            if !seen.insert(name) {
                let what = format!("the header has `{}` twice", shown(name));
                return Err(fault(index, &what));
            }
        }
        rows.begin();
        let columns = self.row.iter().map(|name| rows.column(name)).collect();
        if rows.has_too_many_columns() { Err(LoadError::TooManyColumns) } else { Ok(columns) }
    }

    fn has_as_many_as(&self, columns: &[ColumnId]) -> Result<(), LoadError> {
        let (has, wants) = (self.row.len(), columns.len());
        if has == wants {
            return Ok(());
        }
        let start = |index| field_start(self.text, self.start, self.separator, index);
        let at = start(wants.min(has.saturating_sub(1)));
        let fields = if has == 1 { "field" } else { "fields" };
        Err(self.fault(at, &format!("the row has {has} {fields}, the header {wants}")))
    }
}

/// How far into the row at `start` a field begins.
fn field_start(text: &str, start: usize, separator: u8, index: usize) -> usize {
    let row = text.get(start..).unwrap_or_default();
    let starts = field_starts(row, separator).unwrap_or_default();
    starts.get(index).copied().unwrap_or_default()
}

/// Where each field of the first row of a text begins, or what is wrong with its quotes and where.
///
/// ```text
/// row    = field *( separator field ) [ line end ]
/// field  = *( any but separator and line end, a quote not first ) | '"' *( any but '"' | '""' ) '"'
/// ```
fn field_starts(row: &str, separator: u8) -> Result<Vec<usize>, (usize, &'static str)> {
    enum State {
        Start,
        Bare,
        Quoted { from: usize },
        Closed { from: usize },
    }
    let (mut starts, mut state) = (vec![0], State::Start);
    for (at, byte) in row.bytes().enumerate() {
        state = match (state, byte) {
            (State::Start, b'"') => State::Quoted { from: at },
            (State::Quoted { from }, b'"') => State::Closed { from },
            (State::Closed { from }, b'"') | (State::Quoted { from }, _) => State::Quoted { from },
            (_, b'\r' | b'\n') => return Ok(starts),
            (_, byte) if byte == separator => {
                starts.push(at + 1);
                State::Start
            }
            (State::Closed { .. }, _) => return Err((at, "there is text after a closing quote")),
            (State::Start | State::Bare, _) => State::Bare,
        };
    }
    match state {
        State::Quoted { from } => Err((from, "the quote is never closed")),
        State::Start | State::Bare | State::Closed { .. } => Ok(starts),
    }
}
