//! What opens is what was sealed, whole, in order, in its place; the format is the documented one.

use aws_lc_rs::digest;
use proptest::prelude::*;
use vocabulary::{Entropy, OrganisationId, SystemEntropy};

use super::{CONTEXT, Instance, hex, month, organisation, to_hex};
use crate::aead::{AeadKey, TAG_BYTES};
use crate::envelope::{self, HEADER_BYTES, Header};
use crate::{Class, KeyId, Keyring, OpenError, SealError, sealed_length};

const CHUNK: usize = 64 * 1024 + TAG_BYTES;

fn seal(keyring: &Keyring, plaintext: &[u8]) -> Vec<u8> {
    let entropy = SystemEntropy::default();
    keyring.seal(organisation(1), Class::Content, month(), CONTEXT, plaintext, &entropy).unwrap().into_bytes()
}

fn opens(keyring: &Keyring, sealed: &[u8]) -> bool {
    keyring.open_sealed(organisation(1), CONTEXT, sealed).is_ok()
}

fn text(length: usize) -> Vec<u8> {
    (0..length).map(|i| (i % 251) as u8).collect()
}

#[test]
fn every_byte_counts() {
    let instance = Instance::new();
    let sealed = seal(&instance.keyring, b"virement de 12 000 EUR");
    assert!(opens(&instance.keyring, &sealed));
    for place in 0..sealed.len() {
        for bit in [0x01, 0x80] {
            let mut altered = sealed.clone();
            altered[place] ^= bit;
            assert!(!opens(&instance.keyring, &altered), "byte {place}");
        }
    }
    for length in 0..sealed.len() {
        assert!(!opens(&instance.keyring, &sealed[..length]), "cut to {length}");
    }
    assert!(!opens(&instance.keyring, &[sealed.as_slice(), &[0]].concat()), "a byte more");
}

#[test]
fn chunks_keep_their_place() {
    let instance = Instance::new();
    let sealed = seal(&instance.keyring, &text(3 * 64 * 1024 + 5));
    let other = seal(&instance.keyring, &text(3 * 64 * 1024 + 5));
    assert!(opens(&instance.keyring, &sealed));
    let (header, body) = sealed.split_at(HEADER_BYTES);
    let chunks: Vec<&[u8]> = body.chunks(CHUNK).collect();
    let (a, b, c, last) = (chunks[0], chunks[1], chunks[2], chunks[3]);
    let foreign = &other[HEADER_BYTES..HEADER_BYTES + CHUNK];
    let cases: [(&str, Vec<&[u8]>); 7] = [
        ("swapped", vec![b, a, c, last]),
        ("repeated", vec![a, a, c, last]),
        ("last one missing", vec![a, b, c]),
        ("middle one missing", vec![a, c, last]),
        ("last one first", vec![last, b, c, a]),
        ("one of another message", vec![foreign, b, c, last]),
        ("one more", vec![a, b, c, c, last]),
    ];
    for (case, parts) in cases {
        assert!(!opens(&instance.keyring, &[header, &parts.concat()].concat()), "{case}");
    }
    for place in [0, CHUNK - 1, CHUNK, 2 * CHUNK + 77, body.len() - 1] {
        let mut altered = sealed.clone();
        altered[HEADER_BYTES + place] ^= 4;
        assert!(!opens(&instance.keyring, &altered), "body byte {place}");
    }
    assert!(
        !opens(&instance.keyring, &[&other[..HEADER_BYTES], body].concat()),
        "the header of another message"
    );
}

#[test]
fn another_place_another_owner() {
    let instance = Instance::new();
    let entropy = SystemEntropy::default();
    let keyring = &instance.keyring;
    let sealed = seal(keyring, b"x");
    for context in [&b"flow_y/body"[..], b"", b"flow_x/bod", b"flow_x/body\0"] {
        assert!(matches!(keyring.open_sealed(organisation(1), context, &sealed), Err(OpenError::Corrupt)));
    }
    assert!(matches!(keyring.open_sealed(organisation(2), CONTEXT, &sealed), Err(OpenError::Foreign)));
    // Sealed by the other organisation and passed off as ours: the owner in the header is vouched for by the wrap.
    let theirs = keyring.seal(organisation(2), Class::Content, month(), CONTEXT, b"x", &entropy).unwrap();
    let _ = seal(keyring, b"so that our key exists");
    let mut relabelled = theirs.into_bytes();
    relabelled[5..21].copy_from_slice(organisation(1).as_bytes());
    assert!(matches!(keyring.open_sealed(organisation(1), CONTEXT, &relabelled), Err(OpenError::Corrupt)));
    // The same for the class.
    let evidence = keyring.seal(organisation(1), Class::Evidence, month(), CONTEXT, b"x", &entropy).unwrap();
    let mut relabelled = evidence.into_bytes();
    relabelled[21] = 1;
    assert!(matches!(keyring.open_sealed(organisation(1), CONTEXT, &relabelled), Err(OpenError::Corrupt)));
}

