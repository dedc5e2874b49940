//! The command line where it is told of other tables, the time, the user, and how records were.

use serde_json::Value;

use crate::cli::{Ran, Temporary, run};

const CONTACTS: &str = r#"[
    {"sys_id":"c1","name":"Ann","account":"a1","manager":"c2","city":"Oslo","sys_created_on":"2026-01-14 23:30:00"},
    {"sys_id":"c2","name":"Bob","account":"a2","manager":"","city":"Rome","sys_created_on":"2026-01-15 10:00:00"},
    {"sys_id":"c3","name":"Cy","account":"gone","manager":"c1","city":"","sys_created_on":"2025-12-01 00:00:00"}]"#;

const SCHEMA: &str = r#"{"tables":[
    {"table":"person","display":"name","fields":[
        {"name":"sys_id","type":"sys_id"},{"name":"name","type":"string"},
        {"name":"account","type":"reference","reference":"account"},
        {"name":"salary","type":"integer","queryable":"no","readable":false}]},
    {"table":"account","extends":"party","display":"title","fields":[{"name":"title","type":"string"}]},
    {"table":"party","fields":[{"name":"sys_id","type":"sys_id"},{"name":"city","type":"string"},
        {"name":"sys_class_name","type":"string"}]}]}"#;

#[track_caller]
fn names(ran: &Ran) -> Vec<String> {
    let lines = ran.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.map(|record| record["name"].as_str().unwrap().to_owned()).collect()
}

fn contacts() -> Temporary {
    let test = std::thread::current().name().unwrap_or_default().replace("::", "-");
    Temporary::new(&format!("{test}-contacts"), CONTACTS.as_bytes())
}

#[test]
fn references_lead_into_related_tables() {
    let contacts = contacts();
    let accounts = r#"[{"sys_id":"a1","name":"Acme","city":"Berlin"},{"sys_id":"a2","name":"Zeta","city":"Paris"}]"#;
    let accounts = Temporary::new("accounts", accounts.as_bytes());
    let related = format!("customer_account={}", accounts.path());
    let query = |query: &str| {
        let ran = run(&["query", contacts.path(), query, "--related", &related]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{query}");
        names(&ran)
    };
    assert_eq!(query("account.city=berlin"), ["Ann"]);
    assert_eq!(query("accountLIKEzet"), ["Bob"]);
    assert_eq!(query("ORDERBYDESCaccount"), ["Bob", "Cy", "Ann"]); // `gone` stands for itself
    assert_eq!(query("account.cityISEMPTY"), ["Cy"]);

    let alone = run(&["query", contacts.path(), "account.city=berlin"]);
    assert!(alone.err.contains("needs the table `customer_account`, which is not loaded"));
    for (related, why) in [
        ("accounts.json", "expected `TABLE=FILE`"),
        ("customer_account=/nowhere", "/nowhere: no such file"),
    ] {
        let ran = run(&["count", contacts.path(), "", "--related", related]);
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains(why), "{}", ran.err);
    }
    let twice = run(&["count", contacts.path(), "", "--related", &related, "--related", &related]);
    assert!(twice.code == 2 && twice.err.contains("`customer_account` is given twice"));
    let stdin = run(&["count", "-", "", "--related", "customer_account=-"]);
    assert!(stdin.code == 2 && stdin.err.contains("one file, not for several"), "{}", stdin.err);
}

