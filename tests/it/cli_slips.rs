//! What people type by mistake, and what pipes do to what is printed.

use std::process::{Command, Stdio};

use crate::cli::{Temporary, run, run_with};

#[test]
fn a_file_that_is_not_there_is_no_query() {
    for name in ["nofile.ndjson", "./nofile.csv", "a/b.json.gz"] {
        let ran = run(&["query", name]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{name}");
        assert!(ran.err.contains("is no file, and there is no query"), "{}", ran.err);
    }
    assert_eq!(run(&["query", "name=x.json"]).code, 1); // a query, if an odd one
}

#[test]
fn options_that_would_do_nothing_are_refused() {
    for arguments in [["fmt", "--write", "a=1"], ["fmt", "--write", "-"], ["gen", "1", "--odd"]] {
        let ran = run(&arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
    }
}

/// Multi-line text of a query whose value holds a line break reads back as that query.
#[test]
fn line_breaks_in_values_survive_formatting() {
    for query in ["name=x\n  ^ORbogus=2", "name=a\nb^city=x", "name=a\rb"] {
        let formatted = run(&["fmt", "--multi-line", query]);
        assert_eq!(formatted.code, 0);
        let again = run_with(&["fmt", "-"], &formatted.out);
        let decoded = run(&["parse", again.out.trim_end()]);
        let plain = run(&["parse", query]);
        assert_eq!(decoded.out, plain.out, "{query:?}: {}", formatted.out);
    }
}

#[test]
fn an_empty_configuration_asks_for_nothing() {
    let folder = std::env::temp_dir().join(format!("encq-{}-empty-toml", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for text in ["", "\n", "# nothing\n"] {
        std::fs::write(folder.join(".encq.toml"), text).unwrap();
        let ran = crate::cli::run_in(Some(&folder), &["check", "name=a"], "");
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{text:?}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

/// A configuration that is there but cannot be read is not passed over.
#[test]
#[cfg(unix)]
fn a_configuration_that_leads_nowhere_is_said() {
    let folder = std::env::temp_dir().join(format!("encq-{}-lost-toml", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::os::unix::fs::symlink("nowhere.toml", folder.join(".encq.toml")).unwrap();
    let ran = crate::cli::run_in(Some(&folder), &["check", "name=a"], "");
    assert!(ran.code == 2 && ran.err.ends_with("no such file\n"), "{}", ran.err);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Which of two queries is meant, nobody knows.
#[test]
fn a_url_has_one_query() {
    for command in ["parse", "count", "check", "fmt"] {
        let ran = run(&[command, "/contact?sysparm_query=vip%3Dtrue&x=1&sysparm_query=a%3D1"]);
        let said = (ran.code, ran.out.as_str(), ran.err.as_str());
        assert_eq!(said, (2, "", "encq: the URL has `sysparm_query` twice\n"), "{command}");
    }
}

/// `explain` without data has no use for what says how they are read.
#[test]
fn explain_refuses_idle_options() {
    for option in [&["--from", "csv"][..], &["--rename-columns", "snake"], &["--make-sys-ids"]] {
        let ran = run(&[&["explain", "name=a"], option].concat());
        let said = format!("encq: {} is about data, and there is none", option[0]);
        assert!(ran.code == 2 && ran.err.starts_with(&said), "{}", ran.err);
    }
}

#[test]
fn names_that_are_none() {
    let data = Temporary::new("slip.json", b"[{\"sys_id\":\"1\"}]");
    let (empty, path) = ("encq: the name of a file is empty\n", data.path());
    let no_table =
        "encq: there is no table `x` beside `customer_contact`; a schema file may have others\n";
    for (arguments, said) in [
        (&["query", "", ""][..], empty),
        (&["schema", ""], empty),
        (&["count", path, "", "--related", "a="], empty),
        (&["query", path, "", "--fields", ""], "encq: --fields: the name of a field is empty\n"),
        (
            &["query", path, "", "--fields", "name,"],
            "encq: --fields: the name of a field is empty\n",
        ),
        (&["schema", "customer_contact", "--table", "x"], no_table),
        (&["check", "a=1", "--table", "x"], no_table),
        (&["explain", path], "is a file and there is no query"),
        (&["explain", "nofile.csv"], "is no file, and there is no query"),
    ] {
        let ran = run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.err.contains(said), "{arguments:?}: {}", ran.err);
    }
}

/// What is no data is not said to be CSV of one column, nor CSV to be unreadable.
#[test]
fn data_that_are_something_else() {
    let twice = {
        use std::io::Write;
        let pack = |data: &[u8]| {
            let mut encoder =
                flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(data).unwrap();
            encoder.finish().unwrap()
        };
        pack(&pack(b"[]"))
    };
    for (data, from, said) in [
        (&b"\0\0\0"[..], &[][..], "line 1, column 1: expected value; there are control characters"),
        (b"PK\x03\x04\n", &[], "line 1, column 1: expected value; there are control characters"),
        (b"a,b\n1,2\n", &["--from", "json"], "looks like CSV, which is not what was asked for"),
        (&twice, &[], "is packed with gzip twice; unpack it once"),
    ] {
        let file = Temporary::new("something", data);
        let ran = run(&[&["count", file.path(), ""], from].concat());
        assert_eq!((ran.code, ran.err), (2, format!("encq: {}: {said}\n", file.path())));
    }
}

/// Help that nobody reads to its end is no fault.
#[test]
fn help_into_a_closed_pipe_is_quiet() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_encq"))
        .arg("--help")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), ended.stderr.len()), (Some(0), 0));
}

#[test]
fn formulas_behind_a_nul_are_neutralised() {
    let data = Temporary::new("nul", "[{\"sys_id\":\"1\",\"name\":\"\\u0000=1+1\"}]".as_bytes());
    let ran = run(&["query", data.path(), "", "--fields", "name", "-o", "csv", "--csv-safe"]);
    assert_eq!(ran.out, "name\n'\0=1+1\n");
}
