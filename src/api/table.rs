//! The Table API on the same records.

use http::header::LOCATION;
use http::{Method, StatusCode};

use super::answer::Answer;
use super::call::Call;
use super::change::{New, Write};
use super::columns::{Columns, Visible};
use super::failure::Failure;
use super::given::{Given, is_set_by_server};
use super::link::part;
use super::parameters::{FIELDS, Parameters};
use super::route::TableRoute;
use super::shared::Shared;
use super::store::{Records, record, table};
use super::write;
use crate::schema::Schema;
use crate::table::Database;

/// Records of a page unless told.
///
/// Source: Table API, `sysparm_limit`.
const LIMIT: u64 = 10_000;

/// Leaves the body of the answer to a new record out.
///
/// Source: "Supported REST API headers", `X-no-response-body`.
const NO_BODY: http::HeaderName = http::HeaderName::from_static("x-no-response-body");

impl Shared {
    /// `GET /now/table/{table}`
    pub(super) fn list_records(
        &self,
        call: &mut Call<'_>,
        route: &TableRoute,
        body: &[u8],
    ) -> Result<Answer, Failure> {
        let parameters = call.parameters(body)?;
        let store = self.store.read();
        let database = store.database();
        let links = links(call, route);
        let table = table(database, &route.table)?;
        let (page, paging) = self.page(call, &store, &route.table, &parameters, LIMIT)?;
        if page.records.is_empty() && route.is_first_version() {
            return Err(Failure::NoRecord);
        }
        let columns = self.columns(database, table.schema(), &parameters, &links)?;
        warn_of(call, &columns);
        let body = write::list(call.media.format(), &columns, &page.records, None);
        let answer = Answer::ok(call.media, body);
        Ok(Self::with_page(answer, call, &parameters, paging, (page.has_more, page.total)))
    }

    /// `GET /now/table/{table}/{id}`
    pub(super) fn one_record(
        &self,
        call: &mut Call<'_>,
        route: &TableRoute,
        id: &str,
        body: &[u8],
    ) -> Result<Answer, Failure> {
        let parameters = call.parameters(body)?;
        let store = self.store.read();
        self.shown(call, route, store.database(), id, &parameters)
    }

    /// `POST /now/table/{table}`
    pub(super) fn create_record(
        &self,
        call: &mut Call<'_>,
        route: &TableRoute,
        body: &[u8],
    ) -> Result<Answer, Failure> {
        let parameters = call.parameters(&[])?;
        let stamp = self.stamp(call);
        let links = links(call, route);
        let decide = |records: &Records| {
            let database = records.database();
            let schema = table(database, &route.table)?.schema();
            // What cannot be answered is not done.
            self.columns(database, schema, &parameters, &links)?;
            let given = given(body, database, schema)?;
            let ignored = given.ignored();
            let sys_id = self.world.sys_id(database, &route.table)?;
            let values = stamp.complete(schema, &sys_id, &given.fields);
            let insert = Write::Insert(New { table: route.table.clone(), values });
            Ok((vec![insert], (sys_id, ignored)))
        };
        let show = |records: &Records, (sys_id, ignored): (String, Option<String>)| {
            let answer = self.shown(call, route, records.database(), &sys_id, &parameters)?;
            Ok((answer, sys_id, ignored))
        };
        let (mut answer, sys_id, ignored) = self.store.change(decide, show)??;
        answer.status = StatusCode::CREATED;
        let no_body = call.header(&NO_BODY);
        if no_body.is_some_and(|text| text.eq_ignore_ascii_case("true")) {
            answer = Answer::empty(StatusCode::CREATED);
        }
        let location = format!("{links}{}/{sys_id}", part(&route.table));
        Ok(answer.with(LOCATION, location).ignoring(ignored))
    }

