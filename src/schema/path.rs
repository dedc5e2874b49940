//! Fields as queries name them, resolved.

use super::{Field, Schema};

/// A resolved field of a query: its name as written, and where its value stands.
///
/// A name with dots follows references: `account.parent.name` is a field of the record that the
/// record in `account` refers to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldPath {
    name: Box<str>,
    /// Slots of the references to follow, each in the table the one before it leads to.
    references: Box<[u32]>,
    /// Slot of the field in the table they lead to.
    slot: u32,
}

impl FieldPath {
    /// The field of that name in `schema`, if there is one.
    pub fn new(schema: &Schema, name: &str) -> Option<Self> {
        Self::with_field(schema, name).map(|(path, _)| path)
    }

    /// The same with what is known of the field.
    pub(crate) fn with_field<'s>(schema: &'s Schema, name: &str) -> Option<(Self, &'s Field)> {
        let slot = schema.slot(name)?;
        Some((Self::through(name, &[], slot)?, schema.fields().get(slot)?))
    }

    /// The field in `slot` of the table that the references lead to.
    pub(crate) fn through(name: &str, references: &[u32], slot: usize) -> Option<Self> {
        let slot = u32::try_from(slot).ok()?;
        Some(Self { name: name.into(), references: references.into(), slot })
    }

    /// The name as the query writes it.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The field's place in [`Schema::fields`], so that a row can answer by index; for a name that
    /// follows references a number beyond every place, so that such a row answers nothing.
    #[inline]
    pub fn slot(&self) -> usize {
        if self.references.is_empty() { self.slot as usize } else { usize::MAX }
    }

    /// Places of the references to follow, each in the table that the one before it leads to.
    pub fn references(&self) -> impl ExactSizeIterator<Item = usize> {
        self.references.iter().map(|slot| *slot as usize)
    }

    /// The field's place in the table that the references lead to, its own if there are none.
    #[inline]
    pub fn target_slot(&self) -> usize {
        self.slot as usize
    }
}
