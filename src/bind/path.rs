//! Field names to fields: what a name means in a table, and what was meant by one that is unknown.

use std::borrow::Cow;

use super::{Binding, HiddenFields};
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Code, Diagnostic, shown};
use crate::operator::{Meaning, Relation};
use crate::schema::{Field, FieldPath, Queryable, Schema};
use crate::span::Span;
use crate::syntax::{Condition, operator_in_field, prefix_in_field};

impl<'b> Binding<'b, '_> {
    /// The field of a name that stands at `span`, if so much may be asked of it.
    pub(super) fn path(
        &self,
        name: &str,
        span: Span,
        needs: Queryable,
    ) -> Result<(FieldPath, &'b Field), Diagnostic> {
        self.path_in(self.schema(), name, span, needs)
    }

    /// The same in a table that is not the one asked here.
    pub(super) fn path_in(
        &self,
        schema: &'b Schema,
        name: &str,
        span: Span,
        needs: Queryable,
    ) -> Result<(FieldPath, &'b Field), Diagnostic> {
        // A column may have dots in its own name.
        let found = self.visible(schema, name, needs);
        let found = found.or_else(|| name.contains('.').then(|| self.walk(schema, name, needs))?);
        found.ok_or_else(|| self.unknown(schema, name, span))
    }

    /// The field of that name without dots, if so much may be asked of it.
    pub(super) fn visible(
        &self,
        schema: &'b Schema,
        name: &str,
        needs: Queryable,
    ) -> Option<(FieldPath, &'b Field)> {
        let found = FieldPath::with_field(schema, name);
        found.filter(|(path, field)| self.queryable(schema, path.target_slot(), field) >= needs)
    }

    /// What may be asked of a field, in the table and in those that extend it: their records are among
    /// its own.
    fn queryable(&self, schema: &Schema, slot: usize, field: &Field) -> Queryable {
        let tables = self.binder.tables.iter().filter(|other| other.extends().is_some());
        let extending = tables.filter(|other| self.binder.is_a(other.table(), schema.table()));
        let in_others = extending.filter_map(|other| other.fields().get(slot));
        in_others.map(|field| field.queryable).fold(field.queryable, Queryable::min)
    }

    /// Follows the references of a name with dots.
    fn walk(
        &self,
        mut schema: &'b Schema,
        name: &str,
        needs: Queryable,
    ) -> Option<(FieldPath, &'b Field)> {
        if name.matches('.').count() > self.binder.options.limits.dot_steps {
            return None;
        }
        let (steps, last) = name.rsplit_once('.')?;
        let mut references = Vec::new();
        for step in steps.split('.') {
            let (path, field) = self.visible(schema, step, Queryable::Match)?;
            references.push(u32::try_from(path.slot()).ok()?);
            schema = self.binder.table(field.reference.as_deref()?)?;
        }
        let (path, field) = self.visible(schema, last, needs)?;
        Some((FieldPath::through(name, &references, path.slot())?, field))
    }

    /// The field of a condition; knows of slips that spoil the operator or separator next to it.
    pub(super) fn condition_path(
        &self,
        condition: &Condition<'_>,
    ) -> Result<(FieldPath, &'b Field), Diagnostic> {
        let (name, span) = (condition.field(), condition.field_span());
        let needs = condition.needs();
        self.path(name, span, needs).map_err(|diagnostic| {
            if diagnostic.code() != Code::UnknownField {
                return diagnostic;
            }
            if let Some((field, operator)) = operator_in_field(name, condition.operator())
                && self.visible(self.schema(), field, needs).is_some()
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

    fn unknown(&self, schema: &'b Schema, name: &str, span: Span) -> Diagnostic {
        let steps = name.matches('.').count();
        let limit = self.binder.options.limits.dot_steps;
        if steps > limit {
            let message = format!("the field follows {steps} references; the limit is {limit}");
            return Diagnostic::new(Code::PathTooDeep, span, message);
        }
        let table = schema.table();
        if self.binder.options.hidden_fields == HiddenFields::Named && schema.field(name).is_some()
        {
            let message = format!("`{}` of `{table}` may not be asked this way", shown(name));
            return Diagnostic::new(Code::FieldNotQueryable, span, message);
        }
        if name.contains('.') {
            return Diagnostic::new(Code::UnknownField, span, self.unknown_path(schema, name));
        }
        let message = format!("the table `{table}` has no field `{}`", shown(name));
        let diagnostic = Diagnostic::new(Code::UnknownField, span, message);
        if let Some((separator, field)) = prefix_in_field(name)
            && self.visible(schema, field, Queryable::Match).is_some()
        {
            let replacement = format!("{separator}{field}");
            let advice = if separator.is_empty() {
                "`^` alone means AND; leave the word out".to_owned()
            } else {
                format!("`{separator}` in upper case")
            };
            return diagnostic.suggesting(span, replacement, advice);
        }
        match self.nearest_field(schema, name) {
            Some(meant) => diagnostic.suggesting(span, meant, format!("did you mean `{meant}`?")),
            None => diagnostic,
        }
    }

    /// The field whose name is nearest. One that would not be kept is not looked for, as each costs a
    /// walk over all fields.
    fn nearest_field(&self, schema: &'b Schema, name: &str) -> Option<&'b str> {
        if self.diagnostics.are_full_of_errors() {
            return None;
        }
        let visible = schema.fields().iter().filter(|field| field.queryable > Queryable::No);
        nearest(name, visible.map(|field| &*field.name))
    }

    /// Why a name with dots leads nowhere: the first of its steps that does not go on.
    fn unknown_path(&self, mut schema: &'b Schema, name: &str) -> String {
        let whole = shown(name);
        if name.split('.').any(str::is_empty) {
            return format!("`{whole}` has a step without a name");
        }
        let mut steps = name.split('.').peekable();
        while let Some(step) = steps.next() {
            let Some((_, field)) = self.visible(schema, step, Queryable::Match) else {
                let meant = self.nearest_field(schema, step);
                let meant = meant
                    .map_or(Cow::Borrowed(""), |meant| format!("; did you mean `{meant}`?").into());
                return format!(
                    "the table `{}` has no field `{}`{meant}",
                    schema.table(),
                    shown(step)
                );
            };
            if steps.peek().is_none() {
                break;
            }
            let Some(table) = field.reference.as_deref() else {
                return format!("`{whole}` follows `{}`, which is no reference", shown(step));
            };
            let Some(next) = self.binder.table(table) else {
                return format!("`{whole}` needs the table `{table}`, which is not loaded");
            };
            schema = next;
        }
        // Its last step may be compared and no more.
        let last = name.rsplit('.').next().unwrap_or_default();
        format!("the table `{}` has no field `{}`", schema.table(), shown(last))
    }
}

/// What an operator asks of a field.
///
/// Source: Query ACLs; the platform's `query_match` holds the operators that look for a value the
/// asker knows.
fn needs(meaning: Meaning) -> Queryable {
    match meaning {
        Meaning::Compare(Relation::Equal | Relation::NotEqual)
        | Meaning::Fields(Relation::Equal | Relation::NotEqual)
        | Meaning::OneOf(_)
        | Meaning::Empty(_)
        | Meaning::Anything
        | Meaning::Dynamic
        | Meaning::InstanceOf
        | Meaning::Change(_) => Queryable::Match,
        Meaning::Compare(_)
        | Meaning::Fields(_)
        | Meaning::Contains(..)
        | Meaning::Between
        | Meaning::Pattern(_)
        | Meaning::Distance(_)
        | Meaning::Period(_)
        | Meaning::Relative(_)
        | Meaning::DatePart
        | Meaning::Hierarchy(_)
        | Meaning::Refused => Queryable::Range,
    }
}

impl Condition<'_> {
    /// What it asks of its fields.
    pub(super) fn needs(&self) -> Queryable {
        needs(self.operator().meaning())
    }
}
