//! Backup codes: ten, single-use, for the day the second factor is lost (clause A2).
//!
//! A backup code never disables the second factor: it opens a session that can only enrol a new one.

use aws_lc_rs::digest;
use vocabulary::{AccountId, Entropy, Secret};
use zeroize::Zeroize;

use crate::{CROCKFORD, base32};

/// Codes handed out at once; new ones replace all old ones.
pub const CODES: usize = 10;
/// Random bytes of a code: 120 bits, so that a plain hash keeps it (NIST SP 800-63B-4 §3.1.2.2: from 112 bits on).
const CODE_BYTES: usize = 15;
const CODE_CHARS: usize = 24;
const GROUP_CHARS: usize = 4;
/// What a person may type around the characters, at most: a separator after each.
const PRESENTED_BYTES_MAX: usize = 4 * CODE_CHARS;

/// A code, as it is printed: six groups of four.
#[derive(Clone)]
pub struct BackupCode(Secret<String>);

impl BackupCode {
    /// Ten new codes.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Vec<Self> {
        (0..CODES)
            .map(|_| {
                let bytes: Secret<[u8; CODE_BYTES]> = Secret::new(vocabulary::entropy::random(entropy));
                Self(Secret::new(base32(bytes.expose(), CROCKFORD)))
            })
            .collect()
    }

    /// Reads what a person types: case, spaces and hyphens do not count; O is 0, I and L are 1 (Crockford).
    #[must_use]
    pub fn parse(presented: &str) -> Option<Self> {
        if presented.len() > PRESENTED_BYTES_MAX {
            return None;
        }
        let mut text = String::with_capacity(CODE_CHARS);
        for c in presented.chars().filter(|c| !matches!(c, ' ' | '-')) {
            let c = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            };
            if text.len() == CODE_CHARS || !c.is_ascii() || !CROCKFORD.contains(&(c as u8)) {
                text.zeroize();
                return None;
            }
            text.push(c);
        }
        let code = Self(Secret::new(text));
        (code.0.expose().len() == CODE_CHARS).then_some(code)
    }

    /// The code in groups, for the one page that shows it.
    #[must_use]
    pub fn display(&self) -> Secret<String> {
        let mut text = String::with_capacity(CODE_CHARS + CODE_CHARS / GROUP_CHARS);
        for (place, c) in self.0.expose().chars().enumerate() {
            if place > 0 && place % GROUP_CHARS == 0 {
                text.push('-');
            }
            text.push(c);
        }
        Secret::new(text)
    }

    /// What is kept: bound to its account, so that one found in another's row is no use.
    #[must_use]
    pub fn hash(&self, account: AccountId) -> [u8; 32] {
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(b"CEREBRO backup code 1\0");
        context.update(account.as_bytes());
        context.update(self.0.expose().as_bytes());
        let mut hash = [0; 32];
        for (into, byte) in hash.iter_mut().zip(context.finish().as_ref()) {
            *into = *byte;
        }
        hash
    }
}

impl std::fmt::Debug for BackupCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BackupCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use vocabulary::{SeededEntropy, Timestamp};

    fn account(seed: u64) -> AccountId {
        AccountId::new(Timestamp::from_micros(1), &SeededEntropy::new(seed))
    }

    #[test]
    fn r4_ten_codes_read_as_people_type_them() {
        let codes = BackupCode::generate(&SeededEntropy::new(1));
        let mut hashes: Vec<_> = codes.iter().map(|code| code.hash(account(1))).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), CODES);
        for code in &codes {
            let shown = code.display().expose().clone();
            assert_eq!(shown.len(), 29);
            let typed = [
                shown.clone(),
                shown.to_lowercase(),
                shown.replace('-', " "),
                shown.replace('-', ""),
                shown.replace('0', "o").replace('1', "l"),
                shown.replace('1', "I"),
            ];
            for typed in typed {
                assert_eq!(
                    BackupCode::parse(&typed).unwrap().hash(account(1)),
                    code.hash(account(1)),
                    "{typed}"
                );
            }
            assert_ne!(code.hash(account(1)), code.hash(account(2)));
        }
    }

    #[test]
    fn what_is_not_a_code() {
        let shown = BackupCode::generate(&SeededEntropy::new(1)).remove(0).display().expose().clone();
        for bad in
            ["", &shown[1..], &format!("{shown}0"), &shown.replacen(&shown[..1], "U", 1), &"-".repeat(2_000)]
        {
            assert!(BackupCode::parse(bad).is_none(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
            let _ = BackupCode::parse(&text);
        }
    }
}
