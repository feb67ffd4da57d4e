//! F04: whom one host refuses for now, another gets in the same attempt; and never two of them the same message.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use vocabulary::Leased;

use super::fake::{Act, FULL, Fake, Script};
use super::{TestOutbox, config, impatient, message, show};
use crate::relay::worker::Relay;
use crate::relay::{Host, Outcome, TlsPolicy};

const BODY: &[u8] = b"Subject: x\r\n\r\nx\r\n";

/// A relay over hosts in order.
struct Hosts {
    fakes: Vec<Fake>,
    outbox: Arc<TestOutbox>,
    relay: Relay<TestOutbox>,
}

impl Hosts {
    async fn new(scripts: Vec<Script>) -> Self {
        let (mut fakes, hangs) = (Vec::new(), scripts.iter().any(Script::hangs));
        for script in scripts {
            fakes.push(Fake::start(script).await);
        }
        let hosts: Vec<Host> = fakes.iter().map(Fake::host).collect();
        Self::over(fakes, &hosts, hangs)
    }

    fn over(fakes: Vec<Fake>, hosts: &[Host], hangs: bool) -> Self {
        let outbox = Arc::new(TestOutbox::default());
        let config = config(hosts, TlsPolicy::none());
        let relay = Relay::new(Arc::clone(&outbox), if hangs { impatient(config) } else { config });
        Self { fakes, outbox, relay }
    }

    async fn deliver(&self, leased: &Leased) -> Vec<String> {
        self.outbox.keep(leased, BODY);
        self.relay.deliver(leased.clone()).await;
        self.outbox.outcomes(leased).iter().map(show).collect()
    }

    /// Messages each host took; what answers a 354 that nobody was accepted for is none.
    fn took(&self) -> Vec<usize> {
        let messages = |fake: &Fake| fake.contents().iter().filter(|content| *content != b".\r\n").count();
        self.fakes.iter().map(messages).collect()
    }

    fn asked(&self) -> Vec<usize> {
        self.fakes.iter().map(Fake::connections).collect()
    }
}

#[tokio::test]
async fn f04_each_answer_of_one_host_at_each_stage_and_what_the_next_host_gets() {
    use Act::{Drop, Hang, Last, Say};
    let base = Script::default;
    let rcpt = |act| Script { rcpt: vec![("paul", act)], ..base() };
    let taken = "D 250 2.0.0 queued";
    for (name, first, expected, second) in [
        ("connection 4", Script { greeting: Last("421 4.3.2 no"), ..base() }, taken, 1),
        ("connection 5", Script { greeting: Last("554 5.7.1 no"), ..base() }, taken, 1),
        ("connection lost", Script { greeting: Drop, ..base() }, taken, 1),
        ("connection silent", Script { greeting: Hang, ..base() }, taken, 1),
        ("connection junk", Script { greeting: Say("SSH-2.0-x"), ..base() }, taken, 1),
        ("ehlo 4", Script { ehlo: Say("451 4.0.0 no"), ..base() }, taken, 1),
        ("ehlo lost", Script { ehlo: Drop, ..base() }, taken, 1),
        ("ehlo silent", Script { ehlo: Hang, ..base() }, taken, 1),
        ("mail 4", Script { mail: Say("451 4.7.1 later"), ..base() }, taken, 1),
        ("mail 421", Script { mail: Last("421 4.3.2 bye"), ..base() }, taken, 1),
        ("mail 5", Script { mail: Say("550 5.7.1 never"), ..base() }, "B 550 5.7.1 never", 0),
        ("mail lost", Script { mail: Drop, ..base() }, taken, 1),
        ("mail silent", Script { mail: Hang, ..base() }, taken, 1),
        ("rcpt 4", rcpt(Say("450 4.2.1 later")), taken, 1),
        ("rcpt 552", rcpt(Say("552 too many")), taken, 1),
        ("rcpt 5", rcpt(Say("550 5.1.1 nobody")), "B 550 5.1.1 nobody", 0),
        ("rcpt lost", rcpt(Drop), taken, 1),
        ("data 4", Script { data: Say("451 4.3.0 later"), ..base() }, taken, 1),
        ("data 5", Script { data: Say("554 5.7.1 never"), ..base() }, "B 554 5.7.1 never", 0),
        ("data lost", Script { data: Drop, ..base() }, taken, 1),
        // From here on it may have the message, or a part: nobody else gets it in this attempt.
        ("dot 4", Script { dot: Say("452 4.3.1 full"), ..base() }, "L 452 4.3.1 full", 0),
        ("dot 421", Script { dot: Last("421 4.3.2 bye"), ..base() }, "L 421 4.3.2 bye", 0),
        ("dot 5", Script { dot: Say("554 5.7.1 spam"), ..base() }, "B 554 5.7.1 spam", 0),
        (
            "dot lost",
            Script { dot: Drop, ..base() },
            "U 451 4.4.2 the connection was closed (after the final dot)",
            0,
        ),
        (
            "dot silent",
            Script { dot: Hang, ..base() },
            "U 451 4.4.2 no answer in time (after the final dot)",
            0,
        ),
    ] {
        // With PIPELINING and one command at a time.
        for ehlo in [FULL, "250 fake.example"] {
            let plain = matches!(first.ehlo, Say(FULL));
            if !plain && ehlo != FULL {
                continue;
            }
            let first = if plain { Script { ehlo: Say(ehlo), ..first.clone() } } else { first.clone() };
            let hosts = Hosts::new(vec![first, base()]).await;
            let shown = hosts.deliver(&message(&["paul@partner.example"])).await;
            assert_eq!(shown, [expected], "{name}");
            assert_eq!(hosts.took()[1], second, "{name}");
        }
    }
}

