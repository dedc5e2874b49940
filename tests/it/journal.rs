//! Records in a directory: what is kept, in which order, and which directories are refused.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use encoded_query::journal::{Change, Directory, Journal, OpenError};
use encoded_query::{Database, Field, FieldType, RecordError, Schema, Table};
use redb::ReadableDatabase as _;

/// An empty folder, gone when this is dropped.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("encq-it-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("records-1.redb")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn contacts() -> Table {
    Table::new(Schema::new(
        "contact",
        [Field::new("sys_id", FieldType::SysId), Field::new("name", FieldType::String)],
    ))
}

pub(crate) fn put<'c>(
    table: &'c str,
    sys_id: &'c str,
    fields: &'c [(&'c str, &'c str)],
) -> Change<'c> {
    Change::Put { table, sys_id, fields }
}

fn keep(directory: &Directory, table: &str, sys_id: &str, name: &str) {
    directory.commit(&[put(table, sys_id, &[("sys_id", sys_id), ("name", name)])]).unwrap();
}

fn remove(directory: &Directory, table: &str, sys_id: &str) {
    directory.commit(&[Change::Remove { table, sys_id }]).unwrap();
}

/// The filled fields of all records of the tables, a record a line.
pub(crate) fn lines(tables: &[Table]) -> Vec<String> {
    let line = |record: encoded_query::Record<'_>| {
        let texts = record.texts().filter(|(_, text)| !text.is_empty());
        let texts: Vec<_> = texts.map(|(name, text)| format!("{name}={text}")).collect();
        format!("{}: {}", record.table().schema().table(), texts.join(" "))
    };
    tables.iter().flat_map(|table| table.records().map(line)).collect()
}

#[track_caller]
fn check(path: &Path, expected: &[&str]) {
    let directory = Directory::open(path).unwrap();
    assert!(!directory.is_new());
    assert_eq!(lines(&directory.load(vec![contacts()]).unwrap()), expected);
}

/// A directory that keeps no records of a table `contact`.
fn begun() -> (Folder, Directory) {
    let folder = Folder::new();
    let directory = Directory::open(&folder.0).unwrap();
    directory.load(vec![contacts()]).unwrap();
    (folder, directory)
}

#[test]
fn the_first_content_is_kept() {
    let folder = Folder::new();
    let path = folder.0.join("not/there/yet");
    let directory = Directory::open(&path).unwrap();
    assert!(directory.is_new());
    let given = lines(&[Table::demo_contacts()]);
    assert_eq!(lines(&directory.load(vec![Table::demo_contacts()]).unwrap()), given);
    assert!(!directory.is_new());
    drop(directory);
    let directory = Directory::open(&path).unwrap();
    assert!(!directory.is_new());
    let other = Table::new(Schema::customer_contact());
    let tables = directory.load(vec![other]).unwrap();
    assert_eq!(lines(&tables), given);
    assert_eq!(tables[0].schema(), &Schema::customer_contact());
}

#[test]
fn a_directory_that_was_only_opened_is_still_new() {
    let folder = Folder::new();
    for _ in 0..3 {
        assert!(Directory::open(&folder.0).unwrap().is_new());
    }
}

#[test]
fn no_records_are_a_content_too() {
    let (folder, directory) = begun();
    drop(directory);
    let directory = Directory::open(&folder.0).unwrap();
    let mut full = contacts();
    full.push([("sys_id", "a".into())]).unwrap();
    assert!(directory.load(vec![full]).unwrap()[0].is_empty());
}

#[test]
fn records_keep_their_order() {
    let (folder, directory) = begun();
    for sys_id in ["c", "a", "b", "d"] {
        keep(&directory, "contact", sys_id, "1");
    }
    keep(&directory, "contact", "a", "2");
    remove(&directory, "contact", "c");
    remove(&directory, "contact", "d");
    keep(&directory, "contact", "d", "3");
    keep(&directory, "contact", "c", "4");
    remove(&directory, "contact", "nobody");
    remove(&directory, "no_table", "a");
    drop(directory);
    let expected = [
        "contact: sys_id=a name=2",
        "contact: sys_id=b name=1",
        "contact: sys_id=d name=3",
        "contact: sys_id=c name=4",
    ];
    check(&folder.0, &expected);
    check(&folder.0, &expected);
}

