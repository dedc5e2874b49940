//! The arguments of `encq serve`.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::duration;
use crate::api::{Account, ROLE};
use crate::cli::options::{DiagnosticsArguments, OnInvalidArgument, Reading, TextOrJson};
use crate::cli::world::World;
use crate::cli::{Stop, Streams};

#[derive(Debug, Args)]
pub(in crate::cli) struct ServeArguments {
    /// A data file (JSON, NDJSON or CSV, as it is or packed with gzip) or `-` for standard input, if not
    /// the demo contacts.
    pub(super) data: Option<PathBuf>,
    #[command(flatten)]
    pub(super) reading: Reading,
    /// The name or address to listen on; without credentials only this machine's own.
    #[arg(long, default_value = "127.0.0.1", help_heading = "Network")]
    pub(super) host: String,
    /// The port; 0 picks a free one.
    #[arg(long, default_value_t = 8080, help_heading = "Network")]
    pub(super) port: u16,
    /// The port of HTTPS, which is served too then; 0 picks a free one.
    #[arg(long, help_heading = "Network")]
    pub(super) tls_port: Option<u16>,
    /// A certificate in PEM; a self-signed one is made if it is not given.
    #[arg(
        long,
        value_name = "FILE",
        requires = "tls_key",
        requires = "tls_port",
        help_heading = "Network"
    )]
    pub(super) tls_cert: Option<PathBuf>,
    /// Its key in PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert", help_heading = "Network")]
    pub(super) tls_key: Option<PathBuf>,
    /// The origin whose pages may read answers in a browser, or `*`.
    #[arg(long, value_name = "ORIGIN", help_heading = "Network")]
    pub(super) cors: Option<String>,
    /// The name of an account with the role `csm_ws_integration`; without accounts everybody may ask.
    #[arg(long, requires = "password", help_heading = "Who may ask")]
    pub(super) user: Option<String>,
    /// The password of that account.
    #[arg(
        long,
        requires = "user",
        env = "ENCQ_PASSWORD",
        hide_env_values = true,
        help_heading = "Who may ask"
    )]
    pub(super) password: Option<String>,
    /// A further account; may be repeated. It needs the role `csm_ws_integration` to be let in.
    #[arg(long, value_name = "NAME:PASSWORD[:SYS_ID[:ROLE,…]]", help_heading = "Who may ask")]
    pub(super) account: Vec<String>,
    /// A program that may ask for tokens, and the account its own stand for, the first if not given; may
    /// be repeated. Without any, every program may that knows the name and password of an account.
    #[arg(long, value_name = "ID:SECRET[:NAME]", help_heading = "Who may ask")]
    pub(super) oauth_client: Vec<String>,
    /// A folder to keep changes in, so that they are there again after a restart; the data is its first
    /// content.
    #[arg(long, value_name = "DIR", help_heading = "Records")]
    pub(super) data_dir: Option<PathBuf>,
    /// Refuse every change.
    #[arg(long, help_heading = "Records")]
    pub(super) read_only: bool,
    /// Make sys_ids, demo contacts, delays and faults from this number, the same each time.
    #[arg(long, help_heading = "Records")]
    pub(super) seed: Option<u64>,
    /// What becomes of invalid parts of queries: they are ignored, no record matches, or the query is
    /// refused with 403.
    #[arg(long, value_enum, default_value = "ignore", help_heading = "Requests")]
    pub(super) on_invalid: OnInvalidArgument,
    /// Take the default for limits and offsets that are no numbers, instead of refusing them.
    #[arg(long, help_heading = "Requests")]
    pub(super) lenient_paging: bool,
    /// Records of a page at most, 10,000 if not given; a higher limit is lowered.
    #[arg(long, value_name = "N", help_heading = "Requests")]
    pub(super) max_limit: Option<u64>,
    /// Bytes of a body at most, 10 MiB if not given.
    #[arg(long, value_name = "BYTES", help_heading = "Requests")]
    pub(super) max_body: Option<u64>,
    /// Wait before each answer, so long or a time in between: `200ms`, `200ms..1s`.
    #[arg(long, value_name = "TIME", help_heading = "Trouble")]
    pub(super) latency: Option<String>,
    /// Answer a share of the requests with that status; may be repeated. A request can ask for one with
    /// the header `X-Mock-Fault: 503`.
    #[arg(long, value_name = "503:5%", help_heading = "Trouble")]
    pub(super) fault: Vec<String>,
    /// Write a line for each request to standard error; as text on a terminal, if not given.
    #[arg(long, value_enum, value_name = "FORMAT")]
    log: Option<TextOrJson>,
    /// Write nothing to standard error but errors, and the log if it is asked for.
    #[arg(long)]
    pub(super) quiet: bool,
    #[command(flatten)]
    pub(super) world: World,
    #[command(flatten)]
    pub(super) diagnostics: DiagnosticsArguments,
}

