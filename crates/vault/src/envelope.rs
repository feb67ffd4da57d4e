//! The envelope: a fixed header that holds the wrapped data key, then chunks. `docs/formats/envelope.md`.
//!
//! Header and body part company without harm: a body in a blob that may not change stays readable
//! when its header, in a row, is rewrapped; erasing the header alone erases the message.

use vocabulary::bounds::{SEALED_CONTEXT_BYTES_MAX, SEALED_PLAINTEXT_BYTES_MAX};
use vocabulary::{Entropy, OrganisationId, Secret};
use zeroize::Zeroize;

use crate::aead::{AeadKey, KEY_BYTES, NONCE_BYTES, Refused, TAG_BYTES};
use crate::key_id::{KEY_ID_BYTES, KeyId, Misread};

const MAGIC: [u8; 4] = *b"CRBE";
/// Sealed at once: every chunk vouches for the length of the whole.
const WHOLE: u8 = 1;
/// Sealed while it came: the wrap alone vouches for the length.
pub(crate) const STREAMED: u8 = 2;
pub(crate) const CHUNK_BYTES: usize = 64 * 1024;
const WRAPPED_BYTES: usize = KEY_BYTES + TAG_BYTES;
const SHAPE_BYTES: usize = 4 + 1 + KEY_ID_BYTES + 8;
const CHUNK_LABEL: &[u8] = b"CEREBRO envelope 1 chunk\0";
const STREAMED_CHUNK_LABEL: &[u8] = b"CEREBRO envelope 2 chunk\0";
const WRAP_LABEL: &[u8] = b"CEREBRO envelope 1 data key\0";

/// Bytes of the header, which every envelope starts with.
pub const HEADER_BYTES: usize = SHAPE_BYTES + NONCE_BYTES + WRAPPED_BYTES;

/// Bytes of the envelope of a plaintext of this many bytes.
#[must_use]
pub const fn sealed_length(plaintext_bytes: usize) -> usize {
    HEADER_BYTES + plaintext_bytes + chunks_of(plaintext_bytes) * TAG_BYTES
}

/// One sealed message: header and body.
#[derive(Clone, PartialEq, Eq)]
#[must_use]
pub struct Sealed {
    bytes: Vec<u8>,
    key: KeyId,
}

impl Sealed {
    /// The envelope.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The envelope.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The key to destroy to erase it.
    #[must_use]
    pub const fn key(&self) -> &KeyId {
        &self.key
    }
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sealed({} bytes, {})", self.bytes.len(), self.key)
    }
}

/// Why bytes are no envelope we can read.
pub(crate) enum Malformed {
    /// Not an envelope, cut, or altered.
    Shape,
    /// An envelope of another organisation.
    Foreign,
    /// A later version than this program knows.
    Version(u8),
}

impl From<Refused> for Malformed {
    fn from(_: Refused) -> Self {
        Self::Shape
    }
}

/// A header, read but not yet believed: nothing in it is proven before the data key unwraps.
pub(crate) struct Header<'a> {
    pub(crate) key: KeyId,
    version: u8,
    plaintext_bytes: u64,
    shape: &'a [u8],
    nonce: &'a [u8; NONCE_BYTES],
    wrapped: &'a [u8],
}

impl<'a> Header<'a> {
    pub(crate) fn read(bytes: &'a [u8], organisation: OrganisationId) -> Result<Self, Malformed> {
        let (magic, rest) = bytes.split_first_chunk::<4>().ok_or(Malformed::Shape)?;
        let (&version, rest) = rest.split_first().ok_or(Malformed::Shape)?;
        if *magic != MAGIC {
            return Err(Malformed::Shape);
        }
        if version != WHOLE && version != STREAMED {
            return Err(Malformed::Version(version));
        }
        let (key, rest) = rest.split_first_chunk::<KEY_ID_BYTES>().ok_or(Malformed::Shape)?;
        let (length, rest) = rest.split_first_chunk::<8>().ok_or(Malformed::Shape)?;
        let (nonce, wrapped) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(Malformed::Shape)?;
        if wrapped.len() != WRAPPED_BYTES {
            return Err(Malformed::Shape);
        }
        let key = KeyId::from_bytes(key, organisation).map_err(|misread| match misread {
            Misread::Shape => Malformed::Shape,
            Misread::Foreign => Malformed::Foreign,
        })?;
        let shape = bytes.get(..SHAPE_BYTES).ok_or(Malformed::Shape)?;
        Ok(Self { key, version, plaintext_bytes: u64::from_be_bytes(*length), shape, nonce, wrapped })
    }

