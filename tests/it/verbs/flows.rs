//! Messages come in and leave.

use access::{SystemReason, action};
use operations::evidence::{look, prove};
use operations::flows::outbox::{self, Outcome};
use operations::flows::{DeliveryState, Passage, ReceiveError, list};
use vocabulary::Clock;

use crate::support::cerebro::decision;
use crate::support::{TestCerebro, each_engine, message};

async fn states(cerebro: &TestCerebro, flow: vocabulary::FlowId) -> Vec<DeliveryState> {
    let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
    let permit = ines.op.permit(action::ReadFlows, cerebro.bank).await.unwrap();
    let (_, deliveries) = list::one(&ines.op, &permit, flow).await.unwrap().unwrap();
    deliveries.into_iter().map(|delivery| delivery.state).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ordinary_message_passes_and_leaves_byte_for_byte() {
    each_engine(async |cerebro| {
        let raw = message("Bonjour,\nÀ demain.\n.\n..un point\nBien à vous");
        let receipt = cerebro.send(&["r.lemarrec@client.example"], raw.clone()).await.unwrap();
        assert_eq!((receipt.verdict, receipt.hold), ("pass", None));
        let leased = outbox::lease(&cerebro.cerebro, 10).await.unwrap();
        let [leased] = leased.as_slice() else { panic!("one message leaves, not {}", leased.len()) };
        let body = cerebro.outgoing(leased.outbox).await;
        assert!(body.ends_with(&raw), "what came in stands untouched below our header");
        assert!(body.starts_with(b"Received:"), "our trace header stands above");
        assert!(outbox::attempting(&cerebro.cerebro, leased).await.unwrap());
        let delivery = leased.recipients[0].delivery;
        let outcome = Outcome::Delivered { reply: "250 2.0.0 ok".into(), passage: Passage::default() };
        outbox::record(&cerebro.cerebro, leased, vec![(delivery, outcome)], cerebro.cerebro.instance().now())
            .await
            .unwrap();
        assert_eq!(states(cerebro, receipt.flow).await, [DeliveryState::Delivered]);
        assert!(outbox::lease(&cerebro.cerebro, 10).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mixed_verdict_delivers_to_some_and_holds_for_others() {
    each_engine(async |cerebro| {
        let raw = message("Le compte du client : FR76 3000 6000 0112 3456 7890 189.");
        let to = ["collegue@orveane.example", "r.lemarrec@client.example"];
        let receipt = cerebro.send(&to, raw).await.unwrap();
        assert!(receipt.hold.is_some());
        assert_eq!(states(cerebro, receipt.flow).await, [DeliveryState::Queued, DeliveryState::Held]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_speaks_only_for_its_own_senders() {
    each_engine(async |cerebro| {
        let foreign = cerebro.send_from(Some("x@quillon.example"), &["a@b.example"], message("x")).await;
        assert!(matches!(foreign, Err(ReceiveError::NotYourSender)), "{foreign:?}");
        let bounce = cerebro.send_from(None, &["a@b.example"], message("x")).await.unwrap();
        assert_eq!(bounce.verdict, "pass");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_that_ran_out_cannot_send() {
    each_engine(async |cerebro| {
        cerebro.send(&["r.lemarrec@client.example"], message("Bonjour")).await.unwrap();
        let first = outbox::lease(&cerebro.cerebro, 10).await.unwrap().remove(0);
        assert!(outbox::lease(&cerebro.cerebro, 10).await.unwrap().is_empty(), "leased once");
        cerebro.clock.advance(vocabulary::bounds::RELAY_LEASE + std::time::Duration::from_secs(1));
        let second = outbox::lease(&cerebro.cerebro, 10).await.unwrap().remove(0);
        assert!(!outbox::attempting(&cerebro.cerebro, &first).await.unwrap(), "its fence is gone");
        assert!(outbox::attempting(&cerebro.cerebro, &second).await.unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_tells_the_sender_and_never_a_null_sender() {
    each_engine(async |cerebro| {
        for (from, told) in [(Some("theodore.vasquin@orveane.example"), 1), (None, 0)] {
            cerebro.send_from(from, &["r.lemarrec@client.example"], message("Bonjour")).await.unwrap();
            let leased = outbox::lease(&cerebro.cerebro, 10).await.unwrap().remove(0);
            outbox::attempting(&cerebro.cerebro, &leased).await.unwrap();
            let outcome = Outcome::Bounced { reply: "550 5.1.1 no such user".into() };
            let ended = vec![(leased.recipients[0].delivery, outcome)];
            outbox::record(&cerebro.cerebro, &leased, ended, cerebro.cerebro.instance().now()).await.unwrap();
            let notices = outbox::lease(&cerebro.cerebro, 10).await.unwrap();
            assert_eq!(notices.len(), told);
            for notice in notices {
                assert!(notice.reverse_path.is_none(), "a notice has the null sender");
                let body = cerebro.outgoing(notice.outbox).await;
                assert!(String::from_utf8_lossy(&body).contains("Auto-Submitted: auto-"));
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_permitted_to_who_has_no_mission_for_it() {
    each_engine(async |cerebro| {
        let odile = cerebro.sign_in("odile.sarrazin@orveane.example").await;
        assert!(odile.op.permit(action::ReadFlows, cerebro.bank).await.is_err());
        let relay = cerebro.system(SystemReason::Relay);
        assert!(
            relay
                .permit(action::ReceiveFlow, vocabulary::FlowId::new(relay.now(), relay.entropy()))
                .await
                .is_err()
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f06_who_passes_leaves_and_who_is_held_leaves_after_the_decision_alone() {
    each_engine(async |cerebro| {
        let raw = message("Le compte du client : FR76 3000 6000 0112 3456 7890 189.");
        let to = ["collegue@orveane.example", "r.lemarrec@client.example"];
        let receipt = cerebro.send(&to, raw.clone()).await.unwrap();
        let served = async || {
            let leased = outbox::lease(&cerebro.cerebro, 10).await.unwrap();
            let leased = leased.into_iter().find(|leased| leased.flow == Some(receipt.flow)).unwrap();
            let to: Vec<_> = leased.recipients.iter().map(|to| to.path.address.to_string()).collect();
            assert!(cerebro.outgoing(leased.outbox).await.ends_with(&raw));
            (leased.outbox, to)
        };
        let (first, to_first) = served().await;
        assert_eq!(to_first, ["collegue@orveane.example"]);
        let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
        let hold = receipt.hold.unwrap();
        let permit = ines.op.permit(action::ReleaseHold, hold).await.unwrap();
        let decided = decision(&ines, hold, "Vérifié avec le client").await;
        operations::review::decide::release(&cerebro.cerebro, &ines.op, permit, decided).await.unwrap();
        let (second, to_second) = served().await;
        assert_eq!(to_second, ["r.lemarrec@client.example"]);
        assert_ne!(first, second, "each goes its own way");
        // The evidence of both parts names the flow: the settlement's subject, and the decision's detail.
        cerebro.seal().await;
        let felix = cerebro.sign_in("felix.quemener@orveane.example").await;
        let permit = felix.op.permit(action::ReadLedger, cerebro.bank).await.unwrap();
        let page = look::look(&cerebro.cerebro, &felix.op, &permit, None).await.unwrap();
        let of = |kind: &str| page.latest.iter().find(|(_, entry)| entry.kind == kind).unwrap();
        assert_eq!(of("flow.settled").1.subject, receipt.flow.to_string());
        let (index, released) = of("hold.released");
        assert_eq!(released.subject, hold.to_string());
        let proved = prove::prove(&cerebro.cerebro, &felix.op, &permit, *index).await.unwrap();
        assert!(proved.detail.contains(&receipt.flow.to_string()), "{}", proved.detail);
    })
    .await;
}

/// The clock of the machine is put wrong both ways, then right: the hold waits through it, nothing leaves, and a release
/// weeks later has its five days of tries.
#[tokio::test(flavor = "multi_thread")]
async fn f05_a_hold_outlives_clock_jumps_and_a_late_release_leaves() {
    each_engine(async |cerebro| {
        let hold = cerebro.held().await;
        let held_at = cerebro.clock.now();
        for (jump, forward) in [(3 * 24 * 3600, false), (40 * 24 * 3600, true), (60, false)] {
            let jump = std::time::Duration::from_secs(jump);
            cerebro.clock.set(if forward { held_at.plus(jump) } else { held_at.minus(jump) });
            operations::review::clock::advance_due(&cerebro.cerebro).await.unwrap();
            let leased = outbox::lease(&cerebro.cerebro, 100).await.unwrap();
            assert!(leased.iter().all(|leased| leased.flow.is_none()), "nothing but notices leaves");
        }
        cerebro.clock.set(held_at.plus(std::time::Duration::from_secs(41 * 24 * 3600)));
        let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
        let permit = ines.op.permit(action::ReleaseHold, hold).await.unwrap();
        let decided = decision(&ines, hold, "Retour de congés, vérifié").await;
        operations::review::decide::release(&cerebro.cerebro, &ines.op, permit, decided).await.unwrap();
        let leased = outbox::lease(&cerebro.cerebro, 100).await.unwrap();
        let leased = leased.into_iter().find(|leased| leased.flow.is_some()).unwrap();
        assert_eq!(leased.attempt, 1, "its attempts begin at the release");
        assert!(outbox::attempting(&cerebro.cerebro, &leased).await.unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_given_back_was_not_attempted_and_comes_again_at_its_turn() {
    each_engine(async |cerebro| {
        cerebro.send(&["r.lemarrec@client.example"], message("Bonjour")).await.unwrap();
        let now = cerebro.cerebro.instance().now();
        let first = outbox::lease(&cerebro.cerebro, 10).await.unwrap().remove(0);
        let turn = now.plus(std::time::Duration::from_secs(30));
        outbox::postpone(&cerebro.cerebro, &first, turn).await.unwrap();
        assert!(outbox::lease(&cerebro.cerebro, 10).await.unwrap().is_empty(), "its turn has not come");
        assert!(!outbox::attempting(&cerebro.cerebro, &first).await.unwrap(), "its lease is over");
        cerebro.clock.set(turn);
        let second = outbox::lease(&cerebro.cerebro, 10).await.unwrap().remove(0);
        assert_eq!((first.attempt, second.attempt), (1, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c08_the_entry_of_a_delivery_says_what_protected_it() {
    each_engine(async |cerebro| {
        cerebro.send(&["r.lemarrec@client.example"], message("Bonjour")).await.unwrap();
        let leased = outbox::lease(&cerebro.cerebro, 10).await.unwrap().remove(0);
        outbox::attempting(&cerebro.cerebro, &leased).await.unwrap();
        let passage = Passage {
            route: "world".into(),
            host: "mx.client.example:25".into(),
            address: Some("192.0.2.7".into()),
            policy: "dane".into(),
            tls: Some("TLSv1_3 TLS13_AES_256_GCM_SHA384".into()),
            verified: Some("dane 3 1 1".into()),
            failed: None,
            fell_back: false,
            reports: false,
            final_crlf_added: true,
        };
        let ended = Outcome::Delivered { reply: "250 2.0.0 ok".into(), passage };
        let now = cerebro.cerebro.instance().now();
        let outcomes = vec![(leased.recipients[0].delivery, ended)];
        outbox::record(&cerebro.cerebro, &leased, outcomes, now).await.unwrap();
        cerebro.seal().await;
        let felix = cerebro.sign_in("felix.quemener@orveane.example").await;
        let permit = felix.op.permit(action::ReadLedger, cerebro.bank).await.unwrap();
        let page = look::look(&cerebro.cerebro, &felix.op, &permit, None).await.unwrap();
        let (index, _) = page.latest.iter().find(|(_, entry)| entry.kind == "delivery.ended").unwrap();
        let proved = prove::prove(&cerebro.cerebro, &felix.op, &permit, *index).await.unwrap();
        for said in [
            r#""route":"world""#,
            r#""host":"mx.client.example:25""#,
            r#""address":"192.0.2.7""#,
            r#""tls":"TLSv1_3 TLS13_AES_256_GCM_SHA384""#,
            r#""tls_policy":"dane""#,
            r#""tls_verified_by":"dane 3 1 1""#,
            r#""tls_fell_back":false"#,
            r#""reply":"250 2.0.0 ok""#,
            r#""final_crlf_added":true"#,
        ] {
            assert!(proved.detail.replace(": ", ":").contains(said), "{said} is not in {}", proved.detail);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f04_parts_of_a_row_are_recorded_when_they_end_and_the_row_when_all_have() {
    each_engine(async |cerebro| {
        let to = ["r.lemarrec@client.example", "a@client.example", "b@client.example"];
        let receipt = cerebro.send(&to, message("Bonjour")).await.unwrap();
        let leased = outbox::lease(&cerebro.cerebro, 10).await.unwrap().remove(0);
        outbox::attempting(&cerebro.cerebro, &leased).await.unwrap();
        let [a, b, c] = [0, 1, 2].map(|place: usize| leased.recipients[place].delivery);
        let delivered = || Outcome::Delivered { reply: "250 2.0.0 ok".into(), passage: Passage::default() };
        outbox::record_some(&cerebro.cerebro, &leased, vec![(a, delivered())]).await.unwrap();
        let later = Outcome::Deferred { reply: "451 4.7.1 later".into() };
        outbox::record_some(&cerebro.cerebro, &leased, vec![(b, later)]).await.unwrap();
        cerebro.clock.advance(std::time::Duration::from_secs(120));
        assert!(outbox::lease(&cerebro.cerebro, 10).await.unwrap().is_empty(), "one part is still under way");
        let now = cerebro.cerebro.instance().now();
        outbox::record(&cerebro.cerebro, &leased, vec![(c, delivered())], now).await.unwrap();
        let states = states(cerebro, receipt.flow).await;
        assert_eq!(states, [DeliveryState::Delivered, DeliveryState::Attempting, DeliveryState::Delivered]);
        let again = outbox::lease(&cerebro.cerebro, 10).await.unwrap().remove(0);
        assert_eq!(again.recipients.len(), 1, "who was deferred comes again, and nobody else");
        assert_eq!((again.recipients[0].delivery, again.attempt), (b, 2));
    })
    .await;
}
