//! Rows and queries for property tests, written from the language's rules alone. Left out, as
//! `naive` leaves them out: blocks, scripts, dot-walks that lead somewhere.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::naive::Column;
use super::naive::Kind::{self, Boolean, Date, DateTime, Number, Text};

#[rustfmt::skip]
pub(crate) const COLUMNS: [Column; 9] = [
    Column { name: "name", kind: Text }, Column { name: "city", kind: Text },
    Column { name: "email", kind: Text }, Column { name: "priority", kind: Number },
    Column { name: "amount", kind: Number }, Column { name: "active", kind: Boolean },
    Column { name: "vip", kind: Boolean }, Column { name: "born", kind: Date },
    Column { name: "opened", kind: DateTime },
];
const ALL: &[Kind] = &[Text, Number, Boolean, Date, DateTime];
const DATED: &[Kind] = &[Date, DateTime];
const TYPED: &[Kind] = &[Number, Boolean, Date, DateTime];
const ORDERED: &[Kind] = &[Text, Number, Date, DateTime];

/// Lists of words by name.
macro_rules! pools {
    ($($(#[$doc:meta])* $name:ident: $($word:literal),+;)+) => {
        $($(#[$doc])* const $name: &[&str] = &[$($word),+];)+
    };
}

pools! {
    /// Common texts, so that conditions meet values.
    WORDS: "", "x", "X", "Abc", "aBC", "ab", "9", "10", "Σ", "ß", "İ", "NULL";
    /// What goes wrong: folding, signs with a meaning, blanks, numbers, words of the language.
    ODD: "ς", "σ", "ẞ", "ss", "i", "i\u{307}", "I", "ı", "\u{212a}", "k", "K", "é", "e\u{301}", "😀",
        "ａ", "%", "_", "*", "?", ".", "\\", "a%c", "a_c", "a*c", "a.c", "^", "^^", "a^b", "a^^b", "x^",
        "@", "a@b", ",", "a,b", ", x ,", " ", " x", "x ", "null", "007", "-1", "true", "2020-02-29",
        "=5", "<=", "STANCEOFx", "STRING", "EQ", "OR", "NQ", "ORx", "NQ^x", "GOTO", "IN", "x^EQ";
    NUMBERS: "5", "05", "9", "10", "0", "-0", "+0", "+5", "007", "-1", "-10", "1.5", "1.50", "-1.5",
        "-1.05", "0.1", "9007199254740992", "9007199254740993", "-9007199254740993",
        "9223372036854775808", "1234567890123456789012345.5", "1234567890123456789012345.50001",
        "0.0000000000000000000000001";
    NO_NUMBERS: "abc", "5.", ".5", "1e3", "--1", "+", "5 ", "0x1", "NaN", "٣", "1_0";
    BOOLEANS: "true", "false", "TRUE", "False", "1", "0"; NO_BOOLEANS: "maybe", "yes", "2", "true ", "t";
    DATES: "2020-02-29", "2018-02-28", "2026-01-10", "2026-01-11", "0001-01-01", "9999-12-31",
        "2000-02-29", "2026-03-31", "2026-02-28", "2026-03-30", "2025-12-31", "2024-12-30";
    INSTANTS: "2026-01-10 00:00:00", "2026-01-10 00:00:01", "2026-01-10 23:59:59",
        "2026-03-31 12:30:00", "2026-03-31 12:29:59", "2026-03-31 12:31:00", "2026-03-31 13:00:00",
        "2026-02-28 12:30:00", "2026-02-28 12:30:01", "2025-12-31 23:59:59", "2020-02-29 12:30:00", "0001-01-01 00:00:00", "9999-12-31 23:59:59";
    /// What dates may look like in a query, but not in a row.
    ISO: "2026-01-10T00:00:00", "2026-01-10T23:59:59Z", "2026-01-10 00:00:00Z", "2020-02-29T12:30:00Z";
    NO_DATES: "2018-02-30", "2019-02-29", "1900-02-29", "2026-1-1", "2026-13-01", "2026-00-10", "soon",
        "2026", "20260110", "2026-01-10 24:00:00", "2026-01-10 12:00", "10000-01-01", "10/01/2026";
    PATTERNS: "*", "?", "x*", "*c", "A?C", "*b*", "a.c", "??", "*.*", "\\*", "1*", "ς";
    REGEXES: "x", "^a", "b$", "a.c", "^A[a-c]+$", "Σ", "^[0-9]{2}", "k", "(a|9)", "\\^", "^$", "x?", "";
    NO_REGEXES: "[z-a]", "*", "a**(", "(?=x)", "(?<=a)b", "(a)\\1", "\\", "+5";
    EQUALITY: "=", "!="; ORDER: "<", "<=", ">", ">="; LIST: "IN", "NOT IN", "NOTIN";
    TEXTUAL: "STARTSWITH", "ENDSWITH", "%", "LIKE", "CONTAINS", "*", "NOT LIKE", "NOTLIKE",
        "DOES NOT CONTAIN", "!*";
    BARE: "ISEMPTY", "ISNOTEMPTY", "EMPTYSTRING", "ISEMPTYSTRING", "ANYTHING";
    SAME: "SAMEAS", "NSAMEAS"; FIELDS: "GT_FIELD", "LT_FIELD", "GT_OR_EQUALS_FIELD", "LT_OR_EQUALS_FIELD";
    TIMED: "ON", "NOTON", "MORETHAN", "LESSTHAN", "RELATIVEGT", "RELATIVEGE", "RELATIVELT",
        "RELATIVELE", "RELATIVEEE", "DATEPART"; PERIOD: "ON", "NOTON"; DISTANCE: "MORETHAN", "LESSTHAN";
    RELATIVE: "RELATIVEGT", "RELATIVEGE", "RELATIVELT", "RELATIVELE", "RELATIVEEE";
    LABELS: "Today", "yesterday", "TOMORROW", "This week", "Last week", "Next week", "This month",
        "last month", "Next month", "This quarter", "Last quarter", "Next quarter", "This year",
        "Last year", "Next year", "Last 2 years", "Last 2 quarters", "Next 2 quarters",
        "Last 3 months", "Last 6 months", "Last 9 months", "Last 12 months", "Last 7 days",
        "Last 30 days", "Last 60 days", "Last 90 days", "Last 120 days", "Last 2 hours", "Last hour",
        "Current hour", "Last 15 minutes", "Last 30 minutes", "Last 45 minutes", "Last minute",
        "Current minute", "One year ago", "2026-01-10", "2020-02-29", "0001-01-01", "9999-12-31";
    UNITS: "minute", "hour", "day", "dayofweek", "dayofmonth", "dayofquarter", "dayofyear", "week",
        "month", "quarter", "year";
    /// More digits than a number has are more units than there can be.
    COUNTS: "0", "1", "2", "3", "007", "11", "60", "2130", "24312", "99999999999999999999";
    PARTS: "'dayofweek','monday'", "'dayofweek','SAT'", "'dayofweek','1'", "'month','January'",
        "'month','dec'", "'month','2'", "'quarter','1'", "'quarter','4'", "'year','2026'",
        "'year','2020'", "'week','1'", "'week','53'", "'week','2'", "'hour','0'", "'hour','12'",
        "'hour','23'", "'dayofmonth','10'", "'dayofmonth','29'", "\"dayofmonth\" , \"31\"";
    BAD_PERIODS: "Today@2026-01-10", "Today@@2026-01-10", "Today@2026-01-10@", "2026-02-30",
        "Next 5 days", "Last 8 days", "This day", "Last days", "Today@soon@2026-01-10",
        "Today@2026-01-10@2026-01-11@2026-01-12", "2026-01-10 00:00:00", " Today", "Today ";
    BAD_RELATIVE: "@hour@1", "@fortnight@ago@1", "@Day@ago@1", "@day@ago@-1", "@day@ago@+1",
        "@day@ago@", "@day@before@1", "@day@Ago@1", "day@ago@1", "@day@ago@1@", "@@ago@1", "@day@@1",
        "@days@ago@1", "@day@ago@1.5", "@day@ago@٣", "x@day@ago@1", "@day@1@ago";
    BAD_PARTS: "x", "x@", "x@gs.datePart('month','1','EE')", "x@javascript:gs.datePart('month','1')",
        "x@javascript:gs.datePart('month','13','EE')", "x@javascript:gs.datePart('month','0','EE')",
        "x@javascript:gs.datePart('day','1','EE')", "x@javascript:gs.datePart('month','1','EQ')",
        "x@javascript:gs.datePart('dayofweek','mond','EE')", "x@javascript:gs.datePart('month','1','ee')",
        "x@javascript:gs.datePart(month,1,EE)", "x@javascript:gs.datePart('hour','24','EE')",
        "x@javascript:gs.datePart('week','54','EE')", "x@javascript:gs.datePart('hour','-1','EE')",
        "x@javascript:gs.daysAgo(1)", "x@y@javascript:gs.datePart('month','1','EE')";
    BAD_DISTANCES: "born", "born@day", "born@day@1", "born@day@ago@1", "nope@day@before@1",
        "name@day@before@1", "@day@before@1", "born@fortnight@before@1", "born@day@before@x",
        "born@day@before@-1", "born@day@before@1@", "born@day@before@", "opened@@after@1";
    REFUSED: "DOESNOTHAVE", "EXCLUDING", "DISTANCE_SPHERE_WITHIN", "IN_FIELD", "MATCH_RGX_FIELD",
        "DYNAMIC", "IN_HIERARCHY", "IN_HIERARCHY_DYNAMIC";
    STRANGERS: "nope", "NAME", "Email", "name.x", "a..b", ".x", "a.", "a b", "é", "5x";
    UNREADABLE: "junk", "name", "name isempty", "=1", "==1", "!=5", "INa,b", "NOT LIKEx", "*", "%", "e",
        "ONx", "EQx", "EQ EQ", " ", "nameequals x", "startswith", "É", "ISEMPTY", "EQ^";
    BAD_SORTS: "ORDERBY", "ORDERBYDESC", "ORDERBYnope", "ORDERBYNAME", "ORDERBYname ", "ORDERBYname=x",
        "ORDERBYname,city", "ORDERBYDESCname,amount", "ORDERBY^^name", "ORDERBYORDERBYname";
    /// Joined at random: what comes of them, both evaluators must agree on.
    SOUP: "^", "^^", "^^^", "OR", "NQ", "EQ", "GOTO", "name", "city", "amount", "active", "=", "!", "<",
        "x", "5", " ", "IN", "NOT ", "LIKE", "ISEMPTY", "STRING", "*", ",", "@", "é", "SAMEAS";
}

/// Kinds, operators and values that make no valid condition.
#[rustfmt::skip]
const INVALID: &[(&[Kind], Operators, &[&str])] = &[
    (ALL, &[REFUSED], &["", "x", "city"]),
    (ALL, &[SAME, FIELDS], STRANGERS),
    (ALL, &[&["MATCH_RGX"]], NO_REGEXES),
    (ALL, &[FIELDS], &["active", "vip"]),
    (&[Boolean], &[FIELDS], &["name", "amount", "born", "opened"]),
    (&[Boolean], &[ORDER, &["BETWEEN"]], &["true", "0", "0@1", ""]),
    (&[Boolean], &[EQUALITY], NO_BOOLEANS),
    (&[Number], &[EQUALITY, ORDER], NO_NUMBERS),
    (&[Date, DateTime], &[EQUALITY, ORDER], NO_DATES),
    (DATED, &[TIMED], &["", "zz", "@", "a@b"]),
    (DATED, &[PERIOD], BAD_PERIODS), (DATED, &[RELATIVE], BAD_RELATIVE),
    (DATED, &[&["DATEPART"]], BAD_PARTS), (DATED, &[DISTANCE], BAD_DISTANCES),
    (DATED, &[SAME], &["born@", "born@Day", "opened@days", "name@day", "nope@day", "born@day@1"]),
    (&[Text, Number, Boolean], &[SAME], &["born@day", "name@day"]),
    (&[Text, Number, Boolean], &[TIMED], &["Today", "2026-01-10", "@day@ago@1"]),
    (TYPED, &[ORDER], &["", "x", "NULL"]),
    (TYPED, &[&["INSTANCEOF"]], &["", "x"]), (&[Text], &[&["INSTANCEOF"]], &[""]),
    (TYPED, &[&["CHANGESFROM", "CHANGESTO"]], &["abc", "null"]),
    (TYPED, &[EQUALITY, LIST], &["abc", "5,abc", "true,NULL", "null"]),
    (TYPED, &[&["BETWEEN"]], &["5", "a@9", "2026-01-10@soon"]),
    (ORDERED, &[&["BETWEEN"]], &["", "@", "x@", "@5", "5@6@7"]),
];

type Operators = &'static [&'static [&'static str]];
type Texts = BoxedStrategy<String>;
/// Field and operator, and the value as it is meant: its carets are not doubled yet.
type Clauses = BoxedStrategy<(String, String)>;

fn any_of(pool: &[&'static str]) -> Texts {
    select(pool.to_vec()).prop_map(str::to_owned).boxed()
}

fn names(kinds: &[Kind]) -> Texts {
    let fields = COLUMNS.iter().filter(|column| kinds.contains(&column.kind));
    any_of(&fields.map(|column| column.name).collect::<Vec<_>>())
}

fn clauses(names: Texts, operators: Operators, values: Texts) -> Clauses {
    let clause = (names, select(operators.concat()), values);
    clause.prop_map(|(n, o, v)| (n + o, v)).boxed()
}

fn texts() -> Texts {
    prop_oneof![3 => any_of(WORDS), 2 => any_of(ODD)].boxed()
}

/// Values as a kind can read them, in a row and in a query.
fn readable(kind: Kind) -> Texts {
    match kind {
        Text => texts(),
        Number => any_of(NUMBERS),
        Boolean => any_of(BOOLEANS),
        Date => any_of(DATES),
        DateTime => prop_oneof![1 => any_of(DATES), 2 => any_of(INSTANTS)].boxed(),
    }
}

fn unreadable(kind: Kind) -> Texts {
    any_of(match kind {
        Text => &[""],
        Number => NO_NUMBERS,
        Boolean => NO_BOOLEANS,
        Date | DateTime => NO_DATES,
    })
}

fn operands(kind: Kind) -> Texts {
    match kind {
        Date | DateTime => prop_oneof![any_of(DATES), any_of(INSTANTS), any_of(ISO)].boxed(),
        Text | Number | Boolean => readable(kind),
    }
}

/// Values of whatever kind.
fn anything() -> Texts {
    let of = |kind| prop_oneof![4 => operands(kind), 1 => unreadable(kind)];
    prop_oneof![1 => texts(), 2 => select(ALL).prop_flat_map(of)].boxed()
}

fn cell(column: &Column) -> Texts {
    let unique = (0..999_u32).prop_map(|n| format!("u{n}@example.org"));
    let good = match column.name {
        "email" => prop_oneof![3 => unique, 1 => texts()].boxed(),
        _ => readable(column.kind),
    };
    let bad = prop_oneof![3 => unreadable(column.kind), 1 => any_of(ISO)];
    prop_oneof![6 => good, 1 => Just(String::new()), 1 => bad].boxed()
}

pub(crate) fn rows() -> impl Strategy<Value = Vec<Vec<String>>> {
    vec(COLUMNS.iter().map(cell).collect::<Vec<_>>(), 0..40)
}

/// Conditions whose operand depends on the kind.
fn typed(kind: Kind) -> Clauses {
    let of = |operators, values| clauses(names(&[kind]), operators, values);
    let list = (vec(operands(kind), 0..4), select(&[",", " , ", ",,"][..]));
    let list = list.prop_map(|(items, comma)| items.join(comma));
    let is_bound = |value: &String| !value.is_empty() && !value.contains('@');
    let bound = operands(kind).prop_filter("a bound", is_bound);
    let range = (bound.clone(), bound).prop_map(|(low, high)| format!("{low}@{high}"));
    let equal: Operators = &[EQUALITY, EQUALITY];
    let any_kind = prop_oneof![of(&[LIST], list.boxed()), of(equal, operands(kind))];
    if kind == Boolean {
        return any_kind.boxed();
    }
    let range = of(&[&["BETWEEN"]], range.boxed());
    prop_oneof![2 => any_kind, 2 => of(&[ORDER], operands(kind)), 1 => range].boxed()
}

/// Conditions about periods, distances and parts of a date.
fn timed() -> Clauses {
    let of = |operators, values| clauses(names(DATED), operators, values);
    let day = || prop_oneof![any_of(DATES), any_of(INSTANTS), any_of(ISO)];
    let bounds = (any_of(WORDS), day(), day()).prop_map(|(label, a, b)| format!("{label}@{a}@{b}"));
    let relative = (any_of(UNITS), any_of(&["ago", "ahead"]), any_of(COUNTS));
    let relative = relative.prop_map(|(unit, side, n)| format!("@{unit}@{side}@{n}"));
    let distance = (names(DATED), any_of(UNITS), any_of(&["before", "after"]), any_of(COUNTS));
    let distance = distance.prop_map(|(field, unit, side, n)| format!("{field}@{unit}@{side}@{n}"));
    let same = (names(DATED), any_of(UNITS)).prop_map(|(field, unit)| format!("{field}@{unit}"));
    let script = any_of(&["x@javascript:", "@JavaScript: ", "a b@javascript:"]);
    let part = (script, any_of(PARTS), any_of(&["EE", "GT", "GE", "LT", "LE"]), any_of(&["", ";"]));
    let part = part.prop_map(|(script, part, comparison, end)| {
        format!("{script}gs.datePart({part},'{comparison}'){end}")
    });
    prop_oneof![
        2 => of(&[PERIOD], any_of(LABELS)),
        1 => of(&[PERIOD], bounds.boxed()),
        3 => of(&[RELATIVE], relative.boxed()),
        2 => of(&[DISTANCE], distance.boxed()),
        1 => of(&[SAME], same.boxed()),
        2 => of(&[&["DATEPART"]], part.boxed()),
    ]
    .boxed()
}

fn valid() -> Clauses {
    let all = || names(ALL);
    let ignored = prop_oneof![3 => Just(String::new()), 1 => texts()].boxed();
    prop_oneof![
        8 => select(ALL).prop_flat_map(typed),
        4 => clauses(all(), &[TEXTUAL, &["MATCH_PAT"]], anything()),
        1 => clauses(all(), &[&["MATCH_PAT"]], any_of(PATTERNS)),
        1 => clauses(all(), &[&["MATCH_RGX"]], any_of(REGEXES)),
        1 => clauses(all(), &[EQUALITY], any_of(&["", "NULL"])),
        2 => clauses(all(), &[BARE], ignored),
        1 => clauses(all(), &[SAME], all()),
        6 => timed(),
        1 => clauses(names(ORDERED), &[FIELDS], names(ORDERED)),
    ]
    .boxed()
}

fn invalid() -> Clauses {
    let operators: Operators = &[EQUALITY, ORDER, TEXTUAL, LIST, BARE];
    let of = |(kinds, operators, values)| clauses(names(kinds), operators, any_of(values));
    prop_oneof![
        6 => select(INVALID).prop_flat_map(of),
        2 => clauses(any_of(STRANGERS), operators, anything()),
        2 => any_of(UNREADABLE).prop_map(|text| (text, String::new())),
    ]
    .boxed()
}

fn doubled((head, value): (String, String)) -> String {
    head.replace('^', "^^") + &value.replace('^', "^^")
}

/// One valid condition.
pub(crate) fn condition() -> impl Strategy<Value = String> {
    valid().prop_map(doubled)
}

/// One condition that is invalid, or a part that is none.
pub(crate) fn invalid_part() -> impl Strategy<Value = String> {
    invalid().prop_map(doubled)
}

fn part() -> Texts {
    let evaluated: Operators = &[EQUALITY, ORDER, LIST, FIELDS, &["BETWEEN", "MATCH_RGX"]];
    let sort = (any_of(&["ORDERBY", "ORDERBYDESC"]), names(ALL));
    prop_oneof![
        12 => condition(),
        2 => valid().prop_map(|(head, value)| head + &value), // carets left as they are
        2 => clauses(names(ALL), evaluated, anything()).prop_map(doubled), // valid by chance
        3 => invalid_part(),
        2 => any_of(&["", "EQ", "GROUPBYcity", "TRENDBYopened,day", "HAVINGCOUNT>=2", "GROUPBY"]),
        3 => sort.prop_map(|(order, name)| order + &name),
        1 => any_of(BAD_SORTS),
        2 => vec(any_of(SOUP), 1..7).prop_map(|words| words.concat()),
    ]
    .boxed()
}

pub(crate) fn query() -> impl Strategy<Value = String> {
    let repeated = vec(any_of(&["OR", "NQ"]), 1..4).prop_map(|words| words.concat());
    let prefix = prop_oneof![6 => any_of(&[""]), 6 => any_of(&["OR", "OR", "NQ"]), 1 => repeated];
    let caret = prop_oneof![14 => any_of(&["^"]), 1 => any_of(&["^^", "^^^"])];
    let part = (caret, prefix, part()).prop_map(|(caret, prefix, part)| caret + &prefix + &part);
    let start = prop_oneof![8 => any_of(&[""]), 1 => any_of(&["GOTO", "GOTOGOTO"])];
    let end = prop_oneof![6 => any_of(&[""]), 3 => any_of(&["^", "^EQ", "^^"])];
    (start, vec(part, 0..9), end).prop_map(|(start, parts, end)| {
        let parts = parts.concat();
        start + parts.strip_prefix('^').unwrap_or(&parts) + &end
    })
}
