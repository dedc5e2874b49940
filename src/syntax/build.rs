//! Queries from values: whatever a value holds, it stays one value.

use thiserror::Error;

use super::ast::Query;
use super::node::{Direction, Join};
use super::parse::{GOTO, NQ, OR};
use super::view::Clause;
use crate::operator::Operator;

/// Builds a query from fields and values that come from elsewhere, such as a person's input.
///
/// Carets in values are escaped, so that no value can end its condition:
///
/// ```
/// use encoded_query::QueryBuilder;
///
/// let typed = "x^ORDERBYname";
/// let query = QueryBuilder::new()
///     .field("name").like(typed)
///     .or("city").like(typed)
///     .field("active").is("true")
///     .order_by("name")
///     .build()?;
/// assert_eq!(query.text(), "nameLIKEx^^ORDERBYname^ORcityLIKEx^^ORDERBYname^active=true^ORDERBYname");
/// assert_eq!(query.conditions().count(), 3);
/// # Ok::<(), encoded_query::BuildError>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct QueryBuilder {
    text: String,
    order: String,
    carets: Carets,
    error: Option<BuildError>,
}

/// What happens to a caret in a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Carets {
    /// It is doubled and stays part of the value.
    #[default]
    Escape,
    /// The query is not built.
    Refuse,
}

/// A condition under construction: its field is known, its operator is not.
#[derive(Clone, Debug)]
#[must_use]
pub struct FieldBuilder {
    query: QueryBuilder,
    join: Join,
    field: String,
}

/// Why a query cannot be built.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The name cannot be that of a field: it is empty, or part of it would read as something else.
    #[error("`{0}` cannot stand as a field in a query")]
    Field(String),
    /// Operator and value together spell another operator.
    #[error("`{operator}` and the value `{value}` together read as another operator")]
    Merged {
        /// The operator.
        operator: Operator,
        /// The value.
        value: String,
    },
    /// The value holds a caret and [`Carets::Refuse`] was asked for.
    #[error("the value `{0}` holds a caret")]
    Caret(String),
    /// The value holds the character that separates values of this operator, or blanks at its ends
    /// that a list drops.
    #[error("`{0}` cannot stand as one value of a list or range")]
    Separator(String),
}

impl QueryBuilder {
    /// A query without conditions.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets what happens to carets in values.
    pub fn carets(mut self, carets: Carets) -> Self {
        self.carets = carets;
        self
    }

    /// Begins a condition that must hold as well.
    pub fn field(self, name: impl Into<String>) -> FieldBuilder {
        FieldBuilder { query: self, join: Join::Group, field: name.into() }
    }

    /// Begins an alternative to the condition before it.
    pub fn or(self, name: impl Into<String>) -> FieldBuilder {
        FieldBuilder { query: self, join: Join::Alternative, field: name.into() }
    }

    /// Begins the first condition of a new branch: an alternative to all before it.
    pub fn or_all_of(self, name: impl Into<String>) -> FieldBuilder {
        FieldBuilder { query: self, join: Join::Branch, field: name.into() }
    }

    /// Adds an ascending sort key.
    pub fn order_by(self, name: &str) -> Self {
        self.sort(Direction::Ascending, name)
    }

    /// Adds a descending sort key.
    pub fn order_by_descending(self, name: &str) -> Self {
        self.sort(Direction::Descending, name)
    }

    /// The query.
    ///
    /// # Errors
    /// The first thing that could not be said.
    pub fn build(self) -> Result<Query<'static>, BuildError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let mut text = self.text;
        if !text.is_empty() && !self.order.is_empty() {
            text.push('^');
        }
        text.push_str(&self.order);
        if text.starts_with(GOTO) {
            text.insert(0, '^');
        }
        Ok(Query::parse(text))
    }

    fn sort(mut self, direction: Direction, name: &str) -> Self {
        let key = format!("{}{name}", direction.keyword());
        match Query::parse(key.as_str()).clauses().collect::<Vec<_>>().as_slice() {
            [Clause::Order(order)] if order.field == name && order.direction == direction => {}
            _ => return self.fail(BuildError::Field(name.to_owned())),
        }
        if !self.order.is_empty() {
            self.order.push('^');
        }
        self.order.push_str(&key);
        self
    }

    fn fail(mut self, error: BuildError) -> Self {
        self.error.get_or_insert(error);
        self
    }
}

impl FieldBuilder {
    /// The field has this value.
    pub fn is(self, value: &str) -> QueryBuilder {
        self.operator(Operator::Is, value)
    }

    /// The field has another value.
    pub fn is_not(self, value: &str) -> QueryBuilder {
        self.operator(Operator::IsNot, value)
    }

    /// The text contains this one.
    pub fn like(self, value: &str) -> QueryBuilder {
        self.operator(Operator::Like, value)
    }

    /// The text begins with this one.
    pub fn starts_with(self, value: &str) -> QueryBuilder {
        self.operator(Operator::StartsWith, value)
    }

    /// The value is one of these.
    pub fn one_of<'v>(self, values: impl IntoIterator<Item = &'v str>) -> QueryBuilder {
        self.list(Operator::In, values)
    }

    /// The value is none of these.
    pub fn none_of<'v>(self, values: impl IntoIterator<Item = &'v str>) -> QueryBuilder {
        self.list(Operator::NotIn, values)
    }

    /// The value lies between two bounds, both included.
    pub fn between(self, from: &str, to: &str) -> QueryBuilder {
        match [from, to].into_iter().find(|bound| bound.is_empty() || bound.contains('@')) {
            Some(bound) => self.query.fail(BuildError::Separator(bound.to_owned())),
            None => self.operator(Operator::Between, &format!("{from}@{to}")),
        }
    }

    /// The field has no value.
    pub fn is_empty(self) -> QueryBuilder {
        self.operator(Operator::IsEmpty, "")
    }

    /// The field has a value.
    pub fn is_not_empty(self) -> QueryBuilder {
        self.operator(Operator::IsNotEmpty, "")
    }

    /// Any operator with its value as the operator wants it; carets in it are plain characters.
    pub fn operator(self, operator: Operator, value: &str) -> QueryBuilder {
        let Self { mut query, join, field } = self;
        if query.carets == Carets::Refuse && value.contains('^') {
            return query.fail(BuildError::Caret(value.to_owned()));
        }
        let prefix = match join {
            _ if query.text.is_empty() => "",
            Join::Group => "",
            Join::Alternative => OR,
            Join::Branch => NQ,
        };
        let term = format!("{prefix}{field}{operator}{}", value.replace('^', "^^"));
        // Behind an empty part a field that begins with GOTO stays whole.
        let read = Query::parse(format!("^{term}"));
        match read.clauses().collect::<Vec<_>>().as_slice() {
            [Clause::Empty, Clause::Condition(read)] if read.field() == field => {
                if read.operator() != operator || read.value() != value {
                    return query.fail(BuildError::Merged { operator, value: value.to_owned() });
                }
            }
            _ => return query.fail(BuildError::Field(field)),
        }
        if !query.text.is_empty() {
            query.text.push('^');
        }
        query.text.push_str(&term);
        query
    }

    fn list<'v>(
        self,
        operator: Operator,
        values: impl IntoIterator<Item = &'v str>,
    ) -> QueryBuilder {
        let values: Vec<&str> = values.into_iter().collect();
        let is_bad =
            |value: &&&str| value.contains(',') || value.trim() != **value || value.is_empty();
        match values.iter().find(is_bad) {
            Some(value) => self.query.fail(BuildError::Separator((*value).to_owned())),
            None => self.operator(operator, &values.join(",")),
        }
    }
}
