#![expect(clippy::print_stdout, reason = "an example")]

//! A list of contacts over HTTP, filtered as the Contact API is: `sysparm_query`, `sysparm_limit` and
//! `sysparm_offset`, with what was ignored in a header.
//!
//! `cargo run --example axum`, then
//! `curl -i 'localhost:8080/contacts?sysparm_query=active=true%5EnameLIKEge&sysparm_limit=2'`

use std::sync::Arc;

use axum::extract::{Query as Parameters, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use encoded_query::{Binder, Count, OnInvalid, PageRequest, Plan, Query, Table};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Wanted {
    #[serde(rename = "sysparm_query", default)]
    query: String,
    #[serde(rename = "sysparm_limit", default = "ten")]
    limit: u64,
    #[serde(rename = "sysparm_offset", default)]
    offset: u64,
}

fn ten() -> u64 {
    10
}

async fn list(
    State(contacts): State<Arc<Table>>,
    Parameters(wanted): Parameters<Wanted>,
) -> Response {
    let query = Query::parse(wanted.query);
    let bound = Binder::for_table(contacts.schema()).bind(&query);
    let plan = match Plan::new(bound, OnInvalid::IgnoreInvalidPart) {
        Ok(plan) => plan,
        Err(error) => return (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    };
    let request = PageRequest { offset: wanted.offset, limit: wanted.limit, count: Count::Skip };
    let page = plan.run(&*contacts, request);
    let codes: Vec<&str> =
        page.report.diagnostics().iter().map(|said| said.code().as_str()).collect();
    let body = json!({ "result": page.records, "hasMore": page.has_more });
    ([("x-query-diagnostics", codes.join(", "))], Json(body)).into_response()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let app =
        Router::new().route("/contacts", get(list)).with_state(Arc::new(Table::demo_contacts()));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 8080)).await?;
    println!("listening http://{}/contacts", listener.local_addr()?);
    axum::serve(listener, app).await
}
