//! HMAC with SHA-256 (RFC 2104), its key taken in once: what is left is two rounds of the hash a value.

use sha2::{Digest, Sha256};

/// Bytes SHA-256 takes at a time.
const BLOCK: usize = 64;

/// A key, taken in.
#[derive(Clone)]
pub(super) struct Keyed {
    inner: Sha256,
    outer: Sha256,
}

impl Keyed {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        let taken = |pad: u8| {
            let mut block = [pad; BLOCK];
            block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
            Sha256::new_with_prefix(block)
        };
        Self { inner: taken(0x36), outer: taken(0x5C) }
    }

    /// The first eight bytes for a value of one kind.
    pub(super) fn of(&self, kind: u8, value: &str) -> u64 {
        let mut inner = self.inner.clone();
        inner.update([kind]);
        inner.update(value.as_bytes());
        let whole: [u8; 32] = self.outer.clone().chain_update(inner.finalize()).finalize().into();
        let [first, ..] = whole.as_chunks::<8>().0 else { return 0 };
        u64::from_be_bytes(*first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_hmac_sha_256() {
        // Python: hmac.new(bytes(range(32)), b"\x01what do ya want for nothing?", "sha256").hexdigest()[:16]
        let key = std::array::from_fn(|at| u8::try_from(at).unwrap());
        assert_eq!(Keyed::new(&key).of(1, "what do ya want for nothing?"), 0xbaf0_6616_0967_8124);
    }
}
