//! The field table against the Contact API page, release Australia, of which `data/contact-page`
//! holds the element lists, the data types and the list sample; then the made-up contacts and the
//! function table, which are data too.

use std::collections::{BTreeMap, BTreeSet};

use encoded_query::demo::{DEMO_COUNT, DEMO_SEED, contacts};
use encoded_query::function::{Argument, Edge, Function, Meaning, PERIODS, Unit};
use encoded_query::{CONTACT_FIELDS, Field, FieldType, Schema};

const LIST: &str = include_str!("../data/contact-page/list.txt");
const ONE: &str = include_str!("../data/contact-page/one.txt");
const CREATE: &str = include_str!("../data/contact-page/create.txt");
const TYPES: &str = include_str!("../data/contact-page/types.txt");
const SAMPLES: &str = include_str!("../data/contact-page/samples.json");

fn field(name: &str) -> Option<&'static Field> {
    CONTACT_FIELDS.iter().find(|field| field.name == name)
}

fn names(wanted: impl Fn(&Field) -> bool) -> Vec<&'static str> {
    CONTACT_FIELDS.iter().filter(|field| wanted(field)).map(|field| &*field.name).collect()
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().collect()
}

fn samples() -> serde_json::Result<Vec<BTreeMap<String, String>>> {
    serde_json::from_str(SAMPLES)
}

#[test]
fn the_table_has_68_fields_in_order() {
    let all = names(|_| true);
    assert_eq!(all.len(), 68);
    assert!(all.is_sorted_by(|a, b| a < b), "sorted, no name twice");
    assert!(CONTACT_FIELDS.iter().all(|field| !field.label.is_empty()));
}

#[test]
fn readable_are_the_elements_of_the_list() {
    assert_eq!(names(|field| field.readable), lines(LIST));
    assert_eq!(lines(LIST).len(), 65);
    assert_eq!(Schema::customer_contact().fields().len(), 65);
}

#[test]
fn one_record_has_the_elements_of_the_list() {
    // The page leaves `sys_tags` out of the element list for one record, but its sample of one
    // record has it, as both records of the list sample do.
    let mut one = lines(ONE);
    assert_eq!(one.len(), 64);
    one.push("sys_tags");
    one.sort_unstable();
    assert_eq!(one, lines(LIST));
}

#[test]
fn creatable_are_the_elements_of_the_request() {
    assert_eq!(names(|field| field.creatable), lines(CREATE));
    assert_eq!(lines(CREATE).len(), 56);
    assert_eq!(names(|field| field.creatable && field.readable).len(), 53);
    assert_eq!(
        names(|field| !field.readable),
        ["social_channel", "social_handle", "social_handle_url"]
    );
}

#[test]
fn samples_have_exactly_the_readable_fields() {
    let samples = samples().unwrap();
    assert_eq!(samples.len(), 2);
    for sample in samples {
        assert!(sample.keys().eq(lines(LIST)));
    }
}

/// What the words of the page mean for that field.
fn documented_type(name: &str, words: &str, table: &str) -> Option<FieldType> {
    let kind = match (name, words, table) {
        // The page calls it a string; it is what references point to.
        ("sys_id", "String", _) => FieldType::SysId,
        // The number is the page's slip: its sample is the text "Dell".
        ("middle_name", "Number (Floating point)", _) | (_, "String", "-") => FieldType::String,
        (_, "String", _) => FieldType::Reference,
        (_, "String (Date)", "-") => FieldType::Date,
        (_, "String (Date/time)", "-") => FieldType::DateTime,
        (_, "Boolean", "-") => FieldType::Boolean,
        (_, "Number (Integer)", "-") => FieldType::Integer,
        (_, "Number (Floating point)", "-") => FieldType::Decimal,
        _ => return None,
    };
    Some(kind)
}

