//! Limits of a query, and what is said of one that is over them.

use encoded_query::{Binder, Catalog, Field, FieldType, Options, Query, Schema};

fn person() -> Schema {
    let fields = [
        Field::new("name", FieldType::String),
        Field::new("at", FieldType::DateTime),
        Field::new("day", FieldType::Date),
        Field::reference("boss", "person"),
    ];
    Schema::new("person", fields)
}

/// §11: each limit holds at its number and is passed by one more, and the message has both numbers.
#[test]
fn limits_are_told() {
    let schema = person();
    let limited = |set: fn(&mut Options), query: &str| {
        let mut options = Options::default();
        set(&mut options);
        let catalog = Catalog::from(schema.clone());
        let binder = Binder::new(&catalog, "person").unwrap().options(options);
        let bound = binder.bind(&Query::parse(query));
        let said = bound.diagnostics().iter().map(|said| said.message().to_owned());
        said.collect::<Vec<_>>()
    };
    for (set, kept, over, message) in [
        (
            (|options| options.limits.conditions = 2) as fn(&mut Options),
            "name=a^name=b",
            "name=a^name=b^name=c",
            "the query has 3 conditions; the limit is 2",
        ),
        (
            |options| options.limits.branches = 2,
            "name=a^NQname=b",
            "name=a^NQname=b^NQname=c",
            "the query has 3 branches; the limit is 2",
        ),
        (
            |options| options.limits.sort_keys = 2,
            "ORDERBYname^ORDERBYday",
            "ORDERBYname^ORDERBYday^ORDERBYat",
            "the query has 3 sort keys; the limit is 2",
        ),
        (
            |options| options.limits.text = 6,
            "name=a",
            "name=aé",
            "the query has 8 bytes of text; the limit is 6",
        ),
        (
            |options| options.limits.pattern = 3,
            "nameMATCH_RGXabc",
            "nameMATCH_RGXabcd",
            "the regular expression has 4 bytes; the limit is 3",
        ),
        (
            |options| options.limits.patterns = 1,
            "nameMATCH_PATabc",
            "nameMATCH_PATabc^nameMATCH_RGXabc",
            "the query has more than 1 patterns",
        ),
        (
            |options| options.limits.operand = 3,
            "nameLIKEabc^nameMATCH_PATabc",
            "nameLIKEabcd",
            "the value has 4 bytes; the limit is 3",
        ),
        (
            |options| options.limits.operand = 3,
            "123TEXTQUERY321=abc",
            "123TEXTQUERY321=abcd",
            "the value has 4 bytes; the limit is 3",
        ),
        (
            |options| options.limits.list_values = 2,
            "nameINa,,b",
            "nameINa,b,c",
            "the list has more than 2 values",
        ),
        (
            |options| options.limits.dot_steps = 2,
            "boss.boss.name=a",
            "boss.boss.boss.name=a",
            "the field follows 3 references; the limit is 2",
        ),
    ] {
        assert_eq!(limited(set, kept), [""; 0], "{kept}");
        assert_eq!(limited(set, over), [message], "{over}");
    }
}
