//! The command line, over streams that are passed in, so that tests and embedders can run it.

mod analyze;
mod args;
mod ask;
mod check;
mod commands;
mod completions;
mod data;
mod document;
mod explain;
mod files;
mod fmt;
mod input;
mod options;
mod output;
mod reference;
mod repl;
mod replace;
mod report;
mod serve;
mod sheet;
mod world;

use std::ffi::OsString;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use clap::Parser;

use args::{Arguments, Command};
use options::TextOrJson;

use crate::diagnostic::Severity;

/// The exit code of an error.
const ERROR: u8 = 2;

/// Where the command reads and writes.
#[expect(missing_debug_implementations, reason = "streams have none")]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact about one stream")]
pub struct Streams<'s> {
    /// Standard input.
    pub stdin: &'s mut dyn Read,
    /// Standard output.
    pub stdout: &'s mut dyn Write,
    /// Standard error.
    pub stderr: &'s mut dyn Write,
    /// Whether a person types standard input. If one reads standard output as well, `repl` edits lines on
    /// the terminal of the process, and reads them from there.
    pub stdin_is_terminal: bool,
    /// Whether a person reads standard output.
    pub stdout_is_terminal: bool,
    /// Whether a person reads standard error.
    pub stderr_is_terminal: bool,
    /// Whether the variable `NO_COLOR` asks for none.
    pub no_color: bool,
    /// The folder to look for `.encq.toml` in, and above; nowhere if there is none.
    pub directory: Option<&'s Path>,
    /// The file that keeps what was typed at `repl`; nothing is kept if there is none.
    pub history: Option<&'s Path>,
}

/// Why a command stops early.
enum Stop {
    /// Something to say; the exit code is 2.
    Message(String),
    /// The output takes no more, for this reason; the exit code is 2.
    Unwritable(String),
    /// The reader of the output has gone, which is its right.
    ReaderGone,
}

impl Stop {
    /// The same, said of something named.
    fn about(self, what: &str) -> Self {
        match self {
            Self::Message(message) => Self::Message(format!("{what}: {message}")),
            Self::Unwritable(_) | Self::ReaderGone => self,
        }
    }
}

type Done = Result<u8, Stop>;

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::ReaderGone
        } else {
            Self::Unwritable(format!("cannot write: {error}"))
        }
    }
}

impl From<serde_json::Error> for Stop {
    fn from(error: serde_json::Error) -> Self {
        Self::from(io::Error::from(error))
    }
}

/// Runs one command and gives its exit code: 0, 1 for "none" or "would change", 2 for errors.
///
/// `arguments` begin with the name of the program.
pub fn run(arguments: impl IntoIterator<Item = OsString>, streams: &mut Streams<'_>) -> u8 {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let text = error.render().to_string();
            let is_help = !error.use_stderr();
            let out = if is_help { &mut *streams.stdout } else { &mut *streams.stderr };
            let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
            return match written.map_err(Stop::from) {
                Ok(()) | Err(Stop::ReaderGone) if is_help => 0,
                Ok(()) | Err(Stop::ReaderGone) => ERROR,
                Err(Stop::Message(why) | Stop::Unwritable(why)) => {
                    // Nothing is left to tell anyone if this cannot be written.
                    let format = TextOrJson::Text;
                    let _ = report::notice(streams.stderr, format, Severity::Error, &why);
                    ERROR
                }
            };
        }
    };
    match buffered(&arguments.command, streams) {
        Ok(code) => code,
        Err(Stop::ReaderGone) => 0,
        Err(Stop::Message(message) | Stop::Unwritable(message)) => {
            let format = arguments.command.diagnostics();
            // Nothing is left to tell anyone if this cannot be written.
            let _ = report::notice(streams.stderr, format, Severity::Error, &message);
            ERROR
        }
    }
}

/// Runs with buffered output, flushed before the end, so that a full disk is noticed.
fn buffered(command: &Command, streams: &mut Streams<'_>) -> Done {
    let mut stdout = BufWriter::new(&mut *streams.stdout);
    let mut buffered = Streams {
        stdin: &mut *streams.stdin,
        stdout: &mut stdout,
        stderr: &mut *streams.stderr,
        ..*streams
    };
    let code = commands::run(command, &mut buffered)?;
    stdout.flush()?;
    Ok(code)
}
