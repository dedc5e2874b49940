//! Corners that once were handled otherwise than the rest of the language.

use encoded_query::calendar::Zone;
use encoded_query::schema::Readable;
use encoded_query::{
    Binder, Database, Field, FieldType, FixedEnvironment, PageRequest, Plan, Query, Queryable,
};

use super::{IGNORE, bind, filled, find, numbers, schema};

fn rows<const N: usize>(rows: &[[&str; N]]) -> Vec<Vec<String>> {
    rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect()
}

/// §5: an instant against a date field is its calendar date in the zone.
#[test]
fn an_instant_is_a_day_in_the_zone() {
    let table = schema("t", [Field::new("born", FieldType::Date)]);
    let database =
        Database::new([filled(table, &rows(&[["2026-01-10"], ["2026-01-11"]]))]).unwrap();
    let zone = Zone::find("Asia/Kolkata").unwrap();
    let environment = FixedEnvironment::default().with_zone(zone);
    // 20:00 in UTC is 01:30 of the next day in Kolkata.
    for query in [
        "born=2026-01-10 20:00:00",
        "bornIN2026-01-10 20:00:00",
        "bornBETWEEN2026-01-10 20:00:00@2026-01-10 21:00:00",
        "bornONx@2026-01-10 20:00:00@2026-01-10 21:00:00",
        "born=javascript:gs.dateGenerate('2026-01-11','01:30:00')",
    ] {
        let plan = Plan::new(bind(&database, "t", query, Some(&environment)), IGNORE).unwrap();
        assert_eq!(numbers(&plan.run(&database, PageRequest::ALL)), [1], "{query}");
    }
}

/// §8 with §4: values differ, not their spelling; what does not read counts as empty.
#[test]
fn a_value_spelled_otherwise_is_no_change() {
    for (kind, before, after) in [
        (FieldType::Integer, "5", "05"),
        (FieldType::Integer, "x", ""),
        (FieldType::DateTime, "2026-01-10", "2026-01-10 00:00:00"),
        (FieldType::Boolean, "true", "1"),
        (FieldType::String, "Ann", "ann"),
    ] {
        let table = |text| filled(schema("t", [Field::new("f", kind)]), &rows(&[[text]]));
        let (before, after) = (table(before), table(after));
        let plan =
            Plan::new(Binder::for_table(after.schema()).bind(&Query::parse("fVALCHANGES")), IGNORE);
        let (old, new) = (before.records().next().unwrap(), after.records().next().unwrap());
        assert!(
            !plan.unwrap().matches_change(&old, &new),
            "{:?} {:?}",
            old.text("f"),
            new.text("f")
        );
    }
}

/// §9: a hidden field is treated exactly as unknown, a hidden `sys_id` too.
#[test]
fn a_hidden_sys_id_is_not_asked_by_blocks() {
    let mut contact = schema("contact", [Field::new("name", FieldType::String)]);
    contact.restrict("sys_id", Queryable::No, Readable::No);
    let incident = schema("incident", [Field::reference("contact", "contact")]);
    let database = Database::new([
        filled(contact, &rows(&[["Ann"], ["Bo"]])),
        filled(incident, &rows(&[["contact1"]])),
    ])
    .unwrap();
    let query = "RLQUERYincident.contact,>=1^contact=contact1^ENDRLQUERY"; // a guess, answered
    assert_eq!(find(&database, "contact", query, IGNORE), [0, 1]); // an invalid block: every row
}

/// §3, our reading: records of a table that extends another are records of that one, for blocks and
/// hierarchies as for dot-walks.
#[test]
fn records_of_extending_tables_are_looked_up() {
    let fields = [Field::new("name", FieldType::String), Field::reference("parent", "ci")];
    let ci = schema("ci", fields).with_display("name");
    let server = encoded_query::Schema::extending(&ci, "server", []);
    let task = schema("task", [Field::reference("ci", "ci")]);
    let database = Database::new([
        filled(task, &rows(&[["server0"], ["ci0"]])),
        filled(ci, &rows(&[["root", ""]])),
        filled(server, &rows(&[["box", "ci0"]])),
    ])
    .unwrap();
    assert_eq!(find(&database, "task", "ci.name=box", IGNORE), [0]);
    assert_eq!(find(&database, "task", "SUBQUERYci,sys_id,ci^name=box^ENDSUBQUERY", IGNORE), [0]);
    assert_eq!(find(&database, "task", "ciIN_HIERARCHYparent@ci0", IGNORE), [0, 1]);
    assert_eq!(find(&database, "ci", "RLQUERYci.parent,>=1^ENDRLQUERY", IGNORE), [0]);
}

/// §9: what is hidden in a table stays hidden where a reference to the extended table leads to it.
#[test]
fn a_field_hidden_in_an_extending_table_is_hidden() {
    let ci = schema("ci", [Field::new("secret", FieldType::String)]);
    let mut server = encoded_query::Schema::extending(&ci, "server", []);
    server.restrict("secret", Queryable::No, Readable::No);
    let task = schema("task", [Field::reference("ci", "ci")]);
    let build = |secret| {
        let task = filled(task.clone(), &rows(&[["server0"]]));
        Database::new([task, filled(ci.clone(), &[]), filled(server.clone(), &rows(&[[secret]]))])
    };
    let asked = |secret| find(&build(secret).unwrap(), "task", "ci.secretSTARTSWITHx", IGNORE);
    assert_eq!(asked("xyzzy"), asked("other"));
}

