//! What a reader of the rules passes over: which of two near codes is said and about which text, what is
//! not said, and counts at their edges. Each test names its rule in the language or its documents.

use encoded_query::bind::History;
use encoded_query::calendar::Zone;
use encoded_query::value::DateTime;
use encoded_query::{
    Binder, Code, Database, Field, FieldType, FixedEnvironment, OnInvalid, Options, PageRequest,
    Plan, Query, Schema, Table, User,
};

const ANN: &str = "0123456789abcdef0123456789abcdef";
const BOB: &str = "0123456789abcdef0123456789abcde0";

fn people() -> Schema {
    let fields = [
        Field::new("sys_id", FieldType::SysId),
        Field::new("name", FieldType::String),
        Field::new("at", FieldType::DateTime),
        Field::new("day", FieldType::Date),
        Field::new("visits", FieldType::Integer),
        Field::new("vip", FieldType::Boolean),
        Field::reference("boss", "person"),
    ];
    Schema::new("person", fields).with_display("name")
}

fn visits() -> Schema {
    let fields = [
        Field::new("sys_id", FieldType::SysId),
        Field::new("city", FieldType::String),
        Field::reference("person", "person"),
    ];
    Schema::new("visit", fields)
}

/// Ann is Bob's boss and was in Oslo and Rome, Bob in Rome.
fn database() -> Database {
    let mut person = Table::new(people());
    for row in [
        [
            ("sys_id", ANN),
            ("name", "Ann"),
            ("at", "2026-01-31 10:00:00"),
            ("day", "2026-01-31"),
            ("boss", ""),
        ],
        [
            ("sys_id", BOB),
            ("name", "Bob"),
            ("at", "2026-02-01 00:00:00"),
            ("day", "2026-02-01"),
            ("boss", ANN),
        ],
    ] {
        person.push(row.map(|(name, text)| (name, text.into()))).unwrap();
    }
    let mut visit = Table::new(visits());
    for (id, city, who) in [("1", "Oslo", ANN), ("2", "Rome", ANN), ("3", "Rome", BOB)] {
        visit.push([("sys_id", id.into()), ("city", city.into()), ("person", who.into())]).unwrap();
    }
    Database::new([person, visit]).unwrap()
}

fn environment() -> FixedEnvironment {
    let now = DateTime::read("2026-02-01 12:00:00").unwrap();
    FixedEnvironment::default()
        .with_now(now)
        .with_zone(Zone::utc())
        .with_user(User::new(ANN))
        .with_groups([BOB])
}

/// Each diagnostic as its code and the text it is about.
fn said(query: &str) -> Vec<(Code, String)> {
    let (database, environment) = (database(), environment());
    let binder = Binder::new(database.catalog(), "person").unwrap().environment(&environment);
    let bound = binder.bind(&Query::parse(query));
    let said = bound.diagnostics().iter();
    said.map(|said| (said.code(), said.span().of(query).to_owned())).collect()
}

#[track_caller]
fn check_said(cases: &[(&str, &[(Code, &str)])]) {
    for (query, expected) in cases {
        let said = said(query);
        let said: Vec<_> = said.iter().map(|(code, text)| (*code, text.as_str())).collect();
        assert_eq!(said, *expected, "{query}");
    }
}

/// The names of those a valid query finds.
#[track_caller]
fn found(query: &str) -> String {
    let (database, environment) = (database(), environment());
    let binder = Binder::new(database.catalog(), "person").unwrap().environment(&environment);
    let plan = Plan::new(binder.bind(&Query::parse(query)), OnInvalid::Forbid);
    names(&database, &plan.unwrap_or_else(|error| panic!("{query}: {error}")))
}

fn names(database: &Database, plan: &Plan) -> String {
    let page = plan.run(database, PageRequest::ALL);
    let names: Vec<_> = page.records.iter().map(|row| row.text("name").unwrap()).collect();
    names.join(" ")
}

