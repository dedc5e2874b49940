//! Scripts that complete commands and options in a shell.

use clap::{CommandFactory, ValueEnum};

use super::args::Arguments;
use super::{Done, Streams};

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
}

pub(super) fn write(shell: Shell, streams: &mut Streams<'_>) -> Done {
    let shell = match shell {
        Shell::Bash => clap_complete::Shell::Bash,
        Shell::Zsh => clap_complete::Shell::Zsh,
        Shell::Fish => clap_complete::Shell::Fish,
        Shell::Powershell => clap_complete::Shell::PowerShell,
    };
    // It would panic on an error of the stream.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "encq", &mut script);
    Ok(streams.stdout.write_all(&script).map(|()| 0)?)
}
