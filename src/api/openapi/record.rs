//! Schemas of records, and of the bodies and answers that hold them.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::collection::{Api, Collection};
use super::{refer, with};
use crate::api::given::is_set_by_server;
use crate::demo::{DEMO_SEED, contacts};
use crate::schema::{CONTACT_FIELDS, Choice, Field};
use crate::value::FieldType;

/// The types a body may give a value in.
const WRITTEN: [&str; 4] = ["string", "number", "boolean", "null"];

/// The schemas of a collection: a record, a page, an answer of one, a body and what it gives.
pub(super) fn schemas(of: &Collection<'_>) -> Vec<(String, Value)> {
    let fields = of.schema.fields();
    let item = refer("schemas", &of.name(""));
    let page = json!({"type": "array", "items": item});
    let answer = (of.name("Answer"), response(&json!({"result": item})));
    match of.api {
        Api::Contact => {
            let more =
                json!({"type": "boolean", "description": "Whether records follow this page"});
            let sys_id = json!({"type": "string", "description": "The sys_id of the new contact"});
            vec![
                answer,
                (of.name("List"), response(&json!({"result": page, "hasMore": more}))),
                (of.name("Created"), response(&json!({"result": sys_id}))),
                (of.name("Body"), new_contact(fields)),
                (of.name(""), contact(fields)),
            ]
        }
        Api::Table => vec![
            answer,
            (of.name("List"), response(&json!({"result": page}))),
            (of.name("Body"), body(readable(fields).filter(|field| !is_set_by_server(field)))),
            (of.name(""), record(fields, Api::Table)),
        ],
    }
}

/// The schemas all collections share.
pub(super) fn shared() -> [(&'static str, Value); 3] {
    let error = json!({
        "type": "object",
        "properties": {"message": {"type": "string"}, "detail": {"type": "string"}},
        "required": ["message", "detail"],
    });
    let reference = json!({
        "type": "object",
        "properties": {
            "link": {"type": "string", "description": "Where the Table API has the record"},
            "value": {"type": "string", "description": "The sys_id of the record"},
        },
        "required": ["link", "value"],
    });
    let display_value = json!({
        "type": "object",
        "description": "What sysparm_display_value asks for",
        "properties": {
            "display_value": {"type": "string"},
            "value": {"type": "string", "description": "The stored value, with `all`"},
            "link": {"type": "string", "description": "Of references, unless they are left out"},
        },
        "required": ["display_value"],
    });
    [
        ("Error", response(&json!({"error": error, "status": {"const": "failure"}}))),
        ("Reference", reference),
        ("DisplayValue", display_value),
    ]
}

/// An answer with these members; in XML the element `response`.
fn response(properties: &Value) -> Value {
    let required: Vec<&String> = properties.as_object().into_iter().flat_map(Map::keys).collect();
    json!({"type": "object", "properties": properties, "required": required, "xml": {"name": "response"}})
}

fn contact(fields: &[Field]) -> Value {
    let required: Vec<&str> = readable(fields).map(|field| &*field.name).collect();
    let warren = george_warren();
    let text = |field: &Field| warren.get(&*field.name).cloned().unwrap_or_default();
    let example = readable(fields).map(|field| (field.name.to_string(), text(field).into()));
    let example: Map<String, Value> = example.collect();
    let contact = with(record(fields, Api::Contact), "required", json!(required));
    with(contact, "examples", json!([example]))
}

fn new_contact(fields: &[Field]) -> Value {
    let of_profile = CONTACT_FIELDS.iter().filter(|field| field.creatable && !field.readable);
    let all = || creatable(fields).chain(of_profile.clone());
    let warren = george_warren();
    let text = |field: &Field| {
        let text = warren.get(&*field.name)?;
        Some((field.name.to_string(), text.as_str().into()))
    };
    let example: Map<String, Value> = all().filter_map(text).collect();
    with(body(all()), "examples", json!([example]))
}

/// The first contact of the Contact API page.
fn george_warren() -> HashMap<&'static str, String> {
    contacts(DEMO_SEED).next().into_iter().flatten().collect()
}

fn readable(fields: &[Field]) -> impl Iterator<Item = &Field> {
    fields.iter().filter(|field| field.readable)
}

fn creatable(fields: &[Field]) -> impl Iterator<Item = &Field> {
    readable(fields).filter(|field| field.creatable)
}

/// A record of an answer.
fn record(fields: &[Field], api: Api) -> Value {
    let property = |field: &Field| (field.name.to_string(), answered(field, api));
    let properties: Map<String, Value> = readable(fields).map(property).collect();
    json!({"type": "object", "properties": properties})
}

/// What a body may hold.
fn body<'f>(fields: impl Iterator<Item = &'f Field>) -> Value {
    let property = |field: &Field| (field.name.to_string(), written(field));
    let properties: Map<String, Value> = fields.map(property).collect();
    json!({"type": "object", "description": "Other members are ignored", "properties": properties})
}

/// A field in an answer. What is stored may be longer than documented, so the length is no rule here.
fn answered(field: &Field, api: Api) -> Value {
    let mut forms = vec![json!({"type": "string"})];
    if api == Api::Table {
        forms.push(refer("schemas", "DisplayValue"));
        if field.kind == FieldType::Reference {
            forms.push(refer("schemas", "Reference"));
        }
    }
    let mut schema = facts(field, forms);
    if let Some(max) = field.max_length {
        schema = with(schema, "x-max-length", max.into());
    }
    let is_read_only = match api {
        Api::Contact => !field.creatable,
        Api::Table => is_set_by_server(field),
    };
    if is_read_only { with(schema, "readOnly", true.into()) } else { schema }
}

/// A field in a body.
fn written(field: &Field) -> Value {
    let schema = facts(field, vec![json!({"type": WRITTEN})]);
    match field.max_length {
        Some(max) => with(schema, "maxLength", max.into()),
        None => schema,
    }
}

/// What is known of a field whose values have one of the forms. Its choices come first, for those
/// who offer them; other values are not refused.
fn facts(field: &Field, mut forms: Vec<Value>) -> Value {
    let choice = |choice: &Choice| json!({"const": choice.value, "title": choice.label});
    forms.splice(0..0, field.choices.iter().map(choice));
    let mut schema = match forms.as_slice() {
        [only] => only.clone(),
        _ => json!({"anyOf": forms}),
    };
    schema = with(schema, "title", json!(field.label));
    schema = with(schema, "x-type", json!(field.kind.name()));
    if let Some(says) = description(field) {
        schema = with(schema, "description", says.into());
    }
    if let Some(table) = &field.reference {
        schema = with(schema, "x-reference", json!(table));
    }
    match &field.default {
        Some(default) => with(schema, "default", json!(default)),
        None => schema,
    }
}

fn description(field: &Field) -> Option<String> {
    let kind = match field.kind {
        FieldType::String => None,
        FieldType::Integer => Some("A whole number."),
        FieldType::Decimal => Some("A decimal number."),
        FieldType::Boolean => Some("`true` or `false`."),
        FieldType::Date => Some("A day, `YYYY-MM-DD`."),
        FieldType::DateTime => Some("An instant, `YYYY-MM-DD HH:MM:SS` in UTC."),
        FieldType::Reference => Some("The sys_id of a record of another table."),
        FieldType::SysId => Some("32 hexadecimal digits that name the record."),
    };
    let length = field.max_length.map(|max| format!("At most {max} characters, as documented."));
    let sentences = [kind.map(str::to_owned), length];
    let says = sentences.into_iter().flatten().collect::<Vec<_>>().join(" ");
    (!says.is_empty()).then_some(says)
}
