//! The server, asked with raw bytes.

mod browsers;
mod framing;
mod packing;
mod stopping;
mod times;
mod tls;

use std::convert::Infallible;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use encoded_query::server::{Body, Builder, Limits, Server};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};

/// Longer than anything takes, on any machine; a test that waits as long has failed.
pub(super) const LONG: Duration = Duration::from_secs(30);

/// How many requests the service was asked.
#[derive(Clone, Default)]
pub(super) struct Asked(Arc<AtomicUsize>);

impl Asked {
    pub(super) fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// A service that does as the path says.
async fn served(request: Request<Body>, asked: Asked) -> Result<Response<Full<Bytes>>, Infallible> {
    asked.0.fetch_add(1, Ordering::SeqCst);
    let (parts, body) = request.into_parts();
    let text = match parts.uri.path() {
        "/panic" => panic!("as it was asked to"),
        "/forever" => {
            body.collect().await.unwrap();
            std::future::pending().await
        }
        "/while" => {
            tokio::time::sleep(Duration::from_millis(700)).await;
            "after a while".to_owned()
        }
        "/scheme" => {
            let scheme = parts.extensions.get::<http::uri::Scheme>();
            scheme.map_or("http", http::uri::Scheme::as_str).to_owned()
        }
        "/large" => "0123456789".repeat(10_000),
        "/huge" => "0123456789".repeat(2_000_000),
        "/refused" => {
            let mut response = Response::new(Full::default());
            *response.status_mut() = StatusCode::BAD_REQUEST;
            return Ok(response);
        }
        "/unread" => {
            let mut response = Response::new("too large".into());
            *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
            return Ok(response);
        }
        path => match body.collect().await {
            Ok(body) => {
                let body = String::from_utf8(body.to_bytes().to_vec()).unwrap();
                format!("{} {path} {body}", parts.method)
            }
            Err(error) => {
                let mut response = Response::new(error.to_string().into());
                *response.status_mut() = StatusCode::BAD_REQUEST;
                return Ok(response);
            }
        },
    };
    Ok(Response::new(text.into()))
}

pub(super) type Stub =
    tower::util::BoxCloneSyncService<Request<Body>, Response<Full<Bytes>>, Infallible>;

pub(super) fn builder() -> (Builder<Stub>, Asked) {
    let asked = Asked::default();
    let counted = asked.clone();
    let service = tower::service_fn(move |request| served(request, counted.clone()));
    (Server::builder(Stub::new(service)), asked)
}

pub(super) fn start() -> (Server, Asked) {
    let (builder, asked) = builder();
    (builder.start().unwrap(), asked)
}

pub(super) fn start_with(change: impl FnOnce(&mut Limits)) -> (Server, Asked) {
    let (builder, asked) = builder();
    let mut limits = Limits::default();
    change(&mut limits);
    (builder.limits(limits).start().unwrap(), asked)
}

/// One answer, read from the bytes.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// In lower case, a line each.
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// All values of a header.
    pub(super) fn header(&self, name: &str) -> Option<String> {
        let values: Vec<_> = self
            .head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .filter(|(found, _)| *found == name)
            .map(|(_, value)| value.to_owned())
            .collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// That it has the shape and the headers of an answer of the server's own.
    #[track_caller]
    pub(super) fn is_own(&self, status: u16, detail: &str) {
        assert_eq!(self.status, status, "{self:?}");
        let body: serde_json::Value = serde_json::from_slice(&self.body).unwrap();
        assert!(self.text().starts_with("{\"error\":{\"message\":"), "not as the API writes it");
        assert_eq!(body["status"], "failure");
        assert!(body["error"]["message"].is_string());
        assert!(body["error"]["detail"].as_str().unwrap().contains(detail), "{body}");
        assert_eq!(self.header("content-type").unwrap(), "application/json;charset=utf-8");
        assert_eq!(self.header("cache-control").unwrap(), "no-store");
        assert_eq!(self.header("x-content-type-options").unwrap(), "nosniff");
    }
}

/// A client that knows only bytes.
pub(super) struct Client<I = TcpStream> {
    pub(super) socket: I,
    read: Vec<u8>,
}

impl Client {
    pub(super) fn of(server: &Server) -> Self {
        let socket = TcpStream::connect(server.addr()).unwrap();
        socket.set_read_timeout(Some(LONG)).unwrap();
        Self::over(socket)
    }
}

impl<I: Read + Write> Client<I> {
    pub(super) fn over(socket: I) -> Self {
        Self { socket, read: Vec::new() }
    }

    #[track_caller]
    pub(super) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.socket.write_all(bytes.as_ref()).unwrap();
    }

    /// Reads some more; whether there was any.
    #[track_caller]
    fn more(&mut self) -> bool {
        let mut bytes = [0; 8192];
        let count = self.socket.read(&mut bytes).unwrap();
        self.read.extend_from_slice(&bytes[..count]);
        count > 0
    }

    /// The next answer to a request other than HEAD.
    #[track_caller]
    pub(super) fn answer(&mut self) -> Answer {
        let mut answer = self.head();
        if answer.header("transfer-encoding").is_some() {
            answer.body = self.chunks();
        } else {
            let length =
                answer.header("content-length").map_or(0, |length| length.parse().unwrap());
            answer.body = self.take(length);
        }
        answer
    }

    #[track_caller]
    pub(super) fn head(&mut self) -> Answer {
        let end = loop {
            if let Some(end) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            assert!(self.more(), "ended in a head: {:?}", String::from_utf8_lossy(&self.read));
        };
        let head = String::from_utf8(self.take(end)).unwrap().to_ascii_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body: Vec::new() }
    }

    #[track_caller]
    fn take(&mut self, length: usize) -> Vec<u8> {
        while self.read.len() < length {
            assert!(self.more(), "ended in a body");
        }
        self.read.drain(..length).collect()
    }

    #[track_caller]
    fn chunks(&mut self) -> Vec<u8> {
        let mut body = Vec::new();
        loop {
            let end = loop {
                match self.read.windows(2).position(|two| two == b"\r\n") {
                    Some(end) => break end,
                    None => assert!(self.more(), "ended in a chunk"),
                }
            };
            let line = String::from_utf8(self.take(end + 2)).unwrap();
            let length = usize::from_str_radix(line.trim(), 16).unwrap();
            body.extend(self.take(length));
            assert_eq!(self.take(2), b"\r\n");
            if length == 0 {
                return body;
            }
        }
    }

    /// That the server closes, and sends nothing more.
    #[track_caller]
    pub(super) fn is_closed(&mut self) {
        assert_eq!(String::from_utf8_lossy(&self.read), "");
        let mut bytes = [0; 1024];
        match self.socket.read(&mut bytes) {
            Ok(count) => assert_eq!(String::from_utf8_lossy(&bytes[..count]), ""),
            Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}"),
        }
    }
}

/// The answer to one request on a connection of its own.
#[track_caller]
pub(super) fn ask(server: &Server, request: &str) -> Answer {
    let mut client = Client::of(server);
    client.send(request);
    client.answer()
}
