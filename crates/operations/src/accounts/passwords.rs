//! A password on its way into a write: accepted by the rules, hashed, sealed. Nobody sets another's.

use access::{Evidence, EvidenceKind, Operation, OperationError, StoreError, Tx};
use identity::password::{BrokenRules, PasswordHasher, PasswordTooLong, PresentedPassword};
use vocabulary::{AccountId, AuthenticatorId, Timestamp};

use super::hashing::{self, Busy};
use super::look::Subject;
use super::{authenticator_context, sql};
use crate::Cerebro;

/// Why a password is not taken.
#[derive(Debug, thiserror::Error)]
pub enum NewPasswordError {
    /// Too many are being hashed.
    #[error(transparent)]
    Busy(#[from] Busy),
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
    list: String,
    now: Timestamp,
}

impl NewPassword {
    /// Checks a password against the rules, knowing the person and the organisation, and hashes it.
    pub(super) async fn prepare(
        cerebro: &Cerebro,
        op: &Operation,
        hasher: &PasswordHasher,
        typed: &str,
        subject: &Subject,
    ) -> Result<Self, NewPasswordError> {
        let presented = PresentedPassword::new(typed)?;
        let organisation = cerebro
            .organisation(op.organisation())
            .ok_or_else(|| OperationError::Damaged("the organisation of an account".into()))?;
        let email = subject.email.as_ref().map(ToString::to_string).unwrap_or_default();
        let mut words = vec![subject.name.as_str(), email.as_str(), organisation.name.as_str()];
        words.extend(organisation.domains.iter().map(String::as_str));
        let breached = cerebro.breached();
        let accepted =
            organisation.policy.passwords.rule().unwrap_or_default().accept(presented, &words, &breached)?;
        let (hasher, instance) = (hasher.clone(), op.instance().clone());
        let hash = hashing::run(move || hasher.hash(&accepted, instance.entropy()))
            .await?
            .and_then(Result::ok)
            .ok_or_else(|| OperationError::Damaged("the password could not be hashed".into()))?;
        let id = AuthenticatorId::new(op.now(), op.entropy());
        let sealed =
            op.instance().seal_lasting(op.organisation(), &authenticator_context(id), hash.as_bytes())?;
        let list = breached.date().unwrap_or("built in").to_owned();
        Ok(Self { id, sealed, list, now: op.now() })
    }

    /// Replaces the account's password, and ends every session and link of it (clause A3).
    pub(super) async fn keep(self, tx: &mut Tx<'_>, account: AccountId) -> Result<Evidence, StoreError> {
        let Self { id, sealed, list, now } = self;
        tx.execute(sql::LOCK_ACCOUNT, vec![account.into()]).await?;
        tx.execute(sql::END_PASSWORD, vec![account.into(), now.into()]).await?;
        let values = vec![id.into(), account.into(), "password".into(), sealed.into(), now.into()];
        tx.execute(sql::INSERT_AUTHENTICATOR, values).await?;
        tx.execute(sql::END_LINKS, vec![account.into(), now.into()]).await?;
        let ended = vec![account.into(), now.into(), "credential_changed".into()];
        let sessions = tx.execute(sql::END_SESSIONS, ended).await?;
        Ok(Evidence::of(EvidenceKind::PasswordSet, account)
            .with("authenticator", id.to_string())
            .with("breached_list", list)
            .with("sessions_ended", sessions))
    }
}
