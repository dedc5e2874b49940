//! Patterns: regular expressions and globs, over any text.
//!
//! Laws: a pattern is refused, invalid, or answers; a regular expression answers as the library does
//! without our limits; a glob as a matcher written from its two signs alone; an empty field never
//! matches. That it answers soon is what the time limit of a run is for.

use encoded_query::{
    Binder, Field, FieldPath, FieldType, OnInvalid, Operator, Options, Plan, QueryBuilder, Row,
    Schema, ValueRef,
};
use regex::RegexBuilder;

use crate::text;

/// Checks one input: a byte of choices, the pattern, and after the last line break the text.
pub fn run(data: &[u8]) {
    let Some((&choices, data)) = data.split_first() else { return };
    let data = text::of(data);
    let (pattern, value) = data.rsplit_once('\n').unwrap_or((&data, ""));
    // What begins so is a script.
    if pattern.get(..11).is_some_and(|start| start.eq_ignore_ascii_case("javascript:")) {
        return;
    }
    let operator = if choices & 1 == 1 { Operator::MatchPattern } else { Operator::MatchRegex };
    // Refused: together they may spell another operator.
    let built = QueryBuilder::new().field("text").operator(operator, pattern).build();
    let Ok(query) = built else { return };
    let mut options = Options::default();
    options.case_sensitive = choices & 2 != 0;
    let case_sensitive = options.case_sensitive;
    let schema = Schema::new("t", [Field::new("text", FieldType::String)]);
    let bound = Binder::for_table(&schema).options(options).bind(&query);
    text::check_diagnostics(query.text(), bound.diagnostics());
    let Ok(plan) = Plan::new(bound, OnInvalid::Forbid) else { return };
    let found = plan.matches(&Texts(value));
    let expected = if operator == Operator::MatchPattern {
        glob(pattern, value, case_sensitive)
    } else {
        let regex = RegexBuilder::new(pattern).case_insensitive(!case_sensitive).build();
        regex.expect("it reads under lower limits").is_match(value)
    };
    assert_eq!(found, expected && !value.is_empty(), "{operator} {pattern:?} of {value:?}");
}

/// A row that has that text in every field.
struct Texts<'t>(&'t str);

impl Row for Texts<'_> {
    fn value(&self, _: &FieldPath) -> ValueRef<'_> {
        if self.0.is_empty() { ValueRef::Empty } else { self.0.into() }
    }
}

fn glob(pattern: &str, text: &str, case_sensitive: bool) -> bool {
    let fold = |text: &str| -> Vec<char> {
        if case_sensitive {
            return text.chars().collect();
        }
        text.chars().flat_map(char::to_lowercase).collect()
    };
    let (pattern, text) = (fold(pattern), fold(text));
    // Which beginnings of the text the pattern so far matches.
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for sign in pattern {
        if sign == '*' {
            let first = reached.iter().position(|reached| *reached).unwrap_or(reached.len());
            reached[first..].fill(true);
            continue;
        }
        for end in (0..text.len()).rev() {
            reached[end + 1] = reached[end] && (sign == '?' || sign == text[end]);
        }
        reached[0] = false;
    }
    reached[text.len()]
}
