//! The rows of a column in the order of their values: for sorting, and to find values fast.

use std::cmp::Ordering;
use std::hash::{BuildHasher, RandomState};
use std::ops::{Range, RangeInclusive};
use std::sync::OnceLock;

use hashbrown::HashTable;
use smallvec::SmallVec;

use super::refined::Refined;
use super::{Column, Store, Texts};
use crate::filter::compare;
use crate::value::{Case, Kind, ValueRef};

/// The order of a column's rows when it was made: by value, case aside, then by row.
///
/// Equal values share a rank; rank 0 is that of rows without a value that reads as the column's type.
#[derive(Debug)]
pub(crate) struct Order {
    /// Of each code, if the column has a dictionary, or of each row.
    ranks: Vec<u32>,
    /// Where in `rows` each rank begins, and where the last ends.
    starts: Vec<u32>,
    rows: Vec<u32>,
    /// Of each rank from 1 the number of a text that has it, if the column has texts.
    samples: Vec<u32>,
    /// Of each rank from 1 its number, if the column has numbers, once ranges were asked for.
    numbers: OnceLock<Box<[i64]>>,
    /// The ranks by their folded text, once one was asked for.
    by_text: OnceLock<(RandomState, HashTable<u32>)>,
    refined: Refined,
}

impl Order {
    /// The order of the first `rows` rows.
    pub(super) fn of(column: &Column, rows: usize) -> Self {
        match column.store() {
            Store::Shared(dictionary) => {
                let numbers = sorted_texts(&dictionary.texts, column);
                // Code 0 is that of empty rows.
                let entries = numbers.into_iter().map(|(number, is_new)| (number + 1, is_new));
                let (mut ranks, samples) = ranked(entries, dictionary.texts.len() + 1);
                if let Some(empty) = ranks.first_mut() {
                    *empty = 0;
                }
                let samples = samples.into_iter().map(|code| code - 1).collect();
                Self::placed(rows, ranks, samples, |row| dictionary.codes.at(row) as usize)
            }
            Store::Own(own) => {
                let numbers = sorted_texts(&own.texts, column);
                let (ranks, samples) = ranked(numbers.into_iter(), column.len());
                Self::placed(rows, ranks, samples, |row| row)
            }
            Store::Numbers(_) | Store::Flags(_) | Store::Ids(_) => {
                let (ranks, samples) = ranked(sorted_rows(column).into_iter(), column.len());
                Self { samples: Vec::new(), ..Self::placed(rows, ranks, samples, |row| row) }
            }
        }
    }

    /// The rows by the ranks of their entries.
    fn placed(
        rows: usize,
        ranks: Vec<u32>,
        samples: Vec<u32>,
        entry: impl Fn(usize) -> usize,
    ) -> Self {
        let rank_of = |row| ranks.get(entry(row)).copied().unwrap_or(0);
        let (starts, rows) = placed(rows, samples.len() + 1, rank_of);
        let (numbers, by_text, refined) = (OnceLock::new(), OnceLock::new(), Refined::default());
        Self { ranks, starts, rows, samples, numbers, by_text, refined }
    }

    /// Number of rows that are in it.
    pub(crate) fn covered(&self) -> usize {
        self.rows.len()
    }

    /// Number of ranks, that of rows without a value included.
    pub(crate) fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Of each code, if the column has a dictionary, or of each row its rank.
    pub(crate) fn ranks(&self) -> &[u32] {
        &self.ranks
    }

    /// Number of rows of all ranks below one.
    pub(crate) fn start(&self, rank: usize) -> usize {
        self.starts.get(rank).map_or(self.rows.len(), |at| *at as usize)
    }

    /// The first rank whose rows do not all stand before a place.
    pub(crate) fn rank_at(&self, place: usize) -> usize {
        self.starts.partition_point(|start| *start as usize <= place).saturating_sub(1)
    }

    /// The rows of some ranks, which follow one another.
    pub(crate) fn rows(&self, ranks: Range<usize>) -> &[u32] {
        self.rows.get(self.start(ranks.start)..self.start(ranks.end)).unwrap_or_default()
    }

    /// Rows of equal value in the order of further keys.
    pub(crate) fn refined(&self) -> &Refined {
        &self.refined
    }

