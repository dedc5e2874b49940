//! `encq check` in continuous integration: files, formats, levels and the configuration; and what only a
//! process shows of it and of `encq fmt`.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use super::cli::{Temporary, run, run_in, run_with};

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let path = std::env::temp_dir().join(format!("encq-{}-{name}", std::process::id()));
        for (file, content) in files {
            let file = path.join(file);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, content).unwrap();
        }
        Self(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A file with a comment, an empty line, a query on one line, one on three, and a URL.
const QUERIES: &str = "# ours\n\nvip=true\nactive=true\n  ^fist_name=é\n    ^ORtitleISEMPTY.\n\
                       /x?sysparm_query=nosuch%3D1&y=1\n";

#[test]
fn files() {
    let file = Temporary::new("check.txt", QUERIES.as_bytes());
    let ran = run(&["check", "-o", "json", "--file", file.path()]);
    let said = lines(&ran.out);
    let whole = "active=true^fist_name=é^ORtitleISEMPTY.";
    assert_eq!(ran.code, 2);
    assert_eq!(said.len(), 3);
    assert_eq!(
        said[0],
        json!({
            "code": "unknown-field", "severity": "error", "span": [12, 21],
            "message": "the table `customer_contact` has no field `fist_name`",
            "suggestion": {"message": "did you mean `first_name`?", "replacement": "first_name", "span": [12, 21]},
            "query": whole, "file": file.path(), "line": 4,
        })
    );
    assert_eq!((&said[1]["code"], &said[1]["line"]), (&json!("ignored-value"), &json!(4)));
    assert_eq!((&said[2]["query"], &said[2]["line"]), (&json!("nosuch=1"), &json!(7)));
    let ran = run(&["check", "--file", file.path()]);
    let drawn = format!("--> {}:5:4\n  |\n5 |   ^fist_name=é\n  |    ^^^^^^^^^\n", file.path());
    assert!(ran.out.contains(&drawn), "{}", ran.out);
    let drawn = format!("--> {}:7:1\n  |\n7 | nosuch=1\n", file.path());
    assert!(ran.out.contains(&drawn), "{}", ran.out);
    let ran = run_with(&["check", "--file", "-"], "# a\nnosuch=1\n");
    assert!(ran.out.contains("--> standard input:2:1"), "{}", ran.out);
    let bad = Temporary::new("check-bad.txt", b"a=1\n\nb=\xff\n");
    let ran = run(&["check", "--file", bad.path()]);
    let said = format!("encq: {}: line 3: the query has invalid UTF-8 at byte 2\n", bad.path());
    assert_eq!((ran.code, ran.err), (2, said));
    let bad = Temporary::new("check-url.txt", b"/x?sysparm_query=%zz\n");
    let ran = run(&["check", "--file", bad.path()]);
    assert!(ran.code == 2 && ran.err.contains("line 1: the query has a `%`"), "{}", ran.err);
    assert_eq!(run(&["check", "--file", "/nonexistent/q.txt"]).code, 2);
    assert_eq!(run(&["check"]).code, 2);
    assert_eq!(run(&["check", "vip=true", "--file", file.path()]).code, 2);
}

/// Source: *Workflow commands for GitHub Actions*.
#[test]
fn github_commands() {
    let folder = Folder::new("github", &[("a,b:c%.txt", QUERIES)]);
    let path = folder.path("a,b:c%.txt");
    let path = path.to_str().unwrap();
    let shown = path.replace('%', "%25").replace(',', "%2C").replace(':', "%3A");
    let ran = run(&["check", "-o", "github", "--file", path]);
    assert_eq!(
        ran.out.lines().collect::<Vec<_>>(),
        [
            format!(
                "::error file={shown},line=5,endLine=5,col=4,endColumn=13,title=unknown-field::the table `customer_contact` has no field `fist_name`: did you mean `first_name`?"
            ),
            format!(
                "::warning file={shown},line=6,endLine=6,col=20,endColumn=21,title=ignored-value::`ISEMPTY` takes no value; `.` is not used: leave it out"
            ),
            format!(
                "::error file={shown},line=7,endLine=7,col=1,endColumn=32,title=unknown-field::the table `customer_contact` has no field `nosuch`"
            ),
        ]
    );
    let ran = run(&["check", "-o", "github", "city!=100%\n"]);
    assert!(ran.out.starts_with("::notice title=excludes-empty::"), "{}", ran.out);
    let ran = run(&["check", "-o", "github", "sys_mod_count=5%\n5"]);
    assert!(ran.out.lines().count() == 1 && ran.out.contains("`5%25"), "{}", ran.out);
    let ran = run_with(&["check", "-o", "github", "-"], "vip=true\nnosuch=1\n");
    assert!(ran.out.starts_with("::error title=unknown-field::line 2: "), "{}", ran.out);
}

/// Source: SARIF 2.1.0.
#[test]
fn sarif_log() {
    let file = Temporary::new("check sarif.txt", QUERIES.as_bytes());
    let ran = run(&["check", "-o", "sarif", "--file", file.path()]);
    let log: Value = serde_json::from_str(&ran.out).unwrap();
    let run_of = &log["runs"][0];
    assert_eq!((ran.code, &log["version"]), (2, &json!("2.1.0")));
    assert_eq!(run_of["columnKind"], "unicodeCodePoints");
    let rules = run_of["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), encoded_query::Code::ALL.len());
    let uri = format!("file://{}", file.path().replace(' ', "%20"));
    let result = &run_of["results"][0];
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(
        (&rules[index]["id"], &result["ruleId"]),
        (&json!("unknown-field"), &json!("unknown-field"))
    );
    assert!(rules[index]["help"]["text"].is_string());
    let region = json!({"startLine": 5, "startColumn": 4, "endLine": 5, "endColumn": 13});
    assert_eq!(
        result["locations"],
        json!([{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}])
    );
    assert_eq!(
        result["fixes"][0]["artifactChanges"],
        json!([{
            "artifactLocation": {"uri": uri},
            "replacements": [{"deletedRegion": region, "insertedContent": {"text": "first_name"}}],
        }])
    );
    assert_eq!(run_of["results"][1]["level"], "warning");
    // A query in a URL is taken as a whole, and has no fix.
    let url = &run_of["results"][2]["locations"][0]["physicalLocation"]["region"];
    assert_eq!(url, &json!({"startLine": 7, "startColumn": 1, "endLine": 7, "endColumn": 32}));
    let ran = run(&["check", "-o", "sarif", "vip=true"]);
    let log: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.code, &log["runs"][0]["results"]), (0, &json!([])));
    let ran = run_with(&["check", "-o", "sarif", "-"], "\nnosuch=1\n");
    let log: Value = serde_json::from_str(&ran.out).unwrap();
    let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["region"], json!({"startLine": 2}));
}

