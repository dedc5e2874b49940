//! Records as CSV: a header, then a row for each; RFC 4180 with `\n` at the end of lines.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::{ErrorKind, Terminator, WriterBuilder};

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
    out: impl Write,
    fields: &[&str],
    records: impl IntoIterator<Item = Record<'t>>,
    formulas: Formulas,
) -> Result<(), csv::Error> {
    let mut writer = WriterBuilder::new().terminator(Terminator::Any(b'\n')).from_writer(out);
    writer.write_record(fields.iter().map(|field| cell((*field).into(), formulas).into_owned()))?;
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

fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\0'])
}
