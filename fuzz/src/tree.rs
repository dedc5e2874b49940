//! What a query means, apart from where it stands: to compare two trees.

use encoded_query::syntax::{Alternative, BlockHead, Branch, Clause};
use encoded_query::{Operator, Query};

/// A query's meaning.
#[derive(Debug, PartialEq)]
pub(crate) struct Tree {
    pub(crate) branches: Branches,
    /// Sort keys in their order, with what does not read as one.
    pub(crate) order: Vec<String>,
    /// Grouping parts in their order.
    pub(crate) grouping: Vec<String>,
}

type Branches = Vec<Vec<Vec<Leaf>>>;

/// An alternative of a group.
#[derive(Debug, PartialEq)]
pub(crate) enum Leaf {
    Condition(String, Operator, String),
    Block(String, Branches),
    Unreadable(String, &'static str),
}

impl Tree {
    pub(crate) fn of(query: &Query<'_>) -> Self {
        let (mut order, mut grouping) = (Vec::new(), Vec::new());
        for clause in query.clauses() {
            match clause {
                Clause::Order(key) => order.push(format!("{:?} {}", key.direction, key.field)),
                Clause::BadOrder(part) => order.push(format!("bad {}", part.text)),
                Clause::Grouping(part) => {
                    grouping.push(format!("{} {}", part.keyword.as_str(), part.text));
                }
                _ => {}
            }
        }
        Self { branches: query.branches().map(branch).collect(), order, grouping }
    }
}

fn branch(branch: Branch<'_>) -> Vec<Vec<Leaf>> {
    branch.groups().map(|group| group.alternatives().map(leaf).collect()).collect()
}

fn leaf(alternative: Alternative<'_>) -> Leaf {
    match alternative {
        Alternative::Condition(condition) => {
            let (field, value) = (condition.field().to_owned(), condition.value().into_owned());
            Leaf::Condition(field, condition.operator(), value)
        }
        Alternative::Block(block) => {
            // Whether an end token was written is no matter of meaning.
            let head = match block.head() {
                BlockHead::RelatedList { table, field, quantity, m2m } => {
                    format!("{table}.{field} {quantity} {m2m}")
                }
                BlockHead::Subquery { field, theirs, table } => {
                    format!("{field} {theirs} {table}")
                }
                BlockHead::Join { left, right } => format!("{left} {right}"),
                other => unreachable!("a block that is not known here: {other:?}"),
            };
            Leaf::Block(head, block.branches().map(branch).collect())
        }
        Alternative::Unreadable(part) => Leaf::Unreadable(part.text.to_owned(), part.code.as_str()),
        other => unreachable!("an alternative that is not known here: {other:?}"),
    }
}
