//! Passwords known from breaches of other services, checked without any network.

use aws_lc_rs::digest;

/// Bytes kept of each known password's hash: 2⁻³³ false alarms or fewer with the embedded list.
pub const BREACHED_KEY_BYTES: usize = 6;

/// What a list says of a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// It is known.
    Yes,
    /// It is not.
    No,
    /// The list cannot be read: nobody knows.
    Unreadable,
}

/// A list of known passwords. The embedded one is small; an institution can bring a larger one.
pub trait BreachedList: Send + Sync {
    /// Looks for `password`, in NFKC.
    fn look(&self, password: &str) -> Found;
}

/// What a list keeps of a password: the start of SHA-256 over its lower case.
#[must_use]
pub fn breached_key(password: &str) -> [u8; BREACHED_KEY_BYTES] {
    let lower = zeroize::Zeroizing::new(password.to_lowercase());
    let hash = digest::digest(&digest::SHA256, lower.as_bytes());
    hash.as_ref().first_chunk().copied().unwrap_or_default()
}

/// The list inside the program: the one million most common passwords, reduced to those the length rule lets
/// through. See `data/README.md` for where it comes from and how it is made.
#[derive(Debug, Clone, Copy, Default)]
pub struct EmbeddedList;

/// Keys in rising order.
static KEYS: &[u8] = include_bytes!("../../data/breached.bin");

impl EmbeddedList {
    /// How many passwords it knows.
    #[must_use]
    pub const fn len(self) -> usize {
        KEYS.len() / BREACHED_KEY_BYTES
    }

    /// It knows none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        KEYS.is_empty()
    }
}

impl BreachedList for EmbeddedList {
    /// In whatever case.
    fn look(&self, password: &str) -> Found {
        let (keys, _) = KEYS.as_chunks::<BREACHED_KEY_BYTES>();
        if keys.binary_search(&breached_key(password)).is_ok() { Found::Yes } else { Found::No }
    }
}
