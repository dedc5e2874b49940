//! Plans of queries that were asked lately: clients ask the same ones again and again.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, PoisonError, RwLock};

use crate::filter::{Operand, Test, TextTest};
use crate::plan::Plan;

/// Plans kept at most.
const MOST: usize = 64;

/// Bytes of the longest query whose plan is kept.
const LONGEST: usize = 1024;

/// Plans by table and text. They are of one catalog: with another one begins anew.
#[derive(Debug)]
pub(super) struct Plans {
    slots: Box<[RwLock<Option<Known>>]>,
    hasher: RandomState,
}

#[derive(Debug)]
struct Known {
    table: String,
    text: String,
    plan: Arc<Plan>,
}

impl Plans {
    pub(super) fn new() -> Self {
        let slots = (0..MOST).map(|_| RwLock::default()).collect();
        Self { slots, hasher: RandomState::new() }
    }

    /// The plan that is kept.
    pub(super) fn known(&self, table: &str, text: &str) -> Option<Arc<Plan>> {
        let slot = self.slot(table, text)?.read().unwrap_or_else(PoisonError::into_inner);
        let known = slot.as_ref().filter(|known| known.text == text && known.table == table);
        known.map(|known| Arc::clone(&known.plan))
    }

    /// Keeps a plan in the place of another, unless it is large.
    pub(super) fn keep(&self, table: &str, text: &str, plan: &Arc<Plan>) {
        if text.len() > LONGEST || !is_small(plan) {
            return;
        }
        let Some(slot) = self.slot(table, text) else { return };
        let known = Known { table: table.into(), text: text.into(), plan: Arc::clone(plan) };
        *slot.write().unwrap_or_else(PoisonError::into_inner) = Some(known);
    }

    fn slot(&self, table: &str, text: &str) -> Option<&RwLock<Option<Known>>> {
        let hash = usize::try_from(self.hasher.hash_one((table, text)) % MOST as u64);
        self.slots.get(hash.ok()?)
    }
}

/// Whether a plan takes about as many bytes as its text.
fn is_small(plan: &Plan) -> bool {
    let mut groups = plan.filters().unwrap_or_default().iter().flat_map(|f| f.branches().flatten());
    plan.lookups().is_empty() && groups.all(|mut group| !group.any(is_large))
}

/// A compiled pattern may take millions of bytes; a search in all fields lists them.
fn is_large(test: &Test) -> bool {
    match test {
        Test::Value { predicate, .. } => {
            matches!(predicate.operand(), Operand::Text(TextTest::Glob(..) | TextTest::Regex(_)))
        }
        Test::AnyText { .. } => true,
        Test::Fields(_) | Test::Related(_) | Test::Change(_) => false,
    }
}
