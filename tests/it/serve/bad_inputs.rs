//! The bad inputs over HTTP that a project next to this one collects.

#![expect(clippy::print_stdout, reason = "a test may be plain and tell what it leaves out")]

use std::collections::BTreeSet;
use std::io::{ErrorKind, Read, Write};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{ADMIN, AUTHORIZATION, Answer, Serving};
use crate::cli::Temporary;

/// Cases that are a story of their own, told by the tests below.
const STORIES: [&str; 3] = ["bad-s-http-25", "bad-s-http-26", "bad-s-http-27"];

fn cases() -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/bad_inputs.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("no collection of bad inputs beside the project");
        return Vec::new();
    };
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    cases.into_iter().filter(|case| case["surface"] == "http").collect()
}

#[test]
fn each_is_answered_as_expected() {
    let closed = Serving::start(&ADMIN);
    let open = Serving::start(&[]);
    let mut told = BTreeSet::new();
    for case in cases() {
        let id = case["id"].as_str().unwrap();
        told.insert(id.to_owned());
        if STORIES.contains(&id) {
            continue;
        }
        let answer = match case["input"]["raw"].as_str() {
            Some(raw) => raw_answer(&open, raw, case["input"]["then"] == "close"),
            None => plain_answer(&closed, &case["input"]),
        };
        match answer {
            Some(answer) => check(id, &case["expect"], &answer),
            None => assert_eq!(case["expect"]["or_closed"], true, "{id}: no answer"),
        }
    }
    for server in [&open, &closed] {
        let list = server.get("/api/now/contact");
        let count = list.header("x-total-count").unwrap();
        // One of the cases may create a contact.
        assert!(["200", "201"].contains(&count), "{count}");
        let forged = server.get("/api/now/contact?sysparm_query=first_name=Eve").json();
        for eve in forged["result"].as_array().unwrap() {
            assert_eq!(eve["sys_mod_count"], "0");
            assert_eq!(eve["sys_class_name"], "customer_contact");
        }
    }
    let left: Vec<&&str> = STORIES.iter().filter(|story| !told.contains(**story)).collect();
    assert!(told.is_empty() || left.is_empty(), "not in the collection: {left:?}");
}

fn raw_answer(server: &Serving, raw: &str, then_close: bool) -> Option<Answer> {
    let mut stream = server.connect();
    stream.write_all(raw.as_bytes()).unwrap();
    if then_close {
        stream.shutdown(std::net::Shutdown::Write).unwrap();
    }
    Answer::read(&mut stream)
}

fn plain_answer(server: &Serving, input: &Value) -> Option<Answer> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let pair = |header: &Value| format!("{}: {}", text(&header[0]), text(&header[1]));
    let mut headers: Vec<String> =
        input["headers"].as_array().into_iter().flatten().map(pair).collect();
    if input["auth"] != "none" {
        headers.push(AUTHORIZATION.to_owned());
    }
    let repeat = &input["headers_repeat"];
    for number in 0..repeat["count"].as_u64().unwrap_or(0) {
        headers.push(format!(
            "{}{number}: {}",
            text(&repeat["name_prefix"]),
            text(&repeat["value"])
        ));
    }
    let body = match &input["body"]["repeat"] {
        Value::Object(parts) => {
            let count = usize::try_from(parts["count"].as_u64().unwrap()).unwrap();
            let middle = text(&parts["unit"]).repeat(count);
            format!("{}{middle}{}", text(&parts["prefix"]), text(&parts["suffix"]))
        }
        _ => text(&input["body"]),
    };
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    let line = format!("{} {}", text(&input["method"]), text(&input["target"]));
    server.try_ask(&line, &headers, body.as_bytes())
}

