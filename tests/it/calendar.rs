//! Calendar arithmetic: rules with expectations written by hand, laws, and answers worked out apart
//! from the crate by `data/calendar.py`.

use encoded_query::calendar::{Calendar, Part, Weekday, Zone};
use encoded_query::function::{Edge, Function, Meaning, PERIODS, Period, Unit};
use encoded_query::value::{Date, DateTime};
use proptest::prelude::*;

const ZONES: [&str; 12] = [
    "UTC",
    "Africa/Cairo",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Toronto",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Apia",
    "Pacific/Auckland",
];

const PARTS: [(&str, Part); 7] = [
    ("dayofweek", Part::DayOfWeek),
    ("month", Part::Month),
    ("quarter", Part::Quarter),
    ("year", Part::Year),
    ("week", Part::Week),
    ("hour", Part::Hour),
    ("dayofmonth", Part::DayOfMonth),
];

const FIRST: &str = "0001-01-01 00:00:00";
const LAST: &str = "9999-12-31 23:59:59";

#[track_caller]
fn instant(text: &str) -> DateTime {
    DateTime::read(text).unwrap_or_else(|| panic!("`{text}` is no instant"))
}

#[track_caller]
fn date(text: &str) -> Date {
    Date::read(text).unwrap_or_else(|| panic!("`{text}` is no day"))
}

#[track_caller]
fn at(zone: &str, now: &str) -> Calendar {
    Calendar::new(instant(now), Zone::find(zone).unwrap(), Weekday::Monday)
}

fn unit(name: &str) -> Unit {
    Unit::ALL.into_iter().find(|unit| unit.name() == name).unwrap()
}

fn named(name: &str) -> &'static Period {
    PERIODS.iter().find(|period| period.name == name).unwrap()
}

fn text((start, end): (DateTime, DateTime)) -> String {
    format!("{start} to {end}")
}

fn both(calendar: &Calendar, period: &str) -> String {
    let period = named(period);
    text((calendar.bound(period, Edge::Start), calendar.bound(period, Edge::End)))
}

fn whole_day(calendar: &Calendar, day: &str) -> String {
    let day = date(day);
    text((calendar.day_edge(day, Edge::Start), calendar.day_edge(day, Edge::End)))
}

#[test]
fn zones_are_found_by_name() {
    assert_eq!(Zone::find("UTC"), Some(Zone::utc()));
    assert_eq!(Zone::utc().name(), "UTC");
    assert_eq!(Zone::find("europe/BERLIN").unwrap().name(), "Europe/Berlin");
    for wrong in
        ["", "Berlin", "Europe/Berlin ", "Etc/Unknown", "+01:00", "CET-1", "/etc/localtime"]
    {
        assert_eq!(Zone::find(wrong), None, "{wrong}");
    }
}

