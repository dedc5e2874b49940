//! The calendar of the naive evaluator: days counted from 0001-01-01, in UTC, weeks from Monday. An
//! instant is its seconds since then; the years are 1 to 9999, and what lies beyond is cut.

use super::Kind;

pub const DAY: i64 = 86_400;
const UNITS: [(&str, i64); 4] = [("minute", 60), ("hour", 3600), ("day", DAY), ("week", 7 * DAY)];
const MONTHS: [(&str, i64); 3] = [("month", 1), ("quarter", 3), ("year", 12)];

fn length_of(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days before that one; a month beyond December is one of the next year.
pub fn days(year: i64, month: i64, day: i64) -> i64 {
    let (past, month) = (year - 1 + (month - 1) / 12, (month - 1) % 12 + 1);
    let months: i64 = (1..month).map(|m| length_of(past + 1, m)).sum();
    past * 365 + past / 4 - past / 100 + past / 400 + months + day - 1
}

pub fn civil(day: i64) -> (i64, i64, i64) {
    let year = (day / 366 + 1..=10_000).find(|year| days(year + 1, 1, 1) > day).unwrap();
    let month = (1..=12).find(|month| days(year, month + 1, 1) > day).unwrap();
    (year, month, day - days(year, month, 1) + 1)
}

fn cut(at: i64) -> i64 {
    at.clamp(0, days(10_000, 1, 1) * DAY - 1)
}

/// §5: `YYYY-MM-DD`, which is its midnight, or `YYYY-MM-DD HH:MM:SS`.
pub fn seconds(text: &str) -> Option<i64> {
    let shape = text.replace(|c: char| c.is_ascii_digit(), "0");
    if shape != "0000-00-00" && shape != "0000-00-00 00:00:00" {
        return None;
    }
    let at = |from, to| text.get(from..to).map_or(0, |digits: &str| digits.parse().unwrap());
    let (year, month, day) = (at(0, 4), at(5, 7), at(8, 10));
    let (hour, minute, second) = (at(11, 13), at(14, 16), at(17, 19));
    let is_day =
        year > 0 && (1..=12).contains(&month) && (1..=length_of(year, month)).contains(&day);
    let reads = is_day && hour < 24 && minute < 60 && second < 60;
    reads.then(|| days(year, month, day) * DAY + hour * 3600 + minute * 60 + second)
}

/// §4: a stored value that its kind cannot read counts as empty.
pub fn stored(kind: Kind, text: &str) -> Option<i64> {
    seconds(text).filter(|_| kind == Kind::DateTime || text.len() == 10)
}

/// §5: operands may have `T` and `Z`.
pub fn bound(text: &str) -> Option<i64> {
    let plain = text.strip_suffix('Z').unwrap_or(text).replacen('T', " ", 1);
    seconds(&plain).filter(|_| plain.len() == 19).or_else(|| seconds(text))
}

/// §5 RELATIVE*: the days of something are days.
pub fn unit(name: &str) -> Option<&str> {
    let days = ["dayofweek", "dayofmonth", "dayofquarter", "dayofyear"];
    let name = if days.contains(&name) { "day" } else { name };
    UNITS.iter().chain(&MONTHS).any(|(unit, _)| *unit == name).then_some(name)
}

pub fn count(digits: &str) -> Option<i64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(i64::MAX).min(10_000_000_000))
}

/// §5: so many units later, by calendar; months clamp to the last day.
pub fn moved(at: i64, unit: &str, n: i64) -> i64 {
    if let Some((_, length)) = UNITS.iter().find(|(name, _)| *name == unit) {
        return cut(at + n * length);
    }
    let months = MONTHS.iter().find(|(name, _)| *name == unit).unwrap().1;
    let (year, month, day) = civil(at / DAY);
    let month = year * 12 + month - 1 + n * months;
    let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
    match year {
        ..1 => 0,
        1..=9999 => days(year, month, day.min(length_of(year, month))) * DAY + at % DAY,
        _ => cut(i64::MAX),
    }
}

/// First and last second of the unit an instant lies in. Day 0 is a Monday.
pub fn around(at: i64, unit: &str) -> (i64, i64) {
    if let Some((_, length)) = UNITS.iter().find(|(name, _)| *name == unit) {
        return (at - at % length, cut(at - at % length + length - 1));
    }
    let months = MONTHS.iter().find(|(name, _)| *name == unit).unwrap().1;
    let (year, month, _) = civil(at / DAY);
    let month = month - (month - 1) % months;
    (days(year, month, 1) * DAY, cut(days(year, month + months, 1) * DAY - 1))
}
