//! Tokens for names and passwords.

use http::StatusCode;
use serde::Serialize;

use super::accounts::{Credentials, same};
use super::answer::Answer;
use super::call::Call;
use super::client::Client;
use super::failure::Failure;
use super::parameters::Parameters;
use super::shared::Shared;
use super::tokens::{ACCESS_SECONDS, Use};
use super::world::World;

/// Bytes that the id of a client may have: it is kept with each token. Our choice.
const LONGEST_CLIENT: usize = 1024;

/// Why no token is given.
///
/// Source: RFC 6749, section 5.2.
struct Refusal(StatusCode, &'static str, &'static str);

#[derive(Serialize)]
struct RefusalShape {
    error: &'static str,
    error_description: &'static str,
}

/// Source: RFC 6749, section 5.1, and the platform's scope.
#[derive(Serialize)]
struct Tokens<'t> {
    access_token: &'t str,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'t str>,
    scope: &'static str,
    token_type: &'static str,
    expires_in: u64,
}

/// The refresh token that comes with an access token.
#[derive(Clone, Copy)]
enum Refresh<'f> {
    New,
    /// The one that was used.
    Kept(&'f str),
    /// Source: RFC 6749, section 4.4.3: a client that stands for itself should get none.
    None,
}

impl Refusal {
    const CREDENTIALS: Self = Self(StatusCode::UNAUTHORIZED, "access_denied", "access_denied");
    const CLIENT: Self = Self(
        StatusCode::UNAUTHORIZED,
        "invalid_client",
        "client_id and client_secret are not known",
    );
    const REFRESH: Self = Self(
        StatusCode::UNAUTHORIZED,
        "invalid_grant",
        "the refresh token is not known or has ended",
    );
    const GRANT: Self = Self(
        StatusCode::BAD_REQUEST,
        "unsupported_grant_type",
        "grant_type is none of password, client_credentials, refresh_token",
    );

    fn answer(&self) -> Answer {
        let Self(status, error, error_description) = *self;
        Answer::json(status, &RefusalShape { error, error_description })
    }
}

impl Shared {
    /// `POST /oauth_token.do`
    pub(super) fn token(&self, call: &Call<'_>, form: &Parameters<'_>) -> Result<Answer, Failure> {
        let client = Secret::of(call, form);
        let given = match form.value("grant_type") {
            Some("password") => self.by_password(form, &client).map(|name| (name, Refresh::New)),
            Some("client_credentials") => self.by_client(&client).map(|name| (name, Refresh::None)),
            Some("refresh_token") => self.by_refresh(form, &client),
            _ => Err(Refusal::GRANT),
        };
        match given {
            Ok((name, refresh)) => self.tokens_of(&name, &client.id, refresh),
            Err(refusal) => Ok(refusal.answer()),
        }
    }

    /// New tokens of an account for a client.
    fn tokens_of(
        &self,
        account: &str,
        client: &str,
        refresh: Refresh<'_>,
    ) -> Result<Answer, Failure> {
        let access = World::token()?;
        self.tokens.add(access.clone(), account, client, Use::Access);
        let refresh = match refresh {
            Refresh::None => None,
            Refresh::Kept(refresh) => Some(refresh.to_owned()),
            Refresh::New => {
                let refresh = World::token()?;
                self.tokens.add(refresh.clone(), account, client, Use::Refresh);
                Some(refresh)
            }
        };
        Ok(Answer::json(
            StatusCode::OK,
            &Tokens {
                access_token: &access,
                refresh_token: refresh.as_deref(),
                scope: "useraccount",
                token_type: "Bearer",
                expires_in: ACCESS_SECONDS,
            },
        ))
    }

    /// The name of the account of a name and a password; without accounts any will do.
    fn by_password(&self, form: &Parameters<'_>, client: &Secret) -> Result<String, Refusal> {
        self.known_client(client)?;
        let (name, password) = (form.value("username"), form.value("password"));
        let (name, password) = name.zip(password).ok_or(Refusal::CREDENTIALS)?;
        self.account_of(name, password).ok_or(Refusal::CREDENTIALS)
    }

    /// The name of the account of that name and password. Without accounts nobody asks for it.
    fn account_of(&self, name: &str, password: &str) -> Option<String> {
        if self.accounts.is_empty() {
            return Some(String::new());
        }
        self.accounts.verified(name, password).map(|account| account.name().to_owned())
    }

    /// The name of the account a client stands for; without clients, the one of that name and password.
    fn by_client(&self, client: &Secret) -> Result<String, Refusal> {
        if let Some(known) = self.known_client(client)? {
            return Ok(known.account.clone());
        }
        let is_named = !client.id.is_empty();
        let account = is_named.then(|| self.account_of(&client.id, &client.secret)).flatten();
        account.ok_or(Refusal::CLIENT)
    }

    /// The name of the account of a refresh token, and that token.
    fn by_refresh<'f>(
        &self,
        form: &'f Parameters<'_>,
        client: &Secret,
    ) -> Result<(String, Refresh<'f>), Refusal> {
        self.known_client(client)?;
        let token = form.value("refresh_token").ok_or(Refusal::REFRESH)?;
        let name = self.tokens.refreshed(token, &client.id).ok_or(Refusal::REFRESH)?;
        Ok((name, Refresh::Kept(token)))
    }

    /// Which of the clients it is; none if there are none, and then any will do.
    fn known_client(&self, client: &Secret) -> Result<Option<&Client>, Refusal> {
        if client.id.len() > LONGEST_CLIENT {
            return Err(Refusal::CLIENT);
        }
        let is_it = |known: &&Client| {
            bool::from(same(&known.id, &client.id) & same(&known.secret, &client.secret))
        };
        // All are compared, so that the time does not tell which it is.
        let found =
            self.clients.iter().filter(is_it).fold(None, |first, next| first.or(Some(next)));
        if found.is_some() || self.clients.is_empty() { Ok(found) } else { Err(Refusal::CLIENT) }
    }
}

/// What a client says of itself.
struct Secret {
    id: String,
    secret: String,
}

impl Secret {
    /// That of the form or, if it holds no secret, of the header Authorization.
    ///
    /// Source: RFC 6749, section 2.3.1.
    fn of(call: &Call<'_>, form: &Parameters<'_>) -> Self {
        let text = |name| form.value(name).unwrap_or_default().to_owned();
        match call.authorization().and_then(Credentials::read) {
            Some(Credentials::Basic(pair)) if form.value("client_secret").is_none() => {
                Self { id: pair.name().to_owned(), secret: pair.password().to_owned() }
            }
            _ => Self { id: text("client_id"), secret: text("client_secret") },
        }
    }
}