/// §1.6 and §1.9: a sort key counts wherever it stands, but in a block.
#[test]
fn sort_keys_in_blocks_alone_mean_nothing() {
    check_said(&[
        ("ORDERBYname", &[]),
        ("name=Ann^ORDERBYname^NQname=Bob^ORDERBYDESCday", &[]),
        (
            "ORDERBYname^RLQUERYvisit.person,>=1^ORDERBYcity^ENDRLQUERY^ORDERBYday",
            &[(Code::NoEffect, "ORDERBYcity")],
        ),
        (
            "RLQUERYnosuch.person,>=1^ORDERBYcity^ENDRLQUERY^ORDERBYday",
            &[
                (Code::UnsupportedBlock, "RLQUERYnosuch.person,>=1^ORDERBYcity^ENDRLQUERY"),
                (Code::NoEffect, "ORDERBYcity"),
            ],
        ),
    ]);
}

/// §5: a period with one bound only is no date, as is one with three.
#[test]
fn periods_have_both_bounds_or_none() {
    for value in
        ["x@@2026-01-01", "x@2026-01-01@", "x@@", "x@2026-01-01", "x@2026-01-01@2026-01-02@"]
    {
        check_said(&[(&format!("atON{value}"), &[(Code::BadDate, value)])]);
    }
    check_said(&[("atONx@2026-01-01@2026-01-02", &[])]);
}

/// §4: bounds the wrong way round are told, on every kind of field, and the swap is offered; others are not.
#[test]
fn reversed_bounds_are_told() {
    for (field, low, high) in [
        ("name", "ann", "Bob"),
        ("visits", "9", "10"),
        ("day", "2026-01-31", "2026-02-01"),
        ("at", "2026-01-31 10:00:00", "2026-01-31 10:00:01"),
    ] {
        check_said(&[
            (&format!("{field}BETWEEN{low}@{high}"), &[]),
            (&format!("{field}BETWEEN{low}@{low}"), &[]),
            (
                &format!("{field}BETWEEN{high}@{low}"),
                &[(Code::ReversedBounds, &format!("{high}@{low}"))],
            ),
            (&format!("{field}BETWEEN@{low}"), &[(Code::BadValue, &format!("@{low}"))]),
            (&format!("{field}BETWEEN{low}@"), &[(Code::BadValue, &format!("{low}@"))]),
        ]);
    }
    check_said(&[(
        "atONx@2026-02-01@2026-01-01",
        &[(Code::ReversedBounds, "2026-02-01@2026-01-01")],
    )]);
}

/// §5: `gs.dateGenerate` makes an instant of a local day and a time or an edge of the day.
#[test]
fn dates_are_generated() {
    assert_eq!(found("at=javascript:gs.dateGenerate('2026-01-31','10:00:00')"), "Ann");
    assert_eq!(found("at=javascript:gs.dateGenerate('2026-01-31','10:00:01')"), "");
    assert_eq!(found("at=javascript:gs.dateGenerate('2026-02-01','start')"), "Bob");
    assert_eq!(found("at<javascript:gs.dateGenerate('2026-01-31','end')"), "Ann");
    // Twenty-four hours ago, to the second: noon of the day before.
    assert_eq!(found("at<javascript:gs.yesterday()"), "Ann");
    assert_eq!(found("at>javascript:gs.yesterday()"), "Bob");
    let around = "atBETWEENjavascript:gs.hoursAgo(26)@javascript:gs.yesterday()";
    assert_eq!(found(around), "Ann");
    assert_eq!(found("atBETWEENjavascript:gs.yesterday()@javascript:gs.hoursAgo(1)"), "Bob");
    check_said(&[("at=javascript:gs.daysAgo((1))", &[(Code::BadScriptArgument, "(1)")])]);
    // What stands in quotes ends no call, argument or bound.
    for wrong in ["'2026-01-31)'", "'2026,01,31'", "'2026-01-31@'", "\"(\"", "'\")'"] {
        let call = format!("javascript:gs.dateGenerate({wrong},'start')");
        for query in [format!("at={call}"), format!("atBETWEEN{call}@2026-01-01")] {
            check_said(&[(&query, &[(Code::BadScriptArgument, wrong)])]);
        }
    }
}

