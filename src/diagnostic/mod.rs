//! What is said about a query: codes, severities, spans, messages and fixes.

mod code;
#[cfg(feature = "render")]
mod render;
pub(crate) mod suggest;

pub use code::{Code, Example, Setting};
#[cfg(feature = "render")]
pub use render::{Colors, Rendering};

use std::fmt;

use crate::span::Span;

/// How much a diagnostic matters. Only errors make a part of a query invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know; shown by `check` and `explain`.
    Hint,
    /// Probably not what was meant; the part still counts.
    Warning,
    /// The part is invalid.
    Error,
}

impl Severity {
    /// `hint`, `warning` or `error`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hint => "hint",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A change of the query text that mends what a diagnostic is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What the change does, in words.
    pub message: String,
    /// The text to put in.
    pub replacement: String,
    /// The text it replaces.
    pub span: Span,
}

/// Something to say about a part of a query.
///
/// Messages are one sentence in lower case; text of the query stands in backticks, with control
/// and bidirectional characters escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    code: Code,
    severity: Severity,
    span: Span,
    message: Box<str>,
    suggestion: Option<Box<Suggestion>>,
}

impl Diagnostic {
    pub(crate) fn new(code: Code, span: Span, message: impl Into<Box<str>>) -> Self {
        Self { code, severity: code.severity(), span, message: message.into(), suggestion: None }
    }

    pub(crate) fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    pub(crate) fn suggesting(
        mut self,
        span: Span,
        replacement: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        let (message, replacement) = (message.into(), replacement.into());
        self.suggestion = Some(Box::new(Suggestion { message, replacement, span }));
        self
    }

    /// The same about another text, where each span is elsewhere.
    #[cfg(feature = "cli")]
    pub(crate) fn relocated(mut self, elsewhere: impl Fn(Span) -> Span) -> Self {
        self.span = elsewhere(self.span);
        if let Some(fix) = &mut self.suggestion {
            fix.span = elsewhere(fix.span);
        }
        self
    }

    /// The kind.
    pub fn code(&self) -> Code {
        self.code
    }

    /// How much it matters.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// The text it is about.
    pub fn span(&self) -> Span {
        self.span
    }

    /// What there is to say.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// How to mend it, where that is known.
    pub fn suggestion(&self) -> Option<&Suggestion> {
        self.suggestion.as_deref()
    }

    /// Whether it makes its part invalid.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl Diagnostic {
    /// How much it matters where not all can be kept.
    fn weight(&self) -> u8 {
        let decides = self.code.refuses() || self.code == Code::EverythingIgnored;
        if decides { 2 } else { u8::from(self.is_error()) }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: {}", self.severity, self.code, self.message)
    }
}

/// Diagnostics in the order they were found: a limited number of them, and how many there were.
///
/// When there is no more room, the last of the least important gives way to a more important one: what
/// decides about the whole query, then other errors, then the rest. One at least is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics {
    kept: Vec<Diagnostic>,
    limit: usize,
    counts: [usize; 3],
}

impl Diagnostics {
    pub(crate) fn new(limit: usize) -> Self {
        Self { kept: Vec::new(), limit: limit.max(1), counts: [0; 3] }
    }

    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        if let Some(count) = self.counts.get_mut(diagnostic.severity as usize) {
            *count += 1;
        }
        if self.kept.len() < self.limit {
            self.kept.push(diagnostic);
            return;
        }
        let weight = diagnostic.weight();
        let last_of = |lighter| self.kept.iter().rposition(|kept| kept.weight() == lighter);
        if let Some(last) = (0..weight).find_map(last_of) {
            self.kept.remove(last);
            self.kept.push(diagnostic);
        }
    }

    /// Whether a further error would not be kept, unless it decides about the whole query.
    pub(crate) fn are_full_of_errors(&self) -> bool {
        self.kept.len() >= self.limit && self.kept.iter().all(Diagnostic::is_error)
    }

    /// Those kept.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.kept.iter()
    }

    /// How many of that severity there were, kept or not.
    pub fn count(&self, severity: Severity) -> usize {
        self.counts.get(severity as usize).copied().unwrap_or_default()
    }

    /// How many there were that were not kept.
    pub fn omitted(&self) -> usize {
        self.counts.iter().sum::<usize>() - self.kept.len()
    }

    /// Whether any part of the query is invalid.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// The first that refuses the query in every mode.
    pub fn refusal(&self) -> Option<&Diagnostic> {
        self.kept.iter().find(|diagnostic| diagnostic.code.refuses())
    }

    /// Whether there is one of that kind among those kept.
    pub fn contains(&self, code: Code) -> bool {
        self.kept.iter().any(|diagnostic| diagnostic.code == code)
    }
}

impl<'d> IntoIterator for &'d Diagnostics {
    type Item = &'d Diagnostic;
    type IntoIter = std::slice::Iter<'d, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// `text` as it may be shown: cut after 60 characters, control and bidirectional characters escaped.
pub(crate) fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let mut shown = String::new();
    for (count, c) in text.chars().enumerate() {
        if count == MOST {
            shown.push('…');
            break;
        }
        push_visible(&mut shown, c);
    }
    shown
}

/// Adds `c`, escaped as `\u{…}` if it is invisible and could change how its surroundings look.
pub(crate) fn push_visible(shown: &mut String, c: char) {
    let invisible = c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    if invisible {
        shown.extend(c.escape_unicode());
    } else {
        shown.push(c);
    }
}
