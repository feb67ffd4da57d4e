//! Key hierarchy, AES-256-GCM envelopes, crypto-shredding (clause D1, invariant 6).
//!
//! A random data key per message, wrapped by a key per (organisation, [`Class`], expiry [`Month`]), itself wrapped
//! by the [`MasterKey`]. Wrapping keys live in a key store, a directory that data backups never contain:
//! [`Keyring::destroy`] makes every copy of what they wrap unreadable for good, wherever the copy is.
//!
//! **Promises.** What opens is what was sealed, for that organisation and that context, whole and in order, or it does
//! not open. Erased is told apart from damaged and from unknown. No key is printed, serialised or left in memory
//! after use. Formats: `docs/formats/envelope.md`. Read next: `keyring.rs`, then `envelope.rs`, `stream.rs`.

mod aead;
mod directory;
mod envelope;
mod key_id;
mod key_store;
mod keyring;
mod master;
mod month;
mod stream;

pub use envelope::{HEADER_BYTES, Sealed, sealed_length};
pub use key_id::{Class, KeyId, KeyIdError};
pub use key_store::KeyStoreError;
pub use keyring::{Keyring, OpenError, SealError};
pub use master::{MasterKey, MasterKeyError};
pub use month::{Month, MonthError};
pub use stream::{Opener, Sealer};

#[cfg(test)]
mod tests;
