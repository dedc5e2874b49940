//! What every operator means on every kind of field, for a filled field, another value, an empty one
//! and one whose text its type cannot read. Written by hand; each test names its source, and what is
//! our choice has its row in COMPATIBILITY.md.

use encoded_query::calendar::Zone;
use encoded_query::{
    Binder, EmptyInNegation, Field, FieldType, FixedEnvironment, OnInvalid, Options, PageRequest,
    Plan, Query, Schema, Table,
};

const COLUMNS: [(&str, FieldType); 10] = [
    ("row", FieldType::String),
    ("text", FieldType::String),
    ("twin", FieldType::String),
    ("whole", FieldType::Integer),
    ("decimal", FieldType::Decimal),
    ("flag", FieldType::Boolean),
    ("day", FieldType::Date),
    ("at", FieldType::DateTime),
    ("owner", FieldType::Reference),
    ("id", FieldType::SysId),
];

/// `one` and `two` hold values, `nil` holds none, `bad` holds texts its types cannot read.
const ROWS: [[&str; 10]; 4] = [
    [
        "one",
        "War Room",
        "war room",
        "9",
        "1.50",
        "true",
        "2026-01-31",
        "2026-01-31 10:00:00",
        ONE,
        ONE,
    ],
    ["two", "Ärger", "zebra", "10", "-0.5", "false", "2026-02-01", "2026-02-01 00:00:00", TWO, TWO],
    ["nil", "", "", "", "", "", "", "", "", ""],
    ["bad", "100%_*", "", "ten", "1,5", "yes", "2026-02-30", "soon", "nobody", "x"],
];
const ONE: &str = "86837a386f0331003b3c498f5d3ee4ca";
const TWO: &str = "0123456789abcdef0123456789ABCDEF";

fn table() -> Table {
    let fields = COLUMNS.map(|(name, kind)| {
        if kind == FieldType::Reference {
            Field::reference(name, "elsewhere")
        } else {
            Field::new(name, kind)
        }
    });
    let mut table = Table::new(Schema::new("things", fields));
    for row in ROWS {
        let cells = COLUMNS.iter().zip(row).map(|((name, _), text)| (*name, text.into()));
        table.push(cells).unwrap();
    }
    table
}

#[track_caller]
fn found(query: &str, options: &Options) -> String {
    let table = table();
    let binder = Binder::for_table(table.schema()).options(options.clone());
    let plan = Plan::new(binder.bind(&Query::parse(query)), OnInvalid::Forbid);
    let plan = plan.unwrap_or_else(|error| panic!("{query}: {error}"));
    let page = plan.run(&table, PageRequest::ALL);
    let names: Vec<_> = page.records.iter().map(|row| row.text("row").unwrap()).collect();
    names.join(" ")
}

/// Each query with the rows that match, by name.
#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (query, expected) in cases {
        assert_eq!(found(query, &Options::default()), *expected, "{query}");
    }
}

/// Source: Operators available for filters and queries; KB0715430 for empties under `!=`; `false`,
/// empty or NULL under `!=` on booleans is from the operators' page.
#[test]
fn equality() {
    check(&[
        ("text=WAR ROOM", "one"),
        ("text=ÄRGER", "two"),
        ("text=War", ""),
        ("text!=war room", "two bad"),
        ("text=NULL", "nil"),
        ("text!=NULL", "one two bad"),
        ("text=", "nil"),
        ("text!=", "one two bad"),
        ("whole=9", "one"),
        ("whole=+09.0", "one"),
        ("whole!=9", "two"),
        ("whole=", "nil bad"),
        ("whole!=NULL", "one two"),
        ("decimal=1.5", "one"),
        ("decimal!=1.5", "two"),
        ("flag=TRUE", "one"),
        ("flag=0", "two"),
        ("flag!=true", "two nil bad"),
        ("flag!=false", "one nil bad"),
        ("flag=", "nil bad"),
        ("day=2026-01-31", "one"),
        ("day=2026-01-31 23:59:59", "one"),
        ("day!=2026-01-31", "two"),
        ("at=2026-02-01", "two"),
        ("at=2026-01-31T10:00:00Z", "one"),
        ("at!=2026-02-01", "one"),
        ("owner=86837A386F0331003B3C498F5D3EE4CA", "one"),
        ("owner!=nobody", "one two"),
        ("id=0123456789abcdef0123456789abcdef", "two"),
        ("id!=x", "one two"),
    ]);
}

