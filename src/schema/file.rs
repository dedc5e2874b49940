//! Schema files: tables and their fields as JSON.

use std::collections::HashSet;

use serde::Deserialize;
use serde::de::IgnoredAny;
use thiserror::Error;

use super::{Catalog, Choice, Field, Queryable, Schema};
use crate::value::FieldType;

/// Why a schema file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// The text is no JSON of the right shape.
    #[error("{0}")]
    Syntax(String),
    /// A field has a type that there is not.
    #[error("the field `{field}` of `{table}` has the type `{kind}`; types are {}", types())]
    UnknownType {
        /// The table.
        table: String,
        /// The field.
        field: String,
        /// The type as written.
        kind: String,
    },
    /// A table or field is given twice.
    #[error("`{0}` is given twice")]
    Repeated(String),
    /// A reference does not say to which table, or a field that is none does.
    #[error(
        "the field `{0}` must have the type `reference` and a `reference` to a table, or neither"
    )]
    Reference(String),
    /// The field shown for a record is none of its table.
    #[error("the display field `{0}` is not among the fields")]
    Display(String),
    /// A table or field has no name.
    #[error("a table or field has an empty name")]
    NoName,
    /// A table extends one that is not in the file, or in the end itself.
    #[error("`{table}` extends `{parent}`, which {why}")]
    Extends {
        /// The table.
        table: String,
        /// What it extends.
        parent: String,
        /// What is wrong with that.
        why: &'static str,
    },
    /// There are no tables.
    #[error("there are no tables")]
    NoTables,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Several {
    tables: Vec<TableShape>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableShape {
    table: String,
    extends: Option<String>,
    display: Option<String>,
    fields: Vec<FieldShape>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldShape {
    name: String,
    r#type: String,
    reference: Option<String>,
    label: Option<String>,
    #[serde(default)]
    queryable: QueryableShape,
    readable: Option<bool>,
    creatable: Option<bool>,
    default: Option<String>,
    max_length: Option<u32>,
    /// Values with their labels.
    #[serde(default)]
    choices: Vec<(String, String)>,
    /// Written for people; they follow from the type.
    #[serde(rename = "operators")]
    _operators: Option<IgnoredAny>,
}

/// What a query may ask of a field, as files write it.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum QueryableShape {
    No,
    Match,
    #[default]
    Range,
}

impl Catalog {
    /// The tables of a schema file, in their order: one table as
    /// `{"table":"task","display":"number","fields":[{"name":"priority","type":"integer"}]}`, or
    /// several as `{"tables":[…]}`. Fields may have what a [`Field`] holds, as `encq schema -o json`
    /// prints it.
    ///
    /// # Errors
    /// If the text is no such JSON, a type does not exist, or a name is given twice.
    pub fn from_json(text: &str) -> Result<Self, SchemaError> {
        let fault = |error: serde_json::Error| SchemaError::Syntax(json_fault(text, &error));
        let value: serde_json::Value = serde_json::from_str(text).map_err(fault)?;
        let serde_json::Value::Object(members) = &value else {
            let message = "expected an object with `table` and `fields`, or with `tables`";
            return Err(SchemaError::Syntax(message.into()));
        };
        // Read from the text again, so that a fault has its line.
        let tables = if members.contains_key("tables") {
            serde_json::from_str::<Several>(text).map_err(fault)?.tables
        } else {
            vec![serde_json::from_str(text).map_err(fault)?]
        };
        let mut known = HashSet::new();
        if let Some(again) = tables.iter().find(|shape| !known.insert(&shape.table)) {
            return Err(SchemaError::Repeated(again.table.clone()));
        }
        let schemas = schemas(tables)?;
        if schemas.is_empty() {
            Err(SchemaError::NoTables)
        } else {
            Ok(schemas.into_iter().collect())
        }
    }
}

/// Reads the tables, each after the one it extends; gives them in their order.
fn schemas(shapes: Vec<TableShape>) -> Result<Vec<Schema>, SchemaError> {
    let mut waiting: Vec<(usize, TableShape)> = shapes.into_iter().enumerate().collect();
    let mut done: Vec<(usize, Schema)> = Vec::new();
    while !waiting.is_empty() {
        let before = waiting.len();
        for (place, shape) in std::mem::take(&mut waiting) {
            let is_parent =
                |(_, schema): &&(usize, Schema)| Some(schema.table()) == shape.extends.as_deref();
            match (done.iter().find(is_parent), &shape.extends) {
                (None, Some(_)) => waiting.push((place, shape)),
                (parent, _) => {
                    let empty = Schema::new(shape.table.clone(), []);
                    let start = parent.map_or(empty, |(_, parent)| {
                        Schema::extending(parent, shape.table.clone(), [])
                    });
                    done.push((place, schema(start, shape)?));
                }
            }
        }
        if waiting.len() == before {
            return Err(without_parent(&waiting));
        }
    }
    done.sort_unstable_by_key(|(place, _)| *place);
    Ok(done.into_iter().map(|(_, schema)| schema).collect())
}

fn without_parent(waiting: &[(usize, TableShape)]) -> SchemaError {
    let parent = |shape: &TableShape| shape.extends.clone().unwrap_or_default();
    let is_known = |name: &str| waiting.iter().any(|(_, shape)| shape.table == name);
    // One whose parent is missing is the cause; without it all go in circles.
    let cause = waiting.iter().find(|(_, shape)| !is_known(&parent(shape)));
    let shape = cause.or(waiting.first()).map(|(_, shape)| shape);
    let why = if cause.is_some() { "is not in the file" } else { "in the end extends it" };
    let table = shape.map(|shape| shape.table.clone()).unwrap_or_default();
    SchemaError::Extends { table, parent: shape.map(parent).unwrap_or_default(), why }
}

/// Adds the fields of a table to those it has from the one it extends.
fn schema(mut schema: Schema, shape: TableShape) -> Result<Schema, SchemaError> {
    if shape.table.is_empty() || shape.fields.iter().any(|field| field.name.is_empty()) {
        return Err(SchemaError::NoName);
    }
    for field in shape.fields {
        if schema.slot(&field.name).is_some() {
            return Err(SchemaError::Repeated(field.name));
        }
        let Some(kind) = FieldType::from_name(&field.r#type) else {
            let (table, kind) = (shape.table, field.r#type);
            return Err(SchemaError::UnknownType { table, field: field.name, kind });
        };
        if (kind == FieldType::Reference) != field.reference.is_some() {
            return Err(SchemaError::Reference(field.name));
        }
        schema.add(field.field(kind));
    }
    Ok(match shape.display {
        Some(display) if schema.slot(&display).is_none() => {
            return Err(SchemaError::Display(display));
        }
        Some(display) => schema.with_display(display),
        None => schema,
    })
}

impl FieldShape {
    fn field(self, kind: FieldType) -> Field {
        let mut field = Field::new(self.name, kind);
        field.reference = self.reference.map(Into::into);
        field.readable = self.readable.unwrap_or(true);
        field.creatable = self.creatable.unwrap_or(true);
        field.default = self.default.map(Into::into);
        field.max_length = self.max_length;
        field.queryable = match self.queryable {
            QueryableShape::No => Queryable::No,
            QueryableShape::Match => Queryable::Match,
            QueryableShape::Range => Queryable::Range,
        };
        let choice =
            |(value, label): (String, String)| Choice { value: value.into(), label: label.into() };
        field.choices = self.choices.into_iter().map(choice).collect();
        match self.label {
            Some(label) => field.with_label(label),
            None => field,
        }
    }
}

/// Where and why a text is no JSON of the wanted shape.
pub(crate) fn json_fault(text: &str, error: &serde_json::Error) -> String {
    let message = error.to_string();
    let reason = message.split(" at line ").next().unwrap_or_default();
    let line = text.split('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    // The error counts bytes up to the one it is about, which may be the end of the line before.
    let column = line.char_indices().take_while(|(at, _)| *at < error.column()).count().max(1);
    format!("line {}, column {column}: {reason}", error.line())
}

fn types() -> String {
    FieldType::ALL.map(FieldType::name).join(", ")
}