/// Our choice of each period's extent; Thursday, in UTC.
#[test]
fn periods_by_hand() {
    let calendar = at("UTC", "2026-11-19 10:20:30");
    for (period, expected) in [
        ("Today", "2026-11-19 00:00:00 to 2026-11-19 23:59:59"),
        ("Yesterday", "2026-11-18 00:00:00 to 2026-11-18 23:59:59"),
        ("Tomorrow", "2026-11-20 00:00:00 to 2026-11-20 23:59:59"),
        ("ThisWeek", "2026-11-16 00:00:00 to 2026-11-22 23:59:59"),
        ("LastWeek", "2026-11-09 00:00:00 to 2026-11-15 23:59:59"),
        ("NextWeek", "2026-11-23 00:00:00 to 2026-11-29 23:59:59"),
        ("ThisMonth", "2026-11-01 00:00:00 to 2026-11-30 23:59:59"),
        ("LastMonth", "2026-10-01 00:00:00 to 2026-10-31 23:59:59"),
        ("NextMonth", "2026-12-01 00:00:00 to 2026-12-31 23:59:59"),
        ("ThisQuarter", "2026-10-01 00:00:00 to 2026-12-31 23:59:59"),
        ("LastQuarter", "2026-07-01 00:00:00 to 2026-09-30 23:59:59"),
        ("NextQuarter", "2027-01-01 00:00:00 to 2027-03-31 23:59:59"),
        ("ThisYear", "2026-01-01 00:00:00 to 2026-12-31 23:59:59"),
        ("LastYear", "2025-01-01 00:00:00 to 2025-12-31 23:59:59"),
        ("NextYear", "2027-01-01 00:00:00 to 2027-12-31 23:59:59"),
        ("Last2Years", "2024-01-01 00:00:00 to 2026-12-31 23:59:59"),
        ("Last2Quarters", "2026-04-01 00:00:00 to 2026-12-31 23:59:59"),
        ("Next2Quarters", "2027-01-01 00:00:00 to 2027-06-30 23:59:59"),
        ("Last3Months", "2026-08-01 00:00:00 to 2026-11-30 23:59:59"),
        ("Last12Months", "2025-11-01 00:00:00 to 2026-11-30 23:59:59"),
        ("Last7Days", "2026-11-12 00:00:00 to 2026-11-19 23:59:59"),
        ("Last30Days", "2026-10-20 00:00:00 to 2026-11-19 23:59:59"),
        ("Last2Hours", "2026-11-19 08:00:00 to 2026-11-19 10:59:59"),
        ("LastHour", "2026-11-19 09:00:00 to 2026-11-19 09:59:59"),
        ("CurrentHour", "2026-11-19 10:00:00 to 2026-11-19 10:59:59"),
        ("Last15Minutes", "2026-11-19 10:05:00 to 2026-11-19 10:20:59"),
        ("LastMinute", "2026-11-19 10:19:00 to 2026-11-19 10:19:59"),
        ("CurrentMinute", "2026-11-19 10:20:00 to 2026-11-19 10:20:59"),
        ("OneYearAgo", "2025-11-19 00:00:00 to 2025-11-19 23:59:59"),
    ] {
        assert_eq!(both(&calendar, period), expected, "{period}");
    }
}

#[test]
fn weeks_start_with_the_chosen_day() {
    // A Sunday.
    for (first_day, expected) in [
        (Weekday::Monday, "2026-11-16 00:00:00 to 2026-11-22 23:59:59"),
        (Weekday::Tuesday, "2026-11-17 00:00:00 to 2026-11-23 23:59:59"),
        (Weekday::Wednesday, "2026-11-18 00:00:00 to 2026-11-24 23:59:59"),
        (Weekday::Thursday, "2026-11-19 00:00:00 to 2026-11-25 23:59:59"),
        (Weekday::Friday, "2026-11-20 00:00:00 to 2026-11-26 23:59:59"),
        (Weekday::Saturday, "2026-11-21 00:00:00 to 2026-11-27 23:59:59"),
        (Weekday::Sunday, "2026-11-22 00:00:00 to 2026-11-28 23:59:59"),
    ] {
        let calendar = Calendar::new(instant("2026-11-22 12:00:00"), Zone::utc(), first_day);
        assert_eq!(both(&calendar, "ThisWeek"), expected);
        assert_eq!(text(calendar.unit_around(calendar.now(), Unit::Week)), expected);
        let (first, last) = calendar.unit_of_day(calendar.today(), Unit::Week);
        let days = text((first.midnight(), last.midnight()));
        assert_eq!(days, expected.replace("23:59:59", "00:00:00"));
    }
    assert_eq!(Weekday::default(), Weekday::Monday);
}

