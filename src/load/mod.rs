//! Records from outside: one place for what every format shares, and a reader of each.

mod columns;
#[cfg(feature = "csv")]
mod csv;
mod fault;
mod infer;
mod json;
mod place;
mod rows;

use thiserror::Error;

use crate::schema::Schema;
use crate::table::Table;
use fault::Fault;
#[cfg(feature = "api")]
pub(crate) use json::{Member, body};
use place::place;
use rows::Rows;

/// What becomes of columns of the data that the schema does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Columns {
    /// They become text fields.
    #[default]
    Extend,
    /// They are left out, with a notice.
    Fixed,
    /// Every column becomes a field of the type that all its values have.
    Infer,
}

/// What becomes of column names that queries cannot hold, such as `LOCATION` or `Sys ID`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Names {
    /// They stay, with a notice.
    #[default]
    Keep,
    /// They become lower-case words joined by `_`, with a notice: the field of the schema of that
    /// name, if the data has no such column, else a further one.
    Snake,
}

/// How records stand in the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Layout {
    /// One array, or an object whose member `result` holds the records.
    Json,
    /// Objects one after another, usually one a line.
    Lines,
    /// A header, then a row for each record, separated by commas, semicolons or tabs.
    #[cfg(feature = "csv")]
    Csv,
}

impl Layout {
    /// The layout that the name of a file speaks for, packed with gzip or not, if it does.
    ///
    /// ```
    /// use encoded_query::load::Layout;
    ///
    /// assert_eq!(Layout::of_name("a/contacts.ndjson.gz"), Some(Layout::Lines));
    /// assert_eq!(Layout::of_name("contacts"), None);
    /// ```
    pub fn of_name(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let name = lower.strip_suffix(".gz").unwrap_or(&lower);
        match name.rsplit_once('.')?.1 {
            "json" => Some(Self::Json),
            "ndjson" | "jsonl" => Some(Self::Lines),
            #[cfg(feature = "csv")]
            "csv" | "tsv" => Some(Self::Csv),
            _ => None,
        }
    }
}

/// How data is loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoadOptions {
    /// What becomes of further columns.
    pub columns: Columns,
    /// What becomes of names that queries cannot hold.
    pub names: Names,
    /// Whether records without a sys_id get one, made from their number.
    pub make_sys_ids: bool,
    /// The layout; found out from the data if not given.
    pub layout: Option<Layout>,
    /// The layout that the name of the data speaks for; counts where the text leaves it open.
    pub likely: Option<Layout>,
}

/// A loaded table, and what there is to say about the data.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Loaded {
    /// The records.
    pub table: Table,
    /// One sentence each, in lower case.
    pub notices: Vec<String>,
}

/// Why data cannot be loaded.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LoadError {
    /// There is nothing, not even an empty list.
    #[error("is empty")]
    Empty,
    /// The text is not UTF-8.
    #[error("{0}")]
    Encoding(String),
    /// The text is not of its format, or holds something else than records.
    #[error("{0}")]
    Syntax(String),
    /// The text begins like no layout there is, and is none by its name or the options.
    #[error("{0}")]
    UnknownLayout(String),
    /// The records have more columns than a table may.
    #[error("the records have over {} columns", columns::MOST)]
    TooManyColumns,
    /// A record has no sys_id and the schema has that field;
    /// [`make_sys_ids`](LoadOptions::make_sys_ids) makes one.
    #[error("line {line}, column {column}: record {number}: it has no `sys_id`")]
    MissingId {
        /// Number of the record, from 1.
        number: usize,
        /// The line where it begins, from 1.
        line: usize,
        /// The column where it begins, from 1, counted in characters.
        column: usize,
    },
    /// A record cannot be one of the table.
    #[error("line {line}, column {column}: record {number}: {message}")]
    Record {
        /// Number of the record, from 1.
        number: usize,
        /// The line of the value that is wrong, or of the record's beginning, from 1.
        line: usize,
        /// The column there, from 1, counted in characters.
        column: usize,
        /// What is wrong.
        message: String,
    },
}

