//! The file of a directory: the records in a B-tree of redb, and how they are written.

use std::io;
use std::sync::Arc;

use redb::{
    Database, Durability, Error, ReadableDatabase, ReadableTable, StorageBackend, TableDefinition,
    TableHandle, WriteTransaction,
};

use super::Change;
use super::rows::{Before, Records, Rows, places_name, records_name};
use crate::table::Table;

/// Version of what the tables of the file hold, which its name gives too.
pub(super) const FORMAT: u64 = 1;

/// Bytes of the file that are kept in memory: it is read once, and then written only.
const CACHE: usize = 32 * 1024 * 1024;

/// Bytes of the file's first page, and of what redb writes into it last when it makes a file.
const FIRST_PAGE: usize = 4096;
const MARK: usize = 9;

/// The format, and the generation that counts.
const META: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");
const FORMAT_KEY: &str = "format";
const GENERATION_KEY: &str = "generation";

/// The open file. A generation is two tables of the file, for records and for places; a change of
/// everything begins a further one, so that it need not touch the one before.
#[derive(Debug)]
pub(super) struct Store {
    storage: Storage,
    /// `None` after an error: redb refuses all work from then on until it is opened again.
    database: Option<Database>,
    /// What makes changes that failed not to have happened: their commit may have reached the disk
    /// before it failed.
    undo: Option<Undo>,
    generation: u64,
    has_old_generations: bool,
    is_new: bool,
}

#[derive(Debug)]
enum Undo {
    /// The records are these, the last change first to undo.
    Rows(Vec<Before>),
    /// The generation that counts is this one.
    Generation(u64),
    /// The file holds nothing.
    All,
}

/// Storage that outlives the databases opened on it, with whoever has locked it.
#[derive(Clone, Debug)]
struct Storage(Arc<dyn StorageBackend>);

impl StorageBackend for Storage {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.write(offset, data)
    }
}

/// Why a file cannot be used.
#[derive(Debug)]
pub(super) enum Unusable {
    /// It holds something else.
    Foreign,
    /// It has another format.
    Format(u64),
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Unusable {
    fn from(error: E) -> Self {
        let error = error.into();
        // What redb says of a file without its mark.
        let has_no_mark =
            matches!(&error, Error::Io(error) if error.kind() == io::ErrorKind::InvalidData);
        let is_foreign = has_no_mark
            || matches!(
                error,
                Error::UpgradeRequired(_)
                    | Error::TableTypeMismatch { .. }
                    | Error::TableIsMultimap(_)
            );
        if is_foreign { Self::Foreign } else { Self::Failed(error) }
    }
}

impl Store {
    pub(super) fn open(storage: impl StorageBackend) -> Result<Self, Unusable> {
        let storage = Storage(Arc::new(storage));
        if is_unfinished(&storage)? {
            storage.set_len(0)?;
        }
        let database = opened(&storage)?;
        let facts = Facts::of(&database)?;
        Ok(Self {
            storage,
            database: Some(database),
            undo: None,
            generation: facts.generation,
            has_old_generations: facts.has_old_generations,
            is_new: facts.is_new,
        })
    }

    /// Whether nothing was ever kept.
    pub(super) fn is_new(&self) -> bool {
        self.is_new
    }

    /// Hands over all records: table, and filled fields. Those of a table follow one another, in the
    /// order in which they were put first.
    pub(super) fn read<E>(
        &mut self,
        mut take: impl FnMut(&str, &[(&str, &str)]) -> Result<(), E>,
    ) -> Result<Result<(), E>, Error> {
        let database = self.database()?;
        let reading = database.begin_read();
        self.database = Some(database);
        let reading = reading?;
        let name = records_name(self.generation);
        let records = match reading.open_table(Records::new(&name)) {
            Err(redb::TableError::TableDoesNotExist(_)) => return Ok(Ok(())),
            opened => opened?,
        };
        for record in records.iter()? {
            let (key, fields) = record?;
            if let Err(error) = take(key.value().0, &fields.value()) {
                return Ok(Err(error));
            }
        }
        Ok(Ok(()))
    }

