//! Lists: pages, links, and what is made of parameters.

use encoded_query::api::{ContactApi, InvalidPaging};
use http::uri::Scheme;

use super::api::builder;
use super::api_client::{
    CONTACTS, TABLE, ask, column, create, failure, get, header, id, json, link, links, name,
    people, send,
};

/// The field of all records, by following `next` from a page on.
fn walk(api: &ContactApi, first: &str, field: &str, between: impl Fn()) -> Vec<String> {
    let (mut seen, mut target) = (Vec::new(), first.to_owned());
    for _ in 0..500 {
        let page = get(api, &target);
        let next = link(&page, "next");
        assert_eq!(json(&page)["hasMore"], next.is_some(), "{target}");
        assert!(link(&page, "last").is_some() || links(&page).is_empty());
        seen.extend(column(&page, field));
        let Some(next) = next else { return seen };
        between();
        target = next;
    }
    panic!("{first} has no end");
}

/// Source: Contact API, `sysparm_offset`: "enables the retrieval of all records".
#[test]
fn pages_hold_every_record_once() {
    let api = builder().build().unwrap();
    let all = column(&get(&api, &format!("{TABLE}?sysparm_fields=sys_id")), "sys_id");
    assert_eq!(all.len(), 200);
    for limit in [1, 7, 10, 64, 199, 200, 201, 10_000] {
        let first = format!("{CONTACTS}?sysparm_limit={limit}");
        assert_eq!(walk(&api, &first, "sys_id", || ()), all, "{limit}");
        let page = get(&api, &first);
        assert_eq!(header(&page, "x-total-count"), "200");
        if let Some(last) = link(&page, "last") {
            let last = get(&api, &last);
            assert_eq!(link(&last, "next"), None);
            assert_eq!(column(&last, "sys_id"), all[all.len() - (199 % limit + 1)..], "{limit}");
        }
    }
}

/// bad-s-http-27. Source: language.md §10: ties keep the order of insertion.
#[test]
fn records_created_between_pages_move_none_of_the_others() {
    let api = builder().build().unwrap();
    let before = column(&get(&api, &format!("{TABLE}?sysparm_fields=sys_id")), "sys_id");
    let inactive = get(&api, &format!("{CONTACTS}?sysparm_query=active=false"));
    assert_ne!(header(&inactive, "x-total-count"), "0", "nothing comes before the ties");
    let query = format!("{CONTACTS}?sysparm_query=ORDERBYactive&sysparm_limit=7");
    let seen = walk(&api, &query, "sys_id", || {
        for _ in 0..5 {
            create(&api, "{}");
        }
    });
    assert!(seen.len() > before.len(), "nothing was created in time");
    for id in before {
        assert_eq!(seen.iter().filter(|seen| **seen == id).count(), 1, "{id}");
    }
}

/// Shape: as instances send it. Which there are, and their numbers: RFC 8288 names and our choice.
#[test]
fn links_lead_to_the_other_pages() {
    let api = people(12).build().unwrap();
    for (asked, expected) in [
        ("sysparm_limit=5", "first 0, next 5, last 10"),
        ("sysparm_limit=5&sysparm_offset=5", "first 0, prev 0, next 10, last 10"),
        ("sysparm_limit=5&sysparm_offset=10", "first 0, prev 5, last 10"),
        ("sysparm_limit=5&sysparm_offset=3", "first 0, prev 0, next 8, last 10"),
        ("sysparm_limit=5&sysparm_offset=8", "first 0, prev 3, last 10"),
        ("sysparm_limit=5&sysparm_offset=12", "first 0, prev 7, last 10"),
        ("sysparm_limit=6", "first 0, next 6, last 6"),
        ("sysparm_limit=11", "first 0, next 11, last 11"),
        ("sysparm_limit=12", ""),
        ("sysparm_limit=13", ""),
        ("sysparm_limit=9999999999", ""),
        ("sysparm_offset=9999999999&sysparm_limit=9999999999", "first 0, prev 0, last 0"),
        ("sysparm_offset=5&sysparm_query=name=nobody", "first 0, prev 0, last 0"),
        ("sysparm_query=name=nobody", ""),
        ("sysparm_limit=5&sysparm_no_count=true", "first 0, next 5"),
        ("sysparm_limit=5&sysparm_no_count=TRUE&sysparm_offset=5", "first 0, prev 0, next 10"),
        ("sysparm_limit=5&sysparm_no_count=false", "first 0, next 5, last 10"),
        ("sysparm_limit=5&sysparm_suppress_pagination_header=true", ""),
    ] {
        let page = get(&api, &format!("{CONTACTS}?{asked}"));
        let found = links(&page).into_iter().map(|(relation, target)| {
            let (_, offset) = target.rsplit_once("sysparm_offset=").unwrap();
            format!("{relation} {offset}")
        });
        assert_eq!(found.collect::<Vec<_>>().join(", "), expected, "{asked}");
        let is_counted = !asked.contains("no_count=t") && !asked.contains("no_count=T");
        assert_eq!(header(&page, "x-total-count").is_empty(), !is_counted, "{asked}");
    }
}

