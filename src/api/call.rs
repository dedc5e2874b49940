//! One request on its way: what is known of it, and what is noticed.

use std::num::IntErrorKind;
use std::time::Instant;

use http::header::{AUTHORIZATION, CONTENT_LENGTH, HOST, HeaderName};
use http::request::Parts;
use http::uri::Scheme;
use http::{Method, StatusCode};

use super::accounts::Account;
use super::failure::{Failure, malformed};
use super::media::Media;
use super::parameters::Parameters;
use super::requests::{Answered, AnsweredQuery};

/// Bytes that a URL of an answer usually has.
const USUAL_URL: usize = 128;

const METHOD_OVERRIDE: HeaderName = HeaderName::from_static("x-http-method-override");

/// Scheme and host of a URL.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin<'r> {
    scheme: &'r str,
    host: &'r str,
}

impl Origin<'_> {
    /// The URL of a path.
    pub(super) fn url(&self, path: &[&str]) -> String {
        let mut url = String::with_capacity(USUAL_URL);
        url.extend([self.scheme, "://", self.host]);
        url.extend(path.iter().copied());
        url
    }
}

/// A request.
pub(super) struct Call<'r> {
    pub(super) head: &'r Parts,
    /// The method, which a header may change.
    pub(super) method: Method,
    pub(super) media: Media,
    pub(super) account: Option<&'r Account>,
    pub(super) query: Option<AnsweredQuery>,
    /// What is told in the header Warning.
    pub(super) warnings: Vec<String>,
    /// Whether it is kept among the requests that were answered.
    pub(super) is_noted: bool,
    began: Instant,
}

impl<'r> Call<'r> {
    pub(super) fn new(head: &'r Parts) -> Self {
        Self {
            head,
            method: head.method.clone(),
            media: Media::JSON,
            account: None,
            query: None,
            warnings: Vec::new(),
            is_noted: true,
            began: Instant::now(),
        }
    }

    /// Starts the time anew that it takes to answer.
    pub(super) fn begin(&mut self) {
        self.began = Instant::now();
    }

    pub(super) fn path(&self) -> &'r str {
        self.head.uri.path()
    }

    /// A header as text.
    pub(super) fn header(&self, name: &HeaderName) -> Option<&'r str> {
        self.head.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub(super) fn authorization(&self) -> Option<&'r str> {
        self.header(&AUTHORIZATION)
    }

    /// The length the body is said to have; one that no number holds is the longest.
    pub(super) fn content_length(&self) -> Option<u64> {
        match self.header(&CONTENT_LENGTH)?.parse() {
            Ok(length) => Some(length),
            Err(error) => (*error.kind() == IntErrorKind::PosOverflow).then_some(u64::MAX),
        }
    }

    /// Takes the method that a header of a POST names instead.
    ///
    /// Source: "Supported REST API headers", `X-HTTP-Method-Override`.
    pub(super) fn override_method(&mut self) -> Result<(), Failure> {
        let Some(named) =
            self.header(&METHOD_OVERRIDE).filter(|_| self.head.method == Method::POST)
        else {
            return Ok(());
        };
        self.method = match named.trim().to_ascii_uppercase().as_str() {
            "GET" => Method::GET,
            "POST" => Method::POST,
            "PUT" => Method::PUT,
            "PATCH" => Method::PATCH,
            "DELETE" => Method::DELETE,
            _ => {
                let detail = "X-HTTP-Method-Override names none of GET, POST, PUT, PATCH, DELETE";
                return Err(malformed("Unknown method", detail));
            }
        };
        Ok(())
    }

    /// Whether the body holds parameters.
    pub(super) fn has_form(&self) -> bool {
        self.head.method == Method::POST && self.method == Method::GET
    }

    /// Whether the body holds a record.
    pub(super) fn has_record(&self) -> bool {
        matches!(self.method, Method::POST | Method::PUT | Method::PATCH)
    }

    /// The parameters of the URL, then those of a form.
    pub(super) fn parameters<'b>(&self, body: &'b [u8]) -> Result<Parameters<'b>, Failure>
    where
        'r: 'b,
    {
        let url = Parameters::read(self.head.uri.query().unwrap_or_default())?;
        if !self.has_form() {
            return Ok(url);
        }
        let form = std::str::from_utf8(body);
        let form = form.map_err(|_| malformed("Malformed form", "the body is not UTF-8"))?;
        Ok(url.and(Parameters::read(form.trim_end())?))
    }

    /// Scheme and host, as the client knows them: of a whole URL, or else of the header.
    ///
    /// Source: RFC 9112, section 3.2.2.
    pub(super) fn origin(&self) -> Origin<'r> {
        let uri = &self.head.uri;
        let scheme = self.head.extensions.get::<Scheme>().or(uri.scheme());
        let scheme = scheme.filter(|scheme| **scheme == Scheme::HTTPS).unwrap_or(&Scheme::HTTP);
        let authority = uri.authority().map(http::uri::Authority::as_str);
        let host = authority.or(self.header(&HOST)).filter(|host| !host.is_empty());
        Origin { scheme: scheme.as_str(), host: host.unwrap_or("localhost") }
    }

    /// What is kept of it.
    pub(super) fn answered(self, transaction: String, status: StatusCode) -> Answered {
        Answered {
            transaction,
            method: self.head.method.as_str().to_owned(),
            target: self.head.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned(),
            status,
            user: self.account.map(|account| account.name().to_owned()),
            took: self.began.elapsed(),
            query: self.query,
        }
    }
}