/// Source: the same page; an empty field is never less or greater. Text by code point of its folded
/// form, where `ä` comes behind `z`: our choice.
#[test]
fn ordering() {
    check(&[
        ("text<b", "bad"),
        ("text<=WAR ROOM", "one bad"),
        ("text>war room", "two"),
        ("text>=war room", "one two"),
        ("text>", "one two bad"),
        ("whole<10", "one"),
        ("whole<=9.99", "one"),
        ("whole>9", "two"),
        ("whole>=-99999999999999999999", "one two"),
        ("decimal<0", "two"),
        ("decimal>=1.5", "one"),
        ("day<2026-02-01", "one"),
        ("day>=2026-01-31", "one two"),
        ("at>2026-01-31", "one two"),
        ("at<=2026-01-31 10:00:00", "one"),
        ("at<2026-01-31", ""),
    ]);
}

/// Source: the same page, whose wildcard signs stand for themselves; our choice: on every type, of
/// the stored text, also of one the type cannot read.
#[test]
fn parts_of_text() {
    check(&[
        ("textSTARTSWITHwar", "one"),
        ("textSTARTSWITHä", "two"),
        ("textENDSWITHROOM", "one"),
        ("text%R", "two"),
        ("textLIKE R", "one"),
        ("textCONTAINS%_", "bad"),
        ("text*_*", "bad"),
        ("textNOT LIKEroom", "two bad"),
        ("text!*room", "two bad"),
        ("textDOES NOT CONTAINroom", "two bad"),
        ("textLIKE", "one two nil bad"),
        ("textSTARTSWITH", "one two nil bad"),
        ("textENDSWITH", "one two nil bad"),
        ("textNOT LIKE", ""),
        ("wholeSTARTSWITH1", "two"),
        ("wholeLIKEe", "bad"),
        ("decimalENDSWITH0", "one"),
        ("flagLIKEs", "two bad"),
        ("dayLIKE-02-", "two bad"),
        ("atSTARTSWITH2026-01", "one"),
        ("atNOT LIKE2026", "bad"),
        ("ownerSTARTSWITH868", "one"),
        ("idENDSWITHDEF", "two"),
    ]);
}

/// Source: the same page; KB0715430 for empties. Blanks around the items of a list do not count.
#[test]
fn lists() {
    check(&[
        ("textINzebra, WAR ROOM ", "one"),
        ("textNOT INwar room", "two bad"),
        ("textNOTINwar room,ärger", "bad"),
        ("textIN", ""),
        ("textIN ,,", ""),
        ("textNOT IN", "one two bad"),
        ("wholeIN9.0,11", "one"),
        ("wholeNOT IN9", "two"),
        ("decimalIN-0.5", "two"),
        ("flagINtrue", "one"),
        ("flagNOT INtrue", "two nil bad"),
        ("flagNOT IN", "one two nil bad"),
        ("dayIN2026-01-31,2026-02-01", "one two"),
        ("atNOT IN2026-02-01", "one"),
        ("ownerINnobody", "bad"),
        ("textIN1,2,3,4,5,6,7,8,9,war room", "one"),
    ]);
}

/// Source: the same page. What a type cannot read counts as empty: our choice.
#[test]
fn presence() {
    check(&[
        ("textISEMPTY", "nil"),
        ("textISNOTEMPTY", "one two bad"),
        ("textEMPTYSTRING", "nil"),
        ("textISEMPTYSTRING", "nil"),
        ("wholeISEMPTY", "nil bad"),
        ("decimalISNOTEMPTY", "one two"),
        ("flagISEMPTY", "nil bad"),
        ("dayISNOTEMPTY", "one two"),
        ("atEMPTYSTRING", "nil bad"),
        ("ownerISEMPTY", "nil"),
        ("idISNOTEMPTY", "one two bad"),
        ("textANYTHING", "one two nil bad"),
        ("atANYTHING", "one two nil bad"),
    ]);
}

