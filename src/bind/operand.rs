//! Operands to predicates: what the text after an operator means for a field of a type.

use std::borrow::Cow;

use super::literal::{Literal, listed, unreadable_literal};
use super::options::EmptyBooleans;
use super::part::Part;
use super::script::Answer;
use super::{Binding, script};
use crate::diagnostic::{Code, Diagnostic, Severity, shown};
use crate::filter::{Operand, Predicate, TextTest};
use crate::operator::{Place, Polarity, Relation};
use crate::schema::Field;
use crate::syntax::Condition;
use crate::value::{DateTime, FieldType, Folded, Kind};

/// Bytes of a day, `YYYY-MM-DD`.
const DAY: usize = 10;

/// What stands for an empty field in `=` and `!=`, exactly so.
const NULL: &str = "NULL";

impl Binding<'_, '_> {
    pub(super) fn compare(
        &mut self,
        condition: &Condition<'_>,
        field: &Field,
        value: &Part<'_>,
        relation: Relation,
    ) -> Result<Predicate, Diagnostic> {
        if is_empty(value.text) {
            match relation {
                Relation::Equal => return Ok(empty(field, Polarity::Positive)),
                Relation::NotEqual => return Ok(empty(field, Polarity::Negative)),
                Relation::Less
                | Relation::LessOrEqual
                | Relation::Greater
                | Relation::GreaterOrEqual => {}
            }
        }
        if let Relation::Equal | Relation::NotEqual = relation {
            self.hint_lower_case_null(field, value);
            if script::is_call(value.text) {
                let is_not = relation == Relation::NotEqual;
                let polarity = if is_not { Polarity::Negative } else { Polarity::Positive };
                return self.one_of(condition, field, value, polarity);
            }
        }
        if value.text.is_empty() && field.kind.kind() == Kind::Text {
            let message = format!("`{}` has no value to compare with", condition.operator());
            self.say(Code::EmptyOperand, condition.span(), message);
        }
        let literal = self.literal(field, value)?;
        // `!=` is `=` turned round, so that the answer for empty fields is said in one place.
        let (relation, polarity) = if relation == Relation::NotEqual {
            (Relation::Equal, Polarity::Negative)
        } else {
            (relation, Polarity::Positive)
        };
        if matches!(relation, Relation::Equal) {
            self.hint_not_a_sys_id(field, value);
        }
        let on_empty = self.on_empty(condition, field, polarity, EmptyBooleans::Match);
        Ok(Predicate::new(literal.compared(relation), polarity, on_empty))
    }

    pub(super) fn contains(
        &mut self,
        condition: &Condition<'_>,
        field: &Field,
        value: &Part<'_>,
        place: Place,
        polarity: Polarity,
    ) -> Result<Predicate, Diagnostic> {
        self.limit_operand(value)?;
        let text = self.text_of(value)?;
        let value = Part { text: &text, ..*value };
        let test = TextTest::Contains(place, Folded::new(value.text, self.binder.case()));
        if value.text.is_empty() {
            // The empty text is in every text, that of an empty field included.
            let rows = if polarity == Polarity::Positive { "every row" } else { "no row" };
            let message =
                format!("`{}` has no value to look for and matches {rows}", condition.operator());
            self.say(Code::EmptyOperand, condition.span(), message);
            let on_empty = polarity == Polarity::Positive;
            return Ok(Predicate::new(Operand::Text(test), polarity, on_empty));
        }
        let on_empty = self.on_empty(condition, field, polarity, EmptyBooleans::DoNotMatch);
        Ok(Predicate::new(Operand::Text(test), polarity, on_empty))
    }

    pub(super) fn one_of(
        &mut self,
        condition: &Condition<'_>,
        field: &Field,
        value: &Part<'_>,
        polarity: Polarity,
    ) -> Result<Predicate, Diagnostic> {
        let literals = self.list(field, value)?;
        let on_empty = self.on_empty(condition, field, polarity, EmptyBooleans::Match);
        // That a user is in no group is no slip of the query.
        if literals.is_empty() && !script::is_call(value.text) {
            let rows = match polarity {
                Polarity::Positive => "no row",
                Polarity::Negative if on_empty => "every row",
                Polarity::Negative => "every row with a value",
            };
            let message =
                format!("`{}` has an empty list and matches {rows}", condition.operator());
            self.say(Code::EmptyList, condition.span(), message);
        }
        Ok(Predicate::new(listed(literals, field.kind.kind()), polarity, on_empty))
    }

