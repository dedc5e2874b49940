//! Records: views of a table's rows that know the tables their references lead to.

use std::borrow::Cow;

use smallvec::{SmallVec, smallvec};

use super::column::Column;
use super::{Database, Table};
use crate::filter::Row;
use crate::schema::FieldPath;
use crate::value::ValueRef;

/// The tables a query runs over: a database, or one table that stands alone.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'d>(Source<'d>);

#[derive(Clone, Copy, Debug)]
enum Source<'d> {
    One(&'d Table),
    Many(&'d Database),
}

impl<'d> From<&'d Table> for Tables<'d> {
    fn from(table: &'d Table) -> Self {
        Self(Source::One(table))
    }
}

impl<'d> From<&'d Database> for Tables<'d> {
    fn from(database: &'d Database) -> Self {
        Self(Source::Many(database))
    }
}

/// Tables with their places; mostly there is one.
pub(super) type Holding<'d> = SmallVec<[(u32, &'d Table); 1]>;

impl<'d> Tables<'d> {
    /// The records of the table of that name in their order, then those of the tables that extend it;
    /// none if there is no such table.
    pub fn records(self, table: &str) -> impl Iterator<Item = Record<'d>> {
        let found = self.holding(table);
        found.into_iter().flat_map(move |(place, table)| self.records_of(table, place))
    }

    /// The record of that number, from 0, of the table of that name itself.
    pub fn record(self, table: &str, number: usize) -> Option<Record<'d>> {
        let (place, found) = match self.0 {
            Source::One(only) => (0, Some(only).filter(|only| only.schema().table() == table)?),
            Source::Many(database) => database.find(table)?,
        };
        self.record_of(found, place, number)
    }

    /// The tables that hold the records of a table, with their places, in the order of
    /// [`records`](Self::records).
    pub(crate) fn holding(self, table: &str) -> Holding<'d> {
        match self.0 {
            Source::One(only) if only.schema().table() == table => smallvec![(0, only)],
            Source::One(_) => Holding::new(),
            Source::Many(database) => database.holding(table),
        }
    }

    pub(super) fn records_of(
        self,
        table: &'d Table,
        place: u32,
    ) -> impl ExactSizeIterator<Item = Record<'d>> {
        Records { tables: self, table, place, next: 0, left: table.len() }
    }

    /// The record in a row of a table that is not removed.
    #[inline]
    pub(crate) fn record_of(self, table: &'d Table, place: u32, row: usize) -> Option<Record<'d>> {
        let is_there = row < table.rows && !table.removed.has(row);
        is_there.then_some(self.record_in(table, place, row))
    }

    /// The record in a row of which it is known that it is not removed.
    #[inline]
    pub(crate) fn record_in(self, table: &'d Table, place: u32, row: usize) -> Record<'d> {
        Record { tables: self, table, place, row }
    }

    /// The record that an entry of a column leads to, if that holds references.
    #[inline]
    fn follow(self, place: u32, slot: usize, entry: usize) -> Option<Record<'d>> {
        match self.0 {
            Source::Many(database) => {
                let (place, table, row) = database.follow(place, slot, entry)?;
                self.record_of(table, place, row)
            }
            Source::One(table) => {
                // Only itself, so that it is the table the entry is of.
                let field = table.schema.fields().get(slot)?;
                let leads_here = field.reference.as_deref() == Some(table.schema().table());
                let column = table.columns.get(slot).filter(|_| leads_here)?;
                self.record_of(table, place, table.number(&column.entry_value(entry).text()?)?)
            }
        }
    }
}

/// The records of a table that are not removed.
#[derive(Clone, Debug)]
struct Records<'d> {
    tables: Tables<'d>,
    table: &'d Table,
    place: u32,
    next: usize,
    left: usize,
}

impl<'d> Iterator for Records<'d> {
    type Item = Record<'d>;

    fn next(&mut self) -> Option<Record<'d>> {
        self.left = self.left.checked_sub(1)?;
        while self.table.removed.has(self.next) {
            self.next += 1;
        }
        self.next += 1;
        self.tables.record_of(self.table, self.place, self.next - 1)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Records<'_> {}

/// A record of a table.
#[derive(Clone, Copy, Debug)]
pub struct Record<'t> {
    tables: Tables<'t>,
    table: &'t Table,
    /// Which of the tables, and which of its rows, it is.
    place: u32,
    row: usize,
}

impl<'t> Record<'t> {
    /// Its number in its table, from 0, those of removed records counted in.
    pub fn number(&self) -> usize {
        self.row
    }

    /// Which of the tables of its database it is of.
    #[cfg(feature = "api")]
    pub(crate) fn place(&self) -> u32 {
        self.place
    }

