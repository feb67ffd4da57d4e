use std::path::PathBuf;

use super::*;
use proptest::prelude::*;

const VECTORS: &str = include_str!("../../data/webauthn-level-3.txt");

/// One pair of ceremonies of the specification.
#[derive(Clone)]
struct Vector {
    name: &'static str,
    parts: [Vec<u8>; 7],
}

fn hex(text: &str) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).unwrap() as u8;
    text.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}

fn vectors() -> Vec<Vector> {
    let mut lines = VECTORS.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let mut all = Vec::new();
    while let Some(name) = lines.next() {
        all.push(Vector { name, parts: std::array::from_fn(|_| hex(lines.next().unwrap())) });
    }
    all
}

fn vector(name: &str) -> Vector {
    vectors().into_iter().find(|vector| vector.name == name).unwrap()
}

fn party() -> RelyingParty {
    RelyingParty::of("https://example.org").unwrap()
}

fn challenge(bytes: &[u8]) -> Challenge {
    Challenge(bytes.try_into().unwrap())
}

/// Where authenticator data stands in an attestation object: at the hash of `example.org`.
fn data_at(object: &[u8]) -> usize {
    object.windows(4).position(|four| four == [0xbf, 0xab, 0xc3, 0x74]).unwrap()
}

impl Vector {
    fn credential_id(&self) -> Vec<u8> {
        let at = data_at(&self.parts[2]) + 32 + 1 + 4 + 16;
        let length = usize::from(u16::from_be_bytes([self.parts[2][at], self.parts[2][at + 1]]));
        self.parts[2][at + 2..at + 2 + length].to_vec()
    }

    fn registration(&self) -> Result<Registration, WebauthnError> {
        let b64 = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let text = serde_json::json!({
            "id": b64(&self.credential_id()), "rawId": b64(&self.credential_id()), "type": "public-key",
            "response": { "clientDataJSON": b64(&self.parts[1]), "attestationObject": b64(&self.parts[2]),
                "transports": ["usb", "nfc", "</script>"] },
            "clientExtensionResults": {},
        });
        Registration::parse(&text.to_string())
    }

    fn register(&self) -> Result<(Credential, u32), WebauthnError> {
        self.registration()?.verify(&party(), challenge(&self.parts[0]), &Models::default())
    }

    fn assertion(&self) -> Result<Assertion, WebauthnError> {
        let b64 = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let text = serde_json::json!({
            "id": b64(&self.credential_id()), "rawId": b64(&self.credential_id()), "type": "public-key",
            "response": { "clientDataJSON": b64(&self.parts[5]), "authenticatorData": b64(&self.parts[4]),
                "signature": b64(&self.parts[6]), "userHandle": null },
        });
        Assertion::parse(&text.to_string())
    }

    /// The credential the registration makes, whether or not its user was verified.
    fn credential(&self) -> Credential {
        let mut verified = self.clone();
        let flags = data_at(&verified.parts[2]) + 32;
        verified.parts[2][flags] |= 0x04;
        verified.register().unwrap().0
    }

    fn assert(&self) -> Result<u32, WebauthnError> {
        self.assertion()?.verify(&party(), challenge(&self.parts[3]), &self.credential(), b"user")
    }
}

/// The person is verified in some of the specification's ceremonies and not in others: what is not passes every step
/// but the last, signature included.
#[test]
fn w1_the_ceremonies_of_the_specification() {
    let unverified = WebauthnError::NotVerified;
    let table = [
        ("none-es256", Err(unverified), Err(unverified)),
        ("packed-self-es256", Ok(0), Err(unverified)),
        ("packed-eddsa", Err(unverified), Err(unverified)),
        ("packed-rs256", Ok(0), Err(unverified)),
        ("none-es256-long-credential-id", Err(unverified), Ok(0)),
        ("fido-u2f-es256", Err(unverified), Err(unverified)),
    ];
    for (name, registered, asserted) in table {
        let vector = vector(name);
        assert_eq!(vector.register().map(|(_, counter)| counter), registered, "{name}");
        assert_eq!(vector.assert(), asserted, "{name}");
        let credential = vector.credential();
        assert_eq!(
            (credential.id, credential.transports),
            (vector.credential_id(), vec!["usb".into(), "nfc".into()])
        );
    }
}

