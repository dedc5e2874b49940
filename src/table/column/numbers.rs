//! Numbers in as few bytes as they need.

use std::ops::{Range, RangeInclusive};

use fearless_simd::Simd;

use crate::bits::{Entry, among, within};

/// A growing list of whole numbers, kept as distances from one of them.
#[derive(Clone, Debug)]
pub(crate) struct Numbers {
    base: i64,
    distances: Distances,
}

/// Codes of a dictionary: 0 stands for nothing.
#[derive(Clone, Debug)]
pub(crate) enum Codes {
    Narrow(Vec<u8>),
    Middle(Vec<u16>),
    Wide(Vec<u32>),
}

#[derive(Clone, Debug)]
enum Distances {
    Byte(Vec<i8>),
    Short(Vec<i16>),
    Int(Vec<i32>),
    Long(Vec<i64>),
}

/// Does the same with the list, whatever its width.
macro_rules! each_width {
    ($lists:ident, $value:expr, $list:ident => $body:expr) => {
        match $value {
            $lists::Byte($list) => $body,
            $lists::Short($list) => $body,
            $lists::Int($list) => $body,
            $lists::Long($list) => $body,
        }
    };
}

impl Default for Numbers {
    fn default() -> Self {
        Self { base: 0, distances: Distances::Byte(Vec::new()) }
    }
}

impl Numbers {
    /// The number at a place; 0 behind the end.
    #[inline]
    pub(crate) fn at(&self, place: usize) -> i64 {
        let distance = each_width!(Distances, &self.distances, list => {
            wide(list.get(place))
        });
        self.base + distance
    }

    /// Puts a number at a place.
    pub(crate) fn set(&mut self, place: usize, number: i64) {
        if matches!(&self.distances, Distances::Byte(list) if list.is_empty()) {
            self.base = number;
        }
        let Some(distance) = number.checked_sub(self.base).filter(|at| self.fits(*at)) else {
            self.widen(number);
            return self.set(place, number);
        };
        each_width!(Distances, &mut self.distances, list => {
            put(list, place, narrow(distance));
        });
    }

    fn fits(&self, distance: i64) -> bool {
        match self.distances {
            Distances::Byte(_) => i8::try_from(distance).is_ok(),
            Distances::Short(_) => i16::try_from(distance).is_ok(),
            Distances::Int(_) => i32::try_from(distance).is_ok(),
            Distances::Long(_) => true,
        }
    }

    /// Makes room for a number that is too far from the base.
    fn widen(&mut self, number: i64) {
        let numbers: Vec<i64> = each_width!(Distances, &self.distances, list => {
            list.iter().map(|distance| wide(Some(distance))).collect()
        });
        self.distances = match number.checked_sub(self.base) {
            Some(distance) if i16::try_from(distance).is_ok() => {
                Distances::Short(narrowed(numbers))
            }
            Some(distance) if i32::try_from(distance).is_ok() => Distances::Int(narrowed(numbers)),
            Some(_) | None => {
                let base = std::mem::take(&mut self.base);
                Distances::Long(numbers.into_iter().map(|at| at.wrapping_add(base)).collect())
            }
        };
    }

    /// Which of the 64 numbers of a word lie in a range, as bits.
    #[inline(always)]
    pub(crate) fn within<S: Simd>(&self, simd: S, word: usize, range: &RangeInclusive<i64>) -> u64 {
        let from = range.start().saturating_sub(self.base);
        let to = range.end().saturating_sub(self.base);
        if from > to {
            return 0;
        }
        match &self.distances {
            Distances::Byte(list) => near(simd, list, word, [from, to], [i8::MIN, i8::MAX]),
            Distances::Short(list) => near(simd, list, word, [from, to], [i16::MIN, i16::MAX]),
            Distances::Int(list) => near(simd, list, word, [from, to], [i32::MIN, i32::MAX]),
            Distances::Long(list) => near(simd, list, word, [from, to], [i64::MIN, i64::MAX]),
        }
    }

    pub(crate) fn size(&self) -> usize {
        each_width!(Distances, &self.distances, list => {
            list.capacity() * size_of_val(list.first().unwrap_or(&0))
        })
    }

    pub(crate) fn shrink(&mut self) {
        each_width!(Distances, &mut self.distances, list => list.shrink_to_fit());
    }
}

fn wide<T: Into<i64> + Copy>(distance: Option<&T>) -> i64 {
    distance.map_or(0, |distance| (*distance).into())
}

fn narrow<T: TryFrom<i64> + Default>(number: i64) -> T {
    T::try_from(number).unwrap_or_default()
}

