//! Diagnostics for people and programs.

use std::io::Write;

use super::Stop;
use super::args::{Color, TextOrJson};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};

/// How diagnostics are shown.
pub(super) struct Style {
    pub(super) format: TextOrJson,
    pub(super) colored: bool,
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
        Self { format, colored, least: Severity::Hint }
    }

    pub(super) fn from(self, least: Severity) -> Self {
        Self { least, ..self }
    }
}

/// Writes the diagnostics of a query.
pub(super) fn write(
    out: &mut dyn Write,
    query: &str,
    diagnostics: &Diagnostics,
    style: &Style,
    with_query: bool,
) -> Result<(), Stop> {
    let shown = diagnostics.iter().filter(|diagnostic| diagnostic.severity() >= style.least);
    for diagnostic in shown {
        match style.format {
            TextOrJson::Text => writeln!(out, "{}", diagnostic.render(query, style.colored))?,
            TextOrJson::Json => write_json(out, query, diagnostic, with_query)?,
        }
    }
    if diagnostics.omitted() > 0 && style.format == TextOrJson::Text {
        writeln!(out, "and {} more", diagnostics.omitted())?;
    }
    Ok(())
}

fn write_json(
    out: &mut dyn Write,
    query: &str,
    diagnostic: &Diagnostic,
    with_query: bool,
) -> Result<(), Stop> {
    #[derive(serde::Serialize)]
    struct WithQuery<'d> {
        #[serde(flatten)]
        diagnostic: &'d Diagnostic,
        query: &'d str,
    }
    if with_query {
        serde_json::to_writer(&mut *out, &WithQuery { diagnostic, query })?;
    } else {
        serde_json::to_writer(&mut *out, diagnostic)?;
    }
    writeln!(out)?;
    Ok(())
}
