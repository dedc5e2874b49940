//! Hostile requests: the cases of a file beside the project, where it is, that need no socket.

use std::path::Path;

use bytes::Bytes;
use encoded_query::api::ContactApi;
use encoded_query::{Schema, Table};
use http::{Request, Response};
use serde_json::Value;

use super::api::builder;
use super::api_client::{ADMIN, CONTACTS, column, failure, get, header, json};

const GEORGE: &str = "ddce70866f9331003b3c498f5d3ee417";

fn cases() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/bad_inputs.json");
    let Ok(text) = std::fs::read_to_string(path) else { return Vec::new() };
    let all: Vec<Value> = serde_json::from_str(&text).unwrap();
    let is_http = |case: &Value| case["id"].as_str().unwrap().starts_with("bad-s-http");
    all.into_iter().filter(is_http).collect()
}

fn body_of(input: &Value) -> Bytes {
    let Some(repeated) = input["body"].get("repeat") else {
        return Bytes::from(input["body"].as_str().unwrap_or_default().to_owned());
    };
    let text = |name: &str| repeated[name].as_str().unwrap();
    let count = usize::try_from(repeated["count"].as_u64().unwrap()).unwrap();
    let units = vec![text("unit"); count].join(text("sep"));
    Bytes::from([text("prefix"), &units, text("suffix")].concat())
}

/// Sends a case; `None` if it needs a socket.
fn answer(case: &Value) -> Option<(ContactApi, Response<Bytes>)> {
    let input = &case["input"];
    // Requests as bytes, numbers of headers and clients side by side are the server's business; the
    // last is tested in `api_lists` too.
    let (method, target) = (input["method"].as_str()?, input["target"].as_str()?);
    if !input["headers_repeat"].is_null() {
        return None;
    }
    let api = match input["seed_record"].as_object() {
        None => builder().build().unwrap(),
        Some(record) => {
            let mut table = Table::new(Schema::customer_contact());
            let texts = record.iter().map(|(name, text)| (&**name, text.as_str().unwrap().into()));
            table.push(texts).unwrap();
            ContactApi::builder(table).build().unwrap()
        }
    };
    let mut request = Request::builder().method(method).uri(target).header("host", "localhost");
    if input["auth"] != "none" {
        request = request.header("authorization", ADMIN);
    }
    for header in input["headers"].as_array().into_iter().flatten() {
        request = request.header(header[0].as_str().unwrap(), header[1].as_str().unwrap());
    }
    let response = api.handle(request.body(body_of(input)).unwrap());
    Some((api, response))
}

#[test]
fn cases_of_the_file() {
    let cases = cases();
    if cases.is_empty() {
        println!("bad_inputs.json is not at hand");
    }
    let mut asked = 0;
    for case in &cases {
        let (id, Some((api, response))) = (&case["id"], answer(case)) else { continue };
        asked += 1;
        let status = response.status().as_u16();
        let expected = case["expect"]["status"].as_array().unwrap();
        assert!(expected.contains(&status.into()), "{id}: {status} {:?}", response.body());
        if status >= 400 {
            let (_, message, _) = failure(&response);
            assert!(!message.is_empty(), "{id}");
        }
        let text = String::from_utf8_lossy(response.body());
        assert!(!text.contains(GEORGE) || status == 200, "{id}");
        // Nothing comes of what is refused, and George stays.
        let all = get(&api, &format!("{CONTACTS}?sysparm_query=first_name=Dora"));
        assert!(status < 400 || header(&all, "x-total-count") == "0" || api_has_one(&api), "{id}");
    }
    assert!(cases.is_empty() || asked >= 20, "only {asked} of {}", cases.len());
}

fn api_has_one(api: &ContactApi) -> bool {
    header(&get(api, CONTACTS), "x-total-count") == "1"
}

