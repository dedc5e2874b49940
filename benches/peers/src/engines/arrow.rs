//! The kernels of arrow-rs, a column at a time; columns of few texts as dictionaries.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use arrow::array::{
    Array, ArrayRef, BooleanArray, Datum, Int64Array, StringArray, StringDictionaryBuilder,
    UInt32Array,
};
use arrow::compute::kernels::cmp;
use arrow::compute::{
    self, SortColumn, SortOptions, and_kleene, contains, ends_with, is_not_null, is_null,
    lexsort_to_indices, not, or_kleene, starts_with,
};
use arrow::datatypes::Int32Type;
use hashbrown::HashSet;

use super::{Engine, Source};
use crate::generator::Kind;
use crate::queries::{Filter, LIMIT, Query, Test, Value, queried};

/// Distinct texts up to which a column is a dictionary.
const FEW: usize = 1_000;

pub struct Arrow {
    rows: usize,
    columns: HashMap<&'static str, ArrayRef>,
    numbers: ArrayRef,
    /// The lists of values, prepared as sets.
    sets: HashMap<usize, HashSet<String>>,
}

impl Arrow {
    pub fn new(source: &Source) -> Result<Self> {
        let asked = queried(&source.queries);
        let mut texts: Vec<Vec<Option<String>>> = vec![Vec::new(); asked.len()];
        for contact in source.contacts() {
            for ((column, kind), texts) in asked.iter().zip(&mut texts) {
                let text = match kind {
                    Kind::DateTime => contact.integer(column).to_string(),
                    _ => contact.folded(column),
                };
                texts.push(Some(text).filter(|text| !text.is_empty()));
            }
        }
        let columns = asked.iter().zip(texts);
        let in_list = |query: &Query| {
            let mut tests = query.filter.iter().flatten().flatten();
            tests.find_map(|test| match test {
                Test::In(_, values) => Some((query.number, values.iter().cloned().collect())),
                _ => None,
            })
        };
        Ok(Self {
            rows: source.rows,
            columns: columns.map(|((name, kind), texts)| (*name, array(*kind, &texts))).collect(),
            numbers: Arc::new(UInt32Array::from_iter_values(0..u32::try_from(source.rows)?)),
            sets: source.queries.iter().filter_map(in_list).collect(),
        })
    }

    fn column(&self, name: &str) -> Result<&ArrayRef> {
        self.columns.get(name).with_context(|| format!("no column `{name}`"))
    }

    /// The rows that match; none if all do.
    fn matching(&self, query: &Query) -> Result<Option<BooleanArray>> {
        let filter: &Filter = &query.filter;
        let mut any: Option<BooleanArray> = None;
        for groups in filter {
            let mut all: Option<BooleanArray> = None;
            for tests in groups {
                let mut group: Option<BooleanArray> = None;
                for test in tests {
                    let found = self.test(query.number, test)?;
                    group =
                        Some(group.map_or(Ok(found.clone()), |group| or_kleene(&group, &found))?);
                }
                let group = group.context("an empty group")?;
                all = Some(all.map_or(Ok(group.clone()), |all| and_kleene(&all, &group))?);
            }
            let all = all.context("an empty branch")?;
            any = Some(any.map_or(Ok(all.clone()), |any| or_kleene(&any, &all))?);
        }
        Ok(any)
    }

