//! Who someone is: organisation, account, authenticator, session (clauses A1–A5, T1, T2).
//!
//! Rules only: no database, no network, no clock of its own. Each state is an enum whose transitions consume it; each
//! secret is born in a type that cannot print itself. What may be done once identified is the business of `access`.
//!
//! **Promises.** No hash is made of a password the policy refuses. A code is never good twice if its caller keeps the step
//! it was given. No interleaving of touches keeps a session past its limits. Read next: `password.rs`, `session.rs`.

pub mod account;
pub mod backup_code;
pub mod network;
pub mod nominative;
pub mod organisation;
pub mod password;
pub mod place;
pub mod range;
pub mod session;
pub mod token;
pub mod totp;
pub mod webauthn;

pub use account::{Account, AccountError, AccountKind, AccountState};
pub use network::Network;
pub use organisation::{Domain, Organisation};
pub use range::{Range, RangeError};
pub use session::{Assurance, EndReason, Session, SessionLimits, SessionState};
pub use token::{Token, TokenHash};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Crockford's base 32 in upper case: no I, L, O, U.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Bytes to base 32 in `alphabet`, high bits first, without padding. `bytes` is a multiple of five long.
fn base32(bytes: &[u8], alphabet: &[u8; 32]) -> String {
    let mut text = String::with_capacity(bytes.len() * 8 / 5);
    for group in bytes.chunks(5) {
        let value = group.iter().fold(0u64, |value, byte| (value << 8) | u64::from(*byte));
        for place in (0..8).rev() {
            let digit = (value >> (place * 5)) & 31;
            text.push(char::from(alphabet.get(digit as usize).copied().unwrap_or(b'0')));
        }
    }
    text
}

/// Lower case without accents: how people write a name when they do not mean it as a name.
fn fold(text: &str) -> String {
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}
