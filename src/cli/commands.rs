//! What each command does.

use super::args::{
    CheckArguments, Command, Format, OnInvalidArgument, QueryArguments, Source, TextOrJson,
};
use super::report::{self, Style};
use super::{Done, ERROR, Stop, Streams, input, output};
use crate::bind::{Binder, Options};
use crate::demo;
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Diagnostic, Severity};
use crate::engine::{Count, PageRequest};
use crate::plan::{OnInvalid, Page, Plan, PlanError};
use crate::schema::Schema;
use crate::syntax::Query;
use crate::table::{Record, Table};

pub(super) fn run(command: &Command, streams: &mut Streams<'_>) -> Done {
    match command {
        Command::Query(arguments) => query(arguments, streams),
        Command::Count(arguments) => count(&arguments.source, streams),
        Command::Parse { query } => {
            for text in input::queries(query, streams)? {
                serde_json::to_writer(&mut *streams.stdout, &Query::parse(text))?;
                writeln!(streams.stdout)?;
            }
            Ok(0)
        }
        Command::Check(arguments) => check(arguments, streams),
        Command::Schema { name, table, output } => {
            let schema = input::schema(name, table.as_deref())?;
            match output {
                TextOrJson::Text => output::schema(streams.stdout, &schema)?,
                TextOrJson::Json => output::schema_json(streams.stdout, &schema)?,
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
        Command::Gen { number, seed } => generate(*number, *seed, streams),
    }
}

fn query(arguments: &QueryArguments, streams: &mut Streams<'_>) -> Done {
    let source = &arguments.source;
    let (text, table) = text_and_table(source, streams)?;
    known_fields(&arguments.fields, table.schema())?;
    let limit = if arguments.all { u64::MAX } else { arguments.limit };
    let request = PageRequest { offset: arguments.offset, limit, count: Count::Exact };
    let Some(page) = page(source, &text, &table, request, streams)? else { return Ok(ERROR) };
    let fields: Vec<&str> = arguments.fields.iter().map(String::as_str).collect();
    let by_default = if streams.stdout_is_terminal { Format::Table } else { Format::Ndjson };
    match arguments.output.unwrap_or(by_default) {
        Format::Table => {
            let asked = Query::parse(text);
            output::table(streams.stdout, &page, table.schema(), &fields, &asked)?;
        }
        Format::Json => output::json(streams.stdout, &page, &fields)?,
        Format::Ndjson => output::ndjson(streams.stdout, &page, &fields)?,
    }
    Ok(u8::from(page.total == Some(0)))
}

fn count(source: &Source, streams: &mut Streams<'_>) -> Done {
    let (text, table) = text_and_table(source, streams)?;
    let request = PageRequest { offset: 0, limit: 0, count: Count::Exact };
    let Some(page) = page(source, &text, &table, request, streams)? else { return Ok(ERROR) };
    let total = page.total.unwrap_or_default();
    writeln!(streams.stdout, "{total}")?;
    Ok(u8::from(total == 0))
}

fn text_and_table(source: &Source, streams: &mut Streams<'_>) -> Result<(String, Table), Stop> {
    let (data, query) = source.split();
    let query = query.ok_or_else(|| Stop::Message("there is no query".into()))?;
    if query == input::STDIN {
        let message = if data.is_some_and(|data| data.as_os_str() == input::STDIN) {
            "standard input can be the data or the query, not both"
        } else {
            "`-` as the query is for `parse` and `check`; this command takes one query"
        };
        return Err(Stop::Message(message.into()));
    }
    let text = input::query(query)?;
    Ok((text, input::table(source, streams)?))
}

/// Runs the query and says what there is to say; nothing if it is refused.
fn page<'t>(
    source: &Source,
    text: &str,
    table: &'t Table,
    request: PageRequest,
    streams: &mut Streams<'_>,
) -> Result<Option<Page<Record<'t>>>, Stop> {
    let options = Options { case_sensitive: source.case_sensitive, ..Options::default() };
    let bound = Binder::for_table(table.schema()).options(options).bind(&Query::parse(text));
    let on_invalid = match source.on_invalid {
        OnInvalidArgument::Ignore => OnInvalid::IgnoreInvalidPart,
        OnInvalidArgument::None => OnInvalid::ReturnNoRows,
        OnInvalidArgument::Forbid => OnInvalid::Forbid,
    };
    let plan = Plan::new(bound, on_invalid);
    let diagnostics = match &plan {
        Ok(plan) => plan.report().diagnostics(),
        Err(error) => error.diagnostics(),
    };
    let (format, color) = (source.diagnostics.format, source.diagnostics.color);
    let style = Style::new(format, color, streams.stderr_is_terminal, streams.no_color);
    if !source.quiet {
        report::write(streams.stderr, text, diagnostics, &style.from(Severity::Warning), false)?;
    }
    match plan {
        Ok(plan) => Ok(Some(plan.run(table, request))),
        Err(error) => {
            let why = match error {
                PlanError::Forbidden(_) => {
                    "the query has invalid parts and is refused (--on-invalid forbid)"
                }
                PlanError::Refused(_) | PlanError::InvalidGuard(_) => "the query is refused",
            };
            writeln!(streams.stderr, "encq: {why}")?;
            Ok(None)
        }
    }
}

fn known_fields(fields: &[String], schema: &Schema) -> Result<(), Stop> {
    let Some(unknown) = fields.iter().find(|field| schema.slot(field).is_none()) else {
        return Ok(());
    };
    let names = schema.fields().iter().map(|field| &*field.name);
    let meant =
        nearest(unknown, names).map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
    Err(Stop::Message(format!(
        "--fields: the table `{}` has no field `{unknown}`{meant}",
        schema.table()
    )))
}

fn check(arguments: &CheckArguments, streams: &mut Streams<'_>) -> Done {
    let schema = input::schema(&arguments.schema, arguments.table.as_deref())?;
    let binder = Binder::for_table(&schema);
    let to_terminal = streams.stdout_is_terminal;
    let style = Style::new(arguments.output, arguments.color, to_terminal, streams.no_color);
    let mut worst = None;
    for text in input::queries(&arguments.query, streams)? {
        let bound = binder.bind(&Query::parse(text.as_str()));
        let diagnostics = bound.diagnostics();
        report::write(streams.stdout, &text, diagnostics, &style, true)?;
        worst = worst.max(diagnostics.iter().map(Diagnostic::severity).max());
    }
    Ok(match worst {
        Some(Severity::Error) => ERROR,
        Some(Severity::Warning) => u8::from(arguments.deny_warnings),
        Some(Severity::Hint) | None => 0,
    })
}

fn generate(number: usize, seed: u64, streams: &mut Streams<'_>) -> Done {
    for contact in demo::contacts(seed).take(number) {
        let mut serializer = serde_json::Serializer::new(&mut *streams.stdout);
        serde::Serializer::collect_map(&mut serializer, contact)?;
        writeln!(streams.stdout)?;
    }
    Ok(0)
}
