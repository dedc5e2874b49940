//! A query laid out on several lines, and read back from there.
//!
//! A line that begins with blanks and a caret continues the line before; every other line break is part
//! of a value.

use std::borrow::Cow;

use super::ast::Query;
use super::print::Printer;

const BLANKS: [char; 2] = [' ', '\t'];

impl Query<'_> {
    /// The canonical text with a clause a line: each line but the first is indented and begins with the
    /// separator of its clause, alternatives and what stands in blocks are indented further.
    /// [`join_lines`] gives the canonical text back.
    ///
    /// `None` if the text itself holds line breaks, from which those of a layout could not be told.
    ///
    /// ```
    /// use encoded_query::{Query, syntax::join_lines};
    ///
    /// let query = Query::parse("active=true^nameLIKEwar^ORcityLIKEwar^ORDERBYname");
    /// let lines = "active=true\n  ^nameLIKEwar\n    ^ORcityLIKEwar\n  ^ORDERBYname";
    /// assert_eq!(query.multi_line().as_deref(), Some(lines));
    /// assert_eq!(join_lines(lines), query.text());
    /// ```
    #[must_use]
    pub fn multi_line(&self) -> Option<String> {
        if self.canonical().contains(['\n', '\r']) {
            return None;
        }
        let mut printer = Printer::lines();
        printer.query(self);
        Some(printer.finish())
    }
}

/// Joins the lines of a layout: those that begin with blanks and a caret continue the line before.
///
/// ```
/// use encoded_query::syntax::join_lines;
///
/// assert_eq!(join_lines("a=1\n  ^b=2\n\t^ORc=3"), "a=1^b=2^ORc=3");
/// assert_eq!(join_lines("a=two\nlines^b=2"), "a=two\nlines^b=2");
/// ```
#[must_use]
pub fn join_lines(text: &str) -> Cow<'_, str> {
    let mut joined = String::new();
    for (number, line) in text.split('\n').enumerate() {
        if let Some(rest) = continuation(line).filter(|_| !joined.is_empty()) {
            joined.truncate(joined.strip_suffix('\r').unwrap_or(&joined).len());
            joined.push_str(rest);
            continue;
        }
        if number > 0 {
            joined.push('\n');
        }
        joined.push_str(line);
    }
    if joined == text { Cow::Borrowed(text) } else { Cow::Owned(joined) }
}

/// What a line adds to the one before, if it continues it.
pub(crate) fn continuation(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(BLANKS);
    (rest.len() < line.len() && rest.starts_with('^')).then_some(rest)
}
