//! The row engine: filters, sorts and pages any rows that answer by field.

use std::cmp::Ordering;

use crate::filter::{Filter, Row, SortKey, compare};
use crate::syntax::Direction;

/// Which part of a result is wanted.
///
/// ```
/// use encoded_query::{Count, PageRequest};
///
/// let page = PageRequest::default();
/// assert_eq!((page.offset, page.limit, page.count), (0, 10, Count::Exact));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// Matching rows to leave out in front. Default 0.
    pub offset: u64,
    /// Rows to give at most. Default 10; 0 gives none.
    ///
    /// Source: Contact API, `sysparm_limit` and `sysparm_offset`.
    pub limit: u64,
    /// Whether all matching rows are counted.
    pub count: Count,
}

/// Whether all matching rows are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Count {
    /// They are.
    #[default]
    Exact,
    /// They are not, so that work may stop at the end of the page.
    Skip,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { offset: 0, limit: 10, count: Count::Exact }
    }
}

impl PageRequest {
    /// Every row.
    pub const ALL: Self = Self { offset: 0, limit: u64::MAX, count: Count::Exact };
}

/// A page of the rows that match.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Selection<R> {
    pub(crate) rows: Vec<R>,
    pub(crate) has_more: bool,
    pub(crate) total: Option<u64>,
}

impl<R> Selection<R> {
    /// The answer where nothing may match.
    pub(crate) fn none(count: Count) -> Self {
        Self { rows: Vec::new(), has_more: false, total: (count == Count::Exact).then_some(0) }
    }
}

/// The page of those rows that pass every filter. Ties and unsorted rows stay in their order.
pub(crate) fn select<R: Row>(
    rows: impl IntoIterator<Item = R>,
    filters: &[Filter],
    order: &[SortKey],
    page: PageRequest,
) -> Selection<R> {
    let matching = rows.into_iter().filter(|row| filters.iter().all(|filter| filter.matches(row)));
    if order.is_empty() {
        return cut(matching, page);
    }
    sorted(matching.enumerate().collect(), order, page)
}

/// The page of rows that are all known, with their numbers to tell equal ones apart. Only those up
/// to its end are sorted.
fn sorted<R: Row>(mut rows: Vec<(usize, R)>, order: &[SortKey], page: PageRequest) -> Selection<R> {
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
    Selection {
        rows: rows.into_iter().skip(place(page.offset)).map(|(_, row)| row).collect(),
        has_more: end < total,
        total: (page.count == Count::Exact).then_some(total as u64),
    }
}

fn cut<R>(mut matching: impl Iterator<Item = R>, page: PageRequest) -> Selection<R> {
    let mut seen = 0_u64;
    let mut rows = Vec::new();
    let end = page.offset.saturating_add(page.limit);
    while seen < end {
        let Some(row) = matching.next() else { break };
        if seen >= page.offset {
            rows.push(row);
        }
        seen += 1;
    }
    // With a limit of 0 the rows before the offset have been passed over all the same.
    let further = match page.count {
        Count::Exact => matching.count() as u64,
        Count::Skip => u64::from(matching.next().is_some()),
    };
    let total = (page.count == Count::Exact).then_some(seen + further);
    Selection { rows, has_more: further > 0, total }
}

fn compare_rows<R: Row>(a: &R, b: &R, order: &[SortKey]) -> Ordering {
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