#[test]
fn types_lengths_tables_and_defaults_are_those_of_the_page() {
    let rows: Vec<Vec<&str>> = TYPES.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows.len(), CONTACT_FIELDS.len());
    for (row, field) in rows.iter().zip(&CONTACT_FIELDS) {
        let &[name, words, length, table, default] = row.as_slice() else { panic!("{row:?}") };
        assert_eq!(field.name, name);
        let kind = documented_type(name, words, table);
        assert_eq!(Some(field.kind), kind, "{name}");
        assert_eq!(field.max_length, length.parse().ok(), "{name}");
        let table = table.split_once('[').map(|(_, table)| table.trim_end_matches(']'));
        assert_eq!(field.reference.as_deref(), table, "{name}");
        let default = default.split_once(" (").map_or(default, |(default, _)| default);
        let default = Some(default).filter(|text| !matches!(*text, "-" | "blank" | "Blank"));
        assert_eq!(field.default.as_deref(), default, "{name}");
    }
}

#[test]
fn facts_read_off_the_page_by_hand() {
    let expected = [
        "account reference - - customer_account",
        "country string 3 - -",
        "date_format string 40 - -",
        "edu_status string 40 faculty -",
        "last_login date - - -",
        "last_login_time datetime - - -",
        "latitude decimal 40 - -",
        "manager reference - - sys_user",
        "middle_name string 50 - -",
        "name string 151 - -",
        "notification integer - 2 -",
        "sys_domain_path string 255 / -",
        "sys_id sys_id - - -",
        "vip boolean - false -",
    ];
    for line in expected {
        let name = line.split(' ').next().unwrap();
        let field = field(name).expect(name);
        let length = field.max_length.map_or("-".into(), |length| length.to_string());
        let table = field.reference.as_deref().unwrap_or("-");
        let default = field.default.as_deref().unwrap_or("-");
        assert_eq!(format!("{name} {} {length} {default} {table}", field.kind), line);
    }
}

#[test]
fn choices_are_those_of_the_page() {
    let choices = |name| -> Vec<_> {
        let choices = field(name).expect(name).choices.iter();
        choices.map(|choice| (&*choice.value, &*choice.label)).collect()
    };
    assert_eq!(choices("calendar_integration"), [("1", "Outlook")]);
    assert_eq!(choices("notification"), [("1", "Disabled"), ("2", "Enabled")]);
    assert_eq!(choices("time_format")[2], ("HH.mm.ss", "hh.mm.ss (24 hour)"));
    assert_eq!(choices("on_schedule")[0], ("Ahead", "Ahead of schedule"));
    let counts = CONTACT_FIELDS.iter().filter(|field| !field.choices.is_empty());
    let counts: Vec<_> = counts.map(|field| (&*field.name, field.choices.len())).collect();
    assert_eq!(
        counts,
        [
            ("agent_status", 4),
            ("calendar_integration", 1),
            ("date_format", 5),
            ("notification", 2),
            ("on_schedule", 5),
            ("time_format", 4),
        ]
    );
}

fn demo() -> Vec<BTreeMap<String, String>> {
    let owned = |(name, value): (&str, String)| (name.to_owned(), value);
    let demo = contacts(DEMO_SEED).take(DEMO_COUNT);
    demo.map(|contact| contact.into_iter().map(owned).collect()).collect()
}

#[test]
fn made_up_contacts_begin_with_those_of_the_page() {
    for (made, mut sample) in demo().into_iter().zip(samples().unwrap()) {
        sample.retain(|_, value| !value.is_empty());
        assert_eq!(made, sample);
    }
}

