#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mispigeon_fuzz::attached("a.html", bytes));
