//! The shell: lines in, answers out. What only a terminal shows is asked by `scripts/terminal-check`.

use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use crate::cli::{Ran, Temporary, run, run_into, run_over, run_with};

fn repl(lines: &str) -> Ran {
    run_with(&["repl"], lines)
}

/// What lines over contacts of one field each print.
fn names(lines: &str) -> Ran {
    run_with(&["repl", "--fields", "name"], lines)
}

const WARREN: &str = "{\"name\":\"George Warren\"}\n";

/// A line prints what `encq query` prints, in each format.
#[test]
fn a_line_is_a_query() {
    let query = "nameLIKEge^ORDERBYname^nosuch=1";
    for format in ["table", "json", "ndjson", "csv", "xml"] {
        let options = ["-o", format, "--fields", "name,city", "--limit", "3", "--quiet"];
        let asked = run(&[&["query", query], &options[..]].concat());
        let typed = run_with(&[&["repl"], &options[..]].concat(), query);
        // A table says how to go on, each in its own way.
        let table = |ran: &Ran| ran.out.split("; ").next().unwrap().to_owned();
        assert_eq!(table(&typed), table(&asked), "{format}");
        assert_eq!((typed.code, typed.err.as_str()), (0, ""), "{format}");
    }
    assert_eq!(names("name=George Warren").out, WARREN);
    assert_eq!(names("sysparm_query=name%3DGeorge+Warren").out, WARREN);
    assert_eq!(
        names(".count https://x/api/now/contact?sysparm_query=vip%3Dtrue^ORvip%3Dfalse").code,
        0
    );
}

/// Nothing is printed for lines that hold nothing, and what ends or begins a line is none of the query.
#[test]
fn lines_are_read_as_in_files() {
    let ran = names("\u{feff}name=George Warren\r\n\n   \n# name=x\r\n  name=George Warren");
    assert_eq!((ran.code, ran.out), (0, WARREN.repeat(2)));
    let ran = repl("name=x\0\n");
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
    let ran = names("active=true\n  ^ORDERBYname\n");
    assert!(ran.code == 2 && ran.err.contains("line 2: it goes on with"), "{}", ran.err);
}

/// Source: case `bad-s-cli-04`; a line that fails is said to, and the next one is answered.
#[test]
fn a_bad_line_does_not_end_the_session() {
    let bad = b"name=\xff\nname=George Warren\n";
    let ran = run_over(&mut &bad[..], None, &["repl", "--fields", "name"]);
    let said = "encq: standard input: line 1: the query has invalid UTF-8 at byte 5\n";
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (2, WARREN, said));
    let refused = format!("{}\nname=George Warren", "ORDERBYname^".repeat(9));
    let ran = names(&refused);
    assert_eq!((ran.code, ran.out.as_str()), (2, WARREN));
    assert!(ran.err.contains("standard input:1:"), "{}", ran.err);
    for line in ["sysparm_query=name%", "?x=1", ".nosuch", ".limit x", ".more", ".check nosuch=1"] {
        let ran = names(&format!("{line}\nname=George Warren"));
        assert_eq!((ran.code, ran.out.ends_with(WARREN)), (2, true), "{line}: {}", ran.err);
    }
    // No records and invalid parts that are ignored are answers.
    assert_eq!(repl("name=nobody\n.count name=nobody\nnosuch=1\n.fmt nosuch\n").code, 0);
}

#[test]
fn a_line_without_end_is_skipped() {
    let endless = io::repeat(b'x').take(64 * 1024 * 1024 + 10);
    let mut stdin = endless.chain(&b"\nname=George Warren\n"[..]);
    let ran = run_over(&mut stdin, None, &["repl", "--fields", "name"]);
    let said = "encq: standard input: line 1: it is over 67108864 bytes\n";
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (2, WARREN, said));
    let long = "name=George Warren".to_owned() + &"^EQ".repeat(3_000_000);
    let ran = names(&format!("{long}\nname=George Warren"));
    assert_eq!((ran.code, ran.out.as_str()), (2, WARREN));
}

