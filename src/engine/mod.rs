//! The engines: both filter, sort and page; one rows of any kind, the other tables by their columns.

mod analysis;
mod choose;
mod column;
mod hits;
mod index;
mod late;
mod narrow;
mod posted;
mod rank;
mod row;
mod search;
mod sort;
mod sparse;
mod way;
mod ways;

use std::sync::Arc;

pub use analysis::{Analysis, Means, PageMeans, Step};
pub(crate) use column::Chosen;
pub(crate) use row::select as select_rows;

use crate::filter::{Filter, Found};

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
    /// The page of so many matching rows.
    fn of_sorted(rows: Vec<R>, total: u64, page: PageRequest) -> Self {
        let end = page.offset.saturating_add(page.limit);
        let counted = (page.count == Count::Exact).then_some(total);
        Self { rows, has_more: end < total, total: counted }
    }

    /// The answer where nothing may match.
    pub(crate) fn none(count: Count) -> Self {
        Self { rows: Vec::new(), has_more: false, total: (count == Count::Exact).then_some(0) }
    }
}

/// What is asked of each row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'p, 'f> {
    /// All must pass.
    pub(crate) filters: &'p [Filter],
    /// What the lookups in them found.
    pub(crate) found: &'f [Arc<Found>],
}
