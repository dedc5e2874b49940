//! What the schema of one table is enough to say. Sources: §2 to §5 of the language.

use encoded_query::{Binder, Code, Field, FieldType, Query, Schema};

/// §2 and §3: a record without a sys_id has nothing below it; a join written as a word is mended.
#[test]
fn what_a_schema_alone_says() {
    let node = Schema::new("node", [Field::reference("up", "node")]);
    for (query, code, place, message, fix) in [
        (
            "upIN_HIERARCHYup@x",
            Code::UnsupportedOperator,
            "up@x",
            "the table `node` has no `sys_id`",
            None,
        ),
        (
            "andup=x",
            Code::UnknownField,
            "andup",
            "the table `node` has no field `andup`",
            Some("up"),
        ),
        (
            "orup=x",
            Code::UnknownField,
            "orup",
            "the table `node` has no field `orup`",
            Some("ORup"),
        ),
        (
            "nqup=x",
            Code::UnknownField,
            "nqup",
            "the table `node` has no field `nqup`",
            Some("NQup"),
        ),
    ] {
        let bound = Binder::for_table(&node).bind(&Query::parse(query));
        let said = bound.diagnostics().iter().find(|said| said.is_error()).unwrap();
        assert_eq!((said.code(), said.span().of(query), said.message()), (code, place, message));
        assert_eq!(said.suggestion().map(|fix| &*fix.replacement), fix, "{query}");
    }
}

/// §5: dates as ISO 8601 writes them are read, with a hint; letters elsewhere are nothing special.
#[test]
fn dates_with_letters_are_mended() {
    let fields = [
        Field::new("name", FieldType::String),
        Field::new("day", FieldType::Date),
        Field::new("at", FieldType::DateTime),
    ];
    let schema = Schema::new("thing", fields);
    for (query, expected) in [
        ("at=2026-01-31T10:00:00Z", Some((Code::SuspiciousValue, "2026-01-31 10:00:00"))),
        ("at=2026-01-31T10:00:00", Some((Code::SuspiciousValue, "2026-01-31 10:00:00"))),
        ("at=2026-01-31 10:00:00Z", Some((Code::SuspiciousValue, "2026-01-31 10:00:00"))),
        ("day>2026-01-31T10:00:00Z", Some((Code::SuspiciousValue, "2026-01-31 10:00:00"))),
        ("at=2026-01-31 10:00:00", None),
        ("at=2026-01-31", None),
        ("name=Tom", None),
        ("name=2026-01-31T10:00:00Z", None),
        ("at=Tomorrow", Some((Code::BadDate, ""))),
        ("day=Z", Some((Code::BadDate, ""))),
    ] {
        let bound = Binder::for_table(&schema).bind(&Query::parse(query));
        let said: Vec<_> = bound
            .diagnostics()
            .iter()
            .filter(|said| said.code() != Code::EverythingIgnored)
            .map(|said| (said.code(), said.suggestion().map_or("", |fix| &*fix.replacement)))
            .collect();
        assert_eq!(said, Vec::from_iter(expected), "{query}");
    }
}
