//! Where queries come from.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::ops::Range;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::files::{STANDARD_INPUT, STDIN, unreadable};
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
    let mut lines = Lines::new(&mut *streams.stdin);
    while lines.advance()? {
        act(Asked { text: lines.query()?, line: Some(lines.number) }, streams.stdout)?;
        if lines.is_last_yet() {
            // Whoever writes line by line wants to read the answer before the next one.
            streams.stdout.flush()?;
        }
    }
    Ok(())
}

/// The lines of standard input as they come.
pub(super) struct Lines<'s> {
    from: BufReader<&'s mut dyn Read>,
    line: Vec<u8>,
    /// The number of the line, from 1.
    pub(super) number: usize,
}

impl<'s> Lines<'s> {
    pub(super) fn new(stdin: &'s mut dyn Read) -> Self {
        Self { from: BufReader::new(stdin), line: Vec::new(), number: 0 }
    }

    /// Reads the next line, if there is one; what is left of one that is too long is skipped.
    pub(super) fn advance(&mut self) -> Result<bool, Stop> {
        let fault = |error| unreadable(STANDARD_INPUT, &error);
        if self.is_too_long() {
            self.from.skip_until(b'\n').map_err(fault)?;
        }
        self.number += 1;
        self.line.clear();
        let part = self.from.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut self.line);
        Ok(part.map_err(fault)? > 0)
    }

    /// The text of the line, without its end and a byte order mark.
    pub(super) fn text(&self) -> Result<&str, Stop> {
        self.read().map_err(|stop| self.about(stop))
    }

    /// The query that the line is, or that a URL on it holds.
    pub(super) fn query(&self) -> Result<String, Stop> {
        decoded(self.text()?).map_err(|stop| self.about(stop))
    }

    /// What is wrong with the line, said of it.
    pub(super) fn about(&self, stop: Stop) -> Stop {
        stop.about(&format!("{STANDARD_INPUT}: line {}", self.number))
    }

    /// Whether no further line has come yet.
    fn is_last_yet(&self) -> bool {
        self.from.buffer().is_empty()
    }

    fn is_too_long(&self) -> bool {
        self.line.len() as u64 == LONGEST_LINE && !self.line.ends_with(b"\n")
    }

    fn read(&self) -> Result<&str, Stop> {
        if self.is_too_long() {
            return Err(Stop::Message(format!("it is over {LONGEST_LINE} bytes")));
        }
        let mark = if self.number == 1 { self.line.strip_prefix(b"\xef\xbb\xbf") } else { None };
        let line = mark.unwrap_or(&self.line);
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        readable(line.strip_suffix(b"\r").unwrap_or(line))
    }
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
