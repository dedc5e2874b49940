//! The tables a query may speak of.

use super::Schema;

/// A set of tables; the first of one name counts.
///
/// Binding sees the catalog, never the rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalog {
    schemas: Vec<Schema>,
}

/// There is no table of that name in the catalog.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the catalog has no table `{table}`{}", known(.tables))]
pub struct UnknownTable {
    /// The name asked for.
    pub table: String,
    /// The names there are.
    pub tables: Vec<String>,
}

impl Catalog {
    /// A catalog of no tables.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a table, unless one of its name is there.
    pub fn add(&mut self, schema: Schema) {
        if self.schema(schema.table()).is_none() {
            self.schemas.push(schema);
        }
    }

    /// The table of that exact name.
    pub fn schema(&self, table: &str) -> Option<&Schema> {
        self.schemas.iter().find(|schema| schema.table() == table)
    }

    /// The table of that exact name, to be changed.
    pub fn schema_mut(&mut self, table: &str) -> Option<&mut Schema> {
        self.schemas.iter_mut().find(|schema| schema.table() == table)
    }

    /// Whether `table` is `ancestor` or extends it, in one step or several.
    pub fn is_a(&self, table: &str, ancestor: &str) -> bool {
        is_a(&self.schemas, table, ancestor)
    }

    /// The tables that are `ancestor` or extend it.
    pub fn extending<'c>(&'c self, ancestor: &'c str) -> impl Iterator<Item = &'c Schema> {
        self.schemas.iter().filter(move |schema| self.is_a(schema.table(), ancestor))
    }

    /// All tables, in the order they were added.
    pub fn schemas(&self) -> &[Schema] {
        &self.schemas
    }

    /// The table of that name.
    ///
    /// # Errors
    /// If there is none; the error lists those there are.
    pub fn require(&self, table: &str) -> Result<&Schema, UnknownTable> {
        self.schema(table).ok_or_else(|| UnknownTable {
            table: table.to_owned(),
            tables: self.schemas.iter().map(|schema| schema.table().to_owned()).collect(),
        })
    }
}

impl From<Schema> for Catalog {
    fn from(schema: Schema) -> Self {
        Self { schemas: vec![schema] }
    }
}

impl FromIterator<Schema> for Catalog {
    fn from_iter<I: IntoIterator<Item = Schema>>(schemas: I) -> Self {
        let mut catalog = Self::new();
        schemas.into_iter().for_each(|schema| catalog.add(schema));
        catalog
    }
}

/// Whether `table` is `ancestor` or extends it, as far as these tables say.
pub(crate) fn is_a(schemas: &[Schema], table: &str, ancestor: &str) -> bool {
    let extended = |table: &&str| {
        schemas.iter().find(|schema| schema.table() == *table).and_then(Schema::extends)
    };
    let line = std::iter::successors(Some(table), extended);
    // A line longer than there are tables goes in a circle.
    line.take(schemas.len() + 1).any(|table| table == ancestor)
}

fn known(tables: &[String]) -> String {
    if tables.is_empty() {
        return String::new();
    }
    format!("; it has `{}`", tables.join("`, `"))
}
