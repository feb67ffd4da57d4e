//! Every class of answer at every stage, and what each recipient gets (F04, D01, D02).

use std::sync::atomic::Ordering;

use super::fake::{Act, FULL, Fake, Script};
use super::{Bench, TestOutbox, config, message, show};
use crate::relay::content::tests::large;
use crate::relay::worker::Relay;
use crate::relay::{Blocks, Content, Host, Large, Outcome, Source, TlsPolicy};
use std::sync::Arc;
use vocabulary::{EmailAddress, Return, Timestamp, Xtext};

const BODY: &[u8] = b"Received: x\r\n\r\n.dot\r\nend\r\n";

/// Delivers to one recipient and shows the outcome.
async fn one(script: Script) -> String {
    let bench = Bench::new(script).await;
    show(&bench.deliver(&message(&["paul@partner.example"]), BODY).await[0])
}

#[tokio::test]
async fn f04_each_answer_at_each_stage() {
    use Act::{Drop, Hang, Last, Say};
    let base = Script::default;
    for (name, script, expected) in [
        ("plain", base(), "D 250 2.0.0 queued"),
        ("greeting 4", Script { greeting: Last("421 4.3.2 no"), ..base() }, "L 421 4.3.2 no"),
        // A whole route that refuses us is a matter for its administrator, not for the senders.
        ("greeting 5", Script { greeting: Last("554 5.7.1 no"), ..base() }, "L 554 5.7.1 no"),
        ("greeting hang", Script { greeting: Hang, ..base() }, "L 451 4.4.2 no answer in time (greeting)"),
        (
            "greeting drop",
            Script { greeting: Drop, ..base() },
            "L 451 4.4.2 the connection was closed (greeting)",
        ),
        (
            "greeting junk",
            Script { greeting: Say("SSH-2.0-x"), ..base() },
            "L 451 4.5.0 the answer is not SMTP (greeting)",
        ),
        ("ehlo 4", Script { ehlo: Say("451 4.0.0 no"), ..base() }, "L 451 4.0.0 no"),
        ("ehlo 5, helo goes", Script { ehlo: Say("502 5.5.1 no"), ..base() }, "D 250 2.0.0 queued"),
        ("ehlo drop", Script { ehlo: Drop, ..base() }, "L 451 4.4.2 the connection was closed (EHLO)"),
        ("mail 4", Script { mail: Say("451 4.7.1 later"), ..base() }, "L 451 4.7.1 later"),
        ("mail 5", Script { mail: Say("550 5.7.1 never"), ..base() }, "B 550 5.7.1 never"),
        ("mail 421", Script { mail: Last("421 4.3.2 bye"), ..base() }, "L 421 4.3.2 bye"),
        ("mail hang", Script { mail: Hang, ..base() }, "L 451 4.4.2 no answer in time (envelope)"),
        ("mail drop", Script { mail: Drop, ..base() }, "L 451 4.4.2 the connection was closed (envelope)"),
        ("rcpt 4", Script { rcpt: vec![("paul", Say("450 4.2.1 later"))], ..base() }, "L 450 4.2.1 later"),
        ("rcpt 5", Script { rcpt: vec![("paul", Say("550 5.1.1 nobody"))], ..base() }, "B 550 5.1.1 nobody"),
        ("rcpt 552", Script { rcpt: vec![("paul", Say("552 too many"))], ..base() }, "L 552 5.0.0 too many"),
        (
            "rcpt drop",
            Script { rcpt: vec![("paul", Drop)], ..base() },
            "L 451 4.4.2 the connection was closed (envelope)",
        ),
        ("data 4", Script { data: Say("451 4.3.0 later"), ..base() }, "L 451 4.3.0 later"),
        ("data 5", Script { data: Say("554 5.7.1 never"), ..base() }, "B 554 5.7.1 never"),
        ("data 250", Script { data: Say("250 what"), ..base() }, "L 250 2.0.0 what"),
        ("data hang", Script { data: Hang, ..base() }, "L 451 4.4.2 no answer in time (envelope)"),
        ("dot 4", Script { dot: Say("452 4.3.1 full"), ..base() }, "L 452 4.3.1 full"),
        ("dot 5", Script { dot: Say("554 5.7.1 spam"), ..base() }, "B 554 5.7.1 spam"),
        ("dot 421", Script { dot: Last("421 4.3.2 bye"), ..base() }, "L 421 4.3.2 bye"),
        ("dot 3", Script { dot: Say("354 what"), ..base() }, "U 354 3.0.0 what"),
        ("dot hang", Script { dot: Hang, ..base() }, "U 451 4.4.2 no answer in time (after the final dot)"),
        (
            "dot drop",
            Script { dot: Drop, ..base() },
            "U 451 4.4.2 the connection was closed (after the final dot)",
        ),
        (
            "dot junk",
            Script { dot: Say("ok"), ..base() },
            "U 451 4.5.0 the answer is not SMTP (after the final dot)",
        ),
    ] {
        assert_eq!(one(script.clone()).await, expected, "{name}");
        // The same without PIPELINING.
        if matches!(script.ehlo, Say(FULL)) {
            let slow = Script { ehlo: Say("250 fake.example"), ..script };
            assert_eq!(one(slow).await, expected, "{name}, one command at a time");
        }
    }
}

