//! Laws of the operators that know the calendar.

use std::collections::BTreeSet;

use encoded_query::calendar::Zone;
use encoded_query::{Database, Field, FieldType, FixedEnvironment, OnInvalid, PageRequest, Plan};
use jiff::{SignedDuration, civil};
use proptest::prelude::*;

use super::{any_of, bind, cases, filled, numbers, schema};

const NOWS: &[&str] = &[
    "2026-03-29 00:59:59", // clocks change in Berlin
    "2026-10-25 01:30:00",
    "2024-02-29 12:00:00",
    "2026-01-01 00:00:00",
    "2011-12-31 12:00:00", // the day after one that Apia skipped
    "2010-11-07 02:31:30", // clocks change in St. John's, over midnight
    "0001-01-01 00:00:00",
    "9999-12-31 23:59:59",
];
const ZONES: &[&str] = &[
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
];
const FIELDS: &[&str] = &["born", "died", "opened", "closed"];
const UNITS: &[&str] = &["minute", "hour", "day", "week", "month", "quarter", "year"];
const LABELS: &[&str] = &[
    "Today",
    "Yesterday",
    "This week",
    "Last month",
    "Next quarter",
    "Last 7 days",
    "Last 30 days",
    "Last 12 months",
    "Current hour",
    "Last minute",
    "One year ago",
    "2026-03-29",
    "2024-02-29",
    "2011-12-30",
    "0001-01-01",
    "9999-12-31",
];

fn moved(from: &str, seconds: i64) -> civil::DateTime {
    let from: civil::DateTime = from.parse().unwrap();
    from.saturating_add(SignedDuration::from_secs(seconds)).max(civil::date(1, 1, 1).at(0, 0, 0, 0))
}

fn printed(at: civil::DateTime) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Seconds from now: near, so that hours meet, or far.
fn seconds() -> impl Strategy<Value = i64> {
    prop_oneof![
        Just(0),
        -7200..7200_i64,
        -400_000..400_000_i64,
        (-400..400_i64).prop_map(|days| days * 86_400),
        -40_000_000..40_000_000_i64,
    ]
}

#[derive(Clone, Debug)]
struct World {
    now: &'static str,
    zone: &'static str,
    /// The texts of `FIELDS`.
    rows: Vec<Vec<String>>,
}

fn row(now: &'static str) -> impl Strategy<Value = Vec<String>> {
    let text = move |is_day: bool| {
        let good = seconds().prop_map(move |seconds| {
            let text = printed(moved(now, seconds));
            text.chars().take(if is_day { 10 } else { 19 }).collect::<String>()
        });
        prop_oneof![8 => good, 1 => any_of(&["", "2026-02-30", "soon"]).prop_map(str::to_owned)]
    };
    [text(true), text(true), text(false), text(false)].prop_map(Vec::from)
}

fn world_of(
    nows: &'static [&'static str],
    zones: &'static [&'static str],
) -> impl Strategy<Value = World> {
    (any_of(nows), any_of(zones)).prop_flat_map(|(now, zone)| {
        let rows = prop::collection::vec(row(now), 1..20);
        rows.prop_map(move |rows| World { now, zone, rows })
    })
}

fn world() -> impl Strategy<Value = World> {
    world_of(NOWS, ZONES)
}

/// The world's rows, which can be asked.
struct Asked {
    database: Database,
    environment: FixedEnvironment,
}

impl World {
    fn asked(&self) -> Asked {
        let kinds = [FieldType::Date, FieldType::Date, FieldType::DateTime, FieldType::DateTime];
        let fields = FIELDS.iter().zip(kinds).map(|(name, kind)| Field::new(*name, kind));
        let database = Database::new([filled(schema("t", fields), &self.rows)]).unwrap();
        let environment = FixedEnvironment::default()
            .with_now(self.now.parse().unwrap())
            .with_zone(Zone::find(self.zone).unwrap());
        Asked { database, environment }
    }
}

impl Asked {
    #[track_caller]
    fn find(&self, query: &str) -> BTreeSet<usize> {
        let bound = bind(&self.database, "t", query, Some(&self.environment));
        let plan = Plan::new(bound, OnInvalid::Forbid);
        let plan = plan.unwrap_or_else(|error| panic!("{query}: {error}"));
        numbers(&plan.run(&self.database, PageRequest::ALL)).into_iter().collect()
    }

    /// The parts have no row in common and are the whole together.
    #[track_caller]
    fn check_split(&self, whole: &str, parts: &[String]) {
        let found: Vec<BTreeSet<usize>> = parts.iter().map(|part| self.find(part)).collect();
        let together: BTreeSet<usize> = found.iter().flatten().copied().collect();
        assert_eq!(together, self.find(whole), "{whole} by {parts:?}");
        assert_eq!(
            together.len(),
            found.iter().map(BTreeSet::len).sum::<usize>(),
            "{parts:?} {found:?}"
        );
    }
}