/// Commands print what the commands of the same name print.
#[test]
fn commands_are_those_of_the_program() {
    let file = Temporary::new("repl.ndjson", run(&["gen", "40", "--seed", "3"]).out.as_bytes());
    let query = "active=true^city!=Oslo^EQ^ORDERBYname";
    for (typed, arguments) in [
        ("count", vec!["count", file.path(), query]),
        ("explain", vec!["explain", file.path(), query]),
        ("parse", vec!["parse", query]),
        ("fmt", vec!["fmt", query]),
        ("operators", vec!["operators"]),
        ("functions", vec!["functions"]),
        ("schema", vec!["schema"]),
    ] {
        let expected = run(&arguments);
        assert!(!expected.out.is_empty(), "{typed}");
        let takes_query = arguments.len() > 1;
        let line = if takes_query { format!(".{typed} {query}") } else { format!(".{typed}") };
        let ran = run_with(&["repl", file.path()], &line);
        assert_eq!((ran.code, ran.out), (0, expected.out.clone()), "{typed}");
        if takes_query {
            let last = run_with(&["repl", file.path()], &format!(".fmt {query}\n.{typed}"));
            assert!(last.out.ends_with(&expected.out), "{typed}");
        }
    }
    let said = repl(".check city!=Oslo").out;
    assert!(
        said.starts_with("hint[excludes-empty]") && said.contains("standard input:1:1"),
        "{said}"
    );
}

/// Pages one after another are the whole; after the last there is nothing.
#[test]
fn more_goes_on() {
    let query = "active=true^ORDERBYname";
    let whole = run(&["query", query, "--all", "--fields", "name"]).out;
    let count = whole.lines().count();
    assert!(count > 30, "{count}");
    let ran = names(&format!("{query}\n.limit 20\n.more\n.count\n.limit all\n.more\n.more\n"));
    assert_eq!(
        (ran.code, ran.out),
        (0, {
            let lines: Vec<&str> = whole.lines().collect();
            let (first, last) = lines.split_at(30);
            format!("{}\n{count}\n{}\n", first.join("\n"), last.join("\n"))
        })
    );
    let hint = "; .more goes on, .limit all prints every one\n";
    assert_eq!(
        ran.err,
        format!("hint: 10 of {count} records are printed{hint}hint: there are no more records\n")
    );
    let ran = repl(".more\n.count name=George Warren\n.more");
    assert!(ran.err.ends_with("line 1: there is no query yet; give one\n"), "{}", ran.err);
    assert!(ran.out.starts_with("1\n{\"") && ran.out.contains("George Warren"), "{}", ran.out);
    // What was said of a query is not said again with each page of it.
    assert_eq!(repl("nosuch=1^active=true\n.more\n.count").err.matches("unknown-field").count(), 1);
}

#[test]
fn settings_last_until_they_are_set_again() {
    let query = "name=George Warren";
    let ran = repl(&format!(
        ".fields name, city\n{query}\n.output csv\n{query}\n.output\n.fields name\n{query}\n.fields\n{query}\n"
    ));
    let lines: Vec<&str> = ran.out.lines().collect();
    let [record, header, row, name, whole] = lines[..] else { panic!("{}", ran.out) };
    assert_eq!((header, name), ("name,city", WARREN.trim_end()));
    assert!(
        row.starts_with("George Warren,")
            && record.starts_with("{\"name\":\"George Warren\",\"city\":")
    );
    assert_eq!(serde_json::from_str::<Value>(whole).unwrap().as_object().unwrap().len(), 65);
    // What becomes of invalid parts, and again as usual.
    let ran = repl(
        ".count nosuch=1\n.on-invalid none\n.count\n.on-invalid forbid\n.count\n.on-invalid\n.count",
    );
    assert_eq!((ran.code, ran.out.as_str()), (2, "200\n0\n200\n"));
    let ran = run_with(
        &["repl", "-o", "json", "--limit", "1"],
        ".limit 2\nactive=true\n.limit\nactive=true",
    );
    let pages = ran.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let lengths: Vec<usize> = pages.map(|page| page["result"].as_array().unwrap().len()).collect();
    assert_eq!(lengths, [2, 10]);
}

#[test]
fn slips_are_told() {
    for (line, message) in [
        (".", "`.` is no command; .help lists the commands"),
        (".cuont vip=true", "`.cuont` is no command; did you mean `.count`?"),
        (".name=x", "`.name=x` is no command"),
        (".\u{1b}[2J", "`.\\u{1b}[2J` is no command"),
        (".quit now", "nothing stands after `.quit`"),
        (".limit -1", "`-1` is neither `all` nor a number from 0 to 18446744073709551615"),
        (".limit +1", "`+1` is neither"),
        (".limit 99999999999999999999", "`99999999999999999999` is neither"),
        (".fields nmae", "the table `customer_contact` has no field `nmae`; did you mean `name`?"),
        (".fields name,name", "`name` is given twice"),
        (".fields name,,city", "the name of a field is empty"),
        (".output yaml", "`yaml` is none of table, json, ndjson, csv, xml"),
        (".on-invalid maybe", "`maybe` is none of ignore, none, forbid"),
        (".schema cmdb_ci", "the catalog has no table `cmdb_ci`; it has `customer_contact`"),
        (".explain", "there is no query yet; give one"),
    ] {
        let ran = names(&format!("{line}\nname=George Warren"));
        let said = ran.err.strip_prefix("encq: standard input: line 1: ").unwrap_or(&ran.err);
        assert!(said.starts_with(message) && said.lines().count() == 1, "{line}: {}", ran.err);
        assert_eq!((ran.code, ran.out.as_str()), (2, WARREN), "{line}");
    }
    let ran = repl("bad\u{1b}[2Jfield=1");
    assert!(!ran.err.contains('\u{1b}'), "{}", ran.err);
}

