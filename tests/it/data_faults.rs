//! Where what is wrong with data stands; what is taken for which layout; what is kept as it is.

use serde_json::Value;

use super::cli::{Temporary, run, run_with};

#[track_caller]
fn refused(data: &str, said: &str) {
    let ran = run_with(&["query", "-", ""], data);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{data}");
    assert_eq!(ran.err, format!("encq: standard input: {said}\n"), "{data}");
}

#[test]
fn line_column_and_record() {
    for (data, said) in [
        (
            "[{\"sys_id\":\"1\"},\n {\"sys_id\":\"ä\", \"name\":[1]}]",
            "line 2, column 24: record 2: `name` must be scalar",
        ),
        (
            "{\"sys_id\":\"1\"}\n\n{\"sys_id\":\"2\",\"name\":\"a\",\"name\":\"b\"}",
            "line 3, column 1: record 2: `name` is given twice",
        ),
        (
            "{\"sys_id\":\"1\"}{\"sys_id\":\"2\",\n\"name\":\"\\ud83d\"}",
            "line 2, column 8: record 2: `name`: unexpected end of hex escape",
        ),
        ("[{\"sys_id\":\"1\"}\n,\n7]", "line 3, column 1: record 2: it is not an object"),
        (
            "{\"hasMore\":false,\n\"result\":[{\"sys_id\":\"1\"},\n{\"sys_id\":2}]}",
            "line 3, column 11: record 2: `sys_id` must be text",
        ),
        ("{\"sys_id\":\"1\"}\n{\"ä\":!}", "line 2, column 6: expected value"),
        ("{\"sys_id\":\"1\",\n", "line 2, column 1: EOF while parsing an object"),
    ] {
        refused(data, said);
    }
    let deep = format!("[\n{}", "[".repeat(200));
    refused(&deep, "line 2, column 128: nested too deeply, over 128 levels");
    let long =
        format!("{{\"sys_id\":\"1\"}}\n{{\"sys_id\":\"2\",\"name\":\"{}\"}}", "x".repeat(1 << 21));
    refused(&long, "line 2, column 1: record 2: `name` has 2097152 bytes; a value may have 1 MiB");
}

#[test]
fn bytes_that_are_no_text() {
    for (data, place) in [
        (
            &b"[{\"sys_id\":\"1\",\n\"n\":\"\xc3\xa4\xff\"}]"[..],
            "line 2, column 7: invalid UTF-8 at byte 23",
        ),
        (b"\xef\xbb\xbf[\xff]", "line 1, column 2: invalid UTF-8 at byte 4"),
    ] {
        let file = Temporary::new("no-text.json", data);
        let ran = run(&["count", file.path(), ""]);
        assert_eq!((ran.code, ran.err), (2, format!("encq: {}: {place}\n", file.path())));
    }
}

/// Both records of a sys_id that is given twice are named with their lines, in every layout.
#[test]
fn sys_ids_given_twice() {
    let second = "record 3: it has the sys_id `a` of record 1 on line";
    for (data, line, column, first) in [
        ("[\n{\"sys_id\":\"a\"},\n{\"sys_id\":\"b\"},\n {\"sys_id\":\"a\"}]", 4, 2, 2),
        ("{\"sys_id\":\"a\"}\n{\"sys_id\":\"b\"}\n{\"sys_id\":\"a\"}\n", 3, 1, 1),
        ("{\"sys_id\":\n\"a\"}{\"sys_id\":\"b\"}\n{\"sys_id\":\"a\"}\n", 3, 1, 1),
        ("{\"result\":[{\"sys_id\":\"a\"},\n{\"sys_id\":\"b\"},{\"sys_id\":\"a\"}]}", 2, 16, 1),
        ("\nsys_id,name\na,\"x\ny\"\n\nb,z\na,z\n", 7, 1, 3),
    ] {
        refused(data, &format!("line {line}, column {column}: {second} {first}"));
    }
}

/// The option that is named does what it is named for.
#[test]
fn records_without_sys_id() {
    for (data, place) in [
        ("[{\"sys_id\":\"1\"},\n{\"name\":\"x\"}]", "line 2, column 1: record 2"),
        ("{\"sys_id\":\"1\"}\n{\"name\":\"x\"}\n", "line 2, column 1: record 2"),
        ("name,sys_id\n\"a\nb\",1\nx,\n", "line 4, column 1: record 2"),
    ] {
        refused(data, &format!("{place}: it has no `sys_id` (--make-sys-ids makes them)"));
        let ran = run_with(&["count", "-", "name=x", "--make-sys-ids"], data);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "1\n", ""), "{data}");
    }
}

/// Numbers stay as they are written, however long; an exponent that no double has is a slip.
#[test]
fn numbers_as_written() {
    let long = "123456789".repeat(50);
    let precise = format!("0.{long}");
    for number in [&*long, &*precise, "-0", "1e300", "1E-999", "1.0", "-0.0e0"] {
        let data = format!("[{{\"sys_id\":\"1\",\"u_n\":{number}}}]");
        let ran = run_with(&["query", "-", "", "--fields", "u_n"], &data);
        assert_eq!(ran.out, format!("{{\"u_n\":\"{number}\"}}\n"));
    }
    refused(
        "[{\"sys_id\":\"1\",\"u_n\":-1e400}]",
        "line 1, column 22: record 1: `u_n`: number out of range",
    );
}

