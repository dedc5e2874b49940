//! What the Table API shows of a record: which fields, and which of their values.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashSet;

use super::failure::{Failure, malformed};
use super::link::part;
use super::media::Format;
use super::parameters::{DISPLAY_VALUE, EXCLUDE_LINK, FIELDS, Parameters};
use super::write::{Cell, View};
use super::written::{Memory, Written};
use crate::calendar::Zone;
use crate::schema::{Catalog, Choice, Field, FieldPath, Schema};
use crate::table::Record;
use crate::value::{FieldType, ValueRef};

/// References followed in a name of `sysparm_fields` at most.
const STEPS: usize = 8;

/// Names in `sysparm_fields` at most: a name with dots may be one of very many.
const MOST: usize = 1000;

/// Which values of fields are shown.
///
/// Source: Table API, `sysparm_display_value`.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Values {
    Stored,
    Displayed,
    Both,
}

/// A field that is shown.
struct Column<'c> {
    path: FieldPath,
    field: &'c Field,
    /// What a link to the record it refers to begins with.
    link: Option<String>,
    /// Whether what stands for the record it leads to may be shown.
    has_display: bool,
}

/// The fields to show, and how.
pub(super) struct Columns<'c> {
    names: Vec<&'c str>,
    shown: Vec<Column<'c>>,
    values: Values,
    has_links: bool,
    /// What a link begins with, up to the name of the table.
    links: &'c str,
    zone: Zone,
    /// Names that were asked for and mean no field.
    pub(super) unknown: Vec<&'c str>,
}

impl<'c> Columns<'c> {
    /// Those the parameters ask for; all readable ones of the table if they name none.
    ///
    /// # Errors
    /// If they name too many.
    pub(super) fn new(
        catalog: &'c Catalog,
        schema: &'c Schema,
        parameters: &'c Parameters<'_>,
        links: &'c str,
        zone: Zone,
    ) -> Result<Self, Failure> {
        let values = match parameters.value(DISPLAY_VALUE) {
            Some(text) if text.eq_ignore_ascii_case("true") => Values::Displayed,
            Some(text) if text.eq_ignore_ascii_case("all") => Values::Both,
            _ => Values::Stored,
        };
        let has_links = !parameters.flag(EXCLUDE_LINK);
        let (names, shown, unknown) = (Vec::new(), Vec::new(), Vec::new());
        let mut columns = Self { names, shown, values, has_links, links, zone, unknown };
        let names = parameters.value(FIELDS).unwrap_or_default().split(',').map(str::trim);
        let mut asked = HashSet::new();
        for name in names.filter(|name| !name.is_empty()) {
            if !asked.insert(name) {
                continue;
            }
            if asked.len() > MOST {
                let detail = format!("{FIELDS} names over {MOST} fields");
                return Err(malformed("Too many fields", detail));
            }
            match column(catalog, schema, name) {
                Some((path, field)) => columns.add(catalog, name, path, field),
                None => columns.unknown.push(name),
            }
        }
        if columns.shown.is_empty() && columns.unknown.is_empty() {
            let visible = Visible::new(catalog, schema);
            for slot in 0..schema.fields().len() {
                let Some(field) = visible.field(slot) else { continue };
                if let Some(path) = FieldPath::through(&field.name, &[], slot) {
                    columns.add(catalog, &field.name, path, field);
                }
            }
        }
        Ok(columns)
    }

    fn add(&mut self, catalog: &Catalog, name: &'c str, path: FieldPath, field: &'c Field) {
        let reference = field.reference.as_deref();
        let link = reference.filter(|_| self.has_links);
        let link = link.map(|table| format!("{}{}/", self.links, part(table)));
        let target = reference.and_then(|table| catalog.schema(table));
        let has_display = target.is_none_or(|target| Visible::new(catalog, target).has_display());
        self.names.push(name);
        self.shown.push(Column { path, field, link, has_display });
    }

    fn cell<'s>(&'s self, column: &'s Column<'_>, record: Record<'s>) -> Cell<'s> {
        let stored = record.stored(&column.path);
        if self.values == Values::Stored && column.link.is_none() {
            return Cell::Value(stored);
        }
        let stored = stored.into_text().unwrap_or_default();
        let link = column.link.as_deref().filter(|_| !stored.is_empty());
        let link = link.map(|link| {
            let mut link = link.to_owned();
            link.extend(part(&stored));
            Cow::Owned(link)
        });
        let shown = |stored: Cow<'s, str>| self.displayed(column, record, stored);
        let parts = match (self.values, link) {
            (Values::Stored, None) => return Cell::Value(ValueRef::Text(stored)),
            (Values::Displayed, None) => return Cell::Value(ValueRef::Text(shown(stored))),
            (Values::Stored, Some(link)) => vec![("link", link), ("value", stored)],
            (Values::Displayed, Some(link)) => {
                vec![("display_value", shown(stored)), ("link", link)]
            }
            (Values::Both, None) => {
                vec![("display_value", shown(stored.clone())), ("value", stored)]
            }
            (Values::Both, Some(link)) => {
                vec![("display_value", shown(stored.clone())), ("link", link), ("value", stored)]
            }
        };
        Cell::Parts(parts)
    }

