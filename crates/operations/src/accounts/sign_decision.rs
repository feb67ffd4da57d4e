//! A person's security key signs a statement of theirs. Its question is good once, in this session, for this statement.

use access::{Operation, OperationError, StoreError, Tx};
use identity::webauthn::{Assertion, KeySignature, RelyingParty, challenge_of};
use vocabulary::{AccountId, SessionId, Timestamp};

use super::ceremony::{Asked, Purpose};
use super::enrol::session;
use super::factors;
use super::keys::{self, KeyQuestion, Shown, Spent};
use super::notify::{self, Change};
use crate::Cerebro;
use crate::notices::{self, Notice};

/// Whether the person has a key that counts.
///
/// # Errors
/// The database did not answer.
pub(crate) async fn has_key(cerebro: &Cerebro, op: &Operation) -> Result<bool, OperationError> {
    let Some(account) = op.actor().account().filter(|_| cerebro.relying_party().is_some()) else {
        return Ok(false);
    };
    Ok(!keys::of(op, &factors::of(op, account).await?)?.is_empty())
}

/// Asks the person's keys to sign; `None` when there is none that counts.
///
/// # Errors
/// The database did not answer.
pub(crate) async fn ask(
    cerebro: &Cerebro,
    op: &Operation,
    statement: &str,
) -> Result<Option<KeyQuestion>, OperationError> {
    let Some(account) = op.actor().account() else { return Ok(None) };
    let factors = factors::of(op, account).await?;
    let asked = asked(account, session(op)?);
    keys::ask_this(op, cerebro.relying_party(), &factors, &asked, challenge_of(statement)).await
}

/// A signature that verifies; what is left is that its question is good, and the key's counter.
pub(crate) struct Signed {
    asked: Asked,
    shown: Shown,
    notice: Option<Notice>,
    /// What evidence keeps of it.
    pub(crate) kept: KeySignature,
}

/// Checks what a browser brought back for a statement; `None` when it does not hold.
///
/// # Errors
/// The database or the keys did not answer.
pub(crate) async fn check(
    cerebro: &Cerebro,
    op: &Operation,
    statement: String,
    response: &str,
) -> Result<Option<Signed>, OperationError> {
    let (Some(account), Some(party)) = (op.actor().account(), cerebro.relying_party()) else {
        return Ok(None);
    };
    let factors = factors::of(op, account).await?;
    let Ok(shown) = keys::check(op, &party, account, &factors, response)? else { return Ok(None) };
    if shown.challenge != challenge_of(&statement) {
        return Ok(None);
    }
    let Some(kept) = kept(&party, &keys::of(op, &factors)?, shown, statement, response) else {
        return Ok(None);
    };
    let asked = asked(account, session(op)?);
    let notice = notify::compose(cerebro, op, account, &Change::Suspended).await?;
    Ok(Some(Signed { asked, shown, notice, kept }))
}

fn kept(
    party: &RelyingParty,
    keys: &[(vocabulary::AuthenticatorId, identity::webauthn::Credential)],
    shown: Shown,
    statement: String,
    response: &str,
) -> Option<KeySignature> {
    let (_, key) = keys.iter().find(|(id, _)| *id == shown.id)?;
    Some(KeySignature::of(statement, party, key, &Assertion::parse(response).ok()?))
}

impl Signed {
    /// Which key it was.
    pub(crate) const fn authenticator(&self) -> vocabulary::AuthenticatorId {
        self.shown.id
    }

    /// Uses it up, inside the write that relies on it. A key that turns out to be a copy is suspended, and its holder told.
    pub(crate) async fn spend(&self, tx: &mut Tx<'_>, now: Timestamp) -> Result<Spent, StoreError> {
        let spent = keys::spend(tx, &self.asked, self.shown, now).await?;
        if let (Spent::Copied(_), Some(notice)) = (&spent, &self.notice) {
            notices::enqueue(tx, notice.clone(), now).await?;
        }
        Ok(spent)
    }
}

fn asked(account: AccountId, session: SessionId) -> Asked {
    Asked { account, purpose: Purpose::Decide, bound_to: session.to_string() }
}
