//! Tree and schema to tests. Reports what is invalid; decides nothing about it.

mod fields;
mod operand;
mod options;
mod part;
mod path;
mod pattern;
mod script;

use std::collections::HashSet;

pub use options::{EmptyInNegation, Limits, Options};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, shown};
use crate::filter::{BoundClause, BoundQuery, Reading, SortKey, Test};
use crate::operator::{Meaning, Operator, Polarity, Relation};
use crate::schema::{Catalog, Field, Schema, UnknownTable};
use crate::span::Span;
use crate::syntax::{
    Alternative, Block, BlockHead, Clause, Condition, Item, Join, NodeKind, Order, Printer, Query,
    report,
};
use crate::value::{Case, FieldType};

/// Binds queries to one table of a catalog.
///
/// ```
/// use encoded_query::{Binder, Catalog, Query, Schema};
///
/// let catalog = Catalog::from(Schema::customer_contact());
/// let binder = Binder::new(&catalog, "customer_contact")?;
/// let bound = binder.bind(&Query::parse("fist_name=George"));
/// let diagnostic = bound.diagnostics().iter().next().unwrap();
/// assert_eq!(diagnostic.code().as_str(), "unknown-field");
/// assert_eq!(diagnostic.suggestion().unwrap().replacement, "first_name");
/// # Ok::<(), encoded_query::UnknownTable>(())
/// ```
#[derive(Clone, Debug)]
pub struct Binder<'c> {
    schema: &'c Schema,
    /// The tables references may be followed to.
    tables: &'c [Schema],
    options: Options,
}

impl<'c> Binder<'c> {
    /// A binder for that table, with the default options.
    ///
    /// # Errors
    /// If the catalog has no such table.
    pub fn new(catalog: &'c Catalog, table: &str) -> Result<Self, UnknownTable> {
        let schema = catalog.require(table)?;
        Ok(Self { schema, tables: catalog.schemas(), options: Options::default() })
    }

    /// A binder for a table that stands alone, with the default options.
    pub fn for_table(schema: &'c Schema) -> Self {
        Self { schema, tables: std::slice::from_ref(schema), options: Options::default() }
    }

    /// The same binder with other options.
    #[must_use]
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Binds a query. Never fails: what is invalid is said in the diagnostics of the result.
    pub fn bind(&self, query: &Query<'_>) -> BoundQuery {
        let mut binding = Binding::new(self, query);
        if binding.is_within_limits(query) {
            binding.bind(query);
        }
        binding.finish()
    }

    fn knows(&self, table: &str) -> bool {
        self.tables.iter().any(|schema| schema.table() == table)
    }

    fn case(&self) -> Case {
        if self.options.case_sensitive { Case::Distinguish } else { Case::Ignore }
    }

    /// How the stored values of a type compare; the digits of a sys_id have no case.
    fn case_of(&self, kind: FieldType) -> Case {
        match kind {
            FieldType::Reference | FieldType::SysId => Case::Ignore,
            FieldType::String
            | FieldType::Integer
            | FieldType::Decimal
            | FieldType::Boolean
            | FieldType::Date
            | FieldType::DateTime => self.case(),
        }
    }

    /// Whether a negative operator matches an empty field; `on_boolean` is what is documented for
    /// it on boolean fields.
    fn negation_matches_empty(&self, kind: FieldType, on_boolean: bool) -> bool {
        match self.options.empty_in_negation {
            EmptyInNegation::Documented => kind == FieldType::Boolean && on_boolean,
            EmptyInNegation::Match => true,
            EmptyInNegation::NoMatch => false,
        }
    }
}

/// A binding in progress.
struct Binding<'b, 'q> {
    binder: &'b Binder<'b>,
    diagnostics: Diagnostics,
    printer: Printer,
    length: usize,
    clauses: Vec<BoundClause<Test>>,
    order: Vec<BoundClause<SortKey>>,
    /// Regular expressions and globs compiled so far.
    patterns: usize,
    /// Fields the query asks to be empty somewhere.
    asked_empty: HashSet<&'q str>,
}

impl<'b, 'q> Binding<'b, 'q> {
    fn new(binder: &'b Binder<'b>, query: &Query<'_>) -> Self {
        Self {
            binder,
            diagnostics: Diagnostics::new(binder.options.limits.diagnostics),
            printer: Printer::bare(),
            length: query.text().len(),
            clauses: Vec::new(),
            order: Vec::new(),
            patterns: 0,
            asked_empty: HashSet::new(),
        }
    }

    fn finish(self) -> BoundQuery {
        BoundQuery {
            text: self.printer.finish(),
            length: self.length,
            clauses: self.clauses,
            order: self.order,
            diagnostics: self.diagnostics,
        }
    }

    fn say(&mut self, code: Code, span: Span, message: impl Into<Box<str>>) {
        self.diagnostics.push(Diagnostic::new(code, span, message));
    }

