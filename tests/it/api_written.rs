//! A record is shown as it is now, however often it was shown before.

use encoded_query::api::ContactApi;

use super::api::builder;
use super::api_client::{CONTACTS, TABLE, ask, create, get, json, write};

/// A contact and its list in both formats, as texts.
fn shown(api: &ContactApi, id: &str) -> [String; 4] {
    let list = format!("{CONTACTS}?sysparm_query=sys_id={id}");
    [format!("{CONTACTS}/{id}"), list]
        .into_iter()
        .flat_map(|target| {
            ["application/json", "application/xml"].map(|kind| (target.clone(), kind))
        })
        .map(|(target, accept)| {
            let answer = ask(api, &format!("GET {target} HTTP/1.1\nAccept: {accept}"));
            String::from_utf8(answer.body().to_vec()).unwrap()
        })
        .collect::<Vec<_>>()
        .try_into()
        .unwrap()
}

/// All four ways show the text, or none does.
fn shows(api: &ContactApi, id: &str, text: &str) -> bool {
    let with = shown(api, id).iter().filter(|shown| shown.contains(text)).count();
    assert!(with == 0 || with == 4, "{text} is shown in {with} of 4 ways");
    with == 4
}

#[test]
fn a_changed_record_is_shown_as_it_is() {
    let api = builder().build().unwrap();
    let id = create(&api, r#"{"city":"Orlando"}"#);
    for city in ["Oslo", "Lima", "Rome"] {
        assert!(!shows(&api, &id, city));
        // Asked again, as what is shown once more may come from elsewhere.
        assert!(!shows(&api, &id, city));
        let body = format!(r#"{{"city":"{city}"}}"#);
        assert_eq!(write(&api, "PATCH", &format!("{TABLE}/{id}"), body).status(), 200);
        assert!(shows(&api, &id, city));
        assert!(shows(&api, &id, city));
    }
}

#[test]
fn a_removed_record_is_shown_no_more() {
    let api = builder().build().unwrap();
    let id = create(&api, r#"{"city":"Orlando"}"#);
    assert!(shows(&api, &id, &id));
    assert_eq!(write(&api, "DELETE", &format!("{TABLE}/{id}"), "").status(), 204);
    assert_eq!(get(&api, &format!("{CONTACTS}/{id}")).status(), 404);
    // Another one in its place, as far as there is one.
    let other = create(&api, r#"{"city":"Oslo"}"#);
    assert!(shows(&api, &other, "Oslo"));
    assert!(!shows(&api, &other, "Orlando"));
}

#[test]
fn records_that_move_up_are_shown_as_themselves() {
    let api = builder().build().unwrap();
    let ids: Vec<String> = (0..1600).map(|_| create(&api, "{}")).collect();
    let check = |id: &String| {
        assert_eq!(json(&get(&api, &format!("{CONTACTS}/{id}")))["result"]["sys_id"], **id);
    };
    ids.iter().for_each(check);
    // So many that those left take their rows: more than half, and over a thousand.
    for (number, id) in ids.iter().enumerate().filter(|(number, _)| number % 10 > 0) {
        assert_eq!(write(&api, "DELETE", &format!("{TABLE}/{id}"), "").status(), 204, "{number}");
    }
    ids.iter().step_by(10).for_each(check);
}

#[test]
fn a_reset_shows_what_was_first() {
    let api = builder().build().unwrap();
    let id = json(&get(&api, CONTACTS))["result"][0]["sys_id"].as_str().unwrap().to_owned();
    let before = shown(&api, &id);
    write(&api, "PATCH", &format!("{TABLE}/{id}"), r#"{"city":"Reykjavik"}"#);
    assert!(shows(&api, &id, "Reykjavik"));
    assert_eq!(write(&api, "POST", "/__admin/reset", "").status(), 200);
    assert_eq!(shown(&api, &id), before);
}

/// A seed may bring columns: records shown before get them too.
#[test]
fn a_seed_shows_its_columns_in_records_shown_before() {
    let api = builder().build().unwrap();
    let id = create(&api, "{}");
    assert!(!shows(&api, &id, "u_floor"));
    let body = r#"[{"sys_id":"00000000000000000000000000000001","u_floor":"3"}]"#;
    assert_eq!(write(&api, "POST", "/__admin/seed", body).status(), 200);
    assert!(shows(&api, &id, "u_floor"));
}

/// Texts too long to be kept are shown all the same.
#[test]
fn a_long_record_is_shown_whole() {
    let api = builder().build().unwrap();
    let long = "x".repeat(20_000);
    let id = create(&api, &format!(r#"{{"city":"{long}"}}"#));
    assert!(shows(&api, &id, &long));
    assert!(shows(&api, &id, &long));
}
