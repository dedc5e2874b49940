//! The column engine on tables that refer to each other or extend one: as the row engine answers.

use std::borrow::Cow;

use encoded_query::{
    Binder, Count, Database, Field, FieldType, OnInvalid, Options, Page, PageRequest, Plan, Query,
    Record, Schema, Table, Tables,
};

/// Contacts, some of them guests, of so many accounts.
fn contacts_of(accounts: usize, empty: fn(Schema) -> Table) -> Database {
    let of_account =
        [Field::new("sys_id", FieldType::SysId), Field::new("city", FieldType::String)];
    let of_contact = [
        Field::new("sys_id", FieldType::SysId),
        Field::new("name", FieldType::String),
        Field::reference("account", "account"),
    ];
    let contact = Schema::new("contact", of_contact);
    let guest = Schema::extending(&contact, "guest", [Field::new("visits", FieldType::Integer)]);
    let account = Schema::new("account", of_account).with_display("city");
    let mut tables = [account, guest, contact].map(empty);
    for number in 0..accounts {
        let city = ["oslo", "Rome", "", "Oslo", "bern"][number % 5];
        let id = format!("{:032x}", number * 31);
        tables[0].push([("sys_id", id.into()), ("city", city.into())]).unwrap();
    }
    for number in 0..1000 {
        let name = ["b", "B", "a", "", "É"][number * 7 % 5];
        let account = format!("{:032x}", number * 17 % (accounts + 1) * 31);
        let values = [
            ("sys_id", Cow::from(format!("{number:032x}"))),
            ("name", name.into()),
            ("account", account.into()),
        ];
        tables[if number % 9 == 0 { 1 } else { 2 }].push(values).unwrap();
    }
    Database::new(tables).unwrap()
}

/// Both engines give the same pages of a table; so does a plan that was prepared for all of them.
#[track_caller]
fn agree(database: &Database, table: &str, plan: &Plan, query: &str) {
    let prepared = plan.prepare(database);
    for (offset, limit, count) in
        [(0, 10, Count::Exact), (40, 700, Count::Exact), (3, 5, Count::Skip)]
    {
        let page = PageRequest { offset, limit, count };
        let rows = Tables::from(database).records(table);
        let told = |page: &Page<Record<'_>>| {
            let ids = page.records.iter().map(|record| record.text("sys_id").unwrap().into_owned());
            (ids.collect::<Vec<_>>(), page.has_more, page.total)
        };
        let by_rows = told(&plan.select(rows, page));
        assert_eq!(told(&plan.run(database, page)), by_rows, "{query} of {table} {page:?}");
        assert_eq!(told(&prepared.run(page)), by_rows, "{query} of {table} {page:?}");
    }
}

/// Sorting by what references show or lead to and texts found by their order, where case counts or does not, and
/// over tables that extend another: of more records than are compared with each other, in few accounts and in as
/// many as contacts.
#[test]
fn engines_agree_on_ranks_that_are_made() {
    let queries = [
        "ORDERBYaccount",
        "ORDERBYDESCaccount.city^ORDERBYname",
        "nameISNOTEMPTY^ORDERBYname",
        "account.cityLIKEo^NQname=b^ORDERBYDESCname^ORDERBYaccount",
        "account.city=oslo",
        "nameINB,É,x",
        "name=B",
        "nameSTARTSWITHB",
        "name>=B",
        "nameBETWEENB@a",
    ];
    for (accounts, empty) in [(7, Table::new as fn(Schema) -> Table), (500, Table::eager)] {
        let database = contacts_of(accounts, empty);
        for (table, case_sensitive) in
            [("contact", false), ("contact", true), ("guest", false), ("guest", true)]
        {
            let mut options = Options::default();
            options.case_sensitive = case_sensitive;
            let binder = Binder::new(database.catalog(), table).unwrap().options(options);
            for query in queries {
                let bound = binder.bind(&Query::parse(query));
                agree(&database, table, &Plan::new(bound, OnInvalid::Forbid).unwrap(), query);
            }
        }
    }
}

/// Where references lead is found anew when either table has changed.
#[test]
fn references_follow_changes_of_both_tables() {
    let account = [Field::new("sys_id", FieldType::SysId), Field::new("city", FieldType::String)];
    let contact = [Field::new("sys_id", FieldType::SysId), Field::reference("account", "account")];
    let tables = [Schema::new("account", account), Schema::new("contact", contact)];
    let mut database = Database::new(tables.map(Table::new)).unwrap();
    let plan = |database: &Database| {
        let binder = Binder::new(database.catalog(), "contact").unwrap();
        Plan::new(binder.bind(&Query::parse("account.city=oslo")), OnInvalid::Forbid).unwrap()
    };
    let plan = plan(&database);
    let found = |database: &Database| plan.run(database, PageRequest::ALL).records.len();
    let contact = [("sys_id", "c1".into()), ("account", "A1".into())];
    database.update("contact", |contacts| contacts.push(contact)).unwrap().unwrap();
    assert_eq!(found(&database), 0);
    let account = [("sys_id", "a1".into()), ("city", "Oslo".into())];
    database.update("account", |accounts| accounts.push(account)).unwrap().unwrap();
    assert_eq!(found(&database), 1);
    let away = [("account", "a2".into())];
    database.update("contact", |contacts| contacts.update("C1", away)).unwrap().unwrap();
    assert_eq!(found(&database), 0);
    let back = [("account", "a1".into())];
    database.update("contact", |contacts| contacts.update("c1", back)).unwrap().unwrap();
    assert_eq!(found(&database), 1);
    database.update("account", |accounts| accounts.remove("A1")).unwrap().unwrap();
    assert_eq!(found(&database), 0);
    // Likewise where only records can be changed.
    let again = [("sys_id", "A1".into()), ("city", "OSLO".into())];
    database.records_mut("account").unwrap().push(again).unwrap();
    assert_eq!(found(&database), 1);
    let mut contacts = database.records_mut("contact").unwrap();
    contacts.update("c1", [("account", "nowhere".into())]).unwrap();
    let second = [("sys_id", "c2".into()), ("account", "a1".into())];
    contacts.push(second.clone()).unwrap();
    assert_eq!(
        contacts.push(second).unwrap_err().to_string(),
        "it has the sys_id `c2` of record 2"
    );
    assert_eq!(contacts.table().len(), 2);
    assert_eq!(found(&database), 1);
    database.records_mut("contact").unwrap().remove("c2").unwrap();
    assert_eq!(found(&database), 0);
    assert!(database.records_mut("nope").is_none());
}

