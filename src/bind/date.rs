//! Operators that ask for periods, distances from now and parts of a date.

use super::Binding;
use super::part::Part;
use super::script::{self, Argument};
use crate::calendar::{self, Weekday};
use crate::diagnostic::{Code, Diagnostic, shown};
use crate::filter::{Bounds, Operand, PartTest, Predicate};
use crate::function::{Edge, Meaning, PERIODS, Unit};
use crate::operator::{Polarity, Relation};
use crate::schema::Field;
use crate::value::{Date, DateTime, Kind};

const PARTS: [(&str, calendar::Part); 7] = [
    ("dayofweek", calendar::Part::DayOfWeek),
    ("month", calendar::Part::Month),
    ("quarter", calendar::Part::Quarter),
    ("year", calendar::Part::Year),
    ("week", calendar::Part::Week),
    ("hour", calendar::Part::Hour),
    ("dayofmonth", calendar::Part::DayOfMonth),
];

const COMPARISONS: [(&str, Relation); 5] = [
    ("EE", Relation::Equal),
    ("GT", Relation::Greater),
    ("GE", Relation::GreaterOrEqual),
    ("LT", Relation::Less),
    ("LE", Relation::LessOrEqual),
];

/// In the order of their numbers.
const DAYS: [&str; 7] = [
    Weekday::Sunday.name(),
    Weekday::Monday.name(),
    Weekday::Tuesday.name(),
    Weekday::Wednesday.name(),
    Weekday::Thursday.name(),
    Weekday::Friday.name(),
    Weekday::Saturday.name(),
];

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl Binding<'_, '_> {
    /// ```ebnf
    /// value = label , [ "@" , start , "@" , end ] ;
    /// ```
    pub(super) fn period(
        &mut self,
        field: &Field,
        value: &Part<'_>,
        polarity: Polarity,
    ) -> Result<Predicate, Diagnostic> {
        let parts: Vec<Part<'_>> =
            script::split_at_signs(value.text).map(|part| value.slice(part)).collect();
        let operand = match parts.as_slice() {
            [label] => self.named_period(field, label)?,
            [_, from, to] if !from.text.is_empty() && !to.text.is_empty() => {
                self.range(field, from, to)?
            }
            _ => {
                let message = format!(
                    "`{}` is no period; expected `label` or `label@start@end`",
                    shown(value.text)
                );
                return Err(Diagnostic::new(Code::BadDate, value.span, message));
            }
        };
        Ok(Predicate::new(operand, polarity, false))
    }

    /// A period by its label, or a day.
    fn named_period(&self, field: &Field, label: &Part<'_>) -> Result<Operand, Diagnostic> {
        let named = PERIODS.iter().find(|period| period.label.eq_ignore_ascii_case(label.text));
        let (first, last) = if let Some(period) = named {
            let calendar = self.now(label.span)?;
            (calendar.bound(period, Edge::Start), calendar.bound(period, Edge::End))
        } else if let Some(day) = Date::read(label.text).filter(|_| label.text.len() == 10) {
            if field.kind.kind() == Kind::Date {
                return Ok(Operand::Date(Bounds::Between(day, day)));
            }
            let calendar = self.calendar();
            (calendar.day_edge(day, Edge::Start), calendar.day_edge(day, Edge::End))
        } else {
            let message = format!(
                "`{}` is no period that is known, such as `Last 30 days`, and no day",
                shown(label.text)
            );
            return Err(Diagnostic::new(Code::BadDate, label.span, message));
        };
        Ok(self.instants(field, first, last))
    }

    /// From one instant to another, for a field of days from the day of the one to that of the other.
    fn instants(&self, field: &Field, first: DateTime, last: DateTime) -> Operand {
        if field.kind.kind() == Kind::Date {
            let calendar = self.calendar();
            return Operand::Date(Bounds::Between(calendar.day(first), calendar.day(last)));
        }
        Operand::DateTime(Bounds::Between(first, last))
    }

    /// ```ebnf
    /// value = "@" , unit , "@" , ( "ago" | "ahead" ) , "@" , number ;
    /// ```
    pub(super) fn relative(
        &mut self,
        field: &Field,
        value: &Part<'_>,
        relation: Relation,
    ) -> Result<Predicate, Diagnostic> {
        let parts: Vec<Part<'_>> = value.text.split('@').map(|part| value.slice(part)).collect();
        let [before, unit_name, direction, number] = parts.as_slice() else {
            return Err(not_relative(value));
        };
        if !before.text.is_empty() {
            return Err(not_relative(value));
        }
        let unit = unit(unit_name)?;
        let count = number_of_units(number)?;
        let count = match direction.text {
            "ago" => -count,
            "ahead" => count,
            other => {
                let message = format!("`{}` is neither `ago` nor `ahead`", shown(other));
                return Err(Diagnostic::new(Code::BadValue, direction.span, message));
            }
        };
        let calendar = self.now(value.span)?;
        let instant = calendar.moved(calendar.now(), unit, count);
        let operand = if relation == Relation::Equal {
            let (first, last) = calendar.unit_around(instant, unit);
            self.instants(field, first, last)
        } else if field.kind.kind() == Kind::Date {
            Operand::Date(Bounds::Compare(relation, calendar.day(instant)))
        } else {
            Operand::DateTime(Bounds::Compare(relation, instant))
        };
        Ok(Predicate::new(operand, Polarity::Positive, false))
    }

    /// ```ebnf
    /// value = label , "@" , "javascript:gs.datePart(" , part , "," , value , "," , comparison , ")" ;
    /// ```
    pub(super) fn date_part(
        &self,
        field: &Field,
        value: &Part<'_>,
    ) -> Result<Predicate, Diagnostic> {
        let call = value.text.split_once('@').map(|(_, call)| value.slice(call));
        let call = call.map(|call| script::call(&call)).transpose()?.flatten();
        let call = call.filter(|call| call.function.meaning() == Meaning::DatePart);
        let arguments = call.as_ref().map(|call| call.arguments.as_slice());
        let Some([part_name, wanted, comparison]) = arguments else {
            let message = format!(
                "`{}` does not read; expected `label@javascript:gs.datePart(part,value,comparison)`",
                shown(value.text)
            );
            return Err(Diagnostic::new(Code::BadValue, value.span, message));
        };
        let known = PARTS.iter().find(|(name, _)| *name == part_name.text());
        let part = known.ok_or_else(|| one_of(part_name, &PARTS.map(|(name, _)| name)))?.1;
        let known = COMPARISONS.iter().find(|(name, _)| *name == comparison.text());
        let relation =
            known.ok_or_else(|| one_of(comparison, &COMPARISONS.map(|(name, _)| name)))?.1;
        let number = number_of_part(part, wanted)?;
        let (kind, calendar) = (field.kind.kind(), self.calendar().clone());
        let test = PartTest { kind, part, relation, number, calendar };
        Ok(Predicate::new(Operand::Part(Box::new(test)), Polarity::Positive, false))
    }
}

