//! Who may ask what: credentials, roles, methods, tokens, media types, faults, read-only servers.

use encoded_query::api::{Access, Account, ContactApi, Faults, ROLE};
use serde_json::Value;

use super::api::{builder, request};
use super::api_client::{
    ADMIN, CONTACTS, TABLE, anonymous, ask, failure, get, header, json, people, send, write,
};

const BOB: &str = "Basic Ym9iOnNlY3JldA==";

/// Source: RFC 9110, section 11; bad-s-http-22. Nothing tells who may ask apart from what there is.
#[test]
fn without_credentials() {
    let api = builder().build().unwrap();
    for target in [
        CONTACTS,
        TABLE,
        "/api/now/contact/x",
        "/api/now/nothing",
        "/nothing",
        "/api/now/table/nothing",
        "/__admin/export",
        "/__admin/requests",
        "/openapi.json",
        "/",
        "/api/now/contact?x=%zz",
        "/%zz",
    ] {
        let response = anonymous(&api, &format!("GET {target} HTTP/1.1"));
        let (status, message, detail) = failure(&response);
        assert_eq!((status, &*message), (401, "User Not Authenticated"), "{target}");
        assert_eq!(detail, "Required to provide Auth information");
        assert!(header(&response, "www-authenticate").starts_with("Basic realm="), "{target}");
        assert_eq!(header(&response, "x-is-logged-in"), "false");
    }
    assert_eq!(anonymous(&api, "GET /__admin/health HTTP/1.1").status(), 200);
    for wrong in [
        "Basic YWRtaW46d3Jvbmc=",
        "Basic YWRtaW46",
        "Basic YWRtaW4=",
        "Basic",
        "Basic !",
        "Basic =",
        "",
        "Digest YWRtaW46YWRtaW4=",
        "Bearer YWRtaW46YWRtaW4=",
        "Bearer ",
        "YWRtaW46YWRtaW4=",
        "Basic /w==",
        "Basic QURNSU46YWRtaW4=",
        "Basic YWRtaW46YWRtaW46",
    ] {
        let text = format!("GET {CONTACTS} HTTP/1.1\nAuthorization: {wrong}");
        assert_eq!(failure(&api.handle(request(&text))).0, 401, "{wrong}");
    }
    for right in [ADMIN, "basic YWRtaW46YWRtaW4=", "BASIC  YWRtaW46YWRtaW4= "] {
        let text = format!("GET {CONTACTS} HTTP/1.1\nAuthorization: {right}");
        assert_eq!(api.handle(request(&text)).status(), 200, "{right}");
    }
}

#[test]
fn passwords_hold_anything() {
    let account = Account::new("ann", "a:b é").with_role("other").with_role(ROLE);
    let api = people(1).account(account).account(Account::new("", "")).build().unwrap();
    let ask = |pair: &str| {
        let text = format!("GET {CONTACTS} HTTP/1.1\nAuthorization: Basic {pair}");
        api.handle(request(&text)).status().as_u16()
    };
    assert_eq!((ask("YW5uOmE6YiDDqQ=="), ask("YW5uOmE="), ask("Og==")), (200, 401, 403));
}

/// Source: Contact API, "Users need the `csm_ws_integration` role".
#[test]
fn without_the_role() {
    let api = builder().build().unwrap();
    for target in [CONTACTS, TABLE, "/api/now/contact/x", "/__admin/export", "/openapi.json"] {
        let text = format!("GET {target} HTTP/1.1\nAuthorization: {BOB}");
        let (status, message, _) = failure(&ask(&api, &text));
        assert_eq!((status, &*message), (403, "User Not Authorized"), "{target}");
    }
    let create = format!("POST {CONTACTS} HTTP/1.1\nAuthorization: {BOB}\n\n{{}}");
    assert_eq!(failure(&ask(&api, &create)).0, 403);
    assert_eq!(header(&get(&api, CONTACTS), "x-total-count"), "200");
}

/// Source: RFC 9110, sections 9.1 and 15.5.6; bad-s-http-14.
#[test]
fn methods_of_each_resource() {
    let api = builder().build().unwrap();
    let george = "/api/now/contact/ddce70866f9331003b3c498f5d3ee417";
    for (target, allowed) in [
        (CONTACTS, "GET, HEAD, POST"),
        (george, "GET, HEAD"),
        (TABLE, "GET, HEAD, POST"),
        ("/api/now/table/customer_contact/x", "GET, HEAD, PUT, PATCH, DELETE"),
        ("/oauth_token.do", "POST"),
        ("/openapi.json", "GET, HEAD"),
        ("/", "GET, HEAD"),
        ("/__admin/health", "GET, HEAD"),
        ("/__admin/reset", "POST"),
        ("/__admin/seed", "POST"),
        ("/__admin/export", "GET, HEAD"),
        ("/__admin/requests", "GET, HEAD, DELETE"),
    ] {
        let methods =
            ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "get"];
        for method in
            methods.into_iter().filter(|method| !allowed.split(", ").any(|of| of == *method))
        {
            let response = ask(&api, &format!("{method} {target} HTTP/1.1"));
            assert_eq!(response.status(), 405, "{method} {target}");
            assert_eq!(header(&response, "allow"), allowed, "{method} {target}");
            if method != "HEAD" {
                assert_eq!(failure(&response).1, "Method not allowed");
            }
        }
    }
    assert_eq!(get(&api, george).status(), 200);
}

