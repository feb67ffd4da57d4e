//! Client data (§5.8.1): what the browser says of the question it was asked, and by whom.

use aws_lc_rs::digest;
use serde::Deserialize;

use super::{Challenge, RelyingParty, WebauthnError, base64url};

/// Which ceremony is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ceremony {
    Create,
    Get,
}

#[derive(Debug, Deserialize)]
struct Said {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
    #[serde(rename = "topOrigin", default)]
    top_origin: Option<String>,
}

/// Client data, read. Fields a later specification adds are let be (§5.8.1).
#[derive(Debug)]
pub(super) struct ClientData {
    said: Said,
    hash: [u8; 32],
}

impl ClientData {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, WebauthnError> {
        let said = serde_json::from_slice(bytes).map_err(|_| WebauthnError::Malformed("client data"))?;
        let mut hash = [0; 32];
        let digest = digest::digest(&digest::SHA256, bytes);
        for (into, byte) in hash.iter_mut().zip(digest.as_ref()) {
            *into = *byte;
        }
        Ok(Self { said, hash })
    }

    /// What the authenticator signed of it.
    pub(super) const fn hash(&self) -> &[u8; 32] {
        &self.hash
    }

    /// The challenge it says it answers.
    pub(super) fn challenge(&self) -> Option<Challenge> {
        base64url(&self.said.challenge).ok()?.try_into().ok().map(Challenge)
    }

    /// It answers our question (§7.1 steps 7–11, §7.2 steps 10–14). We are never shown in a frame.
    pub(super) fn check(
        &self,
        ceremony: Ceremony,
        challenge: Challenge,
        party: &RelyingParty,
    ) -> Result<(), WebauthnError> {
        let kind = match ceremony {
            Ceremony::Create => "webauthn.create",
            Ceremony::Get => "webauthn.get",
        };
        if self.said.kind != kind {
            return Err(WebauthnError::Type);
        }
        if self.challenge() != Some(challenge) {
            return Err(WebauthnError::Challenge);
        }
        if self.said.origin != party.origin() || self.said.cross_origin || self.said.top_origin.is_some() {
            return Err(WebauthnError::Origin);
        }
        Ok(())
    }
}
