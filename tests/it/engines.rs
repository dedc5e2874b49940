//! The column engine, the row engine and the naive evaluator give the same records: after any changes,
//! for any page, with every form of columns and every shortcut.

use std::borrow::Cow;
use std::cell::Cell;
use std::time::Duration;

use encoded_query::engine::Step;
use encoded_query::{
    Count, Field, FieldType, OnInvalid, Page, PageRequest, Plan, Record, Schema, Table,
};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::oracle::{bind, numbers, schema};
use crate::{generate, naive};

/// How many cases are tried; `ENCQ_ENGINE_CASES` asks for more. Each checks two tables and two queries
/// after each of up to eight changes, some 18 pairs of a query and rows.
fn cases() -> u32 {
    std::env::var("ENCQ_ENGINE_CASES").map_or(200, |cases| cases.parse().unwrap())
}

/// What happens to a table after it is filled.
#[derive(Clone, Debug)]
enum Edit {
    Insert(Vec<String>),
    Change(Index, usize, String),
    Remove(Index),
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let row = || generate::rows().prop_filter_map("a row", |rows| rows.into_iter().next());
    let edit = prop_oneof![
        row().prop_map(Edit::Insert),
        (any::<Index>(), 0..9_usize, row())
            .prop_map(|(at, column, row)| { Edit::Change(at, column, row[column].clone()) }),
        any::<Index>().prop_map(Edit::Remove),
    ];
    prop::collection::vec(edit, 0..8)
}

/// A table of generated rows beside the rows themselves.
struct Twin {
    table: Table,
    rows: Vec<(usize, Vec<String>)>,
    next: usize,
}

impl Twin {
    fn new(empty: fn(Schema) -> Table, rows: &[Vec<String>]) -> Self {
        let mut fields = schema();
        fields.add(Field::new("sys_id", FieldType::SysId));
        let mut twin = Self { table: empty(fields), rows: Vec::new(), next: 0 };
        for row in rows {
            twin.insert(row.clone());
        }
        twin
    }

    /// Some ids have digits alone, some are any text.
    fn id(number: usize) -> String {
        if number % 7 == 3 { format!("Row {number}") } else { format!("{number:032x}") }
    }

    fn insert(&mut self, row: Vec<String>) {
        let number = self.next;
        let names = generate::COLUMNS.iter().map(|column| column.name);
        let own = [("row", number.to_string().into()), ("sys_id", Self::id(number).into())];
        let texts = row.iter().map(|text| Cow::from(text.as_str()));
        self.table.push(names.zip(texts).chain(own)).unwrap();
        self.rows.push((number, row));
        self.next += 1;
    }

    fn edit(&mut self, edit: Edit) {
        match edit {
            Edit::Insert(row) => self.insert(row),
            Edit::Change(at, column, text) if !self.rows.is_empty() => {
                let at = at.index(self.rows.len());
                let (number, row) = &mut self.rows[at];
                row[column].clone_from(&text);
                let id = Self::id(*number).to_uppercase();
                let name = generate::COLUMNS[column].name;
                self.table.update(&id, [(name, text.into())]).unwrap();
            }
            Edit::Remove(at) if !self.rows.is_empty() => {
                let at = at.index(self.rows.len());
                let (number, _) = self.rows.remove(at);
                self.table.remove(&Self::id(number)).unwrap();
            }
            Edit::Change(..) | Edit::Remove(_) => {}
        }
    }

    fn check(&self, query: &str, page: PageRequest) {
        let plan = Plan::new(bind(&self.table, query), OnInvalid::IgnoreInvalidPart).unwrap();
        let rows: Vec<Vec<String>> = self.rows.iter().map(|(_, row)| row.clone()).collect();
        let expected = naive::select(query, &generate::COLUMNS, &rows, naive::Mode::Ignore);
        let expected: Vec<usize> = expected.into_iter().map(|at| self.rows[at].0).collect();
        let all = plan.run(&self.table, PageRequest::ALL);
        assert_eq!(numbers(&all), expected, "{query:?} {:?}", self.rows);
        // What one page found out is there for the next ones.
        let pages = [page, PageRequest { offset: 0, ..page }, PageRequest::ALL, page];
        agree(&plan, &self.table, &pages, query);
    }
}

/// Both engines give the same pages; so does a plan that was prepared for all of them.
#[track_caller]
pub(crate) fn agree(plan: &Plan, table: &Table, pages: &[PageRequest], query: &str) {
    let told = |page: &Page<Record<'_>>| {
        let rows: Vec<usize> = page.records.iter().map(Record::number).collect();
        (rows, page.has_more, page.total)
    };
    let prepared = plan.prepare(table);
    for page in pages {
        let by_rows = told(&plan.select(table.records(), *page));
        assert_eq!(told(&plan.run(table, *page)), by_rows, "{query:?} {page:?}");
        assert_eq!(told(&prepared.run(*page)), by_rows, "{query:?} {page:?} of {pages:?}");
    }
}

