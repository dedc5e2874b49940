//! The engine against a naive evaluator that was written from the language's rules alone, and laws
//! that hold for any query and rows.

use std::borrow::Cow;

use encoded_query::{
    Binder, BoundQuery, Count, Field, FieldType, FixedEnvironment, Limits, OnInvalid, Options,
    Page, PageRequest, Plan, Query, Record, Schema, Table,
};
use proptest::prelude::*;

use crate::{generate, naive};

/// The columns of generated rows, and the number of the row.
pub(crate) fn schema() -> Schema {
    let fields = generate::COLUMNS.iter().map(|column| {
        let kind = match column.kind {
            naive::Kind::Text => FieldType::String,
            naive::Kind::Number => FieldType::Decimal,
            naive::Kind::Boolean => FieldType::Boolean,
            naive::Kind::Date => FieldType::Date,
            naive::Kind::DateTime => FieldType::DateTime,
        };
        Field::new(column.name, kind)
    });
    let fields = fields.chain([Field::new("row", FieldType::String)]);
    Schema::new("t", fields)
}

fn table(rows: &[Vec<String>]) -> Table {
    let mut table = Table::new(schema());
    for (number, row) in rows.iter().enumerate() {
        let texts = row.iter().map(|text| Cow::from(text.as_str()));
        let names = generate::COLUMNS.iter().map(|column| column.name);
        let number = [("row", Cow::from(number.to_string()))];
        table.push(names.zip(texts).chain(number)).unwrap();
    }
    table
}

/// Without limits on numbers, which have tests of their own.
pub(crate) fn bind(table: &Table, query: &str) -> BoundQuery {
    let mut options = Options::default();
    options.limits.sort_keys = 100;
    let environment = FixedEnvironment::default().with_now(naive::NOW.parse().unwrap());
    let binder = Binder::for_table(table.schema()).options(options);
    binder.environment(&environment).bind(&Query::parse(query))
}

fn run<'t>(table: &'t Table, query: &str, mode: OnInvalid, page: PageRequest) -> Page<Record<'t>> {
    Plan::new(bind(table, query), mode).unwrap().run(table, page)
}

pub(crate) fn numbers(page: &Page<Record<'_>>) -> Vec<usize> {
    page.records.iter().map(|record| record.text("row").unwrap().parse().unwrap()).collect()
}

fn all(table: &Table, query: &str, mode: OnInvalid) -> Vec<usize> {
    numbers(&run(table, query, mode, PageRequest::ALL))
}

const IGNORE: OnInvalid = OnInvalid::IgnoreInvalidPart;
const NO_ROWS: OnInvalid = OnInvalid::ReturnNoRows;

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_the_naive_evaluator(query in generate::query(), rows in generate::rows()) {
        let table = table(&rows);
        for (mode, naive_mode) in [(IGNORE, naive::Mode::Ignore), (NO_ROWS, naive::Mode::NoRows)] {
            let expected = naive::select(&query, &generate::COLUMNS, &rows, naive_mode);
            prop_assert_eq!(all(&table, &query, mode), expected, "{:?} {:?}", query, mode);
        }
    }

    /// §9: an invalid condition put anywhere changes nothing under ignore and leaves no rows under
    /// none. Beside a condition, since alone it widens to every row.
    #[test]
    fn an_invalid_condition_changes_nothing(
        parts in prop::collection::vec(generate::condition(), 1..5),
        invalid in generate::invalid_part(),
        place in 0..5_usize,
        rows in generate::rows(),
    ) {
        let table = table(&rows);
        let query = parts.join("^");
        let mut spoilt = parts.clone();
        spoilt.insert(place.min(parts.len()), invalid);
        let spoilt = spoilt.join("^");
        prop_assert_eq!(all(&table, &spoilt, IGNORE), all(&table, &query, IGNORE), "{}", spoilt);
        prop_assert!(all(&table, &spoilt, NO_ROWS).is_empty(), "{}", spoilt);
    }

    /// §9: rows(q guarded g) = rows(q) ∩ rows(g).
    #[test]
    fn a_guard_intersects(
        query in generate::query(),
        guard in prop::collection::vec(generate::condition(), 1..4),
        rows in generate::rows(),
    ) {
        let (table, guard) = (table(&rows), guard.join("^NQ"));
        // `IN` and the value `STANCEOF` read as another operator.
        prop_assume!(!bind(&table, &guard).diagnostics().has_errors());
        let plan = Plan::new(bind(&table, &query), IGNORE).unwrap();
        let guarded = plan.guarded(bind(&table, &guard)).unwrap();
        let guarded = numbers(&guarded.run(&table, PageRequest::ALL));
        let passes = all(&table, &guard, IGNORE);
        let mut expected = all(&table, &query, IGNORE);
        expected.retain(|row| passes.contains(row));
        prop_assert_eq!(guarded, expected);
    }

    /// §10: pages put together are the whole, and has_more says whether one follows.
    #[test]
    fn pages_make_the_whole(query in generate::query(), rows in generate::rows(), limit in 1..7_u64) {
        let table = table(&rows);
        let whole = all(&table, &query, IGNORE);
        let mut together = Vec::new();
        for offset in (0..).step_by(usize::try_from(limit).unwrap()) {
            let count = if offset % 2 == 0 { Count::Exact } else { Count::Skip };
            let page = run(&table, &query, IGNORE, PageRequest { offset, limit, count });
            together.extend(numbers(&page));
            prop_assert!(page.total.is_none_or(|total| total == whole.len() as u64));
            prop_assert_eq!(page.has_more, together.len() < whole.len());
            if !page.has_more { break; }
        }
        prop_assert_eq!(together, whole);
    }

    /// §12: canonical text reads as a query that means the same and prints as itself; the query that
    /// really ran has no invalid part and gives the same rows.
    #[test]
    fn what_ran_runs_again(query in generate::query(), rows in generate::rows()) {
        let table = table(&rows);
        let page = run(&table, &query, IGNORE, PageRequest::ALL);
        let ran = page.report.effective().unwrap().to_owned();
        let again = run(&table, &ran, IGNORE, PageRequest::ALL);
        prop_assert!(!again.report.diagnostics().has_errors(), "{} -> {}", query, ran);
        prop_assert_eq!(numbers(&again), numbers(&page), "{} -> {}", query, ran);
        prop_assert_eq!(again.report.effective(), Some(ran.as_str()));
    }

    /// §10: the sort is stable and total: sorting by the same keys twice changes nothing, and rows
    /// that are equal under all keys keep their order.
    #[test]
    fn sort_is_stable(rows in generate::rows(), column in 0..9_usize, descending in any::<bool>()) {
        let table = table(&rows);
        let keyword = if descending { "ORDERBYDESC" } else { "ORDERBY" };
        let key = format!("{keyword}{}", generate::COLUMNS[column].name);
        let once = all(&table, &key, IGNORE);
        prop_assert_eq!(&all(&table, &format!("{key}^{key}"), IGNORE), &once);
        let mut seen = once.clone();
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..rows.len()).collect::<Vec<_>>());
        for pair in once.windows(2) {
            let same = rows[pair[0]][column] == rows[pair[1]][column];
            prop_assert!(!same || pair[0] < pair[1]);
        }
    }
}

