#![no_main]
//! A PDF, from behind its first line.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let file = [&b"%PDF-1.4\n"[..], bytes].concat();
    fuzz::extracted(&extract::extract_here("a", "", &file));
});
