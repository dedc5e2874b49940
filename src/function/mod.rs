//! The `gs.*` functions a value may call: one closed table of names, arguments and meanings.
//!
//! Families such as `gs.beginningOf…()` have one row per period. Nothing is evaluated here.

mod period;

use std::borrow::Cow;
use std::fmt;

pub use period::{Edge, PERIODS, Period, Unit};

/// What one argument of a function has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Argument {
    /// A whole number, which may be negative or in quotes.
    Integer,
    /// A day in quotes, `'YYYY-MM-DD'`.
    Date,
    /// `'start'`, `'end'` or a time `'HH:MM:SS'`.
    Edge,
    /// Any text in quotes.
    Text,
}

impl fmt::Display for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Integer => "a whole number",
            Self::Date => "a date in quotes, `'YYYY-MM-DD'`,",
            Self::Edge => "`'start'`, `'end'` or `'HH:MM:SS'`",
            Self::Text => "a text in quotes",
        })
    }
}

/// What a function answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Meaning {
    /// One end of a period.
    Bound {
        /// The period.
        period: &'static Period,
        /// Which end of it.
        edge: Edge,
    },
    /// The instant n units ago, or one end of the unit it falls in.
    ///
    /// Minutes and hours are elapsed time; the others keep the clock time.
    Ago {
        /// The unit counted in.
        unit: Unit,
        /// Which end of the unit; `None` for the instant itself.
        edge: Option<Edge>,
    },
    /// The current day in the user's time zone.
    Now,
    /// The current instant.
    NowDateTime,
    /// The instant of a given day and time in the user's time zone.
    DateGenerate,
    /// The instant 24 hours ago.
    Yesterday,
    /// A part of a date, for the operator `DATEPART`.
    DatePart,
    /// The user's `sys_id`.
    UserId,
    /// The user's login name.
    UserName,
    /// The user's full name.
    UserDisplayName,
    /// The `sys_ids` of the user's groups, a list.
    Groups,
}

impl Meaning {
    /// What a function of this meaning answers, in one sentence.
    pub fn description(self) -> Cow<'static, str> {
        let text = match self {
            Self::Bound { period, edge } => {
                let (_, _, ordinal) = edge.words();
                return format!("The {ordinal} second of \"{}\".", period.label).into();
            }
            Self::Ago { unit, edge: None } => {
                return format!("The instant n {unit}s ago.").into();
            }
            Self::Ago { unit, edge: Some(edge) } => {
                let (_, _, ordinal) = edge.words();
                return format!("The {ordinal} second of the {unit} n {unit}s ago.").into();
            }
            Self::Now => "The current day.",
            Self::NowDateTime => "The current instant.",
            Self::DateGenerate => "The start, the end or a given time of a day.",
            Self::Yesterday => "The instant 24 hours ago.",
            Self::DatePart => "A part of a date and how to compare it, for DATEPART.",
            Self::UserId => "The sys_id of the user.",
            Self::UserName => "The login name of the user.",
            Self::UserDisplayName => "The full name of the user.",
            Self::Groups => "The sys_ids of the groups of the user.",
        };
        text.into()
    }
}

/// A function that belongs to no family.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Single {
    name: &'static str,
    meaning: Meaning,
    arguments: &'static [Argument],
    sample: &'static str,
}

const fn plain(name: &'static str, meaning: Meaning) -> Single {
    Single { name, meaning, arguments: &[], sample: "" }
}

static SINGLES: [Single; 12] = [
    plain("gs.now", Meaning::Now),
    plain("gs.nowDateTime", Meaning::NowDateTime),
    plain("gs.yesterday", Meaning::Yesterday),
    Single {
        name: "gs.dateGenerate",
        meaning: Meaning::DateGenerate,
        arguments: &[Argument::Date, Argument::Edge],
        sample: "'2026-01-31','start'",
    },
    Single {
        name: "gs.datePart",
        meaning: Meaning::DatePart,
        arguments: &[Argument::Text, Argument::Text, Argument::Text],
        sample: "'dayofweek','monday','EE'",
    },
    plain("gs.getUserID", Meaning::UserId),
    plain("gs.userID", Meaning::UserId),
    plain("gs.user_id", Meaning::UserId),
    plain("gs.getUser().getID", Meaning::UserId),
    plain("gs.getUserName", Meaning::UserName),
    plain("gs.getUserDisplayName", Meaning::UserDisplayName),
    plain("getMyGroups", Meaning::Groups),
];

