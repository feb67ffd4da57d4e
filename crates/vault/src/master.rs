//! The master key: the one secret an institution must keep. It wraps key files and nothing else.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use aws_lc_rs::hkdf;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use vocabulary::{Entropy, Secret};
use zeroize::{Zeroize, Zeroizing};

use crate::aead::{AeadKey, KEY_BYTES};
use crate::directory::{read_small, sync_directory};

const FIRST_LINE: &str = "cerebro-master-key 1";
const CHECK_BYTES: usize = 16;

/// Why a master key could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// No file.
    #[error("there is no master key at {}: restore it from where it is kept, or run `cerebro init` for a new instance", .0.display())]
    Missing(PathBuf),
    /// A key stands there already: it is never overwritten.
    #[error("there is a master key at {} already", .0.display())]
    Exists(PathBuf),
    /// Others than the owner may read it.
    #[error("the master key {} has mode {mode:04o}: only its owner may read it (chmod 600)", path.display())]
    Mode {
        /// Where.
        path: PathBuf,
        /// The permission bits found.
        mode: u32,
    },
    /// Not a master key file, or not of this version.
    #[error("{} is not a master key file (line 1 \"{FIRST_LINE}\", then \"key: …\" and \"check: …\")", .0.display())]
    Format(PathBuf),
    /// The key does not agree with its own check value: damaged or mistyped.
    #[error("the master key {} does not agree with its check value: the file is damaged", .0.display())]
    Check(PathBuf),
    /// The machine refused.
    #[error("the master key {} cannot be read or written: {source}", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// 256 random bits.
pub struct MasterKey(Secret<[u8; KEY_BYTES]>);

impl MasterKey {
    /// Makes a new key at `path`, mode 0600, durable when this returns. Never overwrites.
    ///
    /// # Errors
    /// A file stands there, or it cannot be written.
    pub fn create(path: &Path, entropy: &dyn Entropy) -> Result<Self, MasterKeyError> {
        let key = Self(Secret::new(vocabulary::entropy::random(entropy)));
        let text = key.to_text();
        let io = |source| MasterKeyError::Io { path: path.to_owned(), source };
        let mut file = match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(MasterKeyError::Exists(path.to_owned()));
            }
            made => made.map_err(io)?,
        };
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(io)?;
        sync_directory(path.parent().unwrap_or(Path::new("."))).map_err(io)?;
        Ok(key)
    }

    /// Reads the key at `path`.
    ///
    /// # Errors
    /// Missing, readable by others, of another format, or not in agreement with its check value.
    pub fn load(path: &Path) -> Result<Self, MasterKeyError> {
        let io = |source| MasterKeyError::Io { path: path.to_owned(), source };
        let metadata = match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(MasterKeyError::Missing(path.to_owned()));
            }
            found => found.map_err(io)?,
        };
        let mode = metadata.permissions().mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(MasterKeyError::Mode { path: path.to_owned(), mode });
        }
        let text = read_small(path).map_err(|source| match source.kind() {
            io::ErrorKind::InvalidData => MasterKeyError::Format(path.to_owned()),
            _ => io(source),
        })?;
        let text = Zeroizing::new(text.ok_or_else(|| MasterKeyError::Missing(path.to_owned()))?);
        let (key, check) = Self::from_text(&text).ok_or_else(|| MasterKeyError::Format(path.to_owned()))?;
        if key.check() == check { Ok(key) } else { Err(MasterKeyError::Check(path.to_owned())) }
    }

    /// A public value that two copies of one key share, and that tells nothing of it.
    #[must_use]
    pub fn check(&self) -> String {
        let check: Zeroizing<[u8; CHECK_BYTES]> = self.derive(b"CEREBRO master key 1 check");
        BASE64.encode(*check)
    }

    /// The key that wraps key files.
    pub(crate) fn wrapping(&self) -> Option<AeadKey> {
        let key: Zeroizing<[u8; KEY_BYTES]> = self.derive(b"CEREBRO master key 1 wrap");
        AeadKey::new(&key).ok()
    }

    /// HKDF-SHA-256 (RFC 5869) with an empty salt and `info` as the label of the use.
    fn derive<const N: usize>(&self, info: &[u8]) -> Zeroizing<[u8; N]> {
        struct Length(usize);
        impl hkdf::KeyType for Length {
            fn len(&self) -> usize {
                self.0
            }
        }
        let mut out = Zeroizing::new([0; N]);
        let info = [info];
        let filled = hkdf::Salt::new(hkdf::HKDF_SHA256, &[])
            .extract(self.0.expose())
            .expand(&info, Length(N))
            .and_then(|okm| okm.fill(out.as_mut_slice()));
        // Only a length over 255 blocks fails, and ours are one block: nothing safe could follow.
        if filled.is_err() {
            std::process::abort();
        }
        out
    }

    fn to_text(&self) -> Zeroizing<String> {
        let key = Zeroizing::new(BASE64.encode(self.0.expose()));
        Zeroizing::new(format!("{FIRST_LINE}\nkey: {}\ncheck: {}\n", *key, self.check()))
    }

    fn from_text(text: &str) -> Option<(Self, String)> {
        let mut lines = text.lines();
        if lines.next()? != FIRST_LINE {
            return None;
        }
        let key = lines.next()?.strip_prefix("key: ")?;
        let check = lines.next()?.strip_prefix("check: ")?;
        let decoded = Zeroizing::new(BASE64.decode(key).ok()?);
        let mut bytes: [u8; KEY_BYTES] = decoded.as_slice().try_into().ok()?;
        let key = Self(Secret::new(bytes));
        bytes.zeroize();
        lines.next().is_none().then(|| (key, check.to_owned()))
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}
