//! The records, read side by side and changed one after another.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{
    Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
    TryLockError, TryLockResult,
};

use super::change::{New, Outcome, Write};
use super::failure::Failure;
use super::plans::Plans;
use super::written::Written;
use crate::journal::{Change, Journal};
use crate::schema::Catalog;
use crate::table::{Checked, Database, Packed, Record, Table, Tables};

/// New records that wait at most. Our choice: more gain little, and the one who adds them waits for all.
const MOST_WAITING: usize = 64;

/// How often a lock is tried before a thread sleeps for it.
const SPINS: usize = 1000;

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
    /// Held by the one who changes, from the look at the records until the change is made. Without a
    /// journal new records wait here until someone reads or changes something, or many wait: columns take
    /// many at once for less than one after another from changing threads.
    writer: Mutex<Vec<New>>,
    /// Whether any may wait, for those who would lock only to find none.
    is_waiting: AtomicBool,
    journal: Option<Box<dyn Journal>>,
    /// As it was before the first change.
    first: OnceLock<Database>,
}

impl Store {
    pub(super) fn new(database: Database, journal: Option<Box<dyn Journal>>) -> Self {
        let (writer, is_waiting) = (Mutex::default(), AtomicBool::new(false));
        let records = RwLock::new(database.into());
        Self { records, writer, is_waiting, journal, first: OnceLock::new() }
    }

    /// The records as they are.
    pub(super) fn read(&self) -> RwLockReadGuard<'_, Records> {
        let mut tries = 0;
        // Whoever holds the lock may have added them already, and go on with it for long.
        while self.is_waiting.load(Ordering::Acquire) {
            if let Some(mut waiting) = tried(self.writer.try_lock()) {
                self.settle(&mut waiting);
            } else if tries == SPINS {
                self.settle(&mut lock(&self.writer));
            } else {
                std::hint::spin_loop();
            }
            tries += 1;
        }
        self.without_waiting()
    }

    /// The records without new ones that wait.
    pub(super) fn without_waiting(&self) -> RwLockReadGuard<'_, Records> {
        spun(|| self.records.try_read())
            .unwrap_or_else(|| self.records.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds the new records that wait.
    fn settle(&self, waiting: &mut Vec<New>) {
        let new = std::mem::take(waiting);
        if !new.is_empty() {
            let changes: Vec<_> = new.iter().map(New::checked).collect();
            self.write().make(&changes);
        }
        // Only now, so that nobody overlooks one that is on its way.
        self.is_waiting.store(false, Ordering::Release);
    }

    fn write(&self) -> RwLockWriteGuard<'_, Records> {
        spun(|| self.records.try_write())
            .unwrap_or_else(|| self.records.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds new records with sys_ids that were drawn, their slots those of that catalog: all or none. Says
    /// whether it did: not if the catalog is another by now, or a sys_id taken.
    pub(super) fn insert(&self, catalog: &Arc<Catalog>, new: Vec<New>) -> Result<bool, Failure> {
        let mut waiting = lock(&self.writer);
        let records = self.without_waiting();
        let database = records.database();
        // Those that wait have other sys_ids: what is drawn differs.
        let is_taken = |new: &New| record(database, &new.table, new.sys_id(database)).is_some();
        if !Arc::ptr_eq(records.catalog(), catalog) || new.iter().any(is_taken) {
            return Ok(false);
        }
        new.iter().try_for_each(|new| new.check(database).map(drop))?;
        self.keep(new.iter().map(|new| new.outcome(database)))?;
        self.first.get_or_init(|| database.clone());
        drop(records);
        waiting.extend(new);
        // With a journal this lock is held while the disk writes, and no reader is to wait for it.
        if self.journal.is_some() || waiting.len() >= MOST_WAITING {
            self.settle(&mut waiting);
        } else {
            self.is_waiting.store(true, Ordering::Release);
        }
        Ok(true)
    }

    /// Makes the changes that `decide` finds right for the records as they are, all or none, and gives what
    /// `show` sees of them before anyone else changes something.
    pub(super) fn change<T, S>(
        &self,
        decide: impl FnOnce(&Records) -> Result<(Vec<Write>, T), Failure>,
        show: impl FnOnce(&Records, T) -> S,
    ) -> Result<S, Failure> {
        let mut waiting = lock(&self.writer);
        self.settle(&mut waiting);
        let records = self.without_waiting();
        let database = records.database();
        let (writes, decided) = decide(&records)?;
        if writes.is_empty() {
            return Ok(show(&records, decided));
        }
        let changes: Vec<_> =
            writes.iter().map(|write| write.check(database)).collect::<Result<_, _>>()?;
        self.keep(writes.iter().map(|write| write.outcome(database)))?;
        self.first.get_or_init(|| database.clone());
        drop(records);
        self.write().make(&changes);
        Ok(show(&self.without_waiting(), decided))
    }

    /// Tells the journal what becomes of records.
    fn keep<'w>(&self, outcomes: impl Iterator<Item = Outcome<'w>>) -> Result<(), Failure> {
        let Some(journal) = &self.journal else { return Ok(()) };
        let outcomes: Vec<Outcome<'_>> = outcomes.collect();
        let fields: Vec<_> = outcomes.iter().map(Outcome::fields).collect();
        let pairs = outcomes.iter().zip(&fields);
        let changes: Vec<Change<'_>> =
            pairs.map(|(outcome, fields)| outcome.change(fields)).collect();
        journal.commit(&changes).map_err(Failure::Journal)
    }

    /// Adds the records of a table to those of the table of its name, with the columns they bring.
    pub(super) fn add(&self, records: &Table) -> Result<(), Failure> {
        let mut waiting = lock(&self.writer);
        self.settle(&mut waiting);
        let name = records.schema().table();
        let mut database = self.without_waiting().database().clone();
        for field in records.schema().fields() {
            let add = database.update(name, |table| table.add_field(field.clone()));
            add.map_err(|error| {
                super::failure::malformed("Records cannot be added", error.to_string())
            })?;
        }
        let schema = table(&database, name)?.schema();
        let insert = |record: Record<'_>| {
            let mut values = Packed::default();
            for (name, text) in record.texts().filter(|(_, text)| !text.is_empty()) {
                if let Some(slot) = schema.slot(name) {
                    values.push(slot, &text);
                }
            }
            New { table: name.to_owned(), values }
        };
        let new: Vec<New> = records.records().map(insert).collect();
        let changes: Vec<_> =
            new.iter().map(|new| new.check(&database)).collect::<Result<_, _>>()?;
        self.keep(new.iter().map(|new| new.outcome(&database)))?;
        self.first.get_or_init(|| self.without_waiting().database().clone());
        let mut records = Records::from(database);
        records.make(&changes);
        *self.write() = records;
        Ok(())
    }

    /// Makes the records those there were before the first change.
    pub(super) fn reset(&self) -> Result<(), Failure> {
        let mut waiting = lock(&self.writer);
        self.settle(&mut waiting);
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    spun(|| mutex.try_lock())
        .unwrap_or_else(|| mutex.lock().unwrap_or_else(PoisonError::into_inner))
}

/// A lock that is soon free, without going to sleep for it: most are held for less time than that takes.
fn spun<G>(mut lock: impl FnMut() -> TryLockResult<G>) -> Option<G> {
    for _ in 0..SPINS {
        let guard = tried(lock());
        if guard.is_some() {
            return guard;
        }
        std::hint::spin_loop();
    }
    None
}

/// A lock that was free, poisoned or not.
fn tried<G>(lock: TryLockResult<G>) -> Option<G> {
    match lock {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(guard)) => Some(guard.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}
