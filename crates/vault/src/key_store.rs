//! The key store: one small file per key, wrapped by the master key; tombstones of those destroyed; standing secrets.
//!
//! Safe for several processes: keys are made and destroyed under a file lock, whole and durable or not at all.

use std::io;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use vocabulary::{Entropy, OrganisationId, Secret};
use zeroize::Zeroize;

use crate::aead::{AeadKey, KEY_BYTES, NONCE_BYTES};
use crate::directory::{Directory, Lock};
use crate::{Class, KeyId, MasterKey, Month};

const KEYRING: &str = "keyring";
const KEYRING_LINE: &str = "cerebro-keyring 1";
const KEY_LINE: &str = "cerebro-key 1";
const TOMBSTONE_LINE: &str = "cerebro-destroyed-key 1";
const FILE_LABEL: &str = "CEREBRO key file 1\0";
const SECRET_NAME_BYTES_MAX: usize = 100;

/// A key as it is before use.
pub(crate) type RawKey = Secret<[u8; KEY_BYTES]>;
/// What one sealing key serves.
pub(crate) type Slot = (OrganisationId, Class, Month);

/// Why the key store could not be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyStoreError {
    /// No key store.
    #[error("there is no key store at {}: restore it from where it is kept, or run `cerebro init` for a new instance", .0.display())]
    Missing(PathBuf),
    /// A key store or secret stands there already.
    #[error("there is a key store or a secret at {} already", .0.display())]
    Exists(PathBuf),
    /// Others than the owner may read it.
    #[error("the key store {} may be read by others than its owner (chmod 700)", .0.display())]
    Mode(PathBuf),
    /// The key store was made with another master key.
    #[error("the key store {} was made with another master key", .0.display())]
    OtherMaster(PathBuf),
    /// A file of the key store is not what it should be.
    #[error("the key file {} is damaged", .0.display())]
    Damaged(PathBuf),
    /// A secret's name is 1–100 of `a-z 0-9 - _`.
    #[error("a secret's name is 1 to 100 of a-z, 0-9, - and _")]
    Name,
    /// The machine refused.
    #[error("the key store {} cannot be used: {source}", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// What the key store knows of a key.
pub(crate) enum Found {
    Live(RawKey),
    Destroyed,
    Unknown,
}

/// The files.
pub(crate) struct KeyStore {
    directory: Directory,
    path: PathBuf,
    master: AeadKey,
}

impl KeyStore {
    pub(crate) fn init(path: &Path, master: &MasterKey) -> Result<(), KeyStoreError> {
        let io = |source| KeyStoreError::Io { path: path.to_owned(), source };
        let directory = Directory::create(path).map_err(io)?;
        let lock = directory.lock().map_err(io)?;
        if directory.read(KEYRING).map_err(io)?.is_some() {
            return Err(KeyStoreError::Exists(path.to_owned()));
        }
        directory.write_new(&lock, KEYRING, &keyring_text(master)).map_err(io)
    }

    pub(crate) fn open(path: &Path, master: &MasterKey) -> Result<Self, KeyStoreError> {
        let io = |source| KeyStoreError::Io { path: path.to_owned(), source };
        let directory = Directory::at(path);
        let text =
            directory.read(KEYRING).map_err(io)?.ok_or_else(|| KeyStoreError::Missing(path.to_owned()))?;
        if !directory.is_private().map_err(io)? {
            return Err(KeyStoreError::Mode(path.to_owned()));
        }
        if !text.starts_with(KEYRING_LINE) {
            return Err(KeyStoreError::Damaged(directory.file(KEYRING)));
        }
        if text != keyring_text(master) {
            return Err(KeyStoreError::OtherMaster(path.to_owned()));
        }
        let master = master.wrapping().ok_or_else(|| KeyStoreError::OtherMaster(path.to_owned()))?;
        let store = Self { directory, path: path.to_owned(), master };
        store.finish_interrupted()?;
        Ok(store)
    }

    /// Where the store is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Where a key's file is while the key lives.
    pub(crate) fn key_path(&self, id: KeyId) -> PathBuf {
        self.directory.file(&key_file(id))
    }

    /// The key that seals for `slot` now: the first generation that was not destroyed, made if need be.
    pub(crate) fn current(
        &self,
        slot: Slot,
        entropy: &dyn Entropy,
    ) -> Result<(KeyId, RawKey), KeyStoreError> {
        let lock = self.lock()?;
        let (organisation, class, month) = slot;
        let mut id = KeyId { organisation, class, month, generation: 1 };
        while self.has_tombstone(id) {
            id.generation = id.generation.saturating_add(1);
        }
        let file = key_file(id);
        Ok((id, self.found_or_made(&lock, &file, entropy)?))
    }

    /// A key that stands or is made, durable either way: nothing may be sealed under one that a power cut would lose.
    fn found_or_made(&self, lock: &Lock, file: &str, entropy: &dyn Entropy) -> Result<RawKey, KeyStoreError> {
        match self.read_key(file)? {
            Some(key) => {
                self.directory.sync().map_err(|e| self.io(e))?;
                Ok(key)
            }
            None => self.make_key(lock, file, entropy),
        }
    }

