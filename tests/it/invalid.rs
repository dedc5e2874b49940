//! Each diagnostic: its text, its span, its fix, and what becomes of the query in the lenient and the
//! strict mode.

use encoded_query::{
    Binder, Code, FixedEnvironment, OnInvalid, Options, PageRequest, Plan, PlanError, Query,
    Schema, Table, User,
};

const EVERY_ROW: &str = "";

fn run(contacts: &Table, query: &str, mode: OnInvalid) -> Vec<String> {
    let bound = Binder::for_table(contacts.schema()).bind(&Query::parse(query));
    let page = Plan::new(bound, mode).unwrap().run(contacts, PageRequest::ALL);
    page.records.iter().map(|record| record.text("sys_id").unwrap().into_owned()).collect()
}

/// `query` has an invalid part: `code` about `span`, whose message holds `message`; lenient it means
/// `same_as`, strict it gives no rows. `fixed` is the query after the suggestion, if there is one.
#[track_caller]
fn check(query: &str, code: &str, span: &str, message: &str, same_as: &str, fixed: Option<&str>) {
    let contacts = Table::demo_contacts();
    let bound = Binder::for_table(contacts.schema()).bind(&Query::parse(query));
    let found = bound.diagnostics().iter().find(|said| said.code().as_str() == code);
    let found = found.unwrap_or_else(|| panic!("{query}: {:?}", bound.diagnostics()));
    assert_eq!(found.span().of(query), span, "{query}");
    assert!(found.message().contains(message), "{query}: {}", found.message());
    let mended = found.suggestion().map(|fix| {
        let mut text = query.to_owned();
        text.replace_range(fix.span.range(), &fix.replacement);
        text
    });
    assert_eq!(mended.as_deref(), fixed, "{query}");
    assert_eq!(
        run(&contacts, query, OnInvalid::IgnoreInvalidPart),
        run(&contacts, same_as, OnInvalid::IgnoreInvalidPart),
        "{query}"
    );
    let strict = run(&contacts, query, OnInvalid::ReturnNoRows);
    let bound = Binder::for_table(contacts.schema()).bind(&Query::parse(query));
    assert_eq!(Plan::new(bound, OnInvalid::Forbid).is_err(), found.is_error(), "{query}");
    if found.is_error() {
        assert!(strict.is_empty(), "{query}");
    } else {
        assert_eq!(strict, run(&contacts, same_as, OnInvalid::IgnoreInvalidPart), "{query}");
    }
}

