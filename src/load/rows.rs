//! Records on their way into a table: readers hand over one value after another.

use std::borrow::Cow;
use std::collections::HashMap;
use std::iter::successors;

use super::columns::{self, NewNames, push_some};
use super::fault::{Fault, Why};
use super::infer::Guess;
use super::place::places;
use super::{Columns, LoadError, LoadOptions, Loaded, Locate};
use crate::diagnostic::shown;
use crate::schema::{Field, SYS_ID, Schema};
use crate::table::{RecordError, Table};
use crate::value::{FieldType, Kind};

/// Fields that stand for a record, by custom, where no schema says which one does.
const USUAL_DISPLAY: [&str; 3] = ["name", "number", "short_description"];

/// Records between two tellings of progress.
const TELL_EVERY: usize = 1024;

/// A column of the data, by its place among those seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ColumnId(pub(super) usize);

struct Column {
    name: Box<str>,
    /// Where its values go; nowhere if it is left out.
    slot: Option<usize>,
    kind: FieldType,
    guess: Option<Guess>,
    is_id: bool,
    /// The reading of a record that gave it last.
    given: usize,
    /// The column that comes after it: members of records have one order, as a rule.
    next: ColumnId,
    unread: Option<Unread>,
}

/// Values of a column that its type does not read.
struct Unread {
    count: usize,
    /// Number of the first one's record.
    record: usize,
    at: usize,
    text: String,
}

struct Value<'d> {
    column: ColumnId,
    slot: usize,
    text: Cow<'d, str>,
    at: usize,
}

/// What is wrong with the record being read.
#[derive(Default)]
struct Faults {
    repeated: Vec<String>,
    wrong: Vec<String>,
    not_scalar: Vec<String>,
    /// Where the first value stands that is wrong.
    at: Option<usize>,
}

/// The table being made.
pub(super) struct Rows<'o, 'd> {
    options: &'o LoadOptions,
    new_names: NewNames,
    progress: &'o mut dyn FnMut(usize),
    table: Table,
    columns: Vec<Column>,
    by_name: HashMap<Box<str>, ColumnId>,
    has_too_many_columns: bool,
    /// Counts the readings of records; one may be read anew.
    reading: usize,
    previous: ColumnId,
    values: Vec<Value<'d>>,
    faults: Faults,
    /// Rows that get a sys_id in the end.
    unnamed: Vec<usize>,
}

impl<'o, 'd> Rows<'o, 'd> {
    pub(super) fn new(
        schema: Schema,
        options: &'o LoadOptions,
        new_names: NewNames,
        progress: &'o mut dyn FnMut(usize),
    ) -> Self {
        Self {
            options,
            new_names,
            progress,
            table: Table::new(schema),
            columns: Vec::new(),
            by_name: HashMap::new(),
            has_too_many_columns: false,
            reading: 0,
            previous: ColumnId(0),
            values: Vec::new(),
            faults: Faults::default(),
            unnamed: Vec::new(),
        }
    }

    /// The columns of the data in the order they appeared.
    pub(super) fn names(&self) -> Vec<&str> {
        self.columns.iter().map(|column| &*column.name).collect()
    }

    /// Number of the record being read, from 1.
    pub(super) fn number(&self) -> usize {
        self.table.len() + 1
    }

    /// Begins a record, or begins it again.
    pub(super) fn begin(&mut self) {
        self.reading += 1;
        self.values.clear();
        self.faults = Faults::default();
        self.previous = ColumnId(self.columns.len());
    }

    /// The column of that name, which the record being read gives.
    #[inline]
    pub(super) fn column(&mut self, name: &str) -> ColumnId {
        let guess = self.columns.get(self.previous.0).map_or(ColumnId(0), |column| column.next);
        let id = match self.columns.get(guess.0) {
            Some(column) if *column.name == *name => guess,
            _ => self.find(name),
        };
        if let Some(column) = self.columns.get_mut(id.0)
            && std::mem::replace(&mut column.given, self.reading) == self.reading
        {
            self.faults.repeated.push(format!("`{}` is given twice", shown(name)));
        }
        self.previous = id;
        id
    }

    /// Looks a few columns further, as records leave out members, then for the name.
    fn find(&mut self, name: &str) -> ColumnId {
        const FURTHER: usize = 8;
        let after = |id: &ColumnId| self.columns.get(id.0).map(|column| column.next);
        let begin = after(&self.previous).unwrap_or(ColumnId(0));
        let is_named =
            |id: &ColumnId| self.columns.get(id.0).is_some_and(|column| *column.name == *name);
        if let Some(id) = successors(Some(begin), after).take(FURTHER).find(is_named) {
            return id;
        }
        let id = match self.by_name.get(name) {
            Some(id) => *id,
            None => self.add(name),
        };
        if let Some(previous) = self.columns.get_mut(self.previous.0) {
            let after = std::mem::replace(&mut previous.next, id);
            if let Some(added) = self.columns.get_mut(id.0).filter(|column| column.given == 0) {
                added.next = after;
            }
        }
        id
    }

