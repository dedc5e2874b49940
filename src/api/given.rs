//! New and changed records: what a body gives, what the server sets.

use std::borrow::Cow;

use super::change::Fields;
use super::failure::{Failure, malformed};
use crate::bits::Bits;
use crate::diagnostic::{push_visible, shown};
use crate::load::{Member, body};
use crate::schema::{Field, SYS_ID, Schema};
use crate::table::Packed;
use crate::value::DateTime;

/// What the body of a request gives.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Given {
    pub(super) fields: Fields,
    /// Names of the members that are ignored.
    pub(super) ignored: Vec<String>,
}

impl Given {
    /// Reads a body: the members that `accepts` takes, by name, and the names of the others.
    ///
    /// Source: Contact API page, "If a request parameter is misspelled, is not valid, or is not supported
    /// by the endpoint, it is ignored without warning"; that they are named is our choice.
    pub(super) fn read(data: &[u8], accepts: impl Fn(&str) -> bool) -> Result<Self, Failure> {
        let fault = |detail: String| malformed("Exception while reading request", detail);
        if data.is_empty() {
            return Err(fault("The payload is empty; send a JSON object of fields".into()));
        }
        let members = body(data);
        let members =
            members.map_err(|error| fault(format!("The payload does not read: {error}")))?;
        let mut given = Self::default();
        for (name, value) in members {
            match value {
                Member::Text(text) if accepts(&name) => {
                    given.fields.push((name.into(), text.into()));
                }
                Member::Text(_) | Member::NotScalar => given.ignored.push(name),
            }
        }
        Ok(given)
    }

    /// Takes a field out.
    pub(super) fn take(&mut self, name: &str) -> Option<Cow<'static, str>> {
        let place = self.fields.iter().position(|(given, _)| given == name)?;
        Some(self.fields.swap_remove(place).1)
    }

    /// The names of what is ignored, as a header may hold them.
    pub(super) fn ignored(&self) -> Option<String> {
        const MOST: usize = 20;
        if self.ignored.is_empty() {
            return None;
        }
        let more = self.ignored.len().saturating_sub(MOST);
        let more = (more > 0).then(|| format!("and {more} more"));
        let names = self.ignored.iter().take(MOST).map(|name| in_header(&shown(name)));
        Some(names.chain(more).collect::<Vec<_>>().join(", "))
    }
}

/// A text as a header may hold it: what is not ASCII is escaped.
pub(super) fn in_header(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            push_visible(&mut safe, c);
        } else {
            safe.extend(c.escape_unicode());
        }
    }
    safe
}

/// Who changes a record, and when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stamp<'s> {
    pub(super) user: &'s str,
    pub(super) now: DateTime,
}

impl Stamp<'_> {
    /// Completes a new record: what the server sets, then documented defaults of fields not given. A field
    /// that the table does not have is left out.
    pub(super) fn complete(self, schema: &Schema, sys_id: &str, given: &Fields) -> Packed {
        let now = self.now.to_string();
        let set = [
            (SYS_ID, sys_id),
            ("sys_created_on", &now),
            ("sys_created_by", self.user),
            ("sys_updated_on", &now),
            ("sys_updated_by", self.user),
            ("sys_mod_count", "0"),
            ("sys_class_name", schema.table()),
            ("sys_domain", "global"),
        ];
        let given = given.iter().map(|(name, text)| (&**name, &**text));
        let mut values = Packed::with_capacity(schema.fields().len());
        let mut has_text = Bits::none(schema.fields().len());
        for (name, text) in given.chain(set) {
            if let Some(slot) = schema.slot(name) {
                has_text.set(slot, true);
                values.push(slot, text);
            }
        }
        for (slot, default) in schema.defaults().filter(|(slot, _)| !has_text.has(*slot)) {
            values.push(slot, default);
        }
        values
    }

    /// Completes a change of a record that was changed so often before.
    pub(super) fn touch(self, schema: &Schema, changes: Option<&str>, mut given: Fields) -> Fields {
        let count: u64 = changes.and_then(|changes| changes.parse().ok()).unwrap_or(0);
        let set = [
            ("sys_updated_on", self.now.to_string()),
            ("sys_updated_by", self.user.to_owned()),
            ("sys_mod_count", count.saturating_add(1).to_string()),
        ];
        let known = set.into_iter().filter(|(name, _)| schema.field(name).is_some());
        given.extend(known.map(|(name, text)| (name.into(), text.into())));
        given
    }
}

/// Whether the server alone sets a field.
pub(super) fn is_set_by_server(field: &Field) -> bool {
    field.name.starts_with("sys_")
}