/// Source: §1, §3 and the near misses named there.
#[test]
fn fields_and_structure() {
    check("u_missing=abc", "unknown-field", "u_missing", "no field `u_missing`", EVERY_ROW, None);
    check(
        "active=true^fist_name=George",
        "unknown-field",
        "fist_name",
        "customer_contact",
        "active=true",
        Some("active=true^first_name=George"),
    );
    check(
        "FIRST_NAME=George^active=true",
        "unknown-field",
        "FIRST_NAME",
        "FIRST_NAME",
        "active=true",
        Some("first_name=George^active=true"),
    );
    check(
        "zipp=92069^ORstate=CA^active=true",
        "unknown-field",
        "zipp",
        "zipp",
        "state=CA^active=true",
        Some("zip=92069^ORstate=CA^active=true"),
    );
    check("vip=true^NQnosuch=1", "unknown-field", "nosuch", "nosuch", "vip=true", None);
    check(
        "active=true^orvip=true",
        "unknown-field",
        "orvip",
        "orvip",
        "active=true",
        Some("active=true^ORvip=true"),
    );
    check("name!LIKEwar", "unknown-field", "name!", "name!", EVERY_ROW, Some("nameNOT LIKEwar"));
    check("active =true", "unknown-field", "active ", "active ", EVERY_ROW, Some("active=true"));
    check(
        "account.name=x",
        "unknown-field",
        "account.name",
        "`customer_account`, which is not loaded",
        EVERY_ROW,
        None,
    );
    check("name.x=1", "unknown-field", "name.x", "no reference", EVERY_ROW, None);
    check("a..b=1", "unknown-field", "a..b", "step without a name", EVERY_ROW, None);
    check(
        "123TEXTQUERY321LIKEx",
        "operator-not-for-type",
        "LIKE",
        "asked with `=` only",
        EVERY_ROW,
        None,
    );
    check("account.=1", "unknown-field", "account.", "step without a name", EVERY_ROW, None);
    check("nmae.x=1", "unknown-field", "nmae.x", "did you mean `name`?", EVERY_ROW, None);
    check("active", "missing-operator", "active", "`active` has no operator", EVERY_ROW, None);
    check(
        "namestartswithGeo",
        "missing-operator",
        "namestartswithGeo",
        "no operator",
        EVERY_ROW,
        Some("nameSTARTSWITHGeo"),
    );
    check(
        "cityISNULL",
        "missing-operator",
        "cityISNULL",
        "no operator",
        EVERY_ROW,
        Some("cityISEMPTY"),
    );
    check(
        "city not like x",
        "missing-operator",
        "city not like x",
        "no operator",
        EVERY_ROW,
        Some("cityNOT LIKEx"),
    );
    check("=5^vip=true", "missing-field", "=5", "operator `=`", "vip=true", None);
    check(
        "vip=false^ORDERBYDESC",
        "missing-field",
        "ORDERBYDESC",
        "no field to sort by",
        "vip=false",
        None,
    );
    check(
        "ORDERBYcity,name",
        "unreadable",
        "ORDERBYcity,name",
        "one field",
        EVERY_ROW,
        Some("ORDERBYcity^ORDERBYname"),
    );
    check("ORDERBYnme", "unknown-field", "nme", "nme", EVERY_ROW, Some("ORDERBYname"));
    check(
        "vip=true^RLQUERYt.f^a=1",
        "unreadable",
        "RLQUERYt.f^a=1",
        "RLQUERYtable.field,>=1",
        "vip=true",
        None,
    );
    check(
        "vip=true^SUBQUERYa,b,t^x=1",
        "unclosed-block",
        "SUBQUERYa,b,t^x=1",
        "ENDSUBQUERY",
        "vip=true",
        None,
    );
    check(
        "vip=true^RLQUERYt.f,>=1^ENDRLQUERY",
        "unsupported-block",
        "RLQUERYt.f,>=1^ENDRLQUERY",
        "`t`, which is not loaded",
        "vip=true",
        None,
    );
}

