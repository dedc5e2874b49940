//! Tokens for names and passwords.

use http::StatusCode;
use serde::Serialize;

use super::accounts::{Account, Credentials, same};
use super::answer::Answer;
use super::call::Call;
use super::failure::Failure;
use super::parameters::Parameters;
use super::shared::Shared;
use super::tokens::{ACCESS_SECONDS, Use};
use super::world::World;

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
    refresh_token: &'t str,
    scope: &'static str,
    token_type: &'static str,
    expires_in: u64,
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
            Some("password") => self.by_password(form, &client).map(|account| (account, None)),
            Some("client_credentials") => self.by_client(&client).map(|account| (account, None)),
            Some("refresh_token") => self.by_refresh(form, &client),
            _ => Err(Refusal::GRANT),
        };
        match given {
            Ok((account, refresh)) => self.tokens_of(account, &client.id, refresh),
            Err(refusal) => Ok(refusal.answer()),
        }
    }

    /// New tokens of an account for a client, which keeps the refresh token it came with.
    fn tokens_of(
        &self,
        account: &Account,
        client: &str,
        refresh: Option<&str>,
    ) -> Result<Answer, Failure> {
        let access = World::token()?;
        self.tokens.add(access.clone(), account.name(), client, Use::Access);
        let refresh = if let Some(refresh) = refresh {
            refresh.to_owned()
        } else {
            let refresh = World::token()?;
            self.tokens.add(refresh.clone(), account.name(), client, Use::Refresh);
            refresh
        };
        Ok(Answer::json(
            StatusCode::OK,
            &Tokens {
                access_token: &access,
                refresh_token: &refresh,
                scope: "useraccount",
                token_type: "Bearer",
                expires_in: ACCESS_SECONDS,
            },
        ))
    }

    fn by_password(&self, form: &Parameters<'_>, client: &Secret) -> Result<&Account, Refusal> {
        self.check_client(client)?;
        let (name, password) = (form.value("username"), form.value("password"));
        let pair = name.zip(password).ok_or(Refusal::CREDENTIALS)?;
        self.accounts.verified(pair.0, pair.1).ok_or(Refusal::CREDENTIALS)
    }

    /// The account a client stands for; without clients, the one of that name and password.
    fn by_client(&self, client: &Secret) -> Result<&Account, Refusal> {
        if self.clients.is_empty() {
            return self.accounts.verified(&client.id, &client.secret).ok_or(Refusal::CLIENT);
        }
        self.check_client(client)?;
        let found = self.clients.iter().find(|known| known.id == client.id);
        self.accounts.named(&found.ok_or(Refusal::CLIENT)?.account).ok_or(Refusal::CLIENT)
    }

    /// The account of a refresh token, and that token.
    fn by_refresh<'f>(
        &self,
        form: &'f Parameters<'_>,
        client: &Secret,
    ) -> Result<(&Account, Option<&'f str>), Refusal> {
        self.check_client(client)?;
        let token = form.value("refresh_token").ok_or(Refusal::REFRESH)?;
        let name = self.tokens.refreshed(token, &client.id).ok_or(Refusal::REFRESH)?;
        let account = self.accounts.named(&name).ok_or(Refusal::REFRESH)?;
        Ok((account, Some(token)))
    }

    /// Whether the client is one of those there are, if there are any.
    fn check_client(&self, client: &Secret) -> Result<(), Refusal> {
        let is_it = |known: &&super::client::Client| {
            bool::from(same(&known.id, &client.id) & same(&known.secret, &client.secret))
        };
        let is_known = self.clients.is_empty() || self.clients.iter().filter(is_it).count() > 0;
        if is_known { Ok(()) } else { Err(Refusal::CLIENT) }
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
