#![no_main]
//! A file of any kind: text with its places, nothing, or a reason.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| fuzz::extracted(&extract::extract_here("a", "", bytes)));
