//! What is refused as a whole, in which mode, and what is said then. Source: §9 of the language.

use encoded_query::{
    Binder, Code, Field, FieldType, OnInvalid, Plan, PlanError, Query, Schema, Table,
};

const MODES: [OnInvalid; 3] =
    [OnInvalid::IgnoreInvalidPart, OnInvalid::ReturnNoRows, OnInvalid::Forbid];

fn schema(table: &str) -> Schema {
    let fields = [Field::new("sys_id", FieldType::SysId), Field::new("name", FieldType::String)];
    Schema::new(table.to_owned(), fields)
}

fn bind(table: &str, query: &str) -> encoded_query::BoundQuery {
    Binder::for_table(&schema(table)).bind(&Query::parse(query))
}

/// A guard with any invalid part would let more pass than it should: no mode takes it.
#[test]
fn a_guard_must_be_valid() {
    for mode in MODES {
        for guard in [
            "nosuch=1",
            "name=a^ORnosuch=1",
            "name=a^NQname",
            "ORDERBYnosuch",
            "name=a^RLQUERYx.y,>=1",
        ] {
            let plan = Plan::new(bind("person", "name=a"), mode).unwrap();
            let error = plan.guarded(bind("person", guard)).unwrap_err();
            assert!(matches!(error, PlanError::InvalidGuard(_)), "{guard}: {error:?}");
            assert!(error.diagnostics().has_errors());
            let first = error.diagnostics().iter().find(|said| said.is_error()).unwrap();
            let expected = format!("the guard has invalid parts: {}", first.message());
            assert_eq!(error.to_string(), expected);
        }
        // Warnings and hints leave it valid.
        for guard in ["", "nameLIKE", "name!=a", "name=a^GROUPBYname"] {
            let plan = Plan::new(bind("person", "name=a"), mode).unwrap();
            assert!(plan.guarded(bind("person", guard)).is_ok(), "{guard}");
        }
    }
}

/// A guard of another table asks for fields that are not meant, even if they are named alike.
#[test]
fn a_guard_is_of_the_same_table() {
    for mode in MODES {
        let plan = Plan::new(bind("person", "name=a"), mode).unwrap();
        let error = plan.guarded(bind("animal", "nameLIKE")).unwrap_err();
        let PlanError::GuardOfAnotherTable { table, of, .. } = &error else { panic!("{error:?}") };
        assert_eq!((table.as_str(), of.as_str()), ("person", "animal"));
        assert!(error.diagnostics().contains(Code::EmptyOperand));
        assert!(error.to_string().contains("person") && error.to_string().contains("animal"));
    }
}

/// An invalid part refuses a query in one mode, a limit in all.
#[test]
fn queries_are_refused() {
    for mode in MODES {
        let invalid = Plan::new(bind("person", "name=a^nosuch=1"), mode);
        if mode == OnInvalid::Forbid {
            let error = invalid.unwrap_err();
            assert!(matches!(error, PlanError::Forbidden(_)), "{error:?}");
            assert!(error.diagnostics().contains(Code::UnknownField));
            let why = "the query has invalid parts: the table `person` has no field `nosuch`";
            assert_eq!(error.to_string(), why);
        } else {
            assert!(invalid.unwrap().report().diagnostics().contains(Code::UnknownField));
        }
        let error = Plan::new(bind("person", &"ORDERBYname^".repeat(9)), mode).unwrap_err();
        assert!(matches!(error, PlanError::Refused(_)), "{error:?}");
        assert!(error.diagnostics().contains(Code::TooManySortKeys));
        assert_eq!(
            error.to_string(),
            "the query is refused: the query has 9 sort keys; the limit is 8"
        );
    }
}

/// The short call has no error to give: a query over a limit matches nothing, and the page says why.
#[test]
fn the_short_call_reports() {
    let mut table = Table::new(schema("person"));
    table.push([("sys_id", "1".into()), ("name", "a".into())]).unwrap();
    let page = table.query(&"ORDERBYname^".repeat(9));
    assert_eq!((page.records.len(), page.has_more, page.total), (0, false, Some(0)));
    assert!(page.report.diagnostics().contains(Code::TooManySortKeys));
    assert_eq!(page.report.effective(), None);
    let page = table.query("nosuch=1");
    assert_eq!((page.records.len(), page.report.effective()), (1, Some("")));
}

/// `Plan::lookups`: what the filters ask of other tables, those of guards behind those of the query.
#[test]
fn a_plan_shows_its_lookups() {
    let catalog = ["person", "animal"].map(schema).into_iter().collect();
    let binder = Binder::new(&catalog, "person").unwrap();
    let bind = |text: &str| binder.bind(&Query::parse(text).into_owned());
    let tables = |plan: &Plan| -> Vec<String> {
        plan.lookups().iter().map(|lookup| lookup.table.to_string()).collect()
    };
    let block = |table: &str| format!("SUBQUERYname,name,{table}^name=a^ENDSUBQUERY");
    let plan = Plan::new(bind("name=a"), OnInvalid::Forbid).unwrap();
    assert_eq!(tables(&plan), [""; 0]);
    let plan = plan.guarded(bind(&block("animal"))).unwrap();
    let plan = plan.guarded(bind(&block("person"))).unwrap();
    assert_eq!(tables(&plan), ["animal", "person"]);
}

/// §12: what ran is told in canonical text, blocks in blocks with their carets doubled once more.
#[test]
fn what_ran_is_told() {
    let catalog = ["person", "animal"].map(schema).into_iter().collect();
    let binder = Binder::new(&catalog, "person").unwrap();
    for (query, ran) in [
        ("name=a^EQ^ORDERBYname^name%b", "name=a^nameENDSWITHb^ORDERBYname"),
        ("nosuch=1^ORname=a^NQname=b^nosuch=2", "name=a^NQname=b"),
        (
            "SUBQUERYname,name,animal^name=a^ORnosuch=1^SUBQUERYname,name,person^^name=b^^nosuch=1^^ORname=c^^d^^ENDSUBQUERY^ENDSUBQUERY^name=e",
            "SUBQUERYname,name,animal^name=a^SUBQUERYname,name,person^^name=b^^name=c^^ENDSUBQUERY^ENDSUBQUERY^name=e",
        ),
        (
            "SUBQUERYname,name,animal^JOINanimal.name=person.name!name=a^^ORname=b^^NQnosuch=1^name=c^ENDSUBQUERY",
            "SUBQUERYname,name,animal^JOINanimal.name=person.name!name=a^^ORname=b^name=c^ENDSUBQUERY",
        ),
        ("RLQUERYanimal.name,>=1^name=a^ENDRLQUERY", ""),
        ("SUBQUERYname,name,animal^nosuch=1^ENDSUBQUERY^name=a", "name=a"),
    ] {
        let plan = Plan::new(binder.bind(&Query::parse(query)), OnInvalid::IgnoreInvalidPart);
        assert_eq!(plan.unwrap().report().effective(), Some(ran), "{query}");
    }
}