impl ServeArguments {
    /// How what goes wrong is said.
    pub(in crate::cli) fn diagnostics(&self) -> TextOrJson {
        self.diagnostics.format
    }

    /// The format of the log, if there is one.
    pub(super) fn log(&self, streams: &Streams<'_>) -> Option<TextOrJson> {
        let usual = (streams.stderr_is_terminal && !self.quiet).then_some(TextOrJson::Text);
        self.log.or(usual)
    }

    /// Whether everybody may ask.
    pub(super) fn is_open(&self) -> bool {
        self.user.is_none() && self.account.is_empty()
    }

    /// The name of the first account.
    pub(super) fn first_account(&self) -> Option<&str> {
        let other = || self.account.first().and_then(|text| text.split(':').next());
        self.user.as_deref().or_else(other)
    }

    pub(super) fn accounts(&self) -> Result<Vec<Account>, Stop> {
        let mut accounts = Vec::new();
        if let (Some(user), Some(password)) = (&self.user, &self.password) {
            accounts.push(Account::new(user, password).with_role(ROLE));
        }
        for text in &self.account {
            // The text holds a password and is not shown.
            let wrong = || {
                let expected = "expected `NAME:PASSWORD[:SYS_ID[:ROLE,…]]`";
                Stop::Message(format!("--account: a value does not read; {expected}"))
            };
            let mut parts = text.splitn(4, ':');
            let name = parts.next().filter(|name| !name.is_empty()).ok_or_else(wrong)?;
            let mut account = Account::new(name, parts.next().ok_or_else(wrong)?);
            if let Some(sys_id) = parts.next().filter(|sys_id| !sys_id.is_empty()) {
                account = account.with_sys_id(sys_id);
            }
            let roles = parts.next().unwrap_or_default().split(',').map(str::trim);
            accounts.push(roles.filter(|role| !role.is_empty()).fold(account, Account::with_role));
        }
        let mut names: Vec<&str> = accounts.iter().map(Account::name).collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair.first() == pair.last()) {
            Some(pair) => {
                Err(Stop::Message(format!("the account `{}` is given twice", pair.join("` and `"))))
            }
            None => Ok(accounts),
        }
    }

    /// Id, secret and account of OAuth clients.
    pub(super) fn clients(&self) -> Result<Vec<(&str, &str, &str)>, Stop> {
        let client = |text| {
            let mut parts = str::splitn(text, 3, ':');
            let pair = parts.next().filter(|id| !id.is_empty()).zip(parts.next());
            let account = parts.next().or(self.first_account());
            let (id, secret) = pair?;
            Some((id, secret, account?))
        };
        let wrong = || {
            let message =
                "--oauth-client: a value does not read; expected `ID:SECRET[:NAME]` and an account";
            Stop::Message(message.into())
        };
        self.oauth_client.iter().map(|text| client(text).ok_or_else(wrong)).collect()
    }

    /// The times to wait.
    pub(super) fn latency(&self) -> Result<Option<RangeInclusive<Duration>>, Stop> {
        let Some(text) = &self.latency else { return Ok(None) };
        let (from, to) = text.split_once("..").unwrap_or((text, text));
        match (duration(from), duration(to)) {
            (Some(from), Some(to)) if from <= to => Ok(Some(from..=to)),
            _ => {
                let expected = "expected a time such as `200ms`, or two such as `200ms..1s`";
                Err(Stop::Message(format!("--latency: `{text}` does not read; {expected}")))
            }
        }
    }
}
