//! How an API is put together.

use std::fmt;
use std::sync::Arc;

use super::ContactApi;
use super::accounts::{Account, Accounts};
use super::client::Client;
use super::error::ApiError;
use super::fault::Faults;
use super::parameters::InvalidPaging;
use super::requests::{Answered, Requests};
use super::shared::{Access, OnAnswer, Settings, Shared, Transactions};
use super::social;
use super::store::Store;
use super::tokens::Tokens;
use super::world::World;
use crate::bind::Options;
use crate::environment::FixedEnvironment;
use crate::journal::Journal;
use crate::plan::OnInvalid;
use crate::schema::SYS_ID;
use crate::table::Database;

/// Makes a [`ContactApi`].
///
/// ```
/// use encoded_query::api::{Account, ContactApi, ROLE};
/// use encoded_query::{OnInvalid, Table};
///
/// let api = ContactApi::builder(Table::demo_contacts())
///     .account(Account::new("admin", "admin").with_role(ROLE))
///     .on_invalid(OnInvalid::ReturnNoRows)
///     .build()?;
/// # Ok::<(), encoded_query::api::ApiError>(())
/// ```
#[must_use]
pub struct Builder {
    database: Database,
    contacts: Option<String>,
    accounts: Vec<Account>,
    clients: Vec<Client>,
    environment: FixedEnvironment,
    seed: Option<u64>,
    journal: Option<Box<dyn Journal>>,
    on_answer: Option<OnAnswer>,
    settings: Settings,
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Builder {
    pub(super) fn new(database: Database) -> Self {
        Self {
            database,
            contacts: None,
            accounts: Vec::new(),
            clients: Vec::new(),
            environment: FixedEnvironment::default(),
            seed: None,
            journal: None,
            on_answer: None,
            settings: Settings::default(),
        }
    }

    /// The table that the Contact API serves; `customer_contact` or, without one, the first, if not told.
    pub fn contacts(mut self, table: impl Into<String>) -> Self {
        self.contacts = Some(table.into());
        self
    }

    /// Adds an account. Without any, everybody may ask.
    pub fn account(mut self, account: Account) -> Self {
        self.accounts.push(account);
        self
    }

    /// Adds an OAuth client, whose own tokens stand for an account. Without any, tokens are given to
    /// every client that sends the name and password of an account, and without accounts to all.
    pub fn oauth_client(
        mut self,
        id: impl Into<String>,
        secret: impl Into<String>,
        account: impl Into<String>,
    ) -> Self {
        self.clients.push(Client { id: id.into(), secret: secret.into(), account: account.into() });
        self
    }

    /// What queries are told: a fixed time, the zone, dynamic values. Without a fixed time the clock
    /// tells it; the user is the account that asks.
    pub fn environment(mut self, environment: FixedEnvironment) -> Self {
        self.environment = environment;
        self
    }

    /// Makes the sys_ids of new records the same each time.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// What becomes of invalid parts of queries.
    pub fn on_invalid(mut self, on_invalid: OnInvalid) -> Self {
        self.settings.on_invalid = on_invalid;
        self
    }

    /// How queries are read and limited.
    pub fn options(mut self, options: Options) -> Self {
        self.settings.options = options;
        self
    }

    /// What becomes of limits and offsets that are no numbers.
    pub fn invalid_paging(mut self, invalid: InvalidPaging) -> Self {
        self.settings.invalid_paging = invalid;
        self
    }

    /// Whether records may be changed.
    pub fn access(mut self, access: Access) -> Self {
        self.settings.access = access;
        self
    }

    /// Records of a page at most, 10,000 if not told; a higher limit is lowered.
    pub fn max_limit(mut self, most: u64) -> Self {
        self.settings.max_limit = most.max(1);
        self
    }

    /// Bytes of a body at most, 10 MiB if not told.
    pub fn max_body(mut self, most: u64) -> Self {
        self.settings.max_body = most;
        self
    }

    /// Lets requests fail on demand; without it `X-Mock-Fault` means nothing.
    pub fn faults(mut self, faults: Faults) -> Self {
        self.settings.faults = Some(faults);
        self
    }

    /// Where changes are kept, so that they outlive the process.
    pub fn journal(mut self, journal: impl Journal + 'static) -> Self {
        self.journal = Some(Box::new(journal));
        self
    }

    /// Called with each request after it was answered: a log.
    pub fn on_answer(mut self, act: impl Fn(&Answered) + Send + Sync + 'static) -> Self {
        self.on_answer = Some(OnAnswer(Box::new(act)));
        self
    }

    /// The API.
    ///
    /// # Errors
    /// If there is no table to ask, or a table whose records have no sys_id.
    pub fn build(self) -> Result<ContactApi, ApiError> {
        let contacts = match self.contacts {
            Some(table) => table,
            None => usual_contacts(&self.database),
        };
        let tables = social::with_profiles(self.database.into_tables(), &contacts);
        let tables = match &self.journal {
            Some(journal) => journal.restore(tables)?,
            None => tables,
        };
        let database = Database::new(tables)?;
        if database.table(&contacts).is_none() {
            return Err(ApiError::NoTable(contacts));
        }
        let without =
            database.catalog().schemas().iter().find(|schema| schema.field(SYS_ID).is_none());
        if let Some(schema) = without {
            return Err(ApiError::NoSysId(schema.table().to_owned()));
        }
        let accounts = Accounts::new(self.accounts);
        let unknown = self.clients.iter().find(|client| accounts.named(&client.account).is_none());
        if let Some(Client { id: client, account, .. }) = unknown.cloned() {
            return Err(ApiError::NoAccount { client, account });
        }
        Ok(ContactApi(Arc::new(Shared {
            store: Store::new(database, self.journal),
            contacts,
            accounts,
            clients: self.clients,
            tokens: Tokens::default(),
            world: World::new(self.environment, self.seed),
            settings: self.settings,
            requests: Requests::default(),
            transactions: Transactions::default(),
            on_answer: self.on_answer,
        })))
    }
}

fn usual_contacts(database: &Database) -> String {
    const CONTACTS: &str = "customer_contact";
    let first = database.tables().first().map(|table| table.schema().table());
    let usual = database.table(CONTACTS).map(|_| CONTACTS);
    usual.or(first).unwrap_or(CONTACTS).to_owned()
}
