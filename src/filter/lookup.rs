//! What rows of other tables say about a row: how many refer to it, which values they hold, what stands
//! below a record. Found once per run, before any row is asked.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{BLOCK, Filter, Row};
use crate::calendar::Calendar;
use crate::schema::FieldPath;
use crate::value::{Case, Date, DateTime, Kind, Number, ValueRef};

/// Rows of a table to look up by a key.
#[derive(Clone, Debug, PartialEq)]
pub struct Lookup {
    /// The table.
    pub table: Box<str>,
    /// Which of its rows.
    pub rows: LookupRows,
    /// The field of them that is the key, and how it is read.
    pub key: (FieldPath, Kind),
    /// How keys compare.
    pub keys: Keys,
}

/// Which rows of a table are looked up.
#[derive(Clone, Debug, PartialEq)]
pub enum LookupRows {
    /// None, since nobody asks: the block has no valid condition.
    None,
    /// Those that pass a filter.
    Passing(Filter),
    /// The records that are named, and those whose parent is among them.
    Below {
        /// The field that names the parent.
        parent: FieldPath,
        /// The `sys_ids` of the records to begin with.
        start: Vec<String>,
    },
}

/// How values of two fields are made comparable.
#[derive(Clone, Debug, PartialEq)]
pub struct Keys {
    /// What both are compared as.
    pub kind: Kind,
    /// How texts compare.
    pub case: Case,
    /// The zone in which an instant has its day.
    pub calendar: Arc<Calendar>,
}

/// A value made comparable: equal ones are identical.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key<'v> {
    Text(Cow<'v, str>),
    Number(Number<'v>),
    Boolean(bool),
    Date(Date),
    DateTime(DateTime),
}

/// What a lookup found: how many rows have each key.
pub(crate) type Found = HashMap<Key<'static>, u64>;

impl Keys {
    /// The key of a value of a field of that kind; `None` if it is empty or does not read.
    pub(crate) fn key<'v>(&self, value: &'v ValueRef<'_>, own: Kind) -> Option<Key<'v>> {
        if !value.is_filled(own) {
            return None;
        }
        Some(match self.kind {
            Kind::Text => match value.text()? {
                Cow::Borrowed(text) => Key::Text(self.case.fold(text)),
                Cow::Owned(text) => Key::Text(self.case.fold(&text).into_owned().into()),
            },
            Kind::Number => Key::Number(value.number()?),
            Kind::Boolean => Key::Boolean(value.boolean()?),
            Kind::Date => Key::Date(day(value, own, &self.calendar)?),
            Kind::DateTime => Key::DateTime(value.date_time()?),
        })
    }
}

/// The day of a value: of an instant the one it has in the zone.
pub(super) fn day(value: &ValueRef<'_>, own: Kind, calendar: &Calendar) -> Option<Date> {
    if own == Kind::DateTime { value.date_time().map(|at| calendar.day(at)) } else { value.date() }
}

impl Key<'_> {
    fn into_owned(self) -> Key<'static> {
        match self {
            Key::Text(text) => Key::Text(text.into_owned().into()),
            Key::Number(number) => Key::Number(number.into_owned()),
            Key::Boolean(truth) => Key::Boolean(truth),
            Key::Date(date) => Key::Date(date),
            Key::DateTime(instant) => Key::DateTime(instant),
        }
    }
}

impl Lookup {
    /// Names lookups inside by numbers that are so much higher.
    pub(crate) fn shift_lookups(&mut self, by: usize) {
        if let LookupRows::Passing(filter) = &mut self.rows {
            filter.shift_lookups(by);
        }
    }

    /// Looks through the rows of the table; `found` holds what lookups inside this one found.
    pub(crate) fn find<R: Row>(
        &self,
        rows: impl Iterator<Item = R>,
        found: &[Arc<Found>],
    ) -> Found {
        match &self.rows {
            LookupRows::None => Found::new(),
            LookupRows::Passing(filter) => self.passing(filter, rows, found),
            LookupRows::Below { parent, start } => self.below(parent, start, rows),
        }
    }

    fn passing<R: Row>(
        &self,
        filter: &Filter,
        mut rows: impl Iterator<Item = R>,
        found: &[Arc<Found>],
    ) -> Found {
        let mut counts = Found::new();
        loop {
            let block: Vec<R> = rows.by_ref().take(BLOCK).collect();
            if block.is_empty() {
                return counts;
            }
            let passed = filter.matching(&block, found);
            for (at, row) in block.iter().enumerate().filter(|(at, _)| passed >> at & 1 == 1) {
                debug_assert!(at < BLOCK);
                self.count(row, &mut counts);
            }
        }
    }

    fn count<R: Row>(&self, row: &R, counts: &mut Found) {
        let value = row.value(&self.key.0);
        if let Some(key) = self.keys.key(&value, self.key.1) {
            *counts.entry(key.into_owned()).or_default() += 1;
        }
    }

    /// Goes down from the start, a record once, so that circles end.
    fn below<R: Row>(
        &self,
        parent: &FieldPath,
        start: &[String],
        rows: impl Iterator<Item = R>,
    ) -> Found {
        let mut children: HashMap<Key<'static>, Vec<Key<'static>>> = HashMap::new();
        for row in rows {
            let (id, parent) = (row.value(&self.key.0), row.value(parent));
            let keys = (self.keys.key(&id, self.key.1), self.keys.key(&parent, Kind::Text));
            if let (Some(id), Some(parent)) = keys {
                children.entry(parent.into_owned()).or_default().push(id.into_owned());
            }
        }
        let start = start.iter().map(|id| Key::Text(self.keys.case.fold(id)).into_owned());
        let mut open: Vec<Key<'static>> = start.collect();
        let mut reached: HashSet<Key<'static>> = HashSet::new();
        while let Some(id) = open.pop() {
            // What stands below a record is taken out, so that it is walked once.
            open.extend(children.remove(&id).unwrap_or_default());
            reached.insert(id);
        }
        reached.into_iter().map(|id| (id, 1)).collect()
    }
}
