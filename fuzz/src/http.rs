//! Requests to the API, one after another.
//!
//! The first byte chooses how the API is set up. The rest are requests as they are written on the wire, but
//! with a line feed at the end of a line, and a form feed between two of them; bytes from 0x80 on stand for
//! pieces of requests.
//!
//! Laws: nothing panics; every status is a documented one; bodies are what their type says and failures have
//! the shape of failures; the head of an answer is the same without its body; a question changes nothing; a
//! contact reads as the record of the Table API does, which is written anew each time.

use std::sync::LazyLock;

use bytes::Bytes;
use encoded_query::api::{Access, Account, ContactApi, Faults, InvalidPaging, ROLE};
use encoded_query::{FixedEnvironment, OnInvalid, Schema, Table, demo};
use http::{Request, Response};
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

/// What the bytes from 0x80 on stand for.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "GET ", "POST ", "PUT ", "PATCH ", "DELETE ", "HEAD ", "OPTIONS ", "\u{c}",
    "/api/now/contact", "/api/now/v1/contact/", "/api/now/table/customer_contact", "/api/now/v2/table/",
    "/oauth_token.do", "/__admin/reset", "/__admin/seed", "/__admin/export", "/__admin/requests", "/openapi.json",
    "/ddce70866f9331003b3c498f5d3ee417", "/00000000000000000000000000000001", "customer_account",
    "?sysparm_query=", "&sysparm_query=", "&sysparm_limit=", "&sysparm_offset=", "&sysparm_fields=",
    "&sysparm_display_value=all", "&sysparm_display_value=true", "&sysparm_exclude_reference_link=true",
    "&sysparm_no_count=true", "&sysparm_suppress_pagination_header=true", "?sysparam_query=", "?table=",
    "\nAccept: application/xml", "\nAccept: application/json", "\nAccept: */*;q=0.5", "\nHost: mock:8080",
    "\nContent-Type: application/json", "\nContent-Type: application/x-www-form-urlencoded",
    "\nX-HTTP-Method-Override: GET", "\nX-Mock-Fault: 503", "\nX-no-response-body: true",
    "\nAuthorization: Basic YWRtaW46YWRtaW4=", "\nAuthorization: Bearer ", "\n\n",
    "{\"sys_id\":\"00000000000000000000000000000001\",\"city\":\"", "{\"city\":\"", "\",\"name\":\"", "\"}", "\":null}",
    "\",\"social_channel\":\"", "grant_type=password&username=admin&password=admin", "%5E", "%C3%A9", "^ORDERBY",
    "name", "city", "account", "sys_id=", "active=true", "STARTSWITH", "\u{fffd}", "\\ud800", "sys_updated_on",
];

/// What the page and the server document.
const STATUSES: &[u16] = &[200, 201, 204, 400, 401, 403, 404, 405, 406, 413, 415];

/// What there is at first: few contacts, those of the page among them.
static CONTACTS: LazyLock<Table> = LazyLock::new(|| {
    let mut contacts = Table::new(Schema::customer_contact());
    for contact in demo::contacts(demo::DEMO_SEED).take(12) {
        let fields = contact.into_iter().map(|(name, text)| (name, text.into()));
        contacts.push(fields).expect("a contact");
    }
    contacts
});

/// Requests of one input at most.
const MOST: usize = 12;

/// Checks one input.
pub fn run(data: &[u8]) {
    let Some((&choices, data)) = data.split_first() else { return };
    let api = api(choices);
    let mut text = Vec::new();
    for byte in data {
        match byte.checked_sub(0x80).and_then(|number| PIECES.get(usize::from(number))) {
            Some(piece) => text.extend_from_slice(piece.as_bytes()),
            None => text.push(*byte),
        }
    }
    for request in text.split(|byte| *byte == 0xc).take(MOST) {
        if let Some(request) = parsed(request) {
            ask(&api, &request);
        }
    }
    check_contacts(&api);
}

fn api(choices: u8) -> ContactApi {
    let environment =
        FixedEnvironment::default().with_now("2026-01-10 12:00:00".parse().expect("a time"));
    let mut builder =
        ContactApi::builder(CONTACTS.clone()).environment(environment).seed(1).max_body(4096);
    if choices & 1 != 0 {
        builder = builder.account(Account::new("admin", "admin").with_role(ROLE));
    }
    builder = builder.on_invalid(match choices >> 1 & 3 {
        0 | 1 => OnInvalid::IgnoreInvalidPart,
        2 => OnInvalid::ReturnNoRows,
        _ => OnInvalid::Forbid,
    });
    if choices & 8 != 0 {
        builder = builder.invalid_paging(InvalidPaging::UseDefault);
    }
    if choices & 0x10 != 0 {
        builder = builder.access(Access::ReadOnly);
    }
    if choices & 0x20 != 0 {
        builder = builder.faults(Faults::on_demand(1));
    }
    builder.build().expect("a table of contacts")
}

