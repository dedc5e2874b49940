//! The command `encq`.

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use encoded_query::cli::{self, Streams};
use mimalloc::MiMalloc;

/// The system's one makes threads wait for each other when one frees what another has asked for, as those
/// of `encq serve` do with each request that is kept for a while.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let (mut stdin, mut stdout, mut stderr) = (io::stdin(), io::stdout(), io::stderr());
    let directory = std::env::current_dir().ok();
    let mut streams = Streams {
        stdout_is_terminal: stdout.is_terminal(),
        stderr_is_terminal: stderr.is_terminal(),
        no_color: std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb"),
        directory: directory.as_deref(),
        stdin: &mut stdin,
        stdout: &mut stdout,
        stderr: &mut stderr,
    };
    ExitCode::from(cli::run(std::env::args_os(), &mut streams))
}
