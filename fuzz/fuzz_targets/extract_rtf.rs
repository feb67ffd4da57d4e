#![no_main]
//! RTF.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let file = [&b"{\\rtf1"[..], bytes].concat();
    fuzz::extracted(&extract::extract_here("a", "", &file));
});