/// Loads records into a new table: JSON, NDJSON or, with the feature `csv`, CSV.
///
/// Values are text. JSON numbers and booleans become theirs as written, null becomes empty. A member
/// as the Table API gives references, `{"link":…,"value":…}`, or both its values,
/// `{"display_value":…,"value":…}`, is its `value`.
///
/// # Errors
/// If the data is no UTF-8 or not of its format, or if a record is not an object of scalar values,
/// repeats a member or a sys_id, or has none though the schema has that field. Nothing is loaded
/// then.
pub fn load(data: &[u8], schema: Schema, options: &LoadOptions) -> Result<Loaded, LoadError> {
    load_telling(data, schema, options, &mut |_| ())
}

/// The same; tells now and then how many bytes are done.
///
/// # Errors
/// As [`load`].
pub fn load_telling(
    data: &[u8],
    schema: Schema,
    options: &LoadOptions,
    progress: &mut dyn FnMut(usize),
) -> Result<Loaded, LoadError> {
    let text = text(data)?;
    let names = match options.names {
        Names::Keep => columns::NewNames::default(),
        Names::Snake => {
            // Which names are free is known once all are.
            let survey = LoadOptions { columns: Columns::Fixed, ..LoadOptions::default() };
            let (mut nothing, none) = (|_| (), columns::NewNames::default());
            let mut rows = Rows::new(Schema::default(), &survey, none, &mut nothing);
            let read = read(text, options, &mut rows);
            let _ = read.map_err(|fault| located(fault, text, options))?;
            let found = rows.names();
            if options.columns != Columns::Fixed && found.len() > columns::MOST {
                return Err(LoadError::TooManyColumns);
            }
            columns::NewNames::snake(&found, &schema, options.columns)
        }
    };
    let mut rows = Rows::new(schema, options, names, progress);
    let locate = read(text, options, &mut rows);
    let locate = locate.map_err(|fault| located(fault, text, options))?;
    Ok(rows.finish(text, &locate))
}

/// Finds where the value of a column begins from what the reader said of its place.
type Locate<'d> = Box<dyn Fn(usize, usize) -> usize + 'd>;

fn read<'d>(
    text: &'d str,
    options: &LoadOptions,
    rows: &mut Rows<'_, 'd>,
) -> Result<Locate<'d>, Fault> {
    #[cfg(feature = "csv")]
    if is_csv(text, options) {
        return csv::read(text, rows);
    }
    json::read(text, options.layout, rows)?;
    Ok(Box::new(|at, _| at))
}

/// Where a fault stands, for which the text is read once more.
fn located(fault: Fault, text: &str, options: &LoadOptions) -> LoadError {
    fault.located(text, || {
        #[cfg(feature = "csv")]
        if is_csv(text, options) {
            return csv::starts(text);
        }
        json::starts(text, options.layout)
    })
}

#[cfg(feature = "csv")]
fn is_csv(text: &str, options: &LoadOptions) -> bool {
    options
        .layout
        .map_or_else(|| csv::looks_like(text, options.likely), |layout| layout == Layout::Csv)
}

/// The text of some data, without a byte order mark.
pub(crate) fn text(data: &[u8]) -> Result<&str, LoadError> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    if data.starts_with(b"\x1f\x8b") {
        return Err(LoadError::Encoding("is compressed with gzip; unpack it first".into()));
    }
    if data.starts_with(b"\xff\xfe") || data.starts_with(b"\xfe\xff") {
        return Err(LoadError::Encoding("is not UTF-8 (looks like UTF-16)".into()));
    }
    let marked = data.strip_prefix(MARK);
    let before = if marked.is_some() { MARK.len() } else { 0 };
    let data = marked.unwrap_or(data);
    let text = std::str::from_utf8(data).map_err(|error| {
        let valid = data.get(..error.valid_up_to()).unwrap_or_default();
        let place = place(&String::from_utf8_lossy(valid), valid.len());
        let byte = before + valid.len();
        LoadError::Encoding(format!("{place}: invalid UTF-8 at byte {byte}"))
    })?;
    if text.trim().is_empty() { Err(LoadError::Empty) } else { Ok(text) }
}