/// Source: §2, §4, §5, §7.
#[test]
fn operators_and_operands() {
    check(
        "vip>true",
        "operator-not-for-type",
        ">",
        "`vip`, a field of type boolean",
        EVERY_ROW,
        None,
    );
    check("nameONToday", "operator-not-for-type", "ON", "type string", EVERY_ROW, None);
    check("sys_created_onONToday", "unresolved-environment", "Today", "the time", EVERY_ROW, None);
    check("sys_created_onONSoon", "bad-date", "Soon", "no period that is known", EVERY_ROW, None);
    check("sys_created_onONx@2026-01-01", "bad-date", "x@2026-01-01", "start@end", EVERY_ROW, None);
    check(
        "sys_created_onRELATIVEGT@hour@1",
        "bad-value",
        "@hour@1",
        "@unit@ago@n",
        EVERY_ROW,
        None,
    );
    check("sys_created_onRELATIVEGT@eon@ago@1", "bad-value", "eon", "units are", EVERY_ROW, None);
    check("sys_created_onRELATIVEGT@day@soon@1", "bad-value", "soon", "`ago`", EVERY_ROW, None);
    check("sys_created_onRELATIVEGT@day@ago@-1", "bad-value", "-1", "no number", EVERY_ROW, None);
    check(
        "sys_created_onMORETHANsys_updated_on",
        "bad-value",
        "sys_updated_on",
        "@before@n",
        EVERY_ROW,
        None,
    );
    check("sys_created_onDATEPARTMonday", "bad-value", "Monday", "gs.datePart", EVERY_ROW, None);
    let part =
        |arguments: &str| format!("sys_created_onDATEPARTx@javascript:gs.datePart({arguments})");
    let bad = "bad-script-argument";
    check(&part("'dayofweek','funday','EE'"), bad, "funday", "1 to 7 or a name", EVERY_ROW, None);
    check(&part("'fortnight','1','EE'"), bad, "fortnight", "`quarter`", EVERY_ROW, None);
    check(&part("'hour','24','EE'"), bad, "24", "0 to 23", EVERY_ROW, None);
    check(&part("'hour','+5','EE'"), bad, "+5", "0 to 23", EVERY_ROW, None);
    check(&part("'hour','2','=='"), bad, "==", "`GE`", EVERY_ROW, None);
    check("managerDYNAMICme", "unresolved-dynamic", "me", "`me` is not known", EVERY_ROW, None);
    let me = "90d1921e5f510100a9ad2572f2b477fe";
    check(
        &format!("managerDYNAMIC{me}"),
        "unresolved-environment",
        me,
        "the user",
        EVERY_ROW,
        None,
    );
    check("managerIN_HIERARCHYx", "bad-value", "x", "hierarchy@start", EVERY_ROW, None);
    check("managerIN_HIERARCHYm@1", "unsupported-operator", "m", "not loaded", EVERY_ROW, None);
    check(
        "sys_class_nameINSTANCEOF",
        "bad-value",
        "sys_class_nameINSTANCEOF",
        "no class",
        EVERY_ROW,
        None,
    );
    check(
        "nameDOESNOTHAVEx",
        "unsupported-operator",
        "DOESNOTHAVE",
        "undocumented",
        EVERY_ROW,
        None,
    );
    check("activeCHANGESTOmaybe", "bad-value", "maybe", "`true` or `false`", EVERY_ROW, None);
    check("sys_created_onSAMEASsys_updated_on@x", "bad-value", "x", "is no unit", EVERY_ROW, None);
    check("nameSAMEAScity@day", "bad-value", "day", "only dates", EVERY_ROW, None);
    check(
        "sys_mod_count>abc",
        "bad-value",
        "abc",
        "type integer for `sys_mod_count`",
        EVERY_ROW,
        None,
    );
    check(
        "longitude<-inf^ORDERBYlongitude",
        "bad-value",
        "-inf",
        "decimal",
        "ORDERBYlongitude",
        None,
    );
    check("vip=maybe", "bad-value", "maybe", "`true` or `false`", EVERY_ROW, None);
    check("sys_mod_countIN1,x,2", "bad-value", "x", "`x`", EVERY_ROW, None);
    check("sys_mod_countBETWEEN1", "bad-value", "1", "from@to", EVERY_ROW, None);
    check(
        "sys_created_on>2018-02-30 00:00:00",
        "bad-date",
        "2018-02-30 00:00:00",
        "YYYY-MM-DD",
        EVERY_ROW,
        None,
    );
    check(
        "name=javascript:while(true){}",
        "unsupported-script",
        "javascript:while(true){}",
        "no single call",
        EVERY_ROW,
        None,
    );
    check("nameMATCH_RGX[z-a]^vip=true", "bad-regex", "[z-a]", "[z-a]", "vip=true", None);
    check(
        "nameMATCH_RGX^^(?!Default).*",
        "unsupported-regex",
        "(?!Default)",
        "look-around",
        EVERY_ROW,
        None,
    );
    check(r"nameMATCH_RGX(a)\1", "unsupported-regex", r"\1", "back-reference", EVERY_ROW, None);
}

