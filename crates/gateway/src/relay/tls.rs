//! What a certificate must be, and what it turned out to be.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

/// Which certificates will do.
#[derive(Debug, Clone)]
pub(super) enum Rule {
    /// Any: the connection is private, not proven.
    Anyone,
    /// One that leads to the roots and bears one of the names.
    Named { roots: Arc<WebPkiServerVerifier>, names: Vec<ServerName<'static>> },
}

/// What the check found, for evidence.
#[derive(Debug, Default)]
pub(super) struct Report(Mutex<Option<Result<String, String>>>);

impl Report {
    fn say(&self, what: Result<String, String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(what);
    }

    fn said(&self) -> Option<Result<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the certificate was verified by; `None`: it was not.
    pub(super) fn verified_by(&self) -> Option<String> {
        self.said().and_then(Result::ok)
    }

    /// Why it would have been refused, where the rule only watches.
    pub(super) fn failed(&self) -> Option<String> {
        self.said().and_then(Result::err)
    }
}

/// A rule at work in one handshake. That the server holds the certificate's key is always checked.
pub(super) struct Check {
    rule: Rule,
    report: Arc<Report>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Check {
    pub(super) fn new(rule: Rule, report: Arc<Report>) -> Self {
        Self { rule, report, algorithms: aws_lc_rs::default_provider().signature_verification_algorithms }
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check").field("rule", &self.rule).finish_non_exhaustive()
    }
}

impl ServerCertVerifier for Check {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match &self.rule {
            Rule::Anyone => Ok(ServerCertVerified::assertion()),
            Rule::Named { roots, names } => {
                let mut why = Error::InvalidCertificate(CertificateError::NotValidForName);
                for name in names {
                    match roots.verify_server_cert(end_entity, intermediates, name, ocsp, now) {
                        Ok(verified) => {
                            self.report.say(Ok(format!("roots, as {}", name.to_str())));
                            return Ok(verified);
                        }
                        Err(error) => why = error,
                    }
                }
                Err(why)
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
