//! Workflow commands of GitHub Actions, which show diagnostics beside the changed lines.
//!
//! Source: *Workflow commands for GitHub Actions*, and `toolkit/packages/core/src/command.ts` for what is
//! escaped.

use std::io::{self, Write};

use super::Place;
use crate::diagnostic::{Diagnostic, Severity, push_visible};

/// Writes a diagnostic as a command.
pub(super) fn write(out: &mut dyn Write, said: &Diagnostic, place: Place<'_>) -> io::Result<()> {
    let command = match said.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "notice",
    };
    let mut message = String::new();
    if let Place::Line(line) = place {
        message = format!("line {line}: ");
    }
    message.push_str(said.message());
    if let Some(fix) = said.suggestion() {
        message.push_str(": ");
        fix.message.chars().for_each(|c| push_visible(&mut message, c));
    }
    write!(out, "::{command} ")?;
    if let Place::File(name, placed) = place {
        let (start, end) = placed.span(said.span());
        write!(out, "file={},line={},endLine={}", property(name), start.line, end.line)?;
        // Columns are heeded on one line only.
        if start.line == end.line {
            write!(out, ",col={},endColumn={}", start.column, end.column)?;
        }
        write!(out, ",")?;
    }
    writeln!(out, "title={}::{}", property(said.code().as_str()), data(&message))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
