//! Columns: the values of one field, kept in the form that suits them.

mod dictionary;
mod grams;
mod numbers;
mod order;
mod postings;
mod refined;
mod texts;
mod thresholds;
mod typed;

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

pub(crate) use dictionary::Dictionary;
pub(crate) use numbers::{Codes, Numbers};
pub(crate) use order::Order;
pub(crate) use postings::Posting;
pub(crate) use refined::Further;
pub(crate) use texts::{Ending, Sought, Texts};
pub(crate) use thresholds::Thresholds;
pub(crate) use typed::{Counted, Form, Ids, Lane, Typed};

use crate::bits::Bits;
use crate::value::{FieldType, Kind, ValueRef};

/// The values of one field by row; rows behind its end are empty.
#[derive(Debug)]
pub(crate) struct Column {
    kind: FieldType,
    thresholds: Thresholds,
    store: Store,
    /// Whether its values were found to be of too many kinds for a narrow form.
    is_mixed: bool,
    length: usize,
    order: OnceLock<Order>,
    /// Rows whose value is another than when they were put in order.
    stale: HashSet<u32>,
    /// How much work an order would have saved.
    wished: AtomicU32,
    /// Whether someone began to make it.
    is_begun: AtomicBool,
    /// What tells these values from those of any other time or column, once it was asked for.
    stamp: OnceLock<u64>,
}

/// The form of a column, chosen from its type and its values.
#[derive(Clone, Debug)]
pub(crate) enum Store {
    /// Few different texts.
    Shared(Dictionary),
    /// Texts that are nearly all different, each of its row.
    Own(Own),
    /// Integers, days and instants.
    Numbers(Typed<Lane>),
    /// Truth values.
    Flags(Typed<Bits>),
    /// Ids that are nearly all different.
    Ids(Typed<Ids>),
}

/// Texts by row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Own {
    pub(crate) texts: Texts,
    pub(crate) filled: Bits,
    /// Those that have taken the place of others since.
    pub(crate) moved: HashMap<u32, Box<str>>,
}

impl Own {
    fn set(&mut self, row: usize, text: &str) {
        self.filled.set(row, !text.is_empty());
        if row < self.texts.len() {
            self.moved.insert(u32::try_from(row).unwrap_or(u32::MAX), text.into());
        } else {
            self.texts.fill(row);
            self.texts.push(text);
        }
    }

    #[inline]
    pub(crate) fn text(&self, row: usize) -> &str {
        if !self.moved.is_empty()
            && let Some(text) = self.moved.get(&u32::try_from(row).unwrap_or(u32::MAX))
        {
            return text;
        }
        self.texts.text(row)
    }
}

impl Clone for Column {
    /// The values; what was built to find them is built anew when needed.
    fn clone(&self) -> Self {
        let (length, store) = (self.length, self.store.clone());
        let is_mixed = self.is_mixed;
        Self { is_mixed, length, ..Self::of(self.kind, store, self.thresholds) }
    }
}

impl Column {
    pub(super) fn new(kind: FieldType, thresholds: Thresholds) -> Self {
        let lane = |counted| {
            Store::Numbers(Typed {
                filled: Bits::default(),
                form: Lane { counted, numbers: Numbers::default() },
                odd: HashMap::new(),
            })
        };
        let store = match (kind, kind.kind()) {
            (FieldType::SysId, _) => Store::Ids(Typed::default()),
            (_, Kind::Text) => Store::Shared(Dictionary::default()),
            (_, Kind::Number) => lane(Counted::Integers),
            (_, Kind::Boolean) => Store::Flags(Typed::default()),
            (_, Kind::Date) => lane(Counted::Days),
            (_, Kind::DateTime) => lane(Counted::Seconds),
        };
        Self::of(kind, store, thresholds)
    }

    fn of(kind: FieldType, store: Store, thresholds: Thresholds) -> Self {
        Self {
            kind,
            thresholds,
            store,
            is_mixed: false,
            length: 0,
            order: OnceLock::new(),
            stale: HashSet::new(),
            wished: AtomicU32::new(0),
            is_begun: AtomicBool::new(false),
            stamp: OnceLock::new(),
        }
    }

