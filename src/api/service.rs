//! The API as a service of the tower ecosystem, for servers and clients without sockets.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::{BodyExt, Collected, Full, LengthLimitError, Limited};
use tower_service::Service;

use super::ContactApi;
use super::call::Call;
use super::failure::{Failure, malformed};

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
        let mut call = Call::new(&head);
        let route = match self.0.admit(&mut call) {
            Ok(route) => route,
            Err(failure) => return self.0.finish(call, Err(failure)),
        };
        let most = self.0.settings.max_body;
        let read = read(body, most).await;
        call.begin();
        let answer = read.and_then(|body| self.0.answer_to(&mut call, &route, &body));
        self.0.finish(call, answer)
    }
}

/// The body, if it is not too long.
async fn read<B>(body: B, most: u64) -> Result<Bytes, Failure>
where
    B: Body,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let limit = usize::try_from(most).unwrap_or(usize::MAX);
    Limited::new(body, limit).collect().await.map(Collected::to_bytes).map_err(|error| {
        if error.is::<LengthLimitError>() {
            return Failure::TooLarge { length: most.saturating_add(1), most };
        }
        malformed(
            "Request body is incomplete",
            "the connection ended or the body is not framed as its headers say",
        )
    })
}