/// From far beyond the end `prev` comes back to the records, and passes all of them.
#[test]
fn prev_comes_back() {
    let api = people(12).build().unwrap();
    let mut target = format!("{CONTACTS}?sysparm_limit=5&sysparm_offset=53");
    let mut seen = Vec::new();
    loop {
        let page = get(&api, &target);
        seen.extend(column(&page, "name"));
        let Some(before) = link(&page, "prev") else { break };
        target = before;
    }
    assert!((1..=12).all(|number| seen.contains(&name(number))), "{seen:?}");
}

/// Other parameters stay as they were written, in order, and the offset comes last.
#[test]
fn links_keep_the_other_parameters() {
    let api = people(12).build().unwrap();
    for (asked, kept) in [
        ("a=1&sysparm_offset=2&sysparm_limit=5&b=%2B+x", "a=1&sysparm_limit=5&b=%2B+x&"),
        ("SYSPARM_OFFSET=2&sysparm_limit=5", "sysparm_limit=5&"),
        ("sysparm%5Foffset=2&sysparm%5Flimit=5", "sysparm%5Flimit=5&"),
        ("&&sysparm_limit=5&sysparm_view&", "sysparm_limit=5&sysparm_view&"),
        (
            "sysparm_limit=5&sysparm_query=nameLIKEp%5eORDERBYname",
            "sysparm_limit=5&sysparm_query=nameLIKEp%5eORDERBYname&",
        ),
    ] {
        let page = get(&api, &format!("{CONTACTS}?{asked}"));
        let next = link(&page, "next").unwrap();
        let (kept_in_next, offset) = next.rsplit_once("sysparm_offset=").unwrap();
        assert_eq!(kept_in_next, format!("{CONTACTS}?{kept}"), "{asked}");
        let expected = if asked.to_lowercase().contains("offset") { "7" } else { "5" };
        assert_eq!(offset, expected, "{asked}");
        assert_eq!(get(&api, &next).status(), 200);
    }
    // A path stays as it was asked for, version and table included.
    for path in ["/api/now/v2/contact", "/api/now/contact/", "/api/now/v2/table/customer_contact"] {
        let page = get(&api, &format!("{path}?sysparm_limit=5"));
        assert_eq!(
            link(&page, "next").unwrap(),
            format!("{path}?sysparm_limit=5&sysparm_offset=5")
        );
    }
}

/// Source: "Supported REST API headers", `X-HTTP-Method-Override`. A link is asked for by GET.
#[test]
fn links_of_a_form_hold_its_parameters() {
    let api = people(12).build().unwrap();
    let post = "POST /api/now/contact?sysparm_limit=5 HTTP/1.1\nX-HTTP-Method-Override: get\n\
                Content-Type: application/x-www-form-urlencoded;charset=utf-8\n\n";
    let page = ask(&api, &format!("{post}sysparm_query=name!=a b<\"é#>^ORDERBYDESCname"));
    assert_eq!(column(&page, "name"), ["p12", "p11", "p10", "p09", "p08"]);
    let next = link(&page, "next").unwrap();
    assert!(next.contains("sysparm_limit=5&sysparm_query=name!=a%20b%3C%22%C3%A9%23%3E"), "{next}");
    assert_eq!(column(&get(&api, &next), "name"), ["p07", "p06", "p05", "p04", "p03"]);
    // The same parameter in both is given twice.
    assert_eq!(failure(&ask(&api, &format!("{post}sysparm_limit=5"))).0, 400);
    assert_eq!(failure(&ask(&api, &format!("{post}sysparm_query=%zz"))).0, 400);
}

