//! Calendar days and instants in their stored form, years 0001 to 9999.

use std::fmt;

use jiff::{SignedDuration, civil};

const SECONDS_OF_DAY: i64 = 86_400;
const EPOCH: civil::DateTime = civil::date(1970, 1, 1).at(0, 0, 0, 0);

/// A calendar day, stored as `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

/// An instant to the second, stored as UTC text `YYYY-MM-DD HH:MM:SS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime(civil::DateTime);

impl Date {
    /// The day of that number; `None` if there is none or the year is not 1 to 9999.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        let year = i16::try_from(year).ok().filter(|year| *year > 0)?;
        civil::Date::new(year, month, day).ok().map(Self)
    }

    /// Reads a stored day `YYYY-MM-DD`, or the day of a stored instant.
    pub fn read(text: &str) -> Option<Self> {
        if text.len() == 10 {
            read_date(text.as_bytes())
        } else {
            DateTime::read(text).map(DateTime::date)
        }
    }

    /// Reads an operand: as [`read`](Self::read), or `T` between day and time, or `Z` at the end.
    pub fn read_operand(text: &str) -> Option<Self> {
        if text.len() == 10 {
            Self::read(text)
        } else {
            DateTime::read_operand(text).map(DateTime::date)
        }
    }

    /// Midnight of the day, UTC.
    pub fn midnight(self) -> DateTime {
        DateTime(self.0.at(0, 0, 0, 0))
    }

    /// The day itself, for calendar arithmetic.
    pub(crate) fn civil(self) -> civil::Date {
        self.0
    }

    /// Days since the start of 1970.
    pub(crate) fn days(self) -> i64 {
        self.midnight().seconds().div_euclid(SECONDS_OF_DAY)
    }

    /// The day of the years 1 to 9999 nearest to that many days after the start of 1970.
    pub(crate) fn of_days(days: i64) -> Self {
        DateTime::nearest(days.saturating_mul(SECONDS_OF_DAY)).date()
    }

    /// The nearest day of the years 1 to 9999.
    pub(crate) fn nearest(day: civil::Date) -> Self {
        Self(day.max(civil::date(1, 1, 1)))
    }
}

impl DateTime {
    /// The first there is, 0001-01-01 00:00:00.
    pub const FIRST: Self = Self(civil::DateTime::constant(1, 1, 1, 0, 0, 0, 0));

    /// The instant at that time of a day, UTC; `None` if there is no such time.
    pub fn new(date: Date, hour: u8, minute: u8, second: u8) -> Option<Self> {
        let part = |number: u8| i8::try_from(number).ok();
        let time = civil::Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()?;
        Some(Self(date.0.to_datetime(time)))
    }

    /// Reads a stored instant `YYYY-MM-DD HH:MM:SS`, or a day, which means its midnight.
    pub fn read(text: &str) -> Option<Self> {
        read_date_time(text, b" ")
    }

    /// Reads an operand: as [`read`](Self::read), or `T` between day and time, or `Z` at the end.
    pub fn read_operand(text: &str) -> Option<Self> {
        let text = if text.len() == 20 { text.strip_suffix('Z')? } else { text };
        read_date_time(text, b" T")
    }

    /// Its day in UTC.
    pub fn date(self) -> Date {
        Date(self.0.date())
    }

    /// Day and time in UTC, for calendar arithmetic.
    pub(crate) fn civil(self) -> civil::DateTime {
        self.0
    }

    /// The day and time of clocks.
    #[cfg(feature = "api")]
    pub(crate) fn of_civil(civil: civil::DateTime) -> Self {
        Self(civil.max(Self::FIRST.0))
    }

    /// Seconds since the start of 1970.
    pub(crate) fn seconds(self) -> i64 {
        self.0.duration_since(EPOCH).as_secs()
    }

    /// The instant of the years 1 to 9999 nearest to that many seconds after the start of 1970.
    pub(crate) fn nearest(seconds: i64) -> Self {
        let first = civil::date(1, 1, 1).at(0, 0, 0, 0);
        let last = civil::date(9999, 12, 31).at(23, 59, 59, 0);
        Self(EPOCH.saturating_add(SignedDuration::from_secs(seconds)).clamp(first, last))
    }
}

/// A text that is no instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an instant in UTC, `YYYY-MM-DD HH:MM:SS`, `YYYY-MM-DDTHH:MM:SSZ` or a day")]
pub struct NotADateTime;

impl std::str::FromStr for DateTime {
    type Err = NotADateTime;

    /// Reads as [`read_operand`](Self::read_operand) does.
    fn from_str(text: &str) -> Result<Self, NotADateTime> {
        Self::read_operand(text).ok_or(NotADateTime)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

impl Date {
    /// The stored form.
    pub(crate) fn stored(self) -> [u8; 10] {
        let year = self.0.year().unsigned_abs();
        let part = |number: u16| u8::try_from(number).unwrap_or(0);
        let (c, y) = (digits(part(year / 100)), digits(part(year % 100)));
        let (m, d) = (digits(self.0.month().unsigned_abs()), digits(self.0.day().unsigned_abs()));
        [c.0, c.1, y.0, y.1, b'-', m.0, m.1, b'-', d.0, d.1]
    }

    /// The same as text.
    pub(crate) fn to_text(self) -> String {
        text(&self.stored())
    }
}

impl DateTime {
    /// The stored form.
    pub(crate) fn stored(self) -> [u8; 19] {
        let time = self.0.time();
        let part = |number: i8| digits(number.unsigned_abs());
        let (h, m, s) = (part(time.hour()), part(time.minute()), part(time.second()));
        let mut stored = *b"0000-00-00 00:00:00";
        let (day, clock) = stored.split_at_mut(10);
        day.copy_from_slice(&self.date().stored());
        clock.copy_from_slice(&[b' ', h.0, h.1, b':', m.0, m.1, b':', s.0, s.1]);
        stored
    }

    /// The same as text.
    pub(crate) fn to_text(self) -> String {
        text(&self.stored())
    }
}

/// The two digits of a number up to 99.
fn digits(number: u8) -> (u8, u8) {
    (b'0' + number / 10 % 10, b'0' + number % 10)
}

/// Digits and what stands between them.
fn text(stored: &[u8]) -> String {
    std::str::from_utf8(stored).unwrap_or_default().to_owned()
}

fn read_date(text: &[u8]) -> Option<Date> {
    match text {
        [year @ .., b'-', m1, m2, b'-', d1, d2] if year.len() == 4 => {
            let century = two_digits(*year.first()?, *year.get(1)?)?;
            let year = two_digits(*year.get(2)?, *year.get(3)?)?;
            let year = u16::from(century) * 100 + u16::from(year);
            Date::new(year, two_digits(*m1, *m2)?, two_digits(*d1, *d2)?)
        }
        _ => None,
    }
}

fn read_date_time(text: &str, between: &[u8]) -> Option<DateTime> {
    let (date, time) = text.as_bytes().split_at_checked(10)?;
    let date = read_date(date)?;
    match time {
        [] => Some(date.midnight()),
        [gap, h1, h2, b':', m1, m2, b':', s1, s2] if between.contains(gap) => {
            DateTime::new(date, two_digits(*h1, *h2)?, two_digits(*m1, *m2)?, two_digits(*s1, *s2)?)
        }
        _ => None,
    }
}

fn two_digits(tens: u8, ones: u8) -> Option<u8> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| byte - b'0');
    Some(digit(tens)? * 10 + digit(ones)?)
}
