//! Literals: the values operands are read as.

use std::borrow::Cow;

use crate::diagnostic::{Code, Diagnostic, shown};
use crate::filter::{Bounds, Operand, TextTest};
use crate::operator::Relation;
use crate::schema::Field;
use crate::span::Span;
use crate::value::{
    Case, Date, DateTime, FieldType, Folded, FoldedSet, Kind, Number, read_boolean,
};

/// A literal in the type of its field.
pub(super) enum Literal {
    Text(Folded),
    Number(Number<'static>),
    Boolean(bool),
    Date(Date),
    DateTime(DateTime),
}

impl Literal {
    /// Reads a text as a value of that kind.
    pub(super) fn read(kind: Kind, text: &str, case: Case) -> Option<Self> {
        match kind {
            Kind::Text => Some(Literal::Text(Folded::new(text, case))),
            Kind::Number => Number::read(text).map(|number| Literal::Number(number.into_owned())),
            Kind::Boolean => read_boolean(text).map(Literal::Boolean),
            Kind::Date => Date::read_operand(text).map(Literal::Date),
            Kind::DateTime => DateTime::read_operand(text).map(Literal::DateTime),
        }
    }
}

impl Literal {
    pub(super) fn compared(self, relation: Relation) -> Operand {
        match self {
            Self::Text(text) => Operand::Text(TextTest::Compare(relation, text)),
            Self::Number(number) => Operand::Number(Bounds::Compare(relation, number)),
            Self::Boolean(value) => Operand::Boolean(Bounds::Compare(relation, value)),
            Self::Date(date) => Operand::Date(Bounds::Compare(relation, date)),
            Self::DateTime(instant) => Operand::DateTime(Bounds::Compare(relation, instant)),
        }
    }

    /// The range between two literals of one type.
    pub(super) fn up_to(self, to: Self) -> Operand {
        match (self, to) {
            (Self::Text(from), Self::Text(to)) => Operand::Text(TextTest::Between(from, to)),
            (Self::Number(from), Self::Number(to)) => Operand::Number(Bounds::Between(from, to)),
            (Self::Boolean(from), Self::Boolean(to)) => Operand::Boolean(Bounds::Between(from, to)),
            (Self::Date(from), Self::Date(to)) => Operand::Date(Bounds::Between(from, to)),
            (Self::DateTime(from), Self::DateTime(to)) => {
                Operand::DateTime(Bounds::Between(from, to))
            }
            (from, _) => from.compared(Relation::Equal),
        }
    }
}

impl Operand {
    pub(super) fn is_reversed(&self) -> bool {
        match self {
            Self::Text(test) => test.is_reversed(),
            Self::Number(bounds) => bounds.are_reversed(),
            Self::Boolean(bounds) => bounds.are_reversed(),
            Self::Date(bounds) => bounds.are_reversed(),
            Self::DateTime(bounds) => bounds.are_reversed(),
            Self::Present(_) | Self::Part(_) => false,
        }
    }
}

/// A list of literals of one kind.
pub(super) fn listed(literals: Vec<Literal>, kind: Kind) -> Operand {
    macro_rules! pick {
        ($variant:ident) => {
            literals.into_iter().filter_map(|literal| match literal {
                Literal::$variant(value) => Some(value),
                _ => None,
            })
        };
    }
    match kind {
        Kind::Text => Operand::Text(TextTest::OneOf(FoldedSet::new(pick!(Text).collect()))),
        Kind::Number => Operand::Number(Bounds::one_of(pick!(Number).collect())),
        Kind::Boolean => Operand::Boolean(Bounds::one_of(pick!(Boolean).collect())),
        Kind::Date => Operand::Date(Bounds::one_of(pick!(Date).collect())),
        Kind::DateTime => Operand::DateTime(Bounds::one_of(pick!(DateTime).collect())),
    }
}

pub(super) fn unreadable_literal(field: &Field, text: &str, span: Span) -> Diagnostic {
    let (code, expected): (Code, Cow<'_, str>) = match field.kind {
        FieldType::Date => (Code::BadDate, "a date, `YYYY-MM-DD`".into()),
        FieldType::DateTime => {
            (Code::BadDate, "a date, `YYYY-MM-DD` or `YYYY-MM-DD HH:MM:SS`".into())
        }
        FieldType::Boolean => (Code::BadValue, "`true` or `false`".into()),
        FieldType::String
        | FieldType::Integer
        | FieldType::Decimal
        | FieldType::Reference
        | FieldType::SysId => (Code::BadValue, format!("a value of type {}", field.kind).into()),
    };
    let text = if text.is_empty() { "nothing".to_owned() } else { format!("`{}`", shown(text)) };
    let message = format!("{text} does not read as {expected} for `{}`", field.name);
    Diagnostic::new(code, span, message)
}