    /// Takes up a column that appears for the first time.
    fn add(&mut self, name: &str) -> ColumnId {
        let new_name = self.new_names.of(name).to_owned();
        let is_id = new_name == SYS_ID;
        let slot = self.table.schema().slot(&new_name);
        let is_new = slot.is_none();
        let slot = slot.or_else(|| self.add_field(&new_name));
        let field = slot.and_then(|slot| self.table.schema().fields().get(slot));
        let is_guessed = is_new && !is_id && self.options.columns == Columns::Infer;
        let column = Column {
            name: name.into(),
            slot,
            kind: field.map_or(FieldType::String, |field| field.kind),
            guess: is_guessed.then_some(Guess::ANY),
            is_id,
            given: 0,
            next: ColumnId(usize::MAX),
            unread: None,
        };
        let id = ColumnId(self.columns.len());
        self.columns.push(column);
        self.by_name.insert(name.into(), id);
        id
    }

    /// Gives the table a column, if it takes further ones; the slot of that.
    fn add_field(&mut self, name: &str) -> Option<usize> {
        if self.options.columns == Columns::Fixed {
            return None;
        }
        if self.table.schema().fields().len() >= columns::MOST {
            self.has_too_many_columns = true;
            return None;
        }
        let is_id = name == SYS_ID;
        let is_typed = is_id && self.options.columns == Columns::Infer;
        if is_id {
            // The records before have none.
            self.unnamed.extend(0..self.table.len());
        }
        let kind = if is_typed { FieldType::SysId } else { FieldType::String };
        self.table.add_field(Field::new(name.to_owned(), kind));
        self.table.schema().slot(name)
    }

    /// Whether the table cannot have all columns seen.
    #[cfg(feature = "csv")]
    pub(super) fn has_too_many_columns(&self) -> bool {
        self.has_too_many_columns
    }

    /// Takes a value of the record being read; `at` is where the reader says it stands.
    #[inline]
    pub(super) fn value(&mut self, column: ColumnId, text: Cow<'d, str>, at: usize) {
        let slot = self.columns.get(column.0).and_then(|column| column.slot);
        if let Some(slot) = slot.filter(|_| !text.is_empty()) {
            self.values.push(Value { column, slot, text, at });
        }
    }

    /// Whether a column names the records.
    pub(super) fn is_id(&self, column: ColumnId) -> bool {
        self.columns.get(column.0).is_some_and(|column| column.is_id)
    }

    fn quoted(&self, column: ColumnId) -> String {
        let name = self.columns.get(column.0).map_or("", |column| &column.name);
        format!("`{}`", shown(name))
    }

    /// Takes note of a value that a record cannot have.
    pub(super) fn wrong(&mut self, column: ColumnId, what: &str, at: usize) {
        self.faults.at.get_or_insert(at);
        let fault = format!("{}{what}", self.quoted(column));
        self.faults.wrong.push(fault);
    }

    /// Takes note of a value that is a list or an object.
    pub(super) fn not_scalar(&mut self, column: ColumnId, at: usize) {
        self.faults.at.get_or_insert(at);
        let name = self.quoted(column);
        self.faults.not_scalar.push(name);
    }

    /// Why the record being read cannot be one of the table.
    pub(super) fn refused(&self, message: String) -> Fault {
        Fault::Record { number: self.number(), at: None, why: Why::Said(message) }
    }

    /// Ends a record: it becomes one of the table, unless something is wrong with it.
    pub(super) fn end(&mut self, at: usize) -> Result<(), Fault> {
        let faults = std::mem::take(&mut self.faults);
        let wrong = faults.at;
        if let Some(message) = faults.message() {
            let (number, why) = (self.number(), Why::Said(message));
            return Err(Fault::Record { number, at: wrong, why });
        }
        if self.has_too_many_columns {
            return Err(LoadError::TooManyColumns.into());
        }
        if !self.options.make_sys_ids
            && let Some(first) = self.unnamed.first()
        {
            let why = Why::NotTaken(RecordError::MissingId);
            return Err(Fault::Record { number: first + 1, at: None, why });
        }
        let number = self.number();
        let mut has_id = false;
        for Value { column, text, at, .. } in &self.values {
            if let Some(column) = self.columns.get_mut(column.0) {
                has_id |= column.is_id;
                column.see(text, number, *at);
            }
        }
        let values = self.values.iter().map(|value| (value.slot, &*value.text));
        let is_named =
            has_id || !self.options.make_sys_ids || self.table.schema().slot(SYS_ID).is_none();
        let added = if is_named {
            self.table.append(values)
        } else {
            self.unnamed.push(number - 1);
            self.table.append_unnamed(values)
        };
        added.map_err(|error| Fault::Record { number, at: None, why: Why::NotTaken(error) })?;
        if number.is_multiple_of(TELL_EVERY) {
            (self.progress)(at);
        }
        Ok(())
    }

