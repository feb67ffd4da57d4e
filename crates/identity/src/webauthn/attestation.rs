//! The certificates with which a maker vouches for a model (§8.2, `packed` with `x5c`): without them an AAGUID is what a key says
//! of itself.

use std::sync::Arc;
use std::time::Duration;

use pki_types::pem::PemObject as _;
use pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime};
use vocabulary::Timestamp;
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert, aws_lc_rs as algorithms};
use x509_parser::prelude::{FromDer as _, X509Certificate, X509Version};

use super::authenticator::Attested;
use super::cbor::Item;
use super::{Aaguid, WebauthnError};

/// Certificates of a chain, the leaf's included.
const CHAIN_MAX: usize = 6;
/// One certificate, bytes.
const CERTIFICATE_BYTES_MAX: usize = 8 * 1024;
/// `id-fido-gen-ce-aaguid`: 1.3.6.1.4.1.45724.1.1.4 (§8.2.1).
const AAGUID_EXTENSION: &str = "1.3.6.1.4.1.45724.1.1.4";
/// `anyExtendedKeyUsage` (RFC 5280 §4.2.1.12): makers name no purpose; one that names another is let be.
const ANY_USAGE: &[u8] = &[0x55, 0x1d, 0x25, 0x00];
/// What signs certificates and statements.
static ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    algorithms::ECDSA_P256_SHA256,
    algorithms::ECDSA_P256_SHA384,
    algorithms::ECDSA_P384_SHA256,
    algorithms::ECDSA_P384_SHA384,
    algorithms::ED25519,
    algorithms::RSA_PKCS1_2048_8192_SHA256,
    algorithms::RSA_PKCS1_2048_8192_SHA384,
    algorithms::RSA_PKCS1_2048_8192_SHA512,
];

/// Certificates that an operator placed: of makers, or of single models.
#[derive(Debug, Clone, Default)]
pub struct Roots(Arc<Vec<CertificateDer<'static>>>);

/// A file holds no certificate that can be trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no certificate in PEM that can be trusted: {0}")]
pub struct RootsError(String);

impl Roots {
    /// Of files in PEM, each with one certificate or several.
    ///
    /// # Errors
    /// One holds none, or one that cannot be read.
    pub fn from_pem<'p>(files: impl IntoIterator<Item = &'p [u8]>) -> Result<Self, RootsError> {
        let mut all = Vec::new();
        for file in files {
            let before = all.len();
            for certificate in CertificateDer::pem_slice_iter(file) {
                let certificate = certificate.map_err(|error| RootsError(error.to_string()))?;
                X509Certificate::from_der(&certificate).map_err(|error| RootsError(error.to_string()))?;
                all.push(certificate);
            }
            if all.len() == before {
                return Err(RootsError("an empty file".into()));
            }
        }
        Ok(Self(Arc::new(all)))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// There is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A certificate is trusted itself, or leads to one that is.
    fn vouch(&self, leaf: &CertificateDer<'_>, between: &[CertificateDer<'_>], now: Timestamp) -> bool {
        if self.0.iter().any(|placed| placed.as_ref() == leaf.as_ref()) {
            return true;
        }
        // One that is trusted itself and is no authority is no anchor.
        let anchors: Vec<TrustAnchor<'_>> =
            self.0.iter().filter_map(|placed| anchor_from_trusted_cert(placed).ok()).collect();
        let seconds = u64::try_from(now.seconds()).unwrap_or(0);
        let time = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let usage = KeyUsage::required_if_present(ANY_USAGE);
        EndEntityCert::try_from(leaf).is_ok_and(|end| {
            end.verify_for_usage(ALGORITHMS, &anchors, between, time, usage, None, None).is_ok()
        })
    }
}

/// The maker's certificates say what model made a credential (§8.2 with `x5c`).
pub(super) fn prove(
    statement: &Item,
    made: &Attested,
    signed: &[u8],
    roots: &Roots,
    now: Timestamp,
) -> Result<(), WebauthnError> {
    const FAILS: WebauthnError = WebauthnError::Attestation;
    let Some(Item::Array(chain)) = statement.named("x5c") else { return Err(FAILS) };
    let certificate = |item: &Item| {
        let bytes = item.bytes().filter(|bytes| bytes.len() <= CERTIFICATE_BYTES_MAX)?;
        Some(CertificateDer::from(bytes.to_vec()))
    };
    let chain: Vec<CertificateDer<'static>> =
        chain.iter().take(CHAIN_MAX + 1).map(certificate).collect::<Option<_>>().ok_or(FAILS)?;
    let (leaf, between) = chain.split_first().filter(|_| chain.len() <= CHAIN_MAX).ok_or(FAILS)?;
    let signature = statement.named("sig").and_then(Item::bytes).ok_or(FAILS)?;
    let algorithm: Vec<&dyn SignatureVerificationAlgorithm> = match statement.named("alg").and_then(Item::int)
    {
        Some(-7) => vec![algorithms::ECDSA_P256_SHA256, algorithms::ECDSA_P384_SHA256],
        Some(-8) => vec![algorithms::ED25519],
        Some(-35) => vec![algorithms::ECDSA_P384_SHA384],
        Some(-257) => vec![algorithms::RSA_PKCS1_2048_8192_SHA256],
        _ => return Err(FAILS),
    };
    let end = EndEntityCert::try_from(leaf).map_err(|_| FAILS)?;
    if !algorithm.iter().any(|one| end.verify_signature(*one, signed, signature).is_ok()) {
        return Err(FAILS);
    }
    requirements(leaf, made.aaguid).ok_or(FAILS)?;
    if roots.vouch(leaf, between, now) { Ok(()) } else { Err(FAILS) }
}

/// What a certificate that vouches for a model must say (§8.2.1). The model must stand in it: a maker's certificate leads to
/// every model of that maker.
fn requirements(leaf: &CertificateDer<'_>, aaguid: Aaguid) -> Option<()> {
    let (rest, certificate) = X509Certificate::from_der(leaf).ok()?;
    if !rest.is_empty() || certificate.version() != X509Version::V3 || certificate.is_ca() {
        return None;
    }
    let subject = certificate.subject();
    let unit = subject.iter_organizational_unit().next()?.as_str().ok()?;
    let named = subject.iter_country().next().is_some()
        && subject.iter_organization().next().is_some()
        && subject.iter_common_name().next().is_some();
    if unit != "Authenticator Attestation" || !named {
        return None;
    }
    let mut models = certificate.extensions().iter().filter(|one| one.oid.to_id_string() == AAGUID_EXTENSION);
    let (model, None) = (models.next()?, models.next()) else { return None };
    // An OCTET STRING of 16 bytes, within the extension's own.
    let said = model.value.strip_prefix(&[0x04, 0x10])?;
    (!model.critical && said == aaguid.0).then_some(())
}

#[cfg(test)]
#[path = "tests_attestation.rs"]
mod tests;
