//! `encq fmt` and its layouts: they read back, they mean the same, and no file is lost.

use encoded_query::Query;
use encoded_query::syntax::join_lines;
use proptest::prelude::*;

use super::cli::{Temporary, run, run_with};
use super::{generate, syntax};

/// Both layouts read as the same query, and formatting again changes nothing.
#[track_caller]
fn check_laws(text: &str) {
    let query = Query::parse(text);
    let canonical = query.canonical();
    let Some(lines) = query.multi_line() else {
        assert!(canonical.contains(['\n', '\r']), "{text:?}");
        return;
    };
    assert_eq!(join_lines(&lines), canonical, "{text:?} -> {lines:?}");
    assert_eq!(join_lines(&lines.replace('\n', "\r\n")), canonical, "{text:?} -> {lines:?}");
    assert_eq!(Query::parse(canonical.as_str()).multi_line(), Some(lines), "{text:?}");
}

/// What `fmt` makes of standard input.
fn formatted(arguments: &[&str], stdin: &str) -> String {
    let ran = run_with(&[&["fmt", "-"], arguments].concat(), stdin);
    assert_eq!(ran.code, 0, "{stdin:?}: {}", ran.err);
    ran.out
}

/// Each query of `text` as `check` and the layouts read it, percent-encoded so that a line holds any.
fn encoded(text: &str) -> String {
    let bytes: Vec<String> = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
    format!("sysparm_query={}", bytes.concat())
}