#[test]
fn made_up_contacts_follow_from_the_seed() {
    assert!(contacts(7).take(500).eq(contacts(7).take(500)));
    assert!(!contacts(7).take(3).eq(contacts(8).take(3)));
    // FNV-1a of every name and value, written down once: no release may change the contacts.
    let texts = demo().into_iter().flatten().flat_map(|(name, value)| [name, value]);
    let digest = texts.flat_map(String::into_bytes).fold(0xcbf2_9ce4_8422_2325, |digest, byte| {
        (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    assert_eq!(digest, 0x8216_7d77_de58_a734);
}

#[test]
fn made_up_contacts_hold_documented_fields_and_readable_values() {
    let schema = Schema::customer_contact();
    for contact in contacts(DEMO_SEED).take(2_000) {
        let fields: BTreeSet<_> = contact.iter().map(|(name, _)| name).collect();
        assert_eq!(fields.len(), contact.len(), "no field twice");
        for (name, value) in &contact {
            let field = schema.field(name).expect(name);
            assert!(field.kind.reads(value), "{name}: {value}");
            let length = field.max_length.unwrap_or(u32::MAX) as usize;
            assert!(value.chars().count() <= length, "{name}: {value}");
        }
        let contact = BTreeMap::from_iter(contact);
        assert!(contact["sys_created_on"] <= contact["sys_updated_on"]);
        assert!(contact["user_name"].is_ascii());
    }
}

#[test]
fn made_up_contacts_are_told_apart() {
    let all = contacts(DEMO_SEED).take(5_000);
    let all: Vec<_> = all.map(BTreeMap::from_iter).collect();
    for key in ["sys_id", "user_name"] {
        let distinct: BTreeSet<_> = all.iter().map(|contact| &contact[key]).collect();
        assert_eq!(distinct.len(), all.len(), "{key}");
    }
    assert!(all.iter().all(|contact| contact["sys_id"].len() == 32));
}

#[test]
fn made_up_contacts_are_varied() {
    let demo = demo();
    let count = |wanted: &dyn Fn(&BTreeMap<String, String>) -> bool| {
        demo.iter().filter(|contact| wanted(contact)).count()
    };
    assert!(count(&|contact| contact["name"].to_lowercase().contains("ge")) >= 6);
    assert!((150..190).contains(&count(&|contact| contact["active"] == "true")));
    for script in ["az", "αω", "ая", "את", "ءي", "一鿿", "가힣"] {
        let (first, last) = script.split_at(script.len() / 2);
        let range = first.parse::<char>().unwrap()..=last.parse().unwrap();
        let found = count(&|contact| contact["name"].chars().any(|letter| range.contains(&letter)));
        assert!(found > 0, "{script}");
    }
    let mut accounts = BTreeMap::<_, usize>::new();
    for account in demo.iter().filter_map(|contact| contact.get("account")) {
        *accounts.entry(account).or_default() += 1;
    }
    let shared = || accounts.values().filter(|contacts| **contacts > 1);
    assert!((6..=13).contains(&shared().count()), "{accounts:?}");
    assert!((40..90).contains(&shared().sum::<usize>()), "{accounts:?}");
}

// The names after `gs.`, written out from the vendor's list and not from the table.
const FUNCTIONS: &str = "beginningOfToday endOfToday beginningOfYesterday endOfYesterday \
    beginningOfTomorrow endOfTomorrow beginningOfThisWeek endOfThisWeek beginningOfLastWeek \
    endOfNextWeek beginningOfThisMonth endOfLastMonth beginningOfNextMonth endOfThisQuarter \
    beginningOfLastQuarter endOfNextQuarter beginningOfThisYear endOfLastYear beginningOfNextYear \
    endOfLast2Years beginningOfLast2Quarters endOfNext2Quarters beginningOfLast3Months \
    endOfLast6Months beginningOfLast9Months endOfLast12Months beginningOfLast7Days \
    endOfLast30Days beginningOfLast60Days endOfLast90Days beginningOfLast120Days \
    beginningOfLast2Hours endOfLastHour beginningOfCurrentHour endOfLast15Minutes \
    beginningOfLast30Minutes endOfLast45Minutes beginningOfLastMinute endOfCurrentMinute \
    beginningOfOneYearAgo minutesAgo minutesAgoStart minutesAgoEnd hoursAgo hoursAgoStart \
    hoursAgoEnd daysAgo daysAgoStart daysAgoEnd monthsAgo monthsAgoStart monthsAgoEnd \
    quartersAgo quartersAgoStart quartersAgoEnd yearsAgo yearsAgoStart yearsAgoEnd now \
    nowDateTime dateGenerate datePart yesterday getUserID userID user_id getUserName \
    getUserDisplayName getUser().getID";

#[test]
fn every_function_is_found_by_its_name() {
    let mut seen = BTreeSet::new();
    for function in Function::all() {
        let name = function.name();
        assert_eq!(Function::find(&name), Some(function), "{name}");
        assert!(function.description().ends_with('.'), "{name}");
        assert!(function.example().starts_with(&format!("javascript:{name}(")), "{name}");
        assert!(seen.insert(name));
    }
    assert_eq!(seen.len(), 36 * 2 + 6 * 3 + 12);
}

#[test]
fn the_listed_functions_are_there_and_no_others() {
    for name in FUNCTIONS.split_whitespace() {
        assert!(Function::find(&format!("gs.{name}")).is_some(), "{name}");
    }
    assert!(Function::find("getMyGroups").is_some());
    let absent =
        ["beginningOfLast5Days", "BeginningOfToday", "weeksAgo", "daysAgostart", "daysAgoX"];
    for name in absent.into_iter().chain(["", "beginningOf", "getMyGroups"]) {
        assert_eq!(Function::find(&format!("gs.{name}")), None, "{name}");
    }
}

#[test]
fn functions_mean_what_they_say() {
    let found = |name| Function::find(name).expect(name);
    let (unit, edge) = (Unit::Quarter, Some(Edge::End));
    assert_eq!(found("gs.quartersAgoEnd").meaning(), Meaning::Ago { unit, edge });
    assert_eq!(found("gs.quartersAgoEnd").arguments(), [Argument::Integer]);
    assert_eq!(found("gs.dateGenerate").arguments(), [Argument::Date, Argument::Edge]);
    let example = "javascript:gs.datePart('dayofweek','monday','EE')";
    assert_eq!(found("gs.datePart").example(), example);
    let period = PERIODS.iter().find(|period| period.label == "Last 7 days").unwrap();
    let edge = Edge::Start;
    assert_eq!(found("gs.beginningOfLast7Days").meaning(), Meaning::Bound { period, edge });
}

#[test]
fn periods_extend_as_documented() {
    let extent = |name| {
        let period = PERIODS.iter().find(|period| period.name == name).expect(name);
        (period.unit, period.first, period.last, period.years)
    };
    assert_eq!(extent("Yesterday"), (Unit::Day, -1, -1, 0));
    assert_eq!(extent("LastMonth"), (Unit::Month, -1, -1, 0));
    assert_eq!(extent("Next2Quarters"), (Unit::Quarter, 1, 2, 0));
    assert_eq!(extent("Last120Days"), (Unit::Day, -120, 0, 0));
    assert_eq!(extent("Last2Hours"), (Unit::Hour, -2, 0, 0));
    assert_eq!(extent("LastHour"), (Unit::Hour, -1, -1, 0));
    assert_eq!(extent("OneYearAgo"), (Unit::Day, 0, 0, -1));
    // The number in a name is the number in its row.
    for period in &PERIODS {
        let digits: String = period.name.chars().filter(char::is_ascii_digit).collect();
        let Ok(number) = digits.parse::<i32>() else {
            continue;
        };
        let units = if number > 1 { "s" } else { "" };
        let label = format!(" {number} {}{units}", period.unit.name());
        assert!(period.label.ends_with(&label), "{}", period.name);
        let extent = if period.name.starts_with("Next") { (1, number) } else { (-number, 0) };
        assert_eq!((period.first, period.last), extent, "{}", period.name);
    }
}
