//! Servers in processes of their own, so that what they take can be told from what the clients take.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

/// The first argument that makes this program the command of the library.
pub(crate) const AS_ENCQ: &str = "encq";
/// The first argument that makes it a bare handler.
pub(crate) const AS_BARE: &str = "bare";

/// A folder with contacts to serve, gone at the end.
pub(crate) struct Place {
    folder: TempDir,
    contacts: PathBuf,
}

impl Place {
    /// A folder with that many made-up contacts.
    pub(crate) fn with_contacts(count: usize) -> Result<Self> {
        let folder = TempDir::new()?;
        let contacts = folder.path().join("contacts.ndjson");
        let mut made = this(AS_ENCQ)?;
        made.args(["gen", &count.to_string()]).stdout(File::create(&contacts)?);
        ensure!(made.status()?.success(), "no contacts were made");
        Ok(Self { folder, contacts })
    }

    /// `encq serve` over the contacts.
    pub(crate) fn server(&self) -> Result<Server> {
        self.server_with(&[])
    }

    /// The same that keeps what it is told in a new folder of that name.
    pub(crate) fn keeping_server(&self, name: &str) -> Result<Server> {
        let folder = self.folder.path().join(name);
        let folder = folder.to_str().context("a folder without a name")?;
        self.server_with(&["--data-dir", folder])
    }

    fn server_with(&self, arguments: &[&str]) -> Result<Server> {
        let mut command = this(AS_ENCQ)?;
        command.arg("serve").arg(&self.contacts).args(["--port", "0", "--quiet"]).args(arguments);
        Server::start(command, &[])
    }
}

/// This program again as something else.
fn this(role: &str) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(role);
    Ok(command)
}

/// A server that runs until this is dropped.
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Server {
    /// A handler without anything around it that answers every request with those bytes.
    pub(crate) fn bare(answer: &[u8]) -> Result<Self> {
        Self::start(this(AS_BARE)?, answer)
    }

    /// Starts a server that reads the input and then says `listening http://…`.
    fn start(mut command: Command, input: &[u8]) -> Result<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        child.stdin.take().context("no standard input")?.write_all(input)?;
        let mut line = String::new();
        let out = child.stdout.take().context("no standard output")?;
        BufReader::new(out).read_line(&mut line)?;
        let url = line.trim_end().strip_prefix("listening http://");
        let address = url.with_context(|| format!("the server said `{line}`"))?.parse()?;
        Ok(Self { child, address })
    }

    /// The processor time it took so far, in user and system mode.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        // Fields 14 and 15; the name before them may hold blanks. A tick is 1/100 s on Linux.
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let (_, fields) = stat.rsplit_once(')').context("no statistics")?;
        let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
        Ok(Duration::from_millis(10 * ticks.sum::<Result<u64, _>>()?))
    }

    /// The memory it holds, in KiB.
    pub(crate) fn memory(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next());
        Ok(number.context("no VmRSS")?.parse()?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
