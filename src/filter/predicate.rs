//! Predicates: the meaning of every operator that looks at one value.

use std::borrow::{Borrow, Cow};
use std::sync::Arc;

use regex::Regex;

use crate::calendar::{Calendar, Part};
use crate::operator::{Place, Polarity, Relation};
use crate::value::{Case, Date, DateTime, Folded, FoldedSet, Kind, Number, ValueRef};

/// A typed operand with what it asks of a value, prepared once.
#[derive(Clone, Debug, PartialEq)]
pub struct Predicate {
    operand: Operand,
    polarity: Polarity,
    on_empty: bool,
}

/// What is asked of a value that is there, and what it is read as.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Operand {
    /// Nothing more than to be there.
    Present(Kind),
    /// Something of its stored text.
    Text(TextTest),
    /// Something of its number.
    Number(Bounds<Number<'static>>),
    /// Something of its truth value.
    Boolean(Bounds<bool>),
    /// Something of its day.
    Date(Bounds<Date>),
    /// Something of its instant.
    DateTime(Bounds<DateTime>),
    /// Something of a part of its day or instant.
    Part(Box<PartTest>),
}

/// A set of days or instants by a part of them.
#[derive(Clone, Debug, PartialEq)]
pub struct PartTest {
    /// What the value is read as: [`Kind::Date`] or [`Kind::DateTime`].
    pub kind: Kind,
    /// The part.
    pub part: Part,
    /// How it must stand to `number`.
    pub relation: Relation,
    /// What it is compared with.
    pub number: i32,
    /// The calendar that says what the part of an instant is.
    pub calendar: Arc<Calendar>,
}

impl PartTest {
    fn holds(&self, value: &ValueRef<'_>) -> Option<bool> {
        let number = match self.kind {
            Kind::DateTime => self.calendar.part(value.date_time()?, self.part),
            Kind::Text | Kind::Number | Kind::Boolean | Kind::Date => {
                Calendar::part_of_day(value.date()?, self.part)
            }
        };
        Some(self.relation.accepts(number.cmp(&self.number)))
    }
}

/// A set of ordered values.
#[derive(Clone, Debug, PartialEq)]
pub enum Bounds<T> {
    /// Those in a relation to one value.
    Compare(Relation, T),
    /// Those from the first to the second.
    Between(T, T),
    /// Those listed, in order.
    OneOf(Vec<T>),
}

/// A set of texts.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TextTest {
    /// Those in a relation to one text.
    Compare(Relation, Folded),
    /// Those from the first to the second.
    Between(Folded, Folded),
    /// Those listed.
    OneOf(FoldedSet),
    /// Those that hold a text.
    Contains(Place, Folded),
    /// Those whose folded form matches a pattern.
    Glob(Pattern, Case),
    /// Those that match a pattern.
    Regex(Pattern),
}

/// A compiled pattern; equal if the pattern is.
#[derive(Clone, Debug)]
pub struct Pattern(Regex);

impl Pattern {
    pub(crate) fn new(regex: Regex) -> Self {
        Self(regex)
    }

    /// The pattern as the regular expression it is compiled from.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Predicate {
    /// A predicate with its answer for a value that is not there or does not read as the operand's
    /// type.
    pub(crate) fn new(operand: Operand, polarity: Polarity, on_empty: bool) -> Self {
        Self { operand, polarity, on_empty }
    }

    /// What is asked of a value that is there.
    pub fn operand(&self) -> &Operand {
        &self.operand
    }

    /// Whether the answer to that is turned round.
    pub fn polarity(&self) -> Polarity {
        self.polarity
    }

    /// The answer for a value that is not there or does not read as the operand's type.
    pub fn on_empty(&self) -> bool {
        self.on_empty
    }

    /// Whether the value meets the predicate.
    pub fn matches(&self, value: &ValueRef<'_>) -> bool {
        self.matching(1, |_| value) != 0
    }

