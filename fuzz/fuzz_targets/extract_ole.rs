#![no_main]
//! Compound files: Word, Excel, PowerPoint of 97 to 2003, Outlook messages.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let file = [&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..], bytes].concat();
    fuzz::extracted(&extract::extract_here("a", "", &file));
});
