//! A query over data: what the commands that run one have in common.

use std::ffi::OsString;
use std::path::Path;

use super::data::Data;
use super::files::STDIN;
use super::options::{Asking, Source, TextOrJson};
use super::report::{self, Style, Subject};
use super::{Stop, Streams, data, input};
use crate::bind::{Binder, Options};
use crate::diagnostic::{Code, Diagnostics, Severity};
use crate::engine::{Count, PageRequest};
use crate::environment::FixedEnvironment;
use crate::load::Layout;
use crate::plan::{Page, Plan, PlanError};
use crate::schema::SYS_ID;
use crate::syntax::Query;
use crate::table::{Record, Tables};

pub(super) fn text_and_data(
    source: &Source,
    streams: &mut Streams<'_>,
) -> Result<(String, Data), Stop> {
    let (data, query) = source.split();
    let text = query_alone(source)?;
    let query = query.map(OsString::as_os_str).unwrap_or_default();
    read_once(source)?;
    let loaded = data::load(data, &source.asking, streams).map_err(|stop| {
        let swapped = data.is_some_and(|data| !data.exists()) && Path::new(query).is_file();
        if swapped { stop.about("the data stands before the query") } else { stop }
    });
    Ok((text, loaded?))
}

/// Whether a query that is none has the name of a data file that is not there.
fn looks_like_file(query: &str) -> bool {
    let is_packed = Path::new(query).extension().is_some_and(|end| end.eq_ignore_ascii_case("gz"));
    let is_query = Query::parse(query).conditions().next().is_some();
    !is_query && (is_packed || Layout::of_name(query).is_some())
}

/// The query, which no command that reads data takes from standard input, and no file is by itself.
pub(super) fn query_alone(source: &Source) -> Result<String, Stop> {
    let (data, query) = source.split();
    let query = query.ok_or_else(|| Stop::Message("there is no query".into()))?;
    if query == STDIN {
        let message = if data.is_some_and(|data| data.as_os_str() == STDIN) {
            "standard input can be the data or the query, not both"
        } else {
            "`-` as the query is for `parse` and `check`; this command takes one query"
        };
        return Err(Stop::Message(message.into()));
    }
    if data.is_none() && Path::new(query).is_file() {
        let file = query.to_string_lossy();
        let message = format!(
            "`{file}` is a file and there is no query; give one after it, '' for every record"
        );
        return Err(Stop::Message(message));
    }
    let text = input::query(query)?;
    if data.is_none() && looks_like_file(&text) {
        let message =
            format!("`{text}` is no file, and there is no query; give the file, then the query");
        return Err(Stop::Message(message));
    }
    Ok(text)
}

/// Standard input can be read once.
fn read_once(source: &Source) -> Result<(), Stop> {
    if readers_of_stdin(source.split().0, &source.asking) > 1 {
        return Err(Stop::Message("standard input can stand for one file, not for several".into()));
    }
    Ok(())
}

/// How many files standard input stands for.
pub(super) fn readers_of_stdin(data: Option<&Path>, asking: &Asking) -> usize {
    let files = asking.reading.related.iter().filter_map(|related| related.split_once('='));
    let files = files.map(|(_, file)| Path::new(file)).chain(asking.before.as_deref());
    files.chain(data).filter(|path| path.as_os_str() == STDIN).count()
}

/// Plans the query and says what there is to say; nothing if it is refused.
pub(super) fn plan(
    asking: &Asking,
    subject: &Subject<'_>,
    data: &Data,
    streams: &mut Streams<'_>,
) -> Result<Option<Plan>, Stop> {
    let environment = asking.world.environment()?;
    let bound = binder(data, asking.options(), &environment)?.bind(&Query::parse(subject.query));
    let plan = Plan::new(bound, asking.on_invalid.policy());
    let diagnostics = match &plan {
        Ok(plan) => plan.report().diagnostics(),
        Err(error) => error.diagnostics(),
    };
    let (format, color) = (asking.diagnostics.format, asking.diagnostics.color);
    let style = Style::new(format, color, streams.stderr_is_terminal, streams.no_color);
    if !asking.quiet {
        report::write(streams.stderr, subject, diagnostics, &style.from(Severity::Warning))?;
        hint_options(diagnostics, format, streams)?;
    }
    match plan {
        Ok(plan) => Ok(Some(plan)),
        Err(error) => {
            let why = match &error {
                PlanError::Forbidden(_) => {
                    "the query has invalid parts and is refused (--on-invalid forbid)"
                }
                PlanError::Refused(_)
                | PlanError::InvalidGuard(_)
                | PlanError::GuardOfAnotherTable { .. } => "the query is refused",
            };
            report::refusal(streams.stderr, format, error.diagnostics(), why)?;
            Ok(None)
        }
    }
}

/// What binds queries to the table that is queried.
pub(super) fn binder<'d>(
    data: &'d Data,
    options: Options,
    environment: &'d FixedEnvironment,
) -> Result<Binder<'d>, Stop> {
    let binder = Binder::new(data.database.catalog(), data.schema().table());
    let binder = binder.map_err(|error| Stop::Message(error.to_string()))?;
    Ok(binder.options(options).environment(environment).classes(&data.classes))
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

/// How many records match.
pub(super) fn count_over(plan: &Plan, data: &Data) -> Option<u64> {
    run_over(plan, data, PageRequest { offset: 0, limit: 0, count: Count::Exact }).total
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
