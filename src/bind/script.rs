//! Scripts in values: one call of a listed function, recognised by its shape and never executed.

use std::borrow::Cow;

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::char;
use nom::combinator::recognize;
use nom::multi::many0_count;
use nom::sequence::{pair, preceded};
use nom::{IResult, Parser};

use super::Binding;
use super::part::Part;
use crate::diagnostic::{Code, Diagnostic, shown};
use crate::function::{self, Edge, Function, Meaning};
use crate::value::{Date, DateTime};

const PREFIX: &str = "javascript:";

/// A call of a listed function.
#[derive(Debug)]
pub(super) struct Call<'v> {
    pub(super) function: Function,
    pub(super) arguments: Vec<Argument<'v>>,
    /// The whole script.
    part: Part<'v>,
}

/// An argument as read.
#[derive(Debug)]
pub(super) struct Argument<'v> {
    /// Its text, without quotes.
    part: Part<'v>,
    value: Value,
}

#[derive(Clone, Copy, Debug)]
enum Value {
    Integer(i64),
    Date(Date),
    Edge(Edge),
    /// Hour, minute, second.
    Time([u8; 3]),
    Text,
}

/// What a call gives.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Answer {
    Date(Date),
    DateTime(DateTime),
    Text(String),
    List(Vec<String>),
}

impl Argument<'_> {
    pub(super) fn text(&self) -> &str {
        self.part.text
    }

    pub(super) fn span(&self) -> crate::span::Span {
        self.part.span
    }
}

impl Answer {
    /// The text form of what is no list.
    pub(super) fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Date(date) => Some(date.to_string().into()),
            Self::DateTime(instant) => Some(instant.to_string().into()),
            Self::Text(text) => Some(text.into()),
            Self::List(_) => None,
        }
    }
}

impl Binding<'_, '_> {
    /// What a value gives that is a script; nothing if it is none.
    pub(super) fn answer(&self, value: &Part<'_>) -> Result<Option<Answer>, Diagnostic> {
        call(value)?.map(|call| self.answer_of(&call)).transpose()
    }

    fn answer_of(&self, call: &Call<'_>) -> Result<Answer, Diagnostic> {
        let span = call.part.span;
        let values: Vec<Value> = call.arguments.iter().map(|argument| argument.value).collect();
        let instant = match (call.function.meaning(), values.as_slice()) {
            (Meaning::Bound { period, edge }, _) => Some(self.now(span)?.bound(period, edge)),
            (Meaning::Ago { unit, edge }, [Value::Integer(n)]) => {
                Some(self.now(span)?.ago(unit, *n, edge))
            }
            (Meaning::Now, _) => return Ok(Answer::Date(self.now(span)?.today())),
            (Meaning::NowDateTime, _) => Some(self.now(span)?.now()),
            (Meaning::Yesterday, _) => Some(self.now(span)?.ago(function::Unit::Hour, 24, None)),
            (Meaning::DateGenerate, [Value::Date(day), Value::Edge(edge)]) => {
                Some(self.calendar().day_edge(*day, *edge))
            }
            (Meaning::DateGenerate, [Value::Date(day), Value::Time([hour, minute, second])]) => {
                self.calendar().local(*day, *hour, *minute, *second)
            }
            (Meaning::DatePart, _) => {
                let name = call.function.name();
                let message = format!("`{name}` gives no value; it stands behind DATEPART");
                return Err(Diagnostic::new(Code::UnsupportedScript, span, message));
            }
            _ => None,
        };
        let answer = instant.map(Answer::DateTime);
        answer.or_else(|| self.of_user(call.function.meaning())).ok_or_else(|| {
            let meaning = call.function.meaning();
            let what = if meaning == Meaning::Groups { "the user's groups" } else { "the user" };
            let message = format!("`{}` asks for {what}, not known here", call.function.name());
            Diagnostic::new(Code::UnresolvedEnvironment, span, message)
        })
    }

    fn of_user(&self, meaning: Meaning) -> Option<Answer> {
        let environment = self.binder.environment?;
        if meaning == Meaning::Groups {
            return environment.groups().map(|groups| Answer::List(groups.to_vec()));
        }
        let user = environment.user()?;
        let text = if meaning == Meaning::UserId {
            Some(&user.sys_id)
        } else if meaning == Meaning::UserName {
            user.user_name.as_ref()
        } else if meaning == Meaning::UserDisplayName {
            user.display_name.as_ref()
        } else {
            None
        };
        text.cloned().map(Answer::Text)
    }
}

/// What stands after `javascript:`, if the value is a script.
fn script(value: &str) -> Option<&str> {
    let (prefix, script) = value.split_at_checked(PREFIX.len())?;
    prefix.eq_ignore_ascii_case(PREFIX).then(|| script.trim_ascii_start())
}

/// Whether the value is one call and nothing more, of whatever function.
pub(super) fn is_call(value: &str) -> bool {
    script(value).and_then(shape).is_some()
}

/// ```ebnf
/// script = name , "(" , [ argument , { "," , argument } ] , ")" , [ ";" ] ;
/// ```
fn shape(script: &str) -> Option<(&str, &str)> {
    let text = script.trim_ascii_end();
    let text = text.strip_suffix(';').unwrap_or(text).trim_ascii_end();
    let (arguments, name) = name(text).ok()?;
    let inner = arguments.strip_prefix('(')?.strip_suffix(')')?;
    (top_level_length(inner, b')') == inner.len()).then_some((name, inner))
}

