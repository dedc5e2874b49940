//! The OpenAPI document: whole in itself, and as the catalog has it.

use std::collections::BTreeSet;

use encoded_query::api::openapi;
use encoded_query::schema::Readable;
use encoded_query::{CONTACT_FIELDS, Catalog, Field, FieldType, Queryable, Schema};
use serde_json::{Map, Value, json};

const SAMPLES: &str = include_str!("../data/contact-page/samples.json");

const CREATE: &str = include_str!("../data/contact-page/create.txt");

const METHODS: [&str; 6] = ["get", "head", "post", "put", "patch", "delete"];

fn document() -> Value {
    let odd = Schema::new("my table/{1}", [Field::reference("owner", "customer_contact")]);
    let catalog: Catalog = [Schema::customer_contact(), odd].into_iter().collect();
    openapi(&catalog, "customer_contact", Some("https://localhost:8443/"))
}

/// The paths with their methods.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let items = document["paths"].as_object().unwrap().iter();
    items
        .flat_map(|(path, item)| {
            METHODS.iter().filter_map(move |method| Some((&**path, *method, item.get(method)?)))
        })
        .collect()
}

/// What a reference leads to, or the value itself.
fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    let Some(target) = value.get("$ref") else { return value };
    let pointer = target.as_str().unwrap().strip_prefix('#').unwrap();
    document.pointer(pointer).unwrap_or_else(|| panic!("{target} leads nowhere"))
}

fn all_values<'d>(value: &'d Value, into: &mut Vec<&'d Value>) {
    into.push(value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| all_values(item, into)),
        Value::Object(members) => members.values().for_each(|member| all_values(member, into)),
        _ => {}
    }
}

fn properties<'d>(document: &'d Value, schema: &str) -> &'d Map<String, Value> {
    document["components"]["schemas"][schema]["properties"].as_object().unwrap()
}

#[test]
fn references_lead_somewhere_and_components_are_used() {
    let document = document();
    let mut values = vec![];
    all_values(&document, &mut values);
    let mut used = BTreeSet::new();
    for value in values.into_iter().filter(|value| value.get("$ref").is_some()) {
        resolved(&document, value);
        used.insert(value["$ref"].as_str().unwrap().to_owned());
    }
    for (kind, components) in document["components"].as_object().unwrap() {
        for name in components.as_object().unwrap().keys() {
            let target = format!("#/components/{kind}/{name}");
            assert!(kind == "securitySchemes" || used.contains(&target), "{target} is not used");
            let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
            assert!(name.chars().all(is_plain), "{name}");
        }
    }
}

#[test]
fn operations_have_names_of_their_own() {
    let document = document();
    let operations = operations(&document);
    let ids: BTreeSet<&str> = operations
        .iter()
        .map(|(.., operation)| operation["operationId"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), operations.len());
    let tags: Vec<&Value> =
        document["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    for (path, method, operation) in operations {
        assert!(!operation["summary"].as_str().unwrap().is_empty(), "{method} {path}");
        for tag in operation["tags"].as_array().unwrap() {
            assert!(tags.contains(&tag), "{method} {path}: {tag}");
        }
    }
}

#[test]
fn path_parameters_are_declared() {
    let document = document();
    for (path, item) in document["paths"].as_object().unwrap() {
        let wanted: BTreeSet<&str> =
            path.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect();
        let declared = item["parameters"].as_array().into_iter().flatten();
        let declared = declared.map(|parameter| resolved(&document, parameter)).map(|parameter| {
            assert_eq!((&parameter["in"], &parameter["required"]), (&json!("path"), &json!(true)));
            parameter["name"].as_str().unwrap()
        });
        assert_eq!(declared.collect::<BTreeSet<_>>(), wanted, "{path}");
    }
}

/// The facts both kinds of schemas have.
fn assert_facts(schema: &Value, field: &Field) {
    let name = &field.name;
    assert_eq!(schema["title"], json!(field.label), "{name}");
    assert_eq!(schema["x-type"], json!(field.kind.name()), "{name}");
    assert_eq!(
        schema.get("x-reference"),
        field.reference.as_ref().map(|table| json!(table)).as_ref()
    );
    assert_eq!(schema.get("default"), field.default.as_ref().map(|text| json!(text)).as_ref());
    let choices = field.choices.iter().map(|of| json!({"const": of.value, "title": of.label}));
    let forms = schema["anyOf"].as_array().map_or(&[][..], Vec::as_slice);
    assert_eq!(forms[..forms.len().saturating_sub(1)], choices.collect::<Vec<_>>(), "{name}");
}

