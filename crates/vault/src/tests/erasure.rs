//! Destroying a key erases what it wrapped, for every process and every copy, and nothing else.

use std::fs;

use vocabulary::SystemEntropy;

use super::{CONTEXT, Instance, month, organisation};
use crate::{Class, KeyId, Keyring, OpenError, Sealed};

fn seal(keyring: &Keyring, plaintext: &[u8]) -> Sealed {
    let entropy = SystemEntropy::default();
    keyring.seal(organisation(1), Class::Content, month(), CONTEXT, plaintext, &entropy).unwrap()
}

fn is_erased(keyring: &Keyring, sealed: &Sealed) -> bool {
    matches!(
        keyring.open_sealed(organisation(1), CONTEXT, sealed.as_bytes()),
        Err(OpenError::Destroyed(key)) if key == *sealed.key()
    )
}

#[test]
fn destroyed_is_erased_for_every_process() {
    let instance = Instance::new();
    let other = instance.again();
    let sealed = seal(&instance.keyring, b"x");
    assert!(other.open_sealed(organisation(1), CONTEXT, sealed.as_bytes()).is_ok());
    assert_eq!(instance.keyring.keys().unwrap(), [*sealed.key()]);

    assert!(instance.keyring.destroy(sealed.key()).unwrap());
    for keyring in [&instance.keyring, &other, &instance.again()] {
        assert!(is_erased(keyring, &sealed));
        assert_eq!(keyring.keys().unwrap(), []);
        assert_eq!(keyring.destroyed().unwrap(), [*sealed.key()]);
    }
    assert!(!instance.key_file(&format!("{}.key", sealed.key())).exists());
    assert!(!instance.keyring.destroy(sealed.key()).unwrap(), "once more does no harm");
}

#[test]
fn sealing_after_destruction_takes_a_new_generation() {
    let instance = Instance::new();
    let other = instance.again();
    let erased = seal(&other, b"before");
    instance.keyring.destroy(erased.key()).unwrap();
    // `other` still has the destroyed key in its cache: it must notice, or the message would be lost.
    let kept = seal(&other, b"after");
    assert_eq!(kept.key().generation, 2);
    assert!(is_erased(&other, &erased));
    let again = instance.again();
    assert_eq!(again.open_sealed(organisation(1), CONTEXT, kept.as_bytes()).unwrap(), b"after");
}

#[test]
fn unknown_is_not_erased() {
    let (instance, elsewhere) = (Instance::new(), Instance::new());
    let sealed = seal(&elsewhere.keyring, b"x");
    let open = || instance.keyring.open_sealed(organisation(1), CONTEXT, sealed.as_bytes());
    assert!(matches!(open(), Err(OpenError::UnknownKey(_))));
    // A restore reapplies its shred list, to keys it may not have.
    assert!(!instance.keyring.destroy(sealed.key()).unwrap());
    assert!(matches!(open(), Err(OpenError::Destroyed(_))));
}

#[test]
fn rewrapped_outlives_its_first_key() {
    let instance = Instance::new();
    let entropy = SystemEntropy::default();
    let sealed = seal(&instance.keyring, &[7; 100_000]);
    let header = &sealed.as_bytes()[..crate::HEADER_BYTES];
    let body = &sealed.as_bytes()[crate::HEADER_BYTES..];
    let later = month().plus(12);
    let (rewrapped, key) = instance.keyring.rewrap(organisation(1), header, later, &entropy).unwrap();
    assert_eq!(key, KeyId { month: later, ..*sealed.key() });
    assert_eq!(Keyring::key_of(organisation(1), &rewrapped).unwrap(), key);

    instance.keyring.destroy(sealed.key()).unwrap();
    assert!(is_erased(&instance.keyring, &sealed));
    let opened = instance.keyring.open_parts(organisation(1), CONTEXT, &rewrapped, body).unwrap();
    assert_eq!(opened, [7; 100_000]);
    assert!(matches!(
        instance.keyring.rewrap(organisation(1), header, later, &entropy),
        Err(OpenError::Destroyed(_))
    ));
    assert!(matches!(
        instance.keyring.rewrap(organisation(2), &rewrapped, later, &entropy),
        Err(OpenError::Foreign)
    ));
}

#[test]
fn a_crash_during_destruction_is_finished_by_the_next_start() {
    let instance = Instance::new();
    let sealed = seal(&instance.keyring, b"x");
    let key_file = instance.key_file(&format!("{}.key", sealed.key()));
    let copy = fs::read(&key_file).unwrap();
    instance.keyring.destroy(sealed.key()).unwrap();
    // As after a power cut between the tombstone and the removal.
    fs::write(&key_file, copy).unwrap();
    assert!(is_erased(&instance.keyring, &sealed), "the tombstone decides");
    assert_eq!(instance.keyring.keys().unwrap(), []);
    assert!(is_erased(&instance.again(), &sealed));
    assert!(!key_file.exists());
}

#[test]
fn a_key_cut_short_is_damaged_not_replaced() {
    let instance = Instance::new();
    let sealed = seal(&instance.keyring, b"x");
    let key_file = instance.key_file(&format!("{}.key", sealed.key()));
    fs::write(&key_file, "cerebro-key 1\nAAAA\n").unwrap();
    let again = instance.again();
    let entropy = SystemEntropy::default();
    assert!(matches!(
        again.open_sealed(organisation(1), CONTEXT, sealed.as_bytes()),
        Err(OpenError::KeyStore(_))
    ));
    assert!(again.seal(organisation(1), Class::Content, month(), CONTEXT, b"x", &entropy).is_err());
}
