//! Loading 20,000 made-up contacts, in bytes of their text a second; beside `serde_json` reading the
//! same NDJSON into maps.

#![expect(clippy::unwrap_used, reason = "a bench")]

use std::collections::BTreeMap;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use encoded_query::load::{Columns, LoadOptions, load};
use encoded_query::{Schema, demo};

const RECORDS: usize = 20_000;

fn loading(c: &mut Criterion) {
    let contacts = demo::contacts(demo::DEMO_SEED).take(RECORDS);
    let line = |contact: Vec<(&'static str, String)>| {
        serde_json::to_string(&contact.into_iter().collect::<BTreeMap<_, _>>()).unwrap()
    };
    let lines: Vec<String> = contacts.map(line).collect();
    let (ndjson, array) = (lines.join("\n"), format!("[{}]", lines.join(",\n")));
    let (schema, unknown) = (Schema::customer_contact(), Schema::new("contact", []));
    let extended = LoadOptions::default();
    let mut inferred = LoadOptions::default();
    inferred.columns = Columns::Infer;
    let mut group = c.benchmark_group("load");
    group.sample_size(10);
    for (name, text, schema, options) in [
        ("NDJSON", &ndjson, &schema, &extended),
        ("JSON array", &array, &schema, &extended),
        ("NDJSON with types inferred", &ndjson, &unknown, &inferred),
        #[cfg(feature = "csv")]
        ("CSV", &csv_of(&ndjson), &schema, &extended),
    ] {
        let run = || load(text.as_bytes(), schema.clone(), options).unwrap();
        assert_eq!(run().table.len(), RECORDS);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |b| b.iter_with_large_drop(run));
    }
    group.throughput(Throughput::Bytes(ndjson.len() as u64));
    group.bench_function("NDJSON into maps by serde_json", |b| {
        let read = |line: &str| serde_json::from_str::<BTreeMap<String, String>>(line).unwrap();
        b.iter_with_large_drop(|| ndjson.lines().map(read).collect::<Vec<_>>());
    });
    group.finish();
}

/// The same records as CSV.
#[cfg(feature = "csv")]
fn csv_of(ndjson: &str) -> String {
    let loaded =
        load(ndjson.as_bytes(), Schema::customer_contact(), &LoadOptions::default()).unwrap();
    let fields: Vec<&str> =
        loaded.table.schema().fields().iter().map(|field| &*field.name).collect();
    let mut out = Vec::new();
    let formulas = encoded_query::csv::Formulas::Keep;
    encoded_query::csv::write(&mut out, &fields, loaded.table.records(), formulas).unwrap();
    String::from_utf8(out).unwrap()
}

criterion_group!(benches, loading);
criterion_main!(benches);
