//! Made-up queries and rows keep what they promise.

use std::borrow::Cow;
use std::collections::HashSet;

use encoded_query::generate::{Choose, Generator, Seeded};
use encoded_query::{
    Binder, Field, FieldType, OnInvalid, Operator, PageRequest, Plan, Query, Queryable, Schema,
    Table,
};

fn every_type() -> Schema {
    let fields = FieldType::ALL
        .into_iter()
        .flat_map(|kind| ["a", "b"].map(|name| Field::new(format!("{name}_{kind}"), kind)));
    let mut schema = Schema::new("things", fields);
    schema.add(Field::new("secret", FieldType::String));
    schema.restrict("secret", Queryable::No, encoded_query::schema::Readable::No);
    schema
}

#[test]
fn made_up_queries_are_valid() {
    let mut operators = HashSet::new();
    for schema in [Schema::customer_contact(), every_type()] {
        let binder = Binder::for_table(&schema);
        let mut lengths = HashSet::new();
        for seed in 0..2_000 {
            let query = Generator::new(&schema, Seeded::new(seed)).query();
            let bound = binder.bind(&query);
            assert!(
                !bound.diagnostics().has_errors(),
                "{}: {:?}",
                query.text(),
                bound.diagnostics()
            );
            assert!(!query.text().contains("secret"), "{}", query.text());
            assert_eq!(Query::parse(query.canonical()).canonical(), query.canonical());
            operators.extend(query.conditions().map(|condition| condition.operator()));
            lengths.insert(query.conditions().count());
        }
        assert!((1..=6).all(|length| lengths.contains(&length)), "{lengths:?}");
    }
    // All but those that need the time, the user, other tables or history, or are refused.
    assert!(operators.len() >= 29, "{operators:?}");
    assert!(operators.contains(&Operator::DatePart) && operators.contains(&Operator::Between));
}

#[test]
fn made_up_rows_match() {
    for schema in [Schema::customer_contact(), every_type()] {
        let binder = Binder::for_table(&schema);
        let mut found = 0;
        for seed in 0..500 {
            let mut generator = Generator::new(&schema, Seeded::new(seed));
            let query = generator.query();
            let Some(row) = generator.row_matching(&query) else { continue };
            found += 1;
            let mut table = Table::new(Schema::new("t", schema.fields().iter().cloned()));
            let id = schema.field("sys_id").map(|_| ("sys_id", Cow::from("made-up")));
            let has_id = row.iter().any(|(name, _)| name == "sys_id");
            let fields = row.iter().map(|(name, text)| (name.as_str(), Cow::from(text.as_str())));
            table.push(fields.chain(id.filter(|_| !has_id))).unwrap();
            let plan = Plan::new(binder.bind(&query), OnInvalid::Forbid).unwrap();
            let rows = plan.select(table.records(), PageRequest::ALL).records.len();
            // A row without a sys_id is no record of a table; the one it gets may be asked for.
            assert!(rows == 1 || !has_id && query.text().contains("sys_id"), "{}", query.text());
        }
        assert!(found > 400, "only {found} of 500");
    }
}

#[test]
fn odd_queries_are_odd_and_harmless() {
    let schema = Schema::customer_contact();
    let binder = Binder::for_table(&schema);
    let odd = (0..2_000).map(|seed| Generator::new(&schema, Seeded::new(seed)).odd_query());
    let invalid = odd.filter(|query| {
        let canonical = query.canonical();
        assert_eq!(Query::parse(canonical.as_str()).canonical(), canonical, "{}", query.text());
        binder.bind(query).diagnostics().has_errors()
    });
    assert!(invalid.count() > 1_000);
}

/// A source of choices that always decides alike still ends.
#[test]
fn any_source_of_choices_will_do() {
    struct Always(usize);
    impl Choose for Always {
        fn below(&mut self, bound: usize) -> usize {
            self.0.min(bound.saturating_sub(1))
        }
    }
    for choice in [0, 1, 7, usize::MAX] {
        for schema in [Schema::customer_contact(), Schema::new("none", [])] {
            let mut generator = Generator::new(&schema, Always(choice));
            let query = generator.query();
            generator.row_matching(&query);
            generator.odd_query();
        }
    }
}

#[cfg(feature = "arbitrary")]
#[test]
fn bytes_of_a_fuzzer_are_choices() {
    let schema = Schema::customer_contact();
    let bytes: Vec<u8> = (0..=255).cycle().take(5_000).collect();
    let mut texts = HashSet::new();
    let mut source = arbitrary::Unstructured::new(&bytes);
    while !source.is_empty() {
        texts.insert(Generator::new(&schema, &mut source).query().text().to_owned());
    }
    assert!(texts.len() > 5, "{texts:?}");
    let mut none = arbitrary::Unstructured::new(&[]);
    assert!(!Generator::new(&schema, &mut none).query().text().is_empty());
}

#[cfg(feature = "cli")]
#[test]
fn gen_prints_queries() {
    use crate::cli::{run, run_with};
    let queries = run(&["gen", "--queries", "50"]);
    assert_eq!((queries.code, queries.out.lines().count()), (0, 50));
    assert_eq!(queries.out, run(&["gen", "--queries", "50"]).out);
    assert_ne!(queries.out, run(&["gen", "--queries", "50", "--seed", "2"]).out);
    let checked = run_with(&["check", "-"], &queries.out);
    assert!(!checked.out.contains("error["), "{}", checked.out);
    let odd = run(&["gen", "--queries", "50", "--odd"]);
    assert_eq!(run_with(&["check", "-"], &odd.out).code, 2);
    assert_eq!(run(&["gen"]).code, 2);
    assert_eq!(run(&["gen", "5", "--queries", "5"]).code, 2);
}
