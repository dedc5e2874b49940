//! The API as a service of the tower ecosystem, for servers and clients without sockets.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body::Body;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use tower_service::Service;

use super::{BodyLimit, ContactApi};

/// The future of an answer.
type Answering = Pin<Box<dyn Future<Output = Result<Response<Full<Bytes>>, Infallible>> + Send>>;

/// Reads the body, as far as it is needed and not over the limit, then answers as
/// [`handle`](ContactApi::handle) does.
impl<B> Service<Request<B>> for ContactApi
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Answering {
        let api = self.clone();
        Box::pin(async move { Ok(api.respond(request).await.map(Full::new)) })
    }
}

impl ContactApi {
    async fn respond<B>(&self, request: Request<B>) -> Response<Bytes>
    where
        B: Body,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (head, body) = request.into_parts();
        if body.is_end_stream() {
            return self.handle(Request::from_parts(head, Bytes::new()));
        }
        let limit = match self.accept(&head) {
            Ok(BodyLimit(limit)) => usize::try_from(limit).unwrap_or(usize::MAX),
            Err(refusal) => return *refusal,
        };
        match Limited::new(body, limit).collect().await {
            Ok(body) => self.handle(Request::from_parts(head, body.to_bytes())),
            Err(error) if error.is::<LengthLimitError>() => self.too_large(&head),
            Err(_) => self.broken_off(&head),
        }
    }

    /// The answer to a body that did not come to its end.
    fn broken_off(&self, head: &http::request::Parts) -> Response<Bytes> {
        let failure = super::failure::malformed(
            "Request body is incomplete",
            "the connection ended or the body is not framed as its headers say",
        );
        debug_assert_eq!(failure.said().0, StatusCode::BAD_REQUEST);
        self.refuse(head, failure)
    }
}
