//! Queries in plain words.

use encoded_query::calendar::Zone;
use encoded_query::explain::Explanation;
use encoded_query::{
    Binder, Catalog, Field, FieldType, FixedEnvironment, OnInvalid, Operator, Query, Schema, User,
};

fn explain(query: &str) -> Explanation {
    let environment = FixedEnvironment::default()
        .with_now("2026-01-15 12:00:00".parse().unwrap())
        .with_zone(Zone::utc())
        .with_user(User::new("5137153cc611227c000bbd1bd8cd2005"));
    let account = Schema::new(
        "customer_account",
        [
            Field::new("sys_id", FieldType::SysId),
            Field::new("city", FieldType::String).with_label("City"),
            Field::reference("parent", "customer_account").with_label("Parent"),
            Field::reference("contact", "customer_contact").with_label("Primary contact"),
        ],
    );
    let catalog: Catalog =
        [Schema::customer_contact(), account.with_display("city")].into_iter().collect();
    let binder = Binder::new(&catalog, "customer_contact").unwrap().environment(&environment);
    binder.explain(&Query::parse(query), OnInvalid::IgnoreInvalidPart)
}

#[track_caller]
fn check(query: &str, words: &str) {
    assert_eq!(explain(query).brackets, words, "{query}");
}

/// Labels of fields and choices; every family of operators.
#[test]
fn conditions_in_words() {
    check("active=true", "Active is true");
    check("name=War", "Name is \"War\"");
    check("notification=2", "Notification is Enabled (2)");
    check("city=", "City is empty");
    check("city!=NULL", "City is not empty");
    check("sys_mod_count>=3", "Updates is at least 3");
    check("sys_created_on<2026-01-01", "Created is before 2026-01-01");
    check("nameNOT LIKEx", "Name does not contain \"x\"");
    check("email%.org", "Email ends with \".org\"");
    check("countryINUSA, DEU,,", "Country code is one of \"USA\", \"DEU\"");
    check(
        "countryIN1,2,3,4,5,6,7,8,9,10",
        "Country code is one of \"1\", \"2\", \"3\", \"4\", \"5\", \"6\", \"7\", \"8\", 2 more",
    );
    check("sys_mod_countBETWEEN1@5", "Updates is from 1 to 5");
    check("phoneNSAMEASmobile_phone", "Business phone differs from Mobile phone");
    check(
        "sys_created_onSAMEASsys_updated_on@day",
        "Created is the same as Updated within one day",
    );
    check("sys_updated_onGT_FIELDsys_created_on", "Updated is after Created");
    check(
        "last_login_timeMORETHANsys_created_on@day@after@30",
        "Last login time is more than 30 days after Created",
    );
    check(
        "last_login_timeLESSTHANsys_created_on@hour@before@1",
        "Last login time is at most 1 hour before Created",
    );
    check("sys_created_onONLast 30 days", "Created is in \"Last 30 days\"");
    check("sys_created_onNOTON2026-01-01", "Created is not in \"2026-01-01\"");
    check("last_login_timeRELATIVEGT@month@ago@3", "Last login time is after 3 months ago");
    check(
        "last_login_timeRELATIVEEE@quarter@ahead@1",
        "Last login time is in the quarter 1 quarter from now",
    );
    check(
        "sys_created_onDATEPARTx@javascript:gs.datePart('month','mar','GE')",
        "Created has a month at or after mar",
    );
    check(
        "managerDYNAMIC90d1921e5f510100a9ad2572f2b477fe",
        "Manager is what the dynamic value \"90d1921e5f510100a9ad2572f2b477fe\" stands for",
    );
    check("accountIN_HIERARCHYparent@a1", "Account is \"a1\" or stands below it, by `parent`");
    check("nameMATCH_PATA*", "Name has the form \"A*\"");
    check("activeCHANGESTOfalse", "Active changes to false");
    check("activeCHANGESFROM", "Active changes from empty");
    check("account.cityLIKEoslo", "Account › City contains \"oslo\"");
    check("123TEXTQUERY321=anna berg", "some text holds each word of \"anna berg\"");
    check(
        "sys_created_on>=javascript:gs.daysAgoStart(7)",
        "Created is at or after the first second of the day 7 days ago (2026-01-08 00:00:00)",
    );
    check(
        "manager=javascript:gs.getUserID()",
        "Manager is the sys_id of the user (5137153cc611227c000bbd1bd8cd2005)",
    );
}

