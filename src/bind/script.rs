//! Scripts in values: one call of a listed function, recognised by its shape and never executed.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::char;
use nom::combinator::recognize;
use nom::multi::many0_count;
use nom::sequence::{pair, preceded};
use nom::{IResult, Parser};

use super::part::Part;
use crate::diagnostic::{Code, Diagnostic, shown};
use crate::function::{Argument, Function};
use crate::value::{Date, DateTime};

const PREFIX: &str = "javascript:";

/// What stands after `javascript:`, if the value is a script.
fn script(value: &str) -> Option<&str> {
    let (prefix, script) = value.split_at_checked(PREFIX.len())?;
    prefix.eq_ignore_ascii_case(PREFIX).then(|| script.trim_ascii_start())
}

/// Refuses a value that is a script.
pub(super) fn refuse(value: &Part<'_>) -> Result<(), Diagnostic> {
    let Some(script) = script(value.text) else {
        return Ok(());
    };
    let function = call(value, script)?;
    let message = format!("the function `{}` is not evaluated by this version", function.name());
    Err(Diagnostic::new(Code::UnsupportedScript, value.span, message))
}

/// ```ebnf
/// script = name , "(" , [ argument , { "," , argument } ] , ")" , [ ";" ] ;
/// ```
fn call(value: &Part<'_>, script: &str) -> Result<Function, Diagnostic> {
    let unsupported = |message| Diagnostic::new(Code::UnsupportedScript, value.span, message);
    let text = script.trim_ascii_end();
    let text = text.strip_suffix(';').unwrap_or(text).trim_ascii_end();
    let shape = name(text).ok().and_then(|(arguments, name)| {
        let inner = arguments.strip_prefix('(')?.strip_suffix(')')?;
        (top_level_length(inner, b')') == inner.len()).then_some((name, inner))
    });
    let Some((name, inner)) = shape else {
        let message =
            format!("the script `{}` is no single call and is not run", shown(value.text));
        return Err(unsupported(message));
    };
    let Some(function) = Function::find(name) else {
        let message = format!("the function `{}` is not known and is not run", shown(name));
        return Err(unsupported(message));
    };
    check_arguments(function, &value.slice(inner))?;
    Ok(function)
}

/// ```ebnf
/// name = word , { "." , word | "()." , word } ;
/// ```
fn name(text: &str) -> IResult<&str, &str> {
    let word = || take_while1(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$');
    let step = alt((preceded(char('.'), word()), preceded(tag("()."), word())));
    recognize(pair(word(), many0_count(step))).parse(text)
}

fn check_arguments(function: Function, given: &Part<'_>) -> Result<(), Diagnostic> {
    let bad = |part: &Part<'_>, message| {
        Err(Diagnostic::new(Code::BadScriptArgument, part.span, message))
    };
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
        return bad(given, message);
    }
    for (text, wanted) in parts.into_iter().zip(wanted) {
        let text = text.trim();
        if !reads(text, *wanted) {
            let (name, shown) = (function.name(), shown(text));
            return bad(&given.slice(text), format!("`{name}` wants {wanted} here, not `{shown}`"));
        }
    }
    Ok(())
}

fn reads(text: &str, wanted: Argument) -> bool {
    let is_integer = |text: &str| text.parse::<i64>().is_ok();
    match (wanted, quoted(text)) {
        (Argument::Integer, quoted) => is_integer(quoted.unwrap_or(text)),
        (Argument::Date, Some(text)) => Date::read(text).is_some(),
        (Argument::Edge, Some("start" | "end")) | (Argument::Text, Some(_)) => true,
        (Argument::Edge, Some(time)) => is_time(time),
        (Argument::Date | Argument::Edge | Argument::Text, None) => false,
    }
}

fn is_time(text: &str) -> bool {
    DateTime::read(&format!("2000-01-01 {text}")).is_some()
}

/// What stands between a pair of quotes.
fn quoted(text: &str) -> Option<&str> {
    ['\'', '"'].into_iter().find_map(|quote| {
        let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
        (!inner.contains(quote)).then_some(inner)
    })
}

/// Splits at `@`, except inside the quotes and parentheses of a script.
pub(super) fn split_at_signs(value: &str) -> impl Iterator<Item = &str> {
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