    /// `PUT` and `PATCH /now/table/{table}/{id}`: the fields given get other texts, the others stay.
    pub(super) fn change_record(
        &self,
        call: &mut Call<'_>,
        route: &TableRoute,
        id: &str,
        body: &[u8],
    ) -> Result<Answer, Failure> {
        let parameters = call.parameters(&[])?;
        let stamp = self.stamp(call);
        let links = links(call, route);
        let decide = |records: &Records| {
            let database = records.database();
            let schema = table(database, &route.table)?.schema();
            self.columns(database, schema, &parameters, &links)?;
            let record = record(database, &route.table, id).ok_or(Failure::NoRecord)?;
            let given = given(body, database, schema)?;
            let ignored = given.ignored();
            if given.fields.is_empty() {
                return Ok((Vec::new(), ignored));
            }
            let count = record.text("sys_mod_count");
            let own = record.table().schema();
            let fields = stamp.touch(own, count.as_deref(), given.fields);
            let (table, sys_id) = (own.table().to_owned(), id.to_owned());
            Ok((vec![Write::Update { table, sys_id, fields }], ignored))
        };
        let show = |records: &Records, ignored| {
            let answer = self.shown(call, route, records.database(), id, &parameters)?;
            Ok(answer.ignoring(ignored))
        };
        self.store.change(decide, show)?
    }

    /// `DELETE /now/table/{table}/{id}`
    pub(super) fn remove_record(&self, route: &TableRoute, id: &str) -> Result<Answer, Failure> {
        let decide = |records: &Records| {
            let database = records.database();
            table(database, &route.table)?;
            let record = record(database, &route.table, id).ok_or(Failure::NoRecord)?;
            let (table, sys_id) = (record.table().schema().table().to_owned(), id.to_owned());
            Ok((vec![Write::Remove { table, sys_id }], ()))
        };
        self.store.change(decide, |_, ()| Answer::empty(StatusCode::NO_CONTENT))
    }

    /// A record as the parameters want it shown.
    fn shown(
        &self,
        call: &mut Call<'_>,
        route: &TableRoute,
        database: &Database,
        id: &str,
        parameters: &Parameters<'_>,
    ) -> Result<Answer, Failure> {
        let table = table(database, &route.table)?;
        let record = record(database, &route.table, id).ok_or(Failure::NoRecord)?;
        let links = links(call, route);
        let columns = self.columns(database, table.schema(), parameters, &links)?;
        warn_of(call, &columns);
        let body = write::one(call.media.format(), &columns, record);
        Ok(Answer::ok(call.media, body))
    }

    /// What is shown of the records of a table.
    fn columns<'c>(
        &self,
        database: &'c Database,
        schema: &'c Schema,
        parameters: &'c Parameters<'_>,
        links: &'c str,
    ) -> Result<Columns<'c>, Failure> {
        Columns::new(database.catalog(), schema, parameters, links, self.world.zone())
    }

    /// A request for a record by the methods it has.
    pub(super) fn record(
        &self,
        call: &mut Call<'_>,
        route: &TableRoute,
        id: &str,
        body: &[u8],
    ) -> Result<Answer, Failure> {
        match call.method {
            Method::PUT | Method::PATCH => self.change_record(call, route, id, body),
            Method::DELETE => self.remove_record(route, id),
            _ => self.one_record(call, route, id, body),
        }
    }
}

/// What a body gives a record of the table.
fn given(body: &[u8], database: &Database, schema: &Schema) -> Result<Given, Failure> {
    let visible = Visible::new(database.catalog(), schema);
    Given::read(body, |name| visible.named(name).is_some_and(|(_, field)| !is_set_by_server(field)))
}

/// What links to records begin with, up to the name of the table: the version is the one that is asked.
fn links(call: &Call<'_>, route: &TableRoute) -> String {
    let version = route.version.as_ref().map_or(String::new(), |version| format!("{version}/"));
    call.origin().url(&["/api/now/", &version, "table/"])
}

fn warn_of(call: &mut Call<'_>, columns: &Columns<'_>) {
    let unknown = columns.unknown.iter().map(|name| crate::diagnostic::shown(name));
    call.warnings
        .extend(unknown.map(|name| format!("`{name}` in {FIELDS} is no field and is left out")));
}
