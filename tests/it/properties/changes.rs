//! Change conditions against pairs of rows.

use encoded_query::bind::History;
use encoded_query::{
    Binder, Database, Field, FieldType, OnInvalid, Options, PageRequest, Plan, Query,
};
use proptest::prelude::*;

use super::{any_of, cases, filled, meeting, numbers, schema};

const FIELDS: [(&str, &[&str]); 4] = [
    ("name", &["", "ann", "bo", "x^y"]),
    ("size", &["", "1", "2", "10"]),
    ("active", &["", "true", "false"]),
    ("opened", &["", "2026-01-10 12:00:00", "2026-01-11 00:00:00"]),
];

#[derive(Clone, Debug)]
enum Asks {
    Changes,
    From(String),
    To(String),
    Is(String),
    IsNot(String),
    IsEmpty,
}

/// What stands before a condition, the number of its field, and what it asks.
type Part = (&'static str, usize, Asks);

fn part() -> impl Strategy<Value = Part> {
    let field = (0..FIELDS.len()).prop_flat_map(|field| {
        let value = || any_of(FIELDS[field].1).prop_map(str::to_owned);
        let filled = || any_of(&FIELDS[field].1[1..]).prop_map(str::to_owned);
        let asks = prop_oneof![
            2 => Just(Asks::Changes),
            3 => value().prop_map(Asks::From),
            3 => value().prop_map(Asks::To),
            2 => filled().prop_map(Asks::Is),
            1 => filled().prop_map(Asks::IsNot),
            1 => Just(Asks::IsEmpty),
        ];
        (Just(field), asks)
    });
    (any_of(&["", "OR", "NQ"]), field).prop_map(|(join, (field, asks))| (join, field, asks))
}

fn text((join, field, asks): &Part) -> String {
    let (operator, value) = match asks {
        Asks::Changes => ("VALCHANGES", ""),
        Asks::From(value) => ("CHANGESFROM", value.as_str()),
        Asks::To(value) => ("CHANGESTO", value.as_str()),
        Asks::Is(value) => ("=", value.as_str()),
        Asks::IsNot(value) => ("!=", value.as_str()),
        Asks::IsEmpty => ("ISEMPTY", ""),
    };
    format!("{join}{}{operator}{}", FIELDS[*field].0, value.replace('^', "^^"))
}

/// §8; §2 for what looks at the row after the change: on booleans `!=` matches empty.
fn holds((_, field, asks): &Part, before: &[String], after: &[String]) -> bool {
    let (before, after) = (&before[*field], &after[*field]);
    match asks {
        Asks::Changes => before != after,
        Asks::From(value) => before == value && before != after,
        Asks::To(value) => after == value && before != after,
        Asks::Is(value) => after == value,
        Asks::IsNot(value) => after != value && (!after.is_empty() || FIELDS[*field].0 == "active"),
        Asks::IsEmpty => after.is_empty(),
    }
}

fn all_hold(parts: &[Part], before: &[String], after: &[String]) -> bool {
    let mut branches = vec![vec![]];
    for (number, part) in parts.iter().enumerate() {
        if part.0 == "NQ" && number > 0 {
            branches.push(vec![]);
        }
        let (groups, answer) = (branches.last_mut().unwrap(), holds(part, before, after));
        match groups.last_mut() {
            Some(group) if part.0 == "OR" => *group |= answer,
            _ => groups.push(answer),
        }
    }
    branches.iter().any(|groups| groups.iter().all(|group| *group))
}

fn row() -> impl Strategy<Value = Vec<String>> {
    FIELDS.map(|(_, values)| any_of(values).prop_map(str::to_owned)).prop_map(Vec::from)
}

proptest! {
    #![proptest_config(cases(600))]

    /// §8: change operators compare both rows, all others look at the row after; stored rows alone
    /// meet none of them.
    #[test]
    fn changes_are_pairs(
        parts in prop::collection::vec(part(), 1..6),
        rows in prop::collection::vec((row(), row()), 1..20),
    ) {
        let kinds = [FieldType::String, FieldType::Integer, FieldType::Boolean, FieldType::DateTime];
        let fields = FIELDS.iter().zip(kinds).map(|((name, _), kind)| Field::new(*name, kind));
        let schema = schema("t", fields);
        let (before, after): (Vec<_>, Vec<_>) = rows.iter().cloned().unzip();
        let before = Database::new([filled(schema.clone(), &before)]).unwrap();
        let after = Database::new([filled(schema, &after)]).unwrap();
        let mut options = Options::default();
        options.history = History::Present;
        let binder = Binder::new(after.catalog(), "t").unwrap().options(options);
        let query = parts.iter().map(text).collect::<Vec<_>>().join("^");
        let plan = Plan::new(binder.bind(&Query::parse(&query)), OnInvalid::Forbid).unwrap();

        let expected = meeting(&rows, |(before, after)| all_hold(&parts, before, after));
        let (old, new) = (before.table("t").unwrap(), after.table("t").unwrap());
        let pairs: Vec<_> = old.records().zip(new.records()).collect();
        let matched = meeting(&pairs, |(old, new)| plan.matches_change(old, new));
        prop_assert_eq!(&matched, &expected, "{}", query);
        let page = plan.run_changes(&after, |new| old.record(&new.text("sys_id")?), PageRequest::ALL);
        let ids: Vec<_> = page.records.iter().map(|pair| pair.after.text("sys_id").unwrap()).collect();
        let expected: Vec<_> = expected.iter().map(|row| format!("t{row}")).collect();
        prop_assert_eq!(ids, expected, "{}", query);

        // The same condition on stored rows: no change is known, so none happened.
        let unchanged = meeting(&rows, |(_, after)| all_hold(&parts, after, after));
        prop_assert_eq!(numbers(&plan.run(&after, PageRequest::ALL)), unchanged, "{}", query);
    }
}
