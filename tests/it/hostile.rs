//! Hostile and mistaken queries with the handling each must get: what is said about which text, what
//! is left of the query in the lenient mode, no rows in the strict one, and bounds on memory.

use encoded_query::bind::HiddenFields;
use encoded_query::schema::Readable;
use encoded_query::{
    Binder, BuildError, Diagnostic, Limits, OnInvalid, Operator, Options, PageRequest, Plan,
    PlanError, Query, QueryBuilder, Queryable, Schema, Table,
};
use serde_json::Value;

const CASES: &str = include_str!("../data/hostile-queries.jsonl");

#[test]
fn cases() {
    let contacts = Table::demo_contacts();
    for line in CASES.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        check(&contacts, &case, case["id"].as_str().unwrap());
    }
    assert_eq!(CASES.lines().count(), 30);
}

/// The query of a case as text.
fn text(case: &Value) -> String {
    let input = &case["input"];
    let part = |of: &Value, name: &str| of[name].as_str().unwrap().to_owned();
    if let Some(text) = input.as_str() {
        return text.to_owned();
    }
    let repeat = &input["repeat"];
    if repeat.is_object() {
        let count = usize::try_from(repeat["count"].as_u64().unwrap()).unwrap();
        let units = vec![part(repeat, "unit"); count].join(&part(repeat, "sep"));
        return part(repeat, "prefix") + &units + &part(repeat, "suffix");
    }
    if let Some(conditions) = input["builder"].as_array() {
        return build(conditions).text().to_owned();
    }
    part(input, "query")
}

fn build(conditions: &[Value]) -> Query<'static> {
    let builder = conditions.iter().fold(QueryBuilder::new(), |builder, condition| {
        let [operator, field, value] = condition.as_array().unwrap().as_slice() else {
            panic!("{condition}")
        };
        let operator = match operator.as_str().unwrap() {
            "like" => Operator::Like,
            "eq" => Operator::Is,
            other => panic!("{other}"),
        };
        builder.field(field.as_str().unwrap()).operator(operator, value.as_str().unwrap())
    });
    builder.build().unwrap()
}

fn ids(contacts: &Table, plan: &Plan) -> Vec<String> {
    let page = plan.run(contacts, PageRequest::ALL);
    page.records.iter().map(|record| record.text("sys_id").unwrap().into_owned()).collect()
}

fn plan(contacts: &Table, text: &str, mode: OnInvalid) -> Result<Plan, PlanError> {
    Plan::new(Binder::for_table(contacts.schema()).bind(&Query::parse(text)), mode)
}

fn rows(contacts: &Table, text: &str, mode: OnInvalid) -> Vec<String> {
    ids(contacts, &plan(contacts, text, mode).unwrap())
}

/// The schema as a caller sees it who may not ask for some fields.
fn restricted(contacts: &Table, case: &Value) -> Schema {
    let mut schema = contacts.schema().clone();
    for field in list(&case["input"]["restricted_fields"]) {
        schema.restrict(field, Queryable::No, Readable::No);
    }
    schema
}

