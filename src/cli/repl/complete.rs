//! How a line may go on: commands and their words, fields, operators, documented values.

use super::command::{self, Argument, MARK};
use crate::bind::Binder;
use crate::cli::output::operators_of;
use crate::diagnostic::Code;
use crate::operator::{OperandShape, Operator};
use crate::schema::{Catalog, Field, Queryable, Schema};
use crate::syntax::{Clause, Condition, NQ, OR, ORDER_BY, ORDER_BY_DESC, Query};
use crate::value::FieldType;

/// What may stand where a part of a line is typed.
#[derive(Debug)]
pub(super) struct Candidate {
    /// What people choose by.
    pub(super) shown: String,
    /// What the part is then.
    pub(super) text: String,
}

impl Candidate {
    fn word(word: &str) -> Self {
        Self { shown: word.to_owned(), text: word.to_owned() }
    }

    /// The same after a text that stays.
    fn after(self, kept: &str) -> Self {
        Self { text: format!("{kept}{}", self.text), ..self }
    }
}

/// Where the part before the cursor begins, and what it may be.
pub(super) fn complete(
    catalog: &Catalog,
    table: &str,
    line: &str,
    cursor: usize,
) -> (usize, Vec<Candidate>) {
    let typed = line.get(..cursor).unwrap_or(line);
    let Ok(binder) = Binder::new(catalog, table) else { return (cursor, Vec::new()) };
    let completion = Completion { catalog, binder };
    let said = typed.trim_start();
    let (part, mut candidates) =
        if said.starts_with(MARK) { completion.command(said) } else { completion.query(said) };
    // What does not show is not typed.
    candidates.retain(|found| found.text != part && !found.text.contains(char::is_control));
    (typed.len() - part.len(), candidates)
}

struct Completion<'c> {
    catalog: &'c Catalog,
    binder: Binder<'c>,
}

/// A part of a line, and what it may be.
type Completed<'l> = (&'l str, Vec<Candidate>);

