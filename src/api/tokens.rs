//! Bearer tokens: made for a while, kept in memory.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long an access token counts, in seconds.
///
/// Source: OAuth of the platform, `expires_in` of a new token.
pub(super) const ACCESS_SECONDS: u64 = 1799;

/// How long a refresh token counts: 100 days.
const REFRESH: Duration = Duration::from_secs(8_640_000);

/// Tokens kept at most; then those that end first give way.
const MOST: usize = 10_000;

/// What a token is good for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Use {
    Access,
    Refresh,
}

#[derive(Debug)]
struct Token {
    account: String,
    /// The OAuth client it was given to.
    client: String,
    good_for: Use,
    ends: Instant,
}

/// Tokens that were given out. They are found by their hash, so that no comparison tells where two
/// differ: its key is not known.
#[derive(Debug, Default)]
pub(super) struct Tokens(Mutex<HashMap<String, Token>>);

impl Tokens {
    /// Takes up a token of an account that was given to a client.
    pub(super) fn add(&self, token: String, account: &str, client: &str, good_for: Use) {
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let lasts = match good_for {
            Use::Access => Duration::from_secs(ACCESS_SECONDS),
            Use::Refresh => REFRESH,
        };
        tokens.retain(|_, token| token.ends > now);
        if tokens.len() >= MOST {
            let first = tokens.iter().min_by_key(|(_, token)| token.ends);
            let first = first.map(|(name, _)| name.clone());
            first.and_then(|first| tokens.remove(&first));
        }
        let (account, client) = (account.to_owned(), client.to_owned());
        tokens.insert(token, Token { account, client, good_for, ends: now + lasts });
    }

    /// The name of the account that an access token stands for.
    pub(super) fn account(&self, token: &str) -> Option<String> {
        self.good(token, Use::Access).map(|(account, _)| account)
    }

    /// The name of the account that a refresh token of a client stands for.
    ///
    /// Source: RFC 6749, section 6: a refresh token is of use to the client it was issued to.
    pub(super) fn refreshed(&self, token: &str, client: &str) -> Option<String> {
        let (account, of) = self.good(token, Use::Refresh)?;
        (of == client).then_some(account)
    }

    /// The account and the client of a token that has not ended.
    fn good(&self, token: &str, good_for: Use) -> Option<(String, String)> {
        let tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = tokens.get(token).filter(|token| token.good_for == good_for);
        let found = found.filter(|token| token.ends > Instant::now());
        found.map(|token| (token.account.clone(), token.client.clone()))
    }
}
