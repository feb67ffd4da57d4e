//! Assess a message without keeping anything: what would be decided, by the controls in force, if it were sent now.

use access::{Operation, OperationError, Permit, action};
use compliance::{Assessment, AttachmentText, Facts, RecipientFacts};

use super::facts;
use super::receive::Envelope;
use super::understand;
use crate::Cerebro;
use crate::review::ReviewError;

/// The assessment a message would get, and the files it was made of.
///
/// # Errors
/// The database did not answer.
pub async fn dry_run(
    cerebro: &Cerebro,
    op: &Operation,
    _permit: &Permit<action::DryRun>,
    envelope: &Envelope,
    raw: &[u8],
) -> Result<(Assessment, Vec<AttachmentText>), ReviewError> {
    let organisation = cerebro
        .organisation(op.organisation())
        .ok_or_else(|| OperationError::Damaged("the organisation is not loaded".into()))?;
    let understood = understand::read(cerebro, raw).await;
    if let Some(failure) = understood.failure {
        return Err(OperationError::Damaged(format!(
            "the message could not be assessed: {}",
            failure.word()
        ))
        .into());
    }
    let recipients = facts::of_recipients(op, &organisation, envelope).await?;
    let recipients: Vec<RecipientFacts> = recipients.into_iter().map(|recipient| recipient.facts).collect();
    let facts = Facts {
        message: &understood.message,
        sender: envelope.reverse_path.as_ref(),
        recipients: &recipients,
        attachments: &understood.attachments,
        organisation: &organisation.facts,
        at: op.now(),
    };
    let assessment = compliance::assess(&facts, &organisation.controls);
    Ok((assessment, understood.attachments))
}
