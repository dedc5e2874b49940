//! What each command does.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use super::args::{Command, Format, OnInvalidArgument, QueryArguments, Source, TextOrJson};
use super::data::Data;
use super::report::{self, Style, Subject};
use super::{
    Done, ERROR, Stop, Streams, check, completions, data, explain, fmt, input, output, reference,
};
use crate::bind::{Binder, History, Options};
use crate::demo;
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Code, Diagnostics, Severity};
use crate::engine::{Count, PageRequest};
use crate::generate::{Generator, Seeded};
use crate::plan::{OnInvalid, Page, Plan, PlanError};
use crate::schema::{SYS_ID, Schema};
use crate::syntax::Query;
use crate::table::{Record, Tables};

pub(super) fn run(command: &Command, streams: &mut Streams<'_>) -> Done {
    match command {
        Command::Query(arguments) => query(arguments, streams),
        Command::Count(arguments) => count(&arguments.source, streams),
        Command::Parse { query } => parse(query, streams),
        Command::Check(arguments) => check::run(arguments, streams),
        Command::Explain(arguments) => explain::explain(arguments, streams),
        Command::Fmt(arguments) => fmt::run(arguments, streams),
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
        Command::Completions { shell } => completions::write(*shell, streams),
        Command::Reference { page } => {
            let text = reference::page(*page).map_err(|error| Stop::Message(error.to_string()))?;
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
    let (text, data) = text_and_data(source, streams)?;
    let fields: Vec<&str> = arguments.fields.iter().map(|field| field.trim()).collect();
    known_fields(&fields, data.schema())?;
    let by_default = PageRequest::default().limit;
    let limit = if arguments.all { u64::MAX } else { arguments.limit.unwrap_or(by_default) };
    let request = PageRequest { offset: arguments.offset, limit, count: Count::Exact };
    let Some(page) = page(source, &text, &data, request, streams)? else { return Ok(ERROR) };
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
    let (text, data) = text_and_data(source, streams)?;
    let request = PageRequest { offset: 0, limit: 0, count: Count::Exact };
    let Some(page) = page(source, &text, &data, request, streams)? else { return Ok(ERROR) };
    let total = page.total.unwrap_or_default();
    writeln!(streams.stdout, "{total}")?;
    Ok(u8::from(total == 0))
}

pub(super) fn text_and_data(
    source: &Source,
    streams: &mut Streams<'_>,
) -> Result<(String, Data), Stop> {
    let (data, query) = source.split();
    let text = query_alone(source)?;
    let query = query.map(OsString::as_os_str).unwrap_or_default();
    if data.is_none() && Path::new(query).is_file() {
        let file = query.to_string_lossy();
        let message = format!(
            "`{file}` is a file and there is no query; give one after it, '' for every record"
        );
        return Err(Stop::Message(message));
    }
    read_once(source)?;
    let loaded = data::load(source, streams).map_err(|stop| {
        let swapped = data.is_some_and(|data| !data.exists()) && Path::new(query).is_file();
        if swapped { stop.about("the data stands before the query") } else { stop }
    });
    Ok((text, loaded?))
}

/// The query, which no command that reads data takes from standard input.
pub(super) fn query_alone(source: &Source) -> Result<String, Stop> {
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
    input::query(query)
}

/// Standard input can be read once.
fn read_once(source: &Source) -> Result<(), Stop> {
    let files = source.related.iter().filter_map(|related| related.split_once('='));
    let files = files.map(|(_, file)| Path::new(file)).chain(source.before.as_deref());
    let readers = files.chain(source.split().0).filter(|path| path.as_os_str() == input::STDIN);
    if readers.count() > 1 {
        return Err(Stop::Message("standard input can stand for one file, not for several".into()));
    }
    Ok(())
}

/// Runs the query and says what there is to say; nothing if it is refused.
fn page<'t>(
    source: &Source,
    text: &str,
    data: &'t Data,
    request: PageRequest,
    streams: &mut Streams<'_>,
) -> Result<Option<Page<Record<'t>>>, Stop> {
    let history = if data.before.is_some() { History::Present } else { History::Absent };
    let options = Options { case_sensitive: source.case_sensitive, history, ..Options::default() };
    let environment = source.world.environment()?;
    let binder = Binder::new(data.database.catalog(), data.schema().table());
    let binder = binder.map_err(|error| Stop::Message(error.to_string()))?;
    let binder = binder.options(options).environment(&environment).classes(&data.classes);
    let bound = binder.bind(&Query::parse(text));
    let plan = Plan::new(bound, on_invalid(source));
    let diagnostics = match &plan {
        Ok(plan) => plan.report().diagnostics(),
        Err(error) => error.diagnostics(),
    };
    let (format, color) = (source.diagnostics.format, source.diagnostics.color);
    let style = Style::new(format, color, streams.stderr_is_terminal, streams.no_color);
    if !source.quiet {
        let subject = Subject { query: text, line: None, is_named: false };
        report::write(streams.stderr, &subject, diagnostics, &style.from(Severity::Warning))?;
        hint_options(diagnostics, format, streams)?;
    }
    match plan {
        Ok(plan) => Ok(Some(run_over(&plan, data, request))),
        Err(error) => {
            let why = match error {
                PlanError::Forbidden(_) => {
                    "the query has invalid parts and is refused (--on-invalid forbid)"
                }
                PlanError::Refused(_)
                | PlanError::InvalidGuard(_)
                | PlanError::GuardOfAnotherTable { .. } => "the query is refused",
            };
            report::notice(streams.stderr, format, Severity::Error, why)?;
            Ok(None)
        }
    }
}

/// What becomes of invalid parts.
pub(super) fn on_invalid(source: &Source) -> OnInvalid {
    match source.on_invalid {
        OnInvalidArgument::Ignore => OnInvalid::IgnoreInvalidPart,
        OnInvalidArgument::None => OnInvalid::ReturnNoRows,
        OnInvalidArgument::Forbid => OnInvalid::Forbid,
    }
}

/// Names the options that would tell what a query asks for in vain.
fn hint_options(
    diagnostics: &Diagnostics,
    format: TextOrJson,
    streams: &mut Streams<'_>,
) -> Result<(), Stop> {
    const OPTIONS: [(Code, &str); 3] = [
        (Code::UnresolvedEnvironment, "--as and --groups say who asks"),
        (Code::UnresolvedDynamic, "--dynamic says what a dynamic value stands for"),
        (Code::NeedsHistory, "--before gives the records as they were"),
    ];
    for (_, option) in OPTIONS.iter().filter(|(code, _)| diagnostics.contains(*code)) {
        if format == TextOrJson::Text {
            report::notice(streams.stderr, format, Severity::Hint, option)?;
        }
    }
    Ok(())
}

/// Runs a plan, over changes if the records are there as they were before.
pub(super) fn run_over<'t>(plan: &Plan, data: &'t Data, request: PageRequest) -> Page<Record<'t>> {
    let before = data.before.as_ref().and_then(|before| Some((before, before.tables().first()?)));
    let Some((before, table)) = before else { return plan.run(&data.database, request) };
    let has_ids = table.schema().slot(SYS_ID).is_some();
    // Records without a sys_id are known by their number.
    let as_it_was = |record: &Record<'t>| {
        let number = if has_ids { table.number(&record.text(SYS_ID)?)? } else { record.number() };
        Tables::from(before).record(table.schema().table(), number)
    };
    plan.run_changes(&data.database, as_it_was, request).map(|change| change.after)
}

fn known_fields(fields: &[&str], schema: &Schema) -> Result<(), Stop> {
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
