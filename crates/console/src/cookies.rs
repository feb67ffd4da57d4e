//! The cookies. All are `__Host-`: bound to this host, this path, TLS only, out of reach of scripts and of
//! sibling domains (RFC 6265bis §4.1.3.2).
//!
//! `Lax` and not `Strict`: a reviewer who follows a link from a notice must arrive signed in. What changes anything
//! is a POST, which `Lax` does not carry across sites, and which [`crate::csrf`] checks twice more.

use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use vocabulary::entropy::random;
use vocabulary::{Entropy, Locale};

/// The session's cookie: the secret the server keeps a hash of.
pub const SESSION: &str = "__Host-cerebro";
/// The cookie of a browser, from its first page to the end of a session: forms are bound to it.
pub const VISIT: &str = "__Host-cerebro-visit";
/// The first step of a sign-in, until the second is made.
pub const TICKET: &str = "__Host-cerebro-ticket";
/// The browser's own mark, which tells a known device from a new one (clause T2).
pub const DEVICE: &str = "__Host-cerebro-device";
/// The language chosen on this browser.
pub const LANGUAGE: &str = "__Host-cerebro-language";

const YEAR: &str = "; Max-Age=31536000";

/// A new secret: 32 random bytes, base64url.
#[must_use]
pub fn token(entropy: &dyn Entropy) -> String {
    URL_SAFE_NO_PAD.encode(random::<32>(entropy))
}

/// The value of a cookie of ours. Anything a token of ours cannot be counts as absent.
#[must_use]
pub fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
        .filter(|value| !value.is_empty() && value.len() <= 256)
        .filter(|value| value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)))
}

/// Gives the browser its session's secret, until the browser or the session ends.
#[must_use]
pub fn open_session(secret: &str) -> Option<HeaderValue> {
    set(SESSION, secret, "")
}

/// Takes the session's secret back.
#[must_use]
pub fn close_session() -> Option<HeaderValue> {
    set(SESSION, "", "; Max-Age=0")
}

/// Gives the browser the proof of its first step, for as long as the second may take.
#[must_use]
pub fn give_ticket(text: &str) -> Option<HeaderValue> {
    set(TICKET, text, "; Max-Age=300")
}

/// Takes it back.
#[must_use]
pub fn take_ticket() -> Option<HeaderValue> {
    set(TICKET, "", "; Max-Age=0")
}

/// Gives a browser nobody has signed in with its own secret.
#[must_use]
pub fn open_visit(secret: &str) -> Option<HeaderValue> {
    set(VISIT, secret, "")
}

/// Takes the browser's own secret back: forms still open in it are good no more.
#[must_use]
pub fn close_visit() -> Option<HeaderValue> {
    set(VISIT, "", "; Max-Age=0")
}

/// Marks the browser, for as long as a cookie may last.
#[must_use]
pub fn mark_device(text: &str) -> Option<HeaderValue> {
    set(DEVICE, text, YEAR)
}

/// Remembers a language on this browser.
#[must_use]
pub fn speak(locale: Locale) -> Option<HeaderValue> {
    set(LANGUAGE, locale.tag(), YEAR)
}

/// The language of a request: the cookie, then `Accept-Language`, then French.
#[must_use]
pub fn language(headers: &HeaderMap) -> Locale {
    get(headers, LANGUAGE).and_then(|tag| tag.parse().ok()).unwrap_or_else(|| {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Locale::negotiate(accepted.unwrap_or_default())
    })
}

fn set(name: &str, value: &str, more: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{more}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::SeededEntropy;

    fn headers(cookie: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(cookie))])
    }

    #[test]
    fn s8_a_cookie_says_all_it_must() {
        let secret = token(&SeededEntropy::new(1));
        assert_eq!(secret.len(), 43);
        let cookie = open_session(&secret).unwrap();
        let text = cookie.to_str().unwrap();
        for word in ["__Host-cerebro=", "; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
            assert!(text.contains(word), "{text}");
        }
        assert!(!text.contains("Domain"));
        assert!(close_session().unwrap().to_str().unwrap().contains("Max-Age=0"));
    }

    #[test]
    fn only_whole_names_and_plain_values_are_read() {
        let both = headers("a=1; __Host-cerebro-visit=vvv; __Host-cerebro=sss");
        assert_eq!(get(&both, SESSION), Some("sss"));
        assert_eq!(get(&both, VISIT), Some("vvv"));
        for cookie in ["__Host-cerebro=", "__Host-cerebro=a b", "x__Host-cerebro=sss", "__Host-cerebro=\"s\""]
        {
            assert_eq!(get(&headers(cookie), SESSION), None, "{cookie}");
        }
    }

    #[test]
    fn a_chosen_language_wins() {
        let mut asked = headers("__Host-cerebro-language=en");
        asked.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("fr"));
        assert_eq!(language(&asked), Locale::En);
        assert_eq!(language(&headers("__Host-cerebro-language=xx")), Locale::Fr);
    }
}
