//! What loaders use: records whose columns are settled, by slot, and types found out afterwards.

use super::ids::Id;
use super::{RecordError, Table};
use crate::schema::SYS_ID;
use crate::value::FieldType;

impl Table {
    /// Adds a record: the texts of its fields by slot, each slot once at most.
    pub(crate) fn append<'v>(
        &mut self,
        values: impl Iterator<Item = (usize, &'v str)> + Clone,
    ) -> Result<(), RecordError> {
        self.add(values)
    }

    /// Adds a record without a sys_id, which [`name`](Self::name) gives it later.
    pub(crate) fn append_unnamed<'v>(
        &mut self,
        values: impl Iterator<Item = (usize, &'v str)> + Clone,
    ) -> Result<(), RecordError> {
        self.check_lengths(values.clone())?;
        self.write(self.rows, values);
        self.rows += 1;
        Ok(())
    }

    /// Gives a record that has no sys_id one that is free.
    pub(crate) fn name(&mut self, row: usize, id: &str) {
        let Some(slot) = self.schema.slot(SYS_ID) else { return };
        self.write(row, std::iter::once((slot, id)));
        self.ids.insert(&Id::of(id), row, self.columns.get(slot));
    }

    /// Whether a record has that sys_id.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.number(id).is_some()
    }

    /// Changes the types of columns; their values are read again from their texts.
    pub(crate) fn retype(&mut self, kinds: &[(usize, FieldType)]) {
        for (slot, kind) in kinds {
            self.schema.retype(*slot, *kind);
            if let Some(column) = self.columns.get_mut(*slot) {
                *column = column.picked(*kind, 0..column.len());
            }
        }
    }

    /// Names the column that stands for a record.
    pub(crate) fn set_display(&mut self, field: &str) {
        self.schema = std::mem::take(&mut self.schema).with_display(field);
    }
}
