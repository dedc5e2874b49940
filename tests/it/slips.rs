//! What people slip on, told where it stands, with the mend; blocks whose head asks for what is not there.
//! Sources: §1 and §4 of the language.

use encoded_query::bind::HiddenFields;
use encoded_query::schema::Readable;
use encoded_query::{
    Binder, Catalog, Code, Field, FieldType, OnInvalid, Options, Plan, Query, Queryable, Schema,
};

/// What is said about a text without a schema: code, place, and the text after the mend.
fn said(text: &str) -> Vec<(Code, String, Option<String>)> {
    let query = Query::parse(text);
    let said = query.diagnostics(50);
    said.iter()
        .map(|said| {
            let mended = said.suggestion().map(|fix| {
                let mut text = text.to_owned();
                text.replace_range(fix.span.range(), &fix.replacement);
                text
            });
            (said.code(), said.span().of(text).to_owned(), mended)
        })
        .collect()
}

#[track_caller]
fn check(text: &str, expected: &[(Code, &str, &str)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(code, place, mended)| (*code, (*place).to_owned(), Some((*mended).to_owned())))
        .collect();
    assert_eq!(said(text), expected, "{text}");
}

/// §1.2 and §1.9: carets are doubled once more in each block that stands in another.
#[test]
fn doubled_carets_in_blocks() {
    check("a=1^^b=2", &[(Code::DoubledCaret, "^^", "a=1^b=2")]);
    check("a=1^^^b=2", &[]);
    check("a=1^^x^b=2", &[]);
    check("a=1^^NQ", &[(Code::DoubledCaret, "^^", "a=1^NQ")]);
    check("a=1^^OR^b=2", &[(Code::DoubledCaret, "^^", "a=1^OR^b=2")]);
    check("a=1^^ORDERBYx", &[(Code::DoubledCaret, "^^", "a=1^ORDERBYx")]);
    check("a=1^^EQ", &[(Code::DoubledCaret, "^^", "a=1^EQ")]);
    check("a=1^^ORx", &[]);
    check("a=1^^my_field=2", &[(Code::DoubledCaret, "^^", "a=1^my_field=2")]);
    check("a=1^^u.name=2", &[(Code::DoubledCaret, "^^", "a=1^u.name=2")]);
    check("a=1^^my field=2", &[]);
    check("a=1^^", &[(Code::DoubledCaret, "^^", "a=1")]);
    check(
        "a=1^^b=2^^ORc=3",
        &[
            (Code::DoubledCaret, "^^", "a=1^b=2^^ORc=3"),
            (Code::DoubledCaret, "^^", "a=1^^b=2^ORc=3"),
        ],
    );
    check(
        "SUBQUERYa,b,t^SUBQUERYd,e,u^^x=1^^^^y=2^^ENDSUBQUERY^ENDSUBQUERY",
        &[(
            Code::DoubledCaret,
            "^^^^",
            "SUBQUERYa,b,t^SUBQUERYd,e,u^^x=1^^y=2^^ENDSUBQUERY^ENDSUBQUERY",
        )],
    );
    check("JOINa.f=b.g!x=1^^^^y=2", &[(Code::DoubledCaret, "^^^^", "JOINa.f=b.g!x=1^^y=2")]);
}

/// §2: a query that is still percent-encoded reads `%` as ENDSWITH.
#[test]
fn percent_encoding_is_seen() {
    for text in ["active%3Dtrue", "active%3dtrue", "name%5Ejohn", "name%5ejohn"] {
        assert_eq!(said(text), [(Code::SuspiciousValue, "%".to_owned(), None)], "{text}");
    }
    for text in ["name%john", "name%3", "name%3e", "name%5d", "nameENDSWITH3D", "nameENDSWITH5E"] {
        assert_eq!(said(text), [], "{text}");
    }
}

