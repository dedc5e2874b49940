//! A filter as the column engine asks it: a way for each test, what narrows most for its cost first.

use std::ops::RangeInclusive;
use std::ptr;

use smallvec::SmallVec;

use super::narrow::narrow_to_any;
use super::sparse::Sparse;
use super::way::{Answer, Asking, Way};
use crate::bits::{WORD, count};
use crate::filter::Filter;
use crate::table::column::Numbers;

/// The branches of a filter.
#[derive(Debug)]
pub(super) struct Ways<'q>(pub(super) SmallVec<[Vec<Group<'q>>; 1]>);

/// Tests of which one must hold: with each its number in the filter.
#[derive(Debug)]
pub(super) struct Group<'q>(pub(super) SmallVec<[(usize, Way<'q>); 1]>);

impl<'q> Ways<'q> {
    pub(super) fn new(filter: &'q Filter, asking: &Asking<'q, '_>) -> Self {
        let rows = asking.table.rows();
        let mut number = 0;
        let mut way = |test| {
            number += 1;
            (number - 1, asking.way(test))
        };
        let mut branches: SmallVec<[Vec<Group<'q>>; 1]> = filter
            .branches()
            .map(|branch| branch.map(|group| Group(group.map(&mut way).collect())).collect())
            .collect();
        for branch in &mut branches {
            join(branch);
            for Group(ways) in &mut *branch {
                for (_, way) in &mut *ways {
                    if let Some(answer) = asking.numbers_in_order(way) {
                        *way = answer.into();
                    }
                }
                ways.sort_by_key(|(_, way)| way.cost());
            }
            if branch.len() > 1 {
                branch.sort_by_cached_key(|group| group.cost(rows));
            }
        }
        Self(branches)
    }

    /// Takes the rows out of `open`, from the word `at` on, that do not pass.
    pub(super) fn narrow(&self, at: usize, open: &mut [u64]) {
        if let [branch] = &*self.0 {
            for group in branch {
                group.narrow(at, open);
            }
            return;
        }
        let mut passed = vec![0; open.len()];
        for branch in &self.0 {
            let mut rest: Vec<u64> =
                open.iter().zip(&passed).map(|(open, passed)| open & !passed).collect();
            for group in branch {
                group.narrow(at, &mut rest);
            }
            passed.iter_mut().zip(rest).for_each(|(passed, rest)| *passed |= rest);
        }
        open.copy_from_slice(&passed);
    }

    /// The only test there is, those aside that are asked with it.
    pub(super) fn sole(&self) -> Option<&Way<'q>> {
        let [branch] = &*self.0 else { return None };
        let is_joined = |group: &&Group<'q>| matches!(&*group.0, [(_, way)] if way.is_joined());
        let mut groups = branch.iter().filter(|group| !is_joined(group));
        match (groups.next().map(|group| &*group.0), groups.next()) {
            (Some([(_, way)]), None) => Some(way),
            _ => None,
        }
    }

    /// Rows outside which none can pass, where they are known and few.
    pub(super) fn few(&self) -> Option<&Sparse> {
        let [branch] = &*self.0 else { return None };
        let known = branch.iter().filter_map(|Group(ways)| match &**ways {
            [(_, Way { answer: Answer::Rows(rows), exceptions: None })] => Some(rows),
            _ => None,
        });
        known.min_by_key(|rows| rows.places().len())
    }
}

/// Ranges of one column that must all be met are asked for as one.
fn join(mut branch: &mut [Group<'_>]) {
    while let Some((one, others)) = branch.split_first_mut() {
        if let Some((numbers, spans)) = one.spans() {
            for other in &mut *others {
                let spanned = other.spans().filter(|(of, _)| ptr::eq(*of, numbers));
                if let Some((_, further)) = spanned {
                    *spans = common(spans, further);
                    other.0.iter_mut().for_each(|(_, way)| *way = Answer::Joined.into());
                }
            }
        }
        branch = others;
    }
}

/// What lies in both of two lists of ranges, which are in order.
fn common(
    mut one: &[RangeInclusive<i64>],
    mut other: &[RangeInclusive<i64>],
) -> Vec<RangeInclusive<i64>> {
    let mut common = Vec::new();
    while let ([first, rest @ ..], [second, others @ ..]) = (one, other) {
        let both = *first.start().max(second.start())..=*first.end().min(second.end());
        if !both.is_empty() {
            common.push(both);
        }
        if first.end() < second.end() {
            one = rest;
        } else {
            other = others;
        }
    }
    common
}

impl<'q> Group<'q> {
    /// Its only test, if that asks for numbers in ranges, and nothing else meets it.
    fn spans(&mut self) -> Option<(&'q Numbers, &mut Vec<RangeInclusive<i64>>)> {
        let [(_, Way { answer, exceptions: None })] = &mut *self.0 else { return None };
        let Answer::Spans { numbers, spans, if_in: true, if_empty: false, .. } = answer else {
            return None;
        };
        Some((*numbers, spans))
    }
}

impl Group<'_> {
    pub(super) fn narrow(&self, at: usize, open: &mut [u64]) {
        narrow_to_any(self.0.iter().map(|(_, way)| way), at, open);
    }

    /// What it costs for each row that it rules out, by what is known or a sample of the rows.
    fn cost(&self, rows: usize) -> u64 {
        const CHEAP: u32 = 9;
        const UNKNOWN: u64 = 2;
        let cost: u32 = self.0.iter().map(|(_, way)| way.cost()).sum();
        let known = match &*self.0 {
            [(_, way)] => way.known_count(rows).map(|count| (count, rows)),
            _ => None,
        };
        let passing = known.or_else(|| (cost <= CHEAP).then(|| self.sample(rows)));
        let cost = u64::from(cost);
        passing.map_or(cost * UNKNOWN, |(passed, asked)| {
            let (passed, asked) = (passed as u64, asked as u64);
            (cost * asked).checked_div(asked.saturating_sub(passed)).unwrap_or(u64::MAX)
        })
    }

    /// Of some rows that are asked how many pass, and how many they are.
    fn sample(&self, rows: usize) -> (usize, usize) {
        const SAMPLES: usize = 16;
        let words = rows.div_ceil(WORD);
        let step = (words / SAMPLES).max(1);
        let passed = (0..words).step_by(step).map(|at| {
            let mut open = [u64::MAX];
            self.narrow(at, &mut open);
            count(&open)
        });
        (passed.sum(), words.div_ceil(step) * WORD)
    }
}
