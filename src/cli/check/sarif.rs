//! Diagnostics as a SARIF log.
//!
//! Source: *Static Analysis Results Interchange Format (SARIF) Version 2.1.0*, OASIS Standard.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::Place;
use crate::cli::document::Position;
use crate::diagnostic::{Code, Diagnostic, Severity};

/// What a path has percent-encoded in a URI.
const ESCAPED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A log of one run with these results.
pub(super) fn log(results: &[Value]) -> Value {
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "encq",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": Code::ALL.iter().map(|code| rule(*code)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.as_str(),
        "shortDescription": {"text": code.description()},
        "fullDescription": {"text": code.cause()},
        "help": {"text": code.fix()},
        "defaultConfiguration": {"level": level(code.severity())},
    })
}

/// A diagnostic of a query as a result.
pub(super) fn result(said: &Diagnostic, query: &str, place: Place<'_>) -> Value {
    let mut result = json!({
        "ruleId": said.code().as_str(),
        "ruleIndex": Code::ALL.iter().position(|code| *code == said.code()),
        "level": level(said.severity()),
        "message": {"text": said.message()},
        "locations": [location(said, query, place)],
    });
    if let (Value::Object(result), Some(fix)) = (&mut result, fix(said, place)) {
        result.insert("fixes".to_owned(), json!([fix]));
    }
    result
}

fn location(said: &Diagnostic, query: &str, place: Place<'_>) -> Value {
    match place {
        Place::Argument => {
            json!({"logicalLocations": [{"name": said.span().of(query), "fullyQualifiedName": query}]})
        }
        Place::Line(line) => json!({"physicalLocation": {
            "artifactLocation": {"uri": "stdin"},
            "region": {"startLine": line},
        }}),
        Place::File(name, placed) => json!({"physicalLocation": {
            "artifactLocation": {"uri": uri(name)},
            "region": region(placed.span(said.span())),
        }}),
    }
}

/// The change that mends it, where the query stands in a file as it is.
fn fix(said: &Diagnostic, place: Place<'_>) -> Option<Value> {
    let Place::File(name, placed) = place else { return None };
    let fix = said.suggestion().filter(|_| placed.is_plain())?;
    Some(json!({
        "description": {"text": fix.message},
        "artifactChanges": [{
            "artifactLocation": {"uri": uri(name)},
            "replacements": [{
                "deletedRegion": region(placed.span(fix.span)),
                "insertedContent": {"text": fix.replacement},
            }],
        }],
    }))
}

fn region((start, end): (Position, Position)) -> Value {
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    }
}

/// A path as a reference: relative ones stay so.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let scheme = match path.as_bytes() {
        [b'/', ..] => "file://",
        [_, b':', ..] => "file:///",
        _ => "",
    };
    format!("{scheme}{}", utf8_percent_encode(&path, ESCAPED))
}
