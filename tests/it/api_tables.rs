//! What the Table API shows: fields, display values, links to references.

use encoded_query::api::{ContactApi, SOCIAL_PROFILES};
use encoded_query::schema::Readable;
use encoded_query::{Database, Field, FieldType, Queryable, Schema, Table};
use serde_json::{Value, json as value};

use super::api::{builder, request};
use super::api_client::{ADMIN, TABLE, ask, create, failure, get, header, id, json, people, write};

const GEORGE: &str = "ddce70866f9331003b3c498f5d3ee417";
const ACCOUNT: &str = "86837a386f0331003b3c498f5d3ee4ca";

fn shown(target: &str) -> Value {
    let api = builder().build().unwrap();
    let mut whole = json(&get(&api, target));
    whole["result"].take()
}

/// Source: Table API, `sysparm_display_value` and `sysparm_exclude_reference_link`. The account is loaded,
/// the location is not; times are shown in the zone of the server, Berlin.
#[test]
fn values_as_they_are_asked_for() {
    let link = |table: &str, id: &str| format!("http://mock.example/api/now/table/{table}/{id}");
    let (account, location) = (
        link("customer_account", ACCOUNT),
        link("cmn_location", "25ab8e460a0a0bb300857304ff811af5"),
    );
    let place = "25ab8e460a0a0bb300857304ff811af5";
    let (stored, here) = ("2018-03-04 20:26:32", "2018-03-04 21:26:32");
    for (asked, expected) in [
        (
            "",
            value!({
                "account": {"link": account, "value": ACCOUNT},
                "location": {"link": location, "value": place},
                "manager": "", "notification": "2", "active": "true", "sys_created_on": stored,
            }),
        ),
        (
            "&sysparm_display_value=false&sysparm_exclude_reference_link=TRUE",
            value!({
                "account": ACCOUNT, "location": place,
                "manager": "", "notification": "2", "active": "true", "sys_created_on": stored,
            }),
        ),
        (
            "&sysparm_display_value=true",
            value!({
                "account": {"display_value": "Boxeo", "link": account},
                "location": {"display_value": place, "link": location},
                "manager": "", "notification": "Email", "active": "true", "sys_created_on": here,
            }),
        ),
        (
            "&SYSPARM_DISPLAY_VALUE=True&sysparm_exclude_reference_link=true",
            value!({
                "account": "Boxeo", "location": place,
                "manager": "", "notification": "Email", "active": "true", "sys_created_on": here,
            }),
        ),
        (
            "&sysparm_display_value=all",
            value!({
                "account": {"display_value": "Boxeo", "link": account, "value": ACCOUNT},
                "location": {"display_value": place, "link": location, "value": place},
                "manager": {"display_value": "", "value": ""},
                "notification": {"display_value": "Email", "value": "2"},
                "active": {"display_value": "true", "value": "true"},
                "sys_created_on": {"display_value": here, "value": stored},
            }),
        ),
    ] {
        let fields = "sysparm_fields=account,location,manager,notification,active,sys_created_on";
        let mut expected = expected;
        let mut found = shown(&format!("{TABLE}/{GEORGE}?{fields}{asked}"));
        // The words of the page's choices are tested elsewhere.
        if !asked.is_empty() && !asked.contains("false") {
            let word = found["notification"].take();
            assert_ne!(word.get("display_value").unwrap_or(&word), "2");
            expected["notification"] = Value::Null;
        }
        assert_eq!(found, expected, "{asked}");
    }
}

