//! Formats: which one an Accept header asks for, and XML that reads back.

use encoded_query::api::ContactApi;
use encoded_query::{Schema, Table};
use quick_xml::Reader;
use quick_xml::events::Event;

use super::api::builder;
use super::api_client::{CONTACTS, TABLE, ask, create, failure, get, header, people};

const JSON: &str = "application/json;charset=UTF-8";
const XML: &str = "application/xml;charset=UTF-8";
const TEXT: &str = "text/xml;charset=UTF-8";
/// None of the formats: 406, with a body in JSON.
const NONE: &str = "";

/// Source: RFC 9110, sections 12.4.2 and 12.5.1; of formats liked alike the one named first, and JSON
/// where the header reads as nothing: our choice.
#[test]
fn accept_chooses_the_format() {
    let api = people(1).build().unwrap();
    for (accept, expected) in [
        ("application/json", JSON),
        ("application/xml", XML),
        ("text/xml", TEXT),
        ("Application/JSON", JSON),
        ("APPLICATION/xml", XML),
        ("*/*", JSON),
        ("application/*", JSON),
        ("text/*", TEXT),
        ("application/json, application/xml", JSON),
        ("application/xml, application/json", XML),
        ("application/xml,application/json;q=0.9", XML),
        ("application/xml;q=0.9,application/json", JSON),
        ("application/json;q=0.8;x=1, application/xml ; q = 0.9", XML),
        ("application/xml;q=0.001", XML),
        ("application/xml;Q=0.5, application/json;Q=0.4", XML),
        ("application/json;q=0.123, application/xml;q=0.124", XML),
        ("application/json;q=1.000, application/xml;q=1", JSON),
        ("*/*;q=0.1, application/xml;q=0.2", XML),
        ("*/*, application/json;q=0", XML),
        ("*/*, application/json;q=0, application/xml;q=0", TEXT),
        ("application/*;q=0.5, text/xml;q=0.4", JSON),
        ("application/*, application/json;q=0", XML),
        ("application/*;q=0.2, application/xml;q=0.1", JSON),
        // A more specific range counts, even if it is liked less.
        ("application/json;q=0.1, */*;q=0.9", XML),
        ("application/vnd.api+json", JSON),
        ("application/problem+json;q=0.5, text/xml;q=0.4", JSON),
        // The very name is more specific than a suffix.
        ("application/problem+json, application/json;q=0.1, application/xml;q=0.5", XML),
        ("application/json;q=0.1, application/problem+json, application/xml;q=0.5", XML),
        ("application/atom+xml", XML),
        ("application/json;charset=utf-8", JSON),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", XML),
        ("text/html, */*;q=0.1", JSON),
        ("text/html", NONE),
        ("text/plain, image/png", NONE),
        ("text/json", NONE),
        ("application/xhtml", NONE),
        ("image/svg+xml", NONE),
        ("*/json", NONE),
        ("application/json;q=0", NONE),
        ("application/json;q=0.0, application/xml;q=0.000, */*;q=0", NONE),
        ("application/json;q=0, application/xml;q=0, */*;q=0", NONE),
        ("application/*;q=0, text/xml", TEXT),
        // Not by the rules: what does not read asks for nothing.
        ("", JSON),
        ("json", JSON),
        (",, ,", JSON),
        ("application/xml;q=high, application/json;q=0.1", JSON),
        ("application/xml;q=1.5, application/json;q=0.1", JSON),
        ("application/xml;q=-1, application/json;q=0.1", JSON),
    ] {
        for path in
            [CONTACTS.to_owned(), TABLE.to_owned(), format!("{CONTACTS}/{}", "0".repeat(31) + "1")]
        {
            let response = ask(&api, &format!("GET {path} HTTP/1.1\nAccept: {accept}"));
            if expected == NONE {
                let (status, message, _) = failure(&response);
                assert_eq!((status, &*message), (406, "Not acceptable"), "{accept}");
            } else {
                assert_eq!(response.status(), 200, "{accept}");
                assert_eq!(header(&response, "content-type"), expected, "{accept}");
                let first = if expected == JSON { b'{' } else { b'<' };
                assert_eq!(response.body()[0], first, "{accept}");
            }
        }
    }
    // Several headers are one.
    let two =
        "GET /api/now/contact HTTP/1.1\nAccept: application/json;q=0.1\nAccept: application/xml";
    assert_eq!(header(&ask(&api, two), "content-type"), XML);
    assert_eq!(header(&get(&api, CONTACTS), "content-type"), JSON);
}

