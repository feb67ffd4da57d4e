//! One leased message from body to record.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use vocabulary::bounds::{RELAY_LEASE, RELAY_OWN_FAULT_PAUSE};
use vocabulary::{DeliveryId, Leased, Timestamp};

use super::course::{Attempt, Course, Made, Next, Way};
use super::destination::{Destination, Destinations, Key, Place};
use super::reach::Hops;
use super::transaction::{Job, Sent, Verdict, unsaid};
use super::{Content, Diagnostic, Hop, NextHop, Outbox, Outcome, RelayConfig, Rest, Route, retry};
use crate::session::data::Fault;

/// How fast a record that failed is tried again: pauses double up to the longest.
const RECORD_PAUSE: Duration = Duration::from_millis(50);
const RECORD_PAUSE_MAX: Duration = Duration::from_secs(5);

pub(super) struct Relay<O> {
    pub(super) outbox: Arc<O>,
    pub(super) config: RelayConfig,
    pub(super) destinations: Destinations,
    /// One for each connection.
    connections: Semaphore,
}

/// What came of a row, or of its part for one destination.
enum Tried {
    Ended(Box<Attempt>),
    /// The lease was lost: nothing is to be recorded.
    LeaseLost,
    /// Its destination takes no more now; its turn should come so long from now.
    Full(Duration),
}

impl Attempt {
    /// The same for everybody, before any connection.
    fn nowhere(leased: &Leased, verdict: &Verdict) -> Self {
        let all = leased.recipients.len();
        Self { verdicts: vec![verdict.clone(); all], ways: vec![None; all] }
    }
}

impl<O: Outbox> Relay<O> {
    pub(super) fn new(outbox: Arc<O>, config: RelayConfig) -> Self {
        let connections = Semaphore::new(config.connections.max(1));
        Self { outbox, config, destinations: Destinations::new(), connections }
    }

    /// Attempts one message at all its destinations at once, and records how each ended when it did: who is slow holds up
    /// nobody.
    pub(super) async fn deliver(&self, leased: Leased) {
        let mut hold = pin!(self.hold(&leased));
        let mut going: FuturesUnordered<_> = self
            .parts(&leased)
            .into_iter()
            .map(async |(key, part)| {
                let attempt = self.attempt(&key, &part).await;
                (part, attempt)
            })
            .collect();
        let (whole, mut due, mut counts) = (going.len() == 1, None::<Timestamp>, false);
        loop {
            let ended = tokio::select! {
                biased;
                ended = going.next() => ended,
                never = &mut hold => match never {},
            };
            let Some((part, tried)) = ended else { return };
            let attempt = match tried {
                Tried::Ended(attempt) => *attempt,
                Tried::Full(wait) if whole => {
                    let until = self.config.clock.now().plus(wait);
                    if let Err(error) = self.outbox.postpone(&part, until).await {
                        tracing::error!(outbox = %part.outbox, %error, "a row was not given back; its lease will run out");
                    }
                    return;
                }
                // A row has one time for all: its others may have been attempted, so this one was too.
                Tried::Full(_) => Attempt::nowhere(&part, &full()),
                Tried::LeaseLost => {
                    tracing::warn!(outbox = %part.outbox, fence = part.fence, "lease lost before the final dot; attempt abandoned");
                    continue;
                }
            };
            let outcomes = self.outcomes(&part, attempt);
            due = outcomes.iter().filter_map(|(_, outcome)| outcome.until()).chain(due).min();
            counts |= outcomes.iter().any(|(_, outcome)| outcome.counts());
            let rest = if going.is_empty() {
                Rest::Due { at: due.unwrap_or_else(|| self.config.clock.now()), counts }
            } else {
                Rest::Attempted
            };
            // The lease is held meanwhile: a store that is slow to keep it must not have another relay send it again.
            tokio::select! {
                biased;
                () = self.record(&part, outcomes, rest) => {}
                never = &mut hold => match never {},
            }
        }
    }

    /// Holds the lease of a row for as long as it is asked to.
    async fn hold(&self, leased: &Leased) -> Infallible {
        loop {
            tokio::time::sleep(self.config.timeouts.lease).await;
            match self.outbox.hold(leased).await {
                Ok(true) => {}
                Ok(false) => {
                    tracing::warn!(outbox = %leased.outbox, fence = leased.fence, "lease lost during an attempt")
                }
                Err(error) => {
                    tracing::error!(outbox = %leased.outbox, %error, "the lease of an attempt was not renewed");
                }
            }
        }
    }

    /// The recipients of a row by destination.
    fn parts(&self, leased: &Leased) -> Vec<(Key, Leased)> {
        let mut parts: BTreeMap<Key, Vec<_>> = BTreeMap::new();
        for target in &leased.recipients {
            parts.entry(self.key(target.path.address.domain())).or_default().push(target.clone());
        }
        if parts.len() == 1 {
            return parts.into_keys().map(|key| (key, leased.clone())).collect();
        }
        parts.into_iter().map(|(key, recipients)| (key, Leased { recipients, ..leased.clone() })).collect()
    }

