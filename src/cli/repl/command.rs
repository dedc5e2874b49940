//! The table of commands: what reads a line, `.help`, completion and the reference read it.

use clap::ValueEnum;

use crate::cli::Stop;
use crate::cli::options::{Format, OnInvalidArgument};
use crate::diagnostic::shown;
use crate::diagnostic::suggest::nearest;

/// What begins a command; no field begins with it.
pub(super) const MARK: char = '.';

/// What a command does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Action {
    More,
    Count,
    Explain,
    Check,
    Canonical,
    Tree,
    Fields,
    Limit,
    Output,
    OnInvalid,
    Schema,
    Operators,
    Functions,
    Complete,
    Help,
    Quit,
}

/// What may stand after the name of a command.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Argument {
    Nothing,
    /// A query; the last one, if there is none.
    Query,
    Line,
    Fields,
    Number,
    Format,
    OnInvalid,
    Table,
}

/// A command of the shell.
#[derive(Debug)]
pub(in crate::cli) struct Command {
    pub(super) action: Action,
    names: &'static [&'static str],
    pub(super) argument: Argument,
    /// What it does, in a sentence without its full stop.
    pub(in crate::cli) help: &'static str,
}

macro_rules! commands {
    ($($action:ident $names:expr, $argument:ident, $help:literal;)*) => {
        /// Every command, in the order of `.help`.
        pub(in crate::cli) const COMMANDS: &[Command] = &[$(Command {
            action: Action::$action, names: &$names, argument: Argument::$argument, help: $help,
        },)*];
    };
}

commands! {
    More [".more"], Nothing, "print the next records of the last query";
    Count [".count"], Query, "count the records that match";
    Explain [".explain"], Query, "say what a query means, and how many records each part of it leaves";
    Check [".check"], Query, "say all there is to say of a query, hints too";
    Canonical [".fmt"], Query, "print a query in canonical text";
    Tree [".parse"], Query, "print the tree of a query as JSON";
    Fields [".fields"], Fields, "print these fields, separated by commas; without any the usual ones";
    Limit [".limit"], Number, "print so many records at most; without a number 10";
    Output [".output"], Format, "print in that format; without one a table on a terminal, NDJSON in a pipe";
    OnInvalid [".on-invalid"], OnInvalid, "treat invalid parts so; without a word they are ignored";
    Schema [".schema"], Table, "list the fields of a table; without a name of the one that is queried";
    Operators [".operators"], Nothing, "list the operators";
    Functions [".functions"], Nothing, "list the functions a value may call";
    Complete [".complete"], Line, "print the ways in which a line may go on, as the Tab key offers them";
    Help [".help"], Nothing, "list the commands";
    Quit [".quit", ".exit"], Nothing, "end";
}

impl Command {
    /// The command and its argument, as people write them.
    pub(in crate::cli) fn usage(&self) -> String {
        let names = self.names.join(", ");
        match self.argument.shown() {
            Some(argument) => format!("{names} [{argument}]"),
            None => names,
        }
    }
}

impl Argument {
    fn shown(self) -> Option<String> {
        Some(match self {
            Self::Nothing => return None,
            Self::Query => "QUERY".into(),
            Self::Line => "LINE".into(),
            Self::Fields => "a,b".into(),
            Self::Number => format!("N|{ALL}"),
            Self::Format | Self::OnInvalid => self.words().join("|"),
            Self::Table => "TABLE".into(),
        })
    }

    /// The words it may be, where they are known.
    pub(super) fn words(self) -> Vec<String> {
        match self {
            Self::Number => vec![ALL.to_owned()],
            Self::Format => names::<Format>(),
            Self::OnInvalid => names::<OnInvalidArgument>(),
            Self::Nothing | Self::Query | Self::Line | Self::Fields | Self::Table => Vec::new(),
        }
    }
}

/// Stands for every record where a number does.
const ALL: &str = "all";

/// The names of all commands that begin so.
pub(super) fn beginning(start: &str) -> impl Iterator<Item = &'static str> {
    let names = COMMANDS.iter().flat_map(|command| command.names).copied();
    names.filter(move |name| name.starts_with(start))
}

/// The command of that name.
pub(super) fn named(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.names.contains(&name))
}

/// The name of a command and what stands after it.
pub(super) fn split(line: &str) -> (&str, &str) {
    let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    (name, rest.trim_start())
}

/// The command of a line and what stands after it.
pub(super) fn read(line: &str) -> Result<(&'static Command, &str), Stop> {
    let (name, argument) = split(line);
    let Some(command) = named(name) else {
        let advice = match nearest(name, beginning("")) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => ".help lists the commands".to_owned(),
        };
        return Err(Stop::Message(format!("`{}` is no command; {advice}", shown(name))));
    };
    if command.argument == Argument::Nothing && !argument.is_empty() {
        return Err(Stop::Message(format!("nothing stands after `{name}`")));
    }
    Ok((command, argument))
}

/// How many records to print, from its text; nothing for all of them.
pub(super) fn number(text: &str) -> Result<Option<u64>, Stop> {
    if text == ALL {
        return Ok(None);
    }
    let number = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok());
    number.flatten().map(Some).ok_or_else(|| {
        let message =
            format!("`{}` is neither `{ALL}` nor a number from 0 to {}", shown(text), u64::MAX);
        Stop::Message(message)
    })
}

/// The value of that name.
pub(super) fn one_of<T: ValueEnum>(name: &str) -> Result<T, Stop> {
    T::from_str(name, false).map_err(|_| {
        Stop::Message(format!("`{}` is none of {}", shown(name), names::<T>().join(", ")))
    })
}

fn names<T: ValueEnum>() -> Vec<String> {
    let values = T::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    values.map(|value| value.get_name().to_owned()).collect()
}
