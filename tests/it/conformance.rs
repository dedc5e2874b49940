//! Cases that state what the language means, each with its rule and the source of the rule.

use std::borrow::Cow;

use encoded_query::calendar::Zone;
use encoded_query::{
    Binder, Count, Database, Field, FieldType, FixedEnvironment, OnInvalid, PageRequest, Plan,
    PlanError, Query, Schema, Table, User,
};
use serde_json::Value;

const CASES: &str = include_str!("../data/conformance.jsonl");

/// Every case gives the stated answer; none is left out.
#[test]
fn cases() {
    let mut failed = Vec::new();
    for line in CASES.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        if let Err(why) = run(&case) {
            failed.push(format!("{} {}: {why}", case["id"], case["query"]));
        }
    }
    assert!(failed.is_empty(), "{} cases fail:\n{}", failed.len(), failed.join("\n"));
    assert_eq!(CASES.lines().count(), 517);
}

fn run(case: &Value) -> Result<(), String> {
    let database = database(case);
    let table = database.tables()[0].schema().table().to_owned();
    let settings = &case["settings"];
    let environment = environment(settings);
    let binder = Binder::new(database.catalog(), &table).unwrap().environment(&environment);
    let bound = binder.bind(&Query::parse(case["query"].as_str().unwrap()));
    let number = |name: &str, default| settings[name].as_u64().unwrap_or(default);
    let page = PageRequest {
        offset: number("offset", 0),
        limit: number("limit", 10),
        count: Count::Exact,
    };
    let expected = &case["expect"];
    let plan = Plan::new(bound, on_invalid(settings));
    let diagnostics = match &plan {
        Ok(plan) => plan.report().diagnostics(),
        Err(error) => error.diagnostics(),
    };
    for code in expected["codes"].as_array().into_iter().flatten() {
        let code = code.as_str().unwrap();
        if !diagnostics.iter().any(|said| said.code().as_str() == code) {
            return Err(format!("`{code}` is not said but {diagnostics:?}"));
        }
    }
    match (plan, expected["refused"].as_bool()) {
        (Err(PlanError::Refused(_) | PlanError::Forbidden(_)), Some(true)) => Ok(()),
        (Err(error), _) => Err(error.to_string()),
        (Ok(_), Some(true)) => Err("it is not refused".into()),
        (Ok(plan), _) => {
            let page = plan.run(&database, page);
            let ids: Vec<_> = page.records.iter().map(|r| r.text("sys_id").unwrap()).collect();
            let ids = serde_json::json!(ids);
            if ids != expected["ids"] || page.has_more != expected["has_more"] {
                return Err(format!("gives {ids}, expected {expected}"));
            }
            Ok(())
        }
    }
}

fn database(case: &Value) -> Database {
    let no_tables = serde_json::Map::new();
    let related = case["related"].as_object().unwrap_or(&no_tables);
    let others = related.iter().map(|(name, table)| filled(Some(name), table));
    Database::new(std::iter::once(filled(None, case)).chain(others)).unwrap()
}

fn filled(name: Option<&str>, of: &Value) -> Table {
    let mut table = Table::new(schema(name, of));
    for row in of["rows"].as_array().unwrap() {
        let known = |name: &str| table.schema().field(name).is_some();
        let fields = row.as_object().unwrap().iter().filter(|(name, _)| known(name));
        let fields: Vec<_> = fields
            .map(|(name, value)| (name.as_str(), Cow::from(value.as_str().unwrap_or(""))))
            .collect();
        table.push(fields).unwrap();
    }
    table
}

fn environment(settings: &Value) -> FixedEnvironment {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let now = settings["now"].as_str().unwrap_or("2026-01-15T12:00:00Z");
    let zone = settings["time_zone"].as_str().unwrap_or("UTC");
    let mut environment = FixedEnvironment::default()
        .with_now(now.parse().unwrap())
        .with_zone(Zone::find(zone).unwrap());
    let user = &settings["user"];
    if let Some(sys_id) = user.as_str().or(user["sys_id"].as_str()) {
        environment = environment.with_user(User {
            sys_id: sys_id.to_owned(),
            user_name: text(&user["user_name"]),
            display_name: text(&user["display_name"]),
        });
    }
    if let Some(groups) = settings["groups"].as_array() {
        environment = environment.with_groups(groups.iter().map(|id| id.as_str().unwrap()));
    }
    environment
}

fn on_invalid(settings: &Value) -> OnInvalid {
    match settings["on_invalid"].as_str() {
        None | Some("ignore") => OnInvalid::IgnoreInvalidPart,
        Some("none") => OnInvalid::ReturnNoRows,
        Some("forbid") => OnInvalid::Forbid,
        Some(other) => panic!("no mode {other}"),
    }
}

fn schema(name: Option<&str>, case: &Value) -> Schema {
    let mut schema = if let Some(given) = case.get("schema") {
        let fields = given["fields"].as_array().unwrap().iter().map(|field| {
            let name = field["name"].as_str().unwrap().to_owned();
            match field["reference"].as_str() {
                Some(table) => Field::reference(name, table.to_owned()),
                None => {
                    Field::new(name, FieldType::from_name(field["type"].as_str().unwrap()).unwrap())
                }
            }
        });
        let schema = Schema::new(name.or(given["table"].as_str()).unwrap(), fields);
        schema.with_display(given["display"].as_str().unwrap_or("name"))
    } else {
        let rows = case["rows"].as_array().unwrap().iter();
        let names = rows.flat_map(|row| row.as_object().unwrap().keys().cloned());
        Schema::new(name.unwrap_or("t"), names.map(|name| Field::new(name, FieldType::String)))
    };
    schema.add(Field::new("sys_id", FieldType::String));
    schema
}
