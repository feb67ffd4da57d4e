//! F04: delivery to mail exchangers, against a DNS server that answers as told.

use std::sync::Arc;

use hickory_proto::rr::RecordType;

use super::fake::{Act, Fake, Script};
use super::{routed, send, show};
use crate::dns::tests::{Says, Zone, a, alias, mx};
use crate::relay::{NextHop, Outcome, RelayConfig, Route, TlsPolicy};

fn by_mx(zone: &Zone, port: u16) -> RelayConfig {
    let routes = vec![Route::everything("mx", NextHop::Mx { port }, TlsPolicy::opportunistic())];
    RelayConfig { resolver: Some(Arc::new(zone.resolver())), ..routed(routes) }
}

async fn deliver(zone: &Zone, port: u16, domain: &str) -> Outcome {
    send(by_mx(zone, port), &[&format!("paul@{domain}")]).await.remove(0)
}

#[tokio::test]
async fn f04_what_dns_says_of_a_domain_and_what_becomes_of_its_mail() {
    let fake = Fake::start(Script::default()).await;
    let zone = Zone::start().await;
    zone.host("mx.good.example", "127.0.0.1", false)
        .has("good.example", RecordType::MX, vec![mx(10, "mx.good.example")], false)
        .host("implicit.example", "127.0.0.1", false)
        .has("null.example", RecordType::MX, vec![mx(0, "")], false)
        .has("odd.example", RecordType::MX, vec![mx(0, ""), mx(5, "mx.good.example")], false)
        .says("empty.example", RecordType::MX, Says::Nothing)
        .says("empty.example", RecordType::A, Says::Nothing)
        .says("empty.example", RecordType::AAAA, Says::Nothing)
        .says("broken.example", RecordType::MX, Says::Fails)
        .says("half.example", RecordType::MX, Says::Nothing)
        .says("half.example", RecordType::A, Says::Fails)
        .says("half.example", RecordType::AAAA, Says::Nothing)
        .says("silent.example", RecordType::MX, Says::Silent)
        .has("homeless.example", RecordType::MX, vec![mx(1, "gone.example"), mx(2, "empty.example")], false)
        .has("unsure.example", RecordType::MX, vec![mx(1, "gone.example"), mx(2, "half.example")], false)
        .has("aliased.example", RecordType::CNAME, vec![alias("good.example")], false)
        .has("to-alias.example", RecordType::MX, vec![mx(1, "alias-of-mx.example")], false)
        .has("alias-of-mx.example", RecordType::CNAME, vec![alias("mx.good.example")], false)
        .has(
            "loop.example",
            RecordType::MX,
            vec![mx(10, "Gateway.Example"), mx(10, "mx.good.example")],
            false,
        )
        .has(
            "behind.example",
            RecordType::MX,
            vec![mx(10, "mx.good.example"), mx(20, "gateway.example")],
            false,
        )
        .has("xn--mnchen-3ya.example", RecordType::MX, vec![mx(10, "mx.good.example")], false);
    for (domain, expected) in [
        ("good.example", "D 250"),
        ("implicit.example", "D 250"),
        ("null.example", "B 556 5.1.10"),
        ("odd.example", "D 250"),
        ("nowhere.example", "B 550 5.1.2"),
        ("empty.example", "B 550 5.1.2"),
        ("broken.example", "L 451 4.4.3"),
        ("half.example", "L 451 4.4.3"),
        ("silent.example", "L 451 4.4.3"),
        ("homeless.example", "B 550 5.4.4"),
        ("unsure.example", "L 451 4.4.3"),
        ("aliased.example", "D 250"),
        ("to-alias.example", "D 250"),
        ("loop.example", "B 554 5.4.6"),
        ("behind.example", "D 250"),
        ("münchen.example", "D 250"),
        ("[127.0.0.1]", "D 250"),
    ] {
        let shown = show(&deliver(&zone, fake.port(), domain).await);
        assert!(shown.starts_with(expected), "{domain}: {shown} is not {expected}");
    }
}

#[tokio::test]
async fn f04_the_next_exchanger_when_one_cannot_be_reached_or_breaks_off() {
    let good = Fake::start_at("127.0.0.1:0", Script::default()).await;
    let at = |ip: &str| format!("{ip}:{}", good.port());
    let refusing =
        Fake::start_at(&at("127.0.0.2"), Script { greeting: Act::Last("554 5.7.1 no"), ..Script::default() })
            .await;
    let breaking = Fake::start_at(&at("127.0.0.3"), Script { mail: Act::Drop, ..Script::default() }).await;
    let zone = Zone::start().await;
    let ordered = vec![
        mx(1, "nowhere.example"),
        mx(2, "closed.example"),
        mx(3, "refusing.example"),
        mx(4, "breaking.example"),
        mx(5, "good.example"),
    ];
    zone.host("closed.example", "127.0.0.9", false)
        .host("refusing.example", "127.0.0.2", false)
        .host("breaking.example", "127.0.0.3", false)
        // An address that does not answer stands before the one that does.
        .has("good.example", RecordType::A, vec![a("127.0.0.9"), a("127.0.0.1")], false)
        .says("good.example", RecordType::AAAA, Says::Nothing)
        .has("partner.example", RecordType::MX, ordered, false);
    let outcome = deliver(&zone, good.port(), "partner.example").await;
    let Outcome::Delivered { hop, .. } = &outcome else { panic!("{}", show(&outcome)) };
    assert_eq!(hop.host, format!("good.example:{}", good.port()));
    assert_eq!(hop.address.as_deref(), Some("127.0.0.1"));
    assert_eq!((refusing.connections(), breaking.connections()), (1, 1));
    assert_eq!(breaking.contents().len(), 0);
}

#[tokio::test]
async fn a_domain_is_a_destination_and_its_connection_serves_again() {
    let fake = Fake::start(Script::default()).await;
    let zone = Zone::start().await;
    zone.host("mx.example", "127.0.0.1", false)
        .has("one.example", RecordType::MX, vec![mx(1, "mx.example")], false)
        .has("two.example", RecordType::MX, vec![mx(1, "mx.example")], false);
    let outbox = Arc::new(super::TestOutbox::default());
    let relay = crate::relay::worker::Relay::new(Arc::clone(&outbox), by_mx(&zone, fake.port()));
    for recipients in [&["a@one.example", "b@One.Example"][..], &["c@one.example"], &["d@two.example"]] {
        let leased = super::message(recipients);
        outbox.keep(&leased, b"x\r\n");
        relay.deliver(leased.clone()).await;
        assert!(outbox.outcomes(&leased).iter().all(|outcome| show(outcome).starts_with("D 250")));
    }
    assert_eq!((fake.connections(), fake.contents().len()), (2, 3));
}