/// Source: Contact API, POST, Accept: "Only supports application/json."
#[test]
fn a_new_contact_is_answered_in_json_only() {
    let api = people(0).build().unwrap();
    for (accept, status) in [
        ("application/json", 201),
        ("*/*", 201),
        ("application/xml, */*;q=0.1", 201),
        ("application/xml", 406),
        ("text/xml", 406),
        ("application/json;q=0, */*", 406),
    ] {
        let text = format!("POST {CONTACTS} HTTP/1.1\nAccept: {accept}\n\n{{}}");
        assert_eq!(ask(&api, &text).status(), status, "{accept}");
        // The Table API answers in what is asked for.
        let text = format!("POST {TABLE} HTTP/1.1\nAccept: {accept}\n\n{{}}");
        let expected = if accept.contains("xml") && !accept.contains("json") { '<' } else { '{' };
        let expected = if accept == "application/json;q=0, */*" { '<' } else { expected };
        assert_eq!(char::from(ask(&api, &text).body()[0]), expected, "{accept}");
    }
    assert_eq!(header(&get(&api, CONTACTS), "x-total-count"), "9");
}

/// The elements of an answer, outermost first, with the texts in them.
fn elements(xml: &[u8]) -> Vec<(String, String)> {
    let text = std::str::from_utf8(xml).unwrap();
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let (mut found, mut open): (Vec<(String, String)>, Vec<usize>) = (Vec::new(), Vec::new());
    loop {
        let mut add = |open: &[usize], more: &str| found[*open.last().unwrap()].1.push_str(more);
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                open.push(found.len());
                found.push((start.name().as_ref().to_owned(), String::new()));
            }
            Event::End(_) => {
                open.pop().unwrap();
            }
            Event::Text(text) => add(&open, &text),
            Event::GeneralRef(reference) => match reference.resolve_char_ref().unwrap() {
                Some(c) => add(&open, &c.to_string()),
                None => {
                    add(&open, quick_xml::escape::resolve_predefined_entity(&reference).unwrap());
                }
            },
            Event::Eof => break,
            Event::Decl(_) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(open.is_empty());
    found
}

fn element(xml: &[u8], name: &str) -> String {
    let found = elements(xml).into_iter().find(|(found, _)| found == name);
    found.unwrap_or_else(|| panic!("no {name}")).1
}

/// Source: XML 1.0, production 2 (Char), section 2.11 (line ends): what is allowed comes back as it is,
/// and U+FFFD stands for the rest.
#[test]
fn xml_holds_every_character() {
    let mut table = Table::new(Schema::customer_contact());
    let scalars: Vec<char> = ('\0'..=char::MAX).collect();
    let chunks: Vec<String> = scalars.chunks(8_192).map(|chunk| chunk.iter().collect()).collect();
    for (number, text) in chunks.iter().enumerate() {
        let id = format!("{number:032x}");
        table.push([("sys_id", id.into()), ("street", text.into())]).unwrap();
    }
    let api = ContactApi::builder(table).build().unwrap();
    let is_allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    let (mut seen, mut forbidden) = (0, 0);
    for (number, text) in chunks.iter().enumerate() {
        let target = format!("{CONTACTS}/{number:032x}");
        let answer = ask(&api, &format!("GET {target} HTTP/1.1\nAccept: application/xml"));
        let expected = text.chars().map(|c| if is_allowed(c) { c } else { '\u{fffd}' });
        assert!(element(answer.body(), "street").chars().eq(expected), "chunk {number}");
        (seen, forbidden) = (
            seen + text.chars().count(),
            forbidden + text.chars().filter(|c| !is_allowed(*c)).count(),
        );
    }
    // 0x110000 code points less 2,048 surrogates; C0 controls but three, U+FFFE and U+FFFF.
    assert_eq!((seen, forbidden), (0x11_0000 - 2_048, 31));
}

