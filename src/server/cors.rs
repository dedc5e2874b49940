//! What pages of other origins may read and send.

use std::time::Duration;

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, LINK, WARNING};
use http::{Method, Uri};
use thiserror::Error;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::diagnostic::shown;

/// The text is no origin.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{}` is no origin; expected `*` or a text such as `https://app.example.com`", shown(.0))]
pub struct InvalidOrigin(String);

/// How long a browser may keep the answer to a preflight. Our choice.
const KEPT: Duration = Duration::from_secs(600);

/// The layer for that origin, or any for `*`. Without credentials: a page sends its own Authorization.
pub(super) fn layer(origin: &str) -> Result<CorsLayer, InvalidOrigin> {
    let invalid = || InvalidOrigin(origin.to_owned());
    if !is_origin(origin) {
        return Err(invalid());
    }
    let allowed = match origin {
        "*" => AllowOrigin::any(),
        origin => AllowOrigin::exact(HeaderValue::from_str(origin).map_err(|_| invalid())?),
    };
    let other = HeaderName::from_static;
    Ok(CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods([
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers([
            AUTHORIZATION,
            CONTENT_TYPE,
            ACCEPT,
            other("x-http-method-override"),
            other("x-mock-fault"),
        ])
        .expose_headers([
            LINK,
            WARNING,
            other("x-total-count"),
            other("x-query-diagnostics"),
            other("x-ignored-fields"),
            other("x-transaction-id"),
        ])
        .max_age(KEPT))
}

/// Whether this is `*`, or a scheme and a host with or without a port, as a browser writes them.
fn is_origin(text: &str) -> bool {
    let Some((scheme, host)) = text.split_once("://") else { return text == "*" };
    let uri = text.parse::<Uri>();
    let is_whole = uri.is_ok_and(|uri| uri.authority().is_some_and(|found| found == host));
    is_whole && !scheme.is_empty() && !host.contains('@')
}