#[tokio::test]
async fn f04_a_mixed_answer_delivers_to_whom_it_takes_and_the_others_wait() {
    let rcpt = vec![("a@", Act::Say("550 5.1.1 nobody")), ("b@", Act::Say("450 4.2.1 later"))];
    let first = || Script { rcpt: rcpt.clone(), ..Script::default() };
    let hosts = Hosts::new(vec![first(), Script::default()]).await;
    let all = message(&["a@partner.example", "b@partner.example", "c@partner.example"]);
    assert_eq!(hosts.deliver(&all).await, ["B 550 5.1.1 nobody", "L 450 4.2.1 later", "D 250 2.0.0 queued"]);
    assert_eq!((hosts.took(), hosts.asked()), (vec![1, 0], vec![1, 0]));

    // Nobody was taken: whom it refused for good stays refused, the other goes on, and alone.
    let hosts = Hosts::new(vec![first(), Script::default()]).await;
    let both = message(&["a@partner.example", "b@partner.example"]);
    assert_eq!(hosts.deliver(&both).await, ["B 550 5.1.1 nobody", "D 250 2.0.0 queued"]);
    let said = hosts.fakes[1].commands();
    assert!(
        said.iter().any(|line| line.contains("b@")) && !said.iter().any(|line| line.contains("a@")),
        "{said:?}"
    );
    assert_eq!(
        *hosts.outbox.attempting.lock().unwrap(),
        [both.recipients[1].delivery],
        "only who was sent to"
    );

    let never = Script { rcpt: vec![("b@", Act::Say("550 5.1.1 nobody here either"))], ..Script::default() };
    let hosts = Hosts::new(vec![first(), never]).await;
    let both = message(&["a@partner.example", "b@partner.example"]);
    assert_eq!(hosts.deliver(&both).await, ["B 550 5.1.1 nobody", "B 550 5.1.1 nobody here either"]);
}

#[tokio::test]
async fn f04_what_a_host_said_is_kept_when_no_other_does_better() {
    let later = |text| Script { mail: Act::Say(text), ..Script::default() };
    let hosts = Hosts::new(vec![later("451 4.7.1 one"), later("450 4.7.1 two")]).await;
    assert_eq!(hosts.deliver(&message(&["paul@partner.example"])).await, ["L 450 4.7.1 two"]);

    let fakes = vec![Fake::start(later("451 4.7.1 one")).await];
    let closed = Host { name: "127.0.0.1".into(), port: 1 };
    let order = [fakes[0].host(), closed];
    let hosts = Hosts::over(fakes, &order, false);
    for _ in 0..2 {
        // The second time over the connection that was kept.
        assert_eq!(hosts.deliver(&message(&["paul@partner.example"])).await, ["L 451 4.7.1 one"]);
        assert!(!hosts.relay.destinations.are_all_down(), "it answers");
    }
    assert_eq!(hosts.asked(), [1]);

    let many = (0..6).map(|_| later("451 4.7.1 later")).collect();
    let hosts = Hosts::new(many).await;
    assert_eq!(hosts.deliver(&message(&["paul@partner.example"])).await, ["L 451 4.7.1 later"]);
    assert_eq!(hosts.asked(), [1, 1, 1, 1, 0, 0], "an attempt has an end");
}

