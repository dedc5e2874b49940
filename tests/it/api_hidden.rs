//! Fields hidden from a caller: with them, every answer is byte for byte the one without them.
//!
//! Source: language.md §9: "A field hidden from the caller is treated exactly as unknown, in text and kind".

use bytes::Bytes;
use encoded_query::api::{Account, ContactApi, ROLE};
use encoded_query::schema::Readable;
use encoded_query::{
    Database, Field, FieldType, FixedEnvironment, OnInvalid, Queryable, Schema, Table,
};
use http::{Request, Response};

use super::api_client::{CONTACTS, TABLE, get, header, id, json, name, send};

#[derive(Clone, Copy, PartialEq)]
enum Secrets {
    Hidden,
    Shown,
    Absent,
}

/// Contacts with a secret text, date and reference, and accounts that are shown by a secret name; or the
/// same without those fields.
fn api(secrets: Secrets, on_invalid: OnInvalid) -> ContactApi {
    let is_there = secrets != Secrets::Absent;
    let (queryable, readable) = match secrets {
        Secrets::Shown => (Queryable::Range, Readable::Yes),
        Secrets::Hidden | Secrets::Absent => (Queryable::No, Readable::No),
    };
    let mut schema = Schema::customer_contact();
    schema.add(Field::reference("u_lead", "customer_contact"));
    let mut accounts = Schema::new(
        "customer_account",
        [Field::new("sys_id", FieldType::SysId), Field::new("city", FieldType::String)],
    );
    if is_there {
        let mut by_default = Field::new("u_secret", FieldType::String);
        by_default.default = Some("concealed".into());
        schema.add(by_default);
        schema.add(Field::new("u_born", FieldType::Date));
        schema.add(Field::reference("u_boss", "customer_contact"));
        accounts.add(Field::new("u_title", FieldType::String));
        for field in ["u_secret", "u_born", "u_boss"] {
            schema.restrict(field, queryable, readable);
        }
        accounts.restrict("u_title", queryable, readable);
    }
    let (mut contacts, mut accounts) =
        (Table::new(schema), Table::new(accounts.with_display("u_title")));
    for number in 1..=12 {
        let mut account = vec![("sys_id", id(100 + number)), ("city", format!("c{number}"))];
        let mut contact = vec![
            ("sys_id", id(number)),
            ("name", name(number)),
            ("account", id(100 + number)),
            ("u_lead", id(number % 5 + 1)),
        ];
        if is_there {
            account.push(("u_title", format!("concealed{}", 50 - number)));
            contact.push(("u_secret", format!("concealed{}", number * 7 % 12)));
            contact.push(("u_born", "2000-01-01".into()));
            contact.push(("u_boss", id(number % 3 + 1)));
        }
        let text = |(name, text): &(&'static str, String)| (*name, text.clone().into());
        accounts.push(account.iter().map(text)).unwrap();
        contacts.push(contact.iter().map(text)).unwrap();
    }
    let now = "2026-01-15 12:00:00".parse().unwrap();
    ContactApi::builder(Database::new([contacts, accounts]).unwrap())
        .account(Account::new("admin", "admin").with_role(ROLE))
        .environment(FixedEnvironment::default().with_now(now))
        .on_invalid(on_invalid)
        .seed(7)
        .build()
        .unwrap()
}

fn written(response: &Response<Bytes>) -> String {
    let headers: Vec<String> =
        response.headers().iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
    let body = String::from_utf8_lossy(response.body());
    format!("{}\n{}\n{body}", response.status(), headers.join("\n"))
}

const QUERIES: &[&str] = &[
    "u_secret=concealed7",
    "u_secretLIKEconceal",
    "u_secretISEMPTY",
    "u_secretISNOTEMPTY^name!=p03",
    "name=p03^u_secret=concealed9",
    "name=p03^ORu_secretSTARTSWITHc",
    "u_secret=concealed7^NQname=p02",
    "ORDERBYu_secret",
    "ORDERBYDESCu_secret^ORDERBYname",
    "u_secre=x",
    "U_SECRET=x",
    "u_bornON2000-01-01@2000-01-01@2000-01-01",
    "u_born>javascript:gs.beginningOfToday()",
    "u_boss.name=p01",
    "u_boss.u_boss.name=p01",
    "u_lead.u_secret=concealed7",
    "u_lead.u_bossISNOTEMPTY",
    "account.u_title=concealed49",
    "account.u_titlISEMPTY",
    "accountLIKEconcealed",
    "account=concealed49",
    "accountSTARTSWITHconcealed4",
    "ORDERBYaccount",
    "ORDERBYaccount.u_title",
    "nameSAMEASu_secret",
    "GROUPBYu_secret",
    "123TEXTQUERY321=concealed7",
    "RLQUERYcustomer_contact.u_boss,>=1^ENDRLQUERY",
    "u_bossDYNAMICx",
];

const FIELDS: &[&str] = &[
    "name,u_secret",
    "u_secret",
    "u_born,u_boss",
    "u_boss.name,u_lead.u_secret,u_lead.name",
    "account,account.u_title,account.city",
    "account.u_title",
];

/// What is asked one after another; later requests see what earlier ones changed.
fn requests() -> Vec<Request<Bytes>> {
    let get = |target: String| Request::get(target).body(Bytes::new()).unwrap();
    let xml = |target: String| {
        Request::get(target).header("accept", "application/xml").body(Bytes::new()).unwrap()
    };
    let write = |method: &str, target: String, body: &'static str| {
        Request::builder()
            .method(method)
            .uri(target)
            .body(Bytes::from_static(body.as_bytes()))
            .unwrap()
    };
    let one = format!("{TABLE}/{}", id(3));
    let body = r#"{"name":"x","u_secret":"mine","u_born":1,"u_boss":null,"u_nothing":2}"#;
    let mut requests = vec![
        write("POST", CONTACTS.into(), body),
        write("POST", TABLE.into(), body),
        write("POST", format!("{TABLE}?sysparm_fields=name,u_secret"), "{}"),
        write("PATCH", one.clone(), body),
        write("PATCH", one.clone(), r#"{"u_secret":"mine"}"#),
        write("PUT", one.clone(), r#"{"u_secret":"mine","u_secret":"twice"}"#),
        write("PATCH", "/api/now/table/customer_account/65".into(), r#"{"u_title":"mine"}"#),
        write("POST", "/api/now/table/customer_account".into(), r#"{"u_title":"mine"}"#),
    ];
    for path in [CONTACTS, TABLE, "/api/now/table/customer_account"] {
        requests.extend([get(path.into()), xml(path.into())]);
    }
    requests.extend([get(format!("{CONTACTS}/{}", id(3))), xml(format!("{CONTACTS}/{}", id(3)))]);
    for query in QUERIES {
        let query = query.replace('^', "%5E").replace('>', "%3E");
        requests.push(get(format!("{CONTACTS}?sysparm_query={query}&sysparm_limit=5")));
        requests.push(get(format!(
            "{TABLE}?sysparm_query={query}&sysparm_fields=name&sysparm_limit=5"
        )));
    }
    for fields in FIELDS {
        for values in ["false", "true", "all"] {
            let shown = format!("sysparm_fields={fields}&sysparm_display_value={values}");
            requests.extend([get(format!("{TABLE}?{shown}")), xml(format!("{TABLE}?{shown}"))]);
            requests.push(get(format!("{one}?{shown}&sysparm_exclude_reference_link=true")));
        }
    }
    for slip in ["u_secret=mine", "u_secre=mine", "account.u_title=mine", "u_boss=1"] {
        requests.extend([get(format!("{CONTACTS}?{slip}")), get(format!("{TABLE}?{slip}"))]);
    }
    requests.extend(
        ["customer_contact", "customer_account"]
            .map(|table| get(format!("/__admin/export?table={table}"))),
    );
    requests.push(get("/__admin/export".into()));
    requests.push(get("/openapi.json".into()));
    requests
}

#[test]
fn hidden_fields_are_as_good_as_absent() {
    for mode in [OnInvalid::IgnoreInvalidPart, OnInvalid::ReturnNoRows, OnInvalid::Forbid] {
        let (hidden, absent) = (api(Secrets::Hidden, mode), api(Secrets::Absent, mode));
        for request in requests() {
            let asked = format!("{} {}", request.method(), request.uri());
            let answers = [&hidden, &absent].map(|api| written(&send(api, request.clone())));
            assert_eq!(answers[0], answers[1], "{mode:?} {asked}");
            assert!(!answers[0].contains("concealed") || asked.contains("concealed"), "{asked}");
        }
    }
}

/// The test above can fail: what is not hidden shows.
#[test]
fn they_are_there() {
    let shown = api(Secrets::Shown, OnInvalid::IgnoreInvalidPart);
    let whole = get(&shown, "/__admin/export");
    assert!(String::from_utf8_lossy(whole.body()).contains("concealed7"));
    let api = api(Secrets::Hidden, OnInvalid::IgnoreInvalidPart);
    let ignored = send(&api, requests().remove(0));
    assert_eq!(header(&ignored, "x-ignored-fields"), "u_secret, u_born, u_boss, u_nothing");
}

/// Who asks learns nothing from the ring of requests that the answers did not say.
#[test]
fn the_ring_names_no_hidden_field() {
    let (hidden, absent) = (
        api(Secrets::Hidden, OnInvalid::IgnoreInvalidPart),
        api(Secrets::Absent, OnInvalid::IgnoreInvalidPart),
    );
    for request in requests() {
        send(&hidden, request.clone());
        send(&absent, request);
    }
    let of = |api: &ContactApi| {
        let mut all = json(&get(api, "/__admin/requests"));
        for request in all["result"].as_array_mut().unwrap() {
            request.as_object_mut().unwrap().remove("micros");
        }
        all
    };
    assert_eq!(of(&hidden), of(&absent));
}
