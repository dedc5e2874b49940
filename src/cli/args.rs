//! The arguments.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::check::CheckArguments;
use super::completions::Shell;
use super::fmt::FmtArguments;
use super::reference;
use super::world::World;
use crate::csv::Formulas;

/// Read, check and run encoded queries, the filter language of ServiceNow's `sysparm_query`.
#[derive(Debug, Parser)]
#[command(name = "encq", version, arg_required_else_help = true, subcommand_required = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Filter, sort and page records.
    #[command(
        override_usage = "encq query [OPTIONS] [DATA] QUERY",
        after_help = "Examples:\n  encq query 'active=true^nameLIKEge^ORDERBYname'\n  encq query contacts.json 'countryINUSA,DEU' --fields name,email --all\n  curl … | encq query - 'vip=true' -o json\n  encq query contacts.json 'account.cityLIKEoslo' --related customer_account=accounts.json\n  encq query after.json 'cityVALCHANGES' --before before.json\n  encq query export.csv.gz 'active=true' --rename-columns snake --all -o csv --csv-safe > active.csv"
    )]
    Query(QueryArguments),
    /// Count the records that match.
    #[command(
        override_usage = "encq count [OPTIONS] [DATA] QUERY",
        after_help = "Examples:\n  encq count 'cityISEMPTY'\n  encq count contacts.ndjson 'active=false'\n  zcat contacts.csv.gz | encq count - 'vip=true'"
    )]
    Count(CountArguments),
    /// Print the tree of a query as JSON.
    #[command(
        after_help = "Examples:\n  encq parse 'a=1^ORb=2^NQc=3'\n  encq parse - < queries.txt"
    )]
    Parse {
        /// The query or a URL that holds one; `-` reads one a line from standard input.
        query: OsString,
    },
    /// Say what is wrong with a query.
    #[command(
        after_help = "Examples:\n  encq check 'active=true^fist_name=George'\n  encq check - --deny-warnings -o json < queries.txt\n  encq check --file queries/*.txt -o github\n  encq check 'https://host/api/now/contact?sysparm_query=active%3Dtrue'"
    )]
    Check(CheckArguments),
    /// Say what a query means, and how many records each part of it leaves.
    #[command(
        override_usage = "encq explain [OPTIONS] [DATA] QUERY",
        after_help = "Examples:\n  encq explain 'active=true^nameLIKEwar^ORcityLIKEwar'\n  encq explain contacts.json 'acount=x^vip=true'\n  encq explain contacts.json 'vip=true' -o json"
    )]
    Explain(ExplainArguments),
    /// Print queries in canonical text.
    #[command(
        after_help = "Examples:\n  encq fmt 'nameCONTAINSwar^EQ'\n  encq fmt --multi-line 'active=true^nameLIKEwar^ORcityLIKEwar'\n  encq fmt - < queries.txt\n  encq fmt --write --file queries.txt\n  encq fmt --check --file queries/*.txt"
    )]
    Fmt(FmtArguments),
    /// List the fields of a table and the operators of each type.
    #[command(after_help = "Examples:\n  encq schema\n  encq schema tables.json -o json")]
    Schema {
        /// `customer_contact` or a schema file.
        #[arg(default_value = "customer_contact")]
        name: String,
        /// The table of a schema file; its first if not given.
        #[arg(long)]
        table: Option<String>,
        /// The format.
        #[arg(short, long, value_enum, default_value = "text")]
        output: TextOrJson,
    },
    /// List the operators.
    #[command(after_help = "Examples:\n  encq operators\n  encq operators -o json")]
    Operators {
        /// The format.
        #[arg(short, long, value_enum, default_value = "text")]
        output: TextOrJson,
    },
    /// List the functions a value may call, as `javascript:gs.daysAgo(7)` does.
    #[command(after_help = "Examples:\n  encq functions\n  encq functions -o json")]
    Functions {
        /// The format.
        #[arg(short, long, value_enum, default_value = "text")]
        output: TextOrJson,
    },
    /// Print a script that completes commands and options in a shell.
    #[command(
        after_help = "Examples:\n  encq completions bash > ~/.local/share/bash-completion/completions/encq\n  encq completions zsh > ~/.zfunc/_encq\n  encq completions fish > ~/.config/fish/completions/encq.fish\n  encq completions powershell >> $PROFILE"
    )]
    Completions {
        /// The shell.
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Print a page of the reference in Markdown.
    #[command(hide = true)]
    Reference {
        /// The page.
        #[arg(value_enum)]
        page: reference::Page,
    },
    /// Print made-up contacts, one JSON object a line, or made-up queries.
    #[command(
        after_help = "Examples:\n  encq gen 1000 > contacts.ndjson\n  encq gen 50 --seed 7\n  encq gen --queries 20\n  encq gen --queries 1000 --odd | encq check - -o json"
    )]
    Gen {
        /// How many contacts.
        #[arg(required_unless_present = "queries", conflicts_with = "queries")]
        number: Option<usize>,
        /// Print so many queries over the fields of contacts instead, one a line.
        #[arg(long, value_name = "N")]
        queries: Option<usize>,
        /// Queries that hold what goes wrong in queries.
        #[arg(long, requires = "queries")]
        odd: bool,
        /// What is made from one seed is the same each time.
        #[arg(long, default_value_t = crate::demo::DEMO_SEED)]
        seed: u64,
    },
}

