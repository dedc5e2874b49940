//! Small public things a program relies on: values of either form, numbers as text, defaults of what is not
//! told, tables and records asked by name.

use encoded_query::calendar::{Weekday, Zone};
use encoded_query::value::{Date, DateTime, Kind};
use encoded_query::{
    Catalog, Clause, Database, Environment, Field, FieldPath, FieldType, Number, Query, Schema,
    Span, Table, Tables, ValueRef,
};

/// §4: a value as stored text and as a typed value mean the same, whatever it is asked for.
#[test]
fn values_have_two_forms() {
    let day = Date::read("2026-01-31").unwrap();
    let at = DateTime::read("2026-01-31 10:00:00").unwrap();
    let decimal = |text: &'static str| ValueRef::Decimal(Number::read(text).unwrap());
    for (typed, text, number, boolean, date) in [
        (ValueRef::from(1), "1", Some("1"), Some(true), None),
        (ValueRef::from(0), "0", Some("0"), Some(false), None),
        (ValueRef::from(-7), "-7", Some("-7"), None, None),
        (decimal("1"), "1", Some("1"), Some(true), None),
        (decimal("-0.50"), "-0.5", Some("-0.5"), None, None),
        (decimal("+0.50"), "0.5", Some("0.5"), None, None),
        (ValueRef::from(true), "true", None, Some(true), None),
        (ValueRef::from(false), "false", None, Some(false), None),
        (ValueRef::Date(day), "2026-01-31", None, None, Some(day)),
        (ValueRef::DateTime(at), "2026-01-31 10:00:00", None, None, Some(day)),
        (ValueRef::from("x"), "x", None, None, None),
    ] {
        let stored = ValueRef::from(text);
        assert_eq!(typed.text().unwrap(), text);
        assert_eq!(typed.clone().into_text().unwrap(), text);
        assert!(typed.is_filled(Kind::Text) && stored.is_filled(Kind::Text));
        for value in [&typed, &stored] {
            assert_eq!(
                value.number().map(|number| number.to_string()).as_deref(),
                number,
                "{text}"
            );
            assert_eq!(value.boolean(), boolean, "{text}");
            assert_eq!(value.date(), date, "{text}");
        }
    }
    for empty in [ValueRef::Empty, ValueRef::from("")] {
        assert_eq!((empty.text(), empty.number(), empty.boolean()), (None, None, None));
        assert_eq!((empty.date(), empty.date_time()), (None, None));
        assert!(!empty.is_filled(Kind::Text) && !empty.is_filled(Kind::Number));
    }
}

/// §4: numbers are compared exactly, however long, and printed without what means nothing.
#[test]
fn numbers_are_exact() {
    let number = |text: &'static str| Number::read(text).unwrap();
    for (text, printed) in [
        ("+007", "7"),
        ("-0", "0"),
        ("1.50", "1.5"),
        ("0.10", "0.1"),
        ("-00.25", "-0.25"),
        ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775809", "-9223372036854775809"),
        ("123456789012345678901234567890.5", "123456789012345678901234567890.5"),
    ] {
        assert_eq!(number(text).to_string(), printed);
        assert_eq!(number(text).borrowed(), number(text));
        assert_eq!(number(text).into_owned(), number(text));
    }
    let ascending = [
        "-9223372036854775809",
        "-9223372036854775808",
        "-1.5",
        "-1",
        "-0.5",
        "0",
        "0.25",
        "0.5",
        "9223372036854775807",
        "9223372036854775807.5",
        "9223372036854775808",
    ];
    for (place, low) in ascending.iter().enumerate() {
        for (other, high) in ascending.iter().enumerate() {
            assert_eq!(number(low).cmp(&number(high)), place.cmp(&other), "{low} {high}");
        }
    }
    for text in ["", "+", "-", ".", "1.", ".5", "1e3", " 1", "1 ", "0x1", "1,5", "--1"] {
        assert!(Number::read(text).is_none(), "{text:?}");
    }
}

/// §6: without an environment nothing is guessed.
#[test]
fn nothing_is_known_unless_told() {
    #[derive(Debug)]
    struct Untold;
    impl Environment for Untold {}
    assert_eq!((Untold.now(), Untold.user(), Untold.groups()), (None, None, None));
    assert_eq!(Untold.dynamic("0123456789abcdef0123456789abcdef"), None);
    assert_eq!(Untold.zone(), Zone::utc());
    assert_eq!(Untold.first_day_of_week(), Weekday::default());
}

fn item() -> Schema {
    Schema::new("item", [Field::new("sys_id", FieldType::SysId), Field::reference("box", "box")])
}

fn crate_of_items() -> Schema {
    let id = Field::new("sys_id", FieldType::SysId);
    Schema::new("box", [id, Field::new("name", FieldType::String)])
}