#[test]
fn case_never_tells_sys_ids_apart() {
    let (folder, directory) = begun();
    for sys_id in ["ABCDEF0123456789abcdef0123456789", "ÄÖ", "B"] {
        keep(&directory, "contact", sys_id, "1");
    }
    keep(&directory, "contact", "abcdef0123456789ABCDEF0123456789", "2");
    keep(&directory, "contact", "äö", "2");
    remove(&directory, "contact", "b");
    drop(directory);
    let expected =
        ["contact: sys_id=abcdef0123456789ABCDEF0123456789 name=2", "contact: sys_id=äö name=2"];
    check(&folder.0, &expected);
}

#[test]
fn tables_have_records_of_their_own() {
    let (folder, directory) = begun();
    let tables = ["contact", "contac", "contacts", "", "z\0"];
    for table in tables {
        keep(&directory, table, "a", table);
        keep(&directory, table, "b", table);
        keep(&directory, table, "a", "new");
    }
    remove(&directory, "contact", "b");
    drop(directory);
    let expected = [
        "contact: sys_id=a name=new",
        ": sys_id=a name=new",
        ": sys_id=b",
        "contac: sys_id=a name=new",
        "contac: sys_id=b name=contac",
        "contacts: sys_id=a name=new",
        "contacts: sys_id=b name=contacts",
        "z\0: sys_id=a name=new",
        "z\0: sys_id=b name=z\0",
    ];
    check(&folder.0, &expected);
}

/// What is kept is not hidden, whatever tables and schemas a server begins with.
#[test]
fn what_no_schema_has_is_added_as_text() {
    let folder = Folder::new();
    let directory = Directory::open(&folder.0).unwrap();
    let mut tables = vec![contacts()];
    tables[0].push([("sys_id", "a".into()), ("name", "Ada".into())]).unwrap();
    tables.push(Table::new(Schema::new("plain", [Field::new("note", FieldType::String)])));
    tables[1].push([("note", "x".into())]).unwrap();
    tables[1].push([]).unwrap();
    directory.load(tables).unwrap();
    let fields = [("u_a", "1"), ("sys_id", "b"), ("u_b", "2")];
    directory.commit(&[put("contact", "b", &fields), put("other", "b", &fields)]).unwrap();
    drop(directory);
    let directory = Directory::open(&folder.0).unwrap();
    let tables = directory.load(vec![contacts()]).unwrap();
    let expected = [
        "contact: sys_id=a name=Ada",
        "contact: sys_id=b u_a=1 u_b=2",
        "other: u_a=1 sys_id=b u_b=2",
        "plain: note=x",
        "plain: ",
    ];
    assert_eq!(lines(&tables), expected);
    let kinds = |table: &Table| {
        let kinds =
            table.schema().fields().iter().map(|field| (field.name.to_string(), field.kind));
        kinds.collect::<Vec<_>>()
    };
    let (text, id) = (FieldType::String, FieldType::SysId);
    let named = |names: &[(&str, FieldType)]| {
        names.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect::<Vec<_>>()
    };
    let all = [("sys_id", id), ("name", text), ("u_a", text), ("u_b", text)];
    assert_eq!(kinds(&tables[0]), named(&all));
    assert_eq!(kinds(&tables[1]), named(&[("u_a", text), ("sys_id", id), ("u_b", text)]));
    assert!(tables[1].record("B").is_some());
}

#[test]
fn any_text_comes_back_as_it_was() {
    let long = "é".repeat(512 * 1024);
    let many: Vec<String> = (0..10_000).map(|number| format!("u_{number}")).collect();
    let mut fields = vec![
        ("sys_id", "a\0\u{fffe}"),
        ("nul", "\0"),
        ("nuls", "a\0\0b\0"),
        ("noncharacter", "\u{fffe}\u{ffff}\u{10ffff}"),
        ("combining", "e\u{301}\u{301}"),
        ("composed", "\u{e9}"),
        ("bidi", "\u{202e}abc"),
        ("lines", "\r\n\t\u{2028}"),
        ("json", "\"}],\\u0000{"),
        ("spaces", "  "),
        ("long", &long),
        ("", "no name"),
        ("na\0me\u{fffe}", "x"),
    ];
    fields.extend(many.iter().map(|name| (&**name, "v")));
    let (folder, directory) = begun();
    directory.commit(&[put("contact", "a\0\u{fffe}", &fields)]).unwrap();
    drop(directory);
    let directory = Directory::open(&folder.0).unwrap();
    let tables = directory.load(vec![contacts()]).unwrap();
    let record = tables[0].record("A\0\u{fffe}").unwrap();
    for (name, text) in &fields {
        assert_eq!(record.text(name).as_deref(), Some(*text), "{name}");
    }
    assert_eq!(record.texts().filter(|(_, text)| !text.is_empty()).count(), fields.len());
}