/// §5: `SAMEAS field@unit` compares dates, on both sides.
#[test]
fn units_are_of_dates() {
    check_said(&[
        ("atSAMEASday@day", &[]),
        ("atSAMEASname@day", &[(Code::BadValue, "day")]),
        ("nameSAMEASat@day", &[(Code::BadValue, "day")]),
        ("nameSAMEASboss@day", &[(Code::BadValue, "day")]),
        ("atSAMEASday@fortnight", &[(Code::BadValue, "fortnight")]),
        ("atMORETHANday@fortnight@before@1", &[(Code::BadValue, "fortnight")]),
        ("atMORETHANday@day@beside@1", &[(Code::BadValue, "beside")]),
        ("atMORETHANday@day@before@-1", &[(Code::BadValue, "-1")]),
        ("atMORETHANday@da^^y@before@1", &[(Code::BadValue, "da^^y")]),
        ("atMORETHANday@day@before", &[(Code::BadValue, "day@day@before")]),
    ]);
}

/// §5: `=` and `!=` with a list function act as `IN` and `NOT IN`.
#[test]
fn lists_of_functions_have_two_signs() {
    assert_eq!(found("sys_id=javascript:getMyGroups()"), "Bob");
    assert_eq!(found("sys_id!=javascript:getMyGroups()"), "Ann");
    assert_eq!(found("sys_idINjavascript:getMyGroups()"), "Bob");
    assert_eq!(found("sys_idNOT INjavascript:getMyGroups()"), "Ann");
}

/// §2: a hierarchy is of the table a reference leads to, by a field of it that leads there again.
#[test]
fn hierarchies_lead_back() {
    for parent in ["boss", "person.boss"] {
        assert_eq!(found(&format!("bossIN_HIERARCHY{parent}@{ANN}")), "Bob");
        assert_eq!(found(&format!("bossIN_HIERARCHY{parent}@{BOB}")), "");
    }
    for parent in ["name", "nosuch", "visit.boss", "person.name", "sys_id"] {
        let query = format!("bossIN_HIERARCHY{parent}@{ANN}");
        check_said(&[(&query, &[(Code::UnsupportedOperator, parent)])]);
    }
    for value in ["boss", "boss@", "@"] {
        check_said(&[(&format!("bossIN_HIERARCHY{value}"), &[(Code::BadValue, value)])]);
    }
    let dynamic = "nosuch00000000000000000000000000";
    let query = format!("bossIN_HIERARCHY_DYNAMICboss@{dynamic}");
    check_said(&[(&query, &[(Code::UnresolvedDynamic, dynamic)])]);
    let me = "90d1921e5f510100a9ad2572f2b477fe";
    assert_eq!(found(&format!("bossIN_HIERARCHY_DYNAMICboss@{me}")), "Bob");
}

/// §5: text operators take what a function gives, one value of it.
#[test]
fn text_operators_take_functions() {
    for operator in ["STARTSWITH", "ENDSWITH", "LIKE", "MATCH_PAT", "MATCH_RGX", "=", "IN"] {
        assert_eq!(found(&format!("sys_id{operator}javascript:gs.getUserID()")), "Ann");
    }
    assert_eq!(found("sys_idNOT LIKEjavascript:gs.getUserID()"), "Bob");
    for operator in ["STARTSWITH", "LIKE", "MATCH_PAT", "MATCH_RGX"] {
        let call = "javascript:getMyGroups()";
        check_said(&[(&format!("sys_id{operator}{call}"), &[(Code::BadValue, call)])]);
    }
}

