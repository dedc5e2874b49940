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