#[test]
fn levels() {
    let ran = run(&["check", "nosuch=1", "--allow", "unknown-field"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    let ran = run(&["check", "city!=x", "--deny", "excludes-empty"]);
    assert!(ran.code == 2 && ran.out.starts_with("error[excludes-empty]"), "{}", ran.out);
    let ran = run(&[
        "check",
        "titleISEMPTY.^city!=x",
        "--deny-warnings",
        "--allow",
        "ignored-value,excludes-empty",
    ]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    for (arguments, message) in [
        (
            ["--allow", "unknown-feild"],
            "--allow: there is no code `unknown-feild`; did you mean `unknown-field`?",
        ),
        (["--deny", "nonsense"], "--deny: there is no code `nonsense`"),
        (
            ["--allow", "too-long"],
            "--allow: `too-long` refuses the query in every mode and cannot be allowed",
        ),
    ] {
        let ran = run(&["check", "vip=true", arguments[0], arguments[1]]);
        assert_eq!((ran.code, ran.err), (2, format!("encq: {message}\n")));
    }
    let ran = run(&["check", "vip=true", "--allow", "bad-date", "--deny", "bad-date"]);
    assert!(ran.code == 2 && ran.err.contains("both allowed and denied"), "{}", ran.err);
    // What is allowed does not stand in the way of what is not.
    let query = format!("{}sys_mod_count>x", "nosuch=1^".repeat(80));
    let ran = run(&["check", &query, "--allow", "unknown-field", "-o", "json"]);
    assert_eq!((ran.code, lines(&ran.out).len()), (2, 1));
}

#[track_caller]
fn check_config(folder: &Path, arguments: &[&str], code: u8, said: &str) {
    let ran = run_in(Some(folder), &[&["check"], arguments].concat(), "");
    assert_eq!(ran.code, code, "{}{}", ran.out, ran.err);
    assert!((ran.out.clone() + &ran.err).contains(said), "{}{}", ran.out, ran.err);
}

#[test]
fn configuration() {
    let folder = Folder::new(
        "config",
        &[
            (
                ".encq.toml",
                "schema = \"schemas/own.json\"\ntable = \"task\"\nallow = [\"ignored-value\"]\n\
              deny = ['excludes-empty']\ndeny-warnings = true\n",
            ),
            (
                "schemas/own.json",
                r#"{"tables":[{"table":"other","fields":[]},
              {"table":"task","fields":[{"name":"rank","type":"integer"}]}]}"#,
            ),
            ("deep/below/q.txt", ""),
            ("copy/.git/HEAD", ""),
            ("copy/inside/q.txt", ""),
        ],
    );
    let below = folder.path("deep/below");
    check_config(&below, &["rank=1^rankISEMPTY."], 0, "");
    check_config(&below, &["rank!=1"], 2, "error[excludes-empty]");
    check_config(&below, &["rankIN"], 1, "warning[empty-list]");
    check_config(&below, &["name=x"], 2, "the table `task` has no field `name`");
    // Options win.
    check_config(&below, &["rankIN", "--deny-warnings=false"], 0, "warning[empty-list]");
    check_config(&below, &["rank!=1", "--allow", "excludes-empty"], 0, "");
    check_config(&below, &["rankISEMPTY.", "--deny", "ignored-value"], 2, "error[ignored-value]");
    check_config(&below, &["name=x", "--schema", "customer_contact"], 0, "");
    check_config(&below, &["rank=1", "--table", "other"], 2, "`other` has no field `rank`");
    check_config(&below, &["name=x", "--no-config"], 0, "");
    // Nothing above the root of a working copy counts.
    check_config(&folder.path("copy/inside"), &["name=x"], 0, "");
}

#[test]
fn broken_configuration() {
    for (text, said) in [
        ("deny = [", ".encq.toml:1:9: "),
        ("# x\nalow = []\n", ".encq.toml:2:1: there is no key `alow`; did you mean `allow`?"),
        (
            "[check]\n",
            ".encq.toml:1:2: there is no key `check`; keys are schema, table, allow, deny, deny-warnings",
        ),
        (
            "allow = ['bad-date', 'bad-dat']",
            ".encq.toml:1:22: there is no code `bad-dat`; did you mean `bad-date`?",
        ),
        ("allow = ['too-long']", ".encq.toml:1:10: `too-long` refuses"),
        ("deny = 'bad-date'", ".encq.toml:1:8: expected a list of codes"),
        ("deny-warnings = 1", ".encq.toml:1:17: expected `true` or `false`"),
        ("schema = true", ".encq.toml:1:10: expected a string"),
        ("schema = 'none.json'", "none.json: no such schema file"),
        ("allow = ['bad-date']\ndeny = ['bad-date']", "`bad-date` is both allowed and denied"),
        ("a = 1\na = 1", ".encq.toml:2:1: duplicate key"),
    ] {
        let folder = Folder::new("broken", &[(".encq.toml", text)]);
        let ran = run_in(Some(&folder.0), &["check", "vip=true"], "");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{text}");
        assert!(ran.err.contains(said) && ran.err.lines().count() == 1, "{text}: {}", ran.err);
    }
}

fn process(arguments: &[&str], environment: &[(&str, &str)], stdout: Stdio) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_encq"));
    command.args(arguments).env_remove("NO_COLOR").env_remove("TERM");
    command.envs(environment.iter().copied()).current_dir(std::env::temp_dir());
    command.stdin(Stdio::null()).stdout(stdout).output().unwrap()
}