/// Whether a name that [`Function::find`] does not know is one of the platform's all the same: its
/// answer depends on what only an instance has.
///
/// Source: `GlideSystem` API reference.
pub fn is_known_to_platform(name: &str) -> bool {
    const NAMES: [&str; 16] = [
        "gs.calDateDiff",
        "gs.dateDiff",
        "gs.getCurrentApplicationId",
        "gs.getDurationDate",
        "gs.getPreference",
        "gs.getProperty",
        "gs.getSession",
        "gs.getSessionID",
        "gs.getUser",
        "gs.getUserByID",
        "gs.getUserNameByUserID",
        "gs.hasRole",
        "gs.isInteractive",
        "gs.isLoggedIn",
        "gs.nowNoTZ",
        "gs.tableExists",
    ];
    let periods = ["gs.beginningOf", "gs.endOf"];
    NAMES.contains(&name)
        || name.starts_with("gs.getUser().")
        || periods.iter().any(|start| name.starts_with(start))
}

/// A function of the closed list, also one that a family generates.
///
/// ```
/// use encoded_query::function::Function;
///
/// let function = Function::find("gs.daysAgoStart").ok_or("listed")?;
/// assert_eq!(function.example(), "javascript:gs.daysAgoStart(7)");
/// assert_eq!(function.description(), "The first second of the day n days ago.");
/// assert!(Function::find("gs.beginningOfLast5Days").is_none());
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Function(Entry);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Entry {
    Bound(&'static Period, Edge),
    Ago(Unit, Option<Edge>),
    Single(&'static Single),
}

impl Function {
    /// The function of that name: what stands before the last parentheses of a call.
    pub fn find(name: &str) -> Option<Self> {
        let single = SINGLES.iter().find(|single| single.name == name);
        let family = || find_bound(name).or_else(|| find_ago(name));
        single.map(Entry::Single).or_else(family).map(Self)
    }

    /// Every function, family by family.
    pub fn all() -> impl Iterator<Item = Self> {
        let bounds =
            PERIODS.iter().flat_map(|period| Edge::ALL.map(|edge| Entry::Bound(period, edge)));
        let ago = Unit::AGO.into_iter().flat_map(|unit| {
            [None, Some(Edge::Start), Some(Edge::End)].map(|edge| Entry::Ago(unit, edge))
        });
        bounds.chain(ago).chain(SINGLES.iter().map(Entry::Single)).map(Self)
    }

    /// The name, such as `gs.daysAgo`; [`find`](Self::find) reads it.
    pub fn name(self) -> Cow<'static, str> {
        match self.0 {
            Entry::Bound(period, edge) => format!("{}{}", edge.words().0, period.name).into(),
            Entry::Ago(unit, edge) => {
                let suffix = edge.map_or("", |edge| edge.words().1);
                format!("gs.{unit}sAgo{suffix}").into()
            }
            Entry::Single(single) => single.name.into(),
        }
    }

    /// What its arguments have to be, in order.
    pub fn arguments(self) -> &'static [Argument] {
        match self.0 {
            Entry::Bound(..) => &[],
            Entry::Ago(..) => &[Argument::Integer],
            Entry::Single(single) => single.arguments,
        }
    }

    /// What it answers.
    pub fn meaning(self) -> Meaning {
        match self.0 {
            Entry::Bound(period, edge) => Meaning::Bound { period, edge },
            Entry::Ago(unit, edge) => Meaning::Ago { unit, edge },
            Entry::Single(single) => single.meaning,
        }
    }

    /// What it answers, in one sentence.
    pub fn description(self) -> Cow<'static, str> {
        self.meaning().description()
    }

    /// A value that calls it, such as `javascript:gs.daysAgo(7)`.
    pub fn example(self) -> String {
        let sample = match self.0 {
            Entry::Bound(..) => "",
            Entry::Ago(..) => "7",
            Entry::Single(single) => single.sample,
        };
        format!("javascript:{}({sample})", self.name())
    }
}

fn find_bound(name: &str) -> Option<Entry> {
    Edge::ALL.into_iter().find_map(|edge| {
        let (prefix, ..) = edge.words();
        let rest = name.strip_prefix(prefix)?;
        let period = PERIODS.iter().find(|period| period.name == rest)?;
        Some(Entry::Bound(period, edge))
    })
}

fn find_ago(name: &str) -> Option<Entry> {
    let (units, suffix) = name.strip_prefix("gs.")?.split_once("sAgo")?;
    let unit = Unit::AGO.into_iter().find(|unit| unit.name() == units)?;
    if suffix.is_empty() {
        return Some(Entry::Ago(unit, None));
    }
    let edge = Edge::ALL.into_iter().find(|edge| edge.words().1 == suffix)?;
    Some(Entry::Ago(unit, Some(edge)))
}
