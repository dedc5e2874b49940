//! Records in memory, by columns: their texts, in a narrower form where that loses nothing.

#[cfg(feature = "json")]
mod append;
pub(crate) mod column;
mod database;
mod ids;
#[cfg(feature = "api")]
mod packed;
mod record;
mod write;

use std::borrow::Cow;

use thiserror::Error;

pub use database::{Database, DatabaseError};
#[cfg(feature = "api")]
pub(crate) use packed::Packed;
pub(crate) use record::Entry;
pub use record::{Record, Tables};
#[cfg(feature = "api")]
pub(crate) use write::Checked;
pub use write::RecordsMut;

use crate::bits::Bits;
use crate::demo;
use crate::diagnostic::shown;
use crate::schema::{Field, SYS_ID, Schema};
use column::{Column, Thresholds};
use ids::{Id, IdIndex};

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
    /// By slot.
    columns: Vec<Column>,
    /// Number of rows, those of removed records included.
    rows: usize,
    removed: Bits,
    /// How many are removed.
    gone: usize,
    thresholds: Thresholds,
    /// Row of each sys_id.
    ids: IdIndex,
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
    /// No record has that sys_id.
    #[error("there is no record with the sys_id `{}`", shown(.0))]
    UnknownId(String),
    /// A record keeps its sys_id.
    #[error("its `sys_id` cannot become `{}`", shown(.0))]
    ChangedId(String),
    /// A value is over 1 MiB.
    #[error("`{}` has {length} bytes; a value may have 1 MiB", shown(field))]
    TooLong {
        /// The field.
        field: String,
        /// Bytes of the value.
        length: usize,
    },
}

impl Table {
    /// An empty table.
    pub fn new(schema: Schema) -> Self {
        let columns = schema
            .fields()
            .iter()
            .map(|field| Column::new(field.kind, Thresholds::USUAL))
            .collect();
        Self {
            schema,
            columns,
            rows: 0,
            removed: Bits::default(),
            gone: 0,
            thresholds: Thresholds::USUAL,
            ids: IdIndex::default(),
        }
    }

    /// The 200 made-up contacts that come with the crate, the two of the Contact API's
    /// documentation among them.
    pub fn demo_contacts() -> Self {
        Self::demo_contacts_of(demo::DEMO_SEED, demo::DEMO_COUNT)
    }

    /// So many made-up contacts of a seed.
    pub(crate) fn demo_contacts_of(seed: u64, count: usize) -> Self {
        let mut table = Self::new(Schema::customer_contact());
        for contact in demo::contacts(seed).take(count) {
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
        let kind = field.kind;
        if self.schema.add(field) == self.columns.len() {
            self.columns.push(Column::new(kind, self.thresholds));
        }
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.rows - self.gone
    }

    /// Whether there are no records.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
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
        let values = self.slots(fields)?;
        self.add(values.iter().map(|(slot, text)| (*slot, &**text)))
    }

