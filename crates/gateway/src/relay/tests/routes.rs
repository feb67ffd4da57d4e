//! One message, several routes.

use super::fake::{Act, Fake, Script};
use super::{impatient, routed, send, show};
use crate::relay::{NextHop, Outcome, Rest, Route, TlsPolicy};

fn to(name: &str, domains: &[&str], fake: &Fake) -> Route {
    Route {
        domains: domains.iter().map(|text| text.parse().unwrap()).collect(),
        ..Route::everything(name, NextHop::Hosts(vec![fake.host()]), TlsPolicy::none())
    }
}

#[tokio::test]
async fn each_recipient_takes_the_first_route_of_its_domain() {
    let (partner, rest) = (Fake::start(Script::default()).await, Fake::start(Script::default()).await);
    let routes =
        vec![to("partner", &["partner.example", "*.partner.example"], &partner), to("rest", &["*"], &rest)];
    let recipients = ["a@partner.example", "b@other.example", "c@sub.partner.example", "d@other.example"];
    let outcomes = send(routed(routes), &recipients).await;
    let taken: Vec<_> = outcomes
        .iter()
        .map(|outcome| match outcome {
            Outcome::Delivered { hop, .. } => hop.route.as_str(),
            other => panic!("{}", show(other)),
        })
        .collect();
    assert_eq!(taken, ["partner", "rest", "partner", "rest"]);
    assert_eq!((partner.contents().len(), rest.contents().len()), (1, 1), "one copy a destination");
    assert!(
        partner.commands().iter().all(|line| !line.contains("other.example")),
        "nobody learns of the others"
    );
}

#[tokio::test]
async fn f04_a_slow_destination_holds_up_nobody_and_the_row_ends_last() {
    let slow = Fake::start(Script { dot: Act::Hang, ..Script::default() }).await;
    let (quick, later) = (
        Fake::start(Script::default()).await,
        Fake::start(Script { mail: Act::Say("451 4.7.1 later"), ..Script::default() }).await,
    );
    let config = impatient(routed(vec![
        to("slow", &["slow.example"], &slow),
        to("later", &["later.example"], &later),
        to("rest", &["*"], &quick),
    ]));
    let outbox = std::sync::Arc::new(super::TestOutbox::default());
    let relay = crate::relay::worker::Relay::new(std::sync::Arc::clone(&outbox), config);
    let leased = super::message(&["a@slow.example", "b@later.example", "c@quick.example"]);
    outbox.keep(&leased, b"x\r\n");
    relay.deliver(leased.clone()).await;
    let outcomes = outbox.outcomes(&leased);
    let shown: Vec<_> = outcomes.iter().map(|outcome| show(outcome)[..5].to_owned()).collect();
    assert_eq!(shown, ["U 451", "L 451", "D 250"]);
    let Outcome::Deferred { until, .. } = &outcomes[1] else { panic!("deferred") };
    let rests = outbox.rests.lock().unwrap().clone();
    assert_eq!(
        rests,
        [Rest::Attempted, Rest::Attempted, Rest::Due { at: *until, counts: true }],
        "who was deferred sets the time"
    );
}

#[tokio::test]
async fn f04_what_we_could_not_read_is_tried_again_soon_and_is_no_attempt() {
    let fake =
        Fake::start(Script { rcpt: vec![("later@", Act::Say("451 later"))], ..Script::default() }).await;
    let outbox = std::sync::Arc::new(super::TestOutbox::default());
    let config = routed(vec![to("all", &["*"], &fake)]);
    let relay = crate::relay::worker::Relay::new(std::sync::Arc::clone(&outbox), config);
    let unreadable = super::message(&["a@client.example"]);
    relay.deliver(unreadable.clone()).await;
    let Outcome::Deferred { until, .. } = &outbox.outcomes(&unreadable)[0] else { panic!("deferred") };
    assert_eq!(*outbox.rests.lock().unwrap(), [Rest::Due { at: *until, counts: false }]);
    let readable = super::message(&["later@client.example"]);
    outbox.keep(&readable, b"x\r\n");
    relay.deliver(readable).await;
    assert!(matches!(outbox.rests.lock().unwrap()[1], Rest::Due { counts: true, .. }));
}
