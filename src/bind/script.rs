//! Scripts in values: recognised by their shape and never executed.

use crate::diagnostic::{Code, Diagnostic, shown};
use crate::span::Span;

const PREFIX: &str = "javascript:";

/// What stands after `javascript:`, if the value is a script.
fn script(value: &str) -> Option<&str> {
    let (prefix, script) = value.split_at_checked(PREFIX.len())?;
    prefix.eq_ignore_ascii_case(PREFIX).then_some(script)
}

/// Refuses a value that is a script.
pub(super) fn refuse(value: &str, span: Span) -> Result<(), Diagnostic> {
    if script(value).is_none() {
        return Ok(());
    }
    let message = format!("the script `{}` is not evaluated", shown(value));
    Err(Diagnostic::new(Code::UnsupportedScript, span, message))
}

/// Splits at `@`, except inside the quotes and parentheses of a script.
pub(super) fn split_at_signs(value: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(value);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = part_length(text);
        let part = text.get(..end)?;
        rest = text.get(end + 1..);
        Some(part)
    })
}

fn part_length(text: &str) -> usize {
    if script(text).is_none() {
        return text.find('@').unwrap_or(text.len());
    }
    let (mut depth, mut quote) = (0_usize, None);
    for (at, byte) in text.bytes().enumerate() {
        match (byte, quote) {
            (_, Some(open)) if byte == open => quote = None,
            (b'\'' | b'"', None) => quote = Some(byte),
            (b'(', None) => depth += 1,
            (b')', None) => depth = depth.saturating_sub(1),
            (b'@', None) if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}
