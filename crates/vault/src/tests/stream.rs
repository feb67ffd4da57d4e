//! Envelopes sealed and opened piece by piece: same promises, and the documented format.

use proptest::prelude::*;
use vocabulary::SystemEntropy;

use super::{CONTEXT, Instance, hex, month, organisation, to_hex};
use crate::aead::{AeadKey, TAG_BYTES};
use crate::envelope::{HEADER_BYTES, STREAMED, Shape, write_header};
use crate::{Class, KeyId, Keyring, OpenError};

const CHUNK: usize = 64 * 1024;

fn seal(keyring: &Keyring, pieces: &[&[u8]]) -> Vec<u8> {
    let entropy = SystemEntropy::default();
    let mut sealer = keyring.sealer(organisation(1), Class::Content, month(), CONTEXT, &entropy).unwrap();
    let mut body = Vec::new();
    for piece in pieces {
        sealer.push(piece, &mut body).unwrap();
    }
    let header = sealer.finish(&mut body).unwrap();
    [&header[..], &body].concat()
}

/// Chunk by chunk; what came before a refusal, and the refusal.
fn open(keyring: &Keyring, sealed: &[u8]) -> (Vec<u8>, Result<(), OpenError>) {
    let (header, mut body) = sealed.split_at(HEADER_BYTES);
    let mut opener = match keyring.opener(organisation(1), CONTEXT, header) {
        Ok(opener) => opener,
        Err(error) => return (Vec::new(), Err(error)),
    };
    let mut plaintext = Vec::new();
    while let Some(next) = opener.next_sealed_bytes() {
        let (chunk, rest) = body.split_at(next.min(body.len()));
        match opener.open(chunk) {
            Ok(opened) => plaintext.extend(opened),
            Err(error) => return (plaintext, Err(error)),
        }
        body = rest;
    }
    assert_eq!(opener.plaintext_bytes(), plaintext.len());
    (plaintext, if body.is_empty() { Ok(()) } else { Err(OpenError::Corrupt) })
}

fn text(length: usize) -> Vec<u8> {
    (0..length).map(|i| (i % 251) as u8).collect()
}

#[test]
fn pieces_of_any_size_are_one_plaintext() {
    let instance = Instance::new();
    for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5] {
        let plain = text(length);
        for piece in [1_000, CHUNK, 200_000] {
            let sealed = seal(&instance.keyring, &plain.chunks(piece).collect::<Vec<_>>());
            assert_eq!(sealed.len(), crate::sealed_length(length), "{length} in {piece}");
            let (opened, end) = open(&instance.keyring, &sealed);
            assert!(opened == plain && end.is_ok(), "{length} in {piece}");
            assert!(instance.keyring.open_sealed(organisation(1), CONTEXT, &sealed).unwrap() == plain);
        }
    }
}

#[test]
fn what_was_sealed_at_once_opens_piece_by_piece() {
    let instance = Instance::new();
    let plain = text(2 * CHUNK + 9);
    let entropy = SystemEntropy::default();
    let sealed = instance
        .keyring
        .seal(organisation(1), Class::Content, month(), CONTEXT, &plain, &entropy)
        .unwrap()
        .into_bytes();
    let (opened, end) = open(&instance.keyring, &sealed);
    assert!(opened == plain && end.is_ok());
}

#[test]
fn nothing_can_be_cut_moved_or_passed_off() {
    let instance = Instance::new();
    let plain = text(3 * CHUNK + 5);
    let sealed = seal(&instance.keyring, &[&plain]);
    let (header, body) = sealed.split_at(HEADER_BYTES);
    let chunks: Vec<&[u8]> = body.chunks(CHUNK + TAG_BYTES).collect();
    let (a, b, c, last) = (chunks[0], chunks[1], chunks[2], chunks[3]);
    for (case, parts) in [
        ("swapped", vec![b, a, c, last]),
        ("last one missing", vec![a, b, c]),
        ("middle one missing", vec![a, c, last]),
        ("one more", vec![a, b, c, c, last]),
    ] {
        let altered = [header, &parts.concat()].concat();
        assert!(open(&instance.keyring, &altered).1.is_err(), "{case}");
        assert!(instance.keyring.open_sealed(organisation(1), CONTEXT, &altered).is_err(), "{case}");
    }
    // A shorter length in the header would make a shorter message of the first chunks: the wrap vouches for it.
    for place in 0..HEADER_BYTES {
        let mut altered = sealed.clone();
        altered[place] ^= 1;
        assert!(open(&instance.keyring, &altered).1.is_err(), "header byte {place}");
    }
    // Sealed at once and sealed as it came are told apart by their chunks too, not by the header alone.
    let mut relabelled = sealed.clone();
    relabelled[4] = 1;
    assert!(instance.keyring.open_sealed(organisation(1), CONTEXT, &relabelled).is_err());
    let mut at_the_end = sealed;
    *at_the_end.last_mut().unwrap() ^= 1;
    let (before, end) = open(&instance.keyring, &at_the_end);
    assert!(before == plain[..3 * CHUNK] && end.is_err(), "each chunk is believed by itself");
}

#[test]
fn a_streamed_envelope_is_rewrapped_as_one() {
    let instance = Instance::new();
    let sealed = seal(&instance.keyring, &[b"virement"]);
    let later = crate::Month::new(2034, 1).unwrap();
    let entropy = SystemEntropy::default();
    let (header, key) = instance.keyring.rewrap(organisation(1), &sealed, later, &entropy).unwrap();
    assert_eq!((header[4], key.month), (STREAMED, later));
    let (opened, end) = open(&instance.keyring, &[&header[..], &sealed[HEADER_BYTES..]].concat());
    assert!(opened == b"virement" && end.is_ok());
}

/// The vector of `docs/formats/envelope.md`.
#[test]
fn the_documented_vector() {
    let organisation: vocabulary::OrganisationId = "org_01h455vb4pex5vsknk084sn02q".parse().unwrap();
    let key = KeyId { organisation, class: Class::Content, month: month(), generation: 1 };
    let wrapping = AeadKey::new(&[0xa5; 32]).unwrap();
    let data_key: [u8; 32] = std::array::from_fn(|i| i as u8);
    let nonce: [u8; 12] = std::array::from_fn(|i| 0x20 + i as u8);
    let mut envelope = Vec::new();
    let shape = Shape { version: STREAMED, key, plaintext_bytes: 8 };
    write_header(&wrapping, &shape, &data_key, &nonce, &mut envelope).unwrap();
    let mut aad = crate::envelope::ChunkAad::streamed(organisation, b"flow_example/body");
    let (nonce, aad) = aad.chunk(0, true);
    AeadKey::new(&data_key).unwrap().seal(&nonce, aad, b"Bonjour.", &mut envelope).unwrap();
    let documented: String = include_str!("../../../../docs/formats/envelope.md")
        .split("Version 2, the same `Bonjour.`:")
        .nth(1)
        .unwrap()
        .lines()
        .filter(|line| line.starts_with("    "))
        .take(4)
        .map(str::trim)
        .collect();
    assert_eq!(to_hex(&envelope), documented);
    assert_eq!(hex(&documented).len(), 121);
}

proptest! {
    #[test]
    fn any_pieces_come_back(pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..90_000), 0..6)) {
        let instance = Instance::new();
        let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
        let (opened, end) = open(&instance.keyring, &seal(&instance.keyring, &pieces));
        prop_assert!(opened == pieces.concat() && end.is_ok());
    }
}
