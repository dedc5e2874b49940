//! Records and failures as JSON and XML.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::io;

use serde::Serialize;

use super::media::Format;
use super::written::Memory;
use crate::table::Record;
use crate::value::ValueRef;
use crate::xml;

/// What a record shows in a field.
#[derive(Debug, PartialEq)]
pub(super) enum Cell<'t> {
    Value(ValueRef<'t>),
    /// `value`, `display_value` and `link`, as far as they are asked for.
    Parts(Vec<(&'static str, Cow<'t, str>)>),
}

/// What is shown of the records of a table.
pub(super) trait View {
    /// The names of the fields.
    fn names(&self) -> &[&str];

    /// What a record shows in those fields.
    fn cells<'s>(&'s self, record: Record<'s>) -> impl Iterator<Item = Cell<'s>>;

    /// How the record was written before.
    fn memory(&self, _: Record<'_>, _: Format) -> Memory<'_> {
        Memory::NONE
    }
}

/// Bytes that a record of contacts usually needs.
const USUAL: usize = 2048;

/// A list: `{"result":[…]}`, or `<response>` with a `<result>` for each; `hasMore` beside it if it is told.
pub(super) fn list(
    format: Format,
    view: &impl View,
    records: &[Record<'_>],
    has_more: Option<bool>,
) -> Vec<u8> {
    let has_more = has_more.map(|has_more| if has_more { "true" } else { "false" });
    let mut out = Vec::with_capacity(64 + records.len() * USUAL);
    match format {
        Format::Json => {
            out.extend_from_slice(b"{\"result\":");
            array(&mut out, view, records.iter().copied());
            if let Some(has_more) = has_more {
                out.extend_from_slice(b",\"hasMore\":");
                out.extend_from_slice(has_more.as_bytes());
            }
            out.push(b'}');
            out
        }
        Format::Xml => document(out, |response| {
            for record in records {
                element(response, view, *record)?;
            }
            has_more.map_or(Ok(()), |has_more| response.element("hasMore", has_more))
        }),
    }
}

/// Records one after another: `[{…},{…}]`.
pub(super) fn array<'t>(
    out: &mut Vec<u8>,
    view: &impl View,
    records: impl Iterator<Item = Record<'t>>,
) {
    let objects = Objects::of(view);
    out.push(b'[');
    for (number, record) in records.enumerate() {
        if number > 0 {
            out.push(b',');
        }
        objects.push(out, record);
    }
    out.push(b']');
}

/// One record: `{"result":{…}}` or `<response><result>…</result></response>`.
pub(super) fn one(format: Format, view: &impl View, record: Record<'_>) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 + USUAL);
    match format {
        Format::Json => {
            out.extend_from_slice(b"{\"result\":");
            Objects::of(view).push(&mut out, record);
            out.push(b'}');
            out
        }
        Format::Xml => document(out, |response| element(response, view, record)),
    }
}

/// A failure: `{"error":{"message":…,"detail":…},"status":"failure"}` or the same as elements.
pub(super) fn failure(format: Format, message: &str, detail: &str) -> Vec<u8> {
    match format {
        Format::Json => {
            let error = FailureShape { error: ErrorShape { message, detail }, status: "failure" };
            serde_json::to_vec(&error).unwrap_or_default()
        }
        Format::Xml => document(Vec::new(), |response| {
            response.group("error", |error| {
                error.element("message", message)?;
                error.element("detail", detail)
            })?;
            response.element("status", "failure")
        }),
    }
}

#[derive(Serialize)]
struct FailureShape<'f> {
    error: ErrorShape<'f>,
    status: &'static str,
}

#[derive(Serialize)]
struct ErrorShape<'f> {
    message: &'f str,
    detail: &'f str,
}

/// Records as objects of JSON.
struct Objects<'v, V> {
    view: &'v V,
    /// Made for the first record that was not written before.
    blank: OnceCell<Blank>,
}

impl<'v, V: View> Objects<'v, V> {
    fn of(view: &'v V) -> Self {
        Self { view, blank: OnceCell::new() }
    }

    fn push(&self, out: &mut Vec<u8>, record: Record<'_>) {
        let memory = self.view.memory(record, Format::Json);
        if !memory.recall(out) {
            let from = out.len();
            let blank = self.blank.get_or_init(|| Blank::new(self.view.names()));
            blank.fill(out, self.view.cells(record));
            memory.keep(out.get(from..).unwrap_or_default());
        }
    }
}

