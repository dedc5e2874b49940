//! The Contact API: list, one, create.

use std::sync::Arc;

use http::StatusCode;
use http::header::LOCATION;
use serde::Serialize;

use super::answer::Answer;
use super::call::Call;
use super::change::New;
use super::columns::{Visible, Whole};
use super::failure::Failure;
use super::given::{Given, Stamp, is_set_by_server};
use super::shared::Shared;
use super::social;
use super::store::{record, table};
use super::write;
use crate::engine::PageRequest;
use crate::schema::{Catalog, Schema};

/// Records of a list for which it is looked up how they were written: longer ones would push out the
/// records that are asked for often.
const MOST_REMEMBERED: usize = 256;

/// The body of the answer to a new contact.
#[derive(Serialize)]
struct Created<'c> {
    result: &'c str,
}

impl Shared {
    /// `GET /now/contact`
    pub(super) fn list_contacts(
        &self,
        call: &mut Call<'_>,
        body: &[u8],
    ) -> Result<Answer, Failure> {
        let parameters = call.parameters(body)?;
        let store = self.store.read();
        let database = store.database();
        let by_default = PageRequest::default().limit;
        let (page, paging) = self.page(call, &store, &self.contacts, &parameters, by_default)?;
        let mut whole = Whole::new(database.catalog(), table(database, &self.contacts)?.schema());
        if page.records.len() <= MOST_REMEMBERED {
            whole = whole.with(store.contacts());
        }
        let body = write::list(call.media.format(), &whole, &page.records, Some(page.has_more));
        let answer = Answer::ok(call.media, body);
        Ok(Self::with_page(answer, call, &parameters, paging, (page.has_more, page.total)))
    }

    /// `GET /now/contact/{id}`
    pub(super) fn one_contact(
        &self,
        call: &Call<'_>,
        id: &str,
        body: &[u8],
    ) -> Result<Answer, Failure> {
        // None of them means anything, and still they have to read.
        call.parameters(body)?;
        let store = self.store.read();
        let database = store.database();
        let table = table(database, &self.contacts)?;
        let record = record(database, &self.contacts, id).ok_or(Failure::NoRecord)?;
        let whole = Whole::new(database.catalog(), table.schema()).with(store.contacts());
        let body = write::one(call.media.format(), &whole, record);
        Ok(Answer::ok(call.media, body))
    }

    /// `POST /now/contact`
    pub(super) fn create_contact(&self, call: &Call<'_>, body: &[u8]) -> Result<Answer, Failure> {
        call.parameters(&[])?;
        let stamp = self.stamp(call);
        let mut is_again = false;
        let (sys_id, ignored) = loop {
            let catalog = Arc::clone(self.store.without_waiting().catalog());
            // A seed gives the ids again that it gave before a restart, perhaps very many.
            let draw = |table: &str| {
                if is_again {
                    return self.world.sys_id(self.store.without_waiting().database(), table);
                }
                self.world.any_sys_id()
            };
            let (sys_id, new, ignored) = self.new_contact(&catalog, stamp, body, draw)?;
            if self.store.insert(&catalog, new)? {
                break (sys_id, ignored);
            }
            is_again = true;
        };
        let answer = Answer::json(StatusCode::CREATED, &Created { result: &sys_id });
        let path = call.path().trim_end_matches('/');
        let answer = answer.with(LOCATION, call.origin().url(&[path, "/", &sys_id]));
        Ok(answer.ignoring(ignored))
    }

    /// A new contact, its sys_id, and the names of what is ignored: made ready before others who change
    /// something have to wait. No other request draws its sys_id.
    fn new_contact(
        &self,
        catalog: &Catalog,
        stamp: Stamp<'_>,
        body: &[u8],
        draw: impl Fn(&str) -> Result<String, Failure>,
    ) -> Result<(String, Vec<New>, Option<String>), Failure> {
        let schema = catalog.schema(&self.contacts);
        let schema = schema.ok_or_else(|| Failure::NoTable(self.contacts.clone()))?;
        let mut given = given_contact(body, catalog, schema)?;
        let ignored = given.ignored();
        let sys_id = draw(&self.contacts)?;
        let profile_id = || draw(social::SOCIAL_PROFILES);
        let profile = social::profile(&mut given, catalog, &sys_id, profile_id, stamp)?;
        let values = stamp.complete(schema, &sys_id, &given.fields);
        let contact = New { table: self.contacts.clone(), values };
        Ok((sys_id, std::iter::once(contact).chain(profile).collect(), ignored))
    }
}

/// What the body of a new contact gives.
fn given_contact(body: &[u8], catalog: &Catalog, schema: &Schema) -> Result<Given, Failure> {
    let visible = Visible::new(catalog, schema);
    Given::read(body, |name| {
        let field = visible.named(name);
        let is_own = field.is_some_and(|(_, field)| field.creatable && !is_set_by_server(field));
        is_own || social::is_of_profile(name)
    })
}