/// An object is an API answer if it has no members but those of one; others are records.
#[test]
fn a_record_with_a_result() {
    let query = |data: &str| {
        let ran = run_with(&["query", "-", "", "--schema", "infer"], data);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{data}");
        ran.out
    };
    let reference = "{\"result\":{\"link\":\"x\",\"value\":\"y\"},\"number\":\"7\"}";
    assert_eq!(query(reference), "{\"result\":\"y\",\"number\":\"7\"}\n");
    for record in ["{\"result\":\"x\"}\n", "{\"result\":\"x\",\"hasMore\":\"y\"}\n"] {
        assert_eq!(query(record), record);
    }
    for answer in [
        "{\"result\":[{\"a\":\"1\"}]}",
        "{\"result\":{\"a\":\"1\"}}",
        "{\"session\":{\"notifications\":[]},\"result\":[{\"a\":1}]}",
        "{\"result\":[{\"a\":1}],\"hasMore\":true,\"total\":17}",
    ] {
        assert_eq!(query(answer), "{\"a\":\"1\"}\n", "{answer}");
    }
    refused(
        "{\"result\":[{\"sys_id\":\"1\"}],\"number\":\"7\"}",
        "line 1, column 37: `number` stands beside the list `result`, as in no API answer",
    );
}

/// CSV of one column is told by the name of its file alone.
#[test]
fn one_column() {
    let rows = "name\nAda\nGrace\n";
    let infer = ["", "--schema", "infer", "--all"];
    for name in ["one.csv", "one.CSV", "one.tsv"] {
        let file = Temporary::new(name, rows.as_bytes());
        let ran = run(&[&["query", file.path()], &infer[..]].concat());
        assert_eq!(ran.out, "{\"name\":\"Ada\"}\n{\"name\":\"Grace\"}\n", "{name}: {}", ran.err);
    }
    refused(rows, "line 1, column 2: expected ident (--from csv reads it as CSV of one column)");
    let other = Temporary::new("other.csv", b"[{\"name\":\"Ada\"}]");
    let ran = run(&[&["query", other.path()], &infer[..]].concat());
    assert_eq!(ran.out, "{\"name\":\"Ada\"}\n");
    let page = Temporary::new("page.csv", b"<!DOCTYPE html>\n");
    assert!(run(&["query", page.path(), ""]).err.contains("looks like XML"));
}

/// Programs learn the code of what refuses a query, also where nothing else is said.
#[test]
fn codes_of_refusals() {
    let sorts = "ORDERBYname^".repeat(9);
    for (query, more, code) in [
        ("nosuch=1^ORDERBYname", "forbid", "unknown-field"),
        (sorts.as_str(), "ignore", "too-many-sort-keys"),
    ] {
        for quiet in [&[][..], &["--quiet"]] {
            let arguments = ["count", query, "--on-invalid", more, "--diagnostics", "json"];
            let ran = run(&[&arguments[..], quiet].concat());
            let last: Value = serde_json::from_str(ran.err.lines().last().unwrap()).unwrap();
            assert_eq!((ran.code, last["code"].as_str()), (2, Some(code)), "{}", ran.err);
            assert!(last["message"].as_str().unwrap().contains("refused"), "{last}");
        }
    }
}

/// Nobody is sent to a schema that is read off data where there are none.
#[test]
fn infer_wants_data() {
    for arguments in [
        &["schema", "nosuch"][..],
        &["check", "a=1", "--schema", "nosuch"],
        &["count", "a=1", "--table", "x"],
    ] {
        let ran = run(arguments);
        assert!(ran.code == 2 && !ran.err.contains("infer"), "{arguments:?}: {}", ran.err);
    }
    for arguments in [&["schema", "infer"][..], &["check", "a=1", "--schema", "infer"]] {
        let ran = run(arguments);
        assert!(ran.code == 2 && ran.err.contains("there is none here"), "{}", ran.err);
    }
}

/// What `schema -o json` prints is a schema file of the same table.
#[test]
fn schemas_read_back() {
    let own = r#"{"tables":[{"table":"task","fields":[{"name":"name","type":"string","label":"Name"},
        {"name":"cost","type":"decimal","queryable":"match","readable":false,"default":"1",
         "max_length":7,"choices":[["1","One"]],"creatable":false}]},
        {"table":"u_task","extends":"task","display":"name",
         "fields":[{"name":"of","type":"reference","reference":"task"}]}]}"#;
    let own = Temporary::new("own-schema.json", own.as_bytes());
    for arguments in [
        &["schema", "-o", "json"][..],
        &["schema", own.path(), "-o", "json"],
        &["schema", own.path(), "--table", "u_task", "-o", "json"],
    ] {
        let printed = run(arguments).out;
        let file = Temporary::new("printed-schema.json", printed.as_bytes());
        let again = run(&["schema", file.path(), "-o", "json"]);
        assert_eq!((again.out, again.err.as_str()), (printed, ""));
        let ran = run_with(&["count", "-", "name=x", "--schema", file.path()], "[]");
        assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    }
}
