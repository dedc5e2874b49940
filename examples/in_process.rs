#![expect(clippy::print_stdout, clippy::indexing_slicing, reason = "an example")]

//! The Contact API without sockets: as a function, and as a service of the tower ecosystem.
//!
//! `cargo run --example in_process --features api`

use std::error::Error;

use axum::body::Body;
use bytes::Bytes;
use encoded_query::Table;
use encoded_query::api::{Account, ContactApi, ROLE};
use http::{Request, StatusCode};
use serde_json::{Value, json};
use tower_service::Service;

/// `admin:admin`
const BASIC: &str = "Basic YWRtaW46YWRtaW4=";

fn request(method: &str, target: &str) -> http::request::Builder {
    Request::builder().method(method).uri(target).header("authorization", BASIC)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let account = Account::new("admin", "admin").with_role(ROLE);
    let mut api = ContactApi::builder(Table::demo_contacts()).account(account).seed(7).build()?;

    // A function from request to response.
    let contact = json!({ "name": "Ann Warren", "city": "Oslo" });
    let created = api.handle(
        request("POST", "/api/now/contact")
            .header("content-type", "application/json")
            .body(Bytes::from(contact.to_string()))?,
    );
    assert_eq!(created.status(), StatusCode::CREATED);
    let body: Value = serde_json::from_slice(created.body())?;
    println!("created {}", body["result"]);

    // The same as a service, with any body and with the middleware there is for services.
    let target = "/api/now/contact?sysparm_query=nameLIKEwarren%5EORDERBYname";
    let found = api.call(request("GET", target).body(Body::empty())?).await?;
    assert_eq!(found.headers().get("x-total-count").ok_or("no count")?, "2");
    let body = axum::body::to_bytes(Body::new(found.into_body()), usize::MAX).await?;
    let body: Value = serde_json::from_slice(&body)?;
    let contacts = body["result"].as_array().ok_or("no list")?;
    let names: Vec<_> = contacts.iter().map(|contact| &contact["name"]).collect();
    assert_eq!(names, ["Ann Warren", "George Warren"]);
    println!("found {names:?}");
    Ok(())
}
