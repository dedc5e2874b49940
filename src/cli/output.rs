//! Records in all formats; fields, operators and functions as tables and JSON.

use std::io::Write;

use comfy_table::{ContentArrangement, Table as Grid, presets};
use serde::Serialize;

use super::Stop;
use super::repl::Command;
use crate::csv::{self, Formulas};
use crate::diagnostic::push_visible;
use crate::function::Function;
use crate::json::selected;
use crate::operator::{Meaning, Operator};
use crate::plan::Page;
use crate::schema::{Field, Queryable, Schema};
use crate::syntax::Query;
use crate::table::Record;
use crate::value::FieldType;
use crate::xml;

/// Columns of a table of contacts, unless others are asked for.
const USUAL: [&str; 6] = ["name", "email", "phone", "city", "country", "active"];
/// Columns shown at most, unless they are asked for.
const MOST: usize = 8;

type Records<'p, 't> = &'p Page<Record<'t>>;

/// Prints a page for people: a table and a line that says how much of the whole it is.
pub(super) fn table(
    out: &mut dyn Write,
    page: Records<'_, '_>,
    schema: &Schema,
    fields: &[&str],
    (query, go_on): (&Query<'_>, &str),
) -> Result<(), Stop> {
    let columns = if fields.is_empty() { columns(schema, query) } else { fields.to_vec() };
    let mut grid = grid();
    grid.set_header(columns.iter().map(|name| visible(name)));
    for record in &page.records {
        grid.add_row(columns.iter().map(|name| visible(&record.text(name).unwrap_or_default())));
    }
    if !page.records.is_empty() {
        print(out, &grid)?;
    }
    let (shown, total) = (page.records.len() as u64, page.total.unwrap_or_default());
    let rest = if page.has_more { format!("; {go_on}") } else { String::new() };
    let records = if total == 1 { "record" } else { "records" };
    if shown == total {
        writeln!(out, "{total} {records}")?;
    } else {
        writeln!(out, "{shown} of {total} {records}{rest}")?;
    }
    Ok(())
}

/// The usual columns, or the first of other tables, with those the query speaks of.
fn columns<'s>(schema: &'s Schema, query: &Query<'_>) -> Vec<&'s str> {
    let readable = || schema.fields().iter().filter(|field| field.readable);
    let names = || readable().map(|field| &*field.name);
    let mut columns: Vec<&str> = names().filter(|name| USUAL.contains(name)).collect();
    columns.sort_by_key(|name| USUAL.iter().position(|usual| usual == name));
    if columns.is_empty() {
        columns = names().take(MOST).collect();
    }
    let conditions = query.conditions().map(|condition| condition.field());
    for asked in conditions.chain(query.order().map(|order| order.field)) {
        if let Some(name) = names().find(|name| *name == asked)
            && !columns.contains(&name)
            && columns.len() < MOST
        {
            columns.push(name);
        }
    }
    columns
}

/// One object with the page, `hasMore` and the number of matches.
pub(super) fn json(
    out: &mut dyn Write,
    page: Records<'_, '_>,
    schema: &Schema,
    fields: &[&str],
) -> Result<(), Stop> {
    let fields = printed(schema, fields);
    write!(out, "{{\"result\":[")?;
    for (place, record) in page.records.iter().enumerate() {
        write!(out, "{}", if place == 0 { "" } else { "," })?;
        write_record(out, *record, &fields)?;
    }
    writeln!(
        out,
        "],\"hasMore\":{},\"total\":{}}}",
        page.has_more,
        page.total.unwrap_or_default()
    )?;
    Ok(())
}

/// A header and a row a record.
pub(super) fn csv(
    out: &mut dyn Write,
    page: Records<'_, '_>,
    schema: &Schema,
    fields: &[&str],
    formulas: Formulas,
) -> Result<(), Stop> {
    let fields = printed(schema, fields);
    Ok(csv::write(out, &fields, page.records.iter().copied(), formulas)?)
}

/// One element with the page, `hasMore` and the number of matches.
pub(super) fn xml(
    out: &mut dyn Write,
    page: Records<'_, '_>,
    schema: &Schema,
    fields: &[&str],
) -> Result<(), Stop> {
    let fields = printed(schema, fields);
    let mut response = xml::Response::new(&mut *out)?;
    for record in &page.records {
        response
            .result(fields.iter().map(|name| (*name, record.text(name).unwrap_or_default())))?;
    }
    response.element("hasMore", &page.has_more.to_string())?;
    response.element("total", &page.total.unwrap_or_default().to_string())?;
    writeln!(response.end()?)?;
    Ok(())
}

/// One record a line.
pub(super) fn ndjson(
    out: &mut dyn Write,
    page: Records<'_, '_>,
    schema: &Schema,
    fields: &[&str],
) -> Result<(), Stop> {
    let fields = printed(schema, fields);
    for record in &page.records {
        write_record(out, *record, &fields)?;
        writeln!(out)?;
    }
    Ok(())
}

/// The fields asked for, or all that may be read.
fn printed<'f>(schema: &'f Schema, fields: &[&'f str]) -> Vec<&'f str> {
    if fields.is_empty() {
        let readable = schema.fields().iter().filter(|field| field.readable);
        return readable.map(|field| &*field.name).collect();
    }
    fields.to_vec()
}

fn write_record(out: &mut dyn Write, record: Record<'_>, fields: &[&str]) -> Result<(), Stop> {
    Ok(serde_json::to_writer(out, &selected(record, fields))?)
}

/// The fields of a table, then the operators of each type.
pub(super) fn schema(out: &mut dyn Write, schema: &Schema) -> Result<(), Stop> {
    let mut grid = grid();
    grid.set_header(["field", "type", "label", "asked for", "default", "length", "values"]);
    for field in schema.fields() {
        let kind = match &field.reference {
            Some(table) => format!("{} to {table}", field.kind),
            None => field.kind.to_string(),
        };
        let length = field.max_length.map_or(String::new(), |length| length.to_string());
        let values: Vec<&str> = field.choices.iter().map(|choice| &*choice.value).collect();
        let default = field.default.as_deref().unwrap_or_default().to_owned();
        grid.add_row([
            visible(&field.name),
            kind,
            visible(&field.label),
            queryable(field).to_owned(),
            default,
            length,
            values.join(" | "),
        ]);
    }
    print(out, &grid)?;
    writeln!(out)?;
    for kind in FieldType::ALL {
        if schema.fields().iter().any(|field| field.kind == kind) {
            writeln!(out, "{kind}: {}", operators_of(kind).join("  "))?;
        }
    }
    Ok(())
}

#[derive(Serialize)]
struct FieldShape<'f> {
    name: &'f str,
    label: &'f str,
    r#type: &'static str,
    reference: Option<&'f str>,
    default: Option<&'f str>,
    max_length: Option<u32>,
    choices: Vec<(&'f str, &'f str)>,
    readable: bool,
    creatable: bool,
    queryable: &'static str,
    operators: Vec<&'static str>,
}

fn field_shape(field: &Field) -> FieldShape<'_> {
    FieldShape {
        name: &field.name,
        label: &field.label,
        r#type: field.kind.name(),
        reference: field.reference.as_deref(),
        default: field.default.as_deref(),
        max_length: field.max_length,
        choices: field.choices.iter().map(|choice| (&*choice.value, &*choice.label)).collect(),
        readable: field.readable,
        creatable: field.creatable,
        queryable: queryable(field),
        operators: operators_of(field.kind),
    }
}

