//! Records in memory: their texts, typed where that loses nothing.

#[cfg(feature = "json")]
mod append;
mod database;
mod record;

use std::borrow::Cow;
use std::collections::HashMap;

use thiserror::Error;

pub use database::{Database, DatabaseError};
pub use record::{Record, Tables};

use crate::demo;
use crate::diagnostic::shown;
use crate::schema::{Field, SYS_ID, Schema};
use crate::value::{Case, Date, DateTime, Kind, ValueRef};

/// Bytes of the longest value.
const LONGEST_VALUE: usize = 1024 * 1024;

/// The records of one table, in the order they were added.
///
/// ```
/// use encoded_query::Table;
///
/// let contacts = Table::demo_contacts();
/// let page = contacts.query("nameLIKEwarren^ORDERBYname");
/// assert!(page.records.iter().any(|record| record.text("name").as_deref() == Some("George Warren")));
/// ```
#[derive(Clone, Debug)]
pub struct Table {
    schema: Schema,
    rows: Vec<Box<[Cell]>>,
    /// Row of each sys_id.
    ids: HashMap<Box<str>, usize>,
}

/// Why a record cannot be added.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RecordError {
    /// The table's records are named by sys_id and this one has none.
    #[error("it has no `sys_id`")]
    MissingId,
    /// Another record has that sys_id.
    #[error("it has the sys_id `{}` of record {first}", shown(id))]
    DuplicateId {
        /// The sys_id.
        id: String,
        /// Number of the other record, from 1.
        first: usize,
    },
    /// The table has no such field.
    #[error("the table has no field `{}`", shown(.0))]
    UnknownField(String),
    /// A field is given twice.
    #[error("`{}` is given twice", shown(.0))]
    RepeatedField(String),
    /// A value is over 1 MiB.
    #[error("`{}` has {length} bytes; a value may have 1 MiB", shown(field))]
    TooLong {
        /// The field.
        field: String,
        /// Bytes of the value.
        length: usize,
    },
}

/// A value as kept. A typed form stands only for the text it prints.
#[derive(Clone, Debug, Default, PartialEq)]
enum Cell {
    #[default]
    Empty,
    Text(Box<str>),
    Integer(i64),
    Boolean(bool),
    Date(Date),
    DateTime(DateTime),
}

impl Cell {
    fn new(kind: Kind, text: Cow<'_, str>) -> Self {
        Self::typed(kind, &text).unwrap_or_else(|| Self::Text(text.into()))
    }

    /// The typed form of a text, if there is one that prints it.
    fn typed(kind: Kind, text: &str) -> Option<Self> {
        match kind {
            _ if text.is_empty() => Some(Self::Empty),
            Kind::Number => printed_integer(text).map(Self::Integer),
            Kind::Boolean => text.parse().ok().map(Self::Boolean),
            Kind::Date if text.len() == 10 => Date::read(text).map(Self::Date),
            Kind::DateTime if text.len() == 19 => DateTime::read(text).map(Self::DateTime),
            Kind::Text | Kind::Date | Kind::DateTime => None,
        }
    }

    fn value(&self) -> ValueRef<'_> {
        match self {
            Self::Empty => ValueRef::Empty,
            Self::Text(text) => ValueRef::Text(Cow::Borrowed(text)),
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Boolean(value) => ValueRef::Boolean(*value),
            Self::Date(date) => ValueRef::Date(*date),
            Self::DateTime(instant) => ValueRef::DateTime(*instant),
        }
    }
}

impl Table {
    /// An empty table.
    pub fn new(schema: Schema) -> Self {
        Self { schema, rows: Vec::new(), ids: HashMap::new() }
    }

    /// The 200 made-up contacts that come with the crate, the two of the Contact API's
    /// documentation among them.
    pub fn demo_contacts() -> Self {
        let mut table = Self::new(Schema::customer_contact());
        for contact in demo::contacts(demo::DEMO_SEED).take(demo::DEMO_COUNT) {
            // The generator's fields are documented ones and its sys_ids differ; a test says so.
            let added = table.push(contact.into_iter().map(|(name, text)| (name, text.into())));
            debug_assert_eq!(added, Ok(()));
        }
        table
    }

    /// The columns.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Adds a column, empty in the records there are.
    pub fn add_field(&mut self, field: Field) {
        self.schema.add(field);
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no records.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds a record: the texts of its fields, by name, in any order. Fields left out are empty.
    ///
    /// Values are kept verbatim; nothing is validated, documented lengths included.
    ///
    /// # Errors
    /// If the record has no sys_id though the table has that field, or one that is taken; if a
    /// field is unknown or given twice; if a value is over 1 MiB. The table is unchanged then.
    pub fn push<'v>(
        &mut self,
        fields: impl IntoIterator<Item = (&'v str, Cow<'v, str>)>,
    ) -> Result<(), RecordError> {
        let mut cells = vec![Cell::Empty; self.schema.fields().len()];
        let mut given = vec![false; cells.len()];
        for (name, text) in fields {
            let unknown = || RecordError::UnknownField(name.to_owned());
            let slot = self.schema.slot(name).ok_or_else(unknown)?;
            let kind = self.schema.fields().get(slot).ok_or_else(unknown)?.kind.kind();
            if text.len() > LONGEST_VALUE {
                return Err(RecordError::TooLong { field: name.to_owned(), length: text.len() });
            }
            if let (Some(cell), Some(given)) = (cells.get_mut(slot), given.get_mut(slot)) {
                if std::mem::replace(given, true) {
                    return Err(RecordError::RepeatedField(name.to_owned()));
                }
                *cell = Cell::new(kind, text);
            }
        }
        if let Some(slot) = self.schema.slot(SYS_ID) {
            self.take_id(cells.get(slot).map(Cell::value).unwrap_or_default().text())?;
        }
        self.rows.push(cells.into());
        Ok(())
    }

    fn take_id(&mut self, id: Option<Cow<'_, str>>) -> Result<(), RecordError> {
        let id = id.ok_or(RecordError::MissingId)?;
        let key = id_key(&id);
        if let Some(first) = self.ids.get(&*key) {
            let first = first + 1;
            return Err(RecordError::DuplicateId { id: id.into_owned(), first });
        }
        self.ids.insert(key.into(), self.rows.len());
        Ok(())
    }

    /// All records in their order.
    pub fn records(&self) -> impl ExactSizeIterator<Item = Record<'_>> {
        Tables::from(self).records_of(self, 0)
    }

    /// The record of that sys_id, in any case.
    pub fn record(&self, sys_id: &str) -> Option<Record<'_>> {
        Tables::from(self).record_of(self, 0, self.number(sys_id)?)
    }

    /// Number of the record of that sys_id, from 0, in any case.
    pub fn number(&self, sys_id: &str) -> Option<usize> {
        self.ids.get(&*id_key(sys_id)).copied()
    }
}

/// The integer that prints as this text.
fn printed_integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_printed = text == "0" || matches!(digits.as_bytes().first(), Some(b'1'..=b'9'));
    is_printed.then(|| text.parse().ok())?
}

/// What a sys_id is found by: ids never distinguish case.
fn id_key(id: &str) -> Cow<'_, str> {
    Case::Ignore.fold(id)
}
