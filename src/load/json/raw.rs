//! Parts of JSON text: strings, members, values that stand for others, and what is wrong.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use memchr::memchr;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::diagnostic::shown;
use crate::load::LoadError;
use crate::load::place::place;
use crate::schema::json_fault;

/// The text of a JSON string.
#[inline]
pub(super) fn string(value: &str) -> Result<Cow<'_, str>, serde_json::Error> {
    let inner = value.get(1..value.len().saturating_sub(1)).unwrap_or_default();
    if memchr(b'\\', inner.as_bytes()).is_none() {
        return Ok(Cow::Borrowed(inner));
    }
    serde_json::from_str(value).map(Cow::Owned)
}

/// The members of an object in their order, repeated ones included; `None` of anything else.
pub(super) fn members(object: &str) -> Option<Vec<(Cow<'_, str>, &RawValue)>> {
    serde_json::from_str(object).ok().map(|Members(members)| members)
}

/// The message of an API answer's `error`.
pub(super) fn error_answer(error: &RawValue) -> Option<String> {
    let (_, message) = members(error.get())?.into_iter().find(|(name, _)| name == "message")?;
    serde_json::from_str(message.get()).ok()
}

/// What is wrong, without where: that is said of the whole text.
pub(super) fn reason(error: &serde_json::Error) -> String {
    let said = error.to_string();
    said.split(" at line ").next().unwrap_or_default().to_owned()
}

/// Why a text is no JSON.
pub(super) fn syntax(text: &str, error: &serde_json::Error) -> LoadError {
    const DEEPEST: usize = 128;
    if let Some(at) = deeper_than(DEEPEST, text) {
        let place = place(text, at);
        return LoadError::Syntax(format!("{place}: nested too deeply, over {DEEPEST} levels"));
    }
    let first = text.trim_start().as_bytes().first();
    let is_json = matches!(first, Some(b'[' | b'{') | None);
    if first == Some(&b'<') {
        return LoadError::Syntax(format!("looks like XML, which is not read; {READ}"));
    }
    if !is_json && text.lines().next().is_some_and(|line| line.contains(',')) {
        return LoadError::Syntax(format!("looks like CSV, which is not {NOT_CSV}"));
    }
    let fault = json_fault(text, error);
    let is_binary = text.chars().any(|c| c.is_control() && !c.is_whitespace());
    match (is_json, is_binary) {
        (true, _) => LoadError::Syntax(fault),
        (false, true) => LoadError::Syntax(format!("{fault}; there are control characters")),
        (false, false) => LoadError::UnknownLayout(fault),
    }
}

/// What is read instead, and what CSV is not.
#[cfg(feature = "csv")]
const READ: &str = "give JSON, NDJSON or CSV";
#[cfg(feature = "csv")]
const NOT_CSV: &str = "what was asked for";
#[cfg(not(feature = "csv"))]
const READ: &str = "give JSON or NDJSON";
#[cfg(not(feature = "csv"))]
const NOT_CSV: &str = "read; give JSON or NDJSON";

/// Where the first bracket stands that is deeper than that, those in strings aside.
fn deeper_than(deepest: usize, text: &str) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    text.bytes().position(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => depth += 1,
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > deepest
    })
}

struct Members<'d>(Vec<(Cow<'d, str>, &'d RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                    members.push((Cow::Owned(name), value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

/// What is wrong with the names of members: each that is given again.
pub(super) fn repeated(members: &[(Cow<'_, str>, &RawValue)]) -> Vec<String> {
    let mut seen = HashSet::with_capacity(members.len());
    let again = members.iter().filter(|(name, _)| !seen.insert(name));
    again.map(|(name, _)| format!("`{}` is given twice", shown(name))).collect()
}

/// The `value` of an object that holds nothing but a link or display value beside it.
pub(super) fn with_value(raw: &RawValue) -> Option<&RawValue> {
    let members = raw.get().starts_with('{').then(|| members(raw.get()))??;
    let known = ["value", "link", "display_value"];
    let all_known = members.iter().all(|(name, _)| known.contains(&&**name));
    let value = members.iter().find(|(name, _)| name == "value")?;
    (all_known && repeated(&members).is_empty()).then_some(value.1)
}