pub(super) fn schema_json(out: &mut dyn Write, schema: &Schema) -> Result<(), Stop> {
    #[derive(Serialize)]
    struct Shape<'s> {
        table: &'s str,
        display: Option<&'s str>,
        fields: Vec<FieldShape<'s>>,
    }
    let fields = schema.fields().iter().map(field_shape).collect();
    let shape = Shape { table: schema.table(), display: schema.display(), fields };
    serde_json::to_writer(&mut *out, &shape)?;
    writeln!(out)?;
    Ok(())
}

pub(super) fn operators(out: &mut dyn Write) -> Result<(), Stop> {
    let mut grid = grid();
    grid.set_header(["operator", "also", "meaning", "example"]);
    for operator in Operator::ALL {
        let also = operator.aliases().join("  ");
        grid.add_row([operator.token(), &also, operator.description(), operator.example()]);
    }
    print(out, &grid)
}

pub(super) fn operators_json(out: &mut dyn Write) -> Result<(), Stop> {
    #[derive(Serialize)]
    struct Shape {
        operator: &'static str,
        aliases: &'static [&'static str],
        label: &'static str,
        types: Vec<&'static str>,
        description: &'static str,
        example: &'static str,
    }
    let shapes = Operator::ALL.iter().map(|operator| {
        let kinds = FieldType::ALL.into_iter().filter(|kind| operator.types().accepts(*kind));
        Shape {
            operator: operator.token(),
            aliases: operator.aliases(),
            label: operator.label(),
            types: kinds.map(FieldType::name).collect(),
            description: operator.description(),
            example: operator.example(),
        }
    });
    serde_json::to_writer(&mut *out, &shapes.collect::<Vec<_>>())?;
    writeln!(out)?;
    Ok(())
}

pub(super) fn functions(out: &mut dyn Write) -> Result<(), Stop> {
    let mut grid = grid();
    grid.set_header(["function", "gives", "example"]);
    for function in Function::all() {
        grid.add_row([&*function.name(), &*function.description(), &function.example()]);
    }
    print(out, &grid)
}

pub(super) fn functions_json(out: &mut dyn Write) -> Result<(), Stop> {
    #[derive(Serialize)]
    struct Shape {
        function: String,
        arguments: Vec<String>,
        description: String,
        example: String,
    }
    let shapes = Function::all().map(|function| Shape {
        function: function.name().into_owned(),
        arguments: function.arguments().iter().map(ToString::to_string).collect(),
        description: function.description().into_owned(),
        example: function.example(),
    });
    serde_json::to_writer(&mut *out, &shapes.collect::<Vec<_>>())?;
    writeln!(out)?;
    Ok(())
}

/// The commands of the shell.
pub(super) fn commands(out: &mut dyn Write, commands: &[Command]) -> Result<(), Stop> {
    writeln!(out, "A line is a query or a command:\n")?;
    let mut grid = grid();
    for command in commands {
        grid.add_row([command.usage(), command.help.to_owned()]);
    }
    print(out, &grid)
}

fn grid() -> Grid {
    let mut grid = Grid::new();
    grid.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    grid
}

fn print(out: &mut dyn Write, grid: &Grid) -> Result<(), Stop> {
    for line in grid.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn visible(text: &str) -> String {
    let mut shown = String::new();
    text.chars().for_each(|c| push_visible(&mut shown, c));
    shown
}

/// The operators that are evaluated for fields of a type.
pub(super) fn operators_of(kind: FieldType) -> Vec<&'static str> {
    let evaluated = Operator::ALL.iter().filter(|operator| operator.meaning() != Meaning::Refused);
    let for_kind = evaluated.filter(|operator| operator.types().accepts(kind));
    for_kind.map(|operator| operator.token()).collect()
}

/// What a query may ask of a field, in the word of schema files.
fn queryable(field: &Field) -> &'static str {
    match field.queryable {
        Queryable::No => "no",
        Queryable::Match => "match",
        Queryable::Range => "range",
    }
}
