//! The parameters of a URL or form, and what they say about pages.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};
use percent_encoding::percent_decode_str;

use super::failure::{Failure, malformed};
use crate::diagnostic::shown;
use crate::diagnostic::suggest::nearest;

pub(super) const QUERY: &str = "sysparm_query";
pub(super) const LIMIT: &str = "sysparm_limit";
pub(super) const OFFSET: &str = "sysparm_offset";
pub(super) const NO_COUNT: &str = "sysparm_no_count";
pub(super) const SUPPRESS_LINKS: &str = "sysparm_suppress_pagination_header";
pub(super) const FIELDS: &str = "sysparm_fields";
pub(super) const DISPLAY_VALUE: &str = "sysparm_display_value";
pub(super) const EXCLUDE_LINK: &str = "sysparm_exclude_reference_link";

/// The parameters that the documentation of the REST API knows for lists and records.
///
/// Source: Contact API and Table API, query parameters.
const KNOWN: [&str; 15] = [
    QUERY,
    LIMIT,
    OFFSET,
    NO_COUNT,
    SUPPRESS_LINKS,
    FIELDS,
    DISPLAY_VALUE,
    EXCLUDE_LINK,
    "sysparm_view",
    "sysparm_query_category",
    "sysparm_query_no_domain",
    "sysparm_input_display_value",
    "sysparm_suppress_auto_sys_field",
    "sysparm_read_replica_category",
    "sysparm_auto_sys_field",
];

/// A parameter, decoded and as it was written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Parameter<'r> {
    pub(super) name: Cow<'r, str>,
    pub(super) value: Cow<'r, str>,
    pub(super) written: &'r str,
}

impl Parameter<'_> {
    /// Whether it is the one of that name, whose case does not count.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// The parameters of a request in their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Parameters<'r>(Vec<Parameter<'r>>);

impl<'r> Parameters<'r> {
    /// Reads the parts of a URL or form that are joined by `&`; empty ones are nothing.
    pub(super) fn read(text: &'r str) -> Result<Self, Failure> {
        let read = |written: &'r str| {
            let (name, value) = written.split_once('=').unwrap_or((written, ""));
            let (name, value) = (decoded(name)?, decoded(value)?);
            Ok(Parameter { name, value, written })
        };
        text.split('&')
            .filter(|part| !part.is_empty())
            .map(read)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The same, then those of a form.
    pub(super) fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Parameter<'r>> {
        self.0.iter()
    }

    /// The first value of that name that is not empty.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let mut found = self.0.iter().filter(|parameter| parameter.is(name));
        found.find_map(|parameter| Some(&*parameter.value).filter(|value| !value.is_empty()))
    }

    /// The value of a parameter that may be given once.
    pub(super) fn only(&self, name: &str) -> Result<Option<&str>, Failure> {
        let mut found = self.0.iter().filter(|parameter| parameter.is(name));
        let value = found.next().map(|parameter| &*parameter.value);
        if found.next().is_some() {
            return Err(malformed(
                &format!("{name} is given twice"),
                "which of the values counts is not defined; give one",
            ));
        }
        Ok(value.filter(|value| !value.is_empty()))
    }

    /// Whether the parameter says `true`.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.value(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// What is ignored though it looks as if something was meant by it.
    pub(super) fn slips(&self, is_field: impl Fn(&str) -> bool) -> Vec<String> {
        let slip = |parameter: &Parameter<'_>| {
            let name = &*parameter.name;
            if KNOWN.iter().any(|known| parameter.is(known)) {
                return None;
            }
            let shown = shown(name);
            if let Some(meant) = nearest(name, KNOWN) {
                return Some(format!("parameter `{shown}` is ignored; did you mean `{meant}`?"));
            }
            let hint = format!("`{QUERY}` filters, by `{shown}=VALUE`");
            is_field(name).then(|| format!("parameter `{shown}` is ignored; {hint}"))
        };
        self.0.iter().filter_map(slip).collect()
    }
}

/// A part of a URL: `%` and two hexadecimal digits are a byte, `+` is a blank.
pub(super) fn decoded(text: &str) -> Result<Cow<'_, str>, Failure> {
    if memchr(b'+', text.as_bytes()).is_none() {
        return percent_decoded(text);
    }
    percent_decoded(&text.replace('+', " ")).map(|text| Cow::Owned(text.into_owned()))
}

/// The same where `+` is itself, as in a path.
pub(super) fn percent_decoded(text: &str) -> Result<Cow<'_, str>, Failure> {
    const MESSAGE: &str = "Malformed percent-encoding";
    if memchr(b'%', text.as_bytes()).is_none() {
        return Ok(Cow::Borrowed(text));
    }
    for at in memchr_iter(b'%', text.as_bytes()) {
        let digits = text.as_bytes().get(at + 1..at + 3).unwrap_or_default();
        if digits.len() < 2 || !digits.iter().all(u8::is_ascii_hexdigit) {
            let near = text.get(at..).unwrap_or_default().chars().take(3).collect::<String>();
            let detail = format!("`{}` is no `%` with two hexadecimal digits", shown(&near));
            return Err(malformed(MESSAGE, detail));
        }
    }
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.map_err(|_| malformed(MESSAGE, format!("`{}` is not UTF-8", shown(text))))
}

/// What is made of pages that are none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidPaging {
    /// The request is refused with 400.
    #[default]
    Refuse,
    /// The default counts.
    UseDefault,
}

/// The page that is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Paging {
    pub(super) limit: u64,
    pub(super) offset: u64,
}

impl Paging {
    /// Reads limit and offset.
    pub(super) fn read(
        parameters: &Parameters<'_>,
        by_default: u64,
        most: u64,
        invalid: InvalidPaging,
    ) -> Result<Self, Failure> {
        let (limit, offset) = (parameters.only(LIMIT)?, parameters.only(OFFSET)?);
        let or_default = |read: Option<u64>, default, message: String, detail| match (read, invalid)
        {
            (Some(number), _) => Ok(number),
            (None, InvalidPaging::UseDefault) => Ok(default),
            (None, InvalidPaging::Refuse) => Err(malformed(&message, detail)),
        };
        let limit = match limit {
            None => by_default,
            Some(text) => {
                let message = format!(
                    "Page size {} is Invalid. It must be a positive whole number.",
                    shown(text)
                );
                let read = digits(text).filter(|limit| *limit > 0);
                or_default(
                    read,
                    by_default,
                    message,
                    "sysparm_limit has 1 to 10 digits and is at least 1",
                )?
            }
        };
        let offset = match offset {
            None => 0,
            Some(text) => {
                let message = format!(
                    "Page offset {} is invalid. It must be a whole number, not negative.",
                    shown(text)
                );
                or_default(digits(text), 0, message, "sysparm_offset has 1 to 10 digits")?
            }
        };
        Ok(Self { limit: limit.min(most), offset })
    }
}

/// A number of 1 to 10 digits and nothing else.
fn digits(text: &str) -> Option<u64> {
    let is_number =
        (1..=10).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}
