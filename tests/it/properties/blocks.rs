//! Blocks against loops over the rows they ask about.

use encoded_query::{Database, Field, FieldType};
use proptest::prelude::*;

use super::{any_of, cases, filled, found, meeting, schema};

/// Texts of the fields of each table, in the order of `database`.
#[derive(Clone, Debug)]
pub(super) struct World {
    contacts: Vec<Vec<String>>,
    incidents: Vec<Vec<String>>,
    links: Vec<Vec<String>>,
    accounts: Vec<Vec<String>>,
    owners: Vec<Vec<String>>,
}

fn word() -> BoxedStrategy<String> {
    any_of(&["", "open", "OPEN", "shut", "Ann", "10"]).prop_map(str::to_owned).boxed()
}

fn size() -> BoxedStrategy<String> {
    any_of(&["", "1", "2", "3", "10", "x"]).prop_map(str::to_owned).boxed()
}

fn reference(table: &'static str) -> BoxedStrategy<String> {
    let found = (0..5_u32).prop_map(move |number| format!("{table}{number}"));
    prop_oneof![6 => found, 1 => Just(format!("{table}99")), 1 => Just(String::new())].boxed()
}

pub(super) fn world() -> impl Strategy<Value = World> {
    let rows = |cells: Vec<BoxedStrategy<String>>, most| prop::collection::vec(cells, 1..most);
    (
        rows(vec![word(), size(), reference("account"), reference("contact")], 6),
        rows(vec![word(), size(), reference("contact")], 12),
        rows(vec![reference("contact"), reference("incident")], 12),
        rows(vec![word(), size(), reference("owner")], 6),
        rows(vec![word(), size(), reference("owner")], 6),
    )
        .prop_map(|(contacts, incidents, links, accounts, owners)| World {
            contacts,
            incidents,
            links,
            accounts,
            owners,
        })
}

impl World {
    pub(super) fn database(&self) -> Database {
        let state = || Field::new("state", FieldType::String);
        let size = || Field::new("size", FieldType::Integer);
        let to = |name: &'static str, table: &'static str| Field::reference(name, table);
        let contact = [state(), size(), to("account", "account"), to("boss", "contact")];
        let tables = [
            (schema("contact", contact), &self.contacts),
            (schema("incident", [state(), size(), to("contact", "contact")]), &self.incidents),
            (schema("link", [to("contact", "contact"), to("incident", "incident")]), &self.links),
            (schema("account", [state(), size(), to("owner", "owner")]), &self.accounts),
            (schema("owner", [state(), size(), to("boss", "owner")]), &self.owners),
        ];
        Database::new(tables.map(|(schema, rows)| filled(schema, rows))).unwrap()
    }
}

/// Conditions every table but `link` has the fields for, and what they ask of state and size.
type Asks = fn(&str, Option<i64>) -> bool;
const CONDITIONS: [(&str, Asks); 8] = [
    ("state=open", |state, _| state == "open"),
    ("state!=open", |state, _| !state.is_empty() && state != "open"),
    ("stateISEMPTY", |state, _| state.is_empty()),
    ("stateLIKEn", |state, _| state.contains('n')),
    ("size>1", |_, size| size > Some(1)),
    ("size<3", |_, size| size.is_some_and(|size| size < 3)),
    ("sizeIN1,10", |_, size| size == Some(1) || size == Some(10)),
    ("sizeISEMPTY", |_, size| size.is_none()),
];

/// Conditions with what stands before them: nothing, `OR` or `NQ`.
#[derive(Clone, Debug)]
pub(super) struct Inner(Vec<(&'static str, usize)>);

pub(super) fn inner() -> impl Strategy<Value = Inner> {
    let join = any_of(&["", "", "OR", "NQ"]);
    prop::collection::vec((join, 0..CONDITIONS.len()), 0..4).prop_map(Inner)
}

fn one_branch() -> impl Strategy<Value = Inner> {
    inner().prop_map(|Inner(mut conditions)| {
        for (join, _) in &mut conditions {
            *join = join.trim_start_matches("NQ");
        }
        Inner(conditions)
    })
}

impl Inner {
    /// The conditions, each behind carets; fields behind `walk`.
    pub(super) fn text(&self, carets: &str, walk: &str) -> String {
        let mut text = String::new();
        for (number, (join, condition)) in self.0.iter().enumerate() {
            let join = if number == 0 { "" } else { join };
            text = format!("{text}{carets}{join}{walk}{}", CONDITIONS[*condition].0);
        }
        text
    }

    /// §1.3: OR binds tighter than AND, and AND tighter than NQ.
    pub(super) fn holds(&self, texts: Option<&[String]>) -> bool {
        let none = [String::new(), String::new()];
        let texts = texts.unwrap_or(&none);
        let (state, size) = (texts[0].to_lowercase(), texts[1].parse().ok());
        let mut branches = vec![vec![]];
        for (number, (join, condition)) in self.0.iter().enumerate() {
            let answer = CONDITIONS[*condition].1(&state, size);
            if number > 0 && *join == "NQ" {
                branches.push(vec![]);
            }
            let groups = branches.last_mut().unwrap();
            match groups.last_mut() {
                Some(group) if *join == "OR" && number > 0 => *group |= answer,
                _ => groups.push(answer),
            }
        }
        branches.iter().any(|groups| groups.iter().all(|group| *group))
    }
}

fn named<'w>(rows: &'w [Vec<String>], table: &str, id: &str) -> Option<&'w Vec<String>> {
    rows.get(id.strip_prefix(table)?.parse::<usize>().ok()?)
}

