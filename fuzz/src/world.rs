//! Tables of nasty values, environments at the ends of time: made once, found by number.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use encoded_query::calendar::{Weekday, Zone};
use encoded_query::{Database, Field, FieldType, FixedEnvironment, Record, Schema, Table, User};

use encoded_query::value::DateTime;

use crate::naive::{Column, Kind};
use crate::words::{BOOLEANS, DATES, IDS, NUMBERS, TEXTS};

/// Numbers of records: none, few, and enough to cross the 64 that are asked together.
const SIZES: [usize; 8] = [0, 1, 2, 3, 5, 8, 65, 130];
/// Tables that differ in nothing but their values.
const SEEDS: u8 = 32;

/// The columns that the naive evaluator knows; those of the table `t` when it stands alone.
#[rustfmt::skip]
pub(crate) const COLUMNS: [Column; 10] = [
    Column { name: "row", kind: Kind::Text }, Column { name: "name", kind: Kind::Text },
    Column { name: "city", kind: Kind::Text }, Column { name: "email", kind: Kind::Text },
    Column { name: "priority", kind: Kind::Number }, Column { name: "amount", kind: Kind::Number },
    Column { name: "active", kind: Kind::Boolean }, Column { name: "vip", kind: Kind::Boolean },
    Column { name: "born", kind: Kind::Date }, Column { name: "opened", kind: Kind::DateTime },
];

/// The records a query runs over.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) tables: Tables,
    /// The records of `t` by [`COLUMNS`].
    pub(crate) rows: Vec<Vec<String>>,
}

#[derive(Debug)]
pub(crate) enum Tables {
    /// The table `t` alone.
    One(Table),
    /// `t` refers to itself and to `a`; `a` to `u`; `u` to itself and to `a`.
    Three(Database),
}

impl World {
    /// The world of that number; each is made once and kept.
    pub(crate) fn find(seed: u8, shape: u8) -> &'static Self {
        thread_local! {
            static KNOWN: RefCell<HashMap<(u8, u8), &'static World>> = RefCell::default();
        }
        let key = (seed % SEEDS, shape % 16);
        KNOWN.with_borrow_mut(|known| {
            *known.entry(key).or_insert_with(|| Box::leak(Box::new(Self::new(key))))
        })
    }

    fn new((seed, shape): (u8, u8)) -> Self {
        let mut dice = Dice(u64::from(seed) << 8 | u64::from(shape) | 1 << 20);
        let size = SIZES[usize::from(shape) % SIZES.len()];
        let mut rows = Vec::new();
        for number in 0..size {
            let cells = COLUMNS.iter().map(|column| cell(*column, number, &mut dice));
            rows.push(cells.collect::<Vec<String>>());
        }
        // Every form of columns and every shortcut, or those that so few records have.
        let empty = if seed % 2 == 1 { Table::eager } else { Table::new };
        let tables = if usize::from(shape) < SIZES.len() {
            Tables::One(main(empty(Schema::new("t", plain_fields())), &rows, None))
        } else {
            Tables::Three(three(empty, &rows, &mut dice))
        };
        Self { tables, rows }
    }
}

/// The number of a record of `t`.
pub(crate) fn number(record: &Record<'_>) -> usize {
    record.text("row").and_then(|text| text.parse().ok()).expect("every record has its number")
}

fn plain_fields() -> impl Iterator<Item = Field> {
    COLUMNS.iter().map(|column| {
        let kind = match column.kind {
            Kind::Text => FieldType::String,
            Kind::Number if column.name == "priority" => FieldType::Integer,
            Kind::Number => FieldType::Decimal,
            Kind::Boolean => FieldType::Boolean,
            Kind::Date => FieldType::Date,
            Kind::DateTime => FieldType::DateTime,
        };
        Field::new(column.name, kind)
    })
}

fn cell(column: Column, number: usize, dice: &mut Dice) -> String {
    if column.name == "row" {
        return number.to_string();
    }
    let pool = match column.kind {
        Kind::Text => TEXTS,
        Kind::Number => NUMBERS,
        Kind::Boolean => BOOLEANS,
        Kind::Date | Kind::DateTime => DATES,
    };
    // An instant in a field of days reads as its day, which the naive evaluator does not know.
    let is_known = |text: &&str| {
        column.kind != Kind::Date || text.len() == 10 || text.parse::<DateTime>().is_err()
    };
    let pool: Vec<&str> = pool.iter().copied().filter(is_known).collect();
    dice.choose(&pool).to_owned()
}

