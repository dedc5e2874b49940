//! Days and instants against fields of days. Source: §5 of the language.

use encoded_query::calendar::Zone;
use encoded_query::{
    Binder, Field, FieldType, FixedEnvironment, OnInvalid, PageRequest, Plan, Query, Schema, Table,
};

/// The days of the rows that a query finds in a zone.
#[track_caller]
fn found(zone: &str, query: &str) -> Vec<String> {
    let fields = [Field::new("day", FieldType::Date), Field::new("at", FieldType::DateTime)];
    let mut table = Table::new(Schema::new("t", fields));
    for (day, at) in [
        ("2026-01-31", "2026-02-01 00:30:00"),
        ("2026-02-01", "2026-02-01 12:00:00"),
        ("2026-02-02", "2026-02-02 03:00:00"),
        // No clock of Samoa ever showed this day: the next one begins at 10:00:00 of UTC.
        ("2011-12-30", "2011-12-30 09:59:59"),
        ("2011-12-31", "2011-12-30 10:00:00"),
    ] {
        table.push([("day", day.into()), ("at", at.into())]).unwrap();
    }
    let now = "2026-02-01 12:00:00".parse().unwrap();
    let environment =
        FixedEnvironment::default().with_now(now).with_zone(Zone::find(zone).unwrap());
    let binder = Binder::for_table(table.schema()).environment(&environment);
    let plan = Plan::new(binder.bind(&Query::parse(query)), OnInvalid::Forbid).unwrap();
    let page = plan.run(&table, PageRequest::ALL);
    page.records.iter().map(|record| record.text("day").unwrap().into_owned()).collect()
}

#[test]
fn a_day_is_itself_in_every_zone() {
    let earlier = ["2026-01-31", "2011-12-30", "2011-12-31"];
    for zone in ["America/New_York", "UTC", "Asia/Tokyo"] {
        assert_eq!(found(zone, "day=2026-02-01"), ["2026-02-01"], "{zone}");
        assert_eq!(found(zone, "day<2026-02-01"), earlier, "{zone}");
        assert_eq!(found(zone, "dayON2026-02-01"), ["2026-02-01"], "{zone}");
    }
    assert_eq!(found("Pacific/Apia", "dayON2011-12-30"), ["2011-12-30"]);
}

/// Of instants a day is what the clocks of the zone show.
#[test]
fn instants_of_a_day() {
    let on = |zone| found(zone, "atON2026-02-01");
    assert_eq!(on("UTC"), ["2026-01-31", "2026-02-01"]);
    assert_eq!(on("America/New_York"), ["2026-02-01", "2026-02-02"]);
    assert_eq!(on("Asia/Tokyo"), ["2026-01-31", "2026-02-01"]);
    // A day that was skipped is the one after it.
    assert_eq!(found("Pacific/Apia", "atON2011-12-30"), ["2011-12-31"]);
}

#[test]
fn an_instant_is_its_day_in_the_zone() {
    for (zone, day) in
        [("America/New_York", "2026-01-31"), ("UTC", "2026-02-01"), ("Asia/Tokyo", "2026-02-01")]
    {
        assert_eq!(found(zone, "day=2026-02-01 00:30:00"), [day], "{zone}");
    }
    assert_eq!(found("Asia/Tokyo", "day=2026-02-01 15:30:00"), ["2026-02-02"]);
}
