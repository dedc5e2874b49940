//! The command `explain`: a query in plain words, and how many records each part of it leaves.

use std::io::Write;

use serde::Serialize;

use super::analyze::Analyzed;
use super::data::{self, Data};
use super::options::{Asking, ExplainArguments, Showing, TextOrJson};
use super::report::{self, thousands, visible};
use super::{Done, Stop, Streams, ask};
use crate::bind::{Binder, Options};
use crate::diagnostic::{Code, Severity};
use crate::environment::FixedEnvironment;
use crate::explain::{Explanation, Line, Part, Surprise};
use crate::plan::{OnInvalid, Plan};
use crate::span::Span;
use crate::syntax::Query;

/// Parts that are counted one by one: each is a query of its own.
const MOST_COUNTED: usize = 200;

/// How many records there are, pass a part, and are left after it.
#[derive(Clone, Copy, Default)]
struct Rows {
    alone: Option<u64>,
    left: Option<u64>,
}

/// What there is to print.
struct Explained<'e> {
    query: &'e Query<'e>,
    table: &'e str,
    said: Explanation,
    rows: Vec<Rows>,
    /// The records there are, and those that match.
    records: Option<(u64, u64)>,
    on_invalid: OnInvalid,
    analysis: Option<Analyzed>,
}

impl Explained<'_> {
    /// Whether an invalid part leaves no record, by the mode that was asked for.
    fn is_void(&self) -> bool {
        let is_error = |surprise: &Surprise| {
            surprise.code.is_some_and(|code| code.severity() == Severity::Error)
        };
        self.on_invalid != OnInvalid::IgnoreInvalidPart && self.said.surprises.iter().any(is_error)
    }
}

pub(super) fn explain(arguments: &ExplainArguments, streams: &mut Streams<'_>) -> Done {
    let ExplainArguments { source, showing } = arguments;
    if source.split().0.is_none() {
        return without_data(arguments, streams);
    }
    let (text, data) = ask::text_and_data(source, streams)?;
    over_data(&text, &data, &source.asking, *showing, streams)
}

/// Explains by the schema and the records.
pub(super) fn over_data(
    text: &str,
    data: &Data,
    asking: &Asking,
    showing: Showing,
    streams: &mut Streams<'_>,
) -> Done {
    let (options, on_invalid) = (asking.options(), asking.on_invalid.policy());
    let environment = asking.world.environment()?;
    let counting = Counting { data, options, environment: &environment };
    let query = Query::parse(text);
    let said = counting.binder()?.explain(&query, on_invalid);
    // Before parts are counted, which has the table build what helps.
    let plan = showing.analyze.then(|| counting.plan(text, on_invalid)).transpose()?.flatten();
    let analysis = plan.and_then(|plan| Analyzed::of(&plan, data, &said));
    let rows = if said.lines.len() > MOST_COUNTED {
        let lines = thousands(said.lines.len() as u64);
        let message = format!("{lines} parts are too many to count each; the whole is counted");
        let format = asking.diagnostics.format;
        report::notice(streams.stderr, format, Severity::Warning, &message)?;
        vec![Rows::default(); said.lines.len()]
    } else {
        said.lines.iter().map(|line| counting.rows(&said, line)).collect::<Result<_, _>>()?
    };
    let records = counting.count("", on_invalid)?.zip(counting.count(text, on_invalid)?);
    let table = data.schema().table();
    let explained = Explained { query: &query, table, said, rows, records, on_invalid, analysis };
    print(&explained, showing.output, streams.stdout)
}

