//! What a row may be asked.

use std::cmp::Ordering;
use std::sync::Arc;

use super::lookup::{Found, Keys, day};
use super::predicate::{Predicate, each};
use super::{Reading, Row};
use crate::calendar::Calendar;
use crate::function::Unit;
use crate::operator::Relation;
use crate::schema::FieldPath;
use crate::value::{Case, Date, Kind, ValueRef};

/// One thing a row may be asked.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Test {
    /// A value meets a predicate.
    Value {
        /// The field.
        path: FieldPath,
        /// Which value of it.
        reading: Reading,
        /// What it must meet.
        predicate: Predicate,
    },
    /// Two fields stand in a relation.
    Fields(Box<FieldsTest>),
    /// A value changed. Without the row as it was before, nothing did.
    Change(Box<ChangeTest>),
    /// Every word stands in one of some fields.
    AnyText {
        /// The fields.
        paths: Box<[FieldPath]>,
        /// For each word that a value holds it.
        words: Box<[Predicate]>,
    },
    /// So many rows of another table belong to this one.
    Related(Box<RelatedTest>),
}

/// A comparison of two fields of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldsTest {
    /// The field before the operator, and how it is read.
    pub left: (FieldPath, Kind),
    /// The field after the operator, and how it is read.
    pub right: (FieldPath, Kind),
    /// What both are compared as.
    pub kind: Kind,
    /// How they must stand.
    pub comparison: Comparison,
    /// The answer when either is empty.
    pub on_empty: bool,
    /// How texts compare.
    pub case: Case,
    /// What dates are reckoned with.
    pub calendar: Arc<Calendar>,
}

/// How two fields must stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Comparison {
    /// In order.
    Ordered(Relation),
    /// In one unit of the calendar (`Equal`), or in two.
    InUnit(Unit, Relation),
    /// The left at a distance from the right.
    Distance(Distance),
}

/// How far from a date another lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Distance {
    /// `Greater` beyond the distance, else within it.
    pub relation: Relation,
    /// The unit it is counted in.
    pub unit: Unit,
    /// How many units, negative for [`Side::Before`].
    pub count: i64,
    /// Which side of the date.
    pub side: Side,
}

/// A side of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Earlier.
    Before,
    /// Later.
    After,
}

/// A value that must have changed.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeTest {
    /// The field.
    pub path: FieldPath,
    /// How its values are compared.
    pub kind: Kind,
    /// How texts compare.
    pub case: Case,
    /// What it must have been before.
    pub from: Option<Predicate>,
    /// What it must be.
    pub to: Option<Predicate>,
}

/// A count of rows of another table.
#[derive(Clone, Debug, PartialEq)]
pub struct RelatedTest {
    /// The field of this row that they are looked up by, and how it is read.
    pub path: (FieldPath, Kind),
    /// How keys compare.
    pub keys: Keys,
    /// Which of the plan's lookups holds them.
    pub lookup: usize,
    /// How their number must stand to `count`.
    pub relation: Relation,
    /// What their number is compared with.
    pub count: u64,
}

impl Test {
    /// Whether the row meets the test. What asks for rows of other tables holds for none.
    pub fn matches<R: Row + ?Sized>(&self, row: &R) -> bool {
        self.matching(&[row], 1, &[]) != 0
    }

    /// Which of the candidates among the rows meet the test, as bits.
    #[inline]
    pub(crate) fn matching<R: Row>(
        &self,
        rows: &[R],
        candidates: u64,
        found: &[Arc<Found>],
    ) -> u64 {
        let ask =
            |holds: &dyn Fn(&R) -> bool| each(candidates, |at| rows.get(at).is_some_and(holds));
        match self {
            Self::Value { path, reading, predicate } => predicate.matching(candidates, |at| {
                rows.get(at).map_or(ValueRef::Empty, |row| reading.of(row, path))
            }),
            Self::Fields(test) => ask(&|row| test.matches(row)),
            Self::Change(test) => ask(&|row| test.matches(row)),
            Self::AnyText { paths, words } => ask(&|row| {
                let holds =
                    |word: &Predicate| paths.iter().any(|path| word.matches(&row.value(path)));
                words.iter().all(holds)
            }),
            Self::Related(test) => {
                found.get(test.lookup).map_or(0, |found| ask(&|row| test.matches(row, found)))
            }
        }
    }
}

