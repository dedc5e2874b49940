//! What a client is told whose request has no head that reads.
//!
//! hyper answers these by itself, before any service is asked, with a status and no body, and has no way to
//! say otherwise. Its answer is held back and one with words sent in its place.

use std::io::IoSlice;

use http::{Response, StatusCode};
use http_body::Body;

use super::Limits;
use super::answer::bare;

/// Bytes at the end of what hyper writes among which its own answer begins.
const LONGEST: usize = 256;

/// Whether the answer of a service looks as one of hyper's own would: it has no headers and no body.
pub(super) fn is_alike<B: Body>(answer: &Response<B>) -> bool {
    answer.headers().is_empty() && answer.body().is_end_stream()
}

/// Where an answer of hyper's own begins that ends what is about to be written, and its status.
pub(super) fn own_answer(parts: &[IoSlice<'_>]) -> Option<(usize, StatusCode)> {
    let last = parts.iter().rev().find(|part| !part.is_empty())?;
    let before: usize = parts.iter().map(|part| part.len()).sum::<usize>() - last.len();
    if !last.ends_with(b"\r\n\r\n") {
        return None;
    }
    let tail = last.get(last.len().saturating_sub(LONGEST)..)?;
    let start = tail.windows(7).rposition(|seven| seven == b"HTTP/1.")?;
    let status = status_of(std::str::from_utf8(tail.get(start..)?).ok()?)?;
    Some((before + last.len() - tail.len() + start, status))
}

/// The status, if the text is the head of an answer that has nothing but what hyper writes.
fn status_of(head: &str) -> Option<StatusCode> {
    let mut lines = head.strip_suffix("\r\n\r\n")?.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let (mut closes, mut is_empty) = (false, false);
    for line in lines {
        match line.split_once(": ")? {
            ("connection", "close") => closes = true,
            ("content-length", "0") => is_empty = true,
            ("date", _) => {}
            _ => return None,
        }
    }
    (closes && is_empty).then_some(status)
}

/// The answer with words, as it is written.
pub(super) fn in_words(
    status: StatusCode,
    error: Option<&hyper::Error>,
    limits: &Limits,
) -> Vec<u8> {
    let (message, detail) = match status {
        StatusCode::URI_TOO_LONG => ("Request target too long", LONG_TARGET.to_owned()),
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => {
            let Limits { head_bytes, headers, .. } = limits;
            let detail = format!(
                "The head of a request may have {head_bytes} bytes and {headers} lines of headers."
            );
            ("Request head too large", detail)
        }
        _ => ("Malformed request", unread(&error.map(ToString::to_string).unwrap_or_default())),
    };
    bare(status, message, &detail)
}

/// The number is hyper's.
const LONG_TARGET: &str = "A target may have 65534 bytes; X-HTTP-Method-Override sends a long query in the \
    body of a POST.";

fn unread(why: &str) -> String {
    let hint = if why.contains("URI") {
        " In a target `>` is written as %3E, `\"` as %22, `^` may stay, and a blank is %20 or `+`."
    } else {
        ""
    };
    format!("The head of the request does not read: {why}.{hint}")
}
