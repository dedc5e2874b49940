//! Queries of the world, bound to schemas made from the queries themselves: how many are evaluated
//! whole, and what stands in the way of the rest. Read from a folder beside the project where it is.

use std::collections::BTreeMap;
use std::path::Path;

use encoded_query::calendar::Zone;
use encoded_query::operator::{Meaning, Operator};
use encoded_query::syntax::{Alternative, BlockHead, Branch};
use encoded_query::{
    Binder, Catalog, Condition, Field, FieldType, FixedEnvironment, Query, Schema, User,
};
use serde_json::Value;

const HERE: &str = "here";

/// The fields of each table, as far as queries speak of them.
type Tables = BTreeMap<String, BTreeMap<String, Kind>>;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Text,
    Date,
    Reference(String),
}

fn note(tables: &mut Tables, table: &str, field: &str, kind: Kind) {
    let fields = tables.entry(table.to_owned()).or_default();
    let known = fields.entry(field.to_owned()).or_insert(Kind::Text);
    // What leads on leads on, whatever else is asked of it.
    if matches!(kind, Kind::Reference(_)) || *known == Kind::Text {
        *known = kind;
    }
}

/// Follows the steps of a name, each to a table of its own.
fn note_path(tables: &mut Tables, table: &str, path: &str, kind: Kind) {
    let mut table = table.to_owned();
    let (steps, last) = path.rsplit_once('.').unwrap_or(("", path));
    for step in steps.split('.').filter(|step| !step.is_empty()) {
        let target = format!("{table}.{step}");
        note(tables, &table, step, Kind::Reference(target.clone()));
        tables.entry(target.clone()).or_default();
        table = target;
    }
    note(tables, &table, last, kind);
}

fn note_condition(tables: &mut Tables, table: &str, condition: &Condition<'_>) {
    let gives_date = |value: &str| {
        let value = value.to_ascii_lowercase();
        ["ago", "beginningof", "endof", "gs.now", "dategenerate", "yesterday"]
            .iter()
            .any(|word| value.contains(word))
            && value.contains("javascript:")
    };
    let kind = match condition.operator().meaning() {
        Meaning::Period(_) | Meaning::Relative(_) | Meaning::DatePart | Meaning::Distance(_) => {
            Kind::Date
        }
        Meaning::Dynamic | Meaning::Hierarchy(_) => Kind::Reference("anything".into()),
        Meaning::Fields(_) if condition.value().contains('@') => Kind::Date,
        _ if gives_date(&condition.value()) => Kind::Date,
        _ => Kind::Text,
    };
    note_path(tables, table, condition.field(), kind.clone());
    if let Meaning::Fields(_) | Meaning::Distance(_) = condition.operator().meaning() {
        let value = condition.value();
        let other = value.split('@').next().unwrap_or_default();
        note_path(tables, table, other, kind);
    }
}

fn note_branches<'q>(tables: &mut Tables, table: &str, branches: impl Iterator<Item = Branch<'q>>) {
    let groups = branches.flat_map(|branch| branch.groups().collect::<Vec<_>>());
    for alternative in groups.flat_map(|group| group.alternatives().collect::<Vec<_>>()) {
        let Alternative::Block(block) = alternative else {
            if let Alternative::Condition(condition) = alternative {
                note_condition(tables, table, &condition);
            }
            continue;
        };
        let other = match block.head() {
            BlockHead::RelatedList { table: other, field, .. } => {
                note_path(tables, other, field, Kind::Reference(table.to_owned()));
                other.to_owned()
            }
            BlockHead::Subquery { field, theirs, table: other } => {
                note_path(tables, table, field, Kind::Text);
                note_path(tables, other, theirs, Kind::Text);
                other.to_owned()
            }
            BlockHead::Join { left, right } => {
                let (other, theirs) = right.split_once('.').unwrap();
                note_path(tables, table, left.split_once('.').unwrap().1, Kind::Text);
                note_path(tables, other, theirs, Kind::Text);
                other.to_owned()
            }
            _ => continue,
        };
        note_branches(tables, &other, block.branches());
    }
}

