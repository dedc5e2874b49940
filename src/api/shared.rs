//! What all requests share: the records, who may ask, and the settings.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use super::accounts::{Account, Accounts};
use super::call::Call;
use super::client::Client;
use super::fault::Faults;
use super::given::Stamp;
use super::parameters::InvalidPaging;
use super::requests::{Answered, Requests};
use super::store::Store;
use super::tokens::Tokens;
use super::world::World;
use crate::bind::Options;
use crate::plan::OnInvalid;

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) store: Store,
    /// The table of contacts.
    pub(super) contacts: String,
    pub(super) accounts: Accounts,
    pub(super) clients: Vec<Client>,
    pub(super) tokens: Tokens,
    pub(super) world: World,
    pub(super) settings: Settings,
    pub(super) requests: Requests,
    pub(super) transactions: Transactions,
    pub(super) on_answer: Option<OnAnswer>,
}

/// Whether records may be changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Access {
    /// They may.
    #[default]
    ReadWrite,
    /// Requests that would are answered with 403.
    ReadOnly,
}

#[derive(Debug)]
pub(super) struct Settings {
    pub(super) on_invalid: OnInvalid,
    pub(super) options: Options,
    pub(super) invalid_paging: InvalidPaging,
    pub(super) access: Access,
    pub(super) max_limit: u64,
    pub(super) max_body: u64,
    pub(super) faults: Option<Faults>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            on_invalid: OnInvalid::default(),
            options: Options::default(),
            invalid_paging: InvalidPaging::default(),
            access: Access::default(),
            max_limit: 10_000,
            max_body: 10 * 1024 * 1024,
            faults: None,
        }
    }
}

pub(super) struct OnAnswer(pub(super) Box<dyn Fn(&Answered) + Send + Sync>);

impl fmt::Debug for OnAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnAnswer")
    }
}

/// Numbers of requests.
#[derive(Debug, Default)]
pub(super) struct Transactions(AtomicU64);

impl Transactions {
    /// The next number, as 12 hexadecimal digits that look as the platform's do.
    pub(super) fn next(&self) -> String {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        let mixed = crate::demo::Random::new(number).draw();
        format!("{:012x}", mixed >> 16)
    }
}

impl Shared {
    /// Who changes a record now.
    pub(super) fn stamp<'c>(&self, call: &Call<'c>) -> Stamp<'c> {
        let user = call.account.map_or("guest", Account::name);
        Stamp { user, now: self.world.now() }
    }
}
