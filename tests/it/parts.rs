//! What a bound query and a plan are made of, asked piece by piece: a program may read them, compare them
//! and ask one test of one row or one value.

use encoded_query::filter::{Changed, Filter, Operand, Reading, Test, TextTest};
use encoded_query::operator::{Place, Polarity, Relation};
use encoded_query::{
    Binder, BoundQuery, Field, FieldPath, FieldType, OnInvalid, Plan, Query, Row, Schema, Table,
    ValueRef,
};

fn schema() -> Schema {
    let fields = [
        Field::new("name", FieldType::String),
        Field::new("twin", FieldType::String),
        Field::new("size", FieldType::Integer),
    ];
    Schema::new("thing", fields)
}

/// A name, its twin and a size.
struct Thing(&'static str, &'static str, i64);

impl Row for Thing {
    fn value(&self, path: &FieldPath) -> ValueRef<'_> {
        match path.as_str() {
            "name" => self.0.into(),
            "twin" => self.1.into(),
            _ => self.2.into(),
        }
    }

    fn display(&self, path: &FieldPath) -> ValueRef<'_> {
        if path.as_str() == "name" { "shown".into() } else { self.value(path) }
    }
}

/// What a row has that tells no more than it must.
struct Bare;

impl Row for Bare {
    fn value(&self, _: &FieldPath) -> ValueRef<'_> {
        "bare".into()
    }
}

fn bind(query: &str) -> BoundQuery {
    Binder::for_table(&schema()).bind(&Query::parse(query))
}

fn plan(query: &str) -> Plan {
    Plan::new(bind(query), OnInvalid::Forbid).unwrap()
}

/// The one test of a query.
fn test(query: &str) -> Test {
    let plan = plan(query);
    let [filter] = plan.filters().unwrap() else { panic!("{query}") };
    assert!(!filter.is_empty(), "{query}");
    let tests: Vec<&Test> = filter.branches().flatten().flatten().collect();
    let [test] = tests.as_slice() else { panic!("{query}") };
    (*test).clone()
}

/// The same text binds to the same query, another one to another.
#[test]
fn equal_queries_are_equal() {
    let texts = [
        "name=a",
        "name=b",
        "name=a^size=1",
        "name=a^ORsize=1",
        "name=a^NQsize=1",
        "nameMATCH_RGXa",
        "nameMATCH_RGXb",
        "nameMATCH_PATa",
        "nameINa,b",
        "nameINa,c",
        "size>1",
        "size>2",
        "ORDERBYname",
        "ORDERBYDESCname",
        "nosuch=1",
        "nameSAMEAStwin",
        "nameNSAMEAStwin",
        "",
    ];
    for (first, one) in texts.iter().enumerate() {
        for (second, other) in texts.iter().enumerate() {
            assert_eq!(bind(one) == bind(other), first == second, "{one} and {other}");
        }
    }
    // Filters hold nothing of the text: what they compare with makes the difference.
    let (one, other) = (plan("nameMATCH_RGXa"), plan("nameMATCH_RGXb"));
    assert_ne!(one.filters(), other.filters());
    assert_eq!(one.filters(), plan("nameMATCH_RGXa").filters());
}

/// `Plan::filters`: of the query, then of its guards; none if no row may pass.
#[test]
fn a_plan_shows_its_filters() {
    let widths = |plan: &Plan| -> Option<Vec<Vec<Vec<usize>>>> {
        let branches = |filter: &Filter| {
            let groups = filter.branches().map(|branch| branch.map(Iterator::count).collect());
            groups.collect()
        };
        plan.filters().map(|filters| filters.iter().map(branches).collect())
    };
    let plan = plan("name=a^size=1^ORsize=2^NQname=b");
    assert_eq!(widths(&plan), Some(vec![vec![vec![1, 2], vec![1]]]));
    let plan = plan.guarded(bind("name=c^ORname=d")).unwrap();
    assert_eq!(widths(&plan), Some(vec![vec![vec![1, 2], vec![1]], vec![vec![2]]]));
    let none = Plan::new(bind("nosuch=1"), OnInvalid::ReturnNoRows).unwrap();
    assert_eq!(widths(&none.guarded(bind("name=c")).unwrap()), None);
}

#[test]
fn a_test_is_asked_of_a_row() {
    let (ann, bob) = (Thing("Ann", "ann", 9), Thing("Bob", "Rob", 10));
    for (query, of_ann, of_bob) in [
        ("name=ANN", true, false),
        ("name!=ann", false, true),
        ("size>9", false, true),
        ("nameSAMEAStwin", true, false),
        ("nameNSAMEAStwin", false, true),
        ("123TEXTQUERY321=n an", true, false),
        ("123TEXTQUERY321=o r", false, true),
        ("nameVALCHANGES", false, false),
    ] {
        let test = test(query);
        assert_eq!((test.matches(&ann), test.matches(&bob)), (of_ann, of_bob), "{query}");
        if let Test::Fields(test) = &test {
            assert_eq!((test.matches(&ann), test.matches(&bob)), (of_ann, of_bob), "{query}");
        }
        let plan = plan(query);
        assert_eq!((plan.matches(&ann), plan.matches(&bob)), (of_ann, of_bob), "{query}");
        let filter: &Filter = &plan.filters().unwrap()[0];
        assert_eq!((filter.matches(&ann), filter.matches(&bob)), (of_ann, of_bob), "{query}");
    }
    assert!(plan("").matches(&ann) && plan("").filters().unwrap()[0].is_empty());
}

