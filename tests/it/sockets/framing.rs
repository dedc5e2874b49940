//! Where a message begins and ends, and what becomes of broken ones. Source: RFC 9112.

use std::net::Shutdown;

use super::{Client, ask, start};

#[test]
fn one_request() {
    let (server, asked) = start();
    let answer = ask(&server, "GET /hello?a=b HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_eq!((answer.status, answer.text()), (200, "GET /hello "));
    assert!(answer.header("date").is_some());
    assert_eq!(asked.count(), 1);
}

#[test]
fn requests_say_how_they_came() {
    let (server, _) = start();
    assert_eq!(ask(&server, "GET /scheme HTTP/1.1\r\nHost: a\r\n\r\n").text(), "http");
}

#[test]
fn connections_are_kept() {
    let (server, _) = start();
    let mut client = Client::of(&server);
    for path in ["/one", "/two", "/three"] {
        client.send(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        assert_eq!(client.answer().text(), format!("GET {path} "));
    }
    client.send("GET /last HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert_eq!(client.answer().text(), "GET /last ");
    client.is_closed();
}

#[test]
fn requests_sent_at_once_are_answered_in_order() {
    let (server, asked) = start();
    let mut client = Client::of(&server);
    client.send(
        "GET /while HTTP/1.1\r\nHost: a\r\n\r\n\
         POST /two HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc\
         GET /three HTTP/1.1\r\nHost: a\r\n\r\n",
    );
    assert_eq!(client.answer().text(), "after a while");
    assert_eq!(client.answer().text(), "POST /two abc");
    assert_eq!(client.answer().text(), "GET /three ");
    assert_eq!(asked.count(), 3);
}

#[test]
fn bodies_come_by_length_or_in_chunks() {
    let (server, _) = start();
    let mut client = Client::of(&server);
    client
        .send("POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n");
    client.send("A\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n");
    assert_eq!(client.answer().text(), "POST /p abc0123456789");
    client.send("POST /q HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok");
    assert_eq!(client.answer().text(), "POST /q ok");
}

/// Chunks count, and the connection closes, so that no proxy that counts otherwise smuggles a request.
/// Source: RFC 9112, 6.1.
#[test]
fn length_and_chunks_at_once() {
    let (server, asked) = start();
    let mut client = Client::of(&server);
    client.send(
        "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\nTransfer-Encoding: chunked\r\n\r\n\
         0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n",
    );
    assert_eq!(client.answer().text(), "POST /p ");
    client.is_closed();
    assert_eq!(asked.count(), 1);
}

/// The status, and words about it; the service is not asked, and what follows is not read.
#[track_caller]
fn refused(request: &str, status: u16, detail: &str) {
    let (server, asked) = start();
    let mut client = Client::of(&server);
    client.send(request);
    client.send("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
    let answer = client.answer();
    answer.is_own(status, detail);
    assert_eq!(answer.header("connection").unwrap(), "close");
    client.is_closed();
    assert_eq!(asked.count(), 0, "{request:?}");
    // It serves the next client all the same.
    assert_eq!(ask(&server, "GET /x HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
}

#[test]
fn broken_heads_are_refused() {
    for head in [
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX-Folded: one\r\n two\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX-Nul: a\0b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX-Control: a\x01b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX-Space : a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\n: a\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
        "G(T / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/3.7\r\nHost: a\r\n\r\n",
        "GET /\r\n\r\n",
        "\x16\x03\x01\x02\0\x01\0\x01\r\n\r\n",
    ] {
        refused(head, 400, "");
    }
}

/// The first request of the page as it is printed there, and what people do by hand.
#[test]
fn who_is_refused_is_told_why() {
    let target = |target| format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n");
    refused(&target("/api/now/contact?sysparm_offset=2>;rel=\"next\""), 400, "%3E");
    refused(&target("/api/now/contact?sysparm_query=name=Ann Lee"), 400, "does not read");
    refused("GET / HTTP/1.1\r\nHost a\r\n\r\n", 400, "header");
}

/// After answers, in one piece with them or not.
#[test]
fn broken_heads_after_others_are_refused() {
    let (server, _) = start();
    let mut client = Client::of(&server);
    for number in 0..3 {
        client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_eq!(client.answer().text(), "GET /x ", "{number}");
    }
    client.send("GET /> HTTP/1.1\r\nHost: a\r\n\r\n");
    client.answer().is_own(400, "%3E");
    client.is_closed();

    let mut client = Client::of(&server);
    client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\nGET /> HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().text(), "GET /x ");
    client.answer().is_own(400, "%3E");
    client.is_closed();
}

/// A service's own answer without words stays so, though hyper writes the same for a head it refuses.
#[test]
fn a_service_may_refuse_without_words() {
    let (server, asked) = start();
    let mut client = Client::of(&server);
    client.send("GET /refused HTTP/1.1\r\nHost: a\r\n\r\n");
    client.send("GET /refused HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    for _ in 0..2 {
        let answer = client.answer();
        assert_eq!((answer.status, answer.text()), (400, ""));
        assert_eq!(answer.header("content-type"), None);
    }
    client.is_closed();
    assert_eq!(asked.count(), 2);
}

#[test]
fn long_heads_are_refused() {
    let target = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(66_000));
    refused(&target, 414, "65534");
    let headers = "X-Many: a\r\n".repeat(200);
    refused(&format!("GET / HTTP/1.1\r\nHost: a\r\n{headers}\r\n"), 431, "100");
    let header = format!("X-Long: {}\r\n", "a".repeat(128 * 1024));
    refused(&format!("GET / HTTP/1.1\r\nHost: a\r\n{header}\r\n"), 431, "131072");
}

#[test]
fn as_many_headers_as_said() {
    let (server, _) = super::start_with(|limits| limits.headers = 3);
    let head = "GET / HTTP/1.1\r\nHost: a\r\nX-2: a\r\nX-3: a\r\n";
    assert_eq!(ask(&server, &format!("{head}\r\n")).status, 200);
    assert_eq!(ask(&server, &format!("{head}X-4: a\r\n\r\n")).status, 431);
}

/// A head that is one line feed short of RFC 9112 is read as it is meant, once. Source: RFC 9112, 2.2.
#[test]
fn lines_may_end_in_bare_line_feeds() {
    let (server, asked) = start();
    let mut client = Client::of(&server);
    client.send("GET /bare HTTP/1.1\nHost: a\nConnection: close\n\n");
    assert_eq!(client.answer().text(), "GET /bare ");
    client.is_closed();
    assert_eq!(asked.count(), 1);
}

#[test]
fn a_request_names_one_host() {
    let (server, asked) = start();
    for (hosts, detail) in [
        ("", "missing"),
        ("Host: a\r\nHost: a\r\n", "twice"),
        ("Host: a b\r\n", "invalid"),
        ("Host: user@a\r\n", "invalid"),
        ("Host: a/b\r\n", "invalid"),
        ("Host: a:x\r\n", "invalid"),
        ("Host: [::1\r\n", "invalid"),
    ] {
        let mut client = Client::of(&server);
        client.send(format!("GET / HTTP/1.1\r\n{hosts}\r\n"));
        let answer = client.answer();
        answer.is_own(400, "names one host");
        assert!(answer.text().contains(detail), "{hosts:?}: {answer:?}");
        assert_eq!(answer.header("connection").unwrap(), "close");
        client.is_closed();
    }
    assert_eq!(asked.count(), 0);
    for host in ["", "localhost", "localhost:8080", "a:", "[::1]:80", "127.0.0.1"] {
        let answer = ask(&server, &format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        assert_eq!(answer.status, 200, "{host:?}");
    }
}

#[test]
fn http_1_0() {
    let (server, _) = start();
    let mut client = Client::of(&server);
    client.send("GET /old HTTP/1.0\r\n\r\n");
    let answer = client.answer();
    assert!(answer.head.starts_with("http/1.0 200"), "{answer:?}");
    assert_eq!(answer.text(), "GET /old ");
    client.is_closed();
    let mut client = Client::of(&server);
    client.send("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    assert_eq!(client.answer().text(), "GET /1 ");
    client.send("GET /2 HTTP/1.0\r\n\r\n");
    assert_eq!(client.answer().text(), "GET /2 ");
}

#[test]
fn an_offer_of_http_2_is_not_taken() {
    let (server, _) = start();
    let mut client = Client::of(&server);
    client.send(
        "GET /one HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\
         HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
    );
    let answer = client.answer();
    assert_eq!((answer.status, answer.text()), (200, "GET /one "));
    assert!(answer.head.starts_with("http/1.1 200"));
    client.send("GET /two HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().text(), "GET /two ");
}

#[test]
fn http_2_at_once_is_told_off() {
    let (server, asked) = start();
    let mut client = Client::of(&server);
    client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0");
    client.answer().is_own(505, "HTTP/1.1");
    client.is_closed();
    assert_eq!(asked.count(), 0);
}

#[test]
fn a_client_may_ask_before_it_sends() {
    let (server, _) = start();
    let head = "HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n";
    let mut client = Client::of(&server);
    client.send(format!("POST /p {head}"));
    assert_eq!(client.head().status, 100);
    client.send("abc");
    assert_eq!(client.answer().text(), "POST /p abc");
    // A service that does not want the body says so at once.
    let mut client = Client::of(&server);
    client.send(format!("POST /unread {head}"));
    assert_eq!(client.answer().status, 413);
    client.is_closed();
}

#[test]
fn a_client_may_end_its_side_first() {
    let (server, _) = start();
    let mut client = Client::of(&server);
    client.send("GET /while HTTP/1.1\r\nHost: a\r\n\r\n");
    client.socket.shutdown(Shutdown::Write).unwrap();
    assert_eq!(client.answer().text(), "after a while");
    client.is_closed();
}

#[test]
fn bodies_that_break_off_reach_the_service_as_errors() {
    let (server, _) = start();
    for body in [
        "Content-Length: 10\r\n\r\nabc",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nabc",
        "Transfer-Encoding: chunked\r\n\r\nx\r\nabc\r\n0\r\n\r\n",
    ] {
        let mut client = Client::of(&server);
        client.send(format!("POST /p HTTP/1.1\r\nHost: a\r\n{body}"));
        client.socket.shutdown(Shutdown::Write).unwrap();
        let answer = client.answer();
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.text().starts_with("cannot read the body"), "{answer:?}");
        client.is_closed();
    }
}

/// The whole answer comes, though the client is still sending what nobody reads.
#[test]
fn a_body_that_nobody_reads() {
    let (server, _) = start();
    let mut client = Client::of(&server);
    client.send("POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n");
    let part = [b'a'; 10_000];
    for _ in 0..200 {
        client.send(part);
    }
    let answer = client.answer();
    assert_eq!((answer.status, answer.text()), (413, "too large"));
    client.is_closed();
}

#[test]
fn head_tells_the_length_of_get() {
    let (server, _) = start();
    let mut client = Client::of(&server);
    client.send("HEAD /large HTTP/1.1\r\nHost: a\r\n\r\nGET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    let head = client.head();
    let get = client.answer();
    assert_eq!(head.header("content-length").unwrap(), "100000");
    assert_eq!(head.header("content-length"), get.header("content-length"));
    assert_eq!(get.body.len(), 100_000);
}

#[test]
fn a_panic_is_an_answer() {
    let (server, _) = start();
    let mut client = Client::of(&server);
    client.send("GET /panic HTTP/1.1\r\nHost: a\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n");
    let answer = client.answer();
    answer.is_own(500, "could not be completed");
    assert!(!answer.text().contains("as it was asked to"));
    assert_eq!(client.answer().text(), "GET /next ");
}
