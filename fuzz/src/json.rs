//! Data and schema files of any bytes.
//!
//! Laws: nothing panics; texts, booleans and empty members of what loads are kept as they were; what
//! was loaded and is written out loads as the same texts; a catalog that loads answers queries.

use encoded_query::json::{Columns, Layout, LoadOptions, Loaded, load};
use encoded_query::{
    Binder, Catalog, Field, FieldType, OnInvalid, PageRequest, Plan, Query, Schema, Table,
};
use serde_json::Value;

/// Checks one input: the first byte says what the rest is, a schema file or data and how it loads.
pub fn run(data: &[u8]) {
    let Some((&choices, data)) = data.split_first() else { return };
    if choices & 0xc0 == 0x40 {
        schema_file(data);
    } else {
        records(choices, data);
    }
}

fn schema_file(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(catalog) = Catalog::from_json(text) else { return };
    assert!(!catalog.schemas().is_empty());
    for schema in catalog.schemas() {
        let table = schema.table();
        assert!(catalog.is_a(table, table));
        assert!(schema.extends().is_none_or(|parent| catalog.is_a(table, parent)));
        assert!(schema.display().is_none_or(|display| schema.slot(display).is_some()));
        let binder = Binder::new(&catalog, table).expect("one of its tables");
        for (slot, field) in schema.fields().iter().enumerate() {
            assert_eq!(schema.slot(&field.name), Some(slot));
            let query = format!("{0}=x^{0}.{0}!=1^ORDERBY{0}", field.name);
            let bound = binder.bind(&Query::parse(query.as_str()));
            crate::text::check_diagnostics(&query, bound.diagnostics());
        }
    }
}

fn records(choices: u8, data: &[u8]) {
    let mut options = LoadOptions::default();
    options.columns = match choices & 3 {
        0 | 1 => Columns::Extend,
        2 => Columns::Fixed,
        _ => Columns::Infer,
    };
    options.make_sys_ids = choices & 4 != 0;
    options.layout = match choices >> 3 & 3 {
        0 | 1 => None,
        2 => Some(Layout::Json),
        _ => Some(Layout::Lines),
    };
    let schema = if choices & 0x20 == 0 { Schema::customer_contact() } else { small() };
    let Ok(loaded) = load(data, schema, &options) else { return };
    assert!(loaded.notices.iter().all(|notice| !notice.contains(char::is_control)));
    check_members(data, options.layout, &loaded);
    check_again(&loaded.table);
    query(&loaded.table);
}

fn small() -> Schema {
    Schema::new(
        "t",
        [
            Field::new("name", FieldType::String),
            Field::new("n", FieldType::Integer),
            Field::new("active", FieldType::Boolean),
            Field::new("born", FieldType::Date),
            Field::new("opened", FieldType::DateTime),
        ],
    )
}

/// A second reading of an array of plain objects.
fn check_members(data: &[u8], layout: Option<Layout>, loaded: &Loaded) {
    let data = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data);
    let Ok(Value::Array(elements)) = serde_json::from_slice(data) else { return };
    if layout == Some(Layout::Lines) {
        return;
    }
    assert_eq!(elements.len(), loaded.table.len());
    for (element, record) in elements.iter().zip(loaded.table.records()) {
        let members = element.as_object().expect("what loads is an object");
        for (name, value) in members {
            if loaded.table.schema().slot(name).is_none() {
                continue;
            }
            let text = record.text(name).unwrap_or_default();
            match value {
                Value::String(given) => assert_eq!(text, *given),
                Value::Bool(given) => assert_eq!(text, given.to_string()),
                // A record may be given a sys_id.
                Value::Null => assert!(text.is_empty() || name == "sys_id"),
                // As written, which this reading has forgotten.
                Value::Number(_) => assert!(!text.is_empty()),
                Value::Object(_) | Value::Array(_) => {}
            }
        }
    }
}

fn check_again(table: &Table) {
    let written = serde_json::to_vec(&table.records().collect::<Vec<_>>()).expect("texts");
    let mut options = LoadOptions::default();
    options.columns = Columns::Fixed;
    let again = load(&written, table.schema().clone(), &options).expect("it was written by us");
    let texts = |table: &Table| {
        let texts = table.records().map(|record| {
            record.texts().map(|(name, text)| (name.to_owned(), text.into_owned())).collect()
        });
        texts.collect::<Vec<Vec<_>>>()
    };
    assert_eq!(texts(&again.table), texts(table));
}

fn query(table: &Table) {
    let binder = Binder::for_table(table.schema());
    for field in table.schema().fields().iter().rev().take(4) {
        let name = &field.name;
        let text = format!("{name}ISEMPTY^OR{name}>=1^OR{name}LIKEa^ORDERBY{name}");
        let bound = binder.bind(&Query::parse(text.as_str()));
        if let Ok(plan) = Plan::new(bound, OnInvalid::IgnoreInvalidPart) {
            let page = plan.run(table, PageRequest::ALL);
            assert!(page.records.len() <= table.len());
        }
    }
}