#[test]
fn months_end_a_day_they_lack_with_their_last() {
    let leap = at("UTC", "2024-02-29 08:00:00");
    assert_eq!(both(&leap, "OneYearAgo"), "2023-02-28 00:00:00 to 2023-02-28 23:59:59");
    assert_eq!(leap.ago(Unit::Year, 1, None).to_string(), "2023-02-28 08:00:00");
    assert_eq!(leap.ago(Unit::Year, -4, None).to_string(), "2028-02-29 08:00:00");
    let last = at("UTC", "2024-03-31 08:00:00");
    assert_eq!(last.ago(Unit::Month, 1, None).to_string(), "2024-02-29 08:00:00");
    assert_eq!(last.ago(Unit::Quarter, -1, None).to_string(), "2024-06-30 08:00:00");
    assert_eq!(last.ago(Unit::Month, 1, Some(Edge::End)).to_string(), "2024-02-29 23:59:59");
    let moved = |day, unit, n| Calendar::moved_day(date(day), unit, n).to_string();
    assert_eq!(moved("2024-01-31", Unit::Month, 1), "2024-02-29");
    assert_eq!(moved("2100-01-31", Unit::Month, 1), "2100-02-28");
    assert_eq!(moved("2024-02-28", Unit::Day, 1), "2024-02-29");
    assert_eq!(moved("2024-02-29", Unit::Week, -1), "2024-02-22");
    assert_eq!(moved("2024-05-31", Unit::Quarter, -1), "2024-02-29");
    // A day stands for its midnight.
    assert_eq!(moved("2024-02-29", Unit::Hour, 23), "2024-02-29");
    assert_eq!(moved("2024-02-29", Unit::Minute, -1), "2024-02-28");
}

#[test]
fn minutes_and_hours_elapse_and_days_keep_the_clock() {
    // Clocks went from 02:00 to 03:00 at 01:00 UTC.
    let spring = at("Europe/Berlin", "2026-03-29 12:00:00");
    assert_eq!(spring.ago(Unit::Hour, 24, None).to_string(), "2026-03-28 12:00:00");
    assert_eq!(spring.ago(Unit::Day, 1, None).to_string(), "2026-03-28 13:00:00");
    assert_eq!(spring.ago(Unit::Minute, -90, None).to_string(), "2026-03-29 13:30:00");
    assert_eq!(spring.ago(Unit::Hour, 12, Some(Edge::Start)).to_string(), "2026-03-29 00:00:00");
    assert_eq!(both(&spring, "Today"), "2026-03-28 23:00:00 to 2026-03-29 21:59:59");
    assert_eq!(both(&spring, "ThisMonth"), "2026-02-28 23:00:00 to 2026-03-31 21:59:59");
    let autumn = at("Europe/Berlin", "2026-10-25 12:00:00");
    assert_eq!(both(&autumn, "Today"), "2026-10-24 22:00:00 to 2026-10-25 22:59:59");
}

#[test]
fn skipped_times_move_on_and_repeated_ones_are_the_first() {
    let new_york = at("America/New_York", "2026-03-08 20:00:00");
    let local = |day, hour, minute| {
        new_york.local(date(day), hour, minute, 0).map(|instant| instant.to_string())
    };
    // 02:30 is not shown: 03:30 EDT.
    assert_eq!(local("2026-03-08", 2, 30).as_deref(), Some("2026-03-08 07:30:00"));
    // 01:30 is shown twice: EDT.
    assert_eq!(local("2026-11-01", 1, 30).as_deref(), Some("2026-11-01 05:30:00"));
    assert_eq!(local("2026-11-01", 2, 30).as_deref(), Some("2026-11-01 07:30:00"));
    assert_eq!(local("2026-11-01", 24, 0), None);
    assert_eq!(local("2026-11-01", 0, 60), None);
    let moved = |from, n| new_york.moved(instant(from), Unit::Day, n).to_string();
    assert_eq!(moved("2026-03-07 07:30:00", 1), "2026-03-08 07:30:00");
    assert_eq!(moved("2026-10-31 05:30:00", 1), "2026-11-01 05:30:00");
    // The second 01:30 stays where it is.
    assert_eq!(moved("2026-11-01 06:30:00", 0), "2026-11-01 06:30:00");
}

