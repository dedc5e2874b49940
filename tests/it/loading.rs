//! What people feed the command by mistake or from elsewhere, and what it says.

use serde_json::Value;

use super::cli::{Temporary, run, run_with};

/// The command fails, prints nothing, and its one line of error holds each of `parts`.
#[track_caller]
fn refused(arguments: &[&str], parts: &[&str]) {
    let ran = run(arguments);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}: {}", ran.err);
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    for part in parts {
        assert!(ran.err.contains(part), "{arguments:?}: {}", ran.err);
    }
}

#[track_caller]
fn refused_data(data: &[u8], parts: &[&str]) {
    let file = Temporary::new(&format!("data-{}", data.len()), data);
    refused(&["query", file.path(), ""], parts);
}

/// References as the Table API gives them, with a link or with both values, are their value.
#[test]
fn references_of_api_answers() {
    let data = br#"{"result":[
        {"sys_id":"1","account":{"link":"https://x/1","value":"a1"},"vip":{"display_value":"Yes","value":"true"}},
        {"sys_id":{"display_value":"2","value":"2"},"account":"","vip":{"value":null}}]}"#;
    let file = Temporary::new("answer.json", data);
    let ran =
        run(&["query", file.path(), "account=a1^vip=true", "--fields", "sys_id,account, vip"]);
    assert_eq!(ran.out, "{\"sys_id\":\"1\",\"account\":\"a1\",\"vip\":\"true\"}\n");
    assert_eq!(run(&["count", file.path(), "vipISEMPTY"]).out, "1\n");
    refused_data(
        br#"[{"sys_id":"1","account":{"value":"a","more":1}}]"#,
        &["record 1", "`account` must be scalar"],
    );
    refused_data(
        br#"{"error":{"message":"User Not Authenticated","detail":"x"},"status":"failure"}"#,
        &["error answer: User Not Authenticated"],
    );
}

