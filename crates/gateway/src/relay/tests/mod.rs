//! The relay against a server that does as told, in the same process. Names carry the case ids of the project's list.

mod dane;
mod exchangers;
mod fake;
mod faults;
mod neighbours;
#[path = "../../../../../tests/support/ports.rs"]
mod ports;
mod real;
mod refusals;
mod routes;
mod running;
mod slow;
mod stages;
mod sts;
mod tls;
mod unbound;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Notify;
use vocabulary::{
    Clock, DeliveryId, EmailAddress, Leased, ManualClock, OrganisationId, OutboxId, SeededEntropy, Target,
    Timestamp,
};

use self::fake::{Fake, Script};
use super::worker::Relay;
use super::{
    Content, Host, NextHop, Outbox, OutboxError, Outcome, RelayConfig, Rest, Route, Routes, Timeouts,
    TlsPolicy,
};

/// An outbox in memory.
#[derive(Default)]
struct TestOutbox {
    waiting: Mutex<Vec<Leased>>,
    bodies: Mutex<HashMap<OutboxId, Content>>,
    recorded: Mutex<HashMap<DeliveryId, Vec<Outcome>>>,
    attempted: AtomicUsize,
    /// Deliveries that were said to be attempted.
    attempting: Mutex<Vec<DeliveryId>>,
    held: AtomicUsize,
    fence_lost: AtomicBool,
    /// So many calls of `record` fail first.
    record_failures: AtomicUsize,
    attempting_fails: AtomicBool,
    unhealthy: AtomicBool,
    work: Notify,
    leases: Mutex<Vec<usize>>,
    rests: Mutex<Vec<Rest>>,
    postponed: Mutex<Vec<Timestamp>>,
}

impl TestOutbox {
    fn put(&self, leased: &Leased, body: &[u8]) {
        self.keep(leased, body);
        self.waiting.lock().unwrap().push(leased.clone());
        self.work.notify_one();
    }

    fn keep(&self, leased: &Leased, body: &[u8]) {
        self.bodies.lock().unwrap().insert(leased.outbox, Content::Whole(body.to_vec()));
    }

    fn outcomes(&self, leased: &Leased) -> Vec<Outcome> {
        let recorded = self.recorded.lock().unwrap();
        leased
            .recipients
            .iter()
            .map(|target| {
                let outcomes = recorded.get(&target.delivery).expect("no outcome recorded");
                assert_eq!(outcomes.len(), 1, "one outcome per attempt");
                outcomes[0].clone()
            })
            .collect()
    }

    fn count(&self) -> usize {
        self.recorded.lock().unwrap().len()
    }
}

impl Outbox for TestOutbox {
    async fn lease(&self, max: usize) -> Result<Vec<Leased>, OutboxError> {
        let mut waiting = self.waiting.lock().unwrap();
        let count = waiting.len().min(max);
        if count > 0 {
            self.leases.lock().unwrap().push(count);
        }
        Ok(waiting.drain(..count).collect())
    }

    async fn body(&self, leased: &Leased) -> Result<Content, OutboxError> {
        self.bodies.lock().unwrap().get(&leased.outbox).cloned().ok_or_else(|| "no body".into())
    }

    async fn hold(&self, _: &Leased) -> Result<bool, OutboxError> {
        self.held.fetch_add(1, Ordering::SeqCst);
        Ok(true)
    }

    async fn attempting(&self, leased: &Leased) -> Result<bool, OutboxError> {
        self.attempted.fetch_add(1, Ordering::SeqCst);
        self.attempting.lock().unwrap().extend(leased.recipients.iter().map(|target| target.delivery));
        if self.attempting_fails.load(Ordering::SeqCst) {
            return Err("disk full".into());
        }
        Ok(!self.fence_lost.load(Ordering::SeqCst))
    }

    async fn record(
        &self,
        _: &Leased,
        outcomes: Vec<(DeliveryId, Outcome)>,
        rest: Rest,
    ) -> Result<(), OutboxError> {
        if self.record_failures.load(Ordering::SeqCst) > 0 {
            self.record_failures.fetch_sub(1, Ordering::SeqCst);
            return Err("disk full".into());
        }
        self.rests.lock().unwrap().push(rest);
        for (delivery, outcome) in outcomes {
            self.recorded.lock().unwrap().entry(delivery).or_default().push(outcome);
        }
        Ok(())
    }

    async fn postpone(&self, _: &Leased, until: Timestamp) -> Result<(), OutboxError> {
        self.postponed.lock().unwrap().push(until);
        Ok(())
    }

    fn healthy(&self) -> bool {
        !self.unhealthy.load(Ordering::SeqCst)
    }

