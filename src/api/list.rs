//! Lists of records: the query, the page, and what is told beside it.

use std::sync::Arc;

use http::header::{LINK, WARNING};

use super::accounts::Account;
use super::answer::{Answer, X_QUERY_DIAGNOSTICS, X_TOTAL_COUNT};
use super::call::Call;
use super::failure::Failure;
use super::given::in_header;
use super::link::links;
use super::parameters::{NO_COUNT, Paging, Parameters, QUERY, SUPPRESS_LINKS};
use super::requests::{AnsweredQuery, Outcome};
use super::shared::Shared;
use super::store::Records;
use super::world::Told;
use crate::bind::Binder;
use crate::diagnostic::{Diagnostics, Severity};
use crate::engine::{Count, PageRequest};
use crate::plan::{Page, Plan};
use crate::schema::Queryable;
use crate::syntax::Query;
use crate::table::Record;

/// Warnings told one by one; how many more there are is told too.
const MOST_WARNINGS: usize = 20;

impl Shared {
    /// The page of a table that the parameters ask for.
    pub(super) fn page<'d>(
        &self,
        call: &mut Call<'_>,
        records: &'d Records,
        table: &str,
        parameters: &Parameters<'_>,
        by_default: u64,
    ) -> Result<(Page<Record<'d>>, Paging), Failure> {
        let (settings, database) = (&self.settings, records.database());
        let text = parameters.only(QUERY)?.unwrap_or_default();
        let paging =
            Paging::read(parameters, by_default, settings.max_limit, settings.invalid_paging)?;
        let is_field = |name: &str| {
            let binder = Binder::new(database.catalog(), table);
            let schema = database.catalog().schema(table);
            let both = binder.ok().zip(schema);
            both.is_some_and(|(of, schema)| of.visible(schema, name, Queryable::Match).is_some())
        };
        call.warnings.extend(parameters.slips(is_field));
        let plan = self.plan(call, records, table, text)?;
        let count = if parameters.flag(NO_COUNT) { Count::Skip } else { Count::Exact };
        let request = PageRequest { offset: paging.offset, limit: paging.limit, count };
        let page = plan.run(database, request);
        if !text.is_empty() {
            let outcome = Outcome::Run(page.report.clone());
            call.query = Some(AnsweredQuery::new(text.to_owned(), outcome));
        }
        Ok((page, paging))
    }

    fn plan(
        &self,
        call: &mut Call<'_>,
        records: &Records,
        table: &str,
        text: &str,
    ) -> Result<Arc<Plan>, Failure> {
        if let Some(plan) = records.plans().known(table, text) {
            return Ok(plan);
        }
        let (settings, database) = (&self.settings, records.database());
        let told: Told<'_> = self.world.told(call.account.map(Account::user));
        let binder = Binder::new(database.catalog(), table);
        let binder = binder.map_err(|_| Failure::NoTable(table.to_owned()))?;
        let binder = binder.environment(&told).options(settings.options.clone());
        let bound = binder.bind(&Query::parse(text));
        let plan = Plan::new(bound, settings.on_invalid).map_err(|error| {
            let outcome = Outcome::Refused(error.diagnostics().clone());
            call.query = Some(AnsweredQuery::new(text.to_owned(), outcome));
            Failure::Query(error)
        });
        let plan = Arc::new(plan?);
        if !told.was_asked() {
            records.plans().keep(table, text, &plan);
        }
        Ok(plan)
    }

    /// Adds the headers of a page.
    pub(super) fn with_page(
        answer: Answer,
        call: &Call<'_>,
        parameters: &Parameters<'_>,
        paging: Paging,
        (has_more, total): (bool, Option<u64>),
    ) -> Answer {
        let mut answer = answer;
        if let Some(total) = total {
            answer = answer.with(X_TOTAL_COUNT, total);
        }
        if parameters.flag(SUPPRESS_LINKS) {
            return answer;
        }
        let base = || call.origin().url(&[call.path()]);
        match links(base, parameters, paging, has_more, total) {
            Some(header) => answer.with(LINK, header),
            None => answer,
        }
    }
}

/// Adds what was noticed: the codes of diagnostics, and warnings.
pub(super) fn with_notices(mut answer: Answer, call: &Call<'_>) -> Answer {
    if let Some(codes) = call.query.as_ref().and_then(|query| codes(query.diagnostics())) {
        answer = answer.with(X_QUERY_DIAGNOSTICS, codes);
    }
    let more = call.warnings.len().saturating_sub(MOST_WARNINGS);
    let more = (more > 0).then(|| format!("and {more} more"));
    for warning in call.warnings.iter().take(MOST_WARNINGS).chain(&more) {
        let text = in_header(warning).replace('\\', "/").replace('"', "'");
        answer = answer.with(WARNING, format!("299 encq \"{text}\""));
    }
    answer
}

/// How many diagnostics there are, and the codes of those kept: `2; unknown-field, everything-ignored`.
fn codes(diagnostics: &Diagnostics) -> Option<String> {
    let severities = [Severity::Error, Severity::Warning, Severity::Hint];
    let count: usize = severities.map(|severity| diagnostics.count(severity)).iter().sum();
    let mut codes: Vec<&str> = Vec::new();
    for said in diagnostics {
        if !codes.contains(&said.code().as_str()) {
            codes.push(said.code().as_str());
        }
    }
    (count > 0).then(|| format!("{count}; {}", codes.join(", ")))
}
