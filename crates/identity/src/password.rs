//! Passwords (clause A3): what is presented, which are accepted, how they are kept.
//!
//! `PresentedPassword` → (`PasswordPolicy::accept`) → `AcceptedPassword` → (`PasswordHasher::hash`) → `PasswordHash`:
//! only an accepted password can be hashed. Length counts Unicode code points after NFKC (NIST SP 800-63B-4 §3.1.1.2).

mod breached;
mod hash;
mod list_file;
mod policy;

pub use breached::{BREACHED_KEY_BYTES, BreachedList, EmbeddedList, Found, breached_key};
pub use hash::{HashError, PasswordHash, PasswordHashError, PasswordHasher};
pub use list_file::{ListError, ListFile, import as import_list};
pub use policy::{AcceptedPassword, BrokenRule, BrokenRules, PasswordPolicy, PolicyError};

use unicode_normalization::UnicodeNormalization;
use vocabulary::Secret;
use vocabulary::bounds::PASSWORD_CHARS_MAX;
use zeroize::Zeroize;

/// Longer than [`PASSWORD_CHARS_MAX`] code points. Never cut short instead: two passwords must not be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a password has at most {PASSWORD_CHARS_MAX} characters")]
pub struct PasswordTooLong;

/// What somebody typed, in NFKC: the same password typed on two keyboards is the same.
#[derive(Clone)]
pub struct PresentedPassword {
    text: Secret<String>,
    chars: usize,
}

impl PresentedPassword {
    /// Takes what was typed. Spaces and any other character count; nothing is trimmed.
    ///
    /// # Errors
    /// Longer than [`PASSWORD_CHARS_MAX`] code points, before or after normalisation.
    pub fn new(typed: &str) -> Result<Self, PasswordTooLong> {
        // Normalising may multiply a character, never divide the work: the bound is on both sides.
        if typed.chars().nth(PASSWORD_CHARS_MAX).is_some() {
            return Err(PasswordTooLong);
        }
        // Room for the worst case, so that no copy is left behind by growing.
        let mut text = String::with_capacity((PASSWORD_CHARS_MAX + 1) * 4);
        text.extend(typed.nfkc().take(PASSWORD_CHARS_MAX + 1));
        let chars = text.chars().count();
        if chars > PASSWORD_CHARS_MAX {
            text.zeroize();
            return Err(PasswordTooLong);
        }
        Ok(Self { text: Secret::new(text), chars })
    }

    /// Code points.
    #[must_use]
    pub const fn chars(&self) -> usize {
        self.chars
    }

    /// The password itself, normalised. Every call is a place to look at.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.text.expose()
    }
}

impl std::fmt::Debug for PresentedPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PresentedPassword(…)")
    }
}

#[cfg(test)]
mod tests;
