//! What in a query may not be as it seems.

use super::Surprise;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::filter::BoundQuery;
use crate::plan::{OnInvalid, Plan};
use crate::span::Span;
use crate::syntax::Query;

/// What may surprise, most important first: that every row matches or none may, what is ignored, how the
/// parts belong together, what is left out.
pub(super) fn surprises(
    query: &Query<'_>,
    bound: BoundQuery,
    on_invalid: OnInvalid,
) -> Vec<Surprise> {
    let plan = Plan::new(bound, on_invalid);
    let diagnostics = match &plan {
        Ok(plan) => plan.report().diagnostics(),
        Err(error) => error.diagnostics(),
    };
    let of = |wanted: fn(&Diagnostic) -> bool| diagnostics.iter().filter(move |said| wanted(said));
    let everything = of(|said| said.code() == Code::EverythingIgnored).map(|said| Surprise {
        code: Some(said.code()),
        text: "no condition is valid: this query matches ALL rows".to_owned(),
        span: said.span(),
        advice: None,
    });
    let what = match &plan {
        Err(_) => "the query is refused",
        Ok(plan) if plan.filters().is_none() => "no row may match",
        Ok(_) => "this part is ignored",
    };
    let errors = of(|said| said.is_error() && said.code() != Code::EverythingIgnored);
    let errors = errors.map(move |said| surprise(said, format!("{}: {what}", said.message())));
    let of_severity = |severity| diagnostics.iter().filter(move |said| said.severity() == severity);
    let as_said = |said: &Diagnostic| surprise(said, said.message().to_owned());
    let mut found: Vec<Surprise> = everything.chain(errors).collect();
    found.extend(of_severity(Severity::Warning).map(as_said));
    found.extend(tight_or(query));
    found.extend(of_severity(Severity::Hint).map(as_said));
    found
}

fn surprise(said: &Diagnostic, text: String) -> Surprise {
    let advice = said.suggestion().map(|fix| fix.message.clone());
    Surprise { code: Some(said.code()), text, span: said.span(), advice }
}

/// People who know other languages read `a^b^ORc` as (a AND b) OR c.
fn tight_or(query: &Query<'_>) -> Option<Surprise> {
    let is_mixed = query.branches().any(|branch| {
        let widths: Vec<usize> =
            branch.groups().map(|group| group.alternatives().count()).collect();
        // In front of everything else an OR is read as it is meant.
        widths.len() > 1 && widths.iter().any(|width| *width > 1)
    });
    is_mixed.then(|| Surprise {
        code: None,
        text: "OR binds tighter than AND".to_owned(),
        span: Span::new(0, query.text().len()),
        advice: Some("`^NQ` separates whole lists of conditions instead".to_owned()),
    })
}
