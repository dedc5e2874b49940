//! What the options of `encq serve` do, and what is said of those that mean nothing.

use super::{ADMIN, AUTHORIZATION, Serving};
use crate::cli::Temporary;

/// Arguments with which it does not start, and a part of what it says.
const WRONG: [(&[&str], &str); 20] = [
    (&["--host", "0.0.0.0"], "there are no credentials"),
    (&["--host", "no such host"], "is no host"),
    (&["--user", "admin"], "--password"),
    (&["--password", "admin"], "--user"),
    (&["--account", "admin"], "NAME:PASSWORD"),
    (&["--account", "a:b", "--account", "a:c"], "given twice"),
    (&["--latency", "soon"], "`soon` does not read"),
    (&["--latency", "2s..1s"], "`2s..1s` does not read"),
    (&["--fault", "503"], "expected a status"),
    (&["--fault", "200:5%"], "expected a status"),
    (&["--fault", "503:101%"], "expected a status"),
    (&["--cors", "not an origin"], "--cors"),
    (&["--tls-cert", "cert.pem"], "--tls-"),
    (
        &["--tls-port", "0", "--tls-cert", "none.pem", "--tls-key", "none.pem"],
        "cannot read `none.pem`",
    ),
    (&["--now", "yesterday"], "--now"),
    (&["--time-zone", "Nowhere/At_All"], "no zone"),
    (&["--oauth-client", "id"], "ID:SECRET"),
    (&["--oauth-client", "id:secret:ghost", "--account", "a:b"], "`ghost`"),
    (&["no-such-file.json"], "no-such-file.json"),
    (&["--schema", "infer"], "--schema"),
];

#[test]
fn slips_are_said() {
    for (arguments, part) in WRONG {
        let said = Serving::try_start(arguments).err().unwrap_or_else(|| panic!("{arguments:?}"));
        assert!(said.starts_with("Some(2): ") && said.contains(part), "{arguments:?}: {said}");
    }
}

#[test]
fn a_port_that_is_taken() {
    let server = Serving::start(&[]);
    let port = server.address.rsplit(':').next().unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_encq"))
        .args(["serve", "--port", port])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap().to_lowercase();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("address") && said.contains("in use"), "{said}");
}

#[test]
fn own_data_and_its_columns() {
    let data = Temporary::new(
        "serve.ndjson",
        b"{\"sys_id\":\"a1\",\"name\":\"Ann\",\"u_region\":\"North\"}\n{\"sys_id\":\"b2\",\"name\":\"Bob\"}\n",
    );
    let server = Serving::start(&[data.path()]);
    let list = server.get("/api/now/contact?sysparm_query=u_region=north").json();
    assert_eq!(list["result"][0]["u_region"], "North");
    assert_eq!(list["result"].as_array().unwrap().len(), 1);
    assert_eq!(server.get("/api/now/contact/B2").json()["result"]["u_region"], "");
}

#[test]
fn invalid_queries_by_option() {
    let target = "/api/now/contact?sysparm_query=fist_name=George&sysparm_limit=1";
    let ignored = Serving::start(&[]).get(target);
    assert_eq!((ignored.status, ignored.json()["hasMore"].as_bool()), (200, Some(true)));
    let none = Serving::start(&["--on-invalid", "none"]).get(target);
    assert_eq!((none.status, none.json()["result"].as_array().unwrap().len()), (200, 0));
    assert_eq!(none.json()["hasMore"], false);
    let forbidden = Serving::start(&["--on-invalid", "forbid"]).get(target);
    assert_eq!(forbidden.status, 403);
    assert!(forbidden.json()["error"]["message"].as_str().unwrap().contains("`fist_name`"));
}

