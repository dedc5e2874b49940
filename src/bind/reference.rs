//! Operators that ask who asks, what extends what, and what stands below what; and text search.

use super::Binding;
use super::part::Part;
use crate::diagnostic::{Code, Diagnostic, shown};
use crate::filter::{Keys, Lookup, LookupRows, Operand, Predicate, RelatedTest, Test, TextTest};
use crate::operator::{Operator, Origin, Place, Polarity, Relation};
use crate::schema::{Field, FieldPath, Queryable, SYS_ID, Schema};
use crate::syntax::{Condition, TEXT_INDEX_GROUP, TEXT_QUERY};
use crate::value::{Case, FieldType, Folded, FoldedSet, Kind};

/// The dynamic values every instance has: the user who asks, and the user's groups.
const ME: &str = "90d1921e5f510100a9ad2572f2b477fe";
const MY_GROUPS: &str = "d6435e965f510100a9ad2572f2b47744";

impl<'b> Binding<'b, '_> {
    pub(super) fn dynamic(&self, field: &Field, value: &Part<'_>) -> Result<Predicate, Diagnostic> {
        let ids = self.dynamic_value(value)?;
        Ok(Predicate::new(
            one_of(ids.iter().map(String::as_str), self.binder.case_of(field.kind)),
            Polarity::Positive,
            false,
        ))
    }

    /// The `sys_ids` a dynamic value stands for.
    fn dynamic_value(&self, id: &Part<'_>) -> Result<Vec<String>, Diagnostic> {
        let environment = self.binder.environment;
        let is = |known: &str| id.text.eq_ignore_ascii_case(known);
        let (known, what) = if is(ME) {
            let user = environment.and_then(|environment| environment.user());
            (user.map(|user| vec![user.sys_id.clone()]), "the user is")
        } else if is(MY_GROUPS) {
            let groups = environment.and_then(|environment| environment.groups());
            (groups.map(<[String]>::to_vec), "the user's groups are")
        } else {
            let values = environment
                .and_then(|environment| environment.dynamic(&id.text.to_ascii_lowercase()));
            return values.map(<[String]>::to_vec).ok_or_else(|| {
                let message = format!("the dynamic value `{}` is not known", shown(id.text));
                Diagnostic::new(Code::UnresolvedDynamic, id.span, message)
            });
        };
        known.ok_or_else(|| {
            let message = format!("{what} asked for and not known here");
            Diagnostic::new(Code::UnresolvedEnvironment, id.span, message)
        })
    }

    /// The named table or one that extends it; of a class that is no known table only itself.
    pub(super) fn instance_of(
        &mut self,
        condition: &Condition<'_>,
        field: &Field,
        value: &Part<'_>,
    ) -> Result<Predicate, Diagnostic> {
        let class = value.text;
        if class.is_empty() {
            let message = format!("`{}` names no class", condition.operator());
            return Err(Diagnostic::new(Code::BadValue, condition.span(), message));
        }
        let classes = || self.binder.tables.iter().chain(self.binder.classes).map(Schema::table);
        if !classes().any(|known| known == class) {
            let message = format!(
                "`{}` is no loaded table: only rows of exactly this class match",
                shown(class)
            );
            self.say(Code::UnknownClass, value.span, message);
        }
        let extending = classes().filter(|table| self.binder.is_a(table, class));
        let classes = extending.chain([class]);
        let operand = one_of(classes, self.binder.case_of(field.kind));
        Ok(Predicate::new(operand, Polarity::Positive, false))
    }

    /// ```ebnf
    /// value = [ table , "." ] , parent , "@" , start ;
    /// ```
    pub(super) fn hierarchy(
        &mut self,
        (path, field): (FieldPath, &Field),
        value: &Part<'_>,
        origin: Origin,
    ) -> Result<Test, Diagnostic> {
        let Some((name, start)) = value.text.split_once('@').filter(|(_, start)| !start.is_empty())
        else {
            let message =
                format!("`{}` does not read; expected `hierarchy@start`", shown(value.text));
            return Err(Diagnostic::new(Code::BadValue, value.span, message));
        };
        let (schema, parent) = self.parent_field(field, &value.slice(name))?;
        let start = value.slice(start);
        let start = match origin {
            Origin::Record => vec![start.text.to_owned()],
            Origin::Dynamic => self.dynamic_value(&start)?,
        };
        if let Err(message) = self.limit_lookups() {
            return Err(Diagnostic::new(Code::UnsupportedOperator, value.span, message));
        }
        let Some((key, _)) = self.binder.visible(schema, SYS_ID, Queryable::Match) else {
            let message = format!("the table `{}` has no `{SYS_ID}`", schema.table());
            return Err(Diagnostic::new(Code::UnsupportedOperator, value.span, message));
        };
        let keys = Keys { kind: Kind::Text, case: Case::Ignore, calendar: self.calendar().clone() };
        let lookup = self.lookups.len();
        self.lookups.push(Lookup {
            table: schema.table().into(),
            rows: LookupRows::Below { parent, start },
            key: (key, Kind::Text),
            keys: keys.clone(),
        });
        let path = (path, Kind::Text);
        let test = RelatedTest { path, keys, lookup, relation: Relation::Greater, count: 0 };
        Ok(Test::Related(Box::new(test)))
    }

    /// The table a hierarchy is of, and its field that names the parent.
    fn parent_field(
        &self,
        field: &Field,
        name: &Part<'_>,
    ) -> Result<(&'b Schema, FieldPath), Diagnostic> {
        let refused =
            |message: String| Err(Diagnostic::new(Code::UnsupportedOperator, name.span, message));
        let table = field.reference.as_deref().unwrap_or_default();
        let Some(schema) = self.binder.table(table) else {
            return refused(format!(
                "the hierarchy needs the table `{table}`, which is not loaded"
            ));
        };
        let parent = match name.text.split_once('.') {
            Some((of, parent)) if self.binder.is_a(table, of) => parent,
            Some(_) => "",
            None => name.text,
        };
        let leads_back = |field: &Field| {
            field.reference.as_deref().is_some_and(|to| self.binder.is_a(table, to))
        };
        match self.binder.visible(schema, parent, Queryable::Match) {
            Some((path, parent)) if leads_back(parent) => Ok((schema, path)),
            _ => refused(format!(
                "`{}` is no hierarchy of `{table}`: it is no field that refers to `{table}` again",
                shown(name.text)
            )),
        }
    }

    /// The test of a condition whose field is one of the two of text search.
    pub(super) fn text_search(
        &mut self,
        condition: &Condition<'_>,
    ) -> Option<Result<Test, Diagnostic>> {
        let field = condition.field();
        let paths = if field == TEXT_QUERY {
            self.text_fields()
        } else if field == TEXT_INDEX_GROUP {
            let message = "the index group changes the ranking alone, which is not modelled: every row matches";
            self.say(Code::NoEffect, condition.span(), message);
            return Some(Ok(Test::AnyText { paths: Box::default(), words: Box::default() }));
        } else {
            return None;
        };
        let is = Operator::Is;
        if condition.operator() != is {
            let message = format!("`{field}` is asked with `{is}` only");
            return Some(Err(Diagnostic::new(
                Code::OperatorNotForType,
                condition.operator_span(),
                message,
            )));
        }
        let unescaped = condition.value();
        let value = Part { text: &unescaped, span: condition.value_span() };
        if let Err(diagnostic) = self.limit_operand(&value) {
            return Some(Err(diagnostic));
        }
        let case = self.binder.case();
        let mut words: Vec<Folded> =
            value.text.split_whitespace().map(|word| Folded::new(word, case)).collect();
        words.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        words.dedup();
        if words.is_empty() {
            let message = format!("`{field}` has no words to look for and matches every row");
            self.say(Code::EmptyOperand, condition.span(), message);
        }
        let holds = |word| {
            let operand = Operand::Text(TextTest::Contains(Place::Anywhere, word));
            Predicate::new(operand, Polarity::Positive, false)
        };
        Some(Ok(Test::AnyText { paths, words: words.into_iter().map(holds).collect() }))
    }

    fn text_fields(&self) -> Box<[FieldPath]> {
        let schema = self.schema();
        let visible = self.binder.visible_fields(schema, Queryable::Range);
        let texts = visible.filter(|field| field.kind == FieldType::String);
        texts.filter_map(|field| FieldPath::new(schema, &field.name)).collect()
    }
}

fn one_of<'v>(texts: impl Iterator<Item = &'v str>, case: Case) -> Operand {
    Operand::Text(TextTest::OneOf(FoldedSet::new(
        texts.map(|text| Folded::new(text, case)).collect(),
    )))
}