    fn test(&self, query: usize, test: &Test) -> Result<BooleanArray> {
        let column = self.column(test.column())?;
        let scalar = |text: &str| StringArray::new_scalar(text);
        let number = Int64Array::new_scalar;
        Ok(match test {
            Test::Equal(_, Value::Boolean(true)) => {
                column.as_any().downcast_ref::<BooleanArray>().context("not boolean")?.clone()
            }
            Test::Equal(_, value) => cmp::eq(column, &*datum(value))?,
            Test::NotEqual(_, value) => cmp::neq(column, &*datum(value))?,
            Test::In(..) => {
                let texts = column.as_any().downcast_ref::<StringArray>().context("no texts")?;
                let set = self.sets.get(&query).context("no set")?;
                BooleanArray::from_unary(texts, |text| set.contains(text))
            }
            Test::StartsWith(_, text) => starts_with(column, &scalar(text))?,
            Test::EndsWith(_, text) => ends_with(column, &scalar(text))?,
            Test::Contains(_, text) => contains(column, &scalar(text))?,
            Test::NotContains(_, text) => not(&contains(column, &scalar(text))?)?,
            Test::AtLeast(_, low) => cmp::gt_eq(column, &number(*low))?,
            Test::Less(_, high) => cmp::lt(column, &number(*high))?,
            Test::Between(_, low, high) => and_kleene(
                &cmp::gt_eq(column, &number(*low))?,
                &cmp::lt_eq(column, &number(*high))?,
            )?,
            Test::Empty(_) => is_null(column)?,
            Test::NotEmpty(_) => is_not_null(column)?,
        })
    }

    /// The page of sorted rows; ties by row.
    fn sorted(&self, query: &Query, matching: Option<&BooleanArray>) -> Result<Vec<usize>> {
        let kept = |column: &ArrayRef| match matching {
            Some(matching) => compute::filter(column, matching),
            None => Ok(Arc::clone(column)),
        };
        let numbers = kept(&self.numbers)?;
        let mut keys = Vec::new();
        for key in &query.order {
            // Empty values first, and last where the order is descending.
            let options = SortOptions { descending: key.descending, nulls_first: !key.descending };
            keys.push(SortColumn {
                values: kept(self.column(key.column)?)?,
                options: Some(options),
            });
        }
        keys.push(SortColumn { values: Arc::clone(&numbers), options: None });
        let places = lexsort_to_indices(&keys, Some(query.offset + LIMIT))?;
        let numbers = numbers.as_any().downcast_ref::<UInt32Array>().context("no numbers")?;
        let page = places.values().iter().skip(query.offset);
        Ok(page.map(|place| numbers.value(*place as usize) as usize).collect())
    }
}

fn datum(value: &Value) -> Box<dyn Datum> {
    match value {
        Value::Text(text) => Box::new(StringArray::new_scalar(text)),
        Value::Integer(number) => Box::new(Int64Array::new_scalar(*number)),
        Value::Boolean(value) => Box::new(BooleanArray::new_scalar(*value)),
    }
}

fn array(kind: Kind, texts: &[Option<String>]) -> ArrayRef {
    let texts = texts.iter().map(Option::as_deref);
    match kind {
        Kind::Boolean => {
            Arc::new(texts.map(|text| Some(text? == "true")).collect::<BooleanArray>())
        }
        Kind::Integer | Kind::DateTime => {
            Arc::new(texts.map(|text| text?.parse().ok()).collect::<Int64Array>())
        }
        Kind::Text | Kind::Date => {
            let distinct: HashSet<_> = texts.clone().collect();
            if distinct.len() > FEW {
                return Arc::new(texts.collect::<StringArray>());
            }
            let mut builder = StringDictionaryBuilder::<Int32Type>::new();
            texts.for_each(|text| builder.append_option(text));
            Arc::new(builder.finish())
        }
    }
}

impl Engine for Arrow {
    fn name(&self) -> &'static str {
        super::ARROW
    }

    fn about(&self) -> String {
        format!("arrow-rs {} kernels, folded columns, one thread", arrow::ARROW_VERSION)
    }

    fn count(&mut self, query: &Query) -> Result<usize> {
        Ok(self.matching(query)?.map_or(self.rows, |matching| matching.true_count()))
    }

    fn page(&mut self, query: &Query) -> Result<Vec<usize>> {
        let matching = self.matching(query)?;
        if !query.order.is_empty() {
            return self.sorted(query, matching.as_ref());
        }
        let Some(matching) = matching else { bail!("nothing to ask") };
        let matching = match matching.null_count() {
            0 => matching,
            _ => compute::prep_null_mask_filter(&matching),
        };
        Ok(matching.values().set_indices().take(LIMIT).collect())
    }
}
