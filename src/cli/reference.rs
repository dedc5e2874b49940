//! Reference pages in Markdown, made from the tables of operators, functions, codes and arguments.

use std::fmt::{self, Write};

use clap::builder::StyledStr;
use clap::{Arg, ValueEnum};

use super::repl::COMMANDS;
use crate::bind::{Binder, History, Options};
use crate::diagnostic::{Code, Rendering, Setting};
use crate::environment::{FixedEnvironment, User};
use crate::function::Function;
use crate::operator::{OperandShape, Operator};
use crate::schema::Schema;
use crate::syntax::Query;
use crate::value::FieldType;

/// A page of the folder `docs`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Page {
    Operators,
    Functions,
    Diagnostics,
    CommandLine,
}

const HEAD: &str = "<!-- Made from the tables in src; changes here are lost. To make it again:\n     \
    ENCQ_UPDATE_DOCS=1 cargo test --features cli --test it reference -->\n\n";

const OPERATORS: &str = "# Operators\n\nEvery operator of the platform, as `encq operators` lists them. \
    Operators are case-sensitive. \
    The field is what stands before the first operator; of operators that begin at one place the longest \
    is read.\n\n";

const FUNCTIONS: &str = "# Functions\n\nWhat a value may call, as `javascript:gs.daysAgo(7)` does; `encq functions` \
    lists the same. Calls are worked out, nothing is ever executed, and whatever is not listed here makes \
    its condition invalid.\n\n";

const DIAGNOSTICS: &str = "# Diagnostics\n\nAn error makes its part of the query invalid; warnings and hints change \
    nothing. Codes are stable: `encq check --allow CODE` says nothing of one, `--deny CODE` takes it for an \
    error.\n\n";

const COMMAND_LINE: &str = "# The command line\n\n## Exit codes\n\n\
    - `query`, `count`: 0 if records match, 1 if none does, 2 on errors.\n\
    - `check`: 0 if there is nothing or hints, 1 on warnings with `--deny-warnings`, 2 on errors.\n\
    - `repl`: on a terminal 0; in a pipe 2 if a line failed.\n\
    - `fmt --check`: 1 if a query would change.\n\
    - All: 2 on errors. A reader that goes away is none.\n\n\
    ## Files of queries\n\n\
    `check --file`, `fmt --file` and `fmt -` read a query a line. Blank lines and those that begin with `#` \
    hold none. A line that begins with blanks and a caret continues the query of the line before, as \
    `fmt --multi-line` writes it. A URL or `sysparm_query=…` stands for the query in it, which is \
    percent-decoded.\n\n\
    ```text\n# people to call\nactive=true\n  ^phoneISNOTEMPTY\n    ^ORmobile_phoneISNOTEMPTY\n  ^ORDERBYname\n```\n\n\
    ## The configuration of `check`\n\n\
    `check` reads the nearest `.encq.toml` in the folder it runs in or above, up to the root of the working \
    copy. Options win over it.\n\n\
    ```toml\nschema = \"schemas/contacts.json\" # from the folder of this file\ntable = \"customer_contact\"\n\
    allow = [\"excludes-empty\"]\ndeny = [\"doubled-caret\"]\ndeny-warnings = true\n```\n\n";

const SHELL: &str = "## The commands of `repl`\n\nA line that does not begin with a dot is a query. Blank lines and those \
    that begin with `#` are skipped; blanks in front of a line are no part of it. Commands about a query take the last \
    one if none is given. A pipe may hold lines of 64 MiB; each answer is written before the next line is waited \
    for.\n\n| command | does |\n|---|---|\n";

