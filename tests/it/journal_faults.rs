//! Directories whose disk fails or is full, and whose process is killed.

use std::collections::BTreeSet;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use encoded_query::Database;
use encoded_query::journal::{Change, Directory, Journal, JournalError, OpenError};
use proptest::prelude::*;
use redb::StorageBackend;

use crate::journal::{Folder, contacts, lines, put};

/// Storage in memory that fails on demand.
#[derive(Clone, Debug, Default)]
struct Disk(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    bytes: Vec<u8>,
    /// Writes, changes of length and syncs that still succeed.
    left: Option<usize>,
    fault: Fault,
}

/// What happens when no more operations succeed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Fault {
    /// One fails, and nothing of it is done.
    #[default]
    Once,
    /// One fails though it is done, as a sync may, and not for want of room.
    OnceDone,
    /// One fails that is done in half.
    OnceHalf,
    /// All fail until the fault is lifted.
    Lasting,
}

impl Disk {
    fn fail(&self, left: usize, fault: Fault) {
        let mut state = self.0.lock().unwrap();
        (state.left, state.fault) = (Some(left), fault);
    }

    /// Whether the fault had come.
    fn heal(&self) -> bool {
        let mut state = self.0.lock().unwrap();
        let left = state.left.take();
        left.is_none_or(|left| left == 0)
    }

    /// The disk as it is found after the process was killed now.
    fn copy(&self) -> Self {
        let bytes = self.0.lock().unwrap().bytes.clone();
        Self(Arc::new(Mutex::new(State { bytes, ..State::default() })))
    }

    fn change(&self, operation: impl FnOnce(&mut Vec<u8>, bool)) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        match state.left {
            Some(0) => {
                if state.fault != Fault::Lasting {
                    state.left = None;
                }
                match state.fault {
                    Fault::OnceDone => {
                        operation(&mut state.bytes, false);
                        return Err(io::Error::other("the cable is out"));
                    }
                    Fault::OnceHalf => operation(&mut state.bytes, true),
                    Fault::Once | Fault::Lasting => (),
                }
                return Err(io::ErrorKind::StorageFull.into());
            }
            Some(left) => state.left = Some(left - 1),
            None => (),
        }
        operation(&mut state.bytes, false);
        Ok(())
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.lock().unwrap().bytes.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let offset = usize::try_from(offset).unwrap();
        let state = self.0.lock().unwrap();
        let bytes = state.bytes.get(offset..offset + out.len());
        out.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let len = usize::try_from(len).unwrap();
        self.change(|bytes, is_half| {
            if !is_half {
                bytes.resize(len, 0);
            }
        })
    }

    fn sync_data(&self) -> io::Result<()> {
        self.change(|_, _| ())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let offset = usize::try_from(offset).unwrap();
        self.change(|bytes, is_half| {
            let data = if is_half { &data[..data.len() / 2] } else { data };
            bytes[offset..offset + data.len()].copy_from_slice(data);
        })
    }
}

fn on(disk: &Disk) -> Directory {
    Directory::over("disk", disk.clone()).unwrap()
}

fn kept(disk: &Disk) -> Vec<String> {
    lines(&on(disk).load(vec![contacts()]).unwrap())
}

fn told(fault: Fault) -> JournalError {
    match fault {
        Fault::OnceDone => JournalError::Io("the cable is out".to_owned()),
        Fault::Once | Fault::OnceHalf | Fault::Lasting => JournalError::Full,
    }
}

const FAULTS: [Fault; 4] = [Fault::Once, Fault::OnceDone, Fault::OnceHalf, Fault::Lasting];

