//! Comparisons of two fields of a row.

use super::date::{number_of_units, unit};
use super::options::EmptyBooleans;
use super::part::Part;
use super::{Binding, not_for_type};
use crate::diagnostic::{Code, Diagnostic, shown};
use crate::filter::{Comparison, Distance, FieldsTest, Side, Test};
use crate::function::Unit;
use crate::operator::Relation;
use crate::schema::{Field, FieldPath};
use crate::syntax::Condition;
use crate::value::{Case, Kind};

impl<'b> Binding<'b, '_> {
    /// ```ebnf
    /// value = field , [ "@" , unit ] ;
    /// ```
    pub(super) fn fields(
        &mut self,
        condition: &Condition<'_>,
        left: (FieldPath, &Field),
        relation: Relation,
    ) -> Result<Test, Diagnostic> {
        let value = Part { text: condition.raw_value(), span: condition.value_span() };
        let is_sameness = matches!(relation, Relation::Equal | Relation::NotEqual);
        let (name, unit_name) = match value.text.split_once('@').filter(|_| is_sameness) {
            Some((name, unit)) => (value.slice(name), Some(value.slice(unit))),
            None => (value, None),
        };
        let right = self.right(condition, &name)?;
        let comparison = match unit_name {
            None => Comparison::Ordered(relation),
            Some(unit_name) => {
                let is_date =
                    |field: &Field| matches!(field.kind.kind(), Kind::Date | Kind::DateTime);
                if !is_date(left.1) || !is_date(right.1) {
                    let message =
                        format!("only dates are compared at a unit, `{}`", shown(unit_name.text));
                    return Err(Diagnostic::new(Code::BadValue, unit_name.span, message));
                }
                Comparison::InUnit(unit(&unit_name)?, relation)
            }
        };
        let on_empty = relation == Relation::NotEqual
            && self.binder.negation_matches_empty(left.1.kind, EmptyBooleans::DoNotMatch);
        if relation == Relation::NotEqual && !on_empty {
            self.hint_excludes_empty(condition, &[condition.field(), name.text]);
        }
        Ok(self.fields_test(left, right, comparison, on_empty))
    }

    /// ```ebnf
    /// value = field , "@" , unit , "@" , ( "before" | "after" ) , "@" , number ;
    /// ```
    pub(super) fn distance(
        &mut self,
        condition: &Condition<'_>,
        left: (FieldPath, &Field),
        relation: Relation,
    ) -> Result<Test, Diagnostic> {
        let value = Part { text: condition.raw_value(), span: condition.value_span() };
        let parts: Vec<Part<'_>> = value.text.split('@').map(|part| value.slice(part)).collect();
        let [name, unit_name, side, number] = parts.as_slice() else {
            let message = format!(
                "`{}` does not read; expected `field@unit@before@n` or `field@unit@after@n`",
                shown(value.text)
            );
            return Err(Diagnostic::new(Code::BadValue, value.span, message));
        };
        let right = self.right(condition, name)?;
        let unit = unit(unit_name)?;
        let count = number_of_units(number)?;
        let (side, count) = match side.text {
            "before" => (Side::Before, -count),
            "after" => (Side::After, count),
            other => {
                let message = format!("`{}` is neither `before` nor `after`", shown(other));
                return Err(Diagnostic::new(Code::BadValue, side.span, message));
            }
        };
        let distance = Comparison::Distance(Distance { relation, unit, count, side });
        Ok(self.fields_test(left, right, distance, false))
    }

    /// The field after the operator.
    fn right(
        &self,
        condition: &Condition<'_>,
        name: &Part<'_>,
    ) -> Result<(FieldPath, &'b Field), Diagnostic> {
        if name.text.is_empty() {
            let message = format!("`{}` lacks the name of a field", condition.operator());
            return Err(Diagnostic::new(Code::UnknownField, condition.span(), message));
        }
        let right = self.path(name.text, name.span, condition.needs())?;
        if !condition.operator().types().accepts(right.1.kind) {
            return Err(not_for_type(condition, right.1));
        }
        Ok(right)
    }

    fn fields_test(
        &self,
        left: (FieldPath, &Field),
        right: (FieldPath, &Field),
        comparison: Comparison,
        on_empty: bool,
    ) -> Test {
        let (kind, case) = self.common(left.1, right.1);
        // What is shorter than a day is counted from midnight.
        let kind = match comparison {
            Comparison::Distance(Distance { unit: Unit::Minute | Unit::Hour, .. }) => {
                Kind::DateTime
            }
            Comparison::Ordered(_) | Comparison::InUnit(..) | Comparison::Distance(_) => kind,
        };
        Test::Fields(Box::new(FieldsTest {
            left: (left.0, left.1.kind.kind()),
            right: (right.0, right.1.kind.kind()),
            kind,
            comparison,
            on_empty,
            case,
            calendar: self.calendar().clone(),
        }))
    }

    /// What two fields are compared as: their kind if it is one, a day and an instant by day, others
    /// as text.
    pub(super) fn common(&self, left: &Field, right: &Field) -> (Kind, Case) {
        let kind = match (left.kind.kind(), right.kind.kind()) {
            (left, right) if left == right => left,
            (Kind::Date, Kind::DateTime) | (Kind::DateTime, Kind::Date) => Kind::Date,
            _ => Kind::Text,
        };
        (kind, self.binder.case_of(left.kind).max(self.binder.case_of(right.kind)))
    }
}
