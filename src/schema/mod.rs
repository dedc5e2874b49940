//! What tables and columns there are: names, types, references, documented facts.

mod catalog;
mod contact;
#[cfg(feature = "json")]
mod file;
mod path;

use std::borrow::Cow;

use hashbrown::HashTable;

use crate::value::FieldType;

pub(crate) use catalog::is_a;
pub use catalog::{Catalog, UnknownTable};
pub use contact::CONTACT_FIELDS;
#[cfg(feature = "json")]
pub use file::SchemaError;
#[cfg(feature = "json")]
pub(crate) use file::json_fault;
pub use path::FieldPath;

/// The field that names a record.
pub(crate) const SYS_ID: &str = "sys_id";

/// One column of a table.
///
/// Built in `const` context for the documented fields and at run time for custom ones:
///
/// ```
/// use encoded_query::{Field, FieldType};
///
/// let field = Field::new("u_region", FieldType::String).with_label("Region");
/// assert_eq!(field.name, "u_region");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field {
    /// The name queries use, such as `first_name`.
    pub name: Cow<'static, str>,
    /// What people call it, such as `First name`.
    pub label: Cow<'static, str>,
    /// How its values are read and compared.
    pub kind: FieldType,
    /// The table its sys_ids point to, for [`FieldType::Reference`].
    pub reference: Option<Cow<'static, str>>,
    /// Longest documented value, in characters. Never enforced.
    pub max_length: Option<u32>,
    /// Value of a new record that does not give one.
    pub default: Option<Cow<'static, str>>,
    /// The documented values, if they form a closed list.
    pub choices: Cow<'static, [Choice]>,
    /// Whether reading a record returns it.
    pub readable: bool,
    /// Whether creating a record accepts it.
    pub creatable: bool,
    /// What a query may ask of it.
    pub queryable: Queryable,
}

/// What a query may ask of a field. A field that may not be asked is treated as if it did not exist.
///
/// Source: Query ACLs, operations `query_match` and `query_range`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Queryable {
    /// Nothing.
    No,
    /// Whether it has a value that the asker knows: `=`, `IN`, `ISEMPTY` and their like.
    Match,
    /// Anything, parts of its text, order and sorting included.
    #[default]
    Range,
}

/// Whether reading a record returns a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Readable {
    /// It does.
    Yes,
    /// It does not.
    No,
}

/// One documented value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The stored text, such as `behind_less30`.
    pub value: Cow<'static, str>,
    /// Its meaning in words.
    pub label: Cow<'static, str>,
}

impl Field {
    /// A field that can be read and written and of which nothing more is documented; the label is
    /// the name.
    #[must_use]
    pub fn new(name: impl Into<Cow<'static, str>>, kind: FieldType) -> Self {
        let name = name.into();
        Self {
            label: name.clone(),
            name,
            kind,
            reference: None,
            max_length: None,
            default: None,
            choices: Cow::Borrowed(&[]),
            readable: true,
            creatable: true,
            queryable: Queryable::Range,
        }
    }

    /// A field whose sys_ids point to records of `table`.
    #[must_use]
    pub fn reference(
        name: impl Into<Cow<'static, str>>,
        table: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { reference: Some(table.into()), ..Self::new(name, FieldType::Reference) }
    }

    /// The same field under the label people read.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<Cow<'static, str>>) -> Self {
        self.label = label.into();
        self
    }
}

/// The columns of one table.
///
/// ```
/// use encoded_query::{Field, FieldType, Schema};
///
/// let schema = Schema::new("task", [Field::new("priority", FieldType::Integer)]);
/// assert_eq!(schema.field("priority").map(|field| field.kind), Some(FieldType::Integer));
/// assert!(schema.field("Priority").is_none()); // names are case-sensitive
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    table: String,
    extends: Option<String>,
    display: Option<String>,
    fields: Vec<Field>,
    by_name: ByName,
    /// The slots of fields with a default.
    defaults: Vec<usize>,
}

/// The slots of fields by the hashes of their names.
#[derive(Clone, Debug, Default)]
struct ByName(HashTable<u32>);

