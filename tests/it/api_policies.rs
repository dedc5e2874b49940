//! Queries over the wire: what becomes of invalid parts in each mode, and the limits of the language.

use encoded_query::api::ContactApi;
use encoded_query::{OnInvalid, Options};
use http::Response;

use super::api_client::{
    CONTACTS, TABLE, ask, column, create, failure, get, header, json, links, people,
};

fn asked(api: &ContactApi, query: &str) -> Response<bytes::Bytes> {
    let query: Vec<String> = query.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let query = query.concat();
    get(api, &format!("{CONTACTS}?sysparm_limit=5&sysparm_query={query}"))
}

/// The same by a form, which may be longer than a URL.
fn posted(api: &ContactApi, query: &str) -> Response<bytes::Bytes> {
    let head = "POST /api/now/contact HTTP/1.1\nX-HTTP-Method-Override: GET\n\
                Content-Type: application/x-www-form-urlencoded\n\n";
    ask(api, &format!("{head}sysparm_limit=5&sysparm_query={query}"))
}

/// Source: Contact API, `sysparm_query` and `glide.invalid_query.returns_no_rows`; 403: language.md §9.
#[test]
fn three_modes() {
    let mode = |on_invalid| people(12).on_invalid(on_invalid).build().unwrap();
    let ignoring = mode(OnInvalid::IgnoreInvalidPart);
    let (nothing, forbidding) = (mode(OnInvalid::ReturnNoRows), mode(OnInvalid::Forbid));
    // The query; the total if invalid parts are ignored; the codes then, and otherwise.
    for (query, total, ignored, codes) in [
        ("name=p03^nosuch=1", "1", "1; unknown-field", "1; unknown-field"),
        ("nosuch=1", "12", "2; unknown-field, everything-ignored", "1; unknown-field"),
        ("name=p03^ORDERBYnosuch", "1", "1; unknown-field", "1; unknown-field"),
        ("name=p03^ORnosuch=1", "1", "1; unknown-field", "1; unknown-field"),
        ("name=p03^NQnosuch=1", "1", "1; unknown-field", "1; unknown-field"),
        ("name", "12", "2; missing-operator, everything-ignored", "1; missing-operator"),
    ] {
        let page = asked(&ignoring, query);
        assert_eq!(header(&page, "x-total-count"), total, "{query}");
        assert_eq!(header(&page, "x-query-diagnostics"), ignored, "{query}");
        let page = asked(&nothing, query);
        assert_eq!(page.body(), "{\"result\":[],\"hasMore\":false}", "{query}");
        assert_eq!((header(&page, "x-total-count"), links(&page).len()), ("0", 0));
        assert_eq!(header(&page, "x-query-diagnostics"), codes, "{query}");
        let refusal = asked(&forbidding, query);
        let (status, message, detail) = failure(&refusal);
        assert_eq!(status, 403, "{query}");
        let start = "Invalid query detected, please check logs for details [";
        assert!(message.starts_with(start) && message.ends_with(']'), "{message}");
        assert!(!detail.is_empty());
        assert_eq!(header(&refusal, "x-query-diagnostics"), codes, "{query}");
        assert_eq!(header(&refusal, "x-total-count"), "");
    }
    // Warnings are no errors.
    for api in [&ignoring, &nothing, &forbidding] {
        let page = asked(api, "name=p03^nameLIKE");
        assert_eq!(column(&page, "name"), ["p03"]);
        assert!(header(&page, "x-query-diagnostics").starts_with("1; "));
        let page = asked(api, "name=p03");
        assert_eq!(
            (header(&page, "x-total-count"), header(&page, "x-query-diagnostics")),
            ("1", "")
        );
    }
}

/// In version 1 of the Table API no rows are a 404, whatever the reason.
#[test]
fn no_rows_in_version_one() {
    let api = people(3).on_invalid(OnInvalid::ReturnNoRows).build().unwrap();
    for (version, status) in [("v1/", 404), ("v2/", 200), ("", 200)] {
        let target = format!("/api/now/{version}table/customer_contact?sysparm_query=nosuch=1");
        let response = get(&api, &target);
        assert_eq!(response.status(), status, "{version}");
        assert_eq!(header(&response, "x-query-diagnostics"), "1; unknown-field");
    }
}

fn repeat(part: &str, count: usize, joint: &str) -> String {
    vec![part; count].join(joint)
}

