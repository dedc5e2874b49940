//! Sorting by ranks: the keys of a row are packed into one number, and only a page is put in order.

use super::rank::{Keys, Packed, Source, WORTH, column_of, order_of};
use super::row::{compare_rows, sorted};
use super::{PageMeans, PageRequest, Selection};
use crate::bits::Bits;
use crate::filter::SortKey;
use crate::syntax::Direction;
use crate::table::column::{Further, Order};

/// The rows to sort.
#[derive(Debug)]
pub(super) enum Matching {
    /// So many from the first on.
    All(usize),
    Some(Bits),
}

impl Matching {
    pub(super) fn count(&self) -> usize {
        match self {
            Self::All(rows) => *rows,
            Self::Some(bits) => bits.count(),
        }
    }

    fn has(&self, row: u32) -> bool {
        match self {
            Self::All(rows) => (row as usize) < *rows,
            Self::Some(bits) => bits.has(row as usize),
        }
    }

    /// The rows in their order.
    fn rows(&self) -> Vec<u32> {
        let narrow = |row: usize| u32::try_from(row).ok();
        match self {
            Self::All(rows) => (0..*rows).filter_map(narrow).collect(),
            Self::Some(bits) => bits.ones().filter_map(narrow).collect(),
        }
    }
}

/// The rows of the page of those that match, in order, and by which means they were found.
pub(super) fn page(
    source: &Source<'_>,
    matching: &Matching,
    order: &[SortKey],
    page: PageRequest,
) -> (Vec<u32>, PageMeans) {
    let total = matching.count();
    let place = |number: u64| usize::try_from(number).map_or(total, |number| number.min(total));
    let (offset, end) = (place(page.offset), place(page.offset.saturating_add(page.limit)));
    if offset >= end {
        return (Vec::new(), PageMeans::Stored);
    }
    let wanted = Wanted { matching, total, offset, end };
    if let [key] = order
        && let Some(rows) = walked(source, key, &wanted)
    {
        return (rows, PageMeans::Order);
    }
    let keys = Keys::of(source, order, total).filter(|keys| keys.bits() <= u128::BITS);
    let Some(keys) = keys else {
        return (compared(source, order, page, matching), PageMeans::Compared);
    };
    let is_short = keys.bits() <= u64::BITS;
    let sort = if is_short { ranked::<u64> } else { ranked::<u128> };
    let (rows, skipped) = order
        .first()
        .and_then(|key| front(source, key, &wanted))
        .unwrap_or_else(|| (matching.rows(), 0));
    let (offset, end) = (offset - skipped, end - skipped);
    (sort(source, &keys, order, Sorting { rows: &rows, offset, end }), PageMeans::Ranks)
}

/// Rows to put in order, and which of them are wanted then.
#[derive(Clone, Copy, Debug)]
struct Sorting<'r> {
    rows: &'r [u32],
    offset: usize,
    end: usize,
}

/// The page of rows found along the order of a column, each asked whether it matches, where so few are
/// asked that it is less work than asking all. Rows of equal value must be in the order of further keys.
pub(super) fn first(
    source: &Source<'_>,
    keys: &[SortKey],
    page: PageRequest,
    holds: impl Fn(u32) -> bool,
) -> Option<Selection<u32>> {
    /// One row in so many.
    const FEW: usize = 64;
    let ([key, rest @ ..], rows) = (keys, source.table.rows()) else { return None };
    let column = column_of(source, key)?;
    let order = column.order_if_worth(rows, WORTH, 1)?;
    let end = page.offset.checked_add(page.limit)?;
    if order.covered() != rows || !column.is_unchanged() || end >= (rows / FEW) as u64 {
        return None;
    }
    let further = further(source, rest)?;
    let (mut asked, mut seen, mut found) = (0, 0, Vec::new());
    let mut ask = |row: &u32| {
        asked += 1;
        if holds(*row) {
            if (page.offset..end).contains(&seen) {
                found.push(*row);
            }
            seen += 1;
        }
        seen <= end && asked < rows / FEW
    };
    let mut ask_all = |rank: usize| match order.rows(rank..rank + 1) {
        rows if rest.is_empty() || rows.len() < 2 => rows.iter().all(&mut ask),
        rows => {
            let sort = || in_order_of(source, rest, rows);
            let group = u32::try_from(rank).ok();
            let sorted = group.and_then(|group| {
                order.refined().group(group, &further, source.table.rows(), sort)
            });
            sorted.is_some_and(|rows| rows.iter().all(&mut ask))
        }
    };
    match key.direction {
        Direction::Ascending => (0..order.len()).all(&mut ask_all),
        Direction::Descending => (0..order.len()).rev().all(&mut ask_all),
    };
    (seen > end).then_some(Selection { rows: found, has_more: true, total: None })
}

