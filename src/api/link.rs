//! The header that links to other pages.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

use super::parameters::{OFFSET, Paging, Parameters};

/// Bytes of the header at most: clients give up on longer ones.
const LONGEST: usize = 8 * 1024;

/// What a form may hold and a link may not.
const ESCAPED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>');

/// What a part of a path has escaped: all but the unreserved characters of RFC 3986.
const ESCAPED_IN_PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A text as one part of a path.
pub(super) fn part(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, ESCAPED_IN_PATH)
}

/// The links of a page, `<URL>;rel="first",…`, the other parameters as they were written and the offset
/// last. None if the page holds everything, or the header would get too long.
///
/// Source: Table API, `sysparm_suppress_pagination_header`; shape of the links as instances send them.
pub(super) fn links(
    url: impl FnOnce() -> String,
    parameters: &Parameters<'_>,
    paging: Paging,
    has_more: bool,
    total: Option<u64>,
) -> Option<String> {
    let Paging { limit, offset } = paging;
    if offset == 0 && !has_more {
        return None;
    }
    let mut base = url();
    base.push('?');
    for parameter in parameters.iter().filter(|parameter| !parameter.is(OFFSET)) {
        base.extend(utf8_percent_encode(parameter.written, ESCAPED).chain(["&"]));
    }
    base.extend([OFFSET, "="]);
    let next = has_more.then(|| offset.saturating_add(limit));
    let last = total.map(|total| total.saturating_sub(1) / limit.max(1) * limit);
    // From beyond the end back to where there is something.
    let before = offset.saturating_sub(limit).min(last.unwrap_or(u64::MAX));
    let previous = (offset > 0).then_some(before);
    let pages = [("first", Some(0)), ("prev", previous), ("next", next), ("last", last)];
    let mut header = String::with_capacity(pages.len() * (base.len() + 24));
    for (rel, offset) in pages {
        let Some(offset) = offset else { continue };
        header.push_str(if header.is_empty() { "<" } else { ",<" });
        header.push_str(&base);
        // A `String` takes all that is written.
        let _ = write!(header, "{offset}");
        header.extend([">;rel=\"", rel, "\""]);
    }
    (header.len() <= LONGEST).then_some(header)
}
