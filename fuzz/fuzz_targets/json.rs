//! See [`encoded_query_fuzz::json`].

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| encoded_query_fuzz::json::run(data));
