//! Field names to fields: what a name means in a table, and what was meant by one that is unknown.

use std::borrow::Cow;

use super::{Binder, Binding, HiddenFields};
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Code, Diagnostic, shown};
use crate::operator::{Meaning, Relation};
use crate::schema::{Field, FieldPath, Queryable, Schema};
use crate::span::Span;
use crate::syntax::{Condition, operator_in_field, prefix_in_field};

/// The fields a name leads through with their slots: references to follow, then the field it names.
type Steps<'c> = Vec<(u32, &'c Field)>;

impl<'c> Binder<'c> {
    /// The field of that exact name, if so much may be asked of it: the one rule of what is visible.
    pub(crate) fn visible(
        &self,
        schema: &'c Schema,
        name: &str,
        needs: Queryable,
    ) -> Option<(FieldPath, &'c Field)> {
        let found = FieldPath::with_field(schema, name);
        found.filter(|(path, field)| self.queryable(schema, path.target_slot(), field) >= needs)
    }

    /// The fields of which so much may be asked.
    pub(crate) fn visible_fields(
        &self,
        schema: &'c Schema,
        needs: Queryable,
    ) -> impl Iterator<Item = &'c Field> {
        let fields = schema.fields().iter().enumerate();
        let visible =
            fields.filter(move |(slot, field)| self.queryable(schema, *slot, field) >= needs);
        visible.map(|(_, field)| field)
    }

    /// What may be asked of a field, in the table and in those that extend it: their records are among
    /// its own.
    fn queryable(&self, schema: &Schema, slot: usize, field: &Field) -> Queryable {
        let in_others = self.extending(schema).filter_map(|other| other.fields().get(slot));
        in_others.map(|field| field.queryable).fold(field.queryable, Queryable::min)
    }

    /// The tables that extend a table.
    fn extending(&self, schema: &Schema) -> impl Iterator<Item = &'c Schema> {
        let tables = self.tables.iter().filter(|other| other.extends().is_some());
        tables.filter(|other| {
            other.table() != schema.table() && self.is_a(other.table(), schema.table())
        })
    }

    /// Whether the records of a table are shown and sorted by a field that may be asked for; if those of
    /// one that extends it may not, none are.
    pub(super) fn has_display(&self, schema: &'c Schema) -> bool {
        let may_ask = |schema: &'c Schema| {
            schema.display().and_then(|name| self.visible(schema, name, Queryable::Range)).is_some()
        };
        may_ask(schema) && self.extending(schema).all(may_ask)
    }

    /// Follows a name, through references if it has dots that are not its own.
    pub(crate) fn resolve(
        &self,
        mut schema: &'c Schema,
        name: &str,
        needs: Queryable,
    ) -> Option<Steps<'c>> {
        let step = |(path, field): (FieldPath, &'c Field)| {
            Some((u32::try_from(path.target_slot()).ok()?, field))
        };
        if let Some(found) = self.visible(schema, name, needs) {
            return Some(vec![step(found)?]);
        }
        if name.matches('.').count() > self.options.limits.dot_steps {
            return None;
        }
        let (before, last) = name.rsplit_once('.')?;
        let mut steps = Vec::new();
        for name in before.split('.') {
            let found = self.visible(schema, name, Queryable::Match)?;
            schema = self.table(found.1.reference.as_deref()?)?;
            steps.push(step(found)?);
        }
        steps.push(step(self.visible(schema, last, needs)?)?);
        Some(steps)
    }
}

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
        // Most names have no dots and need no list of steps.
        if let Some(found) = self.binder.visible(schema, name, needs) {
            return Ok(found);
        }
        let steps = self.binder.resolve(schema, name, needs);
        let found = steps.and_then(|steps| {
            let ((slot, field), references) = steps.split_last()?;
            let references: Vec<u32> = references.iter().map(|(slot, _)| *slot).collect();
            Some((FieldPath::through(name, &references, *slot as usize)?, *field))
        });
        found.ok_or_else(|| self.unknown(schema, name, span, needs))
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
                && self.binder.visible(self.schema(), field, needs).is_some()
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

    fn unknown(&self, schema: &'b Schema, name: &str, span: Span, needs: Queryable) -> Diagnostic {
        let steps = name.matches('.').count();
        let limit = self.binder.options.limits.dot_steps;
        if steps > limit {
            let message = format!("the field follows {steps} references; the limit is {limit}");
            return Diagnostic::new(Code::PathTooDeep, span, message);
        }
        let table = schema.table();
        if self.binder.options.hidden_fields == HiddenFields::Named && self.exists(schema, name) {
            let message = format!("`{}` of `{table}` may not be asked this way", shown(name));
            return Diagnostic::new(Code::FieldNotQueryable, span, message);
        }
        if name.contains('.') {
            return Diagnostic::new(
                Code::UnknownField,
                span,
                self.unknown_path(schema, name, needs),
            );
        }
        let message = format!("the table `{table}` has no field `{}`", shown(name));
        let diagnostic = Diagnostic::new(Code::UnknownField, span, message);
        if let Some((separator, field)) = prefix_in_field(name)
            && self.binder.visible(schema, field, Queryable::Match).is_some()
        {
            let replacement = format!("{separator}{field}");
            let advice = if separator.is_empty() {
                "`^` alone means AND; leave the word out".to_owned()
            } else {
                format!("`{separator}` in upper case")
            };
            return diagnostic.suggesting(span, replacement, advice);
        }
        match self.nearest_field(schema, name, needs) {
            Some(meant) => diagnostic.suggesting(span, meant, format!("did you mean `{meant}`?")),
            None => diagnostic,
        }
    }

    /// The field whose name is nearest. One that would not be kept is not looked for, as each costs a
    /// walk over all fields.
    fn nearest_field(&self, schema: &'b Schema, name: &str, needs: Queryable) -> Option<&'b str> {
        if self.diagnostics.are_full_of_errors() {
            return None;
        }
        let visible = self.binder.visible_fields(schema, needs.max(Queryable::Match));
        nearest(name, visible.map(|field| &*field.name))
    }

    /// Whether a name leads to a field, whatever may be asked of those on the way.
    fn exists(&self, mut schema: &'b Schema, name: &str) -> bool {
        if schema.field(name).is_some() {
            return true;
        }
        let mut steps = name.split('.').peekable();
        while let Some(step) = steps.next() {
            let Some(field) = schema.field(step) else { return false };
            if steps.peek().is_none() {
                return true;
            }
            let next = field.reference.as_deref().and_then(|table| self.binder.table(table));
            let Some(next) = next else { return false };
            schema = next;
        }
        false
    }

    /// Why a name with dots leads nowhere: the first of its steps that does not go on.
    fn unknown_path(&self, mut schema: &'b Schema, name: &str, needs: Queryable) -> String {
        let whole = shown(name);
        if name.split('.').any(str::is_empty) {
            return format!("`{whole}` has a step without a name");
        }
        let mut steps = name.split('.').peekable();
        while let Some(step) = steps.next() {
            let step_needs = if steps.peek().is_some() { Queryable::Match } else { needs };
            let Some((_, field)) = self.binder.visible(schema, step, step_needs) else {
                let meant = self.nearest_field(schema, step, step_needs);
                let meant = meant
                    .map_or(Cow::Borrowed(""), |meant| format!("; did you mean `{meant}`?").into());
                return format!(
                    "the table `{}` has no field `{}`{meant}",
                    schema.table(),
                    shown(step)
                );
            };
            let Some(table) = field.reference.as_deref() else {
                return format!("`{whole}` follows `{}`, which is no reference", shown(step));
            };
            let Some(next) = self.binder.table(table) else {
                return format!("`{whole}` needs the table `{table}`, which is not loaded");
            };
            schema = next;
        }
        format!("the table `{}` has no field `{whole}`", schema.table())
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