#[test]
fn links_are_absolute() {
    let api = people(12).build().unwrap();
    let next = |text: &str, scheme: Option<Scheme>| {
        let mut request = super::api::request(text);
        if let Some(scheme) = scheme {
            request.extensions_mut().insert(scheme);
        }
        header(&api.handle(request), "link").split_once('?').unwrap().0.to_owned()
    };
    let get = "GET /api/now/contact?sysparm_limit=5 HTTP/1.1";
    let host = format!("{get}\nHost: mock.example:8443");
    assert_eq!(next(&host, None), "<http://mock.example:8443/api/now/contact");
    assert_eq!(next(&host, Some(Scheme::HTTPS)), "<https://mock.example:8443/api/now/contact");
    // Without the header, which HTTP/1.0 allows: our choice.
    assert_eq!(next(get, None), "<http://localhost/api/now/contact");
    assert_eq!(next(&format!("{get}\nHost: "), None), "<http://localhost/api/now/contact");
    // Source: RFC 9112, section 3.2.2: the host of an absolute URL counts, whatever the header says.
    let absolute = "GET https://a.example/api/now/contact?sysparm_limit=5 HTTP/1.1";
    assert_eq!(next(absolute, None), "<https://a.example/api/now/contact");
    let both = format!("{absolute}\nHost: b.example");
    assert_eq!(next(&both, None), "<https://a.example/api/now/contact");
    // Another scheme would lead nowhere.
    let other = absolute.replace("https:", "ftp:");
    assert_eq!(next(&other, None), "<http://a.example/api/now/contact");
}

/// A header of any length is no use; who asks so much pages by number. Our choice.
#[test]
fn links_that_get_too_long_are_left_out() {
    let api = people(12).build().unwrap();
    let page = get(&api, &format!("{CONTACTS}?sysparm_limit=5&x={}", "a".repeat(9_000)));
    assert_eq!((header(&page, "link"), header(&page, "x-total-count")), ("", "12"));
    assert_eq!(json(&page)["hasMore"], true);
}

#[test]
fn parameters_are_read_in_any_case_and_strictly_decoded() {
    let api = people(12).build().unwrap();
    for body in [r#"{"name":"Ann Lee","phone":"+1 858"}"#, r#"{"name":"100%","city":"a&b=c"}"#] {
        create(&api, body);
    }
    for (asked, names) in [
        ("SYSPARM_LIMIT=2", &["p01", "p02"][..]),
        ("SysParm_Query=name=p03", &["p03"]),
        ("sysparm%5fquery=name%3Dp03", &["p03"]),
        ("sysparm_limit=1&sysparm_offset=&sysparm_query=", &["p01"]),
        ("sysparm_limit=&sysparm_query=nameSTARTSWITHp1", &["p10", "p11", "p12"]),
        ("sysparm_limit&sysparm_offset=13", &["100%"]),
        ("sysparm_limit=0000000001", &["p01"]),
        ("sysparm_query=name=Ann+Lee", &["Ann Lee"]),
        ("sysparm_query=name=Ann%20Lee", &["Ann Lee"]),
        ("sysparm_query=name=Ann%2BLee", &[]),
        ("sysparm_query=phone=%2B1%20858", &["Ann Lee"]),
        ("sysparm_query=phone=+1%20858", &[]),
        ("sysparm_query=name=100%25", &["100%"]),
        ("sysparm_query=city=a%26b=c", &["100%"]),
        ("sysparm_query=name=p03%00", &[]),
        ("sysparm_query=name=p03%00^ORname=p04", &["p04"]),
        ("sysparm_query=name=p03#^ORname=p04", &["p03"]),
        (
            "sysparm_view=x&sysparm_query_category=&SYSPARM_READ_REPLICA_CATEGORY=1&sysparm_limit=1",
            &["p01"],
        ),
    ] {
        let page = get(&api, &format!("{CONTACTS}?{asked}"));
        assert_eq!(column(&page, "name"), names, "{asked}");
        assert_eq!(header(&page, "warning"), "", "{asked}");
    }
    for malformed in
        ["name=100%", "name=%f", "name=%zz", "name=%%41", "name=%FF%FE", "%ED%A0%80", "%C0%80"]
    {
        for target in
            [format!("{CONTACTS}?sysparm_query={malformed}"), format!("{TABLE}?x={malformed}")]
        {
            let (status, message, _) = failure(&get(&api, &target));
            assert_eq!((status, &*message), (400, "Malformed percent-encoding"), "{target}");
        }
    }
}

