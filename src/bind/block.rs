//! Blocks: questions about rows of other tables.

use super::{Binding, Scope};
use crate::diagnostic::{Code, Diagnostic, shown};
use crate::filter::{
    Bound, BoundBlock, BoundClause, Filter, Keys, Lookup, LookupRows, RelatedTest,
};
use crate::operator::{Meaning, Operator, Relation};
use crate::schema::{Field, FieldPath, Queryable, SYS_ID, Schema};
use crate::span::Span;
use crate::syntax::{Block, BlockHead, Join};

/// What a block asks of which table.
struct Question<'b> {
    schema: &'b Schema,
    /// The field of this table, and that of the other, which must be equal.
    ours: (FieldPath, &'b Field),
    theirs: (FieldPath, &'b Field),
    relation: Relation,
    count: u64,
}

impl<'b> Binding<'b, '_> {
    /// Opens a block that ends before that node, or leaves an invalid part in its place.
    pub(super) fn block(&mut self, join: Join, block: &Block<'_>, end: usize) -> bool {
        let start = self.printer.len();
        let layout = self.printer.head(block);
        let text = Span::new(start, self.printer.len());
        let question = match self.question(block) {
            Ok(question) => question,
            Err(diagnostic) => {
                self.diagnostics.push(diagnostic);
                self.clauses.push(BoundClause { join, text, bound: None });
                return false;
            }
        };
        let Question { schema, ours, theirs, relation, count } = question;
        let (kind, case) = self.common(ours.1, theirs.1);
        let keys = Keys { kind, case, calendar: self.calendar().clone() };
        let lookup = self.lookups.len();
        self.lookups.push(Lookup {
            table: schema.table().into(),
            rows: LookupRows::Passing(Filter::default()),
            key: (theirs.0, theirs.1.kind.kind()),
            keys: keys.clone(),
        });
        let path = (ours.0, ours.1.kind.kind());
        let test = RelatedTest { path, keys, lookup, relation, count };
        let bound = BoundBlock { test, end: usize::MAX, span: block.span(), layout };
        self.scopes.push(Scope { schema, end, clause: self.clauses.len() });
        self.clauses.push(BoundClause { join, text, bound: Some(Bound::Block(bound)) });
        true
    }

    /// Closes the blocks that end before that node.
    pub(super) fn close_blocks(&mut self, node: usize) {
        while let Some(scope) = self.scopes.pop_if(|scope| scope.end <= node) {
            let end = self.clauses.len();
            let clause = self.clauses.get_mut(scope.clause);
            if let Some(BoundClause { bound: Some(Bound::Block(block)), .. }) = clause {
                block.end = end;
            }
        }
    }

    /// Says so if there are as many blocks and hierarchies as may be: each looks through a table.
    pub(super) fn limit_lookups(&self) -> Result<(), String> {
        let limit = self.binder.options.limits.lookups;
        if self.lookups.len() < limit {
            return Ok(());
        }
        Err(format!("the query has more than {limit} blocks and hierarchies"))
    }

    fn question(&self, block: &Block<'_>) -> Result<Question<'b>, Diagnostic> {
        let limit = self.binder.options.limits.block_depth;
        if self.scopes.len() >= limit {
            let message = format!("the block stands in {limit} others, which is the limit");
            return Err(unsupported(block, message));
        }
        if let Err(message) = self.limit_lookups() {
            return Err(unsupported(block, message));
        }
        match block.head() {
            BlockHead::RelatedList { table, field, quantity, .. } => {
                self.related_list(block, table, field, quantity)
            }
            BlockHead::Subquery { field, theirs, table } => {
                self.equal_fields(block, field, (table, theirs))
            }
            BlockHead::Join { left, right } => {
                let (ours, field) = split_name(left);
                if ours != self.schema().table() {
                    let (ours, table) = (shown(ours), self.schema().table());
                    let message =
                        format!("the block joins `{ours}` and stands in a query of `{table}`");
                    return Err(unsupported(block, message));
                }
                self.equal_fields(block, field, split_name(right))
            }
        }
    }

    fn related_list(
        &self,
        block: &Block<'_>,
        table: &str,
        field: &str,
        quantity: &str,
    ) -> Result<Question<'b>, Diagnostic> {
        let schema = self.other_table(block, table)?;
        let theirs = self.path_in(schema, field, block.part_span(field), Queryable::Match)?;
        let own = self.schema();
        let leads_here = |reference: &str| {
            self.binder.is_a(own.table(), reference) || self.binder.is_a(reference, own.table())
        };
        if !theirs.1.reference.as_deref().is_some_and(leads_here) {
            let (field, own) = (shown(field), own.table());
            let message = format!("`{field}` of `{}` does not refer to `{own}`", schema.table());
            return Err(unsupported(block, message));
        }
        let Some(ours) = self.binder.visible(own, SYS_ID, Queryable::Match) else {
            let message = format!("the table `{}` has no `{SYS_ID}` to refer to", own.table());
            return Err(unsupported(block, message));
        };
        let (relation, digits) = match Operator::leading(quantity) {
            Some((operator, token)) => (operator.meaning(), quantity.get(token.len()..)),
            None => (Meaning::Refused, None),
        };
        let (Meaning::Compare(relation), Some(digits)) = (relation, digits) else {
            return Err(unsupported(block, format!("`{}` is no number of rows", shown(quantity))));
        };
        // More digits than a count has are more rows than there can be.
        let count = digits.parse().unwrap_or(u64::MAX);
        Ok(Question { schema, ours, theirs, relation, count })
    }

    fn equal_fields(
        &self,
        block: &Block<'_>,
        ours: &str,
        (table, theirs): (&str, &str),
    ) -> Result<Question<'b>, Diagnostic> {
        let schema = self.other_table(block, table)?;
        let ours = self.path(ours, block.part_span(ours), Queryable::Match)?;
        let theirs = self.path_in(schema, theirs, block.part_span(theirs), Queryable::Match)?;
        Ok(Question { schema, ours, theirs, relation: Relation::Greater, count: 0 })
    }

    fn other_table(&self, block: &Block<'_>, table: &str) -> Result<&'b Schema, Diagnostic> {
        self.binder.table(table).ok_or_else(|| {
            let table = shown(table);
            let message = format!("the block asks for rows of `{table}`, which is not loaded");
            unsupported(block, message)
        })
    }
}

fn split_name(name: &str) -> (&str, &str) {
    name.split_once('.').unwrap_or((name, ""))
}

fn unsupported(block: &Block<'_>, message: String) -> Diagnostic {
    Diagnostic::new(Code::UnsupportedBlock, block.span(), message)
}
