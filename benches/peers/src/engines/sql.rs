//! Queries as SQL over folded columns, in the form that was fastest in each dialect.

use crate::queries::{Key, LIMIT, Query, Test, Value};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    /// `SQLite` told to take no index for conditions.
    SqliteScan,
    DuckDb,
}

impl Dialect {
    /// Statements that tell how many rows match: one of them is the fastest.
    pub(super) fn counts(self, query: &Query) -> Vec<String> {
        let count = |way: Self| format!("SELECT count(*) FROM contact{}", way.filter(query));
        self.ways().map(count).collect()
    }

    /// Statements that give the page; `row` is the place in insertion order.
    pub(super) fn pages(self, query: &Query) -> Vec<String> {
        let page = |way: Self, order: &str| {
            let (filter, offset) = (way.filter(query), query.offset);
            format!("SELECT row FROM contact{filter}{order} LIMIT {LIMIT} OFFSET {offset}")
        };
        let order = self.order(&query.order);
        let mut pages: Vec<String> = self.ways().map(|way| page(way, &order)).collect();
        if query.order.is_empty() {
            // DuckDB keeps the order of insertion by itself; to the planner of SQLite this is not the
            // order the rows lie in.
            pages.push(page(self, if self == Self::DuckDb { "" } else { " ORDER BY +row" }));
        }
        pages
    }

    /// The ways to ask for a filter.
    fn ways(self) -> impl Iterator<Item = Self> {
        let other = (self == Self::Sqlite).then_some(Self::SqliteScan);
        std::iter::once(self).chain(other)
    }

    fn order(self, keys: &[Key]) -> String {
        let key = |key: &Key| match (key.descending, self) {
            (false, Self::DuckDb) => format!("{} NULLS FIRST", key.column),
            (true, Self::DuckDb) => format!("{} DESC NULLS LAST", key.column),
            (false, _) => key.column.to_owned(),
            (true, _) => format!("{} DESC", key.column),
        };
        let mut keys: Vec<String> = keys.iter().map(key).collect();
        keys.push("row".into());
        format!(" ORDER BY {}", keys.join(", "))
    }

    fn filter(self, query: &Query) -> String {
        let test = |test: &Test| self.test(&self.column(test.column()), test);
        let tests = |tests: &Vec<Test>| joined(tests.iter().map(test), " OR ");
        let groups = |groups: &Vec<Vec<Test>>| joined(groups.iter().map(tests), " AND ");
        if query.filter.is_empty() {
            return String::new();
        }
        format!(" WHERE {}", joined(query.filter.iter().map(groups), " OR "))
    }

    /// A column as conditions name it.
    fn column(self, name: &str) -> String {
        let plus = if self == Self::SqliteScan { "+" } else { "" };
        format!("{plus}{name}")
    }

    fn test(self, column: &str, test: &Test) -> String {
        match test {
            Test::Equal(_, Value::Boolean(true)) if self == Self::DuckDb => column.into(),
            Test::Equal(_, value) => format!("{column} = {}", literal(value)),
            Test::NotEqual(_, value) => format!("{column} <> {}", literal(value)),
            Test::In(_, values) => {
                let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
                format!("{column} IN ({})", values.join(", "))
            }
            Test::StartsWith(_, text) => self.starts_with(column, text),
            Test::EndsWith(_, text) => self.ends_with(column, text),
            Test::Contains(_, text) => self.contains(column, text),
            Test::NotContains(_, text) => format!("NOT {}", self.contains(column, text)),
            Test::AtLeast(_, low) => format!("{column} >= {low}"),
            Test::Less(_, high) => format!("{column} < {high}"),
            Test::Between(_, low, high) => format!("{column} BETWEEN {low} AND {high}"),
            Test::Empty(_) => format!("{column} IS NULL"),
            Test::NotEmpty(_) => format!("{column} IS NOT NULL"),
        }
    }

    fn contains(self, column: &str, text: &str) -> String {
        match self {
            Self::Sqlite | Self::SqliteScan => {
                format!("(instr({column}, {}) > 0)", quoted(text))
            }
            Self::DuckDb => format!("contains({column}, {})", quoted(text)),
        }
    }

    /// In SQLite as a range, which indexes serve.
    fn starts_with(self, column: &str, text: &str) -> String {
        match self {
            Self::Sqlite | Self::SqliteScan => {
                let beyond = format!("{text}\u{10FFFF}");
                format!("({column} >= {} AND {column} < {})", quoted(text), quoted(&beyond))
            }
            Self::DuckDb => format!("starts_with({column}, {})", quoted(text)),
        }
    }

    fn ends_with(self, column: &str, text: &str) -> String {
        match self {
            Self::Sqlite | Self::SqliteScan => {
                format!("substr({column}, -{}) = {}", text.chars().count(), quoted(text))
            }
            Self::DuckDb => format!("ends_with({column}, {})", quoted(text)),
        }
    }
}

fn joined(parts: impl Iterator<Item = String>, with: &str) -> String {
    let parts: Vec<String> = parts.collect();
    if parts.len() == 1 { parts.concat() } else { format!("({})", parts.join(with)) }
}

fn literal(value: &Value) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::Integer(number) => number.to_string(),
        Value::Boolean(value) => i32::from(*value).to_string(),
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
