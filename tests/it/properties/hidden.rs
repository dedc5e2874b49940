//! Fields that may not be asked: nothing a query gives depends on what they hold.
//!
//! Source: Query ACLs; §9, a hidden field is treated exactly as unknown.

use std::collections::BTreeMap;

use encoded_query::schema::Readable;
use encoded_query::{
    Binder, Count, Database, Field, FieldType, FixedEnvironment, OnInvalid, PageRequest, Plan,
    PlanError, Query, Queryable, User,
};

use super::{IGNORE, NO_ROWS, filled, schema};

/// A generator of numbers that needs no more than to be mixed (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn pick<'p>(&mut self, pool: &[&'p str]) -> &'p str {
        pool[self.roll(pool.len())]
    }
}

/// Fields of each table with the texts they may hold; those of the second list are hidden.
const TABLES: [(&str, &[&str], &[&str]); 3] = [
    (
        "contact",
        &["name", "city", "account", "chief", "born"],
        &["secret", "pin", "boss", "hired", "vip"],
    ),
    ("account", &["code", "parent"], &["name", "secret", "owner"]),
    ("incident", &["contact", "state"], &["secret", "caller", "cost"]),
];

fn field(name: &'static str) -> Field {
    match name {
        "account" | "parent" => Field::reference(name, "account"),
        "chief" | "boss" | "contact" | "caller" | "owner" => Field::reference(name, "contact"),
        "pin" | "cost" => Field::new(name, FieldType::Integer),
        "born" => Field::new(name, FieldType::Date),
        "hired" => Field::new(name, FieldType::DateTime),
        "vip" => Field::new(name, FieldType::Boolean),
        _ => Field::new(name, FieldType::String),
    }
}

fn pool(name: &str) -> &'static [&'static str] {
    match name {
        "account" | "parent" => &["account0", "account1", "account2", "account9", ""],
        "chief" | "boss" | "contact" | "caller" | "owner" => {
            &["contact0", "contact1", "contact2", "contact3", "contact9", ""]
        }
        "pin" | "cost" => &["1", "2", "10", "", "x"],
        "born" | "hired" => &["2026-01-10", "2026-01-31", "2024-02-29", ""],
        "vip" => &["true", "false", ""],
        _ => &["Ann", "ann", "open", "Oslo", "xyzzy", ""],
    }
}

/// Tables with the visible texts of one seed and the hidden ones of another, or without hidden fields.
fn database(visible: u64, hidden: Option<u64>) -> Database {
    let (mut visible, mut hidden) = (Dice(visible), hidden.map(Dice));
    Database::new(TABLES.map(|(table, shown, concealed)| {
        let concealed = if hidden.is_some() { concealed } else { &[] };
        let mut row = || {
            let shown = shown.iter().map(|name| visible.pick(pool(name)).to_owned());
            let mut row: Vec<String> = shown.collect();
            if let Some(hidden) = &mut hidden {
                row.extend(concealed.iter().map(|name| hidden.pick(pool(name)).to_owned()));
            }
            row
        };
        let rows: Vec<Vec<String>> = (0..12).map(|_| row()).collect();
        let fields = shown.iter().chain(concealed).map(|name| field(name));
        let mut schema = schema(table, fields).with_display("name"); // hidden, of an account
        for name in concealed {
            schema.restrict(name, Queryable::No, Readable::No);
        }
        filled(schema, &rows)
    }))
    .unwrap()
}

