//! One connection, from its first byte to its end.

use std::time::Duration;

use http::Request;
use http::uri::Scheme;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::watch;
use tokio::time::timeout;

use super::Limits;
use super::answer::{answer, not_http_2};
use super::listen::{Served, Shared, stopped};
use super::pulse::{Felt, Pulse};
use super::refused::{in_words, is_alike};

/// How long what a client still sends is taken in after the last answer. Our choice.
const LINGERING: Duration = Duration::from_secs(2);

/// Answers the requests of a connection until one side closes it, or its time is over.
pub(super) async fn serve<S: Served>(
    socket: impl AsyncRead + AsyncWrite + Send + Unpin,
    is_secret: bool,
    shared: &Shared<S>,
    mut stop: watch::Receiver<bool>,
) {
    let limits = &shared.settings.limits;
    let pulse = Pulse::new(limits);
    let service = service_fn(|request| {
        let asked = pulse.request();
        let request = marked(request, is_secret);
        let (service, pulse) = (shared.service.clone(), &pulse);
        async move {
            let answer = answer(service, &shared.settings, request).await;
            pulse.answered(answer.as_ref().is_ok_and(is_alike));
            drop(asked);
            answer
        }
    });
    let socket = Felt::new(socket, pulse.clone());
    let mut connection = settings(limits).serve_connection(TokioIo::new(socket), service);
    let mut stopping = false;
    let ended = loop {
        tokio::select! {
            ended = &mut connection => break ended,
            () = pulse.expired() => return,
            () = stopped(&mut stop), if !stopping => {
                stopping = true;
                std::pin::Pin::new(&mut connection).graceful_shutdown();
            }
        }
    };
    let Felt { socket, refused, .. } = connection.into_parts().io.into_inner();
    let error = ended.err();
    let farewell = match refused {
        _ if error.as_ref().is_some_and(hyper::Error::is_parse_version_h2) => not_http_2(),
        Some(status) => in_words(status, error.as_ref(), limits),
        None => Vec::new(),
    };
    tokio::select! {
        // The last word is said even by a server that stops.
        biased;
        // Past its time it is closed all the same.
        _ = timeout(LINGERING, linger(socket, &farewell)) => {}
        () = stopped(&mut stop) => {}
    }
}

/// The request, with what tells that it came by TLS.
fn marked<B>(mut request: Request<B>, is_secret: bool) -> Request<B> {
    if is_secret {
        request.extensions_mut().insert(Scheme::HTTPS);
    }
    request
}

fn settings(limits: &Limits) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.half_close(true).header_read_timeout(None).max_header_size(limits.head_bytes);
    // hyper is slower once it is told, even of its own number.
    if limits.headers != Limits::default().headers {
        http.max_headers(limits.headers);
    }
    http
}

/// Says a last word, ends the writing side and reads until the client has ended its own.
///
/// A socket that is closed with bytes left unread is reset, and the client may lose the answer that tells
/// why its request was not read to the end.
async fn linger(mut socket: impl AsyncRead + AsyncWrite + Unpin, farewell: &[u8]) {
    // The client may have gone, or this side may have ended before.
    let _ = socket.write_all(farewell).await;
    let _ = socket.shutdown().await;
    let mut unread = [0; 4096];
    while socket.read(&mut unread).await.is_ok_and(|count| count > 0) {}
}
