//! The command line, with streams in memory; what only a process shows, with the real one.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use encoded_query::cli::{self, Streams};
use serde_json::{Value, json};

pub(super) struct Ran {
    pub(super) code: u8,
    pub(super) out: String,
    pub(super) err: String,
}

pub(super) fn run_with(arguments: &[&str], stdin: &str) -> Ran {
    run_in(None, arguments, stdin)
}

pub(super) fn run_in(directory: Option<&Path>, arguments: &[&str], stdin: &str) -> Ran {
    run_over(&mut stdin.as_bytes(), directory, arguments)
}

pub(super) fn run_over(stdin: &mut dyn Read, directory: Option<&Path>, arguments: &[&str]) -> Ran {
    let mut out = Vec::new();
    let (code, err) = run_into(&mut out, stdin, directory, arguments);
    Ran { code, out: String::from_utf8(out).unwrap(), err }
}

/// Gives the exit code and what is said on standard error.
pub(super) fn run_into(
    stdout: &mut dyn Write,
    stdin: &mut dyn Read,
    directory: Option<&Path>,
    arguments: &[&str],
) -> (u8, String) {
    let mut err = Vec::new();
    let mut streams = Streams {
        stdin,
        stdout,
        stderr: &mut err,
        stdin_is_terminal: false,
        stdout_is_terminal: false,
        stderr_is_terminal: false,
        no_color: true,
        directory,
        history: None,
    };
    let arguments = std::iter::once("encq").chain(arguments.iter().copied()).map(OsString::from);
    let code = cli::run(arguments, &mut streams);
    (code, String::from_utf8(err).unwrap())
}

pub(super) fn run(arguments: &[&str]) -> Ran {
    run_with(arguments, "")
}

/// A file that goes with the test.
pub(super) struct Temporary(PathBuf);

impl Temporary {
    pub(super) fn new(name: &str, content: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("encq-{}-{name}", std::process::id()));
        std::fs::write(&path, content).unwrap();
        Self(path)
    }

    pub(super) fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn query_over_the_demo_contacts() {
    let ran = run(&[
        "query",
        "name=George Warren^ORname=Jane Contact^ORDERBYname",
        "--fields",
        "name,active",
    ]);
    let lines: Vec<Value> =
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        lines,
        [
            json!({"name": "George Warren", "active": "true"}),
            json!({"name": "Jane Contact", "active": "true"}),
        ]
    );
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}

#[test]
fn formats() {
    let ran =
        run(&["query", "vip=true^ORvip=false", "-o", "json", "--limit", "2", "--fields", "vip"]);
    let page: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(page["result"].as_array().unwrap().len(), 2);
    assert_eq!(page["hasMore"], true);
    assert!(page["total"].as_u64().unwrap() > 100);
    let ran = run(&["query", "name=George Warren", "-o", "table"]);
    assert!(ran.out.starts_with(" name"), "{}", ran.out);
    assert!(
        ran.out.contains("geo.warren@mailinator.com") && ran.out.ends_with("1 record\n"),
        "{}",
        ran.out
    );
    let whole = run(&["query", "name=George Warren"]);
    let record: Value = serde_json::from_str(&whole.out).unwrap();
    assert_eq!(record.as_object().unwrap().len(), 65);
}

#[test]
fn exit_codes() {
    assert_eq!(run(&["query", "name=nobody"]).code, 1);
    let none = run(&["count", "name=nobody"]);
    assert_eq!((none.code, none.out.as_str()), (1, "0\n"));
    let all = run(&["count", ""]);
    assert_eq!((all.code, all.out.as_str()), (0, "200\n"));
    assert_eq!(run(&["check", "name=x"]).code, 0);
    assert_eq!(run(&["check", "titleISEMPTY."]).code, 0);
    assert_eq!(run(&["check", "titleISEMPTY.", "--deny-warnings"]).code, 1);
    assert_eq!(run(&["check", "nosuch=1"]).code, 2);
    assert_eq!(run(&["query", "nosuch=1", "--on-invalid", "none"]).code, 1);
    let forbidden = run(&["query", "nosuch=1", "--on-invalid", "forbid"]);
    assert_eq!((forbidden.code, forbidden.out.as_str()), (2, ""));
    let refused = run(&["query", &"ORDERBYname^".repeat(9)]);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    assert!(refused.err.contains("too-many-sort-keys"), "{}", refused.err);
}

