//! The rows are what they are said to be, and the engines agree on them.

use std::collections::{HashMap, HashSet};

use encoded_query_peers::compare::{check, engines};
use encoded_query_peers::engines::Source;
use encoded_query_peers::generator::{COLUMNS, FILLED, contacts};
use encoded_query_peers::queries::{Query, queried};

const ROWS: usize = 2_000;
const SEED: u64 = 7;

fn source() -> Source {
    Source::new(ROWS, SEED, "python3".into())
}

#[test]
fn contacts_are_the_same_for_a_seed() {
    assert!(contacts(ROWS, SEED).eq(contacts(ROWS, SEED)));
    assert!(contacts(ROWS, SEED).ne(contacts(ROWS, SEED + 1)));
    let first = contacts(ROWS, SEED).next().unwrap();
    assert_eq!(first.text("employee_number"), "CNT0000000");
}

#[test]
fn contacts_fill_forty_columns() {
    for contact in contacts(ROWS, SEED) {
        let filled: HashSet<&str> = contact.filled().map(|(name, _)| name).collect();
        for (name, _) in &COLUMNS[..FILLED] {
            assert!(filled.contains(name), "{name}");
        }
    }
    for (name, _) in &COLUMNS[FILLED..] {
        let filled = contacts(ROWS, SEED).filter(|contact| !contact.text(name).is_empty()).count();
        assert!(filled > ROWS / 20 && filled < ROWS * 3 / 4, "{name}: {filled}");
    }
}

#[test]
fn values_are_skewed() {
    let mut numbers: HashMap<(&str, String), usize> = HashMap::new();
    for contact in contacts(ROWS, SEED) {
        for (name, text) in contact.filled() {
            *numbers.entry((name, text.to_owned())).or_default() += 1;
        }
    }
    let distinct = |column: &str| numbers.keys().filter(|(name, _)| *name == column).count();
    let most = |column: &str| {
        numbers.iter().filter(|((name, _), _)| *name == column).map(|(_, n)| *n).max().unwrap()
    };
    for column in ["sys_id", "email", "user_name", "employee_number"] {
        assert_eq!(distinct(column), ROWS, "{column}");
    }
    assert!((60..=ROWS / 20).contains(&distinct("account")));
    assert!((200..=300).contains(&distinct("city")) && most("city") > ROWS / 10);
    assert!((ROWS * 80 / 100..ROWS * 90 / 100).contains(&most("active")));
}

#[test]
fn engines_agree() {
    let source = source();
    let mut names = vec!["ours", "ours-first", "ours-row", "hand", "sqlite", "sqlite-indexed"];
    if cfg!(feature = "arrow") {
        names.push("arrow");
    }
    let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    let (mut engines, missing) = engines(&names, &source);
    assert!(missing.is_empty(), "{missing:?}");
    let counts = check(&mut engines, &source.queries).unwrap();
    for (query, count) in source.queries.iter().zip(counts) {
        let is_expected = match query.name {
            "equality, unique" => count == 1,
            "equality, rare" => (5..=20).contains(&count),
            "IN, 50 values" => count == 50,
            "LIKE without a hit" => count == 0,
            "all, descending, at n/2" => count == ROWS,
            _ => count > 0 && count < ROWS,
        };
        assert!(is_expected, "{}: {count}", query.name);
    }
}

#[test]
fn queries_are_read_without_remark() {
    let source = source();
    let table = encoded_query::Table::new(encoded_query::Schema::customer_contact());
    let binder = encoded_query::Binder::for_table(table.schema());
    for query in &source.queries {
        let (text, name) = (query.text(), query.name);
        let bound = binder.bind(&encoded_query::Query::parse(&text));
        assert!(!bound.diagnostics().has_errors(), "{name}: {text}");
    }
    assert_eq!(source.queries.len(), 16);
    let names: HashSet<&str> = source.queries.iter().map(|query: &Query| query.name).collect();
    assert_eq!(names.len(), 16);
    assert!(queried(&source.queries).len() > 10);
}