fn narrowed<T: TryFrom<i64> + Default>(numbers: Vec<i64>) -> Vec<T> {
    numbers.into_iter().map(narrow).collect()
}

/// Which of 64 numbers lie between two that their type may be too narrow for.
#[inline(always)]
fn near<S, T>(simd: S, list: &[T], word: usize, ends: [i64; 2], [least, most]: [T; 2]) -> u64
where
    S: Simd,
    T: Entry + Into<i64> + TryFrom<i64>,
{
    let [from, to] = ends;
    if to < least.into() || from > most.into() {
        return 0;
    }
    let from = T::try_from(from).unwrap_or(least);
    let to = T::try_from(to).unwrap_or(most);
    within(simd, list, word, from, to)
}

impl Codes {
    /// The code at a place; 0 behind the end.
    #[inline]
    pub(crate) fn at(&self, place: usize) -> u32 {
        match self {
            Self::Narrow(list) => list.get(place).map_or(0, |code| u32::from(*code)),
            Self::Middle(list) => list.get(place).map_or(0, |code| u32::from(*code)),
            Self::Wide(list) => list.get(place).copied().unwrap_or(0),
        }
    }

    /// The greatest code of a range of places.
    pub(crate) fn greatest(&self, places: Range<usize>) -> u32 {
        match self {
            Self::Narrow(list) => greatest(list, places),
            Self::Middle(list) => greatest(list, places),
            Self::Wide(list) => greatest(list, places),
        }
    }

    /// Which of the 64 entries of a word are one of some codes, as bits.
    #[inline(always)]
    pub(crate) fn among<S: Simd>(&self, simd: S, at: usize, codes: &[u32]) -> u64 {
        match self {
            Self::Narrow(list) => among(simd, list, at, &narrowed_to(codes)),
            Self::Middle(list) => among(simd, list, at, &narrowed_to(codes)),
            Self::Wide(list) => among(simd, list, at, &codes.iter().copied()),
        }
    }

    /// Puts a code at a place.
    pub(crate) fn set(&mut self, place: usize, code: u32) {
        match self {
            Self::Narrow(list) => match u8::try_from(code) {
                Ok(code) => put(list, place, code),
                Err(_) => self.widen(place, code),
            },
            Self::Middle(list) => match u16::try_from(code) {
                Ok(code) => put(list, place, code),
                Err(_) => self.widen(place, code),
            },
            Self::Wide(list) => put(list, place, code),
        }
    }

    fn widen(&mut self, place: usize, code: u32) {
        *self = match self {
            Self::Narrow(list) if u16::try_from(code).is_ok() => {
                Self::Middle(list.iter().map(|code| u16::from(*code)).collect())
            }
            Self::Narrow(list) => Self::Wide(list.iter().map(|code| u32::from(*code)).collect()),
            Self::Middle(list) => Self::Wide(list.iter().map(|code| u32::from(*code)).collect()),
            Self::Wide(list) => Self::Wide(std::mem::take(list)),
        };
        self.set(place, code);
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Narrow(list) => list.len(),
            Self::Middle(list) => list.len(),
            Self::Wide(list) => list.len(),
        }
    }

    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Narrow(list) => list.capacity(),
            Self::Middle(list) => list.capacity() * size_of::<u16>(),
            Self::Wide(list) => list.capacity() * size_of::<u32>(),
        }
    }

    pub(crate) fn shrink(&mut self) {
        match self {
            Self::Narrow(list) => list.shrink_to_fit(),
            Self::Middle(list) => list.shrink_to_fit(),
            Self::Wide(list) => list.shrink_to_fit(),
        }
    }
}

/// The greatest code of a range of places, as far as there are any.
fn greatest<T: Ord + Copy + Into<u32>>(list: &[T], places: Range<usize>) -> u32 {
    let codes = list.get(places.start..places.end.min(list.len())).unwrap_or_default();
    codes.iter().max().map_or(0, |code| (*code).into())
}

/// Codes that their type is too narrow for are no entry's.
#[inline(always)]
fn narrowed_to<T: TryFrom<u32>>(codes: &[u32]) -> impl Iterator<Item = T> + Clone {
    codes.iter().filter_map(|code| T::try_from(*code).ok())
}

fn put<T: Copy + Default>(list: &mut Vec<T>, place: usize, code: T) {
    if place >= list.len() {
        list.resize(place + 1, T::default());
    }
    if let Some(at) = list.get_mut(place) {
        *at = code;
    }
}
