//! Calendar arithmetic in a time zone: periods relative to now, units around an instant, parts.
//!
//! Nothing here reads the process: now, the zone and the first day of the week are given, and the
//! zone's rules are bundled. Every function has an answer for every argument; what lies beyond the
//! years 1 to 9999 is cut to `0001-01-01 00:00:00` or `9999-12-31 23:59:59`.
//!
//! Where clocks change it is our choice that units follow each other without gap or overlap:
//!
//! - A local time that clocks skip is moved on by as much; of two equal ones the first counts.
//! - A day whose midnight is skipped begins with its first second, and any day ends one second
//!   before the next begins. A day that a zone skipped whole is the day after it.
//! - Where clocks are set back over midnight, the repeated time belongs to the later day as a unit.
//!   Its date ([`Calendar::day`]) is still what clocks show.
//! - A change of the clocks inside an hour or minute begins a new one.

mod zone;

use jiff::{Span, civil};

use crate::function::{Edge, Period, Unit};
use crate::value::{Date, DateTime};

pub use self::zone::Zone;

/// A day of the week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Weekday {
    /// The first day of the week unless another is set.
    ///
    /// Source: `GlideDateTime`, `isFirstDayOfWeek`.
    #[default]
    Monday,
    /// The second day of the ISO week.
    Tuesday,
    /// The third day of the ISO week.
    Wednesday,
    /// The fourth day of the ISO week.
    Thursday,
    /// The fifth day of the ISO week.
    Friday,
    /// The sixth day of the ISO week.
    Saturday,
    /// The last day of the ISO week.
    Sunday,
}

impl Weekday {
    /// Every day, from Monday.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// The English name in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Monday => "monday",
            Self::Tuesday => "tuesday",
            Self::Wednesday => "wednesday",
            Self::Thursday => "thursday",
            Self::Friday => "friday",
            Self::Saturday => "saturday",
            Self::Sunday => "sunday",
        }
    }

    const fn civil(self) -> civil::Weekday {
        match self {
            Self::Monday => civil::Weekday::Monday,
            Self::Tuesday => civil::Weekday::Tuesday,
            Self::Wednesday => civil::Weekday::Wednesday,
            Self::Thursday => civil::Weekday::Thursday,
            Self::Friday => civil::Weekday::Friday,
            Self::Saturday => civil::Weekday::Saturday,
            Self::Sunday => civil::Weekday::Sunday,
        }
    }
}

/// A part of a date, as a number, for the operator `DATEPART`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Part {
    /// 1 for Sunday to 7 for Saturday, whatever day weeks start with.
    DayOfWeek,
    /// 1 to 12.
    Month,
    /// 1 to 4.
    Quarter,
    /// 1 to 9999.
    Year,
    /// The ISO week, 1 to 53, whatever day weeks start with.
    Week,
    /// 0 to 23.
    Hour,
    /// 1 to 31.
    DayOfMonth,
}

/// Now, a time zone and the first day of the week: what dates are reckoned with.
///
/// ```
/// use encoded_query::calendar::{Calendar, Weekday, Zone};
/// use encoded_query::function::{Edge, Unit};
/// use encoded_query::value::DateTime;
///
/// let now = DateTime::read("2026-03-29 12:30:00").ok_or("a date")?;
/// let berlin = Zone::find("Europe/Berlin").ok_or("a zone")?;
/// let calendar = Calendar::new(now, berlin, Weekday::Monday);
/// // Clocks are two hours ahead of UTC on that day, but were one ahead on the day before.
/// let start = calendar.ago(Unit::Day, 1, Some(Edge::Start));
/// assert_eq!(start.to_string(), "2026-03-27 23:00:00");
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    now: DateTime,
    zone: Zone,
    first_day: Weekday,
}

impl Calendar {
    /// A calendar in which it is `now`, with weeks that start with `first_day`.
    pub fn new(now: DateTime, zone: Zone, first_day: Weekday) -> Self {
        Self { now, zone, first_day }
    }

    /// The current instant.
    pub fn now(&self) -> DateTime {
        self.now
    }

    /// The current day in the zone.
    pub fn today(&self) -> Date {
        self.day(self.now)
    }

