//! Dot-walks and hierarchies against joins made by hand.

use std::collections::BTreeSet;

use encoded_query::{Database, Field, FieldType, Schema};
use proptest::prelude::*;

use super::{any_of, cases, filled, found, meeting, schema};

/// Texts of the fields of contacts, accounts and owners, in the order of `database`.
#[derive(Clone, Debug)]
struct World {
    contacts: Vec<Vec<String>>,
    accounts: Vec<Vec<String>>,
    owners: Vec<Vec<String>>,
}

fn word() -> impl Strategy<Value = String> {
    any_of(&["", "Ann", "ann", "Bo", "anna", "Zoë", "9", "10"]).prop_map(str::to_owned)
}

/// A reference to one of the first records, to none, or to one that is not there.
fn reference(table: &'static str) -> impl Strategy<Value = String> {
    prop_oneof![
        6 => (0..5_u32).prop_map(move |number| format!("{table}{number}")),
        1 => (0..5_u32).prop_map(move |number| format!("{table}{}", number + 90)),
        1 => Just(String::new()),
    ]
}

fn world() -> impl Strategy<Value = World> {
    let rows = |cells: Vec<BoxedStrategy<String>>| prop::collection::vec(cells, 0..6);
    let number = || any_of(&["", "1", "2", "10", "-3", "x"]).prop_map(str::to_owned).boxed();
    let contact = prop::collection::vec(vec![word().boxed(), reference("account").boxed()], 1..12);
    let account = rows(vec![
        word().boxed(),
        number(),
        reference("account").boxed(),
        reference("owner").boxed(),
    ]);
    let owner = rows(vec![word().boxed(), number()]);
    (contact, account, owner).prop_map(|(contacts, accounts, owners)| World {
        contacts,
        accounts,
        owners,
    })
}

/// The text of a field of a record, by the record's own texts and its table.
fn step<'w>(table: &str, row: &'w [String], field: &str) -> (&'w str, &'static str) {
    let (at, leads_to) = match (table, field) {
        ("contact", "account") => (1, "account"),
        ("account", "parent") => (2, "account"),
        ("account", "owner") => (3, "owner"),
        (_, "name") => (0, ""),
        _ => (1, ""),
    };
    (&row[at], leads_to)
}

impl World {
    fn database(&self) -> Database {
        let text = |name| Field::new(name, FieldType::String);
        let size = || Field::new("size", FieldType::Integer);
        let contact = schema("contact", [text("name"), Field::reference("account", "account")]);
        let account = [
            text("name"),
            size(),
            Field::reference("parent", "account"),
            Field::reference("owner", "owner"),
        ];
        let account = schema("account", account).with_display("name");
        let owner = schema("owner", [text("name"), size()]).with_display("name");
        let tables = [(contact, &self.contacts), (account, &self.accounts), (owner, &self.owners)];
        Database::new(tables.map(|(schema, rows)| filled(schema, rows))).unwrap()
    }

    fn record(&self, table: &str, id: &str) -> Option<&Vec<String>> {
        let rows = if table == "account" { &self.accounts } else { &self.owners };
        rows.get(id.strip_prefix(table)?.parse::<usize>().ok()?)
    }

    /// §3: a step through an empty or dangling reference gives empty.
    fn joined<'w>(&'w self, row: &'w [String], path: &str) -> (&'w str, &'static str) {
        let (mut table, mut row, mut steps) = ("contact", row, path.split('.').peekable());
        loop {
            let (text, leads_to) = step(table, row, steps.next().unwrap());
            if steps.peek().is_none() {
                return (text, leads_to);
            }
            let Some(next) = self.record(leads_to, text) else { return ("", "") };
            (table, row) = (leads_to, next);
        }
    }

    /// §3: what stands for a reference where it is read; its sys_id where it dangles.
    fn shown<'w>(&'w self, row: &'w [String], path: &str) -> &'w str {
        let (id, table) = self.joined(row, path);
        self.record(table, id).map_or(id, |record| &record[0])
    }
}

const TEXTS: &[&str] = &[
    "account.name",
    "account.parent.name",
    "account.owner.name",
    "account.parent.owner.name",
    "account.parent.parent.parent.name",
];
const NUMBERS: &[&str] =
    &["account.size", "account.parent.size", "account.owner.size", "account.parent.owner.size"];
const REFERENCES: &[&str] = &[
    "account",
    "account.parent",
    "account.owner",
    "account.parent.owner",
    "account.parent.parent",
];

fn folded(text: &str) -> String {
    text.to_lowercase()
}

