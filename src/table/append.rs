//! What loaders use: records whose columns are settled, by slot, and types found out afterwards.

use std::borrow::Cow;

use super::{Cell, LONGEST_VALUE, RecordError, Table};
use crate::schema::{Field, SYS_ID};
use crate::value::FieldType;

impl Table {
    /// Adds a record: the texts of its fields by slot, each slot once at most.
    pub(crate) fn append<'v>(
        &mut self,
        values: impl IntoIterator<Item = (usize, Cow<'v, str>)>,
    ) -> Result<(), RecordError> {
        let cells = self.cells(values)?;
        if let Some(slot) = self.schema.slot(SYS_ID) {
            self.take_id(cells.get(slot).map(Cell::value).unwrap_or_default().text())?;
        }
        self.rows.push(cells);
        Ok(())
    }

    /// Adds a record without a sys_id, which [`name`](Self::name) gives it later.
    pub(crate) fn append_unnamed<'v>(
        &mut self,
        values: impl IntoIterator<Item = (usize, Cow<'v, str>)>,
    ) -> Result<(), RecordError> {
        let cells = self.cells(values)?;
        self.rows.push(cells);
        Ok(())
    }

    /// Gives a record that has no sys_id one that is free.
    pub(crate) fn name(&mut self, row: usize, id: &str) {
        let Some(slot) = self.schema.slot(SYS_ID) else { return };
        if let Some(cells) = self.rows.get_mut(row) {
            let mut filled = std::mem::take(cells).into_vec();
            filled.resize(filled.len().max(slot + 1), Cell::Empty);
            if let Some(cell) = filled.get_mut(slot) {
                *cell = Cell::Text(id.into());
            }
            *cells = filled.into();
            self.ids.insert(id.into(), row);
        }
    }

    /// Whether a record has that sys_id.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.number(id).is_some()
    }

    /// Changes the types of columns; their values are read again from their texts.
    pub(crate) fn retype(&mut self, kinds: &[(usize, FieldType)]) {
        for (slot, kind) in kinds {
            self.schema.retype(*slot, *kind);
        }
        // Row by row, since the cells of a row lie side by side.
        for cells in &mut self.rows {
            for (slot, kind) in kinds {
                if let Some(cell) = cells.get_mut(*slot)
                    && let Some(text) = cell.value().text()
                {
                    let retyped = Cell::typed(kind.kind(), &text);
                    *cell = retyped.unwrap_or_else(|| Cell::Text(text.into()));
                }
            }
        }
    }

    /// Names the column that stands for a record.
    pub(crate) fn set_display(&mut self, field: &str) {
        self.schema = std::mem::take(&mut self.schema).with_display(field);
    }

    fn cells<'v>(
        &self,
        values: impl IntoIterator<Item = (usize, Cow<'v, str>)>,
    ) -> Result<Box<[Cell]>, RecordError> {
        let fields = self.schema.fields();
        let mut cells = vec![Cell::Empty; fields.len()];
        for (slot, text) in values {
            let (Some(cell), Some(field)) = (cells.get_mut(slot), fields.get(slot)) else {
                continue;
            };
            if text.len() > LONGEST_VALUE {
                return Err(too_long(field, &text));
            }
            *cell = Cell::new(field.kind.kind(), text);
        }
        Ok(cells.into())
    }
}

fn too_long(field: &Field, text: &str) -> RecordError {
    RecordError::TooLong { field: field.name.to_string(), length: text.len() }
}
