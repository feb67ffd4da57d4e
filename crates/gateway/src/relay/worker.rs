//! One leased message from body to record.

use std::sync::Arc;
use std::time::Duration;

use super::pool::Pool;
use super::transaction::{Job, Sent, Verdict};
use super::{Diagnostic, Hop, Leased, Outbox, Outcome, RelayConfig, retry};
use crate::session::data::Fault;
use vocabulary::DeliveryId;
use vocabulary::bounds::RELAY_OWN_FAULT_PAUSE;

/// How often and how fast a record that failed is tried again: about 12 s in all, well inside a lease.
const RECORD_TRIES: u32 = 8;
const RECORD_PAUSE: Duration = Duration::from_millis(50);

pub(super) struct Relay<O> {
    pub(super) outbox: Arc<O>,
    pub(super) config: RelayConfig,
    pub(super) pool: Pool,
}

/// What an attempt found, before time is put to it.
struct Attempt {
    verdicts: Vec<Verdict>,
    hop: Option<Hop>,
    final_crlf_added: bool,
}

impl Attempt {
    /// The same for everybody, before any connection.
    fn nowhere(leased: &Leased, verdict: &Verdict) -> Self {
        Self { verdicts: vec![verdict.clone(); leased.recipients.len()], hop: None, final_crlf_added: false }
    }
}

impl<O: Outbox> Relay<O> {
    pub(super) fn new(outbox: Arc<O>, config: RelayConfig) -> Self {
        Self { outbox, pool: Pool::new(&config), config }
    }

    /// Attempts one message and records how it ended.
    pub(super) async fn deliver(&self, leased: Leased) {
        let Some(attempt) = self.attempt(&leased).await else {
            tracing::warn!(outbox = %leased.outbox, fence = leased.fence, "lease lost before the final dot; attempt abandoned");
            return;
        };
        let outcomes = self.outcomes(&leased, attempt);
        let mut pause = RECORD_PAUSE;
        for tries in 1..=RECORD_TRIES {
            match self.outbox.record(&leased, outcomes.clone()).await {
                Ok(()) => return,
                Err(error) if tries == RECORD_TRIES => {
                    tracing::error!(outbox = %leased.outbox, %error, "outcome not recorded: uncertain once the lease ends");
                }
                Err(error) => {
                    tracing::warn!(outbox = %leased.outbox, %error, tries, "outcome not recorded yet");
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                }
            }
        }
    }

    /// `None` if the lease was lost.
    async fn attempt(&self, leased: &Leased) -> Option<Attempt> {
        let all = |verdict: Verdict| Some(Attempt::nowhere(leased, &verdict));
        let _permit = self.pool.permit().await;
        let content = match self.outbox.body(leased).await {
            Ok(content) => content,
            Err(error) => {
                tracing::error!(outbox = %leased.outbox, %error, "content of a message could not be read");
                return all(Verdict::Later(Diagnostic::ours(451, "4.3.0", "the content could not be read")));
            }
        };
        if let Some(fault) = content.fault() {
            return all(Verdict::Never(faulty(fault)));
        }
        let job = Job { outbox: &*self.outbox, leased, content: &content, timeouts: &self.config.timeouts };
        let mut reused = self.pool.take();
        loop {
            let (mut connection, fresh) = match reused.take() {
                Some(connection) => (connection, false),
                None => match self.pool.open(&self.config).await {
                    Ok(connection) => (connection, true),
                    Err(diagnostic) => return all(Verdict::Later(diagnostic)),
                },
            };
            let hop = Some(connection.hop.clone());
            match job.send(&mut connection).await {
                Sent::Ended { verdicts, keep, final_crlf_added } => {
                    if keep {
                        self.pool.give_back(connection);
                    }
                    return Some(Attempt { verdicts, hop, final_crlf_added });
                }
                // A kept connection may have died of old age: a new one tells.
                Sent::Broke(_) if !fresh => {}
                Sent::Broke(diagnostic) => return all(Verdict::Later(diagnostic)),
                Sent::FenceLost => return None,
            }
        }
    }

    fn outcomes(&self, leased: &Leased, attempt: Attempt) -> Vec<(DeliveryId, Outcome)> {
        let Attempt { verdicts, hop, final_crlf_added } = attempt;
        let outcome = |verdict| match (verdict, &hop) {
            (Verdict::Taken(reply), Some(hop)) => {
                Outcome::Delivered { reply, hop: hop.clone(), final_crlf_added }
            }
            (Verdict::Taken(reason) | Verdict::Unknown(reason), _) => Outcome::Uncertain { reason },
            (Verdict::Never(reply), _) => Outcome::Bounced { reply },
            (Verdict::Later(reply), _) if reply.is_our_system() => {
                Outcome::Deferred { reply, until: self.config.clock.now().plus(RELAY_OWN_FAULT_PAUSE) }
            }
            (Verdict::Later(reply), _) => {
                match retry::next_attempt(leased.attempt, self.config.clock.now(), &*self.config.entropy) {
                    Some(until) => Outcome::Deferred { reply, until },
                    None => Outcome::Bounced { reply: expired(&reply) },
                }
            }
        };
        leased
            .recipients
            .iter()
            .zip(verdicts)
            .map(|(target, verdict)| (target.delivery, outcome(verdict)))
            .collect()
    }
}

/// Content that may not leave, whoever asks for it.
pub(super) fn faulty(fault: Fault) -> Diagnostic {
    let text =
        if fault == Fault::Nul { "the content holds a NUL" } else { "the content holds a bare CR or LF" };
    Diagnostic::ours(554, "5.6.0", text)
}

/// A temporary failure that lasted too long.
fn expired(last: &Diagnostic) -> Diagnostic {
    Diagnostic::ours(554, "5.4.7", format!("could not be delivered in time; last answer: {last}"))
}
