//! What waits to leave: looked at without contents, tried at once, stopped, taken out.

use std::collections::HashSet;
use std::time::Duration;

use access::action;
use operations::flows::outbox::{self, Outcome};
use operations::flows::{DeliveryState, Passage, list as flows};
use operations::organisation::Reason;
use operations::outgoing::{self, Destination, PauseError, RetryError, Step, WithdrawError, list};
use vocabulary::{FlowId, Leased, OutboxId, bounds};

use crate::support::{Person, TestCerebro, each_engine, message};

const SUPERVISOR: &str = "maelle.brisson@orveane.example";
const ADMINISTRATOR: &str = "odile.sarrazin@orveane.example";

fn why() -> Reason {
    Reason::parse("Leur serveur déménage").unwrap()
}

async fn waiting(person: &Person) -> Vec<outgoing::OutgoingLine> {
    let permit = person.op.permit(action::ReadOutbox, person.op.organisation()).await.unwrap();
    list::page(&person.op, &permit, None).await.unwrap()
}

async fn pause(person: &Person, destination: &str) -> Result<(), PauseError> {
    let permit = person.op.permit(action::PauseRelay, person.op.organisation()).await.unwrap();
    outgoing::pause(&person.op, permit, destination.parse().unwrap(), why()).await
}

async fn resume(cerebro: &TestCerebro, person: &Person, destination: &str) -> Result<(), PauseError> {
    let permit = person.op.permit(action::PauseRelay, person.op.organisation()).await.unwrap();
    outgoing::resume(&cerebro.cerebro, &person.op, permit, destination.parse().unwrap()).await
}

async fn lease(cerebro: &TestCerebro) -> Vec<Leased> {
    outbox::lease(&cerebro.cerebro, 100).await.unwrap()
}

fn served(leased: &Leased) -> Vec<String> {
    leased.recipients.iter().map(|to| to.path.address.to_string()).collect()
}

/// The next hop asks to wait an hour.
async fn defer(cerebro: &TestCerebro, leased: &Leased) {
    assert!(outbox::attempting(&cerebro.cerebro, leased).await.unwrap());
    let outcome = Outcome::Deferred { reply: "450 4.2.1 Mailbox of r.lemarrec is busy".into() };
    let ended = leased.recipients.iter().map(|to| (to.delivery, outcome.clone())).collect();
    let later = cerebro.cerebro.instance().now().plus(Duration::from_secs(3_600));
    outbox::record(&cerebro.cerebro, leased, ended, later).await.unwrap();
}

