//! From text to operator: all spellings of the table, sorted while compiling.

#![expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "only while compiling, where a slip is an error"
)]

use super::Operator;

impl Operator {
    /// The operator of exactly this spelling, main or alias.
    pub fn from_token(token: &str) -> Option<Self> {
        Self::leading(token).filter(|(_, read)| *read == token).map(|(operator, _)| operator)
    }

    /// The operator with the longest spelling that `text` begins with, and that spelling.
    pub fn leading(text: &str) -> Option<(Self, &'static str)> {
        let first = *text.as_bytes().first()?;
        let start = *FIRST.get(usize::from(first))?;
        let tokens = TOKENS.get(usize::from(start)..)?;
        let same_first =
            tokens.iter().take_while(|(token, _)| token.as_bytes().first() == Some(&first));
        same_first
            .copied()
            .find(|(token, _)| text.starts_with(token))
            .map(|(token, op)| (op, token))
    }

    /// Whether an operator's spelling may begin with this byte.
    pub(crate) fn may_begin(byte: u8) -> bool {
        FIRST.get(usize::from(byte)).is_some_and(|start| usize::from(*start) < COUNT)
    }
}

/// Number of spellings.
const COUNT: usize = {
    let (mut count, mut i) = (0, 0);
    while i < Operator::ALL.len() {
        count += 1 + Operator::ALL[i].aliases().len();
        i += 1;
    }
    count
};

/// All spellings, by first byte, longer ones first.
static TOKENS: [(&str, Operator); COUNT] = sorted_tokens();

/// For each byte the first of [`TOKENS`] that begins with it, or `COUNT`.
static FIRST: [u8; 256] = {
    let mut first = [COUNT as u8; 256];
    let tokens = sorted_tokens();
    let mut i = COUNT;
    while i > 0 {
        i -= 1;
        first[tokens[i].0.as_bytes()[0] as usize] = i as u8;
    }
    first
};

const fn sorted_tokens() -> [(&'static str, Operator); COUNT] {
    let mut tokens = [("", Operator::Is); COUNT];
    let (mut count, mut i) = (0, 0);
    while i < Operator::ALL.len() {
        let operator = Operator::ALL[i];
        tokens[count] = (operator.token(), operator);
        count += 1;
        let mut alias = 0;
        while alias < operator.aliases().len() {
            tokens[count] = (operator.aliases()[alias], operator);
            count += 1;
            alias += 1;
        }
        i += 1;
    }
    let mut end = 1;
    while end < COUNT {
        let mut i = end;
        while i > 0 && precedes(tokens[i].0, tokens[i - 1].0) {
            tokens.swap(i, i - 1);
            i -= 1;
        }
        end += 1;
    }
    tokens
}

const fn precedes(a: &str, b: &str) -> bool {
    let (first_a, first_b) = (a.as_bytes()[0], b.as_bytes()[0]);
    first_a < first_b || (first_a == first_b && a.len() > b.len())
}
