//! Authenticator data (§6.1): what the authenticator itself says, under its signature.

use aws_lc_rs::digest;

use super::cose::Key;
use super::{Aaguid, CREDENTIAL_ID_BYTES_MAX, RelyingParty, WebauthnError, cbor};

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const BACKUP_ELIGIBLE: u8 = 0x08;
const BACKED_UP: u8 = 0x10;
const ATTESTED: u8 = 0x40;
const EXTENSIONS: u8 = 0x80;

const BROKEN: WebauthnError = WebauthnError::Malformed("authenticator data");

/// Authenticator data, read.
#[derive(Debug)]
pub(super) struct AuthenticatorData {
    rp_id_hash: Vec<u8>,
    flags: u8,
    pub(super) counter: u32,
    pub(super) attested: Option<Attested>,
}

/// A credential that was just made.
#[derive(Debug)]
pub(super) struct Attested {
    pub(super) aaguid: Aaguid,
    pub(super) id: Vec<u8>,
    pub(super) key: Key,
    /// The key as it was written.
    pub(super) cose: Vec<u8>,
}

impl AuthenticatorData {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, WebauthnError> {
        let (rp_id_hash, rest) = bytes.split_at_checked(32).ok_or(BROKEN)?;
        let (flags, rest) = rest.split_first().ok_or(BROKEN)?;
        let (counter, mut rest) = rest.split_first_chunk().ok_or(BROKEN)?;
        let attested = if flags & ATTESTED != 0 {
            let (attested, after) = Attested::parse(rest)?;
            rest = after;
            Some(attested)
        } else {
            None
        };
        if flags & EXTENSIONS != 0 {
            rest = cbor::read(rest)?.1;
        }
        if !rest.is_empty() {
            return Err(BROKEN);
        }
        let (rp_id_hash, counter) = (rp_id_hash.to_vec(), u32::from_be_bytes(*counter));
        Ok(Self { rp_id_hash, flags: *flags, counter, attested })
    }

    /// It is for us, and somebody was there (§7.1 steps 13–18, §7.2 steps 15–19).
    pub(super) fn check(&self, party: &RelyingParty) -> Result<(), WebauthnError> {
        let ours = digest::digest(&digest::SHA256, party.id().as_bytes());
        if ours.as_ref() != self.rp_id_hash {
            return Err(WebauthnError::RelyingParty);
        }
        if self.flags & PRESENT == 0 {
            return Err(WebauthnError::NotPresent);
        }
        if self.flags & BACKED_UP != 0 && !self.backup_eligible() {
            return Err(WebauthnError::Backup);
        }
        Ok(())
    }

    /// The authenticator knows who was there. Asked last: whoever fails here failed nothing else.
    pub(super) const fn check_user(&self) -> Result<(), WebauthnError> {
        if self.flags & VERIFIED == 0 { Err(WebauthnError::NotVerified) } else { Ok(()) }
    }

    pub(super) const fn backup_eligible(&self) -> bool {
        self.flags & BACKUP_ELIGIBLE != 0
    }
}

impl Attested {
    fn parse(bytes: &[u8]) -> Result<(Self, &[u8]), WebauthnError> {
        let (aaguid, rest) = bytes.split_first_chunk().ok_or(BROKEN)?;
        let (length, rest) = rest.split_first_chunk().ok_or(BROKEN)?;
        let length = usize::from(u16::from_be_bytes(*length));
        if length == 0 || length > CREDENTIAL_ID_BYTES_MAX {
            return Err(BROKEN);
        }
        let (id, rest) = rest.split_at_checked(length).ok_or(BROKEN)?;
        let (key, after) = cbor::read(rest)?;
        let cose = rest.get(..rest.len() - after.len()).ok_or(BROKEN)?;
        let attested =
            Self { aaguid: Aaguid(*aaguid), id: id.to_vec(), key: Key::of(&key)?, cose: cose.to_vec() };
        Ok((attested, after))
    }
}
