//! Time-based one-time codes (RFC 6238: HMAC-SHA-1, 30 seconds, 6 digits), as every authenticator app makes them.
//!
//! One step of drift either way is accepted (RFC 6238 §5.2), a step never twice: the caller keeps the step returned and
//! consumes it by a conditional write in the transaction that relies on it.

use aws_lc_rs::hmac;
use subtle::ConstantTimeEq;
use vocabulary::{Entropy, Secret, Timestamp};

use crate::base32;

/// Seconds a code lives, before drift.
pub const STEP_SECONDS: u64 = 30;
/// Digits of a code.
pub const DIGITS: usize = 6;
/// Steps accepted before and after now.
pub const DRIFT_STEPS: u64 = 1;
/// A new secret, bytes (RFC 4226 §4 R6 recommends 160 bits).
pub const SECRET_BYTES: usize = 20;

const BASE32_ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// 30-second periods since 1970: what a code belongs to.
pub type Step = u64;

/// What the authenticator app and CEREBRO share.
#[derive(Clone)]
pub struct TotpSecret(Secret<Vec<u8>>);

impl TotpSecret {
    /// A new one of 160 bits.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(Secret::new(vocabulary::entropy::random::<SECRET_BYTES>(entropy).to_vec()))
    }

    /// One that was kept.
    #[must_use]
    pub const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(Secret::new(bytes))
    }

    /// The bytes, to be sealed and kept.
    #[must_use]
    pub const fn expose(&self) -> &Secret<Vec<u8>> {
        &self.0
    }

    /// The step `presented` belongs to, if it is right now and later than `last_step` (0 when none was used).
    ///
    /// Spaces in `presented` do not count. The work done does not depend on which step is right.
    #[must_use]
    pub fn verify(&self, presented: &str, now: Timestamp, last_step: Step) -> Option<Step> {
        let presented = read_code(presented)?;
        let current = step_at(now)?;
        let mut found = None;
        for step in current.saturating_sub(DRIFT_STEPS)..=current.saturating_add(DRIFT_STEPS) {
            let is_right: bool = self.code_of(step).ct_eq(&presented).into();
            if is_right && step > last_step {
                found = found.or(Some(step));
            }
        }
        found
    }

    /// The code shown at `at`.
    #[must_use]
    pub fn code_at(&self, at: Timestamp) -> Secret<String> {
        let digits = self.code_of(step_at(at).unwrap_or(0));
        Secret::new(digits.iter().copied().map(char::from).collect())
    }

    /// The secret as people type it: base 32 (RFC 4648 §6), no padding.
    #[must_use]
    pub fn base32(&self) -> Secret<String> {
        Secret::new(base32(self.0.expose(), BASE32_ALPHABET))
    }

    /// What the QR code holds (Key URI format): `otpauth://totp/ISSUER:ACCOUNT?secret=…&issuer=…`.
    #[must_use]
    pub fn otpauth(&self, issuer: &str, account: &str) -> Secret<String> {
        let (issuer, account) = (percent_encode(issuer), percent_encode(account));
        let secret = self.base32();
        Secret::new(format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}",
            secret.expose()
        ))
    }

    fn code_of(&self, step: Step) -> [u8; DIGITS] {
        digits(hotp(self.0.expose(), step, hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY))
    }
}

impl std::fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

/// The latest step whose code is taken at an instant: with it, every code shown until then is used up.
#[must_use]
pub fn last_accepted(at: Timestamp) -> Step {
    step_at(at).unwrap_or(0).saturating_add(DRIFT_STEPS)
}

fn step_at(at: Timestamp) -> Option<Step> {
    u64::try_from(at.seconds()).ok().map(|seconds| seconds / STEP_SECONDS)
}

/// RFC 4226 §5.3: 31 bits taken where the last half-byte of the MAC says.
fn hotp(secret: &[u8], counter: u64, algorithm: hmac::Algorithm) -> u32 {
    let tag = hmac::sign(&hmac::Key::new(algorithm, secret), &counter.to_be_bytes());
    let offset = usize::from(tag.as_ref().last().copied().unwrap_or(0) & 15);
    let bytes = tag.as_ref().get(offset..).and_then(|rest| rest.first_chunk::<4>()).copied();
    u32::from_be_bytes(bytes.unwrap_or_default()) & 0x7fff_ffff
}

fn digits<const N: usize>(mut value: u32) -> [u8; N] {
    let mut digits = [b'0'; N];
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (value % 10) as u8;
        value /= 10;
    }
    digits
}

fn read_code(presented: &str) -> Option<[u8; DIGITS]> {
    // Apps show "123 456". Nothing longer is worth reading.
    if presented.len() > 4 * DIGITS {
        return None;
    }
    let digits: Vec<u8> = presented.bytes().filter(|byte| *byte != b' ').collect();
    let code: [u8; DIGITS] = digits.try_into().ok()?;
    code.iter().all(u8::is_ascii_digit).then_some(code)
}

/// RFC 3986 §2.1: everything but unreserved characters.
fn percent_encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests;