/// Further keys as what groups are known by; nothing if not all are columns.
fn further(source: &Source<'_>, keys: &[SortKey]) -> Option<Further> {
    let of = |key: &SortKey| {
        column_of(source, key).map(|column| (key.path.slot(), column.stamp(), key.direction))
    };
    keys.iter().map(of).collect()
}

/// Some rows in the order of keys, those of removed records perhaps left out.
fn in_order_of(source: &Source<'_>, keys: &[SortKey], rows: &[u32]) -> Vec<u32> {
    let some = rows.iter().map(|row| *row as usize);
    let matching = Matching::Some(Bits::of(source.table.rows(), some));
    page(source, &matching, keys, PageRequest::ALL).0
}

/// The rows that match, and which of them are wanted once they are in order.
struct Wanted<'w> {
    matching: &'w Matching,
    total: usize,
    offset: usize,
    end: usize,
}

/// Sorts by comparing values.
fn compared(
    source: &Source<'_>,
    order: &[SortKey],
    page: PageRequest,
    matching: &Matching,
) -> Vec<u32> {
    let record = |row: u32| Some((row as usize, source.record(row)?));
    let records = matching.rows().into_iter().filter_map(record).collect();
    let page = sorted(records, order, page).rows;
    page.iter().filter_map(|record| u32::try_from(record.number()).ok()).collect()
}

/// The order of a column that all rows are in, where going through it until the page is full is
/// short.
fn short_order<'t>(source: &Source<'t>, key: &SortKey, wanted: &Wanted<'_>) -> Option<&'t Order> {
    let column = column_of(source, key)?;
    let rows = source.table.rows();
    if wanted.end.saturating_mul(rows) > wanted.total.saturating_mul(wanted.total) {
        return None;
    }
    let order = order_of(source, column, wanted.total)?;
    (order.covered() == rows && column.is_unchanged()).then_some(order)
}

/// The matching rows that come first by the first of several keys, as many as are wanted or more, and
/// how many before them are left out.
fn front(source: &Source<'_>, key: &SortKey, wanted: &Wanted<'_>) -> Option<(Vec<u32>, usize)> {
    let order = short_order(source, key, wanted)?;
    let (mut rows, mut skipped) = (Vec::new(), 0);
    let mut add = |rank: usize| {
        let group = order.rows(rank..rank + 1);
        rows.extend(group.iter().filter(|row| wanted.matching.has(**row)));
        if skipped + rows.len() <= wanted.offset {
            skipped += rows.len();
            rows.clear();
        }
        skipped + rows.len() < wanted.end
    };
    match key.direction {
        Direction::Ascending => (0..order.len()).all(&mut add),
        Direction::Descending => (0..order.len()).rev().all(&mut add),
    };
    // Ties are decided by the number of the row.
    rows.sort_unstable();
    Some((rows, skipped))
}