/// Whatever operation of a commit fails, in whatever way: nothing of the commit is kept, all that was
/// kept before is, and the next commit works.
fn check_faults(changes: &[Change<'_>], expected: &[&str]) {
    let begun = Disk::default();
    let directory = on(&begun);
    directory.load(vec![contacts()]).unwrap();
    let fields = |sys_id| [("sys_id", sys_id), ("name", "old")];
    for sys_id in ["a", "b", "c"] {
        directory.commit(&[put("contact", sys_id, &fields(sys_id))]).unwrap();
    }
    drop(directory);
    let old =
        ["contact: sys_id=a name=old", "contact: sys_id=b name=old", "contact: sys_id=c name=old"];
    for fault in FAULTS {
        for left in 0.. {
            let disk = begun.copy();
            let directory = on(&disk);
            disk.fail(left, fault);
            let answer = directory.commit(changes);
            let killed = disk.copy();
            if answer.is_err() && fault == Fault::Lasting {
                assert_eq!(directory.commit(changes), Err(JournalError::Full), "{left}");
            }
            if !disk.heal() {
                assert!(answer.is_ok() && left > 2, "{fault:?} {left}");
                assert_eq!(kept(&killed), expected, "{fault:?} {left}");
                break;
            }
            if answer.is_ok() {
                // What follows a commit that is on the disk may fail.
                assert_eq!(kept(&killed), expected, "{fault:?} {left}");
                continue;
            }
            assert_eq!(answer, Err(told(fault)), "{fault:?} {left}");
            // As long as the disk fails, a commit that failed cannot be taken back.
            let found = kept(&killed);
            let is_all = fault == Fault::Lasting && found == expected;
            assert!(is_all || found == old, "{fault:?} {left}: {found:?}");
            directory.commit(&[]).unwrap();
            assert_eq!(kept(&disk.copy()), old, "{fault:?} {left}");
            directory.commit(changes).unwrap();
            assert_eq!(kept(&disk.copy()), expected, "{fault:?} {left}");
        }
    }
}

#[test]
fn a_failed_commit_leaves_nothing() {
    let changes = [
        put("contact", "d", &[("sys_id", "d"), ("name", "new")]),
        put("contact", "a", &[("sys_id", "a"), ("name", "new")]),
        put("contact", "a", &[("sys_id", "a"), ("name", "newer")]),
        Change::Remove { table: "contact", sys_id: "b" },
        put("contact", "B", &[("sys_id", "B"), ("name", "again")]),
        Change::Remove { table: "contact", sys_id: "d" },
        put("other", "e", &[("sys_id", "e")]),
    ];
    let expected = [
        "contact: sys_id=a name=newer",
        "contact: sys_id=c name=old",
        "contact: sys_id=B name=again",
        "other: sys_id=e",
    ];
    // `d` had the last place when `b` came back, so the order is the one of the commits.
    check_faults(&changes, &expected);
}

#[test]
fn a_failed_replacement_leaves_nothing() {
    let mut table = contacts();
    table.push([("sys_id", "z".into())]).unwrap();
    let database = Database::new([table]).unwrap();
    let changes = [Change::Replace(&database), put("contact", "y", &[("sys_id", "y")])];
    check_faults(&changes, &["contact: sys_id=z", "contact: sys_id=y"]);
}

/// A directory whose first content could not be kept is still new: a later start keeps it.
#[test]
fn a_failed_first_content_leaves_nothing() {
    let given = || {
        let mut table = contacts();
        for sys_id in ["a", "b", "c"] {
            table.push([("sys_id", sys_id.into())]).unwrap();
        }
        vec![table]
    };
    for fault in FAULTS {
        for left in 0.. {
            let disk = Disk::default();
            disk.fail(left, fault);
            let opened = Directory::over("disk", disk.clone());
            let is_opened = opened.is_ok();
            let loaded = opened.and_then(|directory| directory.load(given()));
            let killed = disk.copy();
            if !disk.heal() {
                assert!(loaded.is_ok() && left > 5, "{fault:?} {left}");
                break;
            }
            match &loaded {
                Ok(_) => (),
                Err(OpenError::NotKept { why, .. }) => {
                    assert_eq!((why, is_opened), (&told(fault), true));
                }
                Err(OpenError::Io { .. }) => assert!(!is_opened),
                Err(other) => panic!("{fault:?} {left}: {other:?}"),
            }
            for disk in [&killed, &disk] {
                let tables = on(disk).load(given()).unwrap();
                assert_eq!(lines(&tables), lines(&given()), "{fault:?} {left}");
            }
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Put(u8, u8, u16),
    Remove(u8, u8),
    Replace(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (0..2_u8, 0..6_u8, any::<u16>()).prop_map(|(table, id, value)| Step::Put(table, id, value)),
        2 => (0..2_u8, 0..6_u8).prop_map(|(table, id)| Step::Remove(table, id)),
        1 => (0..4_u8).prop_map(Step::Replace),
    ]
}

const TABLES: [&str; 2] = ["contact", "other"];

/// Records in their order: table, sys_id, value.
type Model = Vec<(usize, String, String)>;

fn apply(model: &mut Model, step: &Step) {
    match step {
        Step::Put(table, id, value) => {
            let (table, id, value) = (usize::from(*table), id.to_string(), value.to_string());
            match model.iter_mut().find(|(at, known, _)| (*at, &**known) == (table, &*id)) {
                Some(record) => record.2 = value,
                None => model.push((table, id, value)),
            }
        }
        Step::Remove(table, id) => {
            let (table, id) = (usize::from(*table), id.to_string());
            model.retain(|(at, known, _)| (*at, known) != (table, &id));
        }
        Step::Replace(count) => {
            *model = (0..*count).map(|id| (0, id.to_string(), "reset".to_owned())).collect();
        }
    }
}

fn shown(model: &Model) -> Vec<String> {
    let of = |table: usize| {
        let records = model.iter().filter(move |record| record.0 == table);
        records.map(move |(_, id, value)| format!("{}: sys_id={id} name={value}", TABLES[table]))
    };
    of(0).chain(of(1)).collect()
}

fn commit(directory: &Directory, steps: &[Step]) -> Result<(), JournalError> {
    let reset = |step: &Step| {
        let Step::Replace(count) = step else { return Database::default() };
        let mut table = contacts();
        for id in 0..*count {
            let fields = [("sys_id", id.to_string().into()), ("name", "reset".into())];
            table.push(fields).unwrap();
        }
        Database::new([table]).unwrap()
    };
    let resets: Vec<Database> = steps.iter().map(reset).collect();
    let text = |step: &Step| match step {
        Step::Put(_, id, value) => (id.to_string(), value.to_string()),
        Step::Remove(_, id) => (id.to_string(), String::new()),
        Step::Replace(_) => (String::new(), String::new()),
    };
    let texts: Vec<_> = steps.iter().map(text).collect();
    let fields = |(id, value): &'_ (String, String)| -> [(&'static str, String); 2] {
        [("sys_id", id.clone()), ("name", value.clone())]
    };
    let fields: Vec<_> = texts.iter().map(fields).collect();
    let fields: Vec<Vec<(&str, &str)>> = fields
        .iter()
        .map(|fields| fields.iter().map(|(name, text)| (*name, &**text)).collect())
        .collect();
    let change = |at: usize| {
        let sys_id = &*texts[at].0;
        match steps[at] {
            Step::Put(table, ..) => put(TABLES[usize::from(table)], sys_id, &fields[at]),
            Step::Remove(table, _) => Change::Remove { table: TABLES[usize::from(table)], sys_id },
            Step::Replace(_) => Change::Replace(&resets[at]),
        }
    };
    let changes: Vec<Change<'_>> = (0..steps.len()).map(change).collect();
    directory.commit(&changes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Any commits, with any faults of the disk among them: what succeeded is there, in its order, and
    /// nothing else; also after the process was killed.
    #[test]
    fn commits_agree_with_a_list(
        commits in prop::collection::vec(
            (prop::collection::vec(step(), 0..5), prop::option::of((0..40_usize, 0..4_usize)), any::<bool>()),
            1..12,
        ),
    ) {
        let mut disk = Disk::default();
        let mut directory = on(&disk);
        directory.load(vec![contacts()]).unwrap();
        let mut model = Model::new();
        for (steps, fault, is_killed) in commits {
            let mut changed = model.clone();
            for step in &steps {
                apply(&mut changed, step);
            }
            if let Some((left, fault)) = fault {
                disk.fail(left, FAULTS[fault]);
            }
            let answer = commit(&directory, &steps);
            disk.heal();
            if answer.is_ok() {
                model = changed;
            } else {
                // Takes back what failed.
                directory.commit(&[]).unwrap();
            }
            let copy = disk.copy();
            prop_assert_eq!(kept(&copy), shown(&model));
            if is_killed {
                disk = disk.copy();
                directory = on(&disk);
            }
        }
    }
}

/// What a child of [`killed_processes_lose_nothing`] keeps of its commit of that number and those before.
fn expected(number: usize) -> Vec<String> {
    let reset = number - number % 25;
    let record = |table: &str, at: usize| {
        format!("{table}: sys_id={at} name={}", at.to_string().repeat(50 + at % 400))
    };
    let contacts = (reset.max(number.saturating_sub(19))..=number).map(|at| record("contact", at));
    contacts.chain((reset..=number).map(|at| record("other", at))).collect()
}

const CHILD: &str = "ENCQ_JOURNAL_CHILD";

/// Not a test of its own: what the processes do that are killed. Each begins where the one before was.
#[test]
fn child_that_is_killed() {
    let Some(path) = std::env::var_os(CHILD) else { return };
    let directory = Directory::open(path).unwrap();
    let tables = directory.load(vec![contacts()]).unwrap();
    let other = tables.iter().find(|table| table.schema().table() == "other");
    let last =
        other.and_then(|table| table.records().last()).and_then(|record| record.text("sys_id"));
    let first = last.map_or(0, |last| last.parse::<usize>().unwrap() + 1);
    let nothing = Database::default();
    for number in first.. {
        let sys_id = number.to_string();
        let name = sys_id.repeat(50 + number % 400);
        let fields = [("sys_id", &*sys_id), ("name", &*name)];
        let gone = number.wrapping_sub(20).to_string();
        let mut changes = Vec::new();
        if number % 25 == 0 {
            changes.push(Change::Replace(&nothing));
        }
        changes.push(put("contact", &sys_id, &fields));
        changes.push(Change::Remove { table: "contact", sys_id: &gone });
        changes.push(put("other", &sys_id, &fields));
        directory.commit(&changes).unwrap();
        let mut out = io::stdout().lock();
        writeln!(out, "\nkept {number}").unwrap();
        out.flush().unwrap();
    }
}

/// All that was acknowledged is there after a kill at any moment, and a commit is there as a whole or not
/// at all. `ENCQ_KILLS` sets how many are killed.
#[test]
fn killed_processes_lose_nothing() {
    let rounds = std::env::var("ENCQ_KILLS").map_or(5, |rounds| rounds.parse().unwrap());
    let folder = Folder::new();
    let mut moments = BTreeSet::new();
    let mut last = None;
    for round in 0..rounds {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "journal_faults::child_that_is_killed", "--nocapture"])
            .env(CHILD, &folder.0)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut said = out
            .lines()
            .map_while(Result::ok)
            .filter_map(|line| line.strip_prefix("kept ").and_then(|number| number.parse().ok()));
        let first: Option<usize> = said.next();
        assert!(first.is_some(), "the child did not begin");
        let random = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), round);
        std::thread::sleep(Duration::from_micros(random % 60_000));
        child.kill().unwrap();
        let acknowledged = said.last().or(first).unwrap();
        child.wait().unwrap();
        let directory = Directory::open(&folder.0).unwrap();
        let found = lines(&directory.load(vec![contacts()]).unwrap());
        let number = if found == expected(acknowledged) { acknowledged } else { acknowledged + 1 };
        assert_eq!(found, expected(number), "round {round}, {acknowledged} was acknowledged");
        assert!(last < Some(number), "round {round}");
        last = Some(number);
        moments.insert(number - acknowledged);
    }
    eprintln!("{rounds} kills, {last:?} commits, more than was acknowledged: {moments:?}");
}
