//! Operators that compare with the row as it was before.

use super::part::Part;
use super::{Binding, History};
use crate::diagnostic::{Code, Diagnostic};
use crate::filter::{ChangeTest, Predicate, Test};
use crate::operator::{Change, Relation};
use crate::schema::{Field, FieldPath};
use crate::syntax::Condition;

impl Binding<'_, '_> {
    pub(super) fn change(
        &mut self,
        condition: &Condition<'_>,
        (path, field): (FieldPath, &Field),
        value: &Part<'_>,
        change: Change,
    ) -> Result<Test, Diagnostic> {
        let mut wanted = || -> Result<Option<Predicate>, Diagnostic> {
            self.compare(condition, field, value, Relation::Equal).map(Some)
        };
        let (from, to) = match change {
            Change::Any => (None, None),
            Change::From => (wanted()?, None),
            Change::To => (None, wanted()?),
        };
        // Rows of other tables have no history.
        if self.binder.options.history == History::Absent || !self.scopes.is_empty() {
            let operator = condition.operator();
            let message = format!(
                "`{operator}` matches no stored row: it compares with the row as it was before"
            );
            self.say(Code::NeedsHistory, condition.span(), message);
        }
        Ok(Test::Change(Box::new(ChangeTest {
            path,
            kind: field.kind.kind(),
            case: self.binder.case_of(field.kind),
            from,
            to,
        })))
    }
}
