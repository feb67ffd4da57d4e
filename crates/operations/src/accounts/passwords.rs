//! A password on its way into a write: accepted by the rules, hashed, sealed. Nobody sets another's.

use access::{Evidence, EvidenceKind, Operation, OperationError, StoreError, Tx};
use identity::password::{
    BrokenRules, EmbeddedList, PasswordHasher, PasswordPolicy, PasswordTooLong, PresentedPassword,
};
use vocabulary::{AccountId, AuthenticatorId, Timestamp};

use super::{authenticator_context, sql};
use crate::Organisation;

/// Why a password is not taken.
#[derive(Debug, thiserror::Error)]
pub enum NewPasswordError {
    /// It breaks rules of clause A3: all of them are named.
    #[error(transparent)]
    Rules(#[from] BrokenRules),
    /// It is too long to be read.
    #[error(transparent)]
    TooLong(#[from] PasswordTooLong),
    /// It could not be hashed or sealed.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

/// A new password, hashed and sealed.
pub(super) struct NewPassword {
    id: AuthenticatorId,
    sealed: Vec<u8>,
    now: Timestamp,
}

impl NewPassword {
    /// Checks a password against the rules, knowing the person and the organisation, and hashes it.
    pub(super) async fn prepare(
        op: &Operation,
        organisation: &Organisation,
        hasher: &PasswordHasher,
        typed: &str,
        person: (&str, &str),
    ) -> Result<Self, NewPasswordError> {
        let presented = PresentedPassword::new(typed)?;
        let mut words = vec![person.0, person.1, organisation.name.as_str()];
        words.extend(organisation.domains.iter().map(String::as_str));
        let accepted = PasswordPolicy::default().accept(presented, &words, &EmbeddedList)?;
        let (hasher, instance) = (hasher.clone(), op.instance().clone());
        let hash = tokio::task::spawn_blocking(move || hasher.hash(&accepted, instance.entropy()))
            .await
            .ok()
            .and_then(Result::ok)
            .ok_or_else(|| OperationError::Damaged("the password could not be hashed".into()))?;
        let id = AuthenticatorId::new(op.now(), op.entropy());
        let sealed =
            op.instance().seal_lasting(op.organisation(), &authenticator_context(id), hash.as_bytes())?;
        Ok(Self { id, sealed, now: op.now() })
    }

    /// Replaces the account's password, and ends every session and link of it (clause A3).
    pub(super) async fn keep(self, tx: &mut Tx<'_>, account: AccountId) -> Result<Evidence, StoreError> {
        let Self { id, sealed, now } = self;
        tx.execute(sql::LOCK_ACCOUNT, vec![account.into()]).await?;
        tx.execute(sql::END_PASSWORD, vec![account.into(), now.into()]).await?;
        let values = vec![id.into(), account.into(), "password".into(), sealed.into(), now.into()];
        tx.execute(sql::INSERT_AUTHENTICATOR, values).await?;
        tx.execute(sql::END_LINKS, vec![account.into(), now.into()]).await?;
        let ended = vec![account.into(), now.into(), "credential_changed".into()];
        let sessions = tx.execute(sql::END_SESSIONS, ended).await?;
        Ok(Evidence::of(EvidenceKind::PasswordSet, account)
            .with("authenticator", id.to_string())
            .with("sessions_ended", sessions))
    }
}