impl FieldsTest {
    /// Whether the row meets the test.
    pub fn matches<R: Row + ?Sized>(&self, row: &R) -> bool {
        let (left, right) = (row.value(&self.left.0), row.value(&self.right.0));
        if !left.is_filled(self.left.1) || !right.is_filled(self.right.1) {
            return self.on_empty;
        }
        let answer = match self.comparison {
            Comparison::Ordered(relation) => Some(relation.accepts(self.order(&left, &right))),
            Comparison::InUnit(unit, relation) => {
                self.share(unit, &left, &right).map(|same| same == (relation == Relation::Equal))
            }
            Comparison::Distance(distance) => self.stands(&left, &right, distance),
        };
        answer.unwrap_or(self.on_empty)
    }

    fn order(&self, left: &ValueRef<'_>, right: &ValueRef<'_>) -> Ordering {
        if self.kind == Kind::Date {
            return self
                .days(left, right)
                .map_or(Ordering::Equal, |(left, right)| left.cmp(&right));
        }
        compare(left, right, self.kind, self.case)
    }

    fn days(&self, left: &ValueRef<'_>, right: &ValueRef<'_>) -> Option<(Date, Date)> {
        let left = day(left, self.left.1, &self.calendar)?;
        Some((left, day(right, self.right.1, &self.calendar)?))
    }

    /// Whether both lie in the same unit.
    fn share(&self, unit: Unit, left: &ValueRef<'_>, right: &ValueRef<'_>) -> Option<bool> {
        if self.kind == Kind::Date {
            let (left, right) = self.days(left, right)?;
            let (first, last) = self.calendar.unit_of_day(right, unit);
            return Some(first <= left && left <= last);
        }
        let (first, last) = self.calendar.unit_around(right.date_time()?, unit);
        let left = left.date_time()?;
        Some(first <= left && left <= last)
    }

    fn stands(
        &self,
        left: &ValueRef<'_>,
        right: &ValueRef<'_>,
        distance: Distance,
    ) -> Option<bool> {
        let Distance { unit, count, .. } = distance;
        if self.kind == Kind::Date {
            let (left, right) = self.days(left, right)?;
            return Some(distance.holds(left, right, Calendar::moved_day(right, unit, count)));
        }
        let (left, right) = (left.date_time()?, right.date_time()?);
        Some(distance.holds(left, right, self.calendar.moved(right, unit, count)))
    }
}

impl Distance {
    /// Whether a date lies beyond the end of the distance, or from its start to its end.
    fn holds<T: Ord + Copy>(self, date: T, start: T, end: T) -> bool {
        match (self.relation, self.side) {
            (Relation::Greater, Side::Before) => date < end,
            (Relation::Greater, Side::After) => date > end,
            (_, Side::Before) => end <= date && date <= start,
            (_, Side::After) => start <= date && date <= end,
        }
    }
}

impl ChangeTest {
    /// Whether the row meets the test. A value that is only spelled otherwise is the same.
    pub fn matches<R: Row + ?Sized>(&self, row: &R) -> bool {
        let Some(before) = row.before(&self.path) else { return false };
        let after = row.value(&self.path);
        let fits = |wanted: &Option<Predicate>, value| {
            wanted.as_ref().is_none_or(|wanted| wanted.matches(value))
        };
        compare(&before, &after, self.kind, self.case).is_ne()
            && fits(&self.from, &before)
            && fits(&self.to, &after)
    }
}

impl RelatedTest {
    fn matches<R: Row + ?Sized>(&self, row: &R, found: &Found) -> bool {
        let value = row.value(&self.path.0);
        let key = self.keys.key(&value, self.path.1);
        let count = key.and_then(|key| found.get(&key)).copied().unwrap_or_default();
        self.relation.accepts(count.cmp(&self.count))
    }
}

/// The order of two values read as `kind`; what does not read as it comes before what does.
pub fn compare(a: &ValueRef<'_>, b: &ValueRef<'_>, kind: Kind, case: Case) -> Ordering {
    match kind {
        Kind::Text => match (a.text(), b.text()) {
            (Some(a), Some(b)) => case.compare(&a, &b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        },
        Kind::Number => a.number().cmp(&b.number()),
        Kind::Boolean => a.boolean().cmp(&b.boolean()),
        Kind::Date => a.date().cmp(&b.date()),
        Kind::DateTime => a.date_time().cmp(&b.date_time()),
    }
}