/// A file of that query is formatted to one that means the same, once and for all.
#[track_caller]
fn check_command(text: &str) {
    let canonical = Query::parse(text).canonical();
    for layout in [&[][..], &["--multi-line"]] {
        let once = formatted(layout, &format!("# before\nx=1\n{}\n\ny=2\n", encoded(text)));
        assert_eq!(formatted(layout, &once), once, "{text:?}");
        let plain = formatted(&[], &once);
        let lines: Vec<&str> = plain.split('\n').collect();
        let [comment, x, ours, empty, y, end] = lines.as_slice() else {
            panic!("{text:?}: {plain:?}")
        };
        assert_eq!(
            [*comment, *x, *empty, *y, *end],
            ["# before", "x=1", "", "y=2", ""],
            "{text:?}"
        );
        let read_back = if ours.starts_with("sysparm_query=") {
            run(&["fmt", ours]).out.strip_suffix('\n').unwrap().to_owned()
        } else {
            (*ours).to_owned()
        };
        assert_eq!(read_back, canonical, "{text:?}: {ours:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn layouts_read_back(text in generate::query()) {
        check_laws(&text);
    }

    #[test]
    fn layouts_of_any_tokens_read_back(tokens in prop::collection::vec(prop::sample::select(vec![
        "^", "^^", "OR", "NQ", "EQ", "GOTO", "ORDERBY", "GROUPBY", "a", "=", "LIKE", " ", "\t", "#", "\u{feff}",
        "RLQUERYt.f,>=1", "ENDRLQUERY", "SUBQUERYa,b,t", "ENDSUBQUERY", "JOINa.f=b.g!", "?", "/", "sysparm_query=",
    ]), 0..14)) {
        check_laws(&tokens.concat());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_command_keeps_any_query(tokens in prop::collection::vec(prop::sample::select(vec![
        "^", "^^", "OR", "NQ", "EQ", "a", "=", "LIKE", " ", "\t", "\n", "\r", "#", "\u{feff}", "?", "/", "%", "+",
        "sysparm_query=", "RLQUERYt.f,>=1", "http://", "&", "é",
    ]), 0..10)) {
        check_command(&tokens.concat());
    }
}

#[test]
fn public_queries_keep_their_meaning() {
    for name in ["queries.jsonl", "malformed.jsonl"] {
        for (_, text) in syntax::corpus(name).unwrap_or_default() {
            check_laws(&text);
        }
    }
    for text in ["", " ", "#", "a=\n  ^b=1", " ^b=1", "/x?y=1", "a= ", "EQ", "^GOTOa=1", "a=\r"] {
        check_laws(text);
        check_command(text);
    }
}

/// Source: §12 of the language, "one clause a line".
#[test]
fn a_clause_a_line() {
    let ran = run(&[
        "fmt",
        "--multi-line",
        "active=true^nameLIKEwar^ORcityLIKEwar^NQvip=true^RLQUERYincident.caller_id,>=1^active=true\
         ^ORpriority=1^SUBQUERYa,b,t^x=1^ENDSUBQUERY^ENDRLQUERY^JOINa.f=b.g!x=1^^ORy=2^ORDERBYname^EQ",
    ]);
    insta::assert_snapshot!(ran.out, @r"
    active=true
      ^nameLIKEwar
        ^ORcityLIKEwar
      ^NQvip=true
      ^RLQUERYincident.caller_id,>=1
        ^active=true
          ^ORpriority=1
        ^SUBQUERYa,b,t
          ^x=1
        ^ENDSUBQUERY
      ^ENDRLQUERY
      ^JOINa.f=b.g!x=1
          ^^ORy=2
      ^ORDERBYname
    ");
    assert_eq!(
        formatted(&[], &ran.out),
        "active=true^nameLIKEwar^ORcityLIKEwar^NQvip=true^RLQUERYincident.caller_id,>=1^active=true\
         ^ORpriority=1^SUBQUERYa,b,t^x=1^ENDSUBQUERY^ENDRLQUERY^JOINa.f=b.g!x=1^^ORy=2^ORDERBYname\n"
    );
}

#[test]
fn one_query() {
    for (query, canonical) in [
        ("^ORDERBYname^nameCONTAINSwar^EQ", "nameLIKEwar^ORDERBYname\n"),
        ("https://x/api?sysparm_query=a%3D1%5EEQ&x=1", "a=1\n"),
        ("name=two\nlines^EQ", "name=two\nlines\n"),
        ("EQ", "\n"),
    ] {
        let ran = run(&["fmt", query]);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, canonical, ""), "{query}");
    }
    let ran = run(&["fmt", "--check", "a=1^EQ"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, "the query would change\n"));
    let ran = run(&["fmt", "--check", "a=1"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert_eq!(run(&["fmt", "--check", "--multi-line", "a=1^b=2"]).code, 1);
    assert_eq!(run(&["fmt"]).code, 2);
    let ran = run(&["fmt", "a=1", "--file", "b"]);
    assert!(ran.code == 2 && ran.err.contains("cannot be used with"), "{}", ran.err);
}

/// What does not read stays as it is, and is named.
#[test]
fn unreadable_parts_stay() {
    let ran = run(&["fmt", "nameCONTAINSx^bad part^ORDERBY"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "nameLIKEx^bad part^ORDERBY\n"));
    assert!(ran.err.contains("error[missing-operator]: `bad part`"), "{}", ran.err);
    assert!(ran.err.contains("error[missing-field]"), "{}", ran.err);
    let ran = run_with(&["fmt", "-"], "a=1\n\nbad\n");
    assert!(ran.err.contains("--> standard input:3:1"), "{}", ran.err);
    let ran = run_with(&["fmt", "-"], "sysparm_query=%zz\n");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(
        ran.err.starts_with("encq: standard input: line 1: the query has a `%`"),
        "{}",
        ran.err
    );
}

#[test]
fn standard_input() {
    let text = "# our queries\r\n\r\nnameCONTAINSa^cityISEMPTY\r\nb=2\r\n   ^EQ\r\nc=3";
    assert_eq!(formatted(&[], text), "# our queries\r\n\r\nnameLIKEa^cityISEMPTY\r\nb=2\r\nc=3\n");
    assert_eq!(
        formatted(&["--multi-line"], text),
        "# our queries\r\n\r\nnameLIKEa\r\n  ^cityISEMPTY\r\nb=2\r\nc=3\n"
    );
    let ran = run_with(&["fmt", "-", "--check"], text);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (1, "standard input:3: would change\nstandard input:4: would change\n")
    );
    // A line that begins with a caret is a query of its own.
    assert_eq!(formatted(&[], "a=1\n^b=2\n"), "a=1\nb=2\n");
    assert_eq!(formatted(&[], ""), "");
    assert_eq!(formatted(&[], "\u{feff}a=1^EQ"), "\u{feff}a=1\n");
}

#[test]
fn files() {
    let text =
        "# ours\nnameCONTAINSa\n/x?sysparm_query=b%3d1%5EEQ&y=%20#z\n/x?sysparm_query=b%3d1\n";
    let file = Temporary::new("fmt.txt", text.as_bytes());
    let expected = "# ours\nnameLIKEa\n/x?sysparm_query=b=1&y=%20#z\n/x?sysparm_query=b%3d1\n";
    let ran = run(&["fmt", "--file", file.path()]);
    assert_eq!((ran.code, ran.out.as_str()), (0, expected));
    let ran = run(&["fmt", "--check", "--file", file.path()]);
    let changes = [2, 3].map(|line| format!("{}:{line}: would change\n", file.path())).concat();
    assert_eq!((ran.code, ran.out), (1, changes));
    assert_eq!(std::fs::read_to_string(file.path()).unwrap(), text);
    let ran = run(&["fmt", "--write", "--file", file.path()]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert_eq!(std::fs::read_to_string(file.path()).unwrap(), expected);
    assert_eq!(run(&["fmt", "--check", "--file", file.path(), file.path()]).code, 0);
}

/// A file that cannot be read or written stays whole, and the command says so.
#[test]
fn files_are_not_lost() {
    let bad = Temporary::new("fmt-bad.txt", b"a=1^EQ\nname=\xff\n");
    let ran = run(&["fmt", "--write", "--file", bad.path()]);
    let said = format!("encq: {}: line 2: the query has invalid UTF-8 at byte 5\n", bad.path());
    assert_eq!((ran.code, ran.err), (2, said));
    assert_eq!(std::fs::read(bad.path()).unwrap(), b"a=1^EQ\nname=\xff\n");
    let file = Temporary::new("fmt-read-only.txt", b"a=1^EQ\n");
    let mut permissions = std::fs::metadata(file.path()).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(file.path(), permissions).unwrap();
    let ran = run(&["fmt", "--write", "--file", file.path()]);
    assert!(ran.code == 2 && ran.err.contains("stays as it is: it is read-only"), "{}", ran.err);
    assert_eq!(std::fs::read(file.path()).unwrap(), b"a=1^EQ\n");
    let ran = run(&["fmt", "--write", "--file", "/nonexistent/queries.txt"]);
    assert_eq!((ran.code, ran.err.as_str()), (2, "encq: /nonexistent/queries.txt: no such file\n"));
    let folder = std::env::temp_dir();
    let ran = run(&["fmt", "--file", folder.to_str().unwrap()]);
    assert!(ran.code == 2 && ran.err.ends_with("is a directory\n"), "{}", ran.err);
}

/// A link stays one, and what it leads to keeps its permissions.
#[test]
#[cfg(unix)]
fn links_and_permissions_are_kept() {
    use std::os::unix::fs::PermissionsExt;
    let file = Temporary::new("fmt-linked.txt", b"a=1^EQ\n");
    std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o640)).unwrap();
    let link = Temporary::new("fmt-link.txt", b"");
    std::fs::remove_file(link.path()).unwrap();
    std::os::unix::fs::symlink(file.path(), link.path()).unwrap();
    assert_eq!(run(&["fmt", "--write", "--file", link.path()]).code, 0);
    assert!(std::fs::symlink_metadata(link.path()).unwrap().is_symlink());
    assert_eq!(std::fs::read(file.path()).unwrap(), b"a=1\n");
    assert_eq!(std::fs::metadata(file.path()).unwrap().permissions().mode() & 0o777, 0o640);
}

/// A file of several names has the new content under each, and no copy stays behind.
#[test]
#[cfg(unix)]
fn hard_links_are_kept() {
    use std::os::unix::fs::MetadataExt;
    let folder = std::env::temp_dir().join(format!("encq-{}-hard", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let [one, other] = ["one.txt", "other.txt"].map(|name| folder.join(name));
    std::fs::write(&one, "nameCONTAINSa^EQ\nb=1\n").unwrap();
    std::fs::hard_link(&one, &other).unwrap();
    let ran = run(&["fmt", "--write", "--file", one.to_str().unwrap()]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(std::fs::read_to_string(&other).unwrap(), "nameLIKEa\nb=1\n");
    assert_eq!(std::fs::metadata(&one).unwrap().nlink(), 2);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2);
    std::fs::remove_dir_all(&folder).unwrap();
}
