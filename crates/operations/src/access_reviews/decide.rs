//! An administrator decides on one right of the open review: kept until the next one, or ended at once. Nobody decides on
//! a right of their own, nor on one of a second account of theirs (attack A8).

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, Row, StoreError, Tx, action};
use vocabulary::{AccessReviewId, AccountId, GrantId};

use super::sql;
use crate::Cerebro;
use crate::accounts::people::{self, SamePerson};
use crate::accounts::standing::StandingError;
use crate::missions::withdraw::Withdrawal;
use crate::organisation::Reason;

/// What becomes of a right.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// It is needed.
    Keep,
    /// It is not: it ends now.
    End(Reason),
}

/// Why nothing was decided. Nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum DecideRightError {
    /// No review that is open asks about it: there is none, or somebody was first.
    #[error("no open review asks about this right")]
    NotFound,
    /// Whoever decides holds it.
    #[error("nobody decides on a right of their own, nor on one of another account of theirs")]
    SamePerson(#[from] SamePerson),
    /// It is the last administrator's.
    #[error(transparent)]
    Standing(StandingError),
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for DecideRightError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

impl From<StandingError> for DecideRightError {
    fn from(error: StandingError) -> Self {
        match error {
            StandingError::Operation(error) => Self::Operation(error),
            StandingError::NotFound => Self::NotFound,
            error => Self::Standing(error),
        }
    }
}

/// Decides. With the last right the review is over.
///
/// # Errors
/// [`DecideRightError`]; nothing changed.
pub async fn decide(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::DecideRight>,
    verdict: Verdict,
) -> Result<(), DecideRightError> {
    let by = op.actor().account().ok_or(DecideRightError::NotFound)?;
    let (word, withdrawal) = match verdict {
        Verdict::Keep => ("kept", None),
        Verdict::End(reason) => {
            ("ended", Some(Withdrawal::prepare(cerebro, op, permit.subject(), reason).await?))
        }
    };
    let now = op.now();
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, grant: GrantId| {
        let row = tx.fetch_optional(sql::LINE, vec![grant.into(), now.into()]).await?;
        let row = row.ok_or(DecideRightError::NotFound)?;
        let (review, account): (AccessReviewId, AccountId) = (row.parse(0)?, row.parse(1)?);
        people::distinct::<DecideRightError>(tx, by, &[account]).await?;
        let values = vec![review.into(), grant.into(), word.into(), by.to_string().into(), now.into()];
        if tx.execute(sql::DECIDE, values).await? == 0 {
            return Err(DecideRightError::NotFound);
        }
        let resumed =
            if withdrawal.is_none() { tx.execute(sql::RESUME, vec![grant.into()]).await? } else { 0 };
        let mut evidence = Evidence::of(EvidenceKind::RightReviewed, grant)
            .with("review", review.to_string())
            .with("account", account.to_string())
            .with("mission", row.get::<String>(2)?)
            .with("decision", word)
            .with("resumed", resumed > 0);
        if let Some(withdrawal) = withdrawal {
            evidence = evidence.and(withdrawal.take(tx, grant).await?);
        }
        let left: Option<Row> = tx.fetch_optional(sql::LEFT, vec![review.into(), now.into()]).await?;
        if left.map_or(Ok(0), |row| row.get::<u64>(0))? == 0 {
            tx.execute(sql::CLOSE, vec![review.into(), now.into()]).await?;
            evidence = evidence.and(Evidence::of(EvidenceKind::AccessReviewClosed, review));
        }
        Ok::<_, DecideRightError>(((), evidence))
    })
    .await?;
    cerebro.wake_relay();
    Ok(())
}
