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

/// How a diagnostic is drawn.
///
/// ```
/// use encoded_query::{Query, diagnostic::Rendering};
///
/// let query = Query::parse("active");
/// let said = query.diagnostics(1).iter().next().map(|said| said.render(query.text(), &Rendering::PLAIN));
/// assert!(said.is_some_and(|text| text.contains("1 | active\n  | ^^^^^^")));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rendering<'o> {
    /// Whether the text holds ANSI escapes.
    pub colors: Colors,
    /// Where the query comes from, such as a file; not shown if it is `None`.
    pub origin: Option<&'o str>,
    /// Number of the line there, from 1.
    pub line: usize,
}

/// Whether a text holds ANSI escapes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colors {
    /// It does.
    Ansi,
    /// It does not.
    #[default]
    None,
}

impl Rendering<'_> {
    /// Without colours, of a query that comes from nowhere.
    pub const PLAIN: Self = Self { colors: Colors::None, origin: None, line: 1 };
}

impl Default for Rendering<'_> {
    fn default() -> Self {
        Self::PLAIN
    }
}

impl Diagnostic {
    /// The diagnostic as text of a few lines: message, the query with carets under the part it is
    /// about, and the fix if there is one. Control characters of the query are always escaped.
    pub fn render(&self, query: &str, how: &Rendering<'_>) -> String {
        let level = match self.severity() {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Hint => Level::NOTE.with_name("hint"),
        };
        let shown = Shown::new(query);
        let span = shown.range(&self.span().range());
        let snippet = Snippet::source(shown.text.as_str())
            .line_start(how.line)
            .path(how.origin)
            .annotation(AnnotationKind::Primary.span(span));
        let mut report =
            vec![level.primary_title(self.message()).id(self.code().as_str()).element(snippet)];
        if let Some(fix) = self.suggestion() {
            let patch = Patch::new(shown.range(&fix.span.range()), fix.replacement.as_str());
            let title = Level::HELP.secondary_title(fix.message.as_str());
            report.push(
                title.element(
                    Snippet::source(shown.text.as_str()).line_start(how.line).patch(patch),
                ),
            );
        }
        let renderer = match how.colors {
            Colors::Ansi => Renderer::styled(),
            Colors::None => Renderer::plain(),
        };
        renderer.render(&report)
    }
}
