//! The requests.

use std::net::SocketAddr;

use anyhow::{Context, Result};

use crate::client::Connection;

/// A kind of request.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) status: u16,
    pub(crate) request: Vec<u8>,
    pub(crate) store: Store,
}

/// What a request needs of its server.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Store {
    /// One that is only read.
    Read,
    /// One that grows, in memory.
    Grown,
    /// One that grows and keeps what it is told.
    Kept,
}

pub(crate) const LIST: &str = "/api/now/contact?sysparm_query=active%3Dtrue";
const BODY: &str =
    r#"{"first_name":"Dora","last_name":"Warren","name":"Dora Warren","city":"Orlando"}"#;

/// All kinds, for a server with a contact of that sys_id.
pub(crate) fn cases(one: &str) -> Vec<Case> {
    let case = |name, status, request, store| Case { name, status, request, store };
    let read = |name, request| case(name, 200, request, Store::Read);
    vec![
        read("list, 10 of 10,000, counted", get(LIST, "")),
        read("one by sys_id", get(&format!("/api/now/contact/{one}"), "")),
        case("create, in memory", 201, create(), Store::Grown),
        case("create, kept in `--data-dir`", 201, create(), Store::Kept),
        read("list as XML", get(LIST, "accept: application/xml\r\n")),
        read(
            "list of the Table API",
            get("/api/now/table/customer_contact?sysparm_query=active%3Dtrue&sysparm_limit=10", ""),
        ),
    ]
}

/// A request of that method, with more lines of headers.
fn request(method: &str, target: &str, more: &str, body: &str) -> Vec<u8> {
    let head = format!("{method} {target} HTTP/1.1\r\nhost: 127.0.0.1:8080\r\n{more}");
    format!("{head}\r\n{body}").into_bytes()
}

pub(crate) fn get(target: &str, more: &str) -> Vec<u8> {
    request("GET", target, more, "")
}

pub(crate) fn delete(target: &str) -> Vec<u8> {
    request("DELETE", target, "", "")
}

/// A new contact.
pub(crate) fn create() -> Vec<u8> {
    let length = BODY.len();
    let more = format!("content-type: application/json\r\ncontent-length: {length}\r\n");
    request("POST", "/api/now/contact", &more, BODY)
}

/// The sys_id of a contact that the server has.
pub(crate) async fn one(address: SocketAddr) -> Result<String> {
    let mut connection = Connection::to(address).await?;
    let answer = connection.ask(&get(LIST, "")).await?;
    let text = String::from_utf8_lossy(answer.body());
    sys_id(&text, "\"sys_id\":\"").context("a list without contacts")
}

/// The first text after a mark and before a quotation mark.
pub(crate) fn sys_id(text: &str, mark: &str) -> Option<String> {
    let (_, rest) = text.split_once(mark)?;
    Some(rest.split('"').next()?.to_owned())
}
