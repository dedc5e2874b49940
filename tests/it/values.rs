//! Values: texts compared by their folded characters, whatever shortcut is taken.

use std::cmp::Ordering;

use encoded_query::value::{Case, Folded, FoldedSet};
use proptest::prelude::*;

/// Folded as the reference says: each character by Unicode lower-case.
fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Texts where shortcuts go wrong: case outside ASCII, characters that fold to ASCII (`İ`, the
/// Kelvin sign), to more characters, or not at all, and neighbours of the letters.
fn nasty_text(longest: usize) -> impl Strategy<Value = String> {
    let alphabet = "aAbBiIkKzZ@[`{ 0\u{7f}İıßẞéÉΣσςÅ\u{212a}ж中𐐀🦀";
    let letter = prop::sample::select(alphabet.chars().collect::<Vec<_>>());
    let ascii = prop::sample::select("aAbBiIkKzZ@[`{".chars().collect::<Vec<_>>());
    prop_oneof![
        prop::collection::vec(letter, 0..longest).prop_map(String::from_iter),
        prop::collection::vec(ascii, 0..longest).prop_map(String::from_iter),
    ]
}

fn check(operand: &str, value: &str) {
    let (o, v) = (folded(operand), folded(value));
    let prepared = Folded::new(operand, Case::Ignore);
    assert_eq!(prepared.as_str(), o);
    assert_eq!(prepared.equals(value), v == o, "{value:?} = {operand:?}");
    assert_eq!(prepared.begins(value), v.starts_with(&o), "{value:?} STARTSWITH {operand:?}");
    assert_eq!(prepared.ends(value), v.ends_with(&o), "{value:?} ENDSWITH {operand:?}");
    assert_eq!(prepared.within(value), v.contains(&o), "{value:?} LIKE {operand:?}");
    assert_eq!(prepared.order_of(value), v.cmp(&o), "{value:?} <> {operand:?}");
    assert_eq!(Case::Ignore.compare(value, operand), v.cmp(&o), "{value:?} <> {operand:?}");
    assert_eq!(Case::Ignore.fold(value), v);
    let exact = Folded::new(operand, Case::Distinguish);
    assert_eq!(exact.equals(value), value == operand);
    assert_eq!(exact.within(value), value.contains(operand));
    assert_eq!(exact.order_of(value), value.cmp(operand));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn texts_compare_by_their_folded_characters(
        operand in nasty_text(12),
        value in nasty_text(40),
        cut in any::<prop::sample::Index>(),
        length in any::<prop::sample::Index>(),
    ) {
        check(&operand, &value);
        // A part of the value, so that most of the texts looked for are found.
        let value: Vec<char> = value.chars().collect();
        let start = cut.index(value.len() + 1);
        let end = start + length.index(value.len() - start + 1);
        let part: String = value[start..end].iter().collect();
        check(&part, &value.iter().collect::<String>());
        check(&part.to_uppercase(), &value.iter().collect::<String>());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// A set holds what one of its texts equals, be it a few texts or many, short or long.
    #[test]
    fn a_set_holds_what_equals_one_of_its_texts(
        texts in prop::collection::vec(nasty_text(30), 0..40),
        others in prop::collection::vec(nasty_text(20), 0..10),
    ) {
        for case in [Case::Ignore, Case::Distinguish] {
            let set = FoldedSet::new(texts.iter().map(|text| Folded::new(text, case)).collect());
            prop_assert_eq!(set.iter().len(), texts.len());
            let upper = texts.iter().map(|text| text.to_uppercase());
            for value in texts.iter().cloned().chain(upper).chain(others.iter().cloned()) {
                let held = texts.iter().any(|text| case.fold(text) == case.fold(&value));
                prop_assert_eq!(set.contains(&value), held, "{:?}", value);
            }
        }
    }
}

/// Folding twice is folding once, so a folded operand may be folded again.
#[test]
fn folding_is_stable() {
    for c in '\0'..=char::MAX {
        let once = folded(c.encode_utf8(&mut [0; 4]));
        assert_eq!(folded(&once), once, "{c:?}");
        // No other characters than the ones named fold to ASCII.
        let to_ascii = once.chars().any(|c| c.is_ascii());
        assert_eq!(to_ascii, c.is_ascii() || c == 'İ' || c == '\u{212a}', "{c:?}");
    }
}

/// Every place and length around the eight bytes that are compared at a time.
#[test]
fn every_place_and_length_is_found() {
    for before in 0..20 {
        for length in 1..20 {
            for after in 0..12 {
                let text = format!(
                    "{}{}{}",
                    "x".repeat(before),
                    "aB".repeat(10).split_at(length).0,
                    "y".repeat(after)
                );
                let part = "Ab".repeat(10).split_at(length).0.to_owned();
                check(&part, &text);
                check(&format!("{part}!"), &text);
            }
        }
    }
    assert_eq!(Case::Ignore.compare("", "a"), Ordering::Less);
}