/// §2: half an operator at the start of a value.
#[test]
fn halves_of_operators_are_seen() {
    check("a==1", &[(Code::SuspiciousValue, "==", "a=1")]);
    check("a!==1", &[(Code::SuspiciousValue, "!==", "a!=1")]);
    check("a<>1", &[(Code::SuspiciousValue, "<>", "a!=1")]);
    check("a=>1", &[(Code::SuspiciousValue, "=>", "a>=1")]);
    check("a=<1", &[(Code::SuspiciousValue, "=<", "a<=1")]);
    check("a>=1", &[]);
    check("aLIKE=1", &[]);
    check("a>>1", &[]);
}

/// §1.3: a join inside a value, where what follows reads as a condition.
#[test]
fn forgotten_carets_are_seen() {
    check("a=1 AND b=2", &[(Code::SuspiciousValue, " AND ", "a=1^b=2")]);
    check("a=1 OR b_c.d!=2", &[(Code::SuspiciousValue, " OR ", "a=1^ORb_c.d!=2")]);
    check("a=1ORb=2", &[(Code::SuspiciousValue, "OR", "a=1^ORb=2")]);
    check("a=1&&b=2", &[(Code::SuspiciousValue, "&&", "a=1^b=2")]);
    check("a=R AND D", &[]);
    check("a=1 OR B=2", &[]);
    check("a=1 OR =2", &[]);
    check("a=1ORb", &[]);
    let longest = format!("a=1 OR b{}=2", "c".repeat(79));
    assert_eq!(said(&longest).len(), 1);
    let longer = format!("a=1 OR b{}=2", "c".repeat(80));
    assert_eq!(said(&longer), []);
    check("JOINa.f=b.g!x=1ORy=2", &[(Code::SuspiciousValue, "OR", "JOINa.f=b.g!x=1^^ORy=2")]);
}

/// §2: an operator of another language or in lower case is looked for behind a field.
#[test]
fn words_meant_as_operators() {
    check("name ISNULL", &[(Code::MissingOperator, "name ISNULL", "nameISEMPTY")]);
    check("nameisnull", &[(Code::MissingOperator, "nameisnull", "nameISEMPTY")]);
    check("name in a", &[(Code::MissingOperator, "name in a", "nameINa")]);
    check("  a like b", &[(Code::MissingOperator, "  a like b", "  aLIKEb")]);
    for text in [
        "isnull",
        "equals5",
        " in ",
        "origin",
        "in a",
        " in a",
        "  contains x",
        " isnull",
        "thesis x",
    ] {
        let said: Vec<_> = said(text).into_iter().map(|(code, _, mended)| (code, mended)).collect();
        assert_eq!(said, [(Code::MissingOperator, None)], "{text}");
    }
}

/// §1.9: the head of a related list holds a comparison and a number.
#[test]
fn heads_that_do_not_read() {
    for head in [
        "RLQUERYt.f,LIKE1",
        "RLQUERYt.f,IN1",
        "RLQUERYt.f,1",
        "RLQUERYt.f,>=",
        "RLQUERYt.f,>=x",
        "RLQUERYt,>=1",
        "RLQUERYt.f,>=1,m2",
        "SUBQUERYa,b",
        "SUBQUERYa,b,t.u",
        "JOINa=b.g!x=1",
        "JOINa.f=b!x=1",
        "JOINa.f=b.g",
    ] {
        let end = if head.starts_with("SUB") { "^ENDSUBQUERY" } else { "" };
        let text = format!("{head}{end}");
        let said: Vec<_> = said(&text).into_iter().map(|(code, place, _)| (code, place)).collect();
        assert_eq!(said, [(Code::Unreadable, text.clone())], "{text}");
    }
    for head in ["RLQUERYt.f,>=1", "RLQUERYt.f,=0,m2m", "RLQUERYt.f.g,!=12", "RLQUERYt.f,<3"] {
        assert_eq!(said(&format!("{head}^ENDRLQUERY")), [], "{head}");
    }
}