/// Source: Table API, `sysparm_fields`: in the order asked for, dots follow references.
#[test]
fn fields_as_they_are_asked_for() {
    for (fields, expected) in [
        ("name,sys_id", format!(r#"{{"name":"George Warren","sys_id":"{GEORGE}"}}"#)),
        ("sys_id,%20name%20,,name,", format!(r#"{{"sys_id":"{GEORGE}","name":"George Warren"}}"#)),
        ("name,account.name", r#"{"name":"George Warren","account.name":"Boxeo"}"#.into()),
        ("manager.name,name", r#"{"name":"George Warren"}"#.into()),
        ("nosuch,name", r#"{"name":"George Warren"}"#.into()),
        ("NAME", "{}".into()),
        ("name.x,account.nosuch,nosuch.name,account.,.name,.", "{}".into()),
    ] {
        let api = builder().build().unwrap();
        let target =
            format!("{TABLE}/{GEORGE}?sysparm_fields={fields}&sysparm_exclude_reference_link=true");
        let answer = get(&api, &target);
        assert_eq!(answer.body(), &format!("{{\"result\":{expected}}}"), "{fields}");
        let is_warned = !header(&answer, "warning").is_empty();
        assert_eq!(
            is_warned,
            ["nosuch", "NAME", "manager."].iter().any(|of| fields.contains(of)),
            "{fields}"
        );
    }
    assert_eq!(shown(&format!("{TABLE}/{GEORGE}?sysparm_fields=")).as_object().unwrap().len(), 65);
    assert_eq!(shown(&format!("{TABLE}/{GEORGE}?sysparm_fields=,")).as_object().unwrap().len(), 65);
    // As many steps as a query may have.
    let steps = |count: usize| {
        let api = people(1).build().unwrap();
        let target = format!("{TABLE}/{}?sysparm_fields={}name", id(1), "u_lead.".repeat(count));
        json(&get(&api, &target))["result"].as_object().unwrap().len()
    };
    assert_eq!((steps(8), steps(9), steps(3_000)), (1, 0, 0));
}

/// References to the same table are followed and shown by name.
#[test]
fn references_are_followed() {
    let api = people(3).build().unwrap();
    for (number, manager) in [(1, 2), (2, 3)] {
        write(
            &api,
            "PATCH",
            &format!("{TABLE}/{}", id(number)),
            format!("{{\"u_lead\":\"{}\"}}", id(manager)),
        );
    }
    let fields = "sysparm_fields=u_lead,u_lead.u_lead.name&sysparm_display_value=true&sysparm_exclude_reference_link=true";
    let one = json(&get(&api, &format!("{TABLE}/{}?{fields}", id(1))));
    assert_eq!(one["result"], value!({"u_lead": "p02", "u_lead.u_lead.name": "p03"}));
}

/// Source: Table API: the answer to a new record is the record; `X-no-response-body` of the REST API.
#[test]
fn a_new_record_is_shown() {
    let api = builder().build().unwrap();
    let target = format!("{TABLE}?sysparm_fields=name,account,active&sysparm_display_value=true");
    let body = format!(r#"{{"name":"Dora","account":"{ACCOUNT}","frist_name":"x"}}"#);
    let made = write(&api, "POST", &target, body);
    assert_eq!(made.status(), 201);
    assert_eq!(header(&made, "x-ignored-fields"), "frist_name");
    let link = format!("http://mock.example/api/now/table/customer_account/{ACCOUNT}");
    let record = value!({"name": "Dora", "account": {"display_value": "Boxeo", "link": link}, "active": "true"});
    assert_eq!(json(&made), value!({"result": record}));
    let location =
        header(&made, "location").strip_prefix("http://mock.example").unwrap().to_owned();
    assert_eq!(json(&get(&api, &location))["result"]["name"], "Dora");
    let text = format!("POST {TABLE} HTTP/1.1\nX-no-response-body: true\n\n{{\"name\":\"Nora\"}}");
    let made = ask(&api, &text);
    assert_eq!((made.status().as_u16(), made.body().len()), (201, 0));
    let location = header(&made, "location").strip_prefix("http://mock.example").unwrap();
    assert_eq!(json(&get(&api, location))["result"]["name"], "Nora");
}

/// Source: Table API; version 2 is the default and the one without 404.
#[test]
fn tables_and_versions() {
    let api = builder().build().unwrap();
    for (target, status, message) in [
        ("/api/now/table/nosuch", 400, "Invalid table nosuch"),
        ("/api/now/table/nosuch/x", 400, "Invalid table nosuch"),
        ("/api/now/table/Customer_Contact", 400, "Invalid table Customer_Contact"),
        ("/api/now/table/customer_contact/x", 404, "No Record found"),
        ("/api/now/table", 400, "Requested URI does not represent any resource"),
        ("/api/now/table/a/b/c", 400, "Requested URI does not represent any resource"),
        ("/api/now/v2", 400, "Requested URI does not represent any resource"),
        ("/api/now/vx/contact", 400, "Requested URI does not represent any resource"),
        ("/api/now/v/contact", 400, "Requested URI does not represent any resource"),
        ("/API/NOW/contact", 400, "Requested URI does not represent any resource"),
        ("/api/now//contact", 400, "Requested URI does not represent any resource"),
        ("/api/now/v1/table/customer_contact?sysparm_query=name=nobody", 404, "No Record found"),
        ("/api/now/contact/x%2Fy", 404, "No Record found"),
    ] {
        let (found, text, _) = failure(&get(&api, target));
        assert_eq!((found, &*text), (status, message), "{target}");
    }
    for target in [
        "/api/now/v1/contact",
        "/api/now/v2/contact",
        "/api/now/v1/table/customer_contact",
        "/api/now/%63ontact",
        "/api/now/contact/",
        "/api/now/v2/contact?sysparm_query=name=nobody",
    ] {
        assert_eq!(get(&api, target).status(), 200, "{target}");
    }
    // Links to references keep the version.
    let one = json(&get(
        &api,
        &format!("/api/now/v2/table/customer_contact/{GEORGE}?sysparm_fields=account"),
    ));
    let link = one["result"]["account"]["link"].as_str().unwrap();
    let target = link.strip_prefix("http://mock.example").unwrap();
    assert!(target.starts_with("/api/now/v2/table/customer_account/"));
    assert_eq!(json(&get(&api, target))["result"]["name"], "Boxeo");
}

/// The other tables are there to be read and written too; a contact's account is one.
#[test]
fn other_tables() {
    let api = builder().build().unwrap();
    let profile = write(
        &api,
        "POST",
        &format!("/api/now/table/{SOCIAL_PROFILES}"),
        r#"{"social_handle":"@x"}"#,
    );
    assert_eq!(json(&profile)["result"]["social_handle"], "@x");
    let account = format!("/api/now/table/customer_account/{ACCOUNT}");
    assert_eq!(write(&api, "PATCH", &account, r#"{"name":"Other"}"#).status(), 200);
    let shown = format!("{TABLE}/{GEORGE}?sysparm_fields=account.name");
    assert_eq!(json(&get(&api, &shown))["result"]["account.name"], "Other");
    create(&api, "{}");
    assert_eq!(ask(&api, &format!("DELETE {account} HTTP/1.1")).status(), 204);
    assert_eq!(json(&get(&api, &shown))["result"]["account.name"], "");
}

/// Every answer can be told apart, must not be kept, and says what it is.
#[test]
fn headers_of_every_answer() {
    let api = builder().build().unwrap();
    let mut numbers = std::collections::BTreeSet::new();
    for target in [TABLE, "/", "/nothing", "/openapi.json", "/__admin/health", "/api/now/contact/x"]
    {
        for credentials in [ADMIN, "Basic x"] {
            let text = format!("GET {target} HTTP/1.1\nAuthorization: {credentials}");
            let answer = api.handle(request(&text));
            assert_eq!(header(&answer, "cache-control"), "no-store");
            assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
            assert_ne!(header(&answer, "content-type"), "");
            assert!(numbers.insert(header(&answer, "x-transaction-id").to_owned()), "{target}");
        }
    }
}

/// A table's records are also those of tables that extend it: what is listed can be read, changed and
/// removed under the same path, and shows what both tables show. Source: Table API over extended tables.
#[test]
fn tables_that_extend_another() {
    let fields = [
        Field::new("sys_id", FieldType::SysId),
        Field::new("secret", FieldType::String),
        Field::new("name", FieldType::String),
        Field::new("sys_mod_count", FieldType::Integer),
    ];
    let parent = Schema::new("customer_contact", fields);
    let mut child =
        Schema::extending(&parent, "vip_contact", [Field::new("color", FieldType::String)]);
    child.restrict("secret", Queryable::No, Readable::No);
    let (mut parent, mut child) = (Table::new(parent), Table::new(child));
    parent.push([("sys_id", id(1).into()), ("name", "a".into()), ("secret", "s".into())]).unwrap();
    let vip =
        [("sys_id", id(2)), ("name", "b".into()), ("secret", "s".into()), ("color", "red".into())];
    child.push(vip.map(|(name, text)| (name, text.into()))).unwrap();
    let api = ContactApi::builder(Database::new([parent, child]).unwrap()).build().unwrap();
    let all = value!([
        {"sys_id": id(1), "name": "a", "sys_mod_count": ""},
        {"sys_id": id(2), "name": "b", "sys_mod_count": ""},
    ]);
    assert_eq!(json(&get(&api, "/api/now/contact"))["result"], all);
    assert_eq!(json(&get(&api, TABLE))["result"], all);
    assert_eq!(
        json(&get(&api, &format!("{TABLE}?sysparm_fields=secret")))["result"],
        value!([{}, {}])
    );
    for path in ["/api/now/contact", TABLE] {
        assert_eq!(json(&get(&api, &format!("{path}/{}", id(2))))["result"], all[1], "{path}");
    }
    let own = format!("/api/now/table/vip_contact/{}", id(2));
    assert_eq!(json(&get(&api, &own))["result"]["color"], "red");
    let one = format!("{TABLE}/{}", id(2));
    let changed = write(&api, "PATCH", &one, r#"{"name":"c","color":"blue"}"#);
    assert_eq!(header(&changed, "x-ignored-fields"), "color");
    assert_eq!(json(&changed)["result"]["name"], "c");
    assert_eq!(
        json(&get(&api, &own))["result"],
        value!({"sys_id": id(2), "name": "c", "sys_mod_count": "1", "color": "red"})
    );
    // An id is taken in all of them.
    let made = write(&api, "POST", "/api/now/table/vip_contact", "{}");
    assert_eq!(made.status(), 201);
    assert_eq!(ask(&api, &format!("DELETE {one} HTTP/1.1")).status(), 204);
    assert_eq!(header(&get(&api, TABLE), "x-total-count"), "2");
    assert_eq!(failure(&get(&api, &own)).0, 404);
}
