//! Queries from bytes: what is below 0x80 stands for itself, the rest for words and whole conditions,
//! so that a text is its own input and a changed byte changes a word.

use arbitrary::{Result, Unstructured};
use encoded_query::function::Function;
use encoded_query::{FieldType, Operator};

/// Bytes of a query at most, so that one input takes little time.
const LONGEST: usize = 200;

/// Texts that conditions and records have in common: signs with a meaning, folding, numbers, dates.
#[rustfmt::skip]
pub(crate) const TEXTS: &[&str] = &[
    "", "x", "X", "Abc", "aBC", "ab", "9", "10", "Σ", "ς", "σ", "ß", "ẞ", "ss", "İ", "i", "i\u{307}", "ı",
    "\u{212a}", "K", "é", "e\u{301}", "😀", "ａ", "%", "_", "*", "?", ".", "\\", "a%c", "a*c", "a^b", "^",
    "x^", "^^", "@", "a@b", ",", "a,b", ", x ,", " ", " x", "x ", "NULL", "null", "true", "=5", "<=",
    "STANCEOFx", "STRING", "EQ", "ORx", "NQ^x", "GOTO", "x^EQ", "\u{0}", "\n", "\u{feff}", "javascript:",
];
pub(crate) const NUMBERS: &[&str] = &[
    "5",
    "05",
    "9",
    "10",
    "0",
    "-0",
    "+5",
    "-1",
    "-10",
    "1.5",
    "1.50",
    "-1.05",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "123456789012345678901.50001",
    "0.0000000000000000000000001",
    "abc",
    "5.",
    ".5",
    "1e3",
    "+",
    "٣",
    "1_0",
    "",
];
pub(crate) const BOOLEANS: &[&str] =
    &["true", "false", "TRUE", "False", "1", "0", "maybe", "true ", ""];
pub(crate) const DATES: &[&str] = &[
    "2020-02-29",
    "2026-01-10",
    "2026-03-29",
    "0001-01-01",
    "9999-12-31",
    "2026-01-10 00:00:00",
    "2026-01-10 23:59:59",
    "2026-03-29 01:30:00",
    "2020-02-29 12:30:00",
    "0001-01-01 00:00:00",
    "9999-12-31 23:59:59",
    "2026-01-10T00:00:00",
    "2026-01-10T23:59:59Z",
    "2018-02-30",
    "1900-02-29",
    "2026-1-1",
    "soon",
    "2026-01-10 24:00:00",
    "10000-01-01",
    "",
];
pub(crate) const IDS: &[&str] = &[
    "t0",
    "t1",
    "t2",
    "t3",
    "a0",
    "a1",
    "u0",
    "u1",
    "nowhere",
    "",
    "0123456789abcdef0123456789ABCDEF",
    "90d1921e5f510100a9ad2572f2b477fe",
    "d6435e965f510100a9ad2572f2b47744",
    "javascript:gs.getUserID()",
];
/// What stands behind the operators that read their value in parts.
#[rustfmt::skip]
const PARTS: &[&str] = &[
    "Today", "last 30 days", "This quarter", "Current hour", "2026-01-10", "x@2026-01-10@2026-03-29",
    "x@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()", "x@@", "@day@ago@1",
    "@month@ahead@3", "@year@ago@9999", "@minute@ago@99999999999999999999", "@quarter@ago@0",
    "@week@ago@2", "@hour@ahead@36", "opened@day@before@3", "born@hour@after@40", "opened@year@after@9999",
    "born@day", "opened@hour", "amount", "name", "city", "born", "opened", "priority", "manager.born",
    "Monday@javascript:gs.datePart('dayofweek','monday','EE')", "t.manager@t0", "manager@javascript:gs.getUserID()",
    "x@javascript:gs.datePart('hour','23','LE')", "x@javascript:gs.datePart(\"year\",\"9999\",\"GE\")",
    "u.boss@u0", "boss@90d1921e5f510100a9ad2572f2b477fe", "t", "a", "s", "a*c", "*", "?b?", "^^a.c$",
    "[a-z]+", "(a|b)*c{2}", "(?=x)", "\\1", "\\d", "[z-a]", "x?",
];
/// Words that separate, sort, group and open blocks.
#[rustfmt::skip]
const STRUCTURE: &[&str] = &[
    "^", "^OR", "^NQ", "^^", "^EQ", "^ORDERBY", "^ORDERBYDESC", "^GROUPBY", "GOTO", "^NQ^", "ORDERBYname",
    "^ORDERBYDESCopened", "^ORDERBYaccount", "^ORDERBYamount", "^ORDERBYactive", "^ORDERBYmanager.name",
    "^RLQUERYt.manager,>=1^", "^RLQUERYu.home,=0^", "RLQUERYt.account,>0,m2m^", "^ENDRLQUERY",
    "^SUBQUERYaccount,sys_id,a^", "^SUBQUERYname,city,t^", "^^ENDSUBQUERY", "^ENDSUBQUERY",
    "^JOINt.account=a.sys_id!", "JOINt.name=u.name!", "^^city=x", "^SUBQUERYowner,sys_id,u^^",
    "123TEXTQUERY321=", "123TEXTINDEXGROUP321=", "javascript:", "@", ",",
];
/// Fields of all tables, with walks that lead somewhere and such that do not.
#[rustfmt::skip]
pub(crate) const FIELDS: &[(&str, FieldType)] = &[
    ("name", FieldType::String), ("city", FieldType::String), ("email", FieldType::String),
    ("row", FieldType::String), ("priority", FieldType::Integer), ("amount", FieldType::Decimal),
    ("active", FieldType::Boolean), ("vip", FieldType::Boolean), ("born", FieldType::Date),
    ("opened", FieldType::DateTime), ("sys_id", FieldType::SysId), ("class", FieldType::String),
    ("account", FieldType::Reference), ("manager", FieldType::Reference), ("account.name", FieldType::String),
    ("account.owner.boss.name", FieldType::String), ("manager.manager.opened", FieldType::DateTime),
    ("manager.account.since", FieldType::Date), ("account.owner", FieldType::Reference),
    ("home.city", FieldType::String), ("boss", FieldType::Reference), ("since", FieldType::Date),
    ("owner", FieldType::Reference), ("elsewhere", FieldType::Reference), ("name.x", FieldType::String),
    ("NAME", FieldType::String), ("a..b", FieldType::String),
];

