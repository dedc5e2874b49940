//! Queries in plain words: what surprises, the tree of conditions, and a text for each step of it that can
//! be run alone.

mod surprise;
mod words;

use crate::bind::Binder;
use crate::diagnostic::{Code, shown};
use crate::operator::{Meaning, Operator, Relation};
use crate::plan::{OnInvalid, Plan};
use crate::schema::Schema;
use crate::span::Span;
use crate::syntax::{Alternative, Block, BlockHead, Branch, Direction, Join, Printer, Query};
use words::Words;

/// A query in plain words.
///
/// ```
/// use encoded_query::{Binder, OnInvalid, Query, Schema};
///
/// let schema = Schema::customer_contact();
/// let binder = Binder::for_table(&schema);
/// let said = binder.explain(
///     &Query::parse("active=true^nameLIKEwar^ORcityLIKEwar"),
///     OnInvalid::IgnoreInvalidPart,
/// );
/// assert_eq!(said.brackets, "Active is true AND (Name contains \"war\" OR City contains \"war\")");
/// assert_eq!(said.surprises[0].text, "OR binds tighter than AND");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// What may not be as it seems, most important first.
    pub surprises: Vec<Surprise>,
    /// The tree in one line, with brackets.
    pub brackets: String,
    /// The tree, a line for each part of it, in order.
    pub lines: Vec<Line>,
    /// The sort keys.
    pub order: Vec<Key>,
    /// The valid parts of each branch, as queries.
    branches: Vec<String>,
}

/// A sort key in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The field and which end comes first.
    pub words: String,
    /// Whether it sorts; an invalid one is ignored.
    pub is_valid: bool,
}

/// Something that may not be as it seems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surprise {
    /// The kind of the diagnostic it comes from; `None` for how parts belong together.
    pub code: Option<Code>,
    /// In words.
    pub text: String,
    /// The part of the query it is about.
    pub span: Span,
    /// A text to write instead, in words, if there is one.
    pub advice: Option<String>,
}

/// A part of the tree in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How deep it stands, 0 at the top.
    pub depth: usize,
    /// The part in words.
    pub words: String,
    /// What it is.
    pub part: Part,
    /// A query that is this part alone; `None` for what is invalid or stands in a block.
    pub alone: Option<String>,
    so_far: Option<SoFar>,
}

/// How much of a branch stands up to the end of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct SoFar {
    branch: usize,
    length: usize,
}

/// What a line of an explanation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// One of several branches: all below it must hold, or all of another.
    Branch,
    /// Several alternatives, of which one must hold.
    Group,
    /// A condition.
    Condition,
    /// A question about rows of another table, whose conditions stand below it.
    Block,
}

impl Explanation {
    /// A query that is a group with all that stands before it in its branch.
    pub fn so_far(&self, line: &Line) -> Option<&str> {
        let SoFar { branch, length } = line.so_far?;
        self.branches.get(branch)?.get(..length)
    }
}

impl Binder<'_> {
    /// Explains a query, as it runs in that mode.
    pub fn explain(&self, query: &Query<'_>, on_invalid: OnInvalid) -> Explanation {
        let words = Words { binder: self };
        let bound = self.bind(query);
        let mut valid = bound.clauses.iter().map(|clause| clause.bound.is_some());
        let mut tree = tree(query.branches(), &mut valid);
        for piece in tree.iter_mut().flatten().flatten().filter(|piece| piece.is_valid) {
            piece.alone = self.alone(piece.alternative);
        }
        let mut lines = Lines { words, found: Vec::new(), branches: Vec::new() };
        lines.tree(self.schema(), &tree, 0);
        let keys = query.order().zip(&bound.order).map(|(key, bound)| {
            let field = words.field(self.schema(), key.field);
            let how = match key.direction {
                Direction::Ascending => "ascending, empty ones first",
                Direction::Descending => "descending, empty ones last",
            };
            Key { words: format!("{field}, {how}"), is_valid: bound.bound.is_some() }
        });
        Explanation {
            brackets: brackets(words, self.schema(), &tree),
            lines: lines.found,
            order: keys.collect(),
            branches: lines.branches,
            surprises: surprise::surprises(query, bound, on_invalid),
        }
    }

    /// One part as a query of its own, without what is invalid in it.
    fn alone(&self, alternative: Alternative<'_>) -> Option<String> {
        let mut printer = Printer::default();
        printer.alternative(Join::Group, alternative);
        let bound = self.bind(&Query::parse(printer.finish()));
        let plan = Plan::new(bound, OnInvalid::IgnoreInvalidPart).ok()?;
        plan.report().effective().filter(|text| !text.is_empty()).map(str::to_owned)
    }
}

