//! Made-up contacts: the same ones for a seed, on every machine and in every release.
//!
//! The generator is part of this module, so that no dependency can change what a seed gives. It
//! serves variety, not secrecy.

mod words;

use std::collections::BTreeMap;
use std::iter;

use crate::value::{Date, DateTime};
use words::{CHANCES, CULTURES, Culture, FLAGS, REFERENCES};

/// The seed of the contacts that examples show.
pub const DEMO_SEED: u64 = 2026;

/// How many contacts examples show.
pub const DEMO_COUNT: usize = 200;

/// How many accounts each [`DEMO_COUNT`] contacts share.
const ACCOUNTS: u8 = 12;

/// Made-up contacts without end, each as its filled fields, no field twice.
///
/// The first two are George Warren and Jane Contact of the Contact API page, for every seed.
///
/// ```
/// use encoded_query::demo::{DEMO_SEED, contacts};
///
/// let first = contacts(DEMO_SEED).next().ok_or("endless")?;
/// assert!(first.contains(&("name", "George Warren".to_owned())));
/// # Ok::<(), &str>(())
/// ```
pub fn contacts(seed: u64) -> impl Iterator<Item = Vec<(&'static str, String)>> {
    let mut maker = Maker::new(seed);
    let page = PAGE.into_iter().map(|own| {
        let fields = USUAL.iter().chain(own);
        fields.map(|&(name, value)| (name, value.to_owned())).collect()
    });
    page.chain(iter::from_fn(move || maker.contact().map(Draft::into_fields)))
}