/// The text of a page.
pub(super) fn page(page: Page, command: clap::Command) -> Result<String, fmt::Error> {
    let mut out = HEAD.to_owned();
    match page {
        Page::Operators => operators(&mut out)?,
        Page::Functions => functions(&mut out)?,
        Page::Diagnostics => diagnostics(&mut out)?,
        Page::CommandLine => command_line(&mut out, command)?,
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    Ok(out)
}

fn operators(out: &mut String) -> fmt::Result {
    out.push_str(OPERATORS);
    out.push_str(
        "| operator | also | means | value | types | example |\n|---|---|---|---|---|---|\n",
    );
    for operator in Operator::ALL {
        let also: Vec<String> = operator.aliases().iter().map(|alias| code(alias)).collect();
        let value = match operator.shape() {
            OperandShape::None => String::new(),
            OperandShape::One => "one".to_owned(),
            OperandShape::List => "several, with commas".to_owned(),
            OperandShape::Range => code("from@to"),
            OperandShape::Field => "a field".to_owned(),
            OperandShape::Parts(parts) => code(parts),
        };
        writeln!(
            out,
            "| {} | {} | {} | {value} | {} | {} |",
            code(operator.token()),
            also.join(" "),
            cell(operator.description()),
            types(*operator),
            code(operator.example()),
        )?;
    }
    Ok(())
}

fn types(operator: Operator) -> String {
    let kinds = FieldType::ALL.into_iter().filter(|kind| operator.types().accepts(*kind));
    let kinds: Vec<&str> = kinds.map(FieldType::name).collect();
    if kinds.len() == FieldType::ALL.len() { "all".to_owned() } else { kinds.join(", ") }
}

fn functions(out: &mut String) -> fmt::Result {
    out.push_str(FUNCTIONS);
    out.push_str("| function | arguments | gives | example |\n|---|---|---|---|\n");
    for function in Function::all() {
        let arguments = function.arguments().iter();
        let arguments: Vec<String> = arguments
            .map(|argument| argument.to_string().trim_end_matches(',').to_owned())
            .collect();
        let (name, example) = (function.name(), function.example());
        let (arguments, gives) = (arguments.join("; "), function.description());
        writeln!(
            out,
            "| {} | {} | {} | {} |",
            code(&name),
            cell(&arguments),
            cell(&gives),
            code(&example)
        )?;
    }
    Ok(())
}

fn diagnostics(out: &mut String) -> fmt::Result {
    out.push_str(DIAGNOSTICS);
    out.push_str("| code | severity | says |\n|---|---|---|\n");
    for code in Code::ALL {
        let (severity, says) = (code.severity(), cell(code.description()));
        writeln!(out, "| [`{code}`](#{code}) | {severity} | {says} |")?;
    }
    for code in Code::ALL {
        writeln!(out, "\n## {code}\n\n{}\n", code.description())?;
        writeln!(out, "- Severity: {}", code.severity())?;
        writeln!(out, "- Cause: {}", code.cause())?;
        writeln!(out, "- Fix: {}", code.fix())?;
        example(out, *code)?;
    }
    Ok(())
}

fn example(out: &mut String, code: Code) -> fmt::Result {
    let example = code.example();
    let how = match example.setting {
        Setting::Checking => "",
        Setting::Running => ", when it is run",
        Setting::WithoutEnvironment => ", bound without an environment",
        Setting::ByTrustedCaller => ", where `phone` may not be asked",
    };
    match example.parts() {
        (start, rest, 1..) => {
            let (_, _, times) = example.parts();
            writeln!(out, "- Example: `{start}` and then {times} times `{rest}`{how}")
        }
        (query, ..) => {
            writeln!(out, "- Example: `{query}`{how}")?;
            match drawn(code, query).filter(|_| example.setting == Setting::Checking) {
                Some(drawn) => writeln!(out, "\n```text\n{drawn}\n```"),
                None => Ok(()),
            }
        }
    }
}

/// What `check` says of the query.
fn drawn(code: Code, query: &str) -> Option<String> {
    let schema = Schema::customer_contact();
    let environment = FixedEnvironment::default().with_user(User::new("0".repeat(32)));
    let options = Options { history: History::Present, ..Options::default() };
    let binder = Binder::for_table(&schema).options(options).environment(&environment);
    let bound = binder.bind(&Query::parse(query));
    let said = bound.diagnostics().iter().find(|said| said.code() == code)?;
    Some(said.render(query, &Rendering::PLAIN))
}

fn command_line(out: &mut String, mut command: clap::Command) -> fmt::Result {
    out.push_str(COMMAND_LINE);
    shell(out)?;
    command.build();
    for command in command.get_subcommands_mut().filter(|command| !command.is_hide_set()) {
        if command.get_name() == "help" {
            continue;
        }
        let about = command.get_about().map(StyledStr::to_string).unwrap_or_default();
        writeln!(out, "## encq {}\n\n{}.\n", command.get_name(), about.trim_end_matches('.'))?;
        let usage = command.render_usage().to_string();
        writeln!(out, "```text\n{}\n```\n", usage.trim_start_matches("Usage: "))?;
        for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
            argument(out, arg)?;
        }
        if let Some(examples) = command.get_after_help().map(StyledStr::to_string) {
            let examples = examples.trim_start_matches("Examples:\n").lines();
            let examples: Vec<&str> = examples.map(str::trim).collect();
            writeln!(out, "\n```sh\n{}\n```\n", examples.join("\n"))?;
        }
    }
    Ok(())
}

fn argument(out: &mut String, arg: &Arg) -> fmt::Result {
    if ["help", "version"].contains(&arg.get_id().as_str()) {
        return Ok(());
    }
    let short = arg.get_short().map_or(String::new(), |short| format!("-{short}, "));
    let help = arg.get_help().map(StyledStr::to_string).unwrap_or_default();
    write!(out, "- `{short}{arg}`: {}.", help.trim_end_matches('.'))?;
    let takes_value = arg.get_action().takes_values();
    let values = arg.get_possible_values();
    let values: Vec<String> = values.iter().map(|value| code(value.get_name())).collect();
    if takes_value && !values.is_empty() {
        write!(out, " One of {}.", values.join(", "))?;
    }
    let by_default = arg.get_default_values().first().and_then(|value| value.to_str());
    if let Some(by_default) = by_default.filter(|_| takes_value) {
        write!(out, " Default: {}.", code(by_default))?;
    }
    writeln!(out)
}

/// The commands of `encq repl`.
fn shell(out: &mut String) -> fmt::Result {
    out.push_str(SHELL);
    for command in COMMANDS {
        writeln!(out, "| {} | {} |", code(&command.usage()), cell(command.help))?;
    }
    writeln!(out)
}

/// A text as code in a table.
fn code(text: &str) -> String {
    format!("`{}`", cell(text))
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
