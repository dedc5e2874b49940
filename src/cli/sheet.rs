//! Pages of records as they are printed: which fields of them, in which format.

use super::options::{Asking, Format, Printing, TextOrJson};
use super::{Stop, Streams, output, report};
use crate::diagnostic::Severity;
use crate::diagnostic::suggest::nearest;
use crate::plan::Page;
use crate::schema::Schema;
use crate::syntax::Query;
use crate::table::Record;

/// How pages of a table's records are printed.
pub(super) struct Sheet<'s> {
    schema: &'s Schema,
    asking: &'s Asking,
    printing: &'s Printing,
    fields: Vec<&'s str>,
    /// How one gets at the records that a page leaves out.
    go_on: &'static str,
}

impl<'s> Sheet<'s> {
    /// Fails if a field that is asked for is none.
    pub(super) fn new(
        schema: &'s Schema,
        asking: &'s Asking,
        printing: &'s Printing,
        go_on: &'static str,
    ) -> Result<Self, Stop> {
        let fields: Vec<&str> = printing.fields.iter().map(|field| field.trim()).collect();
        known_fields(&fields, schema)?;
        Ok(Self { schema, asking, printing, fields, go_on })
    }

    pub(super) fn print(
        &self,
        page: &Page<Record<'_>>,
        query: &Query<'_>,
        streams: &mut Streams<'_>,
    ) -> Result<(), Stop> {
        let by_default = if streams.stdout_is_terminal { Format::Table } else { Format::Ndjson };
        let format = self.printing.output.unwrap_or(by_default);
        let (out, schema, fields) = (&mut *streams.stdout, self.schema, &*self.fields);
        match format {
            Format::Table => output::table(out, page, schema, fields, (query, self.go_on))?,
            Format::Json => output::json(out, page, schema, fields)?,
            Format::Ndjson => output::ndjson(out, page, schema, fields)?,
            Format::Csv => output::csv(out, page, schema, fields, self.printing.formulas())?,
            Format::Xml => output::xml(out, page, schema, fields)?,
        }
        let says_less = matches!(format, Format::Ndjson | Format::Csv);
        if says_less && self.printing.limit.is_none() && !self.asking.quiet {
            self.hint_more(page, streams)?;
        }
        Ok(())
    }

    /// Says that more records match than are printed, where the output cannot.
    fn hint_more(&self, page: &Page<Record<'_>>, streams: &mut Streams<'_>) -> Result<(), Stop> {
        let format = self.asking.diagnostics.format;
        if !page.has_more || format != TextOrJson::Text {
            return Ok(());
        }
        let (shown, total) = (page.records.len(), page.total.unwrap_or_default());
        let message = format!("{shown} of {total} records are printed; {}", self.go_on);
        report::notice(streams.stderr, format, Severity::Hint, &message)
    }
}

fn known_fields(fields: &[&str], schema: &Schema) -> Result<(), Stop> {
    if fields.iter().any(|field| field.is_empty()) {
        return Err(Stop::Message("the name of a field is empty".into()));
    }
    let mut before = fields.iter().enumerate();
    if let Some((_, again)) =
        before.find(|(at, field)| fields.iter().take(*at).any(|f| f == *field))
    {
        return Err(Stop::Message(format!("`{again}` is given twice")));
    }
    let is_readable = |name: &str| schema.field(name).is_some_and(|field| field.readable);
    let Some(unknown) = fields.iter().find(|field| !is_readable(field)) else {
        return Ok(());
    };
    let readable = schema.fields().iter().filter(|field| field.readable);
    let names = readable.map(|field| &*field.name);
    let meant =
        nearest(unknown, names).map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
    Err(Stop::Message(format!("the table `{}` has no field `{unknown}`{meant}", schema.table())))
}
