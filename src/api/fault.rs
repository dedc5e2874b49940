//! Failures on demand, for those who test what their client does then.

use std::sync::{Mutex, PoisonError};

use http::{HeaderMap, StatusCode};

use super::failure::{Failure, malformed};
use crate::demo::Random;
use crate::diagnostic::shown;

/// The header that asks for a failure.
const X_MOCK_FAULT: &str = "x-mock-fault";

/// Which requests fail though nothing is wrong with them: those that ask for it by the header
/// `X-Mock-Fault: 503`, and some by chance; never those under `/__admin` and for tokens.
///
/// ```
/// use encoded_query::api::Faults;
///
/// let faults = Faults::on_demand(2026).with("503:5%".parse()?);
/// # Ok::<(), encoded_query::api::NotAFault>(())
/// ```
#[derive(Debug)]
pub struct Faults {
    by_chance: Vec<Fault>,
    random: Mutex<Random>,
}

/// A status that some answers get, such as `503:5%`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fault {
    status: StatusCode,
    /// Of a million.
    share: u32,
}

/// A text that is no fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a status from 400 to 599 and a share, such as `503:5%`")]
pub struct NotAFault;

impl std::str::FromStr for Fault {
    type Err = NotAFault;

    fn from_str(text: &str) -> Result<Self, NotAFault> {
        let (status, share) = text.split_once(':').ok_or(NotAFault)?;
        let status = status_of(status).ok_or(NotAFault)?;
        let percent: f64 =
            share.strip_suffix('%').ok_or(NotAFault)?.parse().map_err(|_| NotAFault)?;
        if !(0.0..=100.0).contains(&percent) {
            return Err(NotAFault);
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is 0 to a million"
        )]
        let share = (percent * 10_000.0).round() as u32;
        Ok(Self { status, share })
    }
}

impl Faults {
    /// Those that the header asks for; the seed decides what happens by chance.
    pub fn on_demand(seed: u64) -> Self {
        Self { by_chance: Vec::new(), random: Mutex::new(Random::new(seed)) }
    }

    /// The same and some by chance.
    #[must_use]
    pub fn with(mut self, fault: Fault) -> Self {
        self.by_chance.push(fault);
        self
    }

    /// Whether the request fails.
    pub(super) fn strike(&self, headers: &HeaderMap) -> Result<(), Failure> {
        if let Some(asked) = headers.get(X_MOCK_FAULT) {
            let asked = asked.to_str().unwrap_or_default();
            return Err(match status_of(asked) {
                Some(status) => Failure::Injected(status),
                None => malformed(
                    "Unknown fault",
                    format!("X-Mock-Fault: `{}` is no status from 400 to 599", shown(asked)),
                ),
            });
        }
        for fault in &self.by_chance {
            let draw = self.random.lock().unwrap_or_else(PoisonError::into_inner).draw();
            if draw % 1_000_000 < u64::from(fault.share) {
                return Err(Failure::Injected(fault.status));
            }
        }
        Ok(())
    }
}

fn status_of(text: &str) -> Option<StatusCode> {
    let status: u16 = text.trim().parse().ok()?;
    StatusCode::from_u16(status).ok().filter(|status| (400..600).contains(&status.as_u16()))
}
