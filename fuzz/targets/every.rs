#![no_main]

use std::sync::LazyLock;

static TARGET: LazyLock<String> = LazyLock::new(|| std::env::var("MISPIGEON_FUZZ").unwrap_or_default());

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mispigeon_fuzz::target(&TARGET, bytes));
