//! Text to tree and back. Knows no schema, no types and no dates; never fails.

mod ast;
mod build;
mod grammar;
mod layout;
mod near;
mod node;
mod parse;
mod print;
mod report;
mod view;

use std::borrow::Cow;

pub use ast::Query;
pub use build::{BuildError, Carets, FieldBuilder, QueryBuilder};
pub use node::{Direction, Join, Keyword};
pub use view::{
    Alternative, Block, BlockHead, Branch, Clause, Condition, Group, Grouping, Order, Unreadable,
};

#[cfg(feature = "cli")]
pub(crate) use grammar::{ORDER_BY, ORDER_BY_DESC};
pub(crate) use grammar::{TEXT_INDEX_GROUP, TEXT_QUERY};
#[cfg(feature = "cli")]
pub(crate) use layout::continuation;
pub use layout::join_lines;
pub(crate) use near::{operator_in_field, prefix_in_field};
pub(crate) use node::NodeKind;
#[cfg(feature = "cli")]
pub(crate) use parse::NQ;
pub(crate) use parse::OR;
pub use print::Layout;
pub(crate) use print::Printer;
pub(crate) use report::report;
pub(crate) use view::Item;

use crate::diagnostic::{Diagnostic, Diagnostics};

impl<'a> Query<'a> {
    /// Reads a query. Every text gives a tree; time is linear in its length.
    ///
    /// ```
    /// use encoded_query::Query;
    ///
    /// let query = Query::parse("GOTOactive=true^EQ");
    /// assert_eq!(query.canonical(), "active=true");
    /// assert_eq!(query.text(), "GOTOactive=true^EQ");
    /// ```
    #[must_use]
    pub fn parse(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        let nodes = parse::parse(&text);
        Query { text, nodes }
    }

    /// What there is to say about the text alone, without a schema; at most `limit` are kept.
    #[must_use]
    pub fn diagnostics(&self, limit: usize) -> Diagnostics {
        let mut diagnostics = Diagnostics::new(limit);
        self.report_scope(&mut |diagnostic| diagnostics.push(diagnostic));
        diagnostics
    }

    fn report_scope(&self, say: &mut dyn FnMut(Diagnostic)) {
        let mut block_end = 0;
        for (place, node) in self.nodes.iter().enumerate() {
            report(&self.text, node, place < block_end, say);
            if let NodeKind::Block { end, .. } = node.kind {
                block_end = block_end.max(end as usize);
            }
        }
    }

    /// The query in its shortest plain form, which reads as the same tree: main spellings, no empty
    /// parts, sort keys last, blocks closed.
    ///
    /// ```
    /// use encoded_query::Query;
    ///
    /// let query = Query::parse("^ORDERBYname^nameCONTAINSwar^EQ");
    /// assert_eq!(query.canonical(), "nameLIKEwar^ORDERBYname");
    /// ```
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut printer = Printer::default();
        printer.query(self);
        printer.finish()
    }
}
