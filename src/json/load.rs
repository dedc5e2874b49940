//! Records from JSON: an array, an API answer, or objects one after another.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use thiserror::Error;

use crate::diagnostic::shown;
use crate::schema::{Field, Schema};
use crate::syntax::Query;
use crate::table::{RecordError, SYS_ID, Table};
use crate::value::{Date, DateTime, FieldType, Number};

/// What becomes of columns of the data that the schema does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Columns {
    /// They become text fields.
    #[default]
    Extend,
    /// They are left out, with a notice.
    Fixed,
    /// Every column becomes a field of the type that all its values have.
    Infer,
}

/// How records stand in the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One array, or an object whose member `result` holds the records.
    Json,
    /// Objects one after another, usually one a line.
    Lines,
}

/// How data is loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoadOptions {
    /// What becomes of further columns.
    pub columns: Columns,
    /// Whether records without a sys_id get one, made from their number.
    pub make_sys_ids: bool,
    /// The layout; found out from the data if not given.
    pub layout: Option<Layout>,
}

/// A loaded table, and what there is to say about the data.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Loaded {
    /// The records.
    pub table: Table,
    /// One sentence each, in lower case.
    pub notices: Vec<String>,
}

/// Why data cannot be loaded.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LoadError {
    /// There is nothing, not even an empty list.
    #[error("is empty")]
    Empty,
    /// The text is not UTF-8.
    #[error("{0}")]
    Encoding(String),
    /// The text is no JSON, or JSON of another shape.
    #[error("{0}")]
    Syntax(String),
    /// A record cannot be one of the table.
    #[error("record {number}: {message}")]
    Record {
        /// Number of the record, from 1.
        number: usize,
        /// What is wrong.
        message: String,
    },
}

type Texts<'d> = Vec<(Cow<'d, str>, Cow<'d, str>)>;

/// Loads records into a new table.
///
/// Numbers and booleans become their text as written, null becomes empty.
///
/// # Errors
/// If the data is no UTF-8 or no JSON, or if a record is not an object of scalar values, repeats a
/// member or a sys_id, or has none though the schema has that field. Nothing is loaded then.
pub fn load(data: &[u8], mut schema: Schema, options: &LoadOptions) -> Result<Loaded, LoadError> {
    let mut records = Vec::new();
    for (index, raw) in elements(text(data)?, options.layout)?.into_iter().enumerate() {
        let number = index + 1;
        let texts = record(raw).map_err(|message| LoadError::Record { number, message })?;
        records.push(texts);
    }
    let mut notices = Vec::new();
    settle_columns(&mut schema, &mut records, options.columns, &mut notices);
    if options.make_sys_ids && schema.slot(SYS_ID).is_some() {
        make_sys_ids(&mut records);
    }
    notices.extend(unreadable_values(&schema, &records));
    let mut table = Table::new(schema);
    for (index, texts) in records.iter().enumerate() {
        let fields = texts.iter().map(|(name, text)| (&**name, Cow::Borrowed(&**text)));
        table.push(fields).map_err(|error| record_error(index + 1, &error))?;
    }
    Ok(Loaded { table, notices })
}

fn record_error(number: usize, error: &RecordError) -> LoadError {
    LoadError::Record { number, message: error.to_string() }
}

fn text(data: &[u8]) -> Result<&str, LoadError> {
    let data = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data);
    if data.starts_with(b"\xff\xfe") || data.starts_with(b"\xfe\xff") {
        return Err(LoadError::Encoding("is not UTF-8 (looks like UTF-16)".into()));
    }
    let text = std::str::from_utf8(data).map_err(|error| {
        LoadError::Encoding(format!("invalid UTF-8 at byte {}", error.valid_up_to()))
    })?;
    if text.trim().is_empty() { Err(LoadError::Empty) } else { Ok(text) }
}

/// The records as they stand in the text.
fn elements(text: &str, layout: Option<Layout>) -> Result<Vec<&RawValue>, LoadError> {
    let fault = |error: serde_json::Error| syntax(text, &error);
    let is_array = text.trim_start().starts_with('[');
    if layout != Some(Layout::Lines) && is_array {
        return serde_json::from_str(text).map_err(fault);
    }
    let values: Result<Vec<&RawValue>, _> =
        serde_json::Deserializer::from_str(text).into_iter().collect();
    let values = values.map_err(fault)?;
    if layout == Some(Layout::Lines) {
        return Ok(values);
    }
    if let [only] = values.as_slice()
        && let Ok(Members(members)) = serde_json::from_str(only.get())
        && let Some((_, result)) = members.iter().find(|(name, _)| name == "result")
    {
        if result.get().starts_with('[') {
            return serde_json::from_str(result.get()).map_err(fault);
        }
        if result.get().starts_with('{') {
            return Ok(vec![result]);
        }
    }
    Ok(values)
}

fn syntax(text: &str, error: &serde_json::Error) -> LoadError {
    const DEEPEST: usize = 128;
    let (line, column) = (error.line(), error.column());
    if nesting(text) > DEEPEST {
        return LoadError::Syntax(format!("nested too deeply, over {DEEPEST} levels"));
    }
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    LoadError::Syntax(format!("line {line}, column {column}: {message}"))
}

/// How deep brackets nest, those in strings aside.
fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => depth += 1,
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// The members of an object in their order, repeated ones included.
struct Members<'d>(Vec<(Cow<'d, str>, &'d RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                    members.push((Cow::Owned(name), value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

