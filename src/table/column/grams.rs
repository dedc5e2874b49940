//! Runs of three bytes: a text with one that no text of a column has is in none of them.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Bytes of a run.
const LENGTH: usize = 3;

/// Places that runs are spread over: so many that few of those in usual texts share one.
const PLACES: usize = 1 << 16;

/// Places with runs up to which a text that is nowhere likely has a run that is none of them.
const MOST: usize = PLACES / 2;

/// The runs of many texts, once it was asked for them often enough.
#[derive(Debug, Default)]
pub(super) struct Grams {
    asked: AtomicU32,
    /// Whether texts have a run of that place; empty if they have so many that it would not tell much.
    known: OnceLock<Box<[bool]>>,
}

impl Clone for Grams {
    /// None: they are found anew when needed.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Grams {
    /// Whether a text has a run that `texts` do not have: false as well where that is not known. Who asks
    /// after it was asked `often` times finds it; others do not wait for that.
    pub(super) fn lack(&self, text: &[u8], often: u32, texts: &[u8]) -> bool {
        if self.known.get().is_none() && self.asked.fetch_add(1, Ordering::Relaxed) != often {
            return false;
        }
        let known = self.known.get_or_init(|| {
            let mut known = vec![false; PLACES].into_boxed_slice();
            add(&mut known, texts);
            let there = known.iter().filter(|is_there| **is_there).count();
            if there <= MOST { known } else { Box::default() }
        });
        !places(text).all(|place| known.get(place).is_none_or(|is_there| *is_there))
    }

    /// Takes up what stands in a further text.
    pub(super) fn add(&mut self, text: &[u8]) {
        if let Some(known) = self.known.get_mut().filter(|known| !known.is_empty()) {
            add(known, text);
        }
    }

    /// Bytes they take up.
    pub(super) fn size(&self) -> usize {
        self.known.get().map_or(0, |known| known.len())
    }
}

fn add(known: &mut [bool], text: &[u8]) {
    for place in places(text) {
        if let Some(is_there) = known.get_mut(place) {
            *is_there = true;
        }
    }
}

/// The place of each run of a text.
fn places(text: &[u8]) -> impl Iterator<Item = usize> {
    // Odd, with bits as random as those of the golden ratio.
    const SPREAD: u32 = 0x9e37_79b1;
    text.windows(LENGTH).map(|run| {
        let run = run.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
        (run.wrapping_mul(SPREAD) >> 16) as usize
    })
}
