//! Pages of rows that are asked in blocks: whatever the number of rows, a page is the slice of the
//! matching rows that its offset and limit say.
//!
//! Source: Contact API, `sysparm_limit`, `sysparm_offset`, `hasMore`; limit 0 is our choice.

use std::cell::Cell;

use encoded_query::{
    Binder, Count, Field, FieldPath, FieldType, OnInvalid, PageRequest, Plan, Query, Row, Schema,
    ValueRef,
};

/// A row that is its number.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Numbered(i64);

impl Row for Numbered {
    fn value(&self, _: &FieldPath) -> ValueRef<'_> {
        self.0.into()
    }
}

fn plan(query: &str) -> Plan {
    let schema = Schema::new("numbers", [Field::new("n", FieldType::Integer)]);
    let bound = Binder::for_table(&schema).bind(&Query::parse(query));
    Plan::new(bound, OnInvalid::Forbid).unwrap()
}

type Passes = fn(i64) -> bool;

#[test]
fn a_page_is_a_slice_of_what_matches() {
    // Every row, a few of each block, none of some blocks, the last alone, none.
    let queries: [(&str, Passes); 5] = [
        ("nANYTHING", |_| true),
        ("nENDSWITH7", |n| n % 10 == 7),
        ("n<3^ORn>130", |n| !(3..=130).contains(&n)),
        ("n=192", |n| n == 192),
        ("n<0", |_| false),
    ];
    for size in [0, 1, 2, 62, 63, 64, 65, 127, 128, 129, 193, 200] {
        let rows: Vec<Numbered> = (0..size).map(Numbered).collect();
        for (query, passes) in queries {
            let plan = plan(query);
            let matching: Vec<_> = rows.iter().copied().filter(|row| passes(row.0)).collect();
            for offset in [0, 1, 2, 63, 64, 65, 190, 300, u64::MAX] {
                for limit in [0, 1, 2, 10, 63, 64, 65, 128, u64::MAX] {
                    let after = matching.iter().skip(usize::try_from(offset).unwrap());
                    let wanted: Vec<_> =
                        after.copied().take(usize::try_from(limit).unwrap()).collect();
                    let more = matching.len() as u64 > offset.saturating_add(limit);
                    for count in [Count::Exact, Count::Skip] {
                        let page =
                            plan.select(rows.iter().copied(), PageRequest { offset, limit, count });
                        let place = format!("{query} of {size}: {limit} from {offset}");
                        assert_eq!(page.records, wanted, "{place}");
                        assert_eq!(page.has_more, more, "{place}");
                        let total = (count == Count::Exact).then_some(matching.len() as u64);
                        assert_eq!(page.total, total, "{place}");
                    }
                }
            }
        }
    }
}

/// Without a count, rows far behind the page are not asked for.
#[test]
fn a_page_without_count_stops() {
    let taken = Cell::new(0);
    let rows = (0..1_000_000).inspect(|_| taken.set(taken.get() + 1)).map(Numbered);
    let request = PageRequest { count: Count::Skip, ..PageRequest::default() };
    let page = plan("n>=100").select(rows, request);
    assert_eq!((page.records.len(), page.records[0], page.has_more), (10, Numbered(100), true));
    assert!(taken.get() <= 128, "{}", taken.get());
}

/// A row asked alone gets the answer it gets among others.
#[test]
fn a_row_alone_is_a_row_among_others() {
    let plan = plan("n>3^n<90^ORn=150^NQnIN7,160,2");
    let rows: Vec<_> = (0..200).map(Numbered).collect();
    let alone: Vec<_> = rows.iter().copied().filter(|row| plan.matches(row)).collect();
    assert_eq!(plan.select(rows, PageRequest::ALL).records, alone);
    assert_eq!(alone.len(), 86 + 1 + 2);
}