/// A contact in the making.
struct Draft(BTreeMap<&'static str, String>);

impl Draft {
    /// Sets a field, or changes it.
    fn put(&mut self, name: &'static str, value: impl Into<String>) {
        self.0.insert(name, value.into());
    }

    fn into_fields(self) -> Vec<(&'static str, String)> {
        self.0.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }
}

struct Maker {
    random: Random,
    made: usize,
    accounts: Vec<String>,
    references: Vec<(&'static str, u8, Vec<String>)>,
    /// How often each user name was wanted, so that later ones get a number.
    user_names: BTreeMap<String, u32>,
}

impl Maker {
    fn new(seed: u64) -> Self {
        let mut random = Random(seed);
        let mut accounts = random.sys_ids(ACCOUNTS - 1);
        accounts.insert(0, PAGE_ACCOUNT.to_owned());
        let references = REFERENCES.map(|(name, percent, n)| (name, percent, random.sys_ids(n)));
        let references = references.into();
        Self { random, made: PAGE.len(), accounts, references, user_names: BTreeMap::new() }
    }

    fn contact(&mut self) -> Option<Draft> {
        let mut draft = Draft(USUAL.map(|(name, value)| (name, value.to_owned())).into());
        let culture = self.random.pick(&CULTURES)?;
        self.put_person(&mut draft, culture)?;
        self.put_place(&mut draft, culture)?;
        self.put_references(&mut draft)?;
        self.put_chances(&mut draft)?;
        self.put_history(&mut draft)?;
        self.made += 1;
        Some(draft)
    }

    fn put_person(&mut self, draft: &mut Draft, culture: &Culture) -> Option<()> {
        let random = &mut self.random;
        let (gender, names) = *random.pick(&[("Female", culture.women), ("Male", culture.men)])?;
        let (first, first_ascii) = random.person_name(names)?;
        let (last, last_ascii) = random.person_name(culture.last)?;
        let (middle, _) = random.person_name(names)?;
        let domain = *random.pick(&["com", "com", "net", "org"])?;
        draft.put("sys_id", random.sys_id());
        draft.put("first_name", first);
        draft.put("last_name", last);
        draft.put("name", format!("{first} {last}"));
        if random.chance(9) && middle != first {
            draft.put("middle_name", middle);
        }
        if random.chance(30) {
            draft.put("gender", gender);
        }
        let with_email = random.chance(95);
        let user_name = self.user_name(format!("{first_ascii}.{last_ascii}"));
        if with_email {
            draft.put("email", format!("{user_name}@example.{domain}"));
        }
        draft.put("user_name", user_name);
        Some(())
    }

    fn user_name(&mut self, wanted: String) -> String {
        let times = self.user_names.entry(wanted.clone()).or_default();
        *times += 1;
        if *times == 1 { wanted } else { format!("{wanted}{times}") }
    }

    fn put_place(&mut self, draft: &mut Draft, culture: &Culture) -> Option<()> {
        let random = &mut self.random;
        let &(city, state, zip, latitude, longitude) = random.pick(culture.places)?;
        let sometimes = [
            ("country", 80, culture.country),
            ("preferred_language", 55, culture.language),
            ("time_zone", 60, culture.time_zone),
            ("phone", 80, culture.phone),
            ("mobile_phone", 45, culture.mobile),
            ("home_phone", 8, culture.phone),
            ("city", 70, city),
            ("state", 50, state),
        ];
        for (name, percent, pattern) in sometimes {
            if random.chance(percent) {
                draft.put(name, random.fill(pattern));
            }
        }
        if random.chance(35) {
            draft.put("street", random.fill(culture.street));
            draft.put("zip", zip);
        }
        if random.chance(15) {
            let mut near = |degrees: f64| degrees + f64::from(random.below(200)) / 1e4;
            draft.put("latitude", format!("{:.4}", near(latitude)));
            draft.put("longitude", format!("{:.4}", near(longitude)));
            draft.put("geolocation_tracked", "true");
        }
        Some(())
    }

    fn put_references(&mut self, draft: &mut Draft) -> Option<()> {
        let random = &mut self.random;
        if self.made.is_multiple_of(DEMO_COUNT) {
            self.accounts = random.sys_ids(ACCOUNTS);
        }
        // Drawn twice, so that a few accounts have many contacts.
        let front = self.accounts.get(..=usize::from(random.below(ACCOUNTS)))?;
        let account = match random.below(100) {
            0..30 => random.pick(front)?.clone(),
            30..70 => random.sys_id(),
            _ => String::new(),
        };
        draft.put("company", account.clone());
        draft.put("account", account);
        for (name, percent, ids) in &self.references {
            if random.chance(*percent) {
                draft.put(name, random.pick(ids)?.as_str());
            }
        }
        Some(())
    }

    fn put_chances(&mut self, draft: &mut Draft) -> Option<()> {
        let random = &mut self.random;
        for (name, percent, patterns) in CHANCES {
            if random.chance(percent) {
                let pattern = random.word(patterns, '|')?;
                draft.put(name, random.fill(pattern));
            }
        }
        for (name, percent) in FLAGS {
            draft.put(name, random.chance(percent).to_string());
        }
        if random.chance(15) {
            draft.put("notification", "1");
        }
        Some(())
    }

    fn put_history(&mut self, draft: &mut Draft) -> Option<()> {
        let random = &mut self.random;
        let mut instants = [random.instant()?, random.instant()?, random.instant()?];
        instants.sort_unstable();
        let [created, mut updated, mut seen] = instants;
        let count = random.below(4) * random.below(12);
        if count == 0 {
            updated = created;
        } else if random.chance(50) {
            (updated, seen) = (seen, updated);
        }
        draft.put("sys_created_on", created.to_string());
        draft.put("sys_updated_on", updated.to_string());
        draft.put("sys_mod_count", count.to_string());
        if random.chance(70) {
            draft.put("last_login_time", seen.to_string());
        }
        if random.chance(45) {
            draft.put("last_login", seen.date().to_string());
        }
        if random.chance(10) {
            draft.put("last_position_update", seen.to_string());
        }
        let authors = ["admin", "admin", "system", "guest", "carl.customer"];
        let (author, editor) = (*random.pick(&authors)?, *random.pick(&authors)?);
        draft.put("sys_created_by", author);
        draft.put("sys_updated_by", if count == 0 { author } else { editor });
        Some(())
    }
}

/// The generator `SplitMix64`; every draw of one sequence is a different number.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u8) -> u8 {
        let rest = self.draw().checked_rem(bound.into());
        rest.and_then(|rest| rest.try_into().ok()).unwrap_or(0)
    }

    fn chance(&mut self, percent: u8) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let place = self.draw().checked_rem(items.len().try_into().ok()?)?;
        items.get(usize::try_from(place).ok()?)
    }

    fn word(&mut self, words: &'static str, gap: char) -> Option<&'static str> {
        let words: Vec<_> = words.split(gap).collect();
        self.pick(&words).copied()
    }

    fn sys_id(&mut self) -> String {
        format!("{:016x}{:016x}", self.draw(), self.draw())
    }

    fn sys_ids(&mut self, count: u8) -> Vec<String> {
        (0..count).map(|_| self.sys_id()).collect()
    }

    /// The pattern with a digit for each `#` and a digit from 1 for each `*`.
    fn fill(&mut self, pattern: &str) -> String {
        let digit = |place: char| match place {
            '#' => char::from(b'0' + self.below(10)),
            '*' => char::from(b'1' + self.below(9)),
            other => other,
        };
        pattern.chars().map(digit).collect()
    }

    /// One of the names, and its form in user names.
    fn person_name(&mut self, names: &'static str) -> Option<(&'static str, String)> {
        let name = self.word(names, ' ')?;
        let plain = || (name, name.to_ascii_lowercase());
        Some(name.split_once('=').map_or_else(plain, |(name, ascii)| (name, ascii.to_owned())))
    }

    /// An instant of the years 2018 to 2025.
    fn instant(&mut self) -> Option<DateTime> {
        let (year, month) = (2018 + u16::from(self.below(8)), 1 + self.below(12));
        let date = Date::new(year, month, 1 + self.below(31));
        let date = date.or_else(|| Date::new(year, month, 28))?;
        DateTime::new(date, self.below(24), self.below(60), self.below(60))
    }
}

