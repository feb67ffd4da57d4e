//! A review opens a quarter after the last one, and closes when no right is left to decide on. Nobody has to remember it.

use access::{Evidence, EvidenceKind, OperationError, StoreError, SystemReason, Tx, Value, action};
use vocabulary::{AccessReviewId, OrganisationId, PlatformReason, bounds};

use super::sql;
use crate::Cerebro;
use crate::due::due;

/// Opens the reviews that are owed and closes those that are over, at most a hundred of each a call; how many.
///
/// # Errors
/// The database did not answer.
pub async fn turn(cerebro: &Cerebro) -> Result<(usize, usize), OperationError> {
    Ok((open_due(cerebro).await?, close_over(cerebro).await?))
}

async fn open_due(cerebro: &Cerebro) -> Result<usize, OperationError> {
    let now = cerebro.instance().now();
    let since: Value = now.minus(bounds::ACCESS_REVIEW_EVERY).into();
    let owed = cerebro
        .instance()
        .read_platform(PlatformReason::Timer, async move |tx: &mut Tx<'_>| {
            let rows = tx.fetch(sql::OWED, vec![since]).await?;
            rows.iter().map(|row| row.parse(0)).collect::<Result<Vec<OrganisationId>, StoreError>>()
        })
        .await?;
    let mut opened = 0;
    for organisation in owed {
        let op = cerebro.system(SystemReason::Timer, organisation);
        let permit = op.permit(action::OpenAccessReview, organisation).await?;
        let (id, due) = (AccessReviewId::new(now, op.entropy()), now.plus(bounds::ACCESS_REVIEW_TIME));
        let outcome: Result<(), OperationError> = op
            .write_in_turn(permit, async move |tx: &mut Tx<'_>, _: OrganisationId| {
                tx.execute(sql::OPEN, vec![id.into(), now.into(), due.into()]).await?;
                let rights = tx.execute(sql::OPEN_LINES, vec![id.into(), now.into()]).await?;
                let evidence = Evidence::of(EvidenceKind::AccessReviewOpened, id)
                    .with("rights", rights)
                    .with("due", due.rfc3339());
                Ok(((), evidence))
            })
            .await;
        match outcome {
            Ok(()) => opened += 1,
            // Another node was first.
            Err(OperationError::Store(error)) if error.is_conflict() => {}
            Err(error) => tracing::error!(%organisation, %error, "a review of access could not be opened"),
        }
    }
    Ok(opened)
}

async fn close_over(cerebro: &Cerebro) -> Result<usize, OperationError> {
    let now = cerebro.instance().now();
    let over = due::<AccessReviewId>(cerebro, sql::OVER, vec![now.into()]).await?;
    let mut closed = 0;
    for (organisation, id) in over {
        let op = cerebro.system(SystemReason::Timer, organisation);
        let permit = op.permit(action::CloseAccessReview, id).await?;
        let outcome: Result<bool, OperationError> = op
            .write(permit, async move |tx: &mut Tx<'_>, id: AccessReviewId| {
                let done = tx.execute(sql::CLOSE, vec![id.into(), now.into()]).await? > 0;
                Ok((done, Evidence::of(EvidenceKind::AccessReviewClosed, id)))
            })
            .await;
        match outcome {
            Ok(done) => closed += usize::from(done),
            Err(error) => tracing::error!(%id, %error, "a review of access could not be closed"),
        }
    }
    Ok(closed)
}