    /// The values of a list; what a script gives is not split.
    fn list(&mut self, field: &Field, value: &Part<'_>) -> Result<Vec<Literal>, Diagnostic> {
        if script::is_call(value.text) {
            return match self.answer(value)? {
                Some(Answer::List(items)) => {
                    let part = |text| Part { text, span: value.span };
                    items.iter().map(|item| self.literal(field, &part(item))).collect()
                }
                Some(_) | None => Ok(vec![self.literal(field, value)?]),
            };
        }
        let limit = self.binder.options.limits.list_values;
        let mut literals = Vec::new();
        for item in value.text.split(',').map(str::trim).filter(|item| !item.is_empty()) {
            if literals.len() == limit {
                let message = format!("the list has more than {limit} values");
                return Err(Diagnostic::new(Code::TooManyValues, value.span, message));
            }
            let item = value.slice(item);
            self.hint_not_a_sys_id(field, &item);
            literals.push(self.literal(field, &item)?);
        }
        Ok(literals)
    }

    /// Refuses a text to look for that costs too much.
    pub(super) fn limit_operand(&self, value: &Part<'_>) -> Result<(), Diagnostic> {
        let (length, limit) = (value.text.len(), self.binder.options.limits.operand);
        if length <= limit {
            return Ok(());
        }
        let message = format!("the value has {length} bytes; the limit is {limit}");
        Err(Diagnostic::new(Code::TooLong, value.span, message))
    }