/// Explains by the schema alone.
fn without_data(arguments: &ExplainArguments, streams: &mut Streams<'_>) -> Done {
    let ExplainArguments { source, showing } = arguments;
    let Asking { reading, world, .. } = &source.asking;
    let fault = |error: crate::schema::UnknownTable| Stop::Message(error.to_string());
    let text = ask::query_alone(source)?;
    if showing.analyze {
        return Err(Stop::Message("--analyze needs data to run the query over".into()));
    }
    data::refuse_reading(reading)?;
    let (catalog, table) = data::schemas(&reading.schema, reading.table.as_deref())?;
    let environment = world.environment_of_check()?;
    let binder = Binder::new(&catalog, &table).map_err(fault)?;
    let binder = binder.environment(&environment).options(source.asking.options());
    let query = Query::parse(text.as_str());
    let on_invalid = source.asking.on_invalid.policy();
    let said = binder.explain(&query, on_invalid);
    let rows = vec![Rows::default(); said.lines.len()];
    let (records, analysis) = (None, None);
    let explained =
        Explained { query: &query, table: &table, said, rows, records, on_invalid, analysis };
    print(&explained, showing.output, streams.stdout)
}

/// Data that parts of the query are run over.
struct Counting<'e> {
    data: &'e Data,
    options: Options,
    environment: &'e FixedEnvironment,
}

impl<'e> Counting<'e> {
    fn binder(&self) -> Result<Binder<'e>, Stop> {
        ask::binder(self.data, self.options.clone(), self.environment)
    }

    /// Nothing if the query is refused.
    fn plan(&self, text: &str, on_invalid: OnInvalid) -> Result<Option<Plan>, Stop> {
        Ok(Plan::new(self.binder()?.bind(&Query::parse(text)), on_invalid).ok())
    }

    /// How many records match; none said if the query is refused.
    fn count(&self, text: &str, on_invalid: OnInvalid) -> Result<Option<u64>, Stop> {
        let Some(plan) = self.plan(text, on_invalid)? else { return Ok(None) };
        Ok(ask::count_over(&plan, self.data))
    }

    fn rows(&self, said: &Explanation, line: &Line) -> Result<Rows, Stop> {
        let count =
            |text: Option<&str>| text.map_or(Ok(None), |text| self.count(text, OnInvalid::Forbid));
        Ok(Rows { alone: count(line.alone.as_deref())?, left: count(said.so_far(line))? })
    }
}

fn print(explained: &Explained<'_>, format: TextOrJson, out: &mut dyn Write) -> Done {
    match format {
        TextOrJson::Text => text(explained, out)?,
        TextOrJson::Json => json(explained, out)?,
    }
    Ok(0)
}

fn text(explained: &Explained<'_>, out: &mut dyn Write) -> Result<(), Stop> {
    let Explained { said, rows, records, table, .. } = explained;
    if !said.surprises.is_empty() {
        writeln!(out, "What may surprise:")?;
        for surprise in &said.surprises {
            writeln!(out, "  - {}", visible(&in_words(surprise, *records)))?;
            if let Some(advice) = &surprise.advice {
                writeln!(out, "    fix: {}", visible(advice))?;
            }
        }
        writeln!(out)?;
    }
    let what = if said.lines.is_empty() { "Every record" } else { "Records" };
    let end = if said.lines.is_empty() { "" } else { " where" };
    match records {
        Some((all, _)) => writeln!(out, "{what} of `{table}`, {} in all,{end}", thousands(*all))?,
        None => writeln!(out, "{what} of `{table}`{end}")?,
    }
    let alone = column(rows.iter().map(|rows| rows.alone), "");
    let left = column(rows.iter().map(|rows| rows.left), "→ ");
    for (place, ((line, alone), left)) in said.lines.iter().zip(alone).zip(left).enumerate() {
        let and = if is_further_group(&said.lines, place) { "and " } else { "" };
        let indent = "  ".repeat(line.depth);
        writeln!(out, "{alone}{left}  {indent}{and}{}", visible(&line.words))?;
    }
    let mut what = "sorted by";
    for key in &said.order {
        let ignored = if key.is_valid { "" } else { "ignored: " };
        writeln!(out, "{ignored}{what} {}", visible(&key.words))?;
        what = if key.is_valid { "then by" } else { what };
    }
    if explained.is_void() {
        writeln!(out, "no record may match, since the query has invalid parts (--on-invalid)")?;
    } else if let Some((_, matching)) = records {
        writeln!(out, "{} match", thousands(*matching))?;
    }
    if said.lines.len() > 1 && !said.brackets.is_empty() {
        writeln!(out, "\nIn one line: {}", visible(&said.brackets))?;
    }
    explained.analysis.as_ref().map_or(Ok(()), |analysis| analysis.text(out))
}