#[test]
fn bad_arguments() {
    let ran = run(&[]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("Usage"));
    let ran = run(&["query", "nosuch=1", "--on-invalid", "maybe"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("ignore, none, forbid"), "{}", ran.err);
    let ran = run_with(&["query", "-", "-"], "x");
    assert!(ran.code == 2 && ran.err.contains("not both"), "{}", ran.err);
    let ran = run(&["query", "vip=true", "--fields", "nme"]);
    assert!(ran.code == 2 && ran.err.contains("did you mean `name`"), "{}", ran.err);
    let ran = run(&["query", "/nonexistent/contacts.json", "active=true"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (2, "encq: /nonexistent/contacts.json: no such file\n")
    );
    let folder = std::env::temp_dir();
    let ran = run(&["query", folder.to_str().unwrap(), "active=true"]);
    assert!(ran.code == 2 && ran.err.ends_with("is a directory\n"), "{}", ran.err);
}

/// The names of the commands, as the help lists them.
pub(super) fn commands() -> Vec<String> {
    let help = run(&["--help"]).out;
    let (_, listed) = help.split_once("Commands:\n").unwrap();
    let names = listed.lines().map_while(|line| line.split_whitespace().next());
    let names: Vec<String> = names.filter(|name| *name != "help").map(str::to_owned).collect();
    assert!(["query", "repl", "gen"].iter().all(|name| names.iter().any(|n| n == name)), "{help}");
    names
}

#[test]
fn help_has_examples() {
    for command in commands() {
        let ran = run(&[&command, "--help"]);
        assert_eq!(ran.code, 0, "{command}");
        assert!(ran.out.contains("Examples:"), "{command}");
    }
}

#[test]
fn check_draws_carets() {
    let ran = run(&["check", "active=true^fist_name=George"]);
    insta::assert_snapshot!(ran.out, @r"
    error[unknown-field]: the table `customer_contact` has no field `fist_name`
      |
    1 | active=true^fist_name=George
      |             ^^^^^^^^^
      |
    help: did you mean `first_name`?
      |
    1 | active=true^first_name=George
      |               +
    ");
    let ran = run(&["check", "bad\u{1b}[2J\u{202e}field=1"]);
    assert!(!ran.out.contains(['\u{1b}', '\u{202e}']), "{}", ran.out);
}

#[test]
fn check_gives_json() {
    let ran = run_with(&["check", "-", "-o", "json"], "vip=true\nname==x\nnosuch=1\n");
    let said: Vec<Value> =
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(said.len(), 2);
    assert_eq!(
        (&said[0]["code"], &said[0]["query"]),
        (&json!("suspicious-value"), &json!("name==x"))
    );
    assert_eq!(said[1]["span"], json!([0, 6]));
    assert_eq!(ran.code, 2);
    let ran = run(&["query", "nosuch=1", "--diagnostics", "json", "--quiet"]);
    assert_eq!(ran.err, "");
    let ran = run(&["query", "nosuch=1", "--diagnostics", "json"]);
    let codes: Vec<Value> = ran
        .err
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["code"].clone())
        .collect();
    assert_eq!(codes, ["unknown-field", "everything-ignored"]);
}

/// Source: the shape that other programs rely on.
#[test]
fn parse_gives_the_tree() {
    let ran = run(&["parse", "active=true^nameLIKEwar^ORcityLIKEwar^ORDERBYname"]);
    let tree: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        tree,
        json!({
            "query": "active=true^nameLIKEwar^ORcityLIKEwar^ORDERBYname",
            "branches": [[
                [{"field": "active", "operator": "=", "value": "true", "span": [0, 11]}],
                [{"field": "name", "operator": "LIKE", "value": "war", "span": [12, 23]},
                 {"field": "city", "operator": "LIKE", "value": "war", "span": [26, 37]}]]],
            "order": [{"field": "name", "descending": false, "span": [38, 49]}],
            "group_by": [],
            "canonical": "active=true^nameLIKEwar^ORcityLIKEwar^ORDERBYname",
            "diagnostics": [],
        })
    );
    let ran = run(&["parse", "bad^RLQUERYincident.problem_id,>=1^x=1^ENDRLQUERY^GROUPBYcategory"]);
    let tree: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        tree["branches"][0][0][0],
        json!({"unreadable": "bad", "code": "missing-operator", "span": [0, 3]})
    );
    assert_eq!(
        tree["branches"][0][1][0],
        json!({
            "block": "RLQUERY", "table": "incident", "field": "problem_id", "quantity": ">=1", "m2m": false,
            "branches": [[[{"field": "x", "operator": "=", "value": "1", "span": [35, 38]}]]], "span": [4, 49],
        })
    );
    assert_eq!(
        tree["group_by"],
        json!([{"keyword": "GROUPBY", "text": "category", "span": [50, 65]}])
    );
    let ran = run_with(&["parse", "-"], "a=1\n\nb=2");
    assert_eq!(ran.out.lines().count(), 3);
}

