//! What a request may cost, and what happens once: faults, pages, fields, bodies, seeds.

use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use encoded_query::api::Faults;
use http::Request;
use http_body_util::Full;
use tower_service::Service;

use super::api_client::{
    CONTACTS, TABLE, anonymous, ask, failure, get, header, id, json, link, people, send, write,
};

/// A server asks whether it may read a body before it does, which must not be a second chance to fail.
#[test]
fn a_request_is_struck_once() {
    let faults = Faults::on_demand(3).with("503:50%".parse().unwrap());
    let mut api = people(0).faults(faults).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut create = || {
        let request = Request::post(CONTACTS).header("content-type", "application/json");
        let request = request.body(Full::new(Bytes::from_static(b"{}"))).unwrap();
        runtime.block_on(api.call(request)).unwrap().status()
    };
    let failed = (0..1_000).filter(|_| create() == 503).count();
    assert!((430..570).contains(&failed), "{failed} of 1,000");
}

/// Our choice: what steers a mock goes on, whatever share of the requests fails.
#[test]
fn faults_leave_the_steering() {
    let faults = Faults::on_demand(3).with("503:100%".parse().unwrap());
    let api = people(1).faults(faults).build().unwrap();
    assert_eq!(get(&api, CONTACTS).status(), 503);
    assert_eq!(get(&api, "/openapi.json").status(), 503);
    for target in ["/__admin/health", "/__admin/requests", "/__admin/export"] {
        assert_eq!(get(&api, target).status(), 200, "{target}");
    }
    assert_eq!(ask(&api, "POST /__admin/reset HTTP/1.1").status(), 200);
}

#[test]
fn from_beyond_the_end_it_is_one_step_back() {
    let api = people(12).build().unwrap();
    let far = get(&api, &format!("{CONTACTS}?sysparm_limit=5&sysparm_offset=1000000"));
    let back = link(&far, "prev").unwrap();
    assert!(back.ends_with("sysparm_offset=10"), "{back}");
    assert_eq!(json(&get(&api, &back))["result"].as_array().unwrap().len(), 2);
}

/// Our choice: a name with dots is one of very many, and each costs something in every record.
#[test]
fn fields_are_limited() {
    let api = people(2).build().unwrap();
    let named = |count: usize| {
        let names: Vec<String> = (0..count).map(|number| format!("no{number}")).collect();
        get(&api, &format!("{TABLE}?sysparm_fields=name,{}", names.join(",")))
    };
    assert_eq!(named(998).status(), 200);
    assert_eq!(named(999).status(), 200);
    assert_eq!(failure(&named(1_000)).1, "Too many fields");
    let again = get(&api, &format!("{TABLE}?sysparm_fields={}", "name,".repeat(2_000)));
    assert_eq!(again.status(), 200);

    let walk = |steps: usize| {
        let field = format!("{}name", "u_lead.".repeat(steps));
        let page = get(&api, &format!("{TABLE}?sysparm_fields={field}"));
        (json(&page)["result"][0].get(&field).is_some(), header(&page, "warning").is_empty())
    };
    assert_eq!((walk(8), walk(9)), ((true, true), (false, false)));
    assert_eq!(walk(5_000), (false, false));
}

/// Of a long array the first record is kept, and nothing of the others.
#[test]
fn long_arrays_take_no_room() {
    let api = people(0).build().unwrap();
    let body = Bytes::from(format!("[{{\"name\":\"first\"}}{}]", ",0".repeat(1_000_000)));
    let memory = allocation_counter::measure(|| {
        assert_eq!(write(&api, "POST", CONTACTS, body.clone()).status(), 201);
    });
    assert!(memory.bytes_max < 2_000_000, "{} bytes", memory.bytes_max);
    let broken = Bytes::from(format!("[{{\"name\":\"first\"}}{}", ",0".repeat(10)));
    assert_eq!(failure(&write(&api, "POST", CONTACTS, broken)).0, 400);
}

/// Whoever sees a column that a seed brought sees the seed's record too.
#[test]
fn seeds_come_whole() {
    let api = people(1).build().unwrap();
    let is_done = AtomicBool::new(false);
    let look = || {
        while !is_done.load(Ordering::SeqCst) {
            let page = get(&api, &format!("{TABLE}?sysparm_limit=1&sysparm_no_count=false"));
            let count: usize = header(&page, "x-total-count").parse().unwrap();
            let page = json(&page);
            let columns = page["result"][0].as_object().unwrap().keys();
            let brought = columns.filter(|name| name.starts_with("u_n")).count();
            assert_eq!(count, 1 + brought, "columns without their records, or more");
        }
    };
    std::thread::scope(|scope| {
        let lookers: Vec<_> = (0..4).map(|_| scope.spawn(look)).collect();
        for number in 2..200 {
            let record = format!(r#"{{"sys_id":"{}","u_n{number}":"x"}}"#, id(number));
            let request = Request::post("/__admin/seed").body(Bytes::from(record)).unwrap();
            assert_eq!(send(&api, request).status(), 200);
        }
        is_done.store(true, Ordering::SeqCst);
        assert!(lookers.into_iter().all(|looker| looker.join().is_ok()), "seen in between");
    });
}

/// Source: the header of the platform's answers; that it says who was let in is our choice.
#[test]
fn who_is_logged_in() {
    let api = super::api::builder().build().unwrap();
    for (answer, says) in [
        (get(&api, CONTACTS), "true"),
        (get(&api, "/api/now/nothing"), "true"),
        (anonymous(&api, &format!("GET {CONTACTS} HTTP/1.1")), "false"),
        (anonymous(&api, "GET /__admin/health HTTP/1.1"), "false"),
        (get(&people(1).build().unwrap(), CONTACTS), "true"),
    ] {
        assert_eq!(header(&answer, "x-is-logged-in"), says, "{}", answer.status());
    }
}
