#![no_main]
//! A message and all its views: read within bounds, every region and place inside its text.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let message = mail::parse(bytes);
    for text in message.all_texts() {
        for region in &text.regions {
            assert!(text.text.get(region.start..region.end).is_some());
        }
    }
    let _ = (message.all_attachments(), message.all_defects(), message.is_ambiguous());
    assert!(mail::parse(bytes) == message);
});
