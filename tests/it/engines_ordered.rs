//! The column engine where the order of a column helps: it is made once it was asked for often enough.

use encoded_query::{Binder, Count, OnInvalid, PageRequest, Plan, Query, Record, Table};

use crate::engines::{large, means, pages_agree};

/// Asks until what helps is there.
fn often(table: &Table, query: &str) {
    for _ in 0..150 {
        let _ = table.query(query);
    }
}

/// One changed text does not take the order of the others' away.
#[test]
fn a_changed_text_is_asked_beside_the_order() {
    let mut table = large(20_000, Table::new);
    let id = format!("{:032x}", 0);
    table.update(&id, [("unique", "Name anew".into())]).unwrap();
    for query in ["unique=name anew", "uniqueSTARTSWITHname a", "ORDERBYunique"] {
        for _ in 0..130 {
            let _ = table.query(query);
        }
        pages_agree(&table, &[query]);
        assert!(means(&table, query).contains("index") || query.starts_with("ORDER"), "{query}");
    }
    assert_eq!(table.query("unique=name anew").total, Some(1));
}

/// Many rows that the order of a column finds: few are scanned for, many gathered, whatever their ranks are of.
#[test]
fn many_rows_are_found_by_orders() {
    let mut table = large(20_000, Table::new);
    let index = [
        // Ranges of one column are asked for as one, those of two are not.
        "created>=2024-01-05 03:00:00^created<2024-01-09",
        "created<2024-01-20^born<1950-01-01^created>2024-01-10",
        "created>2024-01-09^created<2024-01-05",
        "bornIN1950-01-01,1951-02-02,1952-03-03^born>1950-06-01",
        "born>1950-06-01^bornIN1950-01-01,1951-02-02,1952-03-03",
        "born!=1950-01-01^bornBETWEEN1940-01-01@1960-01-01",
        "created<2024-01-02^ORborn<1915-01-01",
        "visitsISNOTEMPTY^born>1995-01-01",
        // Of texts: one, several alike but for case, some that follow one another, some that do not.
        "group=0000000000000000000000000000000a^uniqueLIKE9",
        "groupSTARTSWITH0000000000000000000000000000000",
        "groupSTARTSWITH0000000000000000000000000000002^active=true",
        "groupIN00000000000000000000000000000007,0000000000000000000000000000000a",
        "groupIN00000000000000000000000000000007,0000000000000000000000000000000A,0000000000000000000000000000000a",
        "groupIN00000000000000000000000000000007,00000000000000000000000000000008^ORDERBYunique",
        "uniqueSTARTSWITHname 1",
        "unique>name 5^unique<name 6",
    ];
    for query in index {
        often(&table, query);
        assert!(means(&table, query).contains("index"), "{query}: {}", means(&table, query));
    }
    assert!(means(&table, index[0]).contains("joined"));
    pages_agree(&table, &index);
    // Newer rows and changed ones are not in the orders.
    let unique = "Name 55 is newer";
    let values = [
        ("sys_id", "newer"),
        ("unique", unique),
        ("city", "Bergen"),
        ("born", "1999-09-09"),
        ("created", "2024-01-20 00:00:00"),
    ];
    table.push(values.map(|(name, text)| (name, text.into()))).unwrap();
    pages_agree(&table, &index);
    let changed = [("created", "2024-01-07 07:07:07"), ("city", "Oslo"), ("born", "never")];
    table.update(&format!("{:032x}", 0), changed.map(|(name, text)| (name, text.into()))).unwrap();
    pages_agree(&table, &index);
    assert_eq!(table.query("unique>name 55 is n^unique<name 55 is nf").total, Some(1));
}