/// How a number of rows is compared.
type Compares = fn(usize, usize) -> bool;
const COMPARISONS: [(&str, Compares); 6] = [
    ("=", |rows, n| rows == n),
    ("!=", |rows, n| rows != n),
    ("<", |rows, n| rows < n),
    ("<=", |rows, n| rows <= n),
    (">", |rows, n| rows > n),
    (">=", |rows, n| rows >= n),
];

/// A block with the rows it holds for, alone and among conditions (§1.3: a block is a group).
fn check(world: &World, block: &str, expected: &[usize]) {
    let database = world.database();
    let run = |query: &str| found(&database, "contact", query);
    assert_eq!(run(block), expected, "{block} {world:?}");
    let is_open = |row: &Vec<String>| row[0].eq_ignore_ascii_case("open");
    let open = meeting(&world.contacts, is_open);
    let both: Vec<usize> = expected.iter().filter(|row| open.contains(row)).copied().collect();
    assert_eq!(run(&format!("state=open^{block}")), both, "{block}");
    assert_eq!(run(&format!("{block}^EQ^state=open")), both, "{block}");
    let either: Vec<usize> = (0..world.contacts.len())
        .filter(|row| expected.contains(row) || open.contains(row))
        .collect();
    assert_eq!(run(&format!("{block}^ORstate=open")), either, "{block}");
    assert_eq!(run(&format!("{block}^NQstate=open")), either, "{block}");
}

proptest! {
    #![proptest_config(cases(300))]

    /// §1.9 RLQUERY: the number of rows that refer to this row and meet the conditions.
    #[test]
    fn related_lists_count(world in world(), inner in inner(), comparison in 0..6_usize, n in 0..4_usize) {
        let (sign, compares) = COMPARISONS[comparison];
        let block = format!("RLQUERYincident.contact,{sign}{n}{}^ENDRLQUERY", inner.text("^", ""));
        let expected: Vec<usize> = (0..world.contacts.len()).filter(|row| {
            let refers = |row_of: &&Vec<String>| row_of[2] == format!("contact{row}");
            let rows = world.incidents.iter().filter(refers);
            compares(rows.filter(|incident| inner.holds(Some(incident))).count(), n)
        }).collect();
        check(&world, &block, &expected);
    }

    /// §1.9 m2m: the link table is counted, and the conditions walk from it.
    #[test]
    fn links_count(world in world(), inner in inner(), comparison in 0..6_usize, n in 0..4_usize) {
        let (sign, compares) = COMPARISONS[comparison];
        let conditions = inner.text("^", "incident.");
        let block = format!("RLQUERYlink.contact,{sign}{n},m2m{conditions}^ENDRLQUERY");
        let expected: Vec<usize> = (0..world.contacts.len()).filter(|row| {
            let rows = world.links.iter().filter(|link| link[0] == format!("contact{row}"));
            let incident = |link: &Vec<String>| named(&world.incidents, "incident", &link[1]);
            let meets = |link: &&Vec<String>| inner.holds(incident(link).map(Vec::as_slice));
            compares(rows.filter(meets).count(), n)
        }).collect();
        check(&world, &block, &expected);
    }

    /// §1.9 SUBQUERY: some row that meets the conditions has this row's value; each deeper level
    /// doubles the carets.
    #[test]
    fn subqueries_nest(world in world(), one in one_branch(), two in one_branch(), three in inner()) {
        let third = |owner: &Vec<String>| {
            named(&world.owners, "owner", &owner[2]).is_some_and(|boss| three.holds(Some(boss)))
        };
        let second = |account: &Vec<String>| {
            let owner = named(&world.owners, "owner", &account[2]);
            owner.is_some_and(|owner| two.holds(Some(owner)) && third(owner))
        };
        let deepest = format!("SUBQUERYboss,sys_id,owner{}^^^^ENDSUBQUERY", three.text("^^^^", ""));
        let middle = format!("SUBQUERYowner,sys_id,owner^^{deepest}{}^^ENDSUBQUERY", two.text("^^", ""));
        let block = format!("SUBQUERYaccount,sys_id,account^{middle}{}^ENDSUBQUERY", one.text("^", ""));
        let holds = |row: &Vec<String>| {
            let account = named(&world.accounts, "account", &row[2]);
            account.is_some_and(|account| one.holds(Some(account)) && second(account))
        };
        check(&world, &block, &meeting(&world.contacts, holds));
    }

    /// §1.9 JOIN: some row that meets the conditions has this row's value; empty ones never meet.
    #[test]
    fn joins_find_equal_values(world in world(), inner in inner(), field in 0..2_usize) {
        let name = ["state", "size"][field];
        let conditions = inner.text("^^", "");
        let conditions = conditions.strip_prefix("^^").unwrap_or(&conditions);
        let block = format!("JOINcontact.{name}=account.{name}!{conditions}");
        let key = |row: &Vec<String>| {
            let text = row[field].to_lowercase();
            if field == 1 { text.parse::<i64>().ok().map(|n| n.to_string()) } else { Some(text).filter(|text| !text.is_empty()) }
        };
        let holds = |row: &Vec<String>| {
            let mut passing = world.accounts.iter().filter(|account| inner.holds(Some(account)));
            key(row).is_some() && passing.any(|account| key(account) == key(row))
        };
        check(&world, &block, &meeting(&world.contacts, holds));
    }
}
