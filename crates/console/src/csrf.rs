//! No form of another site is ever obeyed. Three checks, all needed, on every request that can change something:
//! `Sec-Fetch-Site` when the browser sends it, `Origin` against the host asked for, and a token bound to the secret in
//! the browser's visit cookie, so that a form from another browser is refused too. The visit outlives a session's change of
//! token: a step-up in one tab leaves what was typed in another good.

use aws_lc_rs::hmac;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::cookies;

/// The field, in every form, that carries the token.
pub const FIELD: &str = "csrf";

/// Why a request was not obeyed; for logs, a person reads "this page is too old".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Forgery {
    /// The browser says that another site asks.
    #[error("the request comes from another site")]
    OtherSite,
    /// Neither `Origin` nor `Sec-Fetch-Site` says where it comes from.
    #[error("the request does not say where it comes from")]
    NoOrigin,
    /// The form carries no token, or the token of another session.
    #[error("the form's token is not this session's")]
    Token,
}

/// Makes and checks tokens. Its key is shared by all nodes that stand behind one name.
#[derive(Debug)]
pub struct Csrf {
    key: hmac::Key,
    scheme: &'static str,
}

impl Csrf {
    /// With the key of the instance.
    #[must_use]
    pub fn with_key(key: &[u8; 32]) -> Self {
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, key), scheme: "https://" }
    }

    /// For pictures taken over plain HTTP on the loopback.
    #[must_use]
    pub fn plain_http(self) -> Self {
        Self { scheme: "http://", ..self }
    }

    /// The token of forms shown to the browser that holds `secret`.
    #[must_use]
    pub fn token(&self, secret: &str) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.key, secret.as_bytes()))
    }

    /// Where the request comes from, by its headers.
    ///
    /// # Errors
    /// Not from a page of this host.
    pub fn check_origin(&self, parts: &Parts) -> Result<(), Forgery> {
        let site = text(&parts.headers, "sec-fetch-site");
        if site.is_some_and(|site| site != "same-origin") {
            return Err(Forgery::OtherSite);
        }
        let host = parts
            .uri
            .authority()
            .map(|authority| authority.as_str())
            .or_else(|| text(&parts.headers, "host"));
        match (text(&parts.headers, header::ORIGIN.as_str()), host) {
            (Some(origin), Some(host)) if origin.strip_prefix(self.scheme) == Some(host) => Ok(()),
            (Some(_), _) => Err(Forgery::OtherSite),
            (None, _) if site.is_some() => Ok(()),
            (None, _) => Err(Forgery::NoOrigin),
        }
    }

    /// Whether the form was shown to the browser that posts it.
    ///
    /// # Errors
    /// No cookie of ours, or the token of another.
    pub fn check_token(&self, headers: &HeaderMap, token: &str) -> Result<(), Forgery> {
        let given = URL_SAFE_NO_PAD.decode(token).map_err(|_| Forgery::Token)?;
        cookies::get(headers, cookies::VISIT)
            .filter(|secret| hmac::verify(&self.key, secret.as_bytes(), &given).is_ok())
            .map(|_| ())
            .ok_or(Forgery::Token)
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn parts(headers: &[(&str, &str)]) -> Parts {
        let request =
            headers.iter().fold(Request::post("/x"), |request, (name, value)| request.header(*name, *value));
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn c1_where_a_request_comes_from() {
        let csrf = Csrf::with_key(&[3; 32]);
        let host = ("host", "console.example:8443");
        type Case<'a> = (&'a [(&'a str, &'a str)], Result<(), Forgery>);
        let cases: [Case<'_>; 9] = [
            (&[host, ("origin", "https://console.example:8443")], Ok(())),
            (&[host, ("origin", "https://console.example:8443"), ("sec-fetch-site", "same-origin")], Ok(())),
            (&[host, ("sec-fetch-site", "same-origin")], Ok(())),
            (&[host, ("origin", "https://console.example")], Err(Forgery::OtherSite)),
            (&[host, ("origin", "http://console.example:8443")], Err(Forgery::OtherSite)),
            (&[host, ("origin", "null"), ("sec-fetch-site", "same-origin")], Err(Forgery::OtherSite)),
            (
                &[host, ("origin", "https://console.example:8443"), ("sec-fetch-site", "same-site")],
                Err(Forgery::OtherSite),
            ),
            (&[host, ("sec-fetch-site", "none")], Err(Forgery::OtherSite)),
            (&[host], Err(Forgery::NoOrigin)),
        ];
        for (headers, answer) in cases {
            assert_eq!(csrf.check_origin(&parts(headers)), answer, "{headers:?}");
        }
    }

    #[test]
    fn c1_a_token_is_its_session_s_own() {
        let csrf = Csrf::with_key(&[3; 32]);
        let headers = parts(&[("cookie", "__Host-cerebro-visit=one")]).headers;
        assert_eq!(csrf.check_token(&headers, &csrf.token("one")), Ok(()));
        for token in [csrf.token("two"), String::new(), "%%".into(), Csrf::with_key(&[4; 32]).token("one")] {
            assert_eq!(csrf.check_token(&headers, &token), Err(Forgery::Token), "{token}");
        }
        assert_eq!(csrf.check_token(&HeaderMap::new(), &csrf.token("")), Err(Forgery::Token));
    }
}
