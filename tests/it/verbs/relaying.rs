//! What the relay asks of the outbox while it sends: who is marked, and what a clock that is set wrong does to it.

use std::time::Duration;

use access::action;
use gateway::relay::retry;
use operations::flows::outbox::{self, Outcome, Retry};
use operations::flows::{DeliveryState, Passage, list};
use vocabulary::bounds::{RELAY_LEASE, RELAY_LEASE_RENEWED};
use vocabulary::{Clock, FlowId, Leased, SeededEntropy, Timestamp};

use crate::support::{TestCerebro, each_engine, message};

const HOUR: Duration = Duration::from_secs(3_600);

async fn states(cerebro: &TestCerebro, flow: FlowId) -> Vec<DeliveryState> {
    let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
    let permit = ines.op.permit(action::ReadFlows, cerebro.bank).await.unwrap();
    let (_, deliveries) = list::one(&ines.op, &permit, flow).await.unwrap().unwrap();
    deliveries.into_iter().map(|delivery| delivery.state).collect()
}

async fn lease(cerebro: &TestCerebro) -> Vec<Leased> {
    outbox::lease(&cerebro.cerebro, 10).await.unwrap()
}

async fn record(cerebro: &TestCerebro, held: &Leased, outcome: Outcome, until: Timestamp) {
    let outcomes = held.recipients.iter().map(|to| (to.delivery, outcome.clone())).collect();
    outbox::record(&cerebro.cerebro, held, outcomes, until).await.unwrap();
}

fn later() -> Outcome {
    Outcome::Deferred { reply: "451 4.7.1 later".into() }
}