    /// Keeps the changes: all or none.
    pub(super) fn commit(&mut self, changes: &[Change<'_>]) -> Result<(), Error> {
        // What comes before a change of everything changes nothing.
        let last = changes.iter().rposition(|change| matches!(change, Change::Replace(_)));
        let rest = changes.get(last.map_or(0, |last| last + 1)..).unwrap_or_default();
        let tables = match last.and_then(|last| changes.get(last)) {
            Some(Change::Replace(database)) => Some(database.tables()),
            _ => None,
        };
        self.keep(tables, rest)
    }

    /// Keeps these tables' records instead of all others, if there are any given, then the changes.
    pub(super) fn keep(
        &mut self,
        tables: Option<&[Table]>,
        changes: &[Change<'_>],
    ) -> Result<(), Error> {
        let database = self.database()?;
        let generation = self.generation + u64::from(tables.is_some());
        // Set aside before anything is done: whatever ends the writing, a panic too, this is what
        // there is to do then.
        self.undo = Some(match tables {
            _ if self.is_new => Undo::All,
            Some(_) => Undo::Generation(self.generation),
            None => Undo::Rows(Vec::new()),
        });
        let written = self.write(&database, generation, tables, changes);
        if written.is_ok() {
            self.has_old_generations = generation != self.generation;
            self.generation = generation;
            (self.is_new, self.undo, self.database) = (false, None, Some(database));
        } else {
            drop(database);
            // So that the failed changes are gone soon; if this fails too, the next commit does it.
            self.database = self.database().ok();
        }
        written
    }

    /// The database, which is put back if all goes well; opened anew if it was not.
    fn database(&mut self) -> Result<Database, Error> {
        let database = match self.database.take() {
            Some(database) => database,
            None => opened(&self.storage)?,
        };
        if let Some(undo) = &self.undo {
            undone(&database, self.generation, undo)?;
            self.undo = None;
        }
        Ok(database)
    }

    fn write(
        &mut self,
        database: &Database,
        generation: u64,
        tables: Option<&[Table]>,
        changes: &[Change<'_>],
    ) -> Result<(), Error> {
        let writing = begin(database)?;
        if self.has_old_generations {
            drop_tables(&writing, |name| is_current(name, self.generation))?;
        }
        if self.is_new || generation != self.generation {
            let mut meta = writing.open_table(META)?;
            meta.insert(FORMAT_KEY, FORMAT)?;
            meta.insert(GENERATION_KEY, generation)?;
        }
        let mut rows = Rows::open(&writing, generation)?;
        for table in tables.unwrap_or_default() {
            rows.append(table)?;
        }
        for change in changes {
            let before = rows.change(change)?;
            if let (Some(Undo::Rows(rows)), Some(before)) = (&mut self.undo, before) {
                rows.push(before);
            }
        }
        drop(rows);
        Ok(writing.commit()?)
    }
}

/// What a file says of itself.
struct Facts {
    generation: u64,
    has_old_generations: bool,
    is_new: bool,
}

impl Facts {
    fn of(database: &Database) -> Result<Self, Unusable> {
        let reading = database.begin_read()?;
        let names: Vec<_> = reading.list_tables()?.map(|table| table.name().to_owned()).collect();
        if names.is_empty() {
            return Ok(Self { generation: 0, has_old_generations: false, is_new: true });
        }
        if !names.iter().any(|name| name == META.name()) {
            return Err(Unusable::Foreign);
        }
        let meta = reading.open_table(META)?;
        match meta.get(FORMAT_KEY)?.map(|format| format.value()) {
            Some(FORMAT) => (),
            Some(other) => return Err(Unusable::Format(other)),
            None => return Err(Unusable::Foreign),
        }
        let generation = meta.get(GENERATION_KEY)?.map_or(0, |generation| generation.value());
        let has_old_generations = names.iter().any(|name| !is_current(name, generation));
        Ok(Self { generation, has_old_generations, is_new: false })
    }
}

fn opened(storage: &Storage) -> Result<Database, redb::DatabaseError> {
    let mut builder = Database::builder();
    // Everything is read once anyway, and damage must not look like records.
    builder.set_cache_size(CACHE).set_check_integrity_on_open(true);
    builder.create_with_backend(storage.clone())
}

/// Whether the making of the file was cut short: its mark is written last, and nothing follows the
/// first page until then.
fn is_unfinished(storage: &Storage) -> io::Result<bool> {
    let length = storage.len()?;
    let mut page = [0; FIRST_PAGE];
    let mut at = 0;
    while at < length {
        let some = usize::try_from(length - at).unwrap_or(FIRST_PAGE).min(FIRST_PAGE);
        let page = page.get_mut(..some).unwrap_or_default();
        storage.read(at, page)?;
        let blank = if at == 0 { page.len().min(MARK) } else { page.len() };
        if page.iter().take(blank).any(|byte| *byte != 0) {
            return Ok(false);
        }
        at += some as u64;
    }
    Ok(length > 0)
}

fn begin(database: &Database) -> Result<WriteTransaction, Error> {
    let mut writing = database.begin_write()?;
    writing.set_durability(Durability::Immediate)?;
    Ok(writing)
}

/// Makes changes not to have happened, whether they did or not.
fn undone(database: &Database, generation: u64, undo: &Undo) -> Result<(), Error> {
    let writing = begin(database)?;
    match undo {
        Undo::Rows(all) => {
            let mut rows = Rows::open(&writing, generation)?;
            for before in all.iter().rev() {
                rows.restore(before)?;
            }
        }
        Undo::Generation(generation) => {
            writing.open_table(META)?.insert(GENERATION_KEY, generation)?;
            drop_tables(&writing, |name| is_current(name, *generation))?;
        }
        Undo::All => drop_tables(&writing, |_| false)?,
    }
    Ok(writing.commit()?)
}

/// Whether a table of the file is none of another generation.
fn is_current(name: &str, generation: u64) -> bool {
    name == META.name() || name == records_name(generation) || name == places_name(generation)
}

fn drop_tables(writing: &WriteTransaction, is_kept: impl Fn(&str) -> bool) -> Result<(), Error> {
    let tables: Vec<_> = writing.list_tables()?.collect();
    for table in tables.into_iter().filter(|table| !is_kept(table.name())) {
        writing.delete_table(table)?;
    }
    Ok(())
}
