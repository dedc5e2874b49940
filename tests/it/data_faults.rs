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