    async fn wait_for_work(&self) {
        self.work.notified().await;
    }
}

static COUNTER: AtomicUsize = AtomicUsize::new(0);

fn message(recipients: &[&str]) -> Leased {
    let entropy = SeededEntropy::new(COUNTER.fetch_add(1, Ordering::SeqCst) as u64);
    let now = Timestamp::from_micros(1_000_000);
    Leased {
        outbox: OutboxId::new(now, &entropy),
        organisation: OrganisationId::new(now, &entropy),
        flow: None,
        reverse_path: Some(EmailAddress::parse("ines@orveane.example").unwrap()),
        recipients: recipients
            .iter()
            .map(|text| Target {
                delivery: DeliveryId::new(now, &entropy),
                path: EmailAddress::parse(text).unwrap().into(),
            })
            .collect(),
        returns: None,
        envelope_id: None,
        eight_bit: false,
        smtputf8: false,
        attempt: 1,
        fence: 1,
        unanswered: false,
    }
}

fn config(hosts: &[Host], tls: TlsPolicy) -> RelayConfig {
    routed(vec![Route::everything("smarthost", NextHop::Hosts(hosts.to_vec()), tls)])
}

/// Longer than any stall of a busy machine: who answers at all is waited for.
const AMPLE: Duration = Duration::from_secs(10);

/// For peers that never answer.
fn impatient(mut config: RelayConfig) -> RelayConfig {
    let soon = Duration::from_millis(300);
    config.timeouts = Timeouts { command: soon, envelope: soon * 7, final_dot: soon, ..config.timeouts };
    config
}

fn routed(routes: Vec<Route>) -> RelayConfig {
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::at(Timestamp::from_micros(0)));
    let timeouts = Timeouts {
        connect: AMPLE,
        handshake: AMPLE,
        command: AMPLE,
        open: AMPLE * 2,
        envelope: AMPLE * 2,
        block: AMPLE,
        content: AMPLE * 2,
        final_dot: AMPLE,
        idle: Duration::from_millis(200),
        line: Duration::from_secs(2),
        lease: Duration::from_millis(200),
    };
    let (routes, entropy) = (Routes::new(routes).unwrap(), Arc::new(SeededEntropy::new(1)));
    RelayConfig { timeouts, ..RelayConfig::new("gateway.example", routes, clock, entropy) }
}

/// Delivers one message to those recipients with a relay of its own.
async fn send(config: RelayConfig, recipients: &[&str]) -> Vec<Outcome> {
    let outbox = Arc::new(TestOutbox::default());
    let relay = Relay::new(Arc::clone(&outbox), config);
    let leased = message(recipients);
    outbox.keep(&leased, b"Subject: x\r\n\r\nx\r\n");
    relay.deliver(leased.clone()).await;
    outbox.outcomes(&leased)
}

/// Whether this machine has a program. Where `CEREBRO_CI` is set nothing may be missing.
fn tool(name: &str) -> bool {
    let places = std::env::var("PATH").unwrap_or_default() + ":/usr/sbin:/sbin";
    let found = places.split(':').any(|place| std::path::Path::new(place).join(name).is_file());
    assert!(found || std::env::var_os("CEREBRO_CI").is_none(), "{name} is not installed");
    if !found {
        eprintln!("skipped: {name} is not installed");
    }
    found
}

struct Bench {
    fake: Fake,
    outbox: Arc<TestOutbox>,
    relay: Relay<TestOutbox>,
}

impl Bench {
    async fn new(script: Script) -> Self {
        let hangs = script.hangs();
        let fake = Fake::start(script).await;
        let outbox = Arc::new(TestOutbox::default());
        let config = config(&[fake.host()], TlsPolicy::none());
        let relay = Relay::new(Arc::clone(&outbox), if hangs { impatient(config) } else { config });
        Self { fake, outbox, relay }
    }

    async fn deliver(&self, leased: &Leased, body: &[u8]) -> Vec<Outcome> {
        self.deliver_content(leased, Content::Whole(body.to_vec())).await
    }

    async fn deliver_content(&self, leased: &Leased, content: Content) -> Vec<Outcome> {
        self.outbox.bodies.lock().unwrap().insert(leased.outbox, content);
        self.relay.deliver(leased.clone()).await;
        self.outbox.outcomes(leased)
    }
}

/// `D`elivered, `L`ater, `B`ounced or `U`ncertain, and the reply.
fn show(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Delivered { reply, .. } => format!("D {reply}"),
        Outcome::Deferred { reply, .. } => format!("L {reply}"),
        Outcome::Bounced { reply } => format!("B {reply}"),
        Outcome::Uncertain { reason, .. } => format!("U {reason}"),
    }
}
