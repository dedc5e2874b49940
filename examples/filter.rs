#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example")]

//! Filters the demo contacts by a query from the command line, and says what was ignored.
//!
//! `cargo run --example filter -- 'active=true^nameLIKEge^ORDERBYname'`

use encoded_query::{Binder, OnInvalid, PageRequest, Plan, PlanError, Query, Table};

fn main() -> Result<(), PlanError> {
    let text = std::env::args().nth(1).unwrap_or_else(|| "active=true^ORDERBYname".to_owned());
    let contacts = Table::demo_contacts();
    let bound = Binder::for_table(contacts.schema()).bind(&Query::parse(text));
    let plan = Plan::new(bound, OnInvalid::IgnoreInvalidPart)?;
    for diagnostic in plan.report().diagnostics() {
        eprintln!("{diagnostic}");
    }
    let page = plan.run(&contacts, PageRequest::default());
    for record in &page.records {
        println!("{}", record.text("name").unwrap_or_default());
    }
    println!("{} of {}", page.records.len(), page.total.unwrap_or_default());
    Ok(())
}
