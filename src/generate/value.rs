//! Values and operands.

use super::{Choose, Generator};
use crate::function::Unit;
use crate::operator::{Meaning, Operator, Relation};
use crate::schema::{Field, Queryable};
use crate::value::{FieldType, Kind};

const WORDS: [&str; 16] = [
    "George",
    "Warren",
    "Oslo",
    "ORlando",
    "10",
    "9",
    "a",
    "é",
    "İstanbul",
    "ß",
    "x^y",
    "100%",
    "O'Neil",
    "a_b",
    "*",
    "Москва",
];

const DAYS: [&str; 6] =
    ["2018-02-28", "2020-02-29", "2026-01-10", "2026-01-11", "1999-12-31", "2035-06-30"];

const TIMES: [&str; 4] = [" 00:00:00", " 00:00:01", " 12:30:45", " 23:59:59"];

impl<C: Choose> Generator<'_, C> {
    fn pick<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        let place = self.choices.below(texts.len());
        texts.get(place).copied().unwrap_or_default()
    }

    /// A value a field may have, never empty.
    pub(super) fn value(&mut self, field: &Field) -> String {
        match field.kind {
            FieldType::String if !field.choices.is_empty() => {
                let place = self.choices.below(field.choices.len());
                field.choices.get(place).map_or("", |choice| &choice.value).to_owned()
            }
            FieldType::String => self.pick(&WORDS).to_owned(),
            FieldType::Integer => {
                let sign = if self.choices.below(4) == 0 { "-" } else { "" };
                format!("{sign}{}", self.choices.below(30))
            }
            FieldType::Decimal => {
                format!("{}.{}", self.choices.below(90), self.choices.below(100))
            }
            FieldType::Boolean => self.pick(&["true", "false"]).to_owned(),
            FieldType::Date => self.pick(&DAYS).to_owned(),
            FieldType::DateTime => format!("{}{}", self.pick(&DAYS), self.pick(&TIMES)),
            FieldType::Reference | FieldType::SysId => format!("{:032x}", self.choices.below(20)),
        }
    }

    /// An operand that makes the condition valid; nothing if the schema has none.
    pub(super) fn operand(&mut self, field: &Field, operator: Operator) -> Option<String> {
        Some(match operator.meaning() {
            Meaning::Empty(_) | Meaning::Anything => String::new(),
            Meaning::OneOf(_) => {
                let count = 1 + self.choices.below(4);
                let values: Vec<String> = (0..count).map(|_| self.value(field)).collect();
                values.join(",")
            }
            Meaning::Between => format!("{}@{}", self.value(field), self.value(field)),
            Meaning::Fields(relation) => self.other_field(field, operator, relation)?,
            Meaning::Distance(_) => {
                let other = self.other_field(field, operator, Relation::Less)?;
                let units: Vec<&str> = Unit::ALL.into_iter().map(Unit::name).collect();
                let (unit, side) = (self.pick(&units), self.pick(&["before", "after"]));
                format!("{other}@{unit}@{side}@{}", self.choices.below(100))
            }
            Meaning::Period(_) => format!("x@{}@{}", self.value(field), self.value(field)),
            Meaning::DatePart => {
                let part = self.pick(&["month", "quarter", "dayofweek"]);
                let comparison = self.pick(&["EE", "GT", "GE", "LT", "LE"]);
                let number = 1 + self.choices.below(4);
                format!("x@javascript:gs.datePart('{part}','{number}','{comparison}')")
            }
            Meaning::Contains(..) | Meaning::Pattern(_) => {
                let value = self.value(field);
                let half = value.chars().count().div_ceil(2);
                value.chars().take(half).collect()
            }
            Meaning::Compare(_)
            | Meaning::Relative(_)
            | Meaning::Dynamic
            | Meaning::InstanceOf
            | Meaning::Hierarchy(_)
            | Meaning::Change(_)
            | Meaning::Refused => self.value(field),
        })
    }

    /// A field that may stand after the operator.
    fn other_field(
        &mut self,
        field: &Field,
        operator: Operator,
        relation: Relation,
    ) -> Option<String> {
        let is_sameness = matches!(relation, Relation::Equal | Relation::NotEqual);
        let is_like = |other: &Field| {
            other.kind.kind() == field.kind.kind()
                && operator.types().accepts(other.kind)
                && (is_sameness || other.kind.kind() != Kind::Boolean)
                && other.queryable == Queryable::Range
        };
        self.field(is_like).map(|other| other.name.clone().into_owned())
    }
}
