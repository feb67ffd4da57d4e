//! C2SP signed notes: a text, an empty line, signature lines. Ed25519 (signature type 0x01).

use std::fmt;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

const ED25519_TYPE: u8 = 0x01;
/// Signature lines read in one note.
const SIGNATURES_MAX: usize = 100;

/// Why a note or a key is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Not a key as signed-note writes it: `name+hash+base64`.
    #[error("not a C2SP verifier key: name+hash+base64")]
    Key,
    /// A name holds a plus sign, a space, or nothing.
    #[error("a key's name is not empty and holds no space and no plus sign")]
    Name,
    /// No text, empty line and signatures.
    #[error("not a signed note")]
    Shape,
    /// None of the signatures is by this key.
    #[error("not signed by this key")]
    Unsigned,
    /// A signature that claims to be by this key is not.
    #[error("the signature by this key does not fit: the text or the signature was altered")]
    Wrong,
}

fn key_id(name: &str, public: &[u8]) -> [u8; 4] {
    let digest =
        Sha256::new().chain_update(name).chain_update([b'\n', ED25519_TYPE]).chain_update(public).finalize();
    let mut id = [0; 4];
    for (into, byte) in id.iter_mut().zip(digest) {
        *into = byte;
    }
    id
}

fn check_name(name: &str) -> Result<(), NoteError> {
    let bad = name.is_empty() || name.contains(|c: char| c.is_whitespace() || c == '+');
    if bad { Err(NoteError::Name) } else { Ok(()) }
}

/// Signs notes. The seed is the sealer's alone.
pub struct Signer {
    name: String,
    key: Ed25519KeyPair,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.name)
    }
}

impl Signer {
    /// The key of a 32-byte seed (RFC 8032 §5.1.5), under a name: the log's origin.
    ///
    /// # Errors
    /// The name is not one.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        check_name(name)?;
        let key = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| NoteError::Key)?;
        Ok(Self { name: name.to_owned(), key })
    }

    /// Who can check what this signs.
    #[must_use]
    pub fn verifier(&self) -> Verifier {
        Verifier { name: self.name.clone(), public: self.key.public_key().as_ref().to_vec() }
    }

    /// The text as a signed note. `text` ends with a newline.
    #[must_use]
    pub fn sign(&self, text: &str) -> String {
        let signature = self.key.sign(text.as_bytes());
        let id = key_id(&self.name, self.key.public_key().as_ref());
        let bytes = [&id[..], signature.as_ref()].concat();
        format!("{text}\n— {} {}\n", self.name, STANDARD.encode(bytes))
    }
}

/// Checks notes; printed as a C2SP verifier key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    public: Vec<u8>,
}

impl Verifier {
    /// Reads `name+hash+base64`.
    ///
    /// # Errors
    /// It is not one, or its hash does not fit its key.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(hash), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::Key);
        };
        check_name(name)?;
        let key = STANDARD.decode(key).map_err(|_| NoteError::Key)?;
        let public = match key.split_first() {
            Some((&ED25519_TYPE, public)) if public.len() == 32 => public.to_vec(),
            _ => return Err(NoteError::Key),
        };
        let verifier = Self { name: name.to_owned(), public };
        if verifier.id_hex() == hash.to_ascii_lowercase() { Ok(verifier) } else { Err(NoteError::Key) }
    }

    /// The name: the log's origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    fn id_hex(&self) -> String {
        key_id(&self.name, &self.public).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Checks a note; its text when this key signed it.
    ///
    /// # Errors
    /// It is not a note, or this key did not sign it.
    pub fn open<'n>(&self, note: &'n str) -> Result<&'n str, NoteError> {
        let (text, signatures) = split(note)?;
        let id = key_id(&self.name, &self.public);
        for line in signatures.lines().take(SIGNATURES_MAX) {
            let (name, bytes) = signature_line(line)?;
            // Unknown keys are ignored: witnesses add theirs.
            let Some(signature) = bytes.strip_prefix(&id[..]).filter(|_| name == self.name) else { continue };
            let key = UnparsedPublicKey::new(&ED25519, &self.public);
            return key.verify(text.as_bytes(), signature).map(|()| text).map_err(|_| NoteError::Wrong);
        }
        Err(NoteError::Unsigned)
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[ED25519_TYPE][..], &self.public].concat();
        write!(f, "{}+{}+{}", self.name, self.id_hex(), STANDARD.encode(key))
    }
}

fn signature_line(line: &str) -> Result<(&str, Vec<u8>), NoteError> {
    let (name, signature) =
        line.strip_prefix("— ").and_then(|rest| rest.split_once(' ')).ok_or(NoteError::Shape)?;
    let bytes = STANDARD.decode(signature).map_err(|_| NoteError::Shape)?;
    if bytes.len() < 5 { Err(NoteError::Shape) } else { Ok((name, bytes)) }
}

/// Text (with its newline) and signature lines of a note.
///
/// # Errors
/// It has no such parts.
pub fn split(note: &str) -> Result<(&str, &str), NoteError> {
    let at = note.rfind("\n\n").ok_or(NoteError::Shape)?;
    let (text, signatures) = (note.get(..=at), note.get(at + 2..));
    match (text, signatures) {
        (Some(text), Some(signatures)) if signatures.ends_with('\n') && signatures.starts_with('—') => {
            Ok((text, signatures))
        }
        _ => Err(NoteError::Shape),
    }
}