#[test]
fn colours_are_asked_for() {
    for (arguments, of_check) in
        [(["check", "nosuch", "--color"], true), (["fmt", "nosuch", "--color"], false)]
    {
        for (color, environment, expected) in [
            ("always", &[][..], true),
            ("always", &[("NO_COLOR", "1")], false),
            ("always", &[("NO_COLOR", "")], true),
            ("auto", &[], false),
            ("never", &[], false),
        ] {
            let ended = process(&[&arguments[..], &[color]].concat(), environment, Stdio::piped());
            let text = if of_check { ended.stdout } else { ended.stderr };
            assert!(!text.is_empty());
            assert_eq!(text.contains(&b'\x1b'), expected, "{arguments:?} {color} {environment:?}");
        }
    }
}

/// The configuration is that of the folder the process runs in; its time zone counts for nothing.
#[test]
fn the_folder_of_the_process_counts() {
    let folder = Folder::new("process", &[(".encq.toml", "deny = ['excludes-empty']")]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_encq"));
    command.args(["check", "city!=x^sys_created_on>javascript:gs.daysAgoStart(1)"]);
    let ended = command.current_dir(&folder.0).env("TZ", "Nowhere/Invalid").output().unwrap();
    let text = String::from_utf8(ended.stdout).unwrap();
    assert_eq!((ended.status.code(), text.matches("error[").count()), (Some(2), 1), "{text}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_error() {
    let file = Temporary::new("check-full.txt", b"nosuch=1\n");
    for arguments in [
        &["check", "--file", file.path()][..],
        &["check", "-o", "sarif", "vip=true"],
        &["fmt", "a=1"],
        &["completions", "zsh"],
    ] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ended = process(arguments, &[], full.into());
        let text = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(
            (ended.status.code(), text.lines().count()),
            (Some(2), 1),
            "{arguments:?}: {text}"
        );
        assert!(text.contains("No space left on device"), "{arguments:?}: {text}");
    }
}

#[test]
fn a_closed_pipe_is_quiet() {
    let file = Temporary::new("check-pipe.txt", "nosuch=1^EQ\n".repeat(20_000).as_bytes());
    for arguments in
        [["check", "-o", "json", "--file"], ["fmt", "--multi-line", "--color=never", "--file"]]
    {
        let mut command = Command::new(env!("CARGO_BIN_EXE_encq"));
        command.args(arguments).arg(file.path()).stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let ended = child.wait_with_output().unwrap();
        assert_eq!(
            (ended.status.code(), ended.stderr.as_slice()),
            (Some(0), &b""[..]),
            "{arguments:?}"
        );
    }
}
