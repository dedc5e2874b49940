//! Laws of the whole language over generated data; each names its rule.

mod blocks;
mod changes;
mod corners;
mod dates;
mod functions;
mod guards;
mod hidden;
mod references;

use std::borrow::Cow;

use encoded_query::{
    Binder, BoundQuery, Database, Environment, Field, FieldType, OnInvalid, Page, PageRequest,
    Plan, Query, Record, Schema, Table,
};
use proptest::prelude::*;

const IGNORE: OnInvalid = OnInvalid::IgnoreInvalidPart;
const NO_ROWS: OnInvalid = OnInvalid::ReturnNoRows;

/// So many cases, and no files about those that failed.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn any_of(pool: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(pool)
}

/// A table of `sys_id` and those fields.
fn schema(name: &str, fields: impl IntoIterator<Item = Field>) -> Schema {
    let id = Field::new("sys_id", FieldType::SysId);
    Schema::new(name.to_owned(), std::iter::once(id).chain(fields))
}

/// Records of one text per field, in the order of the schema, each named by its table and number.
fn filled(schema: Schema, rows: &[Vec<String>]) -> Table {
    let name = schema.table().to_owned();
    let fields: Vec<String> = schema.fields().iter().map(|f| f.name.to_string()).skip(1).collect();
    let mut table = Table::new(schema);
    for (number, row) in rows.iter().enumerate() {
        let id = [("sys_id", Cow::from(format!("{name}{number}")))];
        let cells = fields.iter().zip(row).map(|(field, text)| (&**field, Cow::from(&**text)));
        table.push(id.into_iter().chain(cells)).unwrap();
    }
    table
}

fn bind(
    database: &Database,
    table: &str,
    query: &str,
    environment: Option<&dyn Environment>,
) -> BoundQuery {
    let mut binder = Binder::new(database.catalog(), table).unwrap();
    if let Some(environment) = environment {
        binder = binder.environment(environment);
    }
    binder.bind(&Query::parse(query))
}

/// Numbers of the records of a page, in its order.
fn numbers(page: &Page<Record<'_>>) -> Vec<usize> {
    let number = |record: &Record<'_>| {
        let id = record.text("sys_id").unwrap();
        id.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap()
    };
    page.records.iter().map(number).collect()
}

/// What a query finds in a table whatever is invalid in it.
fn find(database: &Database, table: &str, query: &str, mode: OnInvalid) -> Vec<usize> {
    let plan = Plan::new(bind(database, table, query, None), mode).unwrap();
    numbers(&plan.run(database, PageRequest::ALL))
}

/// What a query that must be valid finds in a table.
#[track_caller]
fn found(database: &Database, table: &str, query: &str) -> Vec<usize> {
    let plan = Plan::new(bind(database, table, query, None), OnInvalid::Forbid);
    let plan = plan.unwrap_or_else(|error| panic!("{query}: {error}"));
    numbers(&plan.run(database, PageRequest::ALL))
}

/// The numbers of those rows that meet a condition.
fn meeting<T>(rows: &[T], condition: impl Fn(&T) -> bool) -> Vec<usize> {
    (0..rows.len()).filter(|row| condition(&rows[*row])).collect()
}
