//! Operands to predicates: what the text after an operator means for a field of a type.

use std::borrow::Cow;

use super::part::Part;
use super::{Binding, script};
use crate::diagnostic::{Code, Diagnostic, Severity, shown};
use crate::filter::{Bounds, Operand, Predicate, TextTest};
use crate::operator::{Meaning, Place, Polarity, Relation};
use crate::schema::Field;
use crate::span::Span;
use crate::syntax::Condition;
use crate::value::{Date, DateTime, FieldType, Folded, FoldedSet, Kind, Number, read_boolean};

/// What stands for an empty field in `=` and `!=`, exactly so.
const NULL: &str = "NULL";

/// A literal in the type of its field.
enum Literal {
    Text(Folded),
    Number(Number<'static>),
    Boolean(bool),
    Date(Date),
    DateTime(DateTime),
}

impl Binding<'_, '_> {
    /// The predicate of a condition whose operator looks at one value.
    pub(super) fn predicate(
        &mut self,
        condition: &Condition<'_>,
        field: &Field,
    ) -> Result<Predicate, Diagnostic> {
        let present = Operand::Present(field.kind.kind());
        let unescaped = condition.value();
        let value = Part { text: &unescaped, span: condition.value_span() };
        match condition.operator().meaning() {
            Meaning::Anything => Ok(Predicate::new(present, Polarity::Positive, true)),
            Meaning::Empty(polarity) => Ok(empty(field, polarity)),
            Meaning::Compare(relation) => self.compare(condition, field, &value, relation),
            Meaning::Contains(place, polarity) => {
                self.contains(condition, field, &value, place, polarity)
            }
            Meaning::OneOf(polarity) => self.one_of(condition, field, &value, polarity),
            Meaning::Between => self.between(field, &value),
            Meaning::Pattern(syntax) => {
                script::refuse(&value)?;
                if value.text.is_empty() {
                    self.warn_empty_pattern(condition);
                }
                let test = self.pattern(syntax, &value)?;
                Ok(Predicate::new(Operand::Text(test), Polarity::Positive, false))
            }
            // The families below are bound elsewhere.
            Meaning::Fields(_)
            | Meaning::Distance(_)
            | Meaning::Period(_)
            | Meaning::Relative(_)
            | Meaning::DatePart
            | Meaning::Dynamic
            | Meaning::InstanceOf
            | Meaning::Hierarchy
            | Meaning::Change
            | Meaning::Refused => Ok(Predicate::new(present, Polarity::Positive, false)),
        }
    }

    fn compare(
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
        if matches!(relation, Relation::Equal | Relation::NotEqual) {
            self.hint_lower_case_null(field, value);
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
        let on_empty = self.on_empty(condition, field, polarity, true);
        Ok(Predicate::new(literal.compared(relation), polarity, on_empty))
    }

    fn contains(
        &mut self,
        condition: &Condition<'_>,
        field: &Field,
        value: &Part<'_>,
        place: Place,
        polarity: Polarity,
    ) -> Result<Predicate, Diagnostic> {
        script::refuse(value)?;
        let limit = self.binder.options.limits.operand;
        if value.text.len() > limit {
            let message = format!("the value has {} bytes; the limit is {limit}", value.text.len());
            return Err(Diagnostic::new(Code::TooLong, value.span, message));
        }
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
        let on_empty = self.on_empty(condition, field, polarity, false);
        Ok(Predicate::new(Operand::Text(test), polarity, on_empty))
    }

    fn one_of(
        &mut self,
        condition: &Condition<'_>,
        field: &Field,
        value: &Part<'_>,
        polarity: Polarity,
    ) -> Result<Predicate, Diagnostic> {
        script::refuse(value)?;
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
        let on_empty = self.on_empty(condition, field, polarity, true);
        if literals.is_empty() {
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

    fn between(&mut self, field: &Field, value: &Part<'_>) -> Result<Predicate, Diagnostic> {
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
        let operand = self.literal(field, from)?.up_to(self.literal(field, to)?);
        if operand.is_reversed() {
            let swapped = format!("{}@{}", to.text, from.text);
            let message = "the bounds are the wrong way round: nothing lies between them";
            let diagnostic = Diagnostic::new(Code::ReversedBounds, span, message);
            self.diagnostics.push(diagnostic.suggesting(span, swapped, "swap them"));
        }
        Ok(Predicate::new(operand, Polarity::Positive, false))
    }

    /// The answer for an empty field, with a hint where that leaves rows out unasked.
    fn on_empty(
        &mut self,
        condition: &Condition<'_>,
        field: &Field,
        polarity: Polarity,
        on_boolean: bool,
    ) -> bool {
        let negative = polarity == Polarity::Negative;
        let on_empty = negative && self.binder.negation_matches_empty(field.kind, on_boolean);
        if negative && !on_empty {
            self.hint_excludes_empty(condition, &[condition.field()]);
        }
        on_empty
    }

    fn literal(&mut self, field: &Field, part: &Part<'_>) -> Result<Literal, Diagnostic> {
        let Part { text, span } = *part;
        script::refuse(part)?;
        let literal = match field.kind.kind() {
            Kind::Text => Some(Literal::Text(Folded::new(text, self.binder.case_of(field.kind)))),
            Kind::Number => Number::read(text).map(|number| Literal::Number(number.into_owned())),
            Kind::Boolean => read_boolean(text).map(Literal::Boolean),
            Kind::Date => Date::read_operand(text).map(Literal::Date),
            Kind::DateTime => DateTime::read_operand(text).map(Literal::DateTime),
        };
        if literal.is_some() && matches!(field.kind.kind(), Kind::Date | Kind::DateTime) {
            self.hint_date_form(part);
        }
        literal.ok_or_else(|| unreadable_literal(field, text, span))
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

impl Literal {
    fn compared(self, relation: Relation) -> Operand {
        match self {
            Self::Text(text) => Operand::Text(TextTest::Compare(relation, text)),
            Self::Number(number) => Operand::Number(Bounds::Compare(relation, number)),
            Self::Boolean(value) => Operand::Boolean(Bounds::Compare(relation, value)),
            Self::Date(date) => Operand::Date(Bounds::Compare(relation, date)),
            Self::DateTime(instant) => Operand::DateTime(Bounds::Compare(relation, instant)),
        }
    }

    /// The range between two literals of one type.
    fn up_to(self, to: Self) -> Operand {
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
    fn is_reversed(&self) -> bool {
        match self {
            Self::Text(test) => test.is_reversed(),
            Self::Number(bounds) => bounds.are_reversed(),
            Self::Boolean(bounds) => bounds.are_reversed(),
            Self::Date(bounds) => bounds.are_reversed(),
            Self::DateTime(bounds) => bounds.are_reversed(),
            Self::Present(_) => false,
        }
    }
}

/// Whether an operand of `=` or `!=` stands for an empty field.
pub(super) fn is_empty(value: &str) -> bool {
    value.is_empty() || value == NULL
}

fn empty(field: &Field, polarity: Polarity) -> Predicate {
    let is_empty = polarity == Polarity::Positive;
    let polarity = if is_empty { Polarity::Negative } else { Polarity::Positive };
    Predicate::new(Operand::Present(field.kind.kind()), polarity, is_empty)
}

/// A list of literals of one kind.
fn listed(literals: Vec<Literal>, kind: Kind) -> Operand {
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

fn unreadable_literal(field: &Field, text: &str, span: Span) -> Diagnostic {
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