    /// What people read instead of a stored text.
    ///
    /// Source: Table API, `sysparm_display_value`; instants are in the zone of the server.
    fn displayed<'s>(
        &'s self,
        column: &'s Column<'_>,
        record: Record<'s>,
        stored: Cow<'s, str>,
    ) -> Cow<'s, str> {
        let instant = record.stored(&column.path).date_time();
        match (column.field.kind, instant) {
            (FieldType::Reference, _) if !column.has_display => stored,
            (FieldType::Reference, _) => {
                record.displayed(&column.path).into_text().unwrap_or_default()
            }
            (FieldType::DateTime, Some(instant)) => {
                Cow::Owned(self.zone.clock(instant).to_string())
            }
            _ => label(&column.field.choices, &stored).map_or(stored, Cow::Borrowed),
        }
    }
}

impl View for Columns<'_> {
    fn names(&self) -> &[&str] {
        &self.names
    }

    fn cells<'s>(&'s self, record: Record<'s>) -> impl Iterator<Item = Cell<'s>> {
        self.shown.iter().map(move |column| self.cell(column, record))
    }
}

/// The fields that may be shown of the records of a table, each as its stored text: what the Contact API
/// shows. A record of a table that extends it shows those too, with which it begins.
pub(super) struct Whole<'c> {
    catalog: &'c Catalog,
    schema: &'c Schema,
    /// Found when a record has to be written.
    fields: OnceCell<Fields<'c>>,
    written: Option<&'c Written>,
}

struct Fields<'c> {
    names: Vec<&'c str>,
    /// Of each slot of the table, whether it is shown.
    is_shown: Vec<bool>,
}

impl<'c> Whole<'c> {
    pub(super) fn new(catalog: &'c Catalog, schema: &'c Schema) -> Self {
        Self { catalog, schema, fields: OnceCell::new(), written: None }
    }

    /// The same, with the records that were written before. They have to be of this view.
    pub(super) fn with(mut self, written: &'c Written) -> Self {
        self.written = Some(written);
        self
    }

    fn fields(&self) -> &Fields<'c> {
        self.fields.get_or_init(|| {
            let (visible, fields) = (Visible::new(self.catalog, self.schema), self.schema.fields());
            let is_shown: Vec<bool> =
                (0..fields.len()).map(|slot| visible.field(slot).is_some()).collect();
            let shown = fields.iter().zip(&is_shown).filter(|(_, is_shown)| **is_shown);
            Fields { names: shown.map(|(field, _)| &*field.name).collect(), is_shown }
        })
    }
}

impl View for Whole<'_> {
    fn names(&self) -> &[&str] {
        &self.fields().names
    }

    fn cells<'s>(&'s self, record: Record<'s>) -> impl Iterator<Item = Cell<'s>> {
        let shown = record.values().zip(&self.fields().is_shown);
        shown.filter(|(_, is_shown)| **is_shown).map(|(value, _)| Cell::Value(value))
    }

    fn memory(&self, record: Record<'_>, format: Format) -> Memory<'_> {
        self.written.map_or(Memory::NONE, |written| written.memory(record, format))
    }
}

/// The fields of a table that may be shown: in the table and in those that extend it, whose records are
/// among its own.
pub(super) struct Visible<'c> {
    schema: &'c Schema,
    extending: Vec<&'c Schema>,
}

impl<'c> Visible<'c> {
    pub(super) fn new(catalog: &'c Catalog, schema: &'c Schema) -> Self {
        let others = catalog.extending(schema.table());
        Self { schema, extending: others.filter(|other| other.table() != schema.table()).collect() }
    }

    /// The field in a slot.
    fn field(&self, slot: usize) -> Option<&'c Field> {
        let is_shown = |schema: &&Schema| schema.fields().get(slot).is_none_or(|of| of.readable);
        let field = self.schema.fields().get(slot).filter(|field| field.readable)?;
        self.extending.iter().all(is_shown).then_some(field)
    }

    /// The slot and the field of that name.
    pub(super) fn named(&self, name: &str) -> Option<(usize, &'c Field)> {
        let slot = self.schema.slot(name)?;
        Some((slot, self.field(slot)?))
    }

    /// Whether the field by which records are shown is one of them, or there is none.
    fn has_display(&self) -> bool {
        let is_shown = |schema: &&Schema| {
            let display = schema.display().and_then(|name| schema.field(name));
            display.is_none_or(|field| field.readable)
        };
        is_shown(&self.schema) && self.extending.iter().all(is_shown)
    }
}

fn label<'c>(choices: &'c [Choice], stored: &str) -> Option<&'c str> {
    choices.iter().find(|choice| choice.value == stored).map(|choice| &*choice.label)
}

/// The field a name means, through references if it has dots; each may be shown.
fn column<'c>(
    catalog: &'c Catalog,
    schema: &'c Schema,
    name: &'c str,
) -> Option<(FieldPath, &'c Field)> {
    let mut visible = Visible::new(catalog, schema);
    let mut references = Vec::new();
    let mut last = name;
    if schema.field(name).is_none() {
        let mut steps = name.split('.');
        last = steps.next_back()?;
        for (number, step) in steps.enumerate() {
            if number == STEPS {
                return None;
            }
            let (slot, field) = visible.named(step)?;
            visible = Visible::new(catalog, catalog.schema(field.reference.as_deref()?)?);
            references.push(u32::try_from(slot).ok()?);
        }
    }
    let (slot, field) = visible.named(last)?;
    Some((FieldPath::through(name, &references, slot)?, field))
}