fn any_page() -> impl Strategy<Value = PageRequest> {
    let count = prop_oneof![Just(Count::Exact), Just(Count::Skip)];
    (0..12_u64, 0..6_u64, count).prop_map(|(offset, limit, count)| PageRequest {
        offset,
        limit,
        count,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn all_engines_agree(
        query in generate::query(),
        later in generate::query(),
        rows in generate::rows(),
        edits in edits(),
        page in any_page(),
    ) {
        for empty in [Table::eager, Table::new] {
            let mut twin = Twin::new(empty, &rows);
            // Twice, since what helps is built when it is asked for again.
            for _ in 0..2 {
                twin.check(&query, page);
            }
            for edit in edits.clone() {
                twin.edit(edit);
                twin.check(&query, page);
            }
            twin.check(&later, page);
        }
    }
}

/// A table of columns of every form, with odd values here and there.
pub(crate) fn large(rows: usize, empty: fn(Schema) -> Table) -> Table {
    let fields = [
        Field::new("sys_id", FieldType::SysId),
        Field::new("unique", FieldType::String),
        Field::new("city", FieldType::String),
        Field::new("group", FieldType::Reference),
        Field::new("active", FieldType::Boolean),
        Field::new("visits", FieldType::Integer),
        Field::new("born", FieldType::Date),
        Field::new("created", FieldType::DateTime),
        Field::new("late", FieldType::String),
    ];
    let mut table = empty(Schema::new("t", fields));
    for row in 0..rows {
        let mixed = row.wrapping_mul(2_654_435_761) % 1_000_003;
        let city = ["Oslo", "", "Bergen", "İzmir", "50% Off", "straße", "OSLO"][mixed % 7];
        let visits = match row % 1009 {
            5 => "many".to_owned(),
            6 => "007".to_owned(),
            _ => (mixed % 40_000).to_string(),
        };
        let unique = if row % 97 == 3 { String::new() } else { format!("Name {mixed} of {row}") };
        let late = if row == rows / 2 { "here" } else { "" };
        let values = [
            ("sys_id", format!("{:032x}", mixed * 1_000_000 + row)),
            ("unique", unique),
            ("city", city.to_owned()),
            ("group", format!("{:032X}", mixed % 50)),
            (
                "active",
                (if row % 1009 == 7 { "1" } else { ["true", "false", ""][mixed % 3] }).to_owned(),
            ),
            ("visits", visits),
            ("born", format!("19{:02}-{:02}-{:02}", mixed % 90 + 10, mixed % 12 + 1, row % 28 + 1)),
            (
                "created",
                format!("2024-01-{:02} {:02}:00:{:02}", mixed % 28 + 1, mixed % 24, row % 60),
            ),
            ("late", late.to_owned()),
        ];
        table.push(values.iter().map(|(name, text)| (*name, text.into()))).unwrap();
    }
    table
}

const QUERIES: [&str; 47] = [
    "",
    "active=true",
    "active!=true",
    "activeISEMPTY",
    "uniqueLIKE77",
    "uniqueNOT LIKE77",
    "uniqueLIKEzz",
    "uniqueSTARTSWITHname 9",
    "uniqueENDSWITH7",
    "uniqueISEMPTY",
    "unique=name 0 of 0",
    "unique>name 5",
    "uniqueBETWEENname 2@name 3",
    "cityINoslo,bergen",
    "cityNOT INoslo,bergen",
    "city=i\u{307}zmir^ORcityLIKE%",
    "city!=oslo^uniqueLIKE1",
    "group=0000000000000000000000000000000f",
    "groupSTARTSWITH00000000000000000000000000000001",
    "sys_idSTARTSWITH00000000000000000000000000",
    "visits>39990^ORvisits=7",
    "visitsBETWEEN100@200",
    "visitsIN1,2,3,4,5,6,7,8",
    "visitsISEMPTY",
    "born>1995-06-30^active=true",
    "bornISNOTEMPTY^created<2024-01-03 12:00:00",
    "created>=2024-01-28^NQcity=oslo^uniqueLIKE11",
    "lateISNOTEMPTY",
    "late=here^NQvisits=3",
    "uniqueSAMEASlate",
    "createdGT_FIELDborn",
    "visitsLT_FIELDvisits^ORvisitsSAMEASvisits",
    "createdLT_OR_EQUALS_FIELDcreated",
    "bornNSAMEASborn^ORactive=true",
    "123TEXTQUERY321=oslo 77",
    "ORDERBYunique",
    "ORDERBYDESCunique",
    "active=true^ORDERBYcity^ORDERBYDESCvisits^ORDERBYunique",
    "ORDERBYDESCcity",
    "cityISEMPTY^ORDERBYDESCcreated",
    "uniqueLIKE9^ORDERBYlate^ORDERBYactive",
    "ORDERBYgroup^ORDERBYDESCsys_id",
    "ORDERBYDESCvisits^ORDERBYborn",
    "visits<50^ORDERBYsys_id",
    // By the order that a sort has made, up to a text that is there.
    "unique<name 0 of 0",
    "unique<=name 0 of 0",
    "uniqueBETWEENname 0 of 0@name 2",
];

pub(crate) fn pages_agree(table: &Table, queries: &[&str]) {
    let rows = table.len() as u64;
    for query in queries {
        let plan = Plan::new(bind(table, query), OnInvalid::Forbid).unwrap();
        let pages = [
            (0, 10, Count::Exact),
            (0, 10, Count::Skip),
            (rows / 2, 3, Count::Exact),
            (rows.saturating_sub(1), 2, Count::Skip),
            (rows, 1, Count::Exact),
            (0, rows, Count::Exact),
            (3, 3, Count::Skip),
        ];
        let pages = pages.map(|(offset, limit, count)| PageRequest { offset, limit, count });
        agree(&plan, table, &pages, query);
    }
}

/// By which means a query is answered, with the records left after each step.
pub(crate) fn means(table: &Table, query: &str) -> String {
    let plan = Plan::new(bind(table, query), OnInvalid::Forbid).unwrap();
    let ticks = Cell::new(0);
    let clock = || {
        ticks.set(ticks.get() + 1);
        Duration::from_micros(ticks.get())
    };
    let page = PageRequest::default();
    let said = plan.analyze(table, page, clock).unwrap();
    assert_eq!(said.records, table.len() as u64);
    assert_eq!(Some(said.matches), plan.run(table, page).total);
    let step = |step: &Step| {
        let tests: Vec<String> =
            step.tests.iter().map(|(test, means)| format!("{test} {}", means.as_str())).collect();
        assert_eq!(step.time, Duration::from_micros(1));
        format!("{} {}: {}→{}", step.branch, tests.join(" or "), step.records.0, step.records.1)
    };
    let mut steps: Vec<String> = said.steps.iter().map(step).collect();
    steps.push(said.page.0.as_str().to_owned());
    format!("{query}\n  {}\n", steps.join("\n  "))
}

/// What narrows most for what it costs is asked first, in each form of a column by its own means.
#[test]
fn means_suit_columns_and_queries() {
    let table = large(20_000, Table::new);
    let queries = [
        "",
        "active=true",
        "uniqueLIKE77^cityINoslo,bergen^visits<50^active=true^sys_id=00",
        "groupISEMPTY^ORuniqueISEMPTY",
        "uniqueMATCH_RGXN.*7$^NQvisits=7",
        "uniqueSAMEASlate^123TEXTQUERY321=oslo",
        "ORDERBYunique",
        "active=true^ORDERBYcity^ORDERBYunique",
        "visits=7^ORDERBYunique",
    ];
    let all: String = queries.iter().map(|query| means(&table, query)).collect();
    insta::assert_snapshot!(all);
    // Finding a value gets its index when it was asked for often enough; a copy begins without.
    let (table, often) = (table.clone(), "unique=name 77");
    let first = means(&table, often);
    for _ in 0..200 {
        assert!(table.query(often).records.is_empty());
    }
    assert_eq!(first, format!("{often}\n  0 0 search: 20000→0\n  stored\n"));
    assert_eq!(means(&table, often), format!("{often}\n  0 0 index: 20000→0\n  stored\n"));
}

/// Where a word or a block of rows begins and ends.
#[test]
fn engines_agree_at_the_borders_of_words() {
    for rows in [0, 1, 63, 64, 65, 127, 128, 129] {
        for empty in [Table::eager, Table::new] {
            let table = large(rows, empty);
            for _ in 0..2 {
                pages_agree(&table, &QUERIES);
            }
        }
    }
}

/// Where codes get wider, columns take other forms, and shortcuts begin to pay.
#[test]
fn engines_agree_on_many_rows() {
    for rows in [65_535, 65_536, 65_537] {
        pages_agree(&large(rows, Table::new), &QUERIES);
    }
}

/// A column of ids in which other texts turn up later, and in numbers.
#[test]
fn ids_may_turn_out_to_be_texts() {
    let fields = [Field::new("sys_id", FieldType::SysId), Field::new("peer", FieldType::Reference)];
    let mut table = Table::new(Schema::new("t", fields));
    for row in 0..24_000 {
        let id = if row < 20_000 { format!("{row:032x}") } else { format!("Row {row}") };
        table.push([("sys_id", Cow::from(id.as_str())), ("peer", Cow::from(id.as_str()))]).unwrap();
    }
    let found = |query: &str| table.query(query).total;
    assert_eq!(found("peerSTARTSWITHrow 2^sys_idSTARTSWITHROW 2"), Some(4000));
    assert_eq!(found("peer=0000000000000000000000000000000F"), Some(1));
    assert_eq!(found("sys_id=row 20000^ORsys_id=0000000000000000000000000000000F"), Some(2));
}

/// Lists longer than rows are compared with at once: of numbers with gaps and without, and of ids.
#[test]
fn long_lists() {
    let mut table = large(20_000, Table::new);
    table.update(&format!("{:032x}", 0), [("unique", "Name anew".into())]).unwrap();
    let numbers: Vec<String> = (0..900).map(|n| (n * 7 + n % 3).to_string()).collect();
    let ids: Vec<String> = table
        .records()
        .step_by(31)
        .map(|record| record.text("sys_id").unwrap().into_owned())
        .collect();
    for list in [&numbers[..], &numbers[..20], &["1", "2", "3", "5"].map(String::from)] {
        let list = list.join(",");
        pages_agree(&table, &[&format!("visitsIN{list}"), &format!("visitsNOT IN{list}")]);
    }
    let list = ids.join(",");
    let queries = [format!("sys_idIN{list}"), format!("sys_idNOT IN{list}^active=true")];
    pages_agree(&table, &queries.each_ref().map(String::as_str));
}

/// Texts that no record has any more do not pile up.
#[test]
fn unused_texts_are_given_up() {
    let mut table = large(100, Table::new);
    let before = table.size();
    let id = format!("{:032x}", 0);
    for round in 0..2000 {
        let text = format!("{round} {}", "x".repeat(5000));
        table.update(&id, [("city", text.into())]).unwrap();
    }
    assert!(table.size() < before + 1_000_000, "{} {before}", table.size());
    pages_agree(&table, &["cityLIKExx", "cityISEMPTY", "cityINoslo,bergen^ORDERBYcity"]);
}

/// Long texts, nearly all different: their length does not multiply the work.
#[test]
fn long_texts_that_differ() {
    let fields = [Field::new("sys_id", FieldType::SysId), Field::new("notes", FieldType::String)];
    let mut table = Table::new(Schema::new("t", fields));
    let filling = "lorem ipsum ".repeat(340);
    for row in 0..20_000 {
        let notes = format!("{filling}{row}");
        table.push([("sys_id", format!("{row:032x}").into()), ("notes", notes.into())]).unwrap();
    }
    // Texts that begin alike are the worst for sorting.
    pages_agree(&table, &["notesENDSWITH 777", "notesLIKEM 19999^ORnotesISEMPTY"]);
    let last = table.query("ORDERBYDESCnotes").records[0].text("sys_id").unwrap().into_owned();
    assert_eq!(last, format!("{:032x}", 9999));
    table.shrink_to_fit();
    assert!(table.size() < 20_000 * (filling.len() + 64));
}

/// Changes in a large table, whose order is there already, and is kept, and is forgotten.
#[test]
fn engines_agree_after_changes_in_many_rows() {
    let sorts =
        ["ORDERBYunique", "uniqueSTARTSWITHname 9^ORDERBYDESCcity^ORDERBYunique", "ORDERBYsys_id"];
    let mut table = large(20_000, Table::new);
    pages_agree(&table, &sorts);
    for round in 0..3 {
        let ids: Vec<String> =
            table.records().map(|record| record.text("sys_id").unwrap().into_owned()).collect();
        for (number, id) in ids.iter().enumerate().skip(round).step_by(41 + round) {
            let text = format!("Name {number} again");
            let change =
                [("unique", Cow::from(text)), ("city", Cow::from("Åre")), ("visits", "".into())];
            table.update(id, change).unwrap();
        }
        for id in ids.iter().skip(round + 7).step_by(3) {
            table.remove(id).unwrap();
        }
        for number in 0..700 {
            let id = format!("new {round} {number}");
            let unique = format!("Name {}", number * 31);
            table.push([("sys_id", id.into()), ("unique", unique.into())]).unwrap();
        }
        pages_agree(&table, &sorts);
        pages_agree(&table, &QUERIES[..30]);
    }
}
