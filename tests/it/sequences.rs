//! Every sequence of some tokens up to a length, so that no order of them is left to chance: 3 tokens as a
//! rule, as many as `ENCQ_SEQUENCES` says otherwise. `.ci/run --long` asks for 6, 8,108,731 sequences.

use std::panic::catch_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};

use encoded_query::{Binder, OnInvalid, Plan, Query, Table};

use super::syntax::check_laws;

/// What joins, what sorts, what means nothing, fields and values known and unknown, operators, and blocks.
/// Longer tokens come out of some: `^^`, `NQOR`, `ORDERBY` in front of a list, a block in a block.
const TOKENS: [&str; 14] = [
    "^",
    "OR",
    "NQ",
    "ORDERBY",
    "EQ",
    "GOTO",
    "name",
    "ü",
    "=",
    "*",
    ",",
    "RLQUERYcontact.account,>=1^",
    "SUBQUERYaccount,name,contact^",
    "^ENDSUBQUERY",
];

/// The sequence of that number, of so many tokens.
fn sequence(mut number: usize, length: u32, text: &mut String) {
    text.clear();
    for _ in 0..length {
        text.push_str(TOKENS[number % TOKENS.len()]);
        number /= TOKENS.len();
    }
}

/// The laws of reading and printing hold; binding and planning get along with it, and what they say of
/// it points into it.
fn check(binder: &Binder<'_>, text: &str) {
    check_laws(text);
    let bound = binder.bind(&Query::parse(text));
    for said in bound.diagnostics() {
        let span = said.span();
        let (start, end) = (span.start as usize, span.end as usize);
        assert!(text.get(start..end).is_some(), "{text}: {said:?}");
    }
    let plan = Plan::new(bound, OnInvalid::IgnoreInvalidPart).unwrap();
    let effective = plan.report().effective().unwrap_or_default();
    let again = Plan::new(binder.bind(&Query::parse(effective)), OnInvalid::IgnoreInvalidPart);
    assert_eq!(again.unwrap().report().effective().unwrap_or_default(), effective, "{text}");
}

#[test]
fn every_sequence_of_tokens() {
    const PART: usize = 1000;
    let longest = std::env::var("ENCQ_SEQUENCES").map_or(3, |length| length.parse().unwrap());
    let contacts = Table::demo_contacts();
    let binder = Binder::for_table(contacts.schema());
    for length in 0..=longest {
        let count = TOKENS.len().pow(length);
        let next = AtomicUsize::new(0);
        let check_parts = || {
            let mut text = String::new();
            loop {
                let start = next.fetch_add(PART, Ordering::Relaxed);
                if start >= count {
                    return;
                }
                for number in start..count.min(start + PART) {
                    sequence(number, length, &mut text);
                    let checked = std::panic::AssertUnwindSafe(|| check(&binder, &text));
                    assert!(catch_unwind(checked).is_ok(), "{text:?}");
                }
            }
        };
        std::thread::scope(|scope| {
            let other = scope.spawn(check_parts);
            check_parts();
            other.join().unwrap();
        });
    }
}
