//! Debts: messages let go although their assessment failed, as their organisation's policy says (clause P4). Each one is
//! assessed when assessment works again, and what it would have met is said aloud.

use access::{
    Evidence, EvidenceKind, Operation, OperationError, Permit, StoreError, SystemReason, Tx, action,
};
use compliance::{Assessment, Verdict};
use vocabulary::{AssessmentId, FlowId, OrganisationId, PlatformReason, Timestamp};

use super::opened::reopen;
use super::settle::{assessment_values, verdict_word};
use super::{facts, sql as flow_sql, understand};
use crate::review::escalate::arbiters;
use crate::{Cerebro, Organisation, notices};

/// Debts looked at together; the statement says the same.
const PAGE: usize = 50;

pub(crate) mod sql {
    access::statements! {
        Organisation INSERT_DEBT = "INSERT INTO assessment_debt (organisation, flow, reason, opened_at) VALUES ($1, $2, $3, $4)";
        Organisation PAY = "UPDATE assessment_debt SET paid_at = $3, verdict = $4 WHERE organisation = $1 AND flow = $2 AND paid_at IS NULL";
        Organisation STANDING = "SELECT COUNT(*), SUM(CASE WHEN paid_at IS NULL THEN 1 ELSE 0 END), SUM(CASE WHEN verdict IS NULL OR verdict = 'pass' THEN 0 ELSE 1 END) FROM assessment_debt WHERE organisation = $1";
        Platform OWED = "SELECT organisation, flow, opened_at FROM assessment_debt WHERE paid_at IS NULL AND (opened_at, flow) > ($1, $2) ORDER BY opened_at, flow LIMIT 50";
    }
}

/// How the organisation stands with its debts: every one ever opened is owed or paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Opened since the beginning.
    pub opened: u64,
    /// Still to be assessed.
    pub owed: u64,
    /// Assessed since, and they would not have passed.
    pub would_not_have_passed: u64,
}

/// The count of an organisation's debts.
///
/// # Errors
/// The database did not answer.
pub async fn standing(
    op: &Operation,
    _permit: &Permit<action::ReadOutbox>,
) -> Result<Standing, OperationError> {
    let row = op
        .read(async |tx: &mut Tx<'_>| {
            tx.fetch_optional(sql::STANDING, vec![]).await.map_err(OperationError::from)
        })
        .await?;
    let Some(row) = row else { return Ok(Standing::default()) };
    Ok(Standing {
        opened: row.get(0)?,
        owed: row.get::<Option<u64>>(1)?.unwrap_or(0),
        would_not_have_passed: row.get::<Option<u64>>(2)?.unwrap_or(0),
    })
}

/// Pays the debts that are owed, oldest first, if attachments can be read at all; how many were paid. One that cannot be
/// paid is logged and stays owed.
///
/// # Errors
/// The database did not answer.
pub async fn pay(cerebro: &Cerebro) -> Result<usize, OperationError> {
    let (mut paid, mut after) = (0, (Timestamp::default(), String::new()));
    loop {
        let page = owed(cerebro, after.clone()).await?;
        // Nothing is started for an empty page: the extractor is asked only when something waits for it.
        if page.is_empty() || cerebro.attachments().check().await.is_err() {
            return Ok(paid);
        }
        for (organisation, flow, at) in &page {
            after = (*at, flow.to_string());
            match pay_one(cerebro, *organisation, *flow).await {
                Ok(true) => paid += 1,
                Ok(false) => {}
                Err(error) => tracing::error!(%flow, %error, "a debt could not be paid; it stays owed"),
            }
        }
        if page.len() < PAGE {
            return Ok(paid);
        }
    }
}

type Debt = (OrganisationId, FlowId, Timestamp);

async fn owed(cerebro: &Cerebro, after: (Timestamp, String)) -> Result<Vec<Debt>, OperationError> {
    let rows = cerebro
        .instance()
        .read_platform(PlatformReason::Timer, async move |tx: &mut Tx<'_>| {
            tx.fetch(sql::OWED, vec![after.0.into(), after.1.into()]).await
        })
        .await?;
    let debts = rows.iter().map(|row| Ok((row.parse(0)?, row.parse(1)?, row.get(2)?)));
    debts.collect::<Result<_, StoreError>>().map_err(OperationError::from)
}

/// `false`: assessment does not work yet, or another node was first.
async fn pay_one(
    cerebro: &Cerebro,
    organisation: OrganisationId,
    id: FlowId,
) -> Result<bool, OperationError> {
    let op = cerebro.system(SystemReason::Gateway, organisation);
    let Some(organisation) = cerebro.organisation(organisation) else { return Ok(false) };
    let Some((flow, _)) = reopen(&op, id).await? else { return Ok(false) };
    let understood = understand::read(cerebro, &flow.raw).await;
    let recipients = facts::of_recipients(&op, &organisation, &flow.envelope).await?;
    let Ok(assessment) = understand::attempt(&organisation, &flow, &understood, &recipients, op.now()) else {
        return Ok(false);
    };
    let assessment_id = AssessmentId::new(op.now(), op.entropy());
    let values = assessment_values(&op, id, assessment_id, &understood, &assessment)?;
    settle(cerebro, &op, &organisation, id, assessment_id, values, &assessment).await
}

async fn settle(
    cerebro: &Cerebro,
    op: &Operation,
    organisation: &Organisation,
    flow: FlowId,
    id: AssessmentId,
    row: Vec<access::Value>,
    assessment: &Assessment,
) -> Result<bool, OperationError> {
    let mut called = Vec::new();
    if assessment.verdict != Verdict::Pass {
        for arbiter in arbiters(op).await? {
            called.extend(notices::left_unassessed(op, organisation, &arbiter, flow)?);
        }
    }
    let controls: Vec<serde_json::Value> = assessment
        .matches
        .iter()
        .map(|found| serde_json::json!({"control": found.control, "version": found.version, "mode": found.mode}))
        .collect();
    let (verdict, now, wakes) = (verdict_word(assessment.verdict), op.now(), !called.is_empty());
    let evidence = Evidence::of(EvidenceKind::FlowDebtAssessed, flow)
        .with("verdict", verdict)
        .with("assessment", id.to_string())
        .with("controls", controls);
    let permit = op.permit(action::ReceiveFlow, flow).await?;
    let outcome = op
        .write(permit, async move |tx: &mut Tx<'_>, flow: FlowId| {
            if tx.execute(sql::PAY, vec![flow.into(), now.into(), verdict.into()]).await? == 0 {
                return Err(Payment::Paid);
            }
            tx.execute(flow_sql::INSERT_ASSESSMENT, row).await?;
            for notice in called {
                notices::enqueue(tx, notice, now).await?;
            }
            Ok(((), evidence))
        })
        .await;
    match outcome {
        Ok(()) => {
            if wakes {
                cerebro.wake_relay();
            }
            Ok(true)
        }
        Err(Payment::Paid) => Ok(false),
        Err(Payment::Operation(error)) => Err(error),
    }
}

#[derive(Debug, thiserror::Error)]
enum Payment {
    #[error("another node paid it first")]
    Paid,
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for Payment {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}
