//! See [`encoded_query_fuzz::http`].

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| encoded_query_fuzz::http::run(data));
