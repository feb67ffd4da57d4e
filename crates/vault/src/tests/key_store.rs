//! The files: who may read them, what a wrong one answers, two processes at once, what a crash leaves.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use vocabulary::SystemEntropy;

use super::{CONTEXT, Instance, month, organisation};
use crate::{Class, KeyId, KeyStoreError, Keyring, MasterKey, MasterKeyError};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn the_master_key_is_for_its_owner() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    assert!(matches!(MasterKey::load(&path), Err(MasterKeyError::Missing(_))));
    let master = MasterKey::create(&path, &SystemEntropy::default()).unwrap();
    assert_eq!(mode(&path), 0o600);
    assert_eq!(MasterKey::load(&path).unwrap().check(), master.check());
    assert!(matches!(MasterKey::create(&path, &SystemEntropy::default()), Err(MasterKeyError::Exists(_))));
    assert_eq!(format!("{master:?}"), "MasterKey(…)");

    for open in [0o640, 0o604, 0o660] {
        fs::set_permissions(&path, Permissions::from_mode(open)).unwrap();
        assert!(matches!(MasterKey::load(&path), Err(MasterKeyError::Mode { mode, .. }) if mode == open));
    }
    fs::set_permissions(&path, Permissions::from_mode(0o400)).unwrap();
    assert!(MasterKey::load(&path).is_ok());
}

#[test]
fn a_damaged_master_key_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    MasterKey::create(&path, &SystemEntropy::default()).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let key_place = text.find("key: ").unwrap() + 5;
    let other = if text.as_bytes()[key_place] == b'A' { "B" } else { "A" };
    let mut mistyped = text.clone();
    mistyped.replace_range(key_place..=key_place, other);
    fs::write(&path, &mistyped).unwrap();
    assert!(matches!(MasterKey::load(&path), Err(MasterKeyError::Check(_))));

    let later = text.replace("key 1", "key 2");
    let longer = format!("{text}more\n");
    for bad in
        ["", "x", &text[..40], &later, &longer, "cerebro-master-key 1\nkey: AAAA\ncheck: AAAA\n", "\u{0}"]
    {
        fs::write(&path, bad).unwrap();
        assert!(matches!(MasterKey::load(&path), Err(MasterKeyError::Format(_))), "{bad:?}");
    }
    fs::write(&path, [0xff, 0xfe]).unwrap();
    assert!(matches!(MasterKey::load(&path), Err(MasterKeyError::Format(_))));
}

#[test]
fn only_its_own_master_key_opens_a_key_store() {
    let (instance, other) = (Instance::new(), Instance::new());
    let keys = instance.folder.path().join("keys");
    let foreign = MasterKey::load(&other.folder.path().join("master.key")).unwrap();
    assert!(matches!(Keyring::open(&keys, &foreign), Err(KeyStoreError::OtherMaster(_))));
    assert!(matches!(Keyring::init(&keys, &foreign), Err(KeyStoreError::Exists(_))));
    let nowhere = instance.folder.path().join("nowhere");
    assert!(matches!(Keyring::open(&nowhere, &foreign), Err(KeyStoreError::Missing(_))));
    assert_eq!(mode(&keys), 0o700);
    fs::set_permissions(&keys, Permissions::from_mode(0o750)).unwrap();
    let master = MasterKey::load(&instance.folder.path().join("master.key")).unwrap();
    assert!(matches!(Keyring::open(&keys, &master), Err(KeyStoreError::Mode(_))));
}

#[test]
fn first_use_by_many_at_once_makes_one_key() {
    let instance = Instance::new();
    let sealed: Vec<_> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let keyring = instance.again();
                    let entropy = SystemEntropy::default();
                    keyring.seal(organisation(1), Class::Content, month(), CONTEXT, b"x", &entropy).unwrap()
                })
            })
            .collect();
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    assert_eq!(instance.keyring.keys().unwrap().len(), 1);
    for sealed in sealed {
        assert_eq!(sealed.key().generation, 1);
        assert!(instance.keyring.open_sealed(organisation(1), CONTEXT, sealed.as_bytes()).is_ok());
    }
}