/// Values that one record in 16 has or more are kept as sets of their records once they were asked for twice,
/// with an order of the column or without, and follow what becomes of the records.
#[test]
fn frequent_values_are_kept_as_sets() {
    let sets = [
        "city=bergen^uniqueLIKE9",
        "citySTARTSWITHo",
        "city>=c^active=true",
        "cityINoslo,OSLO,bergen,Oslo",
        "cityNOT INoslo,bergen",
        "city!=oslo^cityISNOTEMPTY",
        "city=İzmir^ORcity=straße^ORDERBYunique",
        "cityLIKE%25^NQcityISEMPTY",
    ];
    let mut table = large(20_000, Table::new);
    pages_agree(&table, &sets[..1]);
    let said = means(&table, "city=bergen^uniqueLIKE9");
    assert!(said.contains("0 bitmap: 20000"), "{said}");
    let kept = table.index_size();
    assert!(means(&table, "city=oslo^uniqueLIKE9").contains("0 dictionary: 20000"));
    assert!(means(&table, "group=00000000000000000000000000000007").contains("0 dictionary"));
    for query in sets {
        often(&table, query);
        // Where their number is known, only all records are scanned.
        let _ = means(&table, query);
        let said = means(&table, query);
        assert!(said.contains("bitmap"), "{said}");
    }
    pages_agree(&table, &sets);
    // Others have the value, some of them new, some no longer.
    let ids: Vec<String> =
        table.records().map(|record| record.text("sys_id").unwrap().into_owned()).collect();
    let cities = ["Oslo", "", "bergen", "50% off", "Åre", "Straße"];
    for (number, id) in ids.iter().enumerate().step_by(7) {
        table.update(id, [("city", cities[number % cities.len()].into())]).unwrap();
    }
    for (number, id) in ids.iter().enumerate().skip(3).step_by(40) {
        table.remove(id).unwrap();
        let values = [("sys_id", format!("new {number}")), ("city", cities[number % 5].to_owned())];
        table.push(values.map(|(name, text)| (name, text.into()))).unwrap();
    }
    table.push([("sys_id", "without".into())]).unwrap();
    pages_agree(&table, &sets);
    assert!(table.index_size() > kept);
}

#[test]
fn a_set_goes_when_its_value_is_rare() {
    let mut table = large(20_000, Table::new);
    let query = "city=İzmir^uniqueLIKE9";
    assert!(
        means(&table, query).contains("0 dictionary") && means(&table, query).contains("0 bitmap")
    );
    let with_set = table.index_size();
    let records = table.records().filter(|record| record.text("city").as_deref() == Some("İzmir"));
    let ids: Vec<String> =
        records.map(|record| record.text("sys_id").unwrap().into_owned()).collect();
    let (rest, most) = ids.split_at(1000);
    for id in most {
        table.update(id, [("city", "Oslo".into())]).unwrap();
    }
    pages_agree(&table, &[query]);
    assert!(table.index_size() + 2000 > with_set);
    for id in rest.iter().skip(100) {
        table.update(id, [("city", "Oslo".into())]).unwrap();
    }
    // A bit for each record.
    assert!(table.index_size() + 20_000 / 8 <= with_set);
    pages_agree(&table, &[query]);
    assert!(means(&table, query).contains("0 dictionary"));
}

/// Sets that stay when one before them goes still follow changes; those of values that become rare as others
/// come in make room for new ones.
#[test]
fn sets_stay_and_make_room() {
    let mut table = Table::new(large(0, Table::new).schema().clone());
    let push = |table: &mut Table, number: usize, city: &str| {
        let values = [("sys_id", format!("{number:032x}")), ("city", city.to_owned())];
        table.push(values.map(|(name, text)| (name, text.into()))).unwrap();
    };
    (0..4800).for_each(|number| push(&mut table, number, &format!("c{}", number % 16)));
    let query = |number: usize| format!("city=c{number}^sys_idISNOTEMPTY");
    let queries: Vec<String> = (0..16).map(query).collect();
    let queries: Vec<&str> = queries.iter().map(String::as_str).collect();
    let has_set = |table: &Table, query: &str| {
        let _ = (means(table, query), means(table, query));
        means(table, query).contains("0 bitmap")
    };
    assert!(queries.iter().all(|query| has_set(&table, query)));
    // The third value goes, then rows of its neighbours change.
    for number in (2..4800).step_by(16) {
        table.update(&format!("{number:032x}"), [("city", "c9".into())]).unwrap();
    }
    for (number, city) in [(1, "c3"), (3, "c1"), (4, "c15"), (15, "c4"), (19, "c0"), (16, "c3")] {
        table.update(&format!("{number:032x}"), [("city", city.into())]).unwrap();
    }
    pages_agree(&table, &queries);
    assert!(!has_set(&table, queries[2]) && has_set(&table, queries[3]));
    (4800..40_000).for_each(|number| push(&mut table, number, ["new", "other"][number % 2]));
    assert!(has_set(&table, "city=new^sys_idISNOTEMPTY") && !has_set(&table, queries[0]));
    assert!(has_set(&table, "cityINnew,other^sys_idISNOTEMPTY"));
    pages_agree(&table, &[&queries[..], &["city=new", "city!=other"]].concat());
}