impl PartialEq for ByName {
    /// It says nothing that the fields do not.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for ByName {}

/// What tells nearly all names apart by a few instructions, eight bytes at a time. Names made to have one
/// hash cost as many comparisons as there are columns, and of those there are 10,000 at most.
fn hash(name: &str) -> u64 {
    // The digits of the golden ratio, as in the hash of rustc.
    let mixed = |hash: u64, eight: [u8; 8]| {
        (hash.rotate_left(5) ^ u64::from_le_bytes(eight)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    };
    let (eights, rest) = name.as_bytes().as_chunks::<8>();
    let whole = eights.iter().fold(name.len() as u64, |hash, eight| mixed(hash, *eight));
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    // The high bits are mixed best, and tables look at the low ones first.
    mixed(whole, last).rotate_left(26)
}

impl Schema {
    /// A table of the given name and fields. Of two fields with one name the first counts.
    pub fn new(table: impl Into<String>, fields: impl IntoIterator<Item = Field>) -> Self {
        let mut schema = Self { table: table.into(), ..Self::default() };
        for field in fields {
            schema.add(field);
        }
        schema
    }

    /// A table that extends another: it has the other's fields in the same slots, then its own, and
    /// the other's display field.
    ///
    /// ```
    /// use encoded_query::{Field, FieldType, Schema};
    ///
    /// let task = Schema::new("task", [Field::new("number", FieldType::String)]);
    /// let incident = Schema::extending(&task, "incident", [Field::new("severity", FieldType::Integer)]);
    /// assert_eq!(incident.slot("number"), task.slot("number"));
    /// assert_eq!(incident.extends(), Some("task"));
    /// ```
    pub fn extending(
        parent: &Self,
        table: impl Into<String>,
        fields: impl IntoIterator<Item = Field>,
    ) -> Self {
        let extends = Some(parent.table.clone());
        let mut schema = Self { table: table.into(), extends, ..parent.clone() };
        for field in fields {
            schema.add(field);
        }
        schema
    }

    /// The documented contact table, `customer_contact`: the 65 readable fields, shown by `name`.
    ///
    /// Source: Contact API, response elements of `GET /now/contact`.
    pub fn customer_contact() -> Self {
        let readable = CONTACT_FIELDS.iter().filter(|field| field.readable).cloned();
        Self::new("customer_contact", readable).with_display("name")
    }

    /// Names the field whose value stands for a record where one is shown or sorted by.
    #[must_use]
    pub fn with_display(mut self, field: impl Into<String>) -> Self {
        self.display = Some(field.into());
        self
    }

    /// Adds a field and returns its slot; if the name is taken, that field stays as it is.
    pub fn add(&mut self, field: Field) -> usize {
        if let Some(slot) = self.slot(&field.name) {
            return slot;
        }
        let slot = self.fields.len();
        let number = u32::try_from(slot).unwrap_or(u32::MAX);
        let hash_of = |slot: &u32| self.fields.get(*slot as usize).map_or(0, |f| hash(&f.name));
        self.by_name.0.insert_unique(hash(&field.name), number, hash_of);
        self.defaults.extend(field.default.as_ref().map(|_| slot));
        self.fields.push(field);
        slot
    }

    /// The name of the table.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The name of the table it extends.
    pub fn extends(&self) -> Option<&str> {
        self.extends.as_deref()
    }

    /// Sets whether reading a record returns a field, and what a query may ask of it. Without such a
    /// field nothing changes.
    pub fn restrict(&mut self, field: &str, queryable: Queryable, readable: Readable) {
        let slot = self.slot(field);
        if let Some(field) = slot.and_then(|slot| self.fields.get_mut(slot)) {
            field.queryable = queryable;
            field.readable = readable == Readable::Yes;
        }
    }

    /// Changes the type of the field in a slot.
    #[cfg(feature = "json")]
    pub(crate) fn retype(&mut self, slot: usize, kind: FieldType) {
        if let Some(field) = self.fields.get_mut(slot) {
            field.kind = kind;
        }
    }

    /// The name of the display field.
    pub fn display(&self) -> Option<&str> {
        self.display.as_deref()
    }

    /// All fields; a field's place here is its slot.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The slots of fields with a default, and that.
    #[cfg(feature = "api")]
    pub(crate) fn defaults(&self) -> impl Iterator<Item = (usize, &str)> {
        let default = |slot: &usize| Some((*slot, self.fields.get(*slot)?.default.as_deref()?));
        self.defaults.iter().filter_map(default)
    }

    /// The field of that exact name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.slot(name).and_then(|slot| self.fields.get(slot))
    }

    /// The place of the field of that exact name among [`fields`](Self::fields).
    pub fn slot(&self, name: &str) -> Option<usize> {
        let is_wanted =
            |slot: &u32| self.fields.get(*slot as usize).is_some_and(|field| field.name == name);
        self.by_name.0.find(hash(name), is_wanted).map(|slot| *slot as usize)
    }
}
