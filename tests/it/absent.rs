//! Texts that no record of a table has: after some searches it is known without one, until a record has them.

use encoded_query::{
    Binder, Count, EmptyInNegation, Field, FieldType, OnInvalid, Options, PageRequest, Plan, Query,
    Schema, Table,
};

use crate::engines::{agree, large, means, pages_agree};

/// Records whose texts are all different, shared by four, or empty.
fn table() -> Table {
    let names = ["sys_id", "own", "shared"];
    let fields = names.map(|name| Field::new(name, FieldType::String));
    let mut table = Table::eager(Schema::new("t", fields));
    for number in 0..200 {
        let mut values = vec![("sys_id", id(number).into())];
        if number % 10 != 0 {
            values.push(("own", format!("Harbour {number} / Ålesund").into()));
            values.push(("shared", format!("Quay {} of all of all", number / 4).into()));
        }
        table.push(values).unwrap();
    }
    table
}

fn id(number: usize) -> String {
    format!("{number:032x}")
}

/// Asks until it is known.
fn often(table: &Table, queries: &[String]) {
    for _ in 0..3 {
        for query in queries {
            let _ = table.query(query);
        }
    }
}

/// Source: the language, `LIKE` and its kind: case does not count; `NOT LIKE` and `!=` are met by filled fields
/// alone.
#[test]
fn what_no_record_has_is_known_without_a_search() {
    for field in ["own", "shared"] {
        let mut table = table();
        let queries =
            ["LIKEzzq", "NOT LIKEzzq", "STARTSWITHzzq", "ENDSWITHzzq", "LIKEåzq", "!=zzq"]
                .map(|test| format!("{field}{test}"));
        let check = |table: &Table, expected: [u64; 6]| {
            often(table, &queries);
            pages_agree(table, &queries.each_ref().map(String::as_str));
            let found = queries.each_ref().map(|query| table.query(query).total.unwrap());
            assert_eq!(found, expected, "{field}");
        };
        check(&table, [0, 180, 0, 0, 0, 180]);
        // Where a text begins is found by the order.
        let known = ["nothing", "bitmap", "index", "nothing", "nothing", "bitmap"];
        for (query, known) in queries.iter().zip(known) {
            assert!(means(&table, query).contains(known), "{}", means(&table, query));
        }
        // A text of a record that had a shorter one, and one of a record that had none.
        table.update(&id(7), [(field, "ZZQ is now far longer than it was".into())]).unwrap();
        table.update(&id(10), [(field, "zzq".into())]).unwrap();
        check(&table, [2, 179, 2, 1, 0, 180]);
        table.update(&id(7), [(field, "again short".into())]).unwrap();
        table.update(&id(10), [(field, "".into())]).unwrap();
        check(&table, [0, 180, 0, 0, 0, 180]);
        // Texts of new records: with what is sought at the end and over its characters' bytes, then alone.
        table.push([("sys_id", id(200).into()), (field, "Ends in ÅZQ, zZQ".into())]).unwrap();
        check(&table, [1, 180, 0, 1, 1, 181]);
        table.push([("sys_id", id(201).into()), (field, "ZZQ".into())]).unwrap();
        check(&table, [2, 180, 1, 2, 1, 181]);
        table.remove(&id(200)).unwrap();
        check(&table, [1, 180, 1, 1, 0, 180]);
    }
}

/// Whether a value that is empty meets a negation is as the options say, whichever way it is found.
#[test]
fn empty_values_meet_negations_as_they_are_told_to() {
    let queries = [
        "cityNOT LIKEo",
        "city!=oslo",
        "uniqueNOT LIKE7",
        "unique!=name 0 of 0",
        "uniqueNOT LIKEzzq",
    ];
    for table in [large(300, Table::eager), large(2_000, Table::new)] {
        let mut totals = Vec::new();
        for told in [EmptyInNegation::Documented, EmptyInNegation::Match, EmptyInNegation::NoMatch]
        {
            let mut options = Options::default();
            options.empty_in_negation = told;
            let binder = Binder::for_table(table.schema()).options(options);
            let plan =
                |query: &str| Plan::new(binder.bind(&Query::parse(query)), OnInvalid::Forbid);
            for query in queries {
                let plan = plan(query).unwrap();
                let few = PageRequest { offset: 0, limit: 10, count: Count::Skip };
                for _ in 0..6 {
                    agree(&plan, &table, &[few, PageRequest::ALL, few], query);
                }
                totals.push(plan.run(&table, PageRequest::ALL).total.unwrap());
            }
        }
        let (matched, not_matched) = (&totals[5..10], &totals[10..]);
        assert!(matched.iter().zip(not_matched).all(|(matched, not)| matched > not), "{totals:?}");
    }
}

/// What is made of the runs of all texts that stand there is still searched for.
#[test]
fn a_text_made_of_others_pieces_is_searched_for() {
    let table = table();
    for query in ["ownLIKEharbour 1111 /", "sharedLIKEall of all of all"] {
        often(&table, &[query.to_owned()]);
        pages_agree(&table, &[query]);
        assert_eq!(table.query(query).total, Some(0), "{query}");
        assert!(!means(&table, query).contains("nothing"), "{}", means(&table, query));
    }
}

/// Texts that have nearly every run are searched: it would not be worth it to keep their runs.
#[test]
fn texts_of_all_kinds_are_searched() {
    let mut table = Table::eager(Schema::new(
        "t",
        ["sys_id", "own"].map(|name| Field::new(name, FieldType::String)),
    ));
    let mut random = 1_u64;
    let mut character = || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from(b'!' + u8::try_from((random >> 33) % 64).unwrap())
    };
    for number in 0..8_000 {
        let text: String = (0..40).map(|_| character()).collect();
        table.push([("sys_id", id(number).into()), ("own", text.into())]).unwrap();
    }
    let query = "ownLIKE漢字";
    often(&table, &[query.to_owned()]);
    assert!(means(&table, query).contains("search: 8000→0"), "{}", means(&table, query));
    table.push([("sys_id", id(8_000).into()), ("own", "some 漢字".into())]).unwrap();
    assert_eq!(table.query(query).total, Some(1));
}
