//! Days and instants against fields of days. Source: §5 of the language.

use encoded_query::calendar::Zone;
use encoded_query::{
    Binder, Field, FieldType, FixedEnvironment, OnInvalid, PageRequest, Plan, Query, Schema, Table,
};

/// Which of three days a query finds in a zone.
#[track_caller]
fn found(zone: &str, query: &str) -> Vec<String> {
    let mut table = Table::new(Schema::new("t", [Field::new("day", FieldType::Date)]));
    for day in ["2026-01-31", "2026-02-01", "2026-02-02"] {
        table.push([("day", day.into())]).unwrap();
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
    for zone in ["America/New_York", "UTC", "Asia/Tokyo"] {
        assert_eq!(found(zone, "day=2026-02-01"), ["2026-02-01"], "{zone}");
        assert_eq!(found(zone, "day<2026-02-01"), ["2026-01-31"], "{zone}");
    }
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