/// Branches of groups of alternatives.
type Tree<'q> = Vec<Vec<Vec<Piece<'q>>>>;

/// An alternative, and what it holds if it is a block.
struct Piece<'q> {
    alternative: Alternative<'q>,
    inner: Tree<'q>,
    is_valid: bool,
    /// The query that it is alone, if it can be run.
    alone: Option<String>,
}

/// Puts together parts and whether they are valid, which is said in the order of the text; of what
/// stands in an invalid block nothing is said. Blocks nest a few levels at most, as the reader sees to.
fn tree<'q>(
    branches: impl Iterator<Item = Branch<'q>>,
    valid: &mut dyn Iterator<Item = bool>,
) -> Tree<'q> {
    let mut piece = |alternative: Alternative<'q>| {
        let mut is_valid = valid.next().unwrap_or_default();
        let mut inner = Tree::new();
        if let Alternative::Block(block) = alternative {
            let branches: Vec<Branch<'q>> = block.branches().collect();
            let mut none = std::iter::repeat(false);
            let valid: &mut dyn Iterator<Item = bool> = if is_valid { valid } else { &mut none };
            inner = tree(branches.into_iter(), valid);
            // A block whose conditions are all invalid is itself.
            is_valid &=
                inner.is_empty() || inner.iter().flatten().flatten().any(|piece| piece.is_valid);
        }
        Piece { alternative, inner, is_valid, alone: None }
    };
    let branch = |branch: Branch<'q>| {
        let groups = branch.groups();
        groups.map(|group| group.alternatives().map(&mut piece).collect()).collect()
    };
    branches.map(branch).collect()
}

/// Lines being written.
struct Lines<'e> {
    words: Words<'e>,
    found: Vec<Line>,
    /// The valid parts of each branch of the query.
    branches: Vec<String>,
}

impl<'e> Lines<'e> {
    /// Blocks nest a few levels at most, as the reader sees to.
    fn tree(&mut self, schema: &'e Schema, tree: &Tree<'_>, depth: usize) {
        for (number, groups) in tree.iter().enumerate() {
            let head = self.found.len();
            let mut depth = depth;
            if tree.len() > 1 {
                let words = if number == 0 { "either" } else { "or" };
                self.push(depth, words.to_owned(), Part::Branch, None, None);
                depth += 1;
            }
            // Its place is taken before those of branches in blocks.
            let branch = self.branches.len();
            self.branches.push(String::new());
            let mut printer = Printer::default();
            for group in groups {
                let start = printer.len();
                let mut join = Join::Group;
                for text in group.iter().filter_map(|piece| piece.alone.as_deref()) {
                    printer.raw(join, text);
                    join = Join::Alternative;
                }
                let is_longer = printer.len() > start;
                let so_far = is_longer.then(|| SoFar { branch, length: printer.len() });
                self.group(schema, group, depth, so_far);
            }
            let text = printer.finish();
            if let Some(line) = self.found.get_mut(head).filter(|line| line.part == Part::Branch) {
                line.alone = Some(text.clone()).filter(|text| !text.is_empty());
            }
            if let Some(place) = self.branches.get_mut(branch) {
                *place = text;
            }
        }
    }

