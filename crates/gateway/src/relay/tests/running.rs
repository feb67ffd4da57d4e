//! The relay as a whole: many messages, few connections, an orderly end.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::fake::{Act, Fake, Script};
use super::{TestOutbox, config, impatient, message, routed, show};
use crate::relay::{NextHop, RelayConfig, Route, TlsPolicy, run};
use crate::shutdown;
use vocabulary::Timestamp;

async fn until(what: impl Fn() -> bool) {
    for _ in 0..1_000 {
        if what() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("not in time");
}

#[tokio::test]
async fn a_queue_goes_out_over_few_connections_in_shared_leases() {
    let fake = Fake::start(Script::default()).await;
    let outbox = Arc::new(TestOutbox::default());
    let messages: Vec<_> = (0..300).map(|_| message(&["paul@partner.example"])).collect();
    for leased in &messages {
        outbox.put(leased, b"x\r\n");
    }
    let (trigger, signal) = shutdown();
    let config = RelayConfig { connections: 4, ..config(&[fake.host()], TlsPolicy::none()) };
    let relay = tokio::spawn(run(Arc::clone(&outbox), config, signal));
    until(|| outbox.count() == 300).await;
    assert!(messages.iter().all(|leased| show(&outbox.outcomes(leased)[0]).starts_with('D')));
    assert!(fake.connections() <= 4, "{}", fake.connections());
    let leases = outbox.leases.lock().unwrap().len();
    assert!(leases <= 300 / 4 + 1, "{leases} leases");

    let late = message(&["paul@partner.example"]);
    outbox.put(&late, b"x\r\n");
    until(|| outbox.count() == 301).await;
    trigger.pull();
    relay.await.unwrap();
    assert!(fake.commands().contains(&"QUIT".to_owned()), "connections are closed politely");
}

#[tokio::test]
async fn a_stop_finishes_what_is_in_hand() {
    let fake = Fake::start(Script { dot: Act::Hang, ..Script::default() }).await;
    let outbox = Arc::new(TestOutbox::default());
    let leased = message(&["paul@partner.example"]);
    outbox.put(&leased, b"x\r\n");
    let (trigger, signal) = shutdown();
    let config = impatient(config(&[fake.host()], TlsPolicy::none()));
    let relay = tokio::spawn(run(Arc::clone(&outbox), config, signal));
    until(|| outbox.attempted.load(Ordering::SeqCst) == 1).await;
    trigger.pull();
    relay.await.unwrap();
    assert!(show(&outbox.outcomes(&leased)[0]).starts_with('U'));
}

#[tokio::test]
async fn nothing_leaves_while_nothing_can_be_recorded() {
    let fake = Fake::start(Script::default()).await;
    let outbox = Arc::new(TestOutbox::default());
    outbox.unhealthy.store(true, Ordering::SeqCst);
    outbox.put(&message(&["paul@partner.example"]), b"x\r\n");
    let (trigger, signal) = shutdown();
    let relay = tokio::spawn(run(Arc::clone(&outbox), config(&[fake.host()], TlsPolicy::none()), signal));
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!((outbox.count(), fake.connections()), (0, 0));
    outbox.unhealthy.store(false, Ordering::SeqCst);
    until(|| outbox.count() == 1).await;
    trigger.pull();
    relay.await.unwrap();
}

#[tokio::test]
async fn a_dead_route_is_not_churned_through() {
    let outbox = Arc::new(TestOutbox::default());
    for _ in 0..100 {
        outbox.put(&message(&["paul@partner.example"]), b"x\r\n");
    }
    let (trigger, signal) = shutdown();
    let closed = "127.0.0.1:1".parse().unwrap();
    let config = RelayConfig { connections: 1, ..config(&[closed], TlsPolicy::none()) };
    let relay = tokio::spawn(run(Arc::clone(&outbox), config, signal));
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(outbox.count() <= 8, "{} attempts in half a second", outbox.count());
    trigger.pull();
    relay.await.unwrap();
}

#[tokio::test]
async fn f04_a_line_for_a_slow_destination_waits_in_the_outbox_and_others_pass() {
    let slow = Fake::start(Script { dot: Act::Hang, ..Script::default() }).await;
    let quick = Fake::start(Script::default()).await;
    let to = |name: &str, domain: &str, fake: &Fake, connections| Route {
        domains: vec![domain.parse().unwrap()],
        connections,
        ..Route::everything(name, NextHop::Hosts(vec![fake.host()]), TlsPolicy::none())
    };
    let mut config = routed(vec![to("slow", "slow.example", &slow, 2), to("rest", "*", &quick, 2)]);
    config.connections = 8;
    config.timeouts.final_dot = Duration::from_secs(30);
    config.timeouts.line = Duration::from_millis(200);
    let outbox = Arc::new(TestOutbox::default());
    for _ in 0..300 {
        outbox.put(&message(&["paul@slow.example"]), b"x\r\n");
    }
    let quick_ones: Vec<_> = (0..50).map(|_| message(&["zoe@quick.example"])).collect();
    for leased in &quick_ones {
        outbox.put(leased, b"x\r\n");
    }
    let (trigger, signal) = shutdown();
    let relay = tokio::spawn(run(Arc::clone(&outbox), config, signal));
    until(|| outbox.count() == 50).await;
    assert!(quick_ones.iter().all(|leased| show(&outbox.outcomes(leased)[0]).starts_with('D')));
    assert_eq!(slow.connections(), 2, "never more than the route allows");
    let turns = outbox.postponed.lock().unwrap().clone();
    assert!(turns.len() > 250, "{} wait in the outbox", turns.len());
    assert!(turns.iter().all(|turn| *turn >= Timestamp::from_micros(1_000_000)));
    relay.abort();
    drop(trigger);
}

#[tokio::test]
async fn f04_so_many_messages_a_minute() {
    let fake = Fake::start(Script::default()).await;
    let route = Route {
        per_minute: std::num::NonZeroU32::new(30),
        ..Route::everything("limited", NextHop::Hosts(vec![fake.host()]), TlsPolicy::none())
    };
    let outbox = Arc::new(TestOutbox::default());
    for _ in 0..40 {
        outbox.put(&message(&["paul@partner.example"]), b"x\r\n");
    }
    let (trigger, signal) = shutdown();
    let relay = tokio::spawn(run(Arc::clone(&outbox), routed(vec![route]), signal));
    until(|| outbox.count() + outbox.postponed.lock().unwrap().len() == 40).await;
    assert_eq!(outbox.count(), 5, "ten seconds of the limit at once");
    let mut turns = outbox.postponed.lock().unwrap().clone();
    turns.sort_unstable();
    let apart = turns.windows(2).map(|pair| pair[1].since(pair[0]));
    assert!(
        apart.into_iter().all(|apart| apart >= Duration::from_millis(1_900)),
        "then one every two seconds"
    );
    trigger.pull();
    relay.await.unwrap();
}