#[test]
fn other_formats_are_named() {
    refused_data(b"<response><result/></response>", &["looks like XML"]);
    refused_data(b"\x1f\x8b\x08\x00", &["gzip"]);
    refused_data(b"sys_id: 1", &["line 1, column 1"]);
    refused_data(br#"[{"sys_id":"1","name":"\ud83dx"}]"#, &["record 1: `name`", "hex escape"]);
}

/// Time is linear in the members of a record.
#[test]
fn wide_records() {
    let members: Vec<String> = (0..50_000).map(|n| format!("\"c{n}\":\"\"")).collect();
    let data = format!("[{{\"sys_id\":\"1\",{},\"c7\":\"\"}}]", members.join(","));
    refused_data(data.as_bytes(), &["record 1: `c7` is given twice"]);
}

#[test]
fn a_forgotten_query_is_noticed() {
    let file = Temporary::new("forgotten.json", b"[]");
    refused(&["query", file.path()], &["is a file", "no query"]);
    refused(&["count", file.path()], &["is a file", "no query"]);
    refused(
        &["query", "active=true", file.path()],
        &["the data stands before the query", "no such file"],
    );
}

#[test]
fn options_about_data_want_data() {
    refused(&["query", "n=1", "--schema", "infer"], &["--schema is about data"]);
    refused(&["count", "n=1", "--make-sys-ids"], &["--make-sys-ids is about data"]);
    refused(&["count", "n=1", "--table", "x"], &["--table is about data"]);
    let file = Temporary::new("table.json", b"[]");
    refused(&["count", file.path(), "", "--table", "x"], &["--schema FILE"]);
    refused(
        &["count", file.path(), "", "--schema", "customer_contct"],
        &["no such schema file", "`customer_contact`"],
    );
}

#[test]
fn schema_files_are_checked() {
    for (schema, said) in [
        ("", "is empty"),
        ("[]", "an object with `table` and `fields`"),
        ("{\"table\":\"t\"}", "line 1, column 13: missing field `fields`"),
        ("{\"table\":\"\",\"fields\":[]}", "empty name"),
        ("{\"table\":\"t\",\"fields\":[{\"name\":\"\",\"type\":\"string\"}]}", "empty name"),
        ("{\"table\":\"t\",\"display\":\"x\",\"fields\":[]}", "`x` is not among the fields"),
        ("{\"tables\":[],\"table\":\"t\"}", "unknown field `table`"),
        ("{\"tables\":[]}", "no tables"),
        ("{\n\"table\":", "line 2, column 8"),
    ] {
        let file = Temporary::new("schema.json", schema.as_bytes());
        refused(&["schema", file.path()], &[said, file.path()]);
    }
    let marked = Temporary::new(
        "marked.json",
        b"\xef\xbb\xbf{\"table\":\"t\",\"fields\":[{\"name\":\"n\",\"type\":\"integer\"}]}",
    );
    assert_eq!(run(&["schema", marked.path()]).code, 0);
}

/// A name that queries cannot hold is said with one they can, that no other column has; `Name` they
/// can.
#[test]
fn better_column_names() {
    let data = br#"[{"sys_id":"1","name":"x","Name":"y","":"z","LOCATION":"q","a b":"r"}]"#;
    let file = Temporary::new("columns.json", data);
    let ran = run(&["count", file.path(), ""]);
    let renamed: Vec<&str> =
        ran.err.lines().filter_map(|line| Some(line.split_once("example to ")?.1)).collect();
    assert_eq!(renamed, ["`column`", "`location_2`", "`a_b`"]);
    assert_eq!(ran.err.matches("as the case of names counts").count(), 1, "{}", ran.err);
    assert!(ran.err.contains("the column `Name` is another than `name`"), "{}", ran.err);
}

#[test]
fn fields_once_each() {
    refused(&["query", "", "--fields", "name,name"], &["`name` is given twice"]);
    assert_eq!(run(&["query", "", "--limit", "1", "--fields", "name, email"]).code, 0);
}

/// Standard error is JSON throughout if that is asked for.
#[test]
fn notices_as_json() {
    let file = Temporary::new("notices.json", br#"[{"sys_id":"1","vip":"maybe"}]"#);
    let ran = run(&["query", file.path(), "nosuch=1", "--diagnostics", "json"]);
    let said: Vec<Value> =
        ran.err.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(said[0]["code"], "data");
    assert!(said[0]["message"].as_str().unwrap().contains("do not read as boolean"), "{said:?}");
    assert_eq!(said[1]["code"], "unknown-field");
    let ran = run(&["count", "/no/such", "", "--diagnostics", "json"]);
    let said: Value = serde_json::from_str(&ran.err).unwrap();
    assert_eq!(
        (said["severity"].as_str(), said["message"].as_str()),
        (Some("error"), Some("/no/such: no such file"))
    );
}

/// A pipe gets ten records like everyone; that it is not all is said.
#[test]
fn a_cut_page_is_said() {
    assert!(run(&["query", ""]).err.contains("10 of 200 records"));
    assert_eq!(run(&["query", "", "--limit", "10"]).err, "");
    assert_eq!(run(&["query", "", "--quiet"]).err, "");
    assert_eq!(run(&["query", "", "--all"]).err, "");
}

/// Each line is answered by itself, and what is said of it names it.
#[test]
fn several_queries() {
    let ran = run_with(&["parse", "-"], "\u{feff}active=true\r\n\nname=x");
    let trees: Vec<Value> =
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let texts: Vec<_> = trees.iter().map(|tree| tree["query"].as_str().unwrap()).collect();
    assert_eq!(texts, ["active=true", "", "name=x"]);
    let ran = run_with(&["check", "-"], "active=true\nnosuch=1\n");
    assert_eq!(ran.code, 2);
    assert!(
        ran.out.contains("standard input:2:1") && ran.out.contains("2 | nosuch=1"),
        "{}",
        ran.out
    );
    let ran = run_with(&["check", "-", "-o", "json"], "active=true\nnosuch=1\n");
    let said: Value = serde_json::from_str(ran.out.trim()).unwrap();
    assert_eq!((said["line"].as_u64(), said["query"].as_str()), (Some(2), Some("nosuch=1")));
    let ran = run_with(&["parse", "-"], "a=1\nhttps://x/?sysparm_query=%zz\n");
    assert_eq!((ran.code, ran.out.lines().count()), (2, 1));
    assert!(ran.err.contains("standard input: line 2"), "{}", ran.err);
}

/// What a file says in its own words cannot reach the terminal raw.
#[test]
fn messages_about_data_are_safe() {
    refused_data(
        br#"[{"sys_id":"\u001b[31m1"},{"sys_id":"\u001b[31m1"}]"#,
        &[r"`\u{1b}[31m1`", "record 1"],
    );
    refused(&["query", "/no/\u{1b}[2Jsuch", ""], &[r"/no/\u{1b}[2Jsuch: no such file"]);
}

#[test]
fn odd_answers() {
    refused_data(
        br#"{"result":[{"sys_id":"1"}],"result":[{"sys_id":"2"}]}"#,
        &["`result` is given twice"],
    );
    refused_data(
        br#"{"result":[{"sys_id":"1"}],"error":{"message":"cancelled"},"status":"failure"}"#,
        &["is an error answer: cancelled"],
    );
    refused(&["query", "https://x.service-now.com/api/now/contact", ""], &["URLs are not fetched"]);
}

/// Columns are limited, so that memory is a small multiple of the data; those of others' records take
/// none of a record.
#[test]
fn many_columns() {
    let records = |count: usize| {
        let record = |n| format!("{{\"sys_id\":\"{n}\",\"c{n}\":\"x\"}}");
        (0..count).map(record).collect::<Vec<_>>().join("\n")
    };
    refused_data(records(12_000).as_bytes(), &["over 10000 columns"]);
    let many = Temporary::new("many.ndjson", records(5000).as_bytes());
    assert_eq!(run(&["count", many.path(), "c4999=x^NQc0ISEMPTY"]).out, "4999\n");
    let odd: Vec<String> = (0..300).map(|n| format!("\"C {n}\":\"x\"")).collect();
    let file =
        Temporary::new("odd.json", format!("[{{\"sys_id\":\"1\",{}}}]", odd.join(",")).as_bytes());
    let ran = run(&["count", file.path(), ""]);
    assert_eq!((ran.code, ran.err.lines().count()), (0, 11), "{}", ran.err);
    assert!(ran.err.contains("290 more"), "{}", ran.err);
}

/// A query copied from a URL.
#[test]
fn pasted_parameters() {
    for text in [
        "?sysparm_query=active%3Dtrue",
        "sysparm_limit=1&sysparm_query=active%3Dtrue",
        "sysparm_query=active%3Dtrue",
    ] {
        let ran = run(&["parse", text]);
        assert!(ran.out.starts_with("{\"query\":\"active=true\""), "{text}: {}", ran.out);
    }
    assert!(run(&["check", "active%3Dtrue"]).out.contains("percent-encoded"));
    assert!(run(&["check", "cityISEMPTY^zip%92"]).out.is_empty());
}
