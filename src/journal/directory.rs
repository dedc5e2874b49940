//! Records in a directory on disk.

use std::borrow::Cow;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use redb::StorageBackend;
use redb::backends::FileBackend;
use thiserror::Error;

use super::store::{FORMAT, Store, Unusable};
use super::{Change, Journal, JournalError};
use crate::diagnostic::{push_visible, shown};
use crate::schema::{Field, SYS_ID, Schema};
use crate::table::{RecordError, Table};
use crate::value::FieldType;

/// What the name of the file with the records has before and after its format. A file of another format
/// need not even be opened, which would change it.
const FILE: (&str, &str) = ("records-", ".redb");

/// A directory that keeps records, for one process at a time.
///
/// ```
/// use encoded_query::Table;
/// use encoded_query::journal::{Change, Directory, Journal};
///
/// # let path = std::env::temp_dir().join(format!("encq-doc-{}", std::process::id()));
/// let directory = Directory::open(&path)?;
/// let tables = directory.load(vec![Table::demo_contacts()])?;
/// assert_eq!(tables[0].len(), 200);
/// let fields = [("sys_id", "a1"), ("name", "Ada")];
/// directory.commit(&[Change::Put { table: "customer_contact", sys_id: "a1", fields: &fields }])?;
/// drop(directory);
///
/// let directory = Directory::open(&path)?;
/// let tables = directory.load(vec![Table::demo_contacts()])?;
/// assert_eq!(tables[0].len(), 201);
/// # std::fs::remove_dir_all(path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The room of old values in its file is used again; a replacement of all records needs room for both until
/// the next commit.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    store: Mutex<Store>,
}

/// Why a directory cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Another process, or another [`Directory`] of this one, has it open.
    #[error("`{}` is in use by another process", path(.0))]
    InUse(PathBuf),
    /// Its file was not made by this program. It is left as it is.
    #[error("`{}` holds something else than records of encq", path(.0))]
    Foreign(PathBuf),
    /// Its file has the format of another version of this program. It is left as it is.
    #[error("`{}` has format {format}; this version of encq reads format {FORMAT}", path(file))]
    Format {
        /// The file.
        file: PathBuf,
        /// Its format.
        format: u64,
    },
    /// Its file is not as it was written.
    #[error("`{}` is damaged: {why}", path(file))]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What is wrong, in the words of the store.
        why: String,
    },
    /// Making, reading or writing the directory or its file failed.
    #[error("`{}`: {why}", path(at))]
    Io {
        /// The directory or the file.
        at: PathBuf,
        /// What failed, in the words of the system.
        why: String,
    },
    /// A kept record cannot be one of its table.
    #[error("`{}`: record {number} of `{}`: {why}", path(file), shown(table))]
    Record {
        /// The file.
        file: PathBuf,
        /// The table.
        table: String,
        /// Number of the record in that table, from 1.
        number: usize,
        /// Why it cannot.
        why: RecordError,
    },
    /// The first content of a new directory cannot be kept.
    #[error("`{}`: {why}", path(file))]
    NotKept {
        /// The file.
        file: PathBuf,
        /// Why it cannot.
        why: JournalError,
    },
}

/// The file with the records.
fn file_in(path: &Path) -> PathBuf {
    path.join(format!("{}{FORMAT}{}", FILE.0, FILE.1))
}

/// The whole path, as it may be shown.
fn path(path: &Path) -> String {
    let mut shown = String::new();
    path.to_string_lossy().chars().for_each(|c| push_visible(&mut shown, c));
    shown
}

