//! Diagnostics drawn with carets under the query.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Patch, Renderer, Snippet};

use super::{Diagnostic, Severity, push_visible};

/// A query as it may be shown, and where each of its bytes went.
struct Shown {
    text: String,
    /// Offset in `text` of each byte of the query, and of its end.
    offsets: Vec<usize>,
}

impl Shown {
    fn new(query: &str) -> Self {
        let (mut text, mut offsets) = (String::new(), Vec::new());
        for c in query.chars() {
            offsets.extend(std::iter::repeat_n(text.len(), c.len_utf8()));
            push_visible(&mut text, c);
        }
        offsets.push(text.len());
        Self { text, offsets }
    }

    fn range(&self, range: &Range<usize>) -> Range<usize> {
        let at = |offset: usize| self.offsets.get(offset).copied().unwrap_or(self.text.len());
        at(range.start)..at(range.end)
    }
}

impl Diagnostic {
    /// The diagnostic as text of a few lines: message, the query with carets under the part it is
    /// about, and the fix if there is one. With `colored` it holds ANSI escapes; control characters
    /// of the query are always escaped.
    pub fn render(&self, query: &str, colored: bool) -> String {
        let level = match self.severity() {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Hint => Level::NOTE.with_name("hint"),
        };
        let shown = Shown::new(query);
        let span = shown.range(&self.span().range());
        let snippet =
            Snippet::source(shown.text.as_str()).annotation(AnnotationKind::Primary.span(span));
        let mut report =
            vec![level.primary_title(self.message()).id(self.code().as_str()).element(snippet)];
        if let Some(fix) = self.suggestion() {
            let patch = Patch::new(shown.range(&fix.span.range()), fix.replacement.as_str());
            let snippet = Snippet::source(shown.text.as_str()).patch(patch);
            report.push(Level::HELP.secondary_title(fix.message.as_str()).element(snippet));
        }
        let renderer = if colored { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&report)
    }
}
