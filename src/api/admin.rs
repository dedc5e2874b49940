//! What a mock is steered by: reset, seed, export, and the requests it saw.

use http::StatusCode;
use serde::Serialize;
use serde_json::json;

use super::answer::Answer;
use super::call::Call;
use super::columns::Whole;
use super::failure::{Failure, malformed};
use super::media::Media;
use super::parameters::Parameters;
use super::requests::Answered;
use super::route::AdminRoute;
use super::shared::Shared;
use super::write;
use crate::load::{Columns, LoadOptions, load};
use crate::table::{Database, Table};

/// The parameter that names a table.
const TABLE: &str = "table";

impl Shared {
    pub(super) fn admin(
        &self,
        call: &Call<'_>,
        route: AdminRoute,
        body: &[u8],
    ) -> Result<Answer, Failure> {
        let parameters = call.parameters(&[])?;
        match route {
            AdminRoute::Health => Ok(Answer::json(StatusCode::OK, &json!({ "status": "ok" }))),
            AdminRoute::Reset => {
                self.store.reset()?;
                Ok(Answer::json(StatusCode::OK, &counts(self.store.read().database())))
            }
            AdminRoute::Seed => self.seed(&parameters, body),
            AdminRoute::Export => self.export(&parameters),
            AdminRoute::Requests if call.method == http::Method::DELETE => {
                self.requests.clear();
                Ok(Answer::empty(StatusCode::NO_CONTENT))
            }
            AdminRoute::Requests => {
                let requests = self.requests.all();
                let requests: Vec<_> = requests.iter().map(|answered| &**answered).collect();
                Ok(Answer::json(StatusCode::OK, &Kept { result: requests }))
            }
        }
    }

    /// Adds the records of a body to a table, contacts unless told.
    fn seed(&self, parameters: &Parameters<'_>, body: &[u8]) -> Result<Answer, Failure> {
        let name = parameters.only(TABLE)?.unwrap_or(&self.contacts);
        let schema = self.store.read().database().catalog().schema(name).cloned();
        let schema = schema.ok_or_else(|| Failure::NoTable(name.to_owned()))?;
        let options = LoadOptions { columns: Columns::Extend, ..LoadOptions::default() };
        let loaded = load(body, schema, &options);
        let loaded =
            loaded.map_err(|error| malformed("Records cannot be read", error.to_string()))?;
        self.store.add(&loaded.table)?;
        Ok(Answer::json(StatusCode::OK, &counts(self.store.read().database())))
    }

    /// All records of all tables, or of one as an answer that reads as data.
    fn export(&self, parameters: &Parameters<'_>) -> Result<Answer, Failure> {
        let store = self.store.read();
        let database = store.database();
        let mut body = Vec::new();
        if let Some(name) = parameters.only(TABLE)? {
            let table = database.table(name).ok_or_else(|| Failure::NoTable(name.to_owned()))?;
            body.extend_from_slice(b"{\"result\":");
            export_table(&mut body, database, table);
        } else {
            for table in database.tables() {
                body.push(if body.is_empty() { b'{' } else { b',' });
                body.append(&mut json!(table.schema().table()).to_string().into_bytes());
                body.push(b':');
                export_table(&mut body, database, table);
            }
        }
        body.push(b'}');
        Ok(Answer::new(StatusCode::OK, Media::JSON.content_type(), body))
    }
}

/// The records of a table with what may be shown of them.
fn export_table(body: &mut Vec<u8>, database: &Database, table: &Table) {
    let whole = Whole::new(database.catalog(), table.schema());
    write::array(body, &whole, table.records());
}

/// The requests that are kept.
#[derive(Serialize)]
struct Kept<'k> {
    result: Vec<&'k Answered>,
}

/// How many records each table has.
fn counts(database: &Database) -> serde_json::Value {
    let count = |table: &Table| (table.schema().table().to_owned(), json!(table.len()));
    let tables: serde_json::Map<_, _> = database.tables().iter().map(count).collect();
    json!({ "records": tables })
}
