//! Questions asked of authenticators: each is bound to one account, one purpose and one session or first step, lives five
//! minutes, and is used up in the write that relies on its answer. However many answers come at once, one counts.

use access::{Instance, MechanicalReason, Operation, OperationError, StoreError, Tx};
use identity::webauthn::Challenge;
use vocabulary::{AccountId, PlatformReason, Timestamp, bounds};

pub(crate) mod sql {
    access::statements! {
        Mechanical OFFER = "INSERT INTO ceremony (organisation, challenge, account, purpose, bound_to, expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
        Mechanical USE = "DELETE FROM ceremony WHERE organisation = $1 AND challenge = $2 AND account = $3 AND purpose = $4 AND bound_to = $5 AND expires_at > $6";
        Mechanical MAKE_ROOM = "DELETE FROM ceremony WHERE organisation = $1 AND account = $2 AND challenge IN (SELECT challenge FROM ceremony WHERE organisation = $1 AND account = $2 ORDER BY expires_at DESC, challenge LIMIT 1000 OFFSET $3)";
        MechanicalPlatform FORGET = "DELETE FROM ceremony WHERE expires_at <= $1";
    }
}

/// What the answer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Enrol,
    SignIn,
    StepUp,
    Decide,
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Self::Enrol => "enrol",
            Self::SignIn => "sign_in",
            Self::StepUp => "step_up",
            Self::Decide => "decide",
        }
    }
}

/// Who may answer: one account, for one purpose, in one session or sign-in.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) account: AccountId,
    pub(super) purpose: Purpose,
    /// The session's id, or what tells the first step from any other.
    pub(super) bound_to: String,
}

impl Asked {
    /// Asks: a new challenge.
    pub(super) async fn offer(&self, op: &Operation) -> Result<Challenge, OperationError> {
        let challenge = Challenge::generate(op.entropy());
        self.offer_this(op, challenge).await?;
        Ok(challenge)
    }

    /// Asks with a challenge that says something.
    pub(super) async fn offer_this(
        &self,
        op: &Operation,
        challenge: Challenge,
    ) -> Result<(), OperationError> {
        let (asked, until) = (self.clone(), op.now().plus(bounds::CEREMONY_LIFE));
        op.write_mechanical(MechanicalReason::Ceremony, async move |tx: &mut Tx<'_>| {
            let room = (bounds::CEREMONIES_MAX as u64).saturating_sub(1);
            tx.execute(sql::MAKE_ROOM, vec![asked.account.into(), room.into()]).await?;
            let values = vec![
                challenge.as_bytes().as_slice().into(),
                asked.account.into(),
                asked.purpose.word().into(),
                asked.bound_to.into(),
                until.into(),
            ];
            tx.execute(sql::OFFER, values).await.map(drop)
        })
        .await
        .map_err(|error: StoreError| OperationError::Store(error))
    }

    /// Uses a challenge up, inside the write that relies on its answer. False when it is not one of these any more.
    pub(super) async fn spend(
        &self,
        tx: &mut Tx<'_>,
        challenge: Challenge,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let values = vec![
            challenge.as_bytes().as_slice().into(),
            self.account.into(),
            self.purpose.word().into(),
            self.bound_to.clone().into(),
            now.into(),
        ];
        Ok(tx.execute(sql::USE, values).await? == 1)
    }
}

/// Forgets questions nobody answered in time.
///
/// # Errors
/// The database did not answer.
pub(crate) async fn forget(instance: &Instance) -> Result<u64, OperationError> {
    let now = instance.now();
    instance
        .write_mechanical(PlatformReason::Timer, MechanicalReason::Sweep, async move |tx: &mut Tx<'_>| {
            tx.execute(sql::FORGET, vec![now.into()]).await
        })
        .await
        .map_err(|error: StoreError| OperationError::Store(error))
}
