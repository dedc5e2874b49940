//! The paths of the contacts and of each table.

use serde_json::{Map, Value, json};

use super::action::{Action, Gives, OF_ALL, OF_ONE_READ, OF_ONE_WRITE};
use super::parts::{ALWAYS, BODY, CREDENTIALS, refusals};
use super::{refer, refer_all, with};
use crate::api::link::part;
use crate::schema::Schema;

const PAGING: [&str; 4] =
    ["sysparm_query", "sysparm_offset", "sysparm_no_count", "sysparm_suppress_pagination_header"];

/// What the form of the Table API's records depends on.
const FORM: [&str; 3] =
    ["sysparm_fields", "sysparm_display_value", "sysparm_exclude_reference_link"];

/// Records under one path.
pub(super) struct Collection<'s> {
    pub(super) schema: &'s Schema,
    pub(super) api: Api,
    /// Below `/api/now`.
    path: String,
    /// What names of schemas and operations end with.
    suffix: String,
}

/// What the records are reached by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Api {
    Contact,
    Table,
}

impl Api {
    fn tag(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Table => "table",
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Self::Contact => "Contact",
            Self::Table => "Record",
        }
    }

    /// The parameter of the path that holds the version.
    fn version(self) -> &'static str {
        match self {
            Self::Contact => "api_version",
            Self::Table => "table_version",
        }
    }

    fn limit(self) -> &'static str {
        match self {
            Self::Contact => "sysparm_limit",
            Self::Table => "table_limit",
        }
    }
}

/// Which of a collection's paths.
#[derive(Clone, Copy)]
struct Place {
    of_one: bool,
    versioned: bool,
}

impl<'s> Collection<'s> {
    pub(super) fn contacts(schema: &'s Schema) -> Self {
        Self { schema, api: Api::Contact, path: "contact".to_owned(), suffix: String::new() }
    }

    pub(super) fn table(schema: &'s Schema) -> Self {
        let name = part(schema.table()).to_string();
        let suffix = format!("_{}", name.replace('%', "."));
        Self { schema, api: Api::Table, path: format!("table/{name}"), suffix }
    }

    /// The name of a schema of its own, such as that of its `List`.
    pub(super) fn name(&self, what: &str) -> String {
        format!("{}{what}{}", self.api.noun(), self.suffix)
    }

    /// Its paths and what they take, without a version and with one.
    pub(super) fn paths(&self) -> [(String, Value); 4] {
        [(false, false), (true, false), (false, true), (true, true)].map(|(of_one, versioned)| {
            let place = Place { of_one, versioned };
            (self.path(place), self.item(place))
        })
    }

    fn path(&self, place: Place) -> String {
        let version = if place.versioned { "/{api_version}" } else { "" };
        let id = if place.of_one { "/{sys_id}" } else { "" };
        format!("/api/now{version}/{}{id}", self.path)
    }

    /// What a path takes.
    fn item(&self, place: Place) -> Value {
        let actions: Vec<&Action> = match (place.of_one, self.api) {
            (false, _) => OF_ALL.iter().collect(),
            (true, Api::Contact) => OF_ONE_READ.iter().collect(),
            (true, Api::Table) => OF_ONE_READ.iter().chain(&OF_ONE_WRITE).collect(),
        };
        let operation = |action: &Action| (action.method.to_owned(), self.operation(action, place));
        let item: Map<String, Value> = actions.into_iter().map(operation).collect();
        let version = place.versioned.then(|| self.api.version());
        let names = version.into_iter().chain(place.of_one.then_some("sys_id"));
        with(item.into(), "parameters", names.map(|name| refer("parameters", name)).collect())
    }

    fn operation(&self, action: &Action, place: Place) -> Value {
        let is_many = !place.of_one && !action.takes_body;
        let object = match (self.api, is_many) {
            (Api::Contact, false) => "a contact".to_owned(),
            (Api::Contact, true) => "contacts".to_owned(),
            (Api::Table, false) => format!("a record of {}", self.schema.table()),
            (Api::Table, true) => format!("records of {}", self.schema.table()),
        };
        let many = if is_many { "s" } else { "" };
        let version = if place.versioned { "Versioned" } else { "" };
        let (verb, noun, suffix) = (action.verb, self.api.noun(), &self.suffix);
        let body: &[&str] = if action.takes_body { &BODY } else { &[] };
        let mut responses = refusals(&[&CREDENTIALS, body, action.errors]);
        responses.insert(action.status.to_owned(), self.success(action));
        let operation = json!({
            "operationId": format!("{verb}{noun}{many}{version}{suffix}"),
            "tags": [self.api.tag()],
            "summary": format!("{} {object}", action.does),
            "parameters": self.parameters(action, is_many),
            "responses": responses,
        });
        if !action.takes_body {
            return operation;
        }
        let schema = json!({"schema": refer("schemas", &self.name("Body"))});
        let body = json!({"required": true, "content": {"application/json": schema}});
        with(operation, "requestBody", body)
    }

    /// The parameters in the query of a request.
    fn parameters(&self, action: &Action, is_many: bool) -> Vec<Value> {
        let paging = [self.api.limit()].into_iter().chain(PAGING).filter(|_| is_many);
        let form = FORM.into_iter().filter(|_| self.api == Api::Table && action.status != "204");
        paging.chain(form).map(|name| refer("parameters", name)).collect()
    }

    fn success(&self, action: &Action) -> Value {
        let mut headers = refer_all("headers", &ALWAYS);
        headers.extend(refer_all("headers", action.headers));
        let response = json!({"description": action.says, "headers": headers});
        let name = match (action.gives, self.api) {
            (Gives::Nothing, _) => return response,
            (Gives::List, _) => "List",
            (Gives::New, Api::Contact) => "Created",
            (Gives::New, Api::Table) | (Gives::One, _) => "Answer",
        };
        let schema = json!({"schema": refer("schemas", &self.name(name))});
        let content = json!({"application/json": schema});
        // The page has JSON alone for the answer to a new contact.
        let is_xml_too = name != "Created";
        let content = if is_xml_too { with(content, "application/xml", schema) } else { content };
        with(response, "content", content)
    }
}
