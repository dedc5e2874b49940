//! Made-up contacts: the same ones for a number of rows and a seed, each with 40 filled columns.

use std::fmt::Write as _;

use jiff::civil;

use crate::words::{
    AUTHORS, CITIES, COMPANIES, COUNTRIES, FIRST_NAMES, LAST_NAMES, ROLES, STREETS, TITLES,
};

/// Columns that are filled in every contact.
pub const FILLED: usize = 40;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Boolean,
    Integer,
    Date,
    DateTime,
}

/// The columns of a contact; the last ones are filled in some only.
pub const COLUMNS: [(&str, Kind); 43] = [
    ("sys_id", Kind::Text),
    ("name", Kind::Text),
    ("first_name", Kind::Text),
    ("last_name", Kind::Text),
    ("user_name", Kind::Text),
    ("email", Kind::Text),
    ("employee_number", Kind::Text),
    ("gender", Kind::Text),
    ("title", Kind::Text),
    ("phone", Kind::Text),
    ("mobile_phone", Kind::Text),
    ("street", Kind::Text),
    ("city", Kind::Text),
    ("state", Kind::Text),
    ("zip", Kind::Text),
    ("country", Kind::Text),
    ("preferred_language", Kind::Text),
    ("time_zone", Kind::Text),
    ("account", Kind::Text),
    ("company", Kind::Text),
    ("location", Kind::Text),
    ("building", Kind::Text),
    ("department", Kind::Text),
    ("cost_center", Kind::Text),
    ("manager", Kind::Text),
    ("active", Kind::Boolean),
    ("vip", Kind::Boolean),
    ("locked_out", Kind::Boolean),
    ("failed_attempts", Kind::Integer),
    ("agent_status", Kind::Text),
    ("edu_status", Kind::Text),
    ("date_format", Kind::Text),
    ("sys_class_name", Kind::Text),
    ("sys_created_on", Kind::DateTime),
    ("sys_created_by", Kind::Text),
    ("sys_updated_on", Kind::DateTime),
    ("sys_updated_by", Kind::Text),
    ("sys_mod_count", Kind::Integer),
    ("last_login_time", Kind::DateTime),
    ("last_login", Kind::Date),
    ("middle_name", Kind::Text),
    ("roles", Kind::Text),
    ("home_phone", Kind::Text),
];

/// A contact as texts, in the order of [`COLUMNS`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact(Vec<String>);

impl Contact {
    pub fn text(&self, column: &str) -> &str {
        let place = COLUMNS.iter().position(|(name, _)| *name == column);
        &self.0[place.expect("a column of contacts")]
    }

    /// Its columns with their texts, empty ones too.
    pub fn texts(&self) -> impl Iterator<Item = (&'static str, Kind, &str)> {
        COLUMNS.iter().zip(&self.0).map(|((name, kind), text)| (*name, *kind, text.as_str()))
    }

    /// Its filled columns with their texts.
    pub fn filled(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.texts().filter(|(_, _, text)| !text.is_empty()).map(|(name, _, text)| (name, text))
    }

    pub fn boolean(&self, column: &str) -> bool {
        self.text(column) == "true"
    }

    /// An integer; a date-time as seconds since 1970.
    pub fn integer(&self, column: &str) -> i64 {
        let text = self.text(column);
        text.parse().unwrap_or_else(|_| seconds(text))
    }

    /// A text as it is compared.
    pub fn folded(&self, column: &str) -> String {
        fold(self.text(column))
    }
}

/// The form of a text in which it is compared: each character in lower case.
pub fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Seconds since 1970 of a date-time.
pub fn seconds(text: &str) -> i64 {
    let instant: civil::DateTime = text.parse().expect("a date-time");
    jiff::tz::Offset::UTC.to_timestamp(instant).expect("in range").as_second()
}

