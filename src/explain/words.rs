//! Conditions in plain words.

use std::borrow::Cow;

use crate::bind::Binder;
use crate::diagnostic::shown;
use crate::function::{Function, Unit};
use crate::operator::{Change, Meaning, Operator, PatternSyntax, Place, Polarity, Relation};
use crate::schema::{Field, Queryable, Schema};
use crate::syntax::{Block, BlockHead, Condition, TEXT_INDEX_GROUP, TEXT_QUERY};
use crate::value::{FieldType, Kind};

/// Values of a list that are spelled out.
const MOST: usize = 8;

/// Finds words by what a binder knows.
#[derive(Clone, Copy)]
pub(super) struct Words<'e> {
    pub(super) binder: &'e Binder<'e>,
}

impl<'e> Words<'e> {
    /// The table a block asks about, if it is known.
    pub(super) fn table_of(self, block: &Block<'_>) -> Option<&'e Schema> {
        let name = match block.head() {
            BlockHead::RelatedList { table, .. } | BlockHead::Subquery { table, .. } => table,
            BlockHead::Join { right, .. } => right.split_once('.')?.0,
        };
        self.binder.table(name)
    }

    /// The labels of a name's steps; the name itself where it is unknown.
    pub(super) fn field(self, schema: &'e Schema, name: &str) -> String {
        match self.binder.resolve(schema, name, Queryable::Match) {
            Some(steps) => {
                let labels: Vec<String> =
                    steps.iter().map(|(_, field)| shown(&field.label)).collect();
                labels.join(" › ")
            }
            None => format!("`{}`", shown(name)),
        }
    }

    /// A condition in words.
    pub(super) fn condition(self, schema: &'e Schema, condition: &Condition<'_>) -> String {
        let name = condition.field();
        if name == TEXT_QUERY {
            return format!("some text holds each word of {}", quoted(&condition.value()));
        }
        if name == TEXT_INDEX_GROUP {
            return "every row (text index group)".to_owned();
        }
        let steps = self.binder.resolve(schema, name, Queryable::Match);
        let field = steps.as_ref().and_then(|steps| steps.last()).map(|(_, field)| *field);
        let said = Said { words: self, schema, condition, field, value: condition.value() };
        format!("{} {}", self.field(schema, name), said.predicate())
    }
}

/// A condition being said.
struct Said<'s> {
    words: Words<'s>,
    schema: &'s Schema,
    condition: &'s Condition<'s>,
    field: Option<&'s Field>,
    value: Cow<'s, str>,
}

