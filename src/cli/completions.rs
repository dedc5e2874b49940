//! Scripts that complete commands and options in a shell.

use clap::ValueEnum;

use super::{Done, Streams};

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
}

/// Writes the script of a command for a shell.
pub(super) fn write(shell: Shell, mut command: clap::Command, streams: &mut Streams<'_>) -> Done {
    let shell = match shell {
        Shell::Bash => clap_complete::Shell::Bash,
        Shell::Zsh => clap_complete::Shell::Zsh,
        Shell::Fish => clap_complete::Shell::Fish,
        Shell::Powershell => clap_complete::Shell::PowerShell,
    };
    // It would panic on an error of the stream.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "encq", &mut script);
    Ok(streams.stdout.write_all(&script).map(|()| 0)?)
}
