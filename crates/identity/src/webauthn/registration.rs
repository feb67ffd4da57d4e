//! Registration (§7.1): a key is made, and shows what it is.

use serde::Deserialize;
use vocabulary::Timestamp;

use super::attestation::{Roots, prove};
use super::authenticator::{Attested, AuthenticatorData};
use super::cbor::{self, Item};
use super::client_data::{Ceremony, ClientData};
use super::cose::ALGORITHMS;
use super::{Aaguid, Challenge, Credential, RelyingParty, WebauthnError, base64url, json};

/// Transports kept of one credential.
const TRANSPORTS_MAX: usize = 8;

/// The models an organisation accepts, by AAGUID; empty is all of them.
///
/// Without a [`Proof`] the AAGUID is what the authenticator says of itself: a list keeps honest people to the models
/// the organisation hands out, it does not prove that a key is one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Models(pub Vec<Aaguid>);

impl Models {
    pub(super) fn check(&self, aaguid: Aaguid) -> Result<(), WebauthnError> {
        if self.0.is_empty() || (aaguid.0 != [0; 16] && self.0.contains(&aaguid)) {
            Ok(())
        } else {
            Err(WebauthnError::Model)
        }
    }

    /// Whether the browser is asked for what the authenticator says of itself.
    #[must_use]
    pub fn conveyance(&self) -> &'static str {
        if self.0.is_empty() { "none" } else { "direct" }
    }
}

/// With what a model is proved: by a maker's certificates.
#[derive(Debug, Clone)]
pub struct Proof {
    /// Whom to trust.
    pub roots: Roots,
    /// Certificates must be valid now.
    pub now: Timestamp,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(rename = "type")]
    kind: String,
    #[serde(rename = "rawId")]
    raw_id: String,
    response: WireResponse,
}

#[derive(Deserialize)]
struct WireResponse {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    #[serde(rename = "attestationObject")]
    attestation: String,
    #[serde(default)]
    transports: Vec<String>,
}

/// What a browser brings back from `navigator.credentials.create()`, as `toJSON()` writes it (§5.1).
#[derive(Debug)]
pub struct Registration {
    raw_id: Vec<u8>,
    client: ClientData,
    attestation: Vec<u8>,
    transports: Vec<String>,
}

impl Registration {
    /// The algorithms that options offer.
    pub const ALGORITHMS: [i64; 3] = ALGORITHMS;

    /// Reads it.
    ///
    /// # Errors
    /// [`WebauthnError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, WebauthnError> {
        let wire: Wire = json(text)?;
        if wire.kind != "public-key" {
            return Err(WebauthnError::Malformed("type of credential"));
        }
        let is_word =
            |text: &String| text.len() <= 16 && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        let transports = wire.response.transports.into_iter().filter(is_word).take(TRANSPORTS_MAX).collect();
        Ok(Self {
            raw_id: base64url(&wire.raw_id)?,
            client: ClientData::parse(&base64url(&wire.response.client_data)?)?,
            attestation: base64url(&wire.response.attestation)?,
            transports,
        })
    }

    /// The challenge it says it answers: to be looked up and used up.
    #[must_use]
    pub fn challenge(&self) -> Option<Challenge> {
        self.client.challenge()
    }

    /// Checks it; the credential and its first counter.
    ///
    /// # Errors
    /// [`WebauthnError`] says which step fails.
    pub fn verify(
        self,
        party: &RelyingParty,
        challenge: Challenge,
        models: &Models,
    ) -> Result<(Credential, u32), WebauthnError> {
        self.verify_proved(party, challenge, models, None)
    }

    /// As [`Registration::verify`], and the model is proved.
    ///
    /// # Errors
    /// As there; [`WebauthnError::Attestation`] when no certificate that is trusted vouches for the model.
    pub fn verify_proved(
        self,
        party: &RelyingParty,
        challenge: Challenge,
        models: &Models,
        proof: Option<&Proof>,
    ) -> Result<(Credential, u32), WebauthnError> {
        self.client.check(Ceremony::Create, challenge, party)?;
        let object = cbor::read_whole(&self.attestation)?;
        let field = |name| object.named(name).ok_or(WebauthnError::Malformed("attestation object"));
        let (format, statement) = (field("fmt")?, field("attStmt")?);
        let raw = field("authData")?.bytes().ok_or(WebauthnError::Malformed("authenticator data"))?;
        let data = AuthenticatorData::parse(raw)?;
        data.check(party)?;
        let (counter, backup_eligible, user) = (data.counter, data.backup_eligible(), data.check_user());
        let made = data.attested.ok_or(WebauthnError::Malformed("no credential"))?;
        if made.id != self.raw_id {
            return Err(WebauthnError::Credential);
        }
        let signed = [raw, self.client.hash()].concat();
        match proof {
            None => attestation(format, statement, &made, &signed)?,
            Some(Proof { roots, now }) if format.text() == Some("packed") => {
                prove(statement, &made, &signed, roots, *now)?;
            }
            Some(_) => return Err(WebauthnError::Attestation),
        }
        models.check(made.aaguid)?;
        user?;
        let Attested { aaguid, id, cose, .. } = made;
        Ok((Credential { id, key: cose, aaguid, backup_eligible, transports: self.transports }, counter))
    }
}

/// No statement (§8.7), or one signed by the new key itself (§8.2): checked. Any other is let be and proves nothing.
fn attestation(format: &Item, statement: &Item, made: &Attested, signed: &[u8]) -> Result<(), WebauthnError> {
    match format.text() {
        Some("none") if *statement == Item::Map(Vec::new()) => Ok(()),
        Some("packed") if statement.named("x5c").is_none() => {
            let algorithm = statement.named("alg").and_then(Item::int);
            let signature = statement.named("sig").and_then(Item::bytes).ok_or(WebauthnError::Attestation)?;
            if algorithm != Some(made.key.algorithm()) {
                return Err(WebauthnError::Attestation);
            }
            made.key.verify(signed, signature).map_err(|_| WebauthnError::Attestation)
        }
        Some("packed" | "tpm" | "android-key" | "android-safetynet" | "fido-u2f" | "apple" | "compound") => {
            Ok(())
        }
        _ => Err(WebauthnError::Attestation),
    }
}