/// Source: language.md §11, each at its number and one over it.
#[test]
fn limits_of_the_language() {
    let api = people(3).build().unwrap();
    let text = |length: usize| {
        // Clauses of no more than 4 KiB.
        let most = repeat(&format!("name!={}", "x".repeat(1_000)), 64, "^");
        let text = format!("{most}^name={}", "x".repeat(length - most.len() - 6));
        assert_eq!(text.len(), length);
        text
    };
    for (what, kept, over) in [
        ("text", text(65_536), text(65_537)),
        ("conditions", repeat("vip=1", 10_000, "^"), repeat("vip=1", 10_001, "^")),
        ("branches", repeat("vip=1", 256, "^NQ"), repeat("vip=1", 257, "^NQ")),
        (
            "list",
            format!("nameIN{}", repeat("a", 10_000, ",")),
            format!("nameIN{}", repeat("a", 10_001, ",")),
        ),
        ("sort keys", repeat("ORDERBYname", 8, "^"), repeat("ORDERBYname", 9, "^")),
        (
            "operand",
            format!("nameLIKE{}", "x".repeat(4_096)),
            format!("nameLIKE{}", "x".repeat(4_097)),
        ),
    ] {
        let page = posted(&api, &kept);
        assert_eq!(page.status(), 200, "{what}: {:?}", page.body());
        let refusal = posted(&api, &over);
        let (status, message, detail) = failure(&refusal);
        assert_eq!((status, &*message), (400, "Query refused"), "{what}");
        assert!(!detail.is_empty() && detail.len() < 500, "{what}: {detail}");
        assert!(header(&refusal, "x-query-diagnostics").contains("too-"), "{what}");
    }
    // A deeper path is an invalid part.
    let path = |steps: usize| format!("name=p03^{}name=x", "u_lead.".repeat(steps));
    assert_eq!(header(&asked(&api, &path(8)), "x-query-diagnostics"), "");
    assert_eq!(header(&asked(&api, &path(9)), "x-query-diagnostics"), "1; path-too-deep");
    // 50 are kept, all are counted.
    for count in [49, 50, 51, 300] {
        let page = asked(&api, &format!("name=p03^{}", repeat("nosuch=1", count, "^")));
        assert_eq!(header(&page, "x-query-diagnostics"), format!("{count}; unknown-field"));
    }
}

/// A limit refuses in every mode, and can be set.
#[test]
fn limits_are_those_that_are_set() {
    for mode in [OnInvalid::IgnoreInvalidPart, OnInvalid::ReturnNoRows, OnInvalid::Forbid] {
        let mut options = Options::default();
        options.limits.conditions = 2;
        let api = people(3).options(options).on_invalid(mode).build().unwrap();
        assert_eq!(column(&asked(&api, "name=p01^ORname=p02"), "name"), ["p01", "p02"]);
        let (status, message, detail) = failure(&asked(&api, "name=p01^ORname=p02^ORname=p03"));
        assert_eq!((status, &*message), (400, "Query refused"), "{mode:?}");
        assert!(detail.contains("the query has 3 conditions; the limit is 2"), "{detail}");
    }
}

/// Who asks is the user of the query; the time is that of the server.
#[test]
fn queries_know_who_asks() {
    let api = super::api::builder().build().unwrap();
    create(&api, r#"{"name":"mine"}"#);
    let query = "sys_created_by=javascript:gs.getUserName()^sys_created_onONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()";
    let page = asked(&api, query);
    assert_eq!(column(&page, "name"), ["mine"], "{}", header(&page, "x-query-diagnostics"));
    let other = people(0).build().unwrap();
    create(&other, r#"{"name":"guests"}"#);
    assert_eq!(json(&get(&other, CONTACTS))["result"][0]["sys_created_by"], "guest");
}

/// The Table API asks by the same rules and does not say `hasMore`.
#[test]
fn both_apis_ask_alike() {
    let api = people(12).build().unwrap();
    for query in ["", "nameLIKE1", "name=p03^nosuch=1", "ORDERBYDESCname", "nosuch=1"] {
        let (contact, table) = (
            get(&api, &format!("{CONTACTS}?sysparm_limit=5&sysparm_query={query}")),
            get(
                &api,
                &format!(
                    "{TABLE}?sysparm_limit=5&sysparm_query={query}&sysparm_exclude_reference_link=true"
                ),
            ),
        );
        assert_eq!(json(&contact)["result"], json(&table)["result"], "{query}");
        assert_eq!(json(&table).as_object().unwrap().len(), 1);
        for name in ["x-total-count", "x-query-diagnostics"] {
            assert_eq!(header(&contact, name), header(&table, name), "{query}");
        }
    }
}
