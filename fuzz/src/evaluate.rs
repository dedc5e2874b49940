//! Binding, planning and running: any query over tables of nasty values.
//!
//! Laws: pages put together are the whole, and say whether a row follows; with an invalid part no
//! rows are returned in the strict mode and the query is forbidden in the other, else all modes agree;
//! both engines agree; the query that ran runs again; a row alone is a row among others; a guard
//! intersects; the naive evaluator, where it knows all that is asked, finds the same rows.

use arbitrary::{Result, Unstructured};
use encoded_query::bind::History;
use encoded_query::operator::Meaning;
use encoded_query::syntax::Clause;
use encoded_query::{
    Binder, BoundQuery, Count, EmptyInNegation, FixedEnvironment, OnInvalid, Operator, Options,
    Page, PageRequest, Plan, PlanError, Prepared, Query, Record,
};

use crate::world::{COLUMNS, Tables, World, environment, number};
use crate::{naive, text, words};

/// Checks one input: six bytes of choices, then the query.
pub fn run(data: &[u8]) {
    if let Ok(case) = Case::read(&mut Unstructured::new(data)) {
        case.check();
    }
}

struct Case {
    world: &'static World,
    environment: Option<&'static FixedEnvironment>,
    options: Options,
    /// Rows of a page.
    limit: u64,
    guard: String,
    query: String,
}

impl Case {
    fn read(u: &mut Unstructured<'_>) -> Result<Self> {
        let [seed, shape, now, choices, limit, guard]: [u8; 6] = u.arbitrary()?;
        let world = World::find(seed, shape);
        let mut options = Options::default();
        options.empty_in_negation = match choices & 3 {
            1 => EmptyInNegation::Match,
            2 => EmptyInNegation::NoMatch,
            _ => EmptyInNegation::Documented,
        };
        options.case_sensitive = choices & 12 == 12;
        if choices & 48 == 48 {
            options.history = History::Present;
        }
        options.limits.sort_keys = 100;
        Ok(Self {
            world,
            environment: environment(now),
            options,
            // Few pages of many rows.
            limit: u64::from(limit % 70).max(world.rows.len() as u64 / 4) + 1,
            guard: if guard % 4 == 1 {
                words::conditions(u, guard / 4 % 3 + 1)
            } else {
                String::new()
            },
            query: words::query(u),
        })
    }

    fn bind(&self, query: &str) -> BoundQuery {
        let binder = match &self.world.tables {
            Tables::One(table) => Binder::for_table(table.schema()),
            Tables::Three(database) => {
                Binder::new(database.catalog(), "t").expect("one of its tables")
            }
        };
        let mut binder = binder.options(self.options.clone());
        if let Some(environment) = self.environment {
            binder = binder.environment(environment);
        }
        let bound = binder.bind(&Query::parse(query));
        text::check_diagnostics(query, bound.diagnostics());
        bound
    }

