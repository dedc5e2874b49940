//! Records as CSV: a header, then a row for each; RFC 4180 with `\n` at the end of lines.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::{ErrorKind, QuoteStyle, Terminator, WriterBuilder};

use crate::table::Record;

/// How cells are written that a spreadsheet would take for formulas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Formulas {
    /// As they are.
    #[default]
    Keep,
    /// With a `'` before them: all that begin with `=`, `+`, `-`, `@`, a tab or a carriage return,
    /// numbers and the names of columns among them.
    ///
    /// Source: OWASP, CSV injection.
    Neutralise,
}

/// Writes the fields of records.
///
/// ```
/// use encoded_query::{Table, csv};
///
/// let mut out = Vec::new();
/// let contacts = Table::demo_contacts();
/// let found = contacts.query("name=George Warren");
/// csv::write(&mut out, &["name", "phone"], found.records, csv::Formulas::Neutralise)?;
/// assert_eq!(String::from_utf8(out).unwrap(), "name,phone\nGeorge Warren,'+1 858 287 7834\n");
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// If the output does.
pub fn write<'t>(
    out: impl Write,
    fields: &[&str],
    records: impl IntoIterator<Item = Record<'t>>,
    formulas: Formulas,
) -> io::Result<()> {
    write_rows(out, fields, records, formulas).map_err(|error| {
        // A conversion of the whole would hide the kind of the output's error.
        let kind = error.into_kind();
        if let ErrorKind::Io(error) = kind { error } else { io::Error::other(format!("{kind:?}")) }
    })
}

fn write_rows<'t>(
    mut out: impl Write,
    fields: &[&str],
    records: impl IntoIterator<Item = Record<'t>>,
    formulas: Formulas,
) -> Result<(), csv::Error> {
    let format = |quotes| {
        let mut format = WriterBuilder::new();
        format.terminator(Terminator::Any(b'\n')).quote_style(quotes);
        format
    };
    let names: Vec<_> = fields.iter().map(|field| cell((*field).into(), formulas)).collect();
    let is_plain = !names.iter().any(|name| is_misread(name));
    let quotes = if is_plain { QuoteStyle::Necessary } else { QuoteStyle::Always };
    let mut header = format(quotes).from_writer(&mut out);
    header.write_record(names.iter().map(|name| name.as_bytes()))?;
    header.flush()?;
    drop(header);
    let mut writer = format(QuoteStyle::Necessary).from_writer(out);
    for record in records {
        for field in fields {
            writer.write_field(&*cell(record.text(field).unwrap_or_default(), formulas))?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    Ok(writer.flush()?)
}

fn cell(text: Cow<'_, str>, formulas: Formulas) -> Cow<'_, str> {
    match formulas {
        Formulas::Neutralise if is_formula(&text) => format!("'{text}").into(),
        Formulas::Keep | Formulas::Neutralise => text,
    }
}

/// Whether a header with that name, without quotes, could be taken for another format, another
/// separator or a byte order mark.
fn is_misread(name: &str) -> bool {
    let begin = name.trim_start();
    begin.is_empty() || begin.starts_with(['[', '{', '<', '\u{feff}']) || name.contains([';', '\t'])
}

fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\0'])
}
