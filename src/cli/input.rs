//! Where data, schemas and queries come from.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use percent_encoding::percent_decode_str;

use super::args::{CONTACTS, From, INFER, Source};
use super::{Stop, Streams};
use crate::json::{self, Columns, Layout, LoadOptions};
use crate::schema::{Catalog, Schema};
use crate::table::Table;

/// Stands for standard input.
pub(super) const STDIN: &str = "-";

/// The table to query: the demo contacts or the data named.
pub(super) fn table(source: &Source, streams: &mut Streams<'_>) -> Result<Table, Stop> {
    let (schema, columns) = match source.schema.as_str() {
        INFER => (Schema::new("data", []), Columns::Infer),
        CONTACTS => (Schema::customer_contact(), Columns::Extend),
        file => (schema(file, source.table.as_deref())?, Columns::Fixed),
    };
    let Some(path) = source.split().0 else { return Ok(Table::demo_contacts()) };
    let name =
        if path == Path::new(STDIN) { "standard input".into() } else { path.display().to_string() };
    let data = if path == Path::new(STDIN) {
        let mut data = Vec::new();
        streams.stdin.read_to_end(&mut data).map_err(|error| unreadable(&name, &error))?;
        data
    } else {
        read(&path)?
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
            writeln!(streams.stderr, "warning: {name}: {notice}")?;
        }
    }
    Ok(loaded.table)
}

/// The table of a schema file, or the built-in one.
pub(super) fn schema(name: &str, table: Option<&str>) -> Result<Schema, Stop> {
    if name == CONTACTS {
        return Ok(Schema::customer_contact());
    }
    let bytes = read(Path::new(name))?;
    let fault = |error: String| Stop::Message(format!("{name}: {error}"));
    let text = String::from_utf8(bytes).map_err(|error| fault(error.to_string()))?;
    let catalog = Catalog::from_json(&text).map_err(|error| fault(error.to_string()))?;
    match table {
        Some(table) => catalog.require(table).cloned().map_err(|error| fault(error.to_string())),
        None => {
            catalog.schemas().first().cloned().ok_or_else(|| fault("there are no tables".into()))
        }
    }
}

/// Reads a regular file; a device could go on for ever.
fn read(path: &Path) -> Result<Vec<u8>, Stop> {
    let name = path.display().to_string();
    let metadata = fs::metadata(path).map_err(|error| unreadable(&name, &error))?;
    if !metadata.is_file() {
        return Err(Stop::Message(format!("{name}: not a regular file")));
    }
    let mut data = Vec::new();
    let read = File::open(path).and_then(|mut file| file.read_to_end(&mut data));
    read.map_err(|error| unreadable(&name, &error))?;
    Ok(data)
}

fn unreadable(name: &str, error: &io::Error) -> Stop {
    let why = if error.kind() == io::ErrorKind::NotFound {
        "no such file".to_owned()
    } else {
        error.to_string()
    };
    Stop::Message(format!("{name}: {why}"))
}

/// One query of an argument.
pub(super) fn query(argument: &OsStr) -> Result<String, Stop> {
    let bytes = argument.as_encoded_bytes();
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Stop::Message(format!("the query has invalid UTF-8 at byte {}", error.valid_up_to()))
    })?;
    decoded(text)
}

/// The queries of an argument; for `-` those of standard input, one a line.
pub(super) fn queries(argument: &OsStr, streams: &mut Streams<'_>) -> Result<Vec<String>, Stop> {
    if argument != STDIN {
        return Ok(vec![query(argument)?]);
    }
    let mut bytes = Vec::new();
    streams.stdin.read_to_end(&mut bytes).map_err(|error| unreadable("standard input", &error))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Stop::Message(format!("standard input: invalid UTF-8 at byte {at}"))
    })?;
    text.lines().map(decoded).collect()
}

/// The query in a URL or in a text `sysparm_query=…`; other text is a query as it stands.
fn decoded(text: &str) -> Result<String, Stop> {
    const PARAMETER: &str = "sysparm_query=";
    let is_address =
        text.starts_with("http://") || text.starts_with("https://") || text.starts_with('/');
    let parameters = if let Some((_, parameters)) = text.split_once('?').filter(|_| is_address) {
        parameters
    } else if text.starts_with(PARAMETER) {
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