/// A unit by its name.
pub(super) fn unit(name: &Part<'_>) -> Result<Unit, Diagnostic> {
    Unit::from_name(name.text).ok_or_else(|| {
        let names: Vec<&str> = Unit::ALL.into_iter().map(Unit::name).collect();
        let message = format!("`{}` is no unit; units are {}", shown(name.text), names.join(", "));
        Diagnostic::new(Code::BadValue, name.span, message)
    })
}

/// How many units; more than there can be are as many as there can be.
pub(super) fn number_of_units(number: &Part<'_>) -> Result<i64, Diagnostic> {
    let is_number =
        !number.text.is_empty() && number.text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number {
        let message = format!("`{}` is no number of units", shown(number.text));
        return Err(Diagnostic::new(Code::BadValue, number.span, message));
    }
    Ok(number.text.parse().unwrap_or(i64::MAX))
}

fn not_relative(value: &Part<'_>) -> Diagnostic {
    let message =
        format!("`{}` does not read; expected `@unit@ago@n` or `@unit@ahead@n`", shown(value.text));
    Diagnostic::new(Code::BadValue, value.span, message)
}

/// A value of a part: a number in its range, or the name of a day or month, whole or three letters.
fn number_of_part(part: calendar::Part, wanted: &Argument<'_>) -> Result<i32, Diagnostic> {
    let (names, range): (&[&str], _) = match part {
        calendar::Part::DayOfWeek => (&DAYS, 1..=7),
        calendar::Part::Month => (&MONTHS, 1..=12),
        calendar::Part::Quarter => (&[], 1..=4),
        calendar::Part::Year => (&[], 1..=9999),
        calendar::Part::Week => (&[], 1..=53),
        calendar::Part::Hour => (&[], 0..=23),
        calendar::Part::DayOfMonth => (&[], 1..=31),
    };
    let text = wanted.text();
    let is_named = |name: &&str| {
        text.eq_ignore_ascii_case(name)
            || name.get(..3).is_some_and(|short| text.eq_ignore_ascii_case(short))
    };
    let named = (1..).zip(names).find(|(_, name)| is_named(name)).map(|(number, _)| number);
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number =
        is_number.then(|| text.parse().ok()).flatten().filter(|number| range.contains(number));
    named.or(number).ok_or_else(|| {
        let (first, last) = (range.start(), range.end());
        let names = if names.is_empty() { "" } else { " or a name" };
        let message = format!(
            "`{}` is no value of this part: expected {first} to {last}{names}",
            shown(text)
        );
        Diagnostic::new(Code::BadScriptArgument, wanted.span(), message)
    })
}

fn one_of(argument: &Argument<'_>, names: &[&str]) -> Diagnostic {
    let text = shown(argument.text());
    let message = format!("`{text}` is none of `{}`", names.join("`, `"));
    Diagnostic::new(Code::BadScriptArgument, argument.span(), message)
}
