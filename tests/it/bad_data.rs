//! Data files that must not load: each is refused with one line that names the file and the fault, as it
//! is and packed with gzip, and as standard input.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use super::cli::{Temporary, run, run_with};

/// What a case holds.
fn content(case: &Value) -> Vec<u8> {
    let content = match &case["bytes"] {
        Value::Array(bytes) => {
            bytes.iter().map(|b| u8::try_from(b.as_u64().unwrap()).unwrap()).collect()
        }
        _ => case["content"].as_str().unwrap().as_bytes().to_vec(),
    };
    content.repeat(usize::try_from(case["repeat"].as_u64().unwrap_or(1)).unwrap())
}

#[test]
fn is_refused() {
    let cases = include_str!("../data/bad-data.jsonl").lines();
    for (number, case) in cases.enumerate() {
        let case: Value = serde_json::from_str(case).unwrap();
        let (content, said) = (content(&case), case["said"].as_str().unwrap());
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&content).unwrap();
        let packed = encoder.finish().unwrap();
        for (how, data) in [("plain", &content), ("packed", &packed)] {
            let file = Temporary::new(&format!("bad-{number}-{how}"), data);
            for command in ["query", "count"] {
                let ran = run(&[command, file.path(), ""]);
                assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{case}");
                let line = ran.err.strip_prefix(&format!("encq: {}: ", file.path())).unwrap();
                assert!(line.contains(said) && line.lines().count() == 1, "{case}: {line}");
            }
        }
        if let Ok(text) = std::str::from_utf8(&content) {
            let ran = run_with(&["count", "-", ""], text);
            let line = ran.err.strip_prefix("encq: standard input: ").unwrap();
            assert!(ran.code == 2 && line.contains(said), "{case}: {line}");
        }
    }
}
