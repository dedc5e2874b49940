//! Named periods and parts of dates, as the naive evaluator reads them.

use super::dates::{DAY, around, civil, count, days, moved, seconds, unit};
use super::times::NOW;

/// §5: the periods there are, by their label; an ISO date is that day.
pub fn period(label: &str) -> Option<(i64, i64)> {
    let (now, folded) = (seconds(NOW).unwrap(), label.to_ascii_lowercase());
    let units = |unit, from, to| {
        (around(moved(now, unit, from), unit).0, around(moved(now, unit, to), unit).1)
    };
    let long = |name: &str| ["week", "month", "quarter", "year"].contains(&name);
    Some(match folded.split(' ').collect::<Vec<_>>().as_slice() {
        ["today"] => units("day", 0, 0),
        ["yesterday"] => units("day", -1, -1),
        ["tomorrow"] => units("day", 1, 1),
        ["this", name] if long(name) => units(name, 0, 0),
        ["next", name] if long(name) => units(name, 1, 1),
        ["current", name @ ("hour" | "minute")] => units(name, 0, 0),
        ["last", name] if *name != "day" && unit(name) == Some(name) => units(name, -1, -1),
        ["one", "year", "ago"] => around(moved(now, "year", -1), "day"),
        ["next", "2", "quarters"] => units("quarter", 1, 2),
        ["last", n @ "2", name @ ("years" | "quarters" | "hours")]
        | ["last", n @ ("3" | "6" | "9" | "12"), name @ "months"]
        | ["last", n @ ("7" | "30" | "60" | "90" | "120"), name @ "days"]
        | ["last", n @ ("15" | "30" | "45"), name @ "minutes"] => {
            units(unit(name.trim_end_matches('s'))?, -count(n)?, 0)
        }
        _ => around(seconds(label).filter(|_| label.len() == 10)?, "day"),
    })
}

/// §5 DATEPART: a part of a date.
pub fn part(at: i64, name: &str) -> Option<i64> {
    let (day, (year, month, of_month)) = (at / DAY, civil(at / DAY));
    let thursday = day - day % 7 + 3; // an ISO week is of the year its Thursday is in
    Some(match name {
        "dayofweek" => (day + 1) % 7 + 1,
        "month" => month,
        "quarter" => (month + 2) / 3,
        "year" => year,
        "week" => (thursday - days(civil(thursday).0, 1, 1)) / 7 + 1,
        "hour" => at % DAY / 3600,
        "dayofmonth" => of_month,
        _ => return None,
    })
}
