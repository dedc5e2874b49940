//! Made-up queries over a schema, and rows that match a query: for tests, benches and fuzzers.
//!
//! Everything is decided by a source of choices: a seed, or with the feature `arbitrary` the bytes of a
//! fuzzer.

mod row;
mod value;

use crate::demo::Random;
use crate::operator::{Meaning, Operator, PatternSyntax};
use crate::schema::{Field, Queryable, Schema};
use crate::syntax::{FieldBuilder, Query, QueryBuilder};

/// Decides between possibilities.
pub trait Choose {
    /// A number from 0 to one below `bound`; 0 if `bound` is 0.
    fn below(&mut self, bound: usize) -> usize;
}

impl<C: Choose + ?Sized> Choose for &mut C {
    fn below(&mut self, bound: usize) -> usize {
        (**self).below(bound)
    }
}

/// Choices that follow from a seed: the same each time.
#[derive(Clone, Debug)]
pub struct Seeded(Random);

impl Seeded {
    /// The choices of that seed.
    pub fn new(seed: u64) -> Self {
        Self(Random::new(seed))
    }
}

impl Choose for Seeded {
    fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX);
        let rest = self.0.draw().checked_rem(bound).unwrap_or_default();
        usize::try_from(rest).unwrap_or_default()
    }
}

#[cfg(feature = "arbitrary")]
impl Choose for arbitrary::Unstructured<'_> {
    /// When the bytes are used up, 0.
    fn below(&mut self, bound: usize) -> usize {
        self.int_in_range(0..=bound.saturating_sub(1)).unwrap_or_default()
    }
}

/// Makes queries and rows.
///
/// ```
/// use encoded_query::generate::{Generator, Seeded};
/// use encoded_query::{Binder, Schema};
///
/// let schema = Schema::customer_contact();
/// let mut generator = Generator::new(&schema, Seeded::new(7));
/// let query = generator.query();
/// assert!(!Binder::for_table(&schema).bind(&query).diagnostics().has_errors());
/// assert_eq!(query, Generator::new(&schema, Seeded::new(7)).query());
/// ```
#[derive(Clone, Debug)]
pub struct Generator<'s, C> {
    schema: &'s Schema,
    choices: C,
}

/// What goes wrong in queries: each is put somewhere into one that is valid.
const SLIPS: [&str; 24] = [
    "^",
    "^^",
    "^^^",
    "OR",
    "NQ",
    "EQ",
    "^EQ",
    "GOTO",
    "^ORDERBY",
    "^ORDERBYDESC",
    "^nosuch=1",
    "^ORnosuch=1",
    "^NQnosuch=1",
    "^a..b=1",
    "^active",
    "^=x",
    "^name==x",
    "^activeANDvip=true",
    "^RLQUERYnosuch.f,>=1",
    "^SUBQUERYa,b,c",
    "^JOINa.b=c.d!x=1",
    "^name=javascript:alert(1)",
    "^sys_created_on>2018-02-30",
    "\u{202e}",
];

/// How often, in percent, a condition joins as an alternative, and opens a branch.
///
/// Source: 4,310 public queries, somewhat richer.
const ALTERNATIVE: usize = 20;
const BRANCH: usize = 5;
const SORTED: usize = 20;

impl<'s, C: Choose> Generator<'s, C> {
    /// A generator for tables of that schema.
    pub fn new(schema: &'s Schema, choices: C) -> Self {
        Self { schema, choices }
    }

    /// A query without invalid parts, which needs no environment: one to six conditions, some of them
    /// alternatives or in branches of their own, sometimes sorted.
    pub fn query(&mut self) -> Query<'static> {
        let wanted = 1 + self.choices.below(3) + self.choices.below(4);
        let mut builder = QueryBuilder::new();
        for _ in 0..wanted {
            builder = self.condition(builder);
        }
        if self.chance(SORTED)
            && let Some(field) = self.field(|field| field.queryable == Queryable::Range)
        {
            builder = match self.choices.below(2) {
                0 => builder.order_by(&field.name),
                _ => builder.order_by_descending(&field.name),
            };
        }
        builder.build().unwrap_or_else(|_| Query::parse(""))
    }

    /// A query that may hold anything that goes wrong in queries.
    pub fn odd_query(&mut self) -> Query<'static> {
        let mut text = self.query().text().to_owned();
        for _ in 0..=self.choices.below(3) {
            let slip = SLIPS.get(self.choices.below(SLIPS.len())).copied().unwrap_or_default();
            let places: Vec<usize> =
                text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let at = places.get(self.choices.below(places.len())).copied().unwrap_or_default();
            text.insert_str(at, slip);
        }
        Query::parse(text)
    }

    /// Adds a condition; leaves the query as it is where a value cannot be written after an operator.
    fn condition(&mut self, builder: QueryBuilder) -> QueryBuilder {
        let Some(field) = self.field(|field| field.queryable == Queryable::Range) else {
            return builder;
        };
        let usable = |operator: &&Operator| {
            operator.types().accepts(field.kind) && is_self_contained(operator.meaning())
        };
        let operators: Vec<Operator> = Operator::ALL.iter().filter(usable).copied().collect();
        let place = self.choices.below(operators.len());
        let Some(operator) = operators.get(place).copied() else { return builder };
        let Some(value) = self.operand(field, operator) else { return builder };
        let name = field.name.as_ref();
        let join: fn(QueryBuilder, String) -> FieldBuilder = match self.choices.below(100) {
            n if n < ALTERNATIVE => QueryBuilder::or,
            n if n < ALTERNATIVE + BRANCH => QueryBuilder::or_all_of,
            _ => QueryBuilder::field,
        };
        let before = builder.clone();
        let extended = join(builder, name.to_owned()).operator(operator, &value);
        if extended.clone().build().is_ok() { extended } else { before }
    }

    /// A field that may be named in a query.
    fn field(&mut self, wanted: impl Fn(&Field) -> bool) -> Option<&'s Field> {
        let schema = self.schema;
        let fields: Vec<&Field> = schema.fields().iter().filter(|field| wanted(field)).collect();
        let place = self.choices.below(fields.len());
        fields.get(place).copied()
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.choices.below(100) < percent
    }
}

/// Whether a condition needs neither time nor user, no other table and no history.
fn is_self_contained(meaning: Meaning) -> bool {
    match meaning {
        Meaning::Compare(_)
        | Meaning::Contains(..)
        | Meaning::OneOf(_)
        | Meaning::Empty(_)
        | Meaning::Anything
        | Meaning::Between
        | Meaning::Fields(_)
        | Meaning::Pattern(PatternSyntax::Glob)
        | Meaning::Distance(_)
        | Meaning::Period(_)
        | Meaning::DatePart => true,
        Meaning::Pattern(PatternSyntax::Regex)
        | Meaning::Relative(_)
        | Meaning::Dynamic
        | Meaning::InstanceOf
        | Meaning::Hierarchy(_)
        | Meaning::Change(_)
        | Meaning::Refused => false,
    }
}
