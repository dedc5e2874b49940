//! The dictionary of the fuzzer: the words of the language, from its tables.

use std::collections::BTreeSet;
use std::fmt::Write;

use encoded_query::Operator;
use encoded_query::function::{Function, PERIODS, Unit};
use encoded_query::syntax::{Direction, Keyword};

/// Words that stand in no table.
#[rustfmt::skip]
const OTHERS: &[&str] = &[
    "^", "^^", "^OR", "^NQ", "^EQ", "GOTO", "RLQUERY", "^ENDRLQUERY",
    ",m2m", "SUBQUERY", "^ENDSUBQUERY", "^^ENDSUBQUERY", "JOIN", "!", "123TEXTQUERY321",
    "123TEXTINDEXGROUP321", "javascript:", "NULL", "true", "false", "@ago@", "@ahead@", "@before@", "@after@",
    "2026-01-10", "2026-01-10 12:00:00", "name", "city", "active", "sys_id", "account.name",
];

/// The dictionary as libFuzzer reads it.
pub fn text() -> String {
    let mut words: BTreeSet<String> = OTHERS.iter().map(|word| (*word).to_owned()).collect();
    for operator in Operator::ALL {
        words.insert(operator.token().to_owned());
        words.extend(operator.aliases().iter().map(|alias| (*alias).to_owned()));
    }
    words.extend(Function::all().map(|function| format!("{}(", function.name())));
    words.extend(PERIODS.iter().map(|period| period.label.to_owned()));
    words.extend(Unit::ALL.map(|unit| format!("@{unit}")));
    words.extend(Keyword::ALL.map(|keyword| keyword.as_str().to_owned()));
    let directions = [Direction::Ascending, Direction::Descending];
    words.extend(directions.map(|direction| direction.keyword().to_owned()));
    let mut text = String::from(
        "# Generated: cargo run --no-default-features --example dictionary > encoded-query.dict\n",
    );
    for word in words {
        text.push('"');
        for byte in word.bytes() {
            match byte {
                b'"' | b'\\' => write!(text, "\\{}", char::from(byte)).expect("a string"),
                b' '..=b'~' => text.push(char::from(byte)),
                _ => write!(text, "\\x{byte:02x}").expect("a string"),
            }
        }
        text.push_str("\"\n");
    }
    text
}
