//! What the vault promises, tried: tampering, erasure, crashes, other people's keys, the vectors of Wycheproof.

mod envelope;
mod erasure;
mod key_store;
mod stream;
mod wycheproof;

use tempfile::TempDir;
use vocabulary::{OrganisationId, SeededEntropy, SystemEntropy, Timestamp};

use crate::{Keyring, MasterKey, Month};

pub(crate) const CONTEXT: &[u8] = b"flow_x/body";

/// An instance: a directory with a master key and a key store.
pub(crate) struct Instance {
    pub(crate) folder: TempDir,
    pub(crate) keyring: Keyring,
}

impl Instance {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let master = MasterKey::create(&folder.path().join("master.key"), &SystemEntropy::default()).unwrap();
        Keyring::init(&folder.path().join("keys"), &master).unwrap();
        let keyring = Keyring::open(&folder.path().join("keys"), &master).unwrap();
        Self { folder, keyring }
    }

    /// What another process, or the next start, sees.
    pub(crate) fn again(&self) -> Keyring {
        let master = MasterKey::load(&self.folder.path().join("master.key")).unwrap();
        Keyring::open(&self.folder.path().join("keys"), &master).unwrap()
    }

    pub(crate) fn key_file(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join("keys").join(name)
    }
}

pub(crate) fn organisation(seed: u64) -> OrganisationId {
    OrganisationId::new(Timestamp::from_micros(1_795_530_720_000_000), &SeededEntropy::new(seed))
}

pub(crate) fn month() -> Month {
    Month::new(2033, 11).unwrap()
}

pub(crate) fn hex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