#[tokio::test]
async fn f04_recipients_get_their_own_outcomes() {
    let rcpt = vec![("a@", Act::Say("550 5.1.1 nobody")), ("b@", Act::Say("450 4.2.1 later"))];
    let leased = message(&["a@partner.example", "b@partner.example", "c@partner.example"]);
    let bench = Bench::new(Script { rcpt: rcpt.clone(), ..Script::default() }).await;
    let shown: Vec<_> = bench.deliver(&leased, BODY).await.iter().map(show).collect();
    assert_eq!(shown, ["B 550 5.1.1 nobody", "L 450 4.2.1 later", "D 250 2.0.0 queued"]);
    assert_eq!(bench.outbox.attempted.load(Ordering::SeqCst), 1);

    let bench = Bench::new(Script { rcpt, dot: Act::Drop, ..Script::default() }).await;
    let shown: Vec<_> =
        bench.deliver(&leased, BODY).await.iter().map(|outcome| show(outcome)[..1].to_owned()).collect();
    assert_eq!(shown, ["B", "L", "U"]);
}

#[tokio::test]
async fn nobody_accepted_and_354_all_the_same() {
    let rcpt = vec![("paul", Act::Say("550 5.1.1 nobody"))];
    let bench = Bench::new(Script { rcpt, ..Script::default() }).await;
    let leased = message(&["paul@partner.example"]);
    assert_eq!(show(&bench.deliver(&leased, BODY).await[0]), "B 550 5.1.1 nobody");
    assert_eq!(bench.fake.contents(), [b".\r\n"]);
    assert_eq!(bench.outbox.attempted.load(Ordering::SeqCst), 0, "nothing was attempted");
    let next = message(&["zoe@partner.example"]);
    assert_eq!(show(&bench.deliver(&next, BODY).await[0]), "D 250 2.0.0 queued");
    assert_eq!(bench.fake.connections(), 1, "the connection serves again");
}

#[tokio::test]
async fn many_recipients_in_groups() {
    let addresses: Vec<String> = (0..950).map(|n| format!("r{n}@partner.example")).collect();
    let leased = message(&addresses.iter().map(String::as_str).collect::<Vec<_>>());
    let bench =
        Bench::new(Script { rcpt: vec![("r500@", Act::Say("550 5.1.1 nobody"))], ..Script::default() }).await;
    let outcomes = bench.deliver(&leased, BODY).await;
    let delivered = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Delivered { .. })).count();
    assert_eq!((outcomes.len(), delivered), (950, 949));
    assert!(show(&outcomes[500]).starts_with('B'));
}

#[tokio::test]
async fn d06_content_leaves_byte_for_byte() {
    let big = [&b"X: y\r\n\r\n"[..], &b".line\r\n..\r\n".repeat(50_000)].concat();
    for body in [BODY, b"", b".\r\n", b"a\r\n.\r\nb\r\n", &big] {
        let bench = Bench::new(Script::default()).await;
        let leased = message(&["paul@partner.example"]);
        let outcome = bench.deliver(&leased, body).await.remove(0);
        assert!(matches!(outcome, Outcome::Delivered { final_crlf_added: false, .. }));
        let wire = bench.fake.contents().remove(0);
        let mut reader = crate::session::data::DataReader::new(usize::MAX, usize::MAX, 0);
        reader.push(&wire);
        assert!(reader.finish().unwrap() == body);
    }
    let bench = Bench::new(Script::default()).await;
    let outcome = bench.deliver(&message(&["paul@partner.example"]), b"no end").await.remove(0);
    assert!(matches!(outcome, Outcome::Delivered { final_crlf_added: true, .. }));
    assert_eq!(bench.fake.contents(), [b"no end\r\n.\r\n"]);
}

