//! The Contact API and the Table API as one function from request to response.
//!
//! ```
//! use bytes::Bytes;
//! use encoded_query::Table;
//! use encoded_query::api::ContactApi;
//! use http::Request;
//!
//! let api = ContactApi::builder(Table::demo_contacts()).build()?;
//! let request = Request::get("/api/now/contact?sysparm_query=nameLIKEwarren&sysparm_limit=1");
//! let response = api.handle(request.body(Bytes::new())?);
//! assert_eq!(response.status(), 200);
//! assert!(response.body().starts_with(b"{\"result\":[{"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod accounts;
mod admin;
mod admit;
mod answer;
mod builder;
mod call;
mod change;
mod client;
mod columns;
mod contact;
mod error;
mod failure;
mod fault;
mod given;
mod link;
mod list;
mod media;
mod oauth;
mod openapi;
mod parameters;
mod plans;
mod requests;
mod route;
mod service;
mod shared;
mod social;
mod store;
mod table;
mod tokens;
mod world;
mod write;
mod written;

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response, StatusCode};

pub use accounts::{Account, ROLE};
pub use builder::Builder;
pub use error::ApiError;
pub use fault::{Fault, Faults, NotAFault};
pub use openapi::openapi;
pub use parameters::InvalidPaging;
pub use requests::{Answered, AnsweredQuery};
pub use shared::Access;
pub use social::SOCIAL_PROFILES;

use answer::{Answer, X_IS_LOGGED_IN, X_TRANSACTION_ID};
use call::Call;
use failure::Failure;
use media::Media;
use parameters::Parameters;
use route::Route;
use shared::{OnAnswer, Shared};

use crate::table::Database;

/// The API over some records. Clones share them.
///
/// Reads run side by side; a change is made in one step, so that no reader sees half of it.
#[derive(Clone, Debug)]
pub struct ContactApi(Arc<Shared>);

/// Bytes that the body of a request may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyLimit(pub u64);

impl ContactApi {
    /// An API over a table or a database.
    pub fn builder(records: impl Into<Database>) -> Builder {
        Builder::new(records.into())
    }

    /// The tables with the number of their records.
    pub fn tables(&self) -> Vec<(String, usize)> {
        let store = self.0.store.read();
        let tables = store.database().tables().iter();
        tables.map(|table| (table.schema().table().to_owned(), table.len())).collect()
    }

    /// Answers a request. Reads run side by side on as many threads as call it.
    pub fn handle(&self, request: Request<Bytes>) -> Response<Bytes> {
        let (head, body) = request.into_parts();
        let mut call = Call::new(&head);
        let answer = self.0.answer(&mut call, &body);
        self.0.finish(call, answer)
    }

    /// Whether a request is answered at all, and how long its body may be: asked before the body is read.
    ///
    /// # Errors
    /// The answer, if the head alone decides it: no credentials, no such resource, a body that is too
    /// long or of another type.
    pub fn accept(&self, head: &Parts) -> Result<BodyLimit, Box<Response<Bytes>>> {
        let mut call = Call::new(head);
        match self.0.admit(&mut call) {
            Ok(_) => Ok(BodyLimit(self.0.settings.max_body)),
            Err(failure) => Err(Box::new(self.0.finish(call, Err(failure)))),
        }
    }
}

impl Shared {
    fn answer<'c>(&'c self, call: &mut Call<'c>, body: &[u8]) -> Result<Answer, Failure> {
        let route = self.admit(call)?;
        self.answer_to(call, &route, body)
    }

    /// The answer to a request that is admitted.
    fn answer_to<'c>(
        &'c self,
        call: &mut Call<'c>,
        route: &Route,
        body: &[u8],
    ) -> Result<Answer, Failure> {
        if let Some(faults) = self.settings.faults.as_ref().filter(|_| route.may_fail()) {
            // Here and not while it is admitted, which may be asked twice of one request.
            faults.strike(&call.head.headers)?;
        }
        let most = self.settings.max_body;
        if let Some(length) = u64::try_from(body.len()).ok().filter(|length| *length > most) {
            return Err(Failure::TooLarge { length, most });
        }
        match route {
            Route::Contacts if call.method == Method::POST => self.create_contact(call, body),
            Route::Contacts => self.list_contacts(call, body),
            Route::Contact(id) => self.one_contact(call, id, body),
            Route::Records(table) if call.method == Method::POST => {
                self.create_record(call, table, body)
            }
            Route::Records(table) => self.list_records(call, table, body),
            Route::Record(table, id) => self.record(call, table, id, body),
            Route::Token => {
                let form = std::str::from_utf8(body).unwrap_or_default();
                self.token(call, &Parameters::read(form.trim_end())?)
            }
            Route::Admin(route) => self.admin(call, *route, body),
            Route::OpenApi => {
                let store = self.store.read();
                let document = openapi(
                    store.database().catalog(),
                    &self.contacts,
                    Some(&call.origin().url(&[])),
                );
                Ok(Answer::json(StatusCode::OK, &document))
            }
            Route::Home => Ok(Answer::new(
                StatusCode::OK,
                "text/html;charset=UTF-8",
                include_bytes!("home.html").to_vec(),
            )),
        }
    }

    /// Makes the response, and keeps what is to be known of the request.
    fn finish(&self, call: Call<'_>, answer: Result<Answer, Failure>) -> Response<Bytes> {
        let transaction = self.transactions.next();
        let is_logged_in = self.accounts.is_empty() || call.account.is_some();
        let is_logged_in = if is_logged_in { "true" } else { "false" };
        let answer = answer
            .unwrap_or_else(|failure| Answer::failure(&failure, media_of(&failure, call.media)));
        let answer = list::with_notices(answer, &call)
            .with(X_TRANSACTION_ID, &*transaction)
            .with(X_IS_LOGGED_IN, HeaderValue::from_static(is_logged_in));
        let (status, head_only) = (answer.status, call.head.method == Method::HEAD);
        let is_noted = call.is_noted;
        let answered = Arc::new(call.answered(transaction, status));
        if let Some(OnAnswer(act)) = &self.on_answer {
            act(&answered);
        }
        if is_noted {
            self.requests.push(answered);
        }
        answer.into_response(head_only)
    }
}

/// The body of an answer to a request that failed: `{"error":{"message":…,"detail":…},"status":"failure"}`.
#[cfg(feature = "server")]
pub(crate) fn failure(message: &str, detail: &str) -> Vec<u8> {
    write::failure(media::Format::Json, message, detail)
}

/// The format of the answer to a failure: JSON where what was asked for cannot be had.
fn media_of(failure: &Failure, asked: Media) -> Media {
    if matches!(failure, Failure::NotAcceptable(_)) { Media::JSON } else { asked }
}
