//! F04, A12 outwards: a next hop that answers a byte at a time, or takes content a little at a time, is given up at a named bound, and
//! holds nobody else up.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::Instant;

use super::fake::{Act, Fake, Script};
use super::{TestOutbox, config, message, routed, show};
use crate::relay::worker::Relay;
use crate::relay::{NextHop, RelayConfig, Route, TlsPolicy, run};
use crate::shutdown;

/// At 20 ms a byte more than a second; each is well-formed.
const GREETING: &str = "220 fake.example welcomes you, and takes the time that a welcome takes";
const YES: &str = "250 2.1.5 ok";

/// How one attempt ended, and how long it took; patience with one answer is long.
async fn attempt(
    script: Script,
    body: &[u8],
    change: impl Fn(&mut RelayConfig),
) -> (String, Duration, Arc<TestOutbox>) {
    let fake = Fake::start(script).await;
    let mut config = config(&[fake.host()], TlsPolicy::none());
    (config.timeouts.command, config.timeouts.block) = (Duration::from_secs(20), Duration::from_secs(20));
    change(&mut config);
    let outbox = Arc::new(TestOutbox::default());
    let relay = Relay::new(Arc::clone(&outbox), config);
    let addresses: Vec<String> = (0..20).map(|n| format!("r{n}@partner.example")).collect();
    let leased = message(&addresses.iter().map(String::as_str).collect::<Vec<_>>());
    outbox.keep(&leased, body);
    let began = Instant::now();
    relay.deliver(leased.clone()).await;
    let shown = show(&outbox.outcomes(&leased)[0]);
    (shown, began.elapsed(), outbox)
}

#[tokio::test]
async fn f04_answers_that_come_a_byte_at_a_time_are_cut_at_their_bound() {
    let bound = Duration::from_millis(500);
    // Not a measure: what is said shows the cut, and a busy machine takes its time.
    let soon = bound * 20;
    let slow = Script { greeting: Act::Trickle(GREETING), ..Script::default() };
    let (shown, took, _) = attempt(slow.clone(), b"x\r\n", |config| config.timeouts.open = bound).await;
    assert!(
        shown.starts_with("L 451 4.4.2 localhost") && shown.ends_with("took too long to begin"),
        "{shown}"
    );
    assert!(took < soon, "{took:?}");
    let (shown, took, _) = attempt(slow, b"x\r\n", |config| config.timeouts.command = bound).await;
    assert_eq!(shown, "L 451 4.4.2 no answer in time (greeting)");
    assert!(took < soon, "{took:?}");

    let slow = Script { rcpt: vec![("@", Act::Trickle(YES))], ..Script::default() };
    let (shown, took, outbox) = attempt(slow, b"x\r\n", |config| config.timeouts.envelope = bound).await;
    assert_eq!(shown, "L 451 4.4.2 no answer in time (envelope)");
    assert!(took < soon, "{took:?}");
    assert_eq!(outbox.attempted.load(Ordering::SeqCst), 0);

    let slow = Script { dot: Act::Trickle(GREETING), ..Script::default() };
    let (shown, took, _) = attempt(slow, b"x\r\n", |config| config.timeouts.final_dot = bound).await;
    assert_eq!(shown, "U 451 4.4.2 no answer in time (after the final dot)");
    assert!(took < soon, "{took:?}");
}

#[tokio::test]
async fn f04_content_that_is_taken_in_sips_is_cut_at_its_bound_and_its_lease_holds_meanwhile() {
    let bound = Duration::from_millis(1_000);
    let body = [&[b'x'; 76][..], b"\r\n"].concat().repeat(120_000);
    let sips = Script { sips: true, ..Script::default() };
    let (shown, took, outbox) = attempt(sips, &body, |config| config.timeouts.content = bound).await;
    assert_eq!(shown, "L 451 4.4.2 no answer in time (content)");
    // The server is heard out for its last words.
    assert!(took < bound + Duration::from_secs(8), "{took:?}");
    assert_eq!(outbox.attempted.load(Ordering::SeqCst), 0, "no final dot");
    assert!(outbox.held.load(Ordering::SeqCst) >= 3, "the lease was renewed while it went on");
}

#[tokio::test]
async fn f04_who_trickles_holds_up_nobody_else() {
    let slow = Fake::start(Script { greeting: Act::Trickle(GREETING), ..Script::default() }).await;
    let quick = Fake::start(Script::default()).await;
    let to = |name: &str, domain: &str, fake: &Fake| Route {
        domains: vec![domain.parse().unwrap()],
        ..Route::everything(name, NextHop::Hosts(vec![fake.host()]), TlsPolicy::none())
    };
    let mut config = routed(vec![to("slow", "slow.example", &slow), to("rest", "*", &quick)]);
    config.connections = 8;
    config.timeouts.command = Duration::from_secs(20);
    config.timeouts.open = Duration::from_secs(20);
    config.timeouts.line = Duration::from_millis(200);
    let outbox = Arc::new(TestOutbox::default());
    for n in 0..200 {
        let to = if n % 2 == 0 { "paul@slow.example" } else { "zoe@quick.example" };
        outbox.put(&message(&[to]), b"x\r\n");
    }
    let (trigger, signal) = shutdown();
    let began = Instant::now();
    let relay = tokio::spawn(run(Arc::clone(&outbox), config, signal));
    while quick.contents().len() < 100 {
        assert!(began.elapsed() < Duration::from_secs(19), "{} went", quick.contents().len());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(slow.connections() <= 4, "{}", slow.connections());
    relay.abort();
    drop(trigger);
}