proptest! {
    #![proptest_config(cases(400))]

    /// §3: a dot-walk asks what its last field holds for the record that the references lead to.
    #[test]
    fn a_dot_walk_is_a_join(
        world in world(), path in any_of(TEXTS), number in any_of(NUMBERS), word in word(), n in -4..11_i64,
    ) {
        let database = world.database();
        let check = |query: String, holds: &dyn Fn(&str) -> bool, path: &str| {
            let expected = meeting(&world.contacts, |row| holds(world.joined(row, path).0));
            assert_eq!(found(&database, "contact", &query), expected, "{query}");
        };
        let wanted = folded(&word);
        check(format!("{path}={word}"), &|text| folded(text) == wanted, path);
        check(format!("{path}ISEMPTY"), &str::is_empty, path);
        check(format!("{path}ISNOTEMPTY"), &|text| !text.is_empty(), path);
        check(format!("{path}IN{word},bo"), &|text| {
            !text.is_empty() && [&*wanted, "bo"].contains(&&*folded(text))
        }, path);
        if !word.is_empty() {
            check(format!("{path}!={word}"), &|text| !text.is_empty() && folded(text) != wanted, path);
            check(format!("{path}LIKE{word}"), &|text| folded(text).contains(&wanted), path);
            check(format!("{path}NOT LIKE{word}"), &|text| {
                !text.is_empty() && !folded(text).contains(&wanted)
            }, path);
            check(format!("{path}<{word}"), &|text| !text.is_empty() && folded(text) < wanted, path);
        }
        let read = |text: &str| text.parse::<i64>().ok();
        check(format!("{number}<{n}"), &|text| read(text).is_some_and(|size| size < n), number);
        check(format!("{number}!={n}"), &|text| read(text).is_some_and(|size| size != n), number);
        check(format!("{number}IN{n},1"), &|text| read(text).is_some_and(|size| size == n || size == 1), number);
        check(format!("{number}ISEMPTY"), &|text| read(text).is_none(), number);
    }

    /// §3: a reference compares by sys_id, and by display value under text operators and ORDERBY.
    #[test]
    fn references_are_read_by_display_value(world in world(), path in any_of(REFERENCES), word in word()) {
        let database = world.database();
        let check = |query: String, holds: &dyn Fn(&str, &str) -> bool| {
            let holds = |row: &Vec<String>| holds(world.joined(row, path).0, &folded(world.shown(row, path)));
            assert_eq!(found(&database, "contact", &query), meeting(&world.contacts, holds), "{query}");
        };
        let wanted = folded(&word);
        for id in ["account1", "owner2", "account91"] {
            check(format!("{path}={id}"), &|found, _| found == id);
            check(format!("{path}!={id}"), &|found, _| !found.is_empty() && found != id);
            check(format!("{path}IN{id},account0"), &|found, _| found == id || found == "account0");
        }
        check(format!("{path}ISEMPTY"), &|found, _| found.is_empty());
        if !word.is_empty() {
            check(format!("{path}LIKE{word}"), &|_, shown| shown.contains(&wanted));
            check(format!("{path}STARTSWITH{word}"), &|_, shown| shown.starts_with(&wanted));
            check(format!("{path}ENDSWITH{word}"), &|_, shown| shown.ends_with(&wanted));
            check(format!("{path}NOT LIKE{word}"), &|_, shown| !shown.is_empty() && !shown.contains(&wanted));
        }
        let mut expected = meeting(&world.contacts, |_| true);
        expected.sort_by_key(|row| folded(world.shown(&world.contacts[*row], path)));
        prop_assert_eq!(found(&database, "contact", &format!("ORDERBY{path}")), expected);
    }

    /// §3: two fields, each at the end of its dot-walk.
    #[test]
    fn fields_of_other_records_compare(world in world(), left in any_of(REFERENCES), right in any_of(REFERENCES)) {
        let database = world.database();
        let both = |row: &Vec<String>| {
            let both = (world.joined(row, left).0.to_owned(), world.joined(row, right).0.to_owned());
            (!both.0.is_empty() && !both.1.is_empty()).then_some(both)
        };
        let same = meeting(&world.contacts, |row| both(row).is_some_and(|(a, b)| a == b));
        let other = meeting(&world.contacts, |row| both(row).is_some_and(|(a, b)| a != b));
        prop_assert_eq!(found(&database, "contact", &format!("{left}SAMEAS{right}")), same);
        prop_assert_eq!(found(&database, "contact", &format!("{left}NSAMEAS{right}")), other);
    }

    /// §2: IN_HIERARCHY finds what stands at or below a record, by its parent field; circles end.
    #[test]
    fn a_hierarchy_is_a_closure(world in world(), start in 0..8_usize) {
        let database = world.database();
        let start = format!("account{start}");
        let mut below = BTreeSet::from([start.clone()]);
        for _ in &world.accounts {
            for (number, account) in world.accounts.iter().enumerate() {
                if below.contains(&account[2]) {
                    below.insert(format!("account{number}"));
                }
            }
        }
        for path in ["account", "account.parent"] {
            let expected = meeting(&world.contacts, |row| below.contains(world.joined(row, path).0));
            for name in ["parent", "account.parent"] {
                let query = format!("{path}IN_HIERARCHY{name}@{start}");
                assert_eq!(found(&database, "contact", &query), expected, "{query}");
            }
        }
    }

    /// §2: INSTANCEOF finds the named class and those that extend it, in one step or several.
    #[test]
    fn classes_extend(parents in prop::collection::vec(prop::option::of(0..6_usize), 1..6), class in 0..7_usize) {
        let mut schemas: Vec<Schema> = Vec::new();
        for (number, parent) in parents.iter().enumerate() {
            let name = format!("class{number}");
            schemas.push(match parent.and_then(|parent| schemas.get(parent)) {
                Some(parent) => Schema::extending(parent, name, []),
                None => schema(&name, [Field::new("sys_class_name", FieldType::String)]),
            });
        }
        let rows: Vec<_> = (0..7).map(|number| vec![format!("Class{number}")]).collect();
        let things = filled(schema("thing", [Field::new("class", FieldType::String)]), &rows);
        let tables = schemas.into_iter().map(encoded_query::Table::new);
        let database = Database::new(tables.chain([things])).unwrap();
        let is_a = |number: usize| {
            let mut at = Some(number);
            while let Some(now) = at {
                if now == class { return true; }
                at = parents.get(now).copied().flatten().filter(|parent| *parent < now);
            }
            false
        };
        let expected: Vec<usize> = (0..7).filter(|number| is_a(*number)).collect();
        prop_assert_eq!(found(&database, "thing", &format!("classINSTANCEOFclass{class}")), expected);
    }
}
