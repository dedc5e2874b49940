//! What a row may be asked.

use std::cmp::Ordering;

use super::predicate::{Predicate, each};
use super::{Reading, Row};
use crate::operator::Relation;
use crate::schema::FieldPath;
use crate::value::{Case, Kind, ValueRef};

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
    Fields(FieldsTest),
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
    pub relation: Relation,
    /// The answer when either is empty.
    pub on_empty: bool,
    /// How texts compare.
    pub case: Case,
}

impl Test {
    /// Whether the row meets the test.
    pub fn matches<R: Row + ?Sized>(&self, row: &R) -> bool {
        self.matching(&[row], 1) != 0
    }

    /// Which of the candidates among the rows meet the test, as bits.
    #[inline]
    pub(super) fn matching<R: Row>(&self, rows: &[R], candidates: u64) -> u64 {
        match self {
            Self::Value { path, reading, predicate } => predicate.matching(candidates, |at| {
                rows.get(at).map_or(ValueRef::Empty, |row| reading.of(row, path))
            }),
            Self::Fields(test) => {
                each(candidates, |at| rows.get(at).is_some_and(|row| test.matches(row)))
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
        self.relation.accepts(compare(&left, &right, self.kind, self.case))
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
