//! What a query may ask about the world around it: the time, and who asks.

use std::collections::HashMap;
use std::fmt;

use crate::calendar::{Weekday, Zone};
use crate::value::DateTime;

/// What a query is told about the world. Each default is "not known": then what asks for it is invalid,
/// and nothing is guessed.
///
/// Source: scripts such as `gs.now()` and `gs.getUserID()` in values, and the operator `DYNAMIC`.
pub trait Environment: fmt::Debug + Send + Sync {
    /// The instant that counts as now.
    fn now(&self) -> Option<DateTime> {
        None
    }

    /// The time zone of days, weeks and clock times. UTC unless told.
    fn zone(&self) -> Zone {
        Zone::utc()
    }

    /// The day a week begins with. Monday unless told.
    fn first_day_of_week(&self) -> Weekday {
        Weekday::default()
    }

    /// Who asks.
    fn user(&self) -> Option<&User> {
        None
    }

    /// The `sys_ids` of the groups of the one who asks.
    fn groups(&self) -> Option<&[String]> {
        None
    }

    /// The `sys_ids` that a dynamic value stands for, by its own `sys_id` in lower case. The two of the platform, "me"
    /// and "one of my groups", need no mention.
    fn dynamic(&self, sys_id: &str) -> Option<&[String]> {
        let _ = sys_id;
        None
    }
}

/// The one who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// The `sys_id` of the user's record.
    pub sys_id: String,
    /// The login name, if it is known.
    pub user_name: Option<String>,
    /// The full name, if it is known.
    pub display_name: Option<String>,
}

impl User {
    /// A user of whom nothing more is known.
    pub fn new(sys_id: impl Into<String>) -> Self {
        Self { sys_id: sys_id.into(), ..Self::default() }
    }
}

/// An environment that is told everything once.
///
/// ```
/// use encoded_query::calendar::Zone;
/// use encoded_query::{Binder, FixedEnvironment, Query, Table};
///
/// let contacts = Table::demo_contacts();
/// let environment = FixedEnvironment::default()
///     .with_now("2026-01-15 12:00:00".parse()?)
///     .with_zone(Zone::find("Europe/Berlin").ok_or("a zone")?);
/// let binder = Binder::for_table(contacts.schema()).environment(&environment);
/// let bound = binder.bind(&Query::parse("sys_created_on<javascript:gs.beginningOfToday()"));
/// assert!(!bound.diagnostics().has_errors());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct FixedEnvironment {
    now: Option<DateTime>,
    zone: Option<Zone>,
    first_day_of_week: Weekday,
    user: Option<User>,
    groups: Option<Vec<String>>,
    dynamic: HashMap<String, Vec<String>>,
}

impl FixedEnvironment {
    /// The same with that instant as now.
    #[must_use]
    pub fn with_now(mut self, now: DateTime) -> Self {
        self.now = Some(now);
        self
    }

    /// The same in that time zone.
    #[must_use]
    pub fn with_zone(mut self, zone: Zone) -> Self {
        self.zone = Some(zone);
        self
    }

    /// The same with weeks that begin with that day.
    #[must_use]
    pub fn with_first_day_of_week(mut self, day: Weekday) -> Self {
        self.first_day_of_week = day;
        self
    }

    /// The same with that user, in no groups unless told.
    #[must_use]
    pub fn with_user(mut self, user: User) -> Self {
        self.user = Some(user);
        self.groups.get_or_insert_default();
        self
    }

    /// The same with the user in those groups, given by `sys_id`.
    #[must_use]
    pub fn with_groups(mut self, groups: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.groups = Some(groups.into_iter().map(Into::into).collect());
        self
    }

    /// The same with a dynamic value, by its `sys_id`, that stands for those `sys_ids`.
    #[must_use]
    pub fn with_dynamic(
        mut self,
        sys_id: impl Into<String>,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.dynamic.insert(
            sys_id.into().to_ascii_lowercase(),
            values.into_iter().map(Into::into).collect(),
        );
        self
    }
}

impl Environment for FixedEnvironment {
    fn now(&self) -> Option<DateTime> {
        self.now
    }

    fn zone(&self) -> Zone {
        self.zone.clone().unwrap_or_else(Zone::utc)
    }

    fn first_day_of_week(&self) -> Weekday {
        self.first_day_of_week
    }

    fn user(&self) -> Option<&User> {
        self.user.as_ref()
    }

    fn groups(&self) -> Option<&[String]> {
        self.groups.as_deref()
    }

    fn dynamic(&self, sys_id: &str) -> Option<&[String]> {
        self.dynamic.get(sys_id).map(Vec::as_slice)
    }
}