fn delivered() -> Outcome {
    Outcome::Delivered { reply: "250 2.0.0 ok".into(), passage: Passage::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn f04_only_those_of_a_row_that_are_attempted_are_marked_so() {
    each_engine(async |cerebro| {
        let to = ["a@one.example", "b@two.example", "c@one.example"];
        let receipt = cerebro.send(&to, message("Bonjour")).await.unwrap();
        let whole = lease(cerebro).await.remove(0);
        let of = |domain: &str| {
            let recipients = whole.recipients.iter().filter(|to| to.path.address.domain() == domain);
            Leased { recipients: recipients.cloned().collect(), ..whole.clone() }
        };
        assert!(outbox::attempting(&cerebro.cerebro, &of("one.example")).await.unwrap());
        use DeliveryState::{Attempting, Delivered, Queued};
        assert_eq!(states(cerebro, receipt.flow).await, [Attempting, Queued, Attempting]);
        let one = of("one.example");
        let ended = one.recipients.iter().map(|to| (to.delivery, delivered())).collect();
        outbox::record_some(&cerebro.cerebro, &one, ended).await.unwrap();
        let now = cerebro.cerebro.instance().now();
        record(cerebro, &of("two.example"), later(), now).await;
        assert_eq!(
            states(cerebro, receipt.flow).await,
            [Delivered, Queued, Delivered],
            "nobody began with b"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f05_what_is_in_hand_stays_so_whatever_the_clock_is_set_to() {
    each_engine(async |cerebro| {
        let receipt = cerebro.send(&["r.lemarrec@client.example"], message("Bonjour")).await.unwrap();
        let held = lease(cerebro).await.remove(0);
        let right = cerebro.clock.now();
        for wrong in [right.plus(HOUR * 5), right.minus(HOUR * 5), right.plus(HOUR * 24 * 40), right] {
            cerebro.clock.jump(wrong);
            assert!(lease(cerebro).await.is_empty(), "nobody else gets it at {wrong}");
            assert!(outbox::hold(&cerebro.cerebro, &held).await.unwrap());
        }
        cerebro.clock.jump(right.plus(HOUR * 5));
        // Before anything else looks at the clock.
        assert!(outbox::attempting(&cerebro.cerebro, &held).await.unwrap());
        cerebro.clock.jump(right.plus(HOUR * 10));
        assert!(lease(cerebro).await.is_empty(), "its answer is waited for");
        record(cerebro, &held, delivered(), right).await;
        assert_eq!(states(cerebro, receipt.flow).await, [DeliveryState::Delivered]);

        // Who stops holding it loses it by time that passes, and by nothing else.
        cerebro.send(&["r.lemarrec@client.example"], message("Bonsoir")).await.unwrap();
        let first = lease(cerebro).await.remove(0);
        for _ in 0..10 {
            cerebro.clock.advance(RELAY_LEASE_RENEWED);
            assert!(lease(cerebro).await.is_empty() && outbox::hold(&cerebro.cerebro, &first).await.unwrap());
        }
        cerebro.clock.advance(RELAY_LEASE + Duration::from_secs(1));
        assert_eq!(lease(cerebro).await.len(), 1);
        assert!(!outbox::hold(&cerebro.cerebro, &first).await.unwrap());
        assert!(!outbox::attempting(&cerebro.cerebro, &first).await.unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f05_a_clock_set_back_delays_no_retry_and_one_set_forward_expires_none() {
    each_engine(async |cerebro| {
        let entropy = SeededEntropy::new(3);
        let receipt = cerebro.send(&["r.lemarrec@client.example"], message("Bonjour")).await.unwrap();
        let defer = async || {
            let leased = lease(cerebro).await.remove(0);
            let now = cerebro.clock.now();
            let until = retry::next_attempt(leased.attempt, now, &entropy).expect("it is not given up");
            record(cerebro, &leased, later(), until).await;
            until.since(now)
        };
        let wait = defer().await;
        cerebro.clock.jump(cerebro.clock.now().minus(HOUR * 6));
        assert!(lease(cerebro).await.is_empty(), "not sooner than it was to be");
        // What comes in after the jump is not held up by it, nor is what waited.
        cerebro.clock.advance(wait + Duration::from_secs(1));
        let again = lease(cerebro).await;
        assert_eq!(again.iter().map(|leased| leased.attempt).collect::<Vec<_>>(), [2]);
        record(cerebro, &again[0], later(), cerebro.clock.now().plus(HOUR)).await;

        // Forty days at once: it is tried, it counts as one attempt, and there are five days of them.
        cerebro.clock.jump(cerebro.clock.now().plus(HOUR * 24 * 40));
        let third = defer().await.as_secs();
        assert!((192..=288).contains(&third), "four minutes, give or take: {third} s");
        assert_eq!(states(cerebro, receipt.flow).await, [DeliveryState::Queued]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f04_what_our_own_system_could_not_do_uses_up_no_attempt() {
    each_engine(async |cerebro| {
        let receipt = cerebro.send(&["r.lemarrec@client.example"], message("Bonjour")).await.unwrap();
        let ours = Outcome::Deferred { reply: "451 4.3.0 the content could not be read".into() };
        for _ in 0..50 {
            let leased = lease(cerebro).await.remove(0);
            assert_eq!(leased.attempt, 1);
            let outcomes = vec![(leased.recipients[0].delivery, ours.clone())];
            let at = cerebro.clock.now().plus(Duration::from_secs(5));
            let retry = Retry { at, counts: false };
            outbox::record(&cerebro.cerebro, &leased, outcomes, retry).await.unwrap();
            cerebro.clock.advance(Duration::from_secs(6));
        }
        let leased = lease(cerebro).await.remove(0);
        let until = retry::next_attempt(leased.attempt, cerebro.clock.now(), &SeededEntropy::new(5));
        record(cerebro, &leased, later(), until.expect("five days are left")).await;
        cerebro.clock.advance(HOUR);
        assert_eq!(lease(cerebro).await[0].attempt, 2, "what the next hop said counts");
        assert_eq!(states(cerebro, receipt.flow).await, [DeliveryState::Queued]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f02_an_attempt_whose_answer_was_never_recorded_is_said_by_the_next() {
    each_engine(async |cerebro| {
        cerebro.send(&["r.lemarrec@client.example"], message("Bonjour")).await.unwrap();
        let after_its_lease = async || {
            cerebro.clock.advance(RELAY_LEASE + Duration::from_secs(1));
            lease(cerebro).await.remove(0)
        };
        let died_before = lease(cerebro).await.remove(0);
        let dies_behind_the_dot = after_its_lease().await;
        assert!(!died_before.unanswered && !dies_behind_the_dot.unanswered, "nothing was sent");
        assert!(outbox::attempting(&cerebro.cerebro, &dies_behind_the_dot).await.unwrap());
        let again = after_its_lease().await;
        assert!(again.unanswered, "it may be there already");
        assert!(outbox::attempting(&cerebro.cerebro, &again).await.unwrap());
        record(cerebro, &again, later(), cerebro.clock.now()).await;
        let answered = lease(cerebro).await.remove(0);
        assert!(!answered.unanswered, "the next hop said that it has nothing");
        assert!(outbox::attempting(&cerebro.cerebro, &answered).await.unwrap());
        record(cerebro, &answered, delivered(), cerebro.clock.now()).await;
        let said = cerebro.details("delivery.attempting").await;
        let unanswered: Vec<bool> = said.iter().map(|entry| entry["earlier_unanswered"] == true).collect();
        assert_eq!(unanswered, [false, true, false]);
    })
    .await;
}
