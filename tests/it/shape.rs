//! What a user's program relies on without reading it: types that cross threads, small nodes, parsing
//! that allocates nothing.

use encoded_query::{
    Binder, BoundQuery, Catalog, Clause, Diagnostic, Field, FieldPath, OnInvalid, Options, Page,
    Plan, Query, Record, Schema, Span, Table, ValueRef,
};

fn crosses_threads<T: Send + Sync + Unpin>() {}

#[test]
fn types_cross_threads() {
    crosses_threads::<Query<'_>>();
    crosses_threads::<Clause<'_>>();
    crosses_threads::<Diagnostic>();
    crosses_threads::<Span>();
    crosses_threads::<Field>();
    crosses_threads::<FieldPath>();
    crosses_threads::<Schema>();
    crosses_threads::<Catalog>();
    crosses_threads::<Options>();
    crosses_threads::<Binder<'_>>();
    crosses_threads::<BoundQuery>();
    crosses_threads::<Plan>();
    crosses_threads::<Table>();
    crosses_threads::<Record<'_>>();
    crosses_threads::<Page<Record<'_>>>();
    crosses_threads::<ValueRef<'_>>();
}

#[test]
fn nodes_are_small() {
    assert!(size_of::<Clause<'_>>() <= 72, "{}", size_of::<Clause<'_>>());
    assert!(size_of::<Diagnostic>() <= 40, "{}", size_of::<Diagnostic>());
    assert!(size_of::<Span>() == 8);
}

/// Up to eight clauses fit into the query itself.
#[test]
fn short_queries_are_parsed_without_allocation() {
    let clauses = |count: usize| {
        ["active=true", "nameLIKEwarren", "ORcitySTARTSWITHor"]
            .into_iter()
            .cycle()
            .take(count)
            .collect::<Vec<_>>()
            .join("^")
    };
    let allocations = |text: &str| {
        allocation_counter::measure(|| {
            let query = Query::parse(text);
            assert!(query.clauses().count() > 0);
        })
        .count_total
    };
    for text in [
        "active=true^nameLIKEwarren^ORDERBYname",
        "RLQUERYincident.caller_id,>=1^active=true^ENDRLQUERY",
        "name=a^^b^EQ",
        "^^^nonsense^ORDERBY",
    ] {
        assert_eq!(allocations(text), 0, "{text}");
    }
    for count in 1..=8 {
        assert_eq!(allocations(&clauses(count)), 0, "{count} clauses");
    }
    assert!(allocations(&clauses(9)) > 0, "the counter counts");
}

/// Running a plan over a table's texts allocates for the page alone.
#[test]
fn rows_are_tested_without_allocation() {
    let contacts = Table::demo_contacts();
    let binder = Binder::for_table(contacts.schema());
    for text in [
        "active=true",
        "nameLIKEnosuch",
        "cityINa,b,c",
        "nameSTARTSWITHж^ORcityISEMPTY",
        "sys_created_on>2020-01-01",
    ] {
        let plan = Plan::new(binder.bind(&Query::parse(text)), OnInvalid::default()).unwrap();
        let counted = allocation_counter::measure(|| {
            assert!(contacts.records().filter(|record| plan.matches(record)).count() < 200);
        });
        assert_eq!(counted.count_total, 0, "{text}");
    }
}
