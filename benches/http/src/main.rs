//! `load`: asks `encq serve` as fast as it answers, and writes Markdown to standard output.

mod bare;
mod cases;
mod child;
mod client;
mod compare;
mod crowd;
mod mix;
mod report;

use std::ffi::OsString;
use std::io::{self, Read};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

use child::{AS_BARE, AS_ENCQ, Place};

/// As `encq` has it, for both servers.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `encq serve` under load, beside a bare hyper handler that writes the same bytes.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Everything below, as one section.
    Report(Options),
    /// Each kind of request, in turns with the bare handler.
    Compare(Options),
    /// Lists, records and creations for minutes: errors and memory.
    Mix(Options),
    /// Good clients beside 500 idle and slow connections.
    Slow(Options),
}

/// What is measured, and for how long.
#[derive(Args, Clone)]
struct Options {
    /// Contacts that are served.
    #[arg(long, default_value_t = 10_000)]
    contacts: usize,
    /// Connections that ask at the same time.
    #[arg(long, default_value_t = 8)]
    connections: usize,
    /// Turns of each server at each kind of request.
    #[arg(long, default_value_t = 15)]
    rounds: usize,
    /// Milliseconds of a turn.
    #[arg(long, default_value_t = 300)]
    slice: u64,
    /// How long the mix runs.
    #[arg(long, default_value_t = 10.0)]
    minutes: f64,
    /// How long good clients ask beside the others.
    #[arg(long, default_value_t = 30.0)]
    seconds: f64,
    /// Idle and slow connections.
    #[arg(long, default_value_t = 500)]
    crowd: usize,
}

impl Options {
    fn slice(&self) -> Duration {
        Duration::from_millis(self.slice)
    }
}

fn main() -> Result<ExitCode> {
    let mut arguments = std::env::args_os();
    let program = arguments.next().unwrap_or_default();
    let rest: Vec<OsString> = arguments.collect();
    match rest.first().and_then(|first| first.to_str()) {
        Some(AS_ENCQ) => Ok(encq(rest)),
        Some(AS_BARE) => {
            let mut answer = Vec::new();
            io::stdin().read_to_end(&mut answer)?;
            bare::serve(&answer)?;
            Ok(ExitCode::SUCCESS)
        }
        _ => {
            measure(&Arguments::parse_from(std::iter::once(program).chain(rest)).command)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The command of the library, whose first argument is its name.
fn encq(arguments: Vec<OsString>) -> ExitCode {
    let (mut stdin, mut stdout, mut stderr) = (io::stdin(), io::stdout(), io::stderr());
    let mut streams = encoded_query::cli::Streams {
        stdin: &mut stdin,
        stdout: &mut stdout,
        stderr: &mut stderr,
        stdin_is_terminal: false,
        stdout_is_terminal: false,
        stderr_is_terminal: false,
        no_color: true,
        directory: None,
        history: None,
    };
    ExitCode::from(encoded_query::cli::run(arguments, &mut streams))
}

fn measure(command: &Command) -> Result<()> {
    let (Command::Report(options)
    | Command::Compare(options)
    | Command::Mix(options)
    | Command::Slow(options)) = command;
    let place = Place::with_contacts(options.contacts)?;
    let runs = |other: fn(Options) -> Command| {
        let same = std::mem::discriminant(&other(options.clone()));
        let it = std::mem::discriminant(command);
        it == same || matches!(command, Command::Report(_))
    };
    print!("{}", report::head());
    if runs(Command::Compare) {
        println!("{}", compare::section(&place, options)?);
    }
    if runs(Command::Mix) {
        println!("{}", mix::section(&place, options)?);
    }
    if runs(Command::Slow) {
        println!("{}", crowd::section(&place, options)?);
    }
    Ok(())
}
