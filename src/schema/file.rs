//! Schema files: tables and their fields as JSON.

use serde::Deserialize;
use thiserror::Error;

use super::{Catalog, Field, Schema};
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
}

impl Catalog {
    /// The tables of a schema file, in their order: one table as
    /// `{"table":"task","display":"number","fields":[{"name":"priority","type":"integer"}]}`, or
    /// several as `{"tables":[…]}`.
    ///
    /// # Errors
    /// If the text is no such JSON, a type does not exist, or a name is given twice.
    pub fn from_json(text: &str) -> Result<Self, SchemaError> {
        let fault = |error: serde_json::Error| SchemaError::Syntax(json_fault(&error));
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
        let mut catalog = Self::new();
        for table in tables {
            let schema = schema(table)?;
            if catalog.schema(schema.table()).is_some() {
                return Err(SchemaError::Repeated(schema.table().to_owned()));
            }
            catalog.add(schema);
        }
        if catalog.schemas().is_empty() { Err(SchemaError::NoTables) } else { Ok(catalog) }
    }
}

fn schema(shape: TableShape) -> Result<Schema, SchemaError> {
    let mut schema = Schema::new(shape.table.clone(), []);
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
        let mut bound = Field::new(field.name, kind);
        bound.reference = field.reference.map(Into::into);
        if let Some(label) = field.label {
            bound = bound.with_label(label);
        }
        schema.add(bound);
    }
    Ok(match shape.display {
        Some(display) if schema.slot(&display).is_none() => {
            return Err(SchemaError::Display(display));
        }
        Some(display) => schema.with_display(display),
        None => schema,
    })
}

/// Where and why a text is no JSON of the wanted shape.
pub(crate) fn json_fault(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let reason = message.split(" at line ").next().unwrap_or_default();
    format!("line {}, column {}: {reason}", error.line(), error.column())
}

fn types() -> String {
    FieldType::ALL.map(FieldType::name).join(", ")
}