    /// The first or last second of a period.
    ///
    /// Hours and minutes are those of the clock, counted from the ends of the current one. The
    /// extent of a period is our choice where [`PERIODS`](crate::function::PERIODS) says so.
    pub fn bound(&self, period: &Period, edge: Edge) -> DateTime {
        let count = match edge {
            Edge::Start => i64::from(period.first),
            Edge::End => i64::from(period.last),
        };
        if let Some(length) = seconds_in(period.unit) {
            let now = self.moved(self.now, Unit::Year, period.years.into());
            return pick(self.clock_unit_away(now, length, count), edge);
        }
        let Some(day) = shift(self.day_around(self.now), Unit::Year, period.years.into()) else {
            return DateTime::nearest(i64::MAX);
        };
        let first = shift(self.first_day_of(day, period.unit), period.unit, count);
        pick(self.unit_from(first, period.unit), edge)
    }

    /// The instant `n` units before now, or the first or last second of the unit it falls in.
    ///
    /// The instant is [`moved`](Self::moved) from now; a negative `n` is in the future.
    pub fn ago(&self, unit: Unit, n: i64, edge: Option<Edge>) -> DateTime {
        let n = n.saturating_neg();
        let Some(edge) = edge else { return self.moved(self.now, unit, n) };
        if let Some(length) = seconds_in(unit) {
            return pick(self.zone.clock_unit(later(self.now, length, n), length), edge);
        }
        // By days, for a skipped time of the clock may move on into the next one.
        let first = shift(self.day_around(self.now), unit, n);
        let first = first.map(|day| self.first_day_of(day, unit));
        pick(self.unit_from(first, unit), edge)
    }

    /// The date that clocks in the zone show at an instant.
    pub fn day(&self, instant: DateTime) -> Date {
        Date::nearest(self.zone.local(instant).date())
    }

    /// The first or last second of a day in the zone.
    pub fn day_edge(&self, day: Date, edge: Edge) -> DateTime {
        pick(self.unit_from(Some(day.civil()), Unit::Day), edge)
    }

    /// The instant at which clocks in the zone show that time of a day; `None` if there is no such
    /// time on a clock. One that they skip moves on, of two the first counts.
    pub fn local(&self, day: Date, hour: u8, minute: u8, second: u8) -> Option<DateTime> {
        let local = DateTime::new(day, hour, minute, second)?.civil();
        Some(DateTime::nearest(self.zone.seconds(local)))
    }

    /// The first and last second of the unit in the zone that holds the instant.
    pub fn unit_around(&self, instant: DateTime, unit: Unit) -> (DateTime, DateTime) {
        let (start, end) = if let Some(length) = seconds_in(unit) {
            self.zone.clock_unit(instant.seconds(), length)
        } else {
            self.unit_from(Some(self.first_day_of(self.day_around(instant), unit)), unit)
        };
        (DateTime::nearest(start), DateTime::nearest(end))
    }

    /// The first and last day of the unit that holds the day; itself for hours and minutes.
    pub fn unit_of_day(&self, day: Date, unit: Unit) -> (Date, Date) {
        let first = self.first_day_of(day.civil(), unit);
        let last = shift(first, unit, 1).and_then(|after| after.yesterday().ok());
        (Date::nearest(first), Date::nearest(last.unwrap_or(civil::Date::MAX)))
    }

    /// The instant `n` units later, or earlier if `n` is negative.
    ///
    /// Minutes and hours are elapsed time. The other units keep the time that clocks in the zone
    /// show, and a day that its month lacks becomes the last of that month. Zero units is the same
    /// instant, also where clocks show its time twice. Our choice.
    pub fn moved(&self, instant: DateTime, unit: Unit, n: i64) -> DateTime {
        if let Some(length) = seconds_in(unit) {
            return DateTime::nearest(later(instant, length, n));
        }
        if n == 0 {
            return instant;
        }
        let local = self.zone.local(instant);
        let day = shift(local.date(), unit, n);
        let seconds = day.map(|day| self.zone.seconds(day.to_datetime(local.time())));
        DateTime::nearest(seconds.unwrap_or(i64::MAX))
    }

    /// The day `n` units later, or earlier if `n` is negative.
    ///
    /// As [`moved`](Self::moved); minutes and hours are counted from midnight, and what is left of
    /// the last day is dropped.
    pub fn moved_day(day: Date, unit: Unit, n: i64) -> Date {
        if let Some(length) = seconds_in(unit) {
            return DateTime::nearest(later(day.midnight(), length, n)).date();
        }
        Date::nearest(shift(day.civil(), unit, n).unwrap_or(civil::Date::MAX))
    }