#[test]
fn w3_one_bit_of_any_signature_or_of_what_it_signs() {
    for name in ["none-es256", "packed-self-es256", "packed-eddsa", "packed-rs256"] {
        let right = vector(name);
        for place in 0..right.parts[6].len() {
            let mut bad = right.clone();
            bad.parts[6][place] ^= 1;
            assert_eq!(bad.assert(), Err(WebauthnError::Signature), "{name} signature, byte {place}");
        }
        // The counter stands in the last four bytes of authenticator data.
        for place in 33..37 {
            let mut bad = right.clone();
            bad.parts[4][place] ^= 1;
            assert_eq!(bad.assert(), Err(WebauthnError::Signature), "{name} counter, byte {place}");
        }
    }
    let mut bad = vector("packed-self-es256");
    let at = data_at(&bad.parts[2]) + 33;
    bad.parts[2][at] ^= 1;
    assert_eq!(bad.register(), Err(WebauthnError::Attestation), "self attestation signs the counter");
}

#[test]
fn w2_another_origin_frame_party_type_challenge_or_user() {
    let right = vector("packed-self-es256");
    let credential = right.credential();
    let (asked, answer) = (challenge(&right.parts[3]), right.assertion().unwrap());
    let verify = |party: &str, challenge, credential: &Credential| {
        answer.verify(&RelyingParty::of(party).unwrap(), challenge, credential, b"user")
    };
    let home = "https://example.org";
    assert_eq!(verify("https://example.org:8443", asked, &credential), Err(WebauthnError::Origin));
    assert_eq!(verify("https://www.example.org", asked, &credential), Err(WebauthnError::Origin));
    assert_eq!(verify(home, challenge(&right.parts[0]), &credential), Err(WebauthnError::Challenge));
    let other = Credential { id: vec![1], ..credential.clone() };
    assert_eq!(verify(home, asked, &other), Err(WebauthnError::Credential));
    let moved = Credential { backup_eligible: !credential.backup_eligible, ..credential.clone() };
    assert_eq!(verify(home, asked, &moved), Err(WebauthnError::Backup), "W7: eligibility never changes");
    for name in ["none-es256-crossOrigin", "none-es256-topOrigin"] {
        assert_eq!(vector(name).assert_framed(), Err(WebauthnError::Origin), "{name}");
    }
    // The answer of one ceremony brought to the other.
    let mut crossed = right.clone();
    (crossed.parts[5], crossed.parts[3]) = (right.parts[1].clone(), right.parts[0].clone());
    assert_eq!(crossed.assert(), Err(WebauthnError::Type));
    // The hash of another party's id, first in authenticator data.
    let mut party = right.clone();
    party.parts[4][0] ^= 1;
    assert_eq!(party.assert(), Err(WebauthnError::RelyingParty));
}

impl Vector {
    /// With a credential made at the top level: only the assertion is framed.
    fn assert_framed(&self) -> Result<u32, WebauthnError> {
        let credential = Credential { id: self.credential_id(), ..vector("none-es256").credential() };
        self.assertion()?.verify(&party(), challenge(&self.parts[3]), &credential, b"user")
    }
}

#[test]
fn w4_w7_presence_and_backup_flags() {
    let right = vector("none-es256");
    let with = |flags: u8| {
        let mut changed = right.clone();
        changed.parts[4][32] = flags;
        changed.assert()
    };
    assert_eq!(with(0x18), Err(WebauthnError::NotPresent));
    assert_eq!(with(0x11), Err(WebauthnError::Backup), "backed up and not eligible");
    // A flag that is signed and was not: everything before the signature passes.
    assert_eq!(with(0x1d), Err(WebauthnError::Signature));
    for flags in [0x59, 0x99] {
        assert_eq!(
            with(flags),
            Err(WebauthnError::Malformed(if flags == 0x59 { "authenticator data" } else { "CBOR" }))
        );
    }
}

#[test]
fn w9_an_algorithm_that_was_not_offered() {
    assert_eq!(vector("packed-es384").register().unwrap_err(), WebauthnError::Algorithm);
    // COSE says ES256 for a key of another curve, or of none.
    let credential = vector("none-es256").credential();
    for (place, byte) in [(2, 0x01), (4, 0x27), (6, 0x02), (8, 0x57)] {
        let mut key = credential.key.clone();
        key[place] = byte;
        assert!(cose::Key::parse(&key).is_err(), "byte {place}");
    }
    let mut off_curve = credential;
    off_curve.key[20] ^= 1;
    let right = vector("none-es256");
    let answer = right.assertion().unwrap();
    let verified = answer.verify(&party(), challenge(&right.parts[3]), &off_curve, b"user");
    assert_eq!(verified, Err(WebauthnError::Signature));
}

