//! Joins `gateway` to `operations`: what a session hands in, what the relay takes out.

use std::time::Duration;

use gateway::{Leased, Outcome, Reception, Reply, Submission};
use operations::flows::{self, outbox};
use operations::{Cerebro, flows::ReceiveError};
use vocabulary::{DeliveryId, Timestamp};

/// The inside of the gateway: where messages go.
#[derive(Clone)]
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
                Reply::new(550, "5.7.1", format!("refused by a compliance control ({})", receipt.flow))
            }
            Ok(receipt) => Reply::new(250, "2.0.0", format!("{} {}", receipt.flow, receipt.verdict)),
            Err(ReceiveError::NotYourSender) => {
                Reply::new(550, "5.7.1", "this client may not send for that sender".into())
            }
            Err(error) => {
                tracing::error!(%error, "a message was not taken; the client will come back");
                Reply::new(451, "4.3.0", "not taken: come back later".into())
            }
        }
    }

    fn healthy(&self) -> bool {
        self.cerebro.instance().is_healthy()
    }
}

/// The outside of the outbox: what the relay asks.
#[derive(Clone)]
pub(crate) struct Outside {
    pub(crate) cerebro: Cerebro,
}

fn _bound(_: Leased, _: Outcome, _: DeliveryId, _: Timestamp, _: Duration) -> outbox::Outcome {
    outbox::Outcome::Deferred { reply: String::new() }
}
