//! Canonical text of a tree.

use super::ast::Query;
use super::grammar::{self, split_condition};
use super::node::{Direction, Join, NodeKind};
use super::parse::{GOTO, NQ, OR};
use super::view::{Alternative, Block, BlockHead, Clause, Condition, Order};

/// Writes clauses one after another with the separators between them.
#[derive(Debug, Default)]
pub(crate) struct Printer {
    text: String,
    level: u8,
    /// Where the next clause stands.
    position: Position,
    /// The text ends in a block without its end token: one written here would become part of it.
    swallowing: bool,
    /// Clauses are written without the separators between them.
    bare: bool,
    /// A line break and an indentation stand before each separator.
    lines: bool,
    /// How many blocks the next clause stands in.
    depth: usize,
}

/// How what stands in a block is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// Nesting of its separators.
    level: u8,
    /// Where its first clause stands.
    first: Position,
    /// Its end token, if it has one.
    end: &'static str,
}

const INDENTATION: &str = "  ";

/// Where a clause stands, which says what separates it from the text before it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Position {
    /// At the start of the query or of a JOIN's conditions: nothing.
    #[default]
    Start,
    /// Behind the head of a block or what is no condition: a caret, and no keyword to open the first
    /// branch.
    Unopened,
    /// Behind another clause: a caret and a keyword.
    After,
}

/// How a clause to print is written.
enum Piece<'q> {
    Clause(Alternative<'q>),
    /// Content of the innermost block is over.
    Close {
        end: &'static str,
        parent_level: u8,
    },
}

impl Printer {
    /// A printer of clauses one by one, without separators between them.
    pub(crate) fn bare() -> Self {
        Self { bare: true, ..Self::default() }
    }

    /// A printer of a clause a line.
    pub(super) fn lines() -> Self {
        Self { lines: true, ..Self::default() }
    }

    /// A printer of what stands in a block, whose head is written.
    pub(crate) fn in_block(head: &str, layout: Layout) -> Self {
        let Layout { level, first, .. } = layout;
        Self { text: head.to_owned(), level, position: first, ..Self::default() }
    }

    /// The block written so far, with its end token.
    pub(crate) fn finish_block(mut self, layout: Layout) -> String {
        self.close(layout.end);
        self.text
    }

    /// Writes a block's head alone.
    pub(crate) fn head(&mut self, block: &Block<'_>) -> Layout {
        self.restart();
        let level = self.level;
        let layout = self.open(Join::Group, block);
        (self.level, self.position) = (level, Position::After);
        layout
    }

    /// Bytes written so far.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// Writes a clause that was printed before, with its separator.
    pub(crate) fn raw(&mut self, join: Join, clause: &str) {
        self.separate(join, clause);
        self.text.push_str(clause);
    }

    /// Writes a whole query: conditions and grouping in their order, then the sort keys.
    ///
    /// A block left open for want of its end token comes last, since it would swallow the rest.
    pub(crate) fn query(&mut self, query: &Query<'_>) {
        let scope = query.scope();
        let last = query.nodes.last().map(|node| node.kind);
        let open = matches!(last, Some(NodeKind::Unreadable { open: true, .. }));
        let mut items: Vec<_> = scope.items().collect();
        let swallowing = if open { items.pop() } else { None };
        for item in &items {
            let clause = scope.clause(*item);
            if let Clause::Grouping(part) = clause {
                self.transparent(part.span.of(query.text()));
            } else {
                self.logical(item.node.join, clause);
            }
        }
        for item in &items {
            let clause = scope.clause(*item);
            if let Clause::Order(order) = clause {
                self.order(order);
            } else if let Clause::BadOrder(part) = clause {
                self.transparent(part.text);
            }
        }
        if let Some(item) = swallowing {
            self.logical(item.node.join, scope.clause(item));
        }
    }

    fn logical(&mut self, join: Join, clause: Clause<'_>) {
        if let Some(alternative) = Alternative::of(clause) {
            self.alternative(join, alternative);
        }
    }

    /// The text written so far.
    pub(crate) fn finish(self) -> String {
        self.text
    }

    /// Writes one alternative with its separator; blocks with all they hold.
    pub(crate) fn alternative(&mut self, join: Join, alternative: Alternative<'_>) {
        self.restart();
        let mut pending = vec![(join, Piece::Clause(alternative))];
        while let Some((join, piece)) = pending.pop() {
            match piece {
                Piece::Clause(Alternative::Condition(condition)) => {
                    self.condition(join, &condition);
                }
                Piece::Clause(Alternative::Unreadable(part)) => {
                    self.separate(join, part.text);
                    self.text.push_str(part.text);
                    self.swallowing = part.open;
                }
                Piece::Clause(Alternative::Block(block)) => {
                    let parent_level = self.level;
                    let Layout { end, .. } = self.open(join, &block);
                    self.depth += 1;
                    pending.push((Join::Group, Piece::Close { end, parent_level }));
                    let content = Self::content(&block);
                    pending.extend(content.into_iter().rev());
                }
                Piece::Close { end, parent_level } => {
                    self.depth -= 1;
                    self.close(end);
                    (self.level, self.position) = (parent_level, Position::After);
                }
            }
        }
    }

