//! A held message is read by the second encoder, in the background, once: by whichever node has time, under a lease. What it says stands
//! beside the assessment and changes no verdict. A crash before the write leaves its turn to another node.

use access::{
    Evidence, EvidenceKind, MechanicalReason, Operation, OperationError, Row, StoreError, SystemReason, Tx,
    action,
};
use compliance::semantic::{SecondReader, SecondReading};
use mail::Message;
use vocabulary::{AssessmentId, BlobId, FlowId, HoldId, OrganisationId, PlatformReason, Timestamp, bounds};

use super::hold::HoldState;
use super::settle::{ReviewError, open_json, organisation};
use super::sql;
use crate::Cerebro;
use crate::flows::settle::{Reviewed, assessment_context, to_json};
use crate::flows::{body, sql as flow_sql};

fn context(hold: HoldId) -> String {
    format!("{hold}/second")
}

/// A message begins to wait: it gets its turn in the same write.
pub(crate) async fn ask(tx: &mut Tx<'_>, hold: HoldId) -> Result<(), StoreError> {
    tx.execute(sql::ASK_SECOND, vec![hold.into()]).await.map(drop)
}

/// Reads what nobody is at, at most twenty a call, until `stopping`; how many were read. What cannot be read is logged and
/// taken up again when its lease has run out, a few times. Nothing without a second encoder.
///
/// # Errors
/// The database did not answer.
pub async fn read_due(cerebro: &Cerebro, stopping: impl Fn() -> bool) -> Result<usize, OperationError> {
    let Some(reader) = cerebro.second_reader() else { return Ok(0) };
    let now = cerebro.instance().now();
    let due = cerebro
        .instance()
        .read_platform(PlatformReason::Timer, async move |tx: &mut Tx<'_>| {
            let rows = tx.fetch(sql::SECOND_DUE, vec![now.into()]).await?;
            rows.iter()
                .map(|row| Ok((row.parse(0)?, row.parse(1)?)))
                .collect::<Result<Vec<(OrganisationId, HoldId)>, StoreError>>()
        })
        .await?;
    let mut read = 0;
    for (organisation, hold) in due {
        if stopping() {
            break;
        }
        let op = cerebro.system(SystemReason::Timer, organisation);
        match read_one(cerebro, &op, reader, hold).await {
            Ok(true) => read += 1,
            Ok(false) => {}
            Err(error) => tracing::error!(%hold, %error, "a held message could not be read a second time"),
        }
    }
    Ok(read)
}

/// Reads one; `false` when somebody is at it, when it was decided meanwhile, or when it is given up.
async fn read_one(
    cerebro: &Cerebro,
    op: &Operation,
    reader: &SecondReader,
    hold: HoldId,
) -> Result<bool, ReviewError> {
    let Some(lease) = claim(op, hold).await? else { return Ok(false) };
    let waiting = match load(op, hold, &lease).await {
        Ok(waiting) => waiting,
        // Its contents were erased: there is nothing to read.
        Err(ReviewError::Operation(OperationError::Open(_) | OperationError::Blob(_))) => None,
        Err(error) => return Err(error),
    };
    let Some(waiting) = waiting else {
        give_up(op, hold, lease).await?;
        return Ok(false);
    };
    let (reader, known) = (reader.clone(), organisation(cerebro, op)?);
    let read = tokio::task::spawn_blocking(move || {
        let files: Vec<(&str, &str)> =
            waiting.files.iter().map(|(part, text)| (part.as_str(), text.as_str())).collect();
        reader.read(&waiting.message, &files, &known.facts)
    });
    let reading = read.await.map_err(|_| OperationError::Damaged(format!("the second reading of {hold}")))?;
    match keep(op, hold, lease.clone(), reading).await {
        // Decided meanwhile.
        Err(ReviewError::NotFound) => give_up(op, hold, lease).await.map(|()| false),
        kept => kept.map(|()| true),
    }
}

async fn claim(op: &Operation, hold: HoldId) -> Result<Option<String>, OperationError> {
    let (lease, now) = (op.id().to_string(), op.now());
    let values = vec![hold.into(), lease.as_str().into(), now.plus(bounds::SECOND_LEASE).into(), now.into()];
    let claimed: Result<u64, StoreError> = op
        .write_mechanical(MechanicalReason::Lease, async move |tx: &mut Tx<'_>| {
            tx.execute(sql::CLAIM_SECOND, values).await
        })
        .await;
    Ok((claimed? > 0).then_some(lease))
}