#[test]
fn a_replacement_leaves_nothing_else() {
    let (folder, directory) = begun();
    for number in 0..50 {
        keep(&directory, "contact", &number.to_string(), "old");
        keep(&directory, "other", &number.to_string(), "old");
    }
    let mut table = contacts();
    table.push([("sys_id", "7".into()), ("name", "new".into())]).unwrap();
    table.push([("sys_id", "b".into())]).unwrap();
    let database = Database::new([table]).unwrap();
    let fields = [("sys_id", "c")];
    let changes = [
        put("contact", "c", &[("sys_id", "c"), ("name", "before")]),
        Change::Replace(&database),
        put("contact", "c", &fields),
        Change::Remove { table: "contact", sys_id: "B" },
    ];
    directory.commit(&changes).unwrap();
    keep(&directory, "contact", "7", "newer");
    drop(directory);
    check(&folder.0, &["contact: sys_id=7 name=newer", "contact: sys_id=c"]);
    for round in 0..3 {
        let directory = Directory::open(&folder.0).unwrap();
        directory.commit(&[Change::Replace(&Database::default())]).unwrap();
        directory.commit(&[Change::Replace(&database)]).unwrap();
        drop(directory);
        check(&folder.0, &["contact: sys_id=7 name=new", "contact: sys_id=b"]);
        // Two generations at most.
        let file = redb::Database::open(folder.file()).unwrap();
        let tables = file.begin_read().unwrap().list_tables().unwrap().count();
        assert_eq!(tables, 5, "{round}");
    }
}

#[test]
fn a_record_that_cannot_be_added_is_named() {
    let (folder, directory) = begun();
    keep(&directory, "contact", "a", "1");
    // Who keeps a record under another sys_id than its own is told when it is read.
    directory.commit(&[put("contact", "b", &[("sys_id", "A")])]).unwrap();
    drop(directory);
    let directory = Directory::open(&folder.0).unwrap();
    let error = directory.load(vec![contacts()]).unwrap_err();
    let OpenError::Record { table, number: 2, why, .. } = &error else { panic!("{error:?}") };
    assert_eq!(
        (&**table, why),
        ("contact", &RecordError::DuplicateId { id: "A".into(), first: 1 })
    );
    let file = folder.file();
    let message =
        format!("`{}`: record 2 of `contact`: it has the sys_id `A` of record 1", file.display());
    assert_eq!(error.to_string(), message);
}

#[test]
fn one_at_a_time() {
    let (folder, directory) = begun();
    let error = Directory::open(&folder.0).unwrap_err();
    assert_eq!(error, OpenError::InUse(folder.0.clone()));
    assert_eq!(error.to_string(), format!("`{}` is in use by another process", folder.0.display()));
    keep(&directory, "contact", "a", "1");
    drop(directory);
    check(&folder.0, &["contact: sys_id=a name=1"]);
}

#[track_caller]
fn check_refused(folder: &Folder, name: &str, said: &str) {
    let error = Directory::open(&folder.0).unwrap_err().to_string();
    assert_eq!(error, format!("`{}` {said}", folder.0.join(name).display()));
}

const FOREIGN: &str = "holds something else than records of encq";
const NEWER: &str = "has format 2; this version of encq reads format 1";

#[test]
fn files_of_others_stay_as_they_are() {
    for (name, bytes, said) in [
        ("records-1.redb", b"name,city\nAda,London\n".to_vec(), FOREIGN),
        ("records-1.redb", b"x".to_vec(), FOREIGN),
        ("records-1.redb", vec![b'x'; 100_000], FOREIGN),
        ("records-1.redb", [vec![0; 5000], b"late".to_vec()].concat(), FOREIGN),
        ("records-1.redb", b"SQLite format 3\0".to_vec(), FOREIGN),
        ("records-2.redb", b"whatever comes".to_vec(), NEWER),
    ] {
        let folder = Folder::new();
        fs::write(folder.0.join(name), &bytes).unwrap();
        check_refused(&folder, name, said);
        assert!(fs::read(folder.0.join(name)).unwrap() == bytes, "{name}");
        assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 1);
    }
    let (folder, directory) = begun();
    drop(directory);
    fs::write(folder.0.join("records-x.redb"), "x").unwrap();
    check(&folder.0, &[]);
}