#[test]
fn the_session_ends_where_it_is_told_to() {
    for quit in [".quit", ".exit", " .quit "] {
        let ran = names(&format!("name=George Warren\n{quit}\n.nosuch\nname=George Warren"));
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, WARREN, ""), "{quit}");
    }
    assert_eq!((repl("").code, repl("").out.as_str()), (0, ""));
}

#[test]
fn standard_input_is_not_data() {
    for arguments in [
        vec!["repl", "-"],
        vec!["repl", "--related", "customer_account=-"],
        vec!["repl", "x.json", "--before", "-"],
    ] {
        let ran = run_with(&arguments, "[]");
        let said =
            "encq: standard input holds the queries and cannot be data as well; give a file\n";
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (2, "", said), "{arguments:?}");
    }
    let ran = run(&["repl", "--fields", "nmae"]);
    assert!(ran.code == 2 && ran.err.starts_with("encq: --fields: the table"), "{}", ran.err);
    let ran = run(&["repl", "/nonexistent.json"]);
    assert_eq!((ran.code, ran.err.as_str()), (2, "encq: /nonexistent.json: no such file\n"));
}

/// For programs: the line stands in the diagnostics, and each answer is an object of its own.
#[test]
fn programs_know_which_line_is_meant() {
    let lines = "vip=true\nnosuch=1\n.nosuch\nname=x\n";
    let ran = run_with(&["repl", "-o", "json", "--diagnostics", "json"], lines);
    assert_eq!(ran.out.lines().count(), 3);
    let said = ran.err.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let said: Vec<_> = said
        .map(|said| (said["code"].as_str().unwrap().to_owned(), said["line"].clone()))
        .collect();
    let two = Value::from(2);
    let expected = [("unknown-field", &two), ("everything-ignored", &two), ("data", &Value::Null)];
    let expected = expected.map(|(code, line)| (code.to_owned(), line.clone()));
    assert_eq!(said, expected);
}

/// A stream that both ends look at.
#[derive(Clone, Default)]
struct Shared(Rc<RefCell<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Lines each of which comes when the one before is answered.
struct Waiting {
    lines: Vec<&'static [u8]>,
    answers: Shared,
    seen: Vec<usize>,
}

impl Read for Waiting {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.seen.push(self.answers.0.borrow().len());
        let line = self.lines.pop().unwrap_or_default();
        bytes[..line.len()].copy_from_slice(line);
        Ok(line.len())
    }
}

#[test]
fn each_answer_comes_before_the_next_line_is_read() {
    let mut out = Shared::default();
    let lines = vec![b".count vip=x\n".as_slice(), b".count\n", b".count name=George Warren\n"];
    let mut stdin = Waiting { lines, answers: out.clone(), seen: Vec::new() };
    let ran = run_into(&mut out, &mut stdin, None, &["repl", "--quiet"]);
    assert_eq!((ran.0, stdin.seen), (0, vec![0, 2, 4, 8]));
}

/// A stream that takes nothing.
struct Closed(io::ErrorKind);

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_session_quietly() {
    let lines = "name=George Warren\n".repeat(3);
    for (kind, code, said) in [
        (io::ErrorKind::BrokenPipe, 0, ""),
        (io::ErrorKind::StorageFull, 2, "encq: cannot write: no storage space\n"),
    ] {
        let ran = run_into(&mut Closed(kind), &mut lines.as_bytes(), None, &["repl"]);
        assert_eq!((ran.0, ran.1.as_str()), (code, said), "{kind:?}");
    }
}

#[test]
fn help_lists_every_command() {
    insta::assert_snapshot!(repl(".help").out);
}

/// Numbers the files of checks, which run side by side.
static NUMBER: AtomicUsize = AtomicUsize::new(0);

