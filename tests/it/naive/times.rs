//! Operators that ask for periods, distances and parts of a date, for the naive evaluator.

use std::cmp::Ordering;

use super::Kind;
use super::dates::{DAY, around, bound, count, moved, seconds, stored, unit};
use super::periods::{part, period};

/// The instant that counts as now.
pub const NOW: &str = "2026-03-31 12:30:00";
const DAYS: [&str; 7] =
    ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
#[rustfmt::skip]
const MONTHS: [&str; 12] = ["january", "february", "march", "april", "may", "june", "july", "august",
    "september", "october", "november", "december"];

/// §2, §5: against a period, now or a part. `None`: an invalid part, whatever the row.
pub fn answer(operator: &str, kind: Kind, text: &str, value: &str) -> Option<bool> {
    if ![Kind::Date, Kind::DateTime].contains(&kind) {
        return None;
    }
    // §5: an instant against a date field is its day.
    let fit = |at: i64| if kind == Kind::Date { at - at % DAY } else { at };
    let cell = stored(kind, text);
    let within = |(from, to)| cell.map(|cell| fit(from) <= cell && cell <= fit(to));
    if operator == "DATEPART" {
        let (part_name, number, comparison) = date_part(value.split_once('@')?.1)?;
        let order = cell.map(|cell| part(cell, part_name).cmp(&Some(number)));
        return Some(order.is_some_and(|order| holds(comparison, order)));
    }
    let parts: Vec<&str> = value.split('@').collect();
    let Some(comparison) = operator.strip_prefix("RELATIVE") else {
        let period = match parts.as_slice() {
            [label] => period(label)?,
            [_, first, last] => (bound(first)?, bound(last)?), // the label is decoration
            _ => return None,
        };
        return Some(within(period).is_some_and(|inside| inside == (operator == "ON")));
    };
    let (name, side, number) = match parts.as_slice() {
        ["", name, side, number] => (unit(name)?, side, count(number)?),
        _ => return None,
    };
    let number = match *side {
        "ago" => -number,
        "ahead" => number,
        _ => return None,
    };
    let instant = moved(seconds(NOW).unwrap(), name, number);
    Some(match comparison {
        "EE" => within(around(instant, name)).unwrap_or(false),
        _ => cell.is_some_and(|cell| holds(comparison, cell.cmp(&fit(instant)))),
    })
}

/// §2, §5: against another date field, at a unit or at a distance. `rest` follows its name.
pub fn pair(operator: &str, left: (Kind, &str), right: (Kind, &str), rest: &str) -> Option<bool> {
    let dates = [Kind::Date, Kind::DateTime];
    if !dates.contains(&left.0) || !dates.contains(&right.0) {
        return None;
    }
    let both = stored(left.0, left.1).zip(stored(right.0, right.1));
    let parts: Vec<&str> = rest.split('@').collect();
    let by_day = left.0 != right.0; // §5: a date with a date-time
    let fit = |at: i64| if by_day { at - at % DAY } else { at };
    if operator.ends_with("SAMEAS") {
        let name = unit(rest)?;
        let same = both.map(|(a, b)| around(fit(a), name) == around(fit(b), name));
        return Some(same.is_some_and(|same| same == (operator == "SAMEAS")));
    }
    let (name, side, n) = match parts.as_slice() {
        [name, side, n] => (unit(name)?, *side, count(n)?),
        _ => return None,
    };
    let clock = ["minute", "hour"].contains(&name); // counted from the midnight of a date
    let fit = |at: i64| if clock { at } else { fit(at) };
    let both = both.map(|(a, b)| (fit(a), fit(b)));
    Some(match (operator, side) {
        ("MORETHAN", "before") => both.is_some_and(|(a, b)| a < moved(b, name, -n)),
        ("MORETHAN", "after") => both.is_some_and(|(a, b)| a > moved(b, name, n)),
        (_, "before") => both.is_some_and(|(a, b)| moved(b, name, -n) <= a && a <= b),
        (_, "after") => both.is_some_and(|(a, b)| b <= a && a <= moved(b, name, n)),
        _ => return None,
    })
}

fn holds(comparison: &str, order: Ordering) -> bool {
    match comparison {
        "EE" => order.is_eq(),
        "GT" => order.is_gt(),
        "GE" => order.is_ge(),
        "LT" => order.is_lt(),
        _ => order.is_le(),
    }
}

/// §5 DATEPART: `javascript:gs.datePart('part','number','comparison')`.
fn date_part(call: &str) -> Option<(&str, i64, &str)> {
    let script = call.get(..11).filter(|start| start.eq_ignore_ascii_case("javascript:"));
    let script = script.and(call.get(11..))?.trim();
    let call = script.strip_suffix(';').unwrap_or(script).trim().strip_prefix("gs.datePart(")?;
    let arguments: Option<Vec<&str>> = call.strip_suffix(')')?.split(',').map(unquoted).collect();
    let [name, number, comparison] = arguments?[..] else { return None };
    let known = ["EE", "GT", "GE", "LT", "LE"].contains(&comparison);
    known.then_some((name, number_of(name, number)?, comparison))
}

fn unquoted(text: &str) -> Option<&str> {
    let inside = |quote| text.trim().strip_prefix(quote)?.strip_suffix(quote);
    inside('\'').or_else(|| inside('"'))
}

/// By digits, or by an English name, whole or three letters, in any case.
fn number_of(part: &str, text: &str) -> Option<i64> {
    let (names, range): (&[&str], _) = match part {
        "dayofweek" => (&DAYS, 1..=7),
        "month" => (&MONTHS, 1..=12),
        "quarter" => (&[], 1..=4),
        "year" => (&[], 1..=9999),
        "week" => (&[], 1..=53),
        "hour" => (&[], 0..=23),
        "dayofmonth" => (&[], 1..=31),
        _ => return None,
    };
    let folded = text.to_ascii_lowercase();
    let named = names.iter().position(|name| folded == *name || folded == name[..3]);
    let named = named.map(|at| i64::try_from(at).unwrap() + 1);
    named.or_else(|| count(text).filter(|number| range.contains(number)))
}
