//! Posted forms, read strictly: a field that is missing, repeated, unexpected or unreadable is an error that names it.
//! Also the one place that decides whether an address given by a form may be gone to.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use vocabulary::bounds::FORM_FIELDS_MAX;

use crate::i18n::Words;

/// A form as it was posted, after its body was bounded, parsed and its token checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form(Vec<(String, String)>);

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("field {field:?}: {trouble}")]
pub struct FormError {
    /// Its name, as posted.
    pub field: String,
    /// What is wrong.
    pub trouble: Trouble,
}

/// See [`FormError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// It is not there.
    #[error("it is missing")]
    Missing,
    /// It is there twice.
    #[error("it is given twice")]
    Repeated,
    /// The form has no such field.
    #[error("it is not expected")]
    Unexpected,
    /// Its percent-encoding or its UTF-8 is broken.
    #[error("it cannot be read")]
    Encoding,
    /// Its value is not one of those offered.
    #[error("its value is not one of those offered")]
    NotAChoice,
    /// There are more than [`FORM_FIELDS_MAX`].
    #[error("there are too many fields")]
    TooMany,
}

impl FormError {
    fn new(field: &str, trouble: Trouble) -> Self {
        // A hostile name is cut before it is shown or logged.
        Self { field: field.chars().take(40).collect(), trouble }
    }

    /// The error as a person reads it.
    #[must_use]
    pub fn words(&self, w: Words) -> String {
        let key = match self.trouble {
            Trouble::Missing => "field-missing",
            Trouble::Repeated => "field-repeated",
            Trouble::Unexpected => "field-unknown",
            Trouble::Encoding => "field-encoding",
            Trouble::NotAChoice => "field-choice",
            Trouble::TooMany => "field-too-many",
        };
        w.with(key, "field", &self.field)
    }
}

impl Form {
    /// Reads an `application/x-www-form-urlencoded` body (WHATWG URL §5.1), refusing what browsers never send.
    ///
    /// # Errors
    /// The first field at fault.
    pub fn parse(body: &[u8]) -> Result<Self, FormError> {
        let mut fields: Vec<(String, String)> = Vec::new();
        for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let (raw, value) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
            let unreadable = || FormError::new(&String::from_utf8_lossy(raw), Trouble::Encoding);
            let name = decode(raw).ok_or_else(unreadable)?;
            let value = decode(value).ok_or_else(unreadable)?;
            if fields.iter().any(|(known, _)| *known == name) {
                return Err(FormError::new(&name, Trouble::Repeated));
            }
            if fields.len() == FORM_FIELDS_MAX {
                return Err(FormError::new(&name, Trouble::TooMany));
            }
            fields.push((name, value));
        }
        Ok(Self(fields))
    }

    /// The value of a field, if it was posted.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value of a field, empty when it was not posted.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// The value of a field that must be there and say something.
    ///
    /// # Errors
    /// It is missing or empty.
    pub fn required(&self, name: &str) -> Result<&str, FormError> {
        self.get(name).filter(|value| !value.is_empty()).ok_or_else(|| FormError::new(name, Trouble::Missing))
    }

    /// Refuses any field but these (and the token every form carries).
    ///
    /// # Errors
    /// The first field that is not expected.
    pub fn only(&self, names: &[&str]) -> Result<(), FormError> {
        match self.0.iter().find(|(name, _)| name != crate::csrf::FIELD && !names.contains(&name.as_str())) {
            Some((name, _)) => Err(FormError::new(name, Trouble::Unexpected)),
            None => Ok(()),
        }
    }
}

/// The guard of a route parses the form once and leaves it here for the handler.
impl<S: Sync> FromRequestParts<S> for Form {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::BAD_REQUEST)
    }
}

fn decode(text: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => hex(*rest.next()?)? << 4 | hex(*rest.next()?)?,
            other => *other,
        });
    }
    String::from_utf8(bytes).ok()
}

/// A value as it stands in a query (WHATWG URL §5.2).
#[must_use]
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._*".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded += &format!("%{byte:02X}");
        }
    }
    encoded
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// A path of ours to go to after a form, or `/`: never another site (`//evil`, `/\evil`, a scheme), never a control.
#[must_use]
pub fn local_path(wanted: &str) -> &str {
    let local = wanted.starts_with('/')
        && !wanted.starts_with("//")
        && wanted.len() <= 512
        && wanted.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if local { wanted } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_form_is_read_as_browsers_write_it() {
        let form = Form::parse("motive=other&reason=%C3%A9t%C3%A9+2026&empty=".as_bytes()).unwrap();
        assert_eq!(form.text("reason"), "été 2026");
        assert_eq!((form.get("empty"), form.get("absent")), (Some(""), None));
        assert_eq!(form.required("empty").unwrap_err().to_string(), "field \"empty\": it is missing");
        assert!(form.only(&["motive", "reason", "empty"]).is_ok());
        assert_eq!(form.only(&["motive", "empty"]).unwrap_err().field, "reason");
    }

    proptest! {
        #[test]
        fn what_is_put_in_an_address_comes_back(text in ".{0,60}", other in ".{0,20}") {
            let form = Form::parse(format!("q={}&after={}", encode(&text), encode(&other)).as_bytes()).unwrap();
            prop_assert_eq!((form.text("q"), form.text("after")), (text.as_str(), other.as_str()));
        }
    }

    #[test]
    fn a_form_no_browser_writes_is_refused_by_name() {
        let cases = [
            ("a=1&a=2", "a", Trouble::Repeated),
            ("a=%C3", "a", Trouble::Encoding),
            ("a=%4", "a", Trouble::Encoding),
            ("a=%zz", "a", Trouble::Encoding),
            ("%FF=1", "%FF", Trouble::Encoding),
        ];
        for (body, field, trouble) in cases {
            assert_eq!(
                Form::parse(body.as_bytes()).unwrap_err(),
                FormError { field: field.into(), trouble },
                "{body}"
            );
        }
        let many: String = (0..=FORM_FIELDS_MAX).map(|n| format!("f{n}=&")).collect();
        assert_eq!(Form::parse(many.as_bytes()).unwrap_err().trouble, Trouble::TooMany);
    }

    #[test]
    fn only_our_own_pages_are_gone_to() {
        for path in ["/queue", "/holds/hold_x?tab=team", "/"] {
            assert_eq!(local_path(path), path);
        }
        for path in [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "queue",
            "",
            "/a\nSet-Cookie: x",
            "/é",
        ] {
            assert_eq!(local_path(path), "/", "{path}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(body: Vec<u8>) {
            let _ = Form::parse(&body);
        }
    }
}
