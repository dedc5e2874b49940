//! Clients and services that take too long. Nothing here measures: a limit is short, or it is never met.

use std::convert::Infallible;
use std::io::{Read, Write};
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use encoded_query::server::{Body, Server};
use http::{Method, Request, Response};
use http_body_util::Full;

use super::{Client, LONG, ask, builder, start_with};

const SHORT: Duration = Duration::from_millis(300);

/// Sends a byte every now and then until the server does not take them, at most for long.
#[track_caller]
fn trickle(client: &mut Client, bytes: &str) {
    let begin = Instant::now();
    for byte in bytes.bytes().cycle() {
        if client.socket.write_all(&[byte]).is_err() {
            return;
        }
        assert!(begin.elapsed() < LONG, "it goes on");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_silent_client_is_closed() {
    let (server, _) = start_with(|limits| limits.header = SHORT);
    Client::of(&server).is_closed();
}

#[test]
fn a_slow_head_is_closed() {
    let (server, asked) = start_with(|limits| limits.header = SHORT);
    let mut client = Client::of(&server);
    client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ");
    trickle(&mut client, "a");
    assert_eq!(asked.count(), 0);
    // Later heads have as long, from their first byte.
    let mut client = Client::of(&server);
    client.send("GET /one HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().text(), "GET /one ");
    client.send("GET /two HTTP/1.1\r\n");
    client.is_closed();
}

#[test]
fn an_idle_connection_is_closed() {
    let (server, _) = start_with(|limits| limits.idle = SHORT);
    let mut client = Client::of(&server);
    client.send("GET /one HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().text(), "GET /one ");
    client.is_closed();
}

/// The time for a head does not count between two requests.
#[test]
fn an_idle_connection_is_not_closed_as_a_slow_head() {
    let (server, _) = start_with(|limits| limits.header = SHORT);
    let mut client = Client::of(&server);
    client.send("GET /one HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().text(), "GET /one ");
    thread::sleep(SHORT * 3);
    client.send("GET /two HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().text(), "GET /two ");
}

/// Nor do these two times count while the service works.
#[test]
fn a_slow_service_is_not_closed_as_idle() {
    let (server, _) = start_with(|limits| (limits.header, limits.idle) = (SHORT, SHORT));
    let mut client = Client::of(&server);
    client.send("GET /while HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().text(), "after a while");
}

#[test]
fn an_answer_that_nobody_takes_is_given_up() {
    let (server, _) = start_with(|limits| (limits.idle, limits.connections) = (SHORT, 1));
    let mut client = Client::of(&server);
    client.send("GET /huge HTTP/1.1\r\nHost: a\r\n\r\n");
    // There is room for one, and it is given to the next.
    assert_eq!(ask(&server, "GET /next HTTP/1.1\r\nHost: a\r\n\r\n").text(), "GET /next ");
    let mut taken = Vec::new();
    // It ends early, in one way or the other.
    let _ = client.socket.read_to_end(&mut taken);
    assert!(taken.len() < 20_000_000, "{}", taken.len());
}

/// A client that takes its time, but goes on taking, gets all of it.
#[test]
fn an_answer_that_is_taken_slowly_comes_whole() {
    let (server, _) = start_with(|limits| limits.idle = Duration::from_secs(3));
    let mut client = Client::of(&server);
    client.send("GET /huge HTTP/1.1\r\nHost: a\r\n\r\n");
    let mut part = vec![0; 1_000_000];
    let mut count = 0;
    for _ in 0..10 {
        client.socket.read_exact(&mut part).unwrap();
        count += part.len();
        thread::sleep(Duration::from_millis(400));
    }
    while count < 20_000_000 {
        count += client.socket.read(&mut part).unwrap();
    }
}

#[test]
fn a_slow_body_is_answered_and_closed() {
    let (server, _) = start_with(|limits| limits.body = SHORT);
    let mut client = Client::of(&server);
    client.send("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
    let mut writer = Client::over(client.socket.try_clone().unwrap());
    let writing = thread::spawn(move || trickle(&mut writer, "a"));
    let answer = client.answer();
    answer.is_own(408, "The body of the request did not come in time.");
    assert_eq!(answer.header("connection").unwrap(), "close");
    client.is_closed();
    writing.join().unwrap();
}

#[test]
fn a_slow_service_is_answered_and_closed() {
    let (server, asked) = start_with(|limits| limits.request = SHORT);
    for request in [
        "GET /forever HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /forever HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
    ] {
        let mut client = Client::of(&server);
        client.send(request);
        let answer = client.answer();
        answer.is_own(408, "The answer was not ready in time.");
        assert_eq!(answer.header("connection").unwrap(), "close");
        client.is_closed();
    }
    assert_eq!(asked.count(), 2);
}

#[test]
fn latency_is_waited_for_and_not_counted() {
    let (builder, asked) = builder();
    let mut limits = encoded_query::server::Limits::default();
    (limits.header, limits.idle, limits.body, limits.request) = (SHORT, SHORT, SHORT, SHORT);
    let server = builder.limits(limits).latency(SHORT * 3..=SHORT * 4, 7).start().unwrap();
    let begin = Instant::now();
    let mut client = Client::of(&server);
    client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().text(), "GET /a ");
    assert!(begin.elapsed() >= SHORT * 3);
    assert_eq!(asked.count(), 1);
}

#[test]
fn who_finds_no_room_waits() {
    let (server, asked) = start_with(|limits| limits.connections = 2);
    let (first, second) = (Client::of(&server), Client::of(&server));
    let mut third = Client::of(&server);
    third.send("GET /third HTTP/1.1\r\nHost: a\r\n\r\n");
    third.socket.set_read_timeout(Some(SHORT)).unwrap();
    assert!(third.socket.read(&mut [0]).is_err(), "it was served");
    assert_eq!(asked.count(), 0);
    drop(first);
    third.socket.set_read_timeout(Some(LONG)).unwrap();
    assert_eq!(third.answer().text(), "GET /third ");
    drop(second);
}

/// Clients that only connect hold their room for the time of a head.
#[test]
fn silent_clients_do_not_keep_others_out() {
    let (server, _) = start_with(|limits| (limits.header, limits.connections) = (SHORT, 2));
    let silent: Vec<_> = (0..8).map(|_| Client::of(&server)).collect();
    assert_eq!(ask(&server, "GET /late HTTP/1.1\r\nHost: a\r\n\r\n").text(), "GET /late ");
    drop(silent);
}

/// What a service that blocks waits for, and how many wait.
#[derive(Default)]
struct Gate {
    open: Mutex<bool>,
    opened: Condvar,
    waiting: AtomicUsize,
}

impl Gate {
    /// Keeps the thread waiting until it is open; whether it was opened before long.
    fn wait(&self) -> bool {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let open = self.open.lock().unwrap();
        *self.opened.wait_timeout_while(open, LONG, |open| !*open).unwrap().0
    }

    fn open(&self) {
        *self.open.lock().unwrap() = true;
        self.opened.notify_all();
    }
}

/// Changes wait for a question to be answered, and there are more of them than threads for all.
#[test]
fn changes_that_block_hold_up_nothing_else() {
    let gate = Arc::new(Gate::default());
    let given = gate.clone();
    let service = tower::service_fn(move |request: Request<Body>| {
        let gate = given.clone();
        async move {
            let answer = match *request.method() {
                Method::POST if gate.wait() => "opened",
                Method::POST => "late",
                _ => {
                    gate.open();
                    "open"
                }
            };
            Ok::<_, Infallible>(Response::new(Full::from(answer)))
        }
    });
    let server = Server::builder(service).blocking_changes().start().unwrap();
    let count = 2 * thread::available_parallelism().map_or(1, NonZero::get) + 1;
    let mut changes: Vec<Client> = (0..count).map(|_| Client::of(&server)).collect();
    for client in &mut changes {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
    }
    let begin = Instant::now();
    while gate.waiting.load(Ordering::SeqCst) < count {
        assert!(begin.elapsed() < LONG, "changes wait for each other");
        thread::sleep(Duration::from_millis(1));
    }
    let mut client = Client::of(&server);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().text(), "open");
    for mut client in changes {
        assert_eq!(client.answer().text(), "opened");
    }
}
