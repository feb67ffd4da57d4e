//! One hold for what belongs together: the parts of a message that its server split, and a campaign of one text.

use access::{OperationError, action};
use operations::flows::outbox;
use operations::flows::{self, CompanionKind, Content, DeliveryState, list};
use operations::review::open::{HeldMessage, Together, open};
use operations::review::queue::{self, Slice};
use operations::review::{self, Decision, ReviewError};
use vocabulary::{FlowId, HoldId, Leased, bounds};

use crate::support::cerebro::decision;
use crate::support::{Person, TestCerebro, each_engine};

const IBAN: &str = "Compte du client : FR76 3000 6000 0112 3456 7890 189.";
const SENDER: &str = "theodore.vasquin@orveane.example";

/// A copy of one message, as a server hands it over: its own trace fields, the rest byte for byte.
fn copy(id: &str, trace: &str, text: &str) -> Vec<u8> {
    format!(
        "Received: from outlook by bifurcator id {trace};\r\n\tTue, 24 Nov 2026 12:00:00 +0000\r\nX-MS-Exchange-Organization-Part: {trace}\r\n\
         From: Theodore Vasquin <{SENDER}>\r\nTo: tous\r\nSubject: Point\r\nMessage-ID: <{id}@orveane.example>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    )
    .into_bytes()
}

async fn waiting(cerebro: &TestCerebro, person: &Person) -> Vec<HoldId> {
    let permit = person.op.permit(action::ReadQueue, cerebro.bank).await.unwrap();
    let all = queue::waiting(&person.op, &permit, Slice::FIRST).await.unwrap();
    all.into_iter().map(|hold| hold.id).collect()
}

async fn opened(person: &Person, hold: HoldId) -> HeldMessage {
    let permit = person.op.permit(action::ReadHold, hold).await.unwrap();
    open(&person.op, permit).await.unwrap()
}

async fn release(
    cerebro: &TestCerebro,
    person: &Person,
    hold: HoldId,
    decided: Decision,
) -> Result<(), ReviewError> {
    let permit = person.op.permit(action::ReleaseHold, hold).await.map_err(OperationError::from)?;
    review::decide::release(&cerebro.cerebro, &person.op, permit, decided).await
}

async fn leaving(cerebro: &TestCerebro) -> Vec<Leased> {
    let leased = outbox::lease(&cerebro.cerebro, 256).await.unwrap();
    leased.into_iter().filter(|leased| leased.flow.is_some()).collect()
}

async fn states(person: &Person, flow: FlowId) -> Vec<DeliveryState> {
    let permit = person.op.permit(action::ReadFlows, person.op.organisation()).await.unwrap();
    let (_, deliveries) = list::one(&person.op, &permit, flow).await.unwrap().unwrap();
    deliveries.into_iter().map(|delivery| delivery.state).collect()
}

fn counted(together: &[Together]) -> Vec<(CompanionKind, u64)> {
    together.iter().map(|with| (with.kind, with.count)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_of_one_message_are_one_hold_and_one_decision() {
    each_engine(async |cerebro| {
        let first =
            cerebro.send(&["a@client.example", "b@client.example"], copy("m1", "1", IBAN)).await.unwrap();
        let hold = first.hold.unwrap();
        let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
        let stale = decision(&ines, hold, "Vu avec le client").await;
        let second = cerebro.send(&["c@conseil.example"], copy("m1", "2", IBAN)).await.unwrap();
        assert_eq!(second.hold, Some(hold));
        assert_eq!(waiting(cerebro, &ines).await, [hold], "one hold for the reviewer");
        let told = cerebro.mail_to(SENDER).await;
        assert_eq!(told.len(), 1, "and one notice: {told:?}");
        let shown = opened(&ines, hold).await;
        let to: Vec<String> = shown.recipients.iter().map(|to| to.address.to_string()).collect();
        assert_eq!(to, ["a@client.example", "b@client.example", "c@conseil.example"]);
        assert_eq!(counted(&shown.together), [(CompanionKind::Part, 1)]);
        assert!(shown.together[0].last_at >= shown.held_at, "its timeline says when: {:?}", shown.together);
        let unseen = release(cerebro, &ines, hold, stale).await;
        assert!(matches!(unseen, Err(ReviewError::SeenOther)), "a recipient nobody saw: {unseen:?}");
        release(cerebro, &ines, hold, decision(&ines, hold, "Vu avec le client").await).await.unwrap();
        let mut left: Vec<_> =
            leaving(cerebro).await.iter().map(|one| (one.flow, one.recipients.len())).collect();
        left.sort();
        assert_eq!(left, [(Some(first.flow), 2), (Some(second.flow), 1)], "each delivery still on its own");
        let late = cerebro.send(&["d@conseil.example"], copy("m1", "3", IBAN)).await.unwrap();
        assert!(
            late.hold.is_some_and(|late| late != hold),
            "what comes after the decision is decided on anew"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_differs_in_anything_is_no_part() {
    each_engine(async |cerebro| {
        let hold = async |from: &str, raw: Vec<u8>| {
            cerebro.send_from(Some(from), &["a@client.example"], raw).await.unwrap().hold.unwrap()
        };
        let first = hold(SENDER, copy("m1", "1", IBAN)).await;
        let altered = IBAN.replace("Compte", "Le compte");
        let others = [
            hold(SENDER, copy("m2", "1", IBAN)).await,
            hold(SENDER, copy("m1", "1", &altered)).await,
            hold("ines.kermadec@orveane.example", copy("m1", "1", IBAN)).await,
        ];
        assert!(others.iter().all(|other| *other != first), "another id, another text, another sender");
        cerebro.clock.advance(bounds::HOLD_PARTS_WINDOW + std::time::Duration::from_secs(1));
        assert_ne!(hold(SENDER, copy("m1", "4", IBAN)).await, first, "half an hour later");
    })
    .await;
}

async fn statement(cerebro: &TestCerebro, number: usize, text: &str) -> (FlowId, HoldId) {
    let to = format!("client{number}@client.example");
    let raw = copy(&format!("campagne-{number}"), "1", text);
    let mut submission = cerebro.submission(Some("offres@orveane.example"), &[&to], Content::Whole(raw));
    submission.origin.bulk = true;
    let receipt = flows::receive(&cerebro.cerebro, submission).await.unwrap();
    (receipt.flow, receipt.hold.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_of_one_text_is_one_hold() {
    each_engine(async |cerebro| {
        let count = bounds::HOLD_COMPANIONS_CARRIED + 30;
        let (_, hold) = statement(cerebro, 0, IBAN).await;
        let mut all = Vec::new();
        for number in 1..count {
            let (flow, with) = statement(cerebro, number, IBAN).await;
            assert_eq!(with, hold);
            all.push(flow);
        }
        let (_, other) = statement(cerebro, count, &IBAN.replace("Compte", "Autre compte")).await;
        assert_ne!(other, hold, "a text that nobody read with it");
        let hidden = copy("FR7630006000011234567890189", "1", IBAN);
        let mut submission =
            cerebro.submission(Some("offres@orveane.example"), &["z@client.example"], Content::Whole(hidden));
        submission.origin.bulk = true;
        let hidden = flows::receive(&cerebro.cerebro, submission).await.unwrap().hold.unwrap();
        assert_ne!(hidden, hold, "a number in its id, which nobody read either");
        let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
        assert_eq!(waiting(cerebro, &ines).await.len(), 3);
        let shown = opened(&ines, hold).await;
        assert_eq!(counted(&shown.together), [(CompanionKind::Campaign, (count - 1) as u64)]);
        release(cerebro, &ines, hold, decision(&ines, hold, "Campagne validée").await).await.unwrap();
        let maelle = cerebro.sign_in("maelle.brisson@orveane.example").await;
        for flow in all {
            assert_eq!(states(&maelle, flow).await, [DeliveryState::Queued]);
        }
        let carried = cerebro.kinds().await.into_iter().filter(|kind| kind == "hold.carried").count();
        assert_eq!(carried, 2, "in writes of a bounded size");
        assert_eq!(review::carry::carry_due(&cerebro.cerebro).await.unwrap(), 0, "nothing is left to do");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_is_rejected_whole() {
    each_engine(async |cerebro| {
        let (first, hold) = statement(cerebro, 0, IBAN).await;
        let (second, _) = statement(cerebro, 1, IBAN).await;
        let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
        let decided = decision(&ines, hold, "Comptes de clients dans une offre").await;
        let permit = ines.op.permit(action::RejectHold, hold).await.unwrap();
        review::decide::reject(&cerebro.cerebro, &ines.op, permit, decided).await.unwrap();
        let maelle = cerebro.sign_in("maelle.brisson@orveane.example").await;
        for flow in [first, second] {
            assert_eq!(states(&maelle, flow).await, [DeliveryState::Rejected]);
        }
        assert!(leaving(cerebro).await.is_empty());
    })
    .await;
}

/// The decision is durable, and whoever was to carry it out died: the clock does.
#[tokio::test(flavor = "multi_thread")]
async fn a_decision_that_was_not_carried_out_is_carried_out_later() {
    each_engine(async |cerebro| {
        let (_, hold) = statement(cerebro, 0, IBAN).await;
        let (second, _) = statement(cerebro, 1, IBAN).await;
        let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
        let decided = decision(&ines, hold, "Campagne validée").await;
        cerebro.stop_carrying(true).await;
        release(cerebro, &ines, hold, decided).await.unwrap();
        let maelle = cerebro.sign_in("maelle.brisson@orveane.example").await;
        assert_eq!(states(&maelle, second).await, [DeliveryState::Held], "it waits meanwhile");
        cerebro.stop_carrying(false).await;
        assert_eq!(review::carry::carry_due(&cerebro.cerebro).await.unwrap(), 1);
        assert_eq!(states(&maelle, second).await, [DeliveryState::Queued]);
    })
    .await;
}