/// A query from what is left of the input.
pub(crate) fn query(u: &mut Unstructured<'_>) -> String {
    let mut text = String::new();
    while !u.is_empty() && text.len() < LONGEST && next(u, &mut text).is_ok() {}
    text
}

/// A few conditions.
pub(crate) fn conditions(u: &mut Unstructured<'_>, count: u8) -> String {
    let mut text = String::new();
    for _ in 0..count {
        if condition(u, &mut text).is_err() {
            break;
        }
    }
    text.trim_start_matches('^').to_owned()
}

fn next(u: &mut Unstructured<'_>, text: &mut String) -> Result<()> {
    match u.arbitrary::<u8>()? {
        byte @ ..0x80 => text.push(char::from(byte)),
        byte @ 0x80..0xa0 => text.push_str(of(STRUCTURE, byte)),
        0xa0..0xa8 => text.push_str(u.choose(TEXTS)?),
        0xa8..0xac => text.push_str(u.choose(DATES)?),
        0xac..0xb0 => text.push_str(&function(u)?.example()),
        0xb0..0xb8 => text.push_str(u.choose(FIELDS)?.0),
        0xb8..0xc0 => text.push_str(token(u)?),
        _ => condition(u, text)?,
    }
    Ok(())
}

fn of<T: Copy>(pool: &[T], byte: u8) -> T {
    pool[usize::from(byte) % pool.len()]
}

pub(crate) fn token(u: &mut Unstructured<'_>) -> Result<&'static str> {
    let operator = *u.choose(Operator::ALL)?;
    let aliases = operator.aliases();
    let number = u.int_in_range(0..=aliases.len())?;
    Ok(if number == 0 { operator.token() } else { aliases[number - 1] })
}

pub(crate) fn function(u: &mut Unstructured<'_>) -> Result<Function> {
    let all = Function::all().count();
    let number = u.int_in_range(0..=all - 1)?;
    Ok(Function::all().nth(number).expect("it was counted"))
}

/// A condition of a field, an operator and a value that mostly suit one another, behind a separator.
fn condition(u: &mut Unstructured<'_>, text: &mut String) -> Result<()> {
    text.push_str(u.choose(&["^", "^", "^", "^OR", "^OR", "^NQ"])?);
    let (field, kind) = *u.choose(FIELDS)?;
    let operator = token(u)?;
    text.extend([field, operator]);
    let values = match (u.arbitrary::<u8>()? % 16, kind) {
        (0..=2, _) => TEXTS,
        (3..=5, _) => PARTS,
        (6, _) => {
            text.push_str(&function(u)?.example());
            return Ok(());
        }
        (_, FieldType::String) => TEXTS,
        (_, FieldType::Integer | FieldType::Decimal) => NUMBERS,
        (_, FieldType::Boolean) => BOOLEANS,
        (_, FieldType::Date | FieldType::DateTime) => DATES,
        (_, _) => IDS,
    };
    let between = match Operator::from_token(operator) {
        Some(Operator::In | Operator::NotIn) => ",",
        Some(Operator::Between) => "@",
        _ => "",
    };
    let escaped = |value: &str| value.replace('^', "^^");
    text.push_str(&escaped(u.choose(values)?));
    if !between.is_empty() {
        text.push_str(between);
        text.push_str(&escaped(u.choose(values)?));
    }
    Ok(())
}
