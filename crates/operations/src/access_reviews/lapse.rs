//! A review that is not done in time (clause R4, attack A8): administrators are told a week ahead; on the day each right nobody decided
//! on stands still, at the next request, until somebody does. Who holds it is told. The last administrator stays: somebody has to decide.

use access::{
    Evidence, EvidenceKind, Family, Mission, Operation, OperationError, Row, StoreError, SystemReason, Tx,
    action,
};
use vocabulary::{AccessReviewId, AccountId, GrantId, Timestamp, bounds};

use super::sql;
use crate::accounts::look;
use crate::accounts::mail::{self, News};
use crate::accounts::standing;
use crate::due::due;
use crate::notices::{self, Notice};
use crate::{Cerebro, break_glass};

/// Warns of the reviews that end within a week, and suspends what those that ended left open; how many of each.
///
/// # Errors
/// The database did not answer.
pub async fn turn(cerebro: &Cerebro) -> Result<(usize, usize), OperationError> {
    let now = cerebro.instance().now();
    let soon = now.plus(bounds::ACCESS_REVIEW_WARNING);
    let mut warned = 0;
    for (organisation, review) in due::<AccessReviewId>(cerebro, sql::ENDS_SOON, vec![soon.into()]).await? {
        match warn(cerebro, &cerebro.system(SystemReason::Timer, organisation), review).await {
            Ok(()) => warned += 1,
            Err(error) => {
                tracing::error!(%review, %error, "administrators could not be told of a review of access")
            }
        }
    }
    let mut lapsed = 0;
    for (organisation, review) in due::<AccessReviewId>(cerebro, sql::LATE, vec![now.into()]).await? {
        match lapse(cerebro, &cerebro.system(SystemReason::Timer, organisation), review).await {
            Ok(()) => lapsed += 1,
            Err(error) => {
                tracing::error!(%review, %error, "rights that were not reviewed in time could not be suspended")
            }
        }
    }
    Ok((warned, lapsed))
}

/// Tells every administrator once.
async fn warn(cerebro: &Cerebro, op: &Operation, review: AccessReviewId) -> Result<(), OperationError> {
    let open = undecided(op, review).await?;
    let news = News::ReviewEnds { rights: open.len() };
    let notices = to_administrators(cerebro, op, &news).await?;
    let (now, told) = (op.now(), notices.len());
    let permit = op.permit(action::LapseAccessReview, review).await?;
    op.write(permit, async move |tx: &mut Tx<'_>, review: AccessReviewId| {
        // Of two nodes one tells.
        if tx.execute(sql::WARNED, vec![review.into(), now.into()]).await? == 0 {
            let again = Evidence::of(EvidenceKind::AccessReviewWarned, review).with("again", true);
            return Ok::<_, OperationError>(((), again));
        }
        send(tx, notices, now).await?;
        let evidence = Evidence::of(EvidenceKind::AccessReviewWarned, review)
            .with("rights", open.len())
            .with("administrators_told", told);
        Ok(((), evidence))
    })
    .await?;
    cerebro.wake_relay();
    Ok(())
}

async fn lapse(cerebro: &Cerebro, op: &Operation, review: AccessReviewId) -> Result<(), OperationError> {
    let open = undecided(op, review).await?;
    let mut notices = to_administrators(cerebro, op, &News::ReviewLapsed { rights: open.len() }).await?;
    for right in &open {
        if let Some(subject) = look::subject(op, right.account).await? {
            notices.extend(mail::news(cerebro, op, &subject, &News::MissionSuspended(right.mission))?);
        }
    }
    let now = op.now();
    let permit = op.permit(action::LapseAccessReview, review).await?;
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, review: AccessReviewId| {
        let lapsed = Evidence::of(EvidenceKind::AccessReviewLapsed, review);
        // Of two nodes one does it.
        if tx.execute(sql::LAPSED, vec![review.into(), now.into()]).await? == 0 {
            return Ok::<_, OperationError>(((), lapsed.with("again", true)));
        }
        let (mut facts, mut left_out) = (Vec::new(), 0_u64);
        for right in open {
            if right.mission.family() == Family::Administration && is_last(tx, right.account, now).await? {
                left_out += 1;
            } else if tx.execute(sql::SUSPEND, vec![right.grant.into(), now.into()]).await? > 0 {
                let fact = Evidence::of(EvidenceKind::RightSuspended, right.grant)
                    .with("review", review.to_string())
                    .with("account", right.account.to_string())
                    .with("mission", right.mission.word());
                facts.push(fact);
            }
        }
        send(tx, notices, now).await?;
        let lapsed = lapsed.with("suspended", facts.len()).with("administrators_left_out", left_out);
        Ok(((), facts.into_iter().fold(lapsed, Evidence::and)))
    })
    .await?;
    cerebro.wake_relay();
    tracing::warn!(event = "access_review.lapsed", %review, "rights that were not reviewed in time stand still");
    Ok(())
}

/// Nobody else could go on alone.
async fn is_last(tx: &mut Tx<'_>, account: AccountId, now: Timestamp) -> Result<bool, StoreError> {
    let row: Option<Row> =
        tx.fetch_optional(standing::sql::OTHER_ADMINISTRATORS, vec![account.into(), now.into()]).await?;
    Ok(row.map_or(Ok(0), |row| row.get::<u64>(0))? == 0)
}

/// A right nobody decided on.
struct Undecided {
    grant: GrantId,
    account: AccountId,
    mission: Mission,
}

async fn undecided(op: &Operation, review: AccessReviewId) -> Result<Vec<Undecided>, OperationError> {
    let now = op.now();
    let rows = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch(sql::UNDECIDED, vec![review.into(), now.into()]).await)
        .await
        .map_err(OperationError::Store)?;
    let read = |row: &Row| {
        Ok::<_, StoreError>(Undecided {
            grant: row.parse(0)?,
            account: row.parse(1)?,
            mission: row.parse(2)?,
        })
    };
    Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
}

async fn to_administrators(
    cerebro: &Cerebro,
    op: &Operation,
    news: &News,
) -> Result<Vec<Notice>, OperationError> {
    let mut notices = Vec::new();
    for account in break_glass::administrators(op).await? {
        if let Some(subject) = look::subject(op, account).await? {
            notices.extend(mail::news(cerebro, op, &subject, news)?);
        }
    }
    Ok(notices)
}

async fn send(tx: &mut Tx<'_>, notices: Vec<Notice>, now: Timestamp) -> Result<(), StoreError> {
    for notice in notices {
        notices::enqueue(tx, notice, now).await?;
    }
    Ok(())
}
