//! Binders: a table, the tables around it, and the choices that are made.

use std::borrow::Cow;

use super::options::EmptyBooleans;
use super::part::Part;
use super::{Binding, EmptyInNegation, Options, script};
use crate::environment::Environment;
use crate::filter::BoundQuery;
use crate::function::Function;
use crate::schema::{Catalog, Schema, UnknownTable, is_a};
use crate::span::Span;
use crate::syntax::Query;
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
    pub(super) schema: &'c Schema,
    /// The tables references may be followed to.
    pub(super) tables: &'c [Schema],
    /// Tables that are known by name and by what they extend alone.
    pub(super) classes: &'c [Schema],
    pub(super) options: Options,
    pub(super) environment: Option<&'c dyn Environment>,
}

impl<'c> Binder<'c> {
    /// A binder for that table, with the default options.
    ///
    /// # Errors
    /// If the catalog has no such table.
    pub fn new(catalog: &'c Catalog, table: &str) -> Result<Self, UnknownTable> {
        let schema = catalog.require(table)?;
        let options = Options::default();
        Ok(Self { schema, tables: catalog.schemas(), classes: &[], options, environment: None })
    }

    /// A binder for a table that stands alone, with the default options.
    pub fn for_table(schema: &'c Schema) -> Self {
        let (tables, options) = (std::slice::from_ref(schema), Options::default());
        Self { schema, tables, classes: &[], options, environment: None }
    }

    /// The same binder with other options.
    #[must_use]
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// The same binder with more tables than are loaded known by what they extend, which `INSTANCEOF`
    /// asks.
    #[must_use]
    pub fn classes(mut self, catalog: &'c Catalog) -> Self {
        self.classes = catalog.schemas();
        self
    }

    /// The same binder in an environment, which knows the time and who asks. Without one a query that
    /// asks for them has invalid parts.
    #[must_use]
    pub fn environment(mut self, environment: &'c dyn Environment) -> Self {
        self.environment = Some(environment);
        self
    }

    /// Binds a query. Never fails: what is invalid is said in the diagnostics of the result.
    pub fn bind(&self, query: &Query<'_>) -> BoundQuery {
        let mut binding = Binding::new(self, query);
        if binding.is_within_limits() {
            binding.bind();
        }
        binding.finish()
    }

    /// The table queries are bound to.
    pub fn schema(&self) -> &'c Schema {
        self.schema
    }

    /// The call a value is, and its arguments as written; nothing if it is no valid call.
    pub(crate) fn call(value: &str) -> Option<(Function, Vec<String>)> {
        let call = script::call(&Part { text: value, span: Span::default() }).ok()??;
        let arguments = call.arguments.iter().map(|argument| argument.text().to_owned());
        Some((call.function, arguments.collect()))
    }

    /// What a script gives here, as text.
    pub(crate) fn script_value(&self, value: &str) -> Option<String> {
        let query = Query::parse("");
        let binding = Binding::new(self, &query);
        let answer = binding.answer(&Part { text: value, span: Span::default() }).ok()??;
        answer.text().map(Cow::into_owned)
    }

    /// The table of that name.
    pub(crate) fn table(&self, name: &str) -> Option<&'c Schema> {
        self.tables.iter().find(|schema| schema.table() == name)
    }

    /// Whether a table is another or extends it.
    pub(super) fn is_a(&self, table: &str, ancestor: &str) -> bool {
        is_a(self.tables, table, ancestor) || is_a(self.classes, table, ancestor)
    }

    pub(super) fn case(&self) -> Case {
        if self.options.case_sensitive { Case::Distinguish } else { Case::Ignore }
    }

    /// How the stored values of a type compare; the digits of a sys_id have no case.
    pub(super) fn case_of(&self, kind: FieldType) -> Case {
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

    /// Whether a negative operator matches an empty field.
    pub(super) fn negation_matches_empty(
        &self,
        kind: FieldType,
        documented: EmptyBooleans,
    ) -> bool {
        match self.options.empty_in_negation {
            EmptyInNegation::Documented => {
                kind == FieldType::Boolean && documented == EmptyBooleans::Match
            }
            EmptyInNegation::Match => true,
            EmptyInNegation::NoMatch => false,
        }
    }
}
