//! Time zones of the bundled database: from instants to local times and back.

use jiff::civil;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp};

use crate::value::DateTime;

/// The second after the last instant there is.
pub(super) const NEVER: i64 = 253_402_300_800;

/// A time zone of the IANA database, as bundled with this crate; the system's is not read.
///
/// Two names of one zone are equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// Coordinated Universal Time.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The zone of that IANA name, such as `Europe/Berlin`, in any case.
    pub fn find(name: &str) -> Option<Self> {
        let found = TimeZoneDatabase::bundled().get(name).ok()?;
        // jiff answers to a name for "unknown", which stands for no place.
        (!found.is_unknown()).then_some(Self(found))
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// What clocks in the zone show at an instant, written as if it were one.
    #[cfg(feature = "api")]
    pub(crate) fn clock(&self, instant: DateTime) -> DateTime {
        DateTime::of_civil(self.local(instant))
    }

    /// What clocks in the zone show; at most the end of the year 9999.
    pub(super) fn local(&self, instant: DateTime) -> civil::DateTime {
        let instant = instant.civil();
        if let Ok(timestamp) = Offset::UTC.to_timestamp(instant) {
            return self.0.to_datetime(timestamp);
        }
        // The last day of 9999 is beyond jiff's timestamps.
        let offset = self.0.to_offset(Timestamp::MAX).seconds();
        instant.saturating_add(SignedDuration::from_secs(offset.into()))
    }

    /// When clocks show that time: where they skip it, by as much later; the first of two times.
    pub(super) fn seconds(&self, local: civil::DateTime) -> i64 {
        let (AmbiguousOffset::Unambiguous { offset }
        | AmbiguousOffset::Gap { before: offset, .. }
        | AmbiguousOffset::Fold { before: offset, .. }) =
            self.0.to_ambiguous_timestamp(local).offset();
        seconds_at(local, offset)
    }

    /// The first second of a day, or of what follows where clocks skip the start of it.
    ///
    /// `None` is the day after the last of 9999.
    pub(super) fn day_start(&self, day: Option<civil::Date>) -> i64 {
        let Some(day) = day else { return NEVER };
        let midnight = day.at(0, 0, 0, 0);
        match self.0.to_ambiguous_timestamp(midnight).offset() {
            AmbiguousOffset::Unambiguous { offset }
            | AmbiguousOffset::Fold { before: offset, .. } => seconds_at(midnight, offset),
            // Clocks may skip from before midnight to after it.
            AmbiguousOffset::Gap { before, .. } => self.change_until(seconds_at(midnight, before)),
        }
    }

    /// First and last second of the clock's hour or minute of `length` seconds around `at`.
    ///
    /// A change of the clocks begins a new one, which may be shorter.
    pub(super) fn clock_unit(&self, at: i64, length: i64) -> (i64, i64) {
        let offset = self.offset(at);
        let start = at - (at + offset).rem_euclid(length);
        let end = start + length - 1;
        let start = if self.offset(start) == offset { start } else { self.change_until(at) };
        let end = if self.offset(end) == offset { end } else { self.change_until(end) - 1 };
        (start, end)
    }

    fn offset(&self, at: i64) -> i64 {
        self.0.to_offset(timestamp(at)).seconds().into()
    }

    /// The last change of the clocks until `at`, that second included.
    fn change_until(&self, at: i64) -> i64 {
        let mut changes = self.0.preceding(timestamp(at + 1));
        changes.next().map_or(at, |change| change.timestamp().as_second())
    }
}

/// The instant, or the nearest that jiff has, where the offset is the same.
fn timestamp(seconds: i64) -> Timestamp {
    let nearest = if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_second(seconds).unwrap_or(nearest)
}

fn seconds_at(local: civil::DateTime, offset: Offset) -> i64 {
    let local = local.duration_since(civil::date(1970, 1, 1).at(0, 0, 0, 0));
    local.as_secs() - i64::from(offset.seconds())
}
