//! The one AES-256-GCM of the crate: what the Wycheproof vectors run against is what seals messages.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

pub(crate) const KEY_BYTES: usize = 32;
pub(crate) const NONCE_BYTES: usize = 12;
pub(crate) const TAG_BYTES: usize = 16;

/// The message was not made with this key, nonce and associated data; or it is longer than GCM allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refused;

/// A key ready for use, its schedule computed. AWS-LC wipes it when it goes.
pub(crate) struct AeadKey(LessSafeKey);

impl AeadKey {
    pub(crate) fn new(key: &[u8; KEY_BYTES]) -> Result<Self, Refused> {
        UnboundKey::new(&AES_256_GCM, key).map(|key| Self(LessSafeKey::new(key))).map_err(|_| Refused)
    }

    /// Appends ciphertext and tag to `out`. The caller never gives one nonce twice to one key.
    pub(crate) fn seal(
        &self,
        nonce: &[u8; NONCE_BYTES],
        aad: &[u8],
        plaintext: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), Refused> {
        let start = out.len();
        out.extend_from_slice(plaintext);
        let place = out.get_mut(start..).ok_or(Refused)?;
        let tag = self
            .0
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(*nonce), Aad::from(aad), place)
            .map_err(|_| Refused)?;
        out.extend_from_slice(tag.as_ref());
        Ok(())
    }

    /// Writes the plaintext of `sealed` (ciphertext, then tag) to `out`, which is exactly as long as it.
    pub(crate) fn open(
        &self,
        nonce: &[u8; NONCE_BYTES],
        aad: &[u8],
        sealed: &[u8],
        out: &mut [u8],
    ) -> Result<(), Refused> {
        let (ciphertext, tag) = sealed.split_last_chunk::<TAG_BYTES>().ok_or(Refused)?;
        if ciphertext.len() != out.len() {
            return Err(Refused);
        }
        self.0
            .open_separate_gather(Nonce::assume_unique_for_key(*nonce), Aad::from(aad), ciphertext, tag, out)
            .map_err(|_| Refused)
    }
}
