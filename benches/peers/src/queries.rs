//! The queries, each once as a tree that every engine translates, and as the text this library reads.

use std::collections::HashMap;

use serde::Serialize;

use crate::generator::{COLUMNS, Contact, Kind, contacts, fold, instant};

/// What a field is compared with: texts folded, date-times as seconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    Text(String),
    Integer(i64),
    Boolean(bool),
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    Equal(&'static str, Value),
    /// True of filled fields only, as [`NotContains`](Self::NotContains).
    NotEqual(&'static str, Value),
    In(&'static str, Vec<String>),
    StartsWith(&'static str, String),
    EndsWith(&'static str, String),
    Contains(&'static str, String),
    NotContains(&'static str, String),
    AtLeast(&'static str, i64),
    Less(&'static str, i64),
    Between(&'static str, i64, i64),
    Empty(&'static str),
    NotEmpty(&'static str),
}

/// Any of the branches, of which all groups hold, of which any test holds; everything if empty.
pub type Filter = Vec<Vec<Vec<Test>>>;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Key {
    pub column: &'static str,
    pub descending: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Query {
    pub number: usize,
    pub name: &'static str,
    pub filter: Filter,
    pub order: Vec<Key>,
    pub offset: usize,
}

/// Rows of a page.
pub const LIMIT: usize = 10;

/// Values to ask for that depend on the rows there are.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub rows: usize,
    pub email: String,
    /// One with about ten contacts.
    pub account: String,
    pub user_names: Vec<String>,
}

impl Wanted {
    pub fn of(rows: usize, seed: u64) -> Self {
        let (mut email, mut user_names) = (String::new(), Vec::new());
        let mut accounts: HashMap<String, (usize, usize)> = HashMap::new();
        let every = (rows / 50).max(1);
        for (row, contact) in contacts(rows, seed).enumerate() {
            if row == rows * 2 / 3 {
                contact.text("email").clone_into(&mut email);
            }
            if row % every == every / 2 && user_names.len() < 50 {
                user_names.push(contact.text("user_name").to_owned());
            }
            accounts.entry(contact.text("account").to_owned()).or_insert((row, 0)).1 += 1;
        }
        let nearest = accounts.into_iter().min_by_key(|(_, (row, n))| (n.abs_diff(10), *row));
        let account = nearest.map(|(account, _)| account).unwrap_or_default();
        Self { rows, email, account, user_names }
    }
}

fn text(text: &str) -> Value {
    Value::Text(fold(text))
}

fn is(column: &'static str) -> Test {
    Test::Equal(column, Value::Boolean(true))
}

fn contains(column: &'static str, text: &str) -> Test {
    Test::Contains(column, text.to_owned())
}

/// The bounds of the date range: spring of 2024.
pub const SPRING: (&str, &str) = ("2024-03-01 00:00:00", "2024-06-01 00:00:00");

/// One branch whose groups hold one test each.
fn all<const N: usize>(tests: [Test; N]) -> Filter {
    vec![tests.map(|test| vec![test]).into()]
}

fn up(column: &'static str) -> Key {
    Key { column, descending: false }
}

fn down(column: &'static str) -> Key {
    Key { column, descending: true }
}

/// The queries, in the order of the report.
pub fn queries(wanted: &Wanted) -> Vec<Query> {
    let filters = filters(wanted).into_iter().map(|(name, filter)| (name, filter, vec![], 0));
    let three = vec![up("city"), down("sys_updated_on"), up("name")];
    let sorted = [
        ("sort by one key", all([Test::Equal("country", text("USA"))]), vec![up("name")], 0),
        ("sort by three keys", all([is("active")]), three, 0),
        ("all, descending, at n/2", vec![], vec![down("name")], wanted.rows / 2),
    ];
    let numbered = filters.chain(sorted).enumerate();
    numbered
        .map(|(number, (name, filter, order, offset))| Query {
            number,
            name,
            filter,
            order,
            offset,
        })
        .collect()
}

fn filters(wanted: &Wanted) -> Vec<(&'static str, Filter)> {
    use Test::{AtLeast, Between, Empty, EndsWith, Equal, In, Less, NotEmpty, StartsWith};
    let (from, to) = (crate::generator::seconds(SPRING.0), crate::generator::seconds(SPRING.1));
    vec![
        ("equality, unique", all([Equal("email", text(&wanted.email))])),
        ("equality, frequent", all([is("active")])),
        ("equality, rare", all([Equal("account", text(&wanted.account))])),
        ("LIKE", all([contains("name", "war")])),
        ("STARTSWITH", all([StartsWith("last_name", "bro".into())])),
        ("ENDSWITH", all([EndsWith("email", "fjord.example.org".into())])),
        ("IN, 50 values", all([In("user_name", wanted.user_names.clone())])),
        (
            "range and BETWEEN",
            all([
                AtLeast("sys_created_on", from),
                Less("sys_created_on", to),
                Between("sys_mod_count", 5, 20),
            ]),
        ),
        ("ISEMPTY and ISNOTEMPTY", all([Empty("middle_name"), NotEmpty("roles")])),
        (
            "OR group",
            vec![vec![
                vec![is("active")],
                vec![contains("name", "gar"), contains("city", "gar"), contains("phone", "147")],
            ]],
        ),
        ("NQ", nq()),
        (
            "NOT LIKE and !=",
            all([
                Test::NotContains("title", "manager".into()),
                Test::NotEqual("country", text("USA")),
            ]),
        ),
        ("LIKE without a hit", all([contains("email", "zzqx")])),
    ]
}

fn nq() -> Filter {
    let first = [Test::Equal("country", text("DEU")), is("vip")];
    let second = [Test::Equal("city", text("Newhaven")), is("locked_out")];
    vec![first.map(|test| vec![test]).into(), second.map(|test| vec![test]).into()]
}

impl Query {
    /// The columns it asks for.
    pub fn columns(&self) -> impl Iterator<Item = &'static str> {
        let tests = self.filter.iter().flatten().flatten().map(Test::column);
        tests.chain(self.order.iter().map(|key| key.column))
    }

    /// The encoded query.
    pub fn text(&self) -> String {
        let mut parts = Vec::new();
        for (branch, groups) in self.filter.iter().enumerate() {
            for (group, tests) in groups.iter().enumerate() {
                for (number, test) in tests.iter().enumerate() {
                    let join = match (branch, group, number) {
                        (_, _, 1..) => "OR",
                        (1.., 0, 0) => "NQ",
                        _ => "",
                    };
                    parts.push(format!("{join}{}", test.text()));
                }
            }
        }
        for Key { column, descending } in &self.order {
            parts.push(format!("{}{column}", if *descending { "ORDERBYDESC" } else { "ORDERBY" }));
        }
        parts.join("^")
    }
}

impl Test {
    pub fn column(&self) -> &'static str {
        match self {
            Self::Equal(column, _)
            | Self::NotEqual(column, _)
            | Self::In(column, _)
            | Self::StartsWith(column, _)
            | Self::EndsWith(column, _)
            | Self::Contains(column, _)
            | Self::NotContains(column, _)
            | Self::AtLeast(column, _)
            | Self::Less(column, _)
            | Self::Between(column, _, _)
            | Self::Empty(column)
            | Self::NotEmpty(column) => column,
        }
    }

    fn text(&self) -> String {
        let number = |column: &str, number: i64| match kind(column) {
            Kind::DateTime => instant(number),
            _ => number.to_string(),
        };
        let value = |column: &str, value: &Value| match value {
            Value::Text(text) => text.clone(),
            Value::Integer(integer) => number(column, *integer),
            Value::Boolean(boolean) => boolean.to_string(),
        };
        match self {
            Self::Equal(column, with) => format!("{column}={}", value(column, with)),
            Self::NotEqual(column, with) => format!("{column}!={}", value(column, with)),
            Self::In(column, values) => format!("{column}IN{}", values.join(",")),
            Self::StartsWith(column, text) => format!("{column}STARTSWITH{text}"),
            Self::EndsWith(column, text) => format!("{column}ENDSWITH{text}"),
            Self::Contains(column, text) => format!("{column}LIKE{text}"),
            Self::NotContains(column, text) => format!("{column}NOT LIKE{text}"),
            Self::AtLeast(column, low) => format!("{column}>={}", number(column, *low)),
            Self::Less(column, high) => format!("{column}<{}", number(column, *high)),
            Self::Between(column, low, high) => {
                format!("{column}BETWEEN{}@{}", number(column, *low), number(column, *high))
            }
            Self::Empty(column) => format!("{column}ISEMPTY"),
            Self::NotEmpty(column) => format!("{column}ISNOTEMPTY"),
        }
    }
}

pub fn kind(column: &str) -> Kind {
    let found = COLUMNS.iter().find(|(name, _)| *name == column);
    found.expect("a column of contacts").1
}

/// The columns that any query asks for, in the order of [`COLUMNS`].
pub fn queried(queries: &[Query]) -> Vec<(&'static str, Kind)> {
    let asked: Vec<&str> = queries.iter().flat_map(Query::columns).collect();
    COLUMNS.into_iter().filter(|(name, _)| asked.contains(name)).collect()
}

/// What a column engine keeps: the queried columns typed and folded, then the texts of all others,
/// and those of the queried ones that folding changes.
pub fn layout(queries: &[Query]) -> Vec<(String, Kind, &'static str)> {
    let queried = queried(queries);
    let typed = queried.iter().map(|(name, kind)| ((*name).to_owned(), *kind, *name));
    let is_kept = |(name, kind): &(&'static str, Kind)| {
        *kind == Kind::Text || !queried.iter().any(|(asked, _)| asked == name)
    };
    let texts = COLUMNS.into_iter().filter(is_kept);
    typed.chain(texts.map(|(name, _)| (format!("text_{name}"), Kind::Text, name))).collect()
}

/// The values of a contact in that layout, as texts; dates as seconds.
pub fn laid_out(contact: &Contact, layout: &[(String, Kind, &'static str)]) -> Vec<String> {
    let text = |(name, kind, column): &(String, Kind, &'static str)| match kind {
        _ if name != column => contact.text(column).to_owned(),
        Kind::DateTime => contact.integer(column).to_string(),
        _ => contact.folded(column),
    };
    layout.iter().map(text).collect()
}
