//! The texts of one record by slot, in one piece of memory.

/// Texts by slot, each slot once: one after another, so that a record takes two pieces of memory and not one
/// for each text. Handed from thread to thread they cost little.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Packed {
    text: String,
    /// Slots, and where their texts end.
    ends: Vec<(usize, usize)>,
}

impl Packed {
    /// Room for so many texts of a usual length.
    pub(crate) fn with_capacity(count: usize) -> Self {
        Self { text: String::with_capacity(count * 16), ends: Vec::with_capacity(count) }
    }

    /// Adds the text of a slot that has none yet.
    pub(crate) fn push(&mut self, slot: usize, text: &str) {
        self.text.push_str(text);
        self.ends.push((slot, self.text.len()));
    }

    /// Slots and texts in the order they were added.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &str)> + Clone {
        let mut from = 0;
        self.ends.iter().map(move |(slot, end)| {
            let text = self.text.get(from..*end).unwrap_or_default();
            from = *end;
            (*slot, text)
        })
    }
}