#[test]
fn a_contact_has_the_readable_fields() {
    let document = document();
    let contact = properties(&document, "Contact");
    let readable: Vec<&Field> = CONTACT_FIELDS.iter().filter(|field| field.readable).collect();
    assert_eq!(contact.len(), readable.len());
    for field in readable {
        let schema = &contact[&*field.name];
        assert_facts(schema, field);
        let form = schema["anyOf"].as_array().and_then(|forms| forms.last()).unwrap_or(schema);
        assert_eq!(form["type"], json!("string"), "{}", field.name);
        assert_eq!(schema.get("x-max-length"), field.max_length.map(|max| json!(max)).as_ref());
        assert_eq!(schema.get("readOnly").is_some(), !field.creatable, "{}", field.name);
    }
    // Source: the page's sample of a list.
    let sample: Vec<Value> = serde_json::from_str(SAMPLES).unwrap();
    let contact = &document["components"]["schemas"]["Contact"];
    assert_eq!(contact["examples"], json!([sample[0]]));
    let required: BTreeSet<&str> =
        contact["required"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert!(required.into_iter().eq(sample[0].as_object().unwrap().keys()));
}

#[test]
fn a_new_contact_has_the_creatable_fields() {
    let document = document();
    let body = properties(&document, "ContactBody");
    // Source: the page's elements of the body.
    assert!(CREATE.lines().eq(body.keys()));
    for field in CONTACT_FIELDS.iter().filter(|field| field.creatable) {
        let schema = &body[&*field.name];
        assert_facts(schema, field);
        let form = schema["anyOf"].as_array().and_then(|forms| forms.last()).unwrap_or(schema);
        assert_eq!(form["type"], json!(["string", "number", "boolean", "null"]), "{}", field.name);
        assert_eq!(schema.get("maxLength"), field.max_length.map(|max| json!(max)).as_ref());
    }
    let example = document["components"]["schemas"]["ContactBody"]["examples"][0].as_object();
    let example = example.unwrap();
    assert_eq!(example["name"], json!("George Warren"));
    assert!(example.keys().all(|name| body.contains_key(name)));
}

/// The Table API takes more than the Contact API does: all but what the server sets.
#[test]
fn a_record_has_what_the_table_api_takes() {
    let document = document();
    let record = properties(&document, "Record_customer_contact");
    let body = properties(&document, "RecordBody_customer_contact");
    assert!(body.contains_key("last_login"), "{:?}", body.keys());
    for (name, schema) in record {
        let is_set = name.starts_with("sys_");
        assert_eq!(schema.get("readOnly").is_some(), is_set, "{name}");
        assert_eq!(body.contains_key(name), !is_set, "{name}");
    }
}

/// Custom fields, hidden ones and other tables come from the catalog.
#[test]
fn the_catalog_decides() {
    let mut contacts = Schema::customer_contact();
    contacts.add(Field::new("u_region", FieldType::String));
    contacts.restrict("email", Queryable::No, Readable::No);
    let document = openapi(&contacts.into(), "customer_contact", None);
    let contact = properties(&document, "Contact");
    assert!(contact.contains_key("u_region") && !contact.contains_key("email"));
    for body in ["ContactBody", "RecordBody_customer_contact"] {
        let body = properties(&document, body);
        assert!(body.contains_key("u_region") && !body.contains_key("email"));
    }
    assert_eq!(document["servers"], json!([{"url": "/"}]));

    let task = Schema::new("task", [Field::new("number", FieldType::String)]);
    let document = openapi(&task.into(), "customer_contact", None);
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.contains_key("/api/now/table/task"));
    assert!(!paths.contains_key("/api/now/contact"));
}

#[test]
fn references_have_three_forms() {
    let document = document();
    let owner = &properties(&document, "Record_my.20table.2F.7B1.7D")["owner"];
    let component = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let forms = json!([{"type": "string"}, component("DisplayValue"), component("Reference")]);
    assert_eq!(owner["anyOf"], forms);
    assert_eq!(owner["x-reference"], json!("customer_contact"));
}

#[test]
fn paths_methods_and_statuses() {
    let document = document();
    let line = |(path, method, operation): (&str, &str, &Value)| {
        let statuses = operation["responses"].as_object().unwrap().keys();
        let statuses: BTreeSet<&str> = statuses.map(String::as_str).collect();
        let statuses: Vec<&str> = statuses.into_iter().collect();
        format!("{} {path} {}", method.to_uppercase(), statuses.join(" "))
    };
    let lines: Vec<String> = operations(&document).into_iter().map(line).collect();
    insta::assert_snapshot!(lines.join("\n"));
}