/// Source: the texts of the platform; which are refused: bad-s-http-01, 02, 04, 05 and our choice.
#[test]
fn pages_that_are_none() {
    let (strict, lenient) = (people(12), people(12).invalid_paging(InvalidPaging::UseDefault));
    let (strict, lenient) = (strict.build().unwrap(), lenient.build().unwrap());
    for wrong in [
        "ten",
        "-1",
        "1e3",
        "1.0",
        "+5",
        "%205",
        "5%20",
        "0x5",
        "12345678901",
        "%D9%A3",
        "5,5",
        "%00",
    ] {
        let limit = format!("{CONTACTS}?sysparm_limit={wrong}");
        let (status, message, _) = failure(&get(&strict, &limit));
        assert_eq!(status, 400);
        assert!(message.starts_with("Page size "), "{message}");
        assert!(message.contains(" is Invalid."), "{message}");
        assert_eq!(column(&get(&lenient, &limit), "name").len(), 10, "{wrong}");
        let offset = format!("{CONTACTS}?sysparm_offset={wrong}");
        let (status, message, _) = failure(&get(&strict, &offset));
        assert_eq!(status, 400);
        assert!(message.starts_with("Page offset "), "{message}");
        assert!(message.contains(" is invalid."), "{message}");
        assert_eq!(column(&get(&lenient, &offset), "name")[0], "p01", "{wrong}");
    }
    let (_, message, _) = failure(&get(&strict, &format!("{CONTACTS}?sysparm_limit=0")));
    assert!(message.starts_with("Page size 0 is Invalid."));
    assert_eq!(column(&get(&lenient, &format!("{CONTACTS}?sysparm_limit=0")), "name").len(), 10);
    for parameter in ["sysparm_limit", "sysparm_offset", "sysparm_query"] {
        let target = format!("{CONTACTS}?{parameter}=1&{}=1", parameter.to_uppercase());
        let (status, message, _) = failure(&get(&strict, &target));
        assert_eq!((status, message), (400, format!("{parameter} is given twice")));
    }
}

#[test]
fn a_limit_over_the_highest_is_lowered() {
    let api = people(12).max_limit(5).build().unwrap();
    for (limit, found) in [(4, 4), (5, 5), (6, 5), (9_999_999_999_u64, 5)] {
        for path in [CONTACTS, TABLE] {
            let page = get(&api, &format!("{path}?sysparm_limit={limit}"));
            assert_eq!(column(&page, "name").len(), found, "{path} {limit}");
        }
    }
    let all = walk(&api, &format!("{CONTACTS}?sysparm_limit=9999999999"), "name", || ());
    assert!(all.into_iter().eq((1..=12).map(name)));
    // Source: Table API, `sysparm_limit`, default 10,000.
    let api = people(10_001).build().unwrap();
    assert_eq!(column(&get(&api, CONTACTS), "name").len(), 10);
    let page = get(&api, &format!("{TABLE}?sysparm_fields=sys_id"));
    assert_eq!(column(&page, "sys_id").len(), 10_000);
    assert_eq!(column(&get(&api, &link(&page, "next").unwrap()), "sys_id"), [id(10_001)]);
}

/// bad-s-http-06. What is named, and how: our choice.
#[test]
fn slips_are_named() {
    let api = people(12).build().unwrap();
    for (asked, named) in [
        ("sysparam_query=active=false", "did you mean `sysparm_query`?"),
        ("sysparm_ofset=5", "did you mean `sysparm_offset`?"),
        ("active=false", "`sysparm_query` filters, by `active=VALUE`"),
        ("sysparm_limt%0d%0aSet-Cookie:%20a=1", ""),
        ("_=1731", ""),
        ("callback=x", ""),
    ] {
        let page = get(&api, &format!("{CONTACTS}?{asked}"));
        assert_eq!(header(&page, "x-total-count"), "12");
        let warning = header(&page, "warning");
        assert!(warning.contains(named), "{asked}: {warning}");
        assert_eq!(warning.is_empty(), named.is_empty(), "{asked}: {warning}");
    }
}

/// As many headers as parameters would be more than any client takes. Our choice.
#[test]
fn warnings_are_few() {
    let api = people(1).build().unwrap();
    let form = "sysparm_limi=1&".repeat(5_000);
    let head = "POST /api/now/contact HTTP/1.1\nX-HTTP-Method-Override: GET\n\
                Content-Type: application/x-www-form-urlencoded\n\n";
    let page = ask(&api, &format!("{head}{form}"));
    let warnings = page.headers().get_all("warning").iter().count();
    assert!((1..=21).contains(&warnings), "{warnings}");
    let fields: Vec<String> = (0..900).map(|number| format!("no{number}")).collect();
    let fields = fields.join(",");
    let page = get(&api, &format!("{TABLE}?sysparm_fields={fields}"));
    let warnings = page.headers().get_all("warning").iter().count();
    assert!((1..=21).contains(&warnings), "{warnings}");
}

/// Source: RFC 9110, section 9.3.2.
#[test]
fn heads_are_those_of_get() {
    let api = builder().build().unwrap();
    for target in
        [CONTACTS, TABLE, "/api/now/contact/nobody", "/openapi.json", "/", "/__admin/health"]
    {
        let whole = get(&api, target);
        let head = send(&api, super::api::request(&format!("HEAD {target} HTTP/1.1")));
        assert_eq!((head.status(), head.body().len()), (whole.status(), 0), "{target}");
        assert_eq!(header(&head, "content-length"), whole.body().len().to_string());
        for name in ["content-type", "x-total-count", "link", "x-query-diagnostics"] {
            assert_eq!(header(&head, name), header(&whole, name), "{target}");
        }
    }
}
