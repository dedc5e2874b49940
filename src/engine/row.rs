//! The row engine: filters, sorts and pages any rows that answer by field.

use std::cmp::Ordering;
use std::ops::ControlFlow;

use super::{Asked, Count, PageRequest, Selection};
use crate::bits::low;
use crate::filter::{BLOCK, Filter, Row, SortKey, compare};
use crate::syntax::Direction;

impl Asked<'_, '_> {
    /// Which rows of a block pass, as bits.
    fn of<R: Row>(self, block: &[R]) -> u64 {
        let every = |passed, filter: &Filter| passed & filter.matching(block, self.found);
        self.filters.iter().fold(low(block.len()), every)
    }
}

/// The page of those rows that pass every filter. Ties and unsorted rows stay in their order.
pub(crate) fn select<R: Row>(
    rows: impl IntoIterator<Item = R>,
    asked: Asked<'_, '_>,
    order: &[SortKey],
    page: PageRequest,
) -> Selection<R> {
    if !order.is_empty() {
        let mut matching = Vec::new();
        each_block(rows, asked, |rows, passed| {
            matching.extend(passing(rows, passed));
            ControlFlow::Continue(())
        });
        return sorted(matching.into_iter().enumerate().collect(), order, page);
    }
    let end = page.offset.saturating_add(page.limit);
    let (mut found, mut seen, mut further) = (Vec::new(), 0, 0);
    each_block(rows, asked, |rows, passed| {
        let count = u64::from(passed.count_ones());
        let place =
            |number: u64| usize::try_from(number.saturating_sub(seen).min(count)).unwrap_or(BLOCK);
        let (first, last) = (place(page.offset), place(end));
        if first < last {
            found.extend(passing(rows, passed).skip(first).take(last - first));
        }
        seen += count;
        further = seen.saturating_sub(end);
        match page.count {
            Count::Skip if further > 0 => ControlFlow::Break(()),
            Count::Skip | Count::Exact => ControlFlow::Continue(()),
        }
    });
    let total = (page.count == Count::Exact).then_some(seen);
    Selection { rows: found, has_more: further > 0, total }
}

/// Gives the rows block by block, with those that pass every filter as bits.
fn each_block<R: Row>(
    rows: impl IntoIterator<Item = R>,
    asked: Asked<'_, '_>,
    mut visit: impl FnMut(&mut Vec<R>, u64) -> ControlFlow<()>,
) {
    let mut rows = rows.into_iter();
    let mut block = Vec::with_capacity(BLOCK);
    loop {
        block.extend(rows.by_ref().take(BLOCK));
        if block.is_empty() {
            return;
        }
        let passed = asked.of(&block);
        if visit(&mut block, passed).is_break() {
            return;
        }
        block.clear();
    }
}

/// Takes the rows whose bits are set.
fn passing<R>(rows: &mut Vec<R>, passed: u64) -> impl Iterator<Item = R> {
    rows.drain(..).zip(0..).filter(move |(_, at)| passed >> at & 1 == 1).map(|(row, _)| row)
}

/// The page of rows that are all known, with their numbers to tell equal ones apart. Only those up
/// to its end are sorted.
pub(super) fn sorted<R: Row>(
    mut rows: Vec<(usize, R)>,
    order: &[SortKey],
    page: PageRequest,
) -> Selection<R> {
    let compare = |(a_number, a): &(usize, R), (b_number, b): &(usize, R)| {
        compare_rows(a, b, order).then(a_number.cmp(b_number))
    };
    let total = rows.len();
    let place = |number: u64| usize::try_from(number).map_or(total, |number| number.min(total));
    let end = place(page.offset.saturating_add(page.limit));
    if end < total {
        rows.select_nth_unstable_by(end, compare);
        rows.truncate(end);
    }
    rows.sort_unstable_by(compare);
    let page_rows = rows.into_iter().skip(place(page.offset)).map(|(_, row)| row).collect();
    Selection::of_sorted(page_rows, total as u64, page)
}

pub(super) fn compare_rows<R: Row>(a: &R, b: &R, order: &[SortKey]) -> Ordering {
    order.iter().fold(Ordering::Equal, |before, key| {
        before.then_with(|| {
            let (a, b) = (key.reading.of(a, &key.path), key.reading.of(b, &key.path));
            let order = compare(&a, &b, key.kind, key.case);
            match key.direction {
                Direction::Ascending => order,
                Direction::Descending => order.reverse(),
            }
        })
    })
}
