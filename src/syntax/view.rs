//! Views of a tree: its parts with their text resolved.

use std::borrow::Cow;

use super::ast::{Direction, Head, Join, Keyword, Scope, unescape};
use super::grammar::{JOIN, RELATED_LIST, SUBQUERY};
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

    /// The whole block.
    pub fn span(&self) -> Span {
        self.span
    }
}
