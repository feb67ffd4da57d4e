#![no_main]
//! What a stranger's verifier reads: notes, checkpoints, proofs, entries, tiles, bundles.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let _ = ledger::note::split(&text);
    let _ = ledger::Checkpoint::parse_note(&text);
    if let Ok(checkpoint) = ledger::Checkpoint::parse(&text) {
        assert_eq!(ledger::Checkpoint::parse(&checkpoint.body()).ok(), Some(checkpoint));
    }
    if let Ok(key) = ledger::Verifier::parse(&text) {
        let _ = ledger::proof::verify(&text, &key);
    }
    if let Ok(entry) = ledger::Entry::from_bytes(bytes) {
        assert!(ledger::Entry::from_bytes(&entry.to_bytes()).ok() == Some(entry));
    }
    let _ = ledger::tile::decode_bundle(bytes);
    let _ = ledger::tile::decode_tile(bytes, 256);
});
