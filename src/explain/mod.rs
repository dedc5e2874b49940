//! Queries in plain words: what surprises, the tree of conditions, and a text for each step of it that can
//! be run alone.

mod surprise;
mod words;

use crate::bind::Binder;
use crate::diagnostic::{Code, shown};
use crate::schema::Schema;
use crate::span::Span;
use crate::syntax::{Alternative, Block, BlockHead, Branch, Direction, Join, Printer, Query};
use words::Words;

/// A query in plain words.
///
/// ```
/// use encoded_query::{Binder, Query, Schema};
///
/// let schema = Schema::customer_contact();
/// let binder = Binder::for_table(&schema);
/// let said = binder.explain(&Query::parse("active=true^nameLIKEwar^ORcityLIKEwar"));
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
    /// The sort keys in words.
    pub order: Vec<String>,
    /// The valid parts of each branch, as queries.
    branches: Vec<String>,
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
    /// Explains a query. Invalid parts are said to be ignored.
    pub fn explain(&self, query: &Query<'_>) -> Explanation {
        let words = Words { binder: self };
        let tree = tree(self, query.branches(), Place::Query);
        let mut lines = Lines { words, found: Vec::new(), branches: Vec::new() };
        lines.tree(self.schema(), &tree, 0);
        let order = query.order().map(|order| {
            let field = words.field(self.schema(), order.field);
            let how = match order.direction {
                Direction::Ascending => "ascending, empty ones first",
                Direction::Descending => "descending, empty ones last",
            };
            format!("{field}, {how}")
        });
        Explanation {
            surprises: surprise::surprises(self, query),
            brackets: brackets(words, self.schema(), &tree),
            lines: lines.found,
            order: order.collect(),
            branches: lines.branches,
        }
    }
}

/// Whether a part stands in the query itself, so that it can be run alone.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Query,
    Block,
}

/// Branches of groups of alternatives.
type Tree<'q> = Vec<Vec<Vec<Piece<'q>>>>;

/// An alternative, with the query that it is alone if it is valid and can be run.
struct Piece<'q> {
    alternative: Alternative<'q>,
    alone: Option<String>,
    is_valid: bool,
}

fn tree<'q>(
    binder: &Binder<'_>,
    branches: impl Iterator<Item = Branch<'q>>,
    place: Place,
) -> Tree<'q> {
    let piece = |alternative: Alternative<'q>| {
        if place == Place::Block {
            return Piece { alternative, alone: None, is_valid: true };
        }
        let mut printer = Printer::default();
        printer.alternative(Join::Group, alternative);
        let text = printer.finish();
        let is_valid = !binder.bind(&Query::parse(text.as_str())).diagnostics().has_errors();
        Piece { alternative, alone: Some(text).filter(|_| is_valid), is_valid }
    };
    let branch = |branch: Branch<'q>| {
        branch.groups().map(|group| group.alternatives().map(piece).collect()).collect()
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

impl Lines<'_> {
    /// Blocks nest a few levels at most, as the reader sees to.
    fn tree(&mut self, schema: &Schema, tree: &Tree<'_>, depth: usize) {
        for (number, groups) in tree.iter().enumerate() {
            let head = self.found.len();
            let mut depth = depth;
            if tree.len() > 1 {
                let words = if number == 0 { "either" } else { "or" };
                self.push(depth, words.to_owned(), Part::Branch, None, None);
                depth += 1;
            }
            let mut printer = Printer::default();
            for group in groups {
                let start = printer.len();
                let mut join = Join::Group;
                for piece in group.iter().filter(|piece| piece.alone.is_some()) {
                    printer.alternative(join, piece.alternative);
                    join = Join::Alternative;
                }
                let is_longer = printer.len() > start;
                let branch = self.branches.len();
                let so_far = is_longer.then(|| SoFar { branch, length: printer.len() });
                self.group(schema, group, depth, so_far);
            }
            let text = printer.finish();
            if let Some(line) = self.found.get_mut(head).filter(|line| line.part == Part::Branch) {
                line.alone = Some(text.clone()).filter(|text| !text.is_empty());
            }
            self.branches.push(text);
        }
    }

    fn group(
        &mut self,
        schema: &Schema,
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
                let inner = tree(self.words.binder, block.branches(), Place::Block);
                self.tree(other, &inner, depth + 1);
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
fn brackets(words: Words<'_>, schema: &Schema, tree: &Tree<'_>) -> String {
    let of_group = |group: &Vec<Piece<'_>>| -> Vec<String> {
        let valid = group.iter().filter(|piece| piece.is_valid);
        valid.map(|piece| in_brackets(words, schema, piece.alternative)).collect()
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

fn in_brackets(words: Words<'_>, schema: &Schema, alternative: Alternative<'_>) -> String {
    let text = words.alternative(schema, alternative);
    let Alternative::Block(block) = alternative else { return text };
    let Some(other) = words.table_of(&block) else { return text };
    let inner = tree(words.binder, block.branches(), Place::Block);
    if inner.is_empty() { text } else { format!("{text} [{}]", brackets(words, other, &inner)) }
}

impl Words<'_> {
    /// A part in words; of a block its question alone.
    fn alternative(self, schema: &Schema, alternative: Alternative<'_>) -> String {
        match alternative {
            Alternative::Condition(condition) => self.condition(schema, &condition),
            Alternative::Unreadable(part) => format!("`{}`", shown(part.text)),
            Alternative::Block(block) => self.block(schema, &block),
        }
    }

    fn block(self, schema: &Schema, block: &Block<'_>) -> String {
        let has_conditions = block.branches().next().is_some();
        let and = if has_conditions { ", where" } else { "" };
        match block.head() {
            BlockHead::RelatedList { table, field, quantity, .. } => {
                let other = self.table_of(block);
                let field = other.map_or_else(|| shown(field), |other| self.field(other, field));
                format!("{} of `{}` refer here by {field}{and}", count(quantity), shown(table))
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
        schema: &Schema,
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
    let digits = quantity.trim_start_matches(|c: char| !c.is_ascii_digit());
    let sign = quantity.get(..quantity.len() - digits.len()).unwrap_or_default();
    let words = match sign {
        "=" => "exactly",
        "!=" => "any number but",
        "<" => "fewer than",
        "<=" => "at most",
        ">" => "more than",
        _ => "at least",
    };
    let rows = if digits == "1" { "row" } else { "rows" };
    format!("{words} {digits} {rows}")
}
