//! Records from JSON: an array, an API answer, or objects one after another.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use thiserror::Error;

use super::read::{Texts, elements, record, text};
use crate::diagnostic::shown;
use crate::schema::SYS_ID;
use crate::schema::{Field, Schema};
use crate::syntax::Query;
use crate::table::{RecordError, Table};
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

/// Columns of a table at most: a record takes room for each.
const MOST_COLUMNS: usize = 1000;

/// Fields that stand for a record, by custom, where no schema says which one does.
const USUAL_DISPLAY: [&str; 3] = ["name", "number", "short_description"];

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
    /// The records have more columns than a table may.
    #[error("the records have over {MOST_COLUMNS} columns")]
    TooManyColumns,
    /// A record cannot be one of the table.
    #[error("record {number}: {message}")]
    Record {
        /// Number of the record, from 1.
        number: usize,
        /// What is wrong.
        message: String,
    },
}

/// Loads records into a new table.
///
/// Numbers and booleans become their text as written, null becomes empty. A member as the Table API
/// gives references, `{"link":…,"value":…}`, or both its values, `{"display_value":…,"value":…}`,
/// is its `value`.
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
    settle_columns(&mut schema, &mut records, options.columns, &mut notices)?;
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

/// Makes schema and records agree on the columns.
fn settle_columns(
    schema: &mut Schema,
    records: &mut [Texts<'_>],
    columns: Columns,
    notices: &mut Vec<String>,
) -> Result<(), LoadError> {
    let mut found: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    for (name, _) in records.iter().flatten() {
        if schema.slot(name).is_none() && seen.insert(name.to_string()) {
            found.push(name.to_string());
        }
    }
    if columns == Columns::Fixed {
        let left_out = |name: &String| {
            format!("the column `{}` is not in the schema and is left out", shown(name))
        };
        push_some(notices, found.iter().map(left_out));
        for texts in records {
            texts.retain(|(name, _)| schema.slot(name).is_some());
        }
        return Ok(());
    }
    if schema.fields().len() + found.len() > MOST_COLUMNS {
        return Err(LoadError::TooManyColumns);
    }
    for name in found {
        let kind =
            if columns == Columns::Infer { infer(&name, records) } else { FieldType::String };
        schema.add(Field::new(name, kind));
    }
    if columns == Columns::Infer && schema.display().is_none() {
        let usual = USUAL_DISPLAY.into_iter().find(|name| schema.slot(name).is_some());
        if let Some(name) = usual {
            *schema = std::mem::take(schema).with_display(name);
        }
    }
    let unnameable = schema.fields().iter().filter(|field| !can_be_named(&field.name));
    push_some(notices, unnameable.map(|field| {
        let (name, better) = (shown(&field.name), free_name(schema, &field.name));
        format!(
            "the column `{name}` cannot be named in a query; rename it, for example to `{better}`"
        )
    }));
    Ok(())
}

/// Adds the first notices of a kind and how many more there are.
fn push_some(notices: &mut Vec<String>, mut of_a_kind: impl Iterator<Item = String>) {
    const MOST: usize = 10;
    notices.extend(of_a_kind.by_ref().take(MOST));
    let more = of_a_kind.count();
    if more > 0 {
        notices.push(format!("and {more} more columns like that"));
    }
}

/// Whether a condition on that name reads as one.
pub(crate) fn can_be_named(name: &str) -> bool {
    let text = format!("{name}=x");
    let query = Query::parse(text.as_str());
    query.conditions().any(|condition| condition.field() == name)
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.')
}

/// A name like `name` that queries can hold and no column has.
fn free_name(schema: &Schema, name: &str) -> String {
    let lower = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let snake: String = name.chars().map(lower).collect();
    let words: Vec<&str> = snake.split('_').filter(|word| !word.is_empty()).collect();
    let base = if words.is_empty() { "column".to_owned() } else { words.join("_") };
    let numbered = (2_u32..).map(|number| format!("{base}_{number}"));
    let mut names = std::iter::once(base.clone()).chain(numbered);
    names.find(|name| schema.slot(name).is_none()).unwrap_or(base)
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