fn check(contacts: &Table, case: &Value, id: &str) {
    let (text, expect) = (text(case), &case["expect"]);
    let schema = restricted(contacts, case);
    let mut options = Options::default();
    options.hidden_fields = HiddenFields::Named;
    let binder = Binder::for_table(&schema).options(options);
    let plan = |_: &Table, text: &str, mode| Plan::new(binder.bind(&Query::parse(text)), mode);
    let rows =
        |contacts: &Table, text: &str, mode| ids(contacts, &plan(contacts, text, mode).unwrap());
    let mut lenient = None;
    let memory = allocation_counter::measure(|| {
        lenient = Some(plan(contacts, &text, OnInvalid::IgnoreInvalidPart));
    });
    if let Some(megabytes) = expect["rss_growth_mb"].as_u64() {
        assert!(memory.bytes_max <= megabytes << 20, "{id} took {} bytes", memory.bytes_max);
    }
    let lenient = lenient.unwrap();
    let said: Vec<Diagnostic> = match &lenient {
        Ok(plan) => plan.report().diagnostics().iter().cloned().collect(),
        Err(error) => error.diagnostics().iter().cloned().collect(),
    };
    let named = |code: &str| said.iter().find(|said| said.code().as_str() == code);
    let codes: Vec<&str> = list(&expect["code"]);
    let found = codes.iter().find_map(|code| named(code));
    match expect["handling"].as_str().unwrap() {
        // Whether a built value reads as the field's type is no matter of its carets.
        "accept" if case["input"]["builder"].is_array() => {
            assert!(!Query::parse(text.as_str()).diagnostics(50).has_errors(), "{id}");
        }
        "accept" => assert!(!said.iter().any(Diagnostic::is_error), "{id}: {said:?}"),
        "accept-or-diagnose" => assert!(lenient.is_ok(), "{id}"),
        "diagnose" => assert!(found.is_some() && lenient.is_ok(), "{id}: {said:?}"),
        "refuse" => {
            assert!(found.is_some(), "{id}: {said:?}");
            assert!(matches!(lenient, Err(PlanError::Refused(_))), "{id}");
        }
        "diagnose-or-refuse" => assert!(said.iter().any(Diagnostic::is_error), "{id}"),
        other => panic!("{id}: {other}"),
    }
    for code in list(&expect["also"]) {
        assert!(named(code).is_some(), "{id}: no {code}");
    }
    if let (Some(span), Some(found)) = (expect["span"].as_str(), found) {
        assert_eq!(found.span().of(&text), span, "{id}");
    }
    if let Some(suggested) = expect["suggest"].as_str() {
        assert_eq!(&*found.unwrap().suggestion().unwrap().replacement, suggested, "{id}");
    }
    let lenient_rows = || ids(contacts, lenient.as_ref().unwrap());
    if let Some(same_as) = expect["lenient_rows"]["same_as"].as_str() {
        let expected = rows(contacts, same_as, OnInvalid::Forbid);
        assert_eq!(lenient_rows(), expected, "{id}");
    }
    if expect["strict_rows"] == "none" {
        assert!(rows(contacts, &text, OnInvalid::ReturnNoRows).is_empty(), "{id}");
        assert!(plan(contacts, &text, OnInvalid::Forbid).is_err(), "{id}");
    }
    if expect["rows"] == "none" {
        assert!(lenient_rows().is_empty(), "{id}");
    }
    assert!(said.iter().all(|said| said.message().chars().all(|c| !c.is_control())), "{id}");
}

fn list(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().map(|item| item.as_str().unwrap()).collect(),
        _ => Vec::new(),
    }
}

/// Values that spell separators, sorts and end marks survive printing and reading as plain values.
#[test]
fn built_values_stay_values() {
    let case = CASES.lines().find(|line| line.contains("query-11")).unwrap();
    let case: Value = serde_json::from_str(case).unwrap();
    let query = build(case["input"]["builder"].as_array().unwrap());
    let read = Query::parse(query.text());
    let values: Vec<_> = read.conditions().map(|condition| condition.value()).collect();
    assert_eq!(values, ["x^ORDERBYDESCname", "true^EQ"]);
    assert_eq!(read.order().count(), 0);
    let doubled: Vec<_> =
        Query::parse("name=a^^b").conditions().map(|c| c.value().into_owned()).collect();
    assert_eq!(doubled, ["a^b"]);
    let equals = Query::parse("name==George");
    assert_eq!(equals.conditions().next().unwrap().value(), "=George");
    assert!(
        plan(&Table::demo_contacts(), "name==George", OnInvalid::Forbid)
            .unwrap()
            .report()
            .diagnostics()
            .iter()
            .count()
            > 0
    );
}

/// Behind `OR` a field that begins with `DERBY` would read as a sort: there it is refused.
#[test]
fn no_field_becomes_a_sort() {
    let first = QueryBuilder::new().field("name").is("x");
    for field in ["DERBYname", "DERBYDESCname"] {
        let refused = first.clone().or(field).is("1").build();
        assert_eq!(refused, Err(BuildError::Field(field.to_owned())));
        let built = first.clone().field(field).is("1").or_all_of(field).is("2").build().unwrap();
        assert_eq!(built.conditions().filter(|read| read.field() == field).count(), 2);
        let alone = QueryBuilder::new().or(field).is("1").build().unwrap();
        assert_eq!(alone.conditions().map(|read| read.field()).collect::<Vec<_>>(), [field]);
    }
}

/// A guard is no text in front of the query: no branch escapes it.
#[test]
fn no_branch_escapes_a_guard() {
    let contacts = Table::demo_contacts();
    let binder = Binder::for_table(contacts.schema());
    for query in
        ["city=Orlando^NQactive=false", "active=false", "^NQ", "nosuch=1", "active=true^NQnosuch=1"]
    {
        let guard = binder.bind(&Query::parse("active=true"));
        let guarded = plan(&contacts, query, OnInvalid::IgnoreInvalidPart).unwrap().guarded(guard);
        let guarded = ids(&contacts, &guarded.unwrap());
        let active = rows(&contacts, "active=true", OnInvalid::Forbid);
        let alone = rows(&contacts, query, OnInvalid::IgnoreInvalidPart);
        let both: Vec<_> = alone.into_iter().filter(|id| active.contains(id)).collect();
        assert_eq!(guarded, both, "{query}");
    }
}

