//! From text to nodes: splits at separators, reads prefixes, keeps track of branches and blocks.
//!
//! Works through the text once, with a stack of open blocks instead of recursion.

use memchr::memchr;
use nom::Offset;
use smallvec::SmallVec;

use super::grammar::{self, END_RELATED_LIST, END_SUBQUERY, HeadText, Term};
use super::node::{Head, Join, Node, NodeKind};
use crate::diagnostic::Code;
use crate::span::Span;

/// Blocks nested deeper are unreadable. Far above any limit a binder sets; it keeps every walk over
/// a tree, ours or an embedder's, shallow.
const DEEPEST: usize = 16;

/// The paging prefix of lists.
pub(super) const GOTO: &str = "GOTO";
pub(crate) const OR: &str = "OR";
pub(crate) const NQ: &str = "NQ";

pub(super) fn parse(text: &str) -> SmallVec<[Node; 8]> {
    if u32::try_from(text.len()).is_err() {
        // Spans could not point into such a text.
        let kind = NodeKind::Unreadable { code: Code::TooLong, open: true };
        let span = Span::new(0, text.len());
        return SmallVec::from_iter([Node {
            span,
            join: Join::Branch,
            leading_or: false,
            level: 0,
            kind,
        }]);
    }
    let mut reader = Reader::new(text);
    reader.read();
    reader.nodes
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    nodes: SmallVec<[Node; 8]>,
    top: Frame,
    below: SmallVec<[Frame; 2]>,
    /// The next part follows without a separator, as the first condition of a JOIN does.
    adjoining: bool,
}

/// The text itself, or a block that is being read.
struct Frame {
    /// Number of the block's node.
    opener: usize,
    kind: FrameKind,
    readable: bool,
    level: u8,
    /// Where its text ends at the latest.
    bound: usize,
    logic: Logic,
}

