//! Envelopes sealed and opened piece by piece, for what is too large for memory. `docs/formats/envelope.md`, version 2.

use vocabulary::bounds::{SEALED_CONTEXT_BYTES_MAX, SEALED_PLAINTEXT_BYTES_MAX};
use vocabulary::{Entropy, Secret};

use crate::aead::{AeadKey, KEY_BYTES, NONCE_BYTES, Refused, TAG_BYTES};
use crate::envelope::{
    CHUNK_BYTES, ChunkAad, HEADER_BYTES, Header, Malformed, STREAMED, Shape, chunks_of, write_header,
};
use crate::keyring::{OpenError, SealError, WrappingKey};
use std::sync::Arc;

/// Seals what comes; the header, which stands first in the envelope, is known last.
pub struct Sealer {
    wrapping: Arc<WrappingKey>,
    secret: Secret<[u8; KEY_BYTES]>,
    data_key: AeadKey,
    nonce: [u8; NONCE_BYTES],
    aad: ChunkAad,
    /// Not sealed yet: at most one chunk, since the last one must say that it is the last.
    waiting: Vec<u8>,
    chunks: usize,
    bytes: usize,
}

impl Sealer {
    pub(crate) fn new(
        wrapping: Arc<WrappingKey>,
        context: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Self, SealError> {
        if context.len() > SEALED_CONTEXT_BYTES_MAX {
            return Err(SealError::TooLong);
        }
        let secret: Secret<[u8; KEY_BYTES]> = Secret::new(vocabulary::entropy::random(entropy));
        let data_key = AeadKey::new(secret.expose()).map_err(|_| SealError::TooLong)?;
        let aad = ChunkAad::streamed(wrapping.id.organisation, context);
        let nonce = vocabulary::entropy::random(entropy);
        Ok(Self { wrapping, secret, data_key, nonce, aad, waiting: Vec::new(), chunks: 0, bytes: 0 })
    }

    /// Takes the next bytes; what is sealed of the body is appended to `out`.
    ///
    /// # Errors
    /// More than [`SEALED_PLAINTEXT_BYTES_MAX`] in all.
    pub fn push(&mut self, plaintext: &[u8], out: &mut Vec<u8>) -> Result<(), SealError> {
        self.bytes += plaintext.len();
        if self.bytes > SEALED_PLAINTEXT_BYTES_MAX {
            return Err(SealError::TooLong);
        }
        self.waiting.extend_from_slice(plaintext);
        let mut from = 0;
        while self.waiting.len() - from > CHUNK_BYTES {
            let (nonce, aad) = self.aad.chunk(self.chunks, false);
            let chunk = self.waiting.get(from..from + CHUNK_BYTES).unwrap_or_default();
            self.data_key.seal(&nonce, aad, chunk, out).map_err(|_| SealError::TooLong)?;
            self.chunks += 1;
            from += CHUNK_BYTES;
        }
        self.waiting.drain(..from);
        Ok(())
    }

    /// Seals the rest into `out` and gives the header, which goes in front of everything.
    ///
    /// # Errors
    /// The wrapping key refused.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<[u8; HEADER_BYTES], SealError> {
        let finished = self.close(out).map_err(|_| SealError::TooLong)?;
        finished.try_into().map_err(|_| SealError::TooLong)
    }

    fn close(&mut self, out: &mut Vec<u8>) -> Result<Vec<u8>, Refused> {
        let (nonce, aad) = self.aad.chunk(self.chunks, true);
        self.data_key.seal(&nonce, aad, &self.waiting, out)?;
        let shape = Shape { version: STREAMED, key: self.wrapping.id, plaintext_bytes: self.bytes as u64 };
        let mut header = Vec::with_capacity(HEADER_BYTES);
        write_header(&self.wrapping.key, &shape, self.secret.expose(), &self.nonce, &mut header)?;
        Ok(header)
    }
}

/// Opens an envelope of either version, chunk by chunk. Each chunk is believed by itself: whoever acts on what came so
/// far must be able to undo it when a later one is refused.
pub struct Opener {
    data_key: AeadKey,
    aad: ChunkAad,
    bytes: usize,
    next: usize,
}

impl Opener {
    pub(crate) fn new(
        header: &Header<'_>,
        wrapping: &WrappingKey,
        context: &[u8],
    ) -> Result<Self, Malformed> {
        let bytes = header.length()?;
        let (data_key, aad) = header.begin(&wrapping.key, context)?;
        Ok(Self { data_key, aad, bytes, next: 0 })
    }

    /// Bytes of the whole plaintext.
    #[must_use]
    pub fn plaintext_bytes(&self) -> usize {
        self.bytes
    }

    /// Sealed bytes of the next chunk of the body; `None` when all were opened.
    #[must_use]
    pub fn next_sealed_bytes(&self) -> Option<usize> {
        let chunks = chunks_of(self.bytes);
        (self.next < chunks).then(|| {
            let before = self.next * CHUNK_BYTES;
            (self.bytes - before).min(CHUNK_BYTES) + TAG_BYTES
        })
    }

    /// Opens the next chunk.
    ///
    /// # Errors
    /// Cut, altered, out of order, or from elsewhere.
    pub fn open(&mut self, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        if self.next_sealed_bytes() != Some(sealed.len()) {
            return Err(OpenError::Corrupt);
        }
        let is_last = self.next + 1 == chunks_of(self.bytes);
        let (nonce, aad) = self.aad.chunk(self.next, is_last);
        let mut plaintext = vec![0; sealed.len() - TAG_BYTES];
        self.data_key.open(&nonce, aad, sealed, &mut plaintext).map_err(|_| OpenError::Corrupt)?;
        self.next += 1;
        Ok(plaintext)
    }
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sealer({} bytes, {})", self.bytes, self.wrapping.id)
    }
}

impl std::fmt::Debug for Opener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Opener({} bytes)", self.bytes)
    }
}
