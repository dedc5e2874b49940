//! The productions of one term: what stands between two separators, without its prefix.
//!
//! ```ebnf
//! term      = order | grouping | "EQ" | condition | unreadable ;
//! order     = ( "ORDERBYDESC" | "ORDERBY" ) , field ;
//! grouping  = ( "GROUPBY" | "TRENDBY" | "HAVINGCOUNT" ) , text ;
//! condition = field , operator , value ;
//! field     = one or more characters up to the first operator ;
//! related   = "RLQUERY" , name , "." , name , "," , comparison , digits , [ ",m2m" ] ;
//! subquery  = "SUBQUERY" , name , "," , name , "," , name ;
//! join      = "JOIN" , name , "." , name , "=" , name , "." , name , "!" ;
//! ```
//!
//! Productions see one term each, so that an error cannot leak out of it; a failure of nom only
//! means "try the next alternative".

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::{char, digit1};
use nom::combinator::{all_consuming, opt, recognize, rest, value, verify};
use nom::{IResult, Parser};

use super::node::{Direction, Keyword};
use crate::diagnostic::Code;
use crate::operator::{Meaning, Operator};

/// The two field names that begin with a digit: text search, and its index group.
pub(crate) const TEXT_QUERY: &str = "123TEXTQUERY321";
pub(crate) const TEXT_INDEX_GROUP: &str = "123TEXTINDEXGROUP321";

pub(super) const END: &str = "EQ";
pub(crate) const ORDER_BY: &str = "ORDERBY";
pub(crate) const ORDER_BY_DESC: &str = "ORDERBYDESC";
pub(super) const RELATED_LIST: &str = "RLQUERY";
pub(super) const SUBQUERY: &str = "SUBQUERY";
pub(super) const JOIN: &str = "JOIN";
pub(super) const END_RELATED_LIST: &str = "ENDRLQUERY";
pub(super) const END_SUBQUERY: &str = "ENDSUBQUERY";

type Parsed<'i, T> = IResult<&'i str, T, ()>;

/// A term other than a block, as read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Term<'i> {
    End,
    Order(Direction, &'i str),
    Grouping(Keyword, &'i str),
    Condition(&'i str, Operator, &'i str),
    BadOrder(Code),
    Unreadable(Code),
}

/// The head of a block, as read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum HeadText<'i> {
    RelatedList { table: &'i str, field: &'i str, quantity: &'i str, m2m: bool },
    Subquery { field: &'i str, theirs: &'i str, table: &'i str },
    Join { left: &'i str, right: &'i str },
}

/// Reads a term. `i` is not empty and not a block.
pub(super) fn term(i: &str) -> Term<'_> {
    // Keywords are upper-case and most terms begin with a field, which is not.
    if i.as_bytes().first().is_some_and(u8::is_ascii_uppercase)
        && let Ok((_, keyword_term)) = alt((end, order, grouping)).parse(i)
    {
        return keyword_term;
    }
    condition(i).map_or_else(|_| Term::Unreadable(why_unreadable(i)), |(_, term)| term)
}

fn end(i: &str) -> Parsed<'_, Term<'_>> {
    value(Term::End, all_consuming(tag(END))).parse(i)
}

fn order(i: &str) -> Parsed<'_, Term<'_>> {
    let descending = value(Direction::Descending, tag(ORDER_BY_DESC));
    let ascending = value(Direction::Ascending, tag(ORDER_BY));
    let sorted = (alt((descending, ascending)), rest).map(|(direction, field): (_, &str)| {
        if field.is_empty() {
            Term::BadOrder(Code::MissingField)
        } else if field.contains(',') {
            Term::BadOrder(Code::Unreadable)
        } else {
            Term::Order(direction, field)
        }
    });
    { sorted }.parse(i)
}

fn grouping(i: &str) -> Parsed<'_, Term<'_>> {
    let keyword = |keyword: Keyword| value(keyword, tag(keyword.as_str()));
    let [group, trend, having] = Keyword::ALL.map(keyword);
    (alt((group, trend, having)), rest)
        .map(|(keyword, text)| Term::Grouping(keyword, text))
        .parse(i)
}

fn condition(i: &str) -> Parsed<'_, Term<'_>> {
    (field, operator, rest)
        .map(|(field, operator, value)| Term::Condition(field, operator, value))
        .parse(i)
}

/// Reads up to the earliest operator, which is not at the start: `domain_onSTARTSWITHx` is
/// `domain_on`.
fn field(i: &str) -> Parsed<'_, &str> {
    let whole_name = alt((tag::<_, _, ()>(TEXT_QUERY), tag(TEXT_INDEX_GROUP))).parse(i);
    let first = match whole_name {
        Ok((_, name)) => name.len(),
        Err(_) if Operator::leading(i).is_some() => return Err(nom::Err::Error(())),
        Err(_) => 1,
    };
    let end = i
        .bytes()
        .enumerate()
        .skip(first)
        .find(|(at, byte)| {
            Operator::may_begin(*byte) && operator(i.get(*at..).unwrap_or_default()).is_ok()
        })
        .ok_or(nom::Err::Error(()))?
        .0;
    i.split_at_checked(end).map(|(field, rest)| (rest, field)).ok_or(nom::Err::Error(()))
}

