//! Exact decimal numbers of any length: read, compared and printed, never rounded.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// An exact decimal number; `1.50`, `+1.5` and `01.5` are equal.
///
/// ```
/// use encoded_query::Number;
///
/// let number = Number::read("9007199254740993").unwrap();
/// assert!(number > Number::from(9_007_199_254_740_992));
/// assert_eq!(Number::read("1.50"), Number::read("1.5"));
/// assert_eq!(Number::read("1e3"), None);
/// ```
#[derive(Clone, Debug)]
pub struct Number<'a>(Repr<'a>);

#[derive(Clone, Debug, Hash)]
enum Repr<'a> {
    Integer(i64),
    /// INVARIANT: not an `i64`; `digits` is `whole[.fraction]` without zeros at either end.
    Digits {
        negative: bool,
        digits: Cow<'a, str>,
    },
}

impl<'a> Number<'a> {
    /// Reads `[+-]?digits[.digits]`; anything else is no number.
    pub fn read(text: &'a str) -> Option<Self> {
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let negative = text.starts_with('-');
        if fraction.bytes().all(|b| b == b'0') {
            if let Some(integer) = integer(negative, whole) {
                return Some(Self(Repr::Integer(integer)));
            }
            let digits = whole.trim_start_matches('0').into();
            return Some(Self(Repr::Digits { negative, digits }));
        }
        let digits = digits.trim_start_matches('0').trim_end_matches('0').into();
        Some(Self(Repr::Digits { negative, digits }))
    }

    /// The same number, borrowing from this one.
    pub fn borrowed(&self) -> Number<'_> {
        match &self.0 {
            Repr::Integer(number) => Number(Repr::Integer(*number)),
            Repr::Digits { negative, digits } => {
                Number(Repr::Digits { negative: *negative, digits: Cow::Borrowed(digits) })
            }
        }
    }

    /// The same number, owning its digits.
    pub fn into_owned(self) -> Number<'static> {
        match self.0 {
            Repr::Integer(number) => Number(Repr::Integer(number)),
            Repr::Digits { negative, digits } => {
                Number(Repr::Digits { negative, digits: digits.into_owned().into() })
            }
        }
    }
}

impl Number<'_> {
    /// Twice the number if it is whole, else twice that below it and 1; far off for those beyond all
    /// `i64`.
    pub(crate) fn twice(&self) -> i128 {
        match &self.0 {
            Repr::Integer(number) => i128::from(*number) * 2,
            Repr::Digits { negative, digits } => {
                let (_, whole, fraction) = magnitude(digits);
                let beyond = if *negative { i128::MIN } else { i128::MAX } / 4;
                integer(*negative, whole).map_or(beyond, |whole| {
                    let whole = i128::from(whole) * 2;
                    match (fraction.is_empty(), negative) {
                        (true, _) => whole,
                        (false, false) => whole + 1,
                        (false, true) => whole - 1,
                    }
                })
            }
        }
    }
}

impl From<i64> for Number<'_> {
    fn from(number: i64) -> Self {
        Self(Repr::Integer(number))
    }
}

impl Ord for Number<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Repr::Integer(a), Repr::Integer(b)) => a.cmp(b),
            (Repr::Integer(a), Repr::Digits { negative, digits }) => {
                integer_to_digits(*a, *negative, digits)
            }
            (Repr::Digits { negative, digits }, Repr::Integer(b)) => {
                integer_to_digits(*b, *negative, digits).reverse()
            }
            (
                Repr::Digits { negative: a_negative, digits: a },
                Repr::Digits { negative: b_negative, digits: b },
            ) => b_negative.cmp(a_negative).then_with(|| {
                let order = magnitude(a).cmp(&magnitude(b));
                if *a_negative { order.reverse() } else { order }
            }),
        }
    }
}

impl PartialOrd for Number<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number<'_> {}

impl Hash for Number<'_> {
    /// Equal numbers have one representation.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl fmt::Display for Number<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Integer(number) => write!(f, "{number}"),
            Repr::Digits { negative, digits } => {
                let sign = if *negative { "-" } else { "" };
                let zero = if digits.starts_with('.') { "0" } else { "" };
                write!(f, "{sign}{zero}{digits}")
            }
        }
    }
}

fn integer(negative: bool, digits: &str) -> Option<i64> {
    // Nineteen digits always fit an i128; leading zeros must not make a number long.
    let digits = digits.trim_start_matches('0');
    if digits.len() > 19 {
        return None;
    }
    let number = digits.bytes().fold(0_i128, |n, digit| n * 10 + i128::from(digit - b'0'));
    i64::try_from(if negative { -number } else { number }).ok()
}

fn integer_to_digits(integer: i64, negative: bool, digits: &str) -> Ordering {
    let (_, whole, fraction) = magnitude(digits);
    let beyond = if negative { Ordering::Greater } else { Ordering::Less };
    let Some(whole) = self::integer(negative, whole) else {
        return beyond;
    };
    integer.cmp(&whole).then(if fraction.is_empty() { Ordering::Equal } else { beyond })
}

/// Orders numbers without sign: length of the whole part, then its digits, then the fraction's.
fn magnitude(digits: &str) -> (usize, &str, &str) {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    (whole.len(), whole, fraction)
}
