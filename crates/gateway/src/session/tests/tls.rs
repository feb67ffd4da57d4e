//! C01–C05: STARTTLS, implicit TLS, client certificates.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::server::WebPkiClientVerifier;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio::io::{DuplexStream, duplex};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{Desk, PEER, Talk, relay_clients};
use crate::session::{Limits, Service, Settings, serve};
use crate::{Clients, DeclaredClient, shutdown};

/// A certificate authority with a server and makers of clients.
pub(crate) struct Pki {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

impl Pki {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self { issuer: CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap() }
    }

    pub(crate) fn identity(&self, name: &str) -> Identity {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (vec![certificate.der().clone()], PrivatePkcs8KeyDer::from(key.serialize_der()).into())
    }

    pub(crate) fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        roots.add(self.issuer.der().clone()).unwrap();
        roots
    }

    pub(crate) fn server(&self, name: &str) -> Arc<ServerConfig> {
        let (chain, key) = self.identity(name);
        let verifier =
            WebPkiClientVerifier::builder(Arc::new(self.roots())).allow_unauthenticated().build().unwrap();
        Arc::new(
            ServerConfig::builder().with_client_cert_verifier(verifier).with_single_cert(chain, key).unwrap(),
        )
    }

    pub(crate) fn client(&self, identity: Option<Identity>) -> ClientConfig {
        let builder = ClientConfig::builder().with_root_certificates(self.roots());
        match identity {
            Some((chain, key)) => builder.with_client_auth_cert(chain, key).unwrap(),
            None => builder.with_no_client_auth(),
        }
    }
}

fn settings(pki: &Pki, clients: Clients) -> Settings {
    Settings::new("gateway.example", clients, Limits::default(), Some(pki.server("gateway.example"))).unwrap()
}

async fn handshake(talk: Talk, config: ClientConfig) -> std::io::Result<Talk<TlsStream<DuplexStream>>> {
    let Talk { stream, desk, trigger, server, transcript, heard } = talk;
    let name = ServerName::try_from("gateway.example").unwrap();
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
    Ok(Talk { stream, desk, trigger, server, transcript, heard })
}

async fn until_tls(pki: &Pki, clients: Clients) -> Talk {
    let mut talk = Talk::with(PEER, settings(pki, clients), b"");
    talk.hear().await;
    assert!(talk.ask("EHLO client.example").await.contains("STARTTLS"));
    assert!(talk.ask("STARTTLS").await.starts_with("220 2.0.0"));
    talk
}

#[tokio::test]
async fn c01_commands_sent_with_starttls_are_never_executed() {
    let pki = Pki::new();
    let mut talk = Talk::with(PEER, settings(&pki, relay_clients()), b"");
    talk.hear().await;
    talk.ask("EHLO client.example").await;
    talk.say("STARTTLS\r\nMAIL FROM:<evil@orveane.example>").await;
    assert!(talk.hear().await.starts_with("554 5.5.0"));
    talk.is_closed().await;
}

#[tokio::test]
async fn c02_nothing_said_before_tls_counts_after_it() {
    let pki = Pki::new();
    let mut talk = Talk::with(PEER, settings(&pki, relay_clients()), b"");
    talk.hear().await;
    talk.ask("EHLO client.example").await;
    talk.ask("MAIL FROM:<ines@orveane.example>").await;
    talk.ask("STARTTLS").await;
    let mut talk = handshake(talk, pki.client(None)).await.unwrap();
    assert!(talk.ask("RCPT TO:<paul@partner.example>").await.starts_with("503"));
    assert!(talk.ask("MAIL FROM:<ines@orveane.example>").await.starts_with("503"), "EHLO forgotten");
    assert!(!talk.ask("EHLO client.example").await.contains("STARTTLS"));
    assert!(talk.ask("STARTTLS").await.starts_with("503"));
    talk.begin().await;
    assert!(talk.ask("x\r\n.").await.starts_with("250"));
    assert!(talk.desk.last().client.tls);
}

#[tokio::test]
async fn c03_a_failed_handshake_leaves_no_conversation() {
    let pki = Pki::new();
    let talk = until_tls(&pki, relay_clients()).await;
    let Talk { mut stream, server, desk, .. } = talk;
    tokio::io::AsyncWriteExt::write_all(&mut stream, b"EHLO client.example\r\nMAIL FROM:<a@b.example>\r\n")
        .await
        .unwrap();
    server.await.unwrap();
    assert_eq!(desk.count(), 0);
}

#[tokio::test]
async fn c05_a_certificate_tells_who_connects() {
    let pki = Pki::new();
    let clients = Clients::new(vec![DeclaredClient {
        name: "connector".into(),
        certificate_names: vec!["mail.orveane.example".into()],
        ..DeclaredClient::default()
    }]);
    let mut plain = Talk::with(PEER, settings(&pki, clients.clone()), b"");
    plain.hear().await;
    plain.ask("EHLO client.example").await;
    assert!(plain.ask("MAIL FROM:<ines@orveane.example>").await.starts_with("530 5.7.0"));

    for (identity, code) in [
        (Some(pki.identity("mail.orveane.example")), "250"),
        (Some(pki.identity("mail.evil.example")), "550 5.7.1"),
        (None, "550 5.7.1"),
    ] {
        let mut talk = handshake(until_tls(&pki, clients.clone()).await, pki.client(identity)).await.unwrap();
        talk.ask("EHLO client.example").await;
        assert!(talk.ask("MAIL FROM:<ines@orveane.example>").await.starts_with(code));
    }

    let other = Pki::new();
    let mut config = pki.client(Some(other.identity("mail.orveane.example")));
    config.enable_early_data = false;
    let refused = match handshake(until_tls(&pki, clients).await, config).await {
        Err(_) => true,
        Ok(mut talk) => talk.hear().await.is_empty(),
    };
    assert!(refused, "a certificate of another authority");
}

#[tokio::test]
async fn c05_a_client_that_requires_tls_submits_nothing_without() {
    let pki = Pki::new();
    let clients = Clients::new(vec![DeclaredClient {
        name: "mail".into(),
        networks: vec!["192.0.2.0/24".parse().unwrap()],
        requires_tls: true,
        ..DeclaredClient::default()
    }]);
    let mut talk = Talk::with(PEER, settings(&pki, clients.clone()), b"");
    talk.hear().await;
    talk.ask("EHLO client.example").await;
    assert!(talk.ask("MAIL FROM:<ines@orveane.example>").await.starts_with("530 5.7.0"));
    let mut talk = handshake(until_tls(&pki, clients).await, pki.client(None)).await.unwrap();
    talk.ask("EHLO client.example").await;
    assert!(talk.ask("MAIL FROM:<ines@orveane.example>").await.starts_with("250"));
}

#[tokio::test]
async fn c04_implicit_tls() {
    let pki = Pki::new();
    let (stream, server) = duplex(64 * 1024);
    let desk = Arc::new(Desk::default());
    let (trigger, signal) = shutdown();
    let service = Service::new(settings(&pki, relay_clients()), Arc::clone(&desk));
    let server = tokio::spawn(serve(server, PEER, true, service, signal));
    let talk =
        Talk { stream, desk, trigger: Some(trigger), server, transcript: String::new(), heard: Vec::new() };
    let mut talk = handshake(talk, pki.client(None)).await.unwrap();
    assert!(talk.hear().await.starts_with("220 gateway.example"));
    assert!(!talk.ask("EHLO client.example").await.contains("STARTTLS"));
    talk.begin().await;
    assert!(talk.ask("x\r\n.").await.starts_with("250"));
}
