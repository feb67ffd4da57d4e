//! The keyring: wrapping keys by id, made on first use, cached unwrapped, destroyed for good.
//!
//! The key store is safe for several processes: keys are made and destroyed under a file lock, and a key that
//! another process destroyed is noticed at the next use. Sealing and opening block for a few microseconds;
//! the first use of a key reads or makes a file (an fsync, once a month).

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use vocabulary::bounds::{SEALED_CONTEXT_BYTES_MAX, SEALED_PLAINTEXT_BYTES_MAX, WRAPPING_KEYS_CACHED_MAX};
use vocabulary::{Entropy, OrganisationId, Secret};
use zeroize::Zeroize;

use crate::aead::{AeadKey, KEY_BYTES, NONCE_BYTES};
use crate::directory::{Directory, Lock};
use crate::envelope::{self, HEADER_BYTES, Header, Malformed, Sealed};
use crate::{Class, KeyId, MasterKey, Month};

const KEYRING: &str = "keyring";
const KEYRING_LINE: &str = "cerebro-keyring 1";
const KEY_LINE: &str = "cerebro-key 1";
const TOMBSTONE_LINE: &str = "cerebro-destroyed-key 1";
const FILE_LABEL: &str = "CEREBRO key file 1\0";
const SECRET_NAME_BYTES_MAX: usize = 100;

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

/// Why a plaintext was not sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Plaintext or context is over its bound.
    #[error(
        "at most {SEALED_PLAINTEXT_BYTES_MAX} bytes are sealed at once, with a context of at most {SEALED_CONTEXT_BYTES_MAX}"
    )]
    TooLong,
    /// No key.
    #[error(transparent)]
    KeyStore(#[from] KeyStoreError),
}

/// Why an envelope does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Its key was destroyed: what it held is erased for good. The ledger says whether lawfully.
    #[error("erased: the key {0} was destroyed")]
    Destroyed(KeyId),
    /// The key store has never had its key: another instance's data, or a key store restored incompletely.
    #[error("the key {0} is not in the key store")]
    UnknownKey(KeyId),
    /// It belongs to another organisation.
    #[error("the envelope belongs to another organisation")]
    Foreign,
    /// It was made by a later version.
    #[error("envelope version {0} is not known to this version of CEREBRO")]
    Version(u8),
    /// Damaged, cut, altered, or sealed for another context.
    #[error("the envelope is damaged or belongs elsewhere")]
    Corrupt,
    /// The key store could not be used.
    #[error(transparent)]
    KeyStore(#[from] KeyStoreError),
}

impl From<Malformed> for OpenError {
    fn from(malformed: Malformed) -> Self {
        match malformed {
            Malformed::Shape => Self::Corrupt,
            Malformed::Foreign => Self::Foreign,
            Malformed::Version(version) => Self::Version(version),
        }
    }
}

type Slot = (OrganisationId, Class, Month);

struct WrappingKey {
    id: KeyId,
    key: AeadKey,
    path: PathBuf,
}

impl WrappingKey {
    /// Not destroyed since it was cached, by this process or another: about a microsecond.
    fn is_live(&self) -> bool {
        self.path.exists()
    }
}

#[derive(Default)]
struct Cache {
    by_id: HashMap<KeyId, Arc<WrappingKey>>,
    by_slot: HashMap<Slot, Arc<WrappingKey>>,
    blind: HashMap<OrganisationId, Arc<hmac::Key>>,
}

/// The keys of an instance. Cheap to share behind an `Arc`; every method takes `&self`.
pub struct Keyring {
    directory: Directory,
    path: PathBuf,
    master: AeadKey,
    cache: RwLock<Cache>,
}