fn main(mut table: Table, rows: &[Vec<String>], mut dice: Option<&mut Dice>) -> Table {
    for (number, row) in rows.iter().enumerate() {
        let names = COLUMNS.iter().map(|column| column.name);
        let mut cells: Vec<(&str, Cow<'_, str>)> =
            names.zip(row.iter().map(|text| text.as_str().into())).collect();
        if let Some(dice) = dice.as_deref_mut() {
            cells.push(("sys_id", format!("t{number}").into()));
            for name in ["account", "manager", "elsewhere"] {
                cells.push((name, dice.choose(IDS).into()));
            }
            cells.push(("class", dice.choose(&["t", "s", "a", "T", ""]).into()));
        }
        table.push(cells).expect("a record of the table");
    }
    table
}

fn three(empty: fn(Schema) -> Table, rows: &[Vec<String>], dice: &mut Dice) -> Database {
    let own = [
        Field::new("sys_id", FieldType::SysId),
        Field::reference("account", "a"),
        Field::reference("manager", "t"),
        Field::reference("elsewhere", "not_loaded"),
        Field::new("class", FieldType::String),
    ];
    let t = Schema::new("t", plain_fields().chain(own)).with_display("name");
    let a = Schema::new(
        "a",
        [
            Field::new("sys_id", FieldType::SysId),
            Field::new("name", FieldType::String),
            Field::new("since", FieldType::Date),
            Field::reference("owner", "u"),
        ],
    )
    .with_display("name");
    // Without a display field.
    let u = Schema::new(
        "u",
        [
            Field::new("sys_id", FieldType::SysId),
            Field::new("name", FieldType::String),
            Field::new("city", FieldType::String),
            Field::reference("boss", "u"),
            Field::reference("home", "a"),
        ],
    );
    let (mut accounts, mut users) = (empty(a), empty(u));
    for number in 0..4 {
        let id = format!("a{number}");
        let (name, since) = (dice.choose(TEXTS), dice.choose(DATES));
        let owner = dice.choose(IDS);
        let cells = [("sys_id", id.as_str()), ("name", name), ("since", since), ("owner", owner)];
        accounts.push(cells.map(|(field, text)| (field, text.into()))).expect("an account");
        let id = format!("u{number}");
        let (name, city) = (dice.choose(TEXTS), dice.choose(TEXTS));
        let (boss, home) = (dice.choose(IDS), dice.choose(IDS));
        let cells = [
            ("sys_id", id.as_str()),
            ("name", name),
            ("city", city),
            ("boss", boss),
            ("home", home),
        ];
        users.push(cells.map(|(field, text)| (field, text.into()))).expect("a user");
    }
    Database::new([main(empty(t), rows, Some(dice)), accounts, users]).expect("three names")
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn choose<'p>(&mut self, pool: &[&'p str]) -> &'p str {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        pool[usize::try_from(self.0 >> 32).expect("32 bits") % pool.len()]
    }
}

/// The environment of that number; of 0 there is none.
pub(crate) fn environment(number: u8) -> Option<&'static FixedEnvironment> {
    static ALL: LazyLock<Vec<FixedEnvironment>> = LazyLock::new(environments);
    let number = usize::from(number) % (ALL.len() + 1);
    number.checked_sub(1).map(|number| &ALL[number])
}

fn environments() -> Vec<FixedEnvironment> {
    // Ends of time, leap days, hours that clocks skip or repeat, a day a zone left out.
    const NOWS: [&str; 12] = [
        "2026-01-15 12:00:00",
        "0001-01-01 00:00:00",
        "9999-12-31 23:59:59",
        "0001-12-31 23:59:59",
        "9999-01-01 00:00:00",
        "2024-02-29 23:59:59",
        "2026-03-29 01:30:00",
        "2026-10-25 00:30:00",
        "2018-11-04 02:30:00",
        "2011-12-30 10:00:00",
        "1970-01-01 00:00:00",
        "1883-11-18 17:00:00",
    ];
    const ZONES: [&str; 9] = [
        "UTC",
        "Europe/Berlin",
        "America/Sao_Paulo",
        "Pacific/Apia",
        "Asia/Kolkata",
        "Pacific/Kiritimati",
        "Etc/GMT+12",
        "Africa/Monrovia",
        "Australia/Lord_Howe",
    ];
    const DAYS: [Weekday; 3] = [Weekday::Monday, Weekday::Sunday, Weekday::Saturday];
    let mut all = vec![FixedEnvironment::default()];
    for (number, now) in NOWS.iter().enumerate() {
        for (place, zone) in ZONES.iter().enumerate() {
            let environment = FixedEnvironment::default()
                .with_now(now.parse().expect("an instant"))
                .with_zone(Zone::find(zone).expect("a zone"))
                .with_first_day_of_week(DAYS[(number + place) % DAYS.len()])
                .with_dynamic("t3", ["t0", "a1", "^"]);
            let user = User { user_name: Some("x".into()), ..User::new("t1") };
            all.push(match (number + place) % 4 {
                0 => environment,
                1 => environment.with_user(User::new("u0")),
                _ => environment.with_user(user).with_groups(["a0", "u1", "x,y", ""]),
            });
        }
    }
    all
}