/// Fields that nearly every contact has, with their usual values.
const USUAL: [(&str, &str); 10] = [
    ("calendar_integration", "1"),
    ("notification", "2"),
    ("sys_class_name", "customer_contact"),
    ("sys_domain", "global"),
    ("sys_domain_path", "/"),
    ("enable_multifactor_authn", "false"),
    ("geolocation_tracked", "false"),
    ("internal_integration_user", "false"),
    ("locked_out", "false"),
    ("web_service_access_only", "false"),
];

/// The account, and company, of both page records.
const PAGE_ACCOUNT: &str = "86837a386f0331003b3c498f5d3ee4ca";

/// What the two page records have beyond [`USUAL`].
///
/// Source: Contact API page, sample of `GET /now/contact`.
const PAGE: [&[(&str, &str)]; 2] = [
    &[
        ("account", PAGE_ACCOUNT),
        ("active", "true"),
        ("company", PAGE_ACCOUNT),
        ("email", "geo.warren@mailinator.com"),
        ("first_name", "George"),
        ("last_login_time", "2018-03-10 21:48:11"),
        ("last_name", "Warren"),
        ("location", "25ab8e460a0a0bb300857304ff811af5"),
        ("mobile_phone", "+1 858 867 7857"),
        ("name", "George Warren"),
        ("phone", "+1 858 287 7834"),
        ("sys_created_by", "admin"),
        ("sys_created_on", "2018-03-04 20:26:32"),
        ("sys_id", "ddce70866f9331003b3c498f5d3ee417"),
        ("sys_mod_count", "3"),
        ("sys_updated_by", "system"),
        ("sys_updated_on", "2019-01-03 05:49:34"),
        ("title", "Network Administrator"),
        ("user_name", "george.warren"),
        ("vip", "false"),
    ],
    &[
        ("account", PAGE_ACCOUNT),
        ("active", "true"),
        ("company", PAGE_ACCOUNT),
        ("edu_status", "faculty"),
        ("email", "jane.contact@mailinator.com"),
        ("first_name", "Jane"),
        ("last_login_device", "73.71.157.241"),
        ("last_login_time", "2019-01-03 15:08:57"),
        ("last_name", "Contact"),
        ("name", "Jane Contact"),
        ("phone", "+16692627777"),
        ("sys_created_by", "carl.customer"),
        ("sys_created_on", "2019-01-03 15:07:25"),
        ("sys_id", "0a232a0013691200042ab3173244b075"),
        ("sys_mod_count", "3"),
        ("sys_updated_by", "admin"),
        ("sys_updated_on", "2019-01-03 23:26:12"),
        ("user_name", "Jane.Contact"),
        ("vip", "false"),
    ],
];