/// The call a value is; nothing if it is no script.
pub(super) fn call<'v>(value: &Part<'v>) -> Result<Option<Call<'v>>, Diagnostic> {
    let Some(script) = script(value.text) else {
        return Ok(None);
    };
    let unsupported = |message| Diagnostic::new(Code::UnsupportedScript, value.span, message);
    let Some((name, inner)) = shape(script) else {
        let message =
            format!("the script `{}` is no single call and is not run", shown(value.text));
        return Err(unsupported(message));
    };
    let Some(function) = Function::find(name) else {
        let known = if function::is_known_to_platform(name) {
            "is one of the platform's that is not modelled here"
        } else if name.starts_with("gs.") {
            "is none of the platform's that are known here"
        } else {
            "is an application's own"
        };
        let message = format!("the function `{}` {known}, and is not run", shown(name));
        return Err(unsupported(message));
    };
    let arguments = arguments(function, &value.slice(inner))?;
    Ok(Some(Call { function, arguments, part: *value }))
}

/// ```ebnf
/// name = word , { "." , word | "()." , word } ;
/// ```
fn name(text: &str) -> IResult<&str, &str> {
    let word = || take_while1(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$');
    let step = alt((preceded(char('.'), word()), preceded(tag("()."), word())));
    recognize(pair(word(), many0_count(step))).parse(text)
}

fn arguments<'v>(function: Function, given: &Part<'v>) -> Result<Vec<Argument<'v>>, Diagnostic> {
    let wanted = function.arguments();
    let parts: Vec<&str> = if given.text.trim().is_empty() {
        Vec::new()
    } else {
        split(given.text, |text| top_level_length(text, b',')).collect()
    };
    if parts.len() != wanted.len() {
        let arguments = if wanted.len() == 1 { "argument" } else { "arguments" };
        let message = format!(
            "`{}` takes {} {arguments}, not {}: `{}`",
            function.name(),
            wanted.len(),
            parts.len(),
            function.example()
        );
        return Err(Diagnostic::new(Code::BadScriptArgument, given.span, message));
    }
    let read = |(text, wanted): (&'v str, &function::Argument)| {
        let text = text.trim();
        read(&given.slice(text), *wanted).ok_or_else(|| {
            let (name, shown) = (function.name(), shown(text));
            let message = format!("`{name}` wants {wanted} here, not `{shown}`");
            Diagnostic::new(Code::BadScriptArgument, given.slice(text).span, message)
        })
    };
    parts.into_iter().zip(wanted).map(read).collect()
}

fn read<'v>(given: &Part<'v>, wanted: function::Argument) -> Option<Argument<'v>> {
    let quoted = quoted(given.text);
    let part = quoted.map_or(*given, |text| given.slice(text));
    let value = match (wanted, quoted) {
        (function::Argument::Integer, _) => Value::Integer(part.text.parse().ok()?),
        (function::Argument::Date, Some(text)) => Value::Date(Date::read(text)?),
        (function::Argument::Edge, Some("start")) => Value::Edge(Edge::Start),
        (function::Argument::Edge, Some("end")) => Value::Edge(Edge::End),
        (function::Argument::Edge, Some(time)) => Value::Time(read_time(time)?),
        (function::Argument::Text, Some(_)) => Value::Text,
        (function::Argument::Date | function::Argument::Edge | function::Argument::Text, None) => {
            return None;
        }
    };
    Some(Argument { part, value })
}

fn read_time(text: &str) -> Option<[u8; 3]> {
    DateTime::read(&format!("2000-01-01 {text}"))?;
    let mut parts = text.split(':').map(str::parse);
    Some([parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?])
}

/// What stands between a pair of quotes.
fn quoted(text: &str) -> Option<&str> {
    ['\'', '"'].into_iter().find_map(|quote| {
        let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
        (!inner.contains(quote)).then_some(inner)
    })
}

/// Splits at `@`, except inside the quotes and parentheses of a script.
pub(crate) fn split_at_signs(value: &str) -> impl Iterator<Item = &str> {
    split(value, |text| {
        if script(text).is_some() {
            top_level_length(text, b'@')
        } else {
            text.find('@').unwrap_or(text.len())
        }
    })
}

/// Splits at single bytes, each as far from the last as `length` says.
fn split(value: &str, length: impl Fn(&str) -> usize) -> impl Iterator<Item = &str> {
    let mut rest = Some(value);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = length(text);
        let part = text.get(..end)?;
        rest = text.get(end + 1..);
        Some(part)
    })
}

/// Bytes before the first `end` outside quotes and parentheses; all of them if there is none.
fn top_level_length(text: &str, end: u8) -> usize {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, byte) in text.bytes().enumerate() {
        match (byte, quote) {
            (_, Some(open)) if byte == open => quote = None,
            (_, None) if byte == end && depth == 0 => return at,
            (b'\'' | b'"', None) => quote = Some(byte),
            (b'(', None) => depth += 1,
            (b')', None) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    text.len()
}
