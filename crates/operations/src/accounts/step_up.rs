//! Presence is proved again in an open session: with the second factor where there is one, else with the password.
//!
//! The session gets a new token; what it proved before is never lowered.

use access::{
    Actor, Assurance, Evidence, EvidenceKind, Operation, OperationError, Permit, StoreError, Tx, action,
};
use identity::Token;
use identity::password::{PasswordHasher, PresentedPassword};
use vocabulary::{AccountId, Secret, SessionId};

use super::ceremony::{self, Purpose};
use super::enrol::{prove, session};
use super::factors::{self, Factor, Kind};
use super::keys::{self, KeyQuestion, Spent};
use super::notify::{self, Change};
use super::sign_in::{record_refusal, second_subject, verify};
use super::throttle;
use crate::{Cerebro, notices};

/// Why presence was not proved.
#[derive(Debug, thiserror::Error)]
pub enum StepUpError {
    /// It is not right.
    #[error("the code or the password is not right")]
    Refused,
    /// Too many attempts.
    #[error("too many attempts: wait and try again")]
    Throttled,
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for StepUpError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// What can prove presence.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The password: the account has nothing better, or lost it.
    pub password: bool,
    /// A code of an authenticator app.
    pub app: bool,
    /// A security key, and what it is asked.
    pub key: Option<KeyQuestion>,
}

/// What a person is asked for. Security keys are asked.
///
/// # Errors
/// The database did not answer.
pub async fn asked(cerebro: &Cerebro, op: &Operation) -> Result<Asked, OperationError> {
    let Some(account) = op.actor().account() else { return Ok(Asked::default()) };
    let factors = factors::of(op, account).await?;
    if is_password_asked(op, &factors) {
        return Ok(Asked { password: true, ..Asked::default() });
    }
    let app = factors.iter().any(|factor| factor.kind == Kind::Totp && factor.stands());
    let key = keys::ask(op, cerebro.relying_party(), &factors, &question(op, account)?).await?;
    Ok(Asked { password: false, app, key })
}

/// Who came in by a backup code has lost the second factor. A factor that is suspended is not as if there were none.
fn is_password_asked(op: &Operation, factors: &[Factor]) -> bool {
    matches!(op.actor(), Actor::Person { assurance: Assurance::Enrolment, .. })
        || !factors.iter().any(|factor| factor.kind.is_second())
}

fn question(op: &Operation, account: AccountId) -> Result<ceremony::Asked, OperationError> {
    let bound_to = session(op)?.to_string();
    Ok(ceremony::Asked { account, purpose: Purpose::StepUp, bound_to })
}

/// Proves presence with a code, or with the password where [`asked`] says so. The session's new token comes back.
///
/// # Errors
/// [`StepUpError`]; the session stands as before.
pub async fn prove_again(
    op: &Operation,
    permit: Permit<action::StepUp>,
    hasher: &PasswordHasher,
    presented: &str,
) -> Result<Secret<String>, StepUpError> {
    let Actor::Person { account, assurance, .. } = op.actor() else { return Err(StepUpError::Refused) };
    let subject = second_subject(account);
    let attempt = throttle::attempt(op.instance(), &subject).await?.ok_or(StepUpError::Throttled)?;
    let factors = factors::of(op, account).await?;
    let (right, step, assurance) = if is_password_asked(op, &factors) {
        let kept = factors::password(op, &factors)?;
        let known = kept.is_some();
        let right = match PresentedPassword::new(presented) {
            Ok(presented) => {
                verify(hasher, presented, kept).await.map_err(|_| StepUpError::Throttled)? && known
            }
            Err(_) => false,
        };
        (right, None, assurance)
    } else {
        let step = factors::totp(op, &factors, presented)?;
        (step.is_some(), step, Assurance::TwoFactor)
    };
    if !right {
        record_refusal(op, account, attempt, "step_up").await?;
        return Err(StepUpError::Refused);
    }
    let (token, now) = (Token::generate(op.entropy()), op.now());
    let hash = token.hash();
    op.write(permit, async move |tx: &mut Tx<'_>, session: SessionId| {
        if let Some(step) = step
            && !factors::consume_step(tx, step, now).await?
        {
            return Err(StepUpError::Refused);
        }
        prove(tx, session, hash.as_bytes(), assurance, step.map(|(id, _)| id), now).await?;
        Ok(((), proved(session, assurance)))
    })
    .await?;
    throttle::forget(op.instance(), &subject).await?;
    Ok(token.expose().clone())
}

/// Proves presence with a security key. The session's new token comes back.
///
/// # Errors
/// [`StepUpError`]; the session stands as before, unless the key turned out to be a copy.
pub async fn prove_by_key(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::StepUp>,
    response: &str,
) -> Result<Secret<String>, StepUpError> {
    let account = op.actor().account().ok_or(StepUpError::Refused)?;
    let party = cerebro.relying_party().ok_or(StepUpError::Refused)?;
    let subject = second_subject(account);
    let attempt = throttle::attempt(op.instance(), &subject).await?.ok_or(StepUpError::Throttled)?;
    let factors = factors::of(op, account).await?;
    let lost = is_password_asked(op, &factors);
    let checked = keys::check(op, &party, account, &factors, response)?.ok().filter(|_| !lost);
    let Some(shown) = checked else {
        record_refusal(op, account, attempt, "step_up").await?;
        return Err(StepUpError::Refused);
    };
    let (token, now, asked) = (Token::generate(op.entropy()), op.now(), question(op, account)?);
    let notice = notify::compose(cerebro, op, account, &Change::Suspended).await?;
    let hash = token.hash();
    let good = op
        .write(permit, async move |tx: &mut Tx<'_>, session: SessionId| {
            match keys::spend(tx, &asked, shown, now).await? {
                Spent::Good => {
                    let assurance = Assurance::TwoFactor;
                    prove(tx, session, hash.as_bytes(), assurance, Some(shown.id), now).await?;
                    Ok((true, proved(session, assurance)))
                }
                Spent::Stale => Err(StepUpError::Refused),
                Spent::Copied(evidence) => {
                    if let Some(notice) = notice {
                        notices::enqueue(tx, notice, now).await?;
                    }
                    Ok((false, evidence))
                }
            }
        })
        .await?;
    if !good {
        cerebro.wake_relay();
        return Err(StepUpError::Refused);
    }
    throttle::forget(op.instance(), &subject).await?;
    Ok(token.expose().clone())
}

fn proved(session: SessionId, assurance: Assurance) -> Evidence {
    Evidence::of(EvidenceKind::SessionProved, session).with("assurance", assurance.word())
}
