//! What a binder may be told: limits, and the choices the vendor's documents leave open.

/// How queries are read and limited.
///
/// ```
/// use encoded_query::{EmptyInNegation, Options};
///
/// let mut options = Options::default();
/// options.empty_in_negation = EmptyInNegation::Match;
/// options.limits.sort_keys = 2;
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// What a query may cost.
    pub limits: Limits,
    /// Whether `!=`, `NOT IN`, `NOT LIKE` and `NSAMEAS` match empty fields.
    pub empty_in_negation: EmptyInNegation,
    /// Whether upper and lower case differ in values; they do not by default.
    ///
    /// Source: `GlideRecord` says they do not, the general page of the REST API says they do.
    pub case_sensitive: bool,
    /// How a field that may not be asked is spoken of.
    pub hidden_fields: HiddenFields,
    /// Whether rows come with themselves as they were before.
    pub history: History,
}

/// How a field that may not be asked is spoken of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum HiddenFields {
    /// As if it did not exist: nobody learns of it by asking.
    #[default]
    Unknown,
    /// As what it is, `field-not-queryable`; for callers who may know of it.
    Named,
}

/// Whether rows come with themselves as they were before, which the change operators ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum History {
    /// They do not: a change operator matches nothing, and a warning says so.
    #[default]
    Absent,
    /// They do.
    Present,
}

/// Whether the negative operators match a field without a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum EmptyInNegation {
    /// As documented: they do not, except `!=` and `NOT IN` on a boolean field.
    ///
    /// Source: support article *How filters and report criteria handle null values*.
    #[default]
    Documented,
    /// They do, on every type.
    Match,
    /// They do not, on any type.
    NoMatch,
}

/// What is documented of a negative operator and empty boolean fields.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum EmptyBooleans {
    Match,
    DoNotMatch,
}

/// What a query may cost; one that is over a limit is refused, unless the limit says otherwise. Our
/// choice.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of the whole text.
    pub text: usize,
    /// Conditions, blocks and unreadable parts.
    pub conditions: usize,
    /// Branches.
    pub branches: usize,
    /// Values of one list.
    pub list_values: usize,
    /// Sort keys.
    pub sort_keys: usize,
    /// Dots in a field name; a longer one is an invalid part.
    pub dot_steps: usize,
    /// Blocks inside each other; a deeper one is an invalid part.
    pub block_depth: usize,
    /// Blocks and hierarchies; a further one is an invalid part.
    pub lookups: usize,
    /// Bytes a text operator looks for.
    pub operand: usize,
    /// Bytes of a regular expression.
    pub pattern: usize,
    /// Regular expressions and globs.
    pub patterns: usize,
    /// Diagnostics kept; their number is counted all the same.
    pub diagnostics: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            text: 64 * 1024,
            conditions: 10_000,
            branches: 256,
            list_values: 10_000,
            sort_keys: 8,
            dot_steps: 8,
            block_depth: 3,
            lookups: 64,
            operand: 4 * 1024,
            pattern: 256,
            patterns: 64,
            diagnostics: 50,
        }
    }
}
