//! Presence is proved again in an open session: with the second factor where there is one, else with the password.
//!
//! The session gets a new token; what it proved before is never lowered.

use access::{
    Actor, Assurance, Evidence, EvidenceKind, Operation, OperationError, Permit, StoreError, Tx, action,
};
use identity::Token;
use identity::password::{PasswordHasher, PresentedPassword};
use vocabulary::{Secret, SessionId};

use super::enrol_totp::prove;
use super::sign_in::{record_refusal, second_subject, verify};
use super::{factors, throttle};

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

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// A code of an authenticator app.
    Code,
    /// The password: the account has nothing better.
    Password,
}

/// What a person is asked for.
///
/// # Errors
/// The database did not answer.
pub async fn asked(op: &Operation) -> Result<Asked, OperationError> {
    let Some(account) = op.actor().account() else { return Ok(Asked::Password) };
    // Who came in by a backup code has lost the second factor.
    if let Actor::Person { assurance: Assurance::Enrolment, .. } = op.actor() {
        return Ok(Asked::Password);
    }
    let factors = factors::of(op, account).await?;
    Ok(if factors.iter().any(|factor| factor.kind.is_second()) { Asked::Code } else { Asked::Password })
}

/// Proves presence with what [`asked`] says. The session's new token comes back.
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
    let asked = asked(op).await?;
    let subject = second_subject(account);
    let attempt = throttle::attempt(op.instance(), &subject).await?.ok_or(StepUpError::Throttled)?;
    let factors = factors::of(op, account).await?;
    let (right, step, assurance) = match asked {
        Asked::Code => {
            let step = factors::totp(op, &factors, presented)?;
            (step.is_some(), step, Assurance::TwoFactor)
        }
        Asked::Password => {
            let kept = factors::password(op, &factors)?;
            let known = kept.is_some();
            let right = match PresentedPassword::new(presented) {
                Ok(presented) => verify(hasher, presented, kept).await && known,
                Err(_) => false,
            };
            (right, None, assurance)
        }
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
        prove(tx, session, hash.as_bytes(), assurance, now).await?;
        let evidence = Evidence::of(EvidenceKind::SessionProved, session).with("assurance", assurance.word());
        Ok(((), evidence))
    })
    .await?;
    throttle::forget(op.instance(), &subject).await?;
    Ok(token.expose().clone())
}