#[test]
fn a_later_version_is_named() {
    let instance = Instance::new();
    let mut sealed = seal(&instance.keyring, b"x");
    sealed[4] = 3;
    assert!(matches!(
        instance.keyring.open_sealed(organisation(1), CONTEXT, &sealed),
        Err(OpenError::Version(3))
    ));
}

#[test]
fn bounds_are_kept() {
    let instance = Instance::new();
    let entropy = SystemEntropy::default();
    let context = vec![b'x'; vocabulary::bounds::SEALED_CONTEXT_BYTES_MAX + 1];
    let answer = instance.keyring.seal(organisation(1), Class::Content, month(), &context, b"x", &entropy);
    assert!(matches!(answer, Err(SealError::TooLong)));
    // A header that claims more than its body holds costs no memory.
    let mut sealed = seal(&instance.keyring, b"x");
    sealed[29..37].copy_from_slice(&u64::MAX.to_be_bytes());
    assert!(!opens(&instance.keyring, &sealed));
}

#[test]
fn the_same_plaintext_never_looks_the_same() {
    let instance = Instance::new();
    let (one, two) = (seal(&instance.keyring, &[0; 64]), seal(&instance.keyring, &[0; 64]));
    assert_ne!(one[HEADER_BYTES..], two[HEADER_BYTES..]);
    assert!(!one.windows(16).any(|window| window == [0; 16]));
}

/// Hands out 0, 1, 2, …
#[derive(Debug)]
struct Counting;

impl Entropy for Counting {
    fn fill(&self, into: &mut [u8]) {
        for (place, byte) in into.iter_mut().enumerate() {
            *byte = place as u8;
        }
    }
}

/// The vectors of docs/formats/envelope.md.
#[test]
fn the_documented_vectors() {
    let owner: OrganisationId = "org_01h455vb4pex5vsknk084sn02q".parse().unwrap();
    let key = KeyId { organisation: owner, class: Class::Content, month: month(), generation: 1 };
    assert_eq!(key.to_string(), "org_01h455vb4pex5vsknk084sn02q.content.2033-11.1");
    let wrapping = AeadKey::new(&[0xA5; 32]).unwrap();
    let short = envelope::seal(&wrapping, key, b"flow_example/body", b"Bonjour.", &Counting).unwrap();
    assert_eq!(to_hex(short.as_bytes()), SHORT_VECTOR);
    let long = envelope::seal(&wrapping, key, b"flow_example/body", &text(65_537), &Counting).unwrap();
    assert_eq!(long.as_bytes().len(), 65_666);
    assert_eq!(to_hex(digest::digest(&digest::SHA256, long.as_bytes()).as_ref()), LONG_VECTOR_SHA256);
    let bytes = hex(SHORT_VECTOR);
    let (header, body) = bytes.split_at(HEADER_BYTES);
    let opened = Header::read(header, owner).ok().unwrap().open(&wrapping, b"flow_example/body", body);
    assert_eq!(opened.ok().unwrap(), b"Bonjour.");
    let document = include_str!("../../../../docs/formats/envelope.md").replace(['\n', ' '], "");
    assert!(
        document.contains(SHORT_VECTOR) && document.contains(LONG_VECTOR_SHA256),
        "the page says the same"
    );
}

const SHORT_VECTOR: &str = concat!(
    "435242450101890a5dac96774bbcceb302099a80570107f10b00000001000000000000000820212223242526",
    "2728292a2bd745bca69fb0b97239a27e70feb18cb2137f51dbe29397977c98a9322a316afd0dc787547c7347",
    "f5596cb262eca7cff40659a3c0632f868671f9e9d04591ad6ffdca33c19961a2f3",
);
const LONG_VECTOR_SHA256: &str = "453e969b291590b00e07c645fd735c78706a847ed376d1c3b7a20acf705b7e34";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn what_is_sealed_opens(length in prop_oneof![0usize..300, 65_500usize..65_600, 0usize..300 * 1024], context: Vec<u8>) {
        let instance = Instance::new();
        let plaintext = text(length);
        let entropy = SystemEntropy::default();
        let sealed =
            instance.keyring.seal(organisation(3), Class::Evidence, month(), &context, &plaintext, &entropy).unwrap();
        prop_assert_eq!(sealed.as_bytes().len(), sealed_length(length));
        let opened = instance.again().open_sealed(organisation(3), &context, sealed.as_bytes()).unwrap();
        prop_assert_eq!(opened, plaintext);
    }

    #[test]
    fn any_bytes_are_refused(bytes: Vec<u8>, keep in 0usize..30) {
        let instance = Instance::new();
        let real = seal(&instance.keyring, b"x");
        let bytes = [&real[..keep], &bytes].concat();
        prop_assert!(!opens(&instance.keyring, &bytes));
    }
}