#[test]
fn brackets_show_what_belongs_together() {
    check("active=true^vip=true^ORname=x", "Active is true AND (VIP is true OR Name is \"x\")");
    check("vip=true^ORname=x", "VIP is true OR Name is \"x\"");
    check(
        "vip=true^active=true^NQname=x^ORname=y",
        "(VIP is true AND Active is true) OR Name is \"x\" OR Name is \"y\"",
    );
    // What is ignored is left out of what runs.
    check("nope=1^ORvip=true^nope=2", "VIP is true");
    check(
        "RLQUERYcustomer_account.contact,>=2^city=Oslo^NQcity=Rome^ENDRLQUERY^vip=true",
        "at least 2 rows of `customer_account` whose Primary contact is this record, where [City is \"Oslo\" OR City is \"Rome\"] AND VIP is true",
    );
    check(
        "SUBQUERYaccount,sys_id,customer_account^city=Oslo^ENDSUBQUERY",
        "Account is sys_id of some row of `customer_account`, where [City is \"Oslo\"]",
    );
}

/// Every operator has words of its own, which do not need its token.
#[test]
fn every_operator_has_words() {
    for operator in Operator::ALL {
        let said = explain(operator.example());
        let words = &said.lines[0].words;
        let token = operator.token();
        assert!(!words.contains(token) || token.len() < 3, "{token}: {words}");
        assert!(words.len() > 8, "{token}: {words}");
    }
}

#[test]
fn what_surprises_is_said_first() {
    let texts = |query: &str| -> Vec<String> {
        explain(query).surprises.into_iter().map(|surprise| surprise.text).collect()
    };
    assert_eq!(texts("active=true^vip=true"), [""; 0]);
    assert_eq!(texts("vip=true^ORname=x"), [""; 0]);
    assert_eq!(texts("active=true^vip=true^ORname=x"), ["OR binds tighter than AND"]);
    assert_eq!(
        texts("acount=x"),
        [
            "no condition is valid: this query matches ALL rows",
            "the table `customer_contact` has no field `acount`: this part is ignored",
        ]
    );
    assert_eq!(texts("city!=x"), ["rows where `city` is empty are left out"]);
    let refused = texts(&["name=x"; 300].join("^NQ"));
    assert!(refused[0].ends_with(": the query is refused"), "{refused:?}");
}

/// Each line that can be run alone is a query that says the same.
#[test]
fn lines_can_be_run_alone() {
    let said = explain("active=true^nope=1^vip=true^ORname=x^NQcity=Oslo^ORDERBYname");
    let lines: Vec<_> = said
        .lines
        .iter()
        .map(|line| (line.depth, line.words.as_str(), line.alone.as_deref(), said.so_far(line)))
        .collect();
    assert_eq!(
        lines,
        [
            (0, "either", Some("active=true^vip=true^ORname=x"), None),
            (1, "Active is true", Some("active=true"), Some("active=true")),
            (1, "ignored: `nope` is \"1\"", None, None),
            (1, "any of", Some("vip=true^ORname=x"), Some("active=true^vip=true^ORname=x")),
            (2, "VIP is true", Some("vip=true"), None),
            (2, "Name is \"x\"", Some("name=x"), None),
            (0, "or", Some("city=Oslo"), None),
            (1, "City is \"Oslo\"", Some("city=Oslo"), Some("city=Oslo")),
        ]
    );
    let order: Vec<_> = said.order.iter().map(|key| (key.words.as_str(), key.is_valid)).collect();
    assert_eq!(order, [("Name, ascending, empty ones first", true)]);
    let said = explain("ORDERBYnosuch^ORDERBYDESCname");
    assert_eq!(said.order.iter().map(|key| key.is_valid).collect::<Vec<_>>(), [false, true]);
}

/// Of a block that is partly invalid the valid part runs, alone and with what stands before it.
#[test]
fn blocks_run_without_their_invalid_parts() {
    let block = "RLQUERYcustomer_account.contact,>=1^nosuch=1^NQcity=Oslo^ENDRLQUERY";
    let runs = "RLQUERYcustomer_account.contact,>=1^city=Oslo^ENDRLQUERY";
    let said = explain(&format!("active=true^{block}^vip=true"));
    let both = format!("active=true^{runs}");
    let lines: Vec<_> = said.lines.iter().map(|line| (line.depth, said.so_far(line))).collect();
    let all = format!("{both}^vip=true");
    assert_eq!(
        lines,
        [
            (0, Some("active=true")),
            (0, Some(both.as_str())),
            (1, None),
            (2, None),
            (1, None),
            (2, None),
            (0, Some(all.as_str())),
        ]
    );
    assert!(said.lines[3].words.starts_with("ignored: "), "{:?}", said.lines[3]);
    assert_eq!(said.lines[1].alone.as_deref(), Some(runs));
}

