#![no_main]
//! A whole conversation: commands, parameters, content. Every line answered is an SMTP reply.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| fuzz::conversation(bytes));
