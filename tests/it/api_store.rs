//! What changes do to the records: the journal, reset, seed, export, the requests seen, and readers
//! beside a writer.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use encoded_query::api::ContactApi;
use encoded_query::journal::{Change, Journal, JournalError};
use http::{Request, Response};
use serde_json::{Value, json as value};

use super::api::builder;
use super::api_client::{
    CONTACTS, TABLE, ask, column, create, failure, get, header, id, json, name, people, send, write,
};

/// Keeps what it is told as lines; fails if asked to; looks at the API while it is told.
#[derive(Clone, Debug, Default)]
struct Notes {
    commits: Arc<Mutex<Vec<Vec<String>>>>,
    fails: Arc<Mutex<Option<JournalError>>>,
    api: Arc<OnceLock<ContactApi>>,
    /// How many contacts a reader sees during each commit.
    seen: Arc<Mutex<Vec<String>>>,
}

impl Journal for Notes {
    fn commit(&self, changes: &[Change<'_>]) -> Result<(), JournalError> {
        if let Some(api) = self.api.get() {
            let look = || header(&get(api, CONTACTS), "x-total-count").to_owned();
            let seen = std::thread::scope(|scope| scope.spawn(look).join().unwrap());
            self.seen.lock().unwrap().push(seen);
        }
        if let Some(error) = self.fails.lock().unwrap().clone() {
            return Err(error);
        }
        let line = |change: &Change<'_>| match change {
            Change::Put { table, sys_id, fields } => {
                let fields: BTreeMap<_, _> = fields.iter().copied().collect();
                assert_eq!(fields["sys_id"], *sys_id);
                assert!(fields.values().all(|text| !text.is_empty()), "{fields:?}");
                let shown = ["name", "city", "contact"]
                    .map(|name| fields.get(name).copied().unwrap_or("-"));
                format!("put {table} {}", shown.join(" "))
            }
            Change::Remove { table, sys_id } => format!("remove {table} {sys_id}"),
            Change::Replace(database) => format!("replace {}", database.tables()[0].len()),
        };
        self.commits.lock().unwrap().push(changes.iter().map(line).collect());
        Ok(())
    }
}

impl Notes {
    fn taken(&self) -> Vec<Vec<String>> {
        std::mem::take(&mut *self.commits.lock().unwrap())
    }
}

fn with_notes() -> (ContactApi, Notes) {
    let notes = Notes::default();
    let api = people(3).journal(notes.clone()).build().unwrap();
    notes.api.set(api.clone()).unwrap();
    (api, notes)
}

