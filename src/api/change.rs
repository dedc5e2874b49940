//! Changes of records: what is to be made of the tables, and what the journal is told of it.

use std::borrow::Cow;

use super::failure::Failure;
use super::store::table;
use crate::journal::Change;
use crate::schema::SYS_ID;
use crate::table::{Checked, Database, Packed};

/// Fields and their texts.
pub(super) type Fields = Vec<(Cow<'static, str>, Cow<'static, str>)>;

/// A record that its table does not have yet.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct New {
    pub(super) table: String,
    pub(super) values: Packed,
}

/// A change of one record.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Write {
    Insert(New),
    Update { table: String, sys_id: String, fields: Fields },
    Remove { table: String, sys_id: String },
}

/// What becomes of a record.
#[derive(Debug)]
pub(super) struct Outcome<'w> {
    table: &'w str,
    sys_id: &'w str,
    /// All its filled fields; `None` if it goes.
    fields: Option<Fields>,
}

impl New {
    /// The same with the name of its table, if that takes it.
    pub(super) fn check(&self, database: &Database) -> Result<(&str, Checked<'_>), Failure> {
        let checked = table(database, &self.table)?.check_new(&self.values);
        Ok((&self.table, checked.map_err(Failure::Record)?))
    }

    /// The same for one that was checked before, to which nothing happened since.
    pub(super) fn checked(&self) -> (&str, Checked<'_>) {
        (&self.table, Checked::New(&self.values))
    }

    pub(super) fn sys_id(&self, database: &Database) -> &str {
        let slot = database.table(&self.table).and_then(|table| table.schema().slot(SYS_ID));
        let id = self.values.iter().find(|(at, _)| Some(*at) == slot);
        id.map_or("", |(_, id)| id)
    }

    pub(super) fn outcome(&self, database: &Database) -> Outcome<'_> {
        let fields = database.table(&self.table).map_or(&[][..], |table| table.schema().fields());
        let filled = self.values.iter().filter(|(_, text)| !text.is_empty());
        let named = |(slot, text): (usize, &str)| {
            Some((fields.get(slot)?.name.clone(), text.to_owned().into()))
        };
        let fields: Fields = filled.filter_map(named).collect();
        Outcome { table: &self.table, sys_id: self.sys_id(database), fields: Some(fields) }
    }
}

impl Write {
    /// The change with the name of its table, if it can be made.
    pub(super) fn check(&self, database: &Database) -> Result<(&str, Checked<'_>), Failure> {
        match self {
            Self::Insert(new) => new.check(database),
            Self::Update { table: name, sys_id, fields } => {
                let fields = fields.iter().map(|(name, text)| (&**name, Cow::Borrowed(&**text)));
                let checked = table(database, name)?.check_update(sys_id, fields);
                Ok((name, checked.map_err(Failure::Record)?))
            }
            Self::Remove { table: name, sys_id } => {
                let checked = table(database, name)?.check_removal(sys_id);
                Ok((name, checked.map_err(|_| Failure::NoRecord)?))
            }
        }
    }

    pub(super) fn outcome(&self, database: &Database) -> Outcome<'_> {
        let (table, sys_id, changed) = match self {
            Self::Insert(new) => return new.outcome(database),
            Self::Remove { table, sys_id } => {
                return Outcome { table, sys_id, fields: None };
            }
            Self::Update { table, sys_id, fields } => (table, sys_id, fields),
        };
        let record = database.table(table).and_then(|table| table.record(sys_id));
        let mut all = record.map_or_else(Fields::new, |record| texts(record.texts()));
        all.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
        all.extend(changed.iter().filter(|(_, text)| !text.is_empty()).cloned());
        Outcome { table, sys_id, fields: Some(all) }
    }
}

impl Outcome<'_> {
    /// All its filled fields; none if it goes.
    pub(super) fn fields(&self) -> Vec<(&str, &str)> {
        self.fields.iter().flatten().map(|(name, text)| (&**name, &**text)).collect()
    }

    /// The change, with its filled fields.
    pub(super) fn change<'o>(&'o self, fields: &'o [(&'o str, &'o str)]) -> Change<'o> {
        let (table, sys_id) = (self.table, self.sys_id);
        match self.fields {
            Some(_) => Change::Put { table, sys_id, fields },
            None => Change::Remove { table, sys_id },
        }
    }
}

/// The filled fields of a record.
pub(super) fn texts<'t>(texts: impl Iterator<Item = (&'t str, Cow<'t, str>)>) -> Fields {
    let filled = texts.filter(|(_, text)| !text.is_empty());
    filled.map(|(name, text)| (name.to_owned().into(), text.into_owned().into())).collect()
}
