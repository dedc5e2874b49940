//! What is answered, before it becomes an HTTP response.

use bytes::Bytes;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE,
};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use serde::Serialize;

use super::failure::Failure;
use super::media::Media;
use super::write;

/// An answer of the API.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// Headers that answers usually have, so that there is room for them at once.
const USUAL: usize = 12;

pub(super) const X_TOTAL_COUNT: HeaderName = HeaderName::from_static("x-total-count");
pub(super) const X_QUERY_DIAGNOSTICS: HeaderName = HeaderName::from_static("x-query-diagnostics");
pub(super) const X_IGNORED_FIELDS: HeaderName = HeaderName::from_static("x-ignored-fields");
pub(super) const X_TRANSACTION_ID: HeaderName = HeaderName::from_static("x-transaction-id");
pub(super) const X_IS_LOGGED_IN: HeaderName = HeaderName::from_static("x-is-logged-in");
const X_CONTENT_TYPE_OPTIONS: HeaderName = HeaderName::from_static("x-content-type-options");

impl Answer {
    /// A body of that type.
    pub(super) fn new(status: StatusCode, content_type: &'static str, body: Vec<u8>) -> Self {
        let mut headers = HeaderMap::with_capacity(USUAL);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        Self { status, headers, body }.with_usual()
    }

    fn with_usual(mut self) -> Self {
        self.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        self.headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        self
    }

    /// Success with a body in the negotiated format.
    pub(super) fn ok(media: Media, body: Vec<u8>) -> Self {
        Self::new(StatusCode::OK, media.content_type(), body)
    }

    /// A JSON value whose maps have text for keys.
    pub(super) fn json(status: StatusCode, value: &impl Serialize) -> Self {
        let body = serde_json::to_vec(value).unwrap_or_default();
        Self::new(status, Media::JSON.content_type(), body)
    }

    /// Success of which there is nothing to say.
    pub(super) fn empty(status: StatusCode) -> Self {
        Self { status, headers: HeaderMap::with_capacity(USUAL), body: Vec::new() }.with_usual()
    }

    /// The same with a header; one whose value cannot stand in a header is left out.
    pub(super) fn with(mut self, name: HeaderName, value: impl TryInto<HeaderValue>) -> Self {
        if let Ok(value) = value.try_into() {
            self.headers.append(name, value);
        }
        self
    }

    /// The same with the names of what was ignored in the body, if anything was.
    pub(super) fn ignoring(self, names: Option<String>) -> Self {
        match names {
            Some(names) => self.with(X_IGNORED_FIELDS, names),
            None => self,
        }
    }

    /// The answer to a request that failed.
    pub(super) fn failure(failure: &Failure, media: Media) -> Self {
        let (status, message, detail) = failure.said();
        let body = write::failure(media.format(), &message, &detail);
        let answer = Self::new(status, media.content_type(), body);
        if let Failure::MethodNotAllowed { allowed, .. } = failure {
            return answer.with(ALLOW, *allowed);
        }
        match (failure, status) {
            (Failure::NotAuthenticated, _) => {
                answer.with(WWW_AUTHENTICATE, "Basic realm=\"Service-now\"")
            }
            (
                Failure::Injected(_),
                StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE,
            ) => answer.with(RETRY_AFTER, "1"),
            _ => answer,
        }
    }

    /// The response, without its body if only the head was asked for.
    pub(super) fn into_response(self, head_only: bool) -> Response<Bytes> {
        let length = self.body.len();
        let mut response = Response::new(if head_only { Bytes::new() } else { self.body.into() });
        (*response.status_mut(), *response.headers_mut()) = (self.status, self.headers);
        let headers = response.headers_mut();
        if head_only && headers.contains_key(CONTENT_TYPE) {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
        response
    }
}
