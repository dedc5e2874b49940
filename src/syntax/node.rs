//! Nodes: the parts of a query as a flat list that holds spans.

use std::borrow::Cow;

use crate::diagnostic::Code;
use crate::operator::Operator;
use crate::span::Span;

/// How a part joins what stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// `^NQ`, or the first condition: opens a branch.
    Branch,
    /// `^`: opens a group in the branch.
    Group,
    /// `^OR`: an alternative in the group before it.
    Alternative,
}

/// One part of a query, in the order of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    /// The part without the `^`, `OR`, `NQ` in front.
    pub(crate) span: Span,
    pub(crate) join: Join,
    /// `OR` was written and had nothing to join.
    pub(crate) leading_or: bool,
    /// Nesting of its separator: it is a run of 2^level carets.
    pub(crate) level: u8,
    pub(crate) kind: NodeKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NodeKind {
    Empty,
    End,
    Condition {
        field: Span,
        operator: Operator,
        value: Span,
    },
    Order {
        field: Span,
        direction: Direction,
    },
    Grouping {
        keyword: Keyword,
        text: Span,
    },
    /// Its content is the nodes after it up to `end`, their separator nested `level` deep.
    Block {
        head: Head,
        end: u32,
        closed: bool,
        level: u8,
    },
    /// A sort key that does not read.
    BadOrder {
        code: Code,
    },
    /// `open`: a block that runs to the end of its text for want of an end token.
    Unreadable {
        code: Code,
        open: bool,
    },
}

/// The heads of the three kinds of block, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Head {
    RelatedList { table: Span, field: Span, quantity: Span, m2m: bool },
    Subquery { field: Span, theirs: Span, table: Span },
    Join { left: Span, right: Span },
}

impl NodeKind {
    /// Whether the node takes part in the logic; others are transparent to it.
    pub(crate) fn is_logical(self) -> bool {
        matches!(self, Self::Condition { .. } | Self::Block { .. } | Self::Unreadable { .. })
    }
}

/// The direction of a sort key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// `ORDERBY`: smallest first.
    Ascending,
    /// `ORDERBYDESC`: largest first.
    Descending,
}

/// A keyword of grouping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Keyword {
    /// `GROUPBY`.
    GroupBy,
    /// `TRENDBY`.
    TrendBy,
    /// `HAVINGCOUNT`.
    HavingCount,
}

impl Keyword {
    /// Every keyword.
    pub const ALL: [Self; 3] = [Self::GroupBy, Self::TrendBy, Self::HavingCount];

    /// Its spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GroupBy => "GROUPBY",
            Self::TrendBy => "TRENDBY",
            Self::HavingCount => "HAVINGCOUNT",
        }
    }
}

/// Halves the literal carets of a text whose separator is a run of 2^level carets.
pub(crate) fn unescape(text: &str, level: u8) -> Cow<'_, str> {
    if memchr::memchr(b'^', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let escaped = "^".repeat(2_usize << level);
    Cow::Owned(text.replace(&escaped, "^"))
}

/// What separates parts at a level.
pub(super) fn separator(level: u8) -> String {
    "^".repeat(1_usize << level)
}