/// Reads the operator with the longest spelling.
fn operator(i: &str) -> Parsed<'_, Operator> {
    let (operator, token) = Operator::leading(i).ok_or(nom::Err::Error(()))?;
    value(operator, tag(token)).parse(i)
}

fn why_unreadable(i: &str) -> Code {
    if Operator::leading(i).is_some() { Code::MissingField } else { Code::MissingOperator }
}

/// Whether a text reads as a condition on a plausible field, as a forgotten separator leaves one.
pub(super) fn looks_like_condition(i: &str) -> bool {
    let plausible =
        |field: &&str| field.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.');
    verify(field, |field: &str| plausible(&field)).parse(i).is_ok()
}

/// Where a condition's field ends and which operator follows, if `i` is a condition.
pub(super) fn split_condition(i: &str) -> Option<(&str, Operator, &str)> {
    match condition(i) {
        Ok((_, Term::Condition(field, operator, value))) => Some((field, operator, value)),
        _ => None,
    }
}

/// Reads `RLQUERYtable.field,>=1[,m2m]`.
pub(super) fn related_list_head(i: &str) -> Option<HeadText<'_>> {
    let quantity = recognize((verify(operator, |op| is_comparison(*op)), digit1));
    let head = (tag(RELATED_LIST), name, char('.'), path, char(','), quantity, opt(tag(",m2m")));
    let (_, (_, table, _, field, _, quantity, m2m)) = all_consuming(head).parse(i).ok()?;
    Some(HeadText::RelatedList { table, field, quantity, m2m: m2m.is_some() })
}

/// Reads `SUBQUERYfield,theirs,table`.
pub(super) fn subquery_head(i: &str) -> Option<HeadText<'_>> {
    let head = (tag(SUBQUERY), path, char(','), path, char(','), name);
    let (_, (_, field, _, theirs, _, table)) = all_consuming(head).parse(i).ok()?;
    Some(HeadText::Subquery { field, theirs, table })
}

/// Reads `JOINa.f=b.g!` and leaves the conditions.
pub(super) fn join_head(i: &str) -> Option<(&str, HeadText<'_>)> {
    let side = || recognize((name, char('.'), path));
    let head = (tag(JOIN), side(), char('='), side(), char('!'));
    let (conditions, (_, left, _, right, _)) = { head }.parse(i).ok()?;
    Some((conditions, HeadText::Join { left, right }))
}

fn is_comparison(operator: Operator) -> bool {
    matches!(operator.meaning(), Meaning::Compare(_))
}

fn name(i: &str) -> Parsed<'_, &str> {
    take_while1(|c: char| c.is_ascii_alphanumeric() || c == '_').parse(i)
}

fn path(i: &str) -> Parsed<'_, &str> {
    take_while1(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.').parse(i)
}
