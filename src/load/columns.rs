//! What the columns of data are called.

use std::collections::{HashMap, HashSet};

use super::Columns;
use crate::diagnostic::shown;
use crate::schema::Schema;
use crate::syntax::Query;

/// Columns of a table at most: each takes some hundred bytes, and a printed record has them all.
pub(super) const MOST: usize = 10_000;

/// Accents that stand after their letter.
const COMBINING: std::ops::RangeInclusive<char> = '\u{300}'..='\u{36f}';

/// The names that columns get instead of their own.
#[derive(Clone, Debug, Default)]
pub(super) struct NewNames(HashMap<String, String>);

impl NewNames {
    /// A name in snake case for each that queries cannot hold.
    pub(super) fn snake(names: &[&str], schema: &Schema, columns: Columns) -> Self {
        let is_odd = |name: &&&str| schema.slot(name).is_none() && !can_be_named(name);
        let mut taken: HashSet<String> =
            names.iter().filter(|name| !is_odd(name)).map(|name| (*name).to_owned()).collect();
        let mut new = HashMap::new();
        for name in names.iter().filter(is_odd) {
            let better = free_name(name, |candidate| taken.contains(candidate));
            if columns != Columns::Fixed || schema.slot(&better).is_some() {
                taken.insert(better.clone());
                new.insert((*name).to_owned(), better);
            }
        }
        Self(new)
    }

    /// What a column is called.
    pub(super) fn of<'n>(&'n self, name: &'n str) -> &'n str {
        self.0.get(name).map_or(name, String::as_str)
    }

    /// A notice for each of some columns that has another name.
    pub(super) fn notices<'n>(
        &self,
        names: impl Iterator<Item = &'n str>,
    ) -> impl Iterator<Item = String> {
        names.filter_map(|name| {
            let new = self.0.get(name)?;
            Some(format!("the column `{}` is renamed to `{}`", shown(name), shown(new)))
        })
    }
}

/// A notice for each field that queries cannot name.
pub(super) fn unnameable(schema: &Schema) -> impl Iterator<Item = String> {
    let odd = schema.fields().iter().filter(|field| !can_be_named(&field.name));
    odd.map(|field| {
        let better = free_name(&field.name, |candidate| schema.slot(candidate).is_some());
        let name = shown(&field.name);
        format!(
            "the column `{name}` cannot be named in a query; rename it, for example to `{better}`"
        )
    })
}

/// A notice for each field that queries can name and that differs from one before it by case alone.
pub(super) fn alike(schema: &Schema) -> impl Iterator<Item = String> {
    let mut first = HashMap::new();
    let fields = schema.fields().iter().filter(|field| can_be_named(&field.name));
    fields.filter_map(move |field| {
        let name = &field.name;
        let one = *first.entry(name.to_lowercase()).or_insert(name);
        (one != name).then(|| {
            let [name, one] = [name, one].map(|name| shown(name));
            format!(
                "the column `{name}` is another than `{one}`, as the case of names counts; rename it if \
                 `{one}` is meant"
            )
        })
    })
}

/// A notice for each column that the schema does not have.
pub(super) fn left_out<'n>(names: impl Iterator<Item = &'n str>) -> impl Iterator<Item = String> {
    names.map(|name| format!("the column `{}` is not in the schema and is left out", shown(name)))
}

/// Adds the first notices of a kind and how many more there are.
pub(super) fn push_some(notices: &mut Vec<String>, mut of_a_kind: impl Iterator<Item = String>) {
    const MOST: usize = 10;
    notices.extend(of_a_kind.by_ref().take(MOST));
    let more = of_a_kind.count();
    if more > 0 {
        notices.push(format!("and {more} more columns like that"));
    }
}

/// Whether a condition on that name reads as one.
fn can_be_named(name: &str) -> bool {
    let text = format!("{name}=x");
    let query = Query::parse(text.as_str());
    query.conditions().any(|condition| condition.field() == name)
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.')
}

/// A name like `name` that queries can hold and that is free.
fn free_name(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let words = words(name);
    let base = if words.is_empty() { "column".to_owned() } else { words.join("_") };
    let base = if can_be_named(&base) { base } else { format!("column_{base}") };
    let numbered = (2_u32..).map(|number| format!("{base}_{number}"));
    let mut names = std::iter::once(base.clone()).chain(numbered);
    names.find(|name| !is_taken(name)).unwrap_or(base)
}

/// The words of a name in lower-case ASCII.
fn words(name: &str) -> Vec<String> {
    let (mut words, mut word, mut after_lower) = (Vec::new(), String::new(), false);
    for c in name.chars().filter(|c| !COMBINING.contains(c)) {
        let mut plain = String::new();
        c.to_lowercase().for_each(|c| push_plain(&mut plain, c));
        if plain.is_empty() || after_lower && c.is_uppercase() {
            words.push(std::mem::take(&mut word));
        }
        word.push_str(&plain);
        after_lower = c.is_lowercase() || c.is_ascii_digit();
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// Adds a lower-case letter or digit, without its accent; nothing for any other character.
fn push_plain(word: &mut String, c: char) {
    let plain = match c {
        'a'..='z' | '0'..='9' => return word.push(c),
        'à'..='å' => "a",
        'æ' => "ae",
        'ç' => "c",
        'è'..='ë' => "e",
        'ì'..='ï' => "i",
        'ñ' => "n",
        'ò'..='ö' | 'ø' => "o",
        'œ' => "oe",
        'ß' => "ss",
        'ù'..='ü' => "u",
        'ý' | 'ÿ' => "y",
        _ => return,
    };
    word.push_str(plain);
}
