//! What can be done with records, by method.

/// A method of a path.
#[derive(Clone, Copy)]
pub(super) struct Action {
    pub(super) method: &'static str,
    /// Its operation's name begins with this.
    pub(super) verb: &'static str,
    /// Its summary begins with this.
    pub(super) does: &'static str,
    pub(super) takes_body: bool,
    pub(super) status: &'static str,
    pub(super) says: &'static str,
    pub(super) gives: Gives,
    pub(super) headers: &'static [&'static str],
    /// Refusals beside those for the credentials and the body.
    pub(super) errors: &'static [&'static str],
}

/// What an answer holds.
#[derive(Clone, Copy)]
pub(super) enum Gives {
    Nothing,
    List,
    One,
    /// Of a new record.
    New,
}

const GET: Action = Action {
    method: "get",
    verb: "get",
    does: "Gets",
    takes_body: false,
    status: "200",
    says: "The record",
    gives: Gives::One,
    headers: &[],
    errors: &["400", "404"],
};

const LIST: Action = Action {
    verb: "list",
    does: "Finds",
    says: "A page of the records that match",
    gives: Gives::List,
    headers: &["X-Total-Count", "Link", "X-Query-Diagnostics", "Warning"],
    errors: &["400"],
    ..GET
};

const POST: Action = Action {
    method: "post",
    verb: "create",
    does: "Creates",
    takes_body: true,
    status: "201",
    says: "The record was created",
    gives: Gives::New,
    headers: &["X-Ignored-Fields"],
    errors: &[],
};

const PUT: Action = Action {
    method: "put",
    verb: "put",
    does: "Changes the given fields of",
    status: "200",
    says: "The record as it is now",
    gives: Gives::One,
    errors: &["404"],
    ..POST
};

const DELETE: Action = Action {
    method: "delete",
    verb: "delete",
    does: "Deletes",
    status: "204",
    says: "The record was deleted",
    gives: Gives::Nothing,
    errors: &["404", "507"],
    ..GET
};

/// What a path of all records takes.
pub(super) const OF_ALL: [Action; 3] =
    [LIST, Action { verb: "count", does: "Counts", ..head(LIST) }, POST];

/// What a path of one record takes that is only read.
pub(super) const OF_ONE_READ: [Action; 2] =
    [GET, Action { verb: "find", does: "Looks for", ..head(GET) }];

/// What changes or removes one record.
pub(super) const OF_ONE_WRITE: [Action; 3] =
    [PUT, Action { method: "patch", verb: "patch", ..PUT }, DELETE];

const fn head(of: Action) -> Action {
    Action {
        method: "head",
        says: "What GET answers, without its body",
        gives: Gives::Nothing,
        ..of
    }
}
