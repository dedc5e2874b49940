//! Checks of what points into a text.

use std::borrow::Cow;

use encoded_query::diagnostic::Diagnostics;
use encoded_query::{Severity, Span};

/// The input as text; what is no UTF-8 in it is replaced.
pub(crate) fn of(data: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(data)
}

/// The span lies in the text, both ends on character boundaries.
pub(crate) fn check_span(text: &str, span: Span) {
    assert!(text.get(span.range()).is_some(), "{span:?} is no part of {text:?}");
}

/// Whatever is said points into the text and can be shown; the counts are those of what is kept, if
/// all of it is.
pub(crate) fn check_diagnostics(text: &str, diagnostics: &Diagnostics) {
    for said in diagnostics {
        check_span(text, said.span());
        assert!(!said.message().is_empty(), "{said:?}");
        assert!(!said.message().contains(char::is_control), "{said:?}");
        assert_eq!(said.is_error(), said.severity() == Severity::Error);
        if let Some(fix) = said.suggestion() {
            check_span(text, fix.span);
            assert!(!fix.message.contains(char::is_control), "{fix:?}");
        }
    }
    let all = [Severity::Hint, Severity::Warning, Severity::Error];
    let counted: usize = all.map(|severity| diagnostics.count(severity)).iter().sum();
    assert_eq!(counted, diagnostics.iter().count() + diagnostics.omitted());
}
