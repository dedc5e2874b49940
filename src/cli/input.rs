//! Where data, schemas and queries come from.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

use percent_encoding::percent_decode_str;

use super::args::{CONTACTS, From, INFER, Source};
use super::{Stop, Streams, report};
use crate::diagnostic::Severity;
use crate::json::{self, Columns, Layout, LoadOptions};
use crate::schema::{Catalog, Schema};
use crate::table::Table;

/// Bytes of a line of queries at most, so that one that never ends does not fill the memory.
const LONGEST_LINE: u64 = 64 * 1024 * 1024;

/// Stands for standard input.
pub(super) const STDIN: &str = "-";

/// The table to query: the demo contacts or the data named.
pub(super) fn table(source: &Source, streams: &mut Streams<'_>) -> Result<Table, Stop> {
    if source.table.is_some() && [CONTACTS, INFER].contains(&source.schema.as_str()) {
        return Err(Stop::Message(
            "--table names a table of a schema file; give --schema FILE".into(),
        ));
    }
    let (schema, columns) = match source.schema.as_str() {
        INFER => (Schema::new("data", []), Columns::Infer),
        CONTACTS => (Schema::customer_contact(), Columns::Extend),
        file => (schema(file, source.table.as_deref())?, Columns::Fixed),
    };
    let Some(path) = source.split().0 else { return demo(source) };
    let name =
        if path == Path::new(STDIN) { "standard input".into() } else { path.display().to_string() };
    let data = if path == Path::new(STDIN) {
        let mut data = Vec::new();
        streams.stdin.read_to_end(&mut data).map_err(|error| unreadable(&name, &error))?;
        data
    } else {
        read(path)?
    };
    let layout = source.from.map(|from| match from {
        From::Json => Layout::Json,
        From::Ndjson => Layout::Lines,
    });
    let options = LoadOptions { columns, make_sys_ids: source.make_sys_ids, layout };
    let loaded = json::load(&data, schema, &options).map_err(|error| {
        let text = error.to_string();
        let hint =
            if text.contains("has no `sys_id`") { " (--make-sys-ids makes them)" } else { "" };
        Stop::Message(format!("{name}: {text}{hint}"))
    })?;
    if !source.quiet {
        for notice in loaded.notices {
            let message = format!("{name}: {notice}");
            report::notice(streams.stderr, source.diagnostics.format, Severity::Warning, &message)?;
        }
    }
    Ok(loaded.table)
}

/// The demo contacts, if nothing is asked that only data can have.
fn demo(source: &Source) -> Result<Table, Stop> {
    let options = [
        ("--schema", source.schema != CONTACTS),
        ("--table", source.table.is_some()),
        ("--from", source.from.is_some()),
        ("--make-sys-ids", source.make_sys_ids),
    ];
    match options.iter().find(|(_, is_given)| *is_given) {
        None => Ok(Table::demo_contacts()),
        Some((option, _)) => Err(Stop::Message(format!(
            "{option} is about data, and there is none; give a data file or `-` before the query"
        ))),
    }
}

/// The table of a schema file, or the built-in one.
pub(super) fn schema(name: &str, table: Option<&str>) -> Result<Schema, Stop> {
    if name == CONTACTS {
        return Ok(Schema::customer_contact());
    }
    let bytes = read(Path::new(name)).map_err(|stop| match fs::exists(name) {
        Ok(false) => Stop::Message(format!(
            "{name}: no such schema file; the built-in schema is `{CONTACTS}`, and `{INFER}` reads it off the data"
        )),
        Ok(true) | Err(_) => stop,
    })?;
    let fault = |error: String| Stop::Message(format!("{name}: {error}"));
    let text = json::text(&bytes).map_err(|error| fault(error.to_string()))?;
    let catalog = Catalog::from_json(text).map_err(|error| fault(error.to_string()))?;
    match table {
        Some(table) => catalog.require(table).cloned().map_err(|error| fault(error.to_string())),
        None => {
            catalog.schemas().first().cloned().ok_or_else(|| fault("there are no tables".into()))
        }
    }
}