/// The texts of a record, or all that is wrong with it.
fn record(raw: &RawValue) -> Result<Texts<'_>, String> {
    let Ok(Members(members)) = serde_json::from_str(raw.get()) else {
        return Err("it is not an object".into());
    };
    let (mut texts, mut wrong): (Texts<'_>, _) = (Vec::new(), Vec::new());
    let mut not_scalar = Vec::new();
    for (name, value) in members {
        let shown_name = format!("`{}`", shown(&name));
        let value = value.get();
        match value.as_bytes().first() {
            _ if texts.iter().any(|(other, _)| *other == name) => {
                wrong.push(format!("{shown_name} is given twice"));
            }
            Some(b'"') => {
                texts
                    .push((name, serde_json::from_str::<String>(value).unwrap_or_default().into()));
            }
            Some(b'n') => texts.push((name, "".into())),
            _ if name == SYS_ID => wrong.push(format!("{shown_name} must be text")),
            Some(b'{' | b'[') => not_scalar.push(shown_name),
            Some(b't' | b'f') => texts.push((name, value.into())),
            _ if value.parse::<f64>().is_ok_and(f64::is_finite) => texts.push((name, value.into())),
            _ => wrong.push(format!("{shown_name}: number out of range")),
        }
    }
    if !not_scalar.is_empty() {
        wrong.push(format!("{} must be scalar", not_scalar.join(", ")));
    }
    if wrong.is_empty() { Ok(texts) } else { Err(wrong.join("; ")) }
}

/// Makes schema and records agree on the columns.
fn settle_columns(
    schema: &mut Schema,
    records: &mut [Texts<'_>],
    columns: Columns,
    notices: &mut Vec<String>,
) {
    let mut found: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    for (name, _) in records.iter().flatten() {
        if schema.slot(name).is_none() && seen.insert(name.to_string()) {
            found.push(name.to_string());
        }
    }
    for name in found {
        if columns == Columns::Fixed {
            notices.push(format!(
                "the column `{}` is not in the schema and is left out",
                shown(&name)
            ));
            continue;
        }
        if !can_be_named(&name) {
            notices.push(format!(
                "the column `{}` cannot be named in a query; rename it, for example to `{}`",
                shown(&name),
                shown(&snake(&name))
            ));
        }
        let kind =
            if columns == Columns::Infer { infer(&name, records) } else { FieldType::String };
        schema.add(Field::new(name, kind));
    }
    if columns == Columns::Fixed {
        for texts in records {
            texts.retain(|(name, _)| schema.slot(name).is_some());
        }
    }
}

/// Whether a condition on that name reads as one.
pub(crate) fn can_be_named(name: &str) -> bool {
    let text = format!("{name}=x");
    let query = Query::parse(text.as_str());
    query.conditions().any(|condition| condition.field() == name)
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn snake(name: &str) -> String {
    name.chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
        .collect()
}

/// The narrowest type that all values of a column have.
fn infer(name: &str, records: &[Texts<'_>]) -> FieldType {
    if name == SYS_ID {
        return FieldType::SysId;
    }
    let of_name = |texts: &&(Cow<'_, str>, Cow<'_, str>)| texts.0 == name && !texts.1.is_empty();
    let values: Vec<&str> =
        records.iter().flatten().filter(of_name).map(|(_, text)| &**text).collect();
    let all = |test: fn(&str) -> bool| !values.is_empty() && values.iter().all(|value| test(value));
    if all(|value| value == "true" || value == "false") {
        FieldType::Boolean
    } else if all(|value| value.parse::<i64>().is_ok()) {
        FieldType::Integer
    } else if all(|value| Number::read(value).is_some()) {
        FieldType::Decimal
    } else if all(|value| value.len() == 10 && Date::read(value).is_some()) {
        FieldType::Date
    } else if all(|value| DateTime::read(value).is_some()) {
        FieldType::DateTime
    } else {
        FieldType::String
    }
}

/// Gives records without a sys_id one made from their number, so that it is the same each time.
fn make_sys_ids(records: &mut [Texts<'_>]) {
    let is_id = |(name, text): &&(Cow<'_, str>, Cow<'_, str>)| name == SYS_ID && !text.is_empty();
    let mut taken: Vec<String> =
        records.iter().flatten().filter(is_id).map(|(_, text)| text.to_string()).collect();
    taken.sort_unstable();
    let mut next = 0_u128;
    for texts in records {
        if texts.iter().any(|entry| is_id(&entry)) {
            continue;
        }
        texts.retain(|(name, _)| name != SYS_ID);
        let id = loop {
            next += 1;
            let id = format!("{next:032x}");
            if taken.binary_search(&id).is_err() {
                break id;
            }
        };
        texts.push((SYS_ID.into(), id.into()));
    }
}

/// A notice for each typed field that some values do not read as.
fn unreadable_values(schema: &Schema, records: &[Texts<'_>]) -> Vec<String> {
    let mut faults: HashMap<usize, (usize, usize, &str)> = HashMap::new();
    for (index, texts) in records.iter().enumerate() {
        for (name, text) in texts {
            let Some(slot) = schema.slot(name) else { continue };
            let reads = schema.fields().get(slot).is_some_and(|field| field.kind.reads(text));
            if !text.is_empty() && !reads {
                faults.entry(slot).or_insert((0, index + 1, text)).0 += 1;
            }
        }
    }
    let named = |(slot, field): (usize, &Field)| {
        let (count, first, text) = faults.get(&slot)?;
        let kind = field.kind;
        let (name, text) = (shown(&field.name), shown(text));
        Some(format!(
            "`{name}`: values that do not read as {kind} and count as empty: {count}, the first in record {first}: `{text}`"
        ))
    };
    schema.fields().iter().enumerate().filter_map(named).collect()
}