#[test]
fn pages_and_bodies_by_option() {
    let server = Serving::start(&["--lenient-paging", "--max-limit", "3", "--max-body", "40"]);
    let list = server.get("/api/now/contact?sysparm_limit=5000&sysparm_offset=ten");
    assert_eq!((list.status, list.json()["result"].as_array().unwrap().len()), (200, 3));
    let large = server.create(r#"{"name":"a name of over forty bytes in all"}"#).unwrap();
    assert_eq!(large.status, 413);
    let message = large.json()["error"]["message"].as_str().unwrap().to_owned();
    assert!(message.ends_with("Max allowed: 40 bytes."), "{message}");
    assert_eq!(server.create(r#"{"name":"short"}"#).unwrap().status, 201);
}

#[test]
fn nothing_changes_when_read_only() {
    let server = Serving::start(&["--read-only"]);
    assert_eq!(server.create("{}").unwrap().status, 403);
    assert_eq!(server.ask("POST /__admin/reset", &[], b"").status, 403);
    assert_eq!(server.get("/api/now/contact").header("x-total-count"), Some("200"));
}

#[test]
fn one_seed_gives_the_same_each_time() {
    let once = || {
        let server = Serving::start(&["--seed", "9", "--now", "2026-01-01T00:00:00Z"]);
        let created = server.create(r#"{"name":"Dora"}"#).unwrap().body;
        (created, server.get("/api/now/contact?sysparm_query=ORDERBYDESCname").body)
    };
    let (first, second) = (once(), once());
    assert_eq!(first, second);
    let other = Serving::start(&["--seed", "10"]);
    assert_ne!(other.get("/api/now/contact?sysparm_query=ORDERBYDESCname").body, first.1);
}

#[test]
fn accounts_and_roles() {
    let accounts = [
        "--account",
        "ann:se:ret",
        "--account",
        "eve:pw:6816f79cc0a8016401c5a33be04be441:itil,csm_ws_integration",
    ];
    let server = Serving::start(&accounts);
    let status = |name: &str| server.ask("GET /api/now/contact", &[&basic(name)], b"").status;
    assert_eq!(status("eve:pw"), 200);
    assert_eq!(status("eve:pwd"), 401);
    // What stands behind the second colon is the sys_id.
    assert_eq!(status("ann:se"), 403);
    let me = "/api/now/contact?sysparm_query=sys_id=javascript:gs.getUserID()";
    let me = server.ask(&format!("GET {me}"), &[&basic("eve:pw")], b"");
    assert_eq!((me.status, me.header("x-query-diagnostics")), (200, None));
}

fn basic(pair: &str) -> String {
    use base64::Engine;
    format!("Authorization: Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
}

#[test]
fn faults_and_delays() {
    let server = Serving::start(&["--fault", "503:100%"]);
    let failed = server.get("/api/now/contact");
    assert_eq!((failed.status, failed.header("retry-after")), (503, Some("1")));
    assert_eq!(server.get("/__admin/health").status, 200);

    let server = Serving::start(&[]);
    let asked = server.ask("GET /api/now/contact", &["X-Mock-Fault: 500"], b"");
    assert_eq!((asked.status, asked.json()["status"].as_str()), (500, Some("failure")));

    let slow = Serving::start(&["--latency", "300ms..400ms"]);
    let start = std::time::Instant::now();
    slow.get("/__admin/health");
    assert!(start.elapsed() >= std::time::Duration::from_millis(300));
}

#[test]
fn other_origins() {
    let server = Serving::start(&[&ADMIN[..], &["--cors", "https://app.example.com"]].concat());
    let headers = [AUTHORIZATION, "Origin: https://app.example.com"];
    let answer = server.ask("GET /api/now/contact?sysparm_limit=1", &headers, b"");
    let allowed = answer.header("access-control-allow-origin");
    assert_eq!((answer.status, allowed), (200, Some("https://app.example.com")));
}

#[test]
fn related_tables() {
    let accounts = Temporary::new(
        "serve-accounts.json",
        br#"[{"sys_id":"86837a386f0331003b3c498f5d3ee4ca","name":"Boxeo","city":"Oslo"}]"#,
    );
    let related = format!("customer_account={}", accounts.path());
    let server = Serving::start(&["--related", &related]);
    let list = server.get("/api/now/contact?sysparm_query=account.city=oslo&sysparm_limit=1");
    assert_eq!((list.status, list.header("x-query-diagnostics")), (200, None));
    let account = server.get("/api/now/table/customer_account?sysparm_query=cityLIKEos").json();
    assert_eq!(account["result"][0]["name"], "Boxeo");
}