#[test]
fn days_without_midnight_begin_with_their_first_second() {
    // From 00:00 to 01:00.
    let sao_paulo = at("America/Sao_Paulo", "2017-10-15 12:00:00");
    assert_eq!(both(&sao_paulo, "Today"), "2017-10-15 03:00:00 to 2017-10-16 01:59:59");
    assert_eq!(both(&sao_paulo, "Yesterday"), "2017-10-14 03:00:00 to 2017-10-15 02:59:59");
    let cairo = at("Africa/Cairo", "2026-04-24 12:00:00");
    assert_eq!(both(&cairo, "Today"), "2026-04-23 22:00:00 to 2026-04-24 20:59:59");
    // From 23:30 to 00:30, so midnight moved on by the gap would be 01:00, half an hour late.
    let toronto = at("America/Toronto", "1919-03-31 12:00:00");
    assert_eq!(both(&toronto, "Today"), "1919-03-31 04:30:00 to 1919-04-01 03:59:59");
    assert_eq!(both(&toronto, "Yesterday"), "1919-03-30 05:00:00 to 1919-03-31 04:29:59");
    // By days: 23:45 yesterday is skipped, and moves on to 00:45 today.
    let late = at("America/Toronto", "1919-04-01 03:45:00");
    assert_eq!(late.today(), date("1919-03-31"));
    assert_eq!(late.ago(Unit::Day, 1, None).to_string(), "1919-03-31 04:45:00");
    assert_eq!(late.ago(Unit::Day, 1, Some(Edge::Start)).to_string(), "1919-03-30 05:00:00");
}

#[test]
fn clocks_may_change_by_seconds() {
    // At midnight by 8 seconds, in 1935.
    let st_johns = at("America/St_Johns", "1935-03-30 12:00:00");
    assert_eq!(both(&st_johns, "Yesterday"), "1935-03-29 03:30:52 to 1935-03-30 03:30:51");
    assert_eq!(both(&st_johns, "Today"), "1935-03-30 03:30:52 to 1935-03-31 03:29:59");
}

#[test]
fn a_skipped_day_is_the_one_after_it() {
    // There was no 30 December 2011 in Samoa.
    let apia = at("Pacific/Apia", "2012-01-10 00:00:00");
    let next = "2011-12-30 10:00:00 to 2011-12-31 09:59:59";
    assert_eq!(whole_day(&apia, "2011-12-29"), "2011-12-29 10:00:00 to 2011-12-30 09:59:59");
    assert_eq!(whole_day(&apia, "2011-12-30"), next);
    assert_eq!(whole_day(&apia, "2011-12-31"), next);
    // The last day of 1994 was skipped here; the year still ends before the next one.
    let kanton = at("Pacific/Kanton", "1995-06-01 00:00:00");
    assert_eq!(both(&kanton, "LastYear"), "1994-01-01 11:00:00 to 1994-12-31 10:59:59");
    assert_eq!(both(&kanton, "ThisYear"), "1994-12-31 11:00:00 to 1995-12-31 10:59:59");
}

#[test]
fn time_repeated_over_midnight_belongs_to_the_later_day() {
    // At 00:01 back to 23:01: a minute of the 29th, 59 minutes of the 28th again, the 29th.
    let calendar = at("America/St_Johns", "2006-10-29 03:00:00");
    assert_eq!(calendar.today(), date("2006-10-28"));
    assert_eq!(both(&calendar, "Today"), "2006-10-29 02:30:00 to 2006-10-30 03:29:59");
    assert_eq!(both(&calendar, "Yesterday"), "2006-10-28 02:30:00 to 2006-10-29 02:29:59");
    assert_eq!(
        text(calendar.unit_around(calendar.now(), Unit::Day)),
        "2006-10-29 02:30:00 to 2006-10-30 03:29:59"
    );
    assert_eq!(calendar.ago(Unit::Day, 0, Some(Edge::Start)), instant("2006-10-29 02:30:00"));
}

