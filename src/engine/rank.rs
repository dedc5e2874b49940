//! The keys of a sort as ranks, which are packed into one number a row.

use std::cmp::Ordering;

use crate::filter::{Reading, SortKey, compare};
use crate::syntax::Direction;
use crate::table::column::{Column, Order, Store};
use crate::table::{Entry, Record, Table, Tables};
use crate::value::{Case, ValueRef};

/// The table that is sorted, among others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'t> {
    pub(super) tables: Tables<'t>,
    pub(super) table: &'t Table,
    pub(super) place: u32,
}

impl<'t> Source<'t> {
    pub(super) fn record(&self, row: u32) -> Option<Record<'t>> {
        self.tables.record_of(self.table, self.place, row as usize)
    }
}

/// Where an order is not there yet, it is made for a sort of one row in so many,
const SHARE: usize = 8;
/// or after so many sorts.
pub(super) const WORTH: u32 = 4;

/// The column that a key sorts by as it is stored, case aside.
pub(super) fn column_of<'t>(source: &Source<'t>, key: &SortKey) -> Option<&'t Column> {
    let field = source.table.schema().fields().get(key.path.slot())?;
    let column = source.table.columns().get(key.path.slot())?;
    let is_stored = key.reading == Reading::Stored || field.reference.is_none();
    (is_stored && key.case == Case::Ignore && key.kind == column.kind()).then_some(column)
}

/// The order of a column, if it is there or worth to be made for a sort of so many rows.
pub(super) fn order_of<'t>(
    source: &Source<'t>,
    column: &'t Column,
    total: usize,
) -> Option<&'t Order> {
    let rows = source.table.rows();
    if total.saturating_mul(SHARE) >= rows {
        return Some(column.order(rows));
    }
    column.order_if_worth(rows, WORTH, 1)
}

/// The keys of a sort as ranks.
pub(super) struct Keys<'t>(Vec<Key<'t>>);

/// The ranks of one key.
struct Key<'t> {
    source: Ranks<'t>,
    /// The highest rank.
    most: u32,
    direction: Direction,
}

enum Ranks<'t> {
    /// By the order of a column.
    Ordered { column: &'t Column, order: &'t Order },
    /// By entry of a column, or by row.
    Made { column: Option<&'t Column>, ranks: Vec<u32> },
}

impl<'t> Keys<'t> {
    /// Nothing if comparing values is less work.
    pub(super) fn of(source: &Source<'t>, order: &[SortKey], total: usize) -> Option<Self> {
        if total <= source.table.thresholds().compared {
            return None;
        }
        order.iter().map(|key| Key::of(source, key, total)).collect::<Option<_>>().map(Self)
    }

    /// How many bits the keys of a row have together.
    pub(super) fn bits(&self) -> u32 {
        self.0.iter().map(Key::bits).sum()
    }

    /// The keys of a row as one number, the most significant first; nothing if its value is newer than
    /// the order of a column.
    #[inline]
    pub(super) fn pack<P: Packed>(&self, row: usize) -> Option<P> {
        self.0
            .iter()
            .try_fold(P::default(), |packed, key| Some(packed.then(key.bits(), key.rank(row)?)))
    }
}

impl<'t> Key<'t> {
    fn of(source: &Source<'t>, key: &SortKey, total: usize) -> Option<Self> {
        let direction = key.direction;
        if let Some(column) = column_of(source, key) {
            let order = order_of(source, column, total)?;
            let most = u32::try_from(order.len()).unwrap_or(u32::MAX);
            return Some(Self { source: Ranks::Ordered { column, order }, most, direction });
        }
        let slot = key.path.references().next().unwrap_or(key.path.target_slot());
        let column = source.table.columns().get(slot)?;
        let Source { tables, table, place } = *source;
        let shared = matches!(column.store(), Store::Shared(_)).then_some(column);
        let ranks = match shared {
            Some(column) => {
                let entry = |number| Entry { tables, place, slot, column, number };
                let entries: Vec<Entry<'t>> = (0..column.entries()).map(entry).collect();
                let value =
                    |at: usize| entries.get(at).map(|entry| key.reading.of(entry, &key.path));
                ranks_of(entries.len(), |at| value(at).unwrap_or_default(), key)
            }
            // Only worth it where most rows are sorted.
            None if total.saturating_mul(SHARE) < table.rows() => return None,
            None => {
                let records: Vec<Option<Record<'t>>> =
                    (0..table.rows()).map(|row| tables.record_of(table, place, row)).collect();
                let value = |at: usize| {
                    let record = records.get(at).and_then(Option::as_ref);
                    record.map(|record| key.reading.of(record, &key.path))
                };
                ranks_of(records.len(), |at| value(at).unwrap_or_default(), key)
            }
        };
        let most = ranks.iter().copied().max().unwrap_or(0);
        Some(Self { source: Ranks::Made { column: shared, ranks }, most, direction })
    }

    fn bits(&self) -> u32 {
        u32::BITS - self.most.leading_zeros()
    }

    #[inline]
    fn rank(&self, row: usize) -> Option<u32> {
        let rank = match &self.source {
            Ranks::Made { column, ranks } => {
                let entry = column.map_or(row, |column| column.entry(row));
                ranks.get(entry).copied().unwrap_or(0)
            }
            Ranks::Ordered { column, order } => rank_in(column, order, row)?,
        };
        Some(match self.direction {
            Direction::Ascending => rank,
            Direction::Descending => self.most - rank,
        })
    }
}

#[inline]
fn rank_in(column: &Column, order: &Order, row: usize) -> Option<u32> {
    if let Store::Shared(dictionary) = column.store() {
        return order.ranks().get(dictionary.codes.at(row) as usize).copied();
    }
    let has_changed = || column.has_changed(u32::try_from(row).unwrap_or(u32::MAX));
    if row >= order.covered() {
        // Rows behind the last value are empty.
        return (row >= column.len()).then_some(0);
    }
    if !column.is_unchanged() && has_changed() {
        return None;
    }
    Some(order.ranks().get(row).copied().unwrap_or(0))
}

/// The rank of each of some values; equal ones share it.
fn ranks_of<'v>(count: usize, value: impl Fn(usize) -> ValueRef<'v>, key: &SortKey) -> Vec<u32> {
    let values: Vec<ValueRef<'v>> = (0..count).map(value).collect();
    let order = |a: &usize, b: &usize| match (values.get(*a), values.get(*b)) {
        (Some(a), Some(b)) => compare(a, b, key.kind, key.case),
        _ => Ordering::Equal,
    };
    let mut entries: Vec<usize> = (0..count).collect();
    entries.sort_unstable_by(order);
    let (mut ranks, mut rank) = (vec![0; count], 0);
    for (at, entry) in entries.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| entries.get(before));
        if before.is_some_and(|before| order(before, entry).is_ne()) {
            rank += 1;
        }
        if let Some(place) = ranks.get_mut(*entry) {
            *place = rank;
        }
    }
    ranks
}

/// A number that several ranks are packed into.
pub(super) trait Packed: Ord + Copy + Default {
    /// The number with a rank of so many bits behind it.
    fn then(self, bits: u32, rank: u32) -> Self;
}

macro_rules! packed {
    ($($number:ty)*) => {$(
        impl Packed for $number {
            #[inline]
            fn then(self, bits: u32, rank: u32) -> Self {
                self << bits | Self::from(rank)
            }
        }
    )*};
}
packed!(u64 u128);
