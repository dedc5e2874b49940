//! What real clients rely on; `tests/clients` asks with the clients themselves.

use bytes::Bytes;
use encoded_query::Table;
use encoded_query::api::{Account, ContactApi, ROLE};
use http::{Request, Response};

use crate::api::request;

fn api() -> ContactApi {
    ContactApi::builder(Table::demo_contacts())
        .account(Account::new("admin", "admin").with_role(ROLE))
        .oauth_client("app", "secret", "admin")
        .build()
        .unwrap()
}

fn token(header: &str, form: &str) -> Request<Bytes> {
    request(&format!(
        "POST /oauth_token.do HTTP/1.1\n{header}Content-Type: application/x-www-form-urlencoded\n\n{form}"
    ))
}

fn text(response: &Response<Bytes>) -> &str {
    std::str::from_utf8(response.body()).unwrap()
}

/// RFC 6749, section 2.3.1: a client may say who it is in the header Authorization. `requests-oauthlib`, on
/// which `pysnow` and `PySNC` stand, does.
#[test]
fn oauth_clients_may_use_the_header() {
    const APP: &str = "Authorization: Basic YXBwOnNlY3JldA==\n";
    const WRONG: &str = "Authorization: Basic YXBwOndyb25n\n";
    let password = "grant_type=password&username=admin&password=admin";
    let client = "grant_type=client_credentials";
    for (header, form, status) in [
        (APP, password.to_owned(), 200),
        (APP, client.to_owned(), 200),
        (APP, format!("{password}&client_id=app"), 200),
        ("", format!("{password}&client_id=app&client_secret=secret"), 200),
        // A form that holds a secret counts.
        (APP, format!("{client}&client_id=app&client_secret=wrong"), 401),
        (WRONG, format!("{client}&client_id=app&client_secret=secret"), 200),
        (WRONG, password.to_owned(), 401),
        ("", password.to_owned(), 401),
        ("Authorization: Bearer x\n", client.to_owned(), 401),
    ] {
        let answer = api().handle(token(header, &form));
        assert_eq!(answer.status(), status, "{header}{form}");
        let is_refused = text(&answer).contains("\"error\":\"invalid_client\"");
        assert_eq!(is_refused, status == 401, "{}", text(&answer));
    }
}