/// Source: the same page: both ends belong to the range.
#[test]
fn ranges() {
    check(&[
        ("textBETWEENwar@war room", "one"),
        ("wholeBETWEEN9@10", "one two"),
        ("wholeBETWEEN10@9", ""),
        ("decimalBETWEEN-1@0", "two"),
        ("dayBETWEEN2026-01-31@2026-01-31", "one"),
        ("atBETWEEN2026-01-31@2026-01-31 09:59:59", ""),
        ("atBETWEEN2026-01-31 10:00:00@2026-02-01", "one two"),
    ]);
}

/// Source: the same page and KB0715430: an empty side is neither same nor different.
#[test]
fn fields_against_fields() {
    check(&[
        ("textSAMEAStwin", "one"),
        ("textNSAMEAStwin", "two"),
        ("textLT_FIELDtwin", ""),
        ("textGT_FIELDtwin", "two"),
        ("textGT_OR_EQUALS_FIELDtwin", "one two"),
        ("wholeGT_FIELDdecimal", "one two"),
        ("wholeLT_OR_EQUALS_FIELDdecimal", ""),
        ("daySAMEASat", "one two"),
        ("dayLT_FIELDat", ""),
        ("ownerSAMEASid", "one two"),
        ("wholeNSAMEAStext", "one two"),
        ("flagSAMEASflag", "one two"),
    ]);
}

/// Reported from instances; folding and the whole text for globs are our choice.
#[test]
fn patterns() {
    check(&[
        ("textMATCH_PATWAR*", "one"),
        ("textMATCH_PATä????", "two"),
        ("textMATCH_PATwar", ""),
        ("textMATCH_PAT*%_?", "bad"),
        ("textMATCH_RGXr{2}|ÄR", "two"),
        ("textMATCH_RGX^^w", "one"),
        ("wholeMATCH_RGX^^1\\d$", "two"),
        ("wholeMATCH_PATt*", "bad"),
    ]);
}

/// One switch for the negative operators; no other is touched.
#[test]
fn empties_under_negation() {
    let with = |empties| {
        let mut options = Options::default();
        options.empty_in_negation = empties;
        options
    };
    let cases = [
        ("text!=x", "one two bad", "one two nil bad", "one two bad"),
        ("textNOT INx", "one two bad", "one two nil bad", "one two bad"),
        ("textNOT LIKEx", "one two bad", "one two nil bad", "one two bad"),
        ("whole!=9", "two", "two nil bad", "two"),
        ("flag!=true", "two nil bad", "two nil bad", "two"),
        ("flagNOT INtrue", "two nil bad", "two nil bad", "two"),
        ("textNSAMEAStwin", "two", "two nil bad", "two"),
        ("text!=", "one two bad", "one two bad", "one two bad"),
        ("textISNOTEMPTY", "one two bad", "one two bad", "one two bad"),
    ];
    for (query, documented, matching, not_matching) in cases {
        let found = |empties| found(query, &with(empties));
        assert_eq!(found(EmptyInNegation::Documented), documented, "{query}");
        assert_eq!(found(EmptyInNegation::Match), matching, "{query}");
        assert_eq!(found(EmptyInNegation::NoMatch), not_matching, "{query}");
    }
}

/// Source: the general page of the REST API, which says that values are case-sensitive.
#[test]
fn case_can_count() {
    let mut options = Options::default();
    options.case_sensitive = true;
    for (query, expected) in [
        ("text=War Room", "one"),
        ("text=war room", ""),
        ("textSTARTSWITHWar", "one"),
        ("textLIKEwar", ""),
        ("textENDSWITHoom", "one"),
        ("textINwar room,War Room", "one"),
        ("textMATCH_PATWar*", "one"),
        ("textMATCH_PATwar*", ""),
        ("textMATCH_RGXwar", ""),
        ("textSAMEAStwin", ""),
        ("text<a", "one bad"),
        ("ORDERBYtext", "nil bad one two"),
        ("flag=TRUE", "one"),
        ("id=0123456789abcdef0123456789abcdef", "two"),
        ("ownerIN86837A386F0331003B3C498F5D3EE4CA", "one"),
    ] {
        assert_eq!(found(query, &options), expected, "{query}");
    }
}

