//! The records in the file of a directory: two of its B-trees, for the records and for where they are.

use redb::{Error, ReadableTable, StorageError, TableDefinition, WriteTransaction};

use super::Change;
use crate::schema::SYS_ID;
use crate::table::Table;
use crate::value::Case;

/// The filled fields of a record by its table and its place there.
pub(super) type Records<'n> =
    TableDefinition<'n, (&'static str, u64), Vec<(&'static str, &'static str)>>;

/// The place of a record by its table and its sys_id, folded.
type Places<'n> = TableDefinition<'n, (&'static str, &'static str), u64>;

pub(super) fn records_name(generation: u64) -> String {
    format!("records {generation}")
}

pub(super) fn places_name(generation: u64) -> String {
    format!("places {generation}")
}

/// A record as it was before a change, by table and folded sys_id; without fields if there was none.
#[derive(Debug)]
pub(super) struct Before {
    table: String,
    sys_id: String,
    place: u64,
    fields: Option<Vec<(String, String)>>,
}

/// The records of a generation, being written.
pub(super) struct Rows<'w> {
    records: redb::Table<'w, (&'static str, u64), Vec<(&'static str, &'static str)>>,
    places: redb::Table<'w, (&'static str, &'static str), u64>,
}

impl<'w> Rows<'w> {
    pub(super) fn open(writing: &'w WriteTransaction, generation: u64) -> Result<Self, Error> {
        Ok(Self {
            records: writing.open_table(Records::new(&records_name(generation)))?,
            places: writing.open_table(Places::new(&places_name(generation)))?,
        })
    }

    /// Adds all records of a table that has none there.
    pub(super) fn append(&mut self, table: &Table) -> Result<(), Error> {
        let name = table.schema().table();
        for (place, record) in (0..).zip(table.records()) {
            let texts: Vec<_> = record.texts().filter(|(_, text)| !text.is_empty()).collect();
            let fields: Vec<_> = texts.iter().map(|(name, text)| (*name, &**text)).collect();
            self.records.insert((name, place), &fields)?;
            if let Some(sys_id) = record.text(SYS_ID) {
                self.places.insert((name, &*Case::Ignore.fold(&sys_id)), place)?;
            }
        }
        Ok(())
    }

    /// Changes a record; gives back what it was.
    pub(super) fn change(&mut self, change: &Change<'_>) -> Result<Option<Before>, Error> {
        let (Change::Put { table, sys_id, .. } | Change::Remove { table, sys_id }) = *change else {
            return Ok(None);
        };
        let sys_id = Case::Ignore.fold(sys_id);
        let known = self.places.get((table, &*sys_id))?.map(|place| place.value());
        let place = match (known, change) {
            (Some(place), _) => place,
            (None, Change::Put { .. }) => self.next_place(table)?,
            (None, _) => return Ok(None),
        };
        let old = if let Change::Put { fields, .. } = change {
            self.places.insert((table, &*sys_id), place)?;
            self.records.insert((table, place), &fields.to_vec())?
        } else {
            self.places.remove((table, &*sys_id))?;
            self.records.remove((table, place))?
        };
        let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
        let fields = old.map(|old| old.value().iter().map(owned).collect());
        Ok(Some(Before { table: table.to_owned(), sys_id: sys_id.into_owned(), place, fields }))
    }

    /// Makes a record what it was.
    pub(super) fn restore(&mut self, before: &Before) -> Result<(), StorageError> {
        let Before { table, sys_id, place, fields } = before;
        let (table, sys_id) = (&**table, &**sys_id);
        if let Some(fields) = fields {
            let fields: Vec<_> = fields.iter().map(|(name, text)| (&**name, &**text)).collect();
            self.records.insert((table, *place), &fields)?;
            self.places.insert((table, sys_id), *place)?;
        } else {
            self.records.remove((table, *place))?;
            self.places.remove((table, sys_id))?;
        }
        Ok(())
    }

    /// The place after all others of a table.
    fn next_place(&self, table: &str) -> Result<u64, Error> {
        let last = self.records.range((table, 0)..=(table, u64::MAX))?.next_back().transpose()?;
        Ok(last.map_or(0, |(key, _)| key.value().1 + 1))
    }
}