#[tokio::test]
async fn f04_a_kept_connection_that_is_refused_for_now_leads_to_the_next_host() {
    let first = Script { mail: Act::Say("451 4.7.1 later"), ..Script::default() };
    let hosts = Hosts::new(vec![first, Script::default()]).await;
    for _ in 0..3 {
        assert_eq!(hosts.deliver(&message(&["paul@partner.example"])).await, ["D 250 2.0.0 queued"]);
    }
    assert_eq!(hosts.took(), [0, 3]);
    let asked = hosts.asked();
    assert!(asked[0] <= 2 && asked[1] <= 2, "{asked:?}: connections are kept");
}

#[tokio::test]
async fn f04_a_host_that_takes_few_recipients_at_once_gets_them_in_turns() {
    for one_too_many in
        ["452 4.5.3 too many recipients", "452 too many", "552 too many", "550 5.5.3 too many for you"]
    {
        few_at_once(Script { recipients: 10, one_too_many, ..Script::default() }).await;
    }

    // A full mailbox has the same code, and waits.
    let full = Script { rcpt: vec![("full@", Act::Say("452 4.2.2 full"))], ..Script::default() };
    let hosts = Hosts::new(vec![full]).await;
    let both = message(&["full@partner.example", "b@partner.example"]);
    assert_eq!(hosts.deliver(&both).await, ["L 452 4.2.2 full", "D 250 2.0.0 queued"]);
    assert_eq!(hosts.took(), [1]);
}

async fn few_at_once(script: Script) {
    let hosts = Hosts::new(vec![script, Script::default()]).await;
    let addresses: Vec<String> = (0..35).map(|n| format!("r{n}@partner.example")).collect();
    let leased = message(&addresses.iter().map(String::as_str).collect::<Vec<_>>());
    hosts.outbox.keep(&leased, BODY);
    hosts.relay.deliver(leased.clone()).await;
    let outcomes = hosts.outbox.outcomes(&leased);
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Delivered { .. })));
    assert_eq!((hosts.took(), hosts.asked()), (vec![4, 0], vec![1, 0]));
    let mut attempting = hosts.outbox.attempting.lock().unwrap().clone();
    attempting.sort_unstable();
    attempting.dedup();
    assert_eq!(attempting.len(), 35);
    assert_eq!(
        hosts.outbox.attempted.load(Ordering::SeqCst),
        4,
        "each transaction is made durable before its dot"
    );
    let recipients = hosts.fakes[0].commands().iter().filter(|line| line.starts_with("RCPT")).count();
    assert_eq!(recipients, 35 + 25 + 15 + 5);
}

#[tokio::test]
async fn f04_each_recipient_s_record_names_the_host_that_took_it() {
    // The first takes ten and breaks off; the second takes the rest.
    let few = Script { recipients: 10, messages: 1, ..Script::default() };
    let hosts = Hosts::new(vec![few, Script::default()]).await;
    let addresses: Vec<String> = (0..15).map(|n| format!("r{n}@partner.example")).collect();
    let leased = message(&addresses.iter().map(String::as_str).collect::<Vec<_>>());
    hosts.outbox.keep(&leased, BODY);
    hosts.relay.deliver(leased.clone()).await;
    let took: Vec<String> = hosts
        .outbox
        .outcomes(&leased)
        .iter()
        .map(|outcome| match outcome {
            Outcome::Delivered { hop, .. } => hop.host.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    let [first, second] = [0, 1].map(|host: usize| hosts.fakes[host].host().to_string());
    assert!(took[..10].iter().all(|host| *host == first), "{took:?}");
    assert!(took[10..].iter().all(|host| *host == second), "{took:?}");
}
