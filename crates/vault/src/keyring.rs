//! The keyring: what the rest of CEREBRO sees. Wrapping keys are made on first use, cached unwrapped, destroyed for good.
//!
//! A key that another process destroyed is noticed at the next use. Sealing and opening block for a few
//! microseconds; the first use of a key reads or makes a file (an fsync, once a month).

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use aws_lc_rs::hmac;
use vocabulary::bounds::{SEALED_CONTEXT_BYTES_MAX, SEALED_PLAINTEXT_BYTES_MAX, WRAPPING_KEYS_CACHED_MAX};
use vocabulary::{Entropy, OrganisationId, Secret};

use crate::aead::AeadKey;
use crate::envelope::{self, HEADER_BYTES, Header, Malformed, Sealed};
use crate::key_store::{Found, KeyStore, RawKey, Slot};
use crate::stream::{Opener, Sealer};
use crate::{Class, KeyId, KeyStoreError, MasterKey, Month};

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

pub(crate) struct WrappingKey {
    pub(crate) id: KeyId,
    pub(crate) key: AeadKey,
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
    store: KeyStore,
    cache: RwLock<Cache>,
}

impl Keyring {
    /// Makes an empty key store at `path` for `master`.
    ///
    /// # Errors
    /// There is one already, or it cannot be written.
    pub fn init(path: &Path, master: &MasterKey) -> Result<(), KeyStoreError> {
        KeyStore::init(path, master)
    }

    /// Opens the key store at `path`, and finishes what a crash interrupted.
    ///
    /// # Errors
    /// Missing, readable by others, or made with another master key.
    pub fn open(path: &Path, master: &MasterKey) -> Result<Self, KeyStoreError> {
        Ok(Self { store: KeyStore::open(path, master)?, cache: RwLock::default() })
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

    /// As [`Keyring::seal`], for a plaintext that comes piece by piece.
    ///
    /// # Errors
    /// The context is too long, or the key store cannot be used.
    pub fn sealer(
        &self,
        organisation: OrganisationId,
        class: Class,
        expiry: Month,
        context: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Sealer, SealError> {
        Sealer::new(self.current((organisation, class, expiry), entropy)?, context, entropy)
    }

    /// As [`Keyring::open_parts`], for a body that is read piece by piece.
    ///
    /// # Errors
    /// As [`Keyring::open_sealed`], as far as the header tells.
    pub fn opener(
        &self,
        organisation: OrganisationId,
        context: &[u8],
        header: &[u8],
    ) -> Result<Opener, OpenError> {
        let header = Header::read(header, organisation)?;
        let wrapping = self.known(header.key)?;
        Ok(Opener::new(&header, &wrapping, context)?)
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
        let was_there = self.store.destroy(*key)?;
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
        self.store.keys()
    }

    /// The keys that were destroyed, in order.
    ///
    /// # Errors
    /// The key store cannot be read.
    pub fn destroyed(&self) -> Result<Vec<KeyId>, KeyStoreError> {
        self.store.destroyed()
    }

    /// A standing secret of 32 bytes (the password pepper, a signing seed) by name; `None` when there is none.
    ///
    /// # Errors
    /// The name, or the key store.
    pub fn secret(&self, name: &str) -> Result<Option<Secret<[u8; 32]>>, KeyStoreError> {
        self.store.secret(name)
    }

    /// Makes a standing secret. Never overwrites.
    ///
    /// # Errors
    /// The name, one of that name, or the key store.
    pub fn create_secret(
        &self,
        name: &str,
        entropy: &dyn Entropy,
    ) -> Result<Secret<[u8; 32]>, KeyStoreError> {
        self.store.create_secret(name, entropy)
    }

    /// A standing secret, made if there is none.
    ///
    /// # Errors
    /// The name, or the key store.
    pub fn secret_or_new(
        &self,
        name: &str,
        entropy: &dyn Entropy,
    ) -> Result<Secret<[u8; 32]>, KeyStoreError> {
        self.store.secret_or_new(name, entropy)
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

    fn current(&self, slot: Slot, entropy: &dyn Entropy) -> Result<Arc<WrappingKey>, KeyStoreError> {
        let cached = self.cache().by_slot.get(&slot).cloned();
        if let Some(cached) = cached.filter(|cached| cached.is_live()) {
            return Ok(cached);
        }
        let (id, key) = self.store.current(slot, entropy)?;
        let wrapping = self.remember(id, &key)?;
        self.cache_mut().by_slot.insert(slot, Arc::clone(&wrapping));
        Ok(wrapping)
    }

    fn known(&self, id: KeyId) -> Result<Arc<WrappingKey>, OpenError> {
        let cached = self.cache().by_id.get(&id).cloned();
        if let Some(cached) = cached.filter(|cached| cached.is_live()) {
            return Ok(cached);
        }
        match self.store.find(id)? {
            Found::Live(key) => Ok(self.remember(id, &key)?),
            Found::Destroyed => Err(OpenError::Destroyed(id)),
            Found::Unknown => Err(OpenError::UnknownKey(id)),
        }
    }

    fn remember(&self, id: KeyId, key: &RawKey) -> Result<Arc<WrappingKey>, KeyStoreError> {
        let path = self.store.key_path(id);
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

    fn cache(&self) -> RwLockReadGuard<'_, Cache> {
        self.cache.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn cache_mut(&self) -> RwLockWriteGuard<'_, Cache> {
        self.cache.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keyring({})", self.store.path().display())
    }
}