/// Source: "Supported REST API headers", `X-HTTP-Method-Override`.
#[test]
fn a_post_may_stand_for_another_method() {
    let api = people(3).build().unwrap();
    let one = format!("{TABLE}/{}", super::api_client::id(1));
    let post = |target: &str, method: &str, rest: &str| {
        ask(&api, &format!("POST {target} HTTP/1.1\nX-HTTP-Method-Override: {method}\n{rest}"))
    };
    let form = "Content-Type: application/x-www-form-urlencoded\n\n";
    assert_eq!(post(CONTACTS, "GET", form).status(), 200);
    // A body of no bytes needs no type.
    assert_eq!(post(CONTACTS, "GET", "").status(), 200);
    assert_eq!(post(CONTACTS, " get ", "Content-Length: 0").status(), 200);
    let named = post(CONTACTS, "GET", &format!("{form}sysparm_query=name=p02"));
    assert_eq!(super::api_client::column(&named, "name"), ["p02"]);
    let json_body = "Content-Type: application/json\n\n{}";
    assert_eq!(failure(&post(CONTACTS, "GET", json_body)).0, 415);
    assert_eq!(post(CONTACTS, "POST", json_body).status(), 201);
    assert_eq!(post(&one, "PATCH", "\n{\"city\":\"x\"}").status(), 200);
    assert_eq!(post(&one, "DELETE", "").status(), 204);
    assert_eq!(failure(&post(&one, "GET", form)).0, 404);
    assert_eq!(failure(&post(CONTACTS, "DELETE", "")).0, 405);
    for unknown in ["HEAD", "TRACE", "", "GET, POST"] {
        assert_eq!(failure(&post(CONTACTS, unknown, "")).0, 400, "{unknown}");
    }
    // Other methods stay what they are.
    let get = format!("GET {one} HTTP/1.1\nX-HTTP-Method-Override: DELETE");
    assert_eq!(failure(&ask(&api, &get)).0, 404);
    assert_eq!(
        header(
            &ask(&api, "GET /api/now/contact HTTP/1.1\nX-HTTP-Method-Override: DELETE"),
            "x-total-count"
        ),
        "3"
    );
}

