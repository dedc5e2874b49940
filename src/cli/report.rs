//! Diagnostics for people and programs.

use std::io::Write;

use serde::Serialize;

use super::Stop;
use super::document::Placed;
use super::files::STANDARD_INPUT;
use super::options::{Color, TextOrJson};
use crate::diagnostic::{Colors, Diagnostic, Diagnostics, Rendering, Severity, push_visible};

/// How diagnostics are shown.
pub(super) struct Style {
    pub(super) format: TextOrJson,
    pub(super) colors: Colors,
    /// Diagnostics below are left out.
    pub(super) least: Severity,
}

impl Style {
    pub(super) fn new(format: TextOrJson, color: Color, to_terminal: bool, no_color: bool) -> Self {
        let colored = match color {
            Color::Auto => to_terminal && !no_color,
            Color::Always => !no_color,
            Color::Never => false,
        };
        let colors = if colored { Colors::Ansi } else { Colors::None };
        Self { format, colors, least: Severity::Hint }
    }

    pub(super) fn from(self, least: Severity) -> Self {
        Self { least, ..self }
    }
}

/// A query as the reader of its diagnostics knows it.
pub(super) struct Subject<'q> {
    pub(super) query: &'q str,
    /// The number of its line where several are read.
    pub(super) line: Option<usize>,
    /// Whether each diagnostic in JSON names the query.
    pub(super) is_named: bool,
}

impl<'q> Subject<'q> {
    /// A query that is the only one.
    pub(super) fn of(query: &'q str) -> Self {
        Self { query, line: None, is_named: false }
    }
}

/// Writes the diagnostics of a query.
pub(super) fn write(
    out: &mut dyn Write,
    subject: &Subject<'_>,
    diagnostics: &Diagnostics,
    style: &Style,
) -> Result<(), Stop> {
    let origin = subject.line.map(|_| STANDARD_INPUT);
    write_each(out, subject, origin, diagnostics, diagnostics.omitted(), style)
}

/// Writes some diagnostics of a query from a file or standard input; `omitted` more were not kept.
pub(super) fn write_each<'d>(
    out: &mut dyn Write,
    subject: &Subject<'_>,
    origin: Option<&str>,
    diagnostics: impl IntoIterator<Item = &'d Diagnostic>,
    omitted: usize,
    style: &Style,
) -> Result<(), Stop> {
    let how = Rendering { colors: style.colors, origin, line: subject.line.unwrap_or(1) };
    let all = diagnostics.into_iter();
    for diagnostic in all.filter(|diagnostic| diagnostic.severity() >= style.least) {
        match style.format {
            TextOrJson::Text => writeln!(out, "{}", diagnostic.render(subject.query, &how))?,
            TextOrJson::Json => write_json(out, subject, origin, diagnostic)?,
        }
    }
    if omitted > 0 && style.format == TextOrJson::Text {
        writeln!(out, "and {omitted} more")?;
    }
    Ok(())
}

/// Writes some diagnostics of a query in a file; for people, each about the line it stands on.
pub(super) fn write_placed(
    out: &mut dyn Write,
    query: &str,
    (name, placed): (&str, &Placed),
    diagnostics: &[Diagnostic],
    omitted: usize,
    style: &Style,
) -> Result<(), Stop> {
    let is_named = true;
    let whole = Subject { query, line: Some(placed.line()), is_named };
    if style.format == TextOrJson::Json {
        return write_each(out, &whole, Some(name), diagnostics, omitted, style);
    }
    for said in diagnostics {
        if let Some((query, line, said)) = placed.on_its_line(said) {
            let subject = Subject { query: &query, line: Some(line), is_named };
            write_each(out, &subject, Some(name), [&said], 0, style)?;
        } else {
            write_each(out, &whole, Some(name), [said], 0, style)?;
        }
    }
    write_each(out, &whole, Some(name), [], omitted, style)
}

fn write_json(
    out: &mut dyn Write,
    subject: &Subject<'_>,
    origin: Option<&str>,
    diagnostic: &Diagnostic,
) -> Result<(), Stop> {
    #[derive(Serialize)]
    struct Named<'d> {
        #[serde(flatten)]
        diagnostic: &'d Diagnostic,
        #[serde(skip_serializing_if = "Option::is_none")]
        query: Option<&'d str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        file: Option<&'d str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        line: Option<usize>,
    }
    let query = subject.is_named.then_some(subject.query);
    let file = origin.filter(|origin| *origin != STANDARD_INPUT);
    serde_json::to_writer(&mut *out, &Named { diagnostic, query, file, line: subject.line })?;
    writeln!(out)?;
    Ok(())
}

/// The code of what is said of something else than a query.
const NOT_OF_A_QUERY: &str = "data";

/// Writes what is said of something else than the text of a query: data, files, arguments.
pub(super) fn notice(
    out: &mut dyn Write,
    format: TextOrJson,
    severity: Severity,
    message: &str,
) -> Result<(), Stop> {
    coded(out, format, severity, NOT_OF_A_QUERY, message)
}

/// Writes that a query is refused, and for programs the code of the diagnostic that refuses it.
pub(super) fn refusal(
    out: &mut dyn Write,
    format: TextOrJson,
    diagnostics: &Diagnostics,
    message: &str,
) -> Result<(), Stop> {
    let refuses = diagnostics.refusal().or_else(|| diagnostics.iter().find(|said| said.is_error()));
    let code = refuses.map_or(NOT_OF_A_QUERY, |said| said.code().as_str());
    coded(out, format, Severity::Error, code, message)
}

fn coded(
    out: &mut dyn Write,
    format: TextOrJson,
    severity: Severity,
    code: &str,
    message: &str,
) -> Result<(), Stop> {
    #[derive(Serialize)]
    struct Notice<'m> {
        code: &'m str,
        severity: &'m str,
        message: &'m str,
    }
    match format {
        TextOrJson::Json => {
            let severity = severity.as_str();
            serde_json::to_writer(&mut *out, &Notice { code, severity, message })?;
            writeln!(out)?;
        }
        TextOrJson::Text => {
            let who = if severity == Severity::Error { "encq" } else { severity.as_str() };
            let mut visible = String::new();
            message.chars().for_each(|c| push_visible(&mut visible, c));
            writeln!(out, "{who}: {visible}")?;
        }
    }
    Ok(())
}

/// A number with a comma before each three digits.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Text in which characters that would not show are written out.
pub(super) fn visible(text: &str) -> String {
    let mut shown = String::new();
    text.chars().for_each(|c| push_visible(&mut shown, c));
    shown
}