/// §1.3 and §1.6: what `OR` has nothing to join to, and several fields in one sort key.
#[test]
fn joins_and_sorts_that_do_not_read() {
    check("ORa=1", &[(Code::LeadingOr, "OR", "a=1")]);
    check("a=1^NQORb=2", &[]);
    check("a=1^NQ^ORb=2", &[(Code::LeadingOr, "OR", "a=1^NQ^b=2")]);
    check("ORDERBYa, b,,c", &[(Code::Unreadable, "ORDERBYa, b,,c", "ORDERBYa^ORDERBYb^ORDERBYc")]);
    check("ORDERBYDESCa,b", &[(Code::Unreadable, "ORDERBYDESCa,b", "ORDERBYDESCa^ORDERBYDESCb")]);
    assert_eq!(said("ORDERBY,"), [(Code::Unreadable, "ORDERBY,".to_owned(), None)]);
    assert_eq!(said("ORDERBYDESC"), [(Code::MissingField, "ORDERBYDESC".to_owned(), None)]);
    check(
        "RLQUERYt.f,>=1^x=1",
        &[(Code::UnclosedBlock, "RLQUERYt.f,>=1^x=1", "RLQUERYt.f,>=1^x=1^ENDRLQUERY")],
    );
    check("a=1^GROUPBYb", &[(Code::GroupingIgnored, "GROUPBYb", "a=1^")]);
}

fn thing() -> Schema {
    let fields = [
        Field::new("sys_id", FieldType::SysId),
        Field::new("name", FieldType::String),
        Field::new("secret", FieldType::String),
        Field::reference("other", "thing"),
        Field::reference("loose", "elsewhere"),
    ];
    Schema::new("thing", fields).with_display("name")
}

fn bound(catalog: &Catalog, options: Options, query: &str) -> Vec<(Code, String, String)> {
    let binder = Binder::new(catalog, catalog.schemas()[0].table()).unwrap().options(options);
    let bound = binder.bind(&Query::parse(query));
    let said = bound.diagnostics().iter();
    said.map(|said| (said.code(), said.span().of(query).to_owned(), said.message().to_owned()))
        .collect()
}

/// §3 and §9: a name that leads nowhere says at which step; a field that may not be asked is named so to
/// trusted callers alone.
#[test]
fn steps_that_lead_nowhere() {
    let mut schema = thing();
    schema.restrict("secret", Queryable::No, Readable::No);
    let catalog = Catalog::from(schema);
    for (query, message) in [
        ("nosuch=1", "the table `thing` has no field `nosuch`"),
        ("secret=1", "the table `thing` has no field `secret`"),
        ("other.secret=1", "the table `thing` has no field `secret`"),
        ("other.nam=1", "the table `thing` has no field `nam`; did you mean `name`?"),
        ("name.x=1", "`name.x` follows `name`, which is no reference"),
        ("loose.x=1", "`loose.x` needs the table `elsewhere`, which is not loaded"),
        ("other..name=1", "`other..name` has a step without a name"),
        ("other.=1", "`other.` has a step without a name"),
        (".name=1", "`.name` has a step without a name"),
    ] {
        let field = query.trim_end_matches("=1");
        let expected = (Code::UnknownField, field.to_owned(), message.to_owned());
        assert_eq!(bound(&catalog, Options::default(), query)[0], expected, "{query}");
    }
    for (query, code) in [
        ("secret=1", Code::FieldNotQueryable),
        ("other.secret=1", Code::FieldNotQueryable),
        ("other.other.secret=1", Code::FieldNotQueryable),
        ("secret.x=1", Code::UnknownField),
        ("nosuch.secret=1", Code::UnknownField),
        ("loose.secret=1", Code::UnknownField),
        ("name.secret=1", Code::UnknownField),
        ("nosuch=1", Code::UnknownField),
    ] {
        let mut options = Options::default();
        options.hidden_fields = HiddenFields::Named;
        let said = bound(&catalog, options, query);
        assert_eq!(
            (said[0].0, said[0].1.as_str()),
            (code, query.trim_end_matches("=1")),
            "{query}"
        );
    }
}

