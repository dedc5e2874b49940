//! Comparisons of two fields of a row.

use super::{Binding, not_for_type};
use crate::diagnostic::{Code, Diagnostic, shown};
use crate::filter::{FieldsTest, Test};
use crate::operator::Relation;
use crate::schema::{Field, FieldPath};
use crate::span::Span;
use crate::syntax::Condition;
use crate::value::Kind;

impl Binding<'_, '_> {
    pub(super) fn fields(
        &mut self,
        condition: &Condition<'_>,
        left: (FieldPath, &Field),
        relation: Relation,
    ) -> Result<Test, Diagnostic> {
        let (value, span) = (condition.raw_value(), condition.value_span());
        let is_sameness = matches!(relation, Relation::Equal | Relation::NotEqual);
        if value.is_empty() {
            let message = format!("`{}` lacks the name of a field", condition.operator());
            return Err(Diagnostic::new(Code::UnknownField, condition.span(), message));
        }
        if let Some((_, unit)) = value.split_once('@').filter(|_| is_sameness) {
            let start = span.end as usize - unit.len();
            let message =
                format!("comparing at a unit, `{}`, is not evaluated by this version", shown(unit));
            let span = Span::new(start, span.end as usize);
            return Err(Diagnostic::new(Code::UnsupportedOperator, span, message));
        }
        let right = self.path(value, span)?;
        if !condition.operator().types().accepts(right.1.kind) {
            return Err(not_for_type(condition, right.1));
        }
        let on_empty = relation == Relation::NotEqual
            && self.binder.negation_matches_empty(left.1.kind, false);
        if relation == Relation::NotEqual && !on_empty {
            self.hint_excludes_empty(condition, &[condition.field(), value]);
        }
        let (left_kind, right_kind) = (left.1.kind.kind(), right.1.kind.kind());
        Ok(Test::Fields(FieldsTest {
            kind: common_kind(left_kind, right_kind),
            left: (left.0, left_kind),
            right: (right.0, right_kind),
            relation,
            on_empty,
            case: self.binder.case_of(left.1.kind).max(self.binder.case_of(right.1.kind)),
        }))
    }
}

/// What two fields are compared as: their kind if it is one, a day and an instant by day, others as
/// text.
fn common_kind(left: Kind, right: Kind) -> Kind {
    match (left, right) {
        _ if left == right => left,
        (Kind::Date, Kind::DateTime) | (Kind::DateTime, Kind::Date) => Kind::Date,
        _ => Kind::Text,
    }
}