/// §9, §3: what is hidden in a table that extends another is hidden in whatever way that one is asked.
#[test]
fn hiding_holds_for_display_text_search_and_suggestions() {
    let base = schema(
        "task",
        [Field::new("number", FieldType::String), Field::new("descr", FieldType::String)],
    );
    let base = base.with_display("number");
    let mut child = encoded_query::Schema::extending(&base, "incident", []);
    for field in ["number", "descr"] {
        child.restrict(field, Queryable::No, Readable::No);
    }
    let link = schema("link", [Field::reference("task", "task")]);
    let database = Database::new([
        filled(link, &rows(&[["incident0"]])),
        filled(base, &rows(&[["T1", "open"]])),
        filled(child, &rows(&[["SECRET", "hidden"]])),
    ])
    .unwrap();
    assert!(find(&database, "link", "taskLIKESECRET", IGNORE).is_empty());
    let none: [usize; 0] = [];
    assert_eq!(find(&database, "task", "123TEXTQUERY321=hidden", IGNORE), none);
    for query in ["descr=open", "descrx=1"] {
        let bound = bind(&database, "task", query, None);
        let said = bound.diagnostics().iter().next().unwrap().to_string();
        assert!(!said.replace(query.split('=').next().unwrap(), "").contains("descr"), "{said}");
        assert!(bound.diagnostics().iter().all(|said| said.suggestion().is_none()), "{query}");
    }
}

/// A guard means fields of its own table.
#[test]
fn a_guard_of_another_table_is_refused() {
    let tables =
        ["a", "b"].map(|name| filled(schema(name, [Field::new("x", FieldType::String)]), &[]));
    let database = Database::new(tables).unwrap();
    let plan = Plan::new(bind(&database, "a", "x=1", None), IGNORE).unwrap();
    let error = plan.guarded(bind(&database, "b", "x=1", None)).unwrap_err();
    assert_eq!(error.to_string(), "the guard is for the table `b` and the query for `a`");
}

/// A record of a table that extends another is asked for that one's fields by their places, so those
/// stay the same.
#[test]
fn extending_tables_begin_with_the_fields_of_the_other() {
    let base = schema("task", [Field::new("number", FieldType::String)]);
    let child =
        encoded_query::Schema::extending(&base, "incident", [Field::new("sev", FieldType::String)]);
    let build = || Database::new([filled(base.clone(), &[]), filled(child.clone(), &[])]);
    let mut database = build().unwrap();
    let error =
        database.update("task", |table| table.add_field(Field::new("u_new", FieldType::String)));
    assert!(
        error
            .unwrap_err()
            .to_string()
            .contains("`incident` does not begin with the fields of `task`")
    );
    assert!(database.table("task").unwrap().schema().field("u_new").is_none());
    database
        .update("incident", |table| table.add_field(Field::new("u_own", FieldType::String)))
        .unwrap();
    assert!(database.catalog().schema("incident").unwrap().field("u_own").is_some());
    assert!(database.update("nope", |_| ()).is_err());
}

/// Blocks and hierarchies are limited, equal ones are looked up once, and those that go cost nothing.
#[test]
fn lookups_are_limited() {
    let person = schema(
        "person",
        [Field::reference("boss", "person"), Field::new("name", FieldType::String)],
    );
    let database = Database::new([filled(person, &rows(&[["", "x"], ["person0", "y"]]))]).unwrap();
    let block = "RLQUERYperson.boss,>=1^name=y^ENDRLQUERY";
    for (count, is_valid) in [(63, true), (64, true), (65, false)] {
        let query = vec![block; count].join("^");
        let bound = bind(&database, "person", &query, None);
        assert_eq!(!bound.diagnostics().has_errors(), is_valid, "{count}");
        assert_eq!(find(&database, "person", &query, IGNORE), [0], "{count}");
    }
}

/// Every fix can be applied and makes nothing worse, in blocks of all kinds too.
#[test]
fn fixes_keep_to_the_separators_around_them() {
    let fields = || [Field::reference("boss", "person"), Field::new("name", FieldType::String)];
    let database = Database::new([filled(schema("person", fields()), &[])]).unwrap();
    for query in [
        "name!=x",
        "JOINperson.boss=person.sys_id!name!=x^name=y",
        "SUBQUERYboss,sys_id,person^name!=x^ENDSUBQUERY^name=y",
        "SUBQUERYboss,sys_id,person^SUBQUERYboss,sys_id,person^^name!=x^^ENDSUBQUERY^ENDSUBQUERY",
        "RLQUERYperson.boss,>=1^name!=x^ENDRLQUERY",
    ] {
        let bound = bind(&database, "person", query, None);
        let fix = bound.diagnostics().iter().find_map(|said| said.suggestion()).unwrap();
        let mut fixed = query.to_owned();
        fixed.replace_range(fix.span.range(), &fix.replacement);
        let again = bind(&database, "person", &fixed, None);
        assert!(again.diagnostics().iter().next().is_none(), "{fixed}: {:?}", again.diagnostics());
    }
}
