//! `encq fmt`: queries in canonical text, on one line or on several.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Args;

use super::document::{self, Document, Entry, Placed};
use super::files::STDIN;
use super::input::{self, PARAMETER};
use super::options::{Color, TextOrJson};
use super::replace::replace;
use super::report::{self, Style, Subject};
use super::{Done, Stop, Streams};
use crate::diagnostic::{Diagnostic, Severity};
use crate::syntax::{Query, continuation};

#[derive(Debug, Args)]
pub(super) struct FmtArguments {
    /// The query or a URL that holds one; `-` reads a file of queries from standard input.
    #[arg(required_unless_present = "files")]
    query: Option<OsString>,
    /// Files of queries: one a line, or laid out on several; blank lines and those that begin with `#`
    /// stay as they are.
    #[arg(long = "file", value_name = "FILE", num_args = 1.., conflicts_with = "query")]
    files: Vec<PathBuf>,
    /// Put each clause on a line of its own.
    #[arg(long)]
    multi_line: bool,
    /// Change and print nothing but which queries would change; exit with 1 if any does.
    #[arg(long)]
    check: bool,
    /// Change the files in place instead of printing them; links to them and their permissions stay.
    #[arg(long, requires = "files", conflicts_with_all = ["check", "query"])]
    write: bool,
    /// When to use colours; never if `NO_COLOR` is set.
    #[arg(long, value_enum, default_value = "auto")]
    color: Color,
}

/// How many lines a query may take.
#[derive(Clone, Copy, PartialEq)]
enum Layout {
    OneLine,
    ClauseALine,
}

/// What becomes of a URL.
#[derive(Clone, Copy, PartialEq)]
enum Urls {
    /// The query in it is taken out.
    Decoded,
    /// It stays, with the query in it formatted.
    Kept,
}

impl FmtArguments {
    fn layout(&self) -> Layout {
        if self.multi_line { Layout::ClauseALine } else { Layout::OneLine }
    }
}

pub(super) fn run(arguments: &FmtArguments, streams: &mut Streams<'_>) -> Done {
    let mut would_change = false;
    if let Some(query) = arguments.query.as_ref().filter(|query| *query != STDIN) {
        would_change = one(arguments, &input::query(query)?, streams)?;
    } else if arguments.query.is_some() {
        would_change = file(arguments, Path::new(STDIN), Urls::Decoded, streams)?;
    }
    for path in &arguments.files {
        would_change |= file(arguments, path, Urls::Kept, streams)?;
    }
    Ok(u8::from(would_change))
}

/// Formats the query of an argument, and says whether it would change where only that is asked.
fn one(arguments: &FmtArguments, query: &str, streams: &mut Streams<'_>) -> Result<bool, Stop> {
    let parsed = Query::parse(query);
    report_unreadable(arguments.color, &parsed, None, streams)?;
    let (layout, canonical) = (arguments.layout(), parsed.canonical());
    let mut formatted = formatted(&parsed, layout, "\n");
    let is_plain = layout != Layout::ClauseALine || canonical.is_empty();
    if !is_plain && !reads_as(&formatted, &canonical) {
        formatted = format!("{PARAMETER}{}", input::encoded(&canonical));
    }
    let differs = formatted != query;
    if !arguments.check {
        writeln!(streams.stdout, "{formatted}")?;
    } else if differs {
        writeln!(streams.stdout, "the query would change")?;
    }
    Ok(differs && arguments.check)
}

/// Prints the canonical text of a query.
pub(super) fn print_canonical(
    query: &str,
    color: Color,
    streams: &mut Streams<'_>,
) -> Result<(), Stop> {
    let query = Query::parse(query);
    report_unreadable(color, &query, None, streams)?;
    Ok(writeln!(streams.stdout, "{}", query.canonical())?)
}

/// Formats a file of queries, and says whether it would change where only that is asked.
fn file(
    arguments: &FmtArguments,
    path: &Path,
    urls: Urls,
    streams: &mut Streams<'_>,
) -> Result<bool, Stop> {
    let (name, text) = document::text(path, streams)?;
    let (mut result, mut differs) = (String::new(), false);
    for entry in Document::new(&text).entries {
        let placed = match entry {
            Entry::Other(text) => {
                result.push_str(&text);
                continue;
            }
            Entry::Query(placed) => placed,
        };
        let query = placed.query(&name)?;
        let parsed = Query::parse(query.as_str());
        report_unreadable(arguments.color, &parsed, Some((&name, &placed)), streams)?;
        let formatted = in_file(&placed, &parsed, arguments.layout(), urls);
        if formatted != placed.raw {
            differs = true;
            if arguments.check {
                writeln!(streams.stdout, "{name}:{}: would change", placed.line())?;
            }
        }
        result.push_str(&formatted);
        result.push_str(&placed.ending);
    }
    if arguments.write && path.as_os_str() != STDIN {
        if differs {
            replace(path, result.as_bytes())?;
        }
    } else if !arguments.check {
        write!(streams.stdout, "{result}")?;
        if !result.is_empty() && !result.ends_with('\n') {
            writeln!(streams.stdout)?;
        }
    }
    Ok(differs && arguments.check)
}

fn formatted(query: &Query<'_>, layout: Layout, line_end: &str) -> String {
    let lines = if layout == Layout::ClauseALine { query.multi_line() } else { None };
    lines.map_or_else(|| query.canonical(), |lines| lines.replace('\n', line_end))
}

/// A query as it stands in a file, where what would be read differently is percent-encoded.
fn in_file(placed: &Placed, query: &Query<'_>, layout: Layout, urls: Urls) -> String {
    let canonical = query.canonical();
    if let (Urls::Kept, Ok(Some(value))) = (urls, input::parameter(&placed.joined)) {
        let mut url = placed.joined.clone();
        if canonical != query.text() {
            url.replace_range(value, &input::encoded(&canonical));
        }
        return url;
    }
    if urls == Urls::Decoded && canonical.is_empty() {
        return canonical;
    }
    let line_end = if placed.ending.starts_with('\r') { "\r\n" } else { "\n" };
    let formatted = formatted(query, layout, line_end);
    if reads_as(&formatted, &canonical) {
        formatted
    } else {
        format!("{PARAMETER}{}", input::encoded(&canonical))
    }
}

/// Whether what stands in a file is read as that query, whatever stands before it.
fn reads_as(formatted: &str, query: &str) -> bool {
    let document = Document::new(formatted);
    let [Entry::Query(placed)] = document.entries.as_slice() else { return false };
    let is_own = continuation(formatted).is_none();
    is_own && placed.ending.is_empty() && placed.is_plain() && placed.joined == query
}

/// Names the parts that do not read, which stay as they are.
fn report_unreadable(
    color: Color,
    query: &Query<'_>,
    place: Option<(&str, &Placed)>,
    streams: &mut Streams<'_>,
) -> Result<(), Stop> {
    const MOST: usize = 50;
    let said = query.diagnostics(MOST);
    let errors: Vec<Diagnostic> = said.iter().filter(|said| said.is_error()).cloned().collect();
    let omitted = said.count(Severity::Error).saturating_sub(errors.len());
    let to_terminal = streams.stderr_is_terminal;
    let style = Style::new(TextOrJson::Text, color, to_terminal, streams.no_color);
    let (query, out) = (query.text(), &mut *streams.stderr);
    if let Some(place) = place {
        return report::write_placed(out, query, place, &errors, omitted, &style);
    }
    let subject = Subject { query, line: None, is_named: false };
    report::write_each(out, &subject, None, &errors, omitted, &style)
}
