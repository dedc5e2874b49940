//! The arguments.

use std::ffi::OsString;

use clap::{Parser, Subcommand};

use super::check::CheckArguments;
use super::completions::Shell;
use super::fmt::FmtArguments;
use super::options::{CountArguments, ExplainArguments, QueryArguments, TextOrJson};
use super::reference;
use super::repl::ReplArguments;
use super::serve::ServeArguments;

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
    /// Try queries by hand: each line is a query, or a command that begins with a dot.
    ///
    /// Data are read once; `.help` lists the commands. On a terminal lines are edited, the Tab key completes
    /// commands, fields, operators and documented values, and lines are kept for the next time, except those
    /// that begin with a blank. In a pipe each line is answered before the next is waited for; one that fails
    /// does not keep the next ones from being answered, but the exit code is 2 then.
    #[command(
        after_help = "Examples:\n  encq repl\n  encq repl contacts.json --related customer_account=accounts.json\n  encq repl contacts.json -o json --diagnostics json < queries.txt"
    )]
    Repl(Box<ReplArguments>),
    /// Serve the Contact API and the Table API over HTTP, for tests of integrations.
    #[command(
        after_help = "Examples:\n  encq serve\n  encq serve contacts.ndjson --port 0 --user admin --password admin\n  encq serve --related customer_account=accounts.json --tls-port 8443 --user admin --password admin\n  encq serve --data-dir store --log json 2> requests.log\n  encq serve --latency 200ms..1s --fault 503:5% --seed 7"
    )]
    Serve(Box<ServeArguments>),
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
        #[arg(long, requires = "queries", conflicts_with = "number")]
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
            Self::Query(arguments) => arguments.source.asking.diagnostics.format,
            Self::Count(arguments) => arguments.source.asking.diagnostics.format,
            Self::Explain(arguments) => arguments.source.asking.diagnostics.format,
            Self::Repl(arguments) => arguments.asking.diagnostics.format,
            Self::Serve(arguments) => arguments.diagnostics(),
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