/// What the cases of the file expect in words.
#[test]
fn what_their_answers_hold() {
    for case in cases() {
        let (id, Some((api, response))) = (case["id"].as_str().unwrap(), answer(&case)) else {
            continue;
        };
        match id {
            "bad-s-http-03" => {
                assert!(
                    response.status() == 400
                        || (json(&response)["hasMore"] == false
                            && column(&response, "name").is_empty())
                );
            }
            "bad-s-http-06" => assert!(header(&response, "warning").contains("sysparam_query")),
            "bad-s-http-10" => assert_eq!(column(&response, "name"), ["Jane Contact"]),
            "bad-s-http-14" => {
                assert_eq!(header(&response, "allow"), "GET, HEAD");
                assert_eq!(get(&api, &format!("{CONTACTS}/{GEORGE}")).status(), 200);
            }
            "bad-s-http-18" => assert!(failure(&response).2.contains("`active`")),
            "bad-s-http-21" => {
                let id = json(&response)["result"].as_str().unwrap().to_owned();
                let one = json(&get(&api, &format!("{CONTACTS}/{id}")));
                for (field, expected) in [
                    ("sys_mod_count", "0"),
                    ("sys_class_name", "customer_contact"),
                    ("sys_created_by", "admin"),
                ] {
                    assert_eq!(one["result"][field], expected);
                }
            }
            "bad-s-http-22" => {
                assert!(!header(&response, "www-authenticate").is_empty());
                assert!(json(&response).get("hasMore").is_none());
            }
            "bad-s-http-26" => {
                let text = std::str::from_utf8(response.body()).unwrap();
                assert!(text.contains("<name>a\u{fffd}b\u{fffd}c</name>"), "{text}");
            }
            _ => {}
        }
    }
}

/// Paths that are made to lead elsewhere.
#[test]
fn paths_lead_nowhere_else() {
    let api = builder().build().unwrap();
    for path in [
        format!("/api/now/contact/{GEORGE}%00"),
        format!("/api/now/contact/{GEORGE}%00.json"),
        format!("/api/now/contact/{GEORGE}%20"),
        format!("/api/now/contact/{GEORGE}.json"),
        format!("/api/now/contact/{GEORGE};x=1"),
        format!("/api/now/contact/./{GEORGE}"),
        format!("/api/now/x/../contact/{GEORGE}"),
        format!("/api/now/contact/%2e%2e/contact/{GEORGE}"),
        format!("/api/now/contact%2F{GEORGE}"),
        format!("/api/now/contact/{GEORGE}/"),
        format!("//api/now/contact/{GEORGE}"),
        "/api/now/contact//".to_owned(),
        "/api/now/contact/%2e".to_owned(),
        "/__admin/../api/now/contact".to_owned(),
    ] {
        let response = get(&api, &path);
        let is_same = path == format!("/api/now/contact/{GEORGE}/");
        if is_same {
            assert_eq!(response.status(), 200, "a slash at the end is nothing");
        } else {
            let (status, ..) = failure(&response);
            assert!(matches!(status, 400 | 404), "{path}: {status}");
        }
    }
    for path in [
        "/api/now/contact/%",
        "/api/now/contact/%f",
        "/api/now/contact/%FF",
        "/api/now/contact/%zz",
    ] {
        assert_eq!(failure(&get(&api, path)).1, "Malformed percent-encoding", "{path}");
    }
    // Everywhere, also where no parameter means anything.
    for target in
        [&format!("{CONTACTS}/{GEORGE}?x=%zz"), "/openapi.json?x=%", "/__admin/export?x=%"]
    {
        let status = get(&api, target).status().as_u16();
        assert_eq!(status, if target.contains("openapi") { 200 } else { 400 }, "{target}");
    }
}

/// Nothing a client sends makes a header that is not ours.
#[test]
fn headers_cannot_be_made() {
    let api = builder().build().unwrap();
    let nasty = "a%0d%0aX-Evil:%201%22%5C,%C3%A9%E2%80%AE";
    for target in [
        format!("{CONTACTS}?sysparm_query={nasty}=1"),
        format!("{CONTACTS}?sysparm_quer%0d%0aX-Evil:=1"),
        format!("/api/now/table/customer_contact?sysparm_fields={nasty}"),
        format!("/api/now/table/{nasty}"),
        format!("/api/now/{nasty}"),
        format!("{CONTACTS}?sysparm_limit={nasty}"),
        format!("{CONTACTS}?sysparm_limit=1&x={nasty}"),
    ] {
        let response = get(&api, &target);
        assert!(response.headers().get("x-evil").is_none(), "{target}");
        for (name, value) in response.headers() {
            assert!(
                value.as_bytes().iter().all(|byte| (0x20..0x7f).contains(byte)),
                "{target} {name}"
            );
            assert!(value.len() < 8_192, "{target} {name}");
        }
    }
}