/// A prepared plan takes up what it had the table build.
#[test]
fn prepared_plans_use_orders_that_come_later() {
    let table = large(20_000, Table::new);
    for query in ["unique=name 0 of 0", "uniqueSTARTSWITHname 77", "born=1950-02-02^active=true"] {
        let plan = plan(&table, query);
        let fresh = table.clone();
        let (prepared, before) = (plan.prepare(&fresh), fresh.index_size());
        let pages: Vec<_> = (0..300).map(|_| prepared.run(PageRequest::default())).collect();
        assert!(pages.iter().all(|page| page.total == pages[0].total));
        assert!(fresh.index_size() > before + 20_000 * 8, "{query}");
        assert!(means(&fresh, query).contains("index"), "{query}: {}", means(&fresh, query));
    }
}

/// Matches that stand together, and counts that are known, end a page where they end.
#[test]
fn pages_at_the_end_of_matches() {
    let mut table = large(10_000, Table::new);
    for number in 0..400 {
        let values = [("sys_id", format!("last {number}")), ("city", "Ulm".to_owned())];
        table.push(values.map(|(name, text)| (name, text.into()))).unwrap();
    }
    for query in
        ["city=ulm", "city=ulm^activeISEMPTY", "city=ulm^ORcity=rome", "uniqueISEMPTY^city=ulm"]
    {
        let plan = plan(&table, query);
        let prepared = plan.prepare(&table);
        for count in [Count::Skip, Count::Exact] {
            for (offset, limit) in [
                (0, 399),
                (0, 400),
                (0, 401),
                (399, 1),
                (399, 2),
                (400, 1),
                (401, 1),
                (0, 0),
                (400, 0),
                (u64::MAX, 1),
                (u64::MAX - 1, u64::MAX),
                (399, u64::MAX),
            ] {
                let page = prepared.run(PageRequest { offset, limit, count });
                let expected = 400_u64.saturating_sub(offset).min(limit);
                assert_eq!(page.records.len() as u64, expected, "{query} {offset} {limit}");
                assert_eq!(
                    page.has_more,
                    offset.saturating_add(limit) < 400,
                    "{query} {offset} {limit}"
                );
                assert_eq!(page.total, (count == Count::Exact).then_some(400));
            }
        }
    }
}

fn plan(table: &Table, query: &str) -> Plan {
    let bound = Binder::for_table(table.schema()).bind(&Query::parse(query));
    Plan::new(bound, OnInvalid::Forbid).unwrap()
}

/// A record that is shorter than its table when an order is made, and gets its text later.
#[test]
fn a_text_may_come_after_the_order() {
    let mut table = large(20_000, Table::new);
    table.push([("sys_id", "short".into())]).unwrap();
    let queries = ["ORDERBYDESCunique", "unique=name zz", "ORDERBYunique", "unique>name z"];
    for query in queries {
        often(&table, query);
    }
    table.update("short", [("unique", "Name zz".into())]).unwrap();
    pages_agree(&table, &queries);
    assert_eq!(table.query("unique=name zz").total, Some(1));
}

