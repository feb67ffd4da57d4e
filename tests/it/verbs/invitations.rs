//! Invitations keep their order: what updates or cancels one reaches nobody before it, and not at all where it was stopped.

use access::{OperationError, action};
use operations::flows::outbox::{self, Outcome};
use operations::flows::{self, Content, DeliveryState, Passage, list};
use operations::organisation::Reason;
use operations::outgoing::Step;
use operations::review::answer::{Answer, answer};
use operations::review::arbitrate::Ruling;
use operations::review::{self, ReviewError};
use vocabulary::{FlowId, HoldId, Leased};

use crate::support::cerebro::decision;
use crate::support::{Person, TestCerebro, each_engine, message};

const IBAN: &str = "Compte du client : FR76 3000 6000 0112 3456 7890 189.";
const SENDER: &str = "theodore.vasquin@orveane.example";
const CLIENT: &str = "r.lemarrec@client.example";
const OTHER: &str = "a.weiss@conseil.example";
const COLLEAGUE: &str = "ines.kermadec@orveane.example";

/// A calendar message of an event, as Exchange sends them.
fn invitation(method: &str, uid: &str, sequence: u32, text: &str) -> Vec<u8> {
    format!(
        "From: Theodore Vasquin <theodore.vasquin@orveane.example>\r\nTo: {CLIENT}\r\nSubject: Rendez-vous {method} {sequence}\r\n\
         Message-ID: <{method}-{sequence}-{uid}@orveane.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n\
         --b\r\nContent-Type: text/calendar; charset=utf-8; method={method}\r\n\r\nBEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:{method}\r\n\
         BEGIN:VEVENT\r\nUID:{uid}\r\nSEQUENCE:{sequence}\r\nORGANIZER;CN=\"Vasquin: Theodore\":MAILTO:Theodore.Vasquin@orveane.example\r\n\
         DTSTART:20261130T090000Z\r\nSUMMARY:Rendez-vous\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n\r\n--b--\r\n"
    )
    .into_bytes()
}

/// Sends one; a second later the next may come.
async fn send(cerebro: &TestCerebro, to: &[&str], raw: Vec<u8>) -> (FlowId, Option<HoldId>) {
    let receipt = cerebro.send(to, raw).await.unwrap();
    cerebro.clock.advance(std::time::Duration::from_secs(1));
    (receipt.flow, receipt.hold)
}

async fn held(cerebro: &TestCerebro, to: &[&str]) -> (FlowId, HoldId) {
    let (flow, hold) = send(cerebro, to, invitation("REQUEST", "rdv-1", 0, IBAN)).await;
    (flow, hold.expect("the invitation is held"))
}

async fn states(cerebro: &TestCerebro, flow: FlowId) -> Vec<DeliveryState> {
    let maelle = cerebro.sign_in("maelle.brisson@orveane.example").await;
    let permit = maelle.op.permit(action::ReadFlows, cerebro.bank).await.unwrap();
    let (_, deliveries) = list::one(&maelle.op, &permit, flow).await.unwrap().unwrap();
    deliveries.into_iter().map(|delivery| delivery.state).collect()
}

async fn decide(
    cerebro: &TestCerebro,
    person: &Person,
    hold: HoldId,
    lets_go: bool,
) -> Result<(), ReviewError> {
    let decided = decision(person, hold, "Vu avec le client").await;
    if lets_go {
        let permit = person.op.permit(action::ReleaseHold, hold).await.map_err(OperationError::from)?;
        return review::decide::release(&cerebro.cerebro, &person.op, permit, decided).await;
    }
    let permit = person.op.permit(action::RejectHold, hold).await.map_err(OperationError::from)?;
    review::decide::reject(&cerebro.cerebro, &person.op, permit, decided).await
}

/// What a relay would be given now, notices aside.
async fn leaving(cerebro: &TestCerebro) -> Vec<Leased> {
    let leased = outbox::lease(&cerebro.cerebro, 100).await.unwrap();
    leased.into_iter().filter(|leased| leased.flow.is_some()).collect()
}

