//! The body of a request, and when it is over.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::Request;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use thiserror::Error;
use tokio::sync::oneshot;

/// The body of a request as it comes in, to be read by the service.
///
/// One that is dropped before its end costs the client the connection.
#[derive(Debug)]
pub struct Body {
    incoming: Incoming,
    /// Dropped when the body is over.
    open: Option<oneshot::Sender<()>>,
}

/// Why a body cannot be read to its end: it is broken off, its chunks are wrong, or the connection is.
#[derive(Debug, Error)]
#[error("cannot read the body of the request: {0}")]
pub struct BodyError(#[source] hyper::Error);

impl Body {
    /// The request with a body that tells when it was read to its end, broke or was dropped, if there is
    /// anything to read.
    pub(super) fn watched(
        request: Request<Incoming>,
    ) -> (Request<Self>, Option<oneshot::Receiver<()>>) {
        let has_body = !http_body::Body::is_end_stream(request.body());
        let (open, over) = has_body.then(oneshot::channel).unzip();
        (request.map(|incoming| Self { incoming, open }), over)
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let frame = ready!(Pin::new(&mut self.incoming).poll_frame(context));
        if !matches!(frame, Some(Ok(_))) || self.incoming.is_end_stream() {
            self.open = None;
        }
        Poll::Ready(frame.map(|frame| frame.map_err(BodyError)))
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}
