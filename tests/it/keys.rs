//! What two fields are compared as: in blocks, which look rows up by a key, and in one row. Sources: §1.9
//! and §5 of the language; fields of two types compare as text, unless both are numbers or both dates.

use encoded_query::calendar::Zone;
use encoded_query::{
    Binder, Database, Field, FieldType, FixedEnvironment, OnInvalid, PageRequest, Plan, Query,
    Schema, Table,
};

const FIELDS: [(&str, FieldType); 7] = [
    ("text", FieldType::String),
    ("whole", FieldType::Integer),
    ("decimal", FieldType::Decimal),
    ("flag", FieldType::Boolean),
    ("day", FieldType::Date),
    ("at", FieldType::DateTime),
    ("until", FieldType::DateTime),
];

fn schema(table: &str) -> Schema {
    let fields = FIELDS.map(|(name, kind)| Field::new(name, kind));
    let id = Field::new("sys_id", FieldType::SysId);
    Schema::new(table.to_owned(), std::iter::once(id).chain(fields))
}

fn table(name: &str, rows: &[&[(&str, &str)]]) -> Table {
    let mut table = Table::new(schema(name));
    for (number, row) in rows.iter().enumerate() {
        let id = number.to_string();
        let cells = std::iter::once(("sys_id", id.as_str())).chain(row.iter().copied());
        table.push(cells.map(|(field, text)| (field, text.to_owned().into()))).unwrap();
    }
    table
}

/// The numbers of the rows a valid query finds, in that zone.
#[track_caller]
fn found(database: &Database, query: &str, zone: &str) -> Vec<usize> {
    let environment = FixedEnvironment::default().with_zone(Zone::find(zone).unwrap());
    let binder = Binder::new(database.catalog(), "one").unwrap().environment(&environment);
    let plan = Plan::new(binder.bind(&Query::parse(query)), OnInvalid::Forbid);
    let plan = plan.unwrap_or_else(|error| panic!("{query}: {error}"));
    let page = plan.run(database, PageRequest::ALL);
    page.records.iter().map(|record| record.text("sys_id").unwrap().parse().unwrap()).collect()
}

/// A block finds the rows whose key is equal as the type says, however it is spelled.
#[test]
fn keys_are_equal_by_type() {
    let one = table(
        "one",
        &[
            &[("text", "Ärger"), ("whole", "007"), ("decimal", "1.50"), ("flag", "TRUE")],
            &[("text", "007"), ("whole", "8"), ("decimal", "1.51"), ("flag", "0")],
            &[("day", "2026-02-01"), ("at", "2026-01-31 23:30:00")],
            &[("whole", "x"), ("flag", "maybe"), ("day", "2026-02-30"), ("at", "soon")],
            &[],
        ],
    );
    let other = table(
        "other",
        &[
            &[("text", "äRGER"), ("whole", "7"), ("decimal", "1.5"), ("flag", "1")],
            &[("day", "2026-02-01"), ("at", "2026-01-31 23:30:00"), ("text", "7")],
            &[("whole", "x"), ("flag", "maybe"), ("day", "2026-02-30"), ("at", "soon")],
            &[],
        ],
    );
    let database = Database::new([one, other]).unwrap();
    for (ours, theirs, in_utc, in_berlin) in [
        ("text", "text", &[0][..], &[0][..]),
        ("whole", "whole", &[0], &[0]),
        ("decimal", "decimal", &[0], &[0]),
        ("whole", "decimal", &[], &[]),
        ("flag", "flag", &[0], &[0]),
        ("day", "day", &[2], &[2]),
        ("at", "at", &[2], &[2]),
        // An instant has its day in the zone: half past midnight in Berlin.
        ("day", "at", &[], &[2]),
        ("at", "day", &[], &[2]),
        // Text and number compare as they are written.
        ("whole", "text", &[], &[]),
        ("text", "whole", &[], &[]),
    ] {
        for (zone, expected) in [("UTC", in_utc), ("Europe/Berlin", in_berlin)] {
            let subquery = format!("SUBQUERY{ours},{theirs},other^ENDSUBQUERY");
            assert_eq!(found(&database, &subquery, zone), expected, "{subquery} {zone}");
            let join = format!("JOINone.{ours}=other.{theirs}!");
            assert_eq!(found(&database, &join, zone), expected, "{join} {zone}");
        }
    }
}

/// `SAMEAS field@unit`: two instants by the clock of the zone, a day and an instant by day.
#[test]
fn units_hold_by_the_clock_or_by_day() {
    let one = table(
        "one",
        &[
            &[
                ("at", "2026-01-31 22:30:00"),
                ("until", "2026-01-31 22:59:59"),
                ("day", "2026-01-31"),
            ],
            &[
                ("at", "2026-01-31 22:30:00"),
                ("until", "2026-01-31 23:00:00"),
                ("day", "2026-02-01"),
            ],
            &[
                ("at", "2026-01-01 00:00:00"),
                ("until", "2026-12-31 22:00:00"),
                ("day", "2026-12-31"),
            ],
            &[("at", "2026-01-31 23:30:00"), ("until", ""), ("day", "2026-02-01")],
        ],
    );
    let database = Database::new([one]).unwrap();
    for (query, in_utc, in_berlin) in [
        ("atSAMEASuntil@hour", &[0][..], &[0][..]),
        ("atSAMEASuntil@day", &[0, 1], &[0]),
        ("atSAMEASuntil@month", &[0, 1], &[0]),
        ("atSAMEASuntil@year", &[0, 1, 2], &[0, 1, 2]),
        ("atNSAMEASuntil@hour", &[1, 2], &[1, 2]),
        ("atNSAMEASuntil@day", &[2], &[1, 2]),
        ("atSAMEASday@day", &[0], &[0, 3]),
        ("daySAMEASat@month", &[0], &[0, 3]),
        ("daySAMEASat@year", &[0, 1, 2, 3], &[0, 1, 2, 3]),
        ("dayNSAMEASat@day", &[1, 2, 3], &[1, 2]),
    ] {
        assert_eq!(found(&database, query, "UTC"), in_utc, "{query}");
        assert_eq!(found(&database, query, "Europe/Berlin"), in_berlin, "{query} in Berlin");
    }
}
