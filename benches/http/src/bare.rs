//! A hyper handler with nothing around it, the least that an answer can cost.

use std::convert::Infallible;
use std::io::Write;
use std::net::Ipv4Addr;

use anyhow::{Context, Result};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::header::{HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{HeaderMap, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// What hyper writes by itself.
const ITS_OWN: [&str; 2] = ["content-length", "date"];

/// The parts of an answer that was recorded.
#[derive(Clone)]
struct Recorded {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Recorded {
    fn read(answer: &[u8]) -> Result<Self> {
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").context("no head")?;
        let mut lines = std::str::from_utf8(&answer[..end])?.split("\r\n");
        let status = lines.next().and_then(|line| line.get(9..12)).context("no status")?.parse()?;
        let mut headers = HeaderMap::new();
        for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
            if !ITS_OWN.contains(&name) {
                headers.append(name.parse::<HeaderName>()?, HeaderValue::from_str(value)?);
            }
        }
        Ok(Self { status, headers, body: Bytes::copy_from_slice(&answer[end + 4..]) })
    }

    /// The answer, after the body of the request was read.
    async fn answer(
        &self,
        request: Request<Incoming>,
    ) -> Result<Response<Full<Bytes>>, Infallible> {
        if !request.body().is_end_stream() {
            // What was sent is of no use, whole or not.
            let _ = request.into_body().collect().await;
        }
        let mut response = Response::new(Full::new(self.body.clone()));
        *response.status_mut() = self.status;
        response.headers_mut().clone_from(&self.headers);
        Ok(response)
    }
}

/// Answers every request with those bytes until the process is ended.
pub(crate) fn serve(answer: &[u8]) -> Result<()> {
    let recorded = Recorded::read(answer)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async move {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        println!("listening http://{}", listener.local_addr()?);
        std::io::stdout().flush()?;
        loop {
            let (socket, _) = listener.accept().await?;
            socket.set_nodelay(true)?;
            let recorded = recorded.clone();
            tokio::spawn(async move {
                let service = service_fn(|request| recorded.answer(request));
                let mut http = http1::Builder::new();
                http.half_close(true).header_read_timeout(None);
                // An error is that the client has gone.
                let _ = http.serve_connection(TokioIo::new(socket), service).await;
            });
        }
    })
}
