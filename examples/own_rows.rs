#![expect(clippy::print_stdout, reason = "an example")]

//! Queries over rows a program already has: a schema and one method.
//!
//! `cargo run --example own_rows -- 'visits>3^cityLIKEos^ORDERBYDESCvisits'`

use encoded_query::{
    Binder, Field, FieldPath, FieldType, OnInvalid, PageRequest, Plan, PlanError, Query, Row,
    Schema, ValueRef,
};

struct Customer {
    name: &'static str,
    city: Option<&'static str>,
    visits: i64,
}

impl Row for Customer {
    fn value(&self, path: &FieldPath) -> ValueRef<'_> {
        // The place of the field in the schema, so that no names are compared.
        match path.slot() {
            0 => self.name.into(),
            1 => self.city.into(),
            2 => self.visits.into(),
            _ => ValueRef::Empty,
        }
    }
}

fn main() -> Result<(), PlanError> {
    let customers = [
        Customer { name: "Ann", city: Some("Oslo"), visits: 5 },
        Customer { name: "Bob", city: None, visits: 9 },
        Customer { name: "Cy", city: Some("Los Angeles"), visits: 12 },
    ];
    let schema = Schema::new(
        "customer",
        [
            Field::new("name", FieldType::String),
            Field::new("city", FieldType::String),
            Field::new("visits", FieldType::Integer),
        ],
    );
    let text = std::env::args().nth(1).unwrap_or_else(|| "visits>3^ORDERBYDESCvisits".to_owned());
    let bound = Binder::for_table(&schema).bind(&Query::parse(text));
    let plan = Plan::new(bound, OnInvalid::IgnoreInvalidPart)?;
    for customer in plan.select(&customers, PageRequest::default()).records {
        println!("{} {}", customer.visits, customer.name);
    }
    Ok(())
}