    /// The type of its field.
    pub(super) fn field_type(&self) -> FieldType {
        self.kind
    }

    /// What its values are compared as.
    pub(crate) fn kind(&self) -> Kind {
        self.kind.kind()
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Number of rows up to the last that was given a value.
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// The value of a row.
    #[inline]
    pub(crate) fn value(&self, row: usize) -> ValueRef<'_> {
        match &self.store {
            Store::Shared(dictionary) => ValueRef::from(dictionary.text(dictionary.codes.at(row))),
            Store::Own(own) => ValueRef::from(own.text(row)),
            Store::Numbers(typed) => typed.value(row),
            Store::Flags(typed) => typed.value(row),
            Store::Ids(typed) => typed.value(row),
        }
    }

    /// What stands for the value of a row: its code in a dictionary, or the row itself.
    #[inline]
    pub(crate) fn entry(&self, row: usize) -> usize {
        match &self.store {
            Store::Shared(dictionary) => dictionary.codes.at(row) as usize,
            Store::Own(_) | Store::Numbers(_) | Store::Flags(_) | Store::Ids(_) => row,
        }
    }

    /// Number of entries.
    pub(crate) fn entries(&self) -> usize {
        match &self.store {
            Store::Shared(dictionary) => dictionary.texts.len() + 1,
            Store::Own(_) | Store::Numbers(_) | Store::Flags(_) | Store::Ids(_) => self.length,
        }
    }

