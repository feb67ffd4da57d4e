//! What was read of messages that are not settled yet. Whoever sends is not kept waiting for a long reading, which goes on; whoever
//! settles the message takes what was found. A file that took too long is among it: asked again it would take as long again.

use std::collections::VecDeque;
use std::future::ready;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::task::JoinHandle;
use vocabulary::{FlowId, bounds};

use super::understand::Understood;

/// A message that is being read. Dropped, it is read no further.
pub(super) type Reading = Pin<Box<dyn Future<Output = Understood> + Send>>;

/// At most [`bounds::READINGS_MAX`], in memory: what is lost is read anew. Another node may settle the message first; then nobody
/// here takes what was found, and it gives way to the next.
#[derive(Debug, Default)]
pub(crate) struct Readings(Mutex<VecDeque<(FlowId, JoinHandle<Understood>)>>);

impl Readings {
    /// Lets the reading of a flow go on.
    pub(super) fn go_on(&self, flow: FlowId, reading: Reading) {
        let mut all = self.all();
        if all.len() >= bounds::READINGS_MAX {
            let Some(done) = all.iter().position(|(_, reading)| reading.is_finished()) else { return };
            all.remove(done);
        }
        all.push_back((flow, tokio::spawn(reading)));
    }

    /// Keeps what was read of a flow that is not settled yet, unless the machine was in the way: then it is asked again.
    pub(super) fn keep(&self, flow: FlowId, understood: Understood) {
        if understood.failure().is_none() {
            self.go_on(flow, Box::pin(ready(understood)));
        }
    }

    /// What is found in the flow, if it was read here; waits while it is still being read.
    pub(super) async fn take(&self, flow: FlowId) -> Option<Understood> {
        let reading = {
            let mut all = self.all();
            let at = all.iter().position(|(known, _)| *known == flow)?;
            all.remove(at)?.1
        };
        reading.await.ok()
    }

    /// Gives up the reading of a flow that was not kept.
    pub(super) fn give_up(&self, flow: FlowId) {
        self.all().retain(|(known, reading)| {
            let stays = *known != flow;
            if !stays {
                reading.abort();
            }
            stays
        });
    }

    fn all(&self) -> MutexGuard<'_, VecDeque<(FlowId, JoinHandle<Understood>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use compliance::{AttachmentOutcome, AttachmentText};
    use extract::Reason;
    use vocabulary::{SeededEntropy, Timestamp};

    use super::*;
    use crate::flows::understand::Failure;

    fn understood(outcome: Reason) -> Understood {
        let outcome = AttachmentOutcome::Unreadable(outcome.code().to_owned());
        let attachments = vec![AttachmentText { outcome, ..AttachmentText::default() }];
        Understood { message: mail::parse(b""), attachments, failure: None }
    }

    fn flows() -> impl Iterator<Item = FlowId> {
        let entropy = SeededEntropy::new(7);
        (0..).map(move |second| FlowId::new(Timestamp::from_micros(second), &entropy))
    }

    #[tokio::test]
    async fn a_time_out_is_an_answer_and_a_machine_in_the_way_is_none() {
        let (readings, mut flows) = (Readings::default(), flows());
        let (slow, down, stopped) = (flows.next().unwrap(), flows.next().unwrap(), flows.next().unwrap());
        readings.keep(slow, understood(Reason::Timeout));
        readings.keep(down, understood(Reason::SandboxUnavailable));
        readings.keep(stopped, Understood { failure: Some(Failure::Engine), ..understood(Reason::Timeout) });
        assert_eq!(readings.take(slow).await.unwrap().attachments.len(), 1);
        assert!(readings.take(slow).await.is_none(), "taken once");
        assert!(readings.take(down).await.is_none() && readings.take(stopped).await.is_none());
    }

    #[tokio::test]
    async fn readings_that_go_on_keep_their_place_and_those_that_nobody_takes_give_way() {
        let (readings, flows) = (Readings::default(), flows());
        let all: Vec<FlowId> = flows.take(bounds::READINGS_MAX + 2).collect();
        for flow in &all[1..bounds::READINGS_MAX] {
            readings.go_on(*flow, Box::pin(pending()));
        }
        readings.keep(all[0], understood(Reason::Timeout));
        while !readings.all().iter().any(|(_, reading)| reading.is_finished()) {
            tokio::task::yield_now().await;
        }
        let last = all[bounds::READINGS_MAX + 1];
        readings.go_on(last, Box::pin(pending()));
        assert!(readings.take(all[0]).await.is_none(), "it was done, and gave way");
        readings.keep(all[bounds::READINGS_MAX], understood(Reason::Timeout));
        assert!(readings.take(all[bounds::READINGS_MAX]).await.is_none(), "there is no room");
        readings.give_up(last);
        readings.keep(all[0], understood(Reason::Timeout));
        assert!(readings.take(all[0]).await.is_some());
    }
}