#[test]
fn hours_and_minutes_are_those_of_the_clock() {
    let kathmandu = at("Asia/Kathmandu", "2026-05-05 05:05:05");
    assert_eq!(both(&kathmandu, "CurrentHour"), "2026-05-05 04:15:00 to 2026-05-05 05:14:59");
    assert_eq!(both(&kathmandu, "LastHour"), "2026-05-05 03:15:00 to 2026-05-05 04:14:59");
    assert_eq!(both(&kathmandu, "CurrentMinute"), "2026-05-05 05:05:00 to 2026-05-05 05:05:59");
    assert_eq!(kathmandu.part(kathmandu.now(), Part::Hour), 10);
    // Clocks go from 02:00 to 01:30 at 15:00 UTC; a change begins a new hour.
    let hour = |now| text(at("Australia/Lord_Howe", now).unit_around(instant(now), Unit::Hour));
    assert_eq!(hour("2026-04-04 14:59:59"), "2026-04-04 14:00:00 to 2026-04-04 14:59:59");
    assert_eq!(hour("2026-04-04 15:10:00"), "2026-04-04 15:00:00 to 2026-04-04 15:29:59");
    assert_eq!(hour("2026-04-04 15:40:00"), "2026-04-04 15:30:00 to 2026-04-04 16:29:59");
    // And from 02:00 to 02:30 at 15:30 UTC.
    assert_eq!(hour("2026-10-03 15:40:00"), "2026-10-03 15:30:00 to 2026-10-03 15:59:59");
    let after = at("Australia/Lord_Howe", "2026-04-04 15:40:00");
    assert_eq!(both(&after, "LastHour"), "2026-04-04 15:00:00 to 2026-04-04 15:29:59");
    assert_eq!(both(&after, "Last2Hours"), "2026-04-04 14:00:00 to 2026-04-04 16:29:59");
    // Local mean time ended at midnight, when clocks went on by 6 minutes and 32 seconds.
    let berlin = at("Europe/Berlin", "1893-03-31 23:30:00");
    assert_eq!(both(&berlin, "CurrentHour"), "1893-03-31 23:06:32 to 1893-03-31 23:59:59");
    assert_eq!(both(&berlin, "Today"), "1893-03-31 23:06:32 to 1893-04-01 22:59:59");
    // 01:00 to 02:00 twice is two hours.
    let new_york = at("America/New_York", "2026-11-01 06:30:00");
    assert_eq!(both(&new_york, "CurrentHour"), "2026-11-01 06:00:00 to 2026-11-01 06:59:59");
    assert_eq!(both(&new_york, "LastHour"), "2026-11-01 05:00:00 to 2026-11-01 05:59:59");
}

#[test]
fn parts_by_hand() {
    let calendar = at("Pacific/Auckland", "2026-12-31 11:30:00");
    // There it is 00:30 on Friday, 1 January 2027, in the last ISO week of 2026.
    let parts = |instant| PARTS.map(|(_, part)| calendar.part(instant, part));
    assert_eq!(parts(calendar.now()), [6, 1, 1, 2027, 53, 0, 1]);
    assert_eq!(calendar.day(calendar.now()), date("2027-01-01"));
    let parts = |day| PARTS.map(|(_, part)| Calendar::part_of_day(date(day), part));
    assert_eq!(parts("2027-01-01"), [6, 1, 1, 2027, 53, 0, 1]);
    // Sunday is the first day, and ends the ISO week.
    assert_eq!(parts("2026-11-22"), [1, 11, 4, 2026, 47, 0, 22]);
    assert_eq!(parts("2026-11-28"), [7, 11, 4, 2026, 48, 0, 28]);
    assert_eq!(parts("2026-06-30"), [3, 6, 2, 2026, 27, 0, 30]);
}

