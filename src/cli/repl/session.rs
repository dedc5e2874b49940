//! A session: what it was told, the last query, and what each line does.

use super::command::{self, Action, MARK};
use super::complete::complete;
use crate::cli::commands::{print_count, print_tree};
use crate::cli::data::Data;
use crate::cli::options::{Asking, OnInvalidArgument, Printing, Showing, TextOrJson};
use crate::cli::report::{self, Style, Subject};
use crate::cli::sheet::Sheet;
use crate::cli::{Done, ERROR, Stop, Streams, ask, explain, fmt, input, output};
use crate::diagnostic::{Diagnostic, Severity};
use crate::engine::{Count, PageRequest};
use crate::plan::Plan;
use crate::schema::Catalog;
use crate::syntax::{Query, continuation};
use crate::table::Table;

/// How one gets at the records that a page leaves out.
const GO_ON: &str = ".more goes on, .limit all prints every one";

/// Begins a line that holds nothing, as in files of queries.
const COMMENT: char = '#';

pub(super) struct Session<'d> {
    data: &'d Data,
    asking: Asking,
    printing: Printing,
    last: Option<Last>,
    /// The number of the line in a pipe.
    line: Option<usize>,
    has_ended: bool,
}

/// The last query.
struct Last {
    text: String,
    plan: Option<Plan>,
    /// Records printed.
    printed: u64,
    has_more: bool,
}

impl Last {
    fn new(text: String) -> Self {
        Self { text, plan: None, printed: 0, has_more: true }
    }
}

impl<'d> Session<'d> {
    pub(super) fn new(data: &'d Data, asking: Asking, printing: Printing) -> Self {
        Self { data, asking, printing, last: None, line: None, has_ended: false }
    }

    /// Fails if a field that is to be printed is none.
    pub(super) fn check_fields(&self) -> Result<(), Stop> {
        Sheet::new(self.data.schema(), &self.asking, &self.printing, GO_ON).map(|_| ())
    }

    /// The tables there are, and the name of the one that is queried.
    pub(super) fn tables(&self) -> (&'d Catalog, &'d str) {
        (self.data.database.catalog(), self.data.schema().table())
    }

    /// How many records are queried.
    pub(super) fn records(&self) -> usize {
        self.data.database.tables().first().map_or(0, Table::len)
    }

    pub(super) fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Does what a line says, that of this number in a pipe.
    pub(super) fn act(
        &mut self,
        line: &str,
        number: Option<usize>,
        streams: &mut Streams<'_>,
    ) -> Done {
        self.line = number;
        let said = line.trim_start();
        if said.is_empty() || said.starts_with(COMMENT) {
            return Ok(0);
        }
        if continuation(line).is_some() {
            let message = "it goes on with a query of the line before; give each query on one line";
            return Err(Stop::Message(message.into()));
        }
        if said.starts_with(MARK) {
            let (command, argument) = command::read(said)?;
            return self.run(command.action, argument, streams);
        }
        self.query(said)?;
        self.page(streams)
    }

    /// Says why a line failed, and has its answer seen; the line's exit code, if the session can go on.
    pub(super) fn settle(&self, done: Done, streams: &mut Streams<'_>) -> Done {
        let code = match done {
            Err(Stop::Message(message)) => {
                let format = self.asking.diagnostics.format;
                report::notice(streams.stderr, format, Severity::Error, &message)?;
                ERROR
            }
            done => done?,
        };
        streams.stdout.flush()?;
        Ok(code)
    }

    fn run(&mut self, action: Action, argument: &str, streams: &mut Streams<'_>) -> Done {
        let word = argument.trim_end();
        let given = Some(word).filter(|word| !word.is_empty());
        match action {
            Action::More => return self.more(streams),
            Action::Count => return self.count(argument, streams),
            Action::Explain => return self.explain(argument, streams),
            Action::Check => return self.check(argument, streams),
            Action::Canonical => {
                let color = self.asking.diagnostics.color;
                fmt::print_canonical(self.query(argument)?, color, streams)?;
            }
            Action::Tree => print_tree(self.query(argument)?, streams.stdout)?,
            Action::Fields => self.set_fields(word)?,
            Action::Limit => self.set_limit(given)?,
            Action::Output => self.printing.output = given.map(command::one_of).transpose()?,
            Action::OnInvalid => self.set_on_invalid(given)?,
            Action::Schema => self.schema(word, streams)?,
            Action::Operators => output::operators(streams.stdout)?,
            Action::Functions => output::functions(streams.stdout)?,
            Action::Complete => self.complete(argument, streams)?,
            Action::Help => output::commands(streams.stdout, command::COMMANDS)?,
            Action::Quit => self.has_ended = true,
        }
        Ok(0)
    }

    /// Takes a text for the last query, or keeps that if there is none.
    fn query(&mut self, text: &str) -> Result<&str, Stop> {
        if !text.is_empty() {
            self.last = Some(Last::new(input::decoded(text)?));
        }
        Ok(&last(&mut self.last)?.text)
    }