#[test]
fn a_predicate_is_asked_of_a_value() {
    let predicate = |query: &str| {
        let Test::Value { path, reading, predicate } = test(query) else { panic!("{query}") };
        assert_eq!((path.as_str(), reading), ("name", Reading::Stored));
        predicate
    };
    for (query, polarity, on_empty) in [
        ("name=ann", Polarity::Positive, false),
        ("name!=ann", Polarity::Negative, false),
        ("nameLIKE", Polarity::Positive, true),
        ("nameISEMPTY", Polarity::Negative, true),
        ("nameISNOTEMPTY", Polarity::Positive, false),
        ("nameANYTHING", Polarity::Positive, true),
    ] {
        let predicate = predicate(query);
        assert_eq!((predicate.polarity(), predicate.on_empty()), (polarity, on_empty), "{query}");
        assert_eq!(predicate.matches(&ValueRef::Empty), on_empty, "{query}");
    }
    let equal = predicate("name=Ann");
    assert!(equal.matches(&"ANN".into()) && !equal.matches(&"Bob".into()));
    let other = predicate("name!=Ann");
    assert!(!other.matches(&"ANN".into()) && other.matches(&"Bob".into()));
    let Operand::Text(TextTest::Compare(Relation::Equal, text)) = equal.operand() else { panic!() };
    assert_eq!(text.as_str(), "ann");
    let begins = predicate("nameSTARTSWITHAn");
    let Operand::Text(TextTest::Contains(Place::Start, _)) = begins.operand() else { panic!() };
    let glob = predicate("nameMATCH_PATa*b?");
    let Operand::Text(TextTest::Glob(pattern, _)) = glob.operand() else { panic!() };
    assert_eq!(pattern.as_str(), "^a.*b.$");
}

/// `Row`: without display values and a row before, a row has its stored values alone; references to rows
/// and pairs pass on what they are made of.
#[test]
fn rows_pass_on_what_they_have() {
    let path = FieldPath::new(&schema(), "name").unwrap();
    let (before, after) = (Thing("Ann", "", 1), Thing("Bob", "", 2));
    let text = |value: ValueRef<'_>| value.text().unwrap_or_default().into_owned();
    assert!(after.before(&path).is_none());
    let pair = Changed { before: Some(&before), after: &after };
    assert_eq!(text(pair.value(&path)), "Bob");
    assert_eq!(text(pair.display(&path)), "shown");
    assert_eq!(text(pair.before(&path).unwrap()), "Ann");
    let by_reference: &dyn Row = &&pair;
    assert_eq!(text(by_reference.value(&path)), "Bob");
    assert_eq!(text(by_reference.display(&path)), "shown");
    assert_eq!(text(by_reference.before(&path).unwrap()), "Ann");
    assert_eq!(text(Reading::Stored.of(&pair, &path)), "Bob");
    assert_eq!(text(Reading::Display.of(&pair, &path)), "shown");
    assert_eq!(text(Bare.display(&path)), "bare");
    assert!(Bare.before(&path).is_none());
    let alone = Changed { before: None::<Bare>, after: Bare };
    assert!(alone.before(&path).is_none());
}

/// §5: `MORETHAN` lies beyond the distance, `LESSTHAN` within it, both ends included.
#[test]
fn distances_have_edges() {
    const OPENED: [&str; 9] = [
        "2026-03-07 12:00:00",
        "2026-03-08 11:59:59",
        "2026-03-08 12:00:00",
        "2026-03-09 12:00:00",
        "2026-03-10 12:00:00",
        "2026-03-11 12:00:00",
        "2026-03-12 12:00:00",
        "2026-03-12 12:00:01",
        "2026-03-13 12:00:00",
    ];
    for (condition, by_instant, by_day) in [
        ("MORETHANclosed@day@before@2", &[0, 1][..], &[0][..]),
        ("MORETHANclosed@day@after@2", &[7, 8], &[8]),
        ("LESSTHANclosed@day@before@2", &[2, 3, 4], &[1, 2, 3, 4]),
        ("LESSTHANclosed@day@after@2", &[4, 5, 6], &[4, 5, 6, 7]),
        ("MORETHANclosed@hour@before@48", &[0, 1], &[0]),
        ("LESSTHANclosed@hour@after@48", &[4, 5, 6], &[4, 5, 6, 7]),
        ("MORETHANclosed@week@before@0", &[0, 1, 2, 3], &[0, 1, 2, 3]),
        ("LESSTHANclosed@month@after@0", &[4], &[4]),
    ] {
        for (kind, length, expected) in
            [(FieldType::DateTime, 19, by_instant), (FieldType::Date, 10, by_day)]
        {
            let fields = ["opened", "closed"].map(|name| Field::new(name, kind));
            let id = Field::new("sys_id", FieldType::SysId);
            let mut table = Table::new(Schema::new("work", std::iter::once(id).chain(fields)));
            for opened in OPENED {
                let closed = "2026-03-10 12:00:00";
                let cells = [
                    ("opened", opened.get(..length).unwrap()),
                    ("closed", closed.get(..length).unwrap()),
                ];
                let id = [("sys_id", opened)];
                let cells = id.into_iter().chain(cells).map(|(name, text)| (name, text.into()));
                table.push(cells).unwrap();
            }
            let query = format!("opened{condition}");
            let bound = Binder::for_table(table.schema()).bind(&Query::parse(query.as_str()));
            let plan = Plan::new(bound, OnInvalid::Forbid).unwrap();
            let passing = table.records().enumerate().filter(|(_, row)| plan.matches(row));
            let passing: Vec<usize> = passing.map(|(number, _)| number).collect();
            assert_eq!(passing, expected, "{query} on {kind}");
        }
    }
}
