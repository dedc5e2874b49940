//! Which way a test is answered, by what its columns hold.

use std::cell::OnceCell;

use super::hits::Hits;
use super::late::{Late, codes_of};
use super::search::Search;
use super::sparse::Sparse;
use super::way::{Answer, Asked, Asking, Way, Word};
use crate::bits::{Bits, WORD, low};
use crate::filter::{Comparison, FieldsTest, Predicate, Reading, Test, TextRange};
use crate::schema::{FieldPath, SYS_ID};
use crate::table::Entry;
use crate::table::column::{Dictionary, Ids, Own, Sought, Store, Texts};
use crate::value::{Kind, ValueRef};

impl<'q> Asking<'q, '_> {
    /// The way to answer a test.
    pub(super) fn way(&self, test: &'q Test) -> Way<'q> {
        match test {
            Test::Value { path, reading, predicate } if self.is_plain(path, *reading) => {
                match self.table.columns().get(path.slot()) {
                    Some(column) => self.of_values(path.slot(), Asked { column, predicate }),
                    None => self.of_records(test),
                }
            }
            Test::Value { path, .. } => self.of_entries(path, test),
            Test::Related(related) => self.of_entries(&related.path.0, test),
            Test::AnyText { paths, words } => self.of_words(paths, words),
            // A record alone does not know how it was before.
            Test::Change(_) => Answer::Never.into(),
            Test::Fields(fields) => {
                self.of_pairs(fields).map_or_else(|| self.of_records(test), Way::from)
            }
        }
    }

    /// Whether a value of the table itself is read, as it is stored.
    fn is_plain(&self, path: &FieldPath, reading: Reading) -> bool {
        let field = self.table.schema().fields().get(path.slot());
        field.is_some_and(|field| reading == Reading::Stored || field.reference.is_none())
    }

    fn of_values(&self, slot: usize, asked: Asked<'q>) -> Way<'q> {
        let Asked { column, predicate } = asked;
        let on_empty = predicate.on_empty();
        let answer = match column.store() {
            Store::Flags(typed) => {
                let if_is = |truth| predicate.matches(&ValueRef::Boolean(truth));
                let answers = [if_is(true), if_is(false), on_empty];
                let answer = Answer::Flags { filled: &typed.filled, flags: &typed.form, answers };
                return Way::except(answer, typed.odd.keys(), asked);
            }
            Store::Numbers(typed) => {
                let Some(spans) = predicate.spans(column.kind()) else {
                    return Answer::Values(asked).into();
                };
                let (filled, numbers) = (&typed.filled, &typed.form.numbers);
                let if_in = predicate.settle(true);
                let answer =
                    Answer::Spans { asked, filled, numbers, spans, if_in, if_empty: on_empty };
                return Way::except(answer, typed.odd.keys(), asked);
            }
            Store::Ids(typed) => match self.of_ids(slot, &typed.form, &typed.filled, predicate) {
                Some(answer) => return Way::except(answer, typed.odd.keys(), asked),
                None => Answer::Values(asked),
            },
            Store::Shared(dictionary) => self.of_dictionary(dictionary, asked),
            Store::Own(own) => return self.of_own(own, asked),
        };
        answer.into()
    }

    fn of_ids(
        &self,
        slot: usize,
        ids: &'q Ids,
        filled: &'q Bits,
        predicate: &'q Predicate,
    ) -> Option<Answer<'q>> {
        let (if_in, if_empty) = (predicate.settle(true), predicate.on_empty());
        if predicate.spans(Kind::Text).is_some() {
            return Some(Answer::Filled { filled, if_filled: if_in, if_empty });
        }
        let mut wanted = Vec::new();
        for range in predicate.text_ranges()? {
            let TextRange::Is(text) = range else { return None };
            wanted.extend(Ids::read(text));
        }
        wanted.sort_unstable();
        if self.table.schema().slot(SYS_ID) == Some(slot) && if_in && !if_empty {
            let number = |id: &u128| self.table.number(&format!("{id:032x}"));
            let rows = wanted.iter().filter_map(number);
            return Some(Answer::Rows(Sparse::of(
                rows.filter_map(|row| row.try_into().ok()).collect(),
            )));
        }
        Some(Answer::Ids { filled, ids, wanted, if_in, if_empty })
    }

    fn of_dictionary(&self, dictionary: &'q Dictionary, asked: Asked<'q>) -> Answer<'q> {
        if let Some(answer) = self.texts_in_order(asked) {
            return answer;
        }
        let Asked { column, predicate } = asked;
        let codes = column.entries();
        let (if_filled, if_empty) = (predicate.settle(true), predicate.on_empty());
        if predicate.spans(Kind::Text).is_some() && if_filled != if_empty {
            return Answer::Filled { filled: dictionary.filled(), if_filled, if_empty };
        }
        let sought = predicate.sought().and_then(|(folded, place)| Sought::new(folded, place));
        let Some(sought) = sought else {
            let hits = each_entry(codes, |entry| column.entry_value(entry), predicate);
            return Answer::of_codes(dictionary, Hits::new(&hits, codes));
        };
        if codes <= self.table.thresholds().searched {
            return Answer::of_codes(dictionary, codes_of(dictionary, predicate, &sought));
        }
        if self.is_nowhere(&sought, &dictionary.texts) {
            return if_nowhere(predicate, || dictionary.filled());
        }
        Answer::Late(Box::new(Late::new(dictionary, asked, sought)))
    }

    fn of_own(&self, own: &'q Own, asked: Asked<'q>) -> Way<'q> {
        let Asked { predicate, .. } = asked;
        if let Some(answer) = self.texts_in_order(asked) {
            return answer.into();
        }
        let filled = &own.filled;
        if predicate.spans(Kind::Text).is_some() {
            let (if_filled, if_empty) = (predicate.settle(true), predicate.on_empty());
            return Answer::Filled { filled, if_filled, if_empty }.into();
        }
        let sought = predicate.sought().and_then(|(folded, place)| Sought::new(folded, place));
        match sought {
            Some(sought) if self.is_nowhere(&sought, &own.texts) => {
                Way::except(if_nowhere(predicate, || filled), own.moved.keys(), asked)
            }
            Some(sought) => {
                let search = Box::new(Search::new(sought));
                let answer = Answer::Search { own, search, asked };
                Way::except(answer, own.moved.keys(), asked)
            }
            None => Answer::Values(asked).into(),
        }
    }

    /// Whether it is known without a search that no text holds what is sought.
    fn is_nowhere(&self, sought: &Sought, texts: &Texts) -> bool {
        texts.folded().lack(sought, self.table.thresholds().searches)
    }

    /// A test of a value that is the same for all rows with one entry in a column.
    fn of_entries(&self, path: &FieldPath, test: &'q Test) -> Way<'q> {
        let slot = path.references().next().unwrap_or(path.target_slot());
        let column = self.table.columns().get(slot);
        let Some((column, Store::Shared(dictionary))) =
            column.map(|column| (column, column.store()))
        else {
            return self.of_records(test);
        };
        let Self { tables, place, .. } = *self;
        let entry = |number| Entry { tables, place, slot, column, number };
        let entries = column.entries();
        let word = |from: usize| {
            let block: Vec<Entry<'q>> = (from..entries.min(from + WORD)).map(entry).collect();
            test.matching(&block, low(block.len()), self.found)
        };
        let hits: Bits = (0..entries).step_by(WORD).map(word).collect();
        Answer::of_codes(dictionary, Hits::new(&hits, entries)).into()
    }

    fn of_words(&self, paths: &'q [FieldPath], words: &'q [Predicate]) -> Way<'q> {
        // No word asks what lookups found.
        let Self { tables, table, place, .. } = *self;
        let asking = Asking { tables, table, place, found: &[], wishes: None };
        let word = |predicate| Word { asking, paths, predicate, chosen: OnceCell::new() };
        Answer::Words(words.iter().map(word).collect()).into()
    }

    /// The ways to find a word in some columns, what costs least first.
    pub(super) fn ways_of_word(
        &self,
        paths: &[FieldPath],
        predicate: &'q Predicate,
    ) -> Vec<Way<'q>> {
        let way = |path: &FieldPath| {
            let column = self.table.columns().get(path.slot())?;
            Some(self.of_values(path.slot(), Asked { column, predicate }))
        };
        let mut ways: Vec<Way<'q>> = paths.iter().filter_map(way).collect();
        ways.sort_by_key(Way::cost);
        ways
    }

    /// Two numbers, days or instants in order, where the columns hold nothing else.
    fn of_pairs(&self, test: &FieldsTest) -> Option<Answer<'q>> {
        let Comparison::Ordered(relation) = test.comparison else { return None };
        let lane = |path: &FieldPath| match self.table.columns().get(path.slot())?.store() {
            Store::Numbers(typed) if typed.odd.is_empty() => Some(typed),
            Store::Numbers(_)
            | Store::Shared(_)
            | Store::Own(_)
            | Store::Flags(_)
            | Store::Ids(_) => None,
        };
        let (left, right) = (lane(&test.left.0)?, lane(&test.right.0)?);
        let kinds =
            [test.left.1, test.right.1, left.form.counted.kind(), right.form.counted.kind()];
        let are_alike = kinds.iter().all(|kind| *kind == test.kind);
        are_alike.then_some(Answer::Pairs { left, right, relation, if_empty: test.on_empty })
    }

    fn of_records(&self, test: &'q Test) -> Way<'q> {
        let Self { tables, table, place, found, .. } = *self;
        Answer::Records { tables, table, place, test, found: found.into() }.into()
    }
}

