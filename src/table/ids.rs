//! The rows of records by sys_id; case never tells ids apart.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use super::column::{Column, Ids, Store};
use crate::value::Case;

/// A sys_id as records are found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Id<'i> {
    /// 32 hexadecimal digits.
    Digits(u128),
    /// Any other, folded.
    Text(Cow<'i, str>),
}

impl<'i> Id<'i> {
    pub(super) fn of(text: &'i str) -> Self {
        if let Some(digits) = Ids::read(text) {
            return Self::Digits(digits);
        }
        let folded = Case::Ignore.fold(text);
        Ids::read(&folded).map_or(Self::Text(folded), Self::Digits)
    }
}

/// Where each id stands in the column of ids.
#[derive(Clone, Debug, Default)]
pub(super) struct IdIndex {
    rows: HashTable<u32>,
    hasher: RandomState,
}

impl IdIndex {
    pub(super) fn find(&self, id: &Id<'_>, column: Option<&Column>) -> Option<usize> {
        let column = column?;
        let is_wanted = |row: &u32| is_at(column, *row, id);
        self.rows.find(self.hasher.hash_one(id), is_wanted).map(|row| *row as usize)
    }

    /// Takes up the row of an id that is not there yet.
    pub(super) fn insert(&mut self, id: &Id<'_>, row: usize, column: Option<&Column>) {
        let hasher = &self.hasher;
        let hash_of = |row: &u32| {
            let row = *row as usize;
            if let Some(Store::Ids(typed)) = column.map(Column::store)
                && typed.filled.has(row)
            {
                return hasher.hash_one(Id::Digits(typed.form.at(row)));
            }
            let value = column.map(|column| column.value(row)).unwrap_or_default();
            hasher.hash_one(Id::of(&value.into_text().unwrap_or_default()))
        };
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        self.rows.insert_unique(hasher.hash_one(id), row, hash_of);
    }

    pub(super) fn remove(&mut self, id: &Id<'_>, column: &Column) {
        let is_wanted = |row: &u32| is_at(column, *row, id);
        if let Ok(entry) = self.rows.find_entry(self.hasher.hash_one(id), is_wanted) {
            entry.remove();
        }
    }

    pub(super) fn size(&self) -> usize {
        self.rows.allocation_size()
    }
}

fn is_at(column: &Column, row: u32, id: &Id<'_>) -> bool {
    let row = row as usize;
    match (column.store(), id) {
        (Store::Ids(typed), Id::Digits(digits)) if typed.filled.has(row) => {
            typed.form.at(row) == *digits
        }
        _ => column.value(row).text().is_some_and(|text| Id::of(&text) == *id),
    }
}
