//! Services submit by API: once for a key, whatever happens between; lists page without losing a line.

use std::collections::HashSet;

use access::{Operation, action};
use operations::flows::{Content, Envelope, Origin, ReceiveError, Submission, list, receive};
use operations::idempotency::{self, Key};
use operations::review::queue;
use vocabulary::{EmailAddress, bounds};

use crate::support::{TestCerebro, each_engine, message};

async fn service(cerebro: &TestCerebro) -> Operation {
    let instance = cerebro.cerebro.instance();
    operations::accounts::token::behind(instance, &cerebro.token).await.unwrap().unwrap()
}

fn submission(cerebro: &TestCerebro, text: &str) -> Submission {
    let address = |text: &str| EmailAddress::parse(text).unwrap();
    let envelope = Envelope {
        reverse_path: Some(address("theodore.vasquin@orveane.example")),
        recipients: vec![address("r.lemarrec@client.example").into()],
        eight_bit: false,
        smtputf8: false,
        returns: None,
        envelope_id: None,
    };
    let (organisations, content) = (vec![cerebro.bank], Content::Whole(message(text)));
    Submission { origin: Origin::api("crm".into()), organisations, envelope, content }
}

async fn flows(cerebro: &TestCerebro) -> usize {
    let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
    let permit = ines.op.permit(action::ReadFlows, cerebro.bank).await.unwrap();
    list::page(&ines.op, &permit, None).await.unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_settles_one_flow_thirty_times_at_once() {
    each_engine(async |cerebro| {
        let op = service(cerebro).await;
        let key = Key::parse(&op, "invoice-4711", b"the request").unwrap();
        let submit =
            || receive::submit(&cerebro.cerebro, &op, submission(cerebro, "Bonjour"), Some(key.clone()));
        let receipts = futures::future::join_all((0..30).map(|_| submit())).await;
        let receipts: HashSet<_> = receipts.into_iter().map(|receipt| receipt.unwrap().flow).collect();
        assert_eq!(receipts.len(), 1, "every caller is told of the same flow");
        assert_eq!(receipts.into_iter().next(), Some(submit().await.unwrap().flow), "and later too");
        assert_eq!(flows(cerebro).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_belongs_to_one_request_and_is_forgotten_after_its_time() {
    each_engine(async |cerebro| {
        let op = service(cerebro).await;
        let key = |request: &[u8]| Key::parse(&op, "k", request).unwrap();
        let submit = |key| receive::submit(&cerebro.cerebro, &op, submission(cerebro, "Bonjour"), Some(key));
        let held = receive::submit(
            &cerebro.cerebro,
            &op,
            submission(cerebro, "Le compte : FR76 3000 6000 0112 3456 7890 189."),
            Some(key(b"one")),
        );
        let held = held.await.unwrap();
        assert_eq!((held.verdict, held.hold.is_some()), ("hold", true));
        assert_eq!(submit(key(b"one")).await.unwrap(), held, "the receipt is kept whole");
        assert!(matches!(submit(key(b"two")).await, Err(ReceiveError::KeyTaken)));
        assert_eq!(idempotency::forget(&cerebro.cerebro).await.unwrap(), 0);
        cerebro.clock.advance(bounds::IDEMPOTENCY_KEPT + std::time::Duration::from_secs(1));
        assert_eq!(idempotency::forget(&cerebro.cerebro).await.unwrap(), 1);
        assert_ne!(submit(key(b"two")).await.unwrap().flow, held.flow);
    })
    .await;
}

#[test]
fn a_key_is_visible_ascii_of_a_bounded_length() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(each_engine(async |cerebro| {
        let op = service(cerebro).await;
        for text in ["", "a b", "é", "a\n", &"x".repeat(bounds::IDEMPOTENCY_KEY_CHARS_MAX + 1)] {
            assert!(Key::parse(&op, text, b"").is_err(), "{text:?}");
        }
    }));
}

/// The clock stands still, so every flow has the same instant: the page's end falls between equals.
#[tokio::test(flavor = "multi_thread")]
async fn pages_lose_nothing_between_flows_of_one_instant() {
    each_engine(async |cerebro| {
        let held = "Le compte : FR76 3000 6000 0112 3456 7890 189.";
        let count = bounds::QUEUE_ROWS_MAX + 7;
        for number in 0..count {
            // Each a text of its own: the same one again would wait with the first.
            let raw = message(&format!("{held} Dossier {number}."));
            cerebro.send(&["r.lemarrec@client.example"], raw).await.unwrap();
        }
        let ines = cerebro.sign_in("ines.kermadec@orveane.example").await;
        let permit = ines.op.permit(action::ReadFlows, cerebro.bank).await.unwrap();
        let (mut seen, mut before) = (HashSet::new(), None);
        loop {
            let mut page = list::page(&ines.op, &permit, before).await.unwrap();
            page.truncate(bounds::PAGE_ROWS_MAX);
            let Some(last) = page.last() else { break };
            before = Some(last.id);
            assert!(page.iter().all(|line| seen.insert(line.id)), "no flow twice");
        }
        assert_eq!(seen.len(), count);
        let permit = ines.op.permit(action::ReadQueue, cerebro.bank).await.unwrap();
        let first = queue::waiting(&ines.op, &permit, queue::Slice::FIRST).await.unwrap();
        let rest = queue::waiting_after(&ines.op, &permit, first.last().unwrap().id).await.unwrap();
        let holds: HashSet<_> = first.iter().chain(&rest).map(|hold| hold.id).collect();
        assert_eq!((first.len(), rest.len(), holds.len()), (bounds::QUEUE_ROWS_MAX, 7, count));
    })
    .await;
}
