//! What every operation of one running CEREBRO shares: database, keys, clock, entropy, blobs.

use std::sync::Arc;
use std::time::Duration;

use store::blob::Blobs;
use store::{MechanicalReason, Store, StoreError, Tx, WriteError};
use vault::{Class, Keyring, Month, Opener, Sealer};
use vocabulary::{
    Clock, Entropy, Locale, OperationId, OrganisationId, PlatformReason, Scope, Secret, Timestamp,
};

use crate::{Actor, Operation, OperationError, Uses};

/// How long evidence details are kept (clause D2: seven years; an organisation may keep them longer).
pub const EVIDENCE_RETENTION: Duration = Duration::from_secs(7 * 366 * 24 * 3600);
/// How long contents are kept after they arrive, until policy says otherwise.
pub const CONTENT_RETENTION: Duration = Duration::from_secs(366 * 24 * 3600);

/// The shared parts. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Instance {
    parts: Arc<Parts>,
}

#[derive(Debug)]
struct Parts {
    store: Store,
    keyring: Keyring,
    blobs: Blobs,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    uses: Uses,
}

impl Instance {
    /// Assembles an instance. Only the binary and tests do.
    #[must_use]
    pub fn new(
        store: Store,
        keyring: Keyring,
        blobs: Blobs,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self { parts: Arc::new(Parts { store, keyring, blobs, clock, entropy, uses: Uses::default() }) }
    }

    /// Opens an operation: somebody begins to do something.
    #[must_use]
    pub fn operation(&self, actor: Actor, organisation: OrganisationId, locale: Locale) -> Operation {
        let id = OperationId::new(self.now(), self.entropy());
        Operation::new(id, actor, organisation, locale, self.clone())
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    /// How long it is since some moment of this process, whatever the clock was set to meanwhile.
    #[must_use]
    pub fn elapsed(&self) -> std::time::Duration {
        self.parts.clock.elapsed()
    }

    /// Where random bytes come from.
    #[must_use]
    pub fn entropy(&self) -> &dyn Entropy {
        self.parts.entropy.as_ref()
    }

    /// As [`Instance::entropy`], for what lives as long as the instance.
    #[must_use]
    pub fn shared_entropy(&self) -> Arc<dyn Entropy> {
        Arc::clone(&self.parts.entropy)
    }

    /// Uses of sessions that this process has yet to write.
    #[must_use]
    pub fn uses(&self) -> &Uses {
        &self.parts.uses
    }

    /// Ciphertexts too large for a row.
    #[must_use]
    pub fn blobs(&self) -> &Blobs {
        &self.parts.blobs
    }

    /// The number this node marks its leases with: no two living nodes share one.
    #[must_use]
    pub fn node(&self) -> i64 {
        self.parts.store.node()
    }

    /// Keeps this node seen alive by the others.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn stay_present(&self) -> Result<(), StoreError> {
        self.parts.store.stay_present().await
    }

