use std::path::PathBuf;
use std::time::Duration;

use proptest::prelude::*;
use vocabulary::SeededEntropy;

use super::*;

fn rfc() -> TotpSecret {
    TotpSecret::from_bytes(b"12345678901234567890".to_vec())
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000)
}

#[test]
fn t1_the_vectors_of_rfc_6238() {
    let root = std::env::var_os("CEREBRO_CORPUS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus")),
        PathBuf::from,
    );
    let Ok(text) = std::fs::read_to_string(root.join("crypto/totp/rfc6238_vectors.json")) else {
        eprintln!("skipped: no corpus");
        return;
    };
    let vectors: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    assert!(vectors.len() >= 18);
    for vector in vectors {
        let algorithm = match vector["algorithm"].as_str().unwrap() {
            "SHA1" => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            "SHA256" => hmac::HMAC_SHA256,
            _ => hmac::HMAC_SHA512,
        };
        let step = vector["time"].as_u64().unwrap() / STEP_SECONDS;
        let code: [u8; 8] = digits(hotp(vector["key_ascii"].as_str().unwrap().as_bytes(), step, algorithm));
        assert_eq!(std::str::from_utf8(&code).unwrap(), vector["code"].as_str().unwrap(), "{vector}");
    }
}

#[test]
fn t1_the_vectors_of_rfc_4226() {
    let expected =
        ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
    for (counter, code) in expected.iter().enumerate() {
        assert_eq!(rfc().code_of(counter as u64), code.as_bytes());
    }
    assert_eq!(rfc().code_at(at(59)).expose(), "287082");
}

#[test]
fn t6_one_step_of_drift_and_no_more() {
    // The code of step 10, which lasts from second 300 to second 329.
    let code = rfc().code_at(at(300)).expose().clone();
    for (second, step) in [
        (269, None),
        (270, Some(10)),
        (300, Some(10)),
        (329, Some(10)),
        (359, Some(10)),
        (360, None),
        (-1, None),
    ] {
        assert_eq!(rfc().verify(&code, at(second), 0), step, "at second {second}");
    }
}

#[test]
fn t2_t4_t7_a_step_is_good_once() {
    let now = at(1_795_530_720);
    let code = rfc().code_at(now).expose().clone();
    let step = rfc().verify(&code, now, 0).unwrap();
    assert_eq!(rfc().verify(&code, now, step), None);
    // Nor an earlier one after it, even when the clock is set back.
    let earlier = rfc().code_at(now.minus(Duration::from_secs(30))).expose().clone();
    assert!(rfc().verify(&earlier, now, 0).is_some());
    assert_eq!(rfc().verify(&earlier, now, step), None);
    assert_eq!(rfc().verify(&code, now.minus(Duration::from_secs(3600)), step), None);
    // The next one is good.
    let next = rfc().code_at(now.plus(Duration::from_secs(30))).expose().clone();
    assert_eq!(rfc().verify(&next, now.plus(Duration::from_secs(30)), step), Some(step + 1));
}

#[test]
fn t9_secrets_have_160_bits_and_differ() {
    let entropy = vocabulary::SeededEntropy::new(9);
    let mut secrets: Vec<_> =
        (0..1000).map(|_| TotpSecret::generate(&entropy).expose().expose().clone()).collect();
    assert!(secrets.iter().all(|secret| secret.len() * 8 == 160));
    secrets.sort_unstable();
    secrets.dedup();
    assert_eq!(secrets.len(), 1000);
}

#[test]
fn what_is_not_a_code() {
    let now = at(59);
    assert_eq!(rfc().verify("287 082", now, 0), Some(1));
    for presented in
        ["", "28708", "2870822", "28708a", "-87082", "２８７０８２", "287082\u{0}", &"2".repeat(1_000_000)]
    {
        assert_eq!(rfc().verify(presented, now, 0), None);
    }
}

#[test]
fn what_the_app_reads() {
    let uri = rfc().otpauth("CEREBRO Orvéane", "ines@orveane.example");
    assert_eq!(
        uri.expose(),
        "otpauth://totp/CEREBRO%20Orv%C3%A9ane:ines%40orveane.example\
         ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=CEREBRO%20Orv%C3%A9ane&algorithm=SHA1&digits=6&period=30"
    );
    assert_eq!(format!("{:?}", rfc()), "TotpSecret(…)");
    let secret = TotpSecret::generate(&SeededEntropy::new(1));
    assert_eq!(secret.expose().expose().len(), SECRET_BYTES);
    assert_eq!(secret.base32().expose().len(), 32);
}

proptest! {
    #[test]
    fn t2_t4_whatever_is_presented_no_step_comes_twice(seconds in proptest::collection::vec(0i64..600, 1..60), drift in -1i64..=1) {
        let mut last = 0;
        for second in seconds {
            let code = rfc().code_at(at(second + 1_000 + drift * 30)).expose().clone();
            if let Some(step) = rfc().verify(&code, at(second + 1_000), last) {
                prop_assert!(step > last);
                prop_assert!(step.abs_diff((second as u64 + 1_000) / 30) <= 1);
                last = step;
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}", second in i64::MIN / 1_000_000..i64::MAX / 1_000_000) {
        let _ = rfc().verify(&text, at(second), 0);
    }
}