/// Source: §5; nothing is ever executed, whatever the script looks like.
#[test]
fn scripts() {
    let check = |script: &str, code: &str, span: &str, message: &str| {
        let query = format!("sys_created_on>={script}^vip=true");
        check(&query, code, span, message, "vip=true", None);
    };
    let far = "javascript:gs.daysAgoStart(99999999999999999999)";
    check(far, "bad-script-argument", "99999999999999999999", "a whole number");
    check("javascript:gs.daysAgo()", "bad-script-argument", "", "takes 1 argument, not 0");
    check("javascript:gs.daysAgo( 1 , x )", "bad-script-argument", " 1 , x ", "not 2");
    check("javascript:gs.daysAgo(1.5)", "bad-script-argument", "1.5", "a whole number");
    check("javascript:gs.daysAgo('x')", "bad-script-argument", "'x'", "a whole number");
    check("javascript:gs.now(1)", "bad-script-argument", "1", "takes 0 arguments, not 1");
    let generate = |arguments: &str| format!("javascript:gs.dateGenerate({arguments})");
    let date = "'2018-02-30'";
    check(&generate("'2018-02-30','start'"), "bad-script-argument", date, "YYYY-MM-DD");
    check(&generate("'2018-02-28','noon'"), "bad-script-argument", "'noon'", "HH:MM:SS");
    check(&generate("'2018-02-28',start"), "bad-script-argument", "start", "HH:MM:SS");
    for (script, message) in [
        ("javascript:gs.getProperty('x')", "`gs.getProperty` is one of the platform's"),
        (
            "javascript:gs.beginningOfLast5Days()",
            "`gs.beginningOfLast5Days` is one of the platform's",
        ),
        ("javascript:gs.myOwn()", "`gs.myOwn` is none of the platform's"),
        ("javascript:gs.my_own()", "`gs.my_own` is none of the platform's"),
        ("javascript:myUtil()", "`myUtil` is an application's own"),
        ("javascript:$my.own()", "`$my.own` is an application's own"),
        ("javascript:gs.datePart('hour','1','EE')", "stands behind DATEPART"),
        ("javascript:new MyUtil().ids()", "no single call"),
        ("javascript:gs.now()+1", "no single call"),
        ("javascript:gs.now();gs.now()", "no single call"),
        ("javascript:gs.daysAgo(1)(2)", "no single call"),
        ("javascript:gs.daysAgo('1", "no single call"),
        ("javascript:", "no single call"),
    ] {
        check(script, "unsupported-script", script, message);
    }
    // What these ask for is not guessed.
    for script in [
        "javascript:gs.daysAgo('7')",
        "JavaScript: gs.daysAgo( -7 ) ; ",
        "javascript:gs.now()",
        "javascript:gs.getUser().getID()",
        "javascript:getMyGroups()",
    ] {
        check(script, "unresolved-environment", script, "not known here");
    }
}

/// With the time and the user known, the same scripts have values of a kind.
#[test]
fn scripts_in_an_environment() {
    let contacts = Table::demo_contacts();
    let environment = FixedEnvironment::default()
        .with_now("2026-01-15 12:00:00".parse().unwrap())
        .with_user(User::new("5137153cc611227c000bbd1bd8cd2005"));
    let binder = Binder::for_table(contacts.schema()).environment(&environment);
    let codes = |query: &str| {
        let bound = binder.bind(&Query::parse(query));
        let errors = bound.diagnostics().iter().filter(|said| said.is_error());
        errors.map(|said| said.code().as_str()).collect::<Vec<_>>()
    };
    for query in [
        "sys_created_on>=javascript:gs.daysAgo('7')",
        "sys_created_on>=JavaScript: gs.daysAgo( -7 ) ; ",
        "sys_created_on<=javascript:gs.now()",
        "sys_created_onBETWEENjavascript:gs.dateGenerate('2026-01-01','start')@javascript:gs.now()",
        "manager=javascript:gs.getUser().getID()",
        "managerINjavascript:gs.getUserID(),86837a386f0331003b3c498f5d3ee4ca",
        "accountINjavascript:getMyGroups()",
        "nameLIKEjavascript:gs.now()",
    ] {
        assert!(codes(query).is_empty(), "{query}: {:?}", codes(query));
    }
    // A date is no number, several values are not one, and a user of no name has none.
    assert_eq!(codes("sys_mod_count>javascript:gs.now()"), ["bad-value"]);
    assert_eq!(codes("nameLIKEjavascript:getMyGroups()"), ["bad-value"]);
    assert_eq!(codes("name>javascript:getMyGroups()"), ["bad-value"]);
    assert_eq!(codes("name=javascript:gs.getUserName()"), ["unresolved-environment"]);
}

