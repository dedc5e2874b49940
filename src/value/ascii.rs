//! Comparison without regard to the case of ASCII letters, quick for short texts: eight bytes at a
//! time, the last eight overlapping those before.

use memchr::{memchr2, memmem};

const LANES: usize = 8;
/// Windows of a text that are looked at in one go.
const FEW: usize = 4;
/// Wrong places that are looked at before the search is changed.
const MOST_MISLED: u32 = 32;
const HIGH_BITS: u64 = lanes_of(0x80);
/// What an upper-case ASCII letter lacks to be its lower-case one.
const CASE_BITS: u64 = lanes_of(0x20);

/// Whether `text` in lower case is `lower`, which is in lower case.
#[inline]
pub(super) fn equals(text: &[u8], lower: &[u8]) -> bool {
    if text.len() != lower.len() {
        return false;
    }
    // No branch on what a short text holds: the processor could not foresee it.
    let (text_ends, lower_ends) = (Ends::of(text), Ends::lower(lower));
    let alike = text_ends == lower_ends;
    if lower.len() <= 2 * LANES {
        return alike;
    }
    let between = LANES..lower.len() - LANES;
    alike && between.step_by(LANES).all(|at| lower_case(lanes(text, at)) == lanes(lower, at))
}

/// What tells texts apart at a glance: their lengths, and both ends in lower case. Texts of up to
/// sixteen bytes are equal in lower case exactly if these are.
#[derive(Clone, Copy, Debug, PartialOrd, Ord, Eq)]
pub(super) struct Ends {
    head: u64,
    tail: u64,
    length: usize,
}

impl Ends {
    /// Those of any text.
    #[inline]
    pub(super) fn of(text: &[u8]) -> Self {
        let Self { head, tail, length } = Self::lower(text);
        Self { head: lower_case(head), tail: lower_case(tail), length }
    }

    /// Those of a text in lower case.
    #[inline]
    fn lower(text: &[u8]) -> Self {
        let (head, tail) = ends(text);
        Self { head, tail, length: text.len() }
    }

    /// Whether they hold ASCII alone.
    #[inline]
    pub(super) fn are_ascii(self) -> bool {
        (self.head | self.tail) & HIGH_BITS == 0
    }

    /// A number that is another for most others.
    #[inline]
    pub(super) fn hash(self) -> u64 {
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
        let mixed = (self.head ^ self.length as u64).wrapping_mul(ODD) ^ self.tail.rotate_left(29);
        let mixed = mixed.wrapping_mul(ODD);
        mixed ^ mixed >> 29
    }

    /// Whether equal ones stand for equal texts.
    #[inline]
    pub(super) fn are_whole(self) -> bool {
        self.length <= 2 * LANES
    }
}

impl PartialEq for Ends {
    /// All at once, without a branch.
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        let lengths = (self.length ^ other.length) as u64;
        (self.head ^ other.head) | (self.tail ^ other.tail) | lengths == 0
    }
}

/// Whether `text` contains `lower`, which is in lower case.
///
/// The places where its first two bytes may stand are found eight at a time; where many of them
/// mislead, a search that is linear in any case takes over.
#[inline]
pub(super) fn contains(text: &[u8], lower: &[u8]) -> bool {
    let (first, second) = match lower {
        [] => return true,
        [one] => return memchr2(*one, one.to_ascii_uppercase(), text).is_some(),
        [first, second, ..] => (lanes_of(*first), lanes_of(*second)),
    };
    let Some(last) = text.len().checked_sub(LANES + 1) else {
        return short_contains(text, lower, first, second);
    };
    let starts_at =
        |at: usize| lanes_like(lanes(text, at), first) & lanes_like(lanes(text, at + 1), second);
    // A text of a few windows is passed over in one go, however many it has.
    if last <= (FEW - 1) * LANES {
        let anywhere = (0..FEW).fold(0, |found, n| found | starts_at(last.min(n * LANES)));
        if anywhere == 0 {
            return false;
        }
    }
    let (mut at, mut misled) = (0, 0);
    loop {
        let mut candidates = starts_at(at);
        while candidates != 0 {
            let start = at + candidates.trailing_zeros() as usize / LANES;
            let found = text.get(start..start + lower.len());
            if found.is_some_and(|found| equals(found, lower)) {
                return true;
            }
            misled += 1;
            if misled > MOST_MISLED {
                return memmem::find(&text.to_ascii_lowercase(), lower).is_some();
            }
            candidates &= candidates - 1;
        }
        if at == last {
            return false;
        }
        at = last.min(at + LANES);
    }
}

/// The same in a text of up to eight bytes, all its windows at once.
#[inline]
fn short_contains(text: &[u8], lower: &[u8], first: u64, second: u64) -> bool {
    let whole = short(text);
    let mut candidates = lanes_like(whole, first) & lanes_like(whole >> LANES, second);
    while candidates != 0 {
        let start = candidates.trailing_zeros() as usize / LANES;
        let found = text.get(start..start + lower.len());
        if found.is_some_and(|found| equals(found, lower)) {
            return true;
        }
        candidates &= candidates - 1;
    }
    false
}

/// A text of up to eight bytes, the first in the lowest lane, none in those beyond its end.
#[inline]
fn short(text: &[u8]) -> u64 {
    let at_end = text.len().saturating_sub(LANES / 2) * LANES;
    if let (Some(head), Some(tail)) = (text.first_chunk(), text.last_chunk()) {
        // Where they overlap they are the same.
        let (head, tail) = (u32::from_le_bytes(*head), u32::from_le_bytes(*tail));
        return u64::from(head) | u64::from(tail) << at_end;
    }
    // Of up to three bytes the first, the middle and the last are all there are.
    let at = |place: usize| {
        let byte = text.get(place).copied().unwrap_or_default();
        u64::from(byte) << (place * LANES)
    };
    at(0) | at(text.len() / 2) | at(text.len().saturating_sub(1))
}

const fn lanes_of(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; LANES])
}

/// The first eight bytes and the last eight, which may overlap; all of a shorter text in the first.
#[inline]
fn ends(text: &[u8]) -> (u64, u64) {
    if let (Some(head), Some(tail)) = (text.first_chunk(), text.last_chunk()) {
        return (u64::from_le_bytes(*head), u64::from_le_bytes(*tail));
    }
    (short(text), 0)
}

/// The eight bytes from `at` on, the first in the lowest lane.
#[inline]
fn lanes(text: &[u8], at: usize) -> u64 {
    let lanes = text.get(at..).and_then(<[u8]>::first_chunk);
    lanes.copied().map_or(0, u64::from_le_bytes)
}

/// ASCII letters in lower case, all else unchanged.
#[inline]
fn lower_case(lanes: u64) -> u64 {
    let low_bits = lanes & !HIGH_BITS;
    let from_a = low_bits + lanes_of(0x80 - b'A');
    let beyond_z = low_bits + lanes_of(0x7f - b'Z');
    let upper = from_a & !beyond_z & !lanes & HIGH_BITS;
    lanes | upper >> 2
}

/// A high bit in each lane that may hold the pattern's byte in either case; one may be set wrongly,
/// none is missing.
#[inline]
fn lanes_like(lanes: u64, pattern: u64) -> u64 {
    let differences = (lanes | CASE_BITS) ^ (pattern | CASE_BITS);
    differences.wrapping_sub(lanes_of(1)) & !differences & HIGH_BITS
}
