//! C01–C05: STARTTLS, implicit TLS, client certificates.

use std::sync::Arc;

use aws_lc_rs::digest;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio::io::{DuplexStream, duplex};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{Desk, PEER, Talk, relay_clients};
use crate::session::{Limits, Service, Settings, serve};
use crate::{Clients, DeclaredClient, ListenerTls, shutdown};

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
        self.identity_until(name, 2100)
    }

    pub(crate) fn identity_until(&self, name: &str, year: i32) -> Identity {
        self.identity_for(name, year, &[])
    }

    /// What it may be used for; anything when nothing is said.
    fn identity_for(&self, name: &str, year: i32, uses: &[ExtendedKeyUsagePurpose]) -> Identity {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(year, 1, 1);
        params.extended_key_usages = uses.to_vec();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (vec![certificate.der().clone()], PrivatePkcs8KeyDer::from(key.serialize_der()).into())
    }

    pub(crate) fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        roots.add(self.issuer.der().clone()).unwrap();
        roots
    }

    pub(crate) fn server(&self, name: &str) -> Arc<ServerConfig> {
        Arc::clone(&self.listener(name).config)
    }

    /// A listener, and the certificate it shows.
    pub(crate) fn listener_and_certificate(&self, name: &str) -> (Arc<ServerConfig>, Vec<u8>) {
        let (chain, key) = self.identity(name);
        let certificate = chain[0].to_vec();
        (ListenerTls::new(chain, key, Some(self.roots())).unwrap().config, certificate)
    }

    pub(crate) fn listener(&self, name: &str) -> ListenerTls {
        let (chain, key) = self.identity(name);
        ListenerTls::new(chain, key, Some(self.roots())).unwrap()
    }

    pub(crate) fn client(&self, identity: Option<Identity>) -> ClientConfig {
        let builder = ClientConfig::builder().with_root_certificates(self.roots());
        match identity {
            Some((chain, key)) => builder.with_client_auth_cert(chain, key).unwrap(),
            None => builder.with_no_client_auth(),
        }
    }
}

pub(super) fn settings(pki: &Pki, clients: Clients) -> Settings {
    Settings::new("gateway.example", clients, Limits::default(), Some(pki.listener("gateway.example")))
        .unwrap()
}

pub(super) async fn handshake(
    talk: Talk,
    config: ClientConfig,
) -> std::io::Result<Talk<TlsStream<DuplexStream>>> {
    let Talk { stream, desk, trigger, server, transcript, heard } = talk;
    let name = ServerName::try_from("gateway.example").unwrap();
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
    Ok(Talk { stream, desk, trigger, server, transcript, heard })
}

pub(super) async fn until_tls(pki: &Pki, clients: Clients) -> Talk {
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
    assert_eq!(talk.desk.last().client.tls.as_deref(), Some("TLSv1_3"));
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

    let (other, name) = (Pki::new(), "mail.orveane.example");
    let used = |uses: &[ExtendedKeyUsagePurpose]| pki.identity_for(name, 2100, uses);
    for (why, identity, code) in [
        ("good", Some(pki.identity("mail.orveane.example")), "250"),
        ("another name", Some(pki.identity("mail.evil.example")), "550 5.7.1"),
        ("none", None, "550 5.7.1"),
        ("another authority", Some(other.identity("mail.orveane.example")), "550 5.7.1"),
        ("expired", Some(pki.identity_until("mail.orveane.example", 2020)), "550 5.7.1"),
        ("for clients", Some(used(&[ExtendedKeyUsagePurpose::ClientAuth])), "250"),
        // All that public authorities issue now.
        ("for servers", Some(used(&[ExtendedKeyUsagePurpose::ServerAuth])), "250"),
        ("for signing code", Some(used(&[ExtendedKeyUsagePurpose::CodeSigning])), "550 5.7.1"),
        (
            "for servers, another authority",
            Some(other.identity_for(name, 2100, &[ExtendedKeyUsagePurpose::ServerAuth])),
            "550 5.7.1",
        ),
    ] {
        let mut talk = handshake(until_tls(&pki, clients.clone()).await, pki.client(identity)).await.unwrap();
        talk.ask("EHLO client.example").await;
        assert!(talk.ask("MAIL FROM:<ines@orveane.example>").await.starts_with(code), "{why}");
    }
}

