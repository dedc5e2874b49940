//! Field names to fields: what a name means in a schema, and what was meant by one that is unknown.

use super::Binding;
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Code, Diagnostic, shown};
use crate::schema::{Field, FieldPath};
use crate::span::Span;
use crate::syntax::{Condition, TEXT_INDEX_GROUP, TEXT_QUERY, operator_in_field, prefix_in_field};

impl<'b> Binding<'b, '_> {
    /// The field of a name that stands at `span`.
    pub(super) fn path(
        &self,
        name: &str,
        span: Span,
    ) -> Result<(FieldPath, &'b Field), Diagnostic> {
        FieldPath::with_field(self.binder.schema, name).ok_or_else(|| self.unknown(name, span))
    }

    /// The field of a condition; knows of slips that spoil the operator or separator next to it.
    pub(super) fn condition_path(
        &self,
        condition: &Condition<'_>,
    ) -> Result<(FieldPath, &'b Field), Diagnostic> {
        let (name, span) = (condition.field(), condition.field_span());
        self.path(name, span).map_err(|diagnostic| {
            if diagnostic.code() != Code::UnknownField {
                return diagnostic;
            }
            if let Some((field, operator)) = operator_in_field(name, condition.operator())
                && self.binder.schema.field(field).is_some()
            {
                let both = span.to(condition.operator_span());
                let replacement = format!("{field}{operator}");
                return diagnostic.suggesting(
                    both,
                    replacement,
                    format!("the operator `{operator}`"),
                );
            }
            diagnostic
        })
    }

    fn unknown(&self, name: &str, span: Span) -> Diagnostic {
        let steps = name.matches('.').count();
        let limit = self.binder.options.limits.dot_steps;
        if steps > limit {
            let message = format!("the field follows {steps} references; the limit is {limit}");
            return Diagnostic::new(Code::PathTooDeep, span, message);
        }
        if name == TEXT_QUERY || name == TEXT_INDEX_GROUP {
            let message = format!("text search with `{name}` is not evaluated by this version");
            return Diagnostic::new(Code::UnknownField, span, message);
        }
        if let Some((first, _)) = name.split_once('.') {
            return Diagnostic::new(Code::UnknownField, span, self.unknown_path(name, first));
        }
        let table = self.binder.schema.table();
        let message = format!("the table `{table}` has no field `{}`", shown(name));
        let diagnostic = Diagnostic::new(Code::UnknownField, span, message);
        if let Some((separator, field)) = prefix_in_field(name)
            && self.binder.schema.field(field).is_some()
        {
            let replacement = format!("{separator}{field}");
            let advice = if separator.is_empty() {
                "`^` alone means AND; leave the word out".to_owned()
            } else {
                format!("`{separator}` in upper case")
            };
            return diagnostic.suggesting(span, replacement, advice);
        }
        // A suggestion that would not be kept is not looked for: each costs a walk over all fields.
        if self.diagnostics.are_full_of_errors() {
            return diagnostic;
        }
        match nearest(name, self.binder.schema.fields().iter().map(|field| &*field.name)) {
            Some(meant) => diagnostic.suggesting(span, meant, format!("did you mean `{meant}`?")),
            None => diagnostic,
        }
    }

    fn unknown_path(&self, name: &str, first: &str) -> String {
        let field = self.binder.schema.field(first);
        let has_gap = name.split('.').any(str::is_empty);
        let (name, first) = (shown(name), shown(first));
        match field {
            _ if has_gap => format!("`{name}` has a step without a name"),
            None => format!("the table `{}` has no field `{first}`", self.binder.schema.table()),
            Some(Field { reference: None, .. }) => {
                format!("`{name}` follows `{first}`, which is no reference")
            }
            Some(Field { reference: Some(table), .. }) if !self.binder.knows(table) => {
                format!("`{name}` needs the table `{table}`, which is not loaded")
            }
            Some(_) => format!("`{name}` follows a reference, which this version does not"),
        }
    }
}
