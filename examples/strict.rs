#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example")]

//! Refuses queries that are not wholly valid, lets none out of its tenant, and builds queries from what
//! people type.
//!
//! `cargo run --example strict -- 'nameLIKEge^NQactive=false'`

use std::error::Error;

use encoded_query::{Binder, OnInvalid, PageRequest, Plan, Query, QueryBuilder, Table};

fn main() -> Result<(), Box<dyn Error>> {
    let contacts = Table::demo_contacts();
    let binder = Binder::for_table(contacts.schema());

    // Whatever the query says, its branches included, only active contacts in Germany are found.
    let guard =
        QueryBuilder::new().field("active").is("true").field("country").is("DEU").build()?;
    let text = std::env::args().nth(1).unwrap_or_else(|| "nameLIKEe^NQactive=false".to_owned());
    match Plan::new(binder.bind(&Query::parse(text)), OnInvalid::Forbid) {
        Ok(plan) => {
            let page = plan.guarded(binder.bind(&guard))?.run(&contacts, PageRequest::ALL);
            println!("{} contacts", page.records.len());
        }
        Err(error) => eprintln!("refused: {error}"),
    }

    // A value cannot break out of its condition.
    let typed = "x^NQactive=true";
    let query = QueryBuilder::new().field("name").like(typed).build()?;
    println!("{}", query.text());
    Ok(())
}
