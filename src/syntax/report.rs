//! What there is to say about a node, from its text alone.

use super::grammar::{self, looks_like_condition};
use super::near::{join_slip, operator_slip, prefix_in_field};
use super::node::{Head, Node, NodeKind, separator, unescape};
use super::parse::{NQ, OR};
use super::view::Condition;
use crate::diagnostic::{Code, Diagnostic, Severity, shown};
use crate::operator::{OperandShape, Operator};
use crate::span::Span;

type Say<'s> = &'s mut dyn FnMut(Diagnostic);

/// Reports on one node of `text`.
pub(crate) fn report(text: &str, node: &Node, in_block: bool, say: Say<'_>) {
    let part = node.span.of(text);
    if node.leading_or {
        leading_or(node.span, say);
    }
    if !matches!(node.kind, NodeKind::Block { .. }) && !begins_block(part) {
        doubled_carets(text, node, say);
    }
    match node.kind {
        NodeKind::Condition { field, operator, value } => {
            let (span, level) = (node.span, node.level);
            condition(&Condition { text, span, level, field, operator, value }, say);
        }
        NodeKind::Order { .. } if in_block => {
            let message = "a sort key inside a block has no effect";
            say(Diagnostic::new(Code::NoEffect, node.span, message));
        }
        NodeKind::Empty | NodeKind::End | NodeKind::Order { .. } => {}
        NodeKind::Grouping { keyword, .. } => {
            let keyword = keyword.as_str();
            let message = format!("`{keyword}` does not change which rows match and is ignored");
            let diagnostic = Diagnostic::new(Code::GroupingIgnored, node.span, message);
            say(diagnostic.suggesting(node.span, "", "leave it out"));
        }
        NodeKind::Block { head, closed, level, .. } => {
            if !closed && matches!(head, Head::RelatedList { .. }) {
                say(unclosed(node.span, level));
            }
        }
        NodeKind::BadOrder { code } => bad_order(code, node, part, say),
        NodeKind::Unreadable { code, .. } => unreadable(code, node.span, part, say),
    }
}

fn unclosed(span: Span, level: u8) -> Diagnostic {
    let end = Span { start: span.end, end: span.end };
    let message = "the block has no end and runs to the end of the query";
    Diagnostic::new(Code::UnclosedBlock, span, message).with_severity(Severity::Hint).suggesting(
        end,
        format!("{}{}", separator(level), grammar::END_RELATED_LIST),
        "close it",
    )
}

fn leading_or(term: Span, say: Say<'_>) {
    let start = (term.start as usize).saturating_sub(OR.len());
    let or = Span::new(start, term.start as usize);
    let message = "`OR` has no condition before it in its branch, so it is read as AND";
    say(Diagnostic::new(Code::LeadingOr, or, message).suggesting(or, "", "leave it out"));
}

fn condition(condition: &Condition<'_>, say: Say<'_>) {
    let (value, span) = (condition.raw_value(), condition.value_span());
    if condition.operator().shape() == OperandShape::None && !value.is_empty() {
        let message =
            format!("`{}` takes no value; `{}` is not used", condition.operator(), shown(value));
        let diagnostic = Diagnostic::new(Code::IgnoredValue, span, message);
        // A doubled caret has its own fix, which keeps what stands behind it.
        let has_caret = value.contains('^');
        say(if has_caret { diagnostic } else { diagnostic.suggesting(span, "", "leave it out") });
    }
    suspicious_value(condition, say);
}

fn begins_block(part: &str) -> bool {
    [grammar::RELATED_LIST, grammar::SUBQUERY, grammar::JOIN].iter().any(|b| part.starts_with(b))
}

/// Warns of a doubled caret that was probably meant to separate.
fn doubled_carets(text: &str, node: &Node, say: Say<'_>) {
    let (part, level) = (node.span.of(text), node.level);
    let pair = 2_usize << level;
    let mut at = 0;
    let mut meaning = None;
    while let Some(found) = part.get(at..).and_then(|rest| memchr::memchr(b'^', rest.as_bytes())) {
        let start = at + found;
        at = start + pair;
        let rest = part.get(at..).unwrap_or_default();
        let next = rest.split('^').next().unwrap_or_default();
        let ends_text = rest.is_empty() && node.span.end as usize == text.len();
        if ends_text || !next.is_empty() && reads_on(next) {
            let first = node.span.start as usize + start;
            let carets = Span::new(first, first + pair);
            let meaning = meaning.get_or_insert_with(|| shown(&unescape(part, level)));
            let message = format!("two carets are one literal caret: this reads as `{meaning}`");
            let single = if rest.is_empty() { String::new() } else { separator(level) };
            let advice = "separate with a single caret";
            say(Diagnostic::new(Code::DoubledCaret, carets, message)
                .suggesting(carets, single, advice));
        }
    }
}

/// Whether what follows a caret reads as a join, sort, EQ, condition or the end.
fn reads_on(next: &str) -> bool {
    let joined = [OR, NQ].iter().find_map(|join| next.strip_prefix(join));
    next == grammar::END
        || next.starts_with(grammar::ORDER_BY)
        || joined.is_some_and(|rest| rest.is_empty() || looks_like_condition(rest))
        || looks_like_condition(next)
}

