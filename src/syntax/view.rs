//! Views of a tree: its parts with their text resolved, and the walk over them.

use std::borrow::Cow;

use super::grammar::{JOIN, RELATED_LIST, SUBQUERY};
use super::node::{Direction, Head, Join, Keyword, Node, NodeKind, separator, unescape};
use crate::diagnostic::Code;
use crate::operator::Operator;
use crate::span::Span;

/// A part of a query, by kind.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Clause<'q> {
    /// Nothing between separators, two or more.
    Empty,
    /// `EQ`, which means nothing.
    End,
    /// A field, an operator and its value.
    Condition(Condition<'q>),
    /// `ORDERBY` or `ORDERBYDESC`.
    Order(Order<'q>),
    /// `GROUPBY`, `TRENDBY` or `HAVINGCOUNT`.
    Grouping(Grouping<'q>),
    /// `RLQUERY`, `SUBQUERY` or `JOIN`.
    Block(Block<'q>),
    /// A sort key that does not read.
    BadOrder(Unreadable<'q>),
    /// What else does not read.
    Unreadable(Unreadable<'q>),
}

/// A field, an operator and its value.
#[derive(Clone, Copy, Debug)]
pub struct Condition<'q> {
    pub(crate) text: &'q str,
    pub(crate) span: Span,
    pub(crate) level: u8,
    pub(crate) field: Span,
    pub(crate) operator: Operator,
    pub(crate) value: Span,
}

/// A sort key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order<'q> {
    /// The field.
    pub field: &'q str,
    /// Which end comes first.
    pub direction: Direction,
    /// The part.
    pub span: Span,
}

/// A grouping part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grouping<'q> {
    /// Its keyword.
    pub keyword: Keyword,
    /// What stands after the keyword.
    pub text: &'q str,
    /// The part.
    pub span: Span,
}

/// A part that does not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable<'q> {
    /// The part as written.
    pub text: &'q str,
    /// Why.
    pub code: Code,
    /// The part.
    pub span: Span,
    pub(crate) open: bool,
}

/// A block: conditions on another table.
#[derive(Clone, Copy, Debug)]
pub struct Block<'q> {
    pub(crate) scope: Scope<'q>,
    pub(crate) head: &'q Head,
    pub(crate) level: u8,
    pub(crate) span: Span,
}

/// What a block asks of which table, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BlockHead<'q> {
    /// `RLQUERY`: how many rows of `table` refer here by `field`.
    RelatedList {
        /// The related table.
        table: &'q str,
        /// Its field that refers here.
        field: &'q str,
        /// A comparison and a number, such as `>=1`.
        quantity: &'q str,
        /// Whether `table` is a link table.
        m2m: bool,
    },
    /// `SUBQUERY`: `field` has a value that some row of `table` has in `theirs`.
    Subquery {
        /// The field of this table.
        field: &'q str,
        /// The field of the other table.
        theirs: &'q str,
        /// The other table.
        table: &'q str,
    },
    /// `JOIN`: a row of the right table has the same value.
    Join {
        /// `table.field` of this table.
        left: &'q str,
        /// `table.field` of the other table.
        right: &'q str,
    },
}

/// An alternative of a group.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Alternative<'q> {
    /// A condition.
    Condition(Condition<'q>),
    /// A block.
    Block(Block<'q>),
    /// What does not read.
    Unreadable(Unreadable<'q>),
}

/// A branch of a query, opened by `^NQ`: all of its groups must hold.
#[derive(Clone, Copy, Debug)]
pub struct Branch<'q>(pub(super) Scope<'q>);

/// A group of a branch: one of its alternatives must hold.
#[derive(Clone, Copy, Debug)]
pub struct Group<'q>(pub(super) Scope<'q>);

