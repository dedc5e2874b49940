//! The API without sockets: a page of ten of 10,000 contacts, one contact, a new one.
//!
//! `cargo bench --features api --bench api`

#![expect(clippy::unwrap_used, reason = "a bench")]

use bytes::Bytes;
use criterion::{Criterion, criterion_group, criterion_main};
use encoded_query::api::{Account, ContactApi, ROLE};
use encoded_query::{Schema, Table, demo};
use http::{Method, Request};

const CONTACTS: usize = 10_000;
/// George Warren of the page.
const ONE: &str = "/api/now/contact/ddce70866f9331003b3c498f5d3ee417";
const BODY: &str =
    r#"{"first_name":"Dora","last_name":"Warren","name":"Dora Warren","city":"Orlando"}"#;

fn contacts() -> Table {
    let mut table = Table::new(Schema::customer_contact());
    for contact in demo::contacts(demo::DEMO_SEED).take(CONTACTS) {
        table.push(contact.into_iter().map(|(name, text)| (name, text.into()))).unwrap();
    }
    table
}

fn request(method: &Method, target: &str, body: &'static str) -> Request<Bytes> {
    Request::builder()
        .method(method)
        .uri(target)
        .header("host", "127.0.0.1:8080")
        .header("authorization", "Basic YWRtaW46YWRtaW4=")
        .header("content-type", "application/json")
        .body(Bytes::from_static(body.as_bytes()))
        .unwrap()
}

fn api(c: &mut Criterion) {
    let account = Account::new("admin", "admin").with_role(ROLE);
    let api = ContactApi::builder(contacts()).account(account).build().unwrap();
    let mut ask = |name: &str, method: Method, target: &str, body| {
        let status = api.handle(request(&method, target, body)).status();
        assert!(status.is_success(), "{name}: {status}");
        c.bench_function(name, |b| b.iter(|| api.handle(request(&method, target, body))));
    };
    ask("list/active", Method::GET, "/api/now/contact?sysparm_query=active%3Dtrue", "");
    ask("list/like", Method::GET, "/api/now/contact?sysparm_query=nameLIKEwar%5EORDERBYname", "");
    ask("list/table", Method::GET, "/api/now/table/customer_contact?sysparm_limit=10", "");
    ask("one", Method::GET, ONE, "");
    ask("create", Method::POST, "/api/now/contact", BODY);
}

criterion_group!(benches, api);
criterion_main!(benches);
