//! The tree of a query: a flat list of nodes that hold spans, and views that resolve them to text.

use std::borrow::Cow;

use smallvec::SmallVec;

use crate::diagnostic::Code;
use crate::operator::Operator;
use crate::span::Span;

use super::view::{Block, Branch, Clause, Condition, Grouping, Order, Unreadable};

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

/// An encoded query: its text and the tree read from it.
///
/// Reading never fails: a part that does not read stays in the tree as an
/// [`Unreadable`] part.
///
/// ```
/// use encoded_query::Query;
///
/// let query = Query::parse("active=true^nameLIKEwar^ORcityLIKEwar^ORDERBYname");
/// assert_eq!(query.conditions().count(), 3);
/// let branch = query.branches().next().unwrap();
/// let widths: Vec<usize> = branch.groups().map(|group| group.alternatives().count()).collect();
/// assert_eq!(widths, [1, 2]); // active AND (name OR city)
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) nodes: SmallVec<[Node; 8]>,
}

/// Some consecutive nodes of a query.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'q> {
    pub(super) text: &'q str,
    nodes: &'q [Node],
    /// Number of the first of `nodes` in the query; a block's end counts from there.
    base: usize,
}

/// A node of a scope, with what stands in it if it is a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item<'q> {
    pub(crate) node: &'q Node,
    pub(crate) content: Scope<'q>,
    /// Where the node stands in its scope, and where the next one does.
    start: usize,
    end: usize,
}

impl<'q> Scope<'q> {
    /// The nodes of this scope; those in a block are its content.
    pub(crate) fn items(self) -> impl Iterator<Item = Item<'q>> {
        let mut start = 0;
        std::iter::from_fn(move || {
            let node = self.nodes.get(start)?;
            let end = if let NodeKind::Block { end, .. } = node.kind {
                (end as usize).saturating_sub(self.base)
            } else {
                0
            };
            let end = end.max(start + 1);
            let item = Item { node, content: self.slice(start + 1, end), start, end };
            start = end;
            Some(item)
        })
    }

    /// All nodes, those in blocks included.
    pub(crate) fn nodes(self) -> &'q [Node] {
        self.nodes
    }

    fn slice(self, start: usize, end: usize) -> Self {
        let nodes = self.nodes.get(start..end).unwrap_or_default();
        Self { nodes, base: self.base + start, ..self }
    }

    /// Splits before each logical node that joins as one of `joins`.
    pub(super) fn split(self, joins: &'static [Join]) -> impl Iterator<Item = Self> {
        let mut items = self.items().filter(|item| item.node.kind.is_logical()).peekable();
        std::iter::from_fn(move || {
            let Item { start, mut end, .. } = items.next()?;
            while let Some(item) = items.next_if(|item| !joins.contains(&item.node.join)) {
                end = item.end;
            }
            Some(self.slice(start, end))
        })
    }

    pub(crate) fn branches(self) -> impl Iterator<Item = Branch<'q>> {
        self.split(&[Join::Branch]).map(Branch)
    }

    pub(crate) fn clause(self, item: Item<'q>) -> Clause<'q> {
        let Item { node, content, .. } = item;
        let (text, span, level) = (self.text, node.span, node.level);
        let unreadable = |code, open| Unreadable { text: span.of(text), code, span, open };
        match &node.kind {
            NodeKind::Empty => Clause::Empty,
            NodeKind::End => Clause::End,
            &NodeKind::Condition { field, operator, value } => {
                Clause::Condition(Condition { text, span, level, field, operator, value })
            }
            &NodeKind::Order { field, direction } => {
                Clause::Order(Order { field: field.of(text), direction, span })
            }
            &NodeKind::Grouping { keyword, text: rest } => {
                Clause::Grouping(Grouping { keyword, text: rest.of(text), span })
            }
            NodeKind::Block { head, level, .. } => {
                Clause::Block(Block { scope: content, head, level: *level, span })
            }
            &NodeKind::BadOrder { code } => Clause::BadOrder(unreadable(code, false)),
            &NodeKind::Unreadable { code, open } => Clause::Unreadable(unreadable(code, open)),
        }
    }

    pub(crate) fn clauses(self) -> impl Iterator<Item = Clause<'q>> {
        self.items().map(move |item| self.clause(item))
    }
}

impl Query<'_> {
    pub(crate) fn scope(&self) -> Scope<'_> {
        Scope { text: &self.text, nodes: &self.nodes, base: 0 }
    }

    /// The text, byte for byte as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same query, owning its text.
    pub fn into_owned(self) -> Query<'static> {
        Query { text: Cow::Owned(self.text.into_owned()), nodes: self.nodes }
    }

    /// All parts in the order of the text; what stands in a block is reached through it.
    pub fn clauses(&self) -> impl Iterator<Item = Clause<'_>> {
        self.scope().clauses()
    }

    /// The conditions outside blocks, in the order of the text.
    pub fn conditions(&self) -> impl Iterator<Item = Condition<'_>> {
        self.clauses().filter_map(|clause| {
            if let Clause::Condition(condition) = clause { Some(condition) } else { None }
        })
    }

    /// The branches that hold a condition; a row matches if one of them does.
    pub fn branches(&self) -> impl Iterator<Item = Branch<'_>> {
        self.scope().branches()
    }

    /// The sort keys outside blocks, in the order of the text.
    pub fn order(&self) -> impl Iterator<Item = Order<'_>> {
        self.clauses()
            .filter_map(|clause| if let Clause::Order(order) = clause { Some(order) } else { None })
    }

    /// The grouping parts outside blocks, in the order of the text.
    pub fn group_by(&self) -> impl Iterator<Item = Grouping<'_>> {
        self.clauses().filter_map(|clause| {
            if let Clause::Grouping(grouping) = clause { Some(grouping) } else { None }
        })
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
