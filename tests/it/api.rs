//! The Contact API as a function: transcripts of each operation, format and status.

use bytes::Bytes;
use encoded_query::api::{Account, Builder, ContactApi, Faults, ROLE};
use encoded_query::calendar::Zone;
use encoded_query::{Database, Field, FieldType, FixedEnvironment, Schema, Table};
use http::{Request, Response};

/// The demo contacts and the account of the page's two, at a fixed time.
pub(crate) fn builder() -> Builder {
    let schema = Schema::new(
        "customer_account",
        [Field::new("sys_id", FieldType::SysId), Field::new("name", FieldType::String)],
    );
    let mut accounts = Table::new(schema.with_display("name"));
    accounts
        .push([("sys_id", "86837a386f0331003b3c498f5d3ee4ca".into()), ("name", "Boxeo".into())])
        .unwrap();
    let database = Database::new([Table::demo_contacts(), accounts]).unwrap();
    let environment = FixedEnvironment::default()
        .with_now("2026-01-15 12:00:00".parse().unwrap())
        .with_zone(Zone::find("Europe/Berlin").unwrap());
    ContactApi::builder(database)
        .account(Account::new("admin", "admin").with_role(ROLE))
        .account(Account::new("bob", "secret"))
        .environment(environment)
        .seed(7)
        .faults(Faults::on_demand(7))
}

/// A request as it is written on the wire, but with line feeds alone.
pub(crate) fn request(text: &str) -> Request<Bytes> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text.trim_end(), ""));
    let mut lines = head.lines();
    let mut line = lines.next().unwrap().split(' ');
    let mut request = Request::builder().method(line.next().unwrap()).uri(line.next().unwrap());
    for header in lines {
        let (name, value) = header.split_once(':').unwrap();
        request = request.header(name, value.trim());
    }
    request.body(Bytes::from(body.to_owned())).unwrap()
}

/// A response as it would be written.
pub(crate) fn transcript(response: &Response<Bytes>) -> String {
    let headers = response.headers().iter();
    let headers = headers.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()));
    let headers: Vec<String> = headers.collect();
    let body = std::str::from_utf8(response.body()).unwrap();
    format!("{}\n{}\n\n{body}", response.status(), headers.join("\n"))
}

#[test]
fn transcripts() {
    insta::glob!("../data/api", "*.http", |path| {
        let text = std::fs::read_to_string(path).unwrap();
        let api = builder().build().unwrap();
        let transcript = transcript(&api.handle(request(&text)));
        let tokens = regex::Regex::new("[0-9a-f]{64}").unwrap();
        insta::assert_snapshot!(tokens.replace_all(&transcript, "TOKEN"));
    });
}