#[test]
fn days_have_units_too() {
    let calendar = at("Pacific/Auckland", "2026-01-01 00:00:00");
    for (unit, first, last) in [
        (Unit::Minute, "2024-02-29", "2024-02-29"),
        (Unit::Hour, "2024-02-29", "2024-02-29"),
        (Unit::Day, "2024-02-29", "2024-02-29"),
        (Unit::Week, "2024-02-26", "2024-03-03"),
        (Unit::Month, "2024-02-01", "2024-02-29"),
        (Unit::Quarter, "2024-01-01", "2024-03-31"),
        (Unit::Year, "2024-01-01", "2024-12-31"),
    ] {
        let found = calendar.unit_of_day(date("2024-02-29"), unit);
        assert_eq!(found, (date(first), date(last)), "{unit}");
    }
    assert_eq!(calendar.unit_of_day(date("0001-01-01"), Unit::Week).0, date("0001-01-01"));
    let end = calendar.unit_of_day(date("9999-12-31"), Unit::Week);
    assert_eq!(end, (date("9999-12-27"), date("9999-12-31")));
}

#[test]
fn what_lies_beyond_is_cut() {
    for zone in ZONES {
        for now in [FIRST, "2026-01-01 00:00:00", LAST] {
            let calendar = at(zone, now);
            for unit in Unit::ALL {
                for n in [i64::MAX, i64::MAX / 2, i64::from(i32::MAX) * 60] {
                    let moved = |n| calendar.moved(calendar.now(), unit, n).to_string();
                    assert_eq!((moved(n), moved(-n)), (LAST.into(), FIRST.into()), "{unit} {n}");
                    for edge in [None, Some(Edge::Start), Some(Edge::End)] {
                        assert_eq!(calendar.ago(unit, n, edge).to_string(), FIRST, "{unit} {n}");
                        assert_eq!(calendar.ago(unit, -n, edge).to_string(), LAST, "{unit} {n}");
                    }
                    let moved = |n| Calendar::moved_day(date(now), unit, n).to_string();
                    assert_eq!(moved(n), "9999-12-31");
                    assert_eq!(moved(-n), "0001-01-01");
                }
                assert_eq!(calendar.moved(calendar.now(), unit, i64::MIN).to_string(), FIRST);
                assert_eq!(calendar.ago(unit, i64::MIN, None).to_string(), LAST);
            }
        }
    }
    let first = at("America/New_York", FIRST);
    assert_eq!(first.today(), date("0001-01-01"));
    assert_eq!(both(&first, "LastYear"), format!("{FIRST} to {FIRST}"));
    let last = at("Pacific/Auckland", LAST);
    assert_eq!(last.today(), date("9999-12-31"));
    assert_eq!(both(&last, "NextYear"), format!("{LAST} to {LAST}"));
    assert_eq!(last.unit_around(last.now(), Unit::Year).1, last.now());
}

/// Fields of a period can be set, so any count has to end, and soon.
#[test]
fn periods_of_any_extent_end() {
    for (first, last, years) in
        [(i32::MIN, i32::MAX, 0), (i32::MAX, i32::MIN, 0), (0, 0, i32::MAX), (0, 0, i32::MIN)]
    {
        for unit in Unit::ALL {
            let mut period = PERIODS[0];
            (period.unit, period.first, period.last, period.years) = (unit, first, last, years);
            for edge in [Edge::Start, Edge::End] {
                let found = at("Europe/Berlin", "2026-01-01 00:00:00").bound(&period, edge);
                let near = "0100-01-01 00:00:00" < found.to_string().as_str()
                    && found.to_string().as_str() < "9900-01-01 00:00:00";
                // Minutes count thousands of years before they go beyond.
                assert!(!near || unit == Unit::Minute, "{unit} {found}");
            }
        }
    }
}

/// They are asked of every row.
#[test]
fn nothing_is_allocated() {
    let calendar = at("Europe/Berlin", "2026-03-29 12:00:00");
    let now = calendar.now();
    let counted = allocation_counter::measure(|| {
        for unit in Unit::ALL {
            calendar.unit_around(now, unit);
            calendar.moved(now, unit, 5);
        }
        for (_, part) in PARTS {
            calendar.part(now, part);
        }
    });
    assert_eq!(counted.count_total, 0);
}