/// Warnings and hints change nothing.
#[test]
fn warnings_and_hints() {
    check(
        "titleISEMPTY.",
        "ignored-value",
        ".",
        "takes no value",
        "titleISEMPTY",
        Some("titleISEMPTY"),
    );
    check(
        "activeVALCHANGES",
        "needs-history",
        "activeVALCHANGES",
        "no stored row",
        "name=no such",
        None,
    );
    check(
        "sys_class_nameINSTANCEOFcsm_x",
        "unknown-class",
        "csm_x",
        "exactly this",
        "sys_class_name=csm_x",
        None,
    );
    check(
        "123TEXTINDEXGROUP321=x",
        "no-effect",
        "123TEXTINDEXGROUP321=x",
        "ranking",
        EVERY_ROW,
        None,
    );
    check("123TEXTQUERY321= ", "empty-operand", "123TEXTQUERY321= ", "every row", EVERY_ROW, None);
    check("nameLIKE", "empty-operand", "nameLIKE", "every row", EVERY_ROW, None);
    check("nameNOT LIKE", "empty-operand", "nameNOT LIKE", "no row", "name=no such", None);
    check("nameIN", "empty-list", "nameIN", "no row", "name=no such", None);
    check(
        "sys_mod_countBETWEEN9@1",
        "reversed-bounds",
        "9@1",
        "wrong way round",
        "name=no such",
        Some("sys_mod_countBETWEEN1@9"),
    );
    check(
        "city=x^^ORvip=true",
        "doubled-caret",
        "^^",
        "one literal caret",
        "city=no such",
        Some("city=x^ORvip=true"),
    );
    check(
        "^ORvip=true",
        "leading-or",
        "OR",
        "no condition before it",
        "vip=true",
        Some("^vip=true"),
    );
    check(
        "GROUPBYcity^vip=true",
        "grouping-ignored",
        "GROUPBYcity",
        "GROUPBY",
        "vip=true",
        Some("^vip=true"),
    );
    check(
        "city!=Orlando",
        "excludes-empty",
        "city!=Orlando",
        "`city` is empty",
        "cityISNOTEMPTY^city!=Orlando",
        Some("city!=Orlando^ORcityISEMPTY"),
    );
    check(
        "accountLIKE8683",
        "no-display-value",
        "account",
        "`customer_account`",
        "accountSTARTSWITH8683",
        None,
    );
    check(
        "account=null",
        "lower-case-null",
        "null",
        "upper-case",
        "name=no such",
        Some("account=NULL"),
    );
    check("account=Acme", "not-a-sys-id", "Acme", "no sys_id", "name=no such", None);
    check(
        "name==George",
        "suspicious-value",
        "==",
        "begins with `=`",
        "name=no such",
        Some("name=George"),
    );
    check(
        "name<>George",
        "suspicious-value",
        "<>",
        "begins with `>`",
        "name<>George",
        Some("name!=George"),
    );
    check(
        "city=xORvip=true",
        "suspicious-value",
        "OR",
        "without a caret",
        "city=no such",
        Some("city=x^ORvip=true"),
    );
    check(
        "city=x AND vip=true",
        "suspicious-value",
        " AND ",
        "without a caret",
        "city=no such",
        Some("city=x^vip=true"),
    );
}

