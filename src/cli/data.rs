//! Where data and schemas come from.

use std::fs;
use std::path::Path;

use super::files::{self, Progress};
use super::options::{Asking, CONTACTS, DiagnosticsArguments, From, INFER, Reading, RenameColumns};
use super::{Stop, Streams, report};
use crate::diagnostic::Severity;
use crate::load::{self, Columns, Layout, LoadError, LoadOptions, Names};
use crate::schema::{Catalog, Schema};
use crate::table::{Database, DatabaseError, Table};

/// What is queried.
pub(super) struct Data {
    /// The tables, the one that is queried first.
    pub(super) database: Database,
    /// The tables with the records as they were before.
    pub(super) before: Option<Database>,
    /// What extends what, by the schema file: more tables than are loaded.
    pub(super) classes: Catalog,
}

impl Data {
    /// The schema of the table that is queried.
    pub(super) fn schema(&self) -> &Schema {
        // A database is made of one table at least.
        static NONE: std::sync::LazyLock<Schema> = std::sync::LazyLock::new(Schema::default);
        self.database.catalog().schemas().first().unwrap_or(&NONE)
    }
}

/// Which data are read, and how.
pub(super) struct Wanted<'a> {
    /// The data, if it is not the demo contacts.
    pub(super) data: Option<&'a Path>,
    pub(super) before: Option<&'a Path>,
    pub(super) reading: &'a Reading,
    pub(super) diagnostics: &'a DiagnosticsArguments,
    pub(super) quiet: bool,
}

/// The tables to query: the demo contacts or the data named, and those related to it.
pub(super) fn load(
    data: Option<&Path>,
    asking: &Asking,
    streams: &mut Streams<'_>,
) -> Result<Data, Stop> {
    let wanted = Wanted {
        data,
        before: asking.before.as_deref(),
        reading: &asking.reading,
        diagnostics: &asking.diagnostics,
        quiet: asking.quiet,
    };
    wanted.load(streams)
}

impl Wanted<'_> {
    pub(super) fn load(&self, streams: &mut Streams<'_>) -> Result<Data, Stop> {
        let reading = self.reading;
        let is_file = ![CONTACTS, INFER].contains(&reading.schema.as_str());
        if reading.table.is_some() && reading.schema == CONTACTS && self.data.is_some() {
            let message = "--table names a table of a schema file, or the one that is inferred; \
                give --schema FILE or --schema infer";
            return Err(Stop::Message(message.into()));
        }
        let others =
            format!("the built-in schema is `{CONTACTS}`, and `{INFER}` reads it off the data");
        let catalog = if is_file { catalog(&reading.schema, &others)? } else { Catalog::new() };
        let main = match self.data {
            None => self.demo()?,
            Some(path) => self.read_table(path, self.main_schema(&catalog)?, streams)?,
        };
        let before = match self.before {
            Some(path) => {
                let columns = (main.schema().clone(), Columns::Fixed);
                Some(self.read_table(path, columns, streams)?)
            }
            None => None,
        };
        let mut related = Vec::new();
        for text in &reading.related {
            related.push(self.related_table(text, &catalog, streams)?);
        }
        let fault = |error: DatabaseError| Stop::Message(format!("--related: {error}"));
        // As it was, a record leads to the related records there are.
        let before =
            before.map(|table| Database::new(std::iter::once(table).chain(related.clone())));
        let before = before.transpose().map_err(fault)?;
        let database = Database::new(std::iter::once(main).chain(related)).map_err(fault)?;
        Ok(Data { database, before, classes: catalog })
    }

    fn main_schema(&self, catalog: &Catalog) -> Result<(Schema, Columns), Stop> {
        let table = self.reading.table.as_deref();
        Ok(match self.reading.schema.as_str() {
            INFER => (Schema::new(table.unwrap_or("data"), []), Columns::Infer),
            CONTACTS => (Schema::customer_contact(), Columns::Extend),
            file => (chosen(file, catalog, table)?.clone(), Columns::Fixed),
        })
    }

    fn related_table(
        &self,
        related: &str,
        catalog: &Catalog,
        streams: &mut Streams<'_>,
    ) -> Result<Table, Stop> {
        let Some((name, file)) = related.split_once('=').filter(|(name, _)| !name.is_empty())
        else {
            let message = format!("--related: `{related}` does not read; expected `TABLE=FILE`");
            return Err(Stop::Message(message));
        };
        let columns = match catalog.schema(name) {
            Some(schema) => (schema.clone(), Columns::Fixed),
            None => (Schema::new(name, []), Columns::Infer),
        };
        self.read_table(Path::new(file), columns, streams)
    }

    /// The records of a file or of standard input.
    fn read_table(
        &self,
        path: &Path,
        (schema, columns): (Schema, Columns),
        streams: &mut Streams<'_>,
    ) -> Result<Table, Stop> {
        let mut progress = Progress::new(streams, self.quiet);
        let (name, bytes) = files::data(path, streams, &mut progress)?;
        let layout = self.reading.from.map(|from| match from {
            From::Json => Layout::Json,
            From::Ndjson => Layout::Lines,
            From::Csv => Layout::Csv,
        });
        let names = match self.reading.rename_columns {
            Some(RenameColumns::Snake) => Names::Snake,
            None => Names::Keep,
        };
        let (make_sys_ids, likely) = (self.reading.make_sys_ids, Layout::of_name(&name));
        let options = LoadOptions { columns, names, make_sys_ids, layout, likely };
        let loaded = load::load_telling(&bytes, schema, &options, &mut |done| progress.at(done));
        drop(progress);
        let loaded = loaded.map_err(|error| {
            let hint = mended_by(&error, layout);
            Stop::Message(format!("{name}: {error}{hint}"))
        })?;
        let format = self.diagnostics.format;
        for notice in loaded.notices.iter().filter(|_| !self.quiet) {
            let message = format!("{name}: {notice}");
            report::notice(streams.stderr, format, Severity::Warning, &message)?;
        }
        Ok(loaded.table)
    }

    /// The demo contacts, if nothing is asked that only data can have.
    fn demo(&self) -> Result<Table, Stop> {
        refuse_idle(&[
            ("--schema", self.reading.schema != CONTACTS),
            ("--table", self.reading.table.is_some()),
            ("--before", self.before.is_some()),
        ])?;
        refuse_reading(self.reading)?;
        Ok(Table::demo_contacts())
    }
}