impl Said<'_> {
    fn predicate(&self) -> String {
        let label = self.condition.operator().label();
        match self.condition.operator().meaning() {
            Meaning::Compare(relation) => self.compare(relation),
            Meaning::Contains(place, polarity) => {
                let verb = match (place, polarity) {
                    (Place::Start, Polarity::Positive) => "begins with",
                    (Place::Start, Polarity::Negative) => "does not begin with",
                    (Place::End, Polarity::Positive) => "ends with",
                    (Place::End, Polarity::Negative) => "does not end with",
                    (Place::Anywhere, Polarity::Positive) => "contains",
                    (Place::Anywhere, Polarity::Negative) => "does not contain",
                };
                format!("{verb} {}", self.literal(&self.value))
            }
            Meaning::OneOf(_) => format!("{label} {}", self.list()),
            Meaning::Empty(_) | Meaning::Anything => label.to_owned(),
            Meaning::Between => self.between(),
            Meaning::Fields(relation) => self.fields(relation),
            Meaning::Pattern(PatternSyntax::Glob) => {
                format!("has the form {}", quoted(&self.value))
            }
            Meaning::Pattern(PatternSyntax::Regex) => {
                format!("matches the regular expression {}", quoted(&self.value))
            }
            Meaning::Distance(relation) => self.distance(relation),
            Meaning::Period(polarity) => self.period(polarity),
            Meaning::Relative(relation) => self.relative(relation),
            Meaning::DatePart => self.date_part(),
            Meaning::Dynamic => {
                format!("is what the dynamic value {} stands for", quoted(&self.value))
            }
            Meaning::InstanceOf => {
                format!("is {} or a class that extends it", quoted(&self.value))
            }
            Meaning::Hierarchy(_) => self.hierarchy(),
            Meaning::Change(change) => self.change(change),
            Meaning::Refused => format!("{label} {} (not evaluated)", quoted(&self.value)),
        }
    }

    fn kind(&self) -> Kind {
        self.field.map_or(Kind::Text, |field| field.kind.kind())
    }

    /// A relation as it is said of texts and numbers, or of dates.
    fn relation(&self, relation: Relation) -> &'static str {
        let is_date = matches!(self.kind(), Kind::Date | Kind::DateTime);
        match (relation, is_date) {
            (Relation::Equal, _) => "is",
            (Relation::NotEqual, _) => "is not",
            (Relation::Less, true) => "is before",
            (Relation::LessOrEqual, true) => "is at or before",
            (Relation::Greater, true) => "is after",
            (Relation::GreaterOrEqual, true) => "is at or after",
            (Relation::Less, false) => "is less than",
            (Relation::LessOrEqual, false) => "is at most",
            (Relation::Greater, false) => "is greater than",
            (Relation::GreaterOrEqual, false) => "is at least",
        }
    }

    fn compare(&self, relation: Relation) -> String {
        let is_empty = crate::bind::is_empty(&self.value);
        if is_empty && relation == Relation::Equal {
            return Operator::IsEmpty.label().to_owned();
        }
        if is_empty && relation == Relation::NotEqual {
            return Operator::IsNotEmpty.label().to_owned();
        }
        format!("{} {}", self.relation(relation), self.literal(&self.value))
    }

    /// A value in words: a choice by its label, a script by what it gives.
    fn literal(&self, text: &str) -> String {
        if let Some(script) = self.script(text) {
            return script;
        }
        let choice = self.field.and_then(|field| field.choices.iter().find(|c| c.value == text));
        if let Some(choice) = choice.filter(|choice| choice.label != text) {
            return format!("{} ({})", choice.label, shown(text));
        }
        match self.field.map(|field| field.kind) {
            None | Some(FieldType::String) => quoted(text),
            Some(_) => shown(text),
        }
    }

    fn script(&self, text: &str) -> Option<String> {
        let (function, arguments) = Binder::call(text)?;
        let value = self.words.binder.script_value(text);
        let value = value.map_or(String::new(), |value| format!(" ({value})"));
        Some(format!("{}{value}", in_words(function, &arguments)))
    }

    fn list(&self) -> String {
        if let Some(script) = self.script(&self.value) {
            return script;
        }
        let items: Vec<&str> =
            self.value.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
        let mut words: Vec<String> =
            items.iter().take(MOST).map(|item| self.literal(item)).collect();
        if items.len() > MOST {
            words.push(format!("{} more", items.len() - MOST));
        }
        if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
    }

    /// The parts between `@`, those inside scripts aside.
    fn parts(&self) -> Vec<&str> {
        crate::bind::split_at_signs(&self.value).collect()
    }

    fn between(&self) -> String {
        match self.parts().as_slice() {
            [from, to] => format!("is from {} to {}", self.literal(from), self.literal(to)),
            _ => format!("is between {}", quoted(&self.value)),
        }
    }

    fn fields(&self, relation: Relation) -> String {
        let (name, unit) = match self.value.split_once('@') {
            Some((name, unit)) => (name, Some(unit)),
            None => (&*self.value, None),
        };
        let other = self.words.field(self.schema, name);
        let within = unit.map_or(String::new(), |unit| format!(" within one {}", shown(unit)));
        match relation {
            Relation::Equal => format!("is the same as {other}{within}"),
            Relation::NotEqual => format!("differs from {other}{within}"),
            Relation::Less
            | Relation::LessOrEqual
            | Relation::Greater
            | Relation::GreaterOrEqual => format!("{} {other}", self.relation(relation)),
        }
    }

    fn distance(&self, relation: Relation) -> String {
        let [name, unit, side, number] = self.parts()[..] else {
            return format!("{} {}", self.condition.operator().label(), quoted(&self.value));
        };
        let how = if relation == Relation::Greater { "more than" } else { "at most" };
        let other = self.words.field(self.schema, name);
        format!("is {how} {} {} {other}", units(number, unit), shown(side))
    }

    fn period(&self, polarity: Polarity) -> String {
        let verb = if polarity == Polarity::Positive { "is" } else { "is not" };
        match self.parts().as_slice() {
            [label, from, to] => {
                let label =
                    if label.is_empty() { String::new() } else { format!(" ({})", shown(label)) };
                format!("{verb} from {} to {}{label}", self.literal(from), self.literal(to))
            }
            _ => format!("{verb} in {}", quoted(&self.value)),
        }
    }

    fn relative(&self, relation: Relation) -> String {
        let ["", unit, direction, number] = self.parts()[..] else {
            return format!("{} {}", self.condition.operator().label(), quoted(&self.value));
        };
        let point = match direction {
            "ahead" => format!("{} from now", units(number, unit)),
            _ => format!("{} {}", units(number, unit), shown(direction)),
        };
        if relation == Relation::Equal {
            return format!("is in the {} {point}", shown(unit));
        }
        format!("{} {point}", self.relation(relation))
    }

    fn date_part(&self) -> String {
        let call = self.value.split_once('@').and_then(|(_, call)| Binder::call(call));
        match call.as_ref().map(|(_, arguments)| arguments.as_slice()) {
            Some([part, value, comparison]) => {
                let relation = match comparison.as_str() {
                    "GT" => "after",
                    "GE" => "at or after",
                    "LT" => "before",
                    "LE" => "at or before",
                    _ => "equal to",
                };
                format!("has a {} {relation} {}", shown(part), shown(value))
            }
            _ => format!("has the part {}", quoted(&self.value)),
        }
    }

    fn hierarchy(&self) -> String {
        match self.value.split_once('@') {
            Some((parent, start)) => {
                format!("is {} or stands below it, by `{}`", quoted(start), shown(parent))
            }
            None => format!("is in the hierarchy {}", quoted(&self.value)),
        }
    }

    fn change(&self, change: Change) -> String {
        let value =
            if self.value.is_empty() { "empty".to_owned() } else { self.literal(&self.value) };
        match change {
            Change::Any => "changes".to_owned(),
            Change::From => format!("changes from {value}"),
            Change::To => format!("changes to {value}"),
        }
    }
}

/// What a call gives, with its number in place.
fn in_words(function: Function, arguments: &[String]) -> String {
    let text = function.description();
    let text = text.trim_end_matches('.');
    let text = match arguments {
        [number] => {
            let text = text.replace(" n ", &format!(" {} ", shown(number)));
            // One unit is no several.
            if number == "1" { text.replace("s ago", " ago") } else { text }
        }
        _ => text.to_owned(),
    };
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_lowercase());
    let text: String = first.into_iter().chain(chars).collect();
    let values: Vec<String> = arguments.iter().map(|argument| quoted(argument)).collect();
    match values.as_slice() {
        [] | [_] => text,
        several => format!("{text}, {}", several.join(", ")),
    }
}

/// A number of units; the aliases of days are days.
fn units(number: &str, unit: &str) -> String {
    let name = Unit::from_name(unit).map_or_else(|| shown(unit), |unit| unit.name().to_owned());
    let plural = if number == "1" { "" } else { "s" };
    format!("{} {name}{plural}", shown(number))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", shown(text))
}