    fn run(&self, plan: &Plan, page: PageRequest) -> Page<Record<'static>> {
        match &self.world.tables {
            Tables::One(table) => plan.run(table, page),
            Tables::Three(database) => plan.run(database, page),
        }
    }

    fn prepare<'p>(&self, plan: &'p Plan) -> Prepared<'p, 'static> {
        match &self.world.tables {
            Tables::One(table) => plan.prepare(table),
            Tables::Three(database) => plan.prepare(database),
        }
    }

    fn all(&self, plan: &Plan) -> Vec<usize> {
        let page = self.run(plan, PageRequest::ALL);
        let found = numbers(&page);
        assert!(!page.has_more && page.total == Some(found.len() as u64), "{:?}", self.query);
        found
    }

    fn check(&self) {
        let bound = self.bind(&self.query);
        let has_errors = bound.diagnostics().has_errors();
        if bound.diagnostics().refusal().is_some() {
            use OnInvalid::{Forbid, IgnoreInvalidPart, ReturnNoRows};
            for mode in [IgnoreInvalidPart, ReturnNoRows, Forbid] {
                let plan = Plan::new(bound.clone(), mode);
                assert!(matches!(plan, Err(PlanError::Refused(_))), "{:?}", self.query);
            }
            return;
        }
        let plan = Plan::new(bound.clone(), OnInvalid::IgnoreInvalidPart).expect("not refused");
        text::check_diagnostics(&self.query, plan.report().diagnostics());
        let rows = self.all(&plan);
        self.check_modes(bound, has_errors, &plan);
        self.check_pages(&plan, &rows);
        self.check_again(&plan, &rows);
        self.check_alone(&plan, &rows);
        self.check_guard(&plan, &rows);
        self.check_naive(&rows, has_errors);
    }

    fn check_modes(&self, bound: BoundQuery, has_errors: bool, ignoring: &Plan) {
        let strict = Plan::new(bound.clone(), OnInvalid::ReturnNoRows).expect("not refused");
        let forbidding = Plan::new(bound, OnInvalid::Forbid);
        if has_errors {
            let page = self.run(&strict, PageRequest::default());
            assert!(page.records.is_empty() && !page.has_more && page.total == Some(0));
            assert_eq!(strict.report().effective(), None);
            assert!(matches!(forbidding, Err(PlanError::Forbidden(_))), "{:?}", self.query);
        } else {
            assert_eq!(&strict, ignoring, "{:?}", self.query);
            assert_eq!(forbidding.as_ref(), Ok(ignoring), "{:?}", self.query);
        }
    }

    fn check_pages(&self, plan: &Plan, rows: &[usize]) {
        let (limit, mut together) = (self.limit, Vec::new());
        let prepared = self.prepare(plan);
        for turn in 0.. {
            let count = if turn % 2 == 0 { Count::Skip } else { Count::Exact };
            let page = prepared.run(PageRequest { offset: turn * limit, limit, count });
            together.extend(numbers(&page));
            assert_eq!(page.has_more, together.len() < rows.len(), "{:?}", self.query);
            assert!(page.total.is_none_or(|total| total == rows.len() as u64));
            if !page.has_more {
                break;
            }
        }
        assert_eq!(together, rows, "pages of {limit} of {:?}", self.query);
    }

    fn check_again(&self, plan: &Plan, rows: &[usize]) {
        let ran = plan.report().effective().expect("parts are ignored").to_owned();
        let bound = self.bind(&ran);
        let said = bound.diagnostics().clone();
        assert!(!said.has_errors(), "{:?} ran as {ran:?}: {said:?}", self.query);
        let again = Plan::new(bound, OnInvalid::Forbid).expect("no errors");
        assert_eq!(self.all(&again), rows, "{:?} ran as {ran:?}", self.query);
        assert_eq!(again.report().effective(), Some(&*ran), "{:?}", self.query);
    }

    fn check_alone(&self, plan: &Plan, rows: &[usize]) {
        let whole = Plan::new(self.bind(""), OnInvalid::Forbid).expect("no conditions");
        let all = self.run(&whole, PageRequest::ALL).records;
        assert_eq!(all.len(), self.world.rows.len());
        if let (Some(first), Some(last)) = (all.first(), all.last()) {
            plan.matches_change(first, last);
        }
        if !plan.lookups().is_empty() {
            return;
        }
        let by_rows = plan.select(all.iter().copied(), PageRequest::ALL);
        assert_eq!(numbers(&by_rows), rows, "the row engine on {:?}", self.query);
        let mut sorted = rows.to_vec();
        sorted.sort_unstable();
        let alone = all.iter().filter(|row| plan.matches(*row)).map(number);
        assert_eq!(alone.collect::<Vec<_>>(), sorted, "{:?}", self.query);
    }

    fn check_guard(&self, plan: &Plan, rows: &[usize]) {
        if self.guard.is_empty() {
            return;
        }
        let guard = self.bind(&self.guard);
        let has_errors = guard.diagnostics().has_errors();
        let guarded = plan.clone().guarded(guard.clone());
        assert_eq!(guarded.is_err(), has_errors, "{:?}", self.guard);
        let Ok(guarded) = guarded else { return };
        let passing = self.all(&Plan::new(guard, OnInvalid::Forbid).expect("no errors"));
        let mut both = rows.to_vec();
        both.retain(|row| passing.contains(row));
        assert_eq!(self.all(&guarded), both, "{:?} guarded by {:?}", self.query, self.guard);
    }

    fn check_naive(&self, rows: &[usize], has_errors: bool) {
        let mut plain = Options::default();
        plain.limits.clone_from(&self.options.limits);
        let is_small = self.world.rows.len() <= 8;
        if self.options != plain || self.environment.is_some() || !is_small || !covers(self) {
            return;
        }
        let naive = |mode| naive::select(&self.query, &COLUMNS, &self.world.rows, mode);
        let strict = if has_errors { &[] } else { rows };
        assert_eq!(strict, naive(naive::Mode::NoRows), "{:?} of {:?}", self.query, self.world.rows);
        // Without an invalid part the modes are one.
        if has_errors {
            assert_eq!(
                rows,
                naive(naive::Mode::Ignore),
                "{:?} of {:?}",
                self.query,
                self.world.rows
            );
        }
    }
}

fn numbers(page: &Page<Record<'_>>) -> Vec<usize> {
    page.records.iter().map(number).collect()
}

/// Whether the naive evaluator knows all that the query asks.
fn covers(case: &Case) -> bool {
    let query = Query::parse(case.query.as_str());
    let words = ["RLQUERY", "SUBQUERY", "JOIN", "123TEXT"];
    let mut patterns = 0;
    let known = |clause: Clause<'_>| match clause {
        Clause::Condition(condition) => {
            let operator = condition.operator();
            patterns += u32::from(operator == Operator::MatchRegex);
            let in_unit = matches!(operator.meaning(), Meaning::Fields(_))
                && condition.raw_value().contains('@');
            let of_time = matches!(
                operator.meaning(),
                Meaning::Distance(_)
                    | Meaning::Period(_)
                    | Meaning::Relative(_)
                    | Meaning::DatePart
            );
            !in_unit && !of_time
        }
        Clause::Block(_) => false,
        _ => true,
    };
    let is_known =
        query.clauses().all(known) && !words.iter().any(|word| case.query.contains(word));
    // Whether signs that are no blanks, such as a tabulator, are taken off a value of a list, the
    // language does not say.
    let is_odd = |c: char| c.is_whitespace() && c != ' ';
    let has_odd_blanks = case.query.contains(is_odd);
    let has_scripts = case.query.to_ascii_lowercase().contains("javascript:");
    matches!(case.world.tables, Tables::One(_))
        && is_known
        && !has_scripts
        && !has_odd_blanks
        && patterns <= 2
}
