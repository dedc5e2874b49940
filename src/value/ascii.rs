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
    let Some(last) = lower.len().checked_sub(LANES) else {
        return text.eq_ignore_ascii_case(lower);
    };
    // One look at both ends, since whether a text matches is hard for the processor to foresee.
    let differ = |at: usize| lower_case(lanes(text, at)) ^ lanes(lower, at);
    differ(0) | differ(last) == 0 && (LANES..last).step_by(LANES).all(|at| differ(at) == 0)
}

/// Whether `text` contains `lower`, which is in lower case.
///
/// The places where its first two bytes may stand are found eight at a time; where many of them
/// mislead, a search that is linear in any case takes over.
pub(super) fn contains(text: &[u8], lower: &[u8]) -> bool {
    let (first, second) = match lower {
        [] => return true,
        [one] => return memchr2(*one, one.to_ascii_uppercase(), text).is_some(),
        [first, second, ..] => (lanes_of(*first), lanes_of(*second)),
    };
    let Some(last) = text.len().checked_sub(LANES + 1) else {
        return text.windows(lower.len()).any(|part| equals(part, lower));
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

const fn lanes_of(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; LANES])
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