/// Reads a regular file or a pipe; a device could go on for ever.
fn read(path: &Path) -> Result<Vec<u8>, Stop> {
    let name = path.display().to_string();
    let metadata = fs::metadata(path).map_err(|error| unreadable(&name, &error))?;
    if metadata.is_dir() {
        return Err(Stop::Message(format!("{name}: is a directory")));
    }
    if !metadata.is_file() && !is_pipe(&metadata) {
        return Err(Stop::Message(format!("{name}: not a regular file")));
    }
    let mut data = Vec::new();
    let read = File::open(path).and_then(|mut file| file.read_to_end(&mut data));
    read.map_err(|error| unreadable(&name, &error))?;
    Ok(data)
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

fn unreadable(name: &str, error: &io::Error) -> Stop {
    let why = if error.kind() != io::ErrorKind::NotFound {
        error.to_string()
    } else if name.contains("://") {
        "no such file, and URLs are not fetched; pipe the answer in and give `-`".to_owned()
    } else {
        "no such file".to_owned()
    };
    Stop::Message(format!("{name}: {why}"))
}

/// One query of an argument.
pub(super) fn query(argument: &OsStr) -> Result<String, Stop> {
    decoded(readable(argument.as_encoded_bytes())?)
}

/// A query and where it stands.
pub(super) struct Asked {
    pub(super) text: String,
    /// The number of its line, from 1, where several are read.
    pub(super) line: Option<usize>,
}

/// Acts on the query of an argument; for `-` on each line of standard input as it comes.
pub(super) fn each_query(
    argument: &OsStr,
    streams: &mut Streams<'_>,
    mut act: impl FnMut(Asked, &mut dyn Write) -> Result<(), Stop>,
) -> Result<(), Stop> {
    if argument != STDIN {
        return act(Asked { text: query(argument)?, line: None }, streams.stdout);
    }
    let mut lines = BufReader::new(&mut *streams.stdin);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let read = lines.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line);
        match read.map_err(|error| unreadable("standard input", &error))? as u64 {
            0 => break,
            LONGEST_LINE => {
                let message = format!("standard input: line {number} is over {LONGEST_LINE} bytes");
                return Err(Stop::Message(message));
            }
            _ => {}
        }
        let text = asked(&line, number);
        let text = text.map_err(|stop| stop.about(&format!("standard input: line {number}")));
        act(Asked { text: text?, line: Some(number) }, streams.stdout)?;
        if lines.buffer().is_empty() {
            // Whoever writes line by line wants to read the answer before the next one.
            streams.stdout.flush()?;
        }
    }
    Ok(())
}

/// The query of a line, without its end and a byte order mark.
fn asked(line: &[u8], number: usize) -> Result<String, Stop> {
    let mark = if number == 1 { line.strip_prefix(b"\xef\xbb\xbf") } else { None };
    let line = mark.unwrap_or(line);
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    decoded(readable(line.strip_suffix(b"\r").unwrap_or(line))?)
}

fn readable(bytes: &[u8]) -> Result<&str, Stop> {
    std::str::from_utf8(bytes).map_err(|error| {
        Stop::Message(format!("the query has invalid UTF-8 at byte {}", error.valid_up_to()))
    })
}

/// The query in a URL or in a text `sysparm_query=…`; other text is a query as it stands.
fn decoded(text: &str) -> Result<String, Stop> {
    const PARAMETER: &str = "sysparm_query=";
    let is_address = ["http://", "https://", "/", "?"].iter().any(|start| text.starts_with(start));
    let parameters = if let Some((_, parameters)) = text.split_once('?').filter(|_| is_address) {
        parameters
    } else if text.starts_with("sysparm_") && text.contains(PARAMETER) {
        text
    } else {
        return Ok(text.to_owned());
    };
    let parameters = parameters.split('#').next().unwrap_or_default();
    let Some(value) = parameters.split('&').find_map(|part| part.strip_prefix(PARAMETER)) else {
        return Err(Stop::Message("the URL has no `sysparm_query`".into()));
    };
    for (at, _) in value.match_indices('%') {
        let digits = value.as_bytes().get(at + 1..at + 3).unwrap_or_default();
        if digits.len() < 2 || !digits.iter().all(u8::is_ascii_hexdigit) {
            let message =
                format!("the query has a `%` without two hexadecimal digits at byte {at}");
            return Err(Stop::Message(message));
        }
    }
    let value = value.replace('+', " ");
    let text = percent_decode_str(&value).decode_utf8();
    text.map(Into::into).map_err(|error| {
        Stop::Message(format!(
            "the decoded query has invalid UTF-8 at byte {}",
            error.valid_up_to()
        ))
    })
}
