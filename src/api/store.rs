//! The records, read side by side and changed one after another.

use std::borrow::Cow;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard};

use super::failure::Failure;
use crate::journal::{Change, Journal};
use crate::schema::SYS_ID;
use crate::table::{Database, Record, Table, Tables};

/// Fields and their texts.
pub(super) type Fields = Vec<(String, String)>;

/// A change of one record.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Write {
    Insert { table: String, fields: Fields },
    Update { table: String, sys_id: String, fields: Fields },
    Remove { table: String, sys_id: String },
}

/// The tables. Readers never wait for the journal: a change is kept first and then made in one step.
#[derive(Debug)]
pub(super) struct Store {
    database: RwLock<Database>,
    /// Held by the one who changes.
    writer: Mutex<()>,
    journal: Option<Box<dyn Journal>>,
    /// As it was before the first change.
    first: OnceLock<Database>,
}

impl Store {
    pub(super) fn new(database: Database, journal: Option<Box<dyn Journal>>) -> Self {
        let (writer, first) = (Mutex::default(), OnceLock::new());
        Self { database: RwLock::new(database), writer, journal, first }
    }

    /// The records as they are.
    pub(super) fn read(&self) -> RwLockReadGuard<'_, Database> {
        self.database.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, ()> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the changes that `decide` finds right for the records as they are: all or none.
    pub(super) fn change<T>(
        &self,
        decide: impl FnOnce(&Database) -> Result<(Vec<Write>, T), Failure>,
    ) -> Result<T, Failure> {
        let _writer = self.lock();
        let (writes, answer) = {
            let database = self.read();
            let (writes, answer) = decide(&database)?;
            check(&database, &writes)?;
            self.keep(&database, &writes)?;
            self.first.get_or_init(|| database.clone());
            (writes, answer)
        };
        make(&mut self.database.write().unwrap_or_else(PoisonError::into_inner), &writes);
        Ok(answer)
    }

    /// Hands the changes to the journal.
    fn keep(&self, database: &Database, writes: &[Write]) -> Result<(), Failure> {
        let Some(journal) = &self.journal else { return Ok(()) };
        let whole: Vec<Fields> = writes.iter().map(|write| filled(database, write)).collect();
        let whole: Vec<Vec<(&str, &str)>> = whole
            .iter()
            .map(|fields| fields.iter().map(|(name, text)| (&**name, &**text)).collect())
            .collect();
        let pairs = writes.iter().zip(&whole);
        let changes: Vec<Change<'_>> = pairs.map(|(write, fields)| change(write, fields)).collect();
        journal.commit(&changes).map_err(Failure::Journal)
    }

    /// Adds the records of a table to those of the table of its name, with the columns they bring.
    pub(super) fn add(&self, records: &Table) -> Result<(), Failure> {
        let _writer = self.lock();
        let name = records.schema().table();
        let writes: Vec<Write> = records
            .records()
            .map(|record| Write::Insert { table: name.to_owned(), fields: texts(record.texts()) })
            .collect();
        let mut database = self.read().clone();
        for field in records.schema().fields() {
            let add = database.update(name, |table| table.add_field(field.clone()));
            add.map_err(|error| {
                super::failure::malformed("Records cannot be added", error.to_string())
            })?;
        }
        check(&database, &writes)?;
        self.keep(&database, &writes)?;
        self.first.get_or_init(|| self.read().clone());
        make(&mut database, &writes);
        *self.database.write().unwrap_or_else(PoisonError::into_inner) = database;
        Ok(())
    }

    /// Makes the records those there were before the first change.
    pub(super) fn reset(&self) -> Result<(), Failure> {
        let _writer = self.lock();
        let Some(first) = self.first.get() else { return Ok(()) };
        if let Some(journal) = &self.journal {
            journal.commit(&[Change::Replace(first)]).map_err(Failure::Journal)?;
        }
        *self.database.write().unwrap_or_else(PoisonError::into_inner) = first.clone();
        Ok(())
    }
}

/// The table of that name.
pub(super) fn table<'d>(database: &'d Database, name: &str) -> Result<&'d Table, Failure> {
    database.table(name).ok_or_else(|| Failure::NoTable(name.to_owned()))
}

/// The record of that sys_id among those of a table: its own, and those of tables that extend it.
pub(super) fn record<'d>(database: &'d Database, table: &str, sys_id: &str) -> Option<Record<'d>> {
    let tables = Tables::from(database);
    let in_table =
        |(place, table): (u32, &'d Table)| tables.record_of(table, place, table.number(sys_id)?);
    tables.holding(table).into_iter().find_map(in_table)
}

/// Makes changes that were checked before they were kept.
fn make(database: &mut Database, writes: &[Write]) {
    for write in writes {
        let made = match write {
            Write::Insert { table, fields } => {
                database.change(table, |table| table.push(borrowed(fields)))
            }
            Write::Update { table, sys_id, fields } => {
                database.change(table, |table| table.update(sys_id, borrowed(fields)))
            }
            Write::Remove { table, sys_id } => database.change(table, |table| table.remove(sys_id)),
        };
        debug_assert_eq!(made, Some(Ok(())));
    }
}

/// Whether each of the changes can be made.
fn check(database: &Database, writes: &[Write]) -> Result<(), Failure> {
    for write in writes {
        let (Write::Insert { table: name, .. }
        | Write::Update { table: name, .. }
        | Write::Remove { table: name, .. }) = write;
        let table = table(database, name)?;
        match write {
            Write::Insert { fields, .. } => {
                table.check_new(borrowed(fields)).map_err(Failure::Record)?;
            }
            Write::Update { sys_id, fields, .. } => {
                table.check_update(sys_id, borrowed(fields)).map_err(Failure::Record)?;
            }
            Write::Remove { sys_id, .. } => {
                table.record(sys_id).ok_or(Failure::NoRecord)?;
            }
        }
    }
    Ok(())
}

/// All filled fields of the record as it will be; none if it goes.
fn filled(database: &Database, write: &Write) -> Fields {
    let (table, sys_id, changed) = match write {
        Write::Insert { fields, .. } => return fields.clone(),
        Write::Remove { .. } => return Fields::new(),
        Write::Update { table, sys_id, fields } => (table, sys_id, fields),
    };
    let record = database.table(table).and_then(|table| table.record(sys_id));
    let mut all = record.map_or_else(Fields::new, |record| texts(record.texts()));
    all.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
    all.extend(changed.iter().filter(|(_, text)| !text.is_empty()).cloned());
    all
}

fn change<'c>(write: &'c Write, fields: &'c [(&'c str, &'c str)]) -> Change<'c> {
    match write {
        Write::Insert { table, .. } => {
            let id = fields.iter().find(|(name, _)| *name == SYS_ID);
            Change::Put { table, sys_id: id.map_or("", |(_, id)| id), fields }
        }
        Write::Update { table, sys_id, .. } => Change::Put { table, sys_id, fields },
        Write::Remove { table, sys_id } => Change::Remove { table, sys_id },
    }
}

/// The filled fields of a record.
fn texts<'t>(texts: impl Iterator<Item = (&'t str, Cow<'t, str>)>) -> Fields {
    let filled = texts.filter(|(_, text)| !text.is_empty());
    filled.map(|(name, text)| (name.to_owned(), text.into_owned())).collect()
}

fn borrowed(fields: &Fields) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
    fields.iter().map(|(name, text)| (&**name, Cow::Borrowed(&**text)))
}
