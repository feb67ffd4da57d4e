#![no_main]
//! Archives and compressed files, from behind what makes them one: the first byte chooses which.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((which, rest)) = bytes.split_first() else { return };
    let file = match which % 7 {
        0 => [b"PK\x03\x04", rest].concat(),
        1 => fuzz::directory(rest),
        2 => fuzz::stored(&[("a", rest), ("a/b.zip", rest)]),
        3 => fuzz::seven_zip(rest),
        4 => fuzz::tar(rest),
        5 => [&b"\x1f\x8b\x08\0\0\0\0\0\0\xff"[..], rest].concat(),
        _ => [if which & 0x80 == 0 { &b"\xfd7zXZ\0"[..] } else { b"BZh9" }, rest].concat(),
    };
    fuzz::extracted(&extract::extract_here("a", "", &file));
});
