//! Values: what a field can hold, how its text is read, printed and compared. No clock.

mod ascii;
mod datetime;
mod fold;
mod number;
mod set;

use std::borrow::Cow;
use std::fmt;

pub use datetime::{Date, DateTime, NotADateTime};
pub use fold::{Case, Folded};
pub use number::Number;
pub use set::FoldedSet;

/// How the values of a field are read and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FieldType {
    /// Any text; choices, addresses and phone numbers too.
    String,
    /// A whole number; read as any decimal number.
    Integer,
    /// A decimal number.
    Decimal,
    /// `true` or `false`, in any case, or `1` or `0`.
    Boolean,
    /// A calendar day, `YYYY-MM-DD`.
    Date,
    /// An instant, stored as UTC text `YYYY-MM-DD HH:MM:SS`.
    DateTime,
    /// The sys_id of a record of another table.
    Reference,
    /// 32 hexadecimal digits that name a record.
    SysId,
}

/// What a type's values are compared as; types of one kind compare with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// As text: strings, sys_ids, references.
    Text,
    /// As exact decimal numbers.
    Number,
    /// As truth values.
    Boolean,
    /// As calendar days.
    Date,
    /// As instants.
    DateTime,
}

impl FieldType {
    /// Every type, in the order of the reference.
    pub const ALL: [Self; 8] = [
        Self::String,
        Self::Integer,
        Self::Decimal,
        Self::Boolean,
        Self::Date,
        Self::DateTime,
        Self::Reference,
        Self::SysId,
    ];

    /// The name used in schema files and messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::Reference => "reference",
            Self::SysId => "sys_id",
        }
    }

    /// The type of that [`name`](Self::name).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What its values are compared as.
    pub const fn kind(self) -> Kind {
        match self {
            Self::String | Self::Reference | Self::SysId => Kind::Text,
            Self::Integer | Self::Decimal => Kind::Number,
            Self::Boolean => Kind::Boolean,
            Self::Date => Kind::Date,
            Self::DateTime => Kind::DateTime,
        }
    }

    /// Whether a value with this text counts as filled: it is not empty and the type can read it.
    ///
    /// Source: a stored value its type cannot read counts as empty (our choice).
    pub fn reads(self, text: &str) -> bool {
        ValueRef::from(text).is_filled(self.kind())
    }
}

impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One value of a row, borrowed where it can be.
///
/// A row may answer with the stored text or with the typed value; both mean the same. A value that
/// the field's type cannot read keeps its text and counts as empty where a typed value is wanted.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum ValueRef<'a> {
    /// NULL, missing and `""` are this one state.
    #[default]
    Empty,
    /// The stored text, of any type.
    Text(Cow<'a, str>),
    /// A whole number.
    Integer(i64),
    /// A decimal number.
    Decimal(Number<'a>),
    /// A truth value.
    Boolean(bool),
    /// A calendar day.
    Date(Date),
    /// An instant.
    DateTime(DateTime),
}

impl<'a> ValueRef<'a> {
    /// The text form: what is stored, shown, and read by text operators. `None` if empty.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match self.as_text() {
            Some(text) => Some(Cow::Borrowed(text)),
            None => self.clone().into_text(),
        }
    }

    /// The text if the value holds one, without printing.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => (!text.is_empty()).then_some(text),
            Self::Empty
            | Self::Integer(_)
            | Self::Decimal(_)
            | Self::Boolean(_)
            | Self::Date(_)
            | Self::DateTime(_) => None,
        }
    }

    /// The text form, as [`text`](Self::text), borrowing as long as the value does.
    pub fn into_text(self) -> Option<Cow<'a, str>> {
        let text: Cow<'a, str> = match self {
            Self::Empty => return None,
            Self::Text(text) => text,
            Self::Integer(number) => number.to_string().into(),
            Self::Decimal(number) => number.to_string().into(),
            Self::Boolean(true) => "true".into(),
            Self::Boolean(false) => "false".into(),
            Self::Date(date) => date.to_text().into(),
            Self::DateTime(instant) => instant.to_text().into(),
        };
        (!text.is_empty()).then_some(text)
    }

    /// Adds the text form to the end of others.
    #[cfg(feature = "api")]
    pub(crate) fn push_to(&self, out: &mut Vec<u8>) {
        use std::io::Write;
        // Memory takes what is written.
        let _ = match self {
            Self::Empty => Ok(()),
            Self::Text(text) => out.write_all(text.as_bytes()),
            Self::Integer(number) => write!(out, "{number}"),
            Self::Decimal(number) => write!(out, "{number}"),
            Self::Boolean(truth) => out.write_all(if *truth { b"true" } else { b"false" }),
            Self::Date(date) => out.write_all(&date.stored()),
            Self::DateTime(instant) => out.write_all(&instant.stored()),
        };
    }

    /// The value as a number; `None` if it is empty or does not read as one.
    pub fn number(&self) -> Option<Number<'_>> {
        match self {
            Self::Integer(number) => Some(Number::from(*number)),
            Self::Decimal(number) => Some(number.borrowed()),
            Self::Text(text) => Number::read(text),
            Self::Empty | Self::Boolean(_) | Self::Date(_) | Self::DateTime(_) => None,
        }
    }

    /// The value as a truth value; `None` if it is empty or does not read as one.
    #[inline]
    pub fn boolean(&self) -> Option<bool> {
        match self {
            Self::Boolean(value) => Some(*value),
            Self::Integer(0) => Some(false),
            Self::Integer(1) => Some(true),
            Self::Text(text) => read_boolean(text),
            Self::Decimal(number) => read_boolean(&number.to_string()),
            Self::Empty | Self::Integer(_) | Self::Date(_) | Self::DateTime(_) => None,
        }
    }

    /// The value as a calendar day; an instant counts as its day in UTC.
    pub fn date(&self) -> Option<Date> {
        match self {
            Self::Date(date) => Some(*date),
            Self::DateTime(instant) => Some(instant.date()),
            Self::Text(text) => Date::read(text),
            Self::Empty | Self::Integer(_) | Self::Decimal(_) | Self::Boolean(_) => None,
        }
    }

    /// The value as an instant; a day counts as its midnight in UTC.
    pub fn date_time(&self) -> Option<DateTime> {
        match self {
            Self::DateTime(instant) => Some(*instant),
            Self::Date(date) => Some(date.midnight()),
            Self::Text(text) => DateTime::read(text),
            Self::Empty | Self::Integer(_) | Self::Decimal(_) | Self::Boolean(_) => None,
        }
    }

    /// Whether there is a value that reads as `kind`.
    pub fn is_filled(&self, kind: Kind) -> bool {
        match kind {
            Kind::Text => match self {
                Self::Empty => false,
                Self::Text(text) => !text.is_empty(),
                Self::Integer(_)
                | Self::Decimal(_)
                | Self::Boolean(_)
                | Self::Date(_)
                | Self::DateTime(_) => true,
            },
            Kind::Number => self.number().is_some(),
            Kind::Boolean => self.boolean().is_some(),
            Kind::Date => self.date().is_some(),
            Kind::DateTime => self.date_time().is_some(),
        }
    }
}

impl<'a> From<&'a str> for ValueRef<'a> {
    fn from(text: &'a str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(Cow::Borrowed(text)) }
    }
}

impl From<i64> for ValueRef<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for ValueRef<'_> {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl<T: Into<Self>> From<Option<T>> for ValueRef<'_> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// Reads `true`, `false`, in any case, `1` and `0`.
pub(crate) fn read_boolean(text: &str) -> Option<bool> {
    match text {
        "1" => Some(true),
        "0" => Some(false),
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}
