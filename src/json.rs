//! Records, trees and diagnostics as JSON.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::syntax::{Alternative, BlockHead, Branch, Direction, Query};
use crate::table::Record;

pub use crate::load::{Columns, Layout, LoadError, LoadOptions, Loaded, load};

/// Diagnostics a serialised query holds at most.
const DIAGNOSTICS: usize = 50;

/// As `[start, end]`.
impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.start, self.end).serialize(serializer)
    }
}

/// As an object of code, severity, span, message and, if there is one, suggestion.
impl Serialize for Diagnostic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(serde::Serialize)]
        struct Shape<'d> {
            message: &'d str,
            replacement: &'d str,
            span: Span,
        }
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", self.code().as_str())?;
        map.serialize_entry("severity", self.severity().as_str())?;
        map.serialize_entry("span", &self.span())?;
        map.serialize_entry("message", self.message())?;
        if let Some(fix) = self.suggestion() {
            let (message, replacement) = (&*fix.message, &*fix.replacement);
            map.serialize_entry("suggestion", &Shape { message, replacement, span: fix.span })?;
        }
        map.end()
    }
}

/// As an object of all fields of its table in their order; every value is text, an empty one `""`.
impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.texts())
    }
}

/// The record with some of its fields only, in the order given.
pub fn selected<'r>(record: Record<'r>, fields: &'r [&'r str]) -> impl Serialize + 'r {
    Selected { record, fields }
}

struct Selected<'r> {
    record: Record<'r>,
    fields: &'r [&'r str],
}

impl Serialize for Selected<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = |field: &&str| self.record.text(field).unwrap_or_default();
        serializer.collect_map(self.fields.iter().map(|field| (field, text(field))))
    }
}

/// As an object of text, branches, sort keys, grouping, canonical text and diagnostics.
impl Serialize for Query<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(6))?;
        map.serialize_entry("query", self.text())?;
        map.serialize_entry("branches", &branches(self.branches()))?;
        let order = self.order().map(|order| OrderShape {
            field: order.field,
            descending: order.direction == Direction::Descending,
            span: order.span,
        });
        map.serialize_entry("order", &order.collect::<Vec<_>>())?;
        let grouping = self.group_by().map(|grouping| GroupingShape {
            keyword: grouping.keyword.as_str(),
            text: grouping.text,
            span: grouping.span,
        });
        map.serialize_entry("group_by", &grouping.collect::<Vec<_>>())?;
        map.serialize_entry("canonical", &self.canonical())?;
        let diagnostics = self.diagnostics(DIAGNOSTICS);
        map.serialize_entry("diagnostics", &diagnostics.iter().collect::<Vec<_>>())?;
        map.end()
    }
}

#[derive(serde::Serialize)]
struct OrderShape<'q> {
    field: &'q str,
    descending: bool,
    span: Span,
}

#[derive(serde::Serialize)]
struct GroupingShape<'q> {
    keyword: &'static str,
    text: &'q str,
    span: Span,
}

type Branches<'q> = Vec<Vec<Vec<Shape<'q>>>>;

#[derive(serde::Serialize)]
#[serde(untagged)]
enum Shape<'q> {
    Condition {
        field: &'q str,
        operator: &'static str,
        value: String,
        span: Span,
    },
    Unreadable {
        unreadable: &'q str,
        code: &'static str,
        span: Span,
    },
    RelatedList {
        block: &'static str,
        table: &'q str,
        field: &'q str,
        quantity: &'q str,
        m2m: bool,
        branches: Branches<'q>,
        span: Span,
    },
    Subquery {
        block: &'static str,
        field: &'q str,
        theirs: &'q str,
        table: &'q str,
        branches: Branches<'q>,
        span: Span,
    },
    Join {
        block: &'static str,
        left: &'q str,
        right: &'q str,
        branches: Branches<'q>,
        span: Span,
    },
}

/// Blocks nest a few levels at most, as the reader sees to.
fn branches<'q>(all: impl Iterator<Item = Branch<'q>>) -> Branches<'q> {
    all.map(|branch| {
        branch.groups().map(|group| group.alternatives().map(shape).collect()).collect()
    })
    .collect()
}

fn shape(alternative: Alternative<'_>) -> Shape<'_> {
    let block = match alternative {
        Alternative::Condition(condition) => {
            return Shape::Condition {
                field: condition.field(),
                operator: condition.operator().token(),
                value: condition.value().into_owned(),
                span: condition.span(),
            };
        }
        Alternative::Unreadable(part) => {
            let (unreadable, code) = (part.text, part.code.as_str());
            return Shape::Unreadable { unreadable, code, span: part.span };
        }
        Alternative::Block(block) => block,
    };
    // A block's branches borrow from the query, not from the block.
    let inner: Vec<Branch<'_>> = block.branches().collect();
    let (branches, span, name) =
        (branches(inner.into_iter()), block.span(), block.head().keyword());
    match block.head() {
        BlockHead::RelatedList { table, field, quantity, m2m } => {
            Shape::RelatedList { block: name, table, field, quantity, m2m, branches, span }
        }
        BlockHead::Subquery { field, theirs, table } => {
            Shape::Subquery { block: name, field, theirs, table, branches, span }
        }
        BlockHead::Join { left, right } => Shape::Join { block: name, left, right, branches, span },
    }
}
