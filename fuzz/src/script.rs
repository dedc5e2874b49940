//! Scripts: values that begin with `javascript:`, behind every operator, on fields of every type, at
//! the ends of time.
//!
//! Laws: nothing panics; errors point into the text; no value is a valid script unless it calls a
//! function of the table; without an environment only those functions give anything that ask for
//! nothing of it.

use arbitrary::{Result, Unstructured};
use encoded_query::function::{Function, Meaning as Answer};
use encoded_query::operator::Meaning;
use encoded_query::{
    Binder, Field, FieldType, FixedEnvironment, OnInvalid, Operator, PageRequest, Plan, Query,
    Schema, Table,
};

use crate::world::environment;
use crate::{text, words};

const FIELDS: [(&str, FieldType); 6] = [
    ("day", FieldType::Date),
    ("instant", FieldType::DateTime),
    ("words", FieldType::String),
    ("number", FieldType::Integer),
    ("yes", FieldType::Boolean),
    ("who", FieldType::Reference),
];

/// Pieces of scripts.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "(", ")", "()", "'", "\"", ",", "@", ";", " ", ".", "-", "0", "1", "7", "-1", "'3'", "99999999",
    "9223372036854775807", "-9223372036854775808", "9223372036854775808", "javascript:", "JavaScript:",
    "gs.", "new ", "x", "'start'", "'end'", "'2026-01-31'", "'0001-01-01'", "'9999-12-31'", "'23:59:59'",
    "'dayofweek'", "'monday'", "'EE'", "'hour'", "'23'", "GE", "Today", "é", "\t", "(0)", "(-1)", "(99999)",
    "label@", "day@", "\\", "getUser()", "{", "}", "+", "gs.eval", "''",
];

/// Checks one input: three bytes of choices, then the script.
pub fn run(data: &[u8]) {
    if let Ok(case) = Case::read(&mut Unstructured::new(data)) {
        case.check();
    }
}

struct Case {
    environment: Option<&'static FixedEnvironment>,
    kind: FieldType,
    operator: Operator,
    value: String,
    query: String,
}

impl Case {
    fn read(u: &mut Unstructured<'_>) -> Result<Self> {
        let [now, field, operator]: [u8; 3] = u.arbitrary()?;
        let (field, kind) = FIELDS[usize::from(field) % FIELDS.len()];
        let operator = Operator::ALL[usize::from(operator) % Operator::ALL.len()];
        let mut value = String::new();
        // Two operators have something before their script.
        if matches!(operator.meaning(), Meaning::Period(_) | Meaning::DatePart) {
            value.push_str("x@");
        }
        value.push_str("javascript:");
        while !u.is_empty() && value.len() < 200 {
            match u.arbitrary::<u8>()? {
                b'^' => {}
                byte @ ..0x80 => value.push(char::from(byte)),
                0x80..0xc0 => value.push_str(&words::function(u)?.name()),
                0xc0..0xd0 => value.push_str(&words::function(u)?.example()),
                byte => value.push_str(PIECES[usize::from(byte) % PIECES.len()]),
            }
            // More than one byte a piece, as there are more pieces than bytes for them.
            if value.len().is_multiple_of(3) && u.ratio(1, 4)? {
                value.push_str(u.choose(PIECES)?);
            }
        }
        let query = format!("{field}{operator}{value}");
        Ok(Self { environment: environment(now), kind, operator, value, query })
    }

    fn check(&self) {
        let table = TABLE.with(|table| *table);
        let mut binder = Binder::for_table(table.schema());
        if let Some(environment) = self.environment {
            binder = binder.environment(environment);
        }
        let bound = binder.bind(&Query::parse(self.query.as_str()));
        text::check_diagnostics(&self.query, bound.diagnostics());
        let is_valid = !bound.diagnostics().has_errors();
        if is_valid {
            self.check_valid();
        }
        if let Ok(plan) = Plan::new(bound, OnInvalid::ReturnNoRows) {
            let page = plan.run(table, PageRequest::ALL);
            assert!(is_valid || page.records.is_empty(), "{:?}", self.query);
        }
    }

    /// A valid condition calls what is listed, and what its environment can answer.
    fn check_valid(&self) {
        let script = match self.operator.meaning() {
            Meaning::Compare(_)
            | Meaning::Contains(..)
            | Meaning::OneOf(_)
            | Meaning::Between
            | Meaning::Pattern(_)
            | Meaning::Change(encoded_query::operator::Change::From)
            | Meaning::Change(encoded_query::operator::Change::To) => self.value.as_str(),
            Meaning::Period(_) | Meaning::DatePart => &self.value["x@".len()..],
            // These read no value, or read it as the plain name of a class.
            Meaning::Empty(_) | Meaning::Anything | Meaning::InstanceOf => return,
            Meaning::Change(_) => return,
            other => panic!("{other:?} takes no script: {:?}", self.query),
        };
        let call = script["javascript:".len()..].trim_ascii_start();
        let called = |function: &Function| {
            call.strip_prefix(&*function.name()).is_some_and(|rest| rest.starts_with('('))
        };
        let Some(function) = Function::all().find(called) else {
            panic!("{:?} is valid and calls nothing that is listed", self.query);
        };
        let meaning = function.meaning();
        assert_eq!(meaning == Answer::DatePart, self.operator == Operator::DatePart);
        let needs_nothing = matches!(meaning, Answer::DateGenerate | Answer::DatePart);
        assert!(self.environment.is_some() || needs_nothing, "{:?}", self.query);
        // No instant is a number or a boolean, and no user a date.
        let of_user = matches!(
            meaning,
            Answer::UserId | Answer::UserName | Answer::UserDisplayName | Answer::Groups
        );
        let reads = match self.kind {
            FieldType::Integer | FieldType::Boolean => of_user,
            FieldType::Date | FieldType::DateTime => !of_user,
            _ => true,
        };
        let of_text =
            matches!(self.operator.meaning(), Meaning::Contains(..) | Meaning::Pattern(_));
        let no_groups = meaning == Answer::Groups;
        assert!(reads || of_text || no_groups, "{:?}", self.query);
    }
}

thread_local! {
    static TABLE: &'static Table = Box::leak(Box::new(table()));
}

fn table() -> Table {
    let fields = FIELDS.map(|(name, kind)| match kind {
        FieldType::Reference => Field::reference(name, "t"),
        _ => Field::new(name, kind),
    });
    let mut table = Table::new(Schema::new("t", fields));
    let rows = [
        ["2026-01-15", "2026-01-15 12:00:00", "2026-01-15 12:00:00", "7", "true", "t1"],
        ["0001-01-01", "0001-01-01 00:00:00", "t1", "-1", "false", "a0"],
        ["9999-12-31", "9999-12-31 23:59:59", "x", "0", "", ""],
        ["2024-02-29", "2026-03-29 01:30:00", "javascript:", "", "1", "u1"],
        ["", "", "", "x", "x", "x"],
    ];
    for row in rows {
        let cells = FIELDS.iter().map(|(name, _)| *name).zip(row.map(Into::into));
        table.push(cells).expect("a record");
    }
    table
}
