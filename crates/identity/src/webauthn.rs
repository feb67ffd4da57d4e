//! Security keys and passkeys (clauses A1, A2): what a browser brings back is checked here, by the steps of W3C Web
//! Authentication Level 3, §7.1 (registration) and §7.2 (authentication).
//!
//! A key is a *second* factor that checks the person (PIN, fingerprint): user verification is always asked for, and
//! always required. Attestation is not asked for unless an organisation lists the models it accepts, and proves them only where it
//! asks for that, with certificates that its operator placed; one that comes unasked is not believed. **Promises.** Nothing here panics or loops over its bounds whatever the bytes; a response is good
//! for one relying party, one origin, one challenge, one credential. Keeping a challenge single, and a counter moving
//! forward under concurrency, is the business of whoever holds the transaction.

mod aaguid;
mod assertion;
mod attestation;
mod authenticator;
mod cbor;
mod client_data;
mod cose;
mod key_signature;
mod registration;
mod relying_party;

pub use aaguid::{Aaguid, AaguidError};
pub use assertion::Assertion;
pub use attestation::{Roots, RootsError};
pub use key_signature::{KeySignature, challenge_of, key_bytes};
pub use registration::{Models, Proof, Registration};
pub use relying_party::RelyingParty;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use vocabulary::Entropy;
use vocabulary::entropy::random;

/// What a browser may send back, characters of JSON. An RSA key of 4,096 bits with its attestation fits many times.
pub const RESPONSE_CHARS_MAX: usize = 64 * 1024;
/// A credential's id, bytes (Level 3, §5.8.3).
pub const CREDENTIAL_ID_BYTES_MAX: usize = 1_023;

/// Why a response is refused. For logs and tests; a person reads "the key did not prove that it is you".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebauthnError {
    /// It is not what a browser sends: JSON, base64url, CBOR or COSE is broken, or over its bound.
    #[error("the response is malformed: {0}")]
    Malformed(&'static str),
    /// It answers another kind of question.
    #[error("the response is of another ceremony")]
    Type,
    /// It answers another challenge.
    #[error("the response answers another challenge")]
    Challenge,
    /// It was given to another site, or inside a frame of one.
    #[error("the response was given to another origin")]
    Origin,
    /// The authenticator was asked by another site.
    #[error("the response is for another relying party")]
    RelyingParty,
    /// Nobody touched the authenticator.
    #[error("nobody was present at the authenticator")]
    NotPresent,
    /// The authenticator did not check who touched it.
    #[error("the authenticator did not verify its user")]
    NotVerified,
    /// What it says of being copied contradicts itself, or what it said before.
    #[error("the backup state contradicts itself, or what was said at registration")]
    Backup,
    /// Its algorithm is none of those offered.
    #[error("the algorithm was not offered")]
    Algorithm,
    /// The signature is not the credential's.
    #[error("the signature does not verify")]
    Signature,
    /// It is another credential, or of another user.
    #[error("the response is of another credential")]
    Credential,
    /// The organisation accepts other models only.
    #[error("authenticators of this model are not accepted")]
    Model,
    /// The attestation is not one that is believed.
    #[error("the attestation does not hold")]
    Attestation,
}

/// 32 random bytes that an authenticator signs (§13.4.3 asks for 16).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Challenge([u8; 32]);

impl Challenge {
    /// A new one.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(random(entropy))
    }

    /// One that says something: the hash of what is decided.
    #[must_use]
    pub const fn of_hash(hash: [u8; 32]) -> Self {
        Self(hash)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// As options carry it.
    #[must_use]
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

/// A credential as it is kept. The key is public; what makes it worth sealing is that it says which account it is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// The id the authenticator knows it by.
    pub id: Vec<u8>,
    /// The public key, as COSE (RFC 9052 §7).
    pub key: Vec<u8>,
    /// The model, as the authenticator says.
    pub aaguid: Aaguid,
    /// It may be copied to other devices of its holder. Fixed for the credential's life (§6.1.3).
    pub backup_eligible: bool,
    /// How the browser reached it: hints for the next time.
    pub transports: Vec<String>,
}

/// What a signature counter tells (§7.2 step 22).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counter {
    /// It moved forward, or the authenticator has none (both are zero): keep this.
    Good(u32),
    /// It stood still or went back: there may be two copies of the private key.
    WentBack,
}

/// Compares the counter of an assertion with the one kept.
#[must_use]
pub const fn judge(kept: u32, presented: u32) -> Counter {
    if (kept == 0 && presented == 0) || presented > kept {
        Counter::Good(presented)
    } else {
        Counter::WentBack
    }
}

fn base64url(text: &str) -> Result<Vec<u8>, WebauthnError> {
    // Some browsers pad.
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| WebauthnError::Malformed("base64url"))
}

/// Reads JSON of a browser, within bounds.
fn json<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, WebauthnError> {
    if text.len() > RESPONSE_CHARS_MAX {
        return Err(WebauthnError::Malformed("too long"));
    }
    serde_json::from_str(text).map_err(|_| WebauthnError::Malformed("JSON"))
}

#[cfg(test)]
mod tests;