    /// Durable storage works and sealing keeps up.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        self.parts.store.is_healthy()
    }

    /// Told by the sealer: entries committed but not yet under a signed checkpoint.
    pub fn set_backlog(&self, entries: u64) {
        self.parts.store.set_backlog(entries);
    }

    /// Gives waiting evidence its ledger index (PostgreSQL).
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn sequence(&self) -> Result<u64, StoreError> {
        self.parts.store.sequence().await
    }

    /// Reads across organisations, for a reason of the closed list.
    ///
    /// # Errors
    /// The closure's.
    pub async fn read_platform<T, E, F>(&self, reason: PlatformReason, question: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.parts.store.read(Scope::Platform(reason), question).await
    }

    /// Changes mechanical state across organisations.
    ///
    /// # Errors
    /// The closure's, or the store's.
    pub async fn write_mechanical<T, E, F>(
        &self,
        reason: PlatformReason,
        why: MechanicalReason,
        change: F,
    ) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.parts
            .store
            .write_mechanical(Scope::Platform(reason), why, change)
            .await
            .map_err(WriteError::into_inner)
    }

    /// Seals contents of an organisation; `context` names what they are and whose (`flow_…/body`).
    ///
    /// # Errors
    /// The key store failed.
    pub fn seal_content(
        &self,
        organisation: OrganisationId,
        context: &str,
        now: Timestamp,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, OperationError> {
        let expiry = Month::of(now.plus(CONTENT_RETENTION));
        Ok(self
            .parts
            .keyring
            .seal(organisation, Class::Content, expiry, context.as_bytes(), plaintext, self.entropy())?
            .into_bytes())
    }

    /// As [`Instance::seal_content`], for what comes piece by piece.
    ///
    /// # Errors
    /// The key store failed.
    pub fn content_sealer(
        &self,
        organisation: OrganisationId,
        context: &str,
        now: Timestamp,
    ) -> Result<Sealer, OperationError> {
        let expiry = Month::of(now.plus(CONTENT_RETENTION));
        let keyring = &self.parts.keyring;
        Ok(keyring.sealer(organisation, Class::Content, expiry, context.as_bytes(), self.entropy())?)
    }

    /// As [`Instance::open_sealed`], for a body that is read piece by piece behind its header.
    ///
    /// # Errors
    /// Erased, or not an envelope of this organisation and context.
    pub fn content_opener(
        &self,
        organisation: OrganisationId,
        context: &str,
        header: &[u8],
    ) -> Result<Opener, OperationError> {
        Ok(self.parts.keyring.opener(organisation, context.as_bytes(), header)?)
    }

    /// Seals what outlives every retention: an authenticator's secret.
    ///
    /// # Errors
    /// The key store failed.
    pub fn seal_lasting(
        &self,
        organisation: OrganisationId,
        context: &str,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, OperationError> {
        let keyring = &self.parts.keyring;
        let entropy = self.entropy();
        Ok(keyring
            .seal(organisation, Class::Evidence, Month::NEVER, context.as_bytes(), plaintext, entropy)?
            .into_bytes())
    }

    /// A standing secret of the instance by name (a log's signing seed, the password pepper), if there is one.
    ///
    /// # Errors
    /// The key store failed.
    pub fn secret(&self, name: &str) -> Result<Option<Secret<[u8; 32]>>, OperationError> {
        Ok(self.parts.keyring.secret(name)?)
    }

    /// A standing secret, made on first use.
    ///
    /// # Errors
    /// The key store failed.
    pub fn secret_or_new(&self, name: &str) -> Result<Secret<[u8; 32]>, OperationError> {
        Ok(self.parts.keyring.secret_or_new(name, self.entropy())?)
    }

    /// Makes a standing secret. Never overwrites one.
    ///
    /// # Errors
    /// There is one of that name, or the key store failed.
    pub fn create_secret(&self, name: &str) -> Result<Secret<[u8; 32]>, OperationError> {
        Ok(self.parts.keyring.create_secret(name, self.entropy())?)
    }

    /// Opens what [`Instance::seal_content`] or the evidence of an operation sealed.
    ///
    /// # Errors
    /// Erased, altered, or sealed for something else.
    pub fn open_sealed(
        &self,
        organisation: OrganisationId,
        context: &str,
        sealed: &[u8],
    ) -> Result<Vec<u8>, OperationError> {
        Ok(self.parts.keyring.open_sealed(organisation, context.as_bytes(), sealed)?)
    }

    /// The organisation's blind index of a value, for exact-match search without plaintext.
    ///
    /// # Errors
    /// The key store failed.
    pub fn blind_index(
        &self,
        organisation: OrganisationId,
        purpose: &str,
        value: &str,
    ) -> Result<Vec<u8>, OperationError> {
        Ok(self.parts.keyring.blind_index(organisation, purpose, value.as_bytes(), self.entropy())?.to_vec())
    }

    pub(crate) fn seal_evidence(
        &self,
        organisation: OrganisationId,
        operation: OperationId,
        now: Timestamp,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, OperationError> {
        let expiry = Month::of(now.plus(EVIDENCE_RETENTION));
        let context = format!("{operation}/evidence");
        Ok(self
            .parts
            .keyring
            .seal(organisation, Class::Evidence, expiry, context.as_bytes(), plaintext, self.entropy())?
            .into_bytes())
    }

    pub(crate) fn store(&self) -> &Store {
        &self.parts.store
    }

    /// For the test that prepares every statement on both engines.
    ///
    /// # Errors
    /// The engine does not accept it.
    pub async fn prepare(&self, statement: &'static store::Statement) -> Result<(), StoreError> {
        self.parts.store.prepare(statement).await
    }
}