    fn key(&self, domain: &str) -> Key {
        let (route, found) = self.config.routes.find(domain);
        let domain = match found.next {
            NextHop::Hosts(_) => None,
            NextHop::Mx { .. } => Some(super::route::ascii_domain(domain)),
        };
        Key { route, domain }
    }

    /// Records what became of it. What the next hop answered is known here alone until then: tried for as long as the lease
    /// is ours, and a message that could not be recorded leaves again, as one that is known to have been attempted.
    async fn record(&self, part: &Leased, outcomes: Vec<(DeliveryId, Outcome)>, rest: Rest) {
        let (mut pause, until) = (RECORD_PAUSE, Instant::now() + RELAY_LEASE);
        loop {
            match self.outbox.record(part, outcomes.clone(), rest).await {
                Ok(()) => return,
                Err(error) if Instant::now() + pause >= until => {
                    tracing::error!(outbox = %part.outbox, %error, "outcome not recorded; the message leaves again once its lease ends");
                    return;
                }
                Err(error) => tracing::warn!(outbox = %part.outbox, %error, "outcome not recorded yet"),
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(RECORD_PAUSE_MAX);
        }
    }

    async fn attempt(&self, key: &Key, leased: &Leased) -> Tried {
        let route = self.config.routes.at(key.route);
        let destination = self.destinations.get(key, route);
        let all = |verdict: Verdict| Tried::Ended(Box::new(Attempt::nowhere(leased, &verdict)));
        let _place = match destination.place(self.config.timeouts.line).await {
            Place::Free(permit) => permit,
            Place::Full(wait) => return Tried::Full(wait),
            Place::Down(why) => return all(Verdict::Later(why)),
        };
        let _connection = self.connections.acquire().await;
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
        self.send(leased, &content, route, &destination)
            .await
            .map_or(Tried::LeaseLost, |attempt| Tried::Ended(Box::new(attempt)))
    }

    /// Sends one message to the first host of the destination that takes part in it; whom it refuses for now before it
    /// hears the content, to the next. `None` if the lease was lost.
    async fn send(
        &self,
        leased: &Leased,
        content: &Content,
        route: &Route,
        destination: &Destination,
    ) -> Option<Attempt> {
        let mut course = Course::new(leased);
        let mut open = destination.take();
        let mut hops: Option<Hops<'_>> = None;
        // Who answered over a connection that was open before, and is not to be asked again.
        let mut asked: Option<String> = None;
        loop {
            let (mut connection, fresh) = match open.take() {
                Some(connection) => (connection, false),
                None => {
                    if hops.is_none() {
                        hops = match Hops::find(&self.config, route, destination).await {
                            Ok(found) => Some(found),
                            Err(verdict) => return Some(course.end(&verdict)),
                        };
                    }
                    let hops = hops.as_mut()?;
                    if let Some(host) = asked.take() {
                        hops.answered(&host);
                    }
                    match hops.next().await {
                        Ok(connection) => (connection, true),
                        Err(verdict) => return Some(course.end(&verdict)),
                    }
                }
            };
            let hop = Hop { reports: connection.offers.dsn, ..connection.hop.clone() };
            let (began, timeouts) = (Instant::now(), &self.config.timeouts);
            let job = Job { outbox: &*self.outbox, leased: course.leased(), content, timeouts };
            match job.send(&mut connection).await {
                Sent::Ended { verdicts, keep, final_crlf_added, content } => {
                    let host = hop.host.clone();
                    let way = Way { hop, final_crlf_added };
                    let next = course.take(Made { verdicts, way, content, keep });
                    if keep {
                        destination.went_well(began.elapsed());
                    }
                    if next == Next::SameHost {
                        open = Some(connection);
                        continue;
                    }
                    if keep {
                        destination.give_back(connection);
                    }
                    if next == Next::End {
                        return Some(course.end(&unsaid()));
                    }
                    asked = Some(host);
                }
                // A kept connection may have died of old age: a new one tells.
                Sent::Broke(_) if !fresh => {}
                // Nothing was decided: another host may do better.
                Sent::Broke(diagnostic) => {
                    if let Some(hops) = &mut hops {
                        hops.broke(diagnostic);
                    }
                }
                Sent::FenceLost => return None,
            }
        }
    }

    fn outcomes(&self, leased: &Leased, attempt: Attempt) -> Vec<(DeliveryId, Outcome)> {
        let verdicts = attempt.verdicts.into_iter().zip(attempt.ways);
        let outcome = |(verdict, way)| match (verdict, way) {
            (Verdict::Taken(reply), Some(Way { hop, final_crlf_added })) => {
                Outcome::Delivered { reply, hop, final_crlf_added }
            }
            (Verdict::Taken(reason) | Verdict::Unknown(reason), way) => {
                Outcome::Uncertain { reason, hop: way.map(|way| way.hop) }
            }
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

/// A destination that takes no more now, for a row that has others too.
fn full() -> Verdict {
    Verdict::Later(Diagnostic::ours(451, "4.4.5", "the destination takes no more messages now"))
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