fn answer(calendar: &Calendar, question: &str) -> String {
    let mut words = question.split(' ');
    let name = words.next().unwrap();
    let words: Vec<&str> = words.collect();
    let number = |index: usize| words[index].parse::<i64>().unwrap();
    let small = |index: usize| words[index].parse::<u8>().unwrap();
    let now = calendar.now();
    match name {
        "moved" => calendar.moved(now, unit(words[0]), number(1)).to_string(),
        "first" => calendar.unit_around(now, unit(words[0])).0.to_string(),
        "last" => calendar.unit_around(now, unit(words[0])).1.to_string(),
        "part" => {
            let (_, part) = PARTS.iter().find(|(name, _)| *name == words[0]).unwrap();
            calendar.part(now, *part).to_string()
        }
        "local" => calendar.local(now.date(), small(0), small(1), small(2)).unwrap().to_string(),
        _ => match Function::find(name).unwrap().meaning() {
            Meaning::Bound { period, edge } => calendar.bound(period, edge).to_string(),
            Meaning::Ago { unit, edge } => calendar.ago(unit, number(0), edge).to_string(),
            Meaning::Now => calendar.today().to_string(),
            Meaning::Yesterday => calendar.ago(Unit::Hour, 24, None).to_string(),
            other => panic!("{other:?}"),
        },
    }
}