#[test]
fn everything_ignored_is_said_by_the_plan() {
    let contacts = Table::demo_contacts();
    let page = contacts.query("u_missing=abc");
    let said: Vec<_> = page.report.diagnostics().iter().map(|said| said.code()).collect();
    assert_eq!(said, [Code::UnknownField, Code::EverythingIgnored]);
    assert_eq!((page.total, page.report.effective()), (Some(200), Some("")));
}

/// Control and bidirectional characters of a query never reach a terminal raw.
#[test]
fn messages_are_safe_to_print() {
    let contacts = Table::demo_contacts();
    let page = contacts.query("bad\u{1b}[2J\u{202e}field=1");
    let message = page.report.diagnostics().iter().next().unwrap().message().to_owned();
    assert!(message.contains(r"bad\u{1b}[2J\u{202e}field"), "{message}");
}

/// The number is exact, and errors are kept before hints.
#[test]
fn diagnostics_are_limited_and_counted() {
    let schema = Schema::customer_contact();
    let query = format!("{}nosuch=1", "city!=x^".repeat(80));
    let bound = Binder::for_table(&schema).bind(&Query::parse(query));
    let diagnostics = bound.diagnostics();
    assert_eq!((diagnostics.iter().count(), diagnostics.omitted()), (50, 31));
    assert!(diagnostics.contains(Code::UnknownField));
}

/// The hint is not given where the query asks for the empty ones itself.
#[test]
fn asking_for_empty_ones_needs_no_hint() {
    let schema = Schema::customer_contact();
    let bound = Binder::for_table(&schema).bind(&Query::parse("city!=Orlando^ORcityISEMPTY"));
    assert_eq!(bound.diagnostics().iter().count(), 0);
}

/// However many errors stand before it, what decides about the whole query is kept.
#[test]
fn refusals_outlive_other_errors() {
    let contacts = Table::demo_contacts();
    let unknown = "zz=1^".repeat(50);
    for limit in [0, 1, 50] {
        let mut options = Options::default();
        options.limits.diagnostics = limit;
        let binder = Binder::for_table(contacts.schema()).options(options);
        for refused in
            [format!("cityLIKE{}", "x".repeat(5000)), "nameMATCH_RGX(?:a{999}){999}".into()]
        {
            let bound = binder.bind(&Query::parse(format!("{unknown}{refused}")));
            for mode in [OnInvalid::IgnoreInvalidPart, OnInvalid::ReturnNoRows, OnInvalid::Forbid] {
                let refusal = Plan::new(bound.clone(), mode);
                assert!(matches!(refusal, Err(PlanError::Refused(_))), "{limit} {mode:?}");
            }
        }
        let bound = binder.bind(&Query::parse(&*unknown));
        let plan = Plan::new(bound, OnInvalid::IgnoreInvalidPart).unwrap();
        assert!(plan.report().diagnostics().contains(Code::EverythingIgnored), "{limit}");
    }
}

/// The diagnostics of a query as `code span fix`, hints included.
#[track_caller]
fn said(query: &str) -> Vec<String> {
    let schema = Schema::customer_contact();
    let bound = Binder::for_table(&schema).bind(&Query::parse(query));
    let line = |said: &encoded_query::Diagnostic| {
        let fix = said.suggestion().map(|fix| format!(" -> {}", fix.replacement));
        format!("{} {}{}", said.code(), said.span().of(query), fix.unwrap_or_default())
    };
    bound.diagnostics().iter().map(line).collect()
}

