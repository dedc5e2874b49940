//! Bound filters: what a row must meet. Flat data, and the one meaning of each test.

mod bound;
mod lookup;
mod predicate;
mod reach;
mod test;

pub use bound::{Bound, BoundBlock, BoundClause, BoundQuery, SortKey};
pub(crate) use lookup::Found;
pub use lookup::{Keys, Lookup, LookupRows};
pub use predicate::{Bounds, Operand, PartTest, Pattern, Predicate, TextTest};
pub(crate) use reach::TextRange;
pub use test::{ChangeTest, Comparison, Distance, FieldsTest, RelatedTest, Side, Test, compare};

use std::sync::Arc;

use crate::bits::{self, WORD};
use crate::schema::FieldPath;
use crate::value::ValueRef;

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

    /// The stored value of a field before the last change; `None` if that is not known.
    ///
    /// Source: the operators `VALCHANGES`, `CHANGESFROM` and `CHANGESTO`.
    fn before(&self, path: &FieldPath) -> Option<ValueRef<'_>> {
        let _ = path;
        None
    }
}

/// A row, with itself as it was before if that is known.
#[derive(Clone, Copy, Debug)]
pub struct Changed<A, B> {
    /// The row as it was.
    pub before: Option<B>,
    /// The row as it is.
    pub after: A,
}

impl<A: Row, B: Row> Row for Changed<A, B> {
    fn value(&self, path: &FieldPath) -> ValueRef<'_> {
        self.after.value(path)
    }

    fn display(&self, path: &FieldPath) -> ValueRef<'_> {
        self.after.display(path)
    }

    fn before(&self, path: &FieldPath) -> Option<ValueRef<'_>> {
        self.before.as_ref().map(|before| before.value(path))
    }
}

impl<R: Row + ?Sized> Row for &R {
    fn value(&self, path: &FieldPath) -> ValueRef<'_> {
        (**self).value(path)
    }

    fn display(&self, path: &FieldPath) -> ValueRef<'_> {
        (**self).display(path)
    }

    fn before(&self, path: &FieldPath) -> Option<ValueRef<'_>> {
        (**self).before(path)
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

/// Rows that are asked one test together, so that what the test is gets decided once for all.
pub(crate) const BLOCK: usize = WORD;

/// A filter: a row passes if it passes one branch; a branch, if all its groups do; a group, if one
/// of its tests does. Without branches every row passes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    steps: Vec<Step>,
}

/// A test and how it joins those before it.
#[derive(Clone, Debug, PartialEq)]
struct Step {
    place: Placement,
    test: Test,
}

impl Filter {
    /// Adds a test as an alternative of the last group, or in a new group or branch.
    pub(crate) fn push(&mut self, place: Placement, test: Test) {
        self.steps.push(Step { place, test });
    }

    /// Names lookups by numbers that are so much higher.
    pub(crate) fn shift_lookups(&mut self, by: usize) {
        for step in &mut self.steps {
            if let Test::Related(test) = &mut step.test {
                test.lookup += by;
            }
        }
    }

    /// Whether it has no test: then every row passes.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The branches, each a list of groups, each a list of tests.
    pub fn branches(
        &self,
    ) -> impl Iterator<Item = impl Iterator<Item = impl Iterator<Item = &Test>>> {
        self.split().map(|branch| branch.map(|group| group.iter().map(|step| &step.test)))
    }

    fn split(&self) -> impl Iterator<Item = impl Iterator<Item = &[Step]>> {
        let same_branch = |_: &Step, next: &Step| next.place < Placement::NewBranch;
        let same_group = |_: &Step, next: &Step| next.place < Placement::NewGroup;
        self.steps.chunk_by(same_branch).map(move |branch| branch.chunk_by(same_group))
    }

    /// Whether the row passes. What asks for rows of other tables holds for none.
    pub fn matches<R: Row + ?Sized>(&self, row: &R) -> bool {
        self.matching(&[row], &[]) != 0
    }

    /// Which of the rows pass, as bits from the lowest; of no more than a [`BLOCK`] of them.
    ///
    /// A test is asked of the rows it can still decide about.
    #[inline]
    pub(crate) fn matching<R: Row>(&self, rows: &[R], found: &[Arc<Found>]) -> u64 {
        let all = bits::low(rows.len());
        if self.steps.is_empty() {
            return all;
        }
        let mut passed = 0;
        for branch in self.split() {
            let mut open = all & !passed;
            for group in branch {
                let mut hits = 0;
                for step in group {
                    hits |= step.test.matching(rows, open & !hits, found);
                }
                open = hits;
            }
            passed |= open;
        }
        passed
    }
}

/// Where a test stands in a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Placement {
    SameGroup,
    NewGroup,
    NewBranch,
}