/// §9: what may not be asked in a table that extends this one may not be asked here, as its records are
/// among these; other tables have no say.
#[test]
fn fields_hidden_in_tables_that_extend() {
    let family = |parent: &str, child: &str, is_hidden: bool| {
        let id = Field::new("sys_id", FieldType::SysId);
        let parent = Schema::new(parent.to_owned(), [id, Field::new("name", FieldType::String)]);
        let mut child = Schema::extending(&parent, child, []);
        if is_hidden {
            child.restrict("name", Queryable::No, Readable::No);
        }
        [parent, child]
    };
    let families = [family("thing", "tool", false), family("animal", "dog", true)];
    let catalog: Catalog = families.into_iter().flatten().collect();
    for (table, is_hidden) in [("thing", false), ("tool", false), ("animal", true), ("dog", true)] {
        let binder = Binder::new(&catalog, table).unwrap();
        let bound = binder.bind(&Query::parse("name=a"));
        assert_eq!(bound.diagnostics().contains(Code::UnknownField), is_hidden, "{table}");
    }
}

/// §9, Query ACLs: some fields may be matched with a value one knows, and no more.
#[test]
fn fields_that_may_be_matched_alone() {
    let mut schema = thing();
    schema.restrict("name", Queryable::Match, Readable::No);
    let catalog = Catalog::from(schema);
    for (condition, is_asked) in [
        ("=a", true),
        ("!=a", true),
        ("INa,b", true),
        ("NOT INa", true),
        ("ISEMPTY", true),
        ("ISNOTEMPTY", true),
        ("ANYTHING", true),
        ("SAMEASname", true),
        ("INSTANCEOFthing", true),
        ("<a", false),
        (">=a", false),
        ("LIKEa", false),
        ("NOT LIKEa", false),
        ("STARTSWITHa", false),
        ("BETWEENa@b", false),
        ("MATCH_PATa", false),
        ("MATCH_RGXa", false),
        ("GT_FIELDname", false),
    ] {
        for field in ["name", "other.name"] {
            let said = bound(&catalog, Options::default(), &format!("{field}{condition}"));
            let is_unknown = said.iter().any(|said| said.0 == Code::UnknownField);
            assert_eq!(is_unknown, !is_asked, "{field}{condition}: {said:?}");
        }
    }
    let order = bound(&catalog, Options::default(), "ORDERBYname");
    assert_eq!(order[0].0, Code::UnknownField);
}

/// §3: at most so many steps; what is too deep is not looked for.
#[test]
fn too_many_steps() {
    let catalog = Catalog::from(thing());
    let mut options = Options::default();
    options.limits.dot_steps = 2;
    for (field, code) in [
        ("other.other.nosuch", Code::UnknownField),
        ("other.other.other.nosuch", Code::PathTooDeep),
        ("other.other.other.name", Code::PathTooDeep),
    ] {
        let said = bound(&catalog, options.clone(), &format!("{field}=1"));
        assert_eq!((said[0].0, said[0].1.as_str()), (code, field));
    }
    assert_eq!(bound(&catalog, options, "other.other.name=1"), []);
}

/// §3: text operators compare a reference by display value, if there is one that may be asked for.
#[test]
fn references_without_display_values() {
    let id = Field::new("sys_id", FieldType::SysId);
    let plain = Schema::new("plain", [id.clone(), Field::new("name", FieldType::String)]);
    let mut hidden = plain.clone().with_display("name");
    hidden.restrict("name", Queryable::Match, Readable::Yes);
    let shown = plain.clone().with_display("name");
    let asking = Schema::new("asking", [id, Field::reference("to", "plain")]);
    for (told, message) in [
        (Some(plain), Some("the table `plain` has no display field")),
        (Some(hidden), Some("the table `plain` has no display field")),
        (None, Some("the table `plain` is not loaded")),
        (Some(shown), None),
    ] {
        let catalog: Catalog = std::iter::once(asking.clone()).chain(told).collect();
        for query in ["toLIKEx", "toSTARTSWITHx", "toENDSWITHx"] {
            let said = bound(&catalog, Options::default(), query);
            let expected = message.map(|why| {
                let message = format!("`to` is compared by its stored sys_id, since {why}");
                (Code::NoDisplayValue, "to".to_owned(), message)
            });
            assert_eq!(said, Vec::from_iter(expected), "{query}");
        }
        let said = bound(&catalog, Options::default(), "toISEMPTY");
        assert_eq!(said, []);
    }
}

