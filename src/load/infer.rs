//! The type of a column, found out from its values as they come.

use crate::value::{Date, DateTime, FieldType, Number};

/// The types that all values so far have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guess {
    is_filled: bool,
    /// Whether each of [`TYPES`] is still one of them.
    fits: [bool; TYPES.len()],
}

type Reads = fn(&str) -> bool;

/// Types that can be told by their values, the narrowest first.
const TYPES: [(FieldType, Reads); 5] = [
    (FieldType::Boolean, |value| value == "true" || value == "false"),
    (FieldType::Integer, |value| value.parse::<i64>().is_ok()),
    (FieldType::Decimal, |value| Number::read(value).is_some()),
    (FieldType::Date, |value| value.len() == 10 && Date::read(value).is_some()),
    (FieldType::DateTime, |value| DateTime::read(value).is_some()),
];

impl Guess {
    pub(super) const ANY: Self = Self { is_filled: false, fits: [true; TYPES.len()] };

    /// Takes a value, which is not empty, into account.
    pub(super) fn see(&mut self, value: &str) {
        self.is_filled = true;
        for (fits, (_, reads)) in self.fits.iter_mut().zip(TYPES) {
            *fits = *fits && reads(value);
        }
    }

    /// The narrowest type that all values have; text if there are none.
    pub(super) fn kind(self) -> FieldType {
        let mut fitting = self.fits.iter().zip(TYPES).filter(|(fits, _)| self.is_filled && **fits);
        fitting.next().map_or(FieldType::String, |(_, (kind, _))| kind)
    }
}