    /// Refuses a query that costs too much before any of it is bound.
    fn is_within_limits(&mut self, query: &Query<'_>) -> bool {
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

    fn bind(&mut self, query: &'q Query<'_>) {
        let scope = query.scope();
        self.asked_empty = query.conditions().filter(asks_empty).map(|c| c.field()).collect();
        for item in scope.items() {
            self.report(query.text(), item);
            match scope.clause(item) {
                Clause::Condition(condition) => {
                    let bound = self.condition(&condition);
                    self.push(item.node.join, Alternative::Condition(condition), bound);
                }
                Clause::Block(block) => {
                    let diagnostic = self.block(&block);
                    self.diagnostics.push(diagnostic);
                    self.push(item.node.join, Alternative::Block(block), None);
                }
                Clause::Unreadable(part) => {
                    self.push(item.node.join, Alternative::Unreadable(part), None);
                }
                Clause::Order(order) => self.order(order),
                Clause::Empty | Clause::End | Clause::Grouping(_) | Clause::BadOrder(_) => {}
            }
        }
    }

    /// Says what the text alone shows, also of what stands in a block.
    fn report(&mut self, text: &str, item: Item<'_>) {
        let diagnostics = &mut self.diagnostics;
        let mut say = |diagnostic| diagnostics.push(diagnostic);
        report(text, item.node, false, &mut say);
        for node in item.content.nodes() {
            report(text, node, true, &mut say);
        }
    }

    fn push(&mut self, join: Join, alternative: Alternative<'_>, bound: Option<Test>) {
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
        let bound = match self.path(order.field, field_span) {
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
        match &field.reference {
            Some(table) if self.binder.knows(table) => Reading::Display,
            _ => Reading::Stored,
        }
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
        let operator = condition.operator();
        let (path, field) = self.condition_path(condition)?;
        if !operator.types().accepts(field.kind) {
            return Err(not_for_type(condition, field));
        }
        let refused = |why: &str| {
            let message = format!("the operator `{operator}` is {why}");
            Err(Diagnostic::new(Code::UnsupportedOperator, condition.operator_span(), message))
        };
        match operator.meaning() {
            Meaning::Compare(_)
            | Meaning::Contains(..)
            | Meaning::OneOf(_)
            | Meaning::Empty(_)
            | Meaning::Anything
            | Meaning::Between
            | Meaning::Pattern(_) => {
                let reading = self.reading(condition, field);
                let predicate = self.predicate(condition, field)?;
                Ok(Test::Value { path, reading, predicate })
            }
            Meaning::Fields(relation) => self.fields(condition, (path, field), relation),
            Meaning::Refused => refused("undocumented and not evaluated"),
            Meaning::Distance(_)
            | Meaning::Period(_)
            | Meaning::Relative(_)
            | Meaning::DatePart
            | Meaning::Dynamic
            | Meaning::InstanceOf
            | Meaning::Hierarchy
            | Meaning::Change => refused("not evaluated by this version"),
        }
    }

    /// Text operators look at the display value of a reference.
    fn reading(&mut self, condition: &Condition<'_>, field: &Field) -> Reading {
        if !matches!(condition.operator().meaning(), Meaning::Contains(..)) {
            return Reading::Stored;
        }
        let reading = self.display_reading(field);
        if let (Reading::Stored, Some(table)) = (reading, &field.reference) {
            let message = format!(
                "`{}` is compared by its stored sys_id, since the table `{table}` is not loaded",
                field.name
            );
            self.say(Code::NoDisplayValue, condition.field_span(), message);
        }
        reading
    }

    /// Tells people who write `f!=x` that rows where one of its fields is empty are left out.
    fn hint_excludes_empty(&mut self, condition: &Condition<'_>, fields: &[&str]) {
        let fields: Vec<&str> =
            fields.iter().copied().filter(|field| !self.asked_empty.contains(field)).collect();
        if fields.is_empty() {
            return;
        }
        let message = format!("rows where `{}` is empty are left out", fields.join("` or `"));
        let span = condition.span();
        let end = Span { start: span.end, end: span.end };
        let is_empty = Operator::IsEmpty.token();
        let also: String = fields.iter().flat_map(|field| ["^OR", field, is_empty]).collect();
        let diagnostic = Diagnostic::new(Code::ExcludesEmpty, span, message);
        self.diagnostics.push(diagnostic.suggesting(end, also, "let empty ones match as well"));
    }

    fn block(&self, block: &Block<'_>) -> Diagnostic {
        let table = match block.head() {
            BlockHead::RelatedList { table, .. } | BlockHead::Subquery { table, .. } => table,
            BlockHead::Join { right, .. } => right.split('.').next().unwrap_or_default(),
        };
        let message = if self.binder.knows(table) {
            "blocks are not evaluated by this version".to_owned()
        } else {
            let table = shown(table);
            format!("the block asks for rows of `{table}`, which is not loaded")
        };
        Diagnostic::new(Code::UnsupportedBlock, block.span(), message)
    }
}

/// Whether the condition asks for empty values: `ISEMPTY`, `=` or `=NULL`.
fn asks_empty(condition: &Condition<'_>) -> bool {
    let meaning = condition.operator().meaning();
    meaning == Meaning::Empty(Polarity::Positive)
        || meaning == Meaning::Compare(Relation::Equal) && operand::is_empty(condition.raw_value())
}

fn not_for_type(condition: &Condition<'_>, field: &Field) -> Diagnostic {
    let operator = condition.operator();
    let message =
        format!("`{operator}` is not for `{}`, a field of type {}", field.name, field.kind);
    Diagnostic::new(Code::OperatorNotForType, condition.operator_span(), message)
}
