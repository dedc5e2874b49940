//! How a server ends.

use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use encoded_query::server::Server;

use super::{Asked, Client, LONG, builder, start, start_with};

fn wait_for(asked: &Asked, count: usize) {
    let begin = Instant::now();
    while asked.count() < count {
        assert!(begin.elapsed() < LONG);
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn requests_that_run_end() {
    let (server, asked) = start_with(|limits| limits.grace = LONG);
    let addr = server.addr();
    let mut client = Client::of(&server);
    client.send("GET /while HTTP/1.1\r\nHost: a\r\n\r\n");
    wait_for(&asked, 1);
    server.stop();
    let answer = client.answer();
    assert_eq!(answer.text(), "after a while");
    assert_eq!(answer.header("connection").unwrap(), "close");
    client.is_closed();
    assert!(TcpStream::connect(addr).is_err());
}

/// Idle connections do not make it wait for the grace.
#[test]
fn idle_connections_are_closed_at_once() {
    let (server, _) = start_with(|limits| limits.grace = LONG * 4);
    let mut kept = Client::of(&server);
    kept.send("GET /one HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(kept.answer().text(), "GET /one ");
    let mut fresh = Client::of(&server);
    let begin = Instant::now();
    server.stop();
    assert!(begin.elapsed() < LONG);
    kept.is_closed();
    fresh.is_closed();
}

#[test]
fn requests_that_do_not_end_are_given_up() {
    let grace = Duration::from_millis(200);
    let (server, asked) = start_with(|limits| limits.grace = grace);
    let mut client = Client::of(&server);
    client.send("GET /forever HTTP/1.1\r\nHost: a\r\n\r\n");
    wait_for(&asked, 1);
    let begin = Instant::now();
    server.stop();
    assert!(begin.elapsed() >= grace);
    assert!(begin.elapsed() < LONG);
    client.is_closed();
}

#[test]
fn a_server_that_is_dropped_is_stopped() {
    let (server, _) = start();
    let addr = server.addr();
    let mut client = Client::of(&server);
    drop(server);
    client.is_closed();
    assert!(TcpStream::connect(addr).is_err());
}

/// Nothing in it blocks or panics inside the runtime of someone else.
#[test]
fn it_runs_inside_another_runtime() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let (server, _) = start();
        assert_eq!(super::ask(&server, "GET /a HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
        server.stop();
    });
}

#[test]
fn an_address_in_use_is_an_error() {
    let (first, _) = start();
    let error = builder().0.bind(first.addr()).start().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
    assert_eq!(first.url(), format!("http://{}", first.addr()));
    assert_eq!(first.tls_url(), None);
    assert_eq!(first.certificate(), None);
}

#[test]
fn servers_go_to_other_threads() {
    fn check<T: Send + Sync>() {}
    check::<Server>();
}

/// The test runs itself as another process, to which signals are sent until it has ended.
#[cfg(unix)]
#[test]
fn a_signal_ends_it() {
    use std::io::{BufRead, BufReader, Write};
    use std::process::{Command, Stdio};

    const CHILD: &str = "ENCODED_QUERY_SIGNALLED";
    if std::env::var_os(CHILD).is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
        let _inside = runtime.enter();
        // From here on no signal ends the process.
        let kind = tokio::signal::unix::SignalKind::terminate();
        let _held = tokio::signal::unix::signal(kind).unwrap();
        let (server, _) = start();
        writeln!(std::io::stdout(), "\nlistening {}", server.addr()).unwrap();
        server.wait_for_signal().unwrap();
        writeln!(std::io::stdout(), "\nstopped").unwrap();
        return;
    }
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "sockets::stopping::a_signal_ends_it", "--nocapture"])
        .env(CHILD, "1")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let addr = lines.find_map(|line| line.strip_prefix("listening ").map(str::to_owned)).unwrap();
    let mut client = Client::over(TcpStream::connect(addr).unwrap());
    client.send("GET /one HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().text(), "GET /one ");
    let begin = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(begin.elapsed() < LONG);
        Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        thread::sleep(Duration::from_millis(20));
    }
    assert!(child.wait().unwrap().success());
    assert!(lines.any(|line| line == "stopped"));
    client.is_closed();
}