/// The answer where no value has what a predicate seeks.
fn if_nowhere<'q>(predicate: &Predicate, filled: impl Fn() -> &'q Bits) -> Answer<'q> {
    match [!predicate.settle(true), predicate.on_empty()] {
        [false, false] => Answer::Never,
        [if_filled, if_empty] => Answer::Filled { filled: filled(), if_filled, if_empty },
    }
}

/// Asks the value of each entry.
fn each_entry<'v>(
    entries: usize,
    value: impl Fn(usize) -> ValueRef<'v>,
    predicate: &Predicate,
) -> Bits {
    let word = |from| predicate.matching(low(entries - from), |place| value(from + place));
    (0..entries).step_by(WORD).map(word).collect()
}

impl<'q> From<Answer<'q>> for Way<'q> {
    fn from(answer: Answer<'q>) -> Self {
        Self { answer, exceptions: None }
    }
}

impl<'q> Way<'q> {
    /// A way with rows whose values it does not see.
    fn except<'r>(
        answer: Answer<'q>,
        rows: impl ExactSizeIterator<Item = &'r u32>,
        asked: Asked<'q>,
    ) -> Self {
        let exceptions = (rows.len() > 0).then(|| (Sparse::of(rows.copied().collect()), asked));
        Self { answer, exceptions }
    }
}