async fn states(cerebro: &TestCerebro, person: &Person, flow: FlowId) -> Vec<DeliveryState> {
    let permit = person.op.permit(action::ReadFlows, cerebro.bank).await.unwrap();
    let (_, deliveries) = flows::one(&person.op, &permit, flow).await.unwrap().unwrap();
    deliveries.into_iter().map(|delivery| delivery.state).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_runs_the_service_sees_where_mail_goes_and_nothing_of_what_it_says() {
    each_engine(async |cerebro| {
        cerebro.send(&["r.lemarrec@client.example", "z@conseil.example"], message("Zanzibar")).await.unwrap();
        let odile = cerebro.sign_in(ADMINISTRATOR).await;
        let [line] = waiting(&odile).await.try_into().unwrap();
        assert_eq!((line.step, line.attempts, line.recipients), (Step::Ready, 0, 2));
        assert_eq!(line.destinations, ["client.example", "conseil.example"]);
        let leased = lease(cerebro).await.remove(0);
        assert_eq!(waiting(&odile).await[0].step, Step::Sending);
        defer(cerebro, &leased).await;
        let [line] = waiting(&odile).await.try_into().unwrap();
        assert!(matches!(line.step, Step::Deferred(_)), "{line:?}");
        assert_eq!(line.last_reply.as_deref(), Some("450 4.2.1"));
        let shown = format!("{line:?}");
        for secret in ["Zanzibar", "Point de situation", "lemarrec", "theodore"] {
            assert!(!shown.contains(secret), "{secret}: {shown}");
        }
        let permit = odile.op.permit(action::ReadOutbox, cerebro.bank).await.unwrap();
        let figures = list::figures(&odile.op, &permit).await.unwrap();
        assert_eq!((figures.waiting, figures.sending, figures.deferred), (1, 0, 1));
        let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
        assert!(
            ines.op.permit(action::ReadOutbox, cerebro.bank).await.is_err(),
            "operators decide, they do not run"
        );
        assert!(odile.op.permit(action::WithdrawDelivery, leased.outbox).await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_what_waits_lose_nothing() {
    each_engine(async |cerebro| {
        let count = bounds::PAGE_ROWS_MAX + 7;
        for _ in 0..count {
            cerebro.send(&["r.lemarrec@client.example"], message("Bonjour")).await.unwrap();
        }
        let odile = cerebro.sign_in(ADMINISTRATOR).await;
        let permit = odile.op.permit(action::ReadOutbox, cerebro.bank).await.unwrap();
        let mut first = list::page(&odile.op, &permit, None).await.unwrap();
        assert_eq!(first.len(), bounds::PAGE_ROWS_MAX + 1);
        first.truncate(bounds::PAGE_ROWS_MAX);
        let rest = list::page(&odile.op, &permit, Some(first.last().unwrap().id)).await.unwrap();
        let all: HashSet<OutboxId> = first.iter().chain(&rest).map(|line| line.id).collect();
        assert_eq!((rest.len(), all.len()), (7, count));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_tried_at_once() {
    each_engine(async |cerebro| {
        cerebro.send(&["r.lemarrec@client.example"], message("Bonjour")).await.unwrap();
        let odile = cerebro.sign_in(ADMINISTRATOR).await;
        let leased = lease(cerebro).await.remove(0);
        let retry = async |id: OutboxId| {
            let permit = odile.op.permit(action::RetryDelivery, id).await.unwrap();
            outgoing::retry(&cerebro.cerebro, &odile.op, permit).await
        };
        assert!(matches!(retry(leased.outbox).await, Err(RetryError::BeingSent)));
        defer(cerebro, &leased).await;
        assert!(lease(cerebro).await.is_empty());
        retry(leased.outbox).await.unwrap();
        assert_eq!(lease(cerebro).await.remove(0).attempt, 2);
        let nowhere = OutboxId::new(odile.op.now(), odile.op.entropy());
        assert!(matches!(retry(nowhere).await, Err(RetryError::NotFound)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_destination_waits_while_the_others_leave() {
    each_engine(async |cerebro| {
        let odile = cerebro.sign_in(ADMINISTRATOR).await;
        pause(&odile, "Client.example").await.unwrap();
        assert!(matches!(pause(&odile, "client.example").await, Err(PauseError::Already)));
        let to = ["r.lemarrec@client.example", "z@conseil.example"];
        let flow = cerebro.send(&to, message("Bonjour")).await.unwrap().flow;
        cerebro.send(&["a@client.example"], message("Bonjour")).await.unwrap();
        let [leased] = lease(cerebro).await.try_into().unwrap();
        assert_eq!(served(&leased), ["z@conseil.example"]);
        assert!(outbox::attempting(&cerebro.cerebro, &leased).await.unwrap());
        let maelle = cerebro.sign_in(SUPERVISOR).await;
        let both = [DeliveryState::Queued, DeliveryState::Attempting];
        assert_eq!(states(cerebro, &maelle, flow).await, both, "who waits is not being attempted");
        let outcome = Outcome::Delivered { reply: "250 2.0.0 Ok".into(), passage: Passage::default() };
        let now = cerebro.cerebro.instance().now();
        outbox::record(&cerebro.cerebro, &leased, vec![(leased.recipients[0].delivery, outcome)], now)
            .await
            .unwrap();
        assert!(lease(cerebro).await.is_empty());
        assert!(waiting(&odile).await.iter().all(|line| line.step == Step::Paused));
        let permit = odile.op.permit(action::ReadOutbox, cerebro.bank).await.unwrap();
        let [paused] = list::paused(&odile.op, &permit).await.unwrap().try_into().unwrap();
        assert_eq!(paused.destination, Destination::Domain("client.example".into()));
        let said = outgoing::Why::Said { reason: why().as_str().into(), by: "Odile Sarrazin".into() };
        assert_eq!(paused.why, said);
        resume(cerebro, &odile, "client.example").await.unwrap();
        assert!(matches!(resume(cerebro, &odile, "client.example").await, Err(PauseError::NotPaused)));
        let leased = lease(cerebro).await;
        let mut to: Vec<_> = leased.iter().flat_map(served).collect();
        to.sort();
        assert_eq!(to, ["a@client.example", "r.lemarrec@client.example"]);
        let attempts: Vec<_> = leased.iter().map(|leased| leased.attempt).collect();
        assert!(attempts.contains(&1), "waiting for a destination is no attempt: {attempts:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_of_one_organisation_is_stopped_and_nothing_of_another() {
    each_engine(async |cerebro| {
        let odile = cerebro.sign_in(ADMINISTRATOR).await;
        pause(&odile, "*").await.unwrap();
        cerebro.send(&["r.lemarrec@client.example"], message("Bonjour")).await.unwrap();
        let mut submission = cerebro.submission(
            Some("x@quillon.example"),
            &["r.lemarrec@client.example"],
            operations::flows::Content::Whole(message("Bonjour")),
        );
        submission.organisations = vec![cerebro.other];
        operations::flows::receive(&cerebro.cerebro, submission).await.unwrap();
        let [leased] = lease(cerebro).await.try_into().unwrap();
        assert_eq!(leased.organisation, cerebro.other);
        assert_eq!(waiting(&odile).await[0].step, Step::Paused);
        cerebro.clock.advance(Duration::from_secs(5));
        resume(cerebro, &odile, "*").await.unwrap();
        assert_eq!(lease(cerebro).await[0].organisation, cerebro.bank);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_line_for_a_paused_destination_is_passed_over_at_once() {
    each_engine(async |cerebro| {
        let odile = cerebro.sign_in(ADMINISTRATOR).await;
        pause(&odile, "client.example").await.unwrap();
        for number in 0..bounds::RELAY_PASSED_OVER_MAX * 3 {
            cerebro.send(&["a@client.example"], message(&format!("Relevé {number}"))).await.unwrap();
        }
        // Of the same campaign, or people's lane would bring it first; behind the others, which came at one instant.
        cerebro.clock.advance(Duration::from_secs(1));
        cerebro.send(&["z@conseil.example"], message("Relevé 0")).await.unwrap();
        let woken = async || {
            let waits = cerebro.cerebro.relay_woken();
            tokio::time::timeout(Duration::from_millis(200), waits).await.is_ok()
        };
        while woken().await {}
        // A row at a time, so that one go does not get through.
        assert!(outbox::lease(&cerebro.cerebro, 1).await.unwrap().is_empty());
        assert!(woken().await, "the rest is looked at now, and not when the relay looks by itself");
        let mut leased = Vec::new();
        while leased.is_empty() {
            leased = outbox::lease(&cerebro.cerebro, 1).await.unwrap();
        }
        assert_eq!(served(&leased[0]), ["z@conseil.example"]);
        while woken().await {}
        assert!(lease(cerebro).await.is_empty());
        assert!(!woken().await, "and then it rests");
        // A page and one more; the one that is being sent stands behind it.
        let shown = waiting(&odile).await;
        assert_eq!(shown.iter().filter(|line| line.step == Step::Paused).count(), 101, "{shown:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_taken_out_while_nobody_can_have_it() {
    each_engine(async |cerebro| {
        let flow = cerebro.send(&["r.lemarrec@client.example"], message("Bonjour")).await.unwrap().flow;
        let maelle = cerebro.sign_in(SUPERVISOR).await;
        let withdraw = async |id: OutboxId| {
            let permit = maelle.op.permit(action::WithdrawDelivery, id).await.unwrap();
            outgoing::withdraw(&cerebro.cerebro, &maelle.op, permit, why()).await
        };
        let leased = lease(cerebro).await.remove(0);
        assert!(matches!(withdraw(leased.outbox).await, Err(WithdrawError::BeingSent)));
        assert!(outbox::attempting(&cerebro.cerebro, &leased).await.unwrap());
        cerebro.clock.advance(bounds::RELAY_LEASE + Duration::from_secs(1));
        let silent = withdraw(leased.outbox).await;
        assert!(
            matches!(silent, Err(WithdrawError::BeingSent)),
            "its relay died: it may have left {silent:?}"
        );
        let again = lease(cerebro).await.remove(0);
        defer(cerebro, &again).await;
        withdraw(again.outbox).await.unwrap();
        assert_eq!(states(cerebro, &maelle, flow).await, [DeliveryState::Withdrawn]);
        assert!(matches!(withdraw(again.outbox).await, Err(WithdrawError::NotFound)), "once");
        cerebro.clock.advance(Duration::from_secs(7_200));
        let [notice] = lease(cerebro).await.try_into().unwrap();
        assert_eq!(served(&notice), ["theodore.vasquin@orveane.example"]);
        let text = String::from_utf8_lossy(&cerebro.outgoing(notice.outbox).await).into_owned();
        assert!(text.contains("Auto-Submitted: auto-generated"));
        let ours = withdraw(notice.outbox).await;
        assert!(matches!(ours, Err(WithdrawError::NotFound)), "a notice of ours is no message {ours:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deferral_is_recorded_once_a_reason() {
    each_engine(async |cerebro| {
        let flow = cerebro.send(&["r.lemarrec@client.example"], message("Bonjour")).await.unwrap().flow;
        let answers = async |replies: &[&str]| {
            for reply in replies {
                cerebro.clock.advance(Duration::from_secs(3_600));
                let leased = lease(cerebro).await.into_iter().find(|leased| leased.flow.is_some()).unwrap();
                assert!(outbox::attempting(&cerebro.cerebro, &leased).await.unwrap());
                let outcome = Outcome::Deferred { reply: (*reply).into() };
                let ended = vec![(leased.recipients[0].delivery, outcome)];
                let now = cerebro.cerebro.instance().now();
                // Said twice, as after a lost answer: nothing is stated twice.
                outbox::record(&cerebro.cerebro, &leased, ended.clone(), now).await.unwrap();
                outbox::record(&cerebro.cerebro, &leased, ended, now).await.unwrap();
            }
            cerebro.kinds().await.into_iter().filter(|kind| kind == "delivery.deferred").count()
        };
        let greylisted = "450 4.2.0 Greylisted, come back";
        assert_eq!(answers(&[greylisted, "450 4.2.0 Greylisted, in 200 s", greylisted]).await, 1);
        assert_eq!(answers(&["451 4.4.1 mx does not answer", "451 4.4.1 mx: refused"]).await, 2);
        let maelle = cerebro.sign_in(SUPERVISOR).await;
        let permit = maelle.op.permit(action::ReadFlows, cerebro.bank).await.unwrap();
        let (_, deliveries) = flows::one(&maelle.op, &permit, flow).await.unwrap().unwrap();
        assert_eq!(deliveries[0].deferred.as_deref(), Some("451 4.4.1"));
        assert_eq!(deliveries[0].reply.as_deref(), Some("451 4.4.1 mx does not answer"));
        assert_eq!(waiting(&maelle).await[0].last_reply.as_deref(), Some("451 4.4.1"));
        // Two exchangers that answer differently, in turn, for as long as it is tried.
        let mut turns = Vec::new();
        for _ in 0..bounds::DELIVERY_DEFERRALS_RECORDED_MAX {
            turns.extend([greylisted, "451 4.4.1 mx does not answer"]);
        }
        assert_eq!(answers(&turns).await, bounds::DELIVERY_DEFERRALS_RECORDED_MAX);
    })
    .await;
}
