//! New and changed records: which bodies are read, what is stored of them, what is told.

use bytes::Bytes;
use encoded_query::api::{ContactApi, SOCIAL_PROFILES};
use serde_json::{Value, json as value};

use super::api::builder;
use super::api_client::{
    CONTACTS, TABLE, ask, column, create, failure, get, header, id, json, people, write,
};

fn contact(api: &ContactApi, id: &str) -> Value {
    let mut whole = json(&get(api, &format!("{CONTACTS}/{id}")));
    whole["result"].take()
}

fn count(api: &ContactApi, table: &str) -> String {
    let page = get(api, &format!("/api/now/table/{table}?sysparm_limit=1"));
    header(&page, "x-total-count").to_owned()
}

/// JSON of any form becomes text, as it is written. Source: the page says nothing; our choice.
#[test]
fn values_become_text() {
    let api = people(0).build().unwrap();
    for (written, stored) in [
        (r#""Ann""#, "Ann"),
        (r#""  Ann ""#, "  Ann "),
        (r#""""#, ""),
        ("null", ""),
        ("true", "true"),
        ("false", "false"),
        ("5", "5"),
        ("-0", "-0"),
        ("1.50", "1.50"),
        ("1E3", "1E3"),
        ("1e-400", "1e-400"),
        ("12345678901234567890123456789.0", "12345678901234567890123456789.0"),
        (r#""\u00e9\u0041\/\"\\\b\f\n\r\t""#, "éA/\"\\\u{8}\u{c}\n\r\t"),
        (r#""\ud83d\ude00""#, "😀"),
        (r#""a\u0000b""#, "a\0b"),
        (r#""\ufffe\uffff\u200b""#, "\u{fffe}\u{ffff}\u{200b}"),
        (r#""﷽ e\u0301""#, "﷽ e\u{301}"),
    ] {
        let id = create(&api, &format!("{{\"name\" : {written}}}"));
        assert_eq!(contact(&api, &id)["name"], stored, "{written}");
        let record = get(&api, &format!("{TABLE}/{id}?sysparm_fields=name"));
        assert_eq!(json(&record), value!({"result": {"name": stored}}), "{written}");
    }
}

/// Bodies that read in an unusual way; the name that is stored, and the members that are not.
#[test]
fn bodies_that_read() {
    let api = people(0).build().unwrap();
    let deep = format!("{{\"name\":\"n\",\"x\":{}{}}}", "[".repeat(50_000), "]".repeat(50_000));
    for (body, name, ignored) in [
        ("\u{feff}{\"name\":\"n\"}", "n", ""),
        (" \r\n\t{\"name\":\"n\"} \n", "n", ""),
        ("{}", "", ""),
        // What is ignored may be as deep as it likes.
        (&deep, "n", "x"),
        // Source: our choice for arrays: the first record.
        (r#"[{"name":"a"},{"name":"b"}]"#, "a", ""),
        (r#" [ {"name":"a"}, 5, null ]"#, "a", ""),
        // Source: the page's warning: "misspelled, is not valid, or is not supported".
        (r#"{"Name":"a","name":"b","NAME":"c"}"#, "b", "Name, NAME"),
        (r#"{"name":"n","frist_name":"x","u_x":1}"#, "n", "frist_name, u_x"),
        (r#"{"name":{"value":"n"}}"#, "", "name"),
        (r#"{"name":["n"],"city":[]}"#, "", "name, city"),
        (r#"{"x":{"a":1,"a":2},"name":"n"}"#, "n", "x"),
        (r#"{"name ":"n","":"e"}"#, "", "name , "),
        (r#"{"sys_id":"1","sys_tags":"t","name":"n"}"#, "n", "sys_id, sys_tags"),
        // Elements of the answer that the page's body has not.
        (r#"{"name":"n","last_login":"2001-01-01"}"#, "n", "last_login"),
        (r#"{"a\r\nSet-Cookie: b":1,"é":2,"name":"n"}"#, "n", r"a\u{d}\u{a}Set-Cookie: b, \u{e9}"),
    ] {
        let response = write(&api, "POST", CONTACTS, body.to_owned());
        assert_eq!(response.status(), 201, "{name} {ignored}: {:?}", response.body());
        assert_eq!(header(&response, "x-ignored-fields"), ignored);
        let id = json(&response)["result"].as_str().unwrap().to_owned();
        assert_eq!(contact(&api, &id)["name"], name, "{body}");
        let location = format!("http://mock.example{CONTACTS}/{id}");
        assert_eq!(header(&response, "location"), location);
    }
}

#[test]
fn bodies_that_do_not_read() {
    let api = people(1).build().unwrap();
    let deep = format!("{{\"x\":{}", "[".repeat(50_000));
    let utf16: Vec<u8> = "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let said: [(&[u8], &str); 33] = [
        (b"", "The payload is empty"),
        (b" \n", "empty"),
        (b"{\"name\":\"Dora\",\n \"city\":}", "line 2, column 9"),
        (b"{\"name\":\"\xc3\xa9\" x}", "line 1, column 13"),
        (b"{\"name\":\"n\",}", "line 1, column 13"),
        (b"{\"name\":\"n\"", "line 1, column 11: EOF"),
        (b"{\"name\" \"n\"}", "line 1, column 9"),
        (b"{name:\"n\"}", "line 1, column 2"),
        (b"{'name':'n'}", "line 1, column 2"),
        (b"{\"name\":\"n\"} x", "line 1, column 14"),
        (b"{\"name\":\"a\"}{\"name\":\"b\"}", "line 1, column 13"),
        (b"{\"name\":\"a\nb\"}", "line "),
        (b"{\"name\":NaN}", "line 1, column 9"),
        (b"{\"name\":01}", "line 1, column "),
        (b"{\"name\":\"n\"} // x", "line 1, column 14"),
        (b"[{\"name\":\"a\"}, {", "line 1, column 16: EOF"),
        (b"[{\"name\":\"a\"},]", "line 1, column 15"),
        (b"[]", "the array holds no record"),
        (b"[1]", "expected an object"),
        (b"[[{\"name\":\"n\"}]]", "expected an object"),
        (b"1", "expected an object"),
        (b"null", "expected an object"),
        (b"\"name\"", "expected an object"),
        (b"name=n", "line 1, column 2"),
        (b"<name>n</name>", "XML"),
        // Source: bad-s-http-18.
        (b"{\"name\":\"a\",\"name\":\"b\"}", "`name`"),
        (b"{\"name\":\"a\",\"n\\u0061me\":\"b\"}", "`name`"),
        (b"{\"x\":1,\"x\":2}", "`x`"),
        // Source: bad-s-http-20.
        (b"{\"name\":1e400}", "number out of range"),
        (b"{\"name\":\"\\ud800\"}", "line 1, column "),
        (b"{\"name\":\"\xff\"}", "line 1, column 10: invalid UTF-8"),
        (deep.as_bytes(), "nested too deeply"),
        (&utf16, "UTF-16"),
    ];
    for (body, detail) in said {
        let shown = String::from_utf8_lossy(body);
        for (method, target) in [("POST", CONTACTS), ("POST", TABLE)] {
            let response = write(&api, method, target, Bytes::copy_from_slice(body));
            assert_eq!(response.status(), 400, "{target} {shown}");
            let (status, message, found) = failure(&response);
            assert_eq!((status, &*message), (400, "Exception while reading request"), "{shown}");
            assert!(found.contains(detail), "{shown}: {found}");
        }
    }
    assert_eq!(count(&api, "customer_contact"), "1");
}

/// Source: our limit of a value, 1 MiB; documented lengths do not count, bad-s-http-21 and the page.
#[test]
fn values_of_any_length_to_a_mebibyte() {
    let api = people(0).build().unwrap();
    for (length, status) in [(1 << 20, 201), ((1 << 20) + 1, 400)] {
        let body = format!("{{\"title\":\"{}\"}}", "x".repeat(length));
        let response = write(&api, "POST", CONTACTS, body);
        assert_eq!(response.status(), status);
        if status == 400 {
            let (_, message, detail) = failure(&response);
            assert_eq!(message, "Record cannot be stored");
            assert!(detail.contains("`title` has 1048577 bytes"), "{detail}");
        }
    }
    assert_eq!(count(&api, "customer_contact"), "1");
}

/// Source: the page's elements; "Default" of each; sys_ fields are the server's (bad-s-http-21).
#[test]
fn what_a_new_contact_has() {
    let api = builder().build().unwrap();
    let forged = r#"{"sys_mod_count":"-1","sys_created_by":"eve","sys_class_name":"sys_user",
        "sys_created_on":"2001-01-01 00:00:00","sys_domain_path":"/x","name":"Eve","vip":"",
        "edu_status":"current"}"#;
    let id = create(&api, forged);
    let contact = contact(&api, &id);
    let now = "2026-01-15 12:00:00";
    for (field, expected) in [
        ("sys_id", &*id),
        ("sys_created_on", now),
        ("sys_updated_on", now),
        ("sys_created_by", "admin"),
        ("sys_updated_by", "admin"),
        ("sys_mod_count", "0"),
        ("sys_class_name", "customer_contact"),
        ("sys_domain_path", "/"),
        ("name", "Eve"),
        ("first_name", ""),
        ("active", "true"),
        ("calendar_integration", "1"),
        ("notification", "2"),
        ("edu_status", "current"),
        ("locked_out", "false"),
        ("geolocation_tracked", "false"),
        ("enable_multifactor_authn", "false"),
        ("internal_integration_user", "false"),
        ("web_service_access_only", "false"),
        // Given, though empty.
        ("vip", ""),
    ] {
        assert_eq!(contact[field], expected, "{field}");
    }
    assert_eq!(contact.as_object().unwrap().len(), 65);
    assert!(contact.as_object().unwrap().values().all(Value::is_string));
}

/// Source: Contact API, POST, "social media profile"; the table is our choice.
#[test]
fn social_members_become_a_profile() {
    let api = builder().build().unwrap();
    let body = r#"{"name":"Dora","social_channel":"x","social_handle":"@d",
        "social_handle_url":"https://x.example/d","social_other":"o"}"#;
    let response = write(&api, "POST", CONTACTS, body);
    assert_eq!(header(&response, "x-ignored-fields"), "social_other");
    let id = json(&response)["result"].as_str().unwrap().to_owned();
    let profiles = format!("/api/now/table/{SOCIAL_PROFILES}");
    let asked =
        format!("{profiles}?sysparm_query=contact={id}&sysparm_exclude_reference_link=true");
    let found = json(&get(&api, &asked));
    let profile = &found["result"][0];
    for (field, expected) in [
        ("contact", &*id),
        ("social_channel", "x"),
        ("social_handle", "@d"),
        ("social_handle_url", "https://x.example/d"),
        ("sys_created_by", "admin"),
        ("sys_mod_count", "0"),
    ] {
        assert_eq!(profile[field], expected, "{field}");
    }
    assert!(
        !String::from_utf8_lossy(get(&api, &format!("{CONTACTS}/{id}")).body()).contains("social")
    );
    // A profile of nothing is none; the name of the contact stands for it.
    create(&api, r#"{"social_channel":"","social_handle":null}"#);
    assert_eq!(count(&api, SOCIAL_PROFILES), "1");
    let shown = get(&api, &format!("{profiles}?sysparm_display_value=true&sysparm_fields=contact"));
    assert_eq!(json(&shown)["result"][0]["contact"]["display_value"], "Dora");
    // Queries cannot ask a contact for them.
    let asked = get(&api, &format!("{CONTACTS}?sysparm_query=social_channel=x"));
    assert_eq!(header(&asked, "x-query-diagnostics"), "2; unknown-field, everything-ignored");
}

/// Source: Table API, PUT, PATCH and DELETE; both change what is given and leave the rest.
#[test]
fn records_change_and_go() {
    let api = builder().build().unwrap();
    let id = create(&api, r#"{"name":"Dora","city":"Oslo","title":"x"}"#);
    let one = format!("{TABLE}/{id}");
    for (turn, method) in ["PUT", "PATCH"].into_iter().enumerate() {
        let body = format!(
            r#"{{"city":"{method}","title":null,"sys_id":"1","sys_mod_count":9,"nmae":"x"}}"#
        );
        let response = write(
            &api,
            method,
            &format!("{one}?sysparm_fields=name,city,title,sys_id,sys_mod_count"),
            body,
        );
        let changed = value!({"result": {"name": "Dora", "city": method, "title": "", "sys_id": id,
            "sys_mod_count": (turn + 1).to_string()}});
        assert_eq!((response.status().as_u16(), json(&response)), (200, changed));
        assert_eq!(header(&response, "x-ignored-fields"), "sys_id, sys_mod_count, nmae");
    }
    // Nothing given, nothing changed; what does not read changes nothing.
    for (body, status) in
        [("{}", 200), (r#"{"nmae":"x"}"#, 200), (r#"{"city":"x","city":"y"}"#, 400)]
    {
        assert_eq!(write(&api, "PATCH", &one, body).status(), status);
        assert_eq!(contact(&api, &id)["sys_mod_count"], "2");
    }
    let too_long = format!("{{\"city\":\"x\",\"title\":\"{}\"}}", "x".repeat((1 << 20) + 1));
    assert_eq!(failure(&write(&api, "PATCH", &one, too_long)).0, 400);
    assert_eq!(contact(&api, &id)["city"], "PATCH");
    // A sys_id is found in any case, and stays as it is.
    let upper = format!("{TABLE}/{}", id.to_uppercase());
    assert_eq!(json(&write(&api, "PATCH", &upper, "{}"))["result"]["sys_id"], id);
    let gone = ask(&api, &format!("DELETE {one} HTTP/1.1"));
    assert_eq!((gone.status().as_u16(), gone.body().len()), (204, 0));
    assert_eq!((header(&gone, "content-type"), header(&gone, "content-length")), ("", ""));
    for method in ["GET", "DELETE"] {
        assert_eq!(failure(&ask(&api, &format!("{method} {one} HTTP/1.1"))).0, 404);
    }
    for method in ["PUT", "PATCH"] {
        assert_eq!(failure(&write(&api, method, &one, "{}")).1, "No Record found");
    }
    assert_eq!(count(&api, "customer_contact"), "200");
    // What is gone can be asked for no more, and its id is free.
    let asked = get(&api, &format!("{CONTACTS}?sysparm_query=sys_id={id}"));
    assert_eq!(column(&asked, "sys_id"), [""; 0]);
}

/// A server that starts again with the records it made and the seed it had makes other ids.
#[test]
fn ids_that_are_taken_are_not_given_again() {
    let first = people(0).build().unwrap();
    let made = create(&first, r#"{"name":"a"}"#);
    let mut table = encoded_query::Table::new(encoded_query::Schema::customer_contact());
    table.push([("sys_id", made.clone().into())]).unwrap();
    let second = ContactApi::builder(table).seed(7).build().unwrap();
    assert_ne!(create(&second, r#"{"name":"b"}"#), made);
    let record = write(&people(0).build().unwrap(), "POST", TABLE, "{}");
    assert_eq!(record.status(), 201);
}

/// What cannot be answered is not done.
#[test]
fn nothing_is_written_whose_answer_is_refused() {
    let api = people(1).build().unwrap();
    let names: Vec<String> = (0..=1_000).map(|number| format!("u_{number}")).collect();
    let fields = format!("?sysparm_fields={}", names.join(","));
    let body = r#"{"name":"Ann"}"#;
    let one = format!("{TABLE}/{}{fields}", id(1));
    for (method, target) in [("POST", &format!("{TABLE}{fields}")), ("PUT", &one), ("PATCH", &one)]
    {
        assert_eq!(failure(&write(&api, method, target, body)).1, "Too many fields", "{method}");
    }
    assert_eq!(column(&get(&api, TABLE), "name"), ["p01"]);
}
