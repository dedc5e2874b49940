//! How a test is answered for 64 rows at once: by their columns, in the way that costs least.

use std::cell::{OnceCell, RefCell};
use std::ops::RangeInclusive;
use std::sync::Arc;

use smallvec::SmallVec;

use super::analysis::Means;
use super::hits::Hits;
use super::index::{Index, Ranks};
use super::late::Late;
use super::posted::Posted;
use super::search::Search;
use super::sparse::Sparse;
use crate::bits::{Bits, WORD};
use crate::filter::{Found, Predicate, Test};
use crate::operator::Relation;
use crate::schema::FieldPath;
use crate::table::column::{Column, Dictionary, Ids, Lane, Numbers, Order, Own, Typed};
use crate::table::{Table, Tables};

/// Ranges or ids up to which 64 rows are compared with each at once, rather than sought one by one:
/// about where both take the same time.
pub(super) const FEW_WANTED: usize = 12;

/// A test with the way it is answered.
#[derive(Debug)]
pub(super) struct Way<'q> {
    pub(super) answer: Answer<'q>,
    /// Rows whose values the way does not see, and what answers for them.
    pub(super) exceptions: Option<(Sparse, Asked<'q>)>,
}

/// The table that is asked, among others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asking<'q, 'f> {
    pub(super) tables: Tables<'q>,
    pub(super) table: &'q Table,
    pub(super) place: u32,
    /// What lookups found in other tables.
    pub(super) found: &'f [Arc<Found>],
    /// Where orders are noted that were not there, if anybody minds.
    pub(super) wishes: Option<&'f Wishes<'q>>,
}

/// Columns whose order would have helped, with how much work that would have saved.
#[derive(Clone, Debug, Default)]
pub(super) struct Wishes<'q>(RefCell<SmallVec<[(&'q Column, u32); 2]>>);

impl<'q> Wishes<'q> {
    /// The order of a column of a table, if it is there or worth to be made now.
    fn order(table: &Table, column: &'q Column, saved: u32) -> Option<&'q Order> {
        column.order_if_worth(table.rows(), table.thresholds().wishes, saved)
    }

    /// Wishes once more; whether one was granted.
    pub(super) fn are_granted(&self, table: &Table) -> bool {
        let wishes = self.0.borrow();
        let granted = wishes.iter().filter(|(of, saved)| Self::order(table, of, *saved).is_some());
        granted.count() > 0
    }
}

impl<'q> Asking<'q, '_> {
    /// The order of a column, if it is there or worth to be made now.
    pub(super) fn order(&self, column: &'q Column, saved: u32) -> Option<&'q Order> {
        let order = Wishes::order(self.table, column, saved);
        if let (None, Some(Wishes(wishes))) = (order, self.wishes) {
            wishes.borrow_mut().push((column, saved));
        }
        order
    }
}

/// A predicate on the values of a column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'q> {
    pub(super) column: &'q Column,
    pub(super) predicate: &'q Predicate,
}

