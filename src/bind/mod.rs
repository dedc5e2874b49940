//! Tree and schema to tests. Reports what is invalid; decides nothing about it.

mod binder;
mod block;
mod change;
mod date;
mod fields;
mod literal;
mod operand;
mod options;
mod part;
mod path;
mod pattern;
mod reference;
mod script;

use std::cell::OnceCell;
use std::collections::HashSet;
use std::sync::Arc;

pub use binder::Binder;
pub(crate) use operand::is_empty;
pub use options::{EmptyInNegation, HiddenFields, History, Limits, Options};
pub(crate) use script::split_at_signs;

use crate::calendar::{Calendar, Weekday, Zone};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::environment::Environment;
use crate::filter::{Bound, BoundClause, BoundQuery, Lookup, Reading, SortKey, Test};
use crate::operator::{Meaning, Operator, Polarity, Relation};
use crate::schema::{Field, FieldPath, Queryable, Schema};
use crate::span::Span;
use crate::syntax::{
    Alternative, Clause, Condition, Item, Join, NodeKind, OR, Order, Printer, Query, report,
};
use crate::value::DateTime;
use part::Part;

/// A binding in progress.
struct Binding<'b, 'q> {
    binder: &'b Binder<'b>,
    query: &'q Query<'q>,
    diagnostics: Diagnostics,
    printer: Printer,
    clauses: Vec<BoundClause<Bound>>,
    lookups: Vec<Lookup>,
    order: Vec<BoundClause<SortKey>>,
    /// The table whose fields the conditions ask for, innermost block last.
    scopes: Vec<Scope<'b>>,
    /// Regular expressions and globs compiled so far.
    patterns: usize,
    /// Fields the query asks to be empty somewhere, once that matters.
    asked_empty: OnceCell<HashSet<&'q str>>,
    calendar: OnceCell<Arc<Calendar>>,
}

/// A stretch of the query that asks for fields of one table.
#[derive(Clone, Copy, Debug)]
struct Scope<'b> {
    schema: &'b Schema,
    /// Number of the first node behind it.
    end: usize,
    /// Number of the clause that is its block.
    clause: usize,
}

impl<'b, 'q> Binding<'b, 'q> {
    fn new(binder: &'b Binder<'b>, query: &'q Query<'q>) -> Self {
        Self {
            binder,
            query,
            diagnostics: Diagnostics::new(binder.options.limits.diagnostics),
            printer: Printer::bare(),
            clauses: Vec::new(),
            lookups: Vec::new(),
            order: Vec::new(),
            scopes: Vec::new(),
            patterns: 0,
            asked_empty: OnceCell::new(),
            calendar: OnceCell::new(),
        }
    }

    fn finish(self) -> BoundQuery {
        BoundQuery {
            table: self.binder.schema.table().into(),
            text: self.printer.finish(),
            length: self.query.text().len(),
            clauses: self.clauses,
            lookups: self.lookups,
            order: self.order,
            diagnostics: self.diagnostics,
        }
    }

    fn say(&mut self, code: Code, span: Span, message: impl Into<Box<str>>) {
        self.diagnostics.push(Diagnostic::new(code, span, message));
    }