/// Some consecutive nodes of a query.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'q> {
    text: &'q str,
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
    /// All nodes of a query.
    pub(super) fn new(text: &'q str, nodes: &'q [Node]) -> Self {
        Self { text, nodes, base: 0 }
    }

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

    /// All nodes with their numbers, in the order of the text; those in a block follow it.
    pub(crate) fn walk(self) -> impl Iterator<Item = (usize, Item<'q>)> {
        let after = move |start| Self {
            nodes: self.nodes.get(start..).unwrap_or_default(),
            base: self.base + start,
            ..self
        };
        (0..self.nodes.len()).filter_map(move |start| Some((start, after(start).items().next()?)))
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

impl<'q> Branch<'q> {
    /// Its groups; all must hold.
    pub fn groups(self) -> impl Iterator<Item = Group<'q>> {
        self.0.split(&[Join::Branch, Join::Group]).map(Group)
    }
}

impl<'q> Group<'q> {
    /// Its alternatives; one must hold.
    pub fn alternatives(self) -> impl Iterator<Item = Alternative<'q>> {
        self.0.clauses().filter_map(Alternative::of)
    }
}

impl<'q> Alternative<'q> {
    /// The clause, if it takes part in the logic.
    pub(crate) fn of(clause: Clause<'q>) -> Option<Self> {
        match clause {
            Clause::Condition(condition) => Some(Self::Condition(condition)),
            Clause::Block(block) => Some(Self::Block(block)),
            Clause::Unreadable(part) => Some(Self::Unreadable(part)),
            Clause::Empty
            | Clause::End
            | Clause::Order(_)
            | Clause::Grouping(_)
            | Clause::BadOrder(_) => None,
        }
    }
}

impl<'q> Condition<'q> {
    /// What separates it from the parts around it.
    pub(crate) fn separator(&self) -> String {
        separator(self.level)
    }

    /// The text of the query it stands in.
    pub(crate) fn query(&self) -> &'q str {
        self.text
    }

    /// The field as written.
    pub fn field(&self) -> &'q str {
        self.field.of(self.text)
    }

    /// The operator.
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// The operator as written, main spelling or alias.
    pub fn token(&self) -> &'q str {
        Span { start: self.field.end, end: self.value.start }.of(self.text)
    }

    /// The value with its carets unescaped, blanks kept.
    pub fn value(&self) -> Cow<'q, str> {
        unescape(self.raw_value(), self.level)
    }

    /// The value as written.
    pub fn raw_value(&self) -> &'q str {
        self.value.of(self.text)
    }

    /// The whole condition.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The field.
    pub fn field_span(&self) -> Span {
        self.field
    }

    /// The operator.
    pub fn operator_span(&self) -> Span {
        Span { start: self.field.end, end: self.value.start }
    }

    /// The value as written.
    pub fn value_span(&self) -> Span {
        self.value
    }
}

impl BlockHead<'_> {
    /// The keyword that begins the block.
    pub const fn keyword(&self) -> &'static str {
        match self {
            Self::RelatedList { .. } => RELATED_LIST,
            Self::Subquery { .. } => SUBQUERY,
            Self::Join { .. } => JOIN,
        }
    }
}

impl<'q> Block<'q> {
    /// What it asks of which table.
    pub fn head(&self) -> BlockHead<'q> {
        let of = |span: Span| span.of(self.scope.text);
        match *self.head {
            Head::RelatedList { table, field, quantity, m2m } => BlockHead::RelatedList {
                table: of(table),
                field: of(field),
                quantity: of(quantity),
                m2m,
            },
            Head::Subquery { field, theirs, table } => {
                BlockHead::Subquery { field: of(field), theirs: of(theirs), table: of(table) }
            }
            Head::Join { left, right } => BlockHead::Join { left: of(left), right: of(right) },
        }
    }

    /// The branches of its conditions.
    pub fn branches(&self) -> impl Iterator<Item = Branch<'q>> {
        self.scope.branches()
    }

    /// Where a part of its head stands.
    pub(crate) fn part_span(&self, part: &str) -> Span {
        let start = nom::Offset::offset(self.scope.text, part);
        Span::new(start, start + part.len())
    }

    /// The whole block.
    pub fn span(&self) -> Span {
        self.span
    }
}
