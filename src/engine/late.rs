//! Texts that rows may share, searched as one and no further than the rows asked about need.

use std::cell::{Cell, OnceCell, RefCell};

use super::hits::{Hits, HitsOf};
use super::narrow::each;
use super::way::Asked;
use crate::bits::{WORD, count, each_bit, narrow, ones};
use crate::filter::Predicate;
use crate::table::column::{Dictionary, Sought};

/// A test for a text that the texts of a dictionary hold: first rows mostly have first texts, so that a page
/// they fill is found by searching few.
#[derive(Debug)]
pub(super) struct Late<'q> {
    dictionary: &'q Dictionary,
    asked: Asked<'q>,
    sought: Sought,
    /// Rows that were asked one by one.
    rows: Cell<usize>,
    /// Of the codes up to that of the last text searched, 1 if they meet it.
    table: RefCell<Vec<u8>>,
    /// The codes that meet it, once all are known.
    hits: OnceCell<Hits>,
}

impl<'q> Late<'q> {
    pub(super) fn new(dictionary: &'q Dictionary, asked: Asked<'q>, sought: Sought) -> Self {
        let (rows, table, hits) = (Cell::new(0), RefCell::default(), OnceCell::new());
        Self { dictionary, asked, sought, rows, table, hits }
    }

    /// Takes the rows out of `open`, from the word `at` on, that do not meet it.
    pub(super) fn narrow(&self, at: usize, open: &mut [u64]) {
        let codes = &self.dictionary.codes;
        if let Some(hits) = self.hits.get() {
            return narrow(&hits.of(codes), at, open);
        }
        if open.iter().all(|open| *open == 0) {
            return;
        }
        let last = codes.greatest(at * WORD..(at + open.len()) * WORD) as usize;
        let searched = self.table.borrow().len().saturating_sub(1);
        if last > searched && self.asks_each(last - searched, open) {
            return each(at, open, |at, open| self.word(at, open));
        }
        let (to, all) = (last.next_multiple_of(WORD), self.dictionary.texts.len());
        if to >= all {
            return narrow(&self.hits().1.of(codes), at, open);
        }
        let mut table = self.table.borrow_mut();
        search(self.dictionary, self.asked.predicate, &self.sought, &mut table, to);
        narrow(&HitsOf::table(&table, codes), at, open);
    }

    /// Whether the candidates are to be asked one by one, rather than so many texts searched.
    fn asks_each(&self, texts: usize, candidates: &[u64]) -> bool {
        /// Texts that are searched in the time it takes to ask one row.
        const SEARCHED: usize = 16;
        let rows = self.rows.get() + count(candidates);
        let is_less = rows <= texts / SEARCHED;
        if is_less {
            self.rows.set(rows);
        }
        is_less
    }

    /// Asks the candidates among 64 rows one by one.
    fn word(&self, at: usize, candidates: u64) -> u64 {
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
        let all = || {
            let (dictionary, predicate) = (self.dictionary, self.asked.predicate);
            let mut table = self.table.take();
            search(dictionary, predicate, &self.sought, &mut table, dictionary.texts.len());
            Hits::of_table(table)
        };
        (self.dictionary, self.hits.get_or_init(all))
    }

    /// How many rows meet it, if that is known.
    pub(super) fn known_count(&self, rows: usize) -> Option<usize> {
        self.hits.get().map(|hits| hits.count(self.dictionary, rows))
    }
}

/// The codes of the texts that meet a predicate, which asks for what is sought.
pub(super) fn codes_of(dictionary: &Dictionary, predicate: &Predicate, sought: &Sought) -> Hits {
    let mut table = Vec::new();
    search(dictionary, predicate, sought, &mut table, dictionary.texts.len());
    Hits::of_table(table)
}

/// Goes on with a search of a dictionary's texts as one: of the first `to`, which are all or whole words.
///
/// `table` has 1 for each code that meets the predicate: of those of the texts searched before, then of these.
fn search(
    dictionary: &Dictionary,
    predicate: &Predicate,
    sought: &Sought,
    table: &mut Vec<u8>,
    to: usize,
) {
    let (folds, if_held) = (dictionary.texts.folded(), predicate.settle(true));
    if table.is_empty() {
        // Code 0 is that of empty rows.
        table.push(u8::from(predicate.on_empty()));
    }
    let from = table.len() - 1;
    if from >= to {
        return;
    }
    table.resize(to + 1, u8::from(!if_held));
    let mut hit = |number: usize| {
        if let Some(met) = table.get_mut(number + 1) {
            *met = u8::from(if_held);
        }
    };
    if let Some(ending) = sought.ending(folds) {
        let mut words = vec![u64::MAX; (to - from).div_ceil(WORD)];
        narrow(&ending, from / WORD, &mut words);
        ones(&words).for_each(|number| hit(from + number));
    } else {
        let mut next = from;
        while let Some(number) = folds.find(sought, next..to) {
            hit(number);
            next = number + 1;
        }
    }
}