    /// The plan of the last query; nothing if that is refused.
    fn plan(&mut self, streams: &mut Streams<'_>) -> Result<Option<&Plan>, Stop> {
        let last = last(&mut self.last)?;
        if last.plan.is_none() {
            let subject = Subject { line: self.line, ..Subject::of(&last.text) };
            last.plan = ask::plan(&self.asking, &subject, self.data, streams)?;
        }
        Ok(last.plan.as_ref())
    }

    /// Prints the records of the last query that follow those printed before.
    fn page(&mut self, streams: &mut Streams<'_>) -> Done {
        let (data, limit) = (self.data, self.printing.page());
        let offset = last(&mut self.last)?.printed;
        let Some(plan) = self.plan(streams)? else { return Ok(ERROR) };
        let page = ask::run_over(plan, data, PageRequest { offset, limit, count: Count::Exact });
        let last = last(&mut self.last)?;
        let sheet = Sheet::new(data.schema(), &self.asking, &self.printing, GO_ON)?;
        sheet.print(&page, &Query::parse(last.text.as_str()), streams)?;
        last.printed += page.records.len() as u64;
        last.has_more = page.has_more;
        Ok(u8::from(page.total == Some(0)))
    }

    fn more(&mut self, streams: &mut Streams<'_>) -> Done {
        if last(&mut self.last)?.has_more {
            return self.page(streams);
        }
        let format = self.asking.diagnostics.format;
        report::notice(streams.stderr, format, Severity::Hint, "there are no more records")?;
        Ok(0)
    }

    fn count(&mut self, argument: &str, streams: &mut Streams<'_>) -> Done {
        self.query(argument)?;
        let data = self.data;
        match self.plan(streams)? {
            Some(plan) => print_count(plan, data, streams),
            None => Ok(ERROR),
        }
    }

    fn explain(&mut self, argument: &str, streams: &mut Streams<'_>) -> Done {
        self.query(argument)?;
        let showing = Showing { analyze: false, output: TextOrJson::Text };
        let text = &last(&mut self.last)?.text;
        explain::over_data(text, self.data, &self.asking, showing, streams)
    }

    fn check(&mut self, argument: &str, streams: &mut Streams<'_>) -> Done {
        self.query(argument)?;
        let query = Query::parse(last(&mut self.last)?.text.as_str());
        let environment = self.asking.world.environment()?;
        let bound = ask::binder(self.data, self.asking.options(), &environment)?.bind(&query);
        let (format, color) = (self.asking.diagnostics.format, self.asking.diagnostics.color);
        let style = Style::new(format, color, streams.stdout_is_terminal, streams.no_color);
        let subject = Subject { line: self.line, ..Subject::of(query.text()) };
        report::write(streams.stdout, &subject, bound.diagnostics(), &style)?;
        let has_errors = bound.diagnostics().iter().any(Diagnostic::is_error);
        Ok(if has_errors { ERROR } else { 0 })
    }

    fn set_fields(&mut self, names: &str) -> Result<(), Stop> {
        let fields = names.split(',').filter(|_| !names.is_empty());
        let fields = fields.map(|field| field.trim().to_owned()).collect();
        let before = std::mem::replace(&mut self.printing.fields, fields);
        self.check_fields().inspect_err(|_| self.printing.fields = before)
    }

    fn set_limit(&mut self, number: Option<&str>) -> Result<(), Stop> {
        let number = number.map(command::number).transpose()?;
        self.printing.all = number == Some(None);
        self.printing.limit = number.flatten();
        Ok(())
    }

    fn set_on_invalid(&mut self, word: Option<&str>) -> Result<(), Stop> {
        let asked: Option<OnInvalidArgument> = word.map(command::one_of).transpose()?;
        self.asking.on_invalid = asked.unwrap_or_default();
        // Another policy makes another plan.
        if let Some(last) = &mut self.last {
            last.plan = None;
        }
        Ok(())
    }

    fn schema(&self, table: &str, streams: &mut Streams<'_>) -> Result<(), Stop> {
        let schema = if table.is_empty() {
            self.data.schema()
        } else {
            let found = self.data.database.catalog().require(table);
            found.map_err(|error| Stop::Message(error.to_string()))?
        };
        output::schema(streams.stdout, schema)
    }

    fn complete(&self, line: &str, streams: &mut Streams<'_>) -> Result<(), Stop> {
        let (catalog, table) = self.tables();
        let (start, candidates) = complete(catalog, table, line, line.len());
        let kept = line.get(..start).unwrap_or_default();
        for candidate in candidates {
            writeln!(streams.stdout, "{kept}{}", candidate.text)?;
        }
        Ok(())
    }
}

fn last(last: &mut Option<Last>) -> Result<&mut Last, Stop> {
    let none = || Stop::Message("there is no query yet; give one".into());
    last.as_mut().ok_or_else(none)
}
