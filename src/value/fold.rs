//! Text comparison without regard to case: each character folded by Unicode lower-case, no
//! normalisation, no locale.
//!
//! Source: `GlideRecord` says text comparison is not case-sensitive; the folding is our choice.

use std::borrow::Cow;
use std::cmp::Ordering;

use memchr::{memchr2_iter, memmem};

/// Whether text comparison distinguishes upper from lower case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Case {
    /// `War` equals `war`.
    #[default]
    Ignore,
    /// `War` differs from `war`.
    Distinguish,
}

/// A text prepared once to be compared with many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    text: Box<str>,
    case: Case,
    is_ascii: bool,
}

impl Case {
    /// The form of `text` in which equal texts are identical.
    pub fn fold(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Distinguish => Cow::Borrowed(text),
            Self::Ignore if text.is_ascii() => {
                if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
                    Cow::Owned(text.to_ascii_lowercase())
                } else {
                    Cow::Borrowed(text)
                }
            }
            Self::Ignore => Cow::Owned(lower(text).collect()),
        }
    }

    /// The order of two texts: by code point of their folded forms.
    pub fn compare(self, a: &str, b: &str) -> Ordering {
        match self {
            Self::Distinguish => a.cmp(b),
            Self::Ignore if a.is_ascii() && b.is_ascii() => {
                let lower = |byte: u8| byte.to_ascii_lowercase();
                a.bytes().map(lower).cmp(b.bytes().map(lower))
            }
            Self::Ignore => lower(a).cmp(lower(b)),
        }
    }
}

impl Folded {
    /// Folds `text` once.
    pub fn new(text: &str, case: Case) -> Self {
        let text: Box<str> = case.fold(text).into();
        let is_ascii = text.is_ascii();
        Self { text, case, is_ascii }
    }

    /// The folded text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether case counts.
    pub fn case(&self) -> Case {
        self.case
    }

    /// Whether `value` is this text.
    pub fn equals(&self, value: &str) -> bool {
        match self.case {
            Case::Distinguish => value == &*self.text,
            Case::Ignore => {
                value.eq_ignore_ascii_case(&self.text)
                    || self.needs_folding(value) && lower(value).eq(self.text.chars())
            }
        }
    }

    /// How `value` is ordered against this text.
    pub fn order_of(&self, value: &str) -> Ordering {
        match self.case {
            Case::Distinguish => value.cmp(&self.text),
            Case::Ignore if value.is_ascii() => {
                value.bytes().map(|byte| byte.to_ascii_lowercase()).cmp(self.text.bytes())
            }
            Case::Ignore => lower(value).cmp(self.text.chars()),
        }
    }

    /// Whether `value` begins with this text.
    pub fn begins(&self, value: &str) -> bool {
        match self.case {
            Case::Distinguish => value.starts_with(&*self.text),
            Case::Ignore => {
                let head = value.as_bytes().get(..self.text.len());
                head.is_some_and(|head| head.eq_ignore_ascii_case(self.text.as_bytes()))
                    || self.needs_folding(value) && leads(self.text.chars(), lower(value))
            }
        }
    }

    /// Whether `value` ends with this text.
    pub fn ends(&self, value: &str) -> bool {
        match self.case {
            Case::Distinguish => value.ends_with(&*self.text),
            Case::Ignore => {
                let start = value.len().checked_sub(self.text.len());
                let tail = start.and_then(|start| value.as_bytes().get(start..));
                let reversed = || value.chars().rev().flat_map(|c| c.to_lowercase().rev());
                tail.is_some_and(|tail| tail.eq_ignore_ascii_case(self.text.as_bytes()))
                    || self.needs_folding(value) && leads(self.text.chars().rev(), reversed())
            }
        }
    }

    /// Whether `value` contains this text.
    pub fn within(&self, value: &str) -> bool {
        let find = |value: &str| memmem::find(value.as_bytes(), self.text.as_bytes()).is_some();
        match self.case {
            Case::Distinguish => find(value),
            Case::Ignore => {
                ascii_within(self.text.as_bytes(), value.as_bytes())
                    || self.needs_folding(value) && find(&self.case.fold(value))
            }
        }
    }

    /// Whether `value` can hold this text though it does not when only ASCII letters are folded.
    ///
    /// ASCII text can come out of two other characters only: `İ` gives an `i`, the Kelvin sign a `k`.
    fn needs_folding(&self, value: &str) -> bool {
        if value.is_ascii() {
            return false;
        }
        let (dotted, kelvin) = ("İ".as_bytes(), "\u{212a}".as_bytes());
        !self.is_ascii
            || memchr2_iter(0xc4, 0xe2, value.as_bytes()).any(|at| {
                let rest = value.as_bytes().get(at..).unwrap_or_default();
                rest.starts_with(dotted) || rest.starts_with(kelvin)
            })
    }
}

fn lower(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

fn leads(expected: impl Iterator<Item = char>, mut actual: impl Iterator<Item = char>) -> bool {
    for c in expected {
        if actual.next() != Some(c) {
            return false;
        }
    }
    true
}

fn ascii_within(needle: &[u8], value: &[u8]) -> bool {
    let Some((first, rest)) = needle.split_first() else {
        return true;
    };
    let Some(last_start) = value.len().checked_sub(needle.len()) else {
        return false;
    };
    let starts = value.get(..=last_start).unwrap_or_default();
    memchr2_iter(*first, first.to_ascii_uppercase(), starts).any(|start| {
        value
            .get(start + 1..start + needle.len())
            .is_some_and(|tail| tail.eq_ignore_ascii_case(rest))
    })
}
