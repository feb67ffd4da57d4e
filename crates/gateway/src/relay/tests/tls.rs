//! C02, C03: TLS on the way out.

use std::sync::Arc;

use rustls::ClientConfig;

use super::fake::{Act, Fake, Script, TLS};
use super::{TestOutbox, config, message, show};
use crate::relay::worker::Relay;
use crate::relay::{Outcome, TlsPolicy};
use crate::session::Pki;

async fn outcome(fake: &Fake, tls: TlsPolicy) -> Outcome {
    let outbox = Arc::new(TestOutbox::default());
    let relay = Relay::new(Arc::clone(&outbox), config(&[fake.host()], tls));
    let leased = message(&["paul@partner.example"]);
    outbox.keep(&leased, b"x\r\n");
    relay.deliver(leased.clone()).await;
    outbox.outcomes(&leased).remove(0)
}

fn trusting(pki: &Pki) -> Arc<ClientConfig> {
    Arc::new(pki.client(None))
}

#[tokio::test]
async fn c03_each_policy_with_each_server() {
    let (pki, other) = (Pki::new(), Pki::new());
    let tls = |name| Script { ehlo: Act::Say(TLS), tls: Some(pki.server(name)), ..Script::default() };
    let (good, wrong_name) = (Fake::start(tls("localhost")).await, Fake::start(tls("evil.example")).await);
    let plain = Fake::start(Script::default()).await;
    let refusing = Fake::start(Script {
        ehlo: Act::Say(TLS),
        starttls: Act::Say("454 4.7.0 not now"),
        ..Script::default()
    })
    .await;
    // The injected words would be read as the reply to EHLO under TLS.
    let injecting =
        Fake::start(Script { starttls: Act::Say("220 go\r\n250 injected"), ..tls("localhost") }).await;
    let (required, untrusting) = (TlsPolicy::Required(trusting(&pki)), TlsPolicy::Required(trusting(&other)));
    let opportunistic = TlsPolicy::Opportunistic(trusting(&pki));

    for (name, fake, policy, expected, encrypted, fell_back) in [
        ("good", &good, &required, "D 250", true, false),
        ("untrusted", &good, &untrusting, "L 451 4.7.5", false, false),
        ("wrong name", &wrong_name, &required, "L 451 4.7.5", false, false),
        ("not offered", &plain, &required, "L 451 4.7.10", false, false),
        ("refused", &refusing, &required, "L 454 4.7.0", false, false),
        ("injected", &injecting, &required, "L 451 4.7.5", false, false),
        ("good, opportunistic", &good, &opportunistic, "D 250", true, false),
        ("wrong name, opportunistic", &wrong_name, &opportunistic, "D 250", false, true),
        ("not offered, opportunistic", &plain, &opportunistic, "D 250", false, false),
        ("none", &good, &TlsPolicy::None, "D 250", false, false),
    ] {
        let outcome = outcome(fake, policy.clone()).await;
        assert!(show(&outcome).starts_with(expected), "{name}: {}", show(&outcome));
        if let Outcome::Delivered { hop, .. } = outcome {
            assert_eq!((hop.tls.is_some(), hop.fell_back), (encrypted, fell_back), "{name}");
            assert!(hop.tls.is_none_or(|version| version == "TLSv1_3"));
        }
    }
}

#[tokio::test]
async fn c03_nothing_of_a_message_is_said_in_plain_text_when_tls_is_required() {
    let pki = Pki::new();
    let plain = Fake::start(Script::default()).await;
    outcome(&plain, TlsPolicy::Required(trusting(&pki))).await;
    assert!(plain.commands().iter().all(|line| line.starts_with("EHLO")), "{:?}", plain.commands());
}
