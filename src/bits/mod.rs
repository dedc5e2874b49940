//! Sets of rows or values as bits, 64 to a word.

mod vectors;

pub(crate) use vectors::{
    Answering, Entry, among, answers, combine, count, masked, narrow, within,
};

/// Bits of a word.
pub(crate) const WORD: usize = u64::BITS as usize;

/// A growing set of numbers; those beyond its end are not in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Bits {
    words: Vec<u64>,
    count: usize,
}

impl Bits {
    /// The set of the numbers below `length`.
    pub(crate) fn all(length: usize) -> Self {
        let words = (0..length.div_ceil(WORD)).map(|at| low(length - at * WORD));
        words.collect()
    }

    /// None of the numbers below `length`, with room for them.
    pub(crate) fn none(length: usize) -> Self {
        Self { words: vec![0; length.div_ceil(WORD)], count: 0 }
    }

    /// The set of those numbers below `length` that meet a test.
    pub(crate) fn met(length: usize, test: &impl Answering) -> Self {
        let mut all = Self::all(length);
        narrow(test, 0, &mut all.words);
        all.words.into_iter().collect()
    }

    /// The set of some of the numbers below `length`, none of them twice.
    pub(crate) fn of(length: usize, numbers: impl Iterator<Item = usize>) -> Self {
        let mut set = Self::none(length);
        for number in numbers {
            if let Some(word) = set.words.get_mut(number / WORD) {
                *word |= 1 << (number % WORD);
                set.count += 1;
            }
        }
        set
    }

    /// Whether a number is in the set.
    #[inline]
    pub(crate) fn has(&self, number: usize) -> bool {
        self.word(number / WORD) >> (number % WORD) & 1 == 1
    }

    /// Puts a number into the set, or takes it out.
    #[inline]
    pub(crate) fn set(&mut self, number: usize, is_in: bool) {
        let at = number / WORD;
        if at >= self.words.len() {
            if !is_in {
                return;
            }
            self.words.resize(at + 1, 0);
        }
        let word = self.word(at);
        let bit = 1 << (number % WORD);
        self.put(at, if is_in { word | bit } else { word & !bit });
    }

    /// 64 numbers at once.
    #[inline]
    pub(crate) fn word(&self, at: usize) -> u64 {
        self.words.get(at).copied().unwrap_or(0)
    }

    /// The words from one on; behind the last there are none.
    #[inline]
    pub(crate) fn words(&self, from: usize) -> &[u64] {
        self.words.get(from..).unwrap_or_default()
    }

    /// Puts a whole word into the set.
    #[inline]
    pub(crate) fn put(&mut self, at: usize, word: u64) {
        if let Some(place) = self.words.get_mut(at) {
            self.count -= place.count_ones() as usize;
            self.count += word.count_ones() as usize;
            *place = word;
        }
    }

    /// How many numbers are in the set.
    #[inline]
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// The numbers, in order.
    pub(crate) fn ones(&self) -> impl Iterator<Item = usize> {
        ones(&self.words)
    }

    /// Bytes it takes up.
    pub(crate) fn size(&self) -> usize {
        self.words.capacity() * size_of::<u64>()
    }
}

impl FromIterator<u64> for Bits {
    /// The set whose words these are.
    fn from_iter<I: IntoIterator<Item = u64>>(words: I) -> Self {
        let words: Vec<u64> = words.into_iter().collect();
        Self { count: count(&words), words }
    }
}

/// The lowest so many bits, 64 at most.
#[inline]
pub(crate) fn low(count: usize) -> u64 {
    let unused = WORD.saturating_sub(count);
    u64::MAX.checked_shr(u32::try_from(unused).unwrap_or(u64::BITS)).unwrap_or_default()
}

/// The numbers of the bits that are set.
pub(crate) fn ones(words: &[u64]) -> impl Iterator<Item = usize> {
    (0..).step_by(WORD).zip(words).flat_map(|(from, word)| each_bit(*word).map(move |at| from + at))
}

/// Gives the numbers of the bits that are set, until told to stop.
#[inline]
pub(crate) fn each_one(words: &[u64], mut visit: impl FnMut(usize) -> bool) {
    for (from, word) in (0..).step_by(WORD).zip(words) {
        if !each_bit(*word).all(|at| visit(from + at)) {
            return;
        }
    }
}

/// The places of the bits that are set in a word.
#[inline]
pub(crate) fn each_bit(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = word.trailing_zeros() as usize;
        (word != 0).then(|| {
            word &= word - 1;
            at
        })
    })
}

/// 64 answers, each 0 or 1, as bits: eight of them are moved into one byte by a multiplication.
#[inline]
pub(crate) fn pack(answers: &[u8; WORD]) -> u64 {
    const GATHER: u64 = 0x0102_0408_1020_4080;
    answers.chunks_exact(8).rev().fold(0, |word, eight| {
        let eight: [u8; 8] = eight.try_into().unwrap_or_default();
        word << 8 | u64::from_le_bytes(eight).wrapping_mul(GATHER) >> 56
    })
}
