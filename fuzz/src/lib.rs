//! What the fuzz targets check. The targets are thin shells around the functions here, so that the
//! replay of seeds and past findings needs neither libFuzzer nor a nightly compiler.

pub mod dictionary;
pub mod evaluate;
pub mod http;
pub mod json;
#[expect(unused_imports, reason = "its now is for tests that have an environment")]
#[path = "../../tests/it/naive/mod.rs"]
mod naive;
pub mod parse;
pub mod regex;
pub mod roundtrip;
pub mod script;
mod text;
mod tree;
mod words;
mod world;

/// A target: its name and what it does with some input. It panics if a law does not hold.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 7] = [
    ("parse", parse::run),
    ("roundtrip", roundtrip::run),
    ("evaluate", evaluate::run),
    ("script", script::run),
    ("json", json::run),
    ("regex", regex::run),
    ("http", http::run),
];
