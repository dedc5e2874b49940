//! The architecture: which module may use which, and how large files may be.

use std::fs;
use std::path::{Path, PathBuf};

/// Modules with their ranks; one may use only those of a lower rank. An edge that is not allowed here
/// needs a reason and a new rank.
const RANKS: [(&str, u8); 27] = [
    ("span", 0),
    ("bits", 0),
    ("value", 0),
    ("operator", 1),
    ("function", 1),
    ("schema", 1),
    ("demo", 1),
    ("calendar", 2),
    ("diagnostic", 2),
    ("environment", 3),
    ("syntax", 3),
    ("filter", 4),
    ("table", 5),
    ("bind", 5),
    ("engine", 6),
    ("json", 8),
    ("csv", 6),
    ("load", 6),
    ("xml", 6),
    ("plan", 7),
    ("explain", 8),
    ("generate", 8),
    ("journal", 8),
    ("api", 9),
    ("server", 10),
    ("cli", 11),
    ("main", 12),
];

/// A schema file's field names must be ones the language can read, which `syntax` knows.
const EXCEPTIONS: [(&str, &str); 2] = [("schema", "syntax"), ("schema", "diagnostic")];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn all_sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    let relative =
        |path: &PathBuf| path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
    found.iter().map(|path| (relative(path), fs::read_to_string(path).unwrap())).collect()
}

fn rank(module: &str) -> u8 {
    let found = RANKS.iter().find(|(name, _)| *name == module);
    found.unwrap_or_else(|| panic!("`{module}` has no rank")).1
}

#[test]
fn modules_use_lower_ones_only() {
    let mut wrong = Vec::new();
    for (path, text) in all_sources() {
        let module = path.split(['/', '.']).next().unwrap();
        if module == "lib" {
            continue;
        }
        for used in text.split("crate::").skip(1) {
            let used: String =
                used.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            let allowed = used == module
                || used.is_empty()
                || rank(&used) < rank(module)
                || EXCEPTIONS.contains(&(module, used.as_str()));
            if !allowed {
                wrong.push(format!("{path} uses {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_are_small() {
    for (path, text) in all_sources() {
        let lines = text.lines().count();
        assert!(lines <= 400, "{path} has {lines} lines");
    }
}

/// No operator is spelled outside its table, in code.
#[test]
fn operators_are_spelled_once() {
    for (path, text) in all_sources() {
        if path.starts_with("operator") || path.starts_with("syntax/near") {
            continue;
        }
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for token in [
                "\"LIKE\"",
                "\"NOT LIKE\"",
                "\"ISEMPTY\"",
                "\"STARTSWITH\"",
                "\"BETWEEN\"",
                "\"IN\"",
            ] {
                assert!(!line.contains(token), "{path}: {line}");
            }
        }
    }
}
