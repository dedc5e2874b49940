//! Who may ask: accounts, and the credentials of requests.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use subtle::{Choice, ConstantTimeEq};

use crate::demo::Random;
use crate::environment::User;

/// The role that the Contact API asks for.
///
/// Source: Contact API page, "Users need the `csm_ws_integration` role for full API access."
pub const ROLE: &str = "csm_ws_integration";

/// An account that may ask.
///
/// ```
/// use encoded_query::api::{Account, ROLE};
///
/// let account = Account::new("ann", "secret").with_role(ROLE);
/// assert!(!format!("{account:?}").contains("secret"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    name: String,
    password: String,
    user: User,
    roles: Vec<String>,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("name", &self.name)
            .field("roles", &self.roles)
            .finish_non_exhaustive()
    }
}

impl Account {
    /// An account without roles, whose sys_id is made from its name.
    pub fn new(name: impl Into<String>, password: impl Into<String>) -> Self {
        let name = name.into();
        let seed = name.bytes().fold(0, |seed: u64, byte| seed.rotate_left(8) ^ u64::from(byte));
        let mut random = Random::new(seed);
        let mut user = User::new(format!("{:016x}{:016x}", random.draw(), random.draw()));
        user.user_name = Some(name.clone());
        user.display_name = Some(name.clone());
        Self { name, password: password.into(), user, roles: Vec::new() }
    }

    /// The same for the user of that sys_id: the one `gs.getUserID()` means.
    #[must_use]
    pub fn with_sys_id(mut self, sys_id: impl Into<String>) -> Self {
        self.user.sys_id = sys_id.into();
        self
    }

    /// The same with a role; [`ROLE`] is the one that counts.
    #[must_use]
    pub fn with_role(mut self, role: impl Into<String>) -> Self {
        self.roles.push(role.into());
        self
    }

    /// The login name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The user.
    pub fn user(&self) -> &User {
        &self.user
    }

    /// Whether it may use the API.
    pub(super) fn is_authorized(&self) -> bool {
        self.roles.iter().any(|role| role == ROLE)
    }
}

/// The accounts there are; without any, everybody may ask.
#[derive(Debug, Default)]
pub(super) struct Accounts(Vec<Account>);

/// A name and a password, parted by the first `:`.
#[derive(PartialEq)]
pub(super) struct Pair {
    text: String,
    colon: usize,
}

/// What the header Authorization says.
#[derive(PartialEq)]
pub(super) enum Credentials {
    Basic(Pair),
    Bearer(String),
}

impl Pair {
    pub(super) fn name(&self) -> &str {
        self.text.get(..self.colon).unwrap_or_default()
    }

    pub(super) fn password(&self) -> &str {
        self.text.get(self.colon + 1..).unwrap_or_default()
    }
}

impl Credentials {
    /// Reads the header; `None` if it says nothing that is understood.
    pub(super) fn read(header: &str) -> Option<Self> {
        let (scheme, rest) = header.trim().split_once(' ')?;
        let rest = rest.trim();
        if scheme.eq_ignore_ascii_case("bearer") {
            return Some(Self::Bearer(rest.to_owned()));
        }
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let text = String::from_utf8(STANDARD.decode(rest).ok()?).ok()?;
        let colon = text.find(':')?;
        Some(Self::Basic(Pair { text, colon }))
    }
}

impl Accounts {
    pub(super) fn new(accounts: Vec<Account>) -> Self {
        Self(accounts)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The account of that name.
    pub(super) fn named(&self, name: &str) -> Option<&Account> {
        self.0.iter().find(|account| account.name == name)
    }

    /// The account of that name and password. All are compared to their end, so that the time tells
    /// nothing of what they have in common with those given.
    pub(super) fn verified(&self, name: &str, password: &str) -> Option<&Account> {
        let is_it =
            |account: &&Account| same(&account.name, name) & same(&account.password, password);
        let found = |account| bool::from(is_it(&account)).then_some(account);
        self.0.iter().fold(None, |first, account| first.or(found(account)))
    }
}

/// Whether two secrets are the same.
pub(super) fn same(one: &str, other: &str) -> Choice {
    one.as_bytes().ct_eq(other.as_bytes())
}
