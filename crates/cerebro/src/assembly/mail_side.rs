//! Joins `gateway` to `operations`: what a session hands in, what the relay takes out. Wire types on one side, the
//! domain's on the other.

use std::future::Future;

use gateway::relay::OutboxError;
use gateway::{Leased, Outbox, Outcome, Reception, Reply, Submission};
use operations::Cerebro;
use operations::flows::{self, ReceiveError, outbox};
use vocabulary::{DeliveryId, Timestamp};

/// The inside of the gateway: where messages go.
pub(crate) struct Inside {
    pub(crate) cerebro: Cerebro,
}

impl Reception for Inside {
    async fn receive(&self, submission: Submission) -> Reply {
        let submission = flows::Submission {
            source: "smtp",
            client: submission.client.name,
            organisations: submission.client.organisations,
            envelope: flows::Envelope {
                reverse_path: submission.envelope.reverse_path,
                recipients: submission.envelope.recipients,
                eight_bit: submission.envelope.eight_bit,
                smtputf8: submission.envelope.smtputf8,
            },
            raw: submission.raw,
        };
        match flows::receive(&self.cerebro, submission).await {
            Ok(receipt) if receipt.all_refused => {
                Reply::new(550, "5.7.1", format!("Refused by a compliance control: {}", receipt.flow))
            }
            Ok(receipt) => Reply::new(250, "2.0.0", format!("{} {}", receipt.flow, receipt.verdict)),
            Err(ReceiveError::NotYourSender) => {
                Reply::new(550, "5.7.1", "This client may not send for that sender")
            }
            Err(error) => {
                tracing::error!(%error, "a message was not taken; its client will come back");
                Reply::new(451, "4.3.0", "Not taken: come back later")
            }
        }
    }

    fn healthy(&self) -> bool {
        self.cerebro.instance().is_healthy()
    }
}

/// The outside of the outbox: what the relay asks.
pub(crate) struct Outside {
    pub(crate) cerebro: Cerebro,
}

impl Outbox for Outside {
    async fn lease(&self, max: usize) -> Result<Vec<Leased>, OutboxError> {
        Ok(outbox::lease(&self.cerebro, max).await?.into_iter().map(as_wire).collect())
    }

    async fn body(&self, leased: &Leased) -> Result<Vec<u8>, OutboxError> {
        Ok(outbox::content(&self.cerebro, leased.organisation, leased.outbox).await?)
    }

    async fn attempting(&self, leased: &Leased) -> Result<bool, OutboxError> {
        Ok(outbox::attempting(&self.cerebro, &as_ours(leased)).await?)
    }

    async fn record(&self, leased: &Leased, outcomes: Vec<(DeliveryId, Outcome)>) -> Result<(), OutboxError> {
        let mut retry_at = self.cerebro.instance().now();
        let mut ours = Vec::with_capacity(outcomes.len());
        for (delivery, outcome) in outcomes {
            let (outcome, until) = recorded(outcome);
            retry_at = retry_at.max(until.unwrap_or(retry_at));
            ours.push((delivery, outcome));
        }
        Ok(outbox::record(&self.cerebro, &as_ours(leased), ours, retry_at).await?)
    }

    fn wait_for_work(&self) -> impl Future<Output = ()> + Send {
        self.cerebro.relay_woken()
    }
}

fn as_wire(leased: outbox::Leased) -> Leased {
    Leased {
        outbox: leased.outbox,
        organisation: leased.organisation,
        reverse_path: leased.reverse_path,
        recipients: leased.recipients,
        eight_bit: leased.eight_bit,
        smtputf8: leased.smtputf8,
        attempt: leased.attempt,
        fence: leased.fence,
    }
}

/// The row again, for `operations`: identity, fence and recipients are what it records by.
fn as_ours(leased: &Leased) -> outbox::LeaseHeld {
    outbox::LeaseHeld {
        outbox: leased.outbox,
        organisation: leased.organisation,
        reverse_path: leased.reverse_path.clone(),
        recipients: leased.recipients.clone(),
        attempt: leased.attempt,
        fence: leased.fence,
    }
}

fn recorded(outcome: Outcome) -> (outbox::Outcome, Option<Timestamp>) {
    match outcome {
        Outcome::Delivered { reply, hop, .. } => {
            let tls = hop.tls.as_deref().unwrap_or("plain");
            (outbox::Outcome::Delivered { reply: format!("{reply} ({}, {tls})", hop.host) }, None)
        }
        Outcome::Deferred { reply, until } => {
            (outbox::Outcome::Deferred { reply: reply.to_string() }, Some(until))
        }
        Outcome::Bounced { reply } => (outbox::Outcome::Bounced { reply: reply.to_string() }, None),
        Outcome::Uncertain { reason } => (outbox::Outcome::Uncertain { reason: reason.to_string() }, None),
    }
}
