//! Several tables whose records refer to one another.

use std::sync::OnceLock;

use thiserror::Error;

use super::record::Holding;
use super::{RecordsMut, Table};
use crate::diagnostic::shown;
use crate::schema::{Catalog, Field};

/// Tables with the catalog of their schemas.
///
/// ```
/// use encoded_query::{Binder, Database, Field, FieldType, OnInvalid, PageRequest, Plan, Query, Schema, Table};
///
/// let account = Schema::new("account", [
///     Field::new("sys_id", FieldType::SysId),
///     Field::new("city", FieldType::String),
/// ]);
/// let mut accounts = Table::new(account);
/// accounts.push([("sys_id", "a1".into()), ("city", "Oslo".into())])?;
/// let mut contacts = Table::new(Schema::new("contact", [
///     Field::new("sys_id", FieldType::SysId),
///     Field::reference("account", "account"),
/// ]));
/// contacts.push([("sys_id", "c1".into()), ("account", "a1".into())])?;
/// let database = Database::new([contacts, accounts])?;
///
/// let binder = Binder::new(database.catalog(), "contact")?;
/// let plan = Plan::new(binder.bind(&Query::parse("account.city=oslo")), OnInvalid::Forbid)?;
/// assert_eq!(plan.run(&database, PageRequest::default()).records.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Database {
    tables: Vec<Table>,
    catalog: Catalog,
    /// For each field of each table the record that each of its values leads to, found when first
    /// asked for.
    links: Vec<Box<[Links]>>,
}

/// Why tables make no database.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DatabaseError {
    /// Two have one name.
    #[error("the table `{}` is given twice", shown(.0))]
    Repeated(String),
    /// There is none of that name.
    #[error("there is no table `{}`", shown(.0))]
    Unknown(String),
    /// A table does not begin with the fields of the one it extends, in their order, leading where they
    /// do.
    #[error(
        "the table `{}` does not begin with the fields of `{}`, which it extends",
        shown(table),
        shown(parent)
    )]
    NotExtending {
        /// The table.
        table: String,
        /// The table it extends.
        parent: String,
    },
}

/// Where each value of a field leads, by its entry in the column, once it was asked for.
type Links = OnceLock<Box<[Link]>>;

/// A database of that table alone.
impl From<Table> for Database {
    fn from(table: Table) -> Self {
        let mut database = Self { catalog: table.schema().clone().into(), ..Self::default() };
        database.tables.push(table);
        database.forget_all_links();
        database
    }
}

/// A row of a table of the database; [`Link::NOWHERE`] if there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Link {
    place: u32,
    row: u32,
}

impl Link {
    const NOWHERE: Self = Self { place: u32::MAX, row: u32::MAX };
}

impl Database {
    /// A database of those tables.
    ///
    /// # Errors
    /// If two have one name, or one does not begin with the fields of another that it extends.
    pub fn new(tables: impl IntoIterator<Item = Table>) -> Result<Self, DatabaseError> {
        let mut database = Self::default();
        for table in tables {
            let name = table.schema().table();
            if database.table(name).is_some() {
                return Err(DatabaseError::Repeated(name.to_owned()));
            }
            database.catalog.add(table.schema().clone());
            database.tables.push(table);
        }
        database.check_extending()?;
        database.forget_all_links();
        Ok(database)
    }

    /// The schemas of its tables, and no others: what queries can be bound to.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// All tables, in the order they were given.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// The tables alone, in the order they were given.
    pub fn into_tables(self) -> Vec<Table> {
        self.tables
    }

