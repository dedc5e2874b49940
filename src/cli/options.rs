//! The options that commands have in common.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::world::World;
use crate::bind::{History, Options};
use crate::csv::Formulas;
use crate::engine::PageRequest;
use crate::plan::OnInvalid;

#[derive(Debug, Args)]
pub(super) struct QueryArguments {
    #[command(flatten)]
    pub(super) source: Source,
    #[command(flatten)]
    pub(super) printing: Printing,
    /// Records to leave out in front.
    #[arg(long, default_value_t = 0)]
    pub(super) offset: u64,
}

/// How records are printed.
#[derive(Clone, Debug, Args)]
pub(super) struct Printing {
    /// Records to print at most; 10 if not given.
    #[arg(long)]
    pub(super) limit: Option<u64>,
    /// Print every record that matches.
    #[arg(long, conflicts_with = "limit")]
    pub(super) all: bool,
    /// Fields to print, separated by commas.
    #[arg(long, value_delimiter = ',')]
    pub(super) fields: Vec<String>,
    /// The format: a table on a terminal and NDJSON in a pipe, if not given.
    #[arg(short, long, value_enum)]
    pub(super) output: Option<Format>,
    /// Put a `'` before cells of CSV that spreadsheets would take for formulas: all that begin with
    /// `=`, `+`, `-`, `@`, a tab or a carriage return, negative numbers too.
    #[arg(long)]
    pub(super) csv_safe: bool,
}

#[derive(Debug, Args)]
pub(super) struct CountArguments {
    #[command(flatten)]
    pub(super) source: Source,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArguments {
    #[command(flatten)]
    pub(super) source: Source,
    #[command(flatten)]
    pub(super) showing: Showing,
}

/// What is shown of an explanation, and how.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Showing {
    /// Run the query over DATA and tell by which means each condition was answered, how many records
    /// were left, and the time.
    #[arg(long, conflicts_with = "before")]
    pub(super) analyze: bool,
    /// The format.
    #[arg(short, long, value_enum, default_value = "text")]
    pub(super) output: TextOrJson,
}

/// What is queried, and how.
#[derive(Debug, Args)]
pub(super) struct Source {
    /// A data file (JSON, NDJSON or CSV, as it is or packed with gzip) or `-` for standard input, if not the demo contacts; then the
    /// query or a URL that holds one.
    #[arg(num_args = 1..=2, required = true, value_name = "DATA QUERY")]
    pub(super) data_and_query: Vec<OsString>,
    #[command(flatten)]
    pub(super) asking: Asking,
}

/// How data are read and queried.
#[derive(Clone, Debug, Args)]
pub(super) struct Asking {
    #[command(flatten)]
    pub(super) reading: Reading,
    /// What becomes of invalid parts: they are ignored, no record matches, or the query is refused.
    #[arg(long, value_enum, default_value_t)]
    pub(super) on_invalid: OnInvalidArgument,
    /// Tell upper from lower case in values.
    #[arg(long)]
    pub(super) case_sensitive: bool,
    /// The same records as they were before, paired by sys_id, for `VALCHANGES`, `CHANGESFROM` and
    /// `CHANGESTO`.
    #[arg(long, value_name = "FILE")]
    pub(super) before: Option<PathBuf>,
    #[command(flatten)]
    pub(super) world: World,
    #[command(flatten)]
    pub(super) diagnostics: DiagnosticsArguments,
    /// Do not print diagnostics.
    #[arg(long)]
    pub(super) quiet: bool,
}

/// How data are read.
#[derive(Clone, Debug, Args)]
pub(super) struct Reading {
    /// `customer_contact`, `infer`, or a schema file.
    #[arg(long, default_value = "customer_contact")]
    pub(super) schema: String,
    /// The table of the schema file that the data belongs to, its first if not given; with `infer` the
    /// name of the table.
    #[arg(long)]
    pub(super) table: Option<String>,
    /// The layout of the data, found out if not given. CSV has a header; what separates fields is a
    /// comma or, if the header has none, a semicolon or a tab; CSV of one column is told by a file name
    /// that ends in `.csv`.
    #[arg(long, value_enum)]
    pub(super) from: Option<From>,
    /// Rename columns that queries cannot name, to lower-case words: `Sys ID` to `sys_id`.
    #[arg(long, value_enum, value_name = "HOW")]
    pub(super) rename_columns: Option<RenameColumns>,
    /// Give records without a sys_id one.
    #[arg(long)]
    pub(super) make_sys_ids: bool,
    /// Another table, to follow references into; may be repeated. Its fields are those the schema
    /// file lists, or else read off the data.
    #[arg(long, value_name = "TABLE=FILE")]
    pub(super) related: Vec<String>,
}

#[derive(Clone, Debug, Args)]
pub(super) struct DiagnosticsArguments {
    /// The format of diagnostics on standard error; `json` is one object a line.
    #[arg(long = "diagnostics", value_enum, default_value = "text")]
    pub(super) format: TextOrJson,
    /// When to use colours; never if `NO_COLOR` is set.
    #[arg(long, value_enum, default_value = "auto")]
    pub(super) color: Color,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(super) enum Format {
    Table,
    Json,
    Ndjson,
    Csv,
    Xml,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(super) enum TextOrJson {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(super) enum From {
    Json,
    Ndjson,
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(super) enum RenameColumns {
    Snake,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, ValueEnum)]
pub(super) enum OnInvalidArgument {
    #[default]
    Ignore,
    None,
    Forbid,
}

impl OnInvalidArgument {
    /// What becomes of invalid parts.
    pub(super) fn policy(self) -> OnInvalid {
        match self {
            Self::Ignore => OnInvalid::IgnoreInvalidPart,
            Self::None => OnInvalid::ReturnNoRows,
            Self::Forbid => OnInvalid::Forbid,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

/// The built-in schema.
pub(super) const CONTACTS: &str = "customer_contact";
/// The schema that is read off the data.
pub(super) const INFER: &str = "infer";

impl Printing {
    /// Records of a page at most.
    pub(super) fn page(&self) -> u64 {
        let by_default = PageRequest::default().limit;
        if self.all { u64::MAX } else { self.limit.unwrap_or(by_default) }
    }

    /// How formulas are written in CSV.
    pub(super) fn formulas(&self) -> Formulas {
        if self.csv_safe { Formulas::Neutralise } else { Formulas::Keep }
    }
}

impl Asking {
    /// How queries are bound.
    pub(super) fn options(&self) -> Options {
        let history = if self.before.is_some() { History::Present } else { History::Absent };
        Options { case_sensitive: self.case_sensitive, history, ..Options::default() }
    }
}

impl Source {
    /// The data, if it is not the demo contacts, and the query.
    pub(super) fn split(&self) -> (Option<&Path>, Option<&OsString>) {
        match self.data_and_query.as_slice() {
            [data, query] => (Some(Path::new(data)), Some(query)),
            [query] => (None, Some(query)),
            _ => (None, None),
        }
    }
}
