//! What the Table API shows of a record: which fields, and which of their values.

use std::borrow::Cow;

use super::parameters::{DISPLAY_VALUE, EXCLUDE_LINK, FIELDS, Parameters};
use super::write::{Cell, Shown};
use crate::calendar::Zone;
use crate::schema::{Catalog, Choice, Field, FieldPath, Schema};
use crate::table::Record;
use crate::value::{FieldType, ValueRef};

/// References followed in a name of `sysparm_fields` at most.
const STEPS: usize = 8;

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
    name: &'c str,
    path: FieldPath,
    field: &'c Field,
}

/// The fields to show, and how.
pub(super) struct Columns<'c> {
    columns: Vec<Column<'c>>,
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
    pub(super) fn new(
        catalog: &'c Catalog,
        schema: &'c Schema,
        parameters: &'c Parameters<'_>,
        links: &'c str,
        zone: Zone,
    ) -> Self {
        let values = match parameters.value(DISPLAY_VALUE) {
            Some(text) if text.eq_ignore_ascii_case("true") => Values::Displayed,
            Some(text) if text.eq_ignore_ascii_case("all") => Values::Both,
            _ => Values::Stored,
        };
        let has_links = !parameters.flag(EXCLUDE_LINK);
        let mut columns =
            Self { columns: Vec::new(), values, has_links, links, zone, unknown: Vec::new() };
        let names = parameters.value(FIELDS).unwrap_or_default().split(',').map(str::trim);
        for name in names.filter(|name| !name.is_empty()) {
            if columns.columns.iter().any(|column| column.name == name) {
                continue;
            }
            match column(catalog, schema, name) {
                Some(column) => columns.columns.push(column),
                None => columns.unknown.push(name),
            }
        }
        if columns.columns.is_empty() && columns.unknown.is_empty() {
            let all = schema.fields().iter().filter(|field| field.readable);
            columns.columns =
                all.filter_map(|field| column(catalog, schema, &field.name)).collect();
        }
        columns
    }

    /// The names of the fields.
    pub(super) fn names(&self) -> Vec<&'c str> {
        self.columns.iter().map(|column| column.name).collect()
    }

    /// The record with those fields.
    pub(super) fn of<'s>(&'s self, record: Record<'s>) -> Selected<'s> {
        Selected { columns: self, record }
    }

    fn cell<'s>(&'s self, column: &'s Column<'_>, record: Record<'s>) -> Cell<'s> {
        let stored = record.stored(&column.path).into_text().unwrap_or_default();
        let reference = column.field.reference.as_deref().filter(|_| !stored.is_empty());
        let link = reference.filter(|_| self.has_links);
        let link = link.map(|table| Cow::Owned(format!("{}{table}/{stored}", self.links)));
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
        match column.field.kind {
            FieldType::Reference => record.displayed(&column.path).into_text().unwrap_or_default(),
            FieldType::DateTime => match record.stored(&column.path).date_time() {
                Some(instant) => Cow::Owned(self.zone.clock(instant).to_string()),
                None => stored,
            },
            _ => label(&column.field.choices, &stored).map_or(stored, Cow::Borrowed),
        }
    }
}

/// A record with some of its fields.
pub(super) struct Selected<'s> {
    columns: &'s Columns<'s>,
    record: Record<'s>,
}

impl<'s> Shown<'s> for Selected<'s> {
    fn cells(self) -> impl Iterator<Item = Cell<'s>> {
        let (columns, record) = (self.columns, self.record);
        columns.columns.iter().map(move |column| columns.cell(column, record))
    }
}

/// The fields of a table that the Contact API shows.
pub(super) fn readable(schema: &Schema) -> Vec<&str> {
    schema.fields().iter().filter(|field| field.readable).map(|field| &*field.name).collect()
}

/// All readable fields as the Contact API shows them: each as its stored text.
impl<'t> Shown<'t> for Record<'t> {
    fn cells(self) -> impl Iterator<Item = Cell<'t>> {
        let fields = self.table().schema().fields().iter();
        let shown = self.values().zip(fields).filter(|(_, field)| field.readable);
        shown.map(|(value, _)| Cell::Value(value))
    }
}

fn label<'c>(choices: &'c [Choice], stored: &str) -> Option<&'c str> {
    choices.iter().find(|choice| choice.value == stored).map(|choice| &*choice.label)
}

/// The field a name means, through references if it has dots; each must be readable.
fn column<'c>(catalog: &'c Catalog, mut schema: &'c Schema, name: &'c str) -> Option<Column<'c>> {
    let readable = |schema: &'c Schema, name: &str| {
        let slot = schema.slot(name)?;
        let field = schema.fields().get(slot).filter(|field| field.readable)?;
        Some((u32::try_from(slot).ok()?, field))
    };
    let mut references = Vec::new();
    let mut last = name;
    if schema.field(name).is_none() {
        let mut steps = name.split('.');
        last = steps.next_back()?;
        for step in steps {
            let (slot, field) = readable(schema, step)?;
            schema = catalog.schema(field.reference.as_deref()?)?;
            references.push(slot);
        }
    }
    let (slot, field) = readable(schema, last)?;
    let path = FieldPath::through(name, &references, slot as usize)?;
    (references.len() <= STEPS).then_some(Column { name, path, field })
}