/// §11: each limit at one below, at, and one above.
#[test]
fn limits() {
    fn check(set: impl Fn(&mut Limits), query: impl Fn(usize) -> String, limit: usize, code: &str) {
        let table = table(&[]);
        for size in [limit - 1, limit, limit + 1] {
            let mut options = Options::default();
            set(&mut options.limits);
            let binder = Binder::for_table(table.schema()).options(options);
            let bound = binder.bind(&Query::parse(query(size)));
            let said = bound.diagnostics().iter().any(|said| said.code().as_str() == code);
            assert_eq!(said, size > limit, "{code} at {size}");
            let refuses = code != "path-too-deep";
            for (mode, strict) in [(IGNORE, false), (NO_ROWS, false), (OnInvalid::Forbid, true)] {
                let refused = Plan::new(bound.clone(), mode).is_err();
                assert_eq!(
                    refused,
                    (refuses && size > limit) || (strict && said) || (strict && !refuses),
                    "{code} at {size}"
                );
            }
        }
    }
    let defaults = |_: &mut Limits| {};
    check(defaults, |n| format!("name={}", "x".repeat(n - 5)), 64 * 1024, "too-long");
    let long = |limits: &mut Limits| limits.text = 1 << 20;
    check(long, |n| vec!["name=x"; n].join("^"), 10_000, "too-many-conditions");
    check(long, |n| vec!["name=x"; n].join("^OR"), 10_000, "too-many-conditions");
    check(defaults, |n| vec!["name=x"; n].join("^NQ"), 256, "too-many-branches");
    check(long, |n| format!("nameIN{}", vec!["x"; n].join(",")), 10_000, "too-many-values");
    check(defaults, |n| vec!["ORDERBYname"; n].join("^"), 8, "too-many-sort-keys");
    check(defaults, |n| format!("nameLIKE{}", "x".repeat(n)), 4096, "too-long");
    check(defaults, |n| format!("nameMATCH_RGX{}", "x".repeat(n)), 256, "regex-too-big");
    check(defaults, |n| format!("{}x=1", "a.".repeat(n)), 8, "path-too-deep");
}

/// A script as a bound is no text, whatever the field.
#[test]
fn the_naive_evaluator_knows_scripts_in_bounds() {
    let table = table(&[]);
    for query in [
        "nameBETWEENa@javascript:gs.datePart('month','1')",
        "nameLIKEjavascript:gs.datePart('month','1','EE')",
        "nameINa, javascript:gs.datePart('month','1','EE')",
    ] {
        assert!(bind(&table, query).diagnostics().has_errors(), "{query}");
        let columns = &generate::COLUMNS;
        let row = vec![String::from("x"); columns.len()];
        assert!(naive::select(query, columns, &[row], naive::Mode::NoRows).is_empty(), "{query}");
    }
}