/// The option that mends what is wrong with data, if one does.
fn mended_by(error: &LoadError, layout: Option<Layout>) -> &'static str {
    if matches!(error, LoadError::MissingId { .. }) {
        " (--make-sys-ids makes them)"
    } else if matches!(error, LoadError::UnknownLayout(_)) && layout.is_none() {
        " (--from csv reads it as CSV of one column)"
    } else {
        ""
    }
}

/// Refuses what says how data are read, where there are none.
pub(super) fn refuse_reading(reading: &Reading) -> Result<(), Stop> {
    refuse_idle(&[
        ("--from", reading.from.is_some()),
        ("--rename-columns", reading.rename_columns.is_some()),
        ("--make-sys-ids", reading.make_sys_ids),
    ])
}

fn refuse_idle(options: &[(&str, bool)]) -> Result<(), Stop> {
    match options.iter().find(|(_, is_given)| *is_given) {
        None => Ok(()),
        Some((option, _)) => Err(Stop::Message(format!(
            "{option} is about data, and there is none; give a data file or `-` before the query"
        ))),
    }
}

/// The tables of a schema file; `others` says what else a schema may be.
fn catalog(name: &str, others: &str) -> Result<Catalog, Stop> {
    let bytes = files::read(Path::new(name)).map_err(|stop| match fs::exists(name) {
        Ok(false) if !name.is_empty() => {
            Stop::Message(format!("{name}: no such schema file; {others}"))
        }
        _ => stop,
    })?;
    let fault = |error: String| Stop::Message(format!("{name}: {error}"));
    let text = load::text(&bytes).map_err(|error| fault(error.to_string()))?;
    Catalog::from_json(text).map_err(|error| fault(error.to_string()))
}

/// The table of a schema file that is meant: the one named, or the first.
fn chosen<'c>(file: &str, catalog: &'c Catalog, table: Option<&str>) -> Result<&'c Schema, Stop> {
    let fault = |error: String| Stop::Message(format!("{file}: {error}"));
    match table {
        Some(table) => catalog.require(table).map_err(|error| fault(error.to_string())),
        None => catalog.schemas().first().ok_or_else(|| fault("there are no tables".into())),
    }
}

/// The tables a query is checked against, and the name of the one it is asked of.
pub(super) fn schemas(name: &str, table: Option<&str>) -> Result<(Catalog, String), Stop> {
    if name == CONTACTS {
        if let Some(table) = table.filter(|table| *table != CONTACTS) {
            let message = format!(
                "there is no table `{table}` beside `{CONTACTS}`; a schema file may have others"
            );
            return Err(Stop::Message(message));
        }
        return Ok((Schema::customer_contact().into(), CONTACTS.to_owned()));
    }
    if name == INFER && !fs::exists(name).is_ok_and(|exists| exists) {
        let message = format!(
            "`{INFER}` reads a schema off data, and there is none here; give `{CONTACTS}` or a schema file"
        );
        return Err(Stop::Message(message));
    }
    let catalog = catalog(name, &format!("the built-in schema is `{CONTACTS}`"))?;
    let table = chosen(name, &catalog, table)?.table().to_owned();
    Ok((catalog, table))
}