#[tokio::test]
async fn d06_a_large_message_is_read_while_it_leaves() {
    let body = [&b"X: y\r\n\r\n"[..], &b".line \xe9\r\n..\r\n".repeat(50_000)].concat();
    for block in [7_919, 65_536] {
        let bench = Bench::new(Script::default()).await;
        let outcome = bench.deliver_content(&message(&["paul@partner.example"]), large(&body, block)).await;
        assert!(matches!(outcome[0], Outcome::Delivered { final_crlf_added: false, .. }));
        let wire = bench.fake.contents().remove(0);
        let mut reader = crate::session::data::DataReader::new(usize::MAX, usize::MAX, 0);
        let _ = reader.push(&wire);
        assert!(reader.finish().unwrap() == body);
    }
    let seven = || Script { ehlo: Act::Say("250 fake.example"), ..Script::default() };
    for (body, expected) in [
        (&body[..], "B 554 5.6.3"),
        (&b"x\r\n".repeat(1_000), "D 250"),
        (b"a\r\nb", "D 250"),
        (b"a\r\nb\nc\r\n", "B 554 5.6.0"),
        (b"a\r\nb\r", "B 554 5.6.0"),
    ] {
        let bench = Bench::new(seven()).await;
        let outcome = bench.deliver_content(&message(&["paul@partner.example"]), large(body, 3)).await;
        assert!(show(&outcome[0]).starts_with(expected), "{}", show(&outcome[0]));
        let sent = bench.fake.contents().len();
        assert_eq!(sent, usize::from(expected.starts_with('D')), "no final dot behind what may not leave");
    }
}

#[tokio::test]
async fn d06_content_that_breaks_off_while_it_leaves_is_not_delivered() {
    let bench = Bench::new(Script::default()).await;
    let content = Content::Large(Large { head: b"x\r\n".to_vec(), bytes: 300_000, source: Arc::new(Broken) });
    let outcome = bench.deliver_content(&message(&["paul@partner.example"]), content).await;
    assert_eq!(show(&outcome[0]), "L 451 4.3.0 the content could not be read");
    assert!(bench.fake.contents().is_empty());
    assert_eq!(bench.outbox.attempted.load(Ordering::SeqCst), 0);
}

/// A stored message that was altered after its first chunk.
struct Broken;

impl Source for Broken {
    fn open(&self) -> std::io::Result<Box<dyn Blocks>> {
        Ok(Box::new(Self))
    }
}

impl Blocks for Broken {
    fn next(&mut self) -> std::io::Result<Option<Vec<u8>>> {
        static CALLS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        match CALLS.fetch_add(1, Ordering::SeqCst) {
            0 => Ok(Some(b"x\r\n".repeat(50_000))),
            _ => Err(std::io::ErrorKind::InvalidData.into()),
        }
    }
}

#[tokio::test]
async fn d03_what_was_asked_goes_on_to_whoever_knows_reports() {
    let mut leased = message(&["paul@partner.example", "zoe@partner.example"]);
    leased.returns = Some(Return::Headers);
    leased.envelope_id = Some(Xtext::envelope_id("QQ+2B1").unwrap());
    leased.recipients[0].path.notify = "SUCCESS,FAILURE".parse().unwrap();
    leased.recipients[0].path.original = Some(Xtext::original_recipient("rfc822;p@x.example").unwrap());
    let knows = Script { ehlo: Act::Say("250-fake.example\r\n250 DSN"), ..Script::default() };
    for (script, expected) in [
        (
            knows,
            [
                "MAIL FROM:<ines@orveane.example> RET=HDRS ENVID=QQ+2B1",
                "RCPT TO:<paul@partner.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;p@x.example",
                "RCPT TO:<zoe@partner.example>",
            ],
        ),
        (
            Script { ehlo: Act::Say("250 fake.example"), ..Script::default() },
            [
                "MAIL FROM:<ines@orveane.example>",
                "RCPT TO:<paul@partner.example>",
                "RCPT TO:<zoe@partner.example>",
            ],
        ),
    ] {
        let bench = Bench::new(script).await;
        bench.deliver(&leased, BODY).await;
        assert_eq!(bench.fake.commands()[1..4], expected);
    }
}

