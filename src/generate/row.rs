//! Rows that match a query.

use std::collections::BTreeMap;

use super::{Choose, Generator};
use crate::bind::Binder;
use crate::filter::Row;
use crate::operator::Meaning;
use crate::plan::{OnInvalid, Plan};
use crate::schema::{Field, FieldPath};
use crate::syntax::{Alternative, Condition, Query};
use crate::value::ValueRef;

/// Tries to find a row, and a value of a field.
const TRIES: usize = 20;

/// Texts by field; a field that is not there is empty.
struct Texts(BTreeMap<String, String>);

impl Row for Texts {
    fn value(&self, path: &FieldPath) -> ValueRef<'_> {
        self.0.get(path.as_str()).map(String::as_str).into()
    }
}

impl<C: Choose> Generator<'_, C> {
    /// A row that matches the query, as texts by field; other fields are empty. `None` if none was found
    /// in some tries, as for a query that nothing matches.
    pub fn row_matching(&mut self, query: &Query<'_>) -> Option<Vec<(String, String)>> {
        let bound = Binder::for_table(self.schema).bind(query);
        let plan = Plan::new(bound, OnInvalid::IgnoreInvalidPart).ok()?;
        for _ in 0..TRIES {
            let texts = self.attempt(query);
            if plan.matches(&texts) {
                let filled = texts.0.into_iter().filter(|(_, text)| !text.is_empty());
                return Some(filled.collect());
            }
        }
        None
    }

    /// A row that meets one alternative of each group of one branch, one after another.
    fn attempt(&mut self, query: &Query<'_>) -> Texts {
        let mut texts = Texts(BTreeMap::new());
        let branches: Vec<_> = query.branches().collect();
        let place = self.choices.below(branches.len());
        let Some(branch) = branches.get(place) else { return texts };
        let mut met = Vec::new();
        for group in branch.groups() {
            let alternatives: Vec<_> = group.alternatives().collect();
            let place = self.choices.below(alternatives.len());
            if let Some(Alternative::Condition(condition)) = alternatives.get(place)
                && let Some(field) = self.schema.field(condition.field())
            {
                self.meet(field, condition, &mut texts, &mut met);
            }
        }
        texts
    }

    /// Changes the texts so that they meet a condition as well as those met before.
    fn meet(
        &mut self,
        field: &Field,
        condition: &Condition<'_>,
        texts: &mut Texts,
        met: &mut Vec<Plan>,
    ) {
        let text = condition.span().of(condition.query());
        let bound = Binder::for_table(self.schema).bind(&Query::parse(text));
        let Ok(plan) = Plan::new(bound, OnInvalid::Forbid) else { return };
        met.push(plan);
        let mut likely = likely_texts(condition, texts);
        likely.extend((0..TRIES).map(|_| self.value(field)));
        for text in likely {
            self.fill_other(condition, texts);
            texts.0.insert(field.name.clone().into_owned(), text);
            if met.iter().all(|plan| plan.matches(texts)) {
                return;
            }
        }
    }

    /// Gives the field after the operator a value, if it has none.
    fn fill_other(&mut self, condition: &Condition<'_>, texts: &mut Texts) {
        if !matches!(condition.operator().meaning(), Meaning::Fields(_) | Meaning::Distance(_)) {
            return;
        }
        let operand = condition.value();
        let name = operand.split('@').next().unwrap_or_default();
        if let Some(other) = self.schema.field(name)
            && texts.0.get(name).is_none_or(String::is_empty)
        {
            let value = self.value(other);
            texts.0.insert(name.to_owned(), value);
        }
    }
}

/// Texts that probably meet a condition, the likeliest first.
fn likely_texts(condition: &Condition<'_>, texts: &Texts) -> Vec<String> {
    let operand = condition.value();
    let known = texts.0.get(condition.field()).cloned();
    let parts = || operand.split(['@', ',']).map(|part| part.trim().to_owned());
    let same = texts.0.get(&*operand).cloned();
    let mut likely: Vec<String> = known.into_iter().chain(same).collect();
    likely.push(operand.clone().into_owned());
    likely.extend(parts());
    likely.push(String::new());
    likely.extend([format!("{operand}~"), "~".to_owned(), " ".to_owned()]);
    likely
}