/// Source: §10: empties first when ascending, numbers and dates by value, ties in table order.
#[test]
fn order() {
    check(&[
        ("ORDERBYtext", "nil bad one two"),
        ("ORDERBYDESCtext", "two one bad nil"),
        ("ORDERBYwhole", "nil bad one two"),
        ("ORDERBYDESCwhole", "two one nil bad"),
        ("ORDERBYdecimal", "nil bad two one"),
        ("ORDERBYflag", "nil bad two one"),
        ("ORDERBYat", "nil bad one two"),
        ("ORDERBYtwin^ORDERBYDESCwhole", "nil bad one two"),
        ("wholeISNOTEMPTY^ORDERBYDESCday", "two one"),
    ]);
}

/// The digits of a sys_id have no case, also where a reference is followed.
#[test]
fn sys_ids_have_no_case() {
    let mut schema = Schema::new(
        "people",
        [
            Field::new("sys_id", FieldType::SysId),
            Field::new("name", FieldType::String),
            Field::reference("boss", "people"),
        ],
    )
    .with_display("name");
    schema.add(Field::new("more", FieldType::String));
    let mut people = Table::new(schema);
    let lower = TWO.to_lowercase();
    people.push([("sys_id", lower.as_str().into()), ("name", "bob".into())]).unwrap();
    people.push([("sys_id", ONE.into()), ("name", "eve".into()), ("boss", TWO.into())]).unwrap();
    assert!(people.push([("sys_id", TWO.into())]).is_err());
    assert_eq!(people.record(TWO).unwrap().text("name").unwrap(), "bob");
    for query in [format!("boss={lower}"), "bossLIKEbob".into(), "bossSTARTSWITHb".into()] {
        assert_eq!(people.query(&query).total, Some(1), "{query}");
    }
}

/// A row may answer with texts or typed values; both mean the same.
#[test]
fn typed_and_stored_values_agree() {
    use encoded_query::{Number, ValueRef};
    for text in ["1", "0", "2", "1.0"] {
        let typed = ValueRef::Decimal(Number::read(text).unwrap());
        let stored = ValueRef::from(typed.text().unwrap().into_owned().leak() as &str);
        assert_eq!(typed.boolean(), stored.boolean(), "{text}");
        assert_eq!(typed.number(), stored.number(), "{text}");
    }
}

/// An instant, written out or from a script, is its day in the zone where a day is wanted; a day is
/// itself. Our choice.
#[test]
fn an_instant_is_its_day_in_the_zone() {
    let table = table();
    let environment = FixedEnvironment::default()
        .with_now("2026-01-31 23:59:59".parse().unwrap())
        .with_zone(Zone::find("Pacific/Kiritimati").unwrap());
    for (query, found) in [
        ("day=2026-01-31 23:59:59", "two"),
        ("day=2026-01-31T23:59:59Z", "two"),
        ("day=javascript:gs.nowDateTime()", "two"),
        ("dayIN2026-01-31 23:59:59", "two"),
        ("dayBETWEEN2026-01-31 23:59:59@2026-02-01 00:00:00", "two"),
        ("day=2026-01-31 09:59:59", "one"),
        ("day=2026-01-31", "one"),
    ] {
        let binder = Binder::for_table(table.schema()).environment(&environment);
        let plan = Plan::new(binder.bind(&Query::parse(query)), OnInvalid::Forbid).unwrap();
        let page = plan.run(&table, PageRequest::ALL);
        let rows: Vec<_> = page.records.iter().map(|row| row.text("row").unwrap()).collect();
        assert_eq!(rows, [found], "{query}");
    }
}