/// A commit holds whole records, and all that one request changes.
#[test]
fn the_journal_is_told_of_each_change() {
    let (api, notes) = with_notes();
    let made = create(&api, r#"{"name":"a","city":"x","social_handle":"@a"}"#);
    let profiles = "put sn_customerservice_social_profile - -";
    assert_eq!(
        notes.taken(),
        [["put customer_contact a x -".to_owned(), format!("{profiles} {made}")]]
    );
    let one = format!("{TABLE}/{made}");
    write(&api, "PATCH", &one, r#"{"city":"y"}"#);
    write(&api, "PUT", &one, r#"{"city":null}"#);
    assert_eq!(notes.taken(), [["put customer_contact a y -"], ["put customer_contact a - -"]]);
    ask(&api, &format!("DELETE {one} HTTP/1.1"));
    assert_eq!(notes.taken(), [[format!("remove customer_contact {made}")]]);
    let seeds =
        format!("[{{\"sys_id\":\"{}\",\"name\":\"s\"}},{{\"sys_id\":\"{}\"}}]", id(8), id(9));
    assert_eq!(write(&api, "POST", "/__admin/seed", seeds).status(), 200);
    assert_eq!(notes.taken(), [["put customer_contact s - -", "put customer_contact - - -"]]);
    ask(&api, "POST /__admin/reset HTTP/1.1");
    assert_eq!(notes.taken(), [["replace 3"]]);
    // What is refused, or changes nothing, is none of its business.
    write(&api, "POST", CONTACTS, "{");
    write(&api, "PATCH", &format!("{TABLE}/{}", id(1)), r#"{"nothing":1}"#);
    ask(&api, &format!("DELETE {one} HTTP/1.1"));
    get(&api, CONTACTS);
    assert_eq!(notes.taken().concat(), [""; 0]);
}

/// Nobody sees a change that is not kept yet; readers go on meanwhile.
#[test]
fn a_change_is_kept_before_it_is_seen() {
    let (api, notes) = with_notes();
    create(&api, "{}");
    create(&api, "{}");
    ask(&api, &format!("DELETE {TABLE}/{} HTTP/1.1", id(1)));
    write(&api, "POST", "/__admin/seed", format!("[{{\"sys_id\":\"{}\"}}]", id(9)));
    ask(&api, "POST /__admin/reset HTTP/1.1");
    assert_eq!(*notes.seen.lock().unwrap(), ["3", "4", "5", "4", "5"]);
    assert_eq!(header(&get(&api, CONTACTS), "x-total-count"), "3");
}

#[test]
fn a_change_that_is_not_kept_is_not_made() {
    for (error, status, detail) in [
        (JournalError::Full, 507, "there is no room left to keep the change"),
        (JournalError::Io("disk on fire".into()), 503, "the change cannot be kept: disk on fire"),
    ] {
        let (api, notes) = with_notes();
        let made = create(&api, r#"{"name":"a"}"#);
        let before = get(&api, TABLE);
        *notes.fails.lock().unwrap() = Some(error);
        let one = format!("{TABLE}/{made}");
        let seeds = format!("[{{\"sys_id\":\"{}\",\"u_new\":\"x\"}}]", id(9));
        for (method, target, body) in [
            ("POST", CONTACTS, r#"{"name":"b","social_handle":"@b"}"#),
            ("POST", TABLE, r#"{"name":"b"}"#),
            ("PATCH", &one, r#"{"name":"b"}"#),
            ("PUT", &one, r#"{"name":"b"}"#),
            ("DELETE", &one, ""),
            ("POST", "/__admin/seed", &seeds),
            ("POST", "/__admin/reset", ""),
        ] {
            let response = write(&api, method, target, body.to_owned());
            let expected = (status, "Change was not stored".to_owned(), detail.to_owned());
            assert_eq!(failure(&response), expected, "{method} {target}");
            assert_eq!(get(&api, TABLE).body(), before.body(), "{method} {target}");
        }
        let profiles = get(&api, "/api/now/table/sn_customerservice_social_profile");
        assert_eq!(header(&profiles, "x-total-count"), "0");
        *notes.fails.lock().unwrap() = None;
        create(&api, r#"{"name":"c"}"#);
        assert_eq!(column(&get(&api, CONTACTS), "name"), ["p01", "p02", "p03", "a", "c"]);
    }
}

#[test]
fn reset_gives_back_the_first_records() {
    let api = people(3).build().unwrap();
    let reset =
        || json(&ask(&api, "POST /__admin/reset HTTP/1.1"))["records"]["customer_contact"].clone();
    assert_eq!(reset(), 3);
    for _ in 0..2 {
        create(&api, r#"{"social_handle":"x"}"#);
        write(&api, "PATCH", &format!("{TABLE}/{}", id(1)), r#"{"name":"x"}"#);
        ask(&api, &format!("DELETE {TABLE}/{} HTTP/1.1", id(2)));
        write(
            &api,
            "POST",
            "/__admin/seed",
            format!("[{{\"sys_id\":\"{}\",\"u_new\":\"x\"}}]", id(9)),
        );
        assert_eq!(column(&get(&api, CONTACTS), "name"), ["x", "p03", "", ""]);
        assert_eq!(reset(), 3);
        let page = get(&api, CONTACTS);
        assert_eq!(column(&page, "name"), ["p01", "p02", "p03"]);
        assert!(!String::from_utf8_lossy(page.body()).contains("u_new"));
        let profiles = get(&api, "/api/now/table/sn_customerservice_social_profile");
        assert_eq!(header(&profiles, "x-total-count"), "0");
    }
}

fn seed(api: &ContactApi, target: &str, body: &str) -> Response<bytes::Bytes> {
    let request = Request::post(target).header("content-type", "text/plain");
    send(api, request.body(body.to_owned().into()).unwrap())
}

/// The layouts are those of `encq query`; the counts come back. Our choice.
#[test]
fn seeds_are_added() {
    let api = people(1).build().unwrap();
    let record = |number: usize| {
        format!("{{\"sys_id\":\"{}\",\"name\":\"s{number}\",\"u_new\":\"n{number}\"}}", id(number))
    };
    let answer = seed(&api, "/__admin/seed", &format!("[{},{}]", record(2), record(3)));
    assert_eq!(json(&answer)["records"]["customer_contact"], 3);
    seed(&api, "/__admin/seed", &format!("{}\n{}\n", record(4), record(5)));
    seed(&api, "/__admin/seed?table=customer_contact", &format!("{{\"result\":[{}]}}", record(6)));
    let page = get(&api, CONTACTS);
    assert_eq!(column(&page, "name"), ["p01", "s2", "s3", "s4", "s5", "s6"]);
    assert_eq!(column(&page, "u_new"), ["", "n2", "n3", "n4", "n5", "n6"]);
    let asked = get(&api, &format!("{CONTACTS}?sysparm_query=u_new=n4"));
    assert_eq!(column(&asked, "name"), ["s4"]);
    create(&api, r#"{"u_new":"mine"}"#);
    assert_eq!(column(&get(&api, CONTACTS), "u_new")[6], "mine");
    // Nothing of what holds one taken or missing sys_id, or does not read, is added; nor its columns.
    let before = get(&api, TABLE);
    let taken = record(4).replace("u_new", "u_newer");
    let missing = r#"{"name":"x","u_newer":"x"}"#;
    for body in [
        format!("[{},{taken}]", record(7)),
        format!(
            "[{},{}]",
            record(7),
            record(7).to_uppercase().replace("SYS_ID", "sys_id").replace("NAME", "name")
        ),
        format!("[{},{missing}]", record(7)),
        format!("{}\n{{\"sys_id\":", record(7)),
        String::new(),
        "nothing".into(),
    ] {
        assert_eq!(failure(&seed(&api, "/__admin/seed", &body)).0, 400, "{body}");
        assert_eq!(get(&api, TABLE).body(), before.body(), "{body}");
    }
    assert_eq!(json(&seed(&api, "/__admin/seed", "[]"))["records"]["customer_contact"], 7);
    let unknown = failure(&seed(&api, "/__admin/seed?table=nothing", "[]"));
    assert_eq!((unknown.0, &*unknown.1), (400, "Invalid table nothing"));
}

#[cfg(feature = "csv")]
#[test]
fn seeds_may_be_csv() {
    let api = people(0).build().unwrap();
    let answer = seed(&api, "/__admin/seed", &format!("sys_id,name,u_new\n{},\"a,b\",x\n", id(1)));
    assert_eq!(json(&answer)["records"]["customer_contact"], 1);
    assert_eq!(column(&get(&api, CONTACTS), "name"), ["a,b"]);
}

/// An export reads as data again: as seeds of another server.
#[test]
fn an_export_is_a_seed() {
    let api = people(3).build().unwrap();
    create(&api, r#"{"name":"a \"b\"\n","social_handle":"@a"}"#);
    let other = people(0).build().unwrap();
    for table in ["customer_contact", "sn_customerservice_social_profile"] {
        let exported = get(&api, &format!("/__admin/export?table={table}"));
        assert_eq!(header(&exported, "content-type"), "application/json;charset=UTF-8");
        let text = String::from_utf8(exported.body().to_vec()).unwrap();
        assert_eq!(seed(&other, &format!("/__admin/seed?table={table}"), &text).status(), 200);
    }
    let all = |api: &ContactApi| json(&get(api, "/__admin/export"));
    assert_eq!(all(&other), all(&api));
    assert_eq!(all(&api)["customer_contact"].as_array().unwrap().len(), 4);
    assert_eq!(failure(&get(&api, "/__admin/export?table=nothing")).0, 400);
    assert_eq!(failure(&get(&api, "/__admin/export?table=a&table=b")).0, 400);
}

/// Source: our choice: `/__admin/requests`: what was asked, and what was made of it.
#[test]
fn requests_are_remembered() {
    let api = builder().build().unwrap();
    let page = get(&api, &format!("{CONTACTS}?sysparm_query=name=George+Warren%5Enosuch=1"));
    write(&api, "POST", CONTACTS, "{");
    super::api_client::anonymous(&api, "GET /api/now/contact HTTP/1.1");
    get(&api, "/__admin/export");
    let mut seen = json(&get(&api, "/__admin/requests"));
    let seen: Vec<Value> = std::mem::take(seen["result"].as_array_mut().unwrap());
    assert_eq!(seen.len(), 3, "{seen:?}");
    for (number, field, expected) in [
        (0, "method", value!("GET")),
        (0, "target", value!(format!("{CONTACTS}?sysparm_query=name=George+Warren%5Enosuch=1"))),
        (0, "status", value!(200)),
        (0, "user", value!("admin")),
        (0, "transaction", value!(header(&page, "x-transaction-id"))),
        (0, "query", value!("name=George Warren^nosuch=1")),
        (0, "effective", value!("name=George Warren")),
        (1, "method", value!("POST")),
        (1, "status", value!(400)),
        (1, "query", Value::Null),
        (2, "status", value!(401)),
        (2, "user", Value::Null),
    ] {
        assert_eq!(seen[number][field], expected, "{number} {field}");
    }
    let diagnostics = seen[0]["diagnostics"].as_array().unwrap();
    assert_eq!((diagnostics.len(), &diagnostics[0]["code"]), (1, &value!("unknown-field")));
    assert_eq!(diagnostics[0]["span"], value!([19, 25]));
    assert!(seen[0]["micros"].is_u64());
    assert_eq!(ask(&api, "DELETE /__admin/requests HTTP/1.1").status(), 204);
    assert_eq!(json(&get(&api, "/__admin/requests")), value!({"result": []}));
    for _ in 0..510 {
        get(&api, "/api/now/contact/x");
    }
    assert_eq!(json(&get(&api, "/__admin/requests"))["result"].as_array().unwrap().len(), 500);
}

/// Two fields that always change together are never seen apart, and pages are of one moment.
#[test]
fn readers_see_no_half_change() {
    let api = people(50).build().unwrap();
    let is_done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = || {
            let mut pages = 0;
            while !is_done.load(Ordering::Relaxed) || pages == 0 {
                let page =
                    get(&api, &format!("{CONTACTS}?sysparm_limit=500&sysparm_query=ORDERBYcity"));
                let [city, state] = ["city", "state"].map(|field| column(&page, field));
                assert_eq!(city, state);
                assert!(city.is_sorted(), "{city:?}");
                assert_eq!(header(&page, "x-total-count"), city.len().to_string());
                let one = json(&get(&api, &format!("{CONTACTS}/{}", id(7))));
                assert_eq!(one["result"]["city"], one["result"]["state"]);
                pages += 1;
            }
        };
        let readers: Vec<_> = (0..4).map(|_| scope.spawn(reader)).collect();
        for turn in 0..300 {
            let body = format!("{{\"city\":\"c{turn}\",\"state\":\"c{turn}\"}}");
            let one = format!("{TABLE}/{}", id(turn % 50 + 1));
            assert_eq!(write(&api, "PATCH", &one, body.clone()).status(), 200);
            let made = create(&api, &body);
            if turn % 3 == 0 {
                assert_eq!(ask(&api, &format!("DELETE {TABLE}/{made} HTTP/1.1")).status(), 204);
            }
        }
        is_done.store(true, Ordering::Relaxed);
        for reader in readers {
            reader.join().unwrap();
        }
    });
    assert_eq!(header(&get(&api, CONTACTS), "x-total-count"), (50 + 200).to_string());
    assert_eq!(column(&get(&api, &format!("{CONTACTS}?sysparm_limit=1")), "name"), [name(1)]);
}