#[test]
fn what_a_crash_left_half_made_is_swept() {
    let instance = Instance::new();
    let id = KeyId { organisation: organisation(1), class: Class::Content, month: month(), generation: 1 };
    let half = instance.key_file(&format!("{id}.key.tmp"));
    fs::write(&half, "cerebro-key 1\nhal").unwrap();
    let again = instance.again();
    assert!(!half.exists());
    // And one that appears later does not stand in the way.
    fs::write(&half, "cerebro-key 1\nhal").unwrap();
    let entropy = SystemEntropy::default();
    let sealed = again.seal(organisation(1), Class::Content, month(), CONTEXT, b"x", &entropy).unwrap();
    assert_eq!(*sealed.key(), id);
    assert_eq!(mode(&instance.key_file(&format!("{id}.key"))), 0o600);
    assert!(instance.again().open_sealed(organisation(1), CONTEXT, sealed.as_bytes()).is_ok());
}

#[test]
fn a_key_file_under_another_name_does_not_serve() {
    let instance = Instance::new();
    instance.keyring.create_secret("one", &SystemEntropy::default()).unwrap();
    fs::copy(instance.key_file("one.secret"), instance.key_file("two.secret")).unwrap();
    assert!(matches!(instance.keyring.secret("two"), Err(KeyStoreError::Damaged(_))));
}

#[test]
fn standing_secrets() {
    let instance = Instance::new();
    let entropy = SystemEntropy::default();
    let keyring = &instance.keyring;
    assert!(keyring.secret("pepper").unwrap().is_none());
    let made = keyring.create_secret("pepper", &entropy).unwrap();
    assert!(matches!(keyring.create_secret("pepper", &entropy), Err(KeyStoreError::Exists(_))));
    let again = instance.again();
    assert!(made.matches(again.secret("pepper").unwrap().unwrap().expose()));
    assert!(made.matches(again.secret_or_new("pepper", &entropy).unwrap().expose()));
    assert!(!made.matches(again.secret_or_new("other", &entropy).unwrap().expose()));
    for name in ["", "../x", "A", "a.b", "a/b", &"x".repeat(101)] {
        assert!(matches!(keyring.secret(name), Err(KeyStoreError::Name)), "{name:?}");
    }
    let wrapped = fs::read(instance.key_file("pepper.secret")).unwrap();
    assert!(!wrapped.windows(32).any(|window| window == made.expose()));
}

#[test]
fn a_blind_index_is_stable_and_tells_nothing_apart_from_equality() {
    let instance = Instance::new();
    let again = instance.again();
    let entropy = SystemEntropy::default();
    let index = |keyring: &Keyring, owner, purpose: &str, value: &str| {
        keyring.blind_index(organisation(owner), purpose, value.as_bytes(), &entropy).unwrap()
    };
    let one = index(&instance.keyring, 1, "address", "ines@orveane.example");
    assert_eq!(one, index(&again, 1, "address", "ines@orveane.example"));
    assert_ne!(one, index(&again, 2, "address", "ines@orveane.example"));
    assert_ne!(one, index(&again, 1, "subject", "ines@orveane.example"));
    assert_ne!(index(&again, 1, "ab", "c"), index(&again, 1, "a", "bc"));
    let secret = again.secret(&format!("blind-{}", organisation(1))).unwrap().unwrap();
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret.expose());
    let message = [&7u64.to_be_bytes()[..], b"address", b"ines@orveane.example"].concat();
    assert_eq!(aws_lc_rs::hmac::sign(&key, &message).as_ref(), one);
}

#[test]
fn a_key_id_has_one_text() {
    let id = KeyId { organisation: organisation(1), class: Class::Evidence, month: month(), generation: 12 };
    assert_eq!(id.to_string().parse(), Ok(id));
    let owner = organisation(1);
    for tail in [
        "evidence.2033-11.01",
        "evidence.2033-11.+1",
        "evidence.2033-11.0",
        "evidence.2033-11",
        "other.2033-11.1",
    ] {
        assert!(format!("{owner}.{tail}").parse::<KeyId>().is_err(), "{tail}");
    }
    assert!(format!("{id}.1").parse::<KeyId>().is_err());
}
