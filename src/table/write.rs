//! Records that change and go.

use std::borrow::Cow;

use super::column::Column;
use super::ids::{Id, IdIndex};
#[cfg(feature = "api")]
use super::packed::Packed;
use super::{RecordError, Table};
use crate::bits::Bits;
use crate::schema::SYS_ID;

/// Texts by slot.
type Values<'v> = Vec<(usize, Cow<'v, str>)>;

/// A change of one record that can be made: its sys_id and values by slot.
#[cfg(feature = "api")]
#[derive(Debug)]
pub(crate) enum Checked<'v> {
    New(&'v Packed),
    Changed(&'v str, Values<'v>),
    Gone(&'v str),
}

/// The records of a table of a database, to be changed; see [`Database::records_mut`](super::Database::records_mut).
#[derive(Debug)]
pub struct RecordsMut<'d>(pub(super) &'d mut Table);

impl RecordsMut<'_> {
    /// The table as it is now.
    pub fn table(&self) -> &Table {
        self.0
    }

    /// Adds a record, as [`Table::push`] does.
    ///
    /// # Errors
    /// As there.
    pub fn push<'v>(
        &mut self,
        fields: impl IntoIterator<Item = (&'v str, Cow<'v, str>)>,
    ) -> Result<(), RecordError> {
        self.0.push(fields)
    }

    /// Gives fields of a record other texts, as [`Table::update`] does.
    ///
    /// # Errors
    /// As there.
    pub fn update<'v>(
        &mut self,
        sys_id: &str,
        fields: impl IntoIterator<Item = (&'v str, Cow<'v, str>)>,
    ) -> Result<(), RecordError> {
        self.0.update(sys_id, fields)
    }

    /// Removes a record, as [`Table::remove`] does.
    ///
    /// # Errors
    /// As there.
    pub fn remove(&mut self, sys_id: &str) -> Result<(), RecordError> {
        self.0.remove(sys_id)
    }
}

impl Table {
    /// Gives fields of a record other texts; an empty one empties the field. The others stay.
    ///
    /// ```
    /// use encoded_query::Table;
    ///
    /// let mut contacts = Table::demo_contacts();
    /// let id = contacts.records().next().and_then(|record| record.text("sys_id")).unwrap().into_owned();
    /// contacts.update(&id, [("city", "Oslo".into())])?;
    /// assert_eq!(contacts.record(&id).unwrap().text("city").as_deref(), Some("Oslo"));
    /// # Ok::<(), encoded_query::RecordError>(())
    /// ```
    ///
    /// # Errors
    /// If no record has the sys_id, or the record would get another; if a field is unknown or given
    /// twice; if a value is over 1 MiB. The table is unchanged then.
    pub fn update<'v>(
        &mut self,
        sys_id: &str,
        fields: impl IntoIterator<Item = (&'v str, Cow<'v, str>)>,
    ) -> Result<(), RecordError> {
        let (row, values) = self.changes(sys_id, fields)?;
        self.write(row, values.iter().map(|(slot, text)| (*slot, &**text)));
        Ok(())
    }

    /// The row of a record and what its fields get, by slot.
    fn changes<'v>(
        &self,
        sys_id: &str,
        fields: impl IntoIterator<Item = (&'v str, Cow<'v, str>)>,
    ) -> Result<(usize, Values<'v>), RecordError> {
        let id = Id::of(sys_id);
        let row = self.find(&id).ok_or_else(|| RecordError::UnknownId(sys_id.to_owned()))?;
        let values = self.slots(fields)?;
        let slot = self.schema.slot(SYS_ID);
        if let Some((_, other)) =
            values.iter().find(|(at, text)| Some(*at) == slot && Id::of(text) != id)
        {
            return Err(RecordError::ChangedId(other.clone().into_owned()));
        }
        self.check_lengths(values.iter().map(|(slot, text)| (*slot, &**text)))?;
        Ok((row, values))
    }

    /// A new record, its values by slot, that can be added, without adding it.
    ///
    /// # Errors
    /// As [`push`](Self::push).
    #[cfg(feature = "api")]
    pub(crate) fn check_new<'v>(&self, values: &'v Packed) -> Result<Checked<'v>, RecordError> {
        self.check_lengths(values.iter())?;
        self.free_id(values.iter())?;
        Ok(Checked::New(values))
    }

    /// Fields of a record that can get other texts, without doing so.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    #[cfg(feature = "api")]
    pub(crate) fn check_update<'v>(
        &self,
        sys_id: &'v str,
        fields: impl IntoIterator<Item = (&'v str, Cow<'v, str>)>,
    ) -> Result<Checked<'v>, RecordError> {
        self.changes(sys_id, fields).map(|(_, values)| Checked::Changed(sys_id, values))
    }

    /// A record that can be removed, without doing so.
    ///
    /// # Errors
    /// As [`remove`](Self::remove).
    #[cfg(feature = "api")]
    pub(crate) fn check_removal<'v>(&self, sys_id: &'v str) -> Result<Checked<'v>, RecordError> {
        let unknown = || RecordError::UnknownId(sys_id.to_owned());
        self.number(sys_id).map(|_| Checked::Gone(sys_id)).ok_or_else(unknown)
    }

    /// Makes a change that was checked, on a table that has not changed otherwise since.
    #[cfg(feature = "api")]
    pub(crate) fn make(&mut self, change: &Checked<'_>) {
        match change {
            Checked::New(values) => self.append_free(values.iter()),
            Checked::Changed(sys_id, values) => {
                if let Some(row) = self.number(sys_id) {
                    self.write(row, values.iter().map(|(slot, text)| (*slot, &**text)));
                }
            }
            Checked::Gone(sys_id) => {
                let removed = self.remove(sys_id);
                debug_assert_eq!(removed, Ok(()));
            }
        }
    }

    /// Removes the record of that sys_id, if there is one.
    ///
    /// # Errors
    /// If there is none.
    pub fn remove(&mut self, sys_id: &str) -> Result<(), RecordError> {
        let id = Id::of(sys_id);
        let unknown = || RecordError::UnknownId(sys_id.to_owned());
        let row = self.find(&id).ok_or_else(unknown)?;
        let slot = self.schema.slot(SYS_ID).ok_or_else(unknown)?;
        if let Some(column) = self.columns.get(slot) {
            self.ids.remove(&id, column);
        }
        self.removed.set(row, true);
        self.gone += 1;
        if self.gone > self.thresholds.changes + self.len() {
            self.move_up();
        }
        Ok(())
    }

    /// Gives up the rows of removed records.
    fn move_up(&mut self) {
        let left = || (0..self.rows).filter(|row| !self.removed.has(*row));
        let picked = |column: &Column| {
            let rows = left().take_while(|row| *row < column.len());
            column.picked(column.field_type(), rows)
        };
        let columns: Vec<Column> = self.columns.iter().map(picked).collect();
        (self.rows, self.columns) = (self.len(), columns);
        (self.removed, self.gone, self.ids) = (Bits::default(), 0, IdIndex::default());
        let Some(column) = self.schema.slot(SYS_ID).and_then(|slot| self.columns.get(slot)) else {
            return;
        };
        for row in 0..self.rows {
            if let Some(id) = column.value(row).text() {
                self.ids.insert(&Id::of(&id), row, Some(column));
            }
        }
    }
}