    fn unwrap_data_key(&self, wrapping: &AeadKey) -> Result<Secret<[u8; KEY_BYTES]>, Refused> {
        let mut key = [0; KEY_BYTES];
        wrapping.open(self.nonce, &wrap_aad(self.shape), self.wrapped, &mut key)?;
        let secret = Secret::new(key);
        key.zeroize();
        Ok(secret)
    }

    /// Opens the body that belongs to this header.
    pub(crate) fn open(&self, wrapping: &AeadKey, context: &[u8], body: &[u8]) -> Result<Vec<u8>, Malformed> {
        let length = self.length()?;
        // Checked before anything is allocated: the body vouches for the length.
        if body.len() != length + chunks_of(length) * TAG_BYTES {
            return Err(Malformed::Shape);
        }
        let (data_key, mut aad) = self.begin(wrapping, context)?;
        let mut plaintext = vec![0; length];
        let chunks = chunks_of(length);
        let mut places = plaintext.chunks_mut(CHUNK_BYTES);
        for (number, sealed) in body.chunks(CHUNK_BYTES + TAG_BYTES).enumerate() {
            // An empty plaintext is one empty chunk.
            let place = places.next().unwrap_or_default();
            let (nonce, aad) = aad.chunk(number, number + 1 == chunks);
            if data_key.open(&nonce, aad, sealed, place).is_err() {
                plaintext.zeroize();
                return Err(Malformed::Shape);
            }
        }
        Ok(plaintext)
    }

    /// Bytes of the plaintext, within bounds.
    pub(crate) fn length(&self) -> Result<usize, Malformed> {
        let length = usize::try_from(self.plaintext_bytes).map_err(|_| Malformed::Shape)?;
        if length > SEALED_PLAINTEXT_BYTES_MAX { Err(Malformed::Shape) } else { Ok(length) }
    }

    /// The data key, and what each chunk vouches for.
    pub(crate) fn begin(&self, wrapping: &AeadKey, context: &[u8]) -> Result<(AeadKey, ChunkAad), Malformed> {
        let data_key = AeadKey::new(self.unwrap_data_key(wrapping)?.expose())?;
        let aad = match self.version {
            WHOLE => ChunkAad::whole(self.key.organisation, context, self.plaintext_bytes),
            _ => ChunkAad::streamed(self.key.organisation, context),
        };
        Ok((data_key, aad))
    }

    /// The same data key under another wrapping key: a new header for the same body.
    pub(crate) fn rewrap(
        &self,
        from: &AeadKey,
        to: &AeadKey,
        key: KeyId,
        entropy: &dyn Entropy,
    ) -> Result<[u8; HEADER_BYTES], Refused> {
        let data_key = self.unwrap_data_key(from)?;
        let mut header = Vec::with_capacity(HEADER_BYTES);
        let nonce = vocabulary::entropy::random(entropy);
        let shape = Shape { version: self.version, key, plaintext_bytes: self.plaintext_bytes };
        write_header(to, &shape, data_key.expose(), &nonce, &mut header)?;
        header.try_into().map_err(|_| Refused)
    }
}