    /// The value that an entry stands for.
    #[inline]
    pub(crate) fn entry_value(&self, entry: usize) -> ValueRef<'_> {
        match &self.store {
            Store::Shared(dictionary) => {
                ValueRef::from(dictionary.text(u32::try_from(entry).unwrap_or(0)))
            }
            Store::Own(_) | Store::Numbers(_) | Store::Flags(_) | Store::Ids(_) => {
                self.value(entry)
            }
        }
    }

    /// Gives a row its text.
    pub(super) fn set(&mut self, row: usize, text: &str) {
        match &mut self.store {
            Store::Shared(dictionary) => dictionary.set(row, text),
            Store::Own(own) => own.set(row, text),
            Store::Numbers(typed) => typed.set(row, text),
            Store::Flags(typed) => typed.set(row, text),
            Store::Ids(typed) => typed.set(row, text),
        }
        self.length = self.length.max(row + 1);
        self.stamp.take();
        self.note(row);
        self.suit();
    }

    /// Keeps the order usable, or forgets it when too many rows are not in it.
    fn note(&mut self, row: usize) {
        let Some(order) = self.order.get() else { return };
        let covered = order.covered();
        if row < covered {
            self.stale.insert(u32::try_from(row).unwrap_or(u32::MAX));
        }
        let changed = self.stale.len() + self.length.saturating_sub(covered);
        if changed > self.thresholds.changes + covered / 8 {
            self.forget();
        }
    }

    fn forget(&mut self) {
        self.order = OnceLock::new();
        *self.is_begun.get_mut() = false;
        self.stale.clear();
    }

    /// Takes another form where this one does not suit the values.
    fn suit(&mut self) {
        match &self.store {
            Store::Shared(dictionary) if dictionary.is_wasteful() => {
                self.rebuild(Store::Shared(Dictionary::default()));
            }
            Store::Shared(dictionary) => {
                let different = dictionary.texts.len();
                if different >= self.thresholds.texts
                    && different.is_power_of_two()
                    && different * 2 > self.length
                {
                    let is_id = |number| Ids::read(dictionary.texts.text(number)).is_some();
                    if !self.is_mixed && (0..different).all(is_id) {
                        self.rebuild(Store::Ids(Typed::default()));
                    } else {
                        self.rebuild(Store::Own(Own::default()));
                    }
                }
            }
            Store::Own(own) => {
                if own.moved.len() > self.thresholds.changes + self.length / 8 {
                    self.rebuild(Store::Own(Own::default()));
                }
            }
            Store::Numbers(typed) if typed.is_unfit() => self.rebuild_shared(),
            Store::Flags(typed) if typed.is_unfit() => self.rebuild_shared(),
            Store::Ids(typed) if typed.is_unfit() => self.rebuild_shared(),
            Store::Numbers(_) | Store::Flags(_) | Store::Ids(_) => {}
        }
    }

    fn rebuild_shared(&mut self) {
        self.is_mixed = true;
        self.rebuild(Store::Shared(Dictionary::default()));
    }

    /// Puts all values into another form.
    fn rebuild(&mut self, store: Store) {
        let mut other = Self::of(self.kind, store, self.thresholds);
        other.is_mixed = self.is_mixed;
        for row in 0..self.length {
            if let Some(text) = self.value(row).text() {
                other.set(row, &text);
            }
        }
        other.length = self.length;
        *self = other;
    }

    /// The same values in those rows that are given, in their order, read as another type.
    pub(super) fn picked(&self, kind: FieldType, rows: impl Iterator<Item = usize>) -> Self {
        let mut other = Self::new(kind, self.thresholds);
        for (to, from) in rows.enumerate() {
            if let Some(text) = self.value(from).text() {
                other.set(to, &text);
            }
        }
        other
    }

    /// The rows of a table in the order of their values, put so when first asked for.
    pub(crate) fn order(&self, rows: usize) -> &Order {
        self.order.get_or_init(|| {
            self.is_begun.store(true, Ordering::Relaxed);
            Order::of(self, rows)
        })
    }

    /// The same if it is there, or would have saved as much work as it takes: `often` times one unit,
    /// `saved` of them now. Nobody waits here for another who makes it.
    pub(crate) fn order_if_worth(&self, rows: usize, often: u32, saved: u32) -> Option<&Order> {
        if self.order.get().is_none() {
            let wished = self.wished.fetch_add(saved, Ordering::Relaxed);
            let is_due = wished >= often && !self.is_begun.swap(true, Ordering::Relaxed);
            return is_due.then(|| self.order(rows));
        }
        self.order.get()
    }

    /// A number for the values there are: when one changes, it is another.
    pub(crate) fn stamp(&self) -> u64 {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        *self.stamp.get_or_init(|| NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// Rows that have another value than the order says, some of them twice.
    pub(crate) fn changed(&self) -> impl Iterator<Item = u32> {
        let moved = self.moved().map(HashMap::keys);
        self.stale.iter().chain(moved.into_iter().flatten()).copied()
    }

    pub(crate) fn has_changed(&self, row: u32) -> bool {
        self.stale.contains(&row) || self.moved().is_some_and(|moved| moved.contains_key(&row))
    }

    pub(crate) fn is_unchanged(&self) -> bool {
        self.stale.is_empty() && self.moved().is_none_or(HashMap::is_empty)
    }

    /// Texts that an order does not see, as it is that of the texts as they stand one after another.
    fn moved(&self) -> Option<&HashMap<u32, Box<str>>> {
        match &self.store {
            Store::Own(own) => Some(&own.moved),
            Store::Shared(_) | Store::Numbers(_) | Store::Flags(_) | Store::Ids(_) => None,
        }
    }

    /// Gives back room that is not used.
    pub(super) fn shrink(&mut self) {
        match &mut self.store {
            Store::Shared(dictionary) => dictionary.shrink(),
            Store::Own(own) => own.texts.shrink(),
            Store::Numbers(typed) => typed.form.shrink(),
            Store::Flags(typed) => typed.form.shrink(),
            Store::Ids(typed) => typed.form.shrink(),
        }
    }

    /// Bytes its values take up, and those of what was built to find them.
    pub(super) fn size(&self) -> (usize, usize) {
        let (values, folded) = match &self.store {
            Store::Shared(dictionary) => dictionary.size(),
            Store::Own(own) => {
                let (texts, folded) = own.texts.size();
                let moved: usize = own.moved.values().map(|text| text.len()).sum();
                let entries = own.moved.capacity() * size_of::<(u32, Box<str>)>();
                (texts + own.filled.size() + moved + entries, folded)
            }
            Store::Numbers(typed) => (typed.size(), 0),
            Store::Flags(typed) => (typed.size(), 0),
            Store::Ids(typed) => (typed.size(), 0),
        };
        (values, folded + self.order.get().map_or(0, Order::size))
    }
}