    /// The values with the slots of their fields.
    fn slots<'v>(
        &self,
        fields: impl IntoIterator<Item = (&'v str, Cow<'v, str>)>,
    ) -> Result<Vec<(usize, Cow<'v, str>)>, RecordError> {
        let fields = fields.into_iter();
        let mut given = Bits::none(self.columns.len());
        let mut values = Vec::with_capacity(fields.size_hint().0);
        for (name, text) in fields {
            let unknown = || RecordError::UnknownField(name.to_owned());
            let slot = self.schema.slot(name).ok_or_else(unknown)?;
            if given.has(slot) {
                return Err(RecordError::RepeatedField(name.to_owned()));
            }
            given.set(slot, true);
            values.push((slot, text));
        }
        Ok(values)
    }

    /// Adds a record, the texts of its fields by slot.
    fn add<'v>(
        &mut self,
        values: impl Iterator<Item = (usize, &'v str)> + Clone,
    ) -> Result<(), RecordError> {
        self.check_lengths(values.clone())?;
        self.free_id(values.clone())?;
        self.append_free(values);
        Ok(())
    }

    /// Adds a record whose sys_id is free.
    fn append_free<'v>(&mut self, values: impl Iterator<Item = (usize, &'v str)> + Clone) {
        let is_id = self.schema.slot(SYS_ID);
        if let Some((slot, id)) = values.clone().find(|(slot, _)| Some(*slot) == is_id) {
            self.ids.insert(&Id::of(id), self.rows, self.columns.get(slot));
        }
        self.write(self.rows, values);
        self.rows += 1;
    }

    /// Whether a record has a sys_id that is free, if the table has that field.
    fn free_id<'v>(
        &self,
        mut values: impl Iterator<Item = (usize, &'v str)>,
    ) -> Result<(), RecordError> {
        let Some(slot) = self.schema.slot(SYS_ID) else { return Ok(()) };
        let id = values.find(|(at, text)| *at == slot && !text.is_empty());
        let (_, text) = id.ok_or(RecordError::MissingId)?;
        let id = Id::of(text);
        match self.find(&id) {
            Some(first) => Err(RecordError::DuplicateId { id: text.to_owned(), first: first + 1 }),
            None => Ok(()),
        }
    }

    fn check_lengths<'v>(
        &self,
        mut values: impl Iterator<Item = (usize, &'v str)>,
    ) -> Result<(), RecordError> {
        let Some((slot, text)) = values.find(|(_, text)| text.len() > LONGEST_VALUE) else {
            return Ok(());
        };
        let field = self.schema.fields().get(slot).map_or("", |field| &*field.name);
        Err(RecordError::TooLong { field: field.to_owned(), length: text.len() })
    }

    fn write<'v>(&mut self, row: usize, values: impl Iterator<Item = (usize, &'v str)>) {
        for (slot, text) in values {
            if let Some(column) = self.columns.get_mut(slot) {
                column.set(row, text);
            }
        }
    }

    /// All records in their order.
    pub fn records(&self) -> impl ExactSizeIterator<Item = Record<'_>> {
        Tables::from(self).records_of(self, 0)
    }

    /// The record of that sys_id, in any case.
    pub fn record(&self, sys_id: &str) -> Option<Record<'_>> {
        Tables::from(self).record_of(self, 0, self.number(sys_id)?)
    }

    /// Number of the record of that sys_id, from 0, in any case. It stays the same until so many
    /// records are removed that the others move up.
    pub fn number(&self, sys_id: &str) -> Option<usize> {
        self.find(&Id::of(sys_id))
    }

    fn find(&self, id: &Id<'_>) -> Option<usize> {
        self.ids.find(id, self.columns.get(self.schema.slot(SYS_ID)?))
    }

    /// An empty table that chooses every form of columns and uses every shortcut from its first records
    /// on: slower, and for tests of the engine, which few records would not reach otherwise.
    #[doc(hidden)]
    pub fn eager(schema: Schema) -> Self {
        let thresholds = Thresholds::LEAST;
        let columns = schema.fields().iter().map(|field| Column::new(field.kind, thresholds));
        let columns = columns.collect();
        Self { columns, thresholds, ..Self::new(schema) }
    }

    /// From which sizes on shortcuts are taken.
    pub(crate) fn thresholds(&self) -> &Thresholds {
        &self.thresholds
    }

    /// The columns by slot.
    pub(crate) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Number of rows, those of removed records included.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Rows whose records are removed.
    pub(crate) fn removed(&self) -> &Bits {
        &self.removed
    }

    /// Bytes its values take up in memory, without what queries had it build to find them.
    pub fn size(&self) -> usize {
        self.columns.iter().map(|column| column.size().0).sum::<usize>() + self.ids.size()
    }

    /// Bytes of what queries had it build to find and sort values.
    pub fn index_size(&self) -> usize {
        self.columns.iter().map(|column| column.size().1).sum()
    }

    /// Gives back memory that was reserved for further records.
    pub fn shrink_to_fit(&mut self) {
        self.columns.iter_mut().for_each(Column::shrink);
    }
}