/// Seals `plaintext` under a new data key, wrapped by `wrapping`, which is the key `key`.
pub(crate) fn seal(
    wrapping: &AeadKey,
    key: KeyId,
    context: &[u8],
    plaintext: &[u8],
    entropy: &dyn Entropy,
) -> Result<Sealed, Refused> {
    if plaintext.len() > SEALED_PLAINTEXT_BYTES_MAX || context.len() > SEALED_CONTEXT_BYTES_MAX {
        return Err(Refused);
    }
    let length = plaintext.len() as u64;
    // One draw for data key and nonce: asking the machine costs more than encrypting a short message.
    let mut random: [u8; KEY_BYTES + NONCE_BYTES] = vocabulary::entropy::random(entropy);
    let (secret, rest) = random.split_first_chunk::<KEY_BYTES>().ok_or(Refused)?;
    let (nonce, _) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(Refused)?;
    let data_key = AeadKey::new(secret)?;
    let mut bytes = Vec::with_capacity(sealed_length(plaintext.len()));
    let shape = Shape { version: WHOLE, key, plaintext_bytes: length };
    let written = write_header(wrapping, &shape, secret, nonce, &mut bytes);
    random.zeroize();
    written?;
    let mut aad = ChunkAad::whole(key.organisation, context, length);
    let chunks = chunks_of(plaintext.len());
    let mut pieces = plaintext.chunks(CHUNK_BYTES);
    for number in 0..chunks {
        let (nonce, aad) = aad.chunk(number, number + 1 == chunks);
        data_key.seal(&nonce, aad, pieces.next().unwrap_or_default(), &mut bytes)?;
    }
    Ok(Sealed { bytes, key })
}

/// What a header says in clear, and its wrap vouches for.
pub(crate) struct Shape {
    pub(crate) version: u8,
    pub(crate) key: KeyId,
    pub(crate) plaintext_bytes: u64,
}

pub(crate) fn write_header(
    wrapping: &AeadKey,
    shape: &Shape,
    data_key: &[u8; KEY_BYTES],
    nonce: &[u8; NONCE_BYTES],
    out: &mut Vec<u8>,
) -> Result<(), Refused> {
    let start = out.len();
    out.extend_from_slice(&MAGIC);
    out.push(shape.version);
    out.extend_from_slice(&shape.key.to_bytes());
    out.extend_from_slice(&shape.plaintext_bytes.to_be_bytes());
    let aad = wrap_aad(out.get(start..).unwrap_or_default());
    out.extend_from_slice(nonce);
    wrapping.seal(nonce, &aad, data_key, out)
}

/// The wrap vouches for everything that stands before it: version, key id, length.
fn wrap_aad(shape: &[u8]) -> [u8; WRAP_LABEL.len() + SHAPE_BYTES] {
    let mut aad = [0; WRAP_LABEL.len() + SHAPE_BYTES];
    for (into, byte) in aad.iter_mut().zip(WRAP_LABEL.iter().chain(shape)) {
        *into = *byte;
    }
    aad
}

pub(crate) const fn chunks_of(plaintext_bytes: usize) -> usize {
    if plaintext_bytes == 0 { 1 } else { plaintext_bytes.div_ceil(CHUNK_BYTES) }
}

/// What every chunk vouches for: whose it is, what it is, how long the whole is (when that was known), which place it
/// has.
pub(crate) struct ChunkAad {
    bytes: Vec<u8>,
    place: usize,
}

impl ChunkAad {
    fn whole(organisation: OrganisationId, context: &[u8], plaintext_bytes: u64) -> Self {
        Self::new(CHUNK_LABEL, organisation, &plaintext_bytes.to_be_bytes(), context)
    }

    pub(crate) fn streamed(organisation: OrganisationId, context: &[u8]) -> Self {
        Self::new(STREAMED_CHUNK_LABEL, organisation, &[], context)
    }

    fn new(label: &[u8], organisation: OrganisationId, length: &[u8], context: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(label.len() + 16 + 8 + 8 + context.len() + NONCE_BYTES);
        bytes.extend_from_slice(label);
        bytes.extend_from_slice(organisation.as_bytes());
        bytes.extend_from_slice(length);
        bytes.extend_from_slice(&(context.len() as u64).to_be_bytes());
        bytes.extend_from_slice(context);
        let place = bytes.len();
        Self { bytes, place }
    }

    /// Nonce and associated data of one chunk. The nonce: three zero bytes, final flag, number.
    pub(crate) fn chunk(&mut self, number: usize, is_final: bool) -> ([u8; NONCE_BYTES], &[u8]) {
        let [a, b, c, d, e, f, g, h] = (number as u64).to_be_bytes();
        let nonce = [0, 0, 0, u8::from(is_final), a, b, c, d, e, f, g, h];
        self.bytes.truncate(self.place);
        self.bytes.extend_from_slice(&nonce);
        (nonce, &self.bytes)
    }
}