#[test]
fn agrees_with_answers_worked_out_apart() {
    let mut wrong = Vec::new();
    let mut compared = 0;
    for line in include_str!("../data/calendar.jsonl").lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let word = |name: &str| line[name].as_str().unwrap();
        let first_day = if word("week") == "Sunday" { Weekday::Sunday } else { Weekday::Monday };
        let zone = Zone::find(word("zone")).unwrap();
        let calendar = Calendar::new(instant(word("now")), zone, first_day);
        for (question, expected) in line["want"].as_object().unwrap() {
            let (found, expected) = (answer(&calendar, question), expected.as_str().unwrap());
            compared += 1;
            if found != expected {
                wrong.push(format!(
                    "{} {} {}: {question} is {expected}, not {found}",
                    word("zone"),
                    word("now"),
                    word("week")
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {compared}: {:#?}",
        wrong.len(),
        &wrong[..wrong.len().min(20)]
    );
    assert_eq!(compared, 16_000);
}

#[track_caller]
fn check_units(calendar: &Calendar, instant: DateTime) {
    for unit in Unit::ALL {
        let (start, end) = calendar.unit_around(instant, unit);
        let place = format!("{unit} of {instant}, {start} to {end}, in {calendar:?}");
        assert!(start <= instant && instant <= end, "{place}");
        assert_eq!(calendar.unit_around(start, unit), (start, end), "{place}");
        assert_eq!(calendar.unit_around(end, unit), (start, end), "{place}");
    }
}

/// Units follow each other around every change of the clocks of every zone.
#[test]
fn units_hold_their_instant_at_every_change() {
    let zones = jiff::tz::TimeZoneDatabase::bundled();
    let end = jiff::Timestamp::from_second(2_500_000_000).unwrap();
    let mut changes = 0;
    for name in zones.available() {
        let rules = zones.get(name.as_str()).unwrap();
        if !rules.is_primary() {
            continue;
        }
        let calendar = at(name.as_str(), "2026-01-01 00:00:00");
        for change in rules.preceding(end) {
            changes += 1;
            for seconds in [-1800, -1, 0, 60, 3599] {
                let around = change.timestamp().as_second() + seconds;
                let around = jiff::Timestamp::from_second(around).unwrap();
                let instant = instant(&around.strftime("%F %T").to_string());
                check_units(&calendar, instant);
                let day = calendar.day(instant);
                assert_eq!(calendar.day(calendar.day_edge(day, Edge::Start)), day);
            }
        }
    }
    assert!(changes > 20_000, "{changes}");
}

/// Any second of the years 1 to 9999, mostly of those in which zones changed their clocks.
fn instants() -> impl Strategy<Value = DateTime> {
    let years = prop_oneof![1 => 1..=9999u16, 1 => Just(1), 1 => Just(9999), 9 => 1880..2060u16];
    (years, 1..=12u8, 1..=31u8, 0..24u8, 0..60u8, 0..60u8).prop_map(
        |(year, month, day, hour, minute, second)| {
            let day = Date::new(year, month, day).or_else(|| Date::new(year, month, 28)).unwrap();
            DateTime::new(day, hour, minute, second).unwrap()
        },
    )
}

fn calendars() -> impl Strategy<Value = Calendar> {
    let first_day = prop_oneof![Just(Weekday::Monday), Just(Weekday::Sunday)];
    (instants(), proptest::sample::select(&ZONES), first_day)
        .prop_map(|(now, zone, first)| Calendar::new(now, Zone::find(zone).unwrap(), first))
}

fn second_later(before: DateTime) -> DateTime {
    let before: jiff::civil::DateTime = before.to_string().parse().unwrap();
    let later = before.checked_add(jiff::SignedDuration::from_secs(1)).unwrap();
    instant(&later.strftime("%F %T").to_string())
}

proptest! {
    #[test]
    fn periods_end_after_they_begin(calendar in calendars()) {
        for period in &PERIODS {
            let (start, end) =
                (calendar.bound(period, Edge::Start), calendar.bound(period, Edge::End));
            prop_assert!(start <= end, "{}: {start} {end} {calendar:?}", period.name);
            if period.first <= 0 && period.last >= 0 && period.years == 0 {
                prop_assert!(start <= calendar.now() && calendar.now() <= end, "{}", period.name);
            }
        }
    }

    #[test]
    fn units_hold_their_instant(calendar in calendars(), instant in instants()) {
        check_units(&calendar, instant);
        for unit in Unit::ALL {
            let (first, last) = calendar.unit_of_day(instant.date(), unit);
            prop_assert!(first <= instant.date() && instant.date() <= last);
        }
    }

    #[test]
    fn days_follow_each_other(calendar in calendars(), instant in instants()) {
        let day = instant.date();
        let (start, end) =
            (calendar.day_edge(day, Edge::Start), calendar.day_edge(day, Edge::End));
        prop_assert!(start <= end);
        let before = calendar.day_edge(Calendar::moved_day(day, Unit::Day, -1), Edge::End);
        // Samoa had no 30 December 2011, which is the day after instead.
        let twice = [date("0001-01-01"), date("2011-12-31")];
        if !twice.contains(&day) {
            prop_assert!(before < start);
            prop_assert_eq!(second_later(before), start);
        }
        let skipped = day == date("2011-12-30");
        prop_assert!(calendar.day(start) == day || start.to_string() == FIRST || skipped);
    }

    #[test]
    fn no_units_move_nothing(calendar in calendars(), instant in instants()) {
        for unit in Unit::ALL {
            prop_assert_eq!(calendar.moved(instant, unit, 0), instant);
            prop_assert_eq!(Calendar::moved_day(instant.date(), unit, 0), instant.date());
        }
        prop_assert_eq!(calendar.ago(Unit::Day, 0, None), calendar.now());
    }

    #[test]
    fn nothing_panics(calendar in calendars(), instant in instants(), n in any::<i64>()) {
        for n in [n, n % 1_000_000, n % 100] {
            for unit in Unit::ALL {
                let moved = calendar.moved(instant, unit, n);
                let ordered = if n < 0 { moved <= instant } else { moved >= instant };
                prop_assert!(ordered, "{unit} {n}: {instant} {moved}");
                let ago = |edge| calendar.ago(unit, n, Some(edge));
                prop_assert!(ago(Edge::Start) <= ago(Edge::End));
                Calendar::moved_day(instant.date(), unit, n);
            }
        }
        for (_, part) in PARTS {
            calendar.part(instant, part);
        }
    }
}