impl Command {
    /// How what goes wrong is said.
    pub(super) fn diagnostics(&self) -> TextOrJson {
        match self {
            Self::Query(arguments) => arguments.source.diagnostics.format,
            Self::Count(arguments) => arguments.source.diagnostics.format,
            Self::Explain(arguments) => arguments.source.diagnostics.format,
            Self::Parse { .. }
            | Self::Check(_)
            | Self::Fmt(_)
            | Self::Completions { .. }
            | Self::Reference { .. }
            | Self::Schema { .. }
            | Self::Operators { .. }
            | Self::Functions { .. }
            | Self::Gen { .. } => TextOrJson::Text,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct QueryArguments {
    #[command(flatten)]
    pub(super) source: Source,
    /// Records to print at most; 10 if not given.
    #[arg(long, conflicts_with = "all")]
    pub(super) limit: Option<u64>,
    /// Print every record that matches.
    #[arg(long)]
    pub(super) all: bool,
    /// Records to leave out in front.
    #[arg(long, default_value_t = 0)]
    pub(super) offset: u64,
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
    /// `customer_contact`, `infer`, or a schema file.
    #[arg(long, default_value = "customer_contact")]
    pub(super) schema: String,
    /// The table of the schema file that the data belongs to, its first if not given; with `infer` the
    /// name of the table.
    #[arg(long)]
    pub(super) table: Option<String>,
    /// The layout of the data, found out if not given. CSV has a header; what separates fields is a
    /// comma or, if the header has none, a semicolon or a tab.
    #[arg(long, value_enum)]
    pub(super) from: Option<From>,
    /// Rename columns that queries cannot name, to lower-case words: `Sys ID` to `sys_id`.
    #[arg(long, value_enum, value_name = "HOW")]
    pub(super) rename_columns: Option<RenameColumns>,
    /// Give records without a sys_id one.
    #[arg(long)]
    pub(super) make_sys_ids: bool,
    /// What becomes of invalid parts: they are ignored, no record matches, or the query is refused.
    #[arg(long, value_enum, default_value = "ignore")]
    pub(super) on_invalid: OnInvalidArgument,
    /// Tell upper from lower case in values.
    #[arg(long)]
    pub(super) case_sensitive: bool,
    /// Another table, to follow references into; may be repeated. Its fields are those the schema
    /// file lists, or else read off the data.
    #[arg(long, value_name = "TABLE=FILE")]
    pub(super) related: Vec<String>,
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

#[derive(Debug, Args)]
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

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(super) enum OnInvalidArgument {
    Ignore,
    None,
    Forbid,
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

impl QueryArguments {
    /// How formulas are written in CSV.
    pub(super) fn formulas(&self) -> Formulas {
        if self.csv_safe { Formulas::Neutralise } else { Formulas::Keep }
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