#[test]
fn urls_are_decoded() {
    let url = "https://x.service-now.com/api/now/contact?sysparm_limit=1&sysparm_query=phone%3D%2B16692627777#top";
    let ran = run(&["query", url, "--fields", "name"]);
    assert_eq!(ran.out, "{\"name\":\"Jane Contact\"}\n");
    assert_eq!(run(&["count", "sysparm_query=name%3DGeorge+Warren"]).out, "1\n");
    let ran = run(&["query", "sysparm_query=name%3D100%"]);
    assert!(ran.code == 2 && ran.err.contains("two hexadecimal digits at byte 10"), "{}", ran.err);
    let ran = run(&["query", "sysparm_query=name%3D%ff"]);
    assert!(ran.code == 2 && ran.err.contains("invalid UTF-8 at byte 5"), "{}", ran.err);
}

#[test]
fn own_data() {
    for content in [
        r#"[{"sys_id":"1","name":"A","active":true,"u_rank":7},{"sys_id":"2","name":"B","active":null}]"#,
        r#"{"result":[{"sys_id":"1","name":"A","active":true,"u_rank":7},{"sys_id":"2","name":"B"}],"hasMore":false}"#,
        "\u{feff}{\"sys_id\":\"1\",\"name\":\"A\",\"active\":true,\"u_rank\":7}\n{\"sys_id\":\"2\",\"name\":\"B\"}\n",
    ] {
        let ran =
            run_with(&["query", "-", "active=true^u_rank=7", "--fields", "sys_id,u_rank"], content);
        assert_eq!(
            (ran.out.as_str(), ran.err.as_str()),
            ("{\"sys_id\":\"1\",\"u_rank\":\"7\"}\n", "")
        );
    }
    let file = Temporary::new("own.json", br#"{"result":{"sys_id":"1","name":"A"}}"#);
    assert_eq!(run(&["count", file.path(), "name=a"]).out, "1\n");
    assert_eq!(run(&["count", file.path(), "name=a", "--case-sensitive"]).out, "0\n");
}

#[test]
fn columns_that_differ_by_case_are_told_of() {
    let data = r#"[{"sys_id":"1","Active":"true","active":""},{"sys_id":"2","Active":"true"}]"#;
    let ran = run_with(&["count", "-", "active=true"], data);
    assert_eq!(ran.out, "0\n");
    let said = "the column `Active` is another than `active`, as the case of names counts; rename it if `active` \
                is meant";
    assert!(ran.err.contains(said), "{}", ran.err);
    let data = r#"[{"a":"1","b":"2"}]"#;
    assert_eq!(run_with(&["count", "-", "a=1", "--schema", "infer"], data).err, "");
}

#[test]
fn schemas() {
    let data = r#"[{"rank":"10","day":"2026-01-01","LOCATION":"x"},{"rank":"9"}]"#;
    let ran = run_with(&["query", "-", "rank>9", "--schema", "infer"], data);
    assert_eq!(ran.out, "{\"rank\":\"10\",\"day\":\"2026-01-01\",\"LOCATION\":\"x\"}\n");
    assert!(
        ran.err.contains(
            "`LOCATION` cannot be named in a query; rename it, for example to `location`"
        ),
        "{}",
        ran.err
    );
    let file = Temporary::new(
        "schema.json",
        br#"{"table":"task","fields":[{"name":"rank","type":"integer"}]}"#,
    );
    let ran = run_with(&["query", "-", "rank<10", "--schema", file.path()], data);
    assert_eq!(ran.out, "{\"rank\":\"9\"}\n");
    assert!(ran.err.contains("`day` is not in the schema and is left out"), "{}", ran.err);
    let ran = run(&["schema", file.path(), "-o", "json"]);
    assert_eq!(serde_json::from_str::<Value>(&ran.out).unwrap()["fields"][0]["type"], "integer");
    for (text, message) in [
        (
            r#"{"table":"t","fields":[{"name":"a","type":"int"}]}"#,
            "has the type `int`; types are string, integer",
        ),
        (
            r#"{"table":"t","fields":[{"name":"a","type":"string"},{"name":"a","type":"string"}]}"#,
            "`a` is given twice",
        ),
        (
            r#"{"table":"t","fields":[{"name":"a","type":"reference"}]}"#,
            "`a` must have the type `reference`",
        ),
        (r#"{"tables":[]}"#, "there are no tables"),
        ("{", "EOF"),
    ] {
        let file = Temporary::new("bad-schema.json", text.as_bytes());
        let ran = run(&["schema", file.path()]);
        assert!(ran.code == 2 && ran.err.contains(message), "{text}: {}", ran.err);
    }
}

#[test]
fn bad_data() {
    let deep = "[".repeat(100_000);
    for (content, message) in [
        (&b""[..], "is empty"),
        (b"\xff\xfe[\0{\0", "is not UTF-8 (looks like UTF-16)"),
        (b"[{\"sys_id\":\"1\",\"name\":\"\xff\"}]", "invalid UTF-8 at byte 23"),
        (b"{\"sys_id\":\"1\",\"name\":\"A\"}\n{\"sys_id\":\"2\",\"na", "line 2"),
        (
            br#"[{"sys_id":"1","name":"A"},{"sys_id":"1","name":"B"}]"#,
            "record 2: it has the sys_id `1` of record 1",
        ),
        (
            br#"[{"sys_id":7,"name":["A"],"active":{"x":1}}]"#,
            "record 1: `sys_id` must be text; `name`, `active` must be scalar",
        ),
        (deep.as_bytes(), "nested too deeply"),
        (
            br#"[{"sys_id":"1","failed_attempts":1e400}]"#,
            "record 1: `failed_attempts`: number out of range",
        ),
        (br#"[{"sys_id":"1","name":"A","name":"B"}]"#, "record 1: `name` is given twice"),
        (br#"[{"name":"A"}]"#, "record 1: it has no `sys_id` (--make-sys-ids makes them)"),
        (b"[1]", "record 1: it is not an object"),
        (b"[] x", "trailing characters"),
        (b"nonsense", "line 1, column 2"),
    ] {
        let file = Temporary::new("bad.json", content);
        let ran = run(&["query", file.path(), "active=true"]);
        let line = ran
            .err
            .strip_prefix(&format!("encq: {}: ", file.path()))
            .unwrap_or_else(|| panic!("{}", ran.err));
        assert!(line.contains(message) && line.lines().count() == 1, "{message}: {}", ran.err);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    }
    let file = Temporary::new("ids.json", br#"[{"name":"A"},{"name":"B"}]"#);
    assert_eq!(run(&["count", file.path(), "", "--make-sys-ids"]).out, "2\n");
    let empty = Temporary::new("empty.json", b"[]");
    assert_eq!(run(&["count", empty.path(), ""]).out, "0\n");
    let long = format!(r#"[{{"sys_id":"1","name":"{}"}}]"#, "x".repeat(1024 * 1024 + 1));
    let file = Temporary::new("long.json", long.as_bytes());
    assert!(run(&["count", file.path(), ""]).err.contains("a value may have 1 MiB"));
    let odd = run_with(
        &["count", "-", "sys_mod_countISEMPTY"],
        r#"[{"sys_id":"1","sys_mod_count":"abc"}]"#,
    );
    assert_eq!(odd.out, "1\n");
    assert!(
        odd.err
            .contains("`sys_mod_count`: values that do not read as integer and count as empty: 1"),
        "{}",
        odd.err
    );
}

#[test]
fn made_up_contacts_are_the_same_for_a_seed() {
    let first = run(&["gen", "20", "--seed", "7"]);
    assert_eq!(first.out.lines().count(), 20);
    assert_eq!(first.out, run(&["gen", "20", "--seed", "7"]).out);
    assert_ne!(first.out, run(&["gen", "20", "--seed", "8"]).out);
    assert_eq!(run_with(&["count", "-", "name=George Warren"], &first.out).out, "1\n");
}

#[test]
fn reference_tables() {
    let ran = run(&["operators"]);
    assert!(ran.out.contains("NOT LIKE") && ran.out.contains("DOES NOT CONTAIN"));
    let all: Value = serde_json::from_str(&run(&["operators", "-o", "json"]).out).unwrap();
    assert_eq!(all.as_array().unwrap().len(), 47);
    let ran = run(&["schema"]);
    assert!(ran.out.contains("customer_account") && ran.out.contains("boolean: ="), "{}", ran.out);
}

/// A 10 MB query, and other text nobody writes: refused or answered, without a panic.
#[test]
fn hostile_queries() {
    for text in [
        "a=^".repeat(1_000_000),
        "^".repeat(1_000_000),
        "x".repeat(10_000_000),
        "sys_idIN1,".repeat(100_000),
    ] {
        let ran = run_with(&["check", "-"], &text);
        assert_eq!(ran.code, 2);
    }
    assert_eq!(run(&["query", "a\0=1"]).code, 0);
}

fn process(arguments: &[&str], stdout: Stdio) -> std::process::Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_encq"));
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_error() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let ended = process(&["query", "ORDERBYname"], full.into()).wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(2));
    let text = String::from_utf8(ended.stderr).unwrap();
    assert!(text.contains("No space left on device") && text.lines().count() == 1, "{text}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_device_is_no_data() {
    let ended =
        process(&["query", "/dev/zero", "vip=true"], Stdio::piped()).wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(2));
    assert!(String::from_utf8(ended.stderr).unwrap().contains("not a regular file"));
}

#[test]
fn a_closed_pipe_is_quiet() {
    let mut child = process(&["gen", "20000"], Stdio::piped());
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), &b""[..]));
}
