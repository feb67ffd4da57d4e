//! Joins `gateway` to `operations`: what a session hands in, what the relay takes out. Wire types on one side, the
//! domain's on the other.

use std::future::Future;
use std::io;
use std::sync::Arc;

use gateway::relay::{self, Blocks, Hop, OutboxError, Rest, Source};
use gateway::{Client, Content, Outbox, Outcome, Reception, Reply, Submission};
use operations::Cerebro;
use operations::flows::outbox::{self, Outgoing, Retry};
use operations::flows::{self, Origin, Passage, ReceiveError};
use vocabulary::{DeliveryId, Leased, Timestamp};

/// The inside of the gateway: where messages go.
pub(crate) struct Inside {
    pub(crate) cerebro: Cerebro,
}

impl Reception for Inside {
    type Spool = Spool;

    async fn spool(
        &self,
        client: &Client,
        envelope: &gateway::Envelope,
        header: &[u8],
    ) -> Result<Spool, Reply> {
        let opened =
            flows::spool(&self.cerebro, &client.organisations, &ours(envelope.clone()), header).await;
        opened.map(Spool).map_err(refusal)
    }

    async fn receive(&self, submission: Submission<Spool>) -> Reply {
        let Submission { client, envelope, content, peer, helo } = submission;
        let submission = flows::Submission {
            origin: Origin {
                source: "smtp",
                client: client.name,
                bulk: client.bulk,
                helo: Some(helo),
                peer: Some(peer),
                // RFC 3848: S for TLS, A for AUTH.
                protocol: match (&client.tls, client.signed_in) {
                    (None, _) => "ESMTP",
                    (Some(_), false) => "ESMTPS",
                    (Some(_), true) => "ESMTPSA",
                },
                tls: client.tls,
            },
            organisations: client.organisations,
            envelope: ours(envelope),
            content: match content {
                Content::Memory(raw) => flows::Content::Whole(raw),
                Content::Spooled(Spool(spool)) => flows::Content::Spooled(Box::new(spool)),
            },
        };
        match flows::receive(&self.cerebro, submission).await {
            Ok(receipt) if receipt.all_refused => {
                Reply::new(550, "5.7.1", format!("Refused by a compliance control: {}", receipt.flow))
            }
            Ok(receipt) => Reply::new(250, "2.0.0", format!("{} {}", receipt.flow, receipt.verdict)),
            Err(error) => refusal(error),
        }
    }

    fn healthy(&self) -> bool {
        self.cerebro.instance().is_healthy()
    }
}

/// A large message, sealed into its blob while it comes.
pub(crate) struct Spool(flows::Spool);

impl gateway::Spool for Spool {
    fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.push(bytes)
    }
}

fn ours(envelope: gateway::Envelope) -> flows::Envelope {
    flows::Envelope {
        reverse_path: envelope.reverse_path,
        recipients: envelope.recipients,
        eight_bit: envelope.eight_bit,
        smtputf8: envelope.smtputf8,
        returns: envelope.returns,
        envelope_id: envelope.envelope_id,
    }
}

/// Why a message was not taken, as its client hears it.
fn refusal(error: ReceiveError) -> Reply {
    match error {
        ReceiveError::NotYourSender => Reply::new(550, "5.7.1", "This client may not send for that sender"),
        ReceiveError::Loop => {
            tracing::warn!("a message came back for a recipient it already left for: refused as a loop");
            Reply::new(554, "5.4.6", "The message passed here already: it is in a loop")
        }
        error => {
            tracing::error!(%error, "a message was not taken; its client will come back");
            Reply::new(451, "4.3.0", "Not taken: come back later")
        }
    }
}

/// The outside of the outbox: what the relay asks.
pub(crate) struct Outside {
    pub(crate) cerebro: Cerebro,
    /// Our host name, for the trace fields.
    pub(crate) hostname: String,
}

/// A large message on its way out.
struct FromBlob(flows::Large);

impl Source for FromBlob {
    fn open(&self) -> io::Result<Box<dyn Blocks>> {
        Ok(Box::new(InChunks(self.0.open()?)))
    }
}

struct InChunks(flows::Chunks);

impl Blocks for InChunks {
    fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        self.0.read_next()
    }
}

impl Outbox for Outside {
    async fn lease(&self, max: usize) -> Result<Vec<Leased>, OutboxError> {
        Ok(outbox::lease(&self.cerebro, max).await?)
    }

    async fn body(&self, leased: &Leased) -> Result<relay::Content, OutboxError> {
        let (organisation, row) = (leased.organisation, leased.outbox);
        Ok(match outbox::content(&self.cerebro, organisation, row, &self.hostname).await? {
            Outgoing::Whole(bytes) => relay::Content::Whole(bytes),
            Outgoing::Large(large) => relay::Content::Large(relay::Large {
                head: large.head.clone(),
                bytes: large.bytes,
                source: Arc::new(FromBlob(large)),
            }),
        })
    }

    async fn attempting(&self, leased: &Leased) -> Result<bool, OutboxError> {
        Ok(outbox::attempting(&self.cerebro, leased).await?)
    }

    async fn hold(&self, leased: &Leased) -> Result<bool, OutboxError> {
        Ok(outbox::hold(&self.cerebro, leased).await?)
    }

    async fn record(
        &self,
        leased: &Leased,
        outcomes: Vec<(DeliveryId, Outcome)>,
        rest: Rest,
    ) -> Result<(), OutboxError> {
        let outcomes =
            outcomes.into_iter().map(|(delivery, outcome)| (delivery, recorded(outcome))).collect();
        match rest {
            Rest::Attempted => outbox::record_some(&self.cerebro, leased, outcomes).await?,
            Rest::Due { at, counts } => {
                outbox::record(&self.cerebro, leased, outcomes, Retry { at, counts }).await?;
            }
        }
        Ok(())
    }

    async fn postpone(&self, leased: &Leased, until: Timestamp) -> Result<(), OutboxError> {
        Ok(outbox::postpone(&self.cerebro, leased, until).await?)
    }

    fn healthy(&self) -> bool {
        self.cerebro.instance().is_healthy()
    }

    fn wait_for_work(&self) -> impl Future<Output = ()> + Send {
        self.cerebro.relay_woken()
    }
}

fn recorded(outcome: Outcome) -> outbox::Outcome {
    match outcome {
        Outcome::Delivered { reply, hop, final_crlf_added } => outbox::Outcome::Delivered {
            reply: reply.to_string(),
            passage: Passage { final_crlf_added, ..passage(hop) },
        },
        Outcome::Deferred { reply, .. } => outbox::Outcome::Deferred { reply: reply.to_string() },
        Outcome::Bounced { reply } => outbox::Outcome::Bounced { reply: reply.to_string() },
        Outcome::Uncertain { reason, hop } => {
            outbox::Outcome::Uncertain { reason: reason.to_string(), passage: hop.map(passage) }
        }
    }
}

fn passage(hop: Hop) -> Passage {
    let (tls, verified, failed) = match hop.tls {
        Some(tls) => (Some(format!("{} {}", tls.version, tls.suite)), tls.verified, tls.failed),
        None => (None, None, None),
    };
    Passage {
        route: hop.route,
        host: hop.host,
        address: hop.address,
        policy: hop.policy,
        tls,
        verified,
        failed,
        fell_back: hop.fell_back,
        reports: hop.reports,
        final_crlf_added: false,
    }
}
