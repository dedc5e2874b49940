//! What each command does.

use std::ffi::OsStr;

use clap::CommandFactory;

use super::args::{Arguments, Command};
use super::options::{Format, QueryArguments, Source, TextOrJson};
use super::{
    Done, ERROR, Stop, Streams, ask, check, completions, data, explain, fmt, input, output,
    reference, report, serve,
};
use crate::demo;
use crate::diagnostic::Severity;
use crate::diagnostic::suggest::nearest;
use crate::engine::{Count, PageRequest};
use crate::generate::{Generator, Seeded};
use crate::plan::Page;
use crate::schema::Schema;
use crate::syntax::Query;
use crate::table::Record;

pub(super) fn run(command: &Command, streams: &mut Streams<'_>) -> Done {
    match command {
        Command::Query(arguments) => query(arguments, streams),
        Command::Count(arguments) => count(&arguments.source, streams),
        Command::Parse { query } => parse(query, streams),
        Command::Check(arguments) => check::run(arguments, streams),
        Command::Explain(arguments) => explain::explain(arguments, streams),
        Command::Fmt(arguments) => fmt::run(arguments, streams),
        Command::Serve(arguments) => serve::run(arguments, streams),
        Command::Schema { name, table, output } => schema(name, table.as_deref(), *output, streams),
        Command::Functions { output } => {
            match output {
                TextOrJson::Text => output::functions(streams.stdout)?,
                TextOrJson::Json => output::functions_json(streams.stdout)?,
            }
            Ok(0)
        }
        Command::Operators { output } => {
            match output {
                TextOrJson::Text => output::operators(streams.stdout)?,
                TextOrJson::Json => output::operators_json(streams.stdout)?,
            }
            Ok(0)
        }
        Command::Completions { shell } => completions::write(*shell, Arguments::command(), streams),
        Command::Reference { page } => {
            let text = reference::page(*page, Arguments::command());
            let text = text.map_err(|error| Stop::Message(error.to_string()))?;
            write!(streams.stdout, "{text}")?;
            Ok(0)
        }
        Command::Gen { number, queries, odd, seed } => match queries {
            Some(number) => generate_queries(*number, *odd, *seed, streams),
            None => generate(number.unwrap_or_default(), *seed, streams),
        },
    }
}

fn parse(query: &OsStr, streams: &mut Streams<'_>) -> Done {
    input::each_query(query, streams, |asked, out| {
        serde_json::to_writer(&mut *out, &Query::parse(asked.text))?;
        Ok(writeln!(out)?)
    })?;
    Ok(0)
}

fn schema(name: &str, table: Option<&str>, output: TextOrJson, streams: &mut Streams<'_>) -> Done {
    let (catalog, table) = data::schemas(name, table)?;
    let Some(schema) = catalog.schema(&table) else { return Ok(ERROR) };
    match output {
        TextOrJson::Text => output::schema(streams.stdout, schema)?,
        TextOrJson::Json => output::schema_json(streams.stdout, schema)?,
    }
    Ok(0)
}

fn query(arguments: &QueryArguments, streams: &mut Streams<'_>) -> Done {
    let source = &arguments.source;
    if arguments.csv_safe && arguments.output != Some(Format::Csv) {
        return Err(Stop::Message("--csv-safe is about CSV; give -o csv".into()));
    }
    let (text, data) = ask::text_and_data(source, streams)?;
    let fields: Vec<&str> = arguments.fields.iter().map(|field| field.trim()).collect();
    known_fields(&fields, data.schema())?;
    let by_default = PageRequest::default().limit;
    let limit = if arguments.all { u64::MAX } else { arguments.limit.unwrap_or(by_default) };
    let request = PageRequest { offset: arguments.offset, limit, count: Count::Exact };
    let Some(page) = ask::page(source, &text, &data, request, streams)? else { return Ok(ERROR) };
    let by_default = if streams.stdout_is_terminal { Format::Table } else { Format::Ndjson };
    let format = arguments.output.unwrap_or(by_default);
    let (out, schema) = (&mut *streams.stdout, data.schema());
    match format {
        Format::Table => output::table(out, &page, schema, &fields, &Query::parse(text))?,
        Format::Json => output::json(out, &page, schema, &fields)?,
        Format::Ndjson => output::ndjson(out, &page, schema, &fields)?,
        Format::Csv => output::csv(out, &page, schema, &fields, arguments.formulas())?,
        Format::Xml => output::xml(out, &page, schema, &fields)?,
    }
    let says_less = matches!(format, Format::Ndjson | Format::Csv);
    if says_less && arguments.limit.is_none() && !source.quiet {
        hint_more(source, &page, streams)?;
    }
    Ok(u8::from(page.total == Some(0)))
}

/// Says that more records match than are printed, where the output cannot.
fn hint_more(
    source: &Source,
    page: &Page<Record<'_>>,
    streams: &mut Streams<'_>,
) -> Result<(), Stop> {
    let format = source.diagnostics.format;
    if !page.has_more || format != TextOrJson::Text {
        return Ok(());
    }
    let (shown, total) = (page.records.len(), page.total.unwrap_or_default());
    let message = format!("{shown} of {total} records are printed; --all prints every one");
    report::notice(streams.stderr, format, Severity::Hint, &message)
}

fn count(source: &Source, streams: &mut Streams<'_>) -> Done {
    let (text, data) = ask::text_and_data(source, streams)?;
    let request = PageRequest { offset: 0, limit: 0, count: Count::Exact };
    let Some(page) = ask::page(source, &text, &data, request, streams)? else { return Ok(ERROR) };
    let total = page.total.unwrap_or_default();
    writeln!(streams.stdout, "{total}")?;
    Ok(u8::from(total == 0))
}

fn known_fields(fields: &[&str], schema: &Schema) -> Result<(), Stop> {
    if fields.iter().any(|field| field.is_empty()) {
        return Err(Stop::Message("--fields: the name of a field is empty".into()));
    }
    let mut before = fields.iter().enumerate();
    if let Some((_, again)) =
        before.find(|(at, field)| fields.iter().take(*at).any(|f| f == *field))
    {
        return Err(Stop::Message(format!("--fields: `{again}` is given twice")));
    }
    let is_readable = |name: &str| schema.field(name).is_some_and(|field| field.readable);
    let Some(unknown) = fields.iter().find(|field| !is_readable(field)) else {
        return Ok(());
    };
    let readable = schema.fields().iter().filter(|field| field.readable);
    let names = readable.map(|field| &*field.name);
    let meant =
        nearest(unknown, names).map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
    Err(Stop::Message(format!(
        "--fields: the table `{}` has no field `{unknown}`{meant}",
        schema.table()
    )))
}

fn generate(number: usize, seed: u64, streams: &mut Streams<'_>) -> Done {
    for contact in demo::contacts(seed).take(number) {
        let mut serializer = serde_json::Serializer::new(&mut *streams.stdout);
        serde::Serializer::collect_map(&mut serializer, contact)?;
        writeln!(streams.stdout)?;
    }
    Ok(0)
}

fn generate_queries(number: usize, odd: bool, seed: u64, streams: &mut Streams<'_>) -> Done {
    let schema = Schema::customer_contact();
    let mut generator = Generator::new(&schema, Seeded::new(seed));
    for _ in 0..number {
        let query = if odd { generator.odd_query() } else { generator.query() };
        writeln!(streams.stdout, "{}", query.text())?;
    }
    Ok(0)
}
