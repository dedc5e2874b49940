//! Texts that many rows may share, searched as one once that is less work than asking the rows.

use std::cell::{Cell, OnceCell};

use super::hits::Hits;
use super::way::Asked;
use crate::bits::{Bits, WORD, count, each_bit};
use crate::filter::Predicate;
use crate::table::column::{Dictionary, Sought};

/// A test for a text that the texts of a dictionary hold: a page that the first rows fill is sooner found by
/// asking these.
#[derive(Debug)]
pub(super) struct Late<'q> {
    dictionary: &'q Dictionary,
    asked: Asked<'q>,
    sought: Sought,
    /// Rows that were asked.
    rows: Cell<usize>,
    hits: OnceCell<Hits>,
}

impl<'q> Late<'q> {
    pub(super) fn new(dictionary: &'q Dictionary, asked: Asked<'q>, sought: Sought) -> Self {
        let (rows, hits) = (Cell::new(0), OnceCell::new());
        Self { dictionary, asked, sought, rows, hits }
    }

    /// Whether the candidates are to be asked one by one, rather than for the codes that meet it.
    pub(super) fn asks_each(&self, candidates: &[u64]) -> bool {
        /// Texts that are searched in the time it takes to ask one row.
        const SEARCHED: usize = 16;
        let most = self.dictionary.texts.len() / SEARCHED;
        if self.hits.get().is_some() || self.rows.get() > most {
            return false;
        }
        let rows = self.rows.get() + count(candidates);
        self.rows.set(rows);
        rows <= most
    }

    /// Asks the candidates among 64 rows one by one.
    pub(super) fn word(&self, at: usize, candidates: u64) -> u64 {
        let (predicate, dictionary) = (self.asked.predicate, self.dictionary);
        let (folds, if_held) = (dictionary.texts.folded(), predicate.settle(true));
        let is_met = |bit: &usize| match dictionary.codes.at(at * WORD + bit).checked_sub(1) {
            Some(text) => self.sought.is_held(folds.text(text as usize)) == if_held,
            None => predicate.on_empty(),
        };
        each_bit(candidates).filter(is_met).fold(0, |word, bit| word | 1 << bit)
    }

    /// The codes that meet it, with their dictionary.
    pub(super) fn hits(&self) -> (&'q Dictionary, &Hits) {
        let codes = || codes_of(self.dictionary, self.asked.predicate, &self.sought);
        let hits = self.hits.get_or_init(codes);
        (self.dictionary, hits)
    }

    /// How many rows meet it, if that is known.
    pub(super) fn known_count(&self, rows: usize) -> Option<usize> {
        self.hits.get().map(|hits| hits.count(self.dictionary, rows))
    }
}

/// The codes of the texts that meet a predicate, which asks for what is sought: all are searched as one.
pub(super) fn codes_of(dictionary: &Dictionary, predicate: &Predicate, sought: &Sought) -> Hits {
    let (folds, length) = (dictionary.texts.folded(), dictionary.texts.len());
    // Code 0 is that of empty rows.
    let mut holds = Bits::none(length + 1);
    if let Some(ending) = sought.ending(folds) {
        Bits::met(length, &ending).ones().for_each(|number| holds.set(number + 1, true));
    } else {
        let mut next = 0;
        while let Some(number) = folds.find(sought, next) {
            holds.set(number + 1, true);
            next = number + 1;
        }
    }
    if !predicate.settle(true) {
        let mut others = Bits::all(length + 1);
        holds.ones().for_each(|code| others.set(code, false));
        holds = others;
    }
    holds.set(0, predicate.on_empty());
    Hits::new(&holds, length + 1)
}