#[test]
fn a_schema_file_says_what_extends_what_and_what_is_hidden() {
    let schema = Temporary::new("people-schema", SCHEMA.as_bytes());
    let people = r#"[{"sys_id":"p1","name":"Ann","account":"a1","salary":900},
        {"sys_id":"p2","name":"Bob","account":"","salary":100}]"#;
    let people = Temporary::new("people", people.as_bytes());
    let accounts = r#"[{"sys_id":"a1","title":"Acme","city":"Oslo","sys_class_name":"account"}]"#;
    let accounts = Temporary::new("people-accounts", accounts.as_bytes());
    let related = format!("account={}", accounts.path());
    let query = |query: &str, more: &[&str]| {
        let fixed =
            ["query", people.path(), query, "--schema", schema.path(), "--related", &related];
        run(&[&fixed, more].concat())
    };
    assert_eq!(names(&query("accountLIKEacm^account.city=oslo", &[])), ["Ann"]);
    assert_eq!(names(&query("account.sys_class_nameINSTANCEOFparty", &[])), ["Ann"]);
    assert_eq!(names(&query("SUBQUERYaccount,sys_id,account^city=oslo^ENDSUBQUERY", &[])), ["Ann"]);
    // Neither printed nor asked, in any way.
    let all = query("", &[]);
    assert!(!all.out.contains("salary") && !all.out.contains("900"), "{}", all.out);
    let asked = query("salary>500", &["--on-invalid", "none"]);
    assert_eq!((asked.code, asked.out.as_str()), (1, ""));
    assert!(asked.err.contains("the table `person` has no field `salary`"), "{}", asked.err);
    assert!(!query("salry>500", &[]).err.contains("did you mean"));
    let printed = query("", &["--fields", "name,salary"]);
    assert!(printed.code == 2 && printed.err.contains("no field `salary`"));
    // Rows of the other end.
    let accounts = run(&[
        "query",
        accounts.path(),
        "RLQUERYperson.account,=1^name=ann^ENDRLQUERY",
        "--schema",
        schema.path(),
        "--table",
        "account",
        "--related",
        &format!("person={}", people.path()),
    ]);
    assert_eq!((accounts.code, accounts.err.as_str()), (0, ""));
    assert!(accounts.out.contains(r#""title":"Acme""#), "{}", accounts.out);
}

#[test]
fn schema_files_whose_tables_extend_nothing_are_refused() {
    for (text, why) in [
        (
            r#"{"tables":[{"table":"a","extends":"b","fields":[]},{"table":"b","extends":"a","fields":[]}]}"#,
            "`a` extends `b`, which in the end extends it",
        ),
        (
            r#"{"table":"a","extends":"a","fields":[]}"#,
            "`a` extends `a`, which in the end extends it",
        ),
        (
            r#"{"tables":[{"table":"a","extends":"nope","fields":[]}]}"#,
            "`a` extends `nope`, which is not in the file",
        ),
        (r#"{"table":"a","fields":[{"name":"x","type":"string","queryable":"maybe"}]}"#, "maybe"),
        (
            r#"{"tables":[{"table":"a","fields":[]},{"table":"a","fields":[]}]}"#,
            "`a` is given twice",
        ),
    ] {
        let schema = Temporary::new("circle", text.as_bytes());
        let ran = run(&["check", "x=1", "--schema", schema.path()]);
        assert_eq!(ran.code, 2, "{text}");
        assert!(ran.err.contains(why), "{}", ran.err);
    }
}

#[test]
fn time_and_zone_are_told() {
    let contacts = contacts();
    let query = |query: &str, more: &[&str]| {
        let fixed = ["query", contacts.path(), query, "--now", "2026-01-15T12:00:00Z"];
        let ran = run(&[&fixed, more].concat());
        assert_eq!(ran.err, "", "{query}");
        names(&ran)
    };
    assert_eq!(query("sys_created_onONToday", &[]), ["Bob"]);
    assert_eq!(query("sys_created_onONToday", &["--time-zone", "Europe/Berlin"]), ["Ann", "Bob"]);
    assert_eq!(query("sys_created_on>=javascript:gs.beginningOfLast7Days()", &[]), ["Ann", "Bob"]);
    assert_eq!(query("sys_created_onRELATIVELT@month@ago@1", &[]), ["Cy"]);
    let week = "sys_created_on<javascript:gs.beginningOfThisWeek()";
    assert_eq!(query(week, &["--first-day-of-week", "thursday"]), ["Ann", "Cy"]);
    for (option, value, why) in [
        ("--now", "soon", "--now: expected an instant"),
        ("--time-zone", "Mars/Olympus", "--time-zone: no zone is called `Mars/Olympus`"),
        ("--as", ":x", "--as: `:x` names no sys_id"),
        ("--dynamic", "x", "--dynamic: `x` does not read"),
    ] {
        let ran = run(&["count", "active=true", option, value]);
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains(why), "{}", ran.err);
    }
}

/// Neither the clock's zone nor the locale of the process decides anything.
#[test]
fn the_process_does_not_decide() {
    let ask = |zone: &str, locale: &str| {
        let arguments =
            ["query", "sys_created_onONToday^ORDERBYname", "--now", "2018-03-05T23:00:00Z"];
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_encq"));
        let command = command.args(arguments).env("TZ", zone).env("LC_ALL", locale);
        command.output().unwrap().stdout
    };
    assert_eq!(ask("UTC", "C"), ask("Pacific/Auckland", "tr_TR.UTF-8"));
    assert_eq!(ask("UTC", "C"), ask("No/Where", "nonsense"));
}

#[test]
fn who_asks_is_told() {
    let contacts = contacts();
    let query =
        |query: &str, more: &[&str]| run(&[&["query", contacts.path(), query], more].concat());
    let me = "managerDYNAMIC90d1921e5f510100a9ad2572f2b477fe";
    assert_eq!(names(&query(me, &["--as", "c2"])), ["Ann"]);
    assert_eq!(names(&query("sys_id=javascript:gs.getUserID()", &["--as", "c1"])), ["Ann"]);
    let named = "name=javascript:gs.getUserDisplayName()";
    assert_eq!(names(&query(named, &["--as", "x:cy:Cy"])), ["Cy"]);
    assert_eq!(
        names(&query("accountINjavascript:getMyGroups()", &["--groups", "a1, a2"])),
        ["Ann", "Bob"]
    );
    assert_eq!(names(&query("accountDYNAMICd1", &["--dynamic", "d1=a2,a3"])), ["Bob"]);
    let unknown = query(me, &[]);
    assert!(unknown.err.contains("hint: --as and --groups say who asks"), "{}", unknown.err);
    assert!(query("accountDYNAMICd1", &[]).err.contains("hint: --dynamic says"));
}

#[test]
fn changes_are_found_between_two_files() {
    let contacts = contacts();
    let before = r#"[{"sys_id":"c2","name":"Bob","city":"Paris"},{"sys_id":"c1","name":"Ann","city":"Oslo"}]"#;
    let before = Temporary::new("before", before.as_bytes());
    let query = |query: &str| {
        let ran = run(&["query", contacts.path(), query, "--before", before.path()]);
        assert_eq!(ran.err, "", "{query}");
        names(&ran)
    };
    assert_eq!(query("cityVALCHANGES"), ["Bob"]); // what was not there did not change
    assert_eq!(query("cityCHANGESFROMparis^name=bob"), ["Bob"]);
    assert_eq!(query("accountCHANGESFROM"), ["Ann", "Bob"]);
    assert!(query("cityCHANGESTOoslo").is_empty());
    let stored = run(&["count", contacts.path(), "cityVALCHANGES"]);
    assert_eq!((stored.code, stored.out.trim()), (1, "0"));
    assert!(stored.err.contains("hint: --before gives the records as they were"), "{}", stored.err);
}

/// A query that is checked is not run: any time and user will do.
#[test]
fn check_knows_a_time_and_a_user() {
    for query in [
        "sys_created_on>=javascript:gs.daysAgoStart(7)",
        "manager=javascript:gs.getUserID()",
        "accountINjavascript:getMyGroups()",
        "managerDYNAMIC90d1921e5f510100a9ad2572f2b477fe",
        "activeVALCHANGES",
    ] {
        let ran = run(&["check", query]);
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{query}");
    }
}

#[test]
fn functions_are_listed() {
    let text = run(&["functions"]);
    assert!(text.code == 0 && text.out.contains("javascript:gs.beginningOfLast30Days()"));
    let listed: Value = serde_json::from_str(&run(&["functions", "-o", "json"]).out).unwrap();
    let names = listed.as_array().unwrap().iter().map(|entry| entry["function"].as_str().unwrap());
    assert_eq!(names.count(), encoded_query::function::Function::all().count());
}