fn catalog(query: &Query<'_>) -> (Catalog, String) {
    let mut tables = Tables::new();
    // A JOIN names the table it stands in.
    let joined = query.text().split_once("JOIN").and_then(|(_, head)| head.split_once('.'));
    let here = joined.map_or(HERE, |(table, _)| table).to_owned();
    tables.entry(here.clone()).or_default();
    note_branches(&mut tables, &here, query.branches());
    for order in query.order() {
        note_path(&mut tables, &here, order.field, Kind::Text);
    }
    let schema = |(table, fields): (String, BTreeMap<String, Kind>)| {
        let fields = fields.into_iter().map(|(name, kind)| match kind {
            Kind::Text => Field::new(name, FieldType::String),
            Kind::Date => Field::new(name, FieldType::DateTime),
            Kind::Reference(target) => Field::reference(name, target),
        });
        let mut schema = Schema::new(table, fields);
        schema.add(Field::new("sys_id", FieldType::SysId));
        schema
    };
    (tables.into_iter().map(schema).collect(), here)
}

fn lines(file: &str) -> Option<Vec<Value>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus").join(file);
    let text = std::fs::read_to_string(path).ok()?;
    Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// Nearly all queries of the world are evaluated whole; the rest are counted by reason.
#[test]
fn queries_of_the_world_are_evaluated() {
    let Some(queries) = lines("queries.jsonl") else { return };
    let environment = FixedEnvironment::default()
        .with_now("2026-01-15 12:00:00".parse().unwrap())
        .with_zone(Zone::utc())
        .with_user(User {
            sys_id: "6816f79cc0a8016401c5a33be04be441".into(),
            user_name: Some("admin".into()),
            display_name: Some("System Administrator".into()),
        });
    let (mut whole, mut reasons) = (0, BTreeMap::<String, Vec<String>>::new());
    for entry in &queries {
        let query = Query::parse(entry["query"].as_str().unwrap());
        let (catalog, here) = catalog(&query);
        let bound = Binder::new(&catalog, &here).unwrap().environment(&environment).bind(&query);
        let errors = bound.diagnostics().iter().filter(|said| said.is_error());
        let mut errors: Vec<String> =
            errors.map(|said| format!("{}: {}", said.code(), said.message())).collect();
        errors.sort();
        errors.dedup();
        if errors.is_empty() {
            whole += 1;
        }
        for error in errors {
            reasons.entry(error).or_default().push(query.text().to_owned());
        }
    }
    println!("{whole} of {} queries are evaluated whole; the others:", queries.len());
    for (reason, queries) in &reasons {
        println!("  {} × {reason}", queries.len());
    }
    assert!(whole * 100 >= queries.len() * 97, "only {whole} of {}", queries.len());
}

/// No operator of a corpus query is a piece of a longer one: a value never begins with what would
/// make the operator before it another.
#[test]
fn no_operator_of_the_world_is_misread() {
    for file in ["queries.jsonl", "malformed.jsonl"] {
        for entry in lines(file).into_iter().flatten() {
            let query = Query::parse(entry["query"].as_str().unwrap());
            for condition in query.conditions() {
                let whole = format!("{}{}", condition.token(), condition.raw_value());
                let (longest, token) = Operator::leading(&whole).unwrap();
                assert_eq!((longest, token), (condition.operator(), condition.token()), "{whole}");
                // Nor does one begin earlier, inside the field.
                let field = condition.field();
                let mut starts = field.char_indices().skip(1).map(|(at, _)| at);
                let begins = |at| Operator::leading(field.get(at..).unwrap()).is_some();
                assert!(field.starts_with("123TEXT") || !starts.any(begins), "{field}");
            }
        }
    }
}
