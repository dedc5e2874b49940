//! The Contact API: list, one, create.

use http::StatusCode;
use http::header::LOCATION;
use serde_json::json;

use super::answer::{Answer, X_IGNORED_FIELDS};
use super::call::Call;
use super::change::{Given, is_set_by_server};
use super::columns::readable;
use super::failure::Failure;
use super::shared::Shared;
use super::social;
use super::store::Write;
use super::write;
use crate::engine::PageRequest;
use crate::table::{Database, Table};

impl Shared {
    /// `GET /now/contact`
    pub(super) fn list_contacts(
        &self,
        call: &mut Call<'_>,
        body: &[u8],
    ) -> Result<Answer, Failure> {
        let parameters = call.parameters(body)?;
        let database = self.store.read();
        let by_default = PageRequest::default().limit;
        let (page, paging) = self.page(call, &database, &self.contacts, &parameters, by_default)?;
        let schema = table(&database, &self.contacts)?.schema();
        let (names, records) = (readable(schema), page.records.iter().copied());
        let body = write::list(call.media.format(), &names, records, Some(page.has_more));
        let answer = Answer::ok(call.media, body);
        Ok(self.with_page(answer, call, &parameters, paging, (page.has_more, page.total)))
    }

    /// `GET /now/contact/{id}`
    pub(super) fn one_contact(&self, call: &Call<'_>, id: &str) -> Result<Answer, Failure> {
        let database = self.store.read();
        let table = table(&database, &self.contacts)?;
        let record = table.record(id).ok_or(Failure::NoRecord)?;
        let body = write::one(call.media.format(), &readable(table.schema()), record);
        Ok(Answer::ok(call.media, body))
    }

    /// `POST /now/contact`
    pub(super) fn create_contact(&self, call: &Call<'_>, body: &[u8]) -> Result<Answer, Failure> {
        let (sys_id, profile_id) = (self.world.sys_id()?, self.world.sys_id()?);
        let stamp = self.stamp(call);
        let ignored = self.store.change(|database| {
            let schema = table(database, &self.contacts)?.schema();
            let mut given = Given::read(body, |name| {
                let field = schema.field(name);
                let is_own = field.is_some_and(|field| {
                    field.creatable && field.readable && !is_set_by_server(field)
                });
                is_own || social::is_of_profile(name)
            })?;
            let profile = social::profile(&mut given, database, &sys_id, &profile_id, stamp);
            let ignored = given.ignored();
            let fields = stamp.complete(schema, &sys_id, given.fields);
            let contact = Write::Insert { table: self.contacts.clone(), fields };
            Ok((std::iter::once(contact).chain(profile).collect(), ignored))
        })?;
        let answer = Answer::json(StatusCode::CREATED, &json!({ "result": sys_id }));
        let path = call.path().trim_end_matches('/');
        let answer = answer.with(LOCATION, &format!("{}{path}/{sys_id}", call.origin()));
        Ok(match ignored {
            Some(names) => answer.with(X_IGNORED_FIELDS, &names),
            None => answer,
        })
    }
}

fn table<'d>(database: &'d Database, name: &str) -> Result<&'d Table, Failure> {
    database.table(name).ok_or_else(|| Failure::NoTable(name.to_owned()))
}
