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
    good_for: Use,
    ends: Instant,
}

/// Tokens that were given out. They are found by their hash, so that no comparison tells where two
/// differ: its key is not known.
#[derive(Debug, Default)]
pub(super) struct Tokens(Mutex<HashMap<String, Token>>);

impl Tokens {
    /// Takes up a token of an account.
    pub(super) fn add(&self, token: String, account: &str, good_for: Use) {
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
        tokens.insert(token, Token { account: account.to_owned(), good_for, ends: now + lasts });
    }

    /// The name of the account that a token stands for.
    pub(super) fn account(&self, token: &str, good_for: Use) -> Option<String> {
        let tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = tokens.get(token).filter(|token| token.good_for == good_for);
        found.filter(|token| token.ends > Instant::now()).map(|token| token.account.clone())
    }
}