/// Goes through all rows in the order of a column until the page is full, where that is short.
fn walked(source: &Source<'_>, key: &SortKey, wanted: &Wanted<'_>) -> Option<Vec<u32>> {
    let order = short_order(source, key, wanted)?;
    let rows = source.table.rows();
    let Wanted { matching, total, offset, end } = *wanted;
    let (is_all, length) = (total == rows, end - offset);
    let is_wanted = |row: &&u32| is_all || matching.has(**row);
    let rows: Vec<u32> = match key.direction {
        Direction::Ascending => {
            let in_order = order.rows(0..order.len());
            if is_all {
                return in_order.get(offset..end).map(<[u32]>::to_vec);
            }
            in_order.iter().filter(is_wanted).skip(offset).take(length).copied().collect()
        }
        Direction::Descending => {
            // Where all rows match, those in front need not be looked at.
            let first = if is_all { order.rank_at(rows - 1 - offset) } else { order.len() - 1 };
            let skipped = if is_all { rows - order.start(first + 1) } else { 0 };
            let in_order = (0..=first).rev().flat_map(|rank| order.rows(rank..rank + 1));
            in_order.filter(is_wanted).skip(offset - skipped).take(length).copied().collect()
        }
    };
    Some(rows)
}

/// Sorts by packed ranks; rows that have none yet are compared and put between.
fn ranked<P: Packed>(
    source: &Source<'_>,
    keys: &Keys<'_>,
    order: &[SortKey],
    sorting: Sorting<'_>,
) -> Vec<u32> {
    let Sorting { rows, offset, end } = sorting;
    let mut best = Best::<P>::new(end, rows.len());
    let mut newer = Vec::new();
    for row in rows {
        match keys.pack(*row as usize) {
            Some(packed) => best.offer((packed, *row)),
            None => newer.push(*row),
        }
    }
    if newer.is_empty() {
        return best.into_sorted(offset);
    }
    let rows = best.into_sorted(0);
    let compare = |a: u32, b: u32| match (source.record(a), source.record(b)) {
        (Some(one), Some(other)) => compare_rows(&one, &other, order).then(a.cmp(&b)),
        _ => a.cmp(&b),
    };
    newer.sort_unstable_by(|a, b| compare(*a, *b));
    let place = |row: &u32| rows.partition_point(|other| compare(*other, *row).is_lt());
    let mut merged = Vec::with_capacity(rows.len() + newer.len());
    let mut taken = 0;
    for (row, place) in newer.iter().map(|row| (row, place(row))) {
        merged.extend_from_slice(rows.get(taken..place).unwrap_or_default());
        merged.push(*row);
        taken = place;
    }
    merged.extend_from_slice(rows.get(taken..).unwrap_or_default());
    merged.into_iter().take(end).skip(offset).collect()
}

/// The lowest of some rows by key, then by row, without more memory than they need.
struct Best<P> {
    count: usize,
    room: usize,
    rows: Vec<(P, u32)>,
    /// None that comes behind this is among the lowest.
    last: Option<(P, u32)>,
}

impl<P: Packed> Best<P> {
    fn new(count: usize, total: usize) -> Self {
        const LEAST_ROOM: usize = 256;
        let room = count.saturating_mul(2).max(LEAST_ROOM).min(total.max(1));
        Self { count, room, rows: Vec::with_capacity(room), last: None }
    }

    #[inline]
    fn offer(&mut self, row: (P, u32)) {
        if self.last.is_some_and(|last| row > last) {
            return;
        }
        if self.rows.len() == self.room && self.room > self.count {
            self.drop_last();
        }
        self.rows.push(row);
    }

    /// Keeps the lowest ones only.
    fn drop_last(&mut self) {
        if let Some(last) = self.count.checked_sub(1).filter(|last| *last < self.rows.len()) {
            let (_, row, _) = self.rows.select_nth_unstable(last);
            self.last = Some(*row);
            self.rows.truncate(self.count);
        }
    }

    /// The lowest in order, without the first of them.
    fn into_sorted(mut self, skipped: usize) -> Vec<u32> {
        self.drop_last();
        let skipped = skipped.min(self.rows.len());
        if skipped > 0 && skipped < self.rows.len() {
            self.rows.select_nth_unstable(skipped);
        }
        let page = self.rows.get_mut(skipped..).unwrap_or_default();
        page.sort_unstable();
        page.iter().map(|(_, row)| *row).collect()
    }
}
