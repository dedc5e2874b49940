//! Records and failures as JSON and XML.

use std::borrow::Cow;
use std::io;

use serde::Serialize;

use super::media::Format;
use crate::xml;

/// What a record shows in a field.
#[derive(Debug, PartialEq)]
pub(super) enum Cell<'t> {
    Text(Cow<'t, str>),
    /// `value`, `display_value` and `link`, as far as they are asked for.
    Parts(Vec<(&'static str, Cow<'t, str>)>),
}

/// A record as the cells it shows, in the order of the names.
pub(super) trait Shown<'t> {
    fn cells(self) -> impl Iterator<Item = Cell<'t>>;
}

/// Bytes that a record of contacts usually needs.
const USUAL: usize = 2048;

/// A list: `{"result":[…]}`, or `<response>` with a `<result>` for each; `hasMore` beside it if it is told.
pub(super) fn list<'t>(
    format: Format,
    names: &[&str],
    records: impl ExactSizeIterator<Item = impl Shown<'t>>,
    has_more: Option<bool>,
) -> Vec<u8> {
    let has_more = has_more.map(|has_more| if has_more { "true" } else { "false" });
    let mut out = Vec::with_capacity(64 + records.len() * USUAL);
    match format {
        Format::Json => {
            let names = Names::new(names);
            out.extend_from_slice(b"{\"result\":[");
            for (number, record) in records.enumerate() {
                if number > 0 {
                    out.push(b',');
                }
                names.object(&mut out, record);
            }
            out.push(b']');
            if let Some(has_more) = has_more {
                out.extend_from_slice(b",\"hasMore\":");
                out.extend_from_slice(has_more.as_bytes());
            }
            out.push(b'}');
            out
        }
        Format::Xml => document(out, |response| {
            for record in records {
                element(response, names, record)?;
            }
            has_more.map_or(Ok(()), |has_more| response.element("hasMore", has_more))
        }),
    }
}

/// One record: `{"result":{…}}` or `<response><result>…</result></response>`.
pub(super) fn one<'t>(format: Format, names: &[&str], record: impl Shown<'t>) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 + USUAL);
    match format {
        Format::Json => {
            out.extend_from_slice(b"{\"result\":");
            Names::new(names).object(&mut out, record);
            out.push(b'}');
            out
        }
        Format::Xml => document(out, |response| element(response, names, record)),
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

/// The names of members as they are written in every record, one after another.
///
/// Written by hand: most of a list is names and short texts, where a general serialiser takes twice as
/// long.
struct Names {
    written: Vec<u8>,
    ends: Vec<usize>,
}

impl Names {
    fn new(names: &[&str]) -> Self {
        let mut all =
            Self { written: Vec::with_capacity(1024), ends: Vec::with_capacity(names.len()) };
        for name in names {
            all.written.push(if all.ends.is_empty() { b'{' } else { b',' });
            string(&mut all.written, name);
            all.written.push(b':');
            all.ends.push(all.written.len());
        }
        all
    }

    fn object<'t>(&self, out: &mut Vec<u8>, record: impl Shown<'t>) {
        let mut start = 0;
        for (end, cell) in self.ends.iter().zip(record.cells()) {
            out.extend_from_slice(self.written.get(start..*end).unwrap_or_default());
            start = *end;
            match cell {
                Cell::Text(text) => string(out, &text),
                Cell::Parts(parts) => object_of(out, &parts),
            }
        }
        out.extend_from_slice(if start == 0 { b"{}" } else { b"}" });
    }
}

fn object_of(out: &mut Vec<u8>, parts: &[(&str, Cow<'_, str>)]) {
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
        return;
    }
    // Memory takes what is written.
    let written = serde_json::to_writer(out, text);
    debug_assert!(written.is_ok());
}

/// Whether a text stands in JSON as it is. Looked at as a whole, so that the compiler takes many bytes at
/// once.
fn is_plain(text: &[u8]) -> bool {
    let is_special =
        |byte: &u8| u8::from(*byte < b' ') | u8::from(*byte == b'"') | u8::from(*byte == b'\\');
    text.iter().fold(0, |special, byte| special | is_special(byte)) == 0
}

fn element<'t>(
    response: &mut xml::Response<Vec<u8>>,
    names: &[&str],
    record: impl Shown<'t>,
) -> io::Result<()> {
    response.group("result", |result| {
        names.iter().zip(record.cells()).try_for_each(|(name, cell)| match cell {
            Cell::Text(text) => result.element(name, &text),
            Cell::Parts(parts) => result.group(name, |inner| {
                parts.iter().try_for_each(|(name, text)| inner.element(name, text))
            }),
        })
    })
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