/// Source: §1.2: where the pair ends the text, or what follows it reads on; wherever it stands.
#[test]
fn doubled_carets_anywhere() {
    assert_eq!(said("name=x^^^city=y"), [""; 0]);
    assert_eq!(said("name=x^^y"), [""; 0]);
    for query in ["ORDERBYname^^active=true", "active=true^EQ^^", "nosuch^^active=true", "city^^"] {
        assert!(said(query).iter().any(|said| said.starts_with("doubled-caret ^^")), "{query}");
    }
    // The fix of one slip does not take away what stands behind the other.
    assert_eq!(
        said("cityISEMPTY^^active=true"),
        ["doubled-caret ^^ -> ^", "ignored-value ^^active=true"]
    );
}

/// Fixes in a block keep to its separators.
#[test]
fn fixes_in_blocks() {
    let fix = |query: &str, code: &str| {
        let found = said(query).into_iter().find(|said| said.starts_with(code));
        found.and_then(|said| said.split_once(" -> ").map(|(_, fix)| fix.to_owned()))
    };
    let unclosed = fix("JOINa.f=b.g!RLQUERYt.f,>=1^^x=1", "unclosed-block");
    assert_eq!(unclosed.as_deref(), Some("^^ENDRLQUERY"));
    assert_eq!(fix("JOINa.f=b.g!x=1ORy=2", "suspicious-value").as_deref(), Some("^^OR"));
    assert_eq!(fix("RLQUERYt.f,>=1^x=1ORy=2", "suspicious-value").as_deref(), Some("^OR"));
}

/// Nothing in a block counts as a branch or sort key of the query.
#[test]
fn limits_do_not_count_into_blocks() {
    let blocks = vec!["RLQUERYt.f,>=1^x=1^ENDRLQUERY"; 300].join("^");
    let sorts = format!("RLQUERYt.f,>=1^{}ENDRLQUERY", "ORDERBYx^".repeat(9));
    for query in [blocks, sorts] {
        let schema = Schema::customer_contact();
        let bound = Binder::for_table(&schema).bind(&Query::parse(&*query));
        assert_eq!(bound.diagnostics().refusal(), None);
    }
}

/// Source: §4.
#[test]
fn hints_on_values() {
    assert_eq!(said("sys_mod_count>null"), ["bad-value null"]);
    assert_eq!(said("sys_mod_countINnull"), ["bad-value null"]);
    assert_eq!(said("account=null")[0], "lower-case-null null -> NULL");
    assert_eq!(said("sys_id=null"), ["not-a-sys-id null"]);
    assert_eq!(
        said("sys_created_on>2026-01-01T00:00:00Z"),
        ["suspicious-value 2026-01-01T00:00:00Z -> 2026-01-01 00:00:00"]
    );
    assert_eq!(said("sys_created_on>2026-01-01 00:00:00"), [""; 0]);
    assert_eq!(said("nameMATCH_RGX^city=x"), ["empty-operand nameMATCH_RGX"]);
    assert_eq!(said("name!=x^ORname="), [""; 0]);
    assert_eq!(said("name!=x^ORname=NULL"), [""; 0]);
    assert_eq!(
        said("phoneNSAMEASmobile_phone"),
        ["excludes-empty phoneNSAMEASmobile_phone -> ^ORphoneISEMPTY^ORmobile_phoneISEMPTY"]
    );
}

#[test]
fn words_for_odd_names() {
    let message = |query: &str| {
        let schema = Schema::customer_contact();
        let bound = Binder::for_table(&schema).bind(&Query::parse(query));
        bound.diagnostics().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    assert!(message("phoneSAMEAS").contains("`SAMEAS` lacks the name of a field"));
    assert!(message(".x=1").contains("step without a name"));
    assert!(
        message("sys_updated_onGT_FIELDsys_created_on@day")
            .contains("no field `sys_created_on@day`")
    );
    assert!(message("nameNOT IN").contains("every row with a value"));
    assert!(message("activeNOT IN").contains("every row"));
    assert!(!message("activeNOT IN").contains("with a value"));
    assert_eq!(said("ORDERBY,"), ["unreadable ORDERBY,"]);
}
