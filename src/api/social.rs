//! Social profiles: what a new contact's `social_…` fields become.

use std::sync::LazyLock;

use super::change::{Fields, New};
use super::failure::Failure;
use super::given::{Given, Stamp};
use crate::schema::{CONTACT_FIELDS, Catalog, Field, SYS_ID, Schema};
use crate::table::Table;
use crate::value::FieldType;

/// The table of social profiles. The vendor's page does not name it: our choice.
pub const SOCIAL_PROFILES: &str = "sn_customerservice_social_profile";

/// The field that leads to the contact.
const CONTACT: &str = "contact";

/// The documented fields that are accepted and not given back: those of a profile.
fn fields() -> &'static [&'static Field] {
    static FIELDS: LazyLock<Vec<&Field>> = LazyLock::new(|| {
        CONTACT_FIELDS.iter().filter(|field| !field.readable && field.creatable).collect()
    });
    &FIELDS
}

/// Whether a member of a new contact is one of a profile.
pub(super) fn is_of_profile(name: &str) -> bool {
    fields().iter().any(|field| field.name == name)
}

/// The tables and one of profiles, if there is none yet.
pub(super) fn with_profiles(mut tables: Vec<Table>, contacts: &str) -> Vec<Table> {
    if tables.iter().any(|table| table.schema().table() == SOCIAL_PROFILES) {
        return tables;
    }
    let stamps =
        ["sys_created_on", "sys_updated_on"].map(|name| Field::new(name, FieldType::DateTime));
    let authors =
        ["sys_created_by", "sys_updated_by"].map(|name| Field::new(name, FieldType::String));
    let of_profile = fields().iter().map(|field| {
        Field::new(field.name.clone(), FieldType::String).with_label(field.label.clone())
    });
    let all =
        [Field::new(SYS_ID, FieldType::SysId), Field::reference(CONTACT, contacts.to_owned())];
    let all = all.into_iter().chain(of_profile).chain(stamps).chain(authors);
    let all = all.chain([Field::new("sys_mod_count", FieldType::Integer)]);
    tables.push(Table::new(Schema::new(SOCIAL_PROFILES, all)));
    tables
}

/// The profile of a new contact, if its body gives one; takes the fields out of it.
pub(super) fn profile(
    given: &mut Given,
    catalog: &Catalog,
    contact: &str,
    sys_id: impl FnOnce() -> Result<String, Failure>,
    stamp: Stamp<'_>,
) -> Result<Option<New>, Failure> {
    let take = |field: &&Field| Some((field.name.clone(), given.take(&field.name)?));
    let taken: Fields =
        fields().iter().filter_map(take).filter(|(_, text)| !text.is_empty()).collect();
    let Some(schema) = catalog.schema(SOCIAL_PROFILES).filter(|_| !taken.is_empty()) else {
        return Ok(None);
    };
    let mut own = taken;
    own.push((CONTACT.into(), contact.to_owned().into()));
    let values = stamp.complete(schema, &sys_id()?, &own);
    Ok(Some(New { table: SOCIAL_PROFILES.to_owned(), values }))
}