    fn group(
        &mut self,
        schema: &'e Schema,
        group: &[Piece<'_>],
        mut depth: usize,
        mut so_far: Option<SoFar>,
    ) {
        if group.len() > 1 {
            let valid: Vec<&str> =
                group.iter().filter_map(|piece| piece.alone.as_deref()).collect();
            let alone = (!valid.is_empty()).then(|| valid.join("^OR"));
            self.push(depth, "any of".to_owned(), Part::Group, alone, so_far.take());
            depth += 1;
        }
        for piece in group {
            let mut words = self.words.alternative(schema, piece.alternative);
            if !piece.is_valid {
                words = format!("ignored: {words}");
            }
            let so_far = so_far.take().filter(|_| piece.alone.is_some());
            let Alternative::Block(block) = piece.alternative else {
                self.push(depth, words, Part::Condition, piece.alone.clone(), so_far);
                continue;
            };
            self.push(depth, words, Part::Block, piece.alone.clone(), so_far);
            if let Some(other) = self.words.table_of(&block) {
                self.tree(other, &piece.inner, depth + 1);
            }
        }
    }

    fn push(
        &mut self,
        depth: usize,
        words: String,
        part: Part,
        alone: Option<String>,
        so_far: Option<SoFar>,
    ) {
        self.found.push(Line { depth, words, part, alone, so_far });
    }
}

/// The valid parts of the tree in one line.
fn brackets<'e>(words: Words<'e>, schema: &'e Schema, tree: &Tree<'_>) -> String {
    let of_group = |group: &Vec<Piece<'_>>| -> Vec<String> {
        let valid = group.iter().filter(|piece| piece.is_valid);
        valid.map(|piece| in_brackets(words, schema, piece)).collect()
    };
    let of_branch = |branch: &Vec<Vec<Piece<'_>>>| -> Vec<Vec<String>> {
        branch.iter().map(of_group).filter(|group| !group.is_empty()).collect()
    };
    let branches: Vec<Vec<Vec<String>>> =
        tree.iter().map(of_branch).filter(|branch| !branch.is_empty()).collect();
    let is_one_branch = branches.len() == 1;
    let each = branches.iter().map(|branch| {
        let is_one_group = branch.len() == 1;
        let groups = branch.iter().map(|group| {
            let text = group.join(" OR ");
            if group.len() == 1 || is_one_group { text } else { format!("({text})") }
        });
        let text = groups.collect::<Vec<_>>().join(" AND ");
        if is_one_branch || is_one_group { text } else { format!("({text})") }
    });
    each.collect::<Vec<_>>().join(" OR ")
}

fn in_brackets<'e>(words: Words<'e>, schema: &'e Schema, piece: &Piece<'_>) -> String {
    let text = words.alternative(schema, piece.alternative);
    let Alternative::Block(block) = piece.alternative else { return text };
    match words.table_of(&block) {
        Some(other) if !piece.inner.is_empty() => {
            format!("{text} [{}]", brackets(words, other, &piece.inner))
        }
        Some(_) | None => text,
    }
}

impl<'e> Words<'e> {
    /// A part in words; of a block its question alone.
    fn alternative(self, schema: &'e Schema, alternative: Alternative<'_>) -> String {
        match alternative {
            Alternative::Condition(condition) => self.condition(schema, &condition),
            Alternative::Unreadable(part) => format!("`{}`", shown(part.text)),
            Alternative::Block(block) => self.block(schema, &block),
        }
    }

    fn block(self, schema: &'e Schema, block: &Block<'_>) -> String {
        let has_conditions = block.branches().next().is_some();
        let and = if has_conditions { ", where" } else { "" };
        match block.head() {
            BlockHead::RelatedList { table, field, quantity, .. } => {
                let other = self.table_of(block);
                let field = other.map_or_else(|| shown(field), |other| self.field(other, field));
                format!(
                    "{} of `{}` whose {field} is this record{and}",
                    count(quantity),
                    shown(table)
                )
            }
            BlockHead::Subquery { field, theirs, table } => {
                self.shared(schema, block, field, (table, theirs)) + and
            }
            BlockHead::Join { left, right } => {
                let field = left.split_once('.').map_or(left, |(_, field)| field);
                let theirs = right.split_once('.').unwrap_or((right, ""));
                self.shared(schema, block, field, theirs) + and
            }
        }
    }

    fn shared(
        self,
        schema: &'e Schema,
        block: &Block<'_>,
        ours: &str,
        (table, theirs): (&str, &str),
    ) -> String {
        let other = self.table_of(block);
        let theirs = other.map_or_else(|| shown(theirs), |other| self.field(other, theirs));
        let ours = self.field(schema, ours);
        format!("{ours} is {theirs} of some row of `{}`", shown(table))
    }
}

/// A number of rows in words.
fn count(quantity: &str) -> String {
    let leading = Operator::leading(quantity);
    let token = leading.map_or("", |(_, token)| token);
    let digits = quantity.get(token.len()..).unwrap_or_default();
    let relation = match leading.map(|(operator, _)| operator.meaning()) {
        Some(Meaning::Compare(relation)) => relation,
        Some(_) | None => Relation::GreaterOrEqual,
    };
    let words = match relation {
        Relation::Equal => "exactly",
        Relation::NotEqual => "any number but",
        Relation::Less => "fewer than",
        Relation::LessOrEqual => "at most",
        Relation::Greater => "more than",
        Relation::GreaterOrEqual => "at least",
    };
    let rows = if digits == "1" { "row" } else { "rows" };
    format!("{words} {digits} {rows}")
}
