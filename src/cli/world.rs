//! The world a query is told of: the time, the zone, who asks.

use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::Stop;
use crate::calendar::{Weekday, Zone};
use crate::environment::{FixedEnvironment, User};
use crate::value::DateTime;

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "What the query is told")]
pub(super) struct World {
    /// The instant that counts as now, in UTC: `2026-01-01T00:00:00Z`. The clock's, if not given.
    #[arg(long, value_name = "INSTANT")]
    now: Option<String>,
    /// The time zone of days, weeks and clock times, such as `Europe/Berlin`.
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    time_zone: String,
    /// The day a week begins with.
    #[arg(long, value_name = "DAY", value_parser = days(), default_value = Weekday::Monday.name())]
    first_day_of_week: Weekday,
    /// Who asks: the user that `gs.getUserID()` means.
    #[arg(id = "as", long = "as", value_name = "SYS_ID[:user_name[:display name]]")]
    user: Option<String>,
    /// The sys_ids of the user's groups, separated by commas.
    #[arg(long, value_name = "SYS_IDS", value_delimiter = ',')]
    groups: Option<Vec<String>>,
    /// The sys_ids that a dynamic value stands for, separated by commas; may be repeated.
    #[arg(long, value_name = "SYS_ID=SYS_IDS")]
    dynamic: Vec<String>,
}

impl World {
    /// What the options say; the clock tells the time, and nobody asks, unless they do.
    pub(super) fn environment(&self) -> Result<FixedEnvironment, Stop> {
        let environment = self.standing()?;
        Ok(if self.now.is_some() { environment } else { environment.with_now(clock()) })
    }

    /// What the options say, and no time unless they tell it.
    pub(super) fn standing(&self) -> Result<FixedEnvironment, Stop> {
        let fault = |message: String| Stop::Message(message);
        let zone = Zone::find(&self.time_zone).ok_or_else(|| {
            let zone = &self.time_zone;
            fault(format!(
                "--time-zone: no zone is called `{zone}`; give a name such as `Europe/Berlin`"
            ))
        })?;
        let environment = FixedEnvironment::default()
            .with_zone(zone)
            .with_first_day_of_week(self.first_day_of_week);
        let environment = match &self.now {
            Some(text) => {
                let now = text.parse().map_err(|error| fault(format!("--now: {error}")))?;
                environment.with_now(now)
            }
            None => environment,
        };
        let environment = match &self.user {
            Some(text) => environment.with_user(user(text)?),
            None => environment,
        };
        let environment = match &self.groups {
            Some(groups) => environment.with_groups(groups.iter().map(|id| id.trim())),
            None => environment,
        };
        self.dynamic.iter().try_fold(environment, |environment, text| {
            let (id, values) = text.split_once('=').ok_or_else(|| {
                fault(format!("--dynamic: `{text}` does not read; expected `SYS_ID=SYS_ID,…`"))
            })?;
            let values = values.split(',').map(str::trim).filter(|id| !id.is_empty());
            Ok(environment.with_dynamic(id, values))
        })
    }

    /// The same for a query that is checked and not run: any user will do.
    pub(super) fn environment_of_check(&self) -> Result<FixedEnvironment, Stop> {
        let environment = self.environment()?;
        if self.user.is_some() {
            return Ok(environment);
        }
        let name = Some("anyone".to_owned());
        let sys_id = "0".repeat(32);
        Ok(environment.with_user(User { sys_id, user_name: name.clone(), display_name: name }))
    }
}

fn days() -> impl TypedValueParser<Value = Weekday> {
    let names = PossibleValuesParser::new(Weekday::ALL.map(Weekday::name));
    names.map(|name| {
        let named = Weekday::ALL.into_iter().find(|day| day.name() == name);
        named.unwrap_or_default()
    })
}

fn user(text: &str) -> Result<User, Stop> {
    let mut parts = text.splitn(3, ':');
    let sys_id = parts.next().unwrap_or_default().to_owned();
    if sys_id.is_empty() {
        return Err(Stop::Message(format!("--as: `{text}` names no sys_id")));
    }
    let mut filled = || parts.next().filter(|part| !part.is_empty()).map(str::to_owned);
    Ok(User { sys_id, user_name: filled(), display_name: filled() })
}

/// The time now. A clock before 1970 says 1970.
pub(super) fn clock() -> DateTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    DateTime::nearest(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
