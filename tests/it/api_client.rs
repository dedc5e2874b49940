//! A client of the API for tests: asks as the account `admin`, and reads what is answered.

use bytes::Bytes;
use encoded_query::api::{Builder, ContactApi};
use encoded_query::{Field, Schema, Table};
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Request, Response};
use serde_json::Value;

use super::api::request;

/// The account `admin`, password `admin`.
pub(crate) const ADMIN: &str = "Basic YWRtaW46YWRtaW4=";

pub(crate) const CONTACTS: &str = "/api/now/contact";
pub(crate) const TABLE: &str = "/api/now/table/customer_contact";

/// Contacts `p01`, `p02`, … whose sys_ids are their numbers, and who may lead each other; everybody may ask.
pub(crate) fn people(count: usize) -> Builder {
    let mut schema = Schema::customer_contact();
    schema.add(Field::reference("u_lead", "customer_contact"));
    let mut table = Table::new(schema);
    for number in 1..=count {
        table.push([("sys_id", id(number).into()), ("name", name(number).into())]).unwrap();
    }
    ContactApi::builder(table).seed(7)
}

pub(crate) fn id(number: usize) -> String {
    format!("{number:032x}")
}

pub(crate) fn name(number: usize) -> String {
    format!("p{number:02}")
}

/// Sends a request, as `admin` and to `mock.example` unless it says otherwise.
pub(crate) fn send(api: &ContactApi, mut request: Request<Bytes>) -> Response<Bytes> {
    for (name, value) in [("authorization", ADMIN), ("host", "mock.example")] {
        let headers = request.headers_mut();
        if !headers.contains_key(name) {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
    }
    api.handle(request)
}

/// The same, of a request as it is written on the wire.
pub(crate) fn ask(api: &ContactApi, text: &str) -> Response<Bytes> {
    send(api, request(text))
}

pub(crate) fn get(api: &ContactApi, target: &str) -> Response<Bytes> {
    ask(api, &format!("GET {target} HTTP/1.1"))
}

/// A request with a JSON body.
pub(crate) fn write(
    api: &ContactApi,
    method: &str,
    target: &str,
    body: impl Into<Bytes>,
) -> Response<Bytes> {
    let request = Request::builder().method(method).uri(target);
    send(api, request.header(CONTENT_TYPE, "application/json").body(body.into()).unwrap())
}

/// Creates a contact; gives its sys_id.
#[track_caller]
pub(crate) fn create(api: &ContactApi, body: &str) -> String {
    let response = write(api, "POST", CONTACTS, body.to_owned());
    assert_eq!(response.status(), 201, "{:?}", response.body());
    json(&response)["result"].as_str().unwrap().to_owned()
}

/// A request without credentials.
pub(crate) fn anonymous(api: &ContactApi, text: &str) -> Response<Bytes> {
    let mut request = request(text);
    request.headers_mut().remove(AUTHORIZATION);
    api.handle(request)
}

#[track_caller]
pub(crate) fn json(response: &Response<Bytes>) -> Value {
    serde_json::from_slice(response.body()).unwrap_or_else(|error| {
        panic!("{error}: {}", String::from_utf8_lossy(response.body()));
    })
}

/// A header's text; nothing if there is none.
pub(crate) fn header<'r>(response: &'r Response<Bytes>, name: &str) -> &'r str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// A field of each record of a list, or of each request that is remembered.
#[track_caller]
pub(crate) fn column(response: &Response<Bytes>, field: &str) -> Vec<String> {
    assert_eq!(response.status(), 200, "{:?}", response.body());
    let whole = json(response);
    let records = whole["result"].as_array().unwrap().iter();
    records.map(|record| record[field].as_str().unwrap().to_owned()).collect()
}

/// Status, message and detail of a failure, whose body has that shape and no other.
#[track_caller]
pub(crate) fn failure(response: &Response<Bytes>) -> (u16, String, String) {
    let whole = json(response);
    assert_eq!(header(response, "content-type"), "application/json;charset=UTF-8");
    assert_eq!((whole.as_object().unwrap().len(), &whole["status"]), (2, &"failure".into()));
    let error = whole["error"].as_object().unwrap();
    assert_eq!(error.len(), 2, "{error:?}");
    let text = |name: &str| error[name].as_str().unwrap().to_owned();
    (response.status().as_u16(), text("message"), text("detail"))
}

/// The targets of the header Link by their relations, in order; each is on `mock.example`.
pub(crate) fn links(response: &Response<Bytes>) -> Vec<(String, String)> {
    let (mut links, mut rest) = (Vec::new(), header(response, "link"));
    while !rest.is_empty() {
        let url = rest.strip_prefix("<http://mock.example").unwrap();
        let (target, after) = url.split_once(">;rel=\"").unwrap();
        let (relation, after) = after.split_once('"').unwrap();
        links.push((relation.to_owned(), target.to_owned()));
        rest = after.strip_prefix(',').unwrap_or(after);
    }
    links
}

pub(crate) fn link(response: &Response<Bytes>, relation: &str) -> Option<String> {
    links(response).into_iter().find(|(name, _)| name == relation).map(|(_, target)| target)
}