/// Texts that look like markup, and blanks, come back from lists, display values and failures too.
#[test]
fn xml_keeps_what_looks_like_markup() {
    let api = people(0).build().unwrap();
    let nasty = "]]> <![CDATA[x]]> <!-- & &amp; &#0; <?pi?> \"'  \t end ";
    let body = serde_json::json!({ "name": nasty, "account": nasty });
    create(&api, &body.to_string());
    for target in [
        CONTACTS.to_owned(),
        format!("{TABLE}?sysparm_fields=name,account"),
        format!("{TABLE}?sysparm_fields=name,account&sysparm_exclude_reference_link=true"),
    ] {
        let answer = ask(&api, &format!("GET {target} HTTP/1.1\nAccept: application/xml"));
        assert_eq!(element(answer.body(), "name"), nasty, "{target}");
    }
    let all = format!(
        "GET {TABLE}?sysparm_fields=account&sysparm_display_value=all HTTP/1.1\nAccept: text/xml"
    );
    let answer = ask(&api, &all);
    assert_eq!(element(answer.body(), "display_value"), nasty);
    assert_eq!(element(answer.body(), "value"), nasty);
    let missing = "GET /api/now/table/a%3C%26%01b HTTP/1.1\nAccept: application/xml";
    assert_eq!(element(ask(&api, missing).body(), "message"), r"Invalid table a<&\u{1}b");
}

/// A stored text in a link is percent-encoded. Source: RFC 3986.
#[test]
fn links_to_records_are_urls() {
    let api = people(0).build().unwrap();
    create(&api, r#"{"account":"a b/<é>?#"}"#);
    let page = get(&api, &format!("{TABLE}?sysparm_fields=account"));
    let shown = super::api_client::json(&page);
    let account = &shown["result"][0]["account"];
    assert_eq!(account["value"], "a b/<é>?#");
    let expected = "http://mock.example/api/now/table/customer_account/a%20b%2F%3C%C3%A9%3E%3F%23";
    assert_eq!(account["link"], expected);
}

/// Source: our choice: shapes.
#[test]
fn shapes_of_xml() {
    let api = builder().build().unwrap();
    let xml = |target: &str| {
        let answer = ask(&api, &format!("GET {target} HTTP/1.1\nAccept: application/xml"));
        String::from_utf8(answer.body().to_vec()).unwrap()
    };
    let start = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><response>";
    let empty = format!("{CONTACTS}?sysparm_query=name=nobody");
    assert_eq!(xml(&empty), format!("{start}<hasMore>false</hasMore></response>"));
    let list = xml(&format!("{CONTACTS}?sysparm_limit=2"));
    assert!(list.starts_with(&format!("{start}<result><")) && list.contains("</result><result>"));
    assert!(list.ends_with("</result><hasMore>true</hasMore></response>"));
    let one = xml(&format!("{CONTACTS}/ddce70866f9331003b3c498f5d3ee417"));
    assert!(one.ends_with("</result></response>") && !one.contains("hasMore"));
    assert_eq!(elements(one.as_bytes()).len(), 65 + 2);
    let missing = xml(&format!("{CONTACTS}/x"));
    let error = "<error><message>No Record found</message><detail>Record doesn't exist or ACL restricts \
                 the record retrieval</detail></error><status>failure</status></response>";
    assert_eq!(missing, format!("{start}{error}"));
    let table = xml(&format!("{TABLE}?sysparm_query=name=nobody"));
    assert!(table == format!("{start}</response>") || table.ends_with("<response/>"), "{table}");
}