/// `İ` grows when folded; every operator and the sort agree on what it equals.
#[test]
fn one_folding_everywhere() {
    let mut cities = Table::new(Schema::new(
        "cities",
        [encoded_query::Field::new("city", encoded_query::FieldType::String)],
    ));
    for city in ["İstanbul", "istanbul", "i\u{307}stanbul", "ISTANBUL", "ıstanbul"] {
        cities.push([("city", city.into())]).unwrap();
    }
    let found = |query: &str| {
        let plan = plan(&cities, query, OnInvalid::Forbid).unwrap();
        let page = plan.run(&cities, PageRequest::ALL);
        page.records.iter().map(|row| row.text("city").unwrap().into_owned()).collect::<Vec<_>>()
    };
    for query in [
        "city=İSTANBUL",
        "citySTARTSWITHİs",
        "cityLIKEİ",
        "cityINİstanbul",
        "city>=İstanbul^city<=İstanbul",
    ] {
        assert_eq!(found(query), ["İstanbul", "i\u{307}stanbul"], "{query}");
    }
    for query in ["city=istanbul", "city=Istanbul"] {
        assert_eq!(found(query), ["istanbul", "ISTANBUL"], "{query}");
    }
    assert_eq!(
        found("ORDERBYcity"),
        ["istanbul", "ISTANBUL", "İstanbul", "i\u{307}stanbul", "ıstanbul"]
    );
}

/// Under limits an embedder raised, a long list and a long path are answered like short ones.
#[test]
fn raised_limits_hold() {
    let contacts = Table::demo_contacts();
    let mut options = Options::default();
    options.limits.text = usize::MAX;
    options.limits.list_values = 1_000_000;
    let binder = Binder::for_table(contacts.schema()).options(options);
    let id = contacts.records().nth(100).unwrap().text("sys_id").unwrap();
    let list = format!("sys_idIN{}{id}", "86837a386f0331003b3c498f5d3ee4ca,".repeat(200_000));
    let bound = binder.bind(&Query::parse(&list));
    assert_eq!(ids(&contacts, &Plan::new(bound, OnInvalid::Forbid).unwrap()), [&*id]);
    let path = format!("{}=x", vec!["manager"; 10_000].join("."));
    let bound = binder.bind(&Query::parse(&path));
    assert!(bound.diagnostics().iter().any(|said| said.code().as_str() == "path-too-deep"));
}

/// Every limit holds at one below, at and above its number.
#[test]
fn limits_are_exact() {
    let contacts = Table::demo_contacts();
    let refusal = |limits: fn(&mut Limits), text: &str| {
        let mut options = Options::default();
        limits(&mut options.limits);
        let bound = Binder::for_table(contacts.schema()).options(options).bind(&Query::parse(text));
        bound.diagnostics().refusal().map(|said| said.code().as_str())
    };
    let check = |code: &str, limits: fn(&mut Limits), of: fn(usize) -> String| {
        let said = [4, 5, 6].map(|count| refusal(limits, &of(count)));
        assert_eq!(said, [None, None, Some(code)], "{code}");
    };
    check("too-long", |l| l.text = 10 + 5, |n| format!("name=12345{}", "x".repeat(n)));
    check("too-many-conditions", |l| l.conditions = 5, |n| ["vip=true"; 6][..n].join("^"));
    check("too-many-branches", |l| l.branches = 5, |n| ["vip=true"; 6][..n].join("^NQ"));
    check(
        "too-many-values",
        |l| l.list_values = 5,
        |n| format!("cityIN{}", ["a"; 6][..n].join(",")),
    );
    check("too-many-sort-keys", |l| l.sort_keys = 5, |n| ["ORDERBYname"; 6][..n].join("^"));
    check("too-long", |l| l.operand = 5, |n| format!("cityLIKE{}", "x".repeat(n)));
    check("too-long", |l| l.operand = 5, |n| format!("cityMATCH_PAT{}", "x".repeat(n)));
    check("regex-too-big", |l| l.patterns = 5, |n| ["cityMATCH_PATx"; 6][..n].join("^"));
    check("regex-too-big", |l| l.pattern = 5, |n| format!("cityMATCH_RGX{}", "x".repeat(n)));
}

