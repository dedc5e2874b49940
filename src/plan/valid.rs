//! The parts of a bound query that are valid, made into filters.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::filter::{Bound, BoundBlock, BoundClause, Filter, Lookup, LookupRows, Placement, Test};
use crate::syntax::{Join, Printer};

/// Takes the valid parts of a query, those in blocks too, and prints them.
///
/// A condition that goes leaves its place to the next one in its group, a group to the next in its
/// branch: an emptied branch never becomes one that is always true. A block whose conditions all go
/// goes itself.
pub(super) struct ValidParts<'d> {
    pub(super) root: Frame,
    pub(super) lookups: Vec<Lookup>,
    diagnostics: &'d mut Diagnostics,
    /// The blocks being read, each in the one before it.
    blocks: Vec<(Frame, BoundBlock)>,
}

/// The conditions of the query or of a block.
pub(super) struct Frame {
    pub(super) filter: Filter,
    pub(super) printer: Printer,
    /// Whether any condition was written.
    pub(super) is_written: bool,
    /// Where the next valid one goes.
    place: Placement,
}

impl Frame {
    fn new(printer: Printer) -> Self {
        Self { filter: Filter::default(), printer, is_written: false, place: Placement::NewBranch }
    }

    /// Notes that a condition stands here, valid or not.
    fn meet(&mut self, join: Join) {
        self.is_written = true;
        self.place = self.place.max(match join {
            Join::Alternative => Placement::SameGroup,
            Join::Group => Placement::NewGroup,
            Join::Branch => Placement::NewBranch,
        });
    }

    fn push(&mut self, test: Test, text: &str) {
        let join = match self.place {
            Placement::SameGroup => Join::Alternative,
            Placement::NewGroup => Join::Group,
            Placement::NewBranch => Join::Branch,
        };
        self.printer.raw(join, text);
        self.filter.push(self.place, test);
        self.place = Placement::SameGroup;
    }
}

impl<'d> ValidParts<'d> {
    pub(super) fn new(lookups: Vec<Lookup>, diagnostics: &'d mut Diagnostics) -> Self {
        Self { root: Frame::new(Printer::default()), lookups, diagnostics, blocks: Vec::new() }
    }

    pub(super) fn take(&mut self, clauses: Vec<BoundClause<Bound>>, text: &str) {
        for (number, BoundClause { join, text: span, bound }) in clauses.into_iter().enumerate() {
            self.close_blocks(number);
            let frame = self.frame();
            frame.meet(join);
            match bound {
                Some(Bound::Test(test)) => frame.push(test, span.of(text)),
                Some(Bound::Block(block)) => {
                    let printer = Printer::in_block(span.of(text), block.layout);
                    self.blocks.push((Frame::new(printer), block));
                }
                None => {}
            }
        }
        self.close_blocks(usize::MAX);
    }

    fn frame(&mut self) -> &mut Frame {
        self.blocks.last_mut().map_or(&mut self.root, |(frame, _)| frame)
    }

    /// Closes the blocks that end before that clause.
    fn close_blocks(&mut self, number: usize) {
        while let Some((frame, block)) = self.blocks.pop_if(|(_, block)| block.end <= number) {
            if frame.is_written && frame.filter.is_empty() {
                let message = "no condition of the block is valid: the block is ignored";
                self.diagnostics.push(Diagnostic::new(Code::UnsupportedBlock, block.span, message));
                if let Some(lookup) = self.lookups.get_mut(block.test.lookup) {
                    lookup.rows = LookupRows::None;
                }
                continue;
            }
            let text = frame.printer.finish_block(block.layout);
            if let Some(lookup) = self.lookups.get_mut(block.test.lookup) {
                lookup.rows = LookupRows::Passing(frame.filter);
            }
            self.frame().push(Test::Related(Box::new(block.test)), &text);
        }
    }
}