/// The ECDSA vectors of C2SP Wycheproof, through the key as an authenticator writes it.
#[test]
fn w9_signatures_that_look_like_one() {
    let root = std::env::var_os("CEREBRO_CORPUS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus")),
        PathBuf::from,
    );
    let Ok(text) = std::fs::read_to_string(root.join("crypto/wycheproof/ecdsa_secp256r1_sha256_test.json"))
    else {
        eprintln!("skipped: no corpus");
        return;
    };
    let vectors: serde_json::Value = serde_json::from_str(&text).unwrap();
    let part = |value: &serde_json::Value| hex(value.as_str().unwrap());
    let mut counts = [0, 0];
    for group in vectors["testGroups"].as_array().unwrap() {
        let point = part(&group["publicKey"]["uncompressed"]);
        let head = [0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32];
        let key = [&head[..], &point[1..33], &[0x22, 0x58, 32], &point[33..]].concat();
        let key = cose::Key::parse(&key).unwrap();
        for test in group["tests"].as_array().unwrap() {
            let is_valid = test["result"] == "valid";
            let verified = key.verify(&part(&test["msg"]), &part(&test["sig"])).is_ok();
            assert_eq!(verified, is_valid, "{} {}", test["tcId"], test["comment"]);
            counts[usize::from(is_valid)] += 1;
        }
    }
    assert_eq!(counts, [310, 174]);
}

#[test]
fn w8_a_list_of_models_is_kept_to() {
    let right = vector("packed-self-es256");
    let aaguid = right.credential().aaguid;
    let register =
        |models| right.registration().unwrap().verify(&party(), challenge(&right.parts[0]), &Models(models));
    assert!(register(vec![Aaguid([7; 16]), aaguid]).is_ok());
    assert_eq!(register(vec![Aaguid([7; 16])]).unwrap_err(), WebauthnError::Model);
    assert_eq!(
        Models(vec![Aaguid([0; 16])]).check(Aaguid([0; 16])),
        Err(WebauthnError::Model),
        "no model at all is none of a list"
    );
    assert_eq!((Models::default().conveyance(), Models(vec![aaguid]).conveyance()), ("none", "direct"));
}

#[test]
fn w5_a_counter_moves_forward_or_is_none() {
    for (kept, shown, judged) in [
        (0, 0, Counter::Good(0)),
        (0, 1, Counter::Good(1)),
        (5, 6, Counter::Good(6)),
        (5, u32::MAX, Counter::Good(u32::MAX)),
        (5, 5, Counter::WentBack),
        (5, 3, Counter::WentBack),
        (5, 0, Counter::WentBack),
    ] {
        assert_eq!(judge(kept, shown), judged, "{kept} then {shown}");
    }
}

proptest! {
    #[test]
    fn w11_any_attestation_object_and_authenticator_data_is_read_or_refused(bytes: Vec<u8>, cut in 0usize..300, bit in 0usize..2400) {
        let mut vector = vector("packed-self-es256");
        let id = vector.credential_id();
        let _ = authenticator::AuthenticatorData::parse(&bytes);
        let _ = cose::Key::parse(&bytes);
        let object = &mut vector.parts[2];
        object.truncate(object.len().saturating_sub(cut % 40));
        let at = (bit / 8) % object.len();
        object[at] ^= 1 << (bit % 8);
        let text = URL_SAFE_NO_PAD.encode(&vector.parts[2]);
        let (id, client) = (URL_SAFE_NO_PAD.encode(id), URL_SAFE_NO_PAD.encode(&vector.parts[1]));
        let json = format!(r#"{{"rawId":"{id}","type":"public-key","response":{{"clientDataJSON":"{client}","attestationObject":"{text}"}}}}"#);
        let read = Registration::parse(&json);
        // Every bit counts: no altered registration passes.
        prop_assert!(read.and_then(|read| read.verify(&party(), challenge(&vector.parts[0]), &Models::default())).is_err());
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        let _ = Registration::parse(&text);
        let _ = Assertion::parse(&text);
    }
}