/// A record without any values as it is written, `{"name":"","city":""}`, and the places between the quotes.
///
/// Written by hand: most of a list is names, empty values and short texts, where a general serialiser takes
/// several times as long.
struct Blank {
    written: Vec<u8>,
    places: Vec<usize>,
}

impl Blank {
    fn new(names: &[&str]) -> Self {
        let (mut written, mut places) = (Vec::with_capacity(2048), Vec::with_capacity(names.len()));
        for name in names {
            written.push(if places.is_empty() { b'{' } else { b',' });
            string(&mut written, name);
            written.extend_from_slice(b":\"\"");
            places.push(written.len() - 1);
        }
        written.extend_from_slice(if places.is_empty() { b"{}" } else { b"}" });
        Self { written, places }
    }

    /// Writes a record: between its values as much as there is that stays.
    fn fill<'t>(&self, out: &mut Vec<u8>, cells: impl Iterator<Item = Cell<'t>>) {
        let mut from = 0;
        let mut until = |out: &mut Vec<u8>, to, next| {
            out.extend_from_slice(self.written.get(from..to).unwrap_or_default());
            from = next;
        };
        for (place, cell) in self.places.iter().copied().zip(cells) {
            match cell {
                Cell::Value(ValueRef::Empty) => {}
                Cell::Value(ValueRef::Text(text)) if is_plain(text.as_bytes()) => {
                    until(out, place, place);
                    out.extend_from_slice(text.as_bytes());
                }
                Cell::Value(ValueRef::Text(text)) => {
                    until(out, place - 1, place + 1);
                    escaped(out, &text);
                }
                Cell::Value(typed) => {
                    until(out, place, place);
                    typed.push_to(out);
                }
                Cell::Parts(parts) => {
                    until(out, place - 1, place + 1);
                    object(out, &parts);
                }
            }
        }
        until(out, self.written.len(), 0);
    }
}

fn object(out: &mut Vec<u8>, parts: &[(&str, Cow<'_, str>)]) {
    let mut before = b'{';
    for (name, text) in parts {
        out.push(before);
        before = b',';
        string(out, name);
        out.push(b':');
        string(out, text);
    }
    out.push(b'}');
}

fn string(out: &mut Vec<u8>, text: &str) {
    if is_plain(text.as_bytes()) {
        out.reserve(text.len() + 2);
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        escaped(out, text);
    }
}

fn escaped(out: &mut Vec<u8>, text: &str) {
    // Memory takes what is written.
    let written = serde_json::to_writer(out, text);
    debug_assert!(written.is_ok());
}

/// Whether a text stands in JSON as it is. Eight bytes at a time, as most texts are too short for more.
fn is_plain(text: &[u8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    // Has a high bit if and only if a byte is below that number, which is 128 at most.
    let below = |eight: u64, number: u8| eight.wrapping_sub(ONES * u64::from(number)) & !eight;
    let special = |bytes: &[u8; 8]| {
        let eight = u64::from_ne_bytes(*bytes);
        let is = |byte: u8| below(eight ^ (ONES * u64::from(byte)), 1);
        (below(eight, b' ') | is(b'"') | is(b'\\')) & HIGH
    };
    let (eights, rest) = text.as_chunks::<8>();
    let found = eights.iter().fold(0, |found, eight| found | special(eight));
    if let Some(last) = text.last_chunk() {
        // The rest, and some of the bytes before it once more.
        return found | special(last) == 0;
    }
    rest.iter().all(|byte| *byte >= b' ' && !matches!(byte, b'"' | b'\\'))
}

fn element(
    response: &mut xml::Response<Vec<u8>>,
    view: &impl View,
    record: Record<'_>,
) -> io::Result<()> {
    let memory = view.memory(record, Format::Xml);
    if memory.recall(response.get_mut()) {
        return Ok(());
    }
    let from = response.get_mut().len();
    response.group("result", |result| {
        view.names().iter().zip(view.cells(record)).try_for_each(|(name, cell)| match cell {
            Cell::Value(value) => result.element(name, &value.into_text().unwrap_or_default()),
            Cell::Parts(parts) => result.group(name, |inner| {
                parts.iter().try_for_each(|(name, text)| inner.element(name, text))
            }),
        })
    })?;
    memory.keep(response.get_mut().get(from..).unwrap_or_default());
    Ok(())
}

fn document(
    out: Vec<u8>,
    write: impl FnOnce(&mut xml::Response<Vec<u8>>) -> io::Result<()>,
) -> Vec<u8> {
    // Memory takes what is written.
    let written = xml::Response::new(out).and_then(|mut response| {
        write(&mut response)?;
        response.end()
    });
    written.unwrap_or_default()
}
