//! Files and standard input: read whole, unpacked, with a bar if it takes long.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::time::{Duration, Instant};

use flate2::bufread::GzDecoder;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Stop, Streams};

/// Stands for standard input.
pub(super) const STDIN: &str = "-";

/// What standard input is called in messages.
pub(super) const STANDARD_INPUT: &str = "standard input";

/// How files packed with gzip begin.
const GZIP: &[u8] = b"\x1f\x8b";

/// Reads a file or, for `-`, standard input, and unpacks what is packed with gzip; gives its name in
/// messages and what it holds.
pub(super) fn data(
    path: &Path,
    streams: &mut Streams<'_>,
    progress: &mut Progress,
) -> Result<(String, Vec<u8>), Stop> {
    let is_stdin = path == Path::new(STDIN);
    let name = if is_stdin { STANDARD_INPUT.into() } else { path.display().to_string() };
    let read = if is_stdin {
        read_all(streams.stdin, 0, progress)
    } else {
        let (mut file, length) = open(path)?;
        read_all(&mut file, length, progress)
    };
    let mut bytes = read.map_err(|error| unreadable(&name, &error))?;
    if bytes.starts_with(GZIP) {
        let unpacked = unpacked(&bytes, most_unpacked(bytes.len()), progress);
        bytes = unpacked.map_err(|why| Stop::Message(format!("{name}: {why}")))?;
        if bytes.starts_with(GZIP) {
            return Err(Stop::Message(format!(
                "{name}: is packed with gzip twice; unpack it once"
            )));
        }
    }
    progress.begin(bytes.len() as u64);
    Ok((name, bytes))
}

/// Reads a file as it is.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Stop> {
    let (mut file, length) = open(path)?;
    let bytes = read_all(&mut file, length, &mut Progress::hidden());
    bytes.map_err(|error| unreadable(&path.display().to_string(), &error))
}

/// Opens a regular file or a pipe, of a length if that is known; a device could go on for ever.
fn open(path: &Path) -> Result<(File, u64), Stop> {
    let name = path.display().to_string();
    if name.is_empty() {
        return Err(Stop::Message("the name of a file is empty".into()));
    }
    let metadata = fs::metadata(path).map_err(|error| unreadable(&name, &error))?;
    if metadata.is_dir() {
        return Err(Stop::Message(format!("{name}: is a directory")));
    }
    if !metadata.is_file() && !is_pipe(&metadata) {
        return Err(Stop::Message(format!("{name}: not a regular file")));
    }
    let file = File::open(path).map_err(|error| unreadable(&name, &error))?;
    Ok((file, metadata.len()))
}

/// Reads to the end; `length` is what is expected.
fn read_all(from: &mut dyn Read, length: u64, progress: &mut Progress) -> io::Result<Vec<u8>> {
    progress.begin(length);
    let mut bytes = Vec::new();
    // A length that is no more than claimed must not be what the program ends on.
    let _ = bytes.try_reserve_exact(usize::try_from(length).unwrap_or_default());
    append_all(&mut bytes, from, progress)?;
    Ok(bytes)
}

/// Adds all there is to read.
fn append_all(bytes: &mut Vec<u8>, from: &mut dyn Read, progress: &mut Progress) -> io::Result<()> {
    const PART: u64 = 4 * 1024 * 1024;
    while from.take(PART).read_to_end(bytes)? > 0 {
        progress.at(bytes.len());
    }
    Ok(())
}

/// Bytes that packed ones may unpack to: text takes up to a hundred times as much, a bomb a thousand.
fn most_unpacked(packed: usize) -> u64 {
    const LEAST: u64 = 64 << 20;
    const MOST: u64 = 4 << 30;
    (packed as u64).saturating_mul(500).clamp(LEAST, MOST)
}

/// What gzip has packed, all members of it; or why not.
fn unpacked(packed: &[u8], most: u64, progress: &mut Progress) -> Result<Vec<u8>, String> {
    let (mut bytes, mut rest) = (Vec::new(), packed);
    progress.begin(0);
    while !rest.is_empty() {
        if !rest.starts_with(GZIP) {
            let end = packed.len() - rest.len();
            let after = match rest.len() {
                1 => "1 byte after them that is no gzip".to_owned(),
                several => format!("{several} bytes after them that are no gzip"),
            };
            return Err(format!("is a gzip file of {end} bytes, with {after}"));
        }
        let mut member = GzDecoder::new(rest);
        let room = most + 1 - bytes.len() as u64;
        append_all(&mut bytes, &mut member.by_ref().take(room), progress).map_err(|error| {
            if error.kind() == io::ErrorKind::UnexpectedEof {
                "is a gzip file that is cut off".to_owned()
            } else {
                format!("is a gzip file that is damaged: {error}")
            }
        })?;
        if bytes.len() as u64 > most {
            return Err(format!(
                "is a gzip file that unpacks to over {most} bytes, the most for its size"
            ));
        }
        rest = member.into_inner();
    }
    Ok(bytes)
}

/// A bar on standard error for work that takes long, on a terminal.
pub(super) struct Progress {
    bar: ProgressBar,
    since: Instant,
    is_wanted: bool,
}

impl Progress {
    /// Nothing is shown before.
    const PATIENCE: Duration = Duration::from_secs(1);

    pub(super) fn new(streams: &Streams<'_>, quiet: bool) -> Self {
        let is_wanted = streams.stderr_is_terminal && !quiet;
        Self { bar: ProgressBar::hidden(), since: Instant::now(), is_wanted }
    }

    fn hidden() -> Self {
        Self { bar: ProgressBar::hidden(), since: Instant::now(), is_wanted: false }
    }

    /// Begins work on that many bytes; 0 if it is not known how many.
    fn begin(&mut self, length: u64) {
        let shape = if length == 0 {
            "{bytes} {bytes_per_sec}"
        } else {
            "{wide_bar} {bytes}/{total_bytes} {bytes_per_sec}"
        };
        self.bar.reset_elapsed();
        self.bar.set_position(0);
        if length > 0 {
            self.bar.set_length(length);
        } else {
            self.bar.unset_length();
        }
        if let Ok(style) = ProgressStyle::with_template(shape) {
            self.bar.set_style(style);
        }
    }

    /// Says that so many of the bytes are done.
    pub(super) fn at(&mut self, done: usize) {
        if self.is_wanted && self.since.elapsed() > Self::PATIENCE {
            self.is_wanted = false;
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_position(done as u64);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Whether the file is a named pipe, as `<(command)` gives one.
#[cfg(unix)]
fn is_pipe(metadata: &fs::Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&metadata.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_: &fs::Metadata) -> bool {
    false
}

pub(super) fn unreadable(name: &str, error: &io::Error) -> Stop {
    let why = if error.kind() != io::ErrorKind::NotFound {
        error.to_string()
    } else if name.contains("://") {
        "no such file, and URLs are not fetched; pipe the answer in and give `-`".to_owned()
    } else {
        "no such file".to_owned()
    };
    Stop::Message(format!("{name}: {why}"))
}
