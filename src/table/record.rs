//! Records: views of a table's rows that know the tables their references lead to.

use std::borrow::Cow;

use super::{Cell, Database, Table};
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

impl<'d> Tables<'d> {
    /// The records of the table of that name in their order, then those of the tables that extend it;
    /// none if there is no such table.
    pub fn records(self, table: &str) -> impl Iterator<Item = Record<'d>> {
        let found: Vec<(u32, &'d Table)> = match self.0 {
            Source::One(only) if only.schema().table() == table => vec![(0, only)],
            Source::One(_) => Vec::new(),
            Source::Many(database) => database.holding(table),
        };
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

    pub(super) fn records_of(
        self,
        table: &'d Table,
        place: u32,
    ) -> impl ExactSizeIterator<Item = Record<'d>> {
        let rows = table.rows.iter().enumerate();
        rows.map(move |(row, cells)| Record { tables: self, table, cells, place, row })
    }

    pub(super) fn record_of(self, table: &'d Table, place: u32, row: usize) -> Option<Record<'d>> {
        let cells = table.rows.get(row)?;
        Some(Record { tables: self, table, cells, place, row })
    }
}

/// A record of a table.
#[derive(Clone, Copy, Debug)]
pub struct Record<'t> {
    tables: Tables<'t>,
    table: &'t Table,
    cells: &'t [Cell],
    /// Which of the tables, and which of its rows, it is.
    place: u32,
    row: usize,
}

impl<'t> Record<'t> {
    /// Its number in its table, from 0.
    pub fn number(&self) -> usize {
        self.row
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
    pub fn texts(&self) -> impl Iterator<Item = (&'t str, Cow<'t, str>)> {
        let (cells, fields) = (*self, self.table.schema.fields());
        fields.iter().enumerate().map(move |(slot, field)| {
            (&*field.name, cells.cell(slot).into_text().unwrap_or_default())
        })
    }

    #[inline]
    pub(super) fn cell(&self, slot: usize) -> ValueRef<'t> {
        self.cells.get(slot).map_or(ValueRef::Empty, Cell::value)
    }

    /// The record that the reference in a slot leads to.
    fn follow(&self, slot: usize) -> Option<Self> {
        match self.tables.0 {
            Source::Many(database) => {
                let (place, table, row) = database.follow(self.place, slot, self.row)?;
                self.tables.record_of(table, place, row)
            }
            Source::One(table) => {
                let field = self.table.schema.fields().get(slot)?;
                let leads_here = field.reference.as_deref() == Some(table.schema().table());
                let row = leads_here.then(|| table.number(&self.cell(slot).text()?))??;
                self.tables.record_of(table, self.place, row)
            }
        }
    }

    /// The record that the references of a path lead to.
    #[inline]
    fn at(&self, path: &FieldPath) -> Option<Self> {
        path.references().try_fold(*self, |record, slot| record.follow(slot))
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
        self.at(path).map_or(ValueRef::Empty, |record| record.cell(path.target_slot()))
    }

    /// For a reference the display value of the record it leads to, if that is loaded.
    fn display(&self, path: &FieldPath) -> ValueRef<'_> {
        let Some(record) = self.at(path) else { return ValueRef::Empty };
        let target = record.follow(path.target_slot());
        let shown = target.and_then(|target| target.display_value());
        shown.unwrap_or_else(|| record.cell(path.target_slot()))
    }
}
