//! The OpenAPI document of the server, made from the catalog.
//!
//! Source: *OpenAPI Specification* 3.1.1; Contact API page, release Australia.

mod action;
mod collection;
mod parts;
mod record;

use serde_json::{Map, Value, json};

use crate::schema::Catalog;
use collection::Collection;

const INTRODUCTION: &str = "Contacts by the Contact API, and every table by the Table API. In answers all values \
    are text, `\"\"` if there is none. Lengths, types and choices are those documented for a field; the server \
    enforces none of them.";

/// The OpenAPI 3.1 document of an API over the tables of a catalog, `contacts` being that of the Contact
/// API, served at `server`, such as `https://localhost:8443`.
///
/// ```
/// use encoded_query::Schema;
/// use encoded_query::api::openapi;
///
/// let document = openapi(&Schema::customer_contact().into(), "customer_contact", None);
/// assert_eq!(document["openapi"], "3.1.1");
/// ```
pub fn openapi(catalog: &Catalog, contacts: &str, server: Option<&str>) -> Value {
    let server = server.map_or("", |server| server.trim_end_matches('/'));
    let mut paths = parts::paths();
    let shared = record::shared().into_iter().chain(parts::schemas());
    let mut schemas: Map<_, _> = shared.map(|(name, schema)| (name.to_owned(), schema)).collect();
    let contacts = catalog.schema(contacts).map(Collection::contacts);
    for collection in contacts.into_iter().chain(catalog.schemas().iter().map(Collection::table)) {
        paths.extend(collection.paths());
        schemas.extend(record::schemas(&collection));
    }
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": "Contact API and Table API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": INTRODUCTION,
        },
        "servers": [{"url": if server.is_empty() { "/" } else { server }}],
        "security": [{"basic": []}, {"oauth": []}],
        "tags": [
            {"name": "contact", "description": "Contacts, by the Contact API"},
            {"name": "table", "description": "Records of each table, by the Table API"},
            {"name": "oauth", "description": "Access tokens"},
            {"name": "admin", "description": "The server itself"},
        ],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": parts::parameters(),
            "headers": parts::headers(),
            "responses": parts::errors(),
            "securitySchemes": security(server),
        },
    })
}

fn security(server: &str) -> Value {
    let token = format!("{server}{}", parts::TOKEN);
    json!({
        "basic": {"type": "http", "scheme": "basic"},
        "oauth": {"type": "oauth2", "flows": {
            "password": {"tokenUrl": token, "refreshUrl": token, "scopes": {}},
            "clientCredentials": {"tokenUrl": token, "refreshUrl": token, "scopes": {}},
        }},
    })
}

/// A reference to a component.
fn refer(kind: &str, name: &str) -> Value {
    json!({"$ref": format!("#/components/{kind}/{name}")})
}

/// References to components under their names.
fn refer_all(kind: &str, names: &[&str]) -> Map<String, Value> {
    names.iter().map(|name| ((*name).to_owned(), refer(kind, name))).collect()
}

/// The object with one more member.
fn with(mut object: Value, name: &str, member: Value) -> Value {
    if let Value::Object(members) = &mut object {
        members.insert(name.to_owned(), member);
    }
    object
}
