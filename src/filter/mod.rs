//! Bound filters: what a row must meet. Flat data, and the one meaning of each test.

mod bound;
mod predicate;

use std::cmp::Ordering;

pub use bound::{BoundClause, BoundQuery, SortKey};
pub use predicate::{Bounds, Operand, Pattern, Predicate, TextTest};

use crate::operator::Relation;
use crate::schema::FieldPath;
use crate::value::{Case, Kind, ValueRef};

/// A record that can be filtered and sorted.
///
/// ```
/// use encoded_query::{FieldPath, Row, ValueRef};
///
/// struct Person { name: String, visits: i64 }
///
/// impl Row for Person {
///     fn value(&self, path: &FieldPath) -> ValueRef<'_> {
///         match path.as_str() {
///             "name" => self.name.as_str().into(),
///             "visits" => self.visits.into(),
///             _ => ValueRef::Empty,
///         }
///     }
/// }
/// ```
pub trait Row {
    /// The stored value of a field.
    fn value(&self, path: &FieldPath) -> ValueRef<'_>;

    /// What stands for the value where people read or sort it: for a reference the display value of
    /// the record it points to, if there is one.
    fn display(&self, path: &FieldPath) -> ValueRef<'_> {
        self.value(path)
    }
}

impl<R: Row + ?Sized> Row for &R {
    fn value(&self, path: &FieldPath) -> ValueRef<'_> {
        (**self).value(path)
    }

    fn display(&self, path: &FieldPath) -> ValueRef<'_> {
        (**self).display(path)
    }
}

/// Which of a field's two values is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// [`Row::value`].
    Stored,
    /// [`Row::display`].
    Display,
}

impl Reading {
    /// The value of that field.
    #[inline]
    pub fn of<'r, R: Row + ?Sized>(self, row: &'r R, path: &FieldPath) -> ValueRef<'r> {
        match self {
            Self::Stored => row.value(path),
            Self::Display => row.display(path),
        }
    }
}

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
    #[inline]
    pub fn matches<R: Row + ?Sized>(&self, row: &R) -> bool {
        match self {
            Self::Value { path, reading, predicate } => predicate.matches(&reading.of(row, path)),
            Self::Fields(test) => test.matches(row),
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

/// A filter: a row passes if it passes one branch; a branch, if all its groups do; a group, if one
/// of its tests does. Without branches every row passes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    steps: Vec<Step>,
}

/// A test and where its answer leads, so that a row is asked nothing that is decided.
#[derive(Clone, Debug, PartialEq)]
struct Step {
    test: Test,
    place: Placement,
    /// The next step if the row meets the test.
    then: u32,
    /// The next step if it does not.
    otherwise: u32,
}

/// Ends of the walk, beyond any step.
const PASSES: u32 = u32::MAX;
const FAILS: u32 = u32::MAX - 1;

impl Filter {
    /// Adds a test as an alternative of the last group, or in a new group or branch.
    pub(crate) fn push(&mut self, place: Placement, test: Test) {
        let next = u32::try_from(self.steps.len()).unwrap_or(FAILS);
        match place {
            Placement::SameGroup => self.since(place).iter_mut().for_each(|s| s.otherwise = next),
            Placement::NewGroup => self.since(place).iter_mut().for_each(|s| s.then = next),
            Placement::NewBranch => {
                let open = |step: &&mut Step| step.otherwise == FAILS;
                self.since(place).iter_mut().filter(open).for_each(|s| s.otherwise = next);
            }
        }
        let place = if next == 0 { Placement::NewBranch } else { place };
        self.steps.push(Step { test, place, then: PASSES, otherwise: FAILS });
    }

    /// The last step, or the last group or branch of steps.
    fn since(&mut self, place: Placement) -> &mut [Step] {
        let start = self.steps.iter().rposition(|step| step.place >= place);
        self.steps.get_mut(start.unwrap_or_default()..).unwrap_or_default()
    }

    /// The branches, each a list of groups, each a list of tests.
    pub fn branches(
        &self,
    ) -> impl Iterator<Item = impl Iterator<Item = impl Iterator<Item = &Test>>> {
        let same_branch = |_: &Step, next: &Step| next.place < Placement::NewBranch;
        let same_group = |_: &Step, next: &Step| next.place < Placement::NewGroup;
        self.steps.chunk_by(same_branch).map(move |branch| {
            branch.chunk_by(same_group).map(|group| group.iter().map(|step| &step.test))
        })
    }

    /// Whether the row passes.
    #[inline]
    pub fn matches<R: Row + ?Sized>(&self, row: &R) -> bool {
        if self.steps.is_empty() {
            return true;
        }
        let mut at = 0;
        while let Some(step) = self.steps.get(at as usize) {
            at = if step.test.matches(row) { step.then } else { step.otherwise };
        }
        at == PASSES
    }
}

/// Where a test stands in a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Placement {
    SameGroup,
    NewGroup,
    NewBranch,
}