/// The text of an instant given in seconds since 1970.
pub fn instant(seconds: i64) -> String {
    let instant = jiff::Timestamp::from_second(seconds).expect("in range");
    instant.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The contacts of a table of so many rows.
pub fn contacts(rows: usize, seed: u64) -> impl Iterator<Item = Contact> {
    let mut maker = Maker::new(rows, seed);
    (0..rows).map(move |row| maker.contact(row))
}

struct Maker {
    random: Random,
    first_names: Vec<&'static str>,
    last_names: Vec<String>,
    cities: Vec<String>,
    city: Zipf,
    title: Zipf,
    account: Zipf,
    author: Zipf,
}

impl Maker {
    fn new(rows: usize, seed: u64) -> Self {
        let cities = joined(CITIES);
        Self {
            random: Random(seed),
            first_names: FIRST_NAMES.split_whitespace().collect(),
            last_names: joined(LAST_NAMES),
            city: Zipf::new(cities.len()),
            cities,
            title: Zipf::new(TITLES.len()),
            account: Zipf::new(rows.div_ceil(20)),
            author: Zipf::new(AUTHORS.len()),
        }
    }

    fn contact(&mut self, row: usize) -> Contact {
        let mut draft = Contact(vec![String::new(); COLUMNS.len()]);
        self.put_person(&mut draft, row);
        self.put_place(&mut draft);
        self.put_references(&mut draft);
        self.put_choices(&mut draft);
        self.put_history(&mut draft);
        draft
    }

    fn put_person(&mut self, draft: &mut Contact, row: usize) {
        let random = &mut self.random;
        let first = *random.pick(&self.first_names);
        let last = random.pick(&self.last_names).as_str();
        let user_name = format!("{}.{}{row}", ascii(first), ascii(last));
        let company = *random.pick(&COMPANIES);
        let domain = *random.pick(&["com", "com", "net", "org"]);
        draft.put("sys_id", random.sys_id());
        draft.put("name", format!("{first} {last}"));
        draft.put("first_name", first);
        draft.put("last_name", last);
        draft.put("email", format!("{user_name}@{company}.example.{domain}"));
        draft.put("user_name", user_name);
        draft.put("employee_number", format!("CNT{row:07}"));
        draft.put("gender", *random.pick(&["Female", "Male"]));
        draft.put("title", TITLES[self.title.draw(random)]);
        if random.chance(35) {
            draft.put("middle_name", *random.pick(&self.first_names));
        }
    }

    fn put_place(&mut self, draft: &mut Contact) {
        let random = &mut self.random;
        let city = self.city.draw(random);
        // The first three are of one country.
        let [country, state, language, time_zone, code] = COUNTRIES[city * 7 % COUNTRIES.len()];
        draft.put("city", self.cities[city].as_str());
        draft.put("country", country);
        draft.put("state", state);
        draft.put("preferred_language", language);
        draft.put("time_zone", time_zone);
        draft.put("zip", format!("{}", 10_000 + city * 97 + random.below(60)));
        draft.put("street", format!("{} {}", random.below(400) + 1, random.pick(&STREETS)));
        draft.put("phone", random.phone(code));
        draft.put("mobile_phone", random.phone(code));
        if random.chance(8) {
            draft.put("home_phone", random.phone(code));
        }
    }

    fn put_references(&mut self, draft: &mut Contact) {
        let random = &mut self.random;
        let account = made_id("account", self.account.draw(random));
        draft.put("company", account.as_str());
        draft.put("account", account);
        let others = [
            ("location", 150),
            ("building", 60),
            ("department", 40),
            ("cost_center", 25),
            ("manager", 400),
        ];
        for (column, distinct) in others {
            draft.put(column, made_id(column, random.below(distinct)));
        }
    }

    fn put_choices(&mut self, draft: &mut Contact) {
        let random = &mut self.random;
        for (column, percent) in [("active", 85), ("vip", 8), ("locked_out", 4)] {
            draft.put(column, random.chance(percent).to_string());
        }
        let choices: [(&str, &[&str]); 5] = [
            ("failed_attempts", &["0", "0", "0", "0", "1", "1", "2", "3", "5"]),
            ("agent_status", &["Off work", "On break", "On route", "On site"]),
            ("edu_status", &["faculty", "faculty", "current", "alumni"]),
            ("date_format", &["dd/mm/yyyy", "dd-mm-yyyy", "dd.mm.yyyy"]),
            ("sys_class_name", &["customer_contact"]),
        ];
        for (column, values) in choices {
            draft.put(column, *random.pick(values));
        }
        if random.chance(60) {
            draft.put("roles", *random.pick(&ROLES));
        }
    }

    fn put_history(&mut self, draft: &mut Contact) {
        let random = &mut self.random;
        // From 2018 on, over eight years.
        let day = 86_400;
        let created = 1_514_764_800 + random.seconds(8 * 365 * day);
        let count = random.below(4) * random.below(30);
        let updated = if count == 0 { created } else { created + random.seconds(300 * day) };
        let login = instant(created + random.seconds(400 * day));
        draft.put("sys_created_on", instant(created));
        draft.put("sys_updated_on", instant(updated));
        draft.put("sys_mod_count", count.to_string());
        draft.put("last_login", &login[..10]);
        draft.put("last_login_time", login);
        draft.put("sys_created_by", AUTHORS[self.author.draw(random)]);
        draft.put("sys_updated_by", AUTHORS[self.author.draw(random)]);
    }
}

impl Contact {
    fn put(&mut self, column: &str, text: impl Into<String>) {
        let place = COLUMNS.iter().position(|(name, _)| *name == column);
        self.0[place.expect("a column of contacts")] = text.into();
    }
}

/// Every beginning with every end.
fn joined((beginnings, ends): (&str, &str)) -> Vec<String> {
    let ends = || ends.split_whitespace();
    let words = beginnings.split_whitespace();
    words.flat_map(|word| ends().map(move |end| format!("{word}{end}"))).collect()
}

/// A name in lower case, as it stands in addresses.
fn ascii(name: &str) -> String {
    let plain = |letter: char| match letter {
        'á' => 'a',
        'é' | 'ë' => 'e',
        'í' => 'i',
        'ö' | 'ø' => 'o',
        'ü' => 'u',
        other => other.to_ascii_lowercase(),
    };
    name.chars().map(plain).collect()
}

/// The sys_id of the record of that number of a table.
fn made_id(table: &str, number: usize) -> String {
    let of_table = |seed: u64, byte: u8| seed.wrapping_mul(31).wrapping_add(byte.into());
    let table = table.bytes().fold(7, of_table);
    Random(table.wrapping_mul(0x9E37_79B9).wrapping_add((number as u64) << 20)).sys_id()
}

/// Numbers below a bound, each half as likely as the one at half its place.
struct Zipf(Vec<u64>);

impl Zipf {
    fn new(bound: usize) -> Self {
        let mut sum = 0;
        let weights = (1..=bound as u64).map(|place| {
            sum += (1 << 32) / place;
            sum
        });
        Self(weights.collect())
    }

    fn draw(&self, random: &mut Random) -> usize {
        let drawn = random.draw() % self.0.last().expect("not empty");
        self.0.partition_point(|sum| *sum <= drawn)
    }
}

/// The generator `SplitMix64`.
struct Random(u64);

impl Random {
    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.draw() % bound as u64).expect("below a usize")
    }

    fn seconds(&mut self, bound: i64) -> i64 {
        i64::try_from(self.draw() % bound.unsigned_abs()).expect("below an i64")
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    fn sys_id(&mut self) -> String {
        format!("{:016x}{:016x}", self.draw(), self.draw())
    }

    fn phone(&mut self, code: &str) -> String {
        let mut number = format!("+{code} 555");
        for _ in 0..2 {
            let _ = write!(number, " {:03}", self.below(1_000));
        }
        number
    }
}