const PATHS: &[&str] = &[
    "name",
    "city",
    "account",
    "chief",
    "born",
    "sys_id",
    "account.code",
    "account.parent.code",
    "chief.name",
    // hidden, or behind what is
    "secret",
    "pin",
    "boss",
    "hired",
    "vip",
    "account.name",
    "account.secret",
    "account.owner.name",
    "boss.name",
    "chief.secret",
    "chief.boss",
    "account.parent.owner",
    "boss.account.code",
    // nearly hidden ones
    "secre",
    "pinn",
    "bos",
    "SECRET",
    "account.secre",
    "hired_",
    "secretISEMPTY",
    "orsecret",
    "secret ",
];
const OPERATORS: &[&str] = &[
    "=",
    "!=",
    "<",
    ">=",
    "STARTSWITH",
    "ENDSWITH",
    "LIKE",
    "NOT LIKE",
    "IN",
    "NOT IN",
    "ISEMPTY",
    "ISNOTEMPTY",
    "ANYTHING",
    "EMPTYSTRING",
    "BETWEEN",
    "SAMEAS",
    "NSAMEAS",
    "GT_FIELD",
    "MORETHAN",
    "ON",
    "NOTON",
    "RELATIVEGT",
    "DATEPART",
    "DYNAMIC",
    "INSTANCEOF",
    "IN_HIERARCHY",
    "MATCH_PAT",
    "MATCH_RGX",
    "VALCHANGES",
    "CHANGESTO",
    "DOESNOTHAVE",
    " equals ",
    "startswith",
    "==",
];
const VALUES: &[&str] = &[
    "",
    "NULL",
    "Ann",
    "x",
    "xy*",
    "1",
    "2@10",
    "contact1",
    "account0,account1",
    "2026-01-10",
    "Today",
    "secret",
    "account.secret",
    "boss",
    "pin",
    "name",
    "hired@day",
    "born@day",
    "hired@day@before@1",
    "@day@ago@1",
    "x@javascript:gs.datePart('month','1','EE')",
    "javascript:gs.getUserID()",
    "boss@contact1",
    "chief@contact1",
    "parent@account1",
    "owner@account0",
    "90d1921e5f510100a9ad2572f2b477fe",
];
const SORTS: &[&str] = &[
    "ORDERBYsecret",
    "ORDERBYDESCpin",
    "ORDERBYaccount",
    "ORDERBYaccount.name",
    "ORDERBYname",
    "ORDERBYboss",
    "ORDERBYDESCaccount.owner",
    "ORDERBYchief.secret",
    "ORDERBYchief",
    "ORDERBYsecre",
    "GROUPBYsecret",
];
/// Around conditions of another table; some ask for what is hidden.
const BLOCKS: &[(&str, &str)] = &[
    ("RLQUERYincident.contact,>=1^", "^ENDRLQUERY"),
    ("RLQUERYincident.caller,>=1^", "^ENDRLQUERY"),
    ("RLQUERYincident.contact,=0^", "^ENDRLQUERY"),
    ("RLQUERYincident.contact.boss,>1^", "^ENDRLQUERY"),
    ("RLQUERYcontact.chief,>0^", "^ENDRLQUERY"),
    ("RLQUERYaccount.owner,>0^", "^ENDRLQUERY"),
    ("SUBQUERYaccount,sys_id,account^", "^ENDSUBQUERY"),
    ("SUBQUERYsecret,secret,account^", "^ENDSUBQUERY"),
    ("SUBQUERYname,name,account^", "^ENDSUBQUERY"),
    ("SUBQUERYname,secret,incident^", "^ENDSUBQUERY"),
    ("SUBQUERYboss,sys_id,contact^", "^ENDSUBQUERY"),
    ("SUBQUERYaccount.name,state,incident^", "^ENDSUBQUERY"),
    ("JOINcontact.secret=incident.state!", ""),
    ("JOINcontact.city=incident.state!", ""),
    ("JOINcontact.city=account.name!", ""),
    ("JOINcontact.account=account.sys_id!", ""),
];
const INNER: &[&str] = &[
    "state=open",
    "secret=xyzzy",
    "secretSTARTSWITHx",
    "cost>1",
    "name=Ann",
    "code!=open",
    "contact.secret=open",
    "contact.name=Ann",
    "callerISEMPTY",
    "owner.name=Ann",
    "secre=x",
    "stateSAMEASsecret",
    "ORDERBYsecret",
    "",
];

fn condition(dice: &mut Dice) -> String {
    match dice.roll(12) {
        0 | 1 => dice.pick(SORTS).to_owned(),
        2 => format!("123TEXTQUERY321={}", dice.pick(&["ann", "xyzzy", "open oslo", "x", "1"])),
        3..=5 => {
            let (head, end) = BLOCKS[dice.roll(BLOCKS.len())];
            let joint = dice.pick(&["^", "^OR", "^NQ"]);
            let joint = if head.ends_with('!') { format!("^{joint}") } else { joint.to_owned() };
            format!("{head}{}{joint}{}{end}", dice.pick(INNER), dice.pick(INNER))
        }
        _ => format!("{}{}{}", dice.pick(PATHS), dice.pick(OPERATORS), dice.pick(VALUES)),
    }
}

fn query(dice: &mut Dice) -> String {
    let mut text = condition(dice);
    for _ in 0..dice.roll(4) {
        text += dice.pick(&["^", "^", "^OR", "^NQ"]);
        text += &condition(dice);
    }
    text
}

/// All there is to see of a query's answer.
fn seen(database: &Database, query: &str, mode: OnInvalid) -> String {
    let environment = FixedEnvironment::default()
        .with_now("2026-01-11 12:00:00".parse().unwrap())
        .with_user(User::new("contact1"));
    let binder = Binder::new(database.catalog(), "contact").unwrap().environment(&environment);
    match Plan::new(binder.bind(&Query::parse(query)), mode) {
        Ok(plan) => {
            let page = plan.run(database, PageRequest { offset: 1, limit: 4, count: Count::Exact });
            let ids: Vec<_> = page.records.iter().map(|record| record.text("sys_id")).collect();
            format!("{ids:?} {} {:?} {:?}", page.has_more, page.total, page.report)
        }
        Err(PlanError::Refused(said)) => format!("refused {said:?}"),
        Err(error) => error.to_string(),
    }
}

