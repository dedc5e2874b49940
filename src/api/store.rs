//! The records, read side by side and changed one after another.

use std::borrow::Cow;
use std::sync::{
    Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
    TryLockError, TryLockResult,
};

use super::failure::Failure;
use super::plans::Plans;
use super::written::Written;
use crate::journal::{Change, Journal};
use crate::schema::{Catalog, SYS_ID};
use crate::table::{Checked, Database, Record, Table, Tables};

/// How often a lock is tried before a thread sleeps for it.
const SPINS: usize = 1000;

/// Fields and their texts.
pub(super) type Fields = Vec<(Cow<'static, str>, Cow<'static, str>)>;

/// Texts by the slots of a table, each once.
pub(super) type Values = Vec<(usize, Cow<'static, str>)>;

/// A change of one record.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Write {
    Insert { table: String, values: Values },
    Update { table: String, sys_id: String, fields: Fields },
    Remove { table: String, sys_id: String },
}

impl Write {
    /// The table of the record.
    fn table(&self) -> &str {
        let (Self::Insert { table, .. } | Self::Update { table, .. } | Self::Remove { table, .. }) =
            self;
        table
    }
}

/// The tables, how contacts of them were written, and how queries over them are answered.
#[derive(Debug)]
pub(super) struct Records {
    database: Database,
    /// That of the database, for those who do not want to hold the lock.
    catalog: Arc<Catalog>,
    contacts: Written,
    plans: Plans,
}

impl From<Database> for Records {
    fn from(database: Database) -> Self {
        let catalog = Arc::new(database.catalog().clone());
        Self { database, catalog, contacts: Written::new(), plans: Plans::new() }
    }
}

/// The tables. Readers never wait for the journal: a change is kept first and then made in one step.
#[derive(Debug)]
pub(super) struct Store {
    records: RwLock<Records>,
    /// Held by the one who changes.
    writer: Mutex<()>,
    journal: Option<Box<dyn Journal>>,
    /// As it was before the first change.
    first: OnceLock<Database>,
}

impl Store {
    pub(super) fn new(database: Database, journal: Option<Box<dyn Journal>>) -> Self {
        let (writer, first) = (Mutex::default(), OnceLock::new());
        Self { records: RwLock::new(database.into()), writer, journal, first }
    }

    /// The records as they are.
    pub(super) fn read(&self) -> RwLockReadGuard<'_, Records> {
        spun(|| self.records.try_read())
            .unwrap_or_else(|| self.records.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write(&self) -> RwLockWriteGuard<'_, Records> {
        spun(|| self.records.try_write())
            .unwrap_or_else(|| self.records.write().unwrap_or_else(PoisonError::into_inner))
    }

    fn lock(&self) -> MutexGuard<'_, ()> {
        spun(|| self.writer.try_lock())
            .unwrap_or_else(|| self.writer.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Makes the changes that `decide` finds right for the records as they are: all or none.
    pub(super) fn change<T>(
        &self,
        decide: impl FnOnce(&Records) -> Result<(Vec<Write>, T), Failure>,
    ) -> Result<T, Failure> {
        let _writer = self.lock();
        let records = self.read();
        let database = records.database();
        let (writes, answer) = decide(&records)?;
        if writes.is_empty() {
            return Ok(answer);
        }
        let changes = check(database, &writes)?;
        self.keep(database, &writes)?;
        self.first.get_or_init(|| database.clone());
        drop(records);
        self.write().make(&changes);
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
        let mut database = self.read().database().clone();
        for field in records.schema().fields() {
            let add = database.update(name, |table| table.add_field(field.clone()));
            add.map_err(|error| {
                super::failure::malformed("Records cannot be added", error.to_string())
            })?;
        }
        let schema = table(&database, name)?.schema();
        let insert = |record: Record<'_>| {
            let values = texts(record.texts()).into_iter();
            let values = values.filter_map(|(name, text)| Some((schema.slot(&name)?, text)));
            Write::Insert { table: name.to_owned(), values: values.collect() }
        };
        let writes: Vec<Write> = records.records().map(insert).collect();
        let changes = check(&database, &writes)?;
        self.keep(&database, &writes)?;
        self.first.get_or_init(|| self.read().database().clone());
        let mut records = Records::from(database);
        records.make(&changes);
        *self.write() = records;
        Ok(())
    }

    /// Makes the records those there were before the first change.
    pub(super) fn reset(&self) -> Result<(), Failure> {
        let _writer = self.lock();
        let Some(first) = self.first.get() else { return Ok(()) };
        if let Some(journal) = &self.journal {
            journal.commit(&[Change::Replace(first)]).map_err(Failure::Journal)?;
        }
        *self.write() = first.clone().into();
        Ok(())
    }
}

impl Records {
    /// The tables.
    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    /// The schemas of the tables.
    pub(super) fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// How contacts were written, all of their fields that may be shown.
    pub(super) fn contacts(&self) -> &Written {
        &self.contacts
    }

    /// Plans of queries over the tables.
    pub(super) fn plans(&self) -> &Plans {
        &self.plans
    }

    /// Makes changes that were checked and kept.
    fn make(&mut self, changes: &[(&str, Checked<'_>)]) {
        for (name, change) in changes {
            if let Checked::Changed(sys_id, _) | Checked::Gone(sys_id) = change
                && let Some(record) = record(&self.database, name, sys_id)
            {
                self.contacts.forget(record);
            }
            let moved = self.database.change(name, |table| {
                let before = table.rows();
                table.make(change);
                table.rows() < before
            });
            if moved == Some(true) {
                self.contacts = Written::new();
            }
        }
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

/// The changes with the names of their tables, if each of them can be made.
fn check<'w>(
    database: &Database,
    writes: &'w [Write],
) -> Result<Vec<(&'w str, Checked<'w>)>, Failure> {
    let check = |write: &'w Write| {
        let table = table(database, write.table())?;
        let checked = match write {
            Write::Insert { values, .. } => table.check_new(values),
            Write::Update { sys_id, fields, .. } => table.check_update(sys_id, borrowed(fields)),
            Write::Remove { sys_id, .. } => {
                return table.check_removal(sys_id).map_err(|_| Failure::NoRecord);
            }
        };
        checked.map_err(Failure::Record)
    };
    writes.iter().map(|write| Ok((write.table(), check(write)?))).collect()
}

/// All filled fields of the record as it will be; none if it goes.
fn filled(database: &Database, write: &Write) -> Fields {
    let (table, sys_id, changed) = match write {
        Write::Insert { table, values } => {
            let fields = database.table(table).map_or(&[][..], |table| table.schema().fields());
            let named = |(slot, text): &(usize, Cow<'static, str>)| {
                Some((fields.get(*slot)?.name.clone(), text.clone()))
            };
            return values.iter().filter_map(named).collect();
        }
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
    filled.map(|(name, text)| (name.to_owned().into(), text.into_owned().into())).collect()
}

fn borrowed(fields: &Fields) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
    fields.iter().map(|(name, text)| (&**name, Cow::Borrowed(&**text)))
}

/// A lock that is soon free, without going to sleep for it: most are held for less time than that takes.
fn spun<G>(mut lock: impl FnMut() -> TryLockResult<G>) -> Option<G> {
    for _ in 0..SPINS {
        match lock() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(guard)) => return Some(guard.into_inner()),
            Err(TryLockError::WouldBlock) => std::hint::spin_loop(),
        }
    }
    None
}
