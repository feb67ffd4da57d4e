//! C02, C03, C05, C08, C09: TLS on the way out.

use super::fake::{Act, Fake, Script, TLS};
use super::{config, send, show};
use crate::relay::{Identity, Outcome, TlsPolicy};
use crate::session::Pki;

async fn outcome(fake: &Fake, tls: TlsPolicy) -> Outcome {
    send(config(&[fake.host()], tls), &["paul@partner.example"]).await.remove(0)
}

fn verified(pki: &Pki) -> TlsPolicy {
    TlsPolicy::verified(pki.roots(), &[]).unwrap()
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
    let named = TlsPolicy::verified(pki.roots(), &["other.example".into(), "evil.example".into()]).unwrap();
    let (verified, untrusting) = (verified(&pki), verified(&other));
    let (required, opportunistic) = (TlsPolicy::required(), TlsPolicy::opportunistic());
    let by_roots = Some("roots, as localhost");

    for (name, fake, policy, expected, encrypted, by, fell_back) in [
        ("good, verified", &good, &verified, "D 250", true, by_roots, false),
        ("untrusted, verified", &good, &untrusting, "L 451 4.7.5", false, None, false),
        ("wrong name, verified", &wrong_name, &verified, "L 451 4.7.5", false, None, false),
        (
            "declared name, verified",
            &wrong_name,
            &named,
            "D 250",
            true,
            Some("roots, as evil.example"),
            false,
        ),
        ("not offered, verified", &plain, &verified, "L 451 4.7.10", false, None, false),
        ("refused, verified", &refusing, &verified, "L 454 4.7.0", false, None, false),
        ("injected, verified", &injecting, &verified, "L 451 4.7.5", false, None, false),
        ("wrong name, required", &wrong_name, &required, "D 250", true, None, false),
        ("not offered, required", &plain, &required, "L 451 4.7.10", false, None, false),
        ("refused, required", &refusing, &required, "L 454 4.7.0", false, None, false),
        ("good, opportunistic", &good, &opportunistic, "D 250", true, None, false),
        ("wrong name, opportunistic", &wrong_name, &opportunistic, "D 250", true, None, false),
        ("refused, opportunistic", &refusing, &opportunistic, "D 250", false, None, true),
        ("not offered, opportunistic", &plain, &opportunistic, "D 250", false, None, false),
        ("none", &good, &TlsPolicy::none(), "D 250", false, None, false),
    ] {
        let outcome = outcome(fake, policy.clone()).await;
        assert!(show(&outcome).starts_with(expected), "{name}: {}", show(&outcome));
        if let Outcome::Delivered { hop, .. } = outcome {
            assert_eq!((hop.tls.is_some(), hop.fell_back), (encrypted, fell_back), "{name}");
            assert_eq!(hop.tls.as_ref().and_then(|tls| tls.verified.as_deref()), by, "{name}");
        }
    }
}

#[tokio::test]
async fn c08_what_protected_a_delivery_is_told() {
    let pki = Pki::new();
    let fake =
        Fake::start(Script { ehlo: Act::Say(TLS), tls: Some(pki.server("localhost")), ..Script::default() })
            .await;
    let Outcome::Delivered { hop, .. } = outcome(&fake, verified(&pki)).await else {
        panic!("not delivered")
    };
    let tls = hop.tls.unwrap();
    assert_eq!((hop.route.as_str(), hop.policy.as_str()), ("smarthost", "verified"));
    assert_eq!(hop.host, fake.host().to_string());
    assert_eq!((tls.version.as_str(), tls.suite.as_str()), ("TLSv1_3", "TLS13_AES_256_GCM_SHA384"));
    assert_eq!((tls.verified.as_deref(), tls.failed), (Some("roots, as localhost"), None));
}

#[tokio::test]
async fn c05_a_route_shows_its_certificate_to_who_asks() {
    let pki = Pki::new();
    // This listener takes clients of its own authority, and strangers too: what came is what it saw.
    let (chain, key) = pki.identity("gateway.example");
    let showing =
        || TlsPolicy::required().showing(Identity { chain: chain.clone(), key: key.clone_key() }).unwrap();
    for (policy, shown) in [(showing(), 1), (TlsPolicy::required(), 0)] {
        let fake = Fake::start(Script {
            ehlo: Act::Say(TLS),
            tls: Some(pki.server("localhost")),
            ..Script::default()
        })
        .await;
        assert!(show(&outcome(&fake, policy).await).starts_with("D 250"));
        let certificates = fake.seen.client_certificates.lock().unwrap().clone();
        assert_eq!(certificates.len(), shown);
        assert!(certificates.iter().all(|seen| *seen == chain[0]));
    }
    let (_, foreign) = Pki::new().identity("gateway.example");
    assert!(
        TlsPolicy::required().showing(Identity { chain, key: foreign }).is_err(),
        "a key of another certificate"
    );
}

#[tokio::test]
async fn c09_a_message_that_asks_for_no_tls_gets_what_its_route_asks() {
    let plain = Fake::start(Script::default()).await;
    let outbox = std::sync::Arc::new(super::TestOutbox::default());
    let relay = crate::relay::worker::Relay::new(
        std::sync::Arc::clone(&outbox),
        config(&[plain.host()], TlsPolicy::required()),
    );
    let leased = super::message(&["paul@partner.example"]);
    outbox.keep(&leased, b"TLS-Required: No\r\nSubject: x\r\n\r\nx\r\n");
    relay.deliver(leased.clone()).await;
    assert!(show(&outbox.outcomes(&leased)[0]).starts_with("L 451 4.7.10"));
    assert!(plain.contents().is_empty());
}

#[tokio::test]
async fn c03_nothing_of_a_message_is_said_in_plain_text_when_tls_is_required() {
    let pki = Pki::new();
    let plain = Fake::start(Script::default()).await;
    outcome(&plain, verified(&pki)).await;
    outcome(&plain, TlsPolicy::required()).await;
    assert!(plain.commands().iter().all(|line| line.starts_with("EHLO")), "{:?}", plain.commands());
}

/// A server that reads the start of a handshake and answers with TLS 1.1: what was offered, and what became of the mail.
#[tokio::test]
async fn c03_tls_1_2_and_1_3_are_offered_and_nothing_older_is_taken() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = crate::relay::Host { name: "localhost".into(), port: listener.local_addr().unwrap().port() };
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut line = [0; 512];
        for answer in ["220 old.example\r\n", "250-old.example\r\n250 STARTTLS\r\n", "220 go\r\n"] {
            stream.write_all(answer.as_bytes()).await.unwrap();
            if !answer.starts_with("220 go") {
                assert!(stream.read(&mut line).await.unwrap() > 0);
            }
        }
        let mut hello = vec![0; 8_192];
        let length = stream.read(&mut hello).await.unwrap();
        let mut answer = vec![22, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2];
        answer.extend([9; 32]);
        answer.extend([0, 0xc0, 0x13, 0]);
        stream.write_all(&answer).await.unwrap();
        let _ = stream.read(&mut line).await;
        hello.truncate(length);
        hello
    });
    let outcome = send(config(&[host], TlsPolicy::required()), &["paul@partner.example"]).await.remove(0);
    assert!(show(&outcome).starts_with("L 451 4.7.5"), "{}", show(&outcome));
    let hello = server.await.unwrap();
    // The extension supported_versions: its type, its length, then the versions.
    let at = hello.windows(5).position(|bytes| bytes == [0, 43, 0, 5, 4]).expect("two versions are offered");
    assert_eq!(hello[at + 5..at + 9], [3, 4, 3, 3]);
}
