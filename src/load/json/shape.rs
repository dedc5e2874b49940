//! How records stand in JSON text, and where each begins.

use std::fmt;

use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::raw::{error_answer, members, repeated};
use crate::diagnostic::shown;
use crate::load::place::place;
use crate::load::{Layout, LoadError};

/// The members of API answers; an object that has others is a record.
const ANSWER: [&str; 6] = ["result", "hasMore", "total", "session", "error", "status"];

/// How records stand in a text.
pub(super) enum Shape<'d> {
    /// In an array: the text, or the `result` of an API answer.
    Array(&'d str),
    /// One by itself: the only object of the text, or the `result` of an API answer.
    One(&'d RawValue),
    /// One after another.
    Lines,
}

impl<'d> Shape<'d> {
    pub(super) fn of(text: &'d str, layout: Option<Layout>) -> Result<Self, LoadError> {
        if layout == Some(Layout::Lines) {
            return Ok(Self::Lines);
        }
        if text.trim_start().starts_with('[') {
            return Ok(Self::Array(text));
        }
        match only_value(text) {
            Some(only) => Self::of_one(text, only),
            None => Ok(Self::Lines),
        }
    }

    /// Whether the only value of a text is an API answer or a record.
    fn of_one(text: &str, only: &'d RawValue) -> Result<Self, LoadError> {
        let members = members(only.get()).unwrap_or_default();
        let member = |wanted| members.iter().find(|(name, _)| name == wanted).map(|(_, raw)| *raw);
        if let Some(said) = member("error").and_then(error_answer) {
            return Err(LoadError::Syntax(format!("is an error answer: {}", shown(&said))));
        }
        let other = members.iter().find(|(name, _)| !ANSWER.contains(&&**name));
        let again = repeated(&members).into_iter().next();
        match (member("result"), other) {
            (Some(result), Some((name, value))) if is_list(result) => {
                let (place, name) = (place(text, offset(text, value.get())), shown(name));
                let what = format!("`{name}` stands beside the list `result`, as in no API answer");
                Err(LoadError::Syntax(format!("{place}: {what}")))
            }
            (Some(result), None) if is_list(result) || is_object(result) => match again {
                Some(again) => Err(LoadError::Syntax(again)),
                None if is_list(result) => Ok(Self::Array(result.get())),
                None => Ok(Self::One(result)),
            },
            _ => Ok(Self::One(only)),
        }
    }
}

/// The value of a text that holds one value.
fn only_value(text: &str) -> Option<&RawValue> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter();
    let first: &RawValue = values.next()?.ok()?;
    text.get(values.byte_offset()..)?.trim().is_empty().then_some(first)
}

fn is_list(value: &RawValue) -> bool {
    value.get().starts_with('[')
}

fn is_object(value: &RawValue) -> bool {
    value.get().starts_with('{')
}

/// Where the records of a text begin, as far as it reads.
pub(in crate::load) fn starts(text: &str, layout: Option<Layout>) -> Vec<usize> {
    let mut found: Vec<&RawValue> = Vec::new();
    match Shape::of(text, layout) {
        Err(_) => {}
        Ok(Shape::One(only)) => found.push(only),
        Ok(Shape::Array(array)) => {
            // It ends where the fault is that is being placed.
            let _ = serde_json::Deserializer::from_str(array).deserialize_seq(Found(&mut found));
        }
        Ok(Shape::Lines) => {
            let values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
            found.extend(values.map_while(Result::ok));
        }
    }
    found.into_iter().map(|record| offset(text, record.get())).collect()
}

/// Where a part of a text stands.
#[inline]
pub(super) fn offset(text: &str, part: &str) -> usize {
    part.as_ptr().addr().saturating_sub(text.as_ptr().addr())
}

/// Collects the elements of an array.
struct Found<'f, 'd>(&'f mut Vec<&'d RawValue>);

impl<'de> Visitor<'de> for Found<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        while let Some(element) = elements.next_element()? {
            self.0.push(element);
        }
        Ok(())
    }
}
