#![no_main]
//! HTML: what is seen, what is not, and what is shown to a reviewer, which carries nothing that runs.

use libfuzzer_sys::fuzz_target;
use mail::render::Html;

fuzz_target!(|bytes: &[u8]| {
    let html = Html::untrusted(&mail::plausible_text(bytes));
    let _ = (html.to_text(), html.hidden_text());
});