    fn content<'q>(block: &Block<'q>) -> Vec<(Join, Piece<'q>)> {
        let scope = block.scope;
        let pieces = scope.items().filter_map(|item| {
            Some((item.node.join, Piece::Clause(Alternative::of(scope.clause(item))?)))
        });
        pieces.collect()
    }

    fn close(&mut self, end: &str) {
        if !end.is_empty() && !self.swallowing {
            self.separate(Join::Group, end);
            self.text.push_str(end);
        }
    }

    /// Writes a block's head; what follows is in it.
    fn open(&mut self, join: Join, block: &Block<'_>) -> Layout {
        let level = block.level;
        let layout = match block.head() {
            BlockHead::RelatedList { table, field, quantity, m2m } => {
                self.separate(join, grammar::RELATED_LIST);
                let m2m = if m2m { ",m2m" } else { "" };
                self.push(&[grammar::RELATED_LIST, table, ".", field, ",", quantity, m2m]);
                Layout { level, first: Position::Unopened, end: grammar::END_RELATED_LIST }
            }
            BlockHead::Subquery { field, theirs, table } => {
                self.separate(join, grammar::SUBQUERY);
                self.push(&[grammar::SUBQUERY, field, ",", theirs, ",", table]);
                Layout { level, first: Position::Unopened, end: grammar::END_SUBQUERY }
            }
            BlockHead::Join { left, right } => {
                self.separate(join, grammar::JOIN);
                self.push(&[grammar::JOIN, left, "=", right, "!"]);
                Layout { level, first: Position::Start, end: "" }
            }
        };
        (self.level, self.position) = (layout.level, layout.first);
        layout
    }

    fn condition(&mut self, join: Join, condition: &Condition<'_>) {
        let (field, value) = (condition.field(), condition.raw_value());
        let main = condition.operator().token();
        let same = |token: &str| {
            let text = [field, token, value].concat();
            split_condition(&text) == Some((field, condition.operator(), value))
        };
        // An alias stays where the main token would be read differently: `a NOT *v`.
        let token = condition.token();
        let token = if token == main || !same(main) { token } else { main };
        self.raw(join, &[field, token, value].concat());
    }

    /// Writes a sort key.
    pub(crate) fn order(&mut self, order: Order<'_>) {
        self.restart();
        self.transparent(&[order.direction.keyword(), order.field].concat());
    }

    fn restart(&mut self) {
        if self.bare {
            self.position = Position::Start;
        }
    }

    fn transparent(&mut self, text: &str) {
        let is_open = self.position == Position::After;
        self.separate(Join::Group, "");
        self.text.push_str(text);
        if !is_open {
            self.position = Position::Unopened;
        }
    }

    fn push(&mut self, parts: &[&str]) {
        self.text.extend(parts.iter().copied());
    }

    fn separate(&mut self, join: Join, next: &str) {
        let caret =
            |text: &mut String, level: u8| text.extend(std::iter::repeat_n('^', 1 << level));
        let position = std::mem::replace(&mut self.position, Position::After);
        if position == Position::Start {
            // At the start of the text GOTO is dropped; behind an empty part it is not.
            if self.text.is_empty() && next.starts_with(GOTO) && !self.bare {
                caret(&mut self.text, 0);
            }
            return;
        }
        if self.lines {
            let depth = self.depth + usize::from(join == Join::Alternative);
            break_line(&mut self.text, depth);
        }
        caret(&mut self.text, self.level);
        match join {
            _ if position == Position::Unopened => {}
            Join::Group => {}
            Join::Alternative => self.text.push_str(OR),
            Join::Branch => {
                self.text.push_str(NQ);
                // In front of these two NQ acts like `^`; as a part of its own it opens a branch.
                if next.starts_with(grammar::RELATED_LIST) || next.starts_with(grammar::SUBQUERY) {
                    caret(&mut self.text, self.level);
                }
            }
        }
    }
}

impl Direction {
    /// Its sort keyword.
    pub const fn keyword(self) -> &'static str {
        match self {
            Self::Ascending => grammar::ORDER_BY,
            Self::Descending => grammar::ORDER_BY_DESC,
        }
    }
}

/// Begins a line in `depth` blocks or groups.
fn break_line(text: &mut String, depth: usize) {
    text.push('\n');
    text.extend(std::iter::repeat_n(INDENTATION, 1 + depth));
}
