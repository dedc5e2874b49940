//! Reading: every text gives a tree of parts of that text.
//!
//! Laws: reading never panics and keeps the text; spans lie in the text, on character boundaries;
//! parts follow one another without overlap, also those in blocks; a condition is its field, its
//! operator and its value; there are no more parts than bytes and one.

use encoded_query::syntax::{Alternative, Block, Branch, Clause};
use encoded_query::{Condition, Operator, Query, Span};

use crate::text::{self, check_span};

/// Checks one input.
pub fn run(data: &[u8]) {
    let text = text::of(data);
    let query = Query::parse(&*text);
    assert_eq!(query.text(), text);
    let mut walk = Walk { text: &text, end: 0, parts: 0 };
    for clause in query.clauses() {
        walk.clause(clause);
    }
    assert!(walk.parts <= text.len() + 1, "{} parts of {text:?}", walk.parts);
    let whole = Span::new(0, text.len());
    for branch in query.branches() {
        Walk { text: &text, end: 0, parts: 0 }.branch(branch, whole);
    }
    text::check_diagnostics(&text, &query.diagnostics(50));
    check_counts(&query);
}

/// What the views of a tree say agrees.
fn check_counts(query: &Query<'_>) {
    let logical = query.clauses().filter(|clause| {
        matches!(clause, Clause::Condition(_) | Clause::Block(_) | Clause::Unreadable(_))
    });
    let alternatives = query.branches().flat_map(Branch::groups);
    let alternatives = alternatives.map(|group| group.alternatives().count());
    assert_eq!(logical.count(), alternatives.sum::<usize>());
}

/// A walk over parts in the order of the text.
struct Walk<'t> {
    text: &'t str,
    /// Where the last part ended.
    end: u32,
    parts: usize,
}

impl Walk<'_> {
    fn clause(&mut self, clause: Clause<'_>) {
        match clause {
            // They have no public span.
            Clause::Empty | Clause::End => self.parts += 1,
            Clause::Condition(condition) => self.condition(&condition),
            Clause::Block(block) => self.block(block),
            Clause::Order(order) => {
                self.next(order.span);
                assert!(order.span.of(self.text).ends_with(order.field) && !order.field.is_empty());
            }
            Clause::Grouping(part) => {
                self.next(part.span);
                let written = format!("{}{}", part.keyword.as_str(), part.text);
                assert_eq!(part.span.of(self.text), written);
            }
            Clause::BadOrder(part) | Clause::Unreadable(part) => {
                self.next(part.span);
                assert_eq!(part.span.of(self.text), part.text);
            }
            _ => unreachable!("a kind of part that is not walked"),
        }
    }

    fn next(&mut self, span: Span) {
        check_span(self.text, span);
        assert!(self.end <= span.start, "{span:?} overlaps the part before it: {:?}", self.text);
        self.end = span.end;
        self.parts += 1;
    }

    fn condition(&mut self, condition: &Condition<'_>) {
        self.next(condition.span());
        let written = [condition.field(), condition.token(), condition.raw_value()].concat();
        assert_eq!(condition.span().of(self.text), written);
        let (field, operator) = (condition.field_span(), condition.operator_span());
        assert_eq!(field.end, operator.start);
        assert_eq!(operator.end, condition.value_span().start);
        assert!(!condition.field().is_empty());
        assert_eq!(Operator::from_token(condition.token()), Some(condition.operator()));
    }

    fn block(&mut self, block: Block<'_>) {
        let span = block.span();
        self.next(span);
        let mut inner = Walk { text: self.text, end: span.start, parts: 0 };
        for branch in block.branches() {
            inner.branch(branch, span);
        }
        self.parts += inner.parts;
    }

    fn branch(&mut self, branch: Branch<'_>, around: Span) {
        let before = self.parts;
        for alternative in branch.groups().flat_map(|group| group.alternatives()) {
            match alternative {
                Alternative::Condition(condition) => self.condition(&condition),
                Alternative::Block(block) => self.block(block),
                Alternative::Unreadable(part) => self.next(part.span),
                _ => unreachable!("a kind of alternative that is not walked"),
            }
        }
        assert!(self.parts > before, "a branch without conditions: {:?}", self.text);
        assert!(around.start <= self.end && self.end <= around.end);
    }
}