impl<'c> Completion<'c> {
    fn command<'l>(&self, said: &'l str) -> Completed<'l> {
        if !said.contains(char::is_whitespace) {
            return (said, command::beginning(said).map(Candidate::word).collect());
        }
        let (name, rest) = command::split(said);
        let Some(command) = command::named(name) else { return (rest, Vec::new()) };
        match command.argument {
            Argument::Query | Argument::Line => self.query(rest),
            Argument::Fields => {
                let field = rest.rsplit(',').next().unwrap_or(rest);
                let readable = self.binder.schema().fields().iter().filter(|field| field.readable);
                (field, beginning(readable.map(|field| &*field.name), field))
            }
            Argument::Table => {
                let tables = self.catalog.schemas().iter().map(Schema::table);
                (rest, beginning(tables, rest))
            }
            Argument::Nothing | Argument::Number | Argument::Format | Argument::OnInvalid => {
                let words = command.argument.words();
                (rest, beginning(words.iter().map(String::as_str), rest))
            }
        }
    }

    /// Completes the last part of a query, if it does not stand in a block.
    fn query<'l>(&self, typed: &'l str) -> Completed<'l> {
        let query = Query::parse(typed);
        let clause = query.clauses().last();
        let start = match &clause {
            None | Some(Clause::Empty) => typed.len(),
            Some(Clause::Condition(condition)) => condition.span().start as usize,
            Some(Clause::Order(order)) => order.span.start as usize,
            Some(Clause::BadOrder(part)) => part.span.start as usize,
            Some(Clause::Unreadable(part)) if part.code != Code::UnclosedBlock => {
                part.span.start as usize
            }
            Some(_) => return ("", Vec::new()),
        };
        let (before, term) = typed.split_at_checked(start).unwrap_or((typed, ""));
        let prefix = before.rsplit('^').next().unwrap_or(before);
        let part = typed.get(start - prefix.len()..).unwrap_or_default();
        let sort = [ORDER_BY_DESC, ORDER_BY].into_iter().find(|word| term.starts_with(word));
        let words = match (sort, &clause) {
            (Some(word), _) => {
                let fields = self.fields(term.strip_prefix(word).unwrap_or_default());
                fields.into_iter().map(|field| field.after(word)).collect()
            }
            (None, Some(Clause::Condition(condition))) => self.values(condition),
            (None, _) => {
                let mut words = self.fields(term);
                words.extend(self.operators(term));
                words
            }
        };
        let mut candidates: Vec<_> = words.into_iter().map(|word| word.after(prefix)).collect();
        if part.is_empty() || candidates.is_empty() {
            let is_first = part.len() == typed.len();
            let words = [ORDER_BY, ORDER_BY_DESC, OR, NQ].into_iter();
            candidates.extend(beginning(words.take(if is_first { 2 } else { 4 }), part));
        }
        (part, candidates)
    }

    /// The fields a name may become, through references too.
    fn fields(&self, typed: &str) -> Vec<Candidate> {
        let names = |schema| {
            self.binder.visible_fields(schema, Queryable::Match).map(|field: &Field| &*field.name)
        };
        let mut fields = beginning(names(self.binder.schema()), typed);
        if let Some((path, name)) = typed.rsplit_once('.')
            && let Some(schema) = self.field(path).and_then(|field| self.target(field))
        {
            let kept = format!("{path}.");
            let walked = beginning(names(schema), name).into_iter().map(|found| found.after(&kept));
            // As far as references may be followed.
            fields.extend(walked.filter(|found| self.field(&found.text).is_some()));
        }
        fields
    }

    fn field(&self, name: &str) -> Option<&'c Field> {
        let steps = self.binder.resolve(self.binder.schema(), name, Queryable::Match)?;
        steps.last().map(|(_, field)| *field)
    }

    /// The table that a reference leads to, if it is loaded.
    fn target(&self, field: &Field) -> Option<&'c Schema> {
        self.catalog.schema(field.reference.as_deref()?)
    }

    /// The operators that may stand after a field, or be what stands there already; after a reference
    /// also the dot to the fields behind it.
    fn operators(&self, term: &str) -> Vec<Candidate> {
        let longest = Operator::ALL.iter().map(|operator| operator.token().len()).max();
        let ends = term.char_indices().map(|(at, _)| at).rev();
        let ends = std::iter::once(term.len()).chain(ends);
        let mut near = ends.take_while(|end| Some(term.len() - end) < longest);
        let found = near.find_map(|end| {
            let (name, rest) = term.split_at_checked(end)?;
            let field = self.field(name)?;
            let is_walked = rest.is_empty() && self.target(field).is_some();
            let tokens = operators_of(field.kind).into_iter().chain(is_walked.then_some("."));
            let longer = tokens.filter(|token| *token != rest);
            let tokens = beginning(longer, rest);
            let tokens = tokens.into_iter().map(|token| token.after(name)).collect::<Vec<_>>();
            (!tokens.is_empty()).then_some(tokens)
        });
        found.unwrap_or_default()
    }

    /// The documented values of a field, other fields, or a longer operator.
    fn values(&self, condition: &Condition<'_>) -> Vec<Candidate> {
        let value = condition.raw_value();
        let (mut words, last) = match (condition.operator().shape(), self.field(condition.field()))
        {
            (OperandShape::One, Some(field)) => (choices(field, value), value),
            (OperandShape::List, Some(field)) => {
                let last = value.rsplit(',').next().unwrap_or(value);
                (choices(field, last), last)
            }
            (OperandShape::Field, Some(_)) => (self.fields(value), value),
            _ => (Vec::new(), value),
        };
        let term = condition.span().of(condition.query());
        let kept = term.strip_suffix(last).unwrap_or(term);
        words = words.into_iter().map(|word| word.after(kept)).collect();
        if !value.is_empty() {
            words.extend(self.operators(term));
        }
        words
    }
}

/// The documented values of a field that begin so, without those that a query would have to escape.
fn choices(field: &Field, start: &str) -> Vec<Candidate> {
    let booleans: &[&str] = if field.kind == FieldType::Boolean { &["true", "false"] } else { &[] };
    let choices = field.choices.iter().map(|choice| &*choice.value);
    let values = booleans.iter().copied().chain(choices);
    beginning(values.filter(|value| !value.contains(['^', ','])), start)
}

fn beginning<'w>(words: impl Iterator<Item = &'w str>, start: &str) -> Vec<Candidate> {
    words.filter(|word| word.starts_with(start)).map(Candidate::word).collect()
}
