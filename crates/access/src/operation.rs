//! Who acts, for which organisation, with which clock and entropy: the first argument of every verb.

use store::{MechanicalReason, StoreError, Tx, WriteError};
use vocabulary::{Entropy, Locale, OperationId, OrganisationId, Scope, Timestamp};

use crate::{Action, Actor, Denied, Evidence, Instance, Mission, Permit, permit};

/// Somebody doing something.
#[derive(Debug, Clone)]
pub struct Operation {
    id: OperationId,
    actor: Actor,
    organisation: OrganisationId,
    locale: Locale,
    instance: Instance,
}

/// What any operation can run into, whatever its verb.
#[derive(Debug, thiserror::Error)]
pub enum OperationError {
    /// Not permitted.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The store could not keep or find it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A key could not be made or read.
    #[error("sealing failed: {0}")]
    Seal(#[from] vault::SealError),
    /// The key store failed.
    #[error(transparent)]
    KeyStore(#[from] vault::KeyStoreError),
    /// What was sealed does not open.
    #[error(transparent)]
    Open(#[from] vault::OpenError),
    /// A blob could not be written or read.
    #[error("the blob store failed: {0}")]
    Blob(#[from] std::io::Error),
    /// Stored data does not read back as what was stored: a mistake of ours, or an altered database.
    #[error("stored data does not read back: {0}")]
    Damaged(String),
}

impl OperationError {
    /// What was asked for was erased with its key when its time was over.
    #[must_use]
    pub const fn is_erased(&self) -> bool {
        matches!(self, Self::Open(vault::OpenError::Destroyed(_)))
    }

    /// Durable storage is the cause: what was asked may be asked again later.
    #[must_use]
    pub fn is_storage(&self) -> bool {
        match self {
            Self::Store(error) | Self::Denied(Denied::Store(error)) => {
                error.is_storage() || matches!(error, StoreError::LedgerBehind)
            }
            Self::Blob(_) | Self::Seal(_) | Self::KeyStore(_) => true,
            _ => false,
        }
    }
}

impl Operation {
    pub(crate) fn new(
        id: OperationId,
        actor: Actor,
        organisation: OrganisationId,
        locale: Locale,
        instance: Instance,
    ) -> Self {
        Self { id, actor, organisation, locale, instance }
    }

    /// The step's own id: in logs, and in every entry it leaves.
    #[must_use]
    pub fn id(&self) -> OperationId {
        self.id
    }

    /// Who acts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.actor
    }

    /// For which organisation.
    #[must_use]
    pub fn organisation(&self) -> OrganisationId {
        self.organisation
    }

    /// The language of whoever acts.
    #[must_use]
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.instance.now()
    }

    /// Where random bytes come from.
    #[must_use]
    pub fn entropy(&self) -> &dyn Entropy {
        self.instance.entropy()
    }

    /// What all operations share.
    #[must_use]
    pub fn instance(&self) -> &Instance {
        &self.instance
    }

    /// The missions of whoever acts, now.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn missions(&self) -> Result<Vec<Mission>, StoreError> {
        let (actor, now) = (self.actor, self.now());
        self.read(async move |tx: &mut Tx<'_>| permit::missions(tx, actor, now).await).await
    }

    /// Asks for the proof that an action on a subject is allowed.
    ///
    /// # Errors
    /// [`Denied`] says why not.
    pub async fn permit<A: Action>(&self, _action: A, subject: A::Subject) -> Result<Permit<A>, Denied> {
        let (actor, now) = (self.actor, self.now());
        let own = actor.account().map(|account| account.to_string());
        if crate::table::is_own(A::NAME) && own != Some(subject.to_string()) {
            return Err(Denied::NotAllowed { action: A::NAME, actor: actor.to_string() });
        }
        // The system's own permits rest on the table alone: no question to the database.
        if let Actor::System(reason) = actor {
            return match crate::table::system(reason, A::NAME) {
                crate::Rule::Yes => Ok(Permit::new(subject, self.organisation, actor)),
                _ => Err(Denied::NotAllowed { action: A::NAME, actor: actor.to_string() }),
            };
        }
        self.read(async move |tx: &mut Tx<'_>| permit::check(tx, actor, A::NAME, now).await).await?;
        Ok(Permit::new(subject, self.organisation, actor))
    }

    /// Reads this organisation's rows.
    ///
    /// # Errors
    /// The closure's, or the store's.
    pub async fn read<T, E, F>(&self, question: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.instance.store().read(Scope::Organisation(self.organisation), question).await
    }

    /// Changes this organisation's governed data: the only way there is. The permit is given up, checked again
    /// inside the transaction, and its subject handed to the closure, which returns the evidence of what it did.
    ///
    /// # Errors
    /// The closure's; or through `E::from`, that the permit no longer holds or that nothing could be kept. Nothing
    /// was changed then, unless [`StoreError::is_uncertain`].
    pub async fn write<A, T, E, F>(&self, permit: Permit<A>, change: F) -> Result<T, E>
    where
        A: Action,
        F: AsyncFnOnce(&mut Tx<'_>, A::Subject) -> Result<(T, Evidence), E> + Send + 'static,
        T: Send + 'static,
        E: From<OperationError> + From<StoreError> + Send + 'static,
    {
        self.change(permit, false, change).await
    }

    /// As [`Operation::write`], one at a time in an organisation: what decides who governs it. Of two administrators who
    /// suspend each other, the second finds the permit gone when its turn comes (attack L1).
    ///
    /// # Errors
    /// As [`Operation::write`].
    pub async fn write_in_turn<A, T, E, F>(&self, permit: Permit<A>, change: F) -> Result<T, E>
    where
        A: Action,
        F: AsyncFnOnce(&mut Tx<'_>, A::Subject) -> Result<(T, Evidence), E> + Send + 'static,
        T: Send + 'static,
        E: From<OperationError> + From<StoreError> + Send + 'static,
    {
        self.change(permit, true, change).await
    }

    async fn change<A, T, E, F>(&self, permit: Permit<A>, in_turn: bool, change: F) -> Result<T, E>
    where
        A: Action,
        F: AsyncFnOnce(&mut Tx<'_>, A::Subject) -> Result<(T, Evidence), E> + Send + 'static,
        T: Send + 'static,
        E: From<OperationError> + From<StoreError> + Send + 'static,
    {
        let (instance, id, now) = (self.instance.clone(), self.id, self.now());
        let scope = Scope::Organisation(permit.organisation());
        let outcome = self.instance.store().write(scope, async move |tx: &mut Tx<'_>| {
            if in_turn {
                tx.execute(permit::sql::TAKE_TURN, vec![]).await?;
            }
            permit::check(tx, permit.actor(), A::NAME, now).await.map_err(OperationError::Denied)?;
            let (value, evidence) = change(tx, permit.subject()).await?;
            let records = evidence.into_records(&instance, permit.organisation(), permit.actor(), id, now)?;
            Ok((value, records))
        });
        outcome.await.map_err(WriteError::into_inner)
    }

    /// Changes mechanical state of this organisation.
    ///
    /// # Errors
    /// The closure's, or the store's.
    pub async fn write_mechanical<T, E, F>(&self, why: MechanicalReason, change: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.instance
            .store()
            .write_mechanical(Scope::Organisation(self.organisation), why, change)
            .await
            .map_err(WriteError::into_inner)
    }

    /// Seals contents of this organisation.
    ///
    /// # Errors
    /// The key store failed.
    pub fn seal(&self, context: &str, plaintext: &[u8]) -> Result<Vec<u8>, OperationError> {
        self.instance.seal_content(self.organisation, context, self.now(), plaintext)
    }

    /// Opens contents of this organisation.
    ///
    /// # Errors
    /// Erased, altered, or sealed for something else.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, OperationError> {
        self.instance.open_sealed(self.organisation, context, sealed)
    }
}
