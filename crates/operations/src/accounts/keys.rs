//! Security keys as sign-in and step-up use them: what is asked, what came back, and what a counter that went back means.

use access::{Evidence, EvidenceKind, Operation, OperationError, StoreError, Tx};
use identity::webauthn::{Assertion, Challenge, Counter, Credential, RelyingParty, WebauthnError, judge};
use vocabulary::{AccountId, AuthenticatorId, Timestamp};

use super::ceremony::Asked;
use super::factors::{Factor, Kind};
use super::sql;

/// A question to any of an account's keys.
#[derive(Debug, Clone)]
pub struct KeyQuestion {
    /// What the key signs.
    pub challenge: Challenge,
    /// Whom the keys are for.
    pub party: RelyingParty,
    /// The keys that may answer.
    pub keys: Vec<Credential>,
}

/// Asks the account's keys; `None` when it has none that counts.
pub(super) async fn ask(
    op: &Operation,
    party: Option<RelyingParty>,
    factors: &[Factor],
    asked: &Asked,
) -> Result<Option<KeyQuestion>, OperationError> {
    ask_this(op, party, factors, asked, Challenge::generate(op.entropy())).await
}

/// As [`ask`], with a challenge that says something.
pub(super) async fn ask_this(
    op: &Operation,
    party: Option<RelyingParty>,
    factors: &[Factor],
    asked: &Asked,
    challenge: Challenge,
) -> Result<Option<KeyQuestion>, OperationError> {
    let keys = of(op, factors)?.into_iter().map(|(_, credential)| credential).collect::<Vec<_>>();
    let Some(party) = party.filter(|_| !keys.is_empty()) else { return Ok(None) };
    asked.offer_this(op, challenge).await?;
    Ok(Some(KeyQuestion { challenge, party, keys }))
}

/// The keys among an account's authenticators that still prove something.
pub(super) fn of(
    op: &Operation,
    factors: &[Factor],
) -> Result<Vec<(AuthenticatorId, Credential)>, OperationError> {
    let standing = factors.iter().filter(|factor| factor.kind == Kind::SecurityKey && factor.stands());
    standing.map(|factor| Ok((factor.id, factor.credential(op)?))).collect()
}

/// An answer that verifies: what is left is that its challenge is good, and its counter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown {
    pub(super) id: AuthenticatorId,
    pub(super) challenge: Challenge,
    counter: u32,
}

/// Checks what a browser brought back. The signature is checked here, before the write.
pub(super) fn check(
    op: &Operation,
    party: &RelyingParty,
    account: AccountId,
    factors: &[Factor],
    response: &str,
) -> Result<Result<Shown, WebauthnError>, OperationError> {
    let keys = of(op, factors)?;
    Ok(verify(party, account, &keys, response))
}

fn verify(
    party: &RelyingParty,
    account: AccountId,
    keys: &[(AuthenticatorId, Credential)],
    response: &str,
) -> Result<Shown, WebauthnError> {
    let assertion = Assertion::parse(response)?;
    let challenge = assertion.challenge().ok_or(WebauthnError::Challenge)?;
    let known = keys.iter().find(|(_, credential)| credential.id == assertion.credential());
    let (id, credential) = known.ok_or(WebauthnError::Credential)?;
    let counter = assertion.verify(party, challenge, credential, account.as_bytes())?;
    Ok(Shown { id: *id, challenge, counter })
}

/// What became of an answer.
#[derive(Debug)]
pub(crate) enum Spent {
    /// It counts.
    Good,
    /// Its challenge was answered already, is too old, or was somebody else's; or the key was removed meanwhile.
    Stale,
    /// Its counter went back: the key is suspended and its sessions are ended. To be written, and refused.
    Copied(Evidence),
}

/// Uses an answer up, inside the write that relies on it. Two answers of one key at once are taken one after the
/// other: whichever shows the lower counter second is taken for a copy's. People touch a key once at a time.
pub(super) async fn spend(
    tx: &mut Tx<'_>,
    asked: &Asked,
    shown: Shown,
    now: Timestamp,
) -> Result<Spent, StoreError> {
    let account = asked.account;
    tx.execute(sql::LOCK_ACCOUNT, vec![account.into()]).await?;
    if !asked.spend(tx, shown.challenge, now).await? {
        return Ok(Spent::Stale);
    }
    let Some(row) = tx.fetch_optional(sql::COUNTER, vec![shown.id.into(), account.into()]).await? else {
        return Ok(Spent::Stale);
    };
    if row.get::<Option<i64>>(1)?.is_some() {
        return Ok(Spent::Stale);
    }
    match judge(row.get(0)?, shown.counter) {
        Counter::Good(counter) => {
            tx.execute(sql::MOVE_COUNTER, vec![shown.id.into(), u64::from(counter).into(), now.into()])
                .await?;
            Ok(Spent::Good)
        }
        Counter::WentBack => Ok(Spent::Copied(suspend(tx, account, shown.id, now).await?)),
    }
}

/// The key proves nothing any more, and neither does what it proved (Level 3, §6.1.1: a sign of a copy).
async fn suspend(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: AuthenticatorId,
    now: Timestamp,
) -> Result<Evidence, StoreError> {
    tx.execute(sql::SUSPEND_AUTHENTICATOR, vec![id.into(), now.into()]).await?;
    let values = vec![account.into(), id.into(), now.into(), "credential_changed".into()];
    let sessions = tx.execute(sql::END_SESSIONS_OF_AUTHENTICATOR, values).await?;
    Ok(Evidence::of(EvidenceKind::AuthenticatorSuspended, id)
        .with("account", account.to_string())
        .with("reason", "counter_went_back")
        .with("sessions_ended", sessions))
}
