//! Pages of other origins. Source: the Fetch standard.

use super::{ask, builder, start};

const PREFLIGHT: &str = "OPTIONS /api HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example.com\r\n\
    Access-Control-Request-Method: PATCH\r\nAccess-Control-Request-Headers: authorization\r\n\r\n";
const SIMPLE: &str = "GET /api HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example.com\r\n\r\n";

#[test]
fn nothing_is_allowed_by_itself() {
    let (server, asked) = start();
    assert_eq!(ask(&server, SIMPLE).header("access-control-allow-origin"), None);
    assert_eq!(ask(&server, PREFLIGHT).text(), "OPTIONS /api ");
    assert_eq!(asked.count(), 2);
}

#[test]
fn preflights_do_not_reach_the_service() {
    for origin in ["*", "https://app.example.com"] {
        let (builder, asked) = builder();
        let server = builder.cors(origin).unwrap().start().unwrap();
        let answer = ask(&server, PREFLIGHT);
        assert_eq!((answer.status, answer.text()), (200, ""));
        assert_eq!(answer.header("access-control-allow-origin").unwrap(), origin);
        let allowed = answer.header("access-control-allow-headers").unwrap();
        for header in
            ["authorization", "content-type", "accept", "x-http-method-override", "x-mock-fault"]
        {
            assert!(allowed.split(',').any(|found| found.trim() == header), "{allowed}");
        }
        let methods = answer.header("access-control-allow-methods").unwrap();
        for method in ["get", "head", "post", "put", "patch", "delete"] {
            assert!(methods.split(',').any(|found| found.trim() == method), "{methods}");
        }
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        assert_eq!(asked.count(), 0);
    }
}

#[test]
fn other_requests_do() {
    let (builder, asked) = builder();
    let server = builder.cors("https://app.example.com").unwrap().start().unwrap();
    let answer = ask(&server, SIMPLE);
    assert_eq!(answer.text(), "GET /api ");
    assert_eq!(answer.header("access-control-allow-origin").unwrap(), "https://app.example.com");
    let exposed = answer.header("access-control-expose-headers").unwrap();
    for header in [
        "link",
        "warning",
        "x-total-count",
        "x-query-diagnostics",
        "x-ignored-fields",
        "x-transaction-id",
    ] {
        assert!(exposed.split(',').any(|found| found.trim() == header), "{exposed}");
    }
    assert_eq!(asked.count(), 1);
    // OPTIONS of no browser is a method like others.
    let plain = ask(&server, "OPTIONS /api HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(plain.text(), "OPTIONS /api ");
    assert_eq!(asked.count(), 2);
    // A page may read the server's own answers too.
    let panic = ask(&server, &SIMPLE.replace("/api", "/panic"));
    panic.is_own(500, "");
    assert_eq!(panic.header("access-control-allow-origin").unwrap(), "https://app.example.com");
}

#[test]
fn origins_are_checked() {
    for text in [
        "",
        "app.example.com",
        "https://",
        "https://a/",
        "https://a/path",
        "https://a b",
        "https://u@a",
        "https://a, https://b",
        "null",
        "https://a\r\nX: y",
    ] {
        let error = builder().0.cors(text).err().unwrap_or_else(|| panic!("{text:?}")).to_string();
        assert!(error.contains("is no origin; expected `*`"), "{error}");
        assert!(!error.contains('\n'));
    }
    for text in ["*", "https://a", "http://localhost:3000", "http://[::1]:80", "vscode-webview://a"]
    {
        assert!(builder().0.cors(text).is_ok(), "{text}");
    }
}
