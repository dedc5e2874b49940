//! Cases that state what the language means, each with its rule and the source of the rule.

use std::borrow::Cow;
use std::collections::BTreeMap;

use encoded_query::{
    Binder, Catalog, Clause, Count, Field, FieldType, OnInvalid, Operator, PageRequest, Plan,
    PlanError, Query, Schema, Table, syntax::Alternative,
};
use serde_json::Value;

const CASES: &str = include_str!("../data/conformance.jsonl");

/// Every case of the parts this version evaluates gives the stated answer; the others are counted.
#[test]
fn cases() {
    let (mut passed, mut failed) = (0, Vec::new());
    let mut later: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for line in CASES.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let outcome = run(&case);
        match (is_later(&case), outcome) {
            (true, outcome) => {
                let rule = case["rule"].as_str().unwrap().to_owned();
                let (all, right) = later.entry(rule).or_default();
                *all += 1;
                *right += usize::from(outcome.is_ok());
            }
            (false, Ok(())) => passed += 1,
            (false, Err(why)) => failed.push(format!("{} {}: {why}", case["id"], case["query"])),
        }
    }
    println!("{passed} cases of the evaluated parts pass; not evaluated yet, by rule:");
    for (rule, (all, right)) in &later {
        println!("  {rule}: {all}, of which {right} give the right answer all the same");
    }
    println!("  in all {}", later.values().map(|(all, _)| all).sum::<usize>());
    assert!(failed.is_empty(), "{} cases fail:\n{}", failed.len(), failed.join("\n"));
    assert!(passed > 280, "only {passed} cases were run");
}

/// Whether a case needs what this version reads but does not evaluate.
fn is_later(case: &Value) -> bool {
    const LATER: [Operator; 19] = [
        Operator::On,
        Operator::NotOn,
        Operator::MoreThan,
        Operator::LessThan,
        Operator::RelativeAfter,
        Operator::RelativeOnOrAfter,
        Operator::RelativeBefore,
        Operator::RelativeOnOrBefore,
        Operator::RelativeOn,
        Operator::DatePart,
        Operator::Dynamic,
        Operator::InstanceOf,
        Operator::InHierarchy,
        Operator::InHierarchyDynamic,
        Operator::ValueChanges,
        Operator::ChangesFrom,
        Operator::ChangesTo,
        Operator::SameAs,
        Operator::NotSameAs,
    ];
    let query = Query::parse(case["query"].as_str().unwrap());
    let needs = query.conditions().any(|condition| {
        let at_unit = condition.value().contains('@');
        let fields = matches!(condition.operator(), Operator::SameAs | Operator::NotSameAs);
        (LATER.contains(&condition.operator()) && (!fields || at_unit))
            || condition.value().to_ascii_lowercase().contains("javascript:")
            || condition.field().starts_with("123TEXT")
            || (condition.field().contains('.') && case.get("related").is_some())
    });
    let block_of_related = query
        .branches()
        .flat_map(|branch| branch.groups())
        .flat_map(|group| group.alternatives())
        .any(|alternative| {
            matches!(alternative, Alternative::Block(_)) && case.get("related").is_some()
        });
    let displays = case.get("related").is_some()
        && (query.clauses().any(|clause| matches!(clause, Clause::Order(_)))
            || query.conditions().any(|condition| {
                matches!(
                    condition.operator(),
                    Operator::Like | Operator::NotLike | Operator::StartsWith | Operator::EndsWith
                )
            }));
    needs || block_of_related || displays
}

fn run(case: &Value) -> Result<(), String> {
    let mut table = Table::new(schema(case));
    for row in case["rows"].as_array().unwrap() {
        let fields = row.as_object().unwrap().iter();
        let fields =
            fields.map(|(name, value)| (name.as_str(), Cow::from(value.as_str().unwrap_or(""))));
        table.push(fields).map_err(|error| error.to_string())?;
    }
    let catalog = Catalog::from(table.schema().clone());
    let binder = Binder::new(&catalog, table.schema().table()).unwrap();
    let bound = binder.bind(&Query::parse(case["query"].as_str().unwrap()));
    let expected = &case["expect"];
    for code in expected["codes"].as_array().into_iter().flatten() {
        let code = code.as_str().unwrap();
        let said = bound.diagnostics().iter().any(|said| said.code().as_str() == code);
        if !said && code != "everything-ignored" {
            return Err(format!("`{code}` is not said but {:?}", bound.diagnostics()));
        }
    }
    let settings = &case["settings"];
    let number = |name: &str, default| settings[name].as_u64().unwrap_or(default);
    let page = PageRequest {
        offset: number("offset", 0),
        limit: number("limit", 10),
        count: Count::Exact,
    };
    let plan = Plan::new(bound, on_invalid(settings));
    match (plan, expected["refused"].as_bool()) {
        (Err(PlanError::Refused(_) | PlanError::Forbidden(_)), Some(true)) => Ok(()),
        (Err(error), _) => Err(error.to_string()),
        (Ok(_), Some(true)) => Err("it is not refused".into()),
        (Ok(plan), _) => {
            let page = plan.run(&table, page);
            let ids: Vec<_> = page.records.iter().map(|r| r.text("sys_id").unwrap()).collect();
            let ids = serde_json::json!(ids);
            if ids != expected["ids"] || page.has_more != expected["has_more"] {
                return Err(format!("gives {ids}, expected {expected}"));
            }
            Ok(())
        }
    }
}

fn on_invalid(settings: &Value) -> OnInvalid {
    match settings["on_invalid"].as_str() {
        None | Some("ignore") => OnInvalid::IgnoreInvalidPart,
        Some("none") => OnInvalid::ReturnNoRows,
        Some("forbid") => OnInvalid::Forbid,
        Some(other) => panic!("no mode {other}"),
    }
}

fn schema(case: &Value) -> Schema {
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
        let schema = Schema::new(given["table"].as_str().unwrap(), fields);
        schema.with_display(given["display"].as_str().unwrap_or("name"))
    } else {
        let rows = case["rows"].as_array().unwrap().iter();
        let names = rows.flat_map(|row| row.as_object().unwrap().keys().cloned());
        Schema::new("t", names.map(|name| Field::new(name, FieldType::String)))
    };
    schema.add(Field::new("sys_id", FieldType::String));
    schema
}
