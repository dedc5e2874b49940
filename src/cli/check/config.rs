//! The file `.encq.toml`: what a project says to `check` once for all.

use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::codes::{allowable, code};
use crate::cli::Stop;
use crate::cli::files::read;
use crate::cli::options::CONTACTS;
use crate::diagnostic::Code;
use crate::diagnostic::suggest::nearest;

/// The name of the file.
const NAME: &str = ".encq.toml";
/// The root of a working copy: nothing above it is looked at.
const ROOT: &str = ".git";
const KEYS: [&str; 5] = ["schema", "table", "allow", "deny", "deny-warnings"];

/// What the file says.
#[derive(Debug, Default)]
pub(super) struct Config {
    /// The schema, its path as seen from where the command runs.
    pub(super) schema: Option<String>,
    pub(super) table: Option<String>,
    pub(super) allow: Vec<Code>,
    pub(super) deny: Vec<Code>,
    pub(super) deny_warnings: Option<bool>,
}

/// What is wrong, and where.
type Fault = (Range<usize>, String);

impl Config {
    /// The configuration for a folder: the file in it, or else in the nearest folder above that has one,
    /// up to the root of the working copy.
    pub(super) fn find(folder: &Path) -> Result<Option<Self>, Stop> {
        for folder in folder.ancestors() {
            let path = folder.join(NAME);
            // A link that leads nowhere is there, too.
            if path.symlink_metadata().is_ok() {
                return Self::read(&path, folder).map(Some);
            }
            if folder.join(ROOT).exists() {
                break;
            }
        }
        Ok(None)
    }

    fn read(path: &Path, folder: &Path) -> Result<Self, Stop> {
        let name = path.display();
        let bytes = read(path)?;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self::default());
        }
        let text =
            crate::load::text(&bytes).map_err(|error| Stop::Message(format!("{name}: {error}")))?;
        let mut config = Self::parse(text).map_err(|(span, message)| {
            let before = text.get(..span.start).unwrap_or(text);
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            let line = 1 + before.matches('\n').count();
            let column = 1 + before.get(start..).unwrap_or_default().chars().count();
            Stop::Message(format!("{name}:{line}:{column}: {message}"))
        })?;
        if let Some(schema) = config.schema.as_mut().filter(|schema| *schema != CONTACTS) {
            *schema = folder.join(&*schema).display().to_string();
        }
        Ok(config)
    }

    fn parse(text: &str) -> Result<Self, Fault> {
        let table = DeTable::parse(text).map_err(|error| {
            let message = error.message().lines().collect::<Vec<_>>().join(" ");
            (error.span().unwrap_or(text.len()..text.len()), message)
        })?;
        let mut config = Self::default();
        for (key, value) in table.get_ref() {
            match key.get_ref().as_ref() {
                "schema" => config.schema = Some(string(value)?.to_owned()),
                "table" => config.table = Some(string(value)?.to_owned()),
                "allow" => config.allow = codes(value, allowable)?,
                "deny" => config.deny = codes(value, code)?,
                "deny-warnings" => config.deny_warnings = Some(boolean(value)?),
                other => return Err((key.span(), unknown(other))),
            }
        }
        match config.allow.iter().find(|code| config.deny.contains(code)) {
            Some(both) => Err((0..0, format!("`{both}` is both allowed and denied"))),
            None => Ok(config),
        }
    }
}

fn unknown(key: &str) -> String {
    let meant = match nearest(key, KEYS) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("keys are {}", KEYS.join(", ")),
    };
    format!("there is no key `{key}`; {meant}")
}

fn string<'v>(value: &'v Spanned<DeValue<'_>>) -> Result<&'v str, Fault> {
    value.get_ref().as_str().ok_or_else(|| (value.span(), "expected a string".to_owned()))
}

fn boolean(value: &Spanned<DeValue<'_>>) -> Result<bool, Fault> {
    let boolean = value.get_ref().as_bool();
    boolean.ok_or_else(|| (value.span(), "expected `true` or `false`".to_owned()))
}

fn codes(
    value: &Spanned<DeValue<'_>>,
    read: fn(&str) -> Result<Code, String>,
) -> Result<Vec<Code>, Fault> {
    let list = value.get_ref().as_array();
    let list = list.ok_or_else(|| (value.span(), "expected a list of codes".to_owned()))?;
    let code =
        |item: &Spanned<DeValue<'_>>| read(string(item)?).map_err(|message| (item.span(), message));
    list.iter().map(code).collect()
}
