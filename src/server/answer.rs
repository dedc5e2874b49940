//! What happens between a request and its answer, around the service.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::panic::AssertUnwindSafe;
use std::pin::{Pin, pin};
use std::task::Context;

use bytes::Bytes;
use futures_util::FutureExt;
use http::header::{
    ACCEPT_ENCODING, ACCESS_CONTROL_REQUEST_METHOD, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HOST,
    HeaderValue, ORIGIN, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::uri::Authority;
use http::{Method, Request, Response, StatusCode, Version};
use http_body::Body as _;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Either, Full};
use hyper::body::Incoming;
use tokio::sync::oneshot;
use tokio::task::block_in_place;
use tokio::time::{sleep, timeout};
use tower::{Layer, ServiceExt, service_fn};
use tower_http::compression::predicate::SizeAbove;
use tower_http::compression::{Compression, CompressionBody, CompressionLevel};
use tower_http::cors::CorsLayer;

use super::latency::Latency;
use super::listen::Served;
use super::{Body, Limits};
use crate::api::failure;

/// Answers of fewer bytes are not compressed: they fit in one packet as they are. Our choice.
const LEAST_COMPRESSED: u64 = 1024;

/// What is asked for each request.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) limits: Limits,
    pub(super) cors: Option<CorsLayer>,
    pub(super) latency: Option<Latency>,
    /// Whether requests that change something may keep a thread waiting.
    pub(super) blocking_changes: bool,
}

/// An answer of the service, or the server's own. Nothing in it ever fails.
pub(super) type Answer = Response<Either<Full<Bytes>, UnsyncBoxBody<Bytes, io::Error>>>;

type Packed = CompressionBody<Full<Bytes>>;

type Answering<'a> =
    Pin<Box<dyn Future<Output = Result<Response<Packed>, Infallible>> + Send + 'a>>;

/// The answer to a request.
pub(super) async fn answer(
    service: impl Served,
    settings: &Settings,
    request: Request<Incoming>,
) -> Result<Answer, Infallible> {
    if let Some(fault) = host_fault(&request) {
        let detail = "A request names one host, such as `Host: localhost`.";
        return Ok(closing(StatusCode::BAD_REQUEST, fault, detail).map(Either::Left));
    }
    // Layers cost what an answer does: they are only asked when something is asked of them.
    if settings.cors.is_some() || request.headers().contains_key(ACCEPT_ENCODING) {
        return layered(service, settings, request).await;
    }
    let mut response = guarded(service, settings, request).await?;
    if may_be_packed(response.body()) {
        response.headers_mut().append(VARY, HeaderValue::from_static("accept-encoding"));
    }
    Ok(response.map(Either::Left))
}

/// Whether such a body is compressed for those who ask for it.
fn may_be_packed(body: &Full<Bytes>) -> bool {
    body.size_hint().lower() >= LEAST_COMPRESSED
}

/// The same for those who take compressed answers or come from other origins.
async fn layered(
    service: impl Served,
    settings: &Settings,
    request: Request<Incoming>,
) -> Result<Answer, Infallible> {
    let is_plain_options = request.method() == Method::OPTIONS && !is_preflight(&request);
    let asked = service_fn(|request| guarded(service.clone(), settings, request));
    let kept = ServiceExt::<Request<_>>::map_response(asked, |mut response: Response<_>| {
        let status = response.status();
        response.extensions_mut().insert(status);
        response
    });
    let packed = Compression::new(kept)
        .quality(CompressionLevel::Fastest)
        .compress_when(SizeAbove::new(LEAST_COMPRESSED));
    // The layer would answer every OPTIONS request.
    let answering: Answering<'_> = match &settings.cors {
        Some(cors) if !is_plain_options => Box::pin(cors.layer(packed).oneshot(request)),
        _ => Box::pin(packed.oneshot(request)),
    };
    let mut answer = answering.await?;
    // Without an encoding that the client takes, the layer says 406, after the service has done its work.
    // RFC 9110, 12.5.3 lets a server answer as if nothing was asked.
    if let Some(status) = answer.extensions_mut().remove() {
        *answer.status_mut() = status;
    }
    Ok(answer.map(|body| Either::Right(body.map_err(io::Error::other).boxed_unsync())))
}

