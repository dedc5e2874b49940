//! What the API knows of the world: the time, random numbers, and what queries are told.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use super::failure::Failure;
use super::store::record;
use crate::calendar::{Weekday, Zone};
use crate::demo::Random;
use crate::environment::{Environment, FixedEnvironment, User};
use crate::table::Database;
use crate::value::DateTime;

/// Where time and ids come from.
#[derive(Debug)]
pub(super) struct World {
    environment: FixedEnvironment,
    /// Where ids come from: a seed makes the same ones each time, otherwise one is drawn for the first id.
    /// They differ, and are no secrets.
    ids: Mutex<Option<Random>>,
}

impl World {
    pub(super) fn new(environment: FixedEnvironment, seed: Option<u64>) -> Self {
        Self { environment, ids: Mutex::new(seed.map(Random::new)) }
    }

    /// The time that is set, or else the clock's.
    pub(super) fn now(&self) -> DateTime {
        self.environment.now().unwrap_or_else(clock)
    }

    pub(super) fn zone(&self) -> Zone {
        self.environment.zone()
    }

    /// What a query of that user is told.
    pub(super) fn told<'w>(&'w self, user: Option<&'w User>) -> Told<'w> {
        Told { world: self, now: OnceLock::new(), user, was_asked: AtomicBool::new(false) }
    }

    /// A new sys_id, 32 hexadecimal digits, that no record of the table has: a seed gives the ids again
    /// that it gave before a restart.
    pub(super) fn sys_id(&self, database: &Database, table: &str) -> Result<String, Failure> {
        loop {
            let id = self.any_sys_id()?;
            if record(database, table, &id).is_none() {
                return Ok(id);
            }
        }
    }

    /// A sys_id, 32 hexadecimal digits, that was not drawn before.
    pub(super) fn any_sys_id(&self) -> Result<String, Failure> {
        let mut ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        let ids = match &mut *ids {
            Some(ids) => ids,
            none => none.insert(Random::new(random()?)),
        };
        let number = u128::from(ids.draw()) << 64 | u128::from(ids.draw());
        Ok(format!("{number:032x}"))
    }

    /// A token that nobody can guess, seed or not.
    pub(super) fn token() -> Result<String, Failure> {
        let [a, b, c, d] = [random()?, random()?, random()?, random()?];
        Ok(format!("{a:016x}{b:016x}{c:016x}{d:016x}"))
    }
}

/// 64 random bits.
fn random() -> Result<u64, Failure> {
    getrandom::u64().map_err(|_| Failure::NoRandom)
}

/// What the query of one request is told.
#[derive(Debug)]
pub(super) struct Told<'w> {
    world: &'w World,
    /// The same for all parts of a query, and only looked up for one that asks.
    now: OnceLock<DateTime>,
    user: Option<&'w User>,
    was_asked: AtomicBool,
}

impl Told<'_> {
    /// Whether it was asked for what the next request may be told otherwise: the time or the user.
    pub(super) fn was_asked(&self) -> bool {
        self.was_asked.load(Ordering::Relaxed)
    }

    fn ask(&self) {
        self.was_asked.store(true, Ordering::Relaxed);
    }
}

impl Environment for Told<'_> {
    fn now(&self) -> Option<DateTime> {
        self.ask();
        Some(*self.now.get_or_init(|| self.world.now()))
    }

    fn zone(&self) -> Zone {
        self.world.zone()
    }

    fn first_day_of_week(&self) -> Weekday {
        self.world.environment.first_day_of_week()
    }

    fn user(&self) -> Option<&User> {
        self.ask();
        self.user.or_else(|| self.world.environment.user())
    }

    fn groups(&self) -> Option<&[String]> {
        self.ask();
        self.world.environment.groups().or_else(|| self.user().map(|_| [].as_slice()))
    }

    fn dynamic(&self, sys_id: &str) -> Option<&[String]> {
        self.world.environment.dynamic(sys_id)
    }
}

/// The time now. A clock before 1970 says 1970.
pub(super) fn clock() -> DateTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    DateTime::nearest(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
