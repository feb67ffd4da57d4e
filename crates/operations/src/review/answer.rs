//! The sender, holding the link of their notice, justifies or withdraws their message, or takes its private mark off. By POST only: a link that a
//! scanner follows shows a page and changes nothing.

use access::{Evidence, EvidenceKind, Operation, OperationError, StoreError, SystemReason, Tx, action};
use compliance::Guard;
use vocabulary::{HoldId, OrganisationId, PlatformReason, Timestamp};

use super::event::{self, EventKind};
use super::hold::{HoldState, Step};
use super::settle::{ReviewError, open_json};
use super::sql;
use super::{carry, guarded};
use crate::flows::DeliveryState;
use crate::flows::settle::{Summary, summary_context};
use crate::organisation::Reason;
use crate::{Cerebro, notices};

/// What the holder of a link sees: their own subject line, and where it stands. No finding, no reviewer.
#[derive(Debug, Clone)]
pub struct Answerable {
    /// The hold.
    pub hold: HoldId,
    /// Its organisation.
    pub organisation: OrganisationId,
    /// The subject line of their message; empty where they were told that it is private: links are forwarded. Of protected
    /// mail it is told as of any other, since its sender may not learn that it is.
    pub subject: String,
    /// They were told that it bears a private mark, and may take it off while it waits.
    pub is_private: bool,
    /// Where it stands.
    pub state: HoldState,
    /// When a decision is due.
    pub due_at: Timestamp,
}

/// What the sender says.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Why it should go.
    Justify(Reason),
    /// It should not go after all.
    Withdraw,
    /// It is no private message: whoever reviews may read it.
    Requalify,
}

/// The hold behind a link, or `NotFound` for any other text.
///
/// # Errors
/// There is none, or the database did not answer.
pub async fn look(cerebro: &Cerebro, link: &str) -> Result<(Operation, Answerable), ReviewError> {
    let hash = notices::link_hash(link);
    let found = cerebro
        .instance()
        .read_platform(PlatformReason::Gateway, async move |tx: &mut Tx<'_>| {
            match tx.fetch_optional(sql::BY_LINK, vec![hash.into()]).await? {
                Some(row) => Ok::<_, StoreError>(Some((row.parse(0)?, row.parse(1)?))),
                None => Ok(None),
            }
        })
        .await?;
    let (organisation, hold): (OrganisationId, HoldId) = found.ok_or(ReviewError::NotFound)?;
    let op = cerebro.system(SystemReason::LinkHolder, organisation);
    let row = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch_optional(sql::HOLD, vec![hold.into()]).await)
        .await?
        .ok_or(ReviewError::NotFound)?;
    let summary: Summary = open_json(&op, &summary_context(row.parse(1)?), &row.get::<Vec<u8>>(15)?)?;
    let guard = guarded::guard_of(&op, hold).await?;
    let seen = Answerable {
        hold,
        organisation,
        subject: if guard.is_asked() { String::new() } else { summary.subject },
        is_private: guard.is_asked(),
        state: row.parse(6)?,
        due_at: row.get(10)?,
    };
    Ok((op, seen))
}

/// Records what the sender says. A withdrawal ends the hold and its deliveries.
///
/// # Errors
/// Nothing changed.
pub async fn answer(cerebro: &Cerebro, link: &str, answer: Answer) -> Result<(), ReviewError> {
    let (op, seen) = look(cerebro, link).await?;
    let permit = op.permit(action::AnswerHold, seen.hold).await.map_err(OperationError::from)?;
    let said = match &answer {
        Answer::Justify(reason) => {
            Some(event::prepare(&op, seen.hold, EventKind::Justified, Some(reason.as_str()))?)
        }
        Answer::Requalify => Some(event::prepare(&op, seen.hold, EventKind::Requalified, None)?),
        Answer::Withdraw => None,
    };
    let (now, hold) = (op.now(), seen.hold);
    let written: Result<(), ReviewError> = op
        .write(permit, async move |tx: &mut Tx<'_>, hold: HoldId| {
            let row = tx.fetch_optional(sql::LOCK, vec![hold.into()]).await?.ok_or(ReviewError::NotFound)?;
            let was: HoldState = row.parse(0)?;
            let flow: vocabulary::FlowId = row.parse(3)?;
            match answer {
                Answer::Justify(reason) => {
                    if was != HoldState::Waiting {
                        return Err(super::hold::InvalidTransition { from: was }.into());
                    }
                    if let Some(said) = said {
                        event::record(tx, hold, said).await?;
                    }
                    Ok(((), Evidence::of(EvidenceKind::HoldJustified, hold).with("reason", reason.as_str())))
                }
                Answer::Requalify => {
                    let guard = Guard::from_bits(row.get::<Option<i64>>(4)?.unwrap_or(0));
                    if was != HoldState::Waiting || !guard.is_asked() {
                        return Err(super::hold::InvalidTransition { from: was }.into());
                    }
                    let left = guard.requalified();
                    tx.execute(guarded::sql::SET, vec![hold.into(), left.bits().into()]).await?;
                    if let Some(said) = said {
                        event::record(tx, hold, said).await?;
                    }
                    Ok(((), Evidence::of(EvidenceKind::HoldRequalified, hold).with("flow", flow.to_string())))
                }
                Answer::Withdraw => {
                    let becomes = was.step(Step::Withdraw)?;
                    let values = vec![
                        hold.into(),
                        becomes.word().into(),
                        now.into(),
                        "system:link_holder".into(),
                        access::Value::Null,
                        was.word().into(),
                    ];
                    tx.execute(sql::DECIDE, values).await?;
                    let values = vec![
                        flow.into(),
                        DeliveryState::Withdrawn.word().into(),
                        access::Value::Null,
                        now.into(),
                        DeliveryState::Held.word().into(),
                    ];
                    tx.execute(sql::MOVE_DELIVERIES, values).await?;
                    carry::begin(tx, hold).await?;
                    Ok(((), Evidence::of(EvidenceKind::HoldWithdrawn, hold).with("flow", flow.to_string())))
                }
            }
        })
        .await;
    written?;
    carry::now(cerebro, op.organisation(), hold).await;
    Ok(())
}
