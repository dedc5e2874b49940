//! Which diagnostics are said, and which are errors.

use super::codes::{allowable, code};
use super::config::Config;
use crate::cli::Stop;
use crate::diagnostic::{Code, Diagnostic, Severity};

/// What the options and the configuration make of each code.
pub(super) struct Levels {
    allowed: Vec<Code>,
    denied: Vec<Code>,
    pub(super) warnings_are_denied: bool,
}

impl Levels {
    /// Options win over the configuration.
    pub(super) fn new(
        allow: &[String],
        deny: &[String],
        deny_warnings: Option<bool>,
        config: &Config,
    ) -> Result<Self, Stop> {
        let codes = |option: &str, names: &[String], read: fn(&str) -> Result<Code, String>| {
            let code = |name: &String| read(name.trim());
            let codes: Result<Vec<Code>, String> = names.iter().map(code).collect();
            codes.map_err(|message| Stop::Message(format!("{option}: {message}")))
        };
        let (mut allowed, mut denied) =
            (codes("--allow", allow, allowable)?, codes("--deny", deny, code)?);
        if let Some(both) = allowed.iter().find(|code| denied.contains(code)) {
            return Err(Stop::Message(format!("`{both}` is both allowed and denied")));
        }
        let configured = (
            config.allow.iter().filter(|code| !denied.contains(code)).copied().collect::<Vec<_>>(),
            config.deny.iter().filter(|code| !allowed.contains(code)).copied().collect::<Vec<_>>(),
        );
        allowed.extend(configured.0);
        denied.extend(configured.1);
        let warnings_are_denied = deny_warnings.or(config.deny_warnings).unwrap_or_default();
        Ok(Self { allowed, denied, warnings_are_denied })
    }

    /// The diagnostic as it is to be said, if it is.
    pub(super) fn judge(&self, said: &Diagnostic) -> Option<Diagnostic> {
        if self.allowed.contains(&said.code()) {
            None
        } else if self.denied.contains(&said.code()) {
            Some(said.clone().with_severity(Severity::Error))
        } else {
            Some(said.clone())
        }
    }

    /// How many diagnostics of a query are kept, `usual` unless one that is not said or one that counts
    /// for more could stand in the way of another.
    pub(super) fn kept(&self, usual: usize) -> usize {
        const MANY: usize = 10_000;
        if self.allowed.is_empty() && self.denied.is_empty() { usual } else { MANY }
    }
}