#[tokio::test]
async fn c05_a_pinned_certificate_is_that_one_and_no_other() {
    let pki = Pki::new();
    let (pinned, same_name) = (pki.identity("mail.orveane.example"), pki.identity("mail.orveane.example"));
    let pin = digest::digest(&digest::SHA256, &pinned.0[0]).as_ref().try_into().unwrap();
    let clients = Clients::new(vec![DeclaredClient {
        name: "connector".into(),
        certificate_pins: vec![pin],
        ..DeclaredClient::default()
    }]);
    for (identity, code) in [(pinned, "250"), (same_name, "550 5.7.1")] {
        let client = pki.client(Some(identity));
        let mut talk = handshake(until_tls(&pki, clients.clone()).await, client).await.unwrap();
        talk.ask("EHLO client.example").await;
        assert!(talk.ask("MAIL FROM:<ines@orveane.example>").await.starts_with(code));
    }
}

/// Servers that show their own certificate to whoever asks are still known by their address.
#[tokio::test]
async fn c05_a_certificate_that_proves_nothing_refuses_nothing() {
    let (pki, other) = (Pki::new(), Pki::new());
    let client = pki.client(Some(other.identity("mta.example")));
    let mut talk = handshake(until_tls(&pki, relay_clients()).await, client).await.unwrap();
    talk.ask("EHLO client.example").await;
    assert!(talk.ask("MAIL FROM:<ines@orveane.example>").await.starts_with("250"));
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

/// The start of a handshake that offers one version and nothing newer: a ClientHello without `supported_versions`.
fn old_hello(minor: u8) -> Vec<u8> {
    // Suites that old clients had: ECDHE with RSA and ECDSA, AES-128-CBC, SHA-1.
    let suites = [0xc0, 0x13, 0xc0, 0x09, 0x00, 0x2f];
    let mut body = vec![3, minor];
    body.extend([7; 32]);
    body.extend([0, 0, suites.len() as u8]);
    body.extend(suites);
    body.extend([1, 0]);
    let mut record = vec![22, 3, minor, 0, (body.len() + 4) as u8, 1, 0, 0, body.len() as u8];
    record.extend(body);
    record
}

#[tokio::test]
async fn c04_tls_1_2_and_1_3_are_spoken_and_nothing_older() {
    let pki = Pki::new();
    for (version, name) in [(&rustls::version::TLS12, "TLSv1_2"), (&rustls::version::TLS13, "TLSv1_3")] {
        let client = ClientConfig::builder_with_protocol_versions(&[version])
            .with_root_certificates(pki.roots())
            .with_no_client_auth();
        let mut talk = handshake(until_tls(&pki, relay_clients()).await, client).await.unwrap();
        talk.ask("EHLO client.example").await;
        talk.begin().await;
        assert!(talk.ask("x\r\n.").await.starts_with("250"));
        assert_eq!(talk.desk.last().client.tls.as_deref(), Some(name));
    }
    // The order of suites is the server's.
    let mut provider = rustls::crypto::aws_lc_rs::default_provider();
    provider.cipher_suites.retain(|suite| suite.version() == &rustls::version::TLS12);
    provider.cipher_suites.reverse();
    let client = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&[&rustls::version::TLS12])
        .unwrap()
        .with_root_certificates(pki.roots())
        .with_no_client_auth();
    let talk = handshake(until_tls(&pki, relay_clients()).await, client).await.unwrap();
    let suite = talk.stream.get_ref().1.negotiated_cipher_suite().unwrap().suite();
    assert_eq!(suite, rustls::CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384);
    for minor in [0, 1, 2] {
        let mut talk = until_tls(&pki, relay_clients()).await;
        talk.send(&old_hello(minor)).await;
        let mut answer = Vec::new();
        let _ = tokio::io::AsyncReadExt::read_to_end(&mut talk.stream, &mut answer).await;
        assert_eq!(answer.first(), Some(&21), "an alert, and nothing else: {answer:?}");
        assert!(answer.len() <= 7 && talk.desk.count() == 0, "{answer:?}");
    }
}