    /// The rank of a folded text.
    pub(crate) fn rank_of(&self, text: &[u8], texts: &Texts) -> Option<usize> {
        let folds = texts.folded();
        let text_of = |rank: &u32| {
            let sample = self.samples.get((*rank as usize).checked_sub(1)?);
            sample.map(|number| folds.text(*number as usize))
        };
        let (hasher, ranks) = self.by_text.get_or_init(|| {
            let (hasher, count) = (RandomState::new(), self.samples.len());
            let mut ranks = HashTable::with_capacity(count);
            for rank in 1..=u32::try_from(count).unwrap_or(u32::MAX) {
                ranks.insert_unique(hasher.hash_one(text_of(&rank)), rank, |rank| {
                    hasher.hash_one(text_of(rank))
                });
            }
            (hasher, ranks)
        });
        let is_wanted = |rank: &u32| text_of(rank) == Some(text);
        ranks.find(hasher.hash_one(Some(text)), is_wanted).map(|rank| *rank as usize)
    }

    /// The ranks whose numbers lie in some ranges; nothing if the column has others, or these changed
    /// before they were first asked for.
    pub(crate) fn spanned(
        &self,
        column: &Column,
        spans: &[RangeInclusive<i64>],
    ) -> Option<SmallVec<[Range<usize>; 1]>> {
        let Store::Numbers(typed) = column.store() else { return None };
        if self.numbers.get().is_none() && !(typed.odd.is_empty() && column.is_unchanged()) {
            return None;
        }
        let numbers = self.numbers.get_or_init(|| {
            let first = |rank: usize| self.rows.get(self.start(rank)).copied();
            let number = |row: u32| typed.form.numbers.at(row as usize);
            (1..self.len()).filter_map(first).map(number).collect()
        });
        let ranks = |span: &RangeInclusive<i64>| {
            let from = numbers.partition_point(|number| number < span.start());
            let to = numbers.partition_point(|number| number <= span.end());
            // Rank 0 is that of empty rows.
            from + 1..to.max(from) + 1
        };
        Some(spans.iter().map(ranks).collect())
    }

    /// Of each rank from 1 a text that has it; none if the column has no texts.
    pub(crate) fn samples(&self) -> &[u32] {
        &self.samples
    }

    pub(crate) fn size(&self) -> usize {
        let lists = [&self.ranks, &self.starts, &self.rows, &self.samples];
        let numbers = self.numbers.get().map_or(0, |numbers| size_of_val(&**numbers));
        let by_text = self.by_text.get().map_or(0, |(_, ranks)| ranks.allocation_size());
        lists.iter().map(|list| list.capacity() * size_of::<u32>()).sum::<usize>()
            + numbers
            + by_text
            + self.refined.size()
    }
}

/// The numbers of texts in order; with each whether it is another than the one before. Texts that are
/// empty or do not read as the column's type are left out.
fn sorted_texts(texts: &Texts, column: &Column) -> Vec<(u32, bool)> {
    let kind = column.kind();
    let is_filled = |number: usize| ValueRef::from(texts.text(number)).is_filled(kind);
    let numbers = (0..texts.len()).filter(|number| is_filled(*number));
    if kind != Kind::Text {
        let value = |number: u32| ValueRef::from(texts.text(number as usize));
        let numbers = numbers.map(|number| u32::try_from(number).unwrap_or(u32::MAX)).collect();
        let order = |a: u32, b: u32| compare(&value(a), &value(b), kind, Case::Ignore);
        return sorted(numbers, order);
    }
    let folds = texts.folded();
    // Most texts differ in their first bytes, which are at hand here.
    let mut entries: Vec<(u128, u32)> = numbers
        .map(|number| (head(folds.text(number)), u32::try_from(number).unwrap_or(u32::MAX)))
        .collect();
    let text = |number: u32| folds.text(number as usize);
    let order =
        |a: &(u128, u32), b: &(u128, u32)| a.0.cmp(&b.0).then_with(|| text(a.1).cmp(text(b.1)));
    entries.sort_unstable_by(|a, b| order(a, b).then(a.1.cmp(&b.1)));
    marked(&entries, order).zip(&entries).map(|(is_new, entry)| (entry.1, is_new)).collect()
}

