//! Work is bounded: what is allocated, counted as steps, grows with the text and no faster, whatever the
//! text looks like; circles end.

use encoded_query::{
    Binder, Database, Field, FieldType, FixedEnvironment, OnInvalid, Options, PageRequest, Plan,
    Query, Schema, Table,
};

fn tables() -> Database {
    let person = Schema::new(
        "person",
        [
            Field::new("sys_id", FieldType::SysId),
            Field::new("name", FieldType::String),
            Field::new("at", FieldType::DateTime),
            Field::reference("boss", "person"),
        ],
    );
    let mut people = Table::new(person.with_display("name"));
    // Two who are each other's boss, one who is his own, one whose boss is nobody here.
    for (id, boss) in [("a", "b"), ("b", "a"), ("c", "c"), ("d", "gone")] {
        people.push([("sys_id", id.into()), ("name", id.into()), ("boss", boss.into())]).unwrap();
    }
    Database::new([people]).unwrap()
}

/// Steps of parsing, binding, planning and running, counted as allocations and as bytes.
fn steps(database: &Database, text: &str) -> (u64, u64) {
    let mut options = Options::default();
    options.limits.text = usize::MAX;
    options.limits.conditions = usize::MAX;
    options.limits.branches = usize::MAX;
    options.limits.list_values = usize::MAX;
    options.limits.block_depth = usize::MAX;
    let environment = FixedEnvironment::default().with_now("2026-01-15 12:00:00".parse().unwrap());
    let counted = allocation_counter::measure(|| {
        let binder = Binder::new(database.catalog(), "person").unwrap();
        let bound = binder.options(options).environment(&environment).bind(&Query::parse(text));
        if let Ok(plan) = Plan::new(bound, OnInvalid::IgnoreInvalidPart) {
            assert!(plan.run(database, PageRequest::ALL).records.len() <= 4);
        }
    });
    (counted.count_total, counted.bytes_total)
}

#[test]
fn work_grows_with_the_text_and_no_faster() {
    let database = tables();
    let nested = |n: usize| {
        let open = |level: usize| {
            let caret = "^".repeat(1 << level.min(4));
            format!("SUBQUERYboss,sys_id,person{caret}")
        };
        (0..n).map(open).collect::<String>() + "name=a"
    };
    let shapes: [(&str, &dyn Fn(usize) -> String); 12] = [
        ("unclosed blocks", &|n| "RLQUERYperson.boss,>=1^".repeat(n) + "name=a"),
        ("unclosed subqueries", &nested),
        ("blocks in a row", &|n| "RLQUERYperson.boss,>=1^name=a^ENDRLQUERY^".repeat(n)),
        ("joins", &|n| "JOINperson.boss=person.sys_id!name=a^".repeat(n)),
        ("invalid conditions in a block", &|n| {
            format!("RLQUERYperson.boss,>=1^{}", "x=1^".repeat(n))
        }),
        ("steps", &|n| format!("{}name=a", "boss.".repeat(n))),
        ("short walks", &|n| "boss.boss.boss.name=a^OR".repeat(n)),
        ("scripts", &|n| "at>javascript:gs.daysAgo(1)^".repeat(n)),
        ("a list of scripts", &|n| format!("nameIN{}", "javascript:gs.getUserID(),".repeat(n))),
        ("parentheses", &|n| format!("at>javascript:gs.daysAgo({}", "(".repeat(n))),
        ("signs", &|n| format!("atON{}", "@".repeat(n))),
        ("hierarchies", &|n| "bossIN_HIERARCHYboss@a^".repeat(n)),
    ];
    for (name, shape) in shapes {
        let (few, many) = (steps(&database, &shape(400)), steps(&database, &shape(1_600)));
        // Four times the text, with room for what grows by doubling.
        assert!(many.0 <= few.0 * 5 + 100, "{name}: {few:?} {many:?}");
        assert!(many.1 <= few.1 * 6 + 10_000, "{name}: {few:?} {many:?}");
    }
}

/// Five thousand blocks that are opened and never closed are said to be too deep, and end.
#[test]
fn thousands_of_nested_blocks_end() {
    let database = tables();
    let binder = Binder::new(database.catalog(), "person").unwrap();
    let text = "RLQUERYperson.boss,>=1^".repeat(2_000) + "name=a";
    let bound = binder.bind(&Query::parse(text.as_str()));
    let errors: Vec<_> = bound.diagnostics().iter().filter(|said| said.is_error()).collect();
    assert!(!errors.is_empty());
    for said in errors {
        assert!(text.get(said.span().range()).is_some());
    }
    let plan = Plan::new(bound, OnInvalid::ReturnNoRows).unwrap();
    assert!(plan.run(&database, PageRequest::ALL).records.is_empty());
    let prepared = plan.prepare(&database);
    for _ in 0..2 {
        let page = prepared.run(PageRequest::default());
        assert!(page.records.is_empty() && !page.has_more && page.total == Some(0));
    }
    let page = plan.select(database.tables()[0].records(), PageRequest::default());
    assert!(page.records.is_empty() && !page.has_more && page.total == Some(0));
}

#[test]
fn circles_end() {
    let database = tables();
    let binder = Binder::new(database.catalog(), "person").unwrap();
    let ids = |query: &str| -> Vec<String> {
        let plan = Plan::new(binder.bind(&Query::parse(query)), OnInvalid::Forbid).unwrap();
        let page = plan.run(&database, PageRequest::ALL);
        page.records.iter().map(|record| record.text("sys_id").unwrap().into_owned()).collect()
    };
    assert_eq!(ids("bossIN_HIERARCHYboss@a"), ["a", "b"]);
    assert_eq!(ids("bossIN_HIERARCHYboss@c"), ["c"]);
    assert_eq!(ids("bossIN_HIERARCHYboss@gone"), ["d"]);
    assert_eq!(ids("boss.boss.boss.boss.boss.boss.boss.boss.name=a"), ["a"]);
    assert_eq!(
        ids("RLQUERYperson.boss,>=1^RLQUERYperson.boss,>=1^ENDRLQUERY^ENDRLQUERY"),
        ["a", "b", "c"]
    );
}
