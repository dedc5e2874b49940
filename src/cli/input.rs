//! Where queries come from.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::ops::Range;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::files::{STDIN, unreadable};
use super::{Stop, Streams};

/// Bytes of a line of queries at most, so that one that never ends does not fill the memory.
const LONGEST_LINE: u64 = 64 * 1024 * 1024;

/// The parameter of a URL that holds the query.
pub(super) const PARAMETER: &str = "sysparm_query=";

/// What a query has percent-encoded in a URL: what means something else there.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// One query of an argument.
pub(super) fn query(argument: &OsStr) -> Result<String, Stop> {
    decoded(readable(argument.as_encoded_bytes())?)
}

/// A query and where it stands.
pub(super) struct Asked {
    pub(super) text: String,
    /// The number of its line, from 1, where several are read.
    pub(super) line: Option<usize>,
}

/// Acts on the query of an argument; for `-` on each line of standard input as it comes.
pub(super) fn each_query(
    argument: &OsStr,
    streams: &mut Streams<'_>,
    mut act: impl FnMut(Asked, &mut dyn Write) -> Result<(), Stop>,
) -> Result<(), Stop> {
    if argument != STDIN {
        return act(Asked { text: query(argument)?, line: None }, streams.stdout);
    }
    let mut lines = BufReader::new(&mut *streams.stdin);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let read = lines.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line);
        match read.map_err(|error| unreadable("standard input", &error))? as u64 {
            0 => break,
            LONGEST_LINE => {
                let message = format!("standard input: line {number} is over {LONGEST_LINE} bytes");
                return Err(Stop::Message(message));
            }
            _ => {}
        }
        let text = asked(&line, number);
        let text = text.map_err(|stop| stop.about(&format!("standard input: line {number}")));
        act(Asked { text: text?, line: Some(number) }, streams.stdout)?;
        if lines.buffer().is_empty() {
            // Whoever writes line by line wants to read the answer before the next one.
            streams.stdout.flush()?;
        }
    }
    Ok(())
}

/// The query of a line, without its end and a byte order mark.
fn asked(line: &[u8], number: usize) -> Result<String, Stop> {
    let mark = if number == 1 { line.strip_prefix(b"\xef\xbb\xbf") } else { None };
    let line = mark.unwrap_or(line);
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    decoded(readable(line.strip_suffix(b"\r").unwrap_or(line))?)
}

pub(super) fn readable(bytes: &[u8]) -> Result<&str, Stop> {
    std::str::from_utf8(bytes).map_err(|error| {
        Stop::Message(format!("the query has invalid UTF-8 at byte {}", error.valid_up_to()))
    })
}

/// The query in a URL or in a text `sysparm_query=…`; other text is a query as it stands.
pub(super) fn decoded(text: &str) -> Result<String, Stop> {
    let Some(value) = parameter(text)? else { return Ok(text.to_owned()) };
    let value = text.get(value).unwrap_or_default();
    for (at, _) in value.match_indices('%') {
        let digits = value.as_bytes().get(at + 1..at + 3).unwrap_or_default();
        if digits.len() < 2 || !digits.iter().all(u8::is_ascii_hexdigit) {
            let message =
                format!("the query has a `%` without two hexadecimal digits at byte {at}");
            return Err(Stop::Message(message));
        }
    }
    let value = value.replace('+', " ");
    let text = percent_decode_str(&value).decode_utf8();
    text.map(Into::into).map_err(|error| {
        Stop::Message(format!(
            "the decoded query has invalid UTF-8 at byte {}",
            error.valid_up_to()
        ))
    })
}

/// Where the encoded query stands in a URL or in a text `sysparm_query=…`; `None` for other text.
pub(super) fn parameter(text: &str) -> Result<Option<Range<usize>>, Stop> {
    let is_address = ["http://", "https://", "/", "?"].iter().any(|start| text.starts_with(start));
    let mut start = match text.find('?').filter(|_| is_address) {
        Some(mark) => mark + 1,
        None if text.starts_with("sysparm_") && text.contains(PARAMETER) => 0,
        None => return Ok(None),
    };
    let parameters = text.get(start..).unwrap_or_default().split('#').next().unwrap_or_default();
    let mut found = None;
    for part in parameters.split('&') {
        if part.starts_with(PARAMETER) {
            let value = start + PARAMETER.len()..start + part.len();
            if found.replace(value).is_some() {
                return Err(Stop::Message("the URL has `sysparm_query` twice".into()));
            }
        }
        start += part.len() + 1;
    }
    match found {
        Some(value) => Ok(Some(value)),
        None => Err(Stop::Message("the URL has no `sysparm_query`".into())),
    }
}

/// A query as the value of a parameter in a URL.
pub(super) fn encoded(query: &str) -> String {
    utf8_percent_encode(query, ESCAPED).to_string()
}