fn check(id: &str, expect: &Value, answer: &Answer) {
    let statuses: Vec<u64> =
        expect["status"].as_array().unwrap().iter().filter_map(Value::as_u64).collect();
    assert!(statuses.contains(&u64::from(answer.status)), "{id}: {answer:?}");
    let wanted = expect["body"].as_str().unwrap_or_default();
    if answer.status >= 400 && wanted.contains("JSON error object") {
        let body = answer.json();
        assert!(body["error"]["message"].is_string(), "{id}: {body}");
        assert!(body["error"]["detail"].is_string(), "{id}: {body}");
        assert_eq!(body["status"], "failure", "{id}");
    }
    match id {
        "bad-s-http-06" => assert!(answer.header("warning").unwrap().contains("sysparam_query")),
        "bad-s-http-10" => {
            assert_eq!(answer.json()["result"].as_array().unwrap().len(), 1);
            assert_eq!(answer.json()["result"][0]["phone"], "+16692627777");
        }
        "bad-s-http-14" => assert_eq!(answer.header("allow"), Some("GET, HEAD")),
        "bad-s-http-18" => assert!(String::from_utf8_lossy(&answer.body).contains("active")),
        "bad-s-http-22" => assert!(answer.header("www-authenticate").is_some()),
        _ => {}
    }
}

/// 25: bodies that come a byte at a time are given up, and hold up nobody else.
#[test]
fn slow_bodies() {
    let server = Serving::start(&[]);
    let head = "POST /api/now/contact HTTP/1.1\r\nHost: localhost\r\n\
        Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{";
    let mut slow: Vec<_> = (0..200).map(|_| server.connect()).collect();
    let start = Instant::now();
    for stream in &mut slow {
        stream.write_all(head.as_bytes()).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    }
    let mut statuses = Vec::new();
    while !slow.is_empty() {
        assert!(start.elapsed() < Duration::from_secs(65), "{} are still open", slow.len());
        assert_eq!(server.get("/api/now/contact?sysparm_limit=1").status, 200);
        slow.retain_mut(|stream| {
            let mut first = [0; 12];
            match stream.read(&mut first) {
                Err(error)
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
                {
                    true
                }
                Ok(12) => {
                    statuses.push(first);
                    false
                }
                _ => false,
            }
        });
        for stream in &mut slow {
            let _ = stream.write_all(b" ");
        }
    }
    assert!(statuses.iter().all(|status| status == b"HTTP/1.1 408"), "{statuses:?}");
    assert_eq!(server.get("/api/now/contact").header("x-total-count"), Some("200"));
}

/// 26: what XML cannot hold is replaced.
#[test]
fn characters_that_xml_forbids() {
    let data = Temporary::new(
        "serve-odd.json",
        "[{\"sys_id\":\"00000000000000000000000000000001\",\"name\":\"a\\u0001b\u{fffe}c\"}]"
            .as_bytes(),
    );
    let server = Serving::start(&[data.path()]);
    let target = "GET /api/now/contact/00000000000000000000000000000001";
    let answer = server.ask(target, &["Accept: application/xml"], b"");
    let text = String::from_utf8(answer.body).unwrap();
    assert!(answer.status == 200 && text.contains("<name>a\u{fffd}b\u{fffd}c</name>"), "{text}");
}

/// 27: all that was there is seen once, while more comes.
#[test]
fn pages_while_others_create() {
    let server = Serving::start(&[]);
    let known: BTreeSet<String> =
        ids(&server.get("/api/now/contact?sysparm_limit=10000").json()).into_iter().collect();
    assert_eq!(known.len(), 200);
    let mut seen = Vec::new();
    std::thread::scope(|scope| {
        let server = &server;
        scope.spawn(move || {
            for number in 0..200 {
                let body = format!(r#"{{"name":"new {number}"}}"#);
                assert_eq!(server.create(&body).unwrap().status, 201);
            }
        });
        for offset in (0..).step_by(7) {
            let target =
                "/api/now/contact?sysparm_query=ORDERBYactive&sysparm_limit=7&sysparm_offset=";
            let page = server.get(&format!("{target}{offset}")).json();
            seen.extend(ids(&page));
            if page["hasMore"] == false {
                break;
            }
        }
    });
    let again: Vec<&String> = seen.iter().filter(|id| known.contains(*id)).collect();
    assert_eq!(again.len(), known.len(), "each once");
    assert_eq!(again.into_iter().collect::<BTreeSet<_>>().len(), known.len(), "and all");
}

fn ids(page: &Value) -> Vec<String> {
    let records = page["result"].as_array().unwrap().iter();
    records.map(|record| record["sys_id"].as_str().unwrap().to_owned()).collect()
}
