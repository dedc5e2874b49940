//! 64 entries of a list compared at once, in vectors as wide as the processor that is built for has, or,
//! without the feature `simd`, one by one.

#[cfg(feature = "simd")]
use wide::{i8x16, i16x16, i32x8, u8x16, u16x16, u32x8, u64x4};

use crate::bits::{WORD, low, pack};

/// Which of the 64 entries of a word meet a condition, as bits.
#[inline]
pub(crate) fn answers<T: Copy>(list: &[T], word: usize, holds: impl Fn(T) -> bool) -> u64 {
    let rest = list.get(word * WORD..).unwrap_or_default();
    let mut answers = [0_u8; WORD];
    if let Some(entries) = rest.first_chunk::<WORD>() {
        for (answer, entry) in answers.iter_mut().zip(entries) {
            *answer = u8::from(holds(*entry));
        }
    } else {
        for (answer, entry) in answers.iter_mut().zip(rest) {
            *answer = u8::from(holds(*entry));
        }
    }
    pack(&answers)
}

/// Entries that are compared in vectors.
pub(crate) trait Vectored: Copy + Default {
    /// Which of 64 are one of some.
    fn among(entries: &[Self; WORD], wanted: impl Iterator<Item = Self>) -> u64;
}

/// The same for numbers in order.
pub(crate) trait Ranged: Copy + Default {
    /// Which of 64 lie between two, or are one of these.
    fn within(entries: &[Self; WORD], from: Self, to: Self) -> u64;
}

/// Which of the 64 entries of a word have the bits of a number where those of a mask are set.
#[inline]
#[cfg(feature = "simd")]
pub(super) fn masked(list: &[u64], word: usize, mask: u64, wanted: u64) -> u64 {
    const LANES: usize = 4;
    let (mask, wanted) = (u64x4::splat(mask), u64x4::splat(wanted));
    of_word(list, word, |entries| {
        let (chunks, _) = entries.as_chunks::<LANES>();
        (0..).step_by(LANES).zip(chunks).fold(0, |hits, (place, chunk)| {
            let equal = (u64x4::new(*chunk) & mask).simd_eq(wanted);
            hits | u64::from(equal.to_bitmask()) << place
        })
    })
}

/// The 64 entries of a word answered at once; none behind the end are met.
#[inline]
pub(super) fn of_word<T: Copy + Default>(
    list: &[T],
    word: usize,
    answer: impl Fn(&[T; WORD]) -> u64,
) -> u64 {
    let rest = list.get(word * WORD..).unwrap_or_default();
    if let Some(entries) = rest.first_chunk() {
        return answer(entries);
    }
    let mut entries = [T::default(); WORD];
    entries.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    answer(&entries) & low(rest.len())
}

#[cfg(feature = "simd")]
macro_rules! vectored {
    ($entry:ty, $vector:ident, $lanes:literal) => {
        impl Vectored for $entry {
            #[inline]
            fn among(entries: &[Self; WORD], wanted: impl Iterator<Item = Self>) -> u64 {
                let (chunks, _) = entries.as_chunks::<$lanes>();
                let mut found = [$vector::ZERO; WORD / $lanes];
                for wanted in wanted {
                    let wanted = $vector::splat(wanted);
                    for (found, chunk) in found.iter_mut().zip(chunks) {
                        *found |= $vector::new(*chunk).simd_eq(wanted);
                    }
                }
                (0..)
                    .step_by($lanes)
                    .zip(found)
                    .fold(0, |hits, (place, found)| hits | u64::from(found.to_bitmask()) << place)
            }
        }
    };
}

#[cfg(feature = "simd")]
macro_rules! ranged {
    ($entry:ty, $vector:ident, $lanes:literal) => {
        impl Ranged for $entry {
            #[inline]
            fn within(entries: &[Self; WORD], from: Self, to: Self) -> u64 {
                let (chunks, _) = entries.as_chunks::<$lanes>();
                let (from, to) = ($vector::splat(from), $vector::splat(to));
                !(0..).step_by($lanes).zip(chunks).fold(0, |missed, (place, chunk)| {
                    let chunk = $vector::new(*chunk);
                    let outside = from.simd_gt(chunk) | chunk.simd_gt(to);
                    missed | u64::from(outside.to_bitmask()) << place
                })
            }
        }
    };
}

#[cfg(feature = "simd")]
mod compared {
    use super::{Ranged, Vectored, WORD, i8x16, i16x16, i32x8, u8x16, u16x16, u32x8};

    vectored!(u8, u8x16, 16);
    vectored!(u16, u16x16, 16);
    vectored!(u32, u32x8, 8);
    ranged!(i8, i8x16, 16);
    ranged!(i16, i16x16, 16);
    ranged!(i32, i32x8, 8);
}

/// Without vectors each entry is compared by itself.
#[cfg(not(feature = "simd"))]
mod compared {
    use super::{Ranged, Vectored, WORD, answers};

    macro_rules! one_by_one {
        ($unsigned:ty, $signed:ty) => {
            impl Vectored for $unsigned {
                #[inline]
                fn among(entries: &[Self; WORD], wanted: impl Iterator<Item = Self>) -> u64 {
                    wanted.fold(0, |hits, wanted| hits | answers(entries, 0, |one| one == wanted))
                }
            }

            impl Ranged for $signed {
                #[inline]
                fn within(entries: &[Self; WORD], from: Self, to: Self) -> u64 {
                    answers(entries, 0, |number| (from..=to).contains(&number))
                }
            }
        };
    }

    one_by_one!(u8, i8);
    one_by_one!(u16, i16);
    one_by_one!(u32, i32);
}

/// Which of the 64 entries of a word have the bits of a number where those of a mask are set.
#[inline]
#[cfg(not(feature = "simd"))]
pub(super) fn masked(list: &[u64], word: usize, mask: u64, wanted: u64) -> u64 {
    of_word(list, word, |entries| answers(entries, 0, |entry| entry & mask == wanted))
}

impl Ranged for i64 {
    #[inline]
    fn within(entries: &[Self; WORD], from: Self, to: Self) -> u64 {
        answers(entries, 0, |number| (from..=to).contains(&number))
    }
}