#[tokio::test]
async fn b13_to_b24_nothing_that_could_be_smuggled_leaves() {
    for body in [&b"a\n.\nb\r\n"[..], b"a\r\n.\rb\r\n", b"a\0b\r\n", b"a\r"] {
        let bench = Bench::new(Script::default()).await;
        let outcome = bench.deliver(&message(&["paul@partner.example"]), body).await.remove(0);
        assert!(show(&outcome).starts_with("B 554 5.6.0"), "{body:?}");
        assert_eq!(bench.fake.connections(), 0);
    }
}

#[tokio::test]
async fn d01_d02_what_a_next_hop_cannot_carry_bounces() {
    let seven = || Script { ehlo: Act::Say("250 fake.example"), ..Script::default() };
    let eight = || Script { ehlo: Act::Say("250-fake.example\r\n250 8BITMIME"), ..Script::default() };
    let small = || Script { ehlo: Act::Say("250-fake.example\r\n250 SIZE 10"), ..Script::default() };
    let body = "Subject: x\r\n\r\né\r\n".as_bytes();
    let utf8_header = "Subject: é\r\n\r\nx\r\n".as_bytes();
    let plain = message(&["paul@partner.example"]);
    let mut declared = message(&["paul@partner.example"]);
    declared.smtputf8 = true;
    let mut from = message(&["paul@partner.example"]);
    from.reverse_path = Some(EmailAddress::parse("inès@orveane.example").unwrap());
    for (script, leased, body, expected) in [
        (seven(), &plain, BODY, "D 250 2.0.0"),
        (seven(), &plain, body, "B 554 5.6.3"),
        (eight(), &plain, body, "D 250 2.0.0"),
        (eight(), &plain, utf8_header, "D 250 2.0.0"),
        (eight(), &declared, utf8_header, "B 550 5.6.7"),
        (eight(), &declared, body, "D 250 2.0.0"),
        (eight(), &from, BODY, "B 550 5.6.7"),
        (small(), &plain, BODY, "B 552 5.3.4"),
        (Script::default(), &from, utf8_header, "D 250 2.0.0"),
    ] {
        let bench = Bench::new(script).await;
        let shown = show(&bench.deliver(leased, body).await[0]);
        assert!(shown.starts_with(expected), "{shown} is not {expected}");
    }
    let mixed = message(&["rené@partner.example", "paul@partner.example"]);
    let bench = Bench::new(eight()).await;
    let shown: Vec<_> = bench.deliver(&mixed, BODY).await.iter().map(|o| show(o)[..7].to_owned()).collect();
    assert_eq!(shown, ["B 550 5", "D 250 2"]);
    let bench = Bench::new(Script::default()).await;
    bench.deliver(&mixed, body).await;
    let mail = bench.fake.commands().remove(1);
    assert_eq!(mail, format!("MAIL FROM:<ines@orveane.example> SIZE={} BODY=8BITMIME SMTPUTF8", body.len()));
}

