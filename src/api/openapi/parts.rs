//! What operations have in common, and the paths that are no tables.

use serde_json::{Map, Value, json};

use super::{refer, refer_all, with};

/// Where tokens are given.
pub(super) const TOKEN: &str = "/oauth_token.do";

/// Headers of every answer.
pub(super) const ALWAYS: [&str; 2] = ["X-Transaction-ID", "X-Is-Logged-In"];

/// Refusals any request may get.
const ANY: [&str; 5] = ["405", "406", "408", "431", "500"];

/// Refusals of what wants credentials.
pub(super) const CREDENTIALS: [&str; 2] = ["401", "403"];

/// Refusals of bodies.
pub(super) const BODY: [&str; 4] = ["400", "413", "415", "507"];

/// Refusals: status, what it says, a header of its own.
const ERRORS: [(&str, &str, &[&str]); 12] = [
    ("400", "The request cannot be read, or a parameter has no such value", &[]),
    ("401", "There are no credentials, or wrong ones", &["WWW-Authenticate"]),
    ("403", "The user may not do this", &[]),
    ("404", "There is no such record, or the user may not read it", &[]),
    ("405", "The path does not take this method", &["Allow"]),
    ("406", "The answer has none of the accepted types", &[]),
    ("408", "The request took too long to arrive", &[]),
    ("413", "The body is too large", &[]),
    ("415", "The body has a type that is not read", &[]),
    ("431", "The headers are too large", &[]),
    ("500", "The server failed", &[]),
    ("507", "There is no room for more records", &[]),
];

/// Operations of the server itself: path, method, name, what it does, status of its answer.
const ADMIN: [(&str, &str, &str, &str, &str); 6] = [
    ("/__admin/health", "get", HEALTH, "Says that the server is up", "200"),
    ("/__admin/reset", "post", "reset", "Puts back the records of the start", "200"),
    ("/__admin/seed", "post", "seed", "Adds records to a table", "200"),
    ("/__admin/requests", "get", "listRequests", "Lists the requests the server got", "200"),
    ("/__admin/requests", "delete", "deleteRequests", "Forgets the requests it got", "204"),
    ("/__admin/export", "get", "export", "Gives all records", "200"),
];

/// The operation that wants no credentials.
const HEALTH: &str = "getHealth";

/// The refusals of an operation: those of any request, and more.
pub(super) fn refusals(more: &[&[&str]]) -> Map<String, Value> {
    let response =
        |status: &&str| ((*status).to_owned(), refer("responses", &format!("Error{status}")));
    ANY.iter().chain(more.iter().copied().flatten()).map(response).collect()
}

/// The refusals as components.
pub(super) fn errors() -> Map<String, Value> {
    let schema = json!({"schema": refer("schemas", "Error")});
    let error = |(status, says, own): &(&str, &str, &[&str])| {
        let mut headers = refer_all("headers", &ALWAYS);
        headers.extend(refer_all("headers", own));
        let content = json!({"application/json": schema, "application/xml": schema});
        let error = json!({"description": says, "headers": headers, "content": content});
        (format!("Error{status}"), error)
    };
    ERRORS.iter().map(error).collect()
}

/// The paths for tokens and of the server itself.
pub(super) fn paths() -> Map<String, Value> {
    let mut paths = Map::from_iter([(TOKEN.to_owned(), token())]);
    for (path, method, id, summary, status) in ADMIN {
        let item = paths.remove(path).unwrap_or_else(|| json!({}));
        paths.insert(path.to_owned(), with(item, method, admin(method, id, summary, status)));
    }
    paths
}

fn admin(method: &str, id: &str, summary: &str, status: &str) -> Value {
    let mut responses = match (id, method) {
        (HEALTH, _) => refusals(&[]),
        (_, "post") => refusals(&[&CREDENTIALS, &BODY]),
        _ => refusals(&[&CREDENTIALS]),
    };
    let success = json!({"description": summary});
    let success = match status {
        "204" => success,
        _ => with(success, "content", json!({"application/json": {}})),
    };
    responses.insert(status.to_owned(), success);
    let operation =
        json!({"operationId": id, "tags": ["admin"], "summary": summary, "responses": responses});
    if id == HEALTH { with(operation, "security", json!([])) } else { operation }
}

fn token() -> Value {
    let mut responses = refusals(&[&["400", "401", "413", "415"]]);
    let schema = json!({"schema": refer("schemas", "Token")});
    let success = json!({"description": "A token", "content": {"application/json": schema}});
    responses.insert("200".to_owned(), success);
    let schema = json!({"schema": refer("schemas", "TokenRequest")});
    json!({"post": {
        "operationId": "createToken",
        "tags": ["oauth"],
        "summary": "Gives an access token",
        "security": [],
        "requestBody": {
            "required": true,
            "content": {"application/x-www-form-urlencoded": schema},
        },
        "responses": responses,
    }})
}