    pub(crate) fn find(&self, id: KeyId) -> Result<Found, KeyStoreError> {
        if self.has_tombstone(id) {
            return Ok(Found::Destroyed);
        }
        match self.read_key(&key_file(id)) {
            Ok(Some(key)) => Ok(Found::Live(key)),
            // Destroyed while we looked: the tombstone comes before the key goes.
            _ if self.has_tombstone(id) => Ok(Found::Destroyed),
            Ok(None) => Ok(Found::Unknown),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn destroy(&self, key: KeyId) -> Result<bool, KeyStoreError> {
        let lock = self.lock()?;
        let was_there = self.key_path(key).exists();
        if !self.has_tombstone(key) {
            let text = format!("{TOMBSTONE_LINE}\n{key}\n");
            self.directory.write_new(&lock, &tombstone_file(key), &text).map_err(|e| self.io(e))?;
        }
        // Durable from here on: a crash now is finished by the next `open`, and nobody reads the key meanwhile.
        self.directory.remove(&lock, &key_file(key)).map_err(|e| self.io(e))?;
        Ok(was_there)
    }

    pub(crate) fn keys(&self) -> Result<Vec<KeyId>, KeyStoreError> {
        let destroyed = self.destroyed()?;
        let mut keys = self.ids_ending(".key")?;
        keys.retain(|key| destroyed.binary_search(key).is_err());
        Ok(keys)
    }

    pub(crate) fn destroyed(&self) -> Result<Vec<KeyId>, KeyStoreError> {
        self.ids_ending(".destroyed")
    }

    pub(crate) fn secret(&self, name: &str) -> Result<Option<RawKey>, KeyStoreError> {
        self.read_key(&secret_file(name)?)
    }

    pub(crate) fn create_secret(&self, name: &str, entropy: &dyn Entropy) -> Result<RawKey, KeyStoreError> {
        let file = secret_file(name)?;
        let lock = self.lock()?;
        if self.directory.file(&file).exists() {
            return Err(KeyStoreError::Exists(self.directory.file(&file)));
        }
        self.make_key(&lock, &file, entropy)
    }

    pub(crate) fn secret_or_new(&self, name: &str, entropy: &dyn Entropy) -> Result<RawKey, KeyStoreError> {
        let file = secret_file(name)?;
        if let Some(secret) = self.read_key(&file)? {
            return Ok(secret);
        }
        let lock = self.lock()?;
        // Another process may have made it while we waited.
        self.found_or_made(&lock, &file, entropy)
    }

    fn make_key(&self, lock: &Lock, file: &str, entropy: &dyn Entropy) -> Result<RawKey, KeyStoreError> {
        let secret = Secret::new(vocabulary::entropy::random::<KEY_BYTES>(entropy));
        let nonce = vocabulary::entropy::random::<NONCE_BYTES>(entropy);
        let mut wrapped = nonce.to_vec();
        self.master
            .seal(&nonce, &file_aad(file), secret.expose(), &mut wrapped)
            .map_err(|_| KeyStoreError::Damaged(self.directory.file(file)))?;
        let text = format!("{KEY_LINE}\n{}\n", BASE64.encode(wrapped));
        self.directory.write_new(lock, file, &text).map_err(|e| self.io(e))?;
        Ok(secret)
    }

    fn read_key(&self, file: &str) -> Result<Option<RawKey>, KeyStoreError> {
        let Some(text) = self.directory.read(file).map_err(|e| self.io(e))? else { return Ok(None) };
        let unwrap = || {
            let encoded = text.strip_prefix(KEY_LINE)?.strip_prefix('\n')?.strip_suffix('\n')?;
            let wrapped = BASE64.decode(encoded).ok()?;
            let (nonce, wrapped) = wrapped.split_first_chunk::<NONCE_BYTES>()?;
            let mut key = [0; KEY_BYTES];
            self.master.open(nonce, &file_aad(file), wrapped, &mut key).ok()?;
            let secret = Secret::new(key);
            key.zeroize();
            Some(secret)
        };
        unwrap().map(Some).ok_or_else(|| KeyStoreError::Damaged(self.directory.file(file)))
    }

    fn finish_interrupted(&self) -> Result<(), KeyStoreError> {
        let lock = self.lock()?;
        self.directory.sweep(&lock).map_err(|e| self.io(e))?;
        for key in self.destroyed()? {
            self.directory.remove(&lock, &key_file(key)).map_err(|e| self.io(e))?;
        }
        Ok(())
    }

    fn ids_ending(&self, suffix: &str) -> Result<Vec<KeyId>, KeyStoreError> {
        let names = self.directory.names().map_err(|e| self.io(e))?;
        let mut ids: Vec<KeyId> =
            names.iter().filter_map(|name| name.strip_suffix(suffix)?.parse().ok()).collect();
        ids.sort_unstable();
        Ok(ids)
    }

    fn has_tombstone(&self, id: KeyId) -> bool {
        self.directory.file(&tombstone_file(id)).exists()
    }

    fn lock(&self) -> Result<Lock, KeyStoreError> {
        self.directory.lock().map_err(|e| self.io(e))
    }

    fn io(&self, source: io::Error) -> KeyStoreError {
        KeyStoreError::Io { path: self.path.clone(), source }
    }
}

fn keyring_text(master: &MasterKey) -> String {
    format!("{KEYRING_LINE}\nmaster: {}\n", master.check())
}

fn key_file(id: KeyId) -> String {
    format!("{id}.key")
}

fn tombstone_file(id: KeyId) -> String {
    format!("{id}.destroyed")
}

fn secret_file(name: &str) -> Result<String, KeyStoreError> {
    let is_good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    if (1..=SECRET_NAME_BYTES_MAX).contains(&name.len()) && name.bytes().all(is_good) {
        Ok(format!("{name}.secret"))
    } else {
        Err(KeyStoreError::Name)
    }
}

/// A wrapped key opens only under the name it was made for.
fn file_aad(file: &str) -> Vec<u8> {
    [FILE_LABEL.as_bytes(), file.as_bytes()].concat()
}
