//! See [`encoded_query_fuzz::roundtrip`].

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| encoded_query_fuzz::roundtrip::run(data));