#[tokio::test]
async fn a_server_that_breaks_off_the_content_is_heard() {
    let big = b"x\r\n".repeat(5_000_000);
    let script = Script { content: Some(Act::Last("552 5.3.4 too big")), ..Script::default() };
    let bench = Bench::new(script).await;
    let shown = show(&bench.deliver(&message(&["paul@partner.example"]), &big).await[0]);
    // A reset may overtake the last words; then the message waits. It is never uncertain, and never taken.
    assert!(shown == "B 552 5.3.4 too big" || shown.starts_with("L 451 4.4.2"), "{shown}");
    assert_eq!(bench.outbox.attempted.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_lost_lease_stops_before_the_final_dot() {
    let bench = Bench::new(Script::default()).await;
    bench.outbox.fence_lost.store(true, Ordering::SeqCst);
    let leased = message(&["paul@partner.example"]);
    bench.outbox.keep(&leased, BODY);
    bench.relay.deliver(leased).await;
    assert_eq!(bench.outbox.count(), 0);
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert!(bench.fake.contents().is_empty(), "no final dot was sent");
}

#[tokio::test]
async fn an_attempt_that_cannot_be_made_durable_is_not_made() {
    let bench = Bench::new(Script::default()).await;
    bench.outbox.attempting_fails.store(true, Ordering::SeqCst);
    let shown = show(&bench.deliver(&message(&["paul@partner.example"]), BODY).await[0]);
    assert!(shown.starts_with("L 451 4.3.0"), "{shown}");
    assert!(bench.fake.contents().is_empty());
}

#[tokio::test]
async fn an_outcome_is_recorded_when_the_store_is_back() {
    let bench = Bench::new(Script::default()).await;
    bench.outbox.record_failures.store(3, Ordering::SeqCst);
    assert_eq!(
        show(&bench.deliver(&message(&["paul@partner.example"]), BODY).await[0]),
        "D 250 2.0.0 queued"
    );
}

#[tokio::test]
async fn a_kept_connection_that_died_costs_nothing() {
    let bench = Bench::new(Script { messages: 1, ..Script::default() }).await;
    for _ in 0..3 {
        assert_eq!(
            show(&bench.deliver(&message(&["paul@partner.example"]), BODY).await[0]),
            "D 250 2.0.0 queued"
        );
    }
    assert_eq!(bench.fake.connections(), 3);
    let greedy = Bench::new(Script { messages: 0, ..Script::default() }).await;
    assert!(
        show(&greedy.deliver(&message(&["paul@partner.example"]), BODY).await[0]).starts_with("L 451 4.4.2")
    );
    assert_eq!(greedy.fake.connections(), 1, "a fresh connection is not tried twice");
}

#[tokio::test]
async fn words_nobody_asked_for_end_a_kept_connection() {
    let bench =
        Bench::new(Script { dot: Act::Say("250 2.0.0 queued\r\n250 2.0.0 and again"), ..Script::default() })
            .await;
    for _ in 0..2 {
        bench.deliver(&message(&["paul@partner.example"]), BODY).await;
    }
    assert_eq!(bench.fake.connections(), 2);
}

#[tokio::test]
async fn f04_the_next_host_when_the_first_cannot_be_reached() {
    let good = Fake::start(Script::default()).await;
    let bad = Fake::start(Script { greeting: Act::Last("421 4.3.2 no"), ..Script::default() }).await;
    let closed = Host { name: "127.0.0.1".into(), port: 1 };
    let unknown = Host { name: "nowhere.invalid".into(), port: 25 };
    let outbox = Arc::new(TestOutbox::default());
    let relay = Relay::new(
        Arc::clone(&outbox),
        config(&[closed.clone(), unknown, bad.host(), good.host()], TlsPolicy::none()),
    );
    for _ in 0..2 {
        let leased = message(&["paul@partner.example"]);
        outbox.keep(&leased, BODY);
        relay.deliver(leased.clone()).await;
        assert_eq!(show(&outbox.outcomes(&leased)[0]), "D 250 2.0.0 queued");
        relay.destinations.close_all().await;
    }
    assert_eq!(bad.connections(), 1, "a host that refused is not asked again at once");
    let relay = Relay::new(Arc::clone(&outbox), config(&[closed], TlsPolicy::none()));
    let leased = message(&["paul@partner.example"]);
    outbox.keep(&leased, BODY);
    relay.deliver(leased.clone()).await;
    assert!(show(&outbox.outcomes(&leased)[0]).starts_with("L 451 4.4.1 127.0.0.1:1: connection refused"));
    assert!(relay.destinations.are_all_down());
}

#[tokio::test]
async fn a_message_deferred_too_long_bounces() {
    let bench = Bench::new(Script { mail: Act::Say("451 4.7.1 later"), ..Script::default() }).await;
    let mut leased = message(&["paul@partner.example"]);
    let Outcome::Deferred { until, .. } = bench.deliver(&leased, BODY).await.remove(0) else { panic!() };
    assert!(until >= Timestamp::from_micros(48_000_000) && until <= Timestamp::from_micros(72_000_000));
    bench.outbox.recorded.lock().unwrap().clear();
    leased.attempt = 200;
    let shown = show(&bench.deliver(&leased, BODY).await[0]);
    assert_eq!(shown, "B 554 5.4.7 could not be delivered in time; last answer: 451 4.7.1 later");
}

#[tokio::test]
async fn a_body_that_cannot_be_read_waits() {
    let bench = Bench::new(Script::default()).await;
    let leased = message(&["paul@partner.example"]);
    bench.relay.deliver(leased.clone()).await;
    assert!(show(&bench.outbox.outcomes(&leased)[0]).starts_with("L 451 4.3.0"));
}
