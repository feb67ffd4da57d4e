//! Bearer tokens: a session's cookie, a device's cookie, a service's key. Shown once, kept hashed.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use vocabulary::{Entropy, Secret};

const TOKEN_BYTES: usize = 32;
const TEXT_CHARS: usize = 43;

/// 256 random bits, written in 43 characters of base64url.
#[derive(Clone)]
pub struct Token(Secret<String>);

impl Token {
    /// A new one.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let bytes: Secret<[u8; TOKEN_BYTES]> = Secret::new(vocabulary::entropy::random(entropy));
        Self(Secret::new(URL_SAFE_NO_PAD.encode(bytes.expose())))
    }

    /// Reads what a stranger presents; `None` when it has not the shape of a token.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; TOKEN_BYTES];
        let is_token = text.len() == TEXT_CHARS
            && URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).is_ok_and(|length| length == TOKEN_BYTES);
        zeroize::Zeroize::zeroize(&mut bytes);
        is_token.then(|| Self(Secret::new(text.to_owned())))
    }

    /// What is kept of it: whoever reads the table cannot sign in.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        let mut hash = [0; 32];
        let digest = digest::digest(&digest::SHA256, self.0.expose().as_bytes());
        for (into, byte) in hash.iter_mut().zip(digest.as_ref()) {
            *into = *byte;
        }
        TokenHash(hash)
    }

    /// The text, for the cookie or the one page that shows it.
    #[must_use]
    pub const fn expose(&self) -> &Secret<String> {
        &self.0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// SHA-256 of a token's 43 characters. 256 bits of entropy need neither salt nor a slow hash (NIST SP 800-63B-4 §3.1.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The bytes, for the table.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use vocabulary::SeededEntropy;

    #[test]
    fn a_token_is_read_as_it_was_shown() {
        let token = Token::generate(&SeededEntropy::new(1));
        let text = token.expose().expose();
        assert_eq!(text.len(), TEXT_CHARS);
        assert_eq!(Token::parse(text).unwrap().hash(), token.hash());
        assert_eq!(format!("{token:?}"), "Token(…)");
        assert_ne!(Token::generate(&SeededEntropy::new(2)).hash(), token.hash());
    }

    #[test]
    fn one_token_has_one_text() {
        let text = Token::generate(&SeededEntropy::new(1)).expose().expose().clone();
        let cut = &text[..42];
        let padded = format!("{text}=");
        // The last character carries four bits: one with the two spare bits set is refused.
        let spare = format!("{cut}_");
        for bad in ["", cut, &padded, &spare, &format!("{cut}+"), &format!("{cut} ")] {
            assert!(Token::parse(bad).is_none(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,50}") {
            let _ = Token::parse(&text);
        }
    }
}