/// Where each message that waits stands, as who runs the service sees it.
async fn waits(cerebro: &TestCerebro) -> Vec<Step> {
    let odile = cerebro.sign_in("odile.sarrazin@orveane.example").await;
    let permit = odile.op.permit(action::ReadOutbox, cerebro.bank).await.unwrap();
    let lines = operations::outgoing::list::page(&odile.op, &permit, None).await.unwrap();
    lines.into_iter().map(|line| line.step).collect()
}

fn flows_of(leased: &[Leased]) -> Vec<FlowId> {
    leased.iter().filter_map(|leased| leased.flow).collect()
}

async fn end(cerebro: &TestCerebro, leased: &Leased, outcome: Outcome) {
    assert!(outbox::attempting(&cerebro.cerebro, leased).await.unwrap());
    let ended = leased.recipients.iter().map(|to| (to.delivery, outcome.clone())).collect();
    let now = cerebro.cerebro.instance().now();
    outbox::record(&cerebro.cerebro, leased, ended, now).await.unwrap();
}

fn delivered() -> Outcome {
    Outcome::Delivered { reply: "250 2.0.0 Ok".into(), passage: Passage::default() }
}

fn deferred() -> Outcome {
    Outcome::Deferred { reply: "450 4.2.1 Mailbox busy".into() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_waits_with_its_held_request_and_leaves_after_it() {
    each_engine(async |cerebro| {
        let (request, hold) = held(cerebro, &[CLIENT]).await;
        let (update, with) = send(cerebro, &[CLIENT], invitation("REQUEST", "rdv-1", 1, "À demain")).await;
        assert_eq!(with, Some(hold), "an update waits too");
        let (cancel, with) = send(cerebro, &[CLIENT], invitation("CANCEL", "rdv-1", 2, "Annulé")).await;
        assert_eq!(with, Some(hold));
        let (else_where, with) = send(cerebro, &[CLIENT], invitation("CANCEL", "rdv-2", 1, "Annulé")).await;
        assert_eq!(with, None, "another event waits for nobody");
        assert_eq!(states(cerebro, else_where).await, [DeliveryState::Queued]);
        assert_eq!(states(cerebro, cancel).await, [DeliveryState::Held]);
        let told = cerebro.mail_to("theodore.vasquin@orveane.example").await;
        assert!(told.iter().any(|text| text.contains("Rendez-vous CANCEL")), "its sender is told: {told:?}");
        let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
        decide(cerebro, &ines, hold, true).await.unwrap();
        // Each only once the one before is with its recipient, however often that is put off.
        let first = leaving(cerebro).await;
        assert_eq!(flows_of(&first), [request]);
        end(cerebro, &first[0], deferred()).await;
        let first = leaving(cerebro).await;
        assert_eq!(flows_of(&first), [request], "a deferral is no arrival");
        end(cerebro, &first[0], delivered()).await;
        let second = leaving(cerebro).await;
        assert_eq!(flows_of(&second), [update]);
        end(cerebro, &second[0], delivered()).await;
        let third = leaving(cerebro).await;
        assert_eq!(flows_of(&third), [cancel]);
        end(cerebro, &third[0], delivered()).await;
        assert!(cerebro.kinds().await.contains(&"hold.carried".to_owned()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_of_a_rejected_request_is_not_sent_and_a_new_invitation_is() {
    each_engine(async |cerebro| {
        let (_, hold) = held(cerebro, &[CLIENT]).await;
        let (waits, _) = send(cerebro, &[CLIENT], invitation("CANCEL", "rdv-1", 1, "Annulé")).await;
        let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
        decide(cerebro, &ines, hold, false).await.unwrap();
        assert_eq!(states(cerebro, waits).await, [DeliveryState::Rejected]);
        let told = cerebro.mail_to("theodore.vasquin@orveane.example").await;
        assert!(told.iter().any(|text| text.contains("CANCEL 1") && text.contains("nvitation")), "{told:?}");
        let (late, with) = send(cerebro, &[CLIENT], invitation("CANCEL", "rdv-1", 1, "Annulé bis")).await;
        assert_eq!((states(cerebro, late).await, with), (vec![DeliveryState::Rejected], None));
        assert!(leaving(cerebro).await.is_empty());
        let (anew, _) = send(cerebro, &[CLIENT], invitation("REQUEST", "rdv-1", 2, "Sans le compte")).await;
        assert_eq!(flows_of(&leaving(cerebro).await), [anew], "what was said anew is decided on anew");
        // Overruled: what was refused with it goes with it, in order.
        let maelle = cerebro.sign_in("maelle.brisson@orveane.example").await;
        let permit = maelle.op.permit(action::OverruleHold, hold).await.unwrap();
        let grounds = decision(&maelle, hold, "Accord du directeur").await;
        review::overrule::overrule(&cerebro.cerebro, &maelle.op, permit, Ruling::Release, grounds)
            .await
            .unwrap();
        let request = leaving(cerebro).await;
        assert_eq!(request.len(), 1);
        end(cerebro, &request[0], delivered()).await;
        assert_eq!(flows_of(&leaving(cerebro).await), [waits]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_request_takes_its_cancellation_with_it() {
    each_engine(async |cerebro| {
        let (_, hold) = held(cerebro, &[CLIENT]).await;
        let (cancel, _) = send(cerebro, &[CLIENT], invitation("CANCEL", "rdv-1", 1, "Annulé")).await;
        let told = cerebro.mail_to("theodore.vasquin@orveane.example").await;
        let link = told.iter().find_map(|text| text.split_once("/notices/")).unwrap().1;
        let link: String =
            link.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
        answer(&cerebro.cerebro, &link, Answer::Withdraw).await.unwrap();
        assert_eq!(states(cerebro, cancel).await, [DeliveryState::Withdrawn]);
        let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
        assert!(decide(cerebro, &ines, hold, true).await.is_err());
        assert!(leaving(cerebro).await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_the_invitation_gets_its_cancellation_at_once() {
    each_engine(async |cerebro| {
        // Held for the client, delivered to a colleague.
        let (request, hold) = held(cerebro, &[COLLEAGUE, CLIENT]).await;
        let [first] = leaving(cerebro).await.try_into().unwrap();
        assert_eq!(first.recipients.len(), 1);
        end(cerebro, &first, delivered()).await;
        let (cancel, with) =
            send(cerebro, &[COLLEAGUE, CLIENT, OTHER], invitation("CANCEL", "rdv-1", 1, "Annulé")).await;
        assert_eq!(with, Some(hold));
        let [now] = leaving(cerebro).await.try_into().unwrap();
        let to: Vec<String> = now.recipients.iter().map(|to| to.path.address.to_string()).collect();
        assert_eq!((now.flow, to), (Some(cancel), vec![COLLEAGUE.to_owned(), OTHER.to_owned()]));
        end(cerebro, &now, delivered()).await;
        let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
        decide(cerebro, &ines, hold, true).await.unwrap();
        let [released] = leaving(cerebro).await.try_into().unwrap();
        assert_eq!(released.flow, Some(request));
        end(cerebro, &released, delivered()).await;
        let [last] = leaving(cerebro).await.try_into().unwrap();
        assert_eq!((last.flow, last.recipients.len()), (Some(cancel), 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_does_not_pass_a_request_that_is_put_off() {
    each_engine(async |cerebro| {
        let (request, _) =
            send(cerebro, &[CLIENT, OTHER], invitation("REQUEST", "rdv-3", 0, "À demain")).await;
        let [leased] = leaving(cerebro).await.try_into().unwrap();
        assert!(outbox::attempting(&cerebro.cerebro, &leased).await.unwrap());
        let ended =
            vec![(leased.recipients[0].delivery, deferred()), (leased.recipients[1].delivery, delivered())];
        let now = cerebro.cerebro.instance().now();
        outbox::record(&cerebro.cerebro, &leased, ended, now).await.unwrap();
        let (cancel, _) = send(cerebro, &[CLIENT, OTHER], invitation("CANCEL", "rdv-3", 1, "Annulé")).await;
        let first = leaving(cerebro).await;
        let mut found = flows_of(&first);
        found.sort();
        assert_eq!(found, [request, cancel], "the request again, and the cancellation to who has it");
        let shown = waits(cerebro).await;
        assert_eq!(shown.iter().filter(|step| **step == Step::Behind).count(), 1, "{shown:?}");
        let early = first.iter().find(|leased| leased.flow == Some(cancel)).unwrap();
        assert_eq!(early.recipients[0].path.address.as_str(), OTHER);
        for leased in &first {
            end(cerebro, leased, delivered()).await;
        }
        let [last] = leaving(cerebro).await.try_into().unwrap();
        assert_eq!((last.flow, last.recipients[0].path.address.as_str()), (Some(cancel), CLIENT));
    })
    .await;
}

/// Takes out of what waits to leave the row of a flow, as who runs the service does.
async fn take_out(cerebro: &TestCerebro, flow: FlowId) {
    let maelle = cerebro.sign_in("maelle.brisson@orveane.example").await;
    let permit = maelle.op.permit(action::ReadOutbox, cerebro.bank).await.unwrap();
    let lines = operations::outgoing::list::page(&maelle.op, &permit, None).await.unwrap();
    let row = lines.into_iter().find(|line| line.flow == Some(flow)).expect("it waits").id;
    let permit = maelle.op.permit(action::WithdrawDelivery, row).await.unwrap();
    let why = Reason::parse("Sent to the wrong people").unwrap();
    operations::outgoing::withdraw(&cerebro.cerebro, &maelle.op, permit, why).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_out_takes_its_cancellation_with_it_and_nothing_else() {
    each_engine(async |cerebro| {
        let (request, _) = send(cerebro, &[CLIENT, OTHER], invitation("REQUEST", "rdv-4", 0, "Demain")).await;
        let [leased] = leaving(cerebro).await.try_into().unwrap();
        assert!(outbox::attempting(&cerebro.cerebro, &leased).await.unwrap());
        let ended =
            vec![(leased.recipients[0].delivery, deferred()), (leased.recipients[1].delivery, delivered())];
        let now = cerebro.cerebro.instance().now();
        outbox::record(&cerebro.cerebro, &leased, ended, now).await.unwrap();
        let (cancel, _) = send(cerebro, &[CLIENT, OTHER], invitation("CANCEL", "rdv-4", 1, "Annulé")).await;
        let (anew, _) = send(cerebro, &[CLIENT], invitation("REQUEST", "rdv-4", 2, "Après-demain")).await;
        take_out(cerebro, request).await;
        let (withdrawn, queued) = (DeliveryState::Withdrawn, DeliveryState::Queued);
        assert_eq!(states(cerebro, cancel).await, [withdrawn, queued], "who has it gets its cancellation");
        assert_eq!(states(cerebro, anew).await, [queued]);
        let mut left = flows_of(&leaving(cerebro).await);
        left.sort();
        assert_eq!(left, [cancel, anew], "nobody waits for what will not leave");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_is_taken_out_leaves_the_order_of_the_others_as_it_was() {
    each_engine(async |cerebro| {
        let (request, _) = send(cerebro, &[CLIENT], invitation("REQUEST", "rdv-5", 0, "Demain")).await;
        let (update, _) = send(cerebro, &[CLIENT], invitation("REQUEST", "rdv-5", 1, "Plus tard")).await;
        let (cancel, _) = send(cerebro, &[CLIENT], invitation("CANCEL", "rdv-5", 2, "Annulé")).await;
        take_out(cerebro, update).await;
        assert_eq!(states(cerebro, cancel).await, [DeliveryState::Queued], "the first one still goes");
        let [first] = leaving(cerebro).await.try_into().unwrap();
        assert_eq!(first.flow, Some(request));
        end(cerebro, &first, delivered()).await;
        assert_eq!(flows_of(&leaving(cerebro).await), [cancel]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_an_invitation_gets_its_cancellation_though_an_update_was_stopped() {
    each_engine(async |cerebro| {
        let (_, none) = send(cerebro, &[CLIENT], invitation("REQUEST", "rdv-6", 0, "Demain")).await;
        assert_eq!(none, None);
        let [first] = leaving(cerebro).await.try_into().unwrap();
        end(cerebro, &first, delivered()).await;
        let (_, hold) = send(cerebro, &[CLIENT], invitation("REQUEST", "rdv-6", 1, IBAN)).await;
        let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
        decide(cerebro, &ines, hold.unwrap(), false).await.unwrap();
        let (cancel, _) = send(cerebro, &[CLIENT], invitation("CANCEL", "rdv-6", 2, "Annulé")).await;
        assert_eq!(flows_of(&leaving(cerebro).await), [cancel]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_does_not_overtake_a_request_that_is_assessed_later() {
    each_engine(async |cerebro| {
        let raw = invitation("REQUEST", "rdv-7", 0, IBAN);
        let envelope = cerebro.submission(Some(SENDER), &[CLIENT], Content::Whole(Vec::new())).envelope;
        let mut spool = flows::spool(&cerebro.cerebro, &[cerebro.bank], &envelope, &raw).await.unwrap();
        spool.push(&raw).unwrap();
        let submission = cerebro.submission(Some(SENDER), &[CLIENT], Content::Spooled(Box::new(spool)));
        let request = flows::receive(&cerebro.cerebro, submission).await.unwrap();
        assert_eq!(request.verdict, "accepted", "what is read from a spool is assessed after its 250");
        cerebro.clock.advance(std::time::Duration::from_secs(1));
        let cancel = cerebro.send(&[CLIENT], invitation("CANCEL", "rdv-7", 1, "Annulé")).await.unwrap();
        assert_eq!(cancel.verdict, "accepted", "it waits for what it follows to be understood");
        let other = cerebro.send(&[CLIENT], message("Bonjour")).await.unwrap();
        assert_eq!(other.verdict, "pass", "other mail of its sender waits for nothing");
        assert_eq!(flows_of(&leaving(cerebro).await), [other.flow]);
        assert_eq!(
            flows::accepted::assess_accepted(&cerebro.cerebro, flows::accepted::Lane::People).await.unwrap(),
            2
        );
        assert_eq!(states(cerebro, request.flow).await, [DeliveryState::Held]);
        assert_eq!(states(cerebro, cancel.flow).await, [DeliveryState::Held], "held with its request");
        assert!(leaving(cerebro).await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_that_is_held_itself_is_not_released_before_its_request() {
    each_engine(async |cerebro| {
        let (request, hold) = held(cerebro, &[CLIENT]).await;
        let (cancel, own) = send(cerebro, &[CLIENT], invitation("CANCEL", "rdv-1", 1, IBAN)).await;
        let own = own.unwrap();
        assert_ne!(own, hold, "what it says is decided on for itself");
        let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
        let early = decide(cerebro, &ines, own, true).await;
        assert!(matches!(early, Err(ReviewError::FollowsWaiting)), "{early:?}");
        decide(cerebro, &ines, hold, true).await.unwrap();
        decide(cerebro, &ines, own, true).await.unwrap();
        let first = leaving(cerebro).await;
        assert_eq!(flows_of(&first), [request]);
        end(cerebro, &first[0], delivered()).await;
        assert_eq!(flows_of(&leaving(cerebro).await), [cancel]);

        let (_, hold) = send(cerebro, &[OTHER], invitation("REQUEST", "rdv-9", 0, IBAN)).await;
        let (_, own) = send(cerebro, &[OTHER], invitation("CANCEL", "rdv-9", 1, IBAN)).await;
        decide(cerebro, &ines, hold.unwrap(), false).await.unwrap();
        let never = decide(cerebro, &ines, own.unwrap(), true).await;
        assert!(matches!(never, Err(ReviewError::FollowsStopped)), "{never:?}");
        decide(cerebro, &ines, own.unwrap(), false).await.unwrap();
    })
    .await;
}
