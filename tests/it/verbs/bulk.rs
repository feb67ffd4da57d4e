//! Sendings by the thousand never slow a person's message: shown by who leaves in which order, not by time.

use operations::flows::outbox::{self, Outcome};
use operations::flows::{self, Content, Passage};
use vocabulary::{FlowId, bounds};

use crate::support::{TestCerebro, each_engine, message};

const STATEMENTS: Option<&str> = Some("releves@orveane.example");
const TO: &[&str] = &["r.lemarrec@client.example"];

async fn statement(cerebro: &TestCerebro, number: usize, declared: bool) -> FlowId {
    let text = format!("Votre relevé {number}");
    let raw = String::from_utf8(message(&text)).unwrap();
    let raw = raw.replace("Subject: Point de situation", &format!("Subject: Releve no {number}"));
    let mut submission = cerebro.submission(STATEMENTS, TO, Content::Whole(raw.into_bytes()));
    submission.origin.bulk = declared;
    flows::receive(&cerebro.cerebro, submission).await.unwrap().flow
}

/// Leases as a relay with `room` places does, and delivers all of it; the flows, in the order they were given.
async fn leave(cerebro: &TestCerebro, room: usize) -> Vec<FlowId> {
    let leased = outbox::lease(&cerebro.cerebro, room).await.unwrap();
    let now = cerebro.cerebro.instance().now();
    let mut order = Vec::new();
    for leased in leased {
        order.extend(leased.flow);
        assert!(outbox::attempting(&cerebro.cerebro, &leased).await.unwrap());
        let outcome = Outcome::Delivered { reply: "250 2.0.0 Ok".into(), passage: Passage::default() };
        let ended = leased.recipients.iter().map(|to| (to.delivery, outcome.clone())).collect();
        outbox::record(&cerebro.cerebro, &leased, ended, now).await.unwrap();
    }
    order
}

#[tokio::test(flavor = "multi_thread")]
async fn a_persons_message_passes_every_statement_that_waits() {
    each_engine(async |cerebro| {
        let mut statements = Vec::new();
        for number in 0..120 {
            statements.push(statement(cerebro, number, true).await);
        }
        let person = cerebro.send(TO, message("Bonjour")).await.unwrap().flow;
        let first = leave(cerebro, 64).await;
        assert_eq!(first[0], person, "the last to come, the first to leave");
        assert_eq!(first.len(), 1 + 64 / bounds::RELAY_BULK_SHARE, "bulk takes its share and no more");
        let mut left = first.len() - 1;
        while left < statements.len() {
            let more = leave(cerebro, 64).await;
            assert!(!more.is_empty(), "every statement leaves: {left}");
            left += more.len();
        }
        assert_eq!(left, statements.len());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bulk_is_never_starved_by_people() {
    each_engine(async |cerebro| {
        let statement = statement(cerebro, 1, true).await;
        for _ in 0..12 {
            cerebro.send(TO, message("Bonjour")).await.unwrap();
        }
        let order = leave(cerebro, 8).await;
        assert_eq!((order.len(), order.last()), (9, Some(&statement)), "last, and not left behind");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_is_known_by_its_shape_and_a_persons_message_is_not_one() {
    each_engine(async |cerebro| {
        for number in 0..bounds::CAMPAIGN_FLOWS {
            statement(cerebro, number, false).await;
        }
        while !leave(cerebro, 64).await.is_empty() {}
        let campaign = [statement(cerebro, 800, false).await, statement(cerebro, 801, false).await];
        let person = cerebro.send_from(STATEMENTS, TO, message("Bonjour")).await.unwrap().flow;
        let order = leave(cerebro, 64).await;
        assert_eq!(order[0], person, "same sender, another subject: no part of the campaign");
        assert!(campaign.iter().all(|flow| order[1..].contains(flow)));
        cerebro.clock.advance(bounds::CAMPAIGN_WINDOW + std::time::Duration::from_secs(1));
        let later = statement(cerebro, 900, false).await;
        let bulk = statement(cerebro, 901, true).await;
        assert_eq!(
            leave(cerebro, 64).await,
            [later, bulk],
            "a quarter of an hour later it is a message again"
        );
    })
    .await;
}