/// Rows of one value of the first key, in the order of further keys, are kept where they were asked for often,
/// until a value of these keys changes.
#[test]
fn sorts_by_several_keys_are_kept() {
    let mut table = large(20_000, Table::new);
    let queries = [
        "active=true^ORDERBYcity^ORDERBYDESCvisits^ORDERBYunique",
        "ORDERBYcity^ORDERBYDESCvisits^ORDERBYunique",
        "ORDERBYDESCborn^ORDERBYcreated",
        "uniqueLIKE7^ORDERBYDESCcity^ORDERBYsys_id",
        "uniqueLIKE7^ORDERBYDESCcity^ORDERBYDESCsys_id",
        "city!=oslo^ORDERBYgroup^ORDERBYborn^ORDERBYDESCcity",
        "ORDERBYcity^ORDERBYactive",
    ];
    let often = |table: &Table| {
        for query in queries {
            let plan = plan(table, query);
            for number in 0..60 {
                let page = PageRequest { offset: number % 7, limit: 3, count: Count::Skip };
                assert_eq!(plan.run(table, page).records.len(), 3);
            }
        }
    };
    for column in ["city", "visits", "unique", "born", "created", "sys_id", "group", "active"] {
        let _ = table.query(&format!("ORDERBY{column}"));
    }
    let _ = table.query("uniqueLIKE7");
    let before = table.index_size();
    often(&table);
    let held = table.index_size();
    assert!(held > before);
    pages_agree(&table, &queries);
    // Of keys further behind: the first rows become the last ones, and an empty one is filled.
    let first = |table: &Table, query: &str| {
        table.query(query).records[0].text("sys_id").unwrap().into_owned()
    };
    for round in 0..3 {
        for query in queries {
            let id = first(&table, query);
            let visits = round.to_string();
            let change = [("visits", visits.as_str()), ("created", "2020-02-02 02:02:02")];
            table.update(&id, change.map(|(name, text)| (name, text.into()))).unwrap();
        }
        pages_agree(&table, &queries);
        often(&table);
        pages_agree(&table, &queries);
    }
    // A record that goes is in no page.
    for query in queries {
        let id = first(&table, query);
        table.remove(&id).unwrap();
    }
    pages_agree(&table, &queries);
}

/// Texts of a dictionary are searched as far as the rows of a page need, or asked row by row where such a row
/// has one of the last.
#[test]
fn many_shared_texts_are_searched_late() {
    let mut table = large(5000, Table::new);
    let queries = [
        "uniqueLIKE7",
        "uniqueNOT LIKE7",
        "uniqueENDSWITHof 4990",
        "uniqueENDSWITH1",
        "uniqueLIKEzz",
        "unique!=name 0 of 0",
        "active=true^uniqueLIKE7^ORuniqueLIKE4",
        "uniqueLIKE77^NQuniqueENDSWITH9^city=oslo",
        "uniqueLIKE7^ORDERBYcity^ORDERBYunique",
    ];
    pages_agree(&table, &queries);
    assert!(means(&table, queries[0]).contains("0 dictionary"));
    // First rows with the last texts, with those of later rows, and without any.
    let id = |record: Record<'_>| record.text("sys_id").unwrap().into_owned();
    let ids: Vec<String> = table.records().take(200).map(id).collect();
    let texts = [(3, "new name 77"), (70, "Name 4900 of 4990"), (71, ""), (130, "one more, 1")];
    for (number, text) in texts {
        table.update(&ids[number], [("unique", text.into())]).unwrap();
    }
    table.remove(&ids[7]).unwrap();
    pages_agree(&table, &queries);
    assert_eq!(table.query("uniqueLIKEnew name 77").total, Some(1));
}

/// What helps is made by one thread, while others find the same without it.
#[test]
fn threads_ask_while_orders_are_made() {
    let table = large(20_000, Table::new);
    let queries = [
        "unique=name 0 of 0",
        "uniqueSTARTSWITHname 7^ORDERBYcreated",
        "active=true^ORDERBYunique",
        "city=oslo^born>1950-01-01",
        "created>=2024-01-07 00:00:00^created<2024-01-08 00:00:00^ORDERBYborn^ORDERBYvisits",
        "uniqueENDSWITH77^cityNOT INoslo,bergen",
    ];
    let told = |table: &Table, query: &str| {
        let page = table.query(query);
        let rows: Vec<usize> = page.records.iter().map(Record::number).collect();
        (rows, page.total)
    };
    let alone = queries.map(|query| told(&table.clone(), query));
    std::thread::scope(|scope| {
        for first in 0..4 {
            let (table, alone) = (&table, &alone);
            scope.spawn(move || {
                for number in first..first + 150 * queries.len() {
                    let number = number % queries.len();
                    assert_eq!(told(table, queries[number]), alone[number], "{}", queries[number]);
                }
            });
        }
    });
    assert!(table.index_size() > table.clone().index_size());
    pages_agree(&table, &queries);
}
