//! See [`encoded_query_fuzz::parse`].

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| encoded_query_fuzz::parse::run(data));
