//! Paths to resources, and the methods of each.

use std::borrow::Cow;

use http::Method;
use smallvec::SmallVec;

use super::failure::Failure;
use super::parameters::percent_decoded;

/// Parts of the longest path there is: `api/now/v2/table/{table}/{sys_id}`.
const USUAL: usize = 6;

/// What a path names.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Route {
    /// `/api/now/contact`
    Contacts,
    /// `/api/now/contact/{sys_id}`
    Contact(String),
    /// `/api/now/table/{table}`
    Records(TableRoute),
    /// `/api/now/table/{table}/{sys_id}`
    Record(TableRoute, String),
    /// `/oauth_token.do`
    Token,
    /// `/__admin/…`
    Admin(AdminRoute),
    /// `/openapi.json`
    OpenApi,
    /// `/`
    Home,
}

/// A table under the Table API.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TableRoute {
    pub(super) table: String,
    /// The version part of the path, such as `v1`.
    pub(super) version: Option<String>,
}

impl TableRoute {
    /// Whether it is asked by version 1, which answers an empty list with 404.
    ///
    /// Source: Table API, version 2: "a query without results is not an error any more".
    pub(super) fn is_first_version(&self) -> bool {
        self.version.as_deref() == Some("v1")
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum AdminRoute {
    Health,
    Reset,
    Seed,
    Export,
    Requests,
}

impl Route {
    /// What a path names; a blank part at its end is nothing.
    ///
    /// Source: Contact API and Table API, URL format; the other paths are our choice.
    pub(super) fn of(path: &str) -> Result<Self, Failure> {
        let none = || Failure::NoResource(path.to_owned());
        let inner = path.strip_prefix('/').ok_or_else(none)?;
        let parts = inner.strip_suffix('/').unwrap_or(inner).split('/').map(percent_decoded);
        let parts: SmallVec<[Cow<'_, str>; USUAL]> = parts.collect::<Result<_, _>>()?;
        let parts: SmallVec<[&str; USUAL]> = parts.iter().map(|part| &**part).collect();
        match *parts.as_slice() {
            [""] => Ok(Self::Home),
            ["oauth_token.do"] => Ok(Self::Token),
            ["openapi.json"] => Ok(Self::OpenApi),
            ["__admin", name] => admin(name).map(Self::Admin).ok_or_else(none),
            ["api", "now", version, ref rest @ ..] if is_version(version) => {
                of_api(Some(version), rest).ok_or_else(none)
            }
            ["api", "now", ref rest @ ..] => of_api(None, rest).ok_or_else(none),
            _ => Err(none()),
        }
    }

    /// Whether it is answered without credentials, or asks for its own.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::Admin(AdminRoute::Health) | Self::Token)
    }

    /// Whether it fails on demand: what steers a mock does not.
    pub(super) fn may_fail(&self) -> bool {
        !matches!(self, Self::Admin(_) | Self::Token)
    }

    /// The methods, as the header Allow has them.
    pub(super) fn allowed(&self) -> &'static str {
        match self {
            Self::Contacts | Self::Records(_) => "GET, HEAD, POST",
            Self::Contact(_)
            | Self::OpenApi
            | Self::Home
            | Self::Admin(AdminRoute::Health | AdminRoute::Export) => "GET, HEAD",
            Self::Record(..) => "GET, HEAD, PUT, PATCH, DELETE",
            Self::Token | Self::Admin(AdminRoute::Reset | AdminRoute::Seed) => "POST",
            Self::Admin(AdminRoute::Requests) => "GET, HEAD, DELETE",
        }
    }

    /// Whether the method is one of them.
    pub(super) fn allows(&self, method: &Method) -> bool {
        self.allowed().split([',', ' ']).any(|allowed| allowed == method.as_str())
    }

    /// Whether a request changes records.
    pub(super) fn changes(&self, method: &Method) -> bool {
        match self {
            Self::Contacts | Self::Contact(_) | Self::Records(_) | Self::Record(..) => {
                !matches!(*method, Method::GET | Method::HEAD)
            }
            Self::Admin(route) => matches!(route, AdminRoute::Reset | AdminRoute::Seed),
            Self::Token | Self::OpenApi | Self::Home => false,
        }
    }
}

fn of_api(version: Option<&str>, rest: &[&str]) -> Option<Route> {
    let route = |table: &str| TableRoute { table: table.into(), version: version.map(Into::into) };
    match *rest {
        ["contact"] => Some(Route::Contacts),
        ["contact", id] => Some(Route::Contact(id.into())),
        ["table", table] => Some(Route::Records(route(table))),
        ["table", table, id] => Some(Route::Record(route(table), id.into())),
        _ => None,
    }
}

fn admin(name: &str) -> Option<AdminRoute> {
    match name {
        "health" => Some(AdminRoute::Health),
        "reset" => Some(AdminRoute::Reset),
        "seed" => Some(AdminRoute::Seed),
        "export" => Some(AdminRoute::Export),
        "requests" => Some(AdminRoute::Requests),
        _ => None,
    }
}

/// `v` and digits.
fn is_version(part: &str) -> bool {
    let digits = part.strip_prefix('v').filter(|digits| !digits.is_empty());
    digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}