/// The schemas of a request for a token and of its answer.
pub(super) fn schemas() -> [(&'static str, Value); 2] {
    let request = json!({
        "type": "object",
        "properties": {
            "grant_type": {"enum": ["password", "client_credentials", "refresh_token"]},
            "client_id": {"type": "string"},
            "client_secret": {"type": "string", "format": "password"},
            "username": {"type": "string", "description": "For the grant password"},
            "password": {"type": "string", "format": "password"},
            "refresh_token": {"type": "string", "description": "For the grant of that name"},
        },
        "required": ["grant_type"],
    });
    let token = json!({
        "type": "object",
        "properties": {
            "access_token": {"type": "string"},
            "refresh_token": {"type": "string"},
            "scope": {"type": "string", "examples": ["useraccount"]},
            "token_type": {"type": "string", "examples": ["Bearer"]},
            "expires_in": {"type": "integer", "description": "In seconds", "examples": [1799]},
        },
        "required": ["access_token", "token_type", "expires_in"],
    });
    [("TokenRequest", request), ("Token", token)]
}

pub(super) fn headers() -> Value {
    let text = |says: &str, example: &str| json!({"description": says, "schema": {"type": "string"}, "example": example});
    json!({
        "X-Total-Count": {
            "description": "How many records match, on all pages; not with sysparm_no_count",
            "schema": {"type": "integer", "minimum": 0},
            "example": 200,
        },
        "Link": text(
            "The first, previous, next and last page; not with sysparm_suppress_pagination_header",
            "</api/now/contact?sysparm_limit=10&sysparm_offset=10>;rel=\"next\"",
        ),
        "X-Query-Diagnostics": text(
            "How many parts of the query were ignored, and the codes that say why",
            "1; unknown-field",
        ),
        "Warning": text("What of the parameters was ignored", "299 encq \"parameter `sysparam_query` is ignored; did you mean `sysparm_query`?\""),
        "X-Ignored-Fields": text("Members of the body that were ignored", "fist_name, sys_id"),
        "X-Transaction-ID": text("The name of this request in the log", "3f1c7a20b5d4"),
        "X-Is-Logged-In": {
            "description": "Whether the credentials are those of a user",
            "schema": {"type": "boolean"},
            "example": true,
        },
        "WWW-Authenticate": text("How to give credentials", "Basic realm=\"Service-now\""),
        "Allow": text("The methods the path takes", "GET, HEAD, POST"),
    })
}

pub(super) fn parameters() -> Value {
    let path = |name: &str, pattern: &str, example: &str, says: &str| {
        let schema = json!({"type": "string", "pattern": pattern});
        json!({"name": name, "in": "path", "required": true, "description": says,
            "schema": schema, "example": example})
    };
    let query = |name: &str, says: &str, schema: Value| json!({"name": name, "in": "query", "description": says, "schema": schema});
    let flag =
        |name: &str, says: &str| query(name, says, json!({"type": "boolean", "default": false}));
    let limit = |default: u32| {
        let schema = json!({"type": "integer", "minimum": 1, "maximum": 9_999_999_999_u64,
            "default": default});
        query("sysparm_limit", "How many records to give at most", schema)
    };
    json!({
        "api_version": path("api_version", "^v[0-9]+$", "v1", "The version of the API"),
        "table_version": path("api_version", "^v[12]$", "v2", "The version of the API"),
        "sys_id": path("sys_id", "^[^/]+$", "ddce70866f9331003b3c498f5d3ee417", "The sys_id of the record"),
        "sysparm_query": query("sysparm_query", "An encoded query; sorts too", json!({
            "type": "string", "examples": ["active=true^nameLIKEwarren^ORDERBYname"],
        })),
        "sysparm_limit": limit(10),
        "table_limit": limit(10_000),
        "sysparm_offset": query("sysparm_offset", "How many matching records to leave out first",
            json!({"type": "integer", "minimum": 0, "default": 0})),
        "sysparm_no_count": flag("sysparm_no_count", "Whether to leave out X-Total-Count"),
        "sysparm_suppress_pagination_header":
            flag("sysparm_suppress_pagination_header", "Whether to leave out Link"),
        "sysparm_fields": json!({
            "name": "sysparm_fields", "in": "query", "style": "form", "explode": false,
            "description": "The fields to give, in this order; dot-walks too. All if absent",
            "schema": {"type": "array", "items": {"type": "string"}},
        }),
        "sysparm_display_value": query("sysparm_display_value",
            "Whether to give stored values (false), display values (true) or both (all)",
            json!({"type": "string", "enum": ["true", "false", "all"], "default": "false"})),
        "sysparm_exclude_reference_link": flag("sysparm_exclude_reference_link",
            "Whether to leave out the links of references"),
    })
}
