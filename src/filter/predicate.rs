//! Predicates: the meaning of every operator that looks at one value.

use std::borrow::Cow;

use regex::Regex;

use crate::operator::{Place, Polarity, Relation};
use crate::value::{Case, Date, DateTime, Folded, Kind, Number, ValueRef};

/// Up to so many texts are looked through faster than searched.
const FEW: usize = 8;

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
    /// Those listed, in order of their folded forms.
    OneOf(Vec<Folded>),
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

    /// Whether the value meets the predicate: the only place where an operator's meaning is coded.
    #[inline]
    pub fn matches(&self, value: &ValueRef<'_>) -> bool {
        let holds = match &self.operand {
            Operand::Present(kind) => value.is_filled(*kind).then_some(true),
            Operand::Text(wanted) => match value.as_text() {
                Some(text) => Some(wanted.holds(text)),
                None => wanted.holds_printed(value),
            },
            Operand::Number(bounds) => value.number().map(|number| bounds.hold(&number)),
            Operand::Boolean(bounds) => value.boolean().map(|truth| bounds.hold(&truth)),
            Operand::Date(bounds) => value.date().map(|date| bounds.hold(&date)),
            Operand::DateTime(bounds) => value.date_time().map(|instant| bounds.hold(&instant)),
        };
        holds.map_or(self.on_empty, |answer| answer == (self.polarity == Polarity::Positive))
    }
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

    fn hold(&self, value: &T) -> bool {
        match self {
            Self::Compare(relation, operand) => relation.accepts(value.cmp(operand)),
            Self::Between(from, to) => from <= value && value <= to,
            Self::OneOf(values) => values.binary_search(value).is_ok(),
        }
    }
}

impl TextTest {
    /// The texts listed, in any order.
    pub(crate) fn one_of(mut texts: Vec<Folded>) -> Self {
        texts.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
        Self::OneOf(texts)
    }

    /// Whether nothing can lie between the bounds.
    pub(crate) fn is_reversed(&self) -> bool {
        matches!(self, Self::Between(from, to) if from.as_str() > to.as_str())
    }

    /// Kept apart from the way most values go, as it may allocate.
    #[inline(never)]
    fn holds_printed(&self, value: &ValueRef<'_>) -> Option<bool> {
        value.text().map(|text| self.holds(&text))
    }

    fn holds(&self, text: &str) -> bool {
        match self {
            Self::Compare(Relation::Equal, operand) => operand.equals(text),
            Self::Compare(relation, operand) => relation.accepts(operand.order_of(text)),
            Self::Between(from, to) => from.order_of(text).is_ge() && to.order_of(text).is_le(),
            Self::OneOf(texts) if texts.len() <= FEW => {
                texts.iter().any(|operand| operand.equals(text))
            }
            Self::OneOf(texts) => {
                texts.binary_search_by(|operand| operand.order_of(text).reverse()).is_ok()
            }
            Self::Contains(Place::Start, operand) => operand.begins(text),
            Self::Contains(Place::End, operand) => operand.ends(text),
            Self::Contains(Place::Anywhere, operand) => operand.within(text),
            Self::Glob(pattern, case) => {
                let folded: Cow<'_, str> = case.fold(text);
                pattern.0.is_match(&folded)
            }
            Self::Regex(pattern) => pattern.0.is_match(text),
        }
    }
}
