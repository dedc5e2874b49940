//! Functions with arguments of every kind, everywhere a value may stand.

use encoded_query::calendar::Zone;
use encoded_query::function::Function;
use encoded_query::{
    Binder, Environment, Field, FieldType, FixedEnvironment, Operator, PageRequest, Plan, Query,
    Schema, Table, User,
};

use super::{IGNORE, filled, schema};

const TYPES: [(&str, FieldType); 8] = [
    ("text", FieldType::String),
    ("whole", FieldType::Integer),
    ("decimal", FieldType::Decimal),
    ("flag", FieldType::Boolean),
    ("day", FieldType::Date),
    ("at", FieldType::DateTime),
    ("owner", FieldType::Reference),
    ("id", FieldType::SysId),
];
const STRANGERS: [&str; 9] = [
    "gs.nope",
    "gs.getUser",
    "gs.weeksAgo",
    "gs.beginningOfLast5Days",
    "eval",
    "gs.daysAgo()",
    "",
    "gs.é",
    "new GlideDateTime",
];
const ARGUMENTS: [&str; 34] = [
    "",
    " ",
    "0",
    "-1",
    "+7",
    "9223372036854775807",
    "-9223372036854775808",
    "99999999999999999999",
    "'7'",
    "\"-7\"",
    "''",
    "'",
    "'''",
    "x",
    "1.5",
    "1,2",
    ",",
    "'2026-01-31','start'",
    "'2026-01-31','end'",
    "'0001-01-01','00:00:00'",
    "'9999-12-31','23:59:59'",
    "'2026-02-30','24:00:00'",
    "'2026-01-31'",
    "'é','😀'",
    "'a@b','c,d'",
    "(())",
    "((1)",
    ")(",
    "gs.now()",
    "'dayofweek','monday','EE'",
    "'year','99999999999','GT'",
    "'month','é','LE'",
    "1;2",
    "^^",
];
/// Where a call may stand in a value.
const PLACES: [&str; 8] = [
    "javascript:CALL",
    "x@javascript:CALL",
    "javascript:CALL@javascript:CALL;",
    "é@javascript:CALL@2026-01-31",
    "a,javascript:CALL,b",
    "@day@ago@javascript:CALL",
    "JAVASCRIPT: CALL ; ",
    "day@day@after@javascript:CALL",
];

fn table() -> Table {
    let fields = TYPES.map(|(name, kind)| match kind {
        FieldType::Reference => Field::reference(name, "t"),
        kind => Field::new(name, kind),
    });
    let rows = [
        ["", "", "", "", "", "", "", ""],
        ["é", "7", "1.5", "true", "2026-01-31", "2026-01-31 12:00:00", "t0", "t0"],
        ["x", "-1", "0", "0", "0001-01-01", "0001-01-01 00:00:00", "t9", "x"],
        ["X", "y", "", "y", "9999-12-31", "9999-12-31 23:59:59", "t1", "T1"],
    ];
    filled(schema("t", fields), &rows.map(|row| row.map(str::to_owned).to_vec()))
}

fn environments() -> Vec<FixedEnvironment> {
    let at = |now: &str, zone: &str| {
        let environment = FixedEnvironment::default().with_zone(Zone::find(zone).unwrap());
        environment.with_now(now.parse().unwrap())
    };
    vec![
        FixedEnvironment::default(),
        at("2026-03-29 01:00:00", "Europe/Berlin").with_user(User::new("t0")),
        at("0001-01-01 00:00:00", "America/New_York").with_groups(["t0", "é"]),
        at("9999-12-31 23:59:59", "Pacific/Apia").with_user(User::new("")),
    ]
}

/// Binds and runs; all there is to say has its place in the text.
fn check(schema: &Schema, table: &Table, text: &str, environment: Option<&dyn Environment>) {
    let mut binder = Binder::for_table(schema);
    if let Some(environment) = environment {
        binder = binder.environment(environment);
    }
    let bound = binder.bind(&Query::parse(text));
    for said in bound.diagnostics() {
        for span in [Some(said.span()), said.suggestion().map(|fix| fix.span)].into_iter().flatten()
        {
            assert!(text.get(span.range()).is_some(), "{text:?} {said:?}");
        }
    }
    if let Ok(plan) = Plan::new(bound, IGNORE) {
        assert!(plan.run(table, PageRequest::ALL).records.len() <= table.len());
    }
}

fn names() -> Vec<String> {
    let known = Function::all().map(|function| function.name().into_owned());
    known.chain(STRANGERS.map(str::to_owned)).collect()
}

/// §5: nothing is executed and nothing fails, whatever stands in a script.
#[test]
fn every_function_takes_every_argument() {
    let (table, environments) = (table(), environments());
    let operators = ["=", "!=", "<", "IN", "LIKE", "ON", "BETWEEN", "DATEPART"];
    for (number, name) in names().iter().enumerate() {
        for (argument_number, arguments) in ARGUMENTS.iter().enumerate() {
            let call = format!("{name}({arguments})");
            for (type_number, (field, _)) in TYPES.iter().enumerate() {
                let turn = number + argument_number + type_number;
                let operator = operators[turn % operators.len()];
                let place = if turn % 3 == 0 { PLACES[turn / 3 % PLACES.len()] } else { PLACES[0] };
                let text = format!("{field}{operator}{}", place.replace("CALL", &call));
                let environment = environments.get(turn % 5).map(|e| e as &dyn Environment);
                check(table.schema(), &table, &text, environment);
            }
        }
    }
}

/// The same behind every operator, on every type, at every place.
#[test]
fn every_operator_takes_every_function() {
    let (table, environments, names) = (table(), environments(), names());
    let mut turn = 0;
    for operator in Operator::ALL {
        for (field, _) in TYPES {
            for place in PLACES {
                for arguments in ARGUMENTS {
                    turn += 7;
                    let call = format!("{}({arguments})", names[turn % names.len()]);
                    let text = format!("{field}{operator}{}", place.replace("CALL", &call));
                    let environment = environments.get(turn % 5).map(|e| e as &dyn Environment);
                    check(table.schema(), &table, &text, environment);
                }
            }
        }
    }
}