/// §4: a sys_id is 32 hexadecimal digits of any case; other text equals nothing, which a hint says.
#[test]
fn sys_ids_are_32_digits() {
    let upper = ANN.to_uppercase();
    check_said(&[
        (&format!("sys_id={ANN}"), &[]),
        (&format!("sys_id={upper}"), &[]),
        (&format!("bossIN{ANN},{BOB}"), &[]),
    ]);
    for wrong in ["x", ANN.trim_start_matches('0'), &format!("{ANN}0"), &ANN.replace('0', "g")] {
        check_said(&[
            (&format!("sys_id={wrong}"), &[(Code::NotASysId, wrong)]),
            (&format!("boss={wrong}"), &[(Code::NotASysId, wrong)]),
            (&format!("bossIN{ANN}, {wrong}"), &[(Code::NotASysId, wrong)]),
            (&format!("name={wrong}"), &[]),
        ]);
    }
}

/// §4: lower-case `null` is text; on a field that holds other things, a slip.
#[test]
fn null_in_lower_case_is_text() {
    check_said(&[
        ("name=null", &[]),
        ("name=NULL", &[]),
        ("boss=NULL", &[]),
        ("visits=NULL", &[]),
        ("visits=null", &[(Code::LowerCaseNull, "null"), (Code::BadValue, "null")]),
        ("visits>null", &[(Code::BadValue, "null")]),
        // Nothing is the first of all texts, and no number.
        ("name>", &[(Code::EmptyOperand, "name>")]),
        ("name<=", &[(Code::EmptyOperand, "name<=")]),
        ("name=", &[]),
        ("name!=", &[]),
        ("visits>", &[(Code::BadValue, "")]),
        ("boss=null", &[(Code::LowerCaseNull, "null"), (Code::NotASysId, "null")]),
    ]);
}

/// §7: what is not supported is named alone, wherever it stands in the pattern, with its groups.
#[test]
fn unsupported_constructs_are_pointed_at() {
    for (pattern, part) in [
        ("(?=b)", "(?=b)"),
        ("ab(?=c)d", "(?=c)"),
        ("ab(?!c(d)e)f", "(?!c(d)e)"),
        ("é(?<=c\\)d)e(f)", "(?<=c\\)d)"),
        ("(a)(?<!(", "(?<!("),
        ("(a)\\1b", "\\1"),
        ("é(a)\\9b", "\\9"),
        // Counted from the end where carets were escaped before it; behind it, the whole is meant.
        ("a^^(?=b)c", "(?=b)"),
        ("(?=b)^^c", "(?=b)^^c"),
        ("(?P<n>a)\\k<n>", "\\k"),
    ] {
        check_said(&[(&format!("nameMATCH_RGX{pattern}"), &[(Code::UnsupportedRegex, part)])]);
    }
    // Escaped, they are text; what does not read for another reason is named as a whole.
    check_said(&[
        ("nameMATCH_RGX\\(\\?=b\\)", &[]),
        ("nameMATCH_RGX\\\\(a)1", &[]),
        ("nameMATCH_RGX\\(?=b)", &[(Code::BadRegex, "\\(?=b)")]),
        ("nameMATCH_RGX\\k{n}", &[(Code::BadRegex, "\\k{n}")]),
        ("nameMATCH_RGX\\\\k(", &[(Code::BadRegex, "\\\\k(")]),
    ]);
}

