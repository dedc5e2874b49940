//! A second evaluator, written from the language's rules alone: slow and plain, to check the fast
//! one against. Left out: dot-walks, blocks, scripts, text search. Now is fixed, the zone is UTC.

#![expect(clippy::indexing_slicing, reason = "a slip fails a test")]
#![expect(clippy::string_slice, reason = "a slip fails a test")]
#![expect(clippy::too_many_lines, reason = "one match over all")]
#![expect(unreachable_pub, reason = "a module of a test binary")]

mod dates;
mod periods;
mod times;
mod value;

use std::cmp::Reverse;

pub use times::NOW;
use value::{compare, fold, holds, holds_script, operand, read};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[rustfmt::skip]
pub enum Kind { Text, Number, Boolean, Date, DateTime }

#[derive(Clone, Copy, Debug)]
#[rustfmt::skip]
pub struct Column { pub name: &'static str, pub kind: Kind }

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[rustfmt::skip]
pub enum Mode { Ignore, NoRows }

/// §2: every operator of the platform, with its aliases.
#[rustfmt::skip]
const OPERATORS: [&str; 55] = [
    "=", "!=", "<", "<=", ">", ">=", "STARTSWITH", "ENDSWITH", "%", "LIKE", "CONTAINS", "*",
    "NOT LIKE", "NOTLIKE", "DOES NOT CONTAIN", "!*", "IN", "NOT IN", "NOTIN", "ISEMPTY",
    "ISNOTEMPTY", "EMPTYSTRING", "ISEMPTYSTRING", "ANYTHING", "BETWEEN", "SAMEAS", "NSAMEAS",
    "GT_FIELD", "LT_FIELD", "GT_OR_EQUALS_FIELD", "LT_OR_EQUALS_FIELD", "MORETHAN", "LESSTHAN",
    "ON", "NOTON", "RELATIVEGT", "RELATIVEGE", "RELATIVELT", "RELATIVELE", "RELATIVEEE",
    "DATEPART", "DYNAMIC", "INSTANCEOF", "IN_HIERARCHY", "IN_HIERARCHY_DYNAMIC", "MATCH_PAT",
    "MATCH_RGX", "VALCHANGES", "CHANGESFROM", "CHANGESTO", "DOESNOTHAVE", "EXCLUDING",
    "DISTANCE_SPHERE_WITHIN", "IN_FIELD", "MATCH_RGX_FIELD",
];

/// Row numbers that match, in sorted order (unpaged). A row is one text per column; "" is empty.
pub fn select(query: &str, columns: &[Column], rows: &[Vec<String>], mode: Mode) -> Vec<usize> {
    let (mut branches, mut keys) = (vec![Vec::<Vec<String>>::new()], Vec::new());
    for (or, nq, term) in parts(query) {
        if nq {
            branches.push(Vec::new()); // §1.4: a bare NQ, or one before a sort, opens one too
        }
        let Some(groups) = branches.last_mut() else { continue }; // there is always one
        let grouping = ["GROUPBY", "TRENDBY", "HAVINGCOUNT"];
        match (term.strip_prefix("ORDERBY"), groups.last_mut()) {
            (Some(key), _) => keys.push(match key.strip_prefix("DESC") {
                Some(name) => (column(columns, name), true),
                None => (column(columns, key), false), // §1.6: `a,b` names no column
            }),
            _ if term.is_empty() || term == "EQ" => {} // §1.3, §1.5: transparent
            _ if grouping.iter().any(|word| term.starts_with(word)) => {}
            (None, Some(group)) if or => group.push(term),
            _ => groups.push(vec![term]), // §1.4: OR without a group before it is AND
        }
    }
    let passes = |row: &[String]| {
        let of = |term: &String| answer(term, columns, row);
        let mut terms = branches.iter().flatten().flatten();
        let invalid = keys.iter().any(|(at, _)| at.is_none()) || terms.any(|t| of(t).is_none());
        // §9: a group without valid alternatives gives no answer, nor a branch without such groups.
        let group = |g: &Vec<_>| g.iter().filter_map(of).reduce(|a, b| a || b);
        let branch = |b: &Vec<_>| b.iter().filter_map(group).reduce(|a, b| a && b);
        let query = branches.iter().filter_map(branch).reduce(|a, b| a || b);
        query.unwrap_or(true) && !(invalid && mode == Mode::NoRows)
    };
    let mut found: Vec<usize> = (0..rows.len()).filter(|&row| passes(&rows[row])).collect();
    for (at, descending) in keys.into_iter().rev() {
        let Some(at) = at else { continue }; // §9: an invalid sort key is skipped
        let key = |row: &usize| read(columns[at].kind, &rows[*row][at]); // §10: None is smallest
        if descending {
            found.sort_by_key(|row| Reverse(key(row))); // stable, so the last key goes first
        } else {
            found.sort_by_key(key);
        }
    }
    found
}

fn column(columns: &[Column], name: &str) -> Option<usize> {
    columns.iter().position(|column| column.name == name) // §3: case-sensitive
}

/// §1.2, §1.4, §1.7: the parts as (OR before it, NQ before it, term with its carets unescaped).
fn parts(query: &str) -> Vec<(bool, bool, String)> {
    let (mut rest, mut found) = (query.trim_start_matches("GOTO"), Vec::new());
    loop {
        let (mut or, mut nq, mut term) = (false, false, String::new());
        while !rest.starts_with("ORDERBY") && (rest.starts_with("OR") || rest.starts_with("NQ")) {
            or |= rest.starts_with("OR");
            nq |= rest.starts_with("NQ");
            rest = &rest[2..];
        }
        while let Some(c) = rest.chars().next() {
            let pair = rest.starts_with("^^") && !term.is_empty();
            if c == '^' && !pair {
                break;
            }
            term.push(c);
            rest = &rest[if pair { 2 } else { c.len_utf8() }..];
        }
        found.push((or, nq, term));
        match rest.strip_prefix('^') {
            Some(after) => rest = after,
            None => return found,
        }
    }
}

/// §1 Finding the operator: field, operator, value; none without an operator or a field.
fn split(term: &str) -> Option<(&str, &'static str, &str)> {
    let longest = |rest: &str| {
        let here = OPERATORS.into_iter().filter(|o| rest.starts_with(o));
        here.max_by_key(|o| o.len())
    };
    let mut places = term.char_indices();
    let (at, operator) = places.find_map(|(at, _)| Some((at, longest(&term[at..])?)))?;
    (at > 0).then(|| (&term[..at], operator, &term[at + operator.len()..]))
}

/// §2: does the row meet the condition? `None`: an invalid part, whatever the row.
fn answer(term: &str, columns: &[Column], row: &[String]) -> Option<bool> {
    let (name, operator, value) = split(term).filter(|(_, o, v)| !holds_script(o, v))?;
    let (at, needle) = (column(columns, name)?, fold(value));
    let (kind, text, folded) = (columns[at].kind, row[at].as_str(), fold(&row[at]));
    let (cell, filled, boolean) = (read(kind, text), !text.is_empty(), kind == Kind::Boolean);
    Some(match operator {
        "ANYTHING" => true,
        "ISEMPTY" | "EMPTYSTRING" | "ISEMPTYSTRING" => cell.is_none(),
        "ISNOTEMPTY" => cell.is_some(),
        "=" if ["", "NULL"].contains(&value) => cell.is_none(), // §4 Empty
        "!=" if ["", "NULL"].contains(&value) => cell.is_some(),
        "=" => cell == Some(operand(kind, value)?),
        "!=" => operand(kind, value).map(|v| cell.map_or(boolean, |c| c != v))?,
        "<" | "<=" | ">" | ">=" if !boolean => {
            let value = operand(kind, value)?;
            cell.is_some_and(|cell| holds(operator, cell.cmp(&value)))
        }
        // §4: text operators read the stored text, whatever the kind makes of it.
        "STARTSWITH" => folded.starts_with(&needle),
        "ENDSWITH" | "%" => folded.ends_with(&needle),
        "LIKE" | "CONTAINS" | "*" => folded.contains(&needle),
        "NOT LIKE" | "NOTLIKE" | "DOES NOT CONTAIN" | "!*" => filled && !folded.contains(&needle),
        "MATCH_PAT" => {
            let any = regex::escape(&needle).replace(r"\*", ".*");
            filled && matches(&format!("(?s-i)^{}$", any.replace(r"\?", ".")), &folded)?
        }
        "MATCH_RGX" if value.len() <= 256 => matches(value, text)? && filled,
        "IN" | "NOT IN" | "NOTIN" => {
            let items = value.split(',').map(|item| item.trim_matches(' ')); // §4 List
            let items = items.filter(|i| !i.is_empty()).map(|i| operand(kind, i));
            let (items, negative) = (items.collect::<Option<Vec<_>>>()?, operator != "IN");
            cell.map_or(negative && boolean, |c| items.contains(&c) != negative)
        }
        "BETWEEN" if !boolean => {
            let (low, high) = value.split_once('@')?; // §4 Range
            if low.is_empty() || high.is_empty() || high.contains('@') {
                return None;
            }
            let (low, high) = (operand(kind, low)?, operand(kind, high)?);
            cell.is_some_and(|cell| low <= cell && cell <= high)
        }
        "MORETHAN" | "LESSTHAN" | "SAMEAS" | "NSAMEAS" if value.contains('@') => {
            let (name, rest) = value.split_once('@')?;
            let to = column(columns, name)?;
            times::pair(operator, (kind, text), (columns[to].kind, &row[to]), rest)?
        }
        "ON" | "NOTON" | "DATEPART" => times::answer(operator, kind, text, value)?,
        _ if operator.starts_with("RELATIVE") => times::answer(operator, kind, text, value)?,
        "SAMEAS" | "NSAMEAS" | "GT_FIELD" | "LT_FIELD" | "GT_OR_EQUALS_FIELD"
        | "LT_OR_EQUALS_FIELD" => {
            let to = column(columns, value)?;
            if operator.ends_with("FIELD") && (boolean || columns[to].kind == Kind::Boolean) {
                return None;
            }
            let order = compare((kind, text), (columns[to].kind, &row[to]));
            order.is_some_and(|order| holds(operator, order))
        }
        // §2: the class or one that extends it; there is no catalog here.
        "INSTANCEOF" if kind == Kind::Text && !value.is_empty() => folded == needle,
        // §2, §8: on stored rows they match nothing.
        "VALCHANGES" => false,
        "CHANGESFROM" | "CHANGESTO" if ["", "NULL"].contains(&value) => false,
        "CHANGESFROM" | "CHANGESTO" => operand(kind, value).map(|_| false)?,
        _ => return None,
    })
}

fn matches(pattern: &str, text: &str) -> Option<bool> {
    let mut regex = regex::RegexBuilder::new(pattern);
    Some(regex.case_insensitive(true).build().ok()?.is_match(text))
}
