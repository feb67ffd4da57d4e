//! Bytes to an assessment: parse, read attachments, ask the engine.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use compliance::{Assessment, AttachmentText, Facts, Incomplete, RecipientFacts, Verdict};
use mail::Message;
use vocabulary::{Timestamp, bounds};

use super::facts::Recipient;
use super::opened::OpenFlow;
use super::receive::ReceiveError;
use crate::{Cerebro, OnFailure, Organisation};

/// Understanding that takes longer than this is owed, not awaited: the sender's server gets its 250 meanwhile.
pub const BUDGET: Duration = Duration::from_secs(2);
/// A message over this size is always assessed after its 250, bytes.
pub const SIZE_AWAITED: usize = bounds::SMTP_MEMORY_BYTES_MAX;

/// A message, read.
#[derive(Debug)]
pub struct Understood {
    /// The message.
    pub message: Message,
    /// Its attachments' text.
    pub attachments: Vec<AttachmentText>,
}

/// Reads the message, or `None` when it would take longer than the budget.
pub async fn within_budget(cerebro: &Cerebro, flow: &OpenFlow) -> Option<Understood> {
    if flow.size > SIZE_AWAITED {
        return None;
    }
    tokio::time::timeout(BUDGET, read(cerebro, &flow.raw)).await.ok()
}

/// Reads the message: its own parts here, its attachments in the confined child.
pub async fn read(cerebro: &Cerebro, raw: &[u8]) -> Understood {
    let message = if raw.len() > 256 * 1024 {
        let raw = raw.to_vec();
        tokio::task::spawn_blocking(move || mail::parse(&raw)).await.unwrap_or_else(|_| mail::parse(&[]))
    } else {
        mail::parse(raw)
    };
    let attachments = cerebro.attachments().read(&message).await;
    Understood { message, attachments }
}

/// Asks the engine. An engine that fails is the organisation's policy to answer (clause P4), never a pass by accident.
///
/// # Errors
/// The engine failed and policy refuses meanwhile.
pub fn assess(
    organisation: &Organisation,
    flow: &OpenFlow,
    understood: &Understood,
    recipients: &[Recipient],
    at: Timestamp,
) -> Result<Assessment, ReceiveError> {
    let recipients: Vec<RecipientFacts> =
        recipients.iter().map(|recipient| recipient.facts.clone()).collect();
    let facts = Facts {
        message: &understood.message,
        sender: flow.envelope.reverse_path.as_ref(),
        recipients: &recipients,
        attachments: &understood.attachments,
        organisation: &organisation.facts,
        at,
    };
    let assessed =
        std::panic::catch_unwind(AssertUnwindSafe(|| compliance::assess(&facts, &organisation.controls)));
    assessed.or_else(|_| {
        tracing::error!(flow = %flow.id, "the engine failed on a message; policy decides");
        failed(organisation, recipients.len())
    })
}

/// The assessment of a message that the engine could not assess.
fn failed(organisation: &Organisation, recipients: usize) -> Result<Assessment, ReceiveError> {
    let verdict = match organisation.policy.on_failure {
        OnFailure::Hold => Verdict::Hold,
        OnFailure::OpenWithDebt => Verdict::Pass,
        OnFailure::RefuseTemporarily => return Err(ReceiveError::AssessmentUnavailable),
    };
    let mut assessment = Assessment::empty(&organisation.controls);
    assessment.verdict = verdict;
    assessment.recipients = vec![verdict; recipients];
    assessment.incomplete = vec![Incomplete { part: "message".into(), reason: "engine_failed".into() }];
    Ok(assessment)
}
