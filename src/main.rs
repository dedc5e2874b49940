//! The command `encq`.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;

use encoded_query::cli::{self, Streams};
use mimalloc::MiMalloc;

/// The system's one makes threads wait for each other when one frees what another has asked for, as those
/// of `encq serve` do with each request that is kept for a while.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let (mut stdin, mut stdout, mut stderr) = (io::stdin(), io::stdout(), io::stderr());
    let (directory, history) = (std::env::current_dir().ok(), history());
    let mut streams = Streams {
        stdin_is_terminal: stdin.is_terminal(),
        stdout_is_terminal: stdout.is_terminal(),
        stderr_is_terminal: stderr.is_terminal(),
        no_color: std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb"),
        directory: directory.as_deref(),
        history: history.as_deref(),
        stdin: &mut stdin,
        stdout: &mut stdout,
        stderr: &mut stderr,
    };
    ExitCode::from(cli::run(std::env::args_os(), &mut streams))
}

/// Where the XDG Base Directory Specification has what a program remembers.
fn history() -> Option<PathBuf> {
    let named = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    let state = named.filter(|path| path.is_absolute());
    let state = state.or_else(|| Some(std::env::home_dir()?.join(".local/state")));
    state.map(|state| state.join("encq").join("history"))
}