/// Whether a line begins a group that must hold as well as one before it.
fn is_further_group(lines: &[Line], place: usize) -> bool {
    let Some(line) = lines.get(place) else { return false };
    if line.part == Part::Branch {
        return false;
    }
    let before = lines.get(..place).unwrap_or_default().iter().rev();
    // The nearest line that does not stand deeper is the one before it, or what it stands in.
    let nearest = before.clone().find(|other| other.depth <= line.depth);
    nearest.is_some_and(|other| other.depth == line.depth && other.part != Part::Branch)
        && !is_alternative(lines, place)
}

/// Whether a line is one of several alternatives.
fn is_alternative(lines: &[Line], place: usize) -> bool {
    let Some(line) = lines.get(place) else { return false };
    let mut before = lines.get(..place).unwrap_or_default().iter().rev();
    let parent = before.find(|other| other.depth < line.depth);
    parent.is_some_and(|parent| parent.part == Part::Group)
}

/// Numbers of one width, blank where there is none; nothing where there are none at all.
fn column(numbers: impl Iterator<Item = Option<u64>>, before: &str) -> Vec<String> {
    let texts: Vec<String> = numbers
        .map(|number| number.map_or(String::new(), |n| format!(" {before}{}", thousands(n))))
        .collect();
    let width = texts.iter().map(|text| text.chars().count()).max().unwrap_or_default();
    texts.into_iter().map(|text| format!("{text:>width$}")).collect()
}

fn in_words(surprise: &Surprise, records: Option<(u64, u64)>) -> String {
    match (surprise.code, records) {
        (Some(Code::EverythingIgnored), Some((all, _))) => {
            format!("no condition is valid: this query matches ALL {} records", thousands(all))
        }
        _ => surprise.text.clone(),
    }
}

fn json(explained: &Explained<'_>, out: &mut dyn Write) -> Result<(), Stop> {
    let Explained { query, table, said, rows, records, .. } = explained;
    let surprises = said.surprises.iter().map(|surprise| SurpriseShape {
        code: surprise.code.map(Code::as_str),
        text: in_words(surprise, *records),
        span: surprise.span,
        advice: surprise.advice.as_deref(),
    });
    let shape = Shape {
        query: query.text(),
        table,
        surprises: surprises.collect(),
        brackets: &said.brackets,
        lines: said.lines.iter().zip(rows).map(line_shape).collect(),
        order: said.order.iter().filter(|key| key.is_valid).map(|key| &*key.words).collect(),
        records: records.map(|(all, _)| all),
        matches: records.map(|(_, matching)| matching),
        analysis: explained.analysis.as_ref().map(Analyzed::shape),
    };
    serde_json::to_writer(&mut *out, &shape)?;
    Ok(writeln!(out)?)
}

fn line_shape<'e>((line, rows): (&'e Line, &Rows)) -> LineShape<'e> {
    LineShape {
        depth: line.depth,
        part: match line.part {
            Part::Branch => "branch",
            Part::Group => "group",
            Part::Condition => "condition",
            Part::Block => "block",
        },
        words: &line.words,
        query: line.alone.as_deref(),
        matches: rows.alone,
        left: rows.left,
    }
}

#[derive(Serialize)]
struct Shape<'e> {
    query: &'e str,
    table: &'e str,
    surprises: Vec<SurpriseShape<'e>>,
    brackets: &'e str,
    lines: Vec<LineShape<'e>>,
    order: Vec<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    records: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    matches: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    analysis: Option<super::analyze::Shape>,
}

#[derive(Serialize)]
struct SurpriseShape<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    text: String,
    span: Span,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<&'e str>,
}

#[derive(Serialize)]
struct LineShape<'e> {
    depth: usize,
    part: &'static str,
    words: &'e str,
    /// The part as a query of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    matches: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<u64>,
}
