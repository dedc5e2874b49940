//! Printing: what is printed reads as what was meant, and no value leaves its condition.
//!
//! Laws: the canonical text reads as a tree of the same meaning and prints as itself; a text reads
//! the same each time; a built query holds exactly the conditions it was built from, or is not built.

use encoded_query::syntax::{Alternative, Clause, Direction};
use encoded_query::{BuildError, Operator, Query, QueryBuilder};

use crate::text;
use crate::tree::Tree;

/// Checks one input: as a query, and as parts to build one from, each on a line of its own.
pub fn run(data: &[u8]) {
    let text = text::of(data);
    print(&text);
    build(&text);
}

fn print(text: &str) {
    let query = Query::parse(text);
    assert_eq!(Query::parse(query.text()), query);
    let canonical = query.canonical();
    let again = Query::parse(canonical.as_str());
    assert_eq!(Tree::of(&again), Tree::of(&query), "{text:?} is printed as {canonical:?}");
    assert_eq!(again.canonical(), canonical, "of {text:?}");
    assert_eq!(query.into_owned().canonical(), canonical);
}

/// A condition as asked for.
#[derive(Clone, Debug, PartialEq)]
struct Wanted {
    join: Joining,
    field: String,
    operator: Operator,
    value: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Joining {
    And,
    Or,
    Branch,
}

/// Lines as parts: the first byte says how it joins, the second which operator; then come the field,
/// a tabulator and the value. A line of other kind is a sort key.
fn build(text: &str) {
    let (mut wanted, mut keys) = (Vec::new(), Vec::new());
    let mut builder = QueryBuilder::new();
    for line in text.split('\n').take(8) {
        let mut chars = line.chars();
        let (join, operator) = (chars.next().unwrap_or(' '), chars.next().unwrap_or(' '));
        let Some((field, value)) = chars.as_str().split_once('\t') else {
            let direction = [Direction::Ascending, Direction::Descending][line.len() % 2];
            builder = match direction {
                Direction::Ascending => builder.order_by(line),
                Direction::Descending => builder.order_by_descending(line),
            };
            keys.push((line.to_owned(), direction));
            continue;
        };
        let operator = Operator::ALL[operator as usize % Operator::ALL.len()];
        let join = [Joining::And, Joining::Or, Joining::Branch][join as usize % 3];
        let condition = match join {
            Joining::And => builder.field(field),
            Joining::Or => builder.or(field),
            Joining::Branch => builder.or_all_of(field),
        };
        builder = condition.operator(operator, value);
        wanted.push(Wanted { join, field: field.to_owned(), operator, value: value.to_owned() });
    }
    match builder.build() {
        Ok(query) => check_built(&query, wanted, &keys),
        Err(BuildError::Field(_) | BuildError::Merged { .. }) => {}
        Err(other) => panic!("{other} was not to be expected of {text:?}"),
    }
}

fn check_built(query: &Query<'_>, mut wanted: Vec<Wanted>, keys: &[(String, Direction)]) {
    // The first condition joins nothing.
    if let Some(first) = wanted.first_mut() {
        first.join = Joining::Branch;
    }
    let mut found = Vec::new();
    for branch in query.branches() {
        let mut join = Joining::Branch;
        for group in branch.groups() {
            for alternative in group.alternatives() {
                let Alternative::Condition(condition) = alternative else {
                    panic!("{alternative:?} was not asked for in {:?}", query.text());
                };
                found.push(Wanted {
                    join,
                    field: condition.field().to_owned(),
                    operator: condition.operator(),
                    value: condition.value().into_owned(),
                });
                join = Joining::Or;
            }
            join = Joining::And;
        }
    }
    assert_eq!(found, wanted, "{:?}", query.text());
    let order: Vec<_> = query.order().map(|key| (key.field.to_owned(), key.direction)).collect();
    assert_eq!(order, keys, "{:?}", query.text());
    let others = query.clauses().filter(|clause| {
        !matches!(clause, Clause::Condition(_) | Clause::Order(_) | Clause::Empty)
    });
    assert_eq!(others.count(), 0, "{:?}", query.text());
}
