//! What a certificate must be, and what it turned out to be.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

use super::dane::{self, Tlsa};

/// Which certificates will do.
#[derive(Debug, Clone)]
pub(super) enum Rule {
    /// Any: the connection is private, not proven.
    Anyone,
    /// One that leads to the roots and bears one of the names.
    Named { roots: Arc<WebPkiServerVerifier>, names: Vec<ServerName<'static>> },
    /// Any, and it is told whether the other rule would have taken it, or what is wrong whatever it shows.
    Watched { roots: Arc<WebPkiServerVerifier>, names: Vec<ServerName<'static>>, wrong: Option<String> },
    /// One that DNSSEC names; the names are those a chain to an authority must end in.
    Dane { records: Vec<Tlsa>, names: Vec<ServerName<'static>> },
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

/// What a server showed.
struct Shown<'s> {
    end_entity: &'s CertificateDer<'s>,
    intermediates: &'s [CertificateDer<'s>],
    ocsp: &'s [u8],
    now: UnixTime,
}

impl Shown<'_> {
    /// What it was verified by.
    fn named(&self, roots: &WebPkiServerVerifier, names: &[ServerName<'static>]) -> Result<String, Error> {
        let mut why = Error::InvalidCertificate(CertificateError::NotValidForName);
        for name in names {
            match roots.verify_server_cert(self.end_entity, self.intermediates, name, self.ocsp, self.now) {
                Ok(_) => return Ok(format!("roots, as {}", name.to_str())),
                Err(error) => why = error,
            }
        }
        Err(why)
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
        let shown = Shown { end_entity, intermediates, ocsp, now };
        let found = match &self.rule {
            Rule::Anyone => return Ok(ServerCertVerified::assertion()),
            Rule::Named { roots, names } => shown.named(roots, names)?,
            Rule::Watched { wrong: Some(wrong), .. } => {
                self.report.say(Err(wrong.clone()));
                return Ok(ServerCertVerified::assertion());
            }
            Rule::Watched { roots, names, wrong: None } => {
                self.report.say(shown.named(roots, names).map_err(|error| error.to_string()));
                return Ok(ServerCertVerified::assertion());
            }
            Rule::Dane { records, names } => dane::verify(records, names, end_entity, intermediates, now)
                .ok_or(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))?,
        };
        self.report.say(Ok(found));
        Ok(ServerCertVerified::assertion())
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
