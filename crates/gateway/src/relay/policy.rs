//! What a route asks of its connections: how much TLS, proven by what.

use std::fmt;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};

use super::tls::{Check, Report, Rule};
use crate::tls::VERSIONS;

/// What a connection must be before a message goes over it.
///
/// The floor holds for every host. DANE and MTA-STS raise it for domains that publish them, and never lower it.
#[derive(Clone, Default)]
pub struct TlsPolicy {
    floor: Floor,
    pub(super) roots: Option<Arc<WebPkiServerVerifier>>,
    names: Vec<ServerName<'static>>,
    identity: Option<Arc<Identity>>,
    pub(super) dane: bool,
    pub(super) mta_sts: bool,
}

/// The least a connection must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Floor {
    /// Plain text: a next hop on the same machine or network segment.
    #[default]
    None,
    /// TLS where offered, whatever certificate it shows; plain text where it is not offered or fails, and that is recorded
    /// in [`Hop`](super::Hop) (RFC 7435).
    Opportunistic,
    /// TLS or nothing, whatever certificate it shows: nobody who only listens reads along.
    Required,
    /// TLS with a certificate that leads to the roots and bears the name; otherwise messages wait.
    Verified,
}

impl Floor {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Opportunistic => "opportunistic",
            Self::Required => "required",
            Self::Verified => "verified",
        }
    }
}

/// A certificate of ours that we show to whoever asks for one, and its key.
pub struct Identity {
    /// The certificate first, then what leads to its authority.
    pub chain: Vec<CertificateDer<'static>>,
    /// Its key.
    pub key: PrivateKeyDer<'static>,
}

/// The policy cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// Certificates are to be verified against nothing.
    #[error("the certificates to verify against: {0}")]
    Roots(#[from] rustls::client::VerifierBuilderError),
    /// A name that no certificate can bear.
    #[error("{0:?} is not a name a certificate can bear")]
    Name(String),
    /// Our certificate and key do not belong together, or are of a kind we cannot use.
    #[error("our certificate or its key: {0}")]
    Identity(#[from] rustls::Error),
}

impl TlsPolicy {
    /// Plain text.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// TLS where offered.
    #[must_use]
    pub fn opportunistic() -> Self {
        Self { floor: Floor::Opportunistic, ..Self::default() }
    }

    /// TLS or nothing, whoever answers.
    #[must_use]
    pub fn required() -> Self {
        Self { floor: Floor::Required, ..Self::default() }
    }

    /// TLS with a certificate under `roots` that bears one of `names`; without names, that of the host connected to.
    ///
    /// # Errors
    /// There are no roots, or a name is none.
    pub fn verified(roots: RootCertStore, names: &[String]) -> Result<Self, PolicyError> {
        let name =
            |name: &String| ServerName::try_from(name.clone()).map_err(|_| PolicyError::Name(name.clone()));
        let names = names.iter().map(name).collect::<Result<_, _>>()?;
        Self { floor: Floor::Verified, names, ..Self::default() }.with_roots(roots)
    }

    /// Believes what DNSSEC says of a host's certificate (RFC 7672), above the floor.
    #[must_use]
    pub fn with_dane(self) -> Self {
        Self { dane: true, ..self }
    }

    /// Asks for what domains ask by MTA-STS (RFC 8461), above the floor. Policy hosts and mail exchangers are verified
    /// against `roots`.
    ///
    /// # Errors
    /// There are no roots.
    pub fn with_mta_sts(self, roots: RootCertStore) -> Result<Self, PolicyError> {
        Ok(Self { mta_sts: true, ..self.with_roots(roots)? })
    }

    /// Shows `identity` to hosts that ask for a certificate.
    ///
    /// # Errors
    /// It cannot be used.
    pub fn showing(self, identity: Identity) -> Result<Self, PolicyError> {
        let policy = Self { identity: Some(Arc::new(identity)), ..self };
        policy.client(Rule::Anyone)?;
        Ok(policy)
    }

    fn with_roots(self, roots: RootCertStore) -> Result<Self, PolicyError> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build()?;
        Ok(Self { roots: Some(verifier), ..self })
    }

    /// What the floor asks of a connection to `host`.
    pub(super) fn at(&self, host: &str) -> Demand {
        let rule = match (self.floor, &self.roots) {
            (Floor::None, _) => None,
            (Floor::Verified, Some(roots)) => Some(self.named(roots, host)),
            _ => Some(Rule::Anyone),
        };
        let plain = matches!(self.floor, Floor::None | Floor::Opportunistic);
        Demand { policy: self.floor.word(), plain, rule, sni: None }
    }

    fn named(&self, roots: &Arc<WebPkiServerVerifier>, host: &str) -> Rule {
        let own = || ServerName::try_from(host.to_owned()).ok();
        let names = if self.names.is_empty() { own().into_iter().collect() } else { self.names.clone() };
        Rule::Named { roots: Arc::clone(roots), names }
    }

    /// Everything a handshake needs. Made anew for each connection: what was verified is then what this connection showed,
    /// and no session is resumed that another rule accepted.
    pub(super) fn client(&self, rule: Rule) -> Result<(Arc<ClientConfig>, Arc<Report>), rustls::Error> {
        let report = Arc::new(Report::default());
        let check = Arc::new(Check::new(rule, Arc::clone(&report)));
        let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(VERSIONS)?
            .dangerous()
            .with_custom_certificate_verifier(check);
        let mut config = match &self.identity {
            Some(identity) => {
                builder.with_client_auth_cert(identity.chain.clone(), identity.key.clone_key())?
            }
            None => builder.with_no_client_auth(),
        };
        config.resumption = rustls::client::Resumption::disabled();
        Ok((Arc::new(config), report))
    }
}

impl fmt::Debug for TlsPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsPolicy")
            .field("floor", &self.floor)
            .field("names", &self.names)
            .field("shows_certificate", &self.identity.is_some())
            .field("dane", &self.dane)
            .field("mta_sts", &self.mta_sts)
            .finish_non_exhaustive()
    }
}

/// What one connection must be.
#[derive(Debug, Clone)]
pub(super) struct Demand {
    /// How evidence names what was asked.
    pub(super) policy: &'static str,
    /// Plain text will do.
    pub(super) plain: bool,
    /// What the certificate must be; `None`: TLS is not tried.
    pub(super) rule: Option<Rule>,
    /// The name asked for in the handshake; `None`: the host's.
    pub(super) sni: Option<String>,
}
