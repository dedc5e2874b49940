//! See [`encoded_query_fuzz::script`].

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| encoded_query_fuzz::script::run(data));
