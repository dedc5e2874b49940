//! Records as they were last written, so that one that is in many answers is not written for each of them.

use std::sync::{PoisonError, RwLock};

use super::media::Format;
use crate::table::Record;

/// Records kept at most.
const MOST: usize = 4096;

/// Bytes of a record kept at most, so that all of them never take more than 64 MiB.
const LONGEST: usize = 16 * 1024;

/// Records of one view in the formats they were asked for.
///
/// One record takes the place of another that falls on the same slot. It does not notice changes: whoever
/// makes one has to [forget](Self::forget).
#[derive(Debug)]
pub(super) struct Written(Box<[Slot]>);

type Slot = RwLock<Option<(Key, Box<[u8]>)>>;

/// A record in a format.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Key {
    place: u32,
    row: usize,
    format: Format,
}

impl Written {
    pub(super) fn new() -> Self {
        Self((0..MOST).map(|_| Slot::default()).collect())
    }

    /// What is known of a record in a format.
    pub(super) fn memory(&self, record: Record<'_>, format: Format) -> Memory<'_> {
        let key = Key { place: record.place(), row: record.number(), format };
        Memory(self.slot(key).map(|slot| (slot, key)))
    }

    /// Forgets how a record was written.
    pub(super) fn forget(&self, record: Record<'_>) {
        for format in [Format::Json, Format::Xml] {
            self.memory(record, format).set(None);
        }
    }

    fn slot(&self, key: Key) -> Option<&Slot> {
        // Neighbours stay apart, and so do the formats.
        let number = key.row.wrapping_mul(2).wrapping_add(key.format as usize);
        self.0.get(number.wrapping_add(key.place as usize) % MOST)
    }
}

/// How a record was written, if that is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Memory<'w>(Option<(&'w Slot, Key)>);

impl Memory<'_> {
    /// Of a record that is written anew each time.
    pub(super) const NONE: Self = Self(None);

    /// Adds the record as it was written before; says whether it was.
    pub(super) fn recall(self, out: &mut Vec<u8>) -> bool {
        let Some((slot, key)) = self.0 else { return false };
        let slot = slot.read().unwrap_or_else(PoisonError::into_inner);
        let known = slot.as_ref().filter(|(known, _)| *known == key);
        known.inspect(|(_, written)| out.extend_from_slice(written)).is_some()
    }

    /// Keeps how the record was written.
    pub(super) fn keep(self, written: &[u8]) {
        if written.len() <= LONGEST {
            self.set(Some(written));
        }
    }

    fn set(self, written: Option<&[u8]>) {
        let Some((slot, key)) = self.0 else { return };
        let written = written.map(|written| (key, written.into()));
        *slot.write().unwrap_or_else(PoisonError::into_inner) = written;
    }
}
