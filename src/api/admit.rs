//! What the head of a request decides: who asks, for what, and whether it may be.

use http::Method;

use super::accounts::Credentials;
use super::call::Call;
use super::failure::Failure;
use super::media::{BodyType, Media};
use super::route::Route;
use super::shared::{Access, Shared};

impl Shared {
    /// What the head alone decides.
    pub(super) fn admit<'c>(&'c self, call: &mut Call<'c>) -> Result<Route, Failure> {
        let media = Media::accepted(&call.head.headers, Media::RECORDS);
        call.media = media.unwrap_or(Media::JSON);
        let route = Route::of(call.path());
        let is_open = route.as_ref().is_ok_and(Route::is_open);
        call.is_noted = !matches!(route, Ok(Route::Admin(_)));
        if !is_open {
            self.authenticate(call)?;
        }
        let route = route?;
        call.override_method()?;
        if !is_open && call.account.is_some_and(|account| !account.is_authorized()) {
            return Err(Failure::NotAuthorized);
        }
        if !route.allows(&call.method) {
            let (method, allowed) = (call.method.to_string(), route.allowed());
            return Err(Failure::MethodNotAllowed { method, allowed });
        }
        if route.changes(&call.method) && self.settings.access == Access::ReadOnly {
            return Err(Failure::ReadOnly);
        }
        check_media(call, &route, media)?;
        check_body(call, &route, self.settings.max_body)?;
        Ok(route)
    }

    fn authenticate<'c>(&'c self, call: &mut Call<'c>) -> Result<(), Failure> {
        if self.accounts.is_empty() {
            return Ok(());
        }
        let credentials = call.authorization().and_then(Credentials::read);
        call.account = match credentials {
            Some(Credentials::Basic(pair)) => self.accounts.verified(pair.name(), pair.password()),
            Some(Credentials::Bearer(token)) => {
                let name = self.tokens.account(&token);
                name.and_then(|name| self.accounts.named(&name))
            }
            None => None,
        };
        if call.account.is_some() { Ok(()) } else { Err(Failure::NotAuthenticated) }
    }
}

fn check_media(call: &mut Call<'_>, route: &Route, media: Option<Media>) -> Result<(), Failure> {
    let is_of_records = matches!(
        route,
        Route::Contacts | Route::Contact(_) | Route::Records(_) | Route::Record(..)
    );
    if !is_of_records {
        call.media = Media::JSON;
        return Ok(());
    }
    if *route == Route::Contacts && call.method == Method::POST {
        // Source: Contact API page, POST, Accept: "Only supports application/json."
        let json = Media::accepted(&call.head.headers, &[Media::JSON]);
        call.media = Media::JSON;
        return json.map(|_| ()).ok_or_else(|| Failure::NotAcceptable("application/json".into()));
    }
    media
        .map(|_| ())
        .ok_or_else(|| Failure::NotAcceptable("application/json, application/xml".into()))
}

fn check_body(call: &Call<'_>, route: &Route, most: u64) -> Result<(), Failure> {
    if let Some(length) = call.content_length().filter(|length| *length > most) {
        return Err(Failure::TooLarge { length, most });
    }
    let Some(wanted) = wanted(call, route) else { return Ok(()) };
    // A body that does not say what it is is taken for what is wanted.
    let Some(given) = BodyType::of(&call.head.headers) else { return Ok(()) };
    if given == wanted || (call.has_form() && call.content_length() == Some(0)) {
        return Ok(());
    }
    Err(Failure::UnsupportedType { given: given.name().to_owned(), read: wanted.name() })
}

/// The type a body must have; `None` if there is none, or its type does not matter.
fn wanted(call: &Call<'_>, route: &Route) -> Option<BodyType<'static>> {
    match route {
        Route::Token => Some(BodyType::Form),
        Route::Admin(_) => None,
        _ if call.has_form() => Some(BodyType::Form),
        Route::Contacts
        | Route::Contact(_)
        | Route::Records(_)
        | Route::Record(..)
        | Route::OpenApi
        | Route::Home => call.has_record().then_some(BodyType::Json),
    }
}