/// A reference of an extending table leads where its parent's does, or to what extends that: a path
/// is bound to the fields of the table the parent's leads to.
#[test]
fn extending_references_lead_alike() {
    let target = |name: &str| Schema::new(name, [Field::new("sys_id", FieldType::SysId)]);
    let base = |to: &'static str| {
        Schema::new("base", [Field::new("sys_id", FieldType::SysId), Field::reference("x", to)])
    };
    let of = |leads: &'static str| {
        let kid = Schema::extending(&base(leads), "kid", []);
        let first = Schema::extending(&target("first"), "first_kind", []);
        let all = [base("first"), kid, target("first"), target("second"), first];
        Database::new(all.map(Table::new)).map(|_| ())
    };
    assert_eq!((of("first"), of("first_kind")), (Ok(()), Ok(())));
    assert!(of("second").is_err());
}

/// The time before the first step is that of what a query asks of other tables.
#[test]
fn lookups_have_a_time_of_their_own() {
    let database = contacts_of(20, Table::new);
    let ticks = std::cell::Cell::new(0);
    let clock = || {
        ticks.set(ticks.get() + 1);
        std::time::Duration::from_micros(ticks.get())
    };
    let query = Query::parse("RLQUERYcontact.account,>=1^nameISNOTEMPTY^ENDRLQUERY");
    let bound = Binder::new(database.catalog(), "account").unwrap().bind(&query);
    let plan = Plan::new(bound, OnInvalid::Forbid).unwrap();
    let said = plan.analyze(&database, PageRequest::default(), clock).unwrap();
    assert_eq!(said.lookups, std::time::Duration::from_micros(1));
}

/// Rows of a related list lead to the table, to one it extends or to one that extends it.
#[test]
fn related_lists_of_tables_that_extend() {
    let id = || Field::new("sys_id", FieldType::SysId);
    let person = Schema::new("person", [id()]);
    let guest = Schema::extending(&person, "guest", []);
    let visits =
        |name: &str, to: &'static str| Schema::new(name, [id(), Field::reference("who", to)]);
    let all = [person, guest, visits("of_person", "person"), visits("of_guest", "guest")];
    let mut database = Database::new(all.map(Table::new)).unwrap();
    let mut push = |table: &str, values: &[(&'static str, &'static str)]| {
        let values = values.iter().map(|(name, text)| (*name, Cow::from(*text)));
        database.update(table, |table| table.push(values)).unwrap().unwrap();
    };
    push("person", &[("sys_id", "p1")]);
    push("guest", &[("sys_id", "g1")]);
    push("guest", &[("sys_id", "g2")]);
    push("of_person", &[("sys_id", "v1"), ("who", "g1")]);
    push("of_person", &[("sys_id", "v2"), ("who", "p1")]);
    push("of_guest", &[("sys_id", "v3"), ("who", "g2")]);
    for (table, list, expected) in [
        ("person", "of_person", &["g1", "p1"][..]),
        ("guest", "of_person", &["g1"]),
        ("person", "of_guest", &["g2"]),
        ("guest", "of_guest", &["g2"]),
    ] {
        let query = Query::parse(format!("RLQUERY{list}.who,>=1^ENDRLQUERY"));
        let bound = Binder::new(database.catalog(), table).unwrap().bind(&query);
        let plan = Plan::new(bound, OnInvalid::Forbid).unwrap();
        let page = plan.run(&database, PageRequest::ALL);
        let mut ids: Vec<_> =
            page.records.iter().map(|record| record.text("sys_id").unwrap()).collect();
        ids.sort();
        assert_eq!(ids, expected, "{list} of {table}");
    }
}

/// A text that is no number is none, however many there are and whatever form the column takes for them.
#[test]
fn what_does_not_read_is_empty_in_any_form() {
    for odd in [2_u64, 50] {
        let fields = [Field::new("sys_id", FieldType::SysId), Field::new("n", FieldType::Integer)];
        let mut table = Table::eager(Schema::new("t", fields));
        for number in 0..200_u64 {
            let text =
                if number % odd == 0 { format!("no {}", number % 8) } else { number.to_string() };
            let id = format!("{number:032x}");
            table.push([("sys_id", id.into()), ("n", text.into())]).unwrap();
        }
        let count = |query: &str| {
            let bound = Binder::for_table(table.schema()).bind(&Query::parse(query));
            Plan::new(bound, OnInvalid::Forbid).unwrap().run(&table, PageRequest::ALL).total
        };
        let unread = 200 / odd;
        assert_eq!((count("nISEMPTY"), count("nISNOTEMPTY")), (Some(unread), Some(200 - unread)));
    }
}
