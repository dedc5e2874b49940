//! `encq serve` as a process, asked over sockets.

#![expect(
    clippy::expect_used,
    clippy::format_collect,
    clippy::single_match_else,
    reason = "a test may be plain and tell what it leaves out"
)]

mod bad_inputs;
mod keeping;
mod options;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

/// George Warren of the page.
pub(super) const GEORGE: &str = "/api/now/contact/ddce70866f9331003b3c498f5d3ee417";
pub(super) const ADMIN: [&str; 4] = ["--user", "admin", "--password", "admin"];
/// The credentials of that account.
pub(super) const AUTHORIZATION: &str = "Authorization: Basic YWRtaW46YWRtaW4=";

/// A server that is killed in the end.
pub(super) struct Serving {
    pub(super) child: Child,
    /// Host and port.
    pub(super) address: String,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Reads an answer whose end is that of the connection, or the one its head tells.
    pub(super) fn read(stream: &mut impl Read) -> Option<Self> {
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if line.trim_end().is_empty() {
                break;
            }
            head.push_str(&line);
        }
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let mut answer = Self { status, head, body: Vec::new() };
        let length = answer.header("content-length").map(|length| length.trim().parse().unwrap());
        match length {
            Some(length) => {
                let mut body = reader.take(length);
                body.read_to_end(&mut answer.body).ok()?;
            }
            None => {
                reader.read_to_end(&mut answer.body).ok()?;
            }
        }
        Some(answer)
    }
}

impl Serving {
    /// Starts a server on a free port.
    pub(super) fn start(arguments: &[&str]) -> Self {
        Self::try_start(arguments).unwrap_or_else(|said| panic!("it does not start: {said}"))
    }

    /// Starts a server; what it says on standard error if it ends at once.
    pub(super) fn try_start(arguments: &[&str]) -> Result<Self, String> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_encq"))
            .args(["serve", "--port", "0"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        match line.trim_end().strip_prefix("listening http://") {
            Some(address) => Ok(Self { child, address: address.to_owned() }),
            None => {
                let mut said = String::new();
                child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
                Err(format!("{:?}: {said}", child.wait().unwrap().code()))
            }
        }
    }

    pub(super) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    }

    /// Asks on a connection of its own, as the account if there is one.
    pub(super) fn ask(&self, line: &str, headers: &[&str], body: &[u8]) -> Answer {
        self.try_ask(line, headers, body).expect("an answer")
    }

    pub(super) fn try_ask(&self, line: &str, headers: &[&str], body: &[u8]) -> Option<Answer> {
        let mut stream = self.connect();
        let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
        let length = body.len();
        let head = format!(
            "{line} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n",
            self.address
        );
        stream.write_all(head.as_bytes()).ok()?;
        // A server may refuse a body before it has read it.
        let _ = stream.write_all(body);
        Answer::read(&mut stream)
    }

    pub(super) fn get(&self, target: &str) -> Answer {
        self.ask(&format!("GET {target}"), &[AUTHORIZATION], b"")
    }

    pub(super) fn create(&self, body: &str) -> Option<Answer> {
        let headers = [AUTHORIZATION, "Content-Type: application/json"];
        self.try_ask("POST /api/now/contact", &headers, body.as_bytes())
    }

    #[cfg(unix)]
    pub(super) fn signal(&self, name: &str) {
        let killed = Command::new("kill").args([name, &self.child.id().to_string()]).status();
        assert!(killed.unwrap().success());
    }

    /// What it wrote to standard error, once it has ended.
    pub(super) fn said(mut self) -> String {
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        said
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_three_operations() {
    let server = Serving::start(&ADMIN);
    let list = server.get("/api/now/contact?sysparm_query=nameLIKEwarren&sysparm_limit=1");
    assert_eq!(
        (list.status, list.json()["result"][0]["name"].as_str()),
        (200, Some("George Warren"))
    );
    assert_eq!(list.json()["hasMore"], list.header("x-total-count").is_some_and(|n| n != "1"));

    let one = server.get(GEORGE);
    assert_eq!((one.status, one.json()["result"]["sys_mod_count"].as_str()), (200, Some("3")));
    let xml =
        server.ask(&format!("GET {GEORGE}"), &[AUTHORIZATION, "Accept: application/xml"], b"");
    assert!(String::from_utf8_lossy(&xml.body).contains("<response><result><account>"));

    let created = server.create(r#"{"name":"Dora Warren","first_name":"Dora"}"#).unwrap();
    let id = created.json()["result"].as_str().unwrap().to_owned();
    assert_eq!((created.status, id.len()), (201, 32));
    let again = server.get(&format!("/api/now/v1/contact/{id}")).json();
    assert_eq!(again["result"]["name"], "Dora Warren");
    assert_eq!(again["result"]["sys_created_by"], "admin");
    assert_eq!(again["result"]["notification"], "2");
}

#[cfg(unix)]
#[test]
fn it_ends_when_it_is_told_to() {
    for signal in ["-INT", "-TERM"] {
        let mut server = Serving::start(&[]);
        server.signal(signal);
        assert_eq!(server.child.wait().unwrap().code(), Some(0), "{signal}");
    }
}

/// A certificate that was made for this server alone goes with it, and so does its key.
#[cfg(unix)]
#[test]
fn a_temporary_certificate_goes_with_the_server() {
    let mut server = Serving::start(&["--tls-port", "0"]);
    let said = BufReader::new(server.child.stderr.take().unwrap());
    let mut lines = said.lines().map(Result::unwrap);
    let path = lines.find_map(|line| Some(line.strip_prefix("certificate: ")?.to_owned())).unwrap();
    let folder = std::path::Path::new(&path).parent().unwrap();
    assert!(folder.join("key.pem").exists());
    server.signal("-INT");
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
    assert!(!folder.exists(), "{}", folder.display());
}

#[cfg(unix)]
#[test]
fn a_line_for_each_request() {
    let ask = |arguments: &[&str]| {
        let mut server = Serving::start(&[&ADMIN, arguments].concat());
        server.get("/api/now/contact?sysparm_query=fist_name=George");
        server.ask("GET /api/now/contact", &[], b"");
        server.signal("-INT");
        server.child.wait().unwrap();
        server.said()
    };
    let text = ask(&["--log", "text", "--quiet"]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[0].contains(" 200 ") && lines[0].contains(" admin "), "{text}");
    assert!(lines[0].ends_with("[unknown-field, everything-ignored]"), "{text}");
    assert!(lines[1].contains(" 401 ") && lines[1].contains(" - "), "{text}");
    assert!(!text.contains("YWRtaW46"), "credentials in {text}");

    let json = ask(&["--log", "json", "--quiet"]);
    let lines: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["status"], &lines[1]["status"]), (&200.into(), &401.into()));
    assert_eq!(lines[0]["query"], "fist_name=George");
    assert_eq!(lines[0]["diagnostics"][0]["code"], "unknown-field");

    let usual = ask(&[]);
    assert!(usual.contains("200 in customer_contact") && usual.contains("try: curl"), "{usual}");
    assert!(!usual.contains("everything-ignored"), "a log nobody asked for: {usual}");
    assert!(!usual.contains("admin:admin"), "a password in {usual}");
}
