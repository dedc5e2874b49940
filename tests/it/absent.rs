//! Texts that no record of a table has: after some searches it is known without one, until a record has them.

use encoded_query::{Field, FieldType, Schema, Table};

use crate::engines::{means, pages_agree};

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

/// Source: the language, `LIKE` and its kind: case does not count; `NOT LIKE` is met by filled fields alone.
#[test]
fn what_no_record_has_is_known_without_a_search() {
    for field in ["own", "shared"] {
        let mut table = table();
        let queries = ["LIKEzzq", "NOT LIKEzzq", "STARTSWITHzzq", "ENDSWITHzzq", "LIKEåzq"]
            .map(|test| format!("{field}{test}"));
        let of = |table: &Table| -> Vec<u64> {
            queries.iter().map(|query| table.query(query).total.unwrap()).collect()
        };
        let check = |table: &Table, expected: [u64; 5]| {
            often(table, &queries);
            pages_agree(table, &queries.each_ref().map(String::as_str));
            assert_eq!(of(table), expected, "{field}");
        };
        check(&table, [0, 180, 0, 0, 0]);
        // Where a text begins is found by the order.
        for (query, known) in
            queries.iter().zip(["nothing", "bitmap", "index", "nothing", "nothing"])
        {
            assert!(means(&table, query).contains(known), "{}", means(&table, query));
        }
        // A text of a new record, with what is sought at its end and over its characters' bytes.
        table.push([("sys_id", id(200).into()), (field, "Ends in ÅZQ, zZQ".into())]).unwrap();
        check(&table, [1, 180, 0, 1, 1]);
        // One of a record that had a shorter text, and one of a record that had none.
        table.update(&id(7), [(field, "ZZQ is now far longer than it was".into())]).unwrap();
        table.update(&id(10), [(field, "zzq".into())]).unwrap();
        check(&table, [3, 179, 2, 2, 1]);
        table.remove(&id(200)).unwrap();
        table.update(&id(7), [(field, "again short".into())]).unwrap();
        check(&table, [1, 180, 1, 1, 0]);
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
