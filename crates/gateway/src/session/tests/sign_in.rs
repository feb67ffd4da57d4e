//! A16, C10: AUTH, and whose message it is.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use insta::assert_snapshot;

use super::tls::{Pki, handshake, settings, until_tls};
use super::{PEER, Talk};
use crate::{Clients, DeclaredClient, Login, TenantField};

fn sha256(text: &str) -> [u8; 32] {
    digest::digest(&digest::SHA256, text.as_bytes()).as_ref().try_into().unwrap()
}

fn crm() -> Clients {
    Clients::new(vec![DeclaredClient {
        name: "crm".into(),
        login: Some(Login { name: "crm".into(), secret: sha256("s3cret") }),
        ..DeclaredClient::default()
    }])
}

fn plain(name: &str, secret: &str) -> String {
    format!("AUTH PLAIN {}", STANDARD.encode(format!("\0{name}\0{secret}")))
}

#[tokio::test]
async fn c10_no_secret_is_taken_in_plain_text() {
    let mut talk = Talk::with(PEER, settings(&Pki::new(), crm()), b"");
    talk.hear().await;
    assert!(!talk.ask("EHLO client.example").await.contains("AUTH"));
    assert!(talk.ask(&plain("crm", "s3cret")).await.starts_with("538 5.7.11"));
    assert!(talk.ask("MAIL FROM:<ines@orveane.example>").await.starts_with("530 5.7.0"));
}

#[tokio::test]
async fn a16_c10_signing_in_word_by_word() {
    let pki = Pki::new();
    let mut talk = handshake(until_tls(&pki, crm()).await, pki.client(None)).await.unwrap();
    talk.transcript.clear();
    for line in [
        "AUTH PLAIN",
        "EHLO client.example",
        "MAIL FROM:<ines@orveane.example>",
        "AUTH",
        "AUTH CRAM-MD5",
        "AUTH PLAIN",
        "*",
        "AUTH PLAIN !!!",
        "AUTH LOGIN",
        "Y3Jt",
        "d3Jvbmc=",
        "AUTH LOGIN Y3Jt",
        "czNjcmV0",
        "AUTH PLAIN",
        "MAIL FROM:<ines@orveane.example> AUTH=<>",
        "RCPT TO:<paul@partner.example>",
        "AUTH PLAIN",
        "DATA",
    ] {
        talk.ask(line).await;
    }
    assert!(talk.ask("no date, no id\r\n.").await.starts_with("250"));
    assert_snapshot!(talk.transcript);
    let taken = talk.desk.last();
    assert!(taken.client.name == "crm" && taken.client.signed_in);
    assert_eq!(taken.raw, b"no date, no id\r\n", "nothing is fixed up");
}

#[tokio::test]
async fn c10_guessing_ends_the_session_and_nothing_follows_a_guess_unasked() {
    let pki = Pki::new();
    let mut talk = handshake(until_tls(&pki, crm()).await, pki.client(None)).await.unwrap();
    talk.ask("EHLO client.example").await;
    for (secret, code) in [("a", "535 5.7.8"), ("b", "535 5.7.8"), ("c", "421 4.7.0")] {
        assert!(talk.ask(&plain("crm", secret)).await.starts_with(code));
    }
    talk.is_closed().await;
    for ahead in ["AUTH PLAIN\r\nAGNybQBzM2NyZXQ=", "AUTH PLAIN AGNybQBzM2NyZXQ=\r\nMAIL FROM:<a@b.example>"]
    {
        let mut talk = handshake(until_tls(&pki, crm()).await, pki.client(None)).await.unwrap();
        talk.ask("EHLO client.example").await;
        talk.say(ahead).await;
        assert!(talk.hear().await.starts_with("554 5.5.0"), "{ahead}");
    }
}

/// A shared service connects with its own certificate from its own addresses, whoever its tenant is.
#[tokio::test]
async fn a15_another_tenant_of_a_shared_service_is_refused() {
    let pki = Pki::new();
    let clients = Clients::new(vec![DeclaredClient {
        name: "tenant".into(),
        networks: vec!["192.0.2.0/24".parse().unwrap()],
        certificate_names: vec!["mail.service.example".into()],
        tenant_fields: vec![TenantField { name: "X-Tenant".into(), value: "ours".into() }],
        ..DeclaredClient::default()
    }]);
    let service = || pki.client(Some(pki.identity("mail.service.example")));
    let mut talk = handshake(until_tls(&pki, clients).await, service()).await.unwrap();
    talk.ask("EHLO client.example").await;
    for (header, code) in [
        ("X-Tenant: ours\r\n", "250"),
        ("X-Tenant: theirs\r\n", "550 5.7.1"),
        ("", "550 5.7.1"),
        ("X-Tenant: ours\r\nX-Tenant: theirs\r\n", "550 5.7.1"),
    ] {
        talk.begin().await;
        let reply = talk.ask(&format!("{header}Subject: x\r\n\r\nX-Tenant: ours\r\n.")).await;
        assert!(reply.starts_with(code), "{header:?}: {reply}");
    }
    assert_eq!(talk.desk.count(), 1);
}