/// The first bytes of a text; it comes no later than one whose are greater.
fn head(text: &[u8]) -> u128 {
    let mut bytes = [0; size_of::<u128>()];
    bytes.iter_mut().zip(text).for_each(|(to, from)| *to = *from);
    u128::from_be_bytes(bytes)
}

/// The same for rows of a column without texts.
fn sorted_rows(column: &Column) -> Vec<(u32, bool)> {
    let kind = column.kind();
    let rows = (0..column.len()).map(|row| u32::try_from(row).unwrap_or(u32::MAX));
    match column.store() {
        Store::Numbers(typed) if typed.odd.is_empty() => {
            let filled = rows.filter(|row| typed.filled.has(*row as usize));
            sorted_by_key(filled, |row| typed.form.numbers.at(row as usize))
        }
        Store::Ids(typed) if typed.odd.is_empty() => {
            let filled = rows.filter(|row| typed.filled.has(*row as usize));
            sorted_by_key(filled, |row| typed.form.at(row as usize))
        }
        Store::Numbers(_) | Store::Ids(_) | Store::Flags(_) | Store::Own(_) | Store::Shared(_) => {
            let value = |row: u32| column.value(row as usize);
            let filled = rows.filter(|row| value(*row).is_filled(kind)).collect();
            sorted(filled, |a, b| compare(&value(a), &value(b), kind, Case::Ignore))
        }
    }
}

fn sorted_by_key<K: Ord + Copy>(
    rows: impl Iterator<Item = u32>,
    key: impl Fn(u32) -> K,
) -> Vec<(u32, bool)> {
    let mut entries: Vec<(K, u32)> = rows.map(|row| (key(row), row)).collect();
    entries.sort_unstable();
    let is_new = marked(&entries, |a, b| a.0.cmp(&b.0));
    is_new.zip(&entries).map(|(is_new, entry)| (entry.1, is_new)).collect()
}

fn sorted(mut numbers: Vec<u32>, order: impl Fn(u32, u32) -> Ordering) -> Vec<(u32, bool)> {
    numbers.sort_unstable_by(|a, b| order(*a, *b).then(a.cmp(b)));
    let is_new = marked(&numbers, |a, b| order(*a, *b));
    is_new.zip(&numbers).map(|(is_new, number)| (*number, is_new)).collect()
}

/// Of entries in order whether each is another than the one before.
fn marked<T>(entries: &[T], order: impl Fn(&T, &T) -> Ordering) -> impl Iterator<Item = bool> {
    let pairs = entries.windows(2).map(move |pair| match pair {
        [a, b] => order(a, b).is_ne(),
        _ => true,
    });
    std::iter::once(true).chain(pairs)
}

/// The rank of each entry, 0 for those left out, and of each rank from 1 the first entry.
fn ranked(entries: impl Iterator<Item = (u32, bool)>, length: usize) -> (Vec<u32>, Vec<u32>) {
    let (mut ranks, mut samples) = (vec![0; length], Vec::new());
    for (entry, is_new) in entries {
        if is_new {
            samples.push(entry);
        }
        if let Some(rank) = ranks.get_mut(entry as usize) {
            *rank = u32::try_from(samples.len()).unwrap_or(u32::MAX);
        }
    }
    (ranks, samples)
}

/// The rows by rank, and where each rank begins.
fn placed(length: usize, ranks: usize, rank_of: impl Fn(usize) -> u32) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0_u32; ranks + 1];
    for row in 0..length {
        if let Some(count) = starts.get_mut(rank_of(row) as usize + 1) {
            *count += 1;
        }
    }
    let mut before = 0;
    for start in &mut starts {
        before += *start;
        *start = before;
    }
    let (mut next, mut rows) = (starts.clone(), vec![0; length]);
    for row in 0..length {
        if let Some(place) = next.get_mut(rank_of(row) as usize) {
            if let Some(at) = rows.get_mut(*place as usize) {
                *at = u32::try_from(row).unwrap_or(u32::MAX);
            }
            *place += 1;
        }
    }
    (starts, rows)
}