    /// The table of that name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.find(name).map(|(_, table)| table)
    }

    /// Changes a table, its schema or its records; where these alone change, see
    /// [`records_mut`](Self::records_mut).
    ///
    /// # Errors
    /// If there is none of that name, or if it no longer has the fields that tables which extend it
    /// begin with. Nothing is changed then.
    pub fn update<T>(
        &mut self,
        name: &str,
        change: impl FnOnce(&mut Table) -> T,
    ) -> Result<T, DatabaseError> {
        let unknown = || DatabaseError::Unknown(name.to_owned());
        // Before too, as the change may not come to its end.
        self.forget_links(name);
        let is_extended = self.tables.iter().any(|table| table.schema().extends() == Some(name));
        let place = self.tables.iter().position(|table| table.schema().table() == name);
        let table = place.and_then(|place| self.tables.get_mut(place)).ok_or_else(unknown)?;
        let had = table.schema().clone();
        let before = (is_extended || table.schema().extends().is_some()).then(|| table.clone());
        let answer = change(table);
        if let (Err(error), Some(before)) = (self.check_extending(), before) {
            if let Some(table) = place.and_then(|place| self.tables.get_mut(place)) {
                *table = before;
            }
            return Err(error);
        }
        if self.table(name).is_none_or(|table| *table.schema() != had) {
            self.catalog = self.tables.iter().map(|table| table.schema().clone()).collect();
        }
        match self.table(name) {
            Some(_) => self.forget_links(name),
            // It was made another.
            None => self.forget_all_links(),
        }
        Ok(answer)
    }

    /// The records of a table, to be changed, but nothing of its schema; nothing if there is no such table.
    ///
    /// It takes only the time of the changes, where [`update`](Self::update) keeps a copy of a table that
    /// extends another, or is extended, until it is clear that the two still suit each other.
    ///
    /// ```
    /// use encoded_query::{Database, Field, FieldType, Schema, Table};
    ///
    /// let fields = [Field::new("sys_id", FieldType::SysId), Field::new("city", FieldType::String)];
    /// let mut database = Database::from(Table::new(Schema::new("account", fields)));
    /// let mut accounts = database.records_mut("account").unwrap();
    /// accounts.push([("sys_id", "a1".into()), ("city", "Oslo".into())])?;
    /// accounts.update("a1", [("city", "Bergen".into())])?;
    /// assert_eq!(database.table("account").unwrap().query("city=bergen").records.len(), 1);
    /// # Ok::<(), encoded_query::RecordError>(())
    /// ```
    pub fn records_mut(&mut self, name: &str) -> Option<RecordsMut<'_>> {
        let (place, _) = self.find(name)?;
        self.forget_links(name);
        self.tables.get_mut(place as usize).map(RecordsMut)
    }

    /// Changes records of a table and nothing of its schema; nothing if there is no such table.
    #[cfg(feature = "api")]
    pub(crate) fn change<T>(
        &mut self,
        name: &str,
        change: impl FnOnce(&mut Table) -> T,
    ) -> Option<T> {
        self.records_mut(name).map(|records| change(records.0))
    }

    /// A record of a table that extends another is asked for that one's fields by their places.
    fn check_extending(&self) -> Result<(), DatabaseError> {
        for schema in self.tables.iter().map(Table::schema) {
            let parent = schema.extends().and_then(|parent| self.table(parent)).map(Table::schema);
            let Some(parent) = parent else { continue };
            let leads_alike =
                |own: &Field, theirs: &Field| match (&own.reference, &theirs.reference) {
                    (Some(own), Some(theirs)) => own == theirs || self.catalog.is_a(own, theirs),
                    (own, theirs) => own.is_none() && theirs.is_none(),
                };
            let is_alike = |(own, theirs): (&Field, &Field)| {
                own.name == theirs.name && own.kind == theirs.kind && leads_alike(own, theirs)
            };
            let (own, theirs) = (schema.fields(), parent.fields());
            if own.len() < theirs.len() || !own.iter().zip(theirs).all(is_alike) {
                let (table, parent) = (schema.table().to_owned(), parent.table().to_owned());
                return Err(DatabaseError::NotExtending { table, parent });
            }
        }
        Ok(())
    }

    /// The table of that name, then those that extend it.
    pub(super) fn holding(&self, name: &str) -> Holding<'_> {
        let is_other = |table: &Table| {
            let other = table.schema().table();
            other != name && self.catalog.is_a(other, name)
        };
        let others = (0..).zip(&self.tables).filter(|(_, table)| is_other(table));
        self.find(name).into_iter().chain(others).collect()
    }

    pub(super) fn find(&self, name: &str) -> Option<(u32, &Table)> {
        (0..).zip(&self.tables).find(|(_, table)| table.schema().table() == name)
    }

    /// The record that an entry of the column in a slot of the table at `place` leads to.
    #[inline]
    pub(super) fn follow(
        &self,
        place: u32,
        slot: usize,
        entry: usize,
    ) -> Option<(u32, &Table, usize)> {
        let links = self.links.get(place as usize)?.get(slot)?;
        let links = links.get_or_init(|| self.links_of(place, slot));
        let link = links.get(entry).filter(|link| **link != Link::NOWHERE)?;
        Some((link.place, self.tables.get(link.place as usize)?, link.row as usize))
    }

    /// Where the references in a slot lead: to the table they name, or to one that extends it.
    fn links_of(&self, place: u32, slot: usize) -> Box<[Link]> {
        let table = self.tables.get(place as usize);
        let field = table.and_then(|table| table.schema().fields().get(slot));
        let reference = field.and_then(|field| field.reference.as_deref());
        let targets = reference.map_or_else(Holding::new, |reference| self.holding(reference));
        let Some(column) = table.and_then(|table| table.columns().get(slot)) else {
            return Box::default();
        };
        let link = |entry| {
            let id = column.entry_value(entry).into_text()?;
            let find = |(place, target): &(u32, &Table)| {
                Some(Link { place: *place, row: u32::try_from(target.number(&id)?).ok()? })
            };
            targets.iter().find_map(find)
        };
        (0..column.entries()).map(|entry| link(entry).unwrap_or(Link::NOWHERE)).collect()
    }

    fn forget_all_links(&mut self) {
        let slots =
            |table: &Table| table.schema().fields().iter().map(|_| OnceLock::new()).collect();
        self.links = self.tables.iter().map(slots).collect();
    }

    /// Forgets where references lead that a change of a table may lead elsewhere: its own, and those
    /// to it.
    fn forget_links(&mut self, changed: &str) {
        for (table, links) in self.tables.iter().zip(&mut self.links) {
            let fields = table.schema().fields();
            if links.len() != fields.len() {
                let mut kept = std::mem::take(links).into_vec();
                kept.resize_with(fields.len(), OnceLock::new);
                *links = kept.into();
            }
            let is_changed = table.schema().table() == changed;
            let catalog = &self.catalog;
            let leads_there = |field: &Field| {
                let reference = field.reference.as_deref();
                reference.is_some_and(|to| to == changed || catalog.is_a(changed, to))
            };
            let known = fields.iter().zip(links).filter(|(_, links)| links.get().is_some());
            for (_, links) in known.filter(|(field, _)| is_changed || leads_there(field)) {
                *links = OnceLock::new();
            }
        }
    }
}
