//! Lines and columns of places in a text.

use memchr::{memchr_iter, memrchr};

/// Where something stands, both from 1; columns are counted in characters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// The places of some offsets, which are in ascending order; the text is read once.
pub(super) fn places(text: &str, offsets: &[usize]) -> Vec<Place> {
    let (mut place, mut done) = (Place { line: 1, column: 1 }, 0);
    let mut place = |offset: &usize| {
        let mut passed = text.get(done..*offset).unwrap_or_default();
        done = *offset;
        if let Some(end) = memrchr(b'\n', passed.as_bytes()) {
            place.line += memchr_iter(b'\n', passed.as_bytes()).count();
            place.column = 1;
            passed = passed.get(end + 1..).unwrap_or_default();
        }
        place.column += passed.chars().count();
        place
    };
    offsets.iter().map(&mut place).collect()
}

/// The place of one offset.
pub(super) fn place(text: &str, offset: usize) -> Place {
    places(text, &[offset]).pop().unwrap_or(Place { line: 1, column: 1 })
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}