/// What is wrong with the host of a request. Source: RFC 9112, 3.2.
fn host_fault(request: &Request<Incoming>) -> Option<&'static str> {
    let mut hosts = request.headers().get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) if request.version() < Version::HTTP_11 => None,
        (None, _) => Some("The Host header is missing"),
        (Some(_), Some(_)) => Some("The Host header is given twice"),
        (Some(host), None) if is_host(host) => None,
        (Some(_), None) => Some("The Host header is invalid"),
    }
}

/// Whether this is a name or address with or without a port, or empty.
fn is_host(host: &HeaderValue) -> bool {
    if host.is_empty() {
        return true;
    }
    let Ok(authority) = Authority::try_from(host.as_bytes()) else { return false };
    // A user before the host does not get past the first test, a port that is none not past the second.
    let port = authority.as_str().strip_prefix(authority.host());
    port.is_some_and(|port| {
        let digits = port.strip_prefix(':').unwrap_or(port);
        digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Whether a browser asks what a page of another origin may do. Source: the Fetch standard, 4.8.
fn is_preflight<B>(request: &Request<B>) -> bool {
    let headers = request.headers();
    headers.contains_key(ORIGIN) && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// The answer of the service, or 500 if it panics.
async fn guarded(
    service: impl Served,
    settings: &Settings,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    // What a panic leaves behind is the service's own, which the next request asks again.
    let asked = AssertUnwindSafe(in_time(service, settings, request)).catch_unwind();
    asked.await.unwrap_or_else(|_| Ok(panicked()))
}

/// The answer of the service, or 408.
async fn in_time(
    service: impl Served,
    settings: &Settings,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    if let Some(latency) = &settings.latency {
        latency.pass().await;
    }
    let may_block = settings.blocking_changes && !request.method().is_safe();
    let (request, over) = Body::watched(request);
    let mut asked = pin!(service.oneshot(request));
    let mut go_on = |context: &mut Context<'_>| asked.as_mut().poll(context);
    let response = poll_fn(|context| {
        // What else this thread has to do goes on at another one.
        if may_block { block_in_place(|| go_on(context)) } else { go_on(context) }
    });
    tokio::select! {
        biased;
        response = response => response,
        late = late(&settings.limits, over) => Ok(late),
    }
}

async fn late(limits: &Limits, over: Option<oneshot::Receiver<()>>) -> Response<Full<Bytes>> {
    let is_read = async {
        if let Some(over) = over {
            // What comes is that the other end was dropped.
            let _ = over.await;
        }
    };
    let detail = if timeout(limits.body, is_read).await.is_err() {
        "The body of the request did not come in time."
    } else {
        sleep(limits.request).await;
        "The answer was not ready in time."
    };
    closing(StatusCode::REQUEST_TIMEOUT, "Request timed out", detail)
}

fn panicked() -> Response<Full<Bytes>> {
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    refusal(status, "Internal server error", "The request could not be completed.")
}

/// An answer of the server's own after which the connection closes.
fn closing(status: StatusCode, message: &str, detail: &str) -> Response<Full<Bytes>> {
    let mut response = refusal(status, message, detail);
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// An answer of the server's own, in the shape of the service's.
fn refusal(status: StatusCode, message: &str, detail: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(failure(message, detail)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

const JSON: &str = "application/json;charset=UTF-8";

/// What a client that speaks HTTP/2 at once is told. It reads no HTTP/1.1; a person who looks does.
pub(super) fn not_http_2() -> Vec<u8> {
    let status = StatusCode::HTTP_VERSION_NOT_SUPPORTED;
    bare(status, "HTTP version not supported", "This server speaks HTTP/1.1.")
}

/// An answer of the server's own as it is written, after which the connection closes.
pub(super) fn bare(status: StatusCode, message: &str, detail: &str) -> Vec<u8> {
    let mut body = failure(message, detail);
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {JSON}\r\ncache-control: no-store\r\n\
         x-content-type-options: nosniff\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len(),
    );
    let mut answer = head.into_bytes();
    answer.append(&mut body);
    answer
}
