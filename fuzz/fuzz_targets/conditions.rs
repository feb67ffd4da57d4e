#![no_main]
//! Conditions of controls: accepted or refused with a reason, never more.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &str| {
    match compliance::condition::Condition::compile(source) {
        Ok(condition) => drop(condition.is_per_recipient()),
        Err(refusal) => assert!(!refusal.to_string().is_empty()),
    }
});
