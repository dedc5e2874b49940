//! The tree of a query: its text and a flat list of nodes.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::node::Node;
use super::view::{Branch, Clause, Condition, Grouping, Order, Scope};

/// An encoded query: its text and the tree read from it.
///
/// Reading never fails: a part that does not read stays in the tree as an
/// [`Unreadable`](super::Unreadable) part.
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

impl Query<'_> {
    pub(crate) fn scope(&self) -> Scope<'_> {
        Scope::new(&self.text, &self.nodes)
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