/// §9: a guard asks of its own blocks, whatever blocks the query has, and they of theirs.
#[test]
fn blocks_of_guards_are_their_own() {
    let database = database();
    let binder = Binder::new(database.catalog(), "person").unwrap();
    let plan = |query: &str, guards: &[&str]| {
        let bind = |text: &str| binder.bind(&Query::parse(text).into_owned());
        let plan = Plan::new(bind(query), OnInvalid::Forbid).unwrap();
        guards.iter().fold(plan, |plan, guard| plan.guarded(bind(guard)).unwrap())
    };
    let in_city = |city: &str| format!("RLQUERYvisit.person,>=1^city={city}^ENDRLQUERY");
    let (oslo, rome) = (in_city("Oslo"), in_city("Rome"));
    assert_eq!(names(&database, &plan("", &[&oslo])), "Ann");
    assert_eq!(names(&database, &plan(&rome, &[])), "Ann Bob");
    assert_eq!(names(&database, &plan(&rome, &[&oslo])), "Ann");
    assert_eq!(names(&database, &plan(&oslo, &[&rome])), "Ann");
    assert_eq!(names(&database, &plan(&format!("{rome}^{rome}"), &[&rome, &oslo])), "Ann");
    // Whose boss was in Oslo.
    let boss = "SUBQUERYboss,sys_id,person^SUBQUERYsys_id,person,visit^^city=Oslo^^ENDSUBQUERY^ENDSUBQUERY";
    assert_eq!(names(&database, &plan(boss, &[])), "Bob");
    assert_eq!(names(&database, &plan(&rome, &[boss])), "Bob");
    assert_eq!(names(&database, &plan(&format!("{rome}^{oslo}"), &[boss])), "");
    assert_eq!(names(&database, &plan(&rome, &[&rome, boss, &rome])), "Bob");
}

/// §1.9: both ends of a JOIN are a table and a field of it, the left one of the table asked.
#[test]
fn joins_name_tables_and_fields() {
    assert_eq!(found("JOINperson.sys_id=visit.person!city=Oslo"), "Ann");
    assert_eq!(found("JOINperson.sys_id=visit.person!"), "Ann Bob");
    for join in ["JOINvisit.person=person.sys_id!", "JOINperson.sys_id=nosuch.person!"] {
        check_said(
            &[(join, &[(Code::UnsupportedBlock, join), (Code::EverythingIgnored, join)])]
                .map(|(query, said)| (query, &said[..1])),
        );
    }
    check_said(&[
        ("JOINperson.nosuch=visit.person!", &[(Code::UnknownField, "nosuch")]),
        ("JOINperson.sys_id=visit.nosuch!", &[(Code::UnknownField, "nosuch")]),
    ]);
}

/// §8: a trigger looks at both rows, a query over stored rows at one.
#[test]
fn changes_need_two_rows() {
    let database = database();
    let binder = Binder::new(database.catalog(), "person").unwrap();
    let records: Vec<_> = database.table("person").unwrap().records().collect();
    let [ann, bob] = records.as_slice() else { panic!("two people") };
    for (query, changed, same) in [
        ("nameVALCHANGES", true, false),
        ("nameVALCHANGES^name=Bob", true, false),
        ("nameVALCHANGES^name=Ann", false, false),
        ("nameCHANGESFROMAnn", true, false),
        ("nameCHANGESFROMBob", false, false),
        ("nameCHANGESTOBob", true, false),
        ("nameCHANGESTOAnn", false, false),
        ("bossCHANGESFROM", true, false),
        ("bossCHANGESTO", false, false),
        ("name=Bob", true, false),
        ("name=Ann", false, true),
    ] {
        let plan = Plan::new(binder.bind(&Query::parse(query)), OnInvalid::Forbid).unwrap();
        assert_eq!(plan.matches_change(ann, bob), changed, "{query}");
        assert_eq!(plan.matches_change(ann, ann), same, "{query}");
        assert_eq!(plan.matches(bob), query == "name=Bob", "{query}");
    }
}

/// §8: rows of other tables have no history, even where those that are asked have one.
#[test]
fn changes_in_blocks_are_never_seen() {
    let (database, mut options) = (database(), Options::default());
    options.history = History::Present;
    let binder = Binder::new(database.catalog(), "person").unwrap().options(options);
    let block = "RLQUERYvisit.person,>=1^cityVALCHANGES^ENDRLQUERY";
    for (query, is_said) in [(block, true), ("nameVALCHANGES", false)] {
        let bound = binder.bind(&Query::parse(query));
        assert_eq!(bound.diagnostics().contains(Code::NeedsHistory), is_said, "{query}");
    }
}