impl Directory {
    /// Opens a directory; makes it if there is none. It is locked until the value is dropped.
    ///
    /// # Errors
    /// If another process has it open; if its file is another program's, of another version or
    /// damaged; if the directory or its file cannot be made, read or written.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref();
        fs::create_dir_all(path).map_err(failed(path))?;
        refuse_other_formats(path)?;
        let file = file_in(path);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let opened = options.open(&file).map_err(failed(&file))?;
        sync(path).map_err(failed(path))?;
        let storage = FileBackend::new(opened).map_err(|why| unusable(path, why.into()))?;
        // The lock is on the open file: it holds while the store opens that anew after an error.
        match storage.try_lock_range(Bound::Unbounded, Bound::Unbounded) {
            Ok(true) => Self::over(path, storage),
            Ok(false) => Err(OpenError::InUse(path.into())),
            Err(why) => Err(unusable(path, why.into())),
        }
    }

    /// One whose file is that storage; for tests of storage that fails.
    #[doc(hidden)]
    pub fn over(path: impl Into<PathBuf>, storage: impl StorageBackend) -> Result<Self, OpenError> {
        let path = path.into();
        let store = Store::open(storage).map_err(|why| unusable(&path, why))?;
        Ok(Self { path, store: Mutex::new(store) })
    }

    /// Whether nothing was ever kept in it.
    pub fn is_new(&self) -> bool {
        self.store().is_new()
    }

    /// The tables with the records that are kept, in the order in which those were put first; those
    /// of a new directory are kept from now on, as they are.
    ///
    /// Fields that a schema lacks are added to it as text; kept tables that are not among the given
    /// follow those, by name, with text fields only (our choice: nothing that is kept is hidden).
    ///
    /// # Errors
    /// If the file cannot be read, or written if it is new; if a record cannot be one of its table.
    pub fn load(&self, tables: Vec<Table>) -> Result<Vec<Table>, OpenError> {
        let mut store = self.store();
        let file = || file_in(&self.path);
        if store.is_new() {
            let kept = store.keep(Some(&tables), &[]);
            let not_kept = |why| OpenError::NotKept { file: file(), why: journal_error(&why) };
            return kept.map(|()| tables).map_err(not_kept);
        }
        let empty = |table: Table| Table::new(table.schema().clone());
        let mut tables: Vec<Table> = tables.into_iter().map(empty).collect();
        let read = store.read(|name, fields| {
            let Some(table) = table_of(&mut tables, name) else { return Ok(()) };
            let number = table.len() + 1;
            let not_taken = |why| {
                let table = name.to_owned();
                OpenError::Record { file: file(), table, number, why }
            };
            add(table, fields).map_err(not_taken)
        });
        read.map_err(|error| unusable(&self.path, Unusable::from(error)))??;
        tables.iter_mut().for_each(Table::shrink_to_fit);
        Ok(tables)
    }

    /// A panic while it was held is to the store as any error.
    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal for Directory {
    fn commit(&self, changes: &[Change<'_>]) -> Result<(), JournalError> {
        self.store().commit(changes).map_err(|error| journal_error(&error))
    }

    fn restore(&self, tables: Vec<Table>) -> Result<Vec<Table>, JournalError> {
        self.load(tables).map_err(|error| JournalError::Restore(error.to_string()))
    }
}

/// The table of that name, which is made if there is none.
fn table_of<'t>(tables: &'t mut Vec<Table>, name: &str) -> Option<&'t mut Table> {
    let known = tables.iter().position(|table| table.schema().table() == name);
    let at = known.unwrap_or(tables.len());
    if known.is_none() {
        tables.push(Table::new(Schema::new(name, [])));
    }
    tables.get_mut(at)
}

/// Adds a record, and the fields it has and the table lacks.
fn add(table: &mut Table, fields: &[(&str, &str)]) -> Result<(), RecordError> {
    let texts = || fields.iter().map(|(name, text)| (*name, Cow::Borrowed(*text)));
    let added = table.push(texts());
    let Err(RecordError::UnknownField(_)) = added else { return added };
    for (name, _) in fields {
        let kind = if *name == SYS_ID { FieldType::SysId } else { FieldType::String };
        table.add_field(Field::new((*name).to_owned(), kind));
    }
    table.push(texts())
}

/// Whether the file of another version of this program is in a directory.
fn refuse_other_formats(path: &Path) -> Result<(), OpenError> {
    for entry in fs::read_dir(path).map_err(failed(path))? {
        let entry = entry.map_err(failed(path))?;
        let name = entry.file_name();
        let format = name.to_str().and_then(|name| name.strip_prefix(FILE.0)?.strip_suffix(FILE.1));
        match format.and_then(|format| format.parse().ok()) {
            None | Some(FORMAT) => (),
            Some(format) => return Err(OpenError::Format { file: entry.path(), format }),
        }
    }
    Ok(())
}

/// Has the system keep the names in a directory, and its own: a kept record is in a file that can be
/// found again.
fn sync(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(path)?.sync_all()?;
        if let Some(parent) = fs::canonicalize(path)?.parent() {
            // Not all of those above need to be readable.
            let _ = File::open(parent).and_then(|parent| parent.sync_all());
        }
    }
    Ok(())
}

fn failed(at: &Path) -> impl Fn(io::Error) -> OpenError {
    move |error| OpenError::Io { at: at.into(), why: error.to_string() }
}

fn unusable(path: &Path, why: Unusable) -> OpenError {
    let file = file_in(path);
    match why {
        Unusable::Foreign => OpenError::Foreign(file),
        Unusable::Format(format) => OpenError::Format { file, format },
        Unusable::Failed(redb::Error::Corrupted(why)) => OpenError::Damaged { file, why },
        Unusable::Failed(redb::Error::DatabaseAlreadyOpen) => OpenError::InUse(path.into()),
        Unusable::Failed(error) => OpenError::Io { at: file, why: words(&error) },
    }
}

fn journal_error(error: &redb::Error) -> JournalError {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    if let redb::Error::Io(error) = error
        && matches!(error.kind(), FileTooLarge | QuotaExceeded | StorageFull)
    {
        return JournalError::Full;
    }
    JournalError::Io(words(error))
}

/// What redb says, without that it was about reading or writing.
fn words(error: &redb::Error) -> String {
    if let redb::Error::Io(error) = error { error.to_string() } else { error.to_string() }
}