/// Databases that differ only in what is hidden answer every query alike, in rows, counts and what
/// is said; one that lacks the hidden fields answers the same.
#[test]
fn hidden_values_change_nothing() {
    let mut dice = Dice(0x5eed);
    let mut told_apart = 0;
    for world in 1..=10 {
        let one = database(world, Some(world + 77));
        let others = [database(world, Some(3 * world + 990)), database(world, None)];
        let unlike = database(world + 1, Some(world + 77));
        for _ in 0..1000 {
            let query = query(&mut dice);
            let answer = seen(&one, &query, IGNORE);
            for other in &others {
                assert_eq!(answer, seen(other, &query, IGNORE), "{query}");
                assert_eq!(seen(&one, &query, NO_ROWS), seen(other, &query, NO_ROWS), "{query}");
            }
            told_apart += u32::from(answer != seen(&unlike, &query, IGNORE));
        }
    }
    assert!(told_apart > 2500, "{told_apart} queries tell apart what is not hidden");
}

/// §9: what is hidden is never suggested, and what is not still is.
#[test]
fn a_hidden_field_is_not_suggested() {
    let database = database(1, Some(2));
    for near in
        ["secre=1", "secrets=1", "hire=1", "ORDERBYsecre", "nameSAMEASsecre", "chief.secre=1"]
    {
        let seen = seen(&database, near, IGNORE);
        assert!(seen.contains("UnknownField") && !seen.contains("secret\""), "{near}: {seen}");
        assert!(!seen.contains("hired") && !seen.contains("`secret`"), "{near}: {seen}");
    }
    assert!(seen(&database, "nam=1", IGNORE).contains("did you mean `name`"));
    assert!(!seen(&database, "account.nam=1", IGNORE).contains("did you mean"));
}

/// Guesses a text letter by letter: the right next letter is the one that counts otherwise.
fn stolen(database: &Database, attack: &str, mode: OnInvalid) -> String {
    let mut known = String::new();
    for _ in 0..8 {
        let mut letters: BTreeMap<String, Vec<char>> = BTreeMap::new();
        for letter in 'a'..='z' {
            let query = attack.replace("GUESS", &format!("{known}{letter}"));
            let bound = Binder::new(database.catalog(), "contact").unwrap();
            let plan = Plan::new(bound.bind(&Query::parse(&query)), mode).unwrap();
            let page = plan.run(database, PageRequest { offset: 0, limit: 0, count: Count::Exact });
            letters.entry(format!("{:?} {}", page.total, page.has_more)).or_default().push(letter);
        }
        match letters.values().find(|letters| letters.len() == 1) {
            Some(letter) => known.push(letter[0]),
            None => return known,
        }
    }
    known
}

/// Source: why Query ACLs exist: counts alone give away what no answer shows.
#[test]
fn a_hidden_text_cannot_be_guessed() {
    const ATTACKS: [&str; 9] = [
        "secretSTARTSWITHGUESS",
        "city=x^NQsecretSTARTSWITHGUESS",
        "nameISEMPTY^ORsecretSTARTSWITHGUESS",
        "secretMATCH_PATGUESS*",
        "secretMATCH_RGX^^GUESS",
        "secretBETWEENGUESS@GUESSzzzz",
        "chief.secretSTARTSWITHGUESS",
        "RLQUERYcontact.chief,>=1^secretSTARTSWITHGUESS^ENDRLQUERY",
        "SUBQUERYchief,sys_id,contact^secretSTARTSWITHGUESS^ENDSUBQUERY",
    ];
    let build = |queryable| {
        let fields = ["name", "city", "secret"].map(|name| Field::new(name, FieldType::String));
        let fields = fields.into_iter().chain([Field::reference("chief", "contact")]);
        let mut schema = schema("contact", fields);
        schema.restrict("secret", queryable, Readable::No);
        let rows = [["Ann", "Oslo", "", "contact1"], ["Bo", "Rome", "xyzzy", "contact1"]];
        Database::new([filled(schema, &rows.map(|row| row.map(str::to_owned).to_vec()))]).unwrap()
    };
    let (open, hidden) = (build(Queryable::Range), build(Queryable::No));
    for attack in ATTACKS {
        assert_eq!(stolen(&open, attack, IGNORE).get(..5), Some("xyzzy"), "{attack}");
        for mode in [IGNORE, NO_ROWS] {
            assert_eq!(stolen(&hidden, attack, mode), "", "{attack}");
        }
    }
    // Values that may be matched and no more give nothing away by their parts either.
    let matched = build(Queryable::Match);
    for attack in ATTACKS {
        assert_eq!(stolen(&matched, attack, IGNORE), "", "{attack}");
    }
}