    /// The text a text operator looks for.
    pub(super) fn text_of<'v>(&self, value: &Part<'v>) -> Result<Cow<'v, str>, Diagnostic> {
        match self.answer(value)? {
            None => Ok(Cow::Borrowed(value.text)),
            Some(answer) => match answer.text() {
                Some(text) => Ok(Cow::Owned(text.into_owned())),
                None => Err(one_value_wanted(value)),
            },
        }
    }

    pub(super) fn between(
        &mut self,
        field: &Field,
        value: &Part<'_>,
    ) -> Result<Predicate, Diagnostic> {
        let Part { text, span } = *value;
        let bounds: Vec<Part<'_>> =
            script::split_at_signs(text).map(|bound| value.slice(bound)).collect();
        let [from, to] = bounds.as_slice() else {
            let message = format!("`{}` is no range; expected `from@to`", shown(text));
            return Err(Diagnostic::new(Code::BadValue, span, message));
        };
        if from.text.is_empty() || to.text.is_empty() {
            let message = format!("`{}` lacks a bound; expected `from@to`", shown(text));
            return Err(Diagnostic::new(Code::BadValue, span, message));
        }
        let operand = self.range(field, from, to)?;
        Ok(Predicate::new(operand, Polarity::Positive, false))
    }

    /// The values from one bound to the other; warns of bounds that are the wrong way round.
    pub(super) fn range(
        &mut self,
        field: &Field,
        from: &Part<'_>,
        to: &Part<'_>,
    ) -> Result<Operand, Diagnostic> {
        let operand = self.literal(field, from)?.up_to(self.literal(field, to)?);
        if operand.is_reversed() {
            let swapped = format!("{}@{}", to.text, from.text);
            let message = "the bounds are the wrong way round: nothing lies between them";
            let both = from.span.to(to.span);
            let diagnostic = Diagnostic::new(Code::ReversedBounds, both, message);
            self.diagnostics.push(diagnostic.suggesting(both, swapped, "swap them"));
        }
        Ok(operand)
    }

    /// The answer for an empty field, with a hint where that leaves rows out unasked.
    fn on_empty(
        &mut self,
        condition: &Condition<'_>,
        field: &Field,
        polarity: Polarity,
        documented: EmptyBooleans,
    ) -> bool {
        let negative = polarity == Polarity::Negative;
        let on_empty = negative && self.binder.negation_matches_empty(field.kind, documented);
        if negative && !on_empty {
            self.hint_excludes_empty(condition, &[condition.field()]);
        }
        on_empty
    }

    pub(super) fn literal(
        &mut self,
        field: &Field,
        part: &Part<'_>,
    ) -> Result<Literal, Diagnostic> {
        let Part { text, span } = *part;
        if let Some(answer) = self.answer(part)? {
            return self.literal_of(field, &answer, part);
        }
        let literal = match DateTime::read_operand(text) {
            // An instant against a field of days is its day in the zone.
            Some(instant) if field.kind.kind() == Kind::Date && text.len() > DAY => {
                Some(Literal::Date(self.calendar().day(instant)))
            }
            _ => Literal::read(field.kind.kind(), text, self.binder.case_of(field.kind)),
        };
        if literal.is_some() && matches!(field.kind.kind(), Kind::Date | Kind::DateTime) {
            self.hint_date_form(part);
        }
        literal.ok_or_else(|| unreadable_literal(field, text, span))
    }

    /// What a script gives, in the type of a field: an instant is its day for a field of days, a day
    /// its midnight for a field of instants, and both are texts for a field of texts.
    fn literal_of(
        &self,
        field: &Field,
        answer: &Answer,
        part: &Part<'_>,
    ) -> Result<Literal, Diagnostic> {
        let text = answer.text().ok_or_else(|| one_value_wanted(part))?;
        let literal = match (field.kind.kind(), answer) {
            (Kind::Date, Answer::DateTime(instant)) => {
                Some(Literal::Date(self.calendar().day(*instant)))
            }
            (kind, _) => Literal::read(kind, &text, self.binder.case_of(field.kind)),
        };
        literal.ok_or_else(|| unreadable_literal(field, &text, part.span))
    }

    /// Tells people who write `T` and `Z` in a date how the platform writes it.
    fn hint_date_form(&mut self, part: &Part<'_>) {
        let Part { text, span } = *part;
        if !text.contains(['T', 'Z']) {
            return;
        }
        let plain = text.trim_end_matches('Z').replace('T', " ");
        let message = "the platform writes a date and its time with a blank between and no zone";
        let diagnostic = Diagnostic::new(Code::SuspiciousValue, span, message);
        let diagnostic = diagnostic.with_severity(Severity::Hint);
        self.diagnostics.push(diagnostic.suggesting(span, plain, "as the platform writes it"));
    }

    /// Tells people who compare with `null` how emptiness is written.
    fn hint_lower_case_null(&mut self, field: &Field, part: &Part<'_>) {
        let is_text = matches!(field.kind, FieldType::String | FieldType::SysId);
        if part.text == "null" && !is_text {
            let message = "only upper-case `NULL` means empty; `null` is text";
            let diagnostic = Diagnostic::new(Code::LowerCaseNull, part.span, message);
            self.diagnostics.push(diagnostic.suggesting(part.span, NULL, "in upper case"));
        }
    }

    fn hint_not_a_sys_id(&mut self, field: &Field, part: &Part<'_>) {
        let Part { text, span } = *part;
        let is_id = matches!(field.kind, FieldType::Reference | FieldType::SysId);
        let reads = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_id && !reads {
            let message = format!("`{}` is no sys_id; `{}` holds sys_ids", shown(text), field.name);
            self.say(Code::NotASysId, span, message);
        }
    }
}

fn one_value_wanted(part: &Part<'_>) -> Diagnostic {
    let message = format!("`{}` gives several values where one is wanted", shown(part.text));
    Diagnostic::new(Code::BadValue, part.span, message)
}

/// Whether an operand of `=` or `!=` stands for an empty field.
pub(crate) fn is_empty(value: &str) -> bool {
    value.is_empty() || value == NULL
}

/// What every value meets, and an empty one.
pub(super) fn anything(field: &Field) -> Predicate {
    Predicate::new(Operand::Present(field.kind.kind()), Polarity::Positive, true)
}

pub(super) fn empty(field: &Field, polarity: Polarity) -> Predicate {
    let is_empty = polarity == Polarity::Positive;
    let polarity = if is_empty { Polarity::Negative } else { Polarity::Positive };
    Predicate::new(Operand::Present(field.kind.kind()), polarity, is_empty)
}
