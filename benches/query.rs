//! The row engine on 10,000 contacts beside a loop written by hand over the same rows, each counting
//! the matches: rows of borrowed text, nothing parsed or allocated per row.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a bench")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use encoded_query::{
    Binder, Database, Field, FieldPath, FieldType, OnInvalid, PageRequest, Plan, Query, Row,
    Schema, Table, ValueRef, demo,
};

const ROWS: u64 = 10_000;

/// A contact as an embedder keeps it.
struct Contact {
    name: String,
    email: String,
    city: String,
    country: String,
    active: bool,
    columns: &'static [Column],
}

/// What stands in each slot of the schema, so that no name is compared per row.
#[derive(Clone, Copy)]
enum Column {
    Name,
    Email,
    City,
    Country,
    Active,
    Other,
}

impl Row for Contact {
    fn value(&self, path: &FieldPath) -> ValueRef<'_> {
        match self.columns.get(path.slot()) {
            Some(Column::Name) => self.name.as_str().into(),
            Some(Column::Email) => self.email.as_str().into(),
            Some(Column::City) => self.city.as_str().into(),
            Some(Column::Country) => self.country.as_str().into(),
            Some(Column::Active) => self.active.into(),
            Some(Column::Other) | None => ValueRef::Empty,
        }
    }
}

fn contacts(schema: &Schema) -> Vec<Contact> {
    let column = |name: &str| match name {
        "name" => Column::Name,
        "email" => Column::Email,
        "city" => Column::City,
        "country" => Column::Country,
        "active" => Column::Active,
        _ => Column::Other,
    };
    let columns: Vec<Column> = schema.fields().iter().map(|field| column(&field.name)).collect();
    let columns: &'static [Column] = columns.leak();
    let rows = demo::contacts(demo::DEMO_SEED).take(usize::try_from(ROWS).unwrap());
    rows.map(|row| {
        let text = |name: &str| {
            let found = row.iter().find(|(field, _)| *field == name);
            found.map(|(_, text)| text.clone()).unwrap_or_default()
        };
        Contact {
            name: text("name"),
            email: text("email"),
            city: text("city"),
            country: text("country"),
            active: text("active") == "true",
            columns,
        }
    })
    .collect()
}

type ByHand = fn(&Contact) -> bool;

fn queries() -> [(&'static str, ByHand); 5] {
    [
        ("active=true", |c| c.active),
        ("nameLIKEwarren", |c| c.name.to_lowercase().contains("warren")),
        ("emailENDSWITHexample.org", |c| c.email.to_lowercase().ends_with("example.org")),
        ("countryINUSA,DEU,JPN", |c| {
            ["usa", "deu", "jpn"].contains(&c.country.to_lowercase().as_str())
        }),
        ("active=true^nameSTARTSWITHge^ORcityLIKEor^NQcityISEMPTY", |c| {
            c.active
                && (c.name.to_lowercase().starts_with("ge") || c.city.to_lowercase().contains("or"))
                || c.city.is_empty()
        }),
    ]
}

fn row_engine(c: &mut Criterion) {
    let schema = Schema::customer_contact();
    let rows = contacts(&schema);
    let binder = Binder::for_table(&schema);
    for (text, by_hand) in queries() {
        let plan = Plan::new(binder.bind(&Query::parse(text)), OnInvalid::Forbid).unwrap();
        let count = PageRequest { limit: 0, ..PageRequest::default() };
        let counted = || plan.select(&rows, count).total.unwrap();
        let one_by_one = || rows.iter().filter(|row| plan.matches(*row)).count() as u64;
        let matching = rows.iter().filter(|row| by_hand(row)).count() as u64;
        assert_eq!((counted(), one_by_one()), (matching, matching), "{text}");
        let mut group = c.benchmark_group(text);
        group.throughput(Throughput::Elements(ROWS));
        group.bench_function("row engine", |b| b.iter(|| black_box(counted())));
        group.bench_function("row by row", |b| b.iter(|| black_box(one_by_one())));
        group.bench_function("by hand", |b| {
            b.iter(|| rows.iter().filter(|row| by_hand(black_box(row))).count());
        });
        group.finish();
    }
    let plan = Plan::new(binder.bind(&Query::parse("ORDERBYname")), OnInvalid::Forbid).unwrap();
    c.bench_function("a page of everything sorted by name", |b| {
        b.iter(|| plan.select(black_box(&rows), PageRequest::default()));
    });
}

/// A condition on a field of the record a reference leads to, over the tables of a database, beside the
/// same condition on a field of the record itself.
fn dot_walk(c: &mut Criterion) {
    let (mut contacts, mut accounts) = (contacts_table(), accounts_table());
    let plan = |database: &Database, query: &str| {
        let binder = Binder::new(database.catalog(), "contact").unwrap();
        Plan::new(binder.bind(&Query::parse(query)), OnInvalid::Forbid).unwrap()
    };
    for number in 0..1_000_u64 {
        let city = ["Oslo", "Berlin", "Orlando"][usize::try_from(number % 3).unwrap()];
        accounts.push([("sys_id", id(number).into()), ("city", city.into())]).unwrap();
    }
    for number in 0..ROWS {
        let (id, account) = (id(number), id(number * 7 % 1_100));
        let city = if number % 3 == 0 { "Oslo" } else { "Berlin" };
        contacts
            .push([("sys_id", id.into()), ("account", account.into()), ("city", city.into())])
            .unwrap();
    }
    let database = Database::new([contacts, accounts]).unwrap();
    let count = PageRequest { limit: 0, ..PageRequest::default() };
    let mut group = c.benchmark_group("dot-walk");
    group.throughput(Throughput::Elements(ROWS));
    for query in ["city=oslo", "account.city=oslo", "account.cityLIKElan"] {
        let plan = plan(&database, query);
        assert!(plan.run(&database, count).total > Some(ROWS / 4));
        group.bench_function(query, |b| b.iter(|| plan.run(black_box(&database), count).total));
    }
    group.finish();
}

fn id(number: u64) -> String {
    format!("{number:032x}")
}

fn contacts_table() -> Table {
    Table::new(Schema::new(
        "contact",
        [
            Field::new("sys_id", FieldType::SysId),
            Field::reference("account", "account"),
            Field::new("city", FieldType::String),
        ],
    ))
}

fn accounts_table() -> Table {
    let fields = [Field::new("sys_id", FieldType::SysId), Field::new("city", FieldType::String)];
    Table::new(Schema::new("account", fields))
}

criterion_group!(benches, row_engine, dot_walk);
criterion_main!(benches);
