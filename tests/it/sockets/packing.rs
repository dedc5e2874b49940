//! Answers that are compressed when asked.

use super::{Answer, Client, ask, start};

fn large(accept: &str) -> Answer {
    let (server, _) = start();
    ask(&server, &format!("GET /large HTTP/1.1\r\nHost: a\r\n{accept}\r\n"))
}

fn is_packed(answer: &Answer) -> bool {
    assert_eq!(answer.status, 200);
    assert!(answer.header("vary").unwrap().contains("accept-encoding"), "{:?}", answer.head);
    let is_packed = answer.header("content-encoding").is_some_and(|coding| coding == "gzip");
    if is_packed {
        assert_eq!(answer.body[..2], [0x1f, 0x8b]);
        // The trailer has the length of what was packed.
        let (_, length) = answer.body.split_last_chunk::<4>().unwrap();
        assert_eq!(u32::from_le_bytes(*length), 100_000);
        assert!(answer.body.len() < 5_000);
        assert_eq!(answer.header("content-length"), None);
    } else {
        assert_eq!(answer.body.len(), 100_000);
        assert_eq!(answer.header("content-length").unwrap(), "100000");
    }
    is_packed
}

#[test]
fn gzip_when_asked() {
    assert!(is_packed(&large("Accept-Encoding: gzip\r\n")));
    assert!(is_packed(&large("Accept-Encoding: br, gzip;q=0.5\r\n")));
    assert!(!is_packed(&large("")));
    assert!(!is_packed(&large("Accept-Encoding: br\r\n")));
    assert!(!is_packed(&large("Accept-Encoding: gzip;q=0\r\n")));
}

/// The work of the service is done, so its answer comes as it is. Source: RFC 9110, 12.5.3.
#[test]
fn no_encoding_is_good_enough() {
    assert!(!is_packed(&large("Accept-Encoding: identity;q=0, gzip;q=0\r\n")));
    assert!(!is_packed(&large("Accept-Encoding: *;q=0\r\n")));
    let (server, _) = start();
    let request = "GET /panic HTTP/1.1\r\nHost: a\r\nAccept-Encoding: *;q=0\r\n\r\n";
    ask(&server, request).is_own(500, "");
}

#[test]
fn small_answers_stay() {
    let (server, _) = start();
    let answer = ask(&server, "GET /a HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
    assert_eq!(answer.text(), "GET /a ");
    assert_eq!(answer.header("content-encoding"), None);
}

#[test]
fn head_says_what_get_would() {
    let (server, _) = start();
    let mut client = Client::of(&server);
    client.send("HEAD /large HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
    let answer = client.head();
    assert_eq!(answer.header("content-encoding").unwrap(), "gzip");
    assert_eq!(answer.header("content-length"), None);
    client.send("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().text(), "GET /next ");
}
