//! Text to tree, and tree to tests: time by kind and length of query.

#![expect(clippy::unwrap_used, reason = "a bench")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use encoded_query::{Binder, FixedEnvironment, Query, Schema};

const SHORT: &str = "active=true^nameLIKEwarren^ORDERBYname";
const MEDIAN: &str = "active=true^email=george@warren.example";
const TWELVE: &str = "active=true^nameLIKEwar^ORemailLIKEwar^ORphoneLIKEwar^ORmobile_phoneLIKEwar\
    ^accountISNOTEMPTY^vip!=true^sys_created_on>=2018-01-01^countryINUSA,DEU,JPN^titleSTARTSWITHNet\
    ^NQlocked_out=true^failed_attempts>3^ORDERBYname";

const SCRIPTS: &str = "sys_created_on>=javascript:gs.beginningOfLast30Days()\
    ^sys_updated_onBETWEENjavascript:gs.daysAgoStart(7)@javascript:gs.endOfToday()";

fn parse(c: &mut Criterion) {
    let mut group = c.benchmark_group("parse");
    for (name, text) in [("short", SHORT), ("median", MEDIAN), ("twelve conditions", TWELVE)] {
        group.bench_function(name, |b| b.iter(|| Query::parse(black_box(text))));
    }
    // Linear: sixteen times the text takes sixteen times the time.
    for kib in [4, 64] {
        let text = "name=warren^ORcityLIKEorlando^".repeat(kib * 1024 / 30);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(format!("{kib} KiB"), |b| {
            b.iter(|| Query::parse(black_box(text.as_str())));
        });
    }
    group.finish();
}

fn bind(c: &mut Criterion) {
    let schema = Schema::customer_contact();
    let environment = FixedEnvironment::default().with_now("2026-01-15 12:00:00".parse().unwrap());
    let binder = Binder::for_table(&schema).environment(&environment);
    let mut group = c.benchmark_group("bind");
    let texts = [
        ("short", SHORT),
        ("median", MEDIAN),
        ("twelve conditions", TWELVE),
        ("three scripts", SCRIPTS),
    ];
    for (name, text) in texts {
        let query = Query::parse(text);
        assert!(!binder.bind(&query).diagnostics().has_errors());
        group.bench_function(name, |b| b.iter(|| binder.bind(black_box(&query))));
    }
    group.finish();
}

criterion_group!(benches, parse, bind);
criterion_main!(benches);