#[derive(Clone, Copy, PartialEq)]
enum FrameKind {
    /// The whole text, or the conditions of a JOIN: ends with its text.
    Plain,
    /// Ends with its token, or with the text.
    Until(&'static str),
    /// Its token must be the end of its text.
    Exactly(&'static str),
}

/// Which branch and group the next condition joins.
#[derive(Clone, Copy)]
struct Logic {
    opens_branch: bool,
}

#[derive(Clone, Copy, Default)]
struct Prefix {
    or: bool,
    nq: bool,
}

impl Logic {
    const START: Self = Self { opens_branch: true };

    /// How a condition joins, and whether its OR had nothing to join.
    fn join(&mut self, prefix: Prefix) -> (Join, bool) {
        if prefix.nq || self.opens_branch {
            self.opens_branch = false;
            (Join::Branch, prefix.or && !prefix.nq)
        } else if prefix.or {
            (Join::Alternative, false)
        } else {
            (Join::Group, false)
        }
    }

    /// A part that is transparent can still open a branch.
    fn pass(&mut self, prefix: Prefix) {
        self.opens_branch |= prefix.nq;
    }
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        let start = text.len() - text.trim_start_matches(GOTO).len();
        let top = Frame {
            opener: 0,
            kind: FrameKind::Plain,
            readable: true,
            level: 0,
            bound: text.len(),
            logic: Logic::START,
        };
        Self {
            text,
            at: start,
            nodes: SmallVec::new(),
            top,
            below: SmallVec::new(),
            adjoining: false,
        }
    }

    fn read(&mut self) {
        loop {
            self.part();
            while self.at == self.top.bound && !self.below.is_empty() {
                self.close(false);
            }
            if self.at >= self.top.bound {
                return;
            }
            if !std::mem::take(&mut self.adjoining) {
                self.at = self.top.bound.min(self.at + self.width());
            }
        }
    }

    /// Bytes of a separator.
    fn width(&self) -> usize {
        1 << self.top.level
    }

    fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    fn part(&mut self) {
        let prefix = self.prefix();
        let start = self.at;
        let rest = self.slice(start, self.top.bound);
        self.at = start + term_length(rest, self.width());
        let term = self.slice(start, self.at);
        match term.as_bytes().first() {
            None => self.push_empty(prefix, start),
            Some(b'R') if term.starts_with(grammar::RELATED_LIST) => {
                let head = grammar::related_list_head(term);
                self.open(prefix, start, head, FrameKind::Until(END_RELATED_LIST));
            }
            Some(b'S') if term.starts_with(grammar::SUBQUERY) => {
                self.open_subquery(prefix, start, term);
            }
            Some(b'J') if term.starts_with(grammar::JOIN) => self.open_join(prefix, start, term),
            Some(b'E') if self.top.kind.ends_with(term) => self.close(true),
            Some(_) => self.push_term(prefix, start, term),
        }
    }

    /// Reads `OR` and `NQ`, repeated or not, unless they begin a sort.
    fn prefix(&mut self) -> Prefix {
        let mut prefix = Prefix::default();
        loop {
            let rest = self.slice(self.at, self.top.bound);
            if rest.starts_with(OR) && !rest.starts_with(grammar::ORDER_BY) {
                prefix.or = true;
            } else if rest.starts_with(NQ) {
                prefix.nq = true;
            } else {
                return prefix;
            }
            self.at += OR.len();
        }
    }

    fn span(&self, part: &str) -> Span {
        let start = self.text.offset(part);
        Span::new(start, start + part.len())
    }

    fn push_term(&mut self, prefix: Prefix, start: usize, term: &str) {
        let kind = match grammar::term(term) {
            Term::End => NodeKind::End,
            Term::Order(direction, field) => NodeKind::Order { field: self.span(field), direction },
            Term::Grouping(keyword, text) => NodeKind::Grouping { keyword, text: self.span(text) },
            Term::Condition(field, operator, value) => {
                NodeKind::Condition { field: self.span(field), operator, value: self.span(value) }
            }
            Term::BadOrder(code) => NodeKind::BadOrder { code },
            Term::Unreadable(code) => NodeKind::Unreadable { code, open: false },
        };
        if kind.is_logical() {
            self.push_logical(prefix, start, kind);
        } else {
            self.push_transparent(prefix, start, kind);
        }
    }

    /// A run of empty parts is one node, so that a text of carets costs no memory.
    fn push_empty(&mut self, prefix: Prefix, start: usize) {
        if self.nodes.last().is_some_and(|node| node.kind == NodeKind::Empty) {
            self.top.logic.pass(prefix);
        } else {
            self.push_transparent(prefix, start, NodeKind::Empty);
        }
    }

    fn push_transparent(&mut self, prefix: Prefix, start: usize, kind: NodeKind) {
        self.top.logic.pass(prefix);
        self.push(start, Join::Group, false, kind);
    }

    fn push_logical(&mut self, prefix: Prefix, start: usize, kind: NodeKind) {
        let (join, leading_or) = self.top.logic.join(prefix);
        self.push(start, join, leading_or, kind);
    }

    fn push(&mut self, start: usize, join: Join, leading_or: bool, kind: NodeKind) {
        let span = Span::new(start, self.at);
        self.nodes.push(Node { span, join, leading_or, level: self.top.level, kind });
    }

    fn open_subquery(&mut self, prefix: Prefix, start: usize, term: &'t str) {
        let nested =
            self.below.iter().chain([&self.top]).any(|frame| frame.kind.ends_with(END_SUBQUERY));
        if !nested {
            let head = grammar::subquery_head(term);
            self.open(prefix, start, head, FrameKind::Until(END_SUBQUERY));
            return;
        }
        // A deeper one doubles its separators, so all of it is one term out here.
        let bound = self.at;
        self.at = start + term_length(term, 2 * self.width());
        let head = grammar::subquery_head(self.slice(start, self.at));
        self.open(prefix, start, head, FrameKind::Exactly(END_SUBQUERY));
        self.nest(bound);
    }

    /// Keeps the block just opened to its one term out here, with doubled separators inside.
    fn nest(&mut self, bound: usize) {
        self.top.bound = bound;
        self.top.level += u8::from(self.top.readable);
    }

    fn open_join(&mut self, prefix: Prefix, start: usize, term: &'t str) {
        let bound = self.at;
        let head = grammar::join_head(term);
        if let Some((conditions, _)) = head {
            self.at = bound - conditions.len();
        }
        self.open(prefix, start, head.map(|(_, head)| head), FrameKind::Plain);
        self.nest(bound);
        self.adjoining = true;
    }

    fn open(&mut self, prefix: Prefix, start: usize, head: Option<HeadText<'_>>, kind: FrameKind) {
        let head = head.filter(|_| self.below.len() < DEEPEST).map(|head| self.head(head));
        let (readable, opener) = (head.is_some(), self.nodes.len());
        let node = head
            .map_or(NodeKind::Unreadable { code: Code::Unreadable, open: false }, |head| {
                NodeKind::Block { head, end: 0, closed: false, level: self.top.level }
            });
        // Source: `^OR` and `^NQ` before a block act like `^`, except that a JOIN heeds NQ.
        let prefix = if let NodeKind::Block { head, .. } = node {
            let nq = prefix.nq && matches!(head, Head::Join { .. });
            Prefix { or: false, nq }
        } else {
            prefix
        };
        self.push_logical(prefix, start, node);
        let (level, bound) = (self.top.level, self.top.bound);
        let frame = Frame { opener, kind, readable, level, bound, logic: Logic::START };
        self.below.push(std::mem::replace(&mut self.top, frame));
    }

    fn head(&self, head: HeadText<'_>) -> Head {
        match head {
            HeadText::RelatedList { table, field, quantity, m2m } => Head::RelatedList {
                table: self.span(table),
                field: self.span(field),
                quantity: self.span(quantity),
                m2m,
            },
            HeadText::Subquery { field, theirs, table } => Head::Subquery {
                field: self.span(field),
                theirs: self.span(theirs),
                table: self.span(table),
            },
            HeadText::Join { left, right } => {
                Head::Join { left: self.span(left), right: self.span(right) }
            }
        }
    }

    /// Ends the innermost block, by its token or because its text is over.
    fn close(&mut self, by_token: bool) {
        let Some(parent) = self.below.pop() else {
            return;
        };
        self.adjoining = false;
        let frame = std::mem::replace(&mut self.top, parent);
        let content_end = self.nodes.len();
        let whole = match frame.kind {
            FrameKind::Plain => true,
            FrameKind::Until(_) => by_token,
            FrameKind::Exactly(_) => by_token && self.at == frame.bound,
        };
        if matches!(frame.kind, FrameKind::Exactly(_)) {
            self.at = frame.bound;
        }
        let Some(node) = self.nodes.get_mut(frame.opener) else {
            return;
        };
        node.span = Span::new(node.span.start as usize, self.at);
        let required = frame.kind.ends_with(END_SUBQUERY);
        if frame.readable && (whole || !required) {
            if let NodeKind::Block { end, closed, level, .. } = &mut node.kind {
                *end = u32::try_from(content_end).unwrap_or(u32::MAX);
                (*closed, *level) = (whole, frame.level);
            }
            return;
        }
        let code = if frame.readable { Code::UnclosedBlock } else { Code::Unreadable };
        let open = matches!(frame.kind, FrameKind::Until(_)) && !by_token;
        node.kind = NodeKind::Unreadable { code, open };
        self.nodes.truncate(frame.opener + 1);
    }
}

impl FrameKind {
    fn ends_with(self, token: &str) -> bool {
        matches!(self, Self::Until(end) | Self::Exactly(end) if end == token)
    }
}

/// Bytes up to the separator: a run of carets is that only where it stands at the start, or where
/// pairs are taken off from the left and one is over.
fn term_length(rest: &str, width: usize) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|tail| memchr(b'^', tail)) {
        let start = at + found;
        if start == 0 {
            return 0;
        }
        let run = bytes.get(start..).unwrap_or_default().iter().take_while(|b| **b == b'^').count();
        if (run / width) % 2 == 1 {
            return start + run - width;
        }
        at = start + run;
    }
    bytes.len()
}