    /// The table it belongs to.
    pub fn table(&self) -> &'t Table {
        self.table
    }

    /// The text of a field as it was given; `None` if it is empty or there is no such field.
    pub fn text(&self, field: &str) -> Option<Cow<'t, str>> {
        let value = self.cell(self.table.schema.slot(field)?);
        value.into_text()
    }

    /// All fields of the table with their texts, in the order of the schema; empty ones as `""`.
    pub fn texts(&self) -> impl Iterator<Item = (&'t str, Cow<'t, str>)> + use<'t> {
        let (record, fields) = (*self, self.table.schema.fields());
        fields.iter().enumerate().map(move |(slot, field)| {
            (&*field.name, record.cell(slot).into_text().unwrap_or_default())
        })
    }

    /// The values of all fields of the table, in the order of the schema.
    #[cfg(feature = "api")]
    pub(crate) fn values(self) -> impl Iterator<Item = ValueRef<'t>> {
        (0..self.table.schema.fields().len()).map(move |slot| self.cell(slot))
    }

    #[inline]
    pub(super) fn cell(&self, slot: usize) -> ValueRef<'t> {
        self.table.columns.get(slot).map_or(ValueRef::Empty, |column| column.value(self.row))
    }

    /// The record that the reference in a slot leads to.
    fn follow(&self, slot: usize) -> Option<Self> {
        let entry = self.table.columns.get(slot)?.entry(self.row);
        self.tables.follow(self.place, slot, entry)
    }

    /// The record that the references of a path from one on lead to.
    fn along(self, path: &FieldPath, from: usize) -> Option<Self> {
        path.references().skip(from).try_fold(self, |record, slot| record.follow(slot))
    }

    /// The value that is shown for a slot: for a reference what stands for the record it leads to, if
    /// that is loaded.
    fn shown(self, slot: usize) -> ValueRef<'t> {
        let shown = self.follow(slot).and_then(|target| target.display_value());
        shown.unwrap_or_else(|| self.cell(slot))
    }

    /// The record that the references of a path lead to.
    #[inline]
    fn at(&self, path: &FieldPath) -> Option<Self> {
        self.along(path, 0)
    }

    /// The value of a path.
    #[inline]
    pub(crate) fn stored(self, path: &FieldPath) -> ValueRef<'t> {
        self.at(path).map_or(ValueRef::Empty, |record| record.cell(path.target_slot()))
    }

    /// The value that is shown for a path: for a reference the display value of the record it leads to,
    /// if that is loaded.
    pub(crate) fn displayed(self, path: &FieldPath) -> ValueRef<'t> {
        self.at(path).map_or(ValueRef::Empty, |record| record.shown(path.target_slot()))
    }

    /// What stands for the record where one is shown.
    fn display_value(&self) -> Option<ValueRef<'t>> {
        let schema = &self.table.schema;
        schema.display().and_then(|name| schema.slot(name)).map(|slot| self.cell(slot))
    }
}

impl Row for Record<'_> {
    #[inline]
    fn value(&self, path: &FieldPath) -> ValueRef<'_> {
        self.stored(path)
    }

    /// For a reference the display value of the record it leads to, if that is loaded.
    fn display(&self, path: &FieldPath) -> ValueRef<'_> {
        self.displayed(path)
    }
}

/// What all rows have in common that share an entry of a column: the values of paths that begin
/// there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'t> {
    pub(crate) tables: Tables<'t>,
    pub(crate) place: u32,
    pub(crate) slot: usize,
    pub(crate) column: &'t Column,
    pub(crate) number: usize,
}

impl<'t> Entry<'t> {
    fn follow(&self) -> Option<Record<'t>> {
        self.tables.follow(self.place, self.slot, self.number)
    }

    /// The record whose field a path with references names.
    fn at(&self, path: &FieldPath) -> Option<Record<'t>> {
        self.follow()?.along(path, 1)
    }
}

impl Row for Entry<'_> {
    fn value(&self, path: &FieldPath) -> ValueRef<'_> {
        if path.references().len() == 0 {
            return self.column.entry_value(self.number);
        }
        self.at(path).map_or(ValueRef::Empty, |record| record.cell(path.target_slot()))
    }

    fn display(&self, path: &FieldPath) -> ValueRef<'_> {
        if path.references().len() == 0 {
            let shown = self.follow().and_then(|target| target.display_value());
            return shown.unwrap_or_else(|| self.column.entry_value(self.number));
        }
        self.at(path).map_or(ValueRef::Empty, |record| record.shown(path.target_slot()))
    }
}