/// Warns of values that begin with half an operator or hold a join without its caret.
fn suspicious_value(condition: &Condition<'_>, say: Say<'_>) {
    let (value, span) = (condition.raw_value(), condition.value_span());
    let start = span.start as usize;
    let (operator, typed) = (condition.operator(), condition.token());
    let meant = match (operator, value.as_bytes().first()) {
        (Operator::Is, Some(b'=')) => Some(Operator::Is),
        (Operator::IsNot, Some(b'=')) | (Operator::Less, Some(b'>')) => Some(Operator::IsNot),
        (Operator::Is, Some(b'>')) => Some(Operator::GreaterOrEqual),
        (Operator::Is, Some(b'<')) => Some(Operator::LessOrEqual),
        _ => None,
    };
    if let Some(meant) = meant {
        let sign = value.get(..1).unwrap_or_default();
        let message = format!("the operator is `{typed}` and the value begins with `{sign}`");
        let both = Span::new(start - typed.len(), start + 1);
        let advice = format!("the operator `{meant}`");
        say(Diagnostic::new(Code::SuspiciousValue, both, message).suggesting(
            both,
            meant.token(),
            advice,
        ));
    }
    let encoded = |code: &str| value.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(code));
    if typed == "%" && (encoded("3d") || encoded("5e")) {
        let message = "the query looks percent-encoded: `%` is read as an operator";
        say(Diagnostic::new(Code::SuspiciousValue, condition.operator_span(), message));
    }
    if let Some((from, to, plain)) = join_slip(value) {
        let written = value.get(from..to).unwrap_or_default().trim();
        let join = Span::new(start + from, start + to);
        let message = format!("`{written}` without a caret before it is part of the value");
        let separator = plain.replacen('^', &separator(condition.level), 1);
        let advice = format!("separate with `{separator}`");
        say(Diagnostic::new(Code::SuspiciousValue, join, message)
            .suggesting(join, separator, advice));
    }
}

fn bad_order(code: Code, node: &Node, part: &str, say: Say<'_>) {
    let span = node.span;
    if code == Code::MissingField {
        return say(Diagnostic::new(code, span, format!("`{part}` names no field to sort by")));
    }
    let keyword = [grammar::ORDER_BY_DESC, grammar::ORDER_BY]
        .into_iter()
        .find(|keyword| part.starts_with(keyword))
        .unwrap_or_default();
    let fields = part.strip_prefix(keyword).unwrap_or_default().split(',').map(str::trim);
    let each: Vec<String> =
        fields.filter(|field| !field.is_empty()).map(|field| format!("{keyword}{field}")).collect();
    let message = format!("`{}` does not read: a sort key names one field", shown(part));
    let diagnostic = Diagnostic::new(code, span, message);
    say(if each.is_empty() {
        diagnostic
    } else {
        diagnostic.suggesting(span, each.join(&separator(node.level)), "one sort key a field")
    });
}

fn unreadable(code: Code, span: Span, part: &str, say: Say<'_>) {
    let text = shown(part);
    say(if code == Code::MissingField {
        let operator = Operator::leading(part).map_or("", |(_, token)| token);
        let message = format!("`{text}` begins with the operator `{operator}` and names no field");
        Diagnostic::new(code, span, message)
    } else if code == Code::MissingOperator {
        missing_operator(span, part)
    } else if code == Code::UnclosedBlock {
        let message = format!("the block has no `{}`", grammar::END_SUBQUERY);
        Diagnostic::new(code, span, message)
    } else {
        let message = format!("`{text}` does not read: expected {}", block_form(part));
        Diagnostic::new(code, span, message)
    });
}

fn missing_operator(span: Span, part: &str) -> Diagnostic {
    let message = format!("`{}` has no operator", shown(part));
    let diagnostic = Diagnostic::new(Code::MissingOperator, span, message);
    if let Some((keyword, field)) = prefix_in_field(part)
        && keyword.starts_with(grammar::ORDER_BY)
    {
        let advice = format!("`{keyword}` in upper case");
        return diagnostic.suggesting(span, format!("{keyword}{field}"), advice);
    }
    let Some(slip) = operator_slip(part) else {
        return diagnostic;
    };
    let meant = Span::new(span.start as usize + slip.start, span.start as usize + slip.end);
    let written = part.get(slip.start..slip.end).unwrap_or_default().trim();
    let is_lower_case = Operator::leading(&written.to_ascii_uppercase()).is_some();
    let why = if is_lower_case { "; operators are case-sensitive" } else { "" };
    let advice = format!("the operator `{}`{why}", slip.operator);
    diagnostic.suggesting(meant, slip.operator.token(), advice)
}

fn block_form(part: &str) -> &'static str {
    if part.starts_with(grammar::RELATED_LIST) {
        "`RLQUERYtable.field,>=1` or `RLQUERYtable.field,>=1,m2m`"
    } else if part.starts_with(grammar::SUBQUERY) {
        "`SUBQUERYfield,theirs,table`"
    } else {
        "`JOINtable.field=other.field!conditions`"
    }
}