    /// The table whose fields are asked for here.
    fn schema(&self) -> &'b Schema {
        self.scopes.last().map_or(self.binder.schema, |scope| scope.schema)
    }

    /// What dates are reckoned with. What it says of now is true only after [`now`](Self::now).
    fn calendar(&self) -> &Arc<Calendar> {
        self.calendar.get_or_init(|| {
            let environment = self.binder.environment;
            let zone = environment.map_or_else(Zone::utc, Environment::zone);
            let first = environment.map_or(Weekday::default(), Environment::first_day_of_week);
            let now = environment.and_then(Environment::now);
            Arc::new(Calendar::new(now.unwrap_or(DateTime::FIRST), zone, first))
        })
    }

    /// What dates are reckoned with, if the time is known.
    fn now(&self, span: Span) -> Result<&Arc<Calendar>, Diagnostic> {
        if self.binder.environment.and_then(Environment::now).is_some() {
            return Ok(self.calendar());
        }
        let message = "the time is asked for and not known here";
        Err(Diagnostic::new(Code::UnresolvedEnvironment, span, message))
    }

    /// Refuses a query that costs too much before any of it is bound.
    fn is_within_limits(&mut self) -> bool {
        let query = self.query;
        let limits = &self.binder.options.limits;
        let (mut conditions, mut branches, mut sort_keys) = (0, 0, 0);
        for node in &query.nodes {
            conditions += usize::from(node.kind.is_logical());
        }
        // What stands in blocks is no branch of the query, and sorts there are dropped.
        for Item { node, .. } in query.scope().items() {
            branches += usize::from(node.kind.is_logical() && node.join == Join::Branch);
            sort_keys += usize::from(matches!(node.kind, NodeKind::Order { .. }));
        }
        let checks = [
            (Code::TooLong, query.text().len(), limits.text, "bytes of text"),
            (Code::TooManyConditions, conditions, limits.conditions, "conditions"),
            (Code::TooManyBranches, branches, limits.branches, "branches"),
            (Code::TooManySortKeys, sort_keys, limits.sort_keys, "sort keys"),
        ];
        let whole = Span::new(0, query.text().len());
        for (code, found, limit, what) in checks {
            if found > limit {
                let message = format!("the query has {found} {what}; the limit is {limit}");
                self.say(code, whole, message);
            }
        }
        !self.diagnostics.has_errors()
    }

    fn bind(&mut self) {
        let query = self.query;
        let scope = query.scope();
        self.clauses.reserve(query.nodes.len());
        let mut readable_from = 0;
        for (number, item) in scope.walk() {
            self.close_blocks(number);
            report(
                query.text(),
                item.node,
                number < readable_from || !self.scopes.is_empty(),
                &mut |said| self.diagnostics.push(said),
            );
            // What stands in an invalid block asks for fields of no known table.
            if number < readable_from {
                continue;
            }
            match scope.clause(item) {
                Clause::Condition(condition) => {
                    let bound = self.condition(&condition).map(Bound::Test);
                    self.push(item.node.join, Alternative::Condition(condition), bound);
                }
                Clause::Block(block) => {
                    let end = number + 1 + item.content.nodes().len();
                    if !self.block(item.node.join, &block, end) {
                        readable_from = end;
                    }
                }
                Clause::Unreadable(part) => {
                    self.push(item.node.join, Alternative::Unreadable(part), None);
                }
                Clause::Order(order) if self.scopes.is_empty() => self.order(order),
                Clause::Order(_)
                | Clause::Empty
                | Clause::End
                | Clause::Grouping(_)
                | Clause::BadOrder(_) => {}
            }
        }
        self.close_blocks(usize::MAX);
    }

    fn push(&mut self, join: Join, alternative: Alternative<'_>, bound: Option<Bound>) {
        let start = self.printer.len();
        self.printer.alternative(join, alternative);
        let text = Span::new(start, self.printer.len());
        self.clauses.push(BoundClause { join, text, bound });
    }

    fn order(&mut self, order: Order<'_>) {
        let start = self.printer.len();
        self.printer.order(order);
        let text = Span::new(start, self.printer.len());
        let field_start = (order.span.end as usize).saturating_sub(order.field.len());
        let field_span = Span::new(field_start, order.span.end as usize);
        let bound = match self.path(order.field, field_span, Queryable::Range) {
            Ok((path, field)) => {
                let reading = self.display_reading(field);
                let (kind, direction) = (field.kind.kind(), order.direction);
                Some(SortKey { path, reading, kind, direction, case: self.binder.case() })
            }
            Err(diagnostic) => {
                self.diagnostics.push(diagnostic);
                None
            }
        };
        self.order.push(BoundClause { join: Join::Group, text, bound });
    }

    /// References are shown and sorted by display value where their table is known.
    fn display_reading(&self, field: &Field) -> Reading {
        let table = field.reference.as_deref().and_then(|table| self.binder.table(table));
        let has_display = table.is_some_and(|table| self.binder.has_display(table));
        if has_display { Reading::Display } else { Reading::Stored }
    }

    fn condition(&mut self, condition: &Condition<'_>) -> Option<Test> {
        match self.bind_condition(condition) {
            Ok(test) => Some(test),
            Err(diagnostic) => {
                self.diagnostics.push(diagnostic);
                None
            }
        }
    }

    fn bind_condition(&mut self, condition: &Condition<'_>) -> Result<Test, Diagnostic> {
        if let Some(test) = self.text_search(condition) {
            return test;
        }
        let operator = condition.operator();
        let (path, field) = self.condition_path(condition)?;
        if !operator.types().accepts(field.kind) {
            return Err(not_for_type(condition, field));
        }
        self.test(condition, path, field)
    }

    fn test(
        &mut self,
        condition: &Condition<'_>,
        path: FieldPath,
        field: &'b Field,
    ) -> Result<Test, Diagnostic> {
        let unescaped = condition.value();
        let value = Part { text: &unescaped, span: condition.value_span() };
        let predicate = match condition.operator().meaning() {
            Meaning::Anything => operand::anything(field),
            Meaning::Empty(polarity) => operand::empty(field, polarity),
            Meaning::Compare(relation) => self.compare(condition, field, &value, relation)?,
            Meaning::OneOf(polarity) => self.one_of(condition, field, &value, polarity)?,
            Meaning::Between => self.between(field, &value)?,
            Meaning::Pattern(syntax) => self.pattern(condition, syntax, &value)?,
            Meaning::Period(polarity) => self.period(field, &value, polarity)?,
            Meaning::Relative(relation) => self.relative(field, &value, relation)?,
            Meaning::DatePart => self.date_part(field, &value)?,
            Meaning::Dynamic => self.dynamic(field, &value)?,
            Meaning::InstanceOf => self.instance_of(condition, field, &value)?,
            Meaning::Contains(place, polarity) => {
                let reading = self.display_or_say(condition, field);
                let predicate = self.contains(condition, field, &value, place, polarity)?;
                return Ok(Test::Value { path, reading, predicate });
            }
            Meaning::Fields(relation) => return self.fields(condition, (path, field), relation),
            Meaning::Distance(relation) => {
                return self.distance(condition, (path, field), relation);
            }
            Meaning::Hierarchy(start) => return self.hierarchy((path, field), &value, start),
            Meaning::Change(change) => {
                return self.change(condition, (path, field), &value, change);
            }
            Meaning::Refused => return Err(refused(condition)),
        };
        Ok(Test::Value { path, reading: Reading::Stored, predicate })
    }

    /// Text operators look at the display value of a reference; says so if there is none.
    fn display_or_say(&mut self, condition: &Condition<'_>, field: &Field) -> Reading {
        let reading = self.display_reading(field);
        if let (Reading::Stored, Some(table)) = (reading, &field.reference) {
            let why = match self.binder.table(table) {
                Some(_) => format!("the table `{table}` has no display field"),
                None => format!("the table `{table}` is not loaded"),
            };
            let name = &field.name;
            let message = format!("`{name}` is compared by its stored sys_id, since {why}");
            self.say(Code::NoDisplayValue, condition.field_span(), message);
        }
        reading
    }

    /// Tells people who write `f!=x` that rows where one of its fields is empty are left out.
    fn hint_excludes_empty(&mut self, condition: &Condition<'_>, fields: &[&str]) {
        let query = self.query;
        let asked_empty = self.asked_empty.get_or_init(|| {
            let scope = query.scope();
            let clauses = scope.walk().map(|(_, item)| scope.clause(item));
            clauses.filter_map(asked_empty_field).collect()
        });
        let fields: Vec<&str> =
            fields.iter().copied().filter(|field| !asked_empty.contains(field)).collect();
        if fields.is_empty() {
            return;
        }
        let message = format!("rows where `{}` is empty are left out", fields.join("` or `"));
        let span = condition.span();
        let end = Span { start: span.end, end: span.end };
        let is_empty = Operator::IsEmpty.token();
        let or = format!("{}{OR}", condition.separator());
        let also: String = fields.iter().flat_map(|field| [or.as_str(), field, is_empty]).collect();
        let diagnostic = Diagnostic::new(Code::ExcludesEmpty, span, message);
        self.diagnostics.push(diagnostic.suggesting(end, also, "let empty ones match as well"));
    }
}

/// The field a condition asks to be empty.
fn asked_empty_field(clause: Clause<'_>) -> Option<&str> {
    let Clause::Condition(condition) = clause else { return None };
    asks_empty(&condition).then(|| condition.field())
}

/// Whether the condition asks for empty values: `ISEMPTY`, `=` or `=NULL`.
fn asks_empty(condition: &Condition<'_>) -> bool {
    let meaning = condition.operator().meaning();
    meaning == Meaning::Empty(Polarity::Positive)
        || meaning == Meaning::Compare(Relation::Equal) && is_empty(condition.raw_value())
}

fn refused(condition: &Condition<'_>) -> Diagnostic {
    let operator = condition.operator();
    let message = format!("the operator `{operator}` is undocumented and not evaluated");
    Diagnostic::new(Code::UnsupportedOperator, condition.operator_span(), message)
}

fn not_for_type(condition: &Condition<'_>, field: &Field) -> Diagnostic {
    let operator = condition.operator();
    let message =
        format!("`{operator}` is not for `{}`, a field of type {}", field.name, field.kind);
    Diagnostic::new(Code::OperatorNotForType, condition.operator_span(), message)
}