/// What a line may become, over a table that refers to another.
#[track_caller]
fn check(line: &str, expected: &[&str]) {
    let schema = r#"{"tables":[
        {"table":"task","fields":[
            {"name":"name","type":"string"},{"name":"number","type":"integer"},
            {"name":"state","type":"string","choices":[["open","Open"],["on_hold","On hold"],["closed","Closed"],["a^b","Odd"]]},
            {"name":"active","type":"boolean"},{"name":"owner","type":"reference","reference":"user"},
            {"name":"place","type":"reference","reference":"elsewhere"},{"name":"secret","type":"string","queryable":"no"}]},
        {"table":"user","fields":[
            {"name":"sys_id","type":"sys_id"},{"name":"email","type":"string"},
            {"name":"manager","type":"reference","reference":"user"}]}]}"#;
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let file = |name: &str, content: &str| {
        Temporary::new(&format!("complete-{number}-{name}.json"), content.as_bytes())
    };
    let schema = file("schema", schema);
    let (data, users) = (file("data", r#"[{"name":"x"}]"#), file("users", r#"[{"sys_id":"1"}]"#));
    let related = format!("user={}", users.path());
    let arguments = ["repl", data.path(), "--schema", schema.path(), "--related", &related];
    let ran = run_with(&arguments, &format!(".complete {line}"));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{line}");
    assert_eq!(ran.out.lines().collect::<Vec<_>>(), expected, "{line}");
}

#[test]
fn fields_complete() {
    let all = ["name", "number", "state", "active", "owner", "place"];
    check("", &[&all[..], &["ORDERBY", "ORDERBYDESC"]].concat());
    check("n", &["name", "number"]);
    check("name=x^n", &["name=x^name", "name=x^number"]);
    check("name=x^ORst", &["name=x^ORstate"]);
    check("name=x^NQst", &["name=x^NQstate"]);
    check(
        "name=x^OR",
        &all.map(|field| format!("name=x^OR{field}")).each_ref().map(String::as_str),
    );
    check("ORDERBYst", &["ORDERBYstate"]);
    check("name=x^ORDERBYDESCst", &["name=x^ORDERBYDESCstate"]);
    check("name=x^O", &["name=x^ORDERBY", "name=x^ORDERBYDESC", "name=x^OR"]);
    check("name=x^ORDERBYD", &["name=x^ORDERBYDESC"]);
    check("name=x^N", &["name=x^NQ"]);
    check("secr", &[]);
    check("ownerSAMEASpl", &["ownerSAMEASplace"]);
    // A caret of a value is no separator; what stands in a block is of another table.
    check("name=x^^n", &[]);
    check("RLQUERYuser.manager,>=1^n", &[]);
    check("RLQUERYuser.manager,>=1^ENDRLQUERY^st", &["RLQUERYuser.manager,>=1^ENDRLQUERY^state"]);
    check("nosuch", &[]);
}

#[test]
fn references_are_followed() {
    check("owner.", &["owner.sys_id", "owner.email", "owner.manager"]);
    check("name=x^ORDERBYowner.manager.em", &["name=x^ORDERBYowner.manager.email"]);
    check(
        "owner.manager.emailLIKEx^owner.manager.manager.s",
        &["owner.manager.emailLIKEx^owner.manager.manager.sys_id"],
    );
    // No table, no reference, too far.
    check("place.", &[]);
    check("name.", &[]);
    check(&format!("owner{}.em", ".manager".repeat(8)), &[]);
}

#[test]
fn operators_of_the_type_complete() {
    check("activeI", &["activeIN", "activeISEMPTY", "activeISNOTEMPTY"]);
    check("nameN", &["nameNOT LIKE", "nameNOT IN", "nameNSAMEAS"]);
    check("numberB", &["numberBETWEEN"]);
    check("activeB", &[]);
    check("nameINS", &["nameINSTANCEOF"]);
    check("nameIN", &[]);
    check("name=x^ORowner.emailST", &["name=x^ORowner.emailSTARTSWITH"]);
    // After a whole reference its fields too, and no operator that is refused.
    let schema = run_with(&["repl"], ".complete account").out;
    assert!(schema.starts_with("account=\naccount!=\n"), "{schema}");
    assert!(!schema.contains("EXCLUDING") && !schema.contains("account.\n"), "{schema}");
}

#[test]
fn documented_values_complete() {
    check("active=", &["active=true", "active=false"]);
    check("state=o", &["state=open", "state=on_hold"]);
    check("stateINopen,", &["stateINopen,open", "stateINopen,on_hold", "stateINopen,closed"]);
    check("name=x^ORstate!=c", &["name=x^ORstate!=closed"]);
    check("stateISEMPTY", &[]);
    check("name=x", &[]);
}

#[test]
fn commands_complete() {
    check(".o", &[".output", ".on-invalid", ".operators"]);
    check(".count n", &[".count name", ".count number"]);
    check(".fields name,st", &[".fields name,state"]);
    check(".output j", &[".output json"]);
    check(".limit ", &[".limit all"]);
    check(".on-invalid f", &[".on-invalid forbid"]);
    check(".schema u", &[".schema user"]);
    check(".quit ", &[]);
    check(".nosuch n", &[]);
}