proptest! {
    #![proptest_config(cases(400))]

    /// §2: inside and outside a period split the rows with a value; empty never matches.
    #[test]
    fn on_and_noton_split(
        world in world(),
        field in any_of(FIELDS),
        label in any_of(LABELS),
        bounds in (seconds(), seconds()),
    ) {
        let asked = world.asked();
        let (from, to) = (moved(world.now, bounds.0), moved(world.now, bounds.1));
        let range = format!("{}@{}", printed(from), printed(to));
        for period in [label.to_owned(), label.to_uppercase(), format!("{label}@{range}")] {
            let parts = [format!("{field}ON{period}"), format!("{field}NOTON{period}")];
            asked.check_split(&format!("{field}ISNOTEMPTY"), &parts);
        }
        // §5: with two bounds the label is decoration.
        prop_assert_eq!(asked.find(&format!("{field}ONx@{range}")), asked.find(&format!("{field}BETWEEN{range}")));
    }

    /// §2, §5: after and not after a moved now split the rows with a value, as do before and not
    /// before; `EE` is inside the unit.
    #[test]
    fn relative_operators_split(
        world in world(),
        field in any_of(FIELDS),
        unit in any_of(UNITS),
        side in any_of(&["ago", "ahead"]),
        n in 0..40_u32,
    ) {
        let asked = world.asked();
        let of = |comparison: &str| format!("{field}RELATIVE{comparison}@{unit}@{side}@{n}");
        let whole = format!("{field}ISNOTEMPTY");
        asked.check_split(&whole, &[of("GT"), of("LE")]);
        asked.check_split(&whole, &[of("LT"), of("GE")]);
        // Not where a time of the clock comes twice over midnight, nor at the ends of time, where all
        // is cut, an instant as well as a bound.
        if unit != "week" && !NOWS[5..].contains(&world.now) {
            let n = if side == "ago" { i64::from(n) } else { -i64::from(n) };
            let edge = |edge: &str| format!("javascript:gs.{unit}sAgo{edge}({n})");
            let inside = format!("{field}>={}^{field}<={}", edge("Start"), edge("End"));
            prop_assert_eq!(asked.find(&of("EE")), asked.find(&inside));
        }
    }

    /// §2, §5: the same and another unit split the rows that have both values, either way round.
    #[test]
    fn the_same_unit_or_another(
        world in world(),
        left in any_of(FIELDS),
        right in any_of(FIELDS),
        unit in any_of(UNITS),
    ) {
        let asked = world.asked();
        let same = format!("{left}SAMEAS{right}@{unit}");
        let parts = [same.clone(), format!("{left}NSAMEAS{right}@{unit}")];
        asked.check_split(&format!("{left}ISNOTEMPTY^{right}ISNOTEMPTY"), &parts);
        prop_assert_eq!(asked.find(&same), asked.find(&format!("{right}SAMEAS{left}@{unit}")));
    }

    /// §5: equal, less and greater parts of a date split the rows with a value.
    #[test]
    fn parts_of_dates_split(
        world in world(),
        field in any_of(FIELDS),
        part in any_of(&["dayofweek','wed", "dayofweek','1", "month','march", "month','12", "quarter','2",
            "year','2026", "week','13", "week','53", "hour','2", "hour','0", "dayofmonth','29"]),
    ) {
        let asked = world.asked();
        let of = |comparison: &str| {
            format!("{field}DATEPARTx@javascript:gs.datePart('{part}','{comparison}')")
        };
        asked.check_split(&format!("{field}ISNOTEMPTY"), &[of("EE"), of("LT"), of("GT")]);
        asked.check_split(&of("GE"), &[of("EE"), of("GT")]);
        asked.check_split(&of("LE"), &[of("EE"), of("LT")]);
    }

    /// §5 MORETHAN, LESSTHAN: by seconds in UTC; before, within and after split the rows.
    #[test]
    fn distances(
        world in world_of(NOWS, &["UTC"]),
        fields in prop_oneof![Just(("born", "died")), Just(("opened", "closed")), Just(("closed", "opened"))],
        unit in prop_oneof![Just(("minute", 60)), Just(("hour", 3600)), Just(("day", 86_400)), Just(("week", 604_800))],
        n in prop_oneof![0..4_i64, 0..500_i64],
    ) {
        let asked = world.asked();
        let ((left, right), (unit, length)) = (fields, unit);
        let at = |row: &Vec<String>, field: &str| {
            let text = &row[FIELDS.iter().position(|name| *name == field).unwrap()];
            let at: civil::DateTime = text.parse().ok()?;
            Some(at.duration_since(civil::date(1970, 1, 1).at(0, 0, 0, 0)).as_secs())
        };
        let check = |operator: &str, side: &str, holds: &dyn Fn(i64, i64) -> bool| {
            let query = format!("{left}{operator}{right}@{unit}@{side}@{n}");
            let holds = |row: &Vec<String>| {
                at(row, left).zip(at(row, right)).is_some_and(|(value, other)| holds(value, other))
            };
            let expected: BTreeSet<usize> = super::meeting(&world.rows, holds).into_iter().collect();
            assert_eq!(asked.find(&query), expected, "{query}");
        };
        check("MORETHAN", "before", &|value, other| value < other - n * length);
        check("LESSTHAN", "before", &|value, other| other - n * length <= value && value <= other);
        check("LESSTHAN", "after", &|value, other| other <= value && value <= other + n * length);
        check("MORETHAN", "after", &|value, other| value > other + n * length);
    }
}
