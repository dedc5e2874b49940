//! Parts of operands with their places in the query.

use crate::span::Span;

/// A part of an operand, its escaped carets undone, and where it stands in the query.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'v> {
    pub(super) text: &'v str,
    pub(super) span: Span,
}

impl<'v> Part<'v> {
    /// A stretch of this part. If carets were escaped, offsets before and after differ: then it is
    /// counted from the end, where no caret lies between, or stands for the whole.
    pub(super) fn slice(&self, text: &'v str) -> Self {
        let start = nom::Offset::offset(self.text, text);
        let rest = self.text.get(start..).unwrap_or_default();
        let is_exact = self.text.len() == self.span.len();
        let span = if is_exact || !rest.contains('^') {
            let start = (self.span.end as usize).saturating_sub(rest.len());
            Span::new(start, start + text.len())
        } else {
            self.span
        };
        Self { text, span }
    }
}
