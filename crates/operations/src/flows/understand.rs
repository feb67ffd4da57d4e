//! Bytes to an assessment: parse, read attachments, ask the engine.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use compliance::{Assessment, AttachmentOutcome, AttachmentText, Facts, Incomplete, RecipientFacts, Verdict};
use extract::Reason;
use mail::Message;
use vocabulary::{Timestamp, bounds};

use super::facts::Recipient;
use super::opened::OpenFlow;
use super::readings::Reading;
use super::receive::ReceiveError;
use crate::{Cerebro, OnFailure, Organisation};

/// Understanding that takes longer than this is not awaited: the flow is accepted, and its sender's server gets its 250.
pub const BUDGET: Duration = Duration::from_secs(2);
/// A message over this size is always assessed after its 250, bytes.
pub const SIZE_AWAITED: usize = bounds::SMTP_MEMORY_BYTES_MAX;
/// A message over this size is parsed on a thread of its own, bytes: others are not kept waiting.
const PARSED_HERE_MAX: usize = 256 * 1024;

/// A message, read.
#[derive(Debug)]
pub struct Understood {
    /// The message; one without anything in it where it could not be read.
    pub message: Message,
    /// Its attachments' text.
    pub attachments: Vec<AttachmentText>,
    /// It could not be read, for a reason of ours: what stands here is not what was sent.
    pub failure: Option<Failure>,
}

impl Understood {
    /// Why it cannot be assessed whole, for a reason of ours: asked again, it may be.
    pub(super) fn failure(&self) -> Option<Failure> {
        let unread = || self.attachments.iter().any(is_unread_by_us).then_some(Failure::Extractor);
        self.failure.or_else(unread)
    }
}

/// Reads the message, or `None` when that would take longer than the budget: what was begun goes on, for whoever assesses it next.
pub(super) async fn within_budget(cerebro: &Cerebro, flow: &mut OpenFlow) -> Option<Understood> {
    // What came by a spool is not in memory: assessed as it stands here it would be an empty message, and pass.
    if flow.size > SIZE_AWAITED || flow.raw.len() != flow.size {
        return None;
    }
    let (cerebro, raw) = (cerebro.clone(), Arc::new(std::mem::take(&mut flow.raw)));
    let (reader, bytes) = (cerebro.clone(), Arc::clone(&raw));
    let mut reading: Reading = Box::pin(async move { read(&reader, &bytes).await });
    match tokio::time::timeout(BUDGET, &mut reading).await {
        Ok(understood) => {
            drop(reading);
            flow.raw = Arc::unwrap_or_clone(raw);
            Some(understood)
        }
        Err(_) => {
            cerebro.readings().go_on(flow.id, reading);
            None
        }
    }
}

/// Reads the message: its own parts here, its attachments in the confined child.
pub async fn read(cerebro: &Cerebro, raw: &[u8]) -> Understood {
    let parsed = if raw.len() > PARSED_HERE_MAX {
        let raw = raw.to_vec();
        tokio::task::spawn_blocking(move || whole(|| mail::parse(&raw))).await.unwrap_or(Err(Failure::Engine))
    } else {
        whole(|| mail::parse(raw))
    };
    match parsed {
        Ok(message) => {
            let attachments = cerebro.attachments().read(&message).await;
            Understood { message, attachments, failure: None }
        }
        Err(failure) => {
            Understood { message: mail::parse(&[]), attachments: Vec::new(), failure: Some(failure) }
        }
    }
}

/// What `made` makes, if it does not stop on the way: a mistake of ours must end neither the session nor the loop that asks,
/// and never pass for a message without contents.
fn whole<T>(made: impl FnOnce() -> T) -> Result<T, Failure> {
    std::panic::catch_unwind(AssertUnwindSafe(made)).map_err(|_| Failure::Engine)
}

/// Why an assessment could not be made, for a reason that is ours: a file that harms its reader is not one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The engine stopped on the message, or its reader did.
    Engine,
    /// There was no confined child to read attachments in.
    Extractor,
}

impl Failure {
    /// The word in tables and entries.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Engine => "engine_failed",
            Self::Extractor => "extractor_unavailable",
        }
    }
}

