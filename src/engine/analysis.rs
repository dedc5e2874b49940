//! How a query was answered: in which order, by which means, with how many records left, in what time.

use std::time::Duration;

/// A run over tables, taken apart. Times are those of the caller's clock.
///
/// Source: our choice; the platform does not tell.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Analysis {
    /// Records there are.
    pub records: u64,
    /// Records that match.
    pub matches: u64,
    /// Looking into the tables that blocks and hierarchies ask about.
    pub lookups: Duration,
    /// Choosing the means for each test; asking the values that many records share is part of it.
    pub choosing: Duration,
    /// The groups of the filters in the order they were asked.
    pub steps: Vec<Step>,
    /// Putting the matching records in order, if the query sorts, and taking the page.
    pub page: (PageMeans, Duration),
}

/// A group of a filter: records pass if one of its tests holds.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Step {
    /// The table whose records were asked.
    pub table: String,
    /// Number of the filter: 0 is the query, the others are its guards.
    pub filter: usize,
    /// Number of the branch in its filter.
    pub branch: usize,
    /// The tests in the order they were asked: their numbers in the filter, and by which means.
    pub tests: Vec<(usize, Means)>,
    /// Records that were asked, and that passed.
    pub records: (u64, u64),
    /// What it took.
    pub time: Duration,
}

/// The means by which a test is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Means {
    /// No record can meet it.
    Nothing,
    /// With another test of the same branch, which asks for both.
    Joined,
    /// The records were looked up: by `sys_id`, or by the sorted values of the column.
    Index,
    /// Which records have a value, a frequent one, or which are true, 64 at once.
    Bitmap,
    /// Numbers, days or seconds compared with bounds.
    Range,
    /// Each different value was asked once, the records have its code.
    Dictionary,
    /// Ids compared as numbers.
    Ids,
    /// All texts of the column searched as one.
    Search,
    /// Each value was asked.
    Values,
    /// Each record was asked.
    Records,
}

impl Means {
    /// In one word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Joined => "joined",
            Self::Index => "index",
            Self::Bitmap => "bitmap",
            Self::Range => "range",
            Self::Dictionary => "dictionary",
            Self::Ids => "ids",
            Self::Search => "search",
            Self::Values => "values",
            Self::Records => "records",
        }
    }
}

/// How a page was taken from the records that match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PageMeans {
    /// In the order of the records.
    Stored,
    /// Along the sorted values of the column.
    Order,
    /// By ranks, of the first part of the sorted values or of all that match.
    Ranks,
    /// By comparing values.
    Compared,
}

impl PageMeans {
    /// In one word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Order => "order",
            Self::Ranks => "ranks",
            Self::Compared => "compared",
        }
    }
}
