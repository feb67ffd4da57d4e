//! TLS of a listener: its own certificate, and whose client certificates it believes.
//!
//! A mail server shows the certificate it has, as a client too. Public authorities no longer issue certificates that say *for
//! clients* (Chrome Root Program Policy 1.6: none after June 2026), so one that says *for servers* tells who connects as well.

use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{ParsedCertificate, WebPkiClientVerifier};
use rustls::version::{TLS12, TLS13};
use rustls::{
    DigitallySignedStruct, DistinguishedName, RootCertStore, ServerConfig, SignatureScheme,
    SupportedProtocolVersion,
};

/// What mail is carried under, in and out: nothing older.
pub(crate) const VERSIONS: &[&SupportedProtocolVersion] = &[&TLS13, &TLS12];

/// What a listener shows and believes. TLS 1.2 and 1.3.
#[derive(Debug, Clone)]
pub struct ListenerTls {
    pub(crate) config: Arc<ServerConfig>,
    verifier: Option<Arc<dyn ClientCertVerifier>>,
    authorities: Arc<RootCertStore>,
}

/// The listener cannot speak TLS.
#[derive(Debug, thiserror::Error)]
pub enum ListenerTlsError {
    /// Certificate and key do not belong together, or are of a kind we cannot use.
    #[error("certificate or key: {0}")]
    Certificate(#[from] rustls::Error),
    /// No authority to verify client certificates against.
    #[error("authorities of client certificates: {0}")]
    Authorities(#[from] rustls::server::VerifierBuilderError),
}

impl ListenerTls {
    /// A listener with its own certificate. With `authorities`, clients are asked for theirs.
    ///
    /// A client certificate that does not verify proves nothing, and refuses nothing either: many mail servers show
    /// theirs to whoever asks. What it is worth is decided by [`crate::Clients`].
    ///
    /// # Errors
    /// The certificate, its key, or the authorities cannot be used.
    pub fn new(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
        authorities: Option<RootCertStore>,
    ) -> Result<Self, ListenerTlsError> {
        let asks = authorities.is_some();
        let authorities = Arc::new(authorities.unwrap_or_else(RootCertStore::empty));
        let verifier = if asks {
            Some(WebPkiClientVerifier::builder(Arc::clone(&authorities)).allow_unauthenticated().build()?)
        } else {
            None
        };
        let builder = ServerConfig::builder_with_protocol_versions(VERSIONS);
        let builder = match &verifier {
            None => builder.with_no_client_auth(),
            Some(verifier) => builder.with_client_cert_verifier(Arc::new(Asks(Arc::clone(verifier)))),
        };
        let mut config = builder.with_single_cert(chain, key)?;
        config.ignore_client_order = true;
        Ok(Self { config: Arc::new(config), verifier, authorities })
    }

    /// The certificate a client showed, if its chain leads to one of the authorities now. That the client holds its key
    /// was proven in the handshake.
    pub(crate) fn verified<'c>(
        &self,
        chain: Option<&'c [CertificateDer<'static>]>,
    ) -> Option<&'c CertificateDer<'static>> {
        let (certificate, between) = chain?.split_first()?;
        let (verifier, now) = (self.verifier.as_ref()?, UnixTime::now());
        let is_client = verifier.verify_client_cert(certificate, between, now).is_ok();
        (is_client || self.is_server(certificate, between, now)).then_some(certificate)
    }

    /// It is a server's. Its names are looked at where a client declares them.
    fn is_server(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> bool {
        let algorithms = aws_lc_rs::default_provider().signature_verification_algorithms.all;
        ParsedCertificate::try_from(certificate).is_ok_and(|parsed| {
            verify_server_cert_signed_by_trust_anchor(&parsed, &self.authorities, between, now, algorithms)
                .is_ok()
        })
    }
}

/// Asks for a certificate and has its signature checked, but leaves the chain to [`ListenerTls::verified`].
#[derive(Debug)]
struct Asks(Arc<dyn ClientCertVerifier>);

impl ClientCertVerifier for Asks {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.0.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}