/// §7: a regular expression nests 32 levels deep, repetitions of repetitions too; one that would read
/// otherwise is over that limit, and the query is refused.
#[test]
fn regular_expressions_nest_so_deep() {
    let contacts = Table::demo_contacts();
    let said = |pattern: &str| {
        let text = format!("active=true^nameMATCH_RGX{pattern}");
        let plan = plan(&contacts, &text, OnInvalid::IgnoreInvalidPart);
        plan.map_err(|error| error.diagnostics().iter().map(|said| said.code().as_str()).collect())
            .map(|plan| plan.report().diagnostics().has_errors())
    };
    let groups = |depth: usize| format!("{}x{}", "(".repeat(depth), ")".repeat(depth));
    let refused = || Err(vec!["regex-too-big"]);
    assert_eq!([31, 32, 33].map(|depth| said(&groups(depth))), [Ok(false), Ok(false), refused()]);
    let repeated = |depth: usize| format!("x{}", "*".repeat(depth));
    assert_eq!([32, 33].map(|depth| said(&repeated(depth))), [Ok(false), refused()]);
    // What does not read at all is invalid and no more.
    assert_eq!(said(&format!("{}[", groups(40))), Ok(true));
}

/// Ten megabytes of anything are read, refused by their length, and take a bounded multiple of it.
#[test]
fn large_texts() {
    const LENGTH: usize = 10 << 20;
    let contacts = Table::demo_contacts();
    for (unit, times) in
        [("^", 1), ("a", 1), ("a=1", 1), ("RLQUERYa.b,>1^", 12), ("a^", 60), ("a=1^", 30)]
    {
        let text = unit.repeat(LENGTH / unit.len());
        let mut outcome = None;
        let memory = allocation_counter::measure(|| {
            outcome = Some(plan(&contacts, &text, OnInvalid::IgnoreInvalidPart));
        });
        let refused = outcome.unwrap().unwrap_err();
        let said: Vec<_> = refused.diagnostics().iter().map(|said| said.code().as_str()).collect();
        assert!(said.contains(&"too-long"), "{said:?}");
        let bound = u64::try_from(times * LENGTH).unwrap();
        assert!(memory.bytes_max <= bound, "{unit}: {} MB", memory.bytes_max >> 20);
    }
}

/// Texts on which a search or a report could take quadratic time: these end at once, or the tests do
/// not end.
#[test]
fn nothing_is_quadratic() {
    let contacts = Table::demo_contacts();
    for text in [
        format!("name={}", "ORa".repeat(20_000)),
        format!("name=x{}", "^^ab=1".repeat(10_000)),
        format!("name={}", " AND a".repeat(10_000)),
        "unknownfld=1^".repeat(4_900),
        "nameMATCH_RGX[\\w\\s]{9}^".repeat(2_500),
        "name startswith x^".repeat(3_600),
    ] {
        let read = Query::parse(text.as_str());
        assert!(read.diagnostics(50).iter().count() <= 50);
        let bound = Binder::for_table(contacts.schema()).bind(&read);
        assert!(bound.diagnostics().iter().count() <= 50);
    }
    let mut texts = Table::new(Schema::new(
        "texts",
        [encoded_query::Field::new("text", encoded_query::FieldType::String)],
    ));
    texts.push([("text", "a".repeat(1 << 20).into())]).unwrap();
    texts.push([("text", format!("{}b", "a".repeat(1 << 19)).into())]).unwrap();
    for (query, count) in [
        (format!("textLIKE{}b", "a".repeat(4_000)), 1),
        (format!("textLIKEb{}", "a".repeat(4_000)), 0),
        (format!("textENDSWITH{}b", "A".repeat(4_000)), 1),
        (format!("textLIKE{}é", "a".repeat(4_000)), 0),
        (format!("textMATCH_PAT{}", "*a".repeat(1_000)), 1),
    ] {
        let found = plan(&texts, &query, OnInvalid::Forbid).unwrap();
        let page = found.run(&texts, PageRequest::ALL);
        assert_eq!(page.total, Some(count), "{}", shortened(&query));
    }
}

/// The longest pattern there may be, and one that takes the most memory for its length.
#[test]
fn long_patterns_are_asked() {
    let text = encoded_query::Field::new("text", encoded_query::FieldType::String);
    let mut texts = Table::new(Schema::new("texts", [text]));
    texts.push([("text", "a".repeat(5_000).into())]).unwrap();
    texts.push([("text", "é".repeat(3_000).into())]).unwrap();
    for pattern in [format!("*{}", "a".repeat(4_095)), format!("{}*", "É".repeat(2_047))] {
        let found = plan(&texts, &format!("textMATCH_PAT{pattern}"), OnInvalid::Forbid).unwrap();
        let page = found.run(&texts, PageRequest::ALL);
        assert_eq!(page.total, Some(1), "{}", shortened(&pattern));
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(20).collect()
}
