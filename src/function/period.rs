//! Units of time, and the named periods made of them.

use std::fmt;

use Unit::{Day, Hour, Minute, Month, Quarter, Week, Year};

/// A unit of the calendar or the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unit {
    /// Sixty seconds of the clock.
    Minute,
    /// Sixty minutes of the clock.
    Hour,
    /// A calendar day.
    Day,
    /// Seven days from the first day of the week on.
    Week,
    /// A calendar month.
    Month,
    /// Three months from January, April, July or October on.
    Quarter,
    /// A calendar year.
    Year,
}

impl Unit {
    /// Every unit, from the shortest.
    pub const ALL: [Self; 7] = [Minute, Hour, Day, Week, Month, Quarter, Year];

    /// Those `gs.…sAgo(n)` counts in; there is no `gs.weeksAgo`.
    pub(super) const AGO: [Self; 6] = [Minute, Hour, Day, Month, Quarter, Year];

    /// Other names of days, as the condition builder writes them.
    const DAY_ALIASES: [&str; 4] = ["dayofweek", "dayofmonth", "dayofquarter", "dayofyear"];

    /// The unit of that name, as operators about dates write it.
    pub fn from_name(name: &str) -> Option<Self> {
        let named = Self::ALL.into_iter().find(|unit| unit.name() == name);
        named.or(Self::DAY_ALIASES.contains(&name).then_some(Self::Day))
    }

    /// The singular in lower case, such as `month`.
    pub const fn name(self) -> &'static str {
        match self {
            Minute => "minute",
            Hour => "hour",
            Day => "day",
            Week => "week",
            Month => "month",
            Quarter => "quarter",
            Year => "year",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One of the two ends of a period, both of which belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edge {
    /// The first second.
    Start,
    /// The last second.
    End,
}

impl Edge {
    pub(super) const ALL: [Self; 2] = [Self::Start, Self::End];

    /// What stands before the name of a period, what stands after `Ago`, and its ordinal.
    pub(super) const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Start => ("gs.beginningOf", "Start", "first"),
            Self::End => ("gs.endOf", "End", "last"),
        }
    }
}

/// A named stretch of time relative to now: whole units, from the first to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Period {
    /// The name in functions, such as `LastMonth` of `gs.endOfLastMonth()`.
    pub name: &'static str,
    /// The name in condition builders, such as `Last month`.
    pub label: &'static str,
    /// The unit it is made of.
    pub unit: Unit,
    /// Its first unit, counted from the current one.
    pub first: i32,
    /// Its last unit, counted from the current one.
    pub last: i32,
    /// By how many years to move now before counting: 0, but -1 for `OneYearAgo`.
    pub years: i32,
}

const fn period(
    name: &'static str,
    label: &'static str,
    unit: Unit,
    first: i32,
    last: i32,
) -> Period {
    Period { name, label, unit, first, last, years: 0 }
}

/// Every period that has functions.
///
/// Source: Guarded script, supported APIs. Where no page states the extent it is our choice:
/// `LastN…` runs from N units ago to the end of the current unit.
pub static PERIODS: [Period; 36] = [
    period("Today", "Today", Day, 0, 0),
    period("Yesterday", "Yesterday", Day, -1, -1),
    period("Tomorrow", "Tomorrow", Day, 1, 1),
    period("ThisWeek", "This week", Week, 0, 0),
    period("LastWeek", "Last week", Week, -1, -1),
    period("NextWeek", "Next week", Week, 1, 1),
    period("ThisMonth", "This month", Month, 0, 0),
    period("LastMonth", "Last month", Month, -1, -1),
    period("NextMonth", "Next month", Month, 1, 1),
    period("ThisQuarter", "This quarter", Quarter, 0, 0),
    period("LastQuarter", "Last quarter", Quarter, -1, -1),
    period("NextQuarter", "Next quarter", Quarter, 1, 1),
    period("ThisYear", "This year", Year, 0, 0),
    period("LastYear", "Last year", Year, -1, -1),
    period("NextYear", "Next year", Year, 1, 1),
    period("Last2Years", "Last 2 years", Year, -2, 0),
    period("Last2Quarters", "Last 2 quarters", Quarter, -2, 0),
    period("Next2Quarters", "Next 2 quarters", Quarter, 1, 2),
    period("Last3Months", "Last 3 months", Month, -3, 0),
    period("Last6Months", "Last 6 months", Month, -6, 0),
    period("Last9Months", "Last 9 months", Month, -9, 0),
    period("Last12Months", "Last 12 months", Month, -12, 0),
    period("Last7Days", "Last 7 days", Day, -7, 0),
    period("Last30Days", "Last 30 days", Day, -30, 0),
    period("Last60Days", "Last 60 days", Day, -60, 0),
    period("Last90Days", "Last 90 days", Day, -90, 0),
    period("Last120Days", "Last 120 days", Day, -120, 0),
    period("Last2Hours", "Last 2 hours", Hour, -2, 0),
    period("LastHour", "Last hour", Hour, -1, -1),
    period("CurrentHour", "Current hour", Hour, 0, 0),
    period("Last15Minutes", "Last 15 minutes", Minute, -15, 0),
    period("Last30Minutes", "Last 30 minutes", Minute, -30, 0),
    period("Last45Minutes", "Last 45 minutes", Minute, -45, 0),
    period("LastMinute", "Last minute", Minute, -1, -1),
    period("CurrentMinute", "Current minute", Minute, 0, 0),
    Period { years: -1, ..period("OneYearAgo", "One year ago", Day, 0, 0) },
];
