#![expect(clippy::print_stdout, reason = "an example")]

//! The Contact API inside an axum application: it answers what the application's own routes do not.
//!
//! `cargo run --example axum_api --features api`, then
//! `curl -i 'localhost:8080/api/now/contact?sysparm_query=nameLIKEge&sysparm_limit=2'` and
//! `curl -i localhost:8080/hello`

use std::error::Error;

use axum::Router;
use axum::routing::get;
use encoded_query::Table;
use encoded_query::api::ContactApi;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let api = ContactApi::builder(Table::demo_contacts()).build()?;
    // Not nested under a prefix: axum would take it off, and links to further pages would lack it.
    let app = Router::new().route("/hello", get(async || "hello")).fallback_service(api);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 8080)).await?;
    println!("listening http://{}/api/now/contact", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}
