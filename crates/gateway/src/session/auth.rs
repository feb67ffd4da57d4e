//! AUTH PLAIN and LOGIN (RFC 4954, RFC 4616), under TLS only: one line in, one [`Answer`] out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::replies;
use crate::Reply;

/// The mechanisms, as EHLO names them.
pub(super) const MECHANISMS: &str = "AUTH PLAIN LOGIN";

/// An exchange under way: what the next line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Exchange {
    /// `PLAIN` without an initial response.
    Plain,
    /// `LOGIN` asked for the name.
    LoginName,
    /// `LOGIN` asked for the secret.
    LoginSecret(String),
}

/// What a line of an exchange comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Asks for another line.
    Ask(Exchange),
    /// A name and a secret, to be compared.
    Claim { name: String, secret: String },
    /// The exchange is over without either.
    Refuse(Reply),
}

/// `AUTH mechanism [initial-response]`.
pub(super) fn start(mechanism: &str, initial: Option<&str>) -> Answer {
    let exchange = match mechanism.to_ascii_uppercase().as_str() {
        "PLAIN" => Exchange::Plain,
        "LOGIN" => Exchange::LoginName,
        _ => return Answer::Refuse(replies::MECHANISM.reply()),
    };
    match initial {
        // RFC 4954 §4: `=` is an empty initial response.
        Some("=") => go_on(exchange, b""),
        Some(initial) => go_on(exchange, initial.as_bytes()),
        None => Answer::Ask(exchange),
    }
}

/// The next line of the exchange, as it came.
pub(super) fn go_on(exchange: Exchange, line: &[u8]) -> Answer {
    if line == b"*" {
        return Answer::Refuse(replies::AUTH_CANCELLED.reply());
    }
    let text = STANDARD.decode(line).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let Some(text) = text else { return Answer::Refuse(replies::AUTH_SYNTAX.reply()) };
    match exchange {
        Exchange::Plain => match text.split('\0').collect::<Vec<_>>().as_slice() {
            [acting, name, secret] if acting.is_empty() || acting == name => claim(name, secret),
            // Acting for somebody else is for nobody here.
            [_, _, _] => Answer::Refuse(replies::AUTH_FAILED.reply()),
            _ => Answer::Refuse(replies::AUTH_SYNTAX.reply()),
        },
        Exchange::LoginName => Answer::Ask(Exchange::LoginSecret(text)),
        Exchange::LoginSecret(name) => claim(&name, &text),
    }
}

fn claim(name: &str, secret: &str) -> Answer {
    Answer::Claim { name: name.to_owned(), secret: secret.to_owned() }
}

impl Exchange {
    /// The 334 that asks for the next line.
    pub(super) fn challenge(&self) -> Reply {
        let text = match self {
            Self::Plain => String::new(),
            Self::LoginName => STANDARD.encode("Username:"),
            Self::LoginSecret(_) => STANDARD.encode("Password:"),
        };
        Reply::bare(334, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Answer {
        start("PLAIN", Some(&STANDARD.encode(text)))
    }

    #[test]
    fn plain_is_three_texts_and_nobody_acts_for_another() {
        let good = Answer::Claim { name: "crm".into(), secret: "s".into() };
        assert_eq!(plain("\0crm\0s"), good);
        assert_eq!(plain("crm\0crm\0s"), good);
        assert_eq!(start("plain", None), Answer::Ask(Exchange::Plain));
        for text in ["root\0crm\0s", "crm\0s", "crm", "\0crm\0s\0", ""] {
            assert!(matches!(plain(text), Answer::Refuse(_)), "{text:?}");
        }
        for initial in ["!!!", "AGNyb", "=", "/w=="] {
            assert!(matches!(start("PLAIN", Some(initial)), Answer::Refuse(_)), "{initial}");
        }
        assert!(matches!(start("CRAM-MD5", None), Answer::Refuse(_)));
    }

    #[test]
    fn login_asks_twice_and_a_star_ends_it() {
        let Answer::Ask(exchange) = start("LOGIN", None) else { panic!() };
        let Answer::Ask(exchange) = go_on(exchange, STANDARD.encode("crm").as_bytes()) else { panic!() };
        assert_eq!(exchange.challenge(), Reply::bare(334, "UGFzc3dvcmQ6"));
        let claim = Answer::Claim { name: "crm".into(), secret: "s".into() };
        assert_eq!(go_on(exchange.clone(), STANDARD.encode("s").as_bytes()), claim);
        assert!(matches!(go_on(exchange, b"*"), Answer::Refuse(_)));
    }
}
