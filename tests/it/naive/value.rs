//! Values as the naive evaluator compares them.

use std::cmp::{Ordering, Reverse};

use super::Kind;

/// §4: values of one kind, in order. A number is how many digits stand before its point, and all
/// its digits without needless zeros.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
#[rustfmt::skip]
pub enum Value { Plain(String), Negative(Reverse<(usize, String)>), Positive((usize, String)) }

/// §4, §5: what stands in a query. A date may have `T` and `Z`; an instant has a calendar date.
pub fn operand(kind: Kind, text: &str) -> Option<Value> {
    let instant = text.strip_suffix('Z').unwrap_or(text).replacen('T', " ", 1);
    match time(&instant).filter(|_| instant.len() == 19) {
        Some(time) if kind == Kind::DateTime => Some(time),
        Some(_) if kind == Kind::Date => read(kind, &instant[..10]),
        _ if kind == Kind::Text => Some(Value::Plain(fold(text))), // also the empty text
        _ => read(kind, text),
    }
}

/// §4: `None` is empty, and a stored value that its kind cannot read counts as empty.
pub fn read(kind: Kind, text: &str) -> Option<Value> {
    match (kind, fold(text).as_str()) {
        (_, "") => None,
        (Kind::Text, folded) => Some(Value::Plain(folded.to_owned())),
        (Kind::Number, _) => number(text),
        (Kind::Boolean, "false" | "0") => Some(Value::Plain("false".to_owned())),
        (Kind::Boolean, "true" | "1") => Some(Value::Plain("true".to_owned())),
        (Kind::Boolean, _) => None,
        (Kind::Date, _) => time(text).filter(|_| text.len() == 10),
        (Kind::DateTime, _) => time(text),
    }
}

/// §5: a date is its midnight; years have four digits, so text order is the order of time.
fn time(text: &str) -> Option<Value> {
    let shape = text.replace(|c: char| c.is_ascii_digit(), "0");
    let known = shape == "0000-00-00" || shape == "0000-00-00 00:00:00";
    let time: jiff::civil::DateTime = text.parse().ok().filter(|_| known)?;
    Some(Value::Plain(time.to_string()))
}

/// §4 Integer and decimal: exactly, however long.
fn number(text: &str) -> Option<Value> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let digits = whole.to_owned() + fraction.trim_end_matches('0');
    Some(match (whole.len(), digits) {
        size if text.starts_with('-') && !size.1.is_empty() => Value::Negative(Reverse(size)),
        size => Value::Positive(size), // -0 is 0
    })
}

/// §4 Text: each character in lower case, no normalisation, no locale.
pub fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// §2, §5: two fields in order; `None` if either is empty, or is not what its kind says.
pub fn compare(left: (Kind, &str), right: (Kind, &str)) -> Option<Ordering> {
    let (a, b) = (read(left.0, left.1)?, read(right.0, right.1)?);
    Some(match (left.0, right.0) {
        (x, y) if x == y => a.cmp(&b),
        (Kind::Date, Kind::DateTime) | (Kind::DateTime, Kind::Date) => {
            left.1[..10].cmp(&right.1[..10]) // by day
        }
        _ => fold(left.1).cmp(&fold(right.1)),
    })
}

/// §2: the comparison an operator asks for.
pub fn holds(operator: &str, order: Ordering) -> bool {
    match operator {
        "<" | "LT_FIELD" => order.is_lt(),
        "<=" | "LT_OR_EQUALS_FIELD" => order.is_le(),
        ">" | "GT_FIELD" => order.is_gt(),
        ">=" | "GT_OR_EQUALS_FIELD" => order.is_ge(),
        "SAMEAS" => order.is_eq(),
        _ => order.is_ne(),
    }
}

/// §5: whether the operand holds a script; the one function that is generated stands behind DATEPART
/// alone, so that elsewhere it makes the condition invalid.
pub fn holds_script(operator: &str, value: &str) -> bool {
    let is_script = |text: &str| text.trim().to_ascii_lowercase().starts_with("javascript:");
    match operator {
        "BETWEEN" => value.split('@').any(is_script),
        "IN" | "NOT IN" | "NOTIN" => value.split(',').any(is_script),
        "=" | "!=" | "<" | "<=" | ">" | ">=" | "STARTSWITH" | "ENDSWITH" | "%" | "LIKE"
        | "CONTAINS" | "*" | "NOT LIKE" | "NOTLIKE" | "DOES NOT CONTAIN" | "!*" | "MATCH_PAT"
        | "MATCH_RGX" | "CHANGESFROM" | "CHANGESTO" => {
            value.to_ascii_lowercase().starts_with("javascript:")
        }
        _ => false,
    }
}
