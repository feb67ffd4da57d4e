//! The signature of a security key over a statement, as evidence keeps it: whoever holds it checks it without us, years later.

use aws_lc_rs::digest;
use serde::{Deserialize, Serialize};

use super::authenticator::AuthenticatorData;
use super::{Aaguid, Assertion, Challenge, Credential, RelyingParty, WebauthnError, base64url};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// An assertion whose challenge is the SHA-256 of a statement. All byte strings are base64url without padding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeySignature {
    /// The statement: text, whose bytes are hashed.
    pub statement: String,
    /// Where the key was used: `https://console.bank.example`.
    pub origin: String,
    /// The credential's id.
    pub credential: String,
    /// Its public key, as COSE (RFC 9052 §7).
    pub key: String,
    /// What the authenticator said (§6.1).
    pub authenticator_data: String,
    /// What the browser said, byte for byte (§5.8.1).
    pub client_data: String,
    /// Over both.
    pub signature: String,
}

/// What a key signs for a statement.
#[must_use]
pub fn challenge_of(statement: &str) -> Challenge {
    let mut hash = [0; 32];
    let digest = digest::digest(&digest::SHA256, statement.as_bytes());
    for (into, byte) in hash.iter_mut().zip(digest.as_ref()) {
        *into = *byte;
    }
    Challenge::of_hash(hash)
}

/// The bytes of a key as [`KeySignature`] writes it.
///
/// # Errors
/// [`WebauthnError::Malformed`].
pub fn key_bytes(text: &str) -> Result<Vec<u8>, WebauthnError> {
    base64url(text)
}

impl KeySignature {
    /// Of an assertion that was checked against its credential.
    #[must_use]
    pub fn of(statement: String, party: &RelyingParty, key: &Credential, assertion: &Assertion) -> Self {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        Self {
            statement,
            origin: party.origin().to_owned(),
            credential: text(&key.id),
            key: text(&key.key),
            authenticator_data: text(&assertion.data),
            client_data: text(&assertion.written),
            signature: text(&assertion.signature),
        }
    }

    /// The key signed the statement: somebody was present, the authenticator knew who, at that origin.
    ///
    /// # Errors
    /// [`WebauthnError`] says which step fails.
    pub fn verify(&self) -> Result<(), WebauthnError> {
        let party = RelyingParty::of(&self.origin).filter(|party| party.origin() == self.origin);
        let party = party.ok_or(WebauthnError::Origin)?;
        let data = base64url(&self.authenticator_data)?;
        let credential = Credential {
            id: base64url(&self.credential)?,
            key: base64url(&self.key)?,
            aaguid: Aaguid([0; 16]),
            // Under the signature, and fixed when the key was made: what it says now is what it said then.
            backup_eligible: AuthenticatorData::parse(&data)?.backup_eligible(),
            transports: Vec::new(),
        };
        let (id, client) = (credential.id.clone(), base64url(&self.client_data)?);
        let assertion = Assertion::of_parts(id, client, data, base64url(&self.signature)?)?;
        assertion.verify(&party, challenge_of(&self.statement), &credential, &[]).map(drop)
    }
}
