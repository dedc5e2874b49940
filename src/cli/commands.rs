//! What each command does.

use std::ffi::OsStr;
use std::io::Write;

use clap::CommandFactory;

use super::args::{Arguments, Command};
use super::data::Data;
use super::options::{Format, QueryArguments, Source, TextOrJson};
use super::report::Subject;
use super::sheet::Sheet;
use super::{
    Done, ERROR, Stop, Streams, ask, check, completions, data, explain, fmt, input, output,
    reference, repl, serve,
};
use crate::demo;
use crate::engine::{Count, PageRequest};
use crate::generate::{Generator, Seeded};
use crate::plan::Plan;
use crate::schema::Schema;
use crate::syntax::Query;

pub(super) fn run(command: &Command, streams: &mut Streams<'_>) -> Done {
    match command {
        Command::Query(arguments) => query(arguments, streams),
        Command::Count(arguments) => count(&arguments.source, streams),
        Command::Parse { query } => parse(query, streams),
        Command::Check(arguments) => check::run(arguments, streams),
        Command::Explain(arguments) => explain::explain(arguments, streams),
        Command::Fmt(arguments) => fmt::run(arguments, streams),
        Command::Serve(arguments) => serve::run(arguments, streams),
        Command::Repl(arguments) => repl::run(arguments, streams),
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
    input::each_query(query, streams, |asked, out| print_tree(&asked.text, out))?;
    Ok(0)
}

/// Prints the tree of a query.
pub(super) fn print_tree(query: &str, out: &mut dyn Write) -> Result<(), Stop> {
    serde_json::to_writer(&mut *out, &Query::parse(query))?;
    Ok(writeln!(out)?)
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
    const GO_ON: &str = "--all prints every one, --offset goes on";
    let QueryArguments { source, printing, offset } = arguments;
    if printing.csv_safe && printing.output != Some(Format::Csv) {
        return Err(Stop::Message("--csv-safe is about CSV; give -o csv".into()));
    }
    let (text, data) = ask::text_and_data(source, streams)?;
    let sheet = Sheet::new(data.schema(), &source.asking, printing, GO_ON);
    let sheet = sheet.map_err(|stop| stop.about("--fields"))?;
    let Some(plan) = ask::plan(&source.asking, &Subject::of(&text), &data, streams)? else {
        return Ok(ERROR);
    };
    let request = PageRequest { offset: *offset, limit: printing.page(), count: Count::Exact };
    let page = ask::run_over(&plan, &data, request);
    sheet.print(&page, &Query::parse(text), streams)?;
    Ok(u8::from(page.total == Some(0)))
}

fn count(source: &Source, streams: &mut Streams<'_>) -> Done {
    let (text, data) = ask::text_and_data(source, streams)?;
    let Some(plan) = ask::plan(&source.asking, &Subject::of(&text), &data, streams)? else {
        return Ok(ERROR);
    };
    print_count(&plan, &data, streams)
}

/// Prints how many records match.
pub(super) fn print_count(plan: &Plan, data: &Data, streams: &mut Streams<'_>) -> Done {
    let total = ask::count_over(plan, data).unwrap_or_default();
    writeln!(streams.stdout, "{total}")?;
    Ok(u8::from(total == 0))
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