    /// A part of what clocks in the zone show at an instant.
    pub fn part(&self, instant: DateTime, part: Part) -> i32 {
        let local = self.zone.local(instant);
        if part == Part::Hour {
            return local.hour().into();
        }
        Self::part_of_day(Date::nearest(local.date()), part)
    }

    /// A part of a day; its hour is 0.
    pub fn part_of_day(day: Date, part: Part) -> i32 {
        let day = day.civil();
        match part {
            Part::DayOfWeek => day.weekday().to_sunday_one_offset().into(),
            Part::Month => day.month().into(),
            Part::Quarter => (i32::from(day.month()) + 2) / 3,
            Part::Year => day.year().into(),
            Part::Week => day.iso_week_date().week().into(),
            Part::Hour => 0,
            Part::DayOfMonth => day.day().into(),
        }
    }

    /// The day, as a stretch of time, that holds the instant.
    fn day_around(&self, instant: DateTime) -> civil::Date {
        let shown = self.zone.local(instant).date();
        match shown.tomorrow() {
            // Set back over midnight, clocks show the day before once more.
            Ok(next) if self.zone.day_start(Some(next)) <= instant.seconds() => next,
            _ => shown,
        }
    }

    fn first_day_of(&self, day: civil::Date, unit: Unit) -> civil::Date {
        match unit {
            Unit::Minute | Unit::Hour | Unit::Day => day,
            Unit::Week => {
                let past = day.weekday().since(self.first_day.civil());
                day.saturating_sub(Span::new().days(past))
            }
            Unit::Month => day.first_of_month(),
            Unit::Quarter => {
                let past = (day.month() - 1) % 3;
                day.first_of_month().saturating_sub(Span::new().months(past))
            }
            Unit::Year => day.first_of_year(),
        }
    }

    /// First and last second of the unit that begins with a day.
    fn unit_from(&self, first: Option<civil::Date>, unit: Unit) -> (i64, i64) {
        let after = first.and_then(|first| shift(first, unit, 1));
        let start = self.zone.day_start(first);
        let end = self.zone.day_start(after) - 1;
        if start <= end {
            return (start, end);
        }
        // The zone skipped this day.
        let after = after.and_then(|after| after.tomorrow().ok());
        (start, self.zone.day_start(after) - 1)
    }

    /// First and last second of the clock's hour or minute `count` away from that of an instant.
    fn clock_unit_away(&self, instant: DateTime, length: i64, count: i64) -> (i64, i64) {
        let (start, end) = self.zone.clock_unit(instant.seconds(), length);
        let at = match count {
            0 => return (start, end),
            1.. => end + 1 + (count - 1) * length,
            _ => start - 1 + (count + 1) * length,
        };
        self.zone.clock_unit(at, length)
    }
}

/// How long minutes and hours are; the others vary.
const fn seconds_in(unit: Unit) -> Option<i64> {
    match unit {
        Unit::Minute => Some(60),
        Unit::Hour => Some(60 * 60),
        Unit::Day | Unit::Week | Unit::Month | Unit::Quarter | Unit::Year => None,
    }
}

/// In seconds, the instant that many times `length` later; not cut, but small enough to reckon on.
fn later(instant: DateTime, length: i64, n: i64) -> i64 {
    let seconds = instant.seconds().saturating_add(n.saturating_mul(length));
    seconds.clamp(-2 * zone::NEVER, 2 * zone::NEVER)
}

/// The day that many units later; `None` after 9999. Units of the clock count as days.
///
/// Days before the year 1 are kept, as their last hours may lie in it by UTC.
fn shift(day: civil::Date, unit: Unit, n: i64) -> Option<civil::Date> {
    let span = match unit {
        Unit::Minute | Unit::Hour | Unit::Day => Span::new().try_days(n),
        Unit::Week => Span::new().try_days(n.saturating_mul(7)),
        Unit::Month => Span::new().try_months(n),
        Unit::Quarter => Span::new().try_months(n.saturating_mul(3)),
        Unit::Year => Span::new().try_years(n),
    };
    match span.and_then(|span| day.checked_add(span)) {
        Ok(day) => Some(day),
        Err(_) if n < 0 => Some(civil::Date::MIN),
        Err(_) => None,
    }
}

fn pick((start, end): (i64, i64), edge: Edge) -> DateTime {
    DateTime::nearest(match edge {
        Edge::Start => start,
        Edge::End => end,
    })
}
