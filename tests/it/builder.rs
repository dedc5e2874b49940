//! Queries built from values: the text of each method, and what none can say.

use encoded_query::syntax::Carets;
use encoded_query::{BuildError, Operator, QueryBuilder};

/// What a builder makes.
fn text(builder: QueryBuilder) -> String {
    builder.build().unwrap().text().to_owned()
}

fn error(builder: QueryBuilder) -> BuildError {
    builder.build().unwrap_err()
}

fn on(field: &str) -> encoded_query::syntax::FieldBuilder {
    QueryBuilder::new().field(field)
}

/// §2: each method has its operator.
#[test]
fn methods_have_their_operators() {
    assert_eq!(text(QueryBuilder::new()), "");
    assert_eq!(text(on("a").is("x y")), "a=x y");
    assert_eq!(text(on("a").is("")), "a=");
    assert_eq!(text(on("a").is_not("x")), "a!=x");
    assert_eq!(text(on("a").like("x")), "aLIKEx");
    assert_eq!(text(on("a").starts_with("x")), "aSTARTSWITHx");
    assert_eq!(text(on("a").one_of(["x", "y z"])), "aINx,y z");
    assert_eq!(text(on("a").one_of([])), "aIN");
    assert_eq!(text(on("a").none_of(["x", "y"])), "aNOT INx,y");
    assert_eq!(text(on("a").between("1", "2")), "aBETWEEN1@2");
    assert_eq!(text(on("a").is_empty()), "aISEMPTY");
    assert_eq!(text(on("a").is_not_empty()), "aISNOTEMPTY");
    assert_eq!(text(on("a").operator(Operator::GreaterOrEqual, "1")), "a>=1");
}

/// §1.3 and §12: `^`, `^OR` and `^NQ` between conditions, sort keys last.
#[test]
fn joins_and_sorts() {
    let query = QueryBuilder::new()
        .order_by("a")
        .field("a")
        .is("1")
        .order_by_descending("b.c")
        .or("b")
        .is("2")
        .field("c")
        .is("3")
        .or_all_of("d")
        .is("4");
    assert_eq!(text(query), "a=1^ORb=2^c=3^NQd=4^ORDERBYa^ORDERBYDESCb.c");
    assert_eq!(text(QueryBuilder::new().order_by("a")), "ORDERBYa");
    assert_eq!(text(QueryBuilder::new().order_by("a").order_by("b")), "ORDERBYa^ORDERBYb");
    // The first condition has none before it to join.
    assert_eq!(text(QueryBuilder::new().or("a").is("1")), "a=1");
    assert_eq!(text(QueryBuilder::new().or_all_of("a").is("1")), "a=1");
    assert_eq!(text(on("GOTOa").is("1").field("GOTOb").is("2")), "^GOTOa=1^GOTOb=2");
}

/// §1.2: a caret in a value is doubled, or refused if that was asked for, before or after it.
#[test]
fn carets() {
    assert_eq!(text(on("a").is("x^y^^z^")), "a=x^^y^^^^z^^");
    let refusing = || QueryBuilder::new().carets(Carets::Refuse);
    assert_eq!(error(refusing().field("a").is("x^y")), BuildError::Caret("x^y".into()));
    assert_eq!(text(refusing().field("a").is("x")), "a=x");
    assert_eq!(text(refusing().carets(Carets::Escape).field("a").is("^")), "a=^^");
    assert_eq!(error(refusing().field("a").one_of(["x", "^"])), BuildError::Caret("x,^".into()));
}

/// §1 and §4: the first thing that cannot be said is told.
#[test]
fn what_cannot_be_said_is_told() {
    for field in ["", "a,b", "a^b", "^a"] {
        let sort = QueryBuilder::new().order_by(field);
        assert_eq!(error(sort), BuildError::Field(field.into()), "{field}");
    }
    // `ORDERBYDESCx` sorts by `x` the other way round, whichever was meant.
    for field in ["DESC", "DESCx"] {
        let sort = QueryBuilder::new().order_by(field);
        assert_eq!(error(sort), BuildError::Field(field.into()), "{field}");
    }
    for (bad, from, to) in [("", "", "2"), ("", "1", ""), ("1@", "1@", "2"), ("@", "1", "@")] {
        assert_eq!(error(on("a").between(from, to)), BuildError::Separator(bad.into()));
    }
    for bad in ["x,y", " x", "x ", ""] {
        assert_eq!(error(on("a").one_of(["ok", bad])), BuildError::Separator(bad.into()));
        assert_eq!(error(on("a").none_of([bad])), BuildError::Separator(bad.into()));
    }
    for (operator, value) in [(Operator::Less, "=5"), (Operator::IsEmpty, "STRING")] {
        let merged = BuildError::Merged { operator, value: value.into() };
        assert_eq!(error(on("a").operator(operator, value)), merged);
    }
    let two = on("").is("1").field("a").operator(Operator::Less, "=5").order_by("b,c");
    assert_eq!(error(two), BuildError::Field(String::new()));
}