/// The request, if it is one.
fn parsed(text: &[u8]) -> Option<Request<Bytes>> {
    let end = text.windows(2).position(|two| two == b"\n\n");
    let (head, body) = end.map_or((text, &b""[..]), |end| (&text[..end], &text[end + 2..]));
    let mut lines = head.split(|byte| *byte == b'\n');
    let mut words = lines.next()?.splitn(2, |byte| *byte == b' ');
    let mut request = Request::builder().method(words.next()?).uri(words.next()?);
    for line in lines {
        let colon = line.iter().position(|byte| *byte == b':')?;
        request = request.header(&line[..colon], line[colon + 1..].trim_ascii());
    }
    request.body(Bytes::copy_from_slice(body)).ok()
}

fn ask(api: &ContactApi, request: &Request<Bytes>) {
    let before = api.tables();
    let answer = api.handle(request.clone());
    let status = answer.status().as_u16();
    // A mock fails as it is told to.
    let is_told = request.headers().contains_key("x-mock-fault");
    assert!(STATUSES.contains(&status) || is_told, "{status}");
    check(&answer, request.method() == "HEAD");
    let changes = matches!(answer.status().as_u16(), 201 | 204)
        || request.uri().path().starts_with("/__admin/");
    if !changes {
        assert_eq!(api.tables(), before, "{request:?}");
    }
    if request.method() == "GET" {
        check_again(api, request, &answer);
    }
}

fn check(answer: &Response<Bytes>, head_only: bool) {
    let status = answer.status().as_u16();
    let kind = answer.headers().get("content-type").map(|kind| kind.to_str().expect("ASCII"));
    if answer.body().is_empty() {
        assert!(head_only || matches!(status, 201 | 204), "{status} without a body");
        return;
    }
    assert!(!head_only && status != 204);
    let kind = kind.expect("a body has a type");
    if kind.ends_with("xml;charset=UTF-8") {
        check_xml(answer.body());
    } else if kind.starts_with("application/json") {
        let body: Value = serde_json::from_slice(answer.body()).expect("JSON");
        if status >= 400 && body["error"].is_object() {
            assert!(body["error"]["message"].is_string() && body["error"]["detail"].is_string());
            assert_eq!(body["status"], "failure");
        }
    } else {
        assert_eq!((kind, status), ("text/html;charset=UTF-8", 200));
    }
}

fn check_xml(body: &[u8]) {
    let text = std::str::from_utf8(body).expect("UTF-8");
    let mut reader = Reader::from_str(text);
    let mut depth = 0;
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
}

/// What changes with each answer.
const OF_EACH: &str = "x-transaction-id";

/// Asked once more it is the same, and so is its head alone. Where it is told, a request is one more.
fn check_again(api: &ContactApi, request: &Request<Bytes>, first: &Response<Bytes>) {
    if request.uri().path().starts_with("/__admin/") {
        return;
    }
    let again = api.handle(request.clone());
    assert_eq!((again.status(), again.body()), (first.status(), first.body()), "{request:?}");
    let mut head = request.clone();
    *head.method_mut() = http::Method::HEAD;
    let head = api.handle(head);
    if head.status() == http::StatusCode::METHOD_NOT_ALLOWED {
        return;
    }
    assert_eq!(head.status(), first.status(), "{request:?}");
    let without = |answer: &Response<Bytes>| {
        let mut headers = answer.headers().clone();
        headers.remove(OF_EACH);
        let length = headers.remove("content-length");
        (headers, length)
    };
    let ((head_headers, length), (headers, _)) = (without(&head), without(first));
    assert_eq!(head_headers, headers, "{request:?}");
    if let Some(length) = length {
        assert_eq!(length, first.body().len().to_string().as_str(), "{request:?}");
    }
}

/// A contact and its record, by the two ways.
fn check_contacts(api: &ContactApi) {
    let get = |target: &str| {
        let request = Request::get(target).header("authorization", "Basic YWRtaW46YWRtaW4=");
        let answer = api.handle(request.body(Bytes::new()).expect("a request"));
        assert_eq!(answer.status(), 200, "{target}");
        serde_json::from_slice::<Value>(answer.body()).expect("JSON")
    };
    const TABLE: &str = "/api/now/table/customer_contact?sysparm_exclude_reference_link=true";
    let records = get(TABLE);
    for _ in 0..2 {
        let contacts = get("/api/now/contact?sysparm_limit=1000");
        assert_eq!(contacts["result"], records["result"]);
    }
}
