//! `encq check`: what is wrong with queries, for people, editors and continuous integration.

mod codes;
mod config;
mod github;
mod levels;
mod sarif;

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::document::{self, Document, Placed};
use super::files::{STANDARD_INPUT, STDIN};
use super::input::{self, Asked};
use super::options::{CONTACTS, Color, TextOrJson};
use super::report::{self, Style, Subject};
use super::world::World;
use super::{Done, ERROR, Stop, Streams, data};
use crate::bind::{Binder, History, Options};
use crate::diagnostic::{Diagnostic, Severity};
use crate::syntax::Query;
use config::Config;
use levels::Levels;

#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// The query or a URL that holds one; `-` reads one a line from standard input.
    #[arg(required_unless_present = "files")]
    query: Option<OsString>,
    /// Files of queries: one a line, or laid out as `fmt --multi-line` does it; blank lines and those
    /// that begin with `#` are skipped.
    #[arg(long = "file", value_name = "FILE", num_args = 1.., conflicts_with = "query")]
    files: Vec<PathBuf>,
    /// `customer_contact`, or a schema file; the documented contacts if not given.
    #[arg(long)]
    schema: Option<String>,
    /// The table of the schema file; its first if not given.
    #[arg(long)]
    table: Option<String>,
    /// Exit with 1 on warnings.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    deny_warnings: Option<bool>,
    /// Say nothing of diagnostics with this code; may be repeated.
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    allow: Vec<String>,
    /// Take diagnostics with this code for errors; may be repeated.
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    deny: Vec<String>,
    /// Read no `.encq.toml`, which is looked for in this folder and those above it.
    #[arg(long)]
    no_config: bool,
    #[command(flatten)]
    world: World,
    /// The format; `json` is one diagnostic a line, `sarif` one log, `github` workflow commands.
    #[arg(short, long, value_enum, default_value = "text")]
    output: Output,
    /// When to use colours; never if `NO_COLOR` is set.
    #[arg(long, value_enum, default_value = "auto")]
    color: Color,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Output {
    Text,
    Json,
    Sarif,
    Github,
}

/// Where a query stands.
#[derive(Clone, Copy)]
enum Place<'p> {
    /// It is an argument.
    Argument,
    /// On that line of standard input.
    Line(usize),
    /// In a file of that name.
    File(&'p str, &'p Placed),
}

struct Checker<'c> {
    binder: Binder<'c>,
    levels: Levels,
    output: Output,
    style: Style,
    worst: Option<Severity>,
    results: Vec<serde_json::Value>,
}

pub(super) fn run(arguments: &CheckArguments, streams: &mut Streams<'_>) -> Done {
    let directory = streams.directory.filter(|_| !arguments.no_config);
    let config = directory.map(Config::find).transpose()?.flatten().unwrap_or_default();
    let levels = Levels::new(&arguments.allow, &arguments.deny, arguments.deny_warnings, &config)?;
    let table = arguments.table.as_deref();
    let (catalog, table) = if let Some(schema) = &arguments.schema {
        data::schemas(schema, table)?
    } else {
        let schema = config.schema.as_deref().unwrap_or(CONTACTS);
        data::schemas(schema, table.or(config.table.as_deref()))?
    };
    let environment = arguments.world.environment_of_check()?;
    let binder = Binder::new(&catalog, &table).map_err(|error| Stop::Message(error.to_string()))?;
    let mut options = Options { history: History::Present, ..Options::default() };
    options.limits.diagnostics = levels.kept(options.limits.diagnostics);
    let format = if arguments.output == Output::Json { TextOrJson::Json } else { TextOrJson::Text };
    let to_terminal = streams.stdout_is_terminal;
    let mut checker = Checker {
        binder: binder.environment(&environment).options(options),
        levels,
        output: arguments.output,
        style: Style::new(format, arguments.color, to_terminal, streams.no_color),
        worst: None,
        results: Vec::new(),
    };
    if let Some(query) = &arguments.query {
        input::each_query(query, streams, |Asked { text, line }, out| {
            checker.query(&text, line.map_or(Place::Argument, Place::Line), out)
        })?;
    }
    for path in &arguments.files {
        checker.file(path, streams)?;
    }
    checker.finish(streams.stdout)
}

impl Checker<'_> {
    fn file(&mut self, path: &Path, streams: &mut Streams<'_>) -> Result<(), Stop> {
        let (name, text) = document::text(path, streams)?;
        for placed in Document::new(&text).queries() {
            let query = placed.query(&name)?;
            self.query(&query, Place::File(&name, placed), streams.stdout)?;
        }
        if path.as_os_str() == STDIN {
            streams.stdout.flush()?;
        }
        Ok(())
    }

    fn query(&mut self, text: &str, place: Place<'_>, out: &mut dyn Write) -> Result<(), Stop> {
        let bound = self.binder.bind(&Query::parse(text));
        let all = bound.diagnostics().iter();
        let said: Vec<Diagnostic> = all.filter_map(|said| self.levels.judge(said)).collect();
        self.worst = self.worst.max(said.iter().map(Diagnostic::severity).max());
        match self.output {
            Output::Text | Output::Json => {
                let (omitted, style) = (bound.diagnostics().omitted(), &self.style);
                let (origin, line) = match place {
                    Place::Argument => (None, None),
                    Place::Line(line) => (Some(STANDARD_INPUT), Some(line)),
                    Place::File(name, placed) => {
                        let place = (name, placed);
                        return report::write_placed(out, text, place, &said, omitted, style);
                    }
                };
                let subject = Subject { query: text, line, is_named: true };
                report::write_each(out, &subject, origin, &said, omitted, style)
            }
            Output::Github => {
                said.iter().try_for_each(|said| github::write(out, said, place)).map_err(Stop::from)
            }
            Output::Sarif => {
                self.results.extend(said.iter().map(|said| sarif::result(said, text, place)));
                Ok(())
            }
        }
    }

    /// Writes what comes at the end, and gives the exit code.
    fn finish(self, out: &mut dyn Write) -> Done {
        if self.output == Output::Sarif {
            serde_json::to_writer_pretty(&mut *out, &sarif::log(&self.results))?;
            writeln!(out)?;
        }
        Ok(match self.worst {
            Some(Severity::Error) => ERROR,
            Some(Severity::Warning) => u8::from(self.levels.warnings_are_denied),
            Some(Severity::Hint) | None => 0,
        })
    }
}
