//! Records as they stand in JSON text.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::load::{Layout, LoadError};
use crate::diagnostic::shown;
use crate::schema::SYS_ID;
use crate::schema::json_fault;

/// The fields of a record by name.
pub(super) type Texts<'d> = Vec<(Cow<'d, str>, Cow<'d, str>)>;

/// The text of some data, without a byte order mark.
pub(crate) fn text(data: &[u8]) -> Result<&str, LoadError> {
    let data = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data);
    if data.starts_with(b"\x1f\x8b") {
        return Err(LoadError::Encoding("is compressed with gzip; unpack it first".into()));
    }
    if data.starts_with(b"\xff\xfe") || data.starts_with(b"\xfe\xff") {
        return Err(LoadError::Encoding("is not UTF-8 (looks like UTF-16)".into()));
    }
    let text = std::str::from_utf8(data).map_err(|error| {
        LoadError::Encoding(format!("invalid UTF-8 at byte {}", error.valid_up_to()))
    })?;
    if text.trim().is_empty() { Err(LoadError::Empty) } else { Ok(text) }
}

/// The records as they stand in the text.
pub(super) fn elements(text: &str, layout: Option<Layout>) -> Result<Vec<&RawValue>, LoadError> {
    let fault = |error: serde_json::Error| syntax(text, &error);
    let is_array = text.trim_start().starts_with('[');
    if layout != Some(Layout::Lines) && is_array {
        return serde_json::from_str(text).map_err(fault);
    }
    let values: Result<Vec<&RawValue>, _> =
        serde_json::Deserializer::from_str(text).into_iter().collect();
    let values = values.map_err(fault)?;
    if layout == Some(Layout::Lines) {
        return Ok(values);
    }
    if let [only] = values.as_slice()
        && let Some(members) = members(only)
    {
        let member = |wanted| members.iter().find(|(name, _)| name == wanted).map(|(_, raw)| *raw);
        if let Some(result) = member("result") {
            return match (repeated(&members).into_iter().next(), result.get().as_bytes().first()) {
                (Some(again), _) => Err(LoadError::Syntax(again)),
                (None, Some(b'[')) => serde_json::from_str(result.get()).map_err(fault),
                (None, Some(b'{')) => Ok(vec![result]),
                (None, _) => Err(LoadError::Syntax("`result` is no list of records".into())),
            };
        }
        if let Some(said) = member("error").and_then(error_answer) {
            return Err(LoadError::Syntax(format!("is an error answer: {}", shown(&said))));
        }
    }
    Ok(values)
}

fn members(raw: &RawValue) -> Option<Vec<(Cow<'_, str>, &RawValue)>> {
    serde_json::from_str(raw.get()).ok().map(|Members(members)| members)
}

/// The message of an API answer's `error`.
fn error_answer(error: &RawValue) -> Option<String> {
    let (_, message) = members(error)?.into_iter().find(|(name, _)| name == "message")?;
    serde_json::from_str(message.get()).ok()
}

fn syntax(text: &str, error: &serde_json::Error) -> LoadError {
    const DEEPEST: usize = 128;
    if nesting(text) > DEEPEST {
        return LoadError::Syntax(format!("nested too deeply, over {DEEPEST} levels"));
    }
    let looks_like = match text.trim_start().as_bytes().first() {
        Some(b'<') => Some("XML"),
        Some(b'[' | b'{') | None => None,
        Some(_) => text.lines().next().filter(|line| line.contains(',')).map(|_| "CSV"),
    };
    if let Some(format) = looks_like {
        let message = format!("looks like {format}, which is not read; give JSON or NDJSON");
        return LoadError::Syntax(message);
    }
    LoadError::Syntax(json_fault(error))
}

/// How deep brackets nest, those in strings aside.
fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => depth += 1,
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// The members of an object in their order, repeated ones included.
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

/// The texts of a record, or all that is wrong with it.
pub(super) fn record(raw: &RawValue) -> Result<Texts<'_>, String> {
    let members = members(raw).ok_or("it is not an object")?;
    let (mut texts, mut wrong): (Texts<'_>, _) = (Vec::new(), repeated(&members));
    let mut not_scalar = Vec::new();
    for (name, raw) in members {
        let quoted = |name: &str| format!("`{}`", shown(name));
        let raw = with_value(raw).unwrap_or(raw);
        let value = raw.get();
        match value.as_bytes().first() {
            Some(b'"') => match serde_json::from_str::<String>(value) {
                Ok(text) => texts.push((name, text.into())),
                Err(error) => wrong.push(format!("{}: {}", quoted(&name), error)),
            },
            Some(b'n') => texts.push((name, "".into())),
            _ if name == SYS_ID => wrong.push(format!("{} must be text", quoted(&name))),
            Some(b'{' | b'[') => not_scalar.push(quoted(&name)),
            Some(b't' | b'f') => texts.push((name, value.into())),
            _ if value.parse::<f64>().is_ok_and(f64::is_finite) => texts.push((name, value.into())),
            _ => wrong.push(format!("{}: number out of range", quoted(&name))),
        }
    }
    if !not_scalar.is_empty() {
        wrong.push(format!("{} must be scalar", not_scalar.join(", ")));
    }
    if wrong.is_empty() { Ok(texts) } else { Err(wrong.join("; ")) }
}

/// What is wrong with the names of members: each that is given again.
fn repeated(members: &[(Cow<'_, str>, &RawValue)]) -> Vec<String> {
    let mut seen = HashSet::with_capacity(members.len());
    let again = members.iter().filter(|(name, _)| !seen.insert(name));
    again.map(|(name, _)| format!("`{}` is given twice", shown(name))).collect()
}

/// The `value` of an object that holds nothing but a link or display value beside it.
fn with_value(raw: &RawValue) -> Option<&RawValue> {
    let members = raw.get().starts_with('{').then(|| members(raw))??;
    let known = ["value", "link", "display_value"];
    let all_known = members.iter().all(|(name, _)| known.contains(&&**name));
    let value = members.iter().find(|(name, _)| name == "value")?;
    (all_known && repeated(&members).is_empty()).then_some(value.1)
}
