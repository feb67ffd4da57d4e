//! The AES-GCM vectors of C2SP Wycheproof, against the very functions that seal messages.

use std::path::PathBuf;

use super::hex;
use crate::aead::{AeadKey, TAG_BYTES};

fn corpus() -> Option<PathBuf> {
    let root = std::env::var_os("CEREBRO_CORPUS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus")),
        PathBuf::from,
    );
    root.is_dir().then_some(root)
}

#[test]
fn wycheproof_aes_256_gcm() {
    let Some(corpus) = corpus() else {
        eprintln!("skipped: no corpus");
        return;
    };
    let text = std::fs::read_to_string(corpus.join("crypto/wycheproof/aes_gcm_test.json")).unwrap();
    let vectors: serde_json::Value = serde_json::from_str(&text).unwrap();
    let (mut valid, mut invalid) = (0, 0);
    for group in vectors["testGroups"].as_array().unwrap() {
        // The envelope knows 256-bit keys, 96-bit nonces and 128-bit tags only.
        if (group["keySize"].as_u64(), group["ivSize"].as_u64(), group["tagSize"].as_u64())
            != (Some(256), Some(96), Some(128))
        {
            continue;
        }
        for test in group["tests"].as_array().unwrap() {
            let field = |name: &str| hex(test[name].as_str().unwrap());
            let key = AeadKey::new(field("key").as_slice().try_into().unwrap()).unwrap();
            let nonce = field("iv").try_into().unwrap();
            let (aad, plaintext) = (field("aad"), field("msg"));
            let sealed = [field("ct"), field("tag")].concat();
            let mut opened = vec![0; sealed.len() - TAG_BYTES];
            let answer = key.open(&nonce, &aad, &sealed, &mut opened);
            let id = &test["tcId"];
            if test["result"] == "valid" {
                assert!(answer.is_ok(), "test {id} opens");
                assert_eq!(opened, plaintext, "test {id}");
                let mut again = Vec::new();
                key.seal(&nonce, &aad, &plaintext, &mut again).unwrap();
                assert_eq!(again, sealed, "test {id} seals");
                valid += 1;
            } else {
                assert!(answer.is_err(), "test {id} does not open");
                invalid += 1;
            }
        }
    }
    assert!(valid >= 30 && invalid >= 20, "too few vectors: {valid} valid, {invalid} invalid");
}
