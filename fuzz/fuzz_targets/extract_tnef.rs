#![no_main]
//! winmail.dat.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let file = [&b"\x78\x9f\x3e\x22"[..], bytes].concat();
    fuzz::extracted(&extract::extract_here("a", "", &file));
});
