//! What a sender's server asks about delivery reports (RFC 3461): kept as asked, handed on or honoured.

use std::fmt;
use std::str::FromStr;

use crate::EmailAddress;

/// `ENVID`, decoded length (RFC 3461 §4.4 asks for 100).
pub const ENVELOPE_ID_BYTES_MAX: usize = 100;
/// `ORCPT` as it stands in the command (RFC 3461 §4.2 asks for 500).
pub const ORIGINAL_RECIPIENT_BYTES_MAX: usize = 500;

/// The text is not what RFC 3461 allows there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a delivery report parameter of RFC 3461")]
pub struct DsnError;

/// `NOTIFY`: when the sender wants to hear of a recipient. The default is what RFC 3461 §4.1 gives who asks nothing:
/// failures, and delays if the server thinks so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Notify {
    /// Nothing was asked.
    #[default]
    Unasked,
    /// Never, whatever happens.
    Never,
    /// Exactly these.
    On {
        /// When it was delivered, or handed to a server that will not say.
        success: bool,
        /// When it cannot be delivered.
        failure: bool,
        /// When it takes long.
        delay: bool,
    },
}

impl Notify {
    /// Tell of a failure.
    #[must_use]
    pub const fn failure(self) -> bool {
        matches!(self, Self::Unasked | Self::On { failure: true, .. })
    }

    /// Tell of a success.
    #[must_use]
    pub const fn success(self) -> bool {
        matches!(self, Self::On { success: true, .. })
    }

    /// Tell of a delay.
    #[must_use]
    pub const fn delay(self) -> bool {
        matches!(self, Self::Unasked | Self::On { delay: true, .. })
    }
}

impl FromStr for Notify {
    type Err = DsnError;

    /// `NEVER`, or a list of `SUCCESS`, `FAILURE`, `DELAY`, in any case; empty is nothing asked.
    fn from_str(text: &str) -> Result<Self, DsnError> {
        if text.is_empty() {
            return Ok(Self::Unasked);
        }
        if text.eq_ignore_ascii_case("NEVER") {
            return Ok(Self::Never);
        }
        let (mut success, mut failure, mut delay) = (false, false, false);
        for word in text.split(',') {
            let place = match word.to_ascii_uppercase().as_str() {
                "SUCCESS" => &mut success,
                "FAILURE" => &mut failure,
                "DELAY" => &mut delay,
                _ => return Err(DsnError),
            };
            if std::mem::replace(place, true) {
                return Err(DsnError);
            }
        }
        Ok(Self::On { success, failure, delay })
    }
}

/// As it stands in the command; empty when nothing was asked.
impl fmt::Display for Notify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unasked => Ok(()),
            Self::Never => f.write_str("NEVER"),
            Self::On { success, failure, delay } => {
                let words = [(success, "SUCCESS"), (failure, "FAILURE"), (delay, "DELAY")];
                let words: Vec<&str> =
                    words.into_iter().filter(|(on, _)| **on).map(|(_, word)| word).collect();
                f.write_str(&words.join(","))
            }
        }
    }
}

/// `RET`: how much of the message a failure report brings back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Return {
    /// The whole message.
    Full,
    /// Its header alone.
    Headers,
}

impl Return {
    /// As it stands in the command.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Full => "FULL",
            Self::Headers => "HDRS",
        }
    }
}

impl FromStr for Return {
    type Err = DsnError;

    fn from_str(text: &str) -> Result<Self, DsnError> {
        match text.to_ascii_uppercase().as_str() {
            "FULL" => Ok(Self::Full),
            "HDRS" => Ok(Self::Headers),
            _ => Err(DsnError),
        }
    }
}

/// Text that came as `xtext` (RFC 3461 §4), kept as it came: printable ASCII that can end neither a command nor a
/// parameter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Xtext(String);

impl Xtext {
    /// `ENVID`.
    ///
    /// # Errors
    /// Not xtext, empty, or over [`ENVELOPE_ID_BYTES_MAX`] decoded.
    pub fn envelope_id(text: &str) -> Result<Self, DsnError> {
        match decoded(text) {
            Some(bytes) if (1..=ENVELOPE_ID_BYTES_MAX).contains(&bytes.len()) => Ok(Self(text.to_owned())),
            _ => Err(DsnError),
        }
    }