/// What the engine says, or what policy says in its place.
#[derive(Debug, Clone)]
pub struct Assessed {
    /// The assessment that decides.
    pub assessment: Assessment,
    /// Some of it leaves although this failed: it is assessed again when that works.
    pub debt: Option<Failure>,
}

/// Asks the engine. An assessment that fails is the organisation's policy to answer (clause P4), never a pass by accident.
///
/// # Errors
/// It failed and policy refuses meanwhile.
pub fn assess(
    organisation: &Organisation,
    flow: &OpenFlow,
    understood: &Understood,
    recipients: &[Recipient],
    at: Timestamp,
) -> Result<Assessed, ReceiveError> {
    match attempt(organisation, flow, understood, recipients, at) {
        Ok(assessment) => Ok(Assessed { assessment, debt: None }),
        Err(failure) => {
            tracing::error!(flow = %flow.id, reason = failure.word(), "a message could not be assessed; policy decides");
            by_policy(organisation, flow, understood, recipients, at, failure)
        }
    }
}

/// The whole assessment, or why there is none.
///
/// # Errors
/// The engine or the parser stopped, or attachments could not be read for a reason of ours.
pub fn attempt(
    organisation: &Organisation,
    flow: &OpenFlow,
    understood: &Understood,
    recipients: &[Recipient],
    at: Timestamp,
) -> Result<Assessment, Failure> {
    if let Some(failure) = understood.failure() {
        return Err(failure);
    }
    with(organisation, flow, understood, &understood.attachments, recipients, at)
}

/// The assessment of what could be read, with these attachments.
fn with(
    organisation: &Organisation,
    flow: &OpenFlow,
    understood: &Understood,
    attachments: &[AttachmentText],
    recipients: &[Recipient],
    at: Timestamp,
) -> Result<Assessment, Failure> {
    let recipients: Vec<RecipientFacts> =
        recipients.iter().map(|recipient| recipient.facts.clone()).collect();
    let facts = Facts {
        message: &understood.message,
        sender: flow.envelope.reverse_path.as_ref(),
        recipients: &recipients,
        attachments,
        organisation: &organisation.facts,
        at,
    };
    whole(|| compliance::assess(&facts, &organisation.controls))
}

fn is_unread_by_us(attachment: &AttachmentText) -> bool {
    let AttachmentOutcome::Unreadable(reason) = &attachment.outcome else { return false };
    reason == Reason::SandboxUnavailable.code()
}

/// What policy says of a message that could not be assessed whole. What could be read is decided on all the same: a
/// control that holds or refuses is not undone by the failure of the rest.
fn by_policy(
    organisation: &Organisation,
    flow: &OpenFlow,
    understood: &Understood,
    recipients: &[Recipient],
    at: Timestamp,
    failure: Failure,
) -> Result<Assessed, ReceiveError> {
    let at_least = match organisation.policy.on_failure {
        OnFailure::Hold => Verdict::Hold,
        OnFailure::OpenWithDebt => Verdict::Pass,
        OnFailure::RefuseTemporarily => return Err(ReceiveError::AssessmentUnavailable),
    };
    let mut read = understood.attachments.clone();
    for attachment in read.iter_mut().filter(|attachment| is_unread_by_us(attachment)) {
        attachment.outcome = AttachmentOutcome::Nothing;
    }
    let mut assessment = with(organisation, flow, understood, &read, recipients, at)
        .unwrap_or_else(|_| Assessment::empty(&organisation.controls));
    assessment.recipients.resize(recipients.len(), Verdict::Pass);
    for verdict in &mut assessment.recipients {
        *verdict = at_least.max(*verdict);
    }
    assessment.verdict = assessment.recipients.iter().copied().fold(at_least, Verdict::max);
    assessment.incomplete.push(Incomplete { part: "message".into(), reason: failure.word().into() });
    let debt = assessment.recipients.contains(&Verdict::Pass).then_some(failure);
    Ok(Assessed { assessment, debt })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_stops_is_a_failure_and_not_an_empty_message() {
        assert_eq!(whole(|| 1), Ok(1));
        assert_eq!(whole(|| -> u8 { panic!("a mistake of ours") }), Err(Failure::Engine));
    }
}
