//! Byte ranges in the text of a query.

use std::fmt;
use std::ops::Range;

/// A half-open byte range in the text of a query; both ends lie on character boundaries.
///
/// ```
/// let query = encoded_query::Query::parse("active=true^name=x");
/// let last = query.conditions().last().unwrap();
/// assert_eq!(last.span().of(query.text()), "name=x");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset just after the last byte.
    pub end: u32,
}

impl Span {
    /// The range from `start` to `end`. Offsets beyond `u32::MAX` are cut to it.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: offset(start), end: offset(end) }
    }

    /// The part of `text` this span covers; empty if it does not lie inside `text`.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }

    /// The span as a range of `usize`.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Number of bytes covered.
    #[must_use]
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start) as usize
    }

    /// Whether the span covers nothing.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, end: Self) -> Self {
        Self { start: self.start.min(end.start), end: self.end.max(end.end) }
    }

    /// The same span in a text that has `bytes` more in front.
    #[must_use]
    pub fn shifted(self, bytes: usize) -> Self {
        Self::new(self.start as usize + bytes, self.end as usize + bytes)
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

fn offset(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
