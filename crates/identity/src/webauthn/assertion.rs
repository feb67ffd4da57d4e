//! Authentication (§7.2): a key signs a challenge.

use serde::Deserialize;

use super::authenticator::AuthenticatorData;
use super::client_data::{Ceremony, ClientData};
use super::cose::Key;
use super::{Challenge, Credential, RelyingParty, WebauthnError, base64url, json};

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
    #[serde(rename = "authenticatorData")]
    data: String,
    signature: String,
    #[serde(rename = "userHandle", default)]
    user: Option<String>,
}

/// What a browser brings back from `navigator.credentials.get()`, as `toJSON()` writes it (§5.1).
#[derive(Debug)]
pub struct Assertion {
    id: Vec<u8>,
    client: ClientData,
    /// The client data as the browser wrote it.
    pub(super) written: Vec<u8>,
    pub(super) data: Vec<u8>,
    pub(super) signature: Vec<u8>,
    user: Option<Vec<u8>>,
}

impl Assertion {
    /// Reads it.
    ///
    /// # Errors
    /// [`WebauthnError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, WebauthnError> {
        let wire: Wire = json(text)?;
        if wire.kind != "public-key" {
            return Err(WebauthnError::Malformed("type of credential"));
        }
        let user = wire.response.user.as_deref().map(base64url).transpose()?;
        let assertion = Self::of_parts(
            base64url(&wire.raw_id)?,
            base64url(&wire.response.client_data)?,
            base64url(&wire.response.data)?,
            base64url(&wire.response.signature)?,
        )?;
        Ok(Self { user, ..assertion })
    }

    /// Of its parts, as they are kept: credential id, client data, authenticator data, signature.
    pub(super) fn of_parts(
        id: Vec<u8>,
        written: Vec<u8>,
        data: Vec<u8>,
        signature: Vec<u8>,
    ) -> Result<Self, WebauthnError> {
        let client = ClientData::parse(&written)?;
        Ok(Self { id, client, written, data, signature, user: None })
    }

    /// The credential it says it is of.
    #[must_use]
    pub fn credential(&self) -> &[u8] {
        &self.id
    }

    /// The challenge it says it answers: to be looked up and used up.
    #[must_use]
    pub fn challenge(&self) -> Option<Challenge> {
        self.client.challenge()
    }

    /// Checks it against the credential it names; the counter it shows, to be judged where the kept one cannot move.
    /// `user` is the handle the credential was made for.
    ///
    /// # Errors
    /// [`WebauthnError`] says which step fails.
    pub fn verify(
        &self,
        party: &RelyingParty,
        challenge: Challenge,
        credential: &Credential,
        user: &[u8],
    ) -> Result<u32, WebauthnError> {
        if self.id != credential.id || self.user.as_deref().is_some_and(|shown| shown != user) {
            return Err(WebauthnError::Credential);
        }
        self.client.check(Ceremony::Get, challenge, party)?;
        let data = AuthenticatorData::parse(&self.data)?;
        data.check(party)?;
        if data.backup_eligible() != credential.backup_eligible {
            return Err(WebauthnError::Backup);
        }
        let signed = [self.data.as_slice(), self.client.hash()].concat();
        Key::parse(&credential.key)?.verify(&signed, &self.signature)?;
        data.check_user()?;
        Ok(data.counter)
    }
}