/// §6: without an environment nothing is guessed, and what is asked for is named.
#[test]
fn what_is_not_known_is_named() {
    let catalog = Catalog::from(thing());
    for (call, message) in [
        ("gs.getUserID()", "`gs.getUserID` asks for the user, not known here"),
        ("gs.getUserName()", "`gs.getUserName` asks for the user, not known here"),
        ("getMyGroups()", "`getMyGroups` asks for the user's groups, not known here"),
        ("gs.nowDateTime()", "the time is asked for and not known here"),
    ] {
        let query = format!("name=javascript:{call}");
        let said = bound(&catalog, Options::default(), &query);
        let place = format!("javascript:{call}");
        assert_eq!(said, [(Code::UnresolvedEnvironment, place, message.to_owned())]);
    }
    for (id, message) in [
        ("90d1921e5f510100a9ad2572f2b477fe", "the user is asked for and not known here"),
        ("d6435e965f510100a9ad2572f2b47744", "the user's groups are asked for and not known here"),
    ] {
        let said = bound(&catalog, Options::default(), &format!("otherDYNAMIC{id}"));
        assert_eq!(said, [(Code::UnresolvedEnvironment, id.to_owned(), message.to_owned())]);
    }
}

/// §1.9: what a block needs of its tables, and how many there may be.
#[test]
fn blocks_that_cannot_be_asked() {
    let bare = Schema::new("bare", [Field::new("name", FieldType::String)]);
    let link =
        Schema::new("link", [Field::reference("bare", "bare"), Field::reference("thing", "thing")]);
    let catalog: Catalog = [bare, link, thing()].into_iter().collect();
    for (query, message) in [
        ("RLQUERYlink.bare,>=1^ENDRLQUERY", "the table `bare` has no `sys_id` to refer to"),
        ("RLQUERYlink.thing,>=1^ENDRLQUERY", "`thing` of `link` does not refer to `bare`"),
        ("RLQUERYthing.name,>=1^ENDRLQUERY", "`name` of `thing` does not refer to `bare`"),
        (
            "RLQUERYnosuch.bare,>=1^ENDRLQUERY",
            "the block asks for rows of `nosuch`, which is not loaded",
        ),
        ("JOINlink.thing=thing.sys_id!", "the block joins `link` and stands in a query of `bare`"),
    ] {
        let expected = (Code::UnsupportedBlock, query.to_owned(), message.to_owned());
        assert_eq!(bound(&catalog, Options::default(), query), [expected], "{query}");
    }
    let catalog: Catalog = [thing()].into_iter().collect();
    let block = "SUBQUERYother,sys_id,thing^name=x^ENDSUBQUERY";
    for (limit, blocks, refused) in [(1, 1, 0), (1, 2, 1), (2, 2, 0), (2, 4, 2), (0, 1, 1)] {
        let mut options = Options::default();
        options.limits.lookups = limit;
        let query = vec![block; blocks].join("^");
        let said = bound(&catalog, options, &query);
        assert_eq!(said.len(), refused, "{limit} {blocks}");
        let message = format!("the query has more than {limit} blocks and hierarchies");
        assert!(said.iter().all(|said| said.2 == message), "{said:?}");
    }
}

/// §1.6: sort keys outside blocks make the order, and no others.
#[test]
fn sort_keys_make_the_order() {
    let catalog: Catalog = [thing()].into_iter().collect();
    let binder = Binder::new(&catalog, "thing").unwrap();
    let block = "SUBQUERYother,sys_id,thing^ORDERBYsecret^name=x^ENDSUBQUERY";
    let query = format!("ORDERBYname^{block}^ORDERBYDESCother^ORDERBYnosuch^NQname=a");
    let plan = Plan::new(binder.bind(&Query::parse(query)), OnInvalid::IgnoreInvalidPart).unwrap();
    let order: Vec<_> = plan.order().iter().map(|key| key.path.as_str()).collect();
    assert_eq!(order, ["name", "other"]);
    let effective =
        "SUBQUERYother,sys_id,thing^name=x^ENDSUBQUERY^NQname=a^ORDERBYname^ORDERBYDESCother";
    assert_eq!(plan.report().effective(), Some(effective));
}