/// Nothing a query can hold makes it fail, and what is shown has no control characters.
#[test]
fn anything_can_be_explained() {
    for query in [
        "",
        "^",
        "^^^",
        "=x",
        "ORDERBY",
        "a^b^ORc",
        "RLQUERYx.y,>=1^a=1",
        "SUBQUERYa,b,c^x=1",
        "sys_created_onON@@",
        "sys_created_onMORETHAN@",
        "sys_created_onRELATIVEGT@",
        "nameIN",
        "nameIN,,",
        "name=javascript:",
        "sys_created_onDATEPART@javascript:gs.datePart()",
        "a..b.c=1",
        "accountIN_HIERARCHY@",
        "bad\u{1b}[2J\u{202e}=\u{7}",
        "JOINcustomer_contact.name=x.y!a=1",
        "GROUPBYname^TRENDBYx",
    ] {
        let said = explain(query);
        let shown = said.lines.iter().map(|line| &line.words).chain([&said.brackets]);
        for text in shown.chain(said.surprises.iter().map(|surprise| &surprise.text)) {
            assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{text:?}");
        }
    }
}

#[cfg(feature = "cli")]
mod command {
    use crate::cli::{Temporary, run};

    const DATA: &str = r#"[{"sys_id":"1","name":"Ann","city":"Oslo","active":"true"},
        {"sys_id":"2","name":"Bob","city":"Rome","active":"true"},
        {"sys_id":"3","name":"Cy","city":"","active":"false"}]"#;

    #[test]
    fn with_data_it_counts() {
        let data = Temporary::new("explained", DATA.as_bytes());
        let query = "active=true^cityLIKEos^ORnameLIKEan^city!=Oslo^ORDERBYDESCname";
        insta::assert_snapshot!(run(&["explain", data.path(), query]).out);
        let ran = run(&["explain", data.path(), "acount=x"]);
        assert!(ran.out.contains("this query matches ALL 3 records"), "{}", ran.out);
        let ran = run(&["explain", data.path(), "acount=x", "--on-invalid", "none"]);
        assert!(ran.out.contains("no record may match"), "{}", ran.out);
    }

    #[test]
    fn it_speaks_json() {
        let data = Temporary::new("explained-json", DATA.as_bytes());
        let ran = run(&["explain", data.path(), "active=true^city!=Oslo", "-o", "json"]);
        insta::assert_snapshot!(ran.out);
    }

    /// By which means, with how many records left; times differ from run to run.
    #[test]
    fn it_takes_runs_apart() {
        let data = Temporary::new("analyzed", DATA.as_bytes());
        let query = "nameLIKEan^active=true^NQcityISEMPTY^ORDERBYname";
        let ran = run(&["explain", "--analyze", data.path(), query]);
        let (_, told) = ran.out.split_once("How a page of ten of 3 records was answered:").unwrap();
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        let told: Vec<String> = told.lines().map(words).collect();
        for (line, begin) in [
            (1, "choosing the means "),
            (2, "branch 1: Name contains \"an\" dictionary 3 → 1 "),
            (3, "branch 1: Active is true bitmap 1 → 1 "),
            (4, "branch 2: City is empty bitmap 2 → 1 "),
            (5, "taking the page compared "),
        ] {
            assert!(told[line].starts_with(begin), "{told:?}");
        }
        assert!(told[6].contains("the first time, ") && told[6].ends_with(" again"), "{told:?}");
        let ran = run(&["explain", "--analyze", "-o", "json", data.path(), query]);
        let said: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        let (analysis, step) = (&said["analysis"], &said["analysis"]["steps"][1]);
        assert_eq!(
            (analysis["records"].as_u64(), analysis["matches"].as_u64()),
            (Some(3), Some(2))
        );
        assert_eq!((step["records"].as_u64(), step["left"].as_u64()), (Some(1), Some(1)));
        assert_eq!(step["tests"][0]["by"], "bitmap");
        let times = ["first", "again", "choosing"].map(|time| analysis[time].as_f64().unwrap());
        assert!(times.iter().all(|time| *time > 0.0), "{times:?}");
        let ran = run(&["explain", "--analyze", "name=a"]);
        assert!(ran.code == 2 && ran.err.contains("--analyze needs data"), "{}", ran.err);
    }

    #[test]
    fn without_data_it_explains_by_the_schema() {
        insta::assert_snapshot!(run(&["explain", "vip=true^NQnameLIKEwar^ORcityLIKEwar"]).out);
        let none = run(&["explain", "-"]);
        assert_eq!(none.code, 2, "{}", none.err);
    }
}
