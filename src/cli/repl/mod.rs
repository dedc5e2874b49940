//! The command `repl`: queries tried by hand over data that are loaded once.

mod command;
mod complete;
mod session;
mod terminal;

use std::io;
use std::path::PathBuf;

use clap::Args;

use super::input::Lines;
use super::options::{Asking, Printing};
use super::{Done, ERROR, Stop, Streams, ask, data};
pub(super) use command::{COMMANDS, Command};
use session::Session;

#[derive(Debug, Args)]
pub(super) struct ReplArguments {
    /// A data file (JSON, NDJSON or CSV, as it is or packed with gzip), if not the demo contacts.
    data: Option<PathBuf>,
    #[command(flatten)]
    pub(super) asking: Asking,
    #[command(flatten)]
    printing: Printing,
}

pub(super) fn run(arguments: &ReplArguments, streams: &mut Streams<'_>) -> Done {
    let ReplArguments { data, asking, printing } = arguments;
    if ask::readers_of_stdin(data.as_deref(), asking) > 0 {
        let message = "standard input holds the queries and cannot be data as well; give a file";
        return Err(Stop::Message(message.into()));
    }
    let data = data::load(data.as_deref(), asking, streams)?;
    let mut session = Session::new(&data, asking.clone(), printing.clone());
    session.check_fields().map_err(|stop| stop.about("--fields"))?;
    if streams.stdin_is_terminal && streams.stdout_is_terminal {
        terminal::run(&mut session, streams)
    } else {
        piped(&mut session, streams)
    }
}

/// Answers the lines of standard input as they come.
fn piped(session: &mut Session<'_>, streams: &mut Streams<'_>) -> Done {
    let mut nothing = io::empty();
    let mut lines = Lines::new(&mut *streams.stdin);
    let mut streams = Streams {
        stdin: &mut nothing,
        stdout: &mut *streams.stdout,
        stderr: &mut *streams.stderr,
        ..*streams
    };
    let mut code = 0;
    while !session.has_ended() && lines.advance()? {
        let done = lines.text().and_then(|line| {
            let done = session.act(line, Some(lines.number), &mut streams);
            done.map_err(|stop| lines.about(stop))
        });
        if session.settle(done, &mut streams)? == ERROR {
            code = ERROR;
        }
    }
    Ok(code)
}