/// §3: the catalog lists exactly its tables; what extends what is followed in several steps.
#[test]
fn catalogs_know_their_tables() {
    let mut catalog: Catalog = [item(), crate_of_items()].into_iter().collect();
    catalog.add(Schema::extending(&crate_of_items(), "crate", []));
    let crated = catalog.schema("crate").unwrap().clone();
    catalog.add(Schema::extending(&crated, "chest", [Field::new("lock", FieldType::String)]));
    let names = |catalog: &Catalog| -> Vec<String> {
        catalog.schemas().iter().map(|schema| schema.table().to_owned()).collect()
    };
    assert_eq!(names(&catalog), ["item", "box", "crate", "chest"]);
    for (table, ancestor, is_a) in [
        ("chest", "box", true),
        ("chest", "crate", true),
        ("crate", "crate", true),
        ("box", "crate", false),
        ("item", "box", false),
        ("nosuch", "box", false),
    ] {
        assert_eq!(catalog.is_a(table, ancestor), is_a, "{table} {ancestor}");
    }
    let extending: Vec<_> = catalog.extending("crate").map(Schema::table).collect();
    assert_eq!(extending, ["crate", "chest"]);
    assert!(catalog.require("chest").is_ok());
    let unknown = catalog.require("nosuch").unwrap_err();
    assert_eq!(unknown.tables, ["item", "box", "crate", "chest"]);
    let changed = catalog.schema_mut("box").unwrap();
    changed.add(Field::new("size", FieldType::Integer));
    assert!(catalog.schema("box").unwrap().field("size").is_some());
    assert!(catalog.schema_mut("nosuch").is_none());
}

/// Tables are asked for records by name; one table answers for itself alone.
#[test]
fn records_know_where_they_stand() {
    let mut items = Table::new(item());
    assert!(items.is_empty());
    assert_eq!(items.len(), 0);
    for (id, of) in [("1", "a"), ("2", "")] {
        items.push([("sys_id", id.into()), ("box", of.into())]).unwrap();
    }
    assert!(!items.is_empty() && items.len() == 2);
    let second = items.records().nth(1).unwrap();
    assert_eq!((second.number(), second.table().schema().table()), (1, "item"));
    let texts: Vec<_> = second.texts().map(|(name, text)| (name, text.into_owned())).collect();
    assert_eq!(texts, [("sys_id", "2".to_owned()), ("box", String::new())]);
    assert_eq!((second.text("box"), second.text("nosuch")), (None, None));
    let alone = Tables::from(&items);
    assert_eq!((alone.records("item").count(), alone.records("box").count()), (2, 0));
    assert_eq!(alone.record("item", 1).unwrap().text("sys_id").unwrap(), "2");
    assert!(alone.record("item", 2).is_none() && alone.record("box", 0).is_none());
    let database = Database::new([items, Table::new(crate_of_items())]).unwrap();
    let both = Tables::from(&database);
    assert_eq!((both.records("item").count(), both.records("box").count()), (2, 0));
    assert_eq!(both.record("item", 0).unwrap().text("sys_id").unwrap(), "1");
    assert!(both.record("box", 0).is_none() && both.record("nosuch", 0).is_none());
}

/// §1.9: a block names its keyword, and where it stands.
#[test]
fn blocks_name_their_keyword() {
    for (text, keyword) in [
        ("RLQUERYt.f,>=1^ENDRLQUERY", "RLQUERY"),
        ("SUBQUERYa,b,t^ENDSUBQUERY", "SUBQUERY"),
        ("JOINa.f=b.g!", "JOIN"),
    ] {
        let query = Query::parse(text);
        let Some(Clause::Block(block)) = query.clauses().next() else { panic!("{text}") };
        assert_eq!((block.head().keyword(), block.span().of(text)), (keyword, text));
    }
}

/// A path answers with its place; one that follows references has no place in its own table.
#[test]
fn paths_and_spans() {
    let path = FieldPath::new(&item(), "box").unwrap();
    assert_eq!((path.slot(), path.target_slot(), path.references().len()), (1, 1, 0));
    assert!(FieldPath::new(&item(), "nosuch").is_none());
    assert!(Span { start: 3, end: 3 }.is_empty() && !Span { start: 3, end: 4 }.is_empty());
    assert_eq!((Span { start: 3, end: 7 }.len(), Span { start: 7, end: 3 }.len()), (4, 0));
    let text = String::from("a=1^b=2");
    let owned = Query::parse(text.as_str()).into_owned();
    assert_eq!(owned, Query::parse(text.as_str()));
    drop(text);
    assert_eq!((owned.text(), owned.conditions().count()), ("a=1^b=2", 2));
}