impl Keyring {
    /// Makes an empty key store at `path` for `master`.
    ///
    /// # Errors
    /// There is one already, or it cannot be written.
    pub fn init(path: &Path, master: &MasterKey) -> Result<(), KeyStoreError> {
        let io = |source| KeyStoreError::Io { path: path.to_owned(), source };
        let directory = Directory::create(path).map_err(io)?;
        let lock = directory.lock().map_err(io)?;
        if directory.read(KEYRING).map_err(io)?.is_some() {
            return Err(KeyStoreError::Exists(path.to_owned()));
        }
        directory.write_new(&lock, KEYRING, &keyring_text(master)).map_err(io)
    }

    /// Opens the key store at `path`, and finishes what a crash interrupted.
    ///
    /// # Errors
    /// Missing, readable by others, or made with another master key.
    pub fn open(path: &Path, master: &MasterKey) -> Result<Self, KeyStoreError> {
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
        let keyring = Self { directory, path: path.to_owned(), master, cache: RwLock::default() };
        keyring.finish_interrupted()?;
        Ok(keyring)
    }

    /// Seals `plaintext` for `organisation`, bound to `context` (what it is and whose, e.g. `flow_…/body`).
    ///
    /// `expiry` is a first estimate of when it may be erased; [`Keyring::rewrap`] changes it.
    ///
    /// # Errors
    /// Too long, or the key store cannot be used.
    pub fn seal(
        &self,
        organisation: OrganisationId,
        class: Class,
        expiry: Month,
        context: &[u8],
        plaintext: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Sealed, SealError> {
        let wrapping = self.current((organisation, class, expiry), entropy)?;
        envelope::seal(&wrapping.key, wrapping.id, context, plaintext, entropy)
            .map_err(|_| SealError::TooLong)
    }

    /// Opens an envelope of `organisation` sealed for `context`.
    ///
    /// # Errors
    /// Erased, unknown, foreign or damaged: see [`OpenError`].
    pub fn open_sealed(
        &self,
        organisation: OrganisationId,
        context: &[u8],
        sealed: &[u8],
    ) -> Result<Vec<u8>, OpenError> {
        let (header, body) = sealed.split_at_checked(HEADER_BYTES).ok_or(OpenError::Corrupt)?;
        self.open_parts(organisation, context, header, body)
    }

    /// As [`Keyring::open_sealed`], for a header kept apart from its body.
    ///
    /// # Errors
    /// As [`Keyring::open_sealed`].
    pub fn open_parts(
        &self,
        organisation: OrganisationId,
        context: &[u8],
        header: &[u8],
        body: &[u8],
    ) -> Result<Vec<u8>, OpenError> {
        let header = Header::read(header, organisation)?;
        let wrapping = self.known(header.key)?;
        Ok(header.open(&wrapping.key, context, body)?)
    }

    /// Which key an envelope, or its header alone, says it needs. Said, not proven.
    ///
    /// # Errors
    /// Not an envelope of `organisation`.
    pub fn key_of(organisation: OrganisationId, sealed: &[u8]) -> Result<KeyId, OpenError> {
        let header = sealed.get(..HEADER_BYTES).ok_or(OpenError::Corrupt)?;
        Ok(Header::read(header, organisation)?.key)
    }

    /// A new header that keeps the same body until `expiry`. The old header stays readable until its key goes.
    ///
    /// `sealed` is the envelope or its header alone; the body is neither read nor changed.
    ///
    /// # Errors
    /// As [`Keyring::open_sealed`].
    pub fn rewrap(
        &self,
        organisation: OrganisationId,
        sealed: &[u8],
        expiry: Month,
        entropy: &dyn Entropy,
    ) -> Result<([u8; HEADER_BYTES], KeyId), OpenError> {
        let header = sealed.get(..HEADER_BYTES).ok_or(OpenError::Corrupt)?;
        let header = Header::read(header, organisation)?;
        let from = self.known(header.key)?;
        let to = self.current((organisation, header.key.class, expiry), entropy)?;
        let rewrapped = header.rewrap(&from.key, &to.key, to.id, entropy).map_err(|_| OpenError::Corrupt)?;
        Ok((rewrapped, to.id))
    }

    /// Destroys a key for good and says whether it was there: everything it wraps is erased, copies too.
    ///
    /// A tombstone stays, so that erased is told apart from lost; a key unknown here gets one as well (a restore
    /// reapplies its shred list). The caller has checked that the month is over and nothing on hold needs it:
    /// sealing for that month afterwards makes a new generation.
    ///
    /// # Errors
    /// The key store cannot be used. When it fails the key may be destroyed or not: ask again.
    pub fn destroy(&self, key: &KeyId) -> Result<bool, KeyStoreError> {
        let lock = self.lock()?;
        let was_there = self.directory.file(&key_file(*key)).exists();
        if !self.has_tombstone(*key) {
            let text = format!("{TOMBSTONE_LINE}\n{key}\n");
            self.directory.write_new(&lock, &tombstone_file(*key), &text).map_err(|e| self.io(e))?;
        }
        // Durable from here on: a crash now is finished by the next `open`, and nobody opens with the key meanwhile.
        self.directory.remove(&lock, &key_file(*key)).map_err(|e| self.io(e))?;
        let mut cache = self.cache_mut();
        cache.by_id.remove(key);
        cache.by_slot.retain(|_, cached| cached.id != *key);
        Ok(was_there)
    }

    /// The keys there are, in order.
    ///
    /// # Errors
    /// The key store cannot be read.
    pub fn keys(&self) -> Result<Vec<KeyId>, KeyStoreError> {
        let destroyed = self.destroyed()?;
        let mut keys = self.ids_ending(".key")?;
        keys.retain(|key| destroyed.binary_search(key).is_err());
        Ok(keys)
    }

    /// The keys that were destroyed, in order.
    ///
    /// # Errors
    /// The key store cannot be read.
    pub fn destroyed(&self) -> Result<Vec<KeyId>, KeyStoreError> {
        self.ids_ending(".destroyed")
    }

    /// A standing secret of 32 bytes (the password pepper, a signing seed) by name; `None` when there is none.
    ///
    /// # Errors
    /// The name, or the key store.
    pub fn secret(&self, name: &str) -> Result<Option<Secret<[u8; KEY_BYTES]>>, KeyStoreError> {
        self.read_key(&secret_file(name)?)
    }

    /// Makes a standing secret. Never overwrites.
    ///
    /// # Errors
    /// The name, one of that name, or the key store.
    pub fn create_secret(
        &self,
        name: &str,
        entropy: &dyn Entropy,
    ) -> Result<Secret<[u8; KEY_BYTES]>, KeyStoreError> {
        let file = secret_file(name)?;
        let lock = self.lock()?;
        if self.directory.file(&file).exists() {
            return Err(KeyStoreError::Exists(self.directory.file(&file)));
        }
        self.make_key(&lock, &file, entropy)
    }

    /// A standing secret, made if there is none.
    ///
    /// # Errors
    /// The name, or the key store.
    pub fn secret_or_new(
        &self,
        name: &str,
        entropy: &dyn Entropy,
    ) -> Result<Secret<[u8; KEY_BYTES]>, KeyStoreError> {
        let file = secret_file(name)?;
        if let Some(secret) = self.read_key(&file)? {
            return Ok(secret);
        }
        let lock = self.lock()?;
        // Another process may have made it while we waited.
        match self.read_key(&file)? {
            Some(secret) => Ok(secret),
            None => self.make_key(&lock, &file, entropy),
        }
    }

    /// The blind index of `value`: equal for equal values of one organisation and purpose, meaningless to anyone
    /// without the key. HMAC-SHA-256 under a key per organisation, over length of purpose, purpose, value.
    ///
    /// # Errors
    /// The key store cannot be used.
    pub fn blind_index(
        &self,
        organisation: OrganisationId,
        purpose: &str,
        value: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<[u8; 32], KeyStoreError> {
        let key = self.blind_key(organisation, entropy)?;
        let mut context = hmac::Context::with_key(&key);
        context.update(&(purpose.len() as u64).to_be_bytes());
        context.update(purpose.as_bytes());
        context.update(value);
        let mut index = [0; 32];
        for (into, byte) in index.iter_mut().zip(context.sign().as_ref()) {
            *into = *byte;
        }
        Ok(index)
    }

    fn blind_key(
        &self,
        organisation: OrganisationId,
        entropy: &dyn Entropy,
    ) -> Result<Arc<hmac::Key>, KeyStoreError> {
        if let Some(key) = self.cache().blind.get(&organisation) {
            return Ok(Arc::clone(key));
        }
        let secret = self.secret_or_new(&format!("blind-{organisation}"), entropy)?;
        let key = Arc::new(hmac::Key::new(hmac::HMAC_SHA256, secret.expose()));
        let mut cache = self.cache_mut();
        if cache.blind.len() >= WRAPPING_KEYS_CACHED_MAX {
            cache.blind.clear();
        }
        cache.blind.insert(organisation, Arc::clone(&key));
        Ok(key)
    }

    /// The key that seals for `slot` now: the first generation that was not destroyed, made if need be.
    fn current(&self, slot: Slot, entropy: &dyn Entropy) -> Result<Arc<WrappingKey>, KeyStoreError> {
        let cached = self.cache().by_slot.get(&slot).cloned();
        if let Some(cached) = cached.filter(|cached| cached.is_live()) {
            return Ok(cached);
        }
        let lock = self.lock()?;
        let (organisation, class, month) = slot;
        let mut id = KeyId { organisation, class, month, generation: 1 };
        while self.has_tombstone(id) {
            id.generation = id.generation.saturating_add(1);
        }
        let file = key_file(id);
        let key = match self.read_key(&file)? {
            Some(key) => key,
            None => self.make_key(&lock, &file, entropy)?,
        };
        let wrapping = self.remember(id, &key)?;
        self.cache_mut().by_slot.insert(slot, Arc::clone(&wrapping));
        Ok(wrapping)
    }

    /// The key of that id.
    fn known(&self, id: KeyId) -> Result<Arc<WrappingKey>, OpenError> {
        let cached = self.cache().by_id.get(&id).cloned();
        if let Some(cached) = cached.filter(|cached| cached.is_live()) {
            return Ok(cached);
        }
        if self.has_tombstone(id) {
            return Err(OpenError::Destroyed(id));
        }
        match self.read_key(&key_file(id)) {
            Ok(Some(key)) => Ok(self.remember(id, &key)?),
            // Destroyed while we looked: the tombstone comes before the key goes.
            _ if self.has_tombstone(id) => Err(OpenError::Destroyed(id)),
            Ok(None) => Err(OpenError::UnknownKey(id)),
            Err(error) => Err(error.into()),
        }
    }

    fn remember(&self, id: KeyId, key: &Secret<[u8; KEY_BYTES]>) -> Result<Arc<WrappingKey>, KeyStoreError> {
        let path = self.directory.file(&key_file(id));
        let key = AeadKey::new(key.expose()).map_err(|_| KeyStoreError::Damaged(path.clone()))?;
        let wrapping = Arc::new(WrappingKey { id, key, path });
        let mut cache = self.cache_mut();
        if cache.by_id.len() >= WRAPPING_KEYS_CACHED_MAX {
            cache.by_id.clear();
            cache.by_slot.clear();
        }
        cache.by_id.insert(id, Arc::clone(&wrapping));
        Ok(wrapping)
    }

    fn make_key(
        &self,
        lock: &Lock,
        file: &str,
        entropy: &dyn Entropy,
    ) -> Result<Secret<[u8; KEY_BYTES]>, KeyStoreError> {
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

    fn read_key(&self, file: &str) -> Result<Option<Secret<[u8; KEY_BYTES]>>, KeyStoreError> {
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

    fn cache(&self) -> RwLockReadGuard<'_, Cache> {
        self.cache.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn cache_mut(&self) -> RwLockWriteGuard<'_, Cache> {
        self.cache.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keyring({})", self.path.display())
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
