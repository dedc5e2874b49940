//! Rows of equal value in the order of further keys, put so once that was asked for often.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use smallvec::SmallVec;

use crate::syntax::Direction;

/// Further keys: the slot of a column, what tells its values from later ones, and the direction.
pub(crate) type Further = SmallVec<[(usize, u64, Direction); 3]>;

/// Groups of rows, by the keys they were put in order by.
#[derive(Debug, Default)]
pub(crate) struct Refined(Mutex<Vec<Refinement>>);

#[derive(Debug)]
struct Refinement {
    further: Further,
    /// By the rank that the rows share.
    groups: HashMap<u32, Group>,
    /// Rows of all groups.
    held: usize,
}

#[derive(Debug)]
enum Group {
    /// How often it was asked for.
    Asked(u32),
    Sorted(Arc<[u32]>),
}

impl Refined {
    /// The rows of a rank in order, or nothing if it is not worth yet to `sort` them. Of several lists of
    /// keys the latest few are kept, of each no more than `most` rows.
    pub(crate) fn group(
        &self,
        rank: u32,
        further: &Further,
        most: usize,
        sort: impl FnOnce() -> Vec<u32>,
    ) -> Option<Arc<[u32]>> {
        /// Asking without them takes a part of the time that putting them in order does.
        const OFTEN: u32 = 8;
        let is_due =
            self.with(further, |known| match known.groups.entry(rank).or_insert(Group::Asked(0)) {
                Group::Sorted(rows) => Err(Some(Arc::clone(rows))),
                Group::Asked(often) if *often < OFTEN => {
                    *often += 1;
                    Err(None)
                }
                Group::Asked(_) => Ok(()),
            });
        if let Err(known) = is_due {
            return known;
        }
        // Others read meanwhile.
        let rows: Arc<[u32]> = sort().into();
        self.with(further, |known| {
            // Another may have been as fast.
            if let Some(Group::Sorted(_)) = known.groups.get(&rank) {
                return;
            }
            if known.held + rows.len() > most {
                known.groups.clear();
                known.held = 0;
            }
            known.held += rows.len();
            known.groups.insert(rank, Group::Sorted(Arc::clone(&rows)));
        });
        Some(rows)
    }

    /// What is known by some keys; nothing yet if a value of theirs changed.
    fn with<T>(&self, further: &Further, ask: impl FnOnce(&mut Refinement) -> T) -> T {
        const KEPT: usize = 4;
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let are_alike = |known: &Refinement| {
            let keys = |further: &Further| -> SmallVec<[(usize, Direction); 3]> {
                further.iter().map(|(slot, _, direction)| (*slot, *direction)).collect()
            };
            keys(&known.further) == keys(further)
        };
        let new = || Refinement { further: further.clone(), groups: HashMap::new(), held: 0 };
        let mut known = match all.iter().position(are_alike) {
            Some(place) => all.remove(place),
            None => new(),
        };
        if known.further != *further {
            known = new();
        }
        let answer = ask(&mut known);
        all.push(known);
        if all.len() > KEPT {
            all.remove(0);
        }
        answer
    }

    /// Bytes it takes up.
    pub(crate) fn size(&self) -> usize {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let groups = |known: &Refinement| known.groups.capacity() * size_of::<(u32, Group)>();
        all.iter().map(|known| known.held * size_of::<u32>() + groups(known)).sum()
    }
}