/// Source: RFC 9110, sections 15.5.14 and 15.5.16; the vendor's 10 MB. bad-s-http-16, 19.
#[test]
fn bodies_of_other_types_and_lengths() {
    let api = people(0).max_body(20).build().unwrap();
    for (content_type, status) in [
        ("application/json", 201),
        ("application/json; charset=UTF-8", 201),
        ("Application/JSON;charset=utf-8", 201),
        ("application/vnd.api+json", 201),
        ("text/plain", 415),
        ("application/xml", 415),
        ("text/xml", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/jsonp", 415),
        ("json", 415),
        ("", 415),
    ] {
        for target in [CONTACTS, TABLE] {
            let text = format!("POST {target} HTTP/1.1\nContent-Type: {content_type}\n\n{{}}");
            assert_eq!(ask(&api, &text).status(), status, "{content_type}");
        }
    }
    for (length, status) in [(19, 201), (20, 201), (21, 413)] {
        let body = format!("{{\"name\":\"{}\"}}", "x".repeat(length - 11));
        let response = write(&api, "POST", CONTACTS, body);
        assert_eq!(response.status(), status, "{length}");
    }
    // What the header says counts, before there is a body.
    let head =
        format!("POST {CONTACTS} HTTP/1.1\nContent-Type: application/json\nContent-Length: ");
    for length in ["21", "33554432", "18446744073709551615", "99999999999999999999999"] {
        let (status, message, _) = failure(&ask(&api, &format!("{head}{length}\n\n{{}}")));
        assert_eq!(status, 413, "{length}");
        assert!(message.starts_with("Rejected large REST payload with content-length = "));
        let (parts, ()) = request(&format!("{head}{length}")).map(|_| ()).into_parts();
        assert_eq!(api.accept(&parts).unwrap_err().status(), 413, "{length}");
    }
    let default = people(0).build().unwrap();
    let text = format!("{head}10485761\n\n{{}}");
    assert_eq!(failure(&ask(&default, &text)).0, 413);
    assert_eq!(ask(&default, &text.replace("61", "60")).status(), 201);
}

#[test]
fn a_read_only_server_changes_nothing() {
    let api = builder().access(Access::ReadOnly).build().unwrap();
    let george = format!("{TABLE}/ddce70866f9331003b3c498f5d3ee417");
    let before = get(&api, &format!("{TABLE}?sysparm_limit=500"));
    for (method, target) in [
        ("POST", CONTACTS),
        ("POST", TABLE),
        ("PUT", &george),
        ("PATCH", &george),
        ("DELETE", &george),
        ("POST", "/__admin/reset"),
        ("POST", "/__admin/seed"),
    ] {
        let (status, message, detail) = failure(&write(&api, method, target, "{\"name\":\"x\"}"));
        assert_eq!((status, &*message), (403, "Operation Failed"), "{method} {target}");
        assert_eq!(detail, "the server is read-only");
    }
    let hidden = format!("POST {george} HTTP/1.1\nX-HTTP-Method-Override: DELETE");
    assert_eq!(failure(&ask(&api, &hidden)).0, 403);
    assert_eq!(get(&api, &format!("{TABLE}?sysparm_limit=500")).body(), before.body());
    let form = "POST /api/now/contact HTTP/1.1\nX-HTTP-Method-Override: GET\n\
                Content-Type: application/x-www-form-urlencoded\n\nsysparm_limit=1";
    assert_eq!(ask(&api, form).status(), 200);
    assert_eq!(token(&api, "grant_type=password&username=admin&password=admin").0, 200);
}

fn token(api: &ContactApi, form: &str) -> (u16, Value) {
    let head = "POST /oauth_token.do HTTP/1.1\nContent-Type: application/x-www-form-urlencoded";
    let response = api.handle(request(&format!("{head}\n\n{form}")));
    assert_eq!(header(&response, "cache-control"), "no-store");
    (response.status().as_u16(), json(&response))
}

fn with_token(api: &ContactApi, token: &Value) -> u16 {
    let text =
        format!("GET {CONTACTS} HTTP/1.1\nAuthorization: Bearer {}", token.as_str().unwrap());
    send(api, request(&text)).status().as_u16()
}

/// Source: RFC 6749, sections 4.3, 5 and 6; `expires_in` of the platform.
#[test]
fn tokens_stand_for_accounts() {
    let api =
        builder().oauth_client("c", "s", "admin").oauth_client("d", "t", "bob").build().unwrap();
    let password = "grant_type=password&client_id=c&client_secret=s&username=admin&password=admin";
    let (status, first) = token(&api, password);
    assert_eq!(
        (status, &first["token_type"], &first["expires_in"]),
        (200, &"Bearer".into(), &1799.into())
    );
    assert_eq!(with_token(&api, &first["access_token"]), 200);
    assert_eq!(with_token(&api, &first["refresh_token"]), 401, "it is for new tokens only");
    let refresh = |client: &str, token_: &Value| {
        token(
            &api,
            &format!(
                "grant_type=refresh_token&{client}&refresh_token={}",
                token_.as_str().unwrap()
            ),
        )
    };
    let (status, second) = refresh("client_id=c&client_secret=s", &first["refresh_token"]);
    assert_eq!(status, 200);
    assert_ne!(second["access_token"], first["access_token"]);
    assert_eq!(with_token(&api, &second["access_token"]), 200);
    assert_eq!(refresh("client_id=c&client_secret=s", &second["refresh_token"]).0, 200);
    assert_eq!(refresh("client_id=c&client_secret=s", &first["access_token"]).0, 401);
    assert_eq!(
        refresh("client_id=c&client_secret=x", &first["refresh_token"]).1["error"],
        "invalid_client"
    );
    // Source: RFC 6749, section 6: a refresh token is bound to the client it was given to.
    assert_eq!(refresh("client_id=d&client_secret=t", &first["refresh_token"]).0, 401);
    // Of two with one id the secret says which it is.
    let twice = builder().oauth_client("c", "s", "bob").oauth_client("c", "t", "admin");
    let twice = twice.build().unwrap();
    for (secret, status) in [("s", 403), ("t", 200)] {
        let form = format!("grant_type=client_credentials&client_id=c&client_secret={secret}");
        assert_eq!(with_token(&twice, &token(&twice, &form).1["access_token"]), status);
    }
    // A client's own token, whose account lacks the role.
    let (_, own) = token(&api, "grant_type=client_credentials&client_id=d&client_secret=t");
    assert_eq!(with_token(&api, &own["access_token"]), 403);
    // Source: RFC 6749, section 4.4.3: it has no need of another.
    assert!(own.get("refresh_token").is_none(), "{own}");
    for (form, status, error) in [
        ("", 400, "unsupported_grant_type"),
        ("grant_type=magic", 400, "unsupported_grant_type"),
        ("grant_type=password&username=admin&password=admin", 401, "invalid_client"),
        ("grant_type=password&client_id=c&client_secret=s&username=admin", 401, "access_denied"),
        (
            "grant_type=password&client_id=c&client_secret=s&username=admin&password=no",
            401,
            "access_denied",
        ),
        ("grant_type=client_credentials&client_id=c&client_secret=t", 401, "invalid_client"),
        ("grant_type=client_credentials", 401, "invalid_client"),
        ("grant_type=refresh_token&client_id=c&client_secret=s", 401, "invalid_grant"),
        (
            "grant_type=refresh_token&client_id=c&client_secret=s&refresh_token=x",
            401,
            "invalid_grant",
        ),
    ] {
        let (found, said) = token(&api, form);
        assert_eq!((found, &said["error"]), (status, &error.into()), "{form}");
        assert!(said["error_description"].is_string() && said["access_token"].is_null());
    }
    // A refresh token that was made up is not given back as if it were one.
    let (_, given) = token(&api, &format!("{password}&refresh_token=mine"));
    assert_eq!(refresh("client_id=c&client_secret=s", &given["refresh_token"]).0, 200);
    assert_eq!(
        failure(&ask(&api, "POST /oauth_token.do HTTP/1.1\nContent-Type: application/json\n\n{}"))
            .0,
        415
    );
}

/// Where everybody may ask, clients that ask for a token first get one: our choice.
#[test]
fn tokens_where_everybody_may_ask() {
    let api = people(1).build().unwrap();
    let (status, given) = token(&api, "grant_type=password&username=ann&password=x");
    assert_eq!((status, &given["token_type"]), (200, &"Bearer".into()));
    assert_eq!(given["access_token"].as_str().unwrap().len(), 64);
    let refresh = format!(
        "grant_type=refresh_token&refresh_token={}",
        given["refresh_token"].as_str().unwrap()
    );
    assert_eq!(token(&api, &refresh).0, 200);
    assert_eq!(token(&api, "grant_type=client_credentials&client_id=c&client_secret=s").0, 200);
    assert_eq!(token(&api, "grant_type=password&username=ann").0, 401);
    assert_eq!(token(&api, "grant_type=client_credentials").1["error"], "invalid_client");
    let long = format!("grant_type=client_credentials&client_id={}", "c".repeat(1025));
    assert_eq!(token(&api, &long).1["error"], "invalid_client");
    assert_eq!(token(&api, "grant_type=refresh_token&refresh_token=x").0, 401);
}

/// Source: our choice: `X-Mock-Fault`; retries: RFC 9110, section 10.2.3.
#[test]
fn faults_on_demand_and_by_chance() {
    let api = builder().build().unwrap();
    for (asked, status, retry) in
        [("500", 500, ""), ("503", 503, "1"), (" 429 ", 429, "1"), ("404", 404, "")]
    {
        let response =
            ask(&api, &format!("POST {CONTACTS} HTTP/1.1\nX-Mock-Fault: {asked}\n\n{{}}"));
        let (found, message, _) = failure(&response);
        assert_eq!(
            (found, &*message, header(&response, "retry-after")),
            (status, "Injected fault", retry)
        );
    }
    for wrong in ["200", "600", "x", "", "5000", "-1"] {
        let text = format!("GET {CONTACTS} HTTP/1.1\nX-Mock-Fault: {wrong}");
        assert_eq!(failure(&ask(&api, &text)).1, "Unknown fault", "{wrong}");
    }
    let without = format!("GET {CONTACTS} HTTP/1.1\nX-Mock-Fault: 500");
    assert_eq!(failure(&anonymous(&api, &without)).0, 401);
    assert_eq!(ask(&people(1).build().unwrap(), &without).status(), 200);
    assert_eq!(header(&get(&api, CONTACTS), "x-total-count"), "200");
    let share = |faults: &str| {
        let faults = Faults::on_demand(3).with(faults.parse().unwrap());
        let api = people(1).faults(faults).build().unwrap();
        (0..1_000).filter(|_| get(&api, CONTACTS).status() == 503).count()
    };
    assert_eq!((share("503:0%"), share("503:100%")), (0, 1_000));
    assert!((20..90).contains(&share("503:5%")));
    for wrong in ["503", "503:5", "200:5%", "503:101%", "503:-1%", "503:NaN%", ":5%", ""] {
        assert!(wrong.parse::<encoded_query::api::Fault>().is_err(), "{wrong}");
    }
}
