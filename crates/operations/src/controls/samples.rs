//! The samples of the controls in force are run every night: what engine, models and lists make of them today. A control that does
//! not do as its samples say is an entry, and those who answer for controls are written to.

use access::{
    Evidence, EvidenceKind, Operation, OperationError, Permit, StoreError, SystemReason, Tx, action,
};
use vocabulary::{EmailAddress, OrganisationId, Timestamp, bounds};

use crate::{Cerebro, Organisation, notices};

pub(crate) mod sql {
    access::statements! {
        Organisation LATEST = "SELECT day, control_set, samples, wrong, controls, checked_at FROM sample_check WHERE organisation = $1 ORDER BY day DESC LIMIT 1";
        Organisation KEEP = "INSERT INTO sample_check (organisation, day, control_set, samples, wrong, controls, checked_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (organisation, day) DO NOTHING";
        Organisation OWNERS = "SELECT DISTINCT a.email FROM account a JOIN mission_grant g ON g.organisation = $1 AND g.account = a.id WHERE a.organisation = $1 AND a.status = 'active' AND a.email IS NOT NULL AND g.mission = 'supervisor' AND g.ended_at IS NULL AND g.suspended_at IS NULL LIMIT 20";
    }
}

const DAY_SECONDS: i64 = 24 * 3600;

/// The last run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleCheck {
    /// The digest of the set whose samples ran.
    pub control_set: String,
    /// How many ran.
    pub samples: u64,
    /// Those that did not do as they say.
    pub wrong: u64,
    /// Their controls.
    pub controls: Vec<String>,
    /// When.
    pub checked_at: Timestamp,
    day: i64,
}

/// The last run; `None` before the first night.
///
/// # Errors
/// The database did not answer.
pub async fn latest(
    op: &Operation,
    _permit: &Permit<action::ReadControls>,
) -> Result<Option<SampleCheck>, OperationError> {
    last(op).await
}

async fn last(op: &Operation) -> Result<Option<SampleCheck>, OperationError> {
    let row = op
        .read(async |tx: &mut Tx<'_>| tx.fetch_optional(sql::LATEST, vec![]).await)
        .await
        .map_err(OperationError::Store)?;
    let Some(row) = row else { return Ok(None) };
    let controls: String = row.get(4)?;
    Ok(Some(SampleCheck {
        day: row.get(0)?,
        control_set: row.get(1)?,
        samples: row.get(2)?,
        wrong: row.get(3)?,
        controls: controls.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect(),
        checked_at: row.get(5)?,
    }))
}

/// Runs the samples of every organisation whose night it is, once a night whatever the number of nodes; how many ran.
///
/// # Errors
/// The database did not answer.
pub async fn check_due(cerebro: &Cerebro) -> Result<usize, OperationError> {
    let now = cerebro.instance().now();
    let night = i64::try_from(bounds::SAMPLES_AT.as_secs()).unwrap_or_default();
    let day = now.seconds().saturating_sub(night).div_euclid(DAY_SECONDS);
    let mut ran = 0;
    for organisation in cerebro.organisations() {
        let op = cerebro.system(SystemReason::Timer, organisation.id);
        if last(&op).await?.is_some_and(|known| known.day >= day) {
            continue;
        }
        match check(cerebro, &op, &organisation, day).await {
            Ok(()) => ran += 1,
            Err(error) => {
                tracing::error!(organisation = %organisation.id, %error, "samples could not be run; they will be");
            }
        }
    }
    Ok(ran)
}

async fn check(
    cerebro: &Cerebro,
    op: &Operation,
    organisation: &Organisation,
    day: i64,
) -> Result<(), OperationError> {
    let set = std::sync::Arc::clone(&organisation.controls);
    let run = tokio::task::spawn_blocking(move || {
        let samples: usize = set.controls().map(|control| control.samples.len()).sum();
        (samples, set.check_samples())
    });
    let (samples, failures) = run.await.map_err(|_| OperationError::Damaged("samples stopped us".into()))?;
    let mut controls: Vec<String> = failures.iter().map(|failure| failure.control.clone()).collect();
    controls.dedup();
    let mut told = Vec::new();
    if !failures.is_empty() {
        tracing::error!(organisation = %organisation.id, ?controls, "controls do not do as their samples say");
        for owner in owners(op).await? {
            told.extend(notices::samples_wrong(cerebro, op, organisation, &owner, &controls)?);
        }
    }
    let (now, digest, wakes) = (op.now(), organisation.controls.digest().to_owned(), !told.is_empty());
    let evidence = Evidence::of(EvidenceKind::SamplesChecked, organisation.id)
        .with("control_set", digest.clone())
        .with("samples", samples)
        .with("wrong", failures.len())
        .with("controls", controls.clone());
    let values = vec![
        day.into(),
        digest.into(),
        samples.into(),
        failures.len().into(),
        controls.join(",").into(),
        now.into(),
    ];
    let permit = op.permit(action::CheckSamples, organisation.id).await?;
    let kept = op.write(permit, async move |tx: &mut Tx<'_>, _: OrganisationId| {
        if tx.execute(sql::KEEP, values).await? == 0 {
            return Err(Kept::Elsewhere);
        }
        for notice in told {
            notices::enqueue(tx, notice, now).await?;
        }
        Ok(((), evidence))
    });
    match kept.await {
        Ok(()) if wakes => cerebro.wake_relay(),
        Ok(()) | Err(Kept::Elsewhere) => {}
        Err(Kept::Operation(error)) => return Err(error),
    }
    Ok(())
}

async fn owners(op: &Operation) -> Result<Vec<EmailAddress>, StoreError> {
    op.read(async |tx: &mut Tx<'_>| {
        tx.fetch(sql::OWNERS, vec![]).await?.iter().map(|row| row.parse(0)).collect()
    })
    .await
}

#[derive(Debug, thiserror::Error)]
enum Kept {
    #[error("another node ran them first")]
    Elsewhere,
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for Kept {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}