/// Databases of redb under the name of ours: what they hold stays.
#[test]
fn databases_of_others_keep_what_they_hold() {
    for (table, key, value, said) in [
        ("things", "format", 1, FOREIGN),
        ("meta", "colour", 1, FOREIGN),
        ("meta", "format", 2, NEWER),
    ] {
        let folder = Folder::new();
        let table = redb::TableDefinition::<&str, u64>::new(table);
        let database = redb::Database::create(folder.file()).unwrap();
        let writing = database.begin_write().unwrap();
        writing.open_table(table).unwrap().insert(key, value).unwrap();
        writing.commit().unwrap();
        drop(database);
        check_refused(&folder, "records-1.redb", said);
        let database = redb::Database::open(folder.file()).unwrap();
        let reading = database.begin_read().unwrap();
        assert_eq!(reading.list_tables().unwrap().count(), 1);
        let found = reading.open_table(table).unwrap().get(key).unwrap().unwrap().value();
        assert_eq!(found, value);
    }
}

/// A process that dies while it makes the file leaves zeros, or a head without its mark.
#[test]
fn a_file_whose_making_was_cut_short_is_made_again() {
    let folder = Folder::new();
    drop(Directory::open(&folder.0).unwrap());
    let made = fs::read(folder.file()).unwrap();
    let mut without_mark = vec![0; made.len()];
    without_mark[9..320].copy_from_slice(&made[9..320]);
    for bytes in [Vec::new(), vec![0; 7], vec![0; 1_000_000], without_mark] {
        fs::write(folder.file(), &bytes).unwrap();
        let directory = Directory::open(&folder.0).unwrap();
        assert!(directory.is_new());
        directory.load(vec![contacts()]).unwrap();
        keep(&directory, "contact", "a", "1");
        drop(directory);
        check(&folder.0, &["contact: sys_id=a name=1"]);
    }
}

/// A file that has other bytes than were written is refused, or holds what it held.
#[test]
fn damage_is_found() {
    let (folder, directory) = begun();
    for number in 0..100 {
        keep(&directory, "contact", &number.to_string(), "a name of some length");
    }
    drop(directory);
    let good = fs::read(folder.file()).unwrap();
    let expected = lines(&Directory::open(&folder.0).unwrap().load(vec![contacts()]).unwrap());
    let mut found = 0;
    for at in (0..330).step_by(3).chain((0..good.len()).step_by(16_001)) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x55;
        fs::write(folder.file(), &bytes).unwrap();
        let loaded = Directory::open(&folder.0).and_then(|open| open.load(vec![contacts()]));
        match loaded {
            Ok(tables) => assert_eq!(lines(&tables), expected, "byte {at}"),
            Err(OpenError::Damaged { .. } | OpenError::Foreign(_)) => found += 1,
            Err(other) => panic!("byte {at}: {other}"),
        }
    }
    assert!(found > 10, "{found}");
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = Folder::new();
    let file = folder.0.join("file");
    fs::write(&file, "x").unwrap();
    for path in [file.clone(), file.join("below")] {
        let error = Directory::open(&path).unwrap_err();
        assert!(matches!(&error, OpenError::Io { at, .. } if *at == path), "{error}");
    }
    if cfg!(target_os = "linux") {
        let error = Directory::open("/proc/encq").unwrap_err().to_string();
        assert!(error.starts_with("`/proc/encq`: "), "{error}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let closed = folder.0.join("closed");
        fs::create_dir(&closed).unwrap();
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o500)).unwrap();
        if fs::write(closed.join("probe"), "x").is_ok() {
            eprintln!("NOT CHECKED: this user may write into folders closed to writing");
            return;
        }
        let error = Directory::open(&closed).unwrap_err();
        let name = closed.join("records-1.redb");
        assert!(matches!(&error, OpenError::Io { at, .. } if *at == name), "{error}");
    }
}

/// The room of old values is used again.
#[test]
fn updates_do_not_make_the_file_grow() {
    let (folder, directory) = begun();
    let long = "x".repeat(10_000);
    let size = || fs::metadata(folder.file()).unwrap().len();
    for _ in 0..20 {
        keep(&directory, "contact", "a", &long);
    }
    let before = size();
    for _ in 0..300 {
        keep(&directory, "contact", "a", &long);
    }
    assert_eq!(size(), before);
}
