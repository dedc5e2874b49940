//! Laws of the operator table and of lexing by it.

use encoded_query::bind::{HiddenFields, History};
use encoded_query::diagnostic::{Example, Setting};
use encoded_query::schema::Readable;
use encoded_query::{
    Binder, Clause, Code, FieldType, FixedEnvironment, OnInvalid, Operator, Options, Plan, Query,
    Queryable, Schema, Severity, User, operator::OperandShape,
};
use proptest::prelude::*;

fn spellings() -> impl Iterator<Item = (&'static str, Operator)> {
    let of = |operator: Operator| {
        std::iter::once(operator.token()).chain(operator.aliases().iter().copied())
    };
    Operator::ALL.iter().flat_map(move |operator| of(*operator).map(|token| (token, *operator)))
}

/// Source: the operator table of the language, counted by hand: 44 main tokens and 11 aliases... of
/// which each belongs to one operator.
#[test]
fn spellings_are_unique_and_found() {
    let all: Vec<_> = spellings().collect();
    assert_eq!((Operator::ALL.len(), all.len()), (47, 55));
    for (token, operator) in &all {
        assert_eq!(Operator::from_token(token), Some(*operator));
        assert_eq!(all.iter().filter(|(other, _)| other == token).count(), 1, "{token}");
    }
    assert_eq!(Operator::from_token("like"), None);
    assert_eq!(Operator::from_token("LIKEx"), None);
}

#[test]
fn rows_are_complete() {
    for operator in Operator::ALL {
        assert!(!operator.label().is_empty(), "{operator}");
        assert!(operator.description().ends_with('.'), "{operator}");
        assert!(FieldType::ALL.iter().any(|kind| operator.types().accepts(*kind)), "{operator}");
    }
}

/// Every example reads as one condition of its own operator on a documented field of a type the
/// operator is for.
#[test]
fn examples_read_as_their_operator() {
    let schema = Schema::customer_contact();
    for operator in Operator::ALL {
        let query = Query::parse(operator.example());
        let conditions: Vec<_> = query.conditions().collect();
        assert_eq!(conditions.len(), 1, "{operator}");
        assert_eq!(conditions[0].operator(), *operator);
        let field = schema.field(conditions[0].field()).unwrap_or_else(|| panic!("{operator}"));
        assert!(operator.types().accepts(field.kind), "{operator}");
    }
}

#[test]
fn codes_are_unique_and_described() {
    for code in Code::ALL {
        let same = Code::ALL.iter().filter(|other| other.as_str() == code.as_str());
        assert_eq!(same.count(), 1, "{code}");
        for text in [code.description(), code.cause(), code.fix()] {
            assert!(text.ends_with('.'), "{code}: {text}");
        }
        assert!(!code.refuses() || code.severity() == Severity::Error, "{code}");
    }
}

/// The example of each code draws it and nothing else, as far as that can be.
#[test]
fn examples_draw_their_code() {
    let environment = FixedEnvironment::default()
        .with_now("2026-01-15 12:00:00".parse().unwrap())
        .with_user(User::new("5137153cc611227c000bbd1bd8cd2005"));
    for code in Code::ALL {
        let Example { setting, .. } = code.example();
        let mut schema = Schema::customer_contact();
        let mut options = Options::default();
        options.history = History::Present;
        match setting {
            Setting::Running => options.history = History::Absent,
            Setting::ByTrustedCaller => {
                options.hidden_fields = HiddenFields::Named;
                schema.restrict("phone", Queryable::No, Readable::Yes);
            }
            _ => {}
        }
        let binder = Binder::for_table(&schema).options(options);
        let is_told = setting != Setting::WithoutEnvironment;
        let binder = if is_told { binder.environment(&environment) } else { binder };
        let bound = binder.bind(&Query::parse(code.example().query()));
        let plan = Plan::new(bound.clone(), OnInvalid::IgnoreInvalidPart);
        let said = match &plan {
            Ok(plan) if setting == Setting::Running => plan.report().diagnostics(),
            _ => bound.diagnostics(),
        };
        let expected: &[Code] = match code {
            Code::EverythingIgnored => &[Code::UnknownField, Code::EverythingIgnored],
            Code::LowerCaseNull => &[Code::LowerCaseNull, Code::NotASysId],
            code => &[*code],
        };
        let codes: Vec<Code> = said.iter().map(|said| said.code()).collect();
        assert_eq!(codes, expected, "{}", &*code.example().query());
        let ours = said.iter().find(|said| said.code() == *code).unwrap();
        assert_eq!(ours.severity(), code.severity(), "{code}");
    }
}

fn check_reads(field: &str, token: &str, operator: Operator, value: &str) {
    let text = format!("{field}{token}{}", value.replace('^', "^^"));
    let query = Query::parse(text.as_str());
    let clauses: Vec<_> = query.clauses().collect();
    let [Clause::Condition(read)] = clauses.as_slice() else { panic!("{text}: {clauses:?}") };
    assert_eq!((read.field(), read.token(), read.operator()), (field, token, operator), "{text}");
    assert_eq!(read.value(), value, "{text}");
}

/// Whether operator and value together begin with a longer operator.
fn merges(token: &str, value: &str) -> bool {
    let text = format!("{token}{value}");
    spellings().any(|(longer, _)| longer.len() > token.len() && text.starts_with(longer))
}

proptest! {
    /// §1, finding the operator: `fOv` reads as exactly (f, O, v), unless O and the start of v spell a
    /// longer operator.
    #[test]
    fn operators_are_found(
        field in "[a-z_][a-z0-9_.]{0,12}",
        (token, operator) in prop::sample::select(spellings().collect::<Vec<_>>()),
        value in prop_oneof!["[ -~]{0,12}", "\\PC{0,6}", "(STRING|=|_FIELD|_HIERARCHY|_DYNAMIC|NG)?[a-z]{0,3}"],
    ) {
        if !merges(token, &value) {
            check_reads(&field, token, operator, &value);
        }
    }
}

#[test]
fn longer_operators_win() {
    for (text, field, operator) in [
        ("a<=5", "a", Operator::LessOrEqual),
        ("aISEMPTYSTRING", "a", Operator::EmptyString),
        ("sys_class_nameINSTANCEOFx", "sys_class_name", Operator::InstanceOf),
        ("domain_onSTARTSWITHON", "domain_on", Operator::StartsWith),
        ("aNOT INx", "a", Operator::NotIn),
        ("aIN_HIERARCHY_DYNAMICx@y", "a", Operator::InHierarchyDynamic),
        ("aMATCH_RGX_FIELDb", "a", Operator::MatchRegexField),
    ] {
        let query = Query::parse(text);
        let read = query.conditions().next().unwrap();
        assert_eq!((read.field(), read.operator()), (field, operator), "{text}");
    }
}

#[test]
fn operators_without_operand_say_so() {
    let none = Operator::ALL.iter().filter(|operator| operator.shape() == OperandShape::None);
    let none: Vec<_> = none.map(|operator| operator.token()).collect();
    assert_eq!(none, ["ISEMPTY", "ISNOTEMPTY", "EMPTYSTRING", "ANYTHING", "VALCHANGES"]);
}