async fn give_up(op: &Operation, hold: HoldId, lease: String) -> Result<(), ReviewError> {
    let ended: Result<u64, StoreError> = op
        .write_mechanical(MechanicalReason::Lease, async move |tx: &mut Tx<'_>| {
            tx.execute(sql::GIVE_UP_SECOND, vec![hold.into(), lease.into()]).await
        })
        .await;
    Ok(ended.map(drop)?)
}

/// A message that waits, as it was assessed.
struct Waiting {
    message: Message,
    /// Text of its files, by place.
    files: Vec<(String, String)>,
}

/// `None` when it does not wait any more, or was begun too often.
async fn load(op: &Operation, hold: HoldId, lease: &str) -> Result<Option<Waiting>, ReviewError> {
    let lease = lease.to_owned();
    let rows = op
        .read(async move |tx: &mut Tx<'_>| {
            let attempts = tx.fetch_optional(sql::SECOND_ATTEMPTS, vec![hold.into(), lease.into()]).await?;
            let attempts = attempts.map_or(Ok(u32::MAX), |row| row.get(0))?;
            let Some(row) = tx.fetch_optional(sql::HOLD, vec![hold.into()]).await? else { return Ok(None) };
            let flow: FlowId = row.parse(1)?;
            let waits = row.parse::<HoldState>(6)? == HoldState::Waiting;
            if waits && attempts > bounds::SECOND_ATTEMPTS_MAX {
                tracing::error!(%hold, "a held message was begun to be read a second time too often: it is given up");
            }
            if !waits || attempts > bounds::SECOND_ATTEMPTS_MAX {
                return Ok(None);
            }
            let whole = tx.fetch_optional(flow_sql::FLOW, vec![flow.into()]).await?;
            let assessment = tx.fetch_optional(flow_sql::ASSESSMENT, vec![flow.into()]).await?;
            Ok::<_, StoreError>(whole.zip(assessment).map(|(whole, assessment)| (flow, whole, assessment)))
        })
        .await?;
    let Some((flow, whole, assessment)) = rows else { return Ok(None) };
    let raw = body::read(op, flow, whole.get(10)?, whole.parse_optional::<BlobId>(11)?)?;
    let id: AssessmentId = assessment.parse(0)?;
    let reviewed: Reviewed = open_json(op, &assessment_context(id), &assessment.get::<Vec<u8>>(1)?)?;
    let files = reviewed.attachments.into_iter();
    let files = files.filter_map(|file| Some((file.part, file.text?))).collect();
    Ok(Some(Waiting { message: mail::parse(&raw), files }))
}

/// Keeps what was read, if the message still waits and is still ours to read.
async fn keep(
    op: &Operation,
    hold: HoldId,
    lease: String,
    reading: SecondReading,
) -> Result<(), ReviewError> {
    let sealed = op.seal(&context(hold), &to_json(&reading))?;
    let (now, permit) = (op.now(), op.permit(action::ReadHoldAgain, hold).await?);
    let found: Vec<String> = reading.findings.iter().map(|finding| finding.term.clone()).collect();
    op.write(permit, async move |tx: &mut Tx<'_>, hold: HoldId| {
        let model = reading.model;
        let values =
            vec![hold.into(), model.as_str().into(), sealed.into(), now.into(), lease.as_str().into()];
        if tx.execute(sql::KEEP_SECOND, values).await? == 0 {
            return Err(ReviewError::NotFound);
        }
        tx.execute(sql::SECOND_DONE, vec![hold.into(), lease.into()]).await?;
        let evidence = Evidence::of(EvidenceKind::HoldReadAgain, hold)
            .with("model", model)
            .with("sentences", reading.sentences)
            .with("more", reading.more)
            .with("found", found);
        Ok(((), evidence))
    })
    .await
}

/// What was kept.
pub(super) fn open(
    op: &Operation,
    hold: HoldId,
    row: &Row,
) -> Result<(Timestamp, SecondReading), OperationError> {
    Ok((row.get(1)?, open_json(op, &context(hold), &row.get::<Vec<u8>>(0)?)?))
}
