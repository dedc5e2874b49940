//! The record in the body of a request: one object, of which nothing is required.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::is_in_range;
use super::raw::{members, reason, repeated, string, syntax};
use super::shape::offset;
use crate::diagnostic::shown;
use crate::load::place::place;
use crate::load::{LoadError, text};

/// What a member of a record holds.
#[derive(Debug, PartialEq)]
pub(crate) enum Member {
    /// A text, or a number or truth value as it is written; `null` is the empty text.
    Text(String),
    /// An object or an array.
    NotScalar,
}

/// The members of the object that a body holds, in their order; of an array its first element counts.
///
/// # Errors
/// If the body is no JSON text, holds no object, or an object with a member twice or a number that no
/// double has.
pub(crate) fn body(data: &[u8]) -> Result<Vec<(String, Member)>, LoadError> {
    let text = text(data)?;
    let said = |at: &str, why: String| {
        LoadError::Syntax(format!("{}: {why}", place(text, offset(text, at))))
    };
    // Nearly every body is one object, which is read at once.
    let (record, members) = if let Some(members) = members(text) {
        (text.trim_start(), members)
    } else {
        let record = first(text)?.get();
        let members = members(record);
        (record, members.ok_or_else(|| said(record, "expected an object of fields".into()))?)
    };
    if let Some(again) = repeated(&members).into_iter().next() {
        return Err(said(record, again));
    }
    let member = |(name, raw): (Cow<'_, str>, &RawValue)| {
        let why = |why| said(raw.get(), format!("`{}`: {why}", shown(&name)));
        let value = value(raw).map_err(why)?;
        Ok((name.into_owned(), value))
    };
    members.into_iter().map(member).collect()
}

/// What a text holds, or of an array its first element.
fn first(text: &str) -> Result<&RawValue, LoadError> {
    let fault = |error: serde_json::Error| {
        let error = syntax(text, &error);
        if let LoadError::UnknownLayout(message) = error {
            return LoadError::Syntax(message);
        }
        error
    };
    let whole: &RawValue = serde_json::from_str(text).map_err(fault)?;
    if !whole.get().starts_with('[') {
        return Ok(whole);
    }
    let First(first) = serde_json::from_str(text).map_err(fault)?;
    first.ok_or_else(|| LoadError::Syntax("the array holds no record".into()))
}

/// The first element of an array; the others are read over.
struct First<'d>(Option<&'d RawValue>);

impl<'de> Deserialize<'de> for First<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Elements;
        impl<'de> Visitor<'de> for Elements {
            type Value = First<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(
                self,
                mut elements: A,
            ) -> Result<Self::Value, A::Error> {
                let first = elements.next_element()?;
                while elements.next_element::<IgnoredAny>()?.is_some() {}
                Ok(First(first))
            }
        }
        deserializer.deserialize_seq(Elements)
    }
}

fn value(raw: &RawValue) -> Result<Member, String> {
    let value = raw.get();
    match value.as_bytes().first() {
        Some(b'"') => match string(value) {
            Ok(text) => Ok(Member::Text(text.into_owned())),
            Err(error) => Err(reason(&error)),
        },
        Some(b'n') => Ok(Member::Text(String::new())),
        Some(b'{' | b'[') => Ok(Member::NotScalar),
        Some(b't' | b'f') => Ok(Member::Text(value.to_owned())),
        _ if is_in_range(value) => Ok(Member::Text(value.to_owned())),
        _ => Err("number out of range".into()),
    }
}
