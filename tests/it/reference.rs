//! The pages of `docs` are those the tables make, and the scripts for shells know every command.

use std::path::Path;

use super::cli::{commands, run};

/// With `ENCQ_UPDATE_DOCS=1` the pages are written instead of compared.
#[test]
fn pages_are_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let update = std::env::var_os("ENCQ_UPDATE_DOCS").is_some_and(|value| value == "1");
    for name in ["operators", "functions", "diagnostics", "command-line"] {
        let ran = run(&["reference", name]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let path = folder.join(name).with_extension("md");
        if update {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &ran.out).unwrap();
        }
        let text = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert!(
            text == ran.out,
            "{} is not current; ENCQ_UPDATE_DOCS=1 cargo test --features cli --test it reference makes it",
            path.display()
        );
    }
}

#[test]
fn pages_name_everything() {
    let page = |name: &str| run(&["reference", name]).out;
    let diagnostics = page("diagnostics");
    for code in encoded_query::Code::ALL {
        let section = diagnostics.split("\n## ").find(|section| section.starts_with(code.as_str()));
        let section = section.unwrap_or_else(|| panic!("{code}"));
        for part in ["- Severity: ", "- Cause: ", "- Fix: ", "- Example: `"] {
            assert!(section.contains(part), "{code}: {part}");
        }
    }
    let operators = page("operators");
    for operator in encoded_query::Operator::ALL {
        assert!(operators.contains(&format!("\n| `{operator}` | ")), "{operator}");
    }
    let functions = page("functions");
    assert!(
        functions.contains("| `gs.dateGenerate` | a date in quotes, `'YYYY-MM-DD'`; `'start'`")
    );
    let commands = page("command-line");
    assert!(!commands.contains("encq reference") && commands.contains("- `--deny <CODE>`: "));
    assert!(commands.contains("- `-o, --output <OUTPUT>`: "));
}

#[test]
fn completions_know_every_command() {
    let words = ["multi-line", "deny-warnings", "sarif"].map(str::to_owned);
    let words = [commands(), words.to_vec()].concat();
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let ran = run(&["completions", shell]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{shell}");
        for word in &words {
            assert!(ran.out.contains(word), "{shell}: {word}");
        }
    }
    let ran = run(&["completions", "tcsh"]);
    assert!(ran.code == 2 && ran.err.contains("bash, zsh, fish, powershell"), "{}", ran.err);
}

/// The script for bash is one that bash reads and that completes.
#[test]
#[cfg(target_os = "linux")]
fn bash_completes() {
    use std::process::Command;
    let script = run(&["completions", "bash"]).out;
    let ask = "COMP_WORDS=(encq ch); COMP_CWORD=1; _encq encq ch encq; echo \"${COMPREPLY[@]}\"";
    let Ok(ended) = Command::new("bash").args(["-c", &format!("{script}\n{ask}")]).output() else {
        println!("bash is not at hand");
        return;
    };
    assert_eq!(String::from_utf8_lossy(&ended.stdout), "check\n", "{ended:?}");
}
