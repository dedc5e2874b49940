//! A clause a line, and back. Source: §12 of the language: what is laid out reads as the same query.

use encoded_query::Query;
use encoded_query::syntax::join_lines;

#[track_caller]
fn check(query: &str, lines: &[&str]) {
    let laid_out = Query::parse(query).multi_line().unwrap();
    assert_eq!(laid_out.split('\n').collect::<Vec<_>>(), lines, "{query}");
    assert_eq!(join_lines(&laid_out), Query::parse(query).canonical(), "{query}");
}

#[test]
fn a_clause_a_line() {
    check("", &[""]);
    check("a=1", &["a=1"]);
    check("^a=1^EQ", &["a=1"]);
    check(
        "ORDERBYx^a=1^b=2^ORc=3^NQd=4^GROUPBYy^ORe=5",
        &["a=1", "  ^b=2", "    ^ORc=3", "  ^NQd=4", "  ^GROUPBYy", "    ^ORe=5", "  ^ORDERBYx"],
    );
    check("^GOTOa=1^b=2", &["^GOTOa=1", "  ^b=2"]);
    check(
        "a=1^RLQUERYt.f,>=1,m2m^b=2^ORc=3^ENDRLQUERY^d=4",
        &["a=1", "  ^RLQUERYt.f,>=1,m2m", "    ^b=2", "      ^ORc=3", "  ^ENDRLQUERY", "  ^d=4"],
    );
    check(
        "SUBQUERYa,b,t^SUBQUERYd,e,u^^x=1^^ENDSUBQUERY^y=2^ENDSUBQUERY",
        &[
            "SUBQUERYa,b,t",
            "    ^SUBQUERYd,e,u",
            "      ^^x=1",
            "    ^^ENDSUBQUERY",
            "    ^y=2",
            "  ^ENDSUBQUERY",
        ],
    );
    check("JOINa.f=b.g!x=1^^y=2^z=3", &["JOINa.f=b.g!x=1", "    ^^y=2", "  ^z=3"]);
}

/// Line breaks of a value and of a layout could not be told apart.
#[test]
fn texts_with_line_breaks_are_not_laid_out() {
    for query in ["a=x\ny", "a=x\ry", "a=x\r\n^b=y"] {
        assert_eq!(Query::parse(query).multi_line(), None, "{query:?}");
    }
    assert!(Query::parse("a=x\ty").multi_line().is_some());
}

/// A line that begins with blanks and a caret goes on with the one before; others are text.
#[test]
fn lines_are_joined() {
    for (lines, joined) in [
        ("", ""),
        ("a=1", "a=1"),
        ("a=1\n  ^b=2", "a=1^b=2"),
        ("a=1\n\t^b=2\n \t ^ORc=3", "a=1^b=2^ORc=3"),
        ("a=1\r\n  ^b=2\r\n  ^c=3", "a=1^b=2^c=3"),
        ("a=1\r\n  ^b=2\r", "a=1^b=2\r"),
        // No blank, no caret, or no line before: text as it stands.
        ("a=1\n^b=2", "a=1\n^b=2"),
        ("a=1\n  b=2", "a=1\n  b=2"),
        ("  ^a=1", "  ^a=1"),
        ("\n  ^a=1", "\n  ^a=1"),
        ("a=1\n\n  ^b=2", "a=1\n^b=2"),
        ("a=x\n\n\ny", "a=x\n\n\ny"),
        ("a=1\n\u{a0}^b=2", "a=1\n\u{a0}^b=2"),
        ("a=1\n", "a=1\n"),
    ] {
        assert_eq!(join_lines(lines), joined, "{lines:?}");
    }
}
