//! A query means what it means now, however often it was asked before.

use std::time::Duration;

use encoded_query::api::{Account, ContactApi, ROLE};

use super::api_client::{CONTACTS, TABLE, ask, column, create, get, header, json, people, write};

/// The names of the contacts that match, asked twice: the second answer may come from elsewhere.
fn names(api: &ContactApi, query: &str) -> Vec<String> {
    let target = format!("{CONTACTS}?sysparm_limit=100&sysparm_query={query}");
    let [first, second] = [(); 2].map(|()| column(&get(api, &target), "name"));
    assert_eq!(first, second, "{query}");
    first
}

#[test]
fn the_user_is_the_one_who_asks() {
    let api = people(2);
    let api = ["p01", "p02"]
        .into_iter()
        .fold(api, |api, name| api.account(Account::new(name, "secret").with_role(ROLE)));
    let api = api.build().unwrap();
    // `p01:secret` and `p02:secret`.
    for (name, pair) in [("p01", "cDAxOnNlY3JldA=="), ("p02", "cDAyOnNlY3JldA==")].repeat(2) {
        let target = format!("{CONTACTS}?sysparm_query=name=javascript:gs.getUserName()");
        let response = ask(&api, &format!("GET {target} HTTP/1.1\nAuthorization: Basic {pair}"));
        assert_eq!(column(&response, "name"), [name]);
    }
}

#[test]
fn time_goes_on() {
    let api = people(0).build().unwrap();
    // `<=`, as a URL has it.
    let query = "sys_created_on%3C%3Djavascript:gs.nowDateTime()";
    assert!(names(&api, query).is_empty());
    std::thread::sleep(Duration::from_millis(1100));
    create(&api, r#"{"name":"Ann"}"#);
    assert_eq!(names(&api, query), ["Ann"]);
}

#[test]
fn a_seed_may_bring_the_field_that_is_asked_for() {
    let api = people(2).build().unwrap();
    let query = "u_floor=3";
    assert_eq!(names(&api, query), ["p01", "p02"]);
    let body = format!(r#"[{{"sys_id":"{:032x}","name":"Ann","u_floor":"3"}}]"#, 77);
    assert_eq!(write(&api, "POST", "/__admin/seed", body).status(), 200);
    assert_eq!(names(&api, query), ["Ann"]);
    assert_eq!(write(&api, "POST", "/__admin/reset", "").status(), 200);
    assert_eq!(names(&api, query), ["p01", "p02"]);
}

/// Of tables with one and the same query each has its own.
#[test]
fn tables_are_told_apart() {
    let api = people(2).build().unwrap();
    let query = "name=p01^contact=x";
    let target = "/api/now/table/sn_customerservice_social_profile";
    for _ in 0..2 {
        assert_eq!(names(&api, query), ["p01"]);
        // There `contact` is a field, and `name` is none.
        let profiles = get(&api, &format!("{target}?sysparm_query={query}"));
        assert_eq!(json(&profiles)["result"].as_array().unwrap().len(), 0);
        assert_eq!(header(&profiles, "x-query-diagnostics"), "2; unknown-field, not-a-sys-id");
    }
}

#[test]
fn what_is_ignored_is_said_each_time() {
    let api = people(2).build().unwrap();
    for _ in 0..3 {
        let response = get(&api, &format!("{TABLE}?sysparm_query=nmae=p01"));
        let said = header(&response, "x-query-diagnostics");
        assert_eq!(said, "2; unknown-field, everything-ignored");
    }
    let effective = column(&get(&api, "/__admin/requests"), "effective");
    assert_eq!(effective, ["", "", ""]);
}

/// Patterns are compiled anew each time, texts over a length are not looked up: they mean the same.
#[test]
fn large_plans_mean_the_same() {
    let api = people(3).build().unwrap();
    assert_eq!(names(&api, "nameMATCH_RGXp0[12]"), ["p01", "p02"]);
    let long = format!("name=p02{}", "^ORname=nobody".repeat(100));
    assert_eq!(names(&api, &long), ["p02"]);
}
