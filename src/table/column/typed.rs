//! Values kept in a narrower form than their text, where that prints the very text again.

use std::collections::HashMap;

use super::numbers::Numbers;
use crate::bits::Bits;
use crate::value::{Date, DateTime, Kind, ValueRef};

/// Values of one narrow form; texts that do not have it are kept beside them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Typed<F> {
    pub(crate) filled: Bits,
    pub(crate) form: F,
    /// Texts that the form would not print, by row.
    pub(crate) odd: HashMap<u32, Box<str>>,
}

/// A narrow form of values.
pub(crate) trait Form {
    /// Takes the value of a row, if the form prints its text.
    fn take(&mut self, row: usize, text: &str) -> bool;

    /// Forgets the value of a row, where that matters.
    fn forget(&mut self, _row: usize) {}

    /// The value of a row that has one.
    fn value(&self, row: usize) -> ValueRef<'static>;

    /// Bytes it takes up.
    fn size(&self) -> usize;

    /// Gives back room that is not used.
    fn shrink(&mut self);
}

impl<F: Form> Typed<F> {
    /// Takes the text of a row; an empty one is no value.
    pub(super) fn set(&mut self, row: usize, text: &str) {
        if !self.odd.is_empty() {
            self.odd.remove(&key(row));
        }
        let is_taken = !text.is_empty() && self.form.take(row, text);
        self.filled.set(row, is_taken);
        if !is_taken {
            self.form.forget(row);
        }
        if !is_taken && !text.is_empty() {
            self.odd.insert(key(row), text.into());
        }
    }

    #[inline]
    pub(super) fn value(&self, row: usize) -> ValueRef<'_> {
        if self.filled.has(row) {
            return self.form.value(row);
        }
        match self.odd.get(&key(row)) {
            Some(text) => ValueRef::from(&**text),
            None => ValueRef::Empty,
        }
    }

    /// Whether so many texts are odd that the form saves nothing.
    pub(super) fn is_unfit(&self) -> bool {
        const FEW: usize = 64;
        const PART: usize = 8;
        self.odd.len() > FEW && self.odd.len() > self.filled.count() / PART
    }

    pub(super) fn size(&self) -> usize {
        let odd: usize = self.odd.values().map(|text| text.len()).sum();
        let entry = size_of::<(u32, Box<str>)>();
        self.filled.size() + self.form.size() + self.odd.capacity() * entry + odd
    }
}

fn key(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

/// What the numbers of a column count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    Integers,
    /// Days since the start of 1970.
    Days,
    /// Seconds since the start of 1970.
    Seconds,
}

impl Counted {
    /// What values are compared as that are counted so.
    pub(crate) fn kind(self) -> Kind {
        match self {
            Self::Integers => Kind::Number,
            Self::Days => Kind::Date,
            Self::Seconds => Kind::DateTime,
        }
    }
}

/// Values that are whole numbers.
#[derive(Clone, Debug)]
pub(crate) struct Lane {
    pub(crate) counted: Counted,
    pub(crate) numbers: Numbers,
}

impl Form for Lane {
    fn take(&mut self, row: usize, text: &str) -> bool {
        let number = match self.counted {
            Counted::Integers => printed_integer(text),
            Counted::Days if text.len() == 10 => Date::read(text).map(Date::days),
            Counted::Seconds if text.len() == 19 => DateTime::read(text).map(DateTime::seconds),
            Counted::Days | Counted::Seconds => None,
        };
        number.is_some_and(|number| {
            self.numbers.set(row, number);
            true
        })
    }

    #[inline]
    fn value(&self, row: usize) -> ValueRef<'static> {
        let number = self.numbers.at(row);
        match self.counted {
            Counted::Integers => ValueRef::Integer(number),
            Counted::Days => ValueRef::Date(Date::of_days(number)),
            Counted::Seconds => ValueRef::DateTime(DateTime::nearest(number)),
        }
    }

    fn size(&self) -> usize {
        self.numbers.size()
    }

    fn shrink(&mut self) {
        self.numbers.shrink();
    }
}

/// The integer that prints as this text.
fn printed_integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_printed = text == "0" || matches!(digits.as_bytes().first(), Some(b'1'..=b'9'));
    is_printed.then(|| text.parse().ok())?
}

/// Truth values: the rows that are true.
impl Form for Bits {
    fn take(&mut self, row: usize, text: &str) -> bool {
        text.parse().is_ok_and(|truth| {
            self.set(row, truth);
            true
        })
    }

    /// Rows without a value are not true either, so that those that are can be counted.
    fn forget(&mut self, row: usize) {
        self.set(row, false);
    }

    #[inline]
    fn value(&self, row: usize) -> ValueRef<'static> {
        ValueRef::Boolean(self.has(row))
    }

    fn size(&self) -> usize {
        Self::size(self)
    }

    fn shrink(&mut self) {}
}

/// Ids of 32 lower-case hexadecimal digits.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ids(Vec<u128>);

impl Ids {
    #[inline]
    pub(crate) fn at(&self, row: usize) -> u128 {
        self.0.get(row).copied().unwrap_or(0)
    }

    /// The ids of all rows; 0 for those without one.
    pub(crate) fn all(&self) -> &[u128] {
        &self.0
    }

    /// The id that prints as this text.
    #[inline]
    pub(crate) fn read(text: &str) -> Option<u128> {
        let digits: &[u8; 32] = text.as_bytes().try_into().ok()?;
        let is_printed = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if !digits.iter().all(is_printed) {
            return None;
        }
        u128::from_str_radix(text, 16).ok()
    }
}

impl Form for Ids {
    fn take(&mut self, row: usize, text: &str) -> bool {
        Self::read(text).is_some_and(|id| {
            if row >= self.0.len() {
                self.0.resize(row + 1, 0);
            }
            if let Some(at) = self.0.get_mut(row) {
                *at = id;
            }
            true
        })
    }

    fn value(&self, row: usize) -> ValueRef<'static> {
        let digit = |at: u32| {
            let four = u32::try_from(self.at(row) >> (4 * (31 - at)) & 0xf).unwrap_or(0);
            char::from_digit(four, 16).unwrap_or('0')
        };
        ValueRef::Text((0..32).map(digit).collect::<String>().into())
    }

    fn size(&self) -> usize {
        self.0.capacity() * size_of::<u128>()
    }

    fn shrink(&mut self) {
        self.0.shrink_to_fit();
    }
}
