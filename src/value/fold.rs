//! Text comparison without regard to case: each character folded by Unicode lower-case, no
//! normalisation, no locale.
//!
//! Source: `GlideRecord` says text comparison is not case-sensitive; the folding is our choice.

use std::borrow::Cow;
use std::cmp::Ordering;

use memchr::{memchr2_iter, memmem};

use super::ascii;

/// Whether text comparison distinguishes upper from lower case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
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
    origin: Origin,
}

/// Which texts can fold to a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// ASCII only.
    Ascii,
    /// Also such with `İ`, which gives an `i`, and the Kelvin sign, which gives a `k`: the only two
    /// other characters an ASCII one can come from.
    DottedOrKelvin,
    /// Any.
    Any,
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
            Self::Ignore => compare_folded(a, b),
        }
    }
}

impl Folded {
    /// Folds `text` once.
    pub fn new(text: &str, case: Case) -> Self {
        let text: Box<str> = case.fold(text).into();
        let origin = match text.is_ascii() {
            true if text.contains(['i', 'k']) => Origin::DottedOrKelvin,
            true => Origin::Ascii,
            false => Origin::Any,
        };
        Self { text, case, origin }
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
    #[inline]
    pub fn equals(&self, value: &str) -> bool {
        match self.case {
            Case::Distinguish => value == &*self.text,
            Case::Ignore => {
                let alike = ascii::equals(value.as_bytes(), self.text.as_bytes());
                self.or_folded(alike, value, |text| lower(value).eq(text.chars()))
            }
        }
    }

    /// How `value` is ordered against this text.
    pub fn order_of(&self, value: &str) -> Ordering {
        match self.case {
            Case::Distinguish => value.cmp(&self.text),
            // The operand is folded, and folding it again would change nothing in the order.
            Case::Ignore => compare_folded(value, &self.text),
        }
    }

    /// Whether `value` begins with this text.
    #[inline]
    pub fn begins(&self, value: &str) -> bool {
        match self.case {
            Case::Distinguish => value.starts_with(&*self.text),
            Case::Ignore => {
                let head = value.as_bytes().get(..self.text.len());
                let alike = ascii::equals(head.unwrap_or_default(), self.text.as_bytes());
                self.or_folded(alike, value, |text| leads(text.chars(), lower(value)))
            }
        }
    }

    /// Whether `value` ends with this text.
    #[inline]
    pub fn ends(&self, value: &str) -> bool {
        match self.case {
            Case::Distinguish => value.ends_with(&*self.text),
            Case::Ignore => {
                let start = value.len().checked_sub(self.text.len());
                let tail = start.and_then(|start| value.as_bytes().get(start..));
                let alike = ascii::equals(tail.unwrap_or_default(), self.text.as_bytes());
                let reversed = || value.chars().rev().flat_map(|c| c.to_lowercase().rev());
                self.or_folded(alike, value, |text| leads(text.chars().rev(), reversed()))
            }
        }
    }

    /// Whether `value` contains this text.
    #[inline]
    pub fn within(&self, value: &str) -> bool {
        let find = |value: &str| memmem::find(value.as_bytes(), self.text.as_bytes()).is_some();
        match self.case {
            Case::Distinguish => find(value),
            Case::Ignore => {
                let alike = ascii::contains(value.as_bytes(), self.text.as_bytes());
                self.or_folded(alike, value, |_| find(&self.case.fold(value)))
            }
        }
    }

    /// The answer for ASCII letters, or where it may be another for `value` as a whole that one.
    #[inline]
    fn or_folded(&self, alike: bool, value: &str, folded: impl Fn(&str) -> bool) -> bool {
        // For most texts the answer is settled without a branch on it.
        if self.origin == Origin::Ascii {
            return alike;
        }
        alike || self.needs_folding(value) && folded(&self.text)
    }

    /// Whether `value` can hold this text though it does not when only ASCII letters are folded.
    #[inline]
    fn needs_folding(&self, value: &str) -> bool {
        match self.origin {
            Origin::Ascii => false,
            Origin::Any => !value.is_ascii(),
            Origin::DottedOrKelvin => {
                let (dotted, kelvin) = ("İ".as_bytes(), "\u{212a}".as_bytes());
                memchr2_iter(0xc4, 0xe2, value.as_bytes()).any(|at| {
                    let rest = value.as_bytes().get(at..).unwrap_or_default();
                    rest.starts_with(dotted) || rest.starts_with(kelvin)
                })
            }
        }
    }
}

/// Where both texts begin alike in ASCII, that much needs no look at characters.
fn compare_folded(a: &str, b: &str) -> Ordering {
    let fold = |byte: u8| byte.to_ascii_lowercase();
    let alike = |(a, b): &(u8, u8)| fold(*a) == fold(*b) && a.is_ascii();
    let same = a.bytes().zip(b.bytes()).take_while(alike).count();
    match (a.as_bytes().get(same), b.as_bytes().get(same)) {
        (Some(a), Some(b)) if a.is_ascii() && b.is_ascii() => fold(*a).cmp(&fold(*b)),
        (Some(_), Some(_)) => {
            let (a, b) = (a.get(same..), b.get(same..));
            lower(a.unwrap_or_default()).cmp(lower(b.unwrap_or_default()))
        }
        (a, b) => a.is_some().cmp(&b.is_some()),
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
