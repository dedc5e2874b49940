//! What a predicate holds for, in forms that are found without asking each value: shortcuts, which
//! agree with [`Predicate::matches`].

use std::ops::RangeInclusive;

use super::predicate::{Bounds, Operand, Predicate, TextTest};
use crate::operator::{Place, Polarity, Relation};
use crate::value::{Case, Folded, Kind, Number};

/// A range of folded texts in their order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum TextRange<'p> {
    /// One text.
    Is(&'p str),
    /// Those that begin with a text.
    StartsWith(&'p str),
    /// Those from a text on, that text or not.
    From(&'p str, Inclusive),
    /// Those up to a text, that text or not.
    To(&'p str, Inclusive),
    /// Those from one text to another.
    Between(&'p str, &'p str),
}

/// Whether a bound belongs to its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inclusive {
    Yes,
    No,
}

impl TextRange<'_> {
    /// Whether a folded text comes before the range.
    pub(crate) fn is_behind(&self, text: &[u8]) -> bool {
        match self {
            Self::Is(wanted) | Self::StartsWith(wanted) | Self::From(wanted, Inclusive::Yes) => {
                text < wanted.as_bytes()
            }
            Self::From(wanted, Inclusive::No) => text <= wanted.as_bytes(),
            Self::Between(from, _) => text < from.as_bytes(),
            Self::To(..) => false,
        }
    }

    /// Whether a folded text that does not come before the range is in it.
    pub(crate) fn reaches(&self, text: &[u8]) -> bool {
        match self {
            Self::Is(wanted) => text == wanted.as_bytes(),
            Self::StartsWith(wanted) => text.starts_with(wanted.as_bytes()),
            Self::From(..) => true,
            Self::To(wanted, Inclusive::Yes) | Self::Between(_, wanted) => {
                text <= wanted.as_bytes()
            }
            Self::To(wanted, Inclusive::No) => text < wanted.as_bytes(),
        }
    }
}

impl Predicate {
    /// The answer for a value that the operand holds for, or does not.
    pub(crate) fn settle(&self, holds: bool) -> bool {
        holds == (self.polarity() == Polarity::Positive)
    }

    /// The folded text that values hold at a place, or are if there is none, where that is all.
    pub(crate) fn sought(&self) -> Option<(&str, Option<Place>)> {
        let Operand::Text(test) = self.operand() else { return None };
        let (folded, place) = match test {
            TextTest::Compare(Relation::Equal, folded) => (folded, None),
            TextTest::Contains(place, folded) => (folded, Some(*place)),
            TextTest::Compare(..)
            | TextTest::Between(..)
            | TextTest::OneOf(_)
            | TextTest::Glob(..)
            | TextTest::Regex(_) => return None,
        };
        folding(folded).map(|folded| (folded, place))
    }

    /// The ranges of texts that hold, where they are all.
    pub(crate) fn text_ranges(&self) -> Option<Vec<TextRange<'_>>> {
        let Operand::Text(test) = self.operand() else { return None };
        let range = match test {
            TextTest::OneOf(set) => {
                let is_folding = set.case() == Case::Ignore;
                return is_folding.then(|| set.iter().map(TextRange::Is).collect());
            }
            TextTest::Compare(relation, folded) => match (relation, folding(folded)?) {
                (Relation::Equal, folded) => TextRange::Is(folded),
                (Relation::Less, folded) => TextRange::To(folded, Inclusive::No),
                (Relation::LessOrEqual, folded) => TextRange::To(folded, Inclusive::Yes),
                (Relation::Greater, folded) => TextRange::From(folded, Inclusive::No),
                (Relation::GreaterOrEqual, folded) => TextRange::From(folded, Inclusive::Yes),
                (Relation::NotEqual, _) => return None,
            },
            TextTest::Between(from, to) => TextRange::Between(folding(from)?, folding(to)?),
            TextTest::Contains(Place::Start, folded) => TextRange::StartsWith(folding(folded)?),
            TextTest::Contains(Place::End | Place::Anywhere, _)
            | TextTest::Glob(..)
            | TextTest::Regex(_) => return None,
        };
        Some(vec![range])
    }

    /// The ranges of whole numbers, days or seconds since the start of 1970 that hold, in order; for
    /// values of that kind.
    pub(crate) fn spans(&self, kind: Kind) -> Option<Vec<RangeInclusive<i64>>> {
        match (self.operand(), kind) {
            (Operand::Present(wanted), kind) if *wanted == kind => Some(vec![i64::MIN..=i64::MAX]),
            (Operand::Number(bounds), Kind::Number) => Some(bounds.spans(Number::twice)),
            (Operand::Date(bounds), Kind::Date) => Some(bounds.spans(|day| twice(day.days()))),
            (Operand::DateTime(bounds), Kind::DateTime) => {
                Some(bounds.spans(|instant| twice(instant.seconds())))
            }
            _ => None,
        }
    }
}

fn folding(folded: &Folded) -> Option<&str> {
    (folded.case() == Case::Ignore).then(|| folded.as_str())
}

fn twice(number: i64) -> i128 {
    i128::from(number) * 2
}

impl<T> Bounds<T> {
    /// The whole numbers within the bounds; `twice` gives double a bound, odd where it lies between
    /// two whole numbers.
    fn spans(&self, twice: impl Fn(&T) -> i128) -> Vec<RangeInclusive<i64>> {
        let (least, most) = (i128::from(i64::MIN), i128::from(i64::MAX));
        // The last whole number below a bound, and the first above it.
        let below = |bound: i128| (bound - 1).div_euclid(2);
        let above = |bound: i128| bound.div_euclid(2) + 1;
        let at_least = |bound: i128| (bound + 1).div_euclid(2);
        let at_most = |bound: i128| bound.div_euclid(2);
        let span = |from: i128, to: i128| {
            let (from, to) = (from.max(least), to.min(most));
            let ends = (i64::try_from(from).ok()?, i64::try_from(to).ok()?);
            (from <= to).then_some(ends.0..=ends.1)
        };
        let spans = match self {
            Self::Between(from, to) => vec![span(at_least(twice(from)), at_most(twice(to)))],
            Self::OneOf(list) => {
                let one = |bound: &T| span(at_least(twice(bound)), at_most(twice(bound)));
                list.iter().map(one).collect()
            }
            Self::Compare(relation, bound) => {
                let bound = twice(bound);
                match relation {
                    Relation::Equal => vec![span(at_least(bound), at_most(bound))],
                    Relation::NotEqual => {
                        vec![span(least, below(bound)), span(above(bound), most)]
                    }
                    Relation::Less => vec![span(least, below(bound))],
                    Relation::LessOrEqual => vec![span(least, at_most(bound))],
                    Relation::Greater => vec![span(above(bound), most)],
                    Relation::GreaterOrEqual => vec![span(at_least(bound), most)],
                }
            }
        };
        merged(spans.into_iter().flatten())
    }
}

/// Ranges in order, those as one that meet.
fn merged(spans: impl Iterator<Item = RangeInclusive<i64>>) -> Vec<RangeInclusive<i64>> {
    let mut merged: Vec<RangeInclusive<i64>> = Vec::new();
    for span in spans {
        match merged.last_mut() {
            Some(last) if last.end().checked_add(1).is_none_or(|next| next >= *span.start()) => {
                *last = *last.start()..=*span.end().max(last.end());
            }
            _ => merged.push(span),
        }
    }
    merged
}