    /// `ORCPT`: a type, `;`, and an address in xtext (for `utf-8`, RFC 6533 §3, its own escapes).
    ///
    /// # Errors
    /// Another shape, or over [`ORIGINAL_RECIPIENT_BYTES_MAX`].
    pub fn original_recipient(text: &str) -> Result<Self, DsnError> {
        let (kind, address) = text.split_once(';').ok_or(DsnError)?;
        let is_atom = !kind.is_empty() && kind.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let is_text = if kind.eq_ignore_ascii_case("utf-8") {
            address.bytes().all(|b| b.is_ascii_graphic())
        } else {
            decoded(address).is_some_and(|bytes| bytes.iter().all(|b| (b' '..=b'~').contains(b)))
        };
        if text.len() <= ORIGINAL_RECIPIENT_BYTES_MAX && is_atom && is_text && !address.is_empty() {
            Ok(Self(text.to_owned()))
        } else {
            Err(DsnError)
        }
    }

    /// Back from the database, where only what was read stands.
    ///
    /// # Errors
    /// Not printable ASCII without spaces.
    pub fn kept(text: &str) -> Result<Self, DsnError> {
        if text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(DsnError)
        }
    }

    /// As it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Decoded, for a report; a byte that is not printable ASCII becomes `?`.
    #[must_use]
    pub fn plain(&self) -> String {
        let bytes = decoded(&self.0).unwrap_or_else(|| self.0.clone().into_bytes());
        bytes.into_iter().map(|b| if (b' '..=b'~').contains(&b) { char::from(b) } else { '?' }).collect()
    }
}

/// Whom a message is for, and what was asked about them (RFC 5321 §2.3.1, RFC 3461 §4.1 and §4.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForwardPath {
    /// The mailbox.
    pub address: EmailAddress,
    /// When the sender wants to hear of it.
    pub notify: Notify,
    /// Whom it was for before anybody rewrote it.
    pub original: Option<Xtext>,
}

impl From<EmailAddress> for ForwardPath {
    fn from(address: EmailAddress) -> Self {
        Self { address, notify: Notify::default(), original: None }
    }
}

/// xtext → bytes: `+` and two upper-case hexadecimal digits are a byte; `=` may not stand.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(hex(rest.next()?)? << 4 | hex(rest.next()?)?),
            b'=' => return None,
            b'!'..=b'~' => bytes.push(byte),
            _ => return None,
        }
    }
    Some(bytes)
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn notify_is_never_or_a_list() {
        for text in ["NEVER", "SUCCESS", "SUCCESS,FAILURE,DELAY", "FAILURE,DELAY", ""] {
            assert_eq!(text.parse::<Notify>().unwrap().to_string(), text);
        }
        assert_eq!("delay,Failure".parse::<Notify>().unwrap().to_string(), "FAILURE,DELAY");
        for text in ["NEVER,SUCCESS", "SUCCESS,SUCCESS", "x", ",", "SUCCESS,", "SUCCESS DELAY"] {
            assert_eq!(text.parse::<Notify>(), Err(DsnError), "{text}");
        }
        let unasked = Notify::default();
        assert!(unasked.failure() && unasked.delay() && !unasked.success());
        assert!(!Notify::Never.failure() && !Notify::Never.delay() && !Notify::Never.success());
    }

    #[test]
    fn xtext_is_read_and_kept_as_it_came() {
        assert_eq!(Xtext::envelope_id("QQ314159+20x").unwrap().plain(), "QQ314159 x");
        let recipient = Xtext::original_recipient("rfc822;Bob+2Bx@example.com").unwrap();
        assert_eq!(
            (recipient.as_str(), &*recipient.plain()),
            ("rfc822;Bob+2Bx@example.com", "rfc822;Bob+x@example.com")
        );
        for text in ["", "a b", "a=b", "+4", "+0x", "+zz", "é", &"x".repeat(101)] {
            assert!(Xtext::envelope_id(text).is_err(), "{text}");
        }
        for text in ["rfc822", "rfc822;", ";a@b", "rfc 822;a@b", "rfc822;a+0D+0Ab", "rfc822;a@b+"] {
            assert!(Xtext::original_recipient(text).is_err(), "{text}");
        }
        assert!(Xtext::original_recipient("utf-8;rene\\x{E9}@example.com").is_ok());
    }

    proptest! {
        #[test]
        fn what_is_kept_ends_nothing(text in "\\PC{0,120}") {
            for read in [Xtext::envelope_id(&text), Xtext::original_recipient(&text)].into_iter().flatten() {
                prop_assert!(read.as_str().bytes().all(|byte| byte.is_ascii_graphic()));
                prop_assert!(read.plain().chars().all(|c| (' '..='~').contains(&c)));
                prop_assert_eq!(Xtext::kept(read.as_str()), Ok(read.clone()));
            }
        }
    }
}
