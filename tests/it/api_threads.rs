//! What several clients see at the same time: what one was told of holds for all from then on.

use encoded_query::api::ContactApi;

use super::api_client::{
    CONTACTS, TABLE, ask, column, create, failure, get, header, id, json, people, write,
};

/// Does it on a thread of its own, and comes back when it is done.
fn elsewhere<T: Send>(act: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(act).join().unwrap())
}

fn total(api: &ContactApi) -> String {
    header(&get(api, &format!("{CONTACTS}?sysparm_limit=1")), "x-total-count").to_owned()
}

/// Who was told that a contact is made finds it at once, whoever else makes some.
#[test]
fn a_new_contact_is_found_by_the_one_who_made_it() {
    let api = people(1).build().unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let api = &api;
            scope.spawn(move || {
                for number in 0..100 {
                    let made = create(api, &format!(r#"{{"name":"t{thread} {number}"}}"#));
                    if number % 3 == 0 {
                        let found = json(&get(api, &format!("{CONTACTS}/{made}")));
                        assert_eq!(found["result"]["name"], format!("t{thread} {number}"));
                    }
                }
            });
        }
    });
    assert_eq!(total(&api), (1 + 400).to_string());
}

/// Records come back in the order in which their creation was answered, which thread answered it or not;
/// 130 are more than wait together.
#[test]
fn new_contacts_keep_their_order() {
    let api = people(0).build().unwrap();
    let names: Vec<String> = (0..130).map(|number| format!("n{number}")).collect();
    for name in &names {
        elsewhere(|| create(&api, &format!(r#"{{"name":"{name}"}}"#)));
    }
    assert_eq!(column(&get(&api, &format!("{CONTACTS}?sysparm_limit=200")), "name"), names);
}

/// Whatever asks next counts new contacts in.
#[test]
fn every_request_knows_new_contacts() {
    let api = people(1).build().unwrap();
    let new = |name: &str| elsewhere(|| create(&api, &format!(r#"{{"name":"{name}"}}"#)));
    let changed = format!("{TABLE}/{}", new("changed"));
    assert_eq!(write(&api, "PATCH", &changed, r#"{"city":"Oslo"}"#).status(), 200);
    let gone = format!("{TABLE}/{}", new("gone"));
    assert_eq!(ask(&api, &format!("DELETE {gone} HTTP/1.1")).status(), 204);
    new("exported");
    let exported = json(&get(&api, "/__admin/export"));
    assert_eq!(exported["customer_contact"].as_array().unwrap().len(), 3);
    new("counted");
    assert!(api.tables().contains(&("customer_contact".to_owned(), 4)));
    let seeded = new("before a seed");
    let seed = format!(r#"[{{"sys_id":"{}","name":"seeded"}}]"#, id(77));
    assert_eq!(write(&api, "POST", "/__admin/seed", seed).status(), 200);
    let taken = format!(r#"[{{"sys_id":"{seeded}","name":"twice"}}]"#);
    assert_eq!(failure(&write(&api, "POST", "/__admin/seed", taken)).0, 400);
    let names = column(&get(&api, CONTACTS), "name");
    assert_eq!(names, ["p01", "changed", "exported", "counted", "before a seed", "seeded"]);
    new("forgotten");
    assert_eq!(write(&api, "POST", "/__admin/reset", "").status(), 200);
    assert_eq!(column(&get(&api, CONTACTS), "name"), ["p01"]);
}

const PROFILES: &str = "sn_customerservice_social_profile";

/// A sys_id that a seed draws and a record has is drawn over, for a contact and for its profile.
#[test]
fn a_sys_id_that_is_taken_is_drawn_again() {
    let body = r#"{"name":"Ann","social_handle":"ann"}"#;
    let profiles =
        |api: &ContactApi| column(&get(api, &format!("/api/now/table/{PROFILES}")), "sys_id");
    let api = people(0).build().unwrap();
    let contact = create(&api, body);
    let [profile] = profiles(&api).try_into().unwrap();
    for (table, drawn) in [("customer_contact", contact), (PROFILES, profile)] {
        let api = people(0).build().unwrap();
        let seed = format!(r#"[{{"sys_id":"{drawn}"}}]"#);
        let target = format!("/__admin/seed?table={table}");
        assert_eq!(write(&api, "POST", &target, seed).status(), 200);
        let made = create(&api, body);
        let contacts = column(&get(&api, CONTACTS), "sys_id");
        let all = [contacts.clone(), profiles(&api)].concat();
        assert_eq!((all.len(), contacts.last()), (3, Some(&made)), "{table}");
        assert_eq!(all.iter().filter(|id| **id == drawn).count(), 1, "{table}");
    }
}

/// After a restart a seed gives ids again, however many there are.
#[test]
fn ids_of_a_seed_are_passed_over() {
    let first = people(0).build().unwrap();
    let made: Vec<String> = (0..200).map(|_| create(&first, "{}")).collect();
    let second = people(0).build().unwrap();
    let seed: Vec<String> = made.iter().map(|id| format!(r#"{{"sys_id":"{id}"}}"#)).collect();
    assert_eq!(
        write(&second, "POST", "/__admin/seed", format!("[{}]", seed.join(","))).status(),
        200
    );
    assert!(!made.contains(&create(&second, "{}")));
    assert_eq!(total(&second), "201");
}

/// The last 500 requests of all threads in the order they were answered.
#[test]
fn requests_of_all_threads_are_remembered() {
    let api = people(0).build().unwrap();
    for number in 0..600 {
        let target = format!("{CONTACTS}/{number}");
        if number % 2 == 0 {
            elsewhere(|| get(&api, &target));
        } else {
            get(&api, &target);
        }
    }
    let targets = column(&get(&api, "/__admin/requests"), "target");
    let last: Vec<String> = (100..600).map(|number| format!("{CONTACTS}/{number}")).collect();
    assert_eq!(targets, last);
    assert_eq!(ask(&api, "DELETE /__admin/requests HTTP/1.1").status(), 204);
    assert_eq!(json(&get(&api, "/__admin/requests"))["result"], serde_json::json!([]));
}