/// The ways, by what stands where in memory.
#[derive(Debug)]
pub(super) enum Answer<'q> {
    /// No row meets it.
    Never,
    /// The rows are known.
    Rows(Sparse),
    /// It is one thing for rows that are filled and another for those that are not.
    Filled { filled: &'q Bits, if_filled: bool, if_empty: bool },
    /// Truth values: the answers for true, for false and for none.
    Flags { filled: &'q Bits, flags: &'q Bits, answers: [bool; 3] },
    /// It is all met where another test of the branch is.
    Joined,
    /// The rows of some ranks of the column's order.
    Index(Index<'q>),
    /// The same, by the rank of each.
    Ranks(Ranks<'q>),
    /// Numbers in ranges.
    Spans {
        asked: Asked<'q>,
        filled: &'q Bits,
        numbers: &'q Numbers,
        spans: Vec<RangeInclusive<i64>>,
        if_in: bool,
        if_empty: bool,
    },
    /// Codes of a dictionary's texts that meet it.
    Codes { dictionary: &'q Dictionary, hits: Hits },
    /// The same where all of them are frequent.
    Posted(Posted<'q>),
    /// The same, found when there is need.
    Late(Box<Late<'q>>),
    /// Some ids.
    Ids { filled: &'q Bits, ids: &'q Ids, wanted: Vec<u128>, if_in: bool, if_empty: bool },
    /// Texts that are searched as one.
    Search { own: &'q Own, search: Box<Search>, asked: Asked<'q> },
    /// Two numbers of a row in a relation.
    Pairs { left: &'q Typed<Lane>, right: &'q Typed<Lane>, relation: Relation, if_empty: bool },
    /// Each value is asked.
    Values(Asked<'q>),
    /// Every word stands in one of some columns.
    Words(Vec<Word<'q>>),
    /// Each record is asked.
    Records {
        tables: Tables<'q>,
        table: &'q Table,
        place: u32,
        test: &'q Test,
        found: Box<[Arc<Found>]>,
    },
}

/// A word that is looked for in some columns, by ways that are chosen when a record is left to ask.
#[derive(Debug)]
pub(super) struct Word<'q> {
    pub(super) asking: Asking<'q, 'q>,
    pub(super) paths: &'q [FieldPath],
    pub(super) predicate: &'q Predicate,
    pub(super) chosen: OnceCell<Vec<Way<'q>>>,
}

impl<'q> Word<'q> {
    pub(super) fn ways(&self) -> &[Way<'q>] {
        self.chosen.get_or_init(|| self.asking.ways_of_word(self.paths, self.predicate))
    }
}

impl Asked<'_> {
    pub(super) fn word(&self, at: usize, candidates: u64) -> u64 {
        let from = at * WORD;
        self.predicate.matching(candidates, |place| self.column.value(from + place))
    }
}

impl Way<'_> {
    /// Takes the rows out of `open`, from the word `at` on, that do not meet the test.
    #[inline]
    pub(super) fn narrow(&self, at: usize, open: &mut [u64]) {
        let Some((rows, asked)) = &self.exceptions else {
            return self.answer.narrow(at, open);
        };
        let ask = |(word_at, word): (usize, u64)| {
            let open = open.get(word_at - at).copied().unwrap_or(0);
            (word_at - at, word, asked.word(word_at, word & open))
        };
        let odd: Vec<(usize, u64, u64)> = rows.within(at..at + open.len()).map(ask).collect();
        self.answer.narrow(at, open);
        for (place, word, met) in odd {
            if let Some(open) = open.get_mut(place) {
                *open = *open & !word | met;
            }
        }
    }

    /// Whether another test of the branch asks for it too.
    pub(super) fn is_joined(&self) -> bool {
        matches!(self.answer, Answer::Joined)
    }

    /// How many rows meet the test, where that is known, or found by columns alone.
    pub(super) fn count(&self, rows: usize) -> Option<usize> {
        let Answer::Late(late) = &self.answer else { return self.known_count(rows) };
        let (dictionary, hits) = late.hits();
        Some(hits.count(dictionary, rows))
    }

    /// The same where it is known.
    pub(super) fn known_count(&self, rows: usize) -> Option<usize> {
        if self.exceptions.is_some() {
            return None;
        }
        let with_empty = |filled: &Bits, count: usize, if_empty: bool| {
            count + if if_empty { rows - filled.count() } else { 0 }
        };
        match &self.answer {
            Answer::Never => Some(0),
            Answer::Joined => Some(rows),
            Answer::Rows(found) => Some(found.count()),
            Answer::Index(index) => Some(index.count()),
            Answer::Filled { filled, if_filled, if_empty } => {
                let count = if *if_filled { filled.count() } else { 0 };
                Some(with_empty(filled, count, *if_empty))
            }
            Answer::Flags { filled, flags, answers: [if_true, if_false, if_empty] } => {
                let count = if *if_true { flags.count() } else { 0 };
                let falses = if *if_false { filled.count() - flags.count() } else { 0 };
                Some(with_empty(filled, count + falses, *if_empty))
            }
            Answer::Codes { dictionary, hits }
            | Answer::Posted(Posted { dictionary, hits, .. }) => Some(hits.count(dictionary, rows)),
            Answer::Late(late) => late.known_count(rows),
            Answer::Ranks(_)
            | Answer::Spans { .. }
            | Answer::Ids { .. }
            | Answer::Search { .. }
            | Answer::Pairs { .. }
            | Answer::Values(_)
            | Answer::Words(_)
            | Answer::Records { .. } => None,
        }
    }

    /// By which means it is answered.
    pub(super) fn means(&self) -> Means {
        match &self.answer {
            Answer::Never => Means::Nothing,
            Answer::Joined => Means::Joined,
            Answer::Rows(_) | Answer::Index(_) | Answer::Ranks(_) => Means::Index,
            Answer::Filled { .. } | Answer::Flags { .. } => Means::Bitmap,
            Answer::Spans { .. } => Means::Range,
            Answer::Posted(posted) if posted.is_kept() => Means::Bitmap,
            Answer::Codes { .. } | Answer::Posted(_) | Answer::Late(_) => Means::Dictionary,
            Answer::Ids { .. } => Means::Ids,
            Answer::Search { .. } | Answer::Words(_) => Means::Search,
            Answer::Pairs { .. } | Answer::Values(_) => Means::Values,
            Answer::Records { .. } => Means::Records,
        }
    }

    /// What it costs, by experience, to ask one row.
    pub(super) fn cost(&self) -> u32 {
        self.answer.cost()
    }
}

impl Answer<'_> {
    /// What it costs, by experience, to ask one row.
    pub(super) fn cost(&self) -> u32 {
        match self {
            Self::Never | Self::Joined => 0,
            Self::Index(_) => 2,
            Self::Ranks(ranks) => ranks.cost(),
            Self::Rows(_) | Self::Filled { .. } | Self::Flags { .. } => 1,
            Self::Spans { spans, .. } => {
                2 + u32::try_from(spans.len().min(FEW_WANTED)).unwrap_or(u32::MAX) * 2
            }
            Self::Posted(posted) if posted.is_kept() => 1,
            Self::Codes { hits, .. } | Self::Posted(Posted { hits, .. }) => hits.cost(),
            Self::Ids { wanted, .. } => {
                4 + u32::try_from(wanted.len().min(FEW_WANTED)).unwrap_or(u32::MAX) * 3
            }
            // Too much for a sample.
            Self::Search { .. } | Self::Late(_) => 10,
            Self::Pairs { .. } => 30,
            Self::Values(_) => 80,
            Self::Words(_) => 200,
            Self::Records { .. } => 300,
        }
    }
}