    /// The table and the notices; `locate` knows what the reader said of places in `text`.
    pub(super) fn finish(mut self, text: &str, locate: &Locate<'_>) -> Loaded {
        let mut notices = Vec::new();
        self.settle_types();
        self.make_sys_ids();
        if self.options.columns == Columns::Fixed {
            let unknown = self.columns.iter().filter(|column| column.slot.is_none());
            push_some(&mut notices, columns::left_out(unknown.map(|column| &*column.name)));
        }
        let names = self.names().into_iter();
        push_some(&mut notices, self.new_names.notices(names));
        if self.options.columns != Columns::Fixed {
            push_some(&mut notices, columns::unnameable(self.table.schema()));
            push_some(&mut notices, columns::alike(self.table.schema()));
        }
        notices.extend(self.unread(text, locate));
        (self.progress)(text.len());
        self.table.shrink_to_fit();
        Loaded { table: self.table, notices }
    }

    /// Gives the columns whose type is found out theirs.
    fn settle_types(&mut self) {
        let found = |column: &Column| {
            let kind = column.guess?.kind();
            Some((column.slot?, kind)).filter(|_| kind != FieldType::String)
        };
        let found: Vec<_> = self.columns.iter().filter_map(found).collect();
        if !found.is_empty() {
            self.table.retype(&found);
        }
        if self.options.columns == Columns::Infer && self.table.schema().display().is_none() {
            let schema = self.table.schema();
            let usual = USUAL_DISPLAY.into_iter().find(|name| schema.slot(name).is_some());
            if let Some(name) = usual {
                self.table.set_display(name);
            }
        }
    }

    /// Gives records without a sys_id one made from their number, so that it is the same each time.
    fn make_sys_ids(&mut self) {
        let mut next = 0_u128;
        for row in std::mem::take(&mut self.unnamed) {
            let id = loop {
                next += 1;
                let id = format!("{next:032x}");
                if !self.table.has(&id) {
                    break id;
                }
            };
            self.table.name(row, &id);
        }
    }

    /// A notice for each typed field that some values do not read as, in the order of the schema.
    fn unread<'c>(&'c self, text: &str, locate: &Locate<'_>) -> Vec<String> {
        let unread =
            |(index, column): (usize, &'c Column)| Some((index, column, column.unread.as_ref()?));
        let mut all: Vec<(usize, &Column, &Unread)> =
            self.columns.iter().enumerate().filter_map(unread).collect();
        all.sort_by_key(|(.., unread)| unread.at);
        let offset = |(index, _, unread): &(usize, &Column, &Unread)| locate(unread.at, *index);
        let offsets: Vec<usize> = all.iter().map(offset).collect();
        let mut all: Vec<_> = all.into_iter().zip(places(text, &offsets)).collect();
        all.sort_by_key(|((_, column, _), _)| column.slot);
        let notice = |((_, column, unread), place): &((usize, &Column, &Unread), _)| {
            let (kind, count, record) = (column.kind, unread.count, unread.record);
            let (name, text) = (shown(self.new_names.of(&column.name)), shown(&unread.text));
            format!(
                "`{name}`: values that do not read as {kind} and count as empty: {count}, the first in record {record}, {place}: `{text}`"
            )
        };
        all.iter().map(notice).collect()
    }
}

impl Column {
    fn see(&mut self, text: &str, record: usize, at: usize) {
        if let Some(guess) = &mut self.guess {
            guess.see(text);
        }
        if self.kind.kind() != Kind::Text && !self.kind.reads(text) {
            let first = || Unread { count: 0, record, at, text: text.to_owned() };
            self.unread.get_or_insert_with(first).count += 1;
        }
    }
}

impl Faults {
    fn message(mut self) -> Option<String> {
        let mut all = self.repeated;
        all.append(&mut self.wrong);
        if !self.not_scalar.is_empty() {
            all.push(format!("{} must be scalar", self.not_scalar.join(", ")));
        }
        (!all.is_empty()).then(|| all.join("; "))
    }
}