    /// Which of the candidates among some values meet the predicate, as bits: the only place where an
    /// operator's meaning is coded. What the operator is gets decided outside the loop over them.
    #[inline]
    pub(crate) fn matching<'v, V: Borrow<ValueRef<'v>>>(
        &self,
        candidates: u64,
        value: impl Fn(usize) -> V,
    ) -> u64 {
        let (positive, on_empty) = (self.polarity == Polarity::Positive, self.on_empty);
        macro_rules! ask {
            ($read:ident, $holds:expr) => {
                each(candidates, |at| {
                    let answer = $read(value(at).borrow(), $holds);
                    answer.map_or(on_empty, |answer| answer == positive)
                })
            };
        }
        match &self.operand {
            Operand::Present(kind) => ask!(itself, |value| value.is_filled(*kind).then_some(true)),
            Operand::Number(bounds) => ask!(itself, |value| Some(bounds.hold(&value.number()?))),
            Operand::Boolean(bounds) => ask!(itself, |value| Some(bounds.hold(&value.boolean()?))),
            Operand::Date(bounds) => ask!(itself, |value| Some(bounds.hold(&value.date()?))),
            Operand::DateTime(bounds) => {
                ask!(itself, |value| Some(bounds.hold(&value.date_time()?)))
            }
            Operand::Part(test) => ask!(itself, |value| test.holds(value)),
            Operand::Text(test) => match test {
                TextTest::Compare(Relation::Equal, wanted) => {
                    ask!(text, |text| wanted.equals(text))
                }
                TextTest::Compare(relation, wanted) => {
                    ask!(text, |text| relation.accepts(wanted.order_of(text)))
                }
                TextTest::Between(from, to) => {
                    ask!(text, |text| from.order_of(text).is_ge() && to.order_of(text).is_le())
                }
                TextTest::OneOf(list) => ask!(text, |text| list.contains(text)),
                TextTest::Contains(Place::Start, part) => ask!(text, |text| part.begins(text)),
                TextTest::Contains(Place::End, part) => ask!(text, |text| part.ends(text)),
                TextTest::Contains(Place::Anywhere, part) => ask!(text, |text| part.within(text)),
                TextTest::Glob(pattern, case) => {
                    ask!(text, |text| pattern.0.is_match(&case.fold(text)))
                }
                TextTest::Regex(pattern) => ask!(text, |text| pattern.0.is_match(text)),
            },
        }
    }
}

/// Asks each candidate.
#[inline]
pub(super) fn each(mut candidates: u64, holds: impl Fn(usize) -> bool) -> u64 {
    let mut hits = 0;
    while candidates != 0 {
        let at = candidates.trailing_zeros();
        hits |= u64::from(holds(at as usize)) << at;
        candidates &= candidates - 1;
    }
    hits
}

#[inline]
fn itself(value: &ValueRef<'_>, holds: impl Fn(&ValueRef<'_>) -> Option<bool>) -> Option<bool> {
    holds(value)
}

#[inline]
fn text(value: &ValueRef<'_>, holds: impl Fn(&str) -> bool) -> Option<bool> {
    match value.as_text() {
        Some(text) => Some(holds(text)),
        None => printed(value).map(|text| holds(&text)),
    }
}

/// Kept apart from the way most values go, as it may allocate.
#[inline(never)]
fn printed<'v>(value: &'v ValueRef<'_>) -> Option<Cow<'v, str>> {
    value.text()
}

impl<T: Ord> Bounds<T> {
    /// The values listed, in any order.
    pub(crate) fn one_of(mut values: Vec<T>) -> Self {
        values.sort_unstable();
        Self::OneOf(values)
    }

    /// Whether nothing can lie between the bounds.
    pub(crate) fn are_reversed(&self) -> bool {
        matches!(self, Self::Between(from, to) if from > to)
    }

    #[inline]
    fn hold(&self, value: &T) -> bool {
        match self {
            Self::Compare(relation, operand) => relation.accepts(value.cmp(operand)),
            Self::Between(from, to) => from <= value && value <= to,
            Self::OneOf(values) => values.binary_search(value).is_ok(),
        }
    }
}

impl TextTest {
    /// Whether nothing can lie between the bounds.
    pub(crate) fn is_reversed(&self) -> bool {
        matches!(self, Self::Between(from, to) if from.as_str() > to.as_str())
    }
}
