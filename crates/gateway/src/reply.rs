//! Replies as values: a code, an enhanced status code (RFC 3463, RFC 2034) and a text that cannot break the protocol.
//!
//! Promise: whatever text is handed in, what goes on the wire is printable ASCII in lines under 512 bytes; nothing a
//! client sent is ever repeated to it.

use std::borrow::Cow;

use bytes::BufMut;
use vocabulary::bounds::SMTP_REPLY_TEXT_BYTES_MAX;

/// What a client hears.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    code: u16,
    enhanced: Option<&'static str>,
    /// Lines separated by LF; always clean (see [`clean`]).
    text: Cow<'static, str>,
}

impl Reply {
    /// A reply with its enhanced status code, as in `Reply::new(250, "2.0.0", "Accepted")`.
    pub fn new(code: u16, enhanced: &'static str, text: impl Into<Cow<'static, str>>) -> Self {
        Self { code, enhanced: Some(enhanced), text: clean(text.into()) }
    }

    /// A reply that carries no enhanced status code: greeting, HELO, EHLO, 354 (RFC 2034 §4).
    pub fn bare(code: u16, text: impl Into<Cow<'static, str>>) -> Self {
        Self { code, enhanced: None, text: clean(text.into()) }
    }

    /// Several lines without enhanced status code (EHLO). Each is cleaned by itself.
    pub fn lines(code: u16, lines: &[String]) -> Self {
        let text: Vec<_> = lines.iter().map(|line| clean(Cow::Owned(line.clone()))).collect();
        Self { code, enhanced: None, text: Cow::Owned(text.join("\n")) }
    }

    /// The message is ours now: everything is durable. `text` names the flow.
    pub fn accepted(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(250, "2.0.0", text)
    }

    /// The message is refused for good by a decision.
    pub fn refused(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(550, "5.7.1", text)
    }

    /// Nothing was kept; the client shall come back.
    pub fn later(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(451, "4.3.0", text)
    }

    /// The three digits.
    #[must_use]
    pub fn code(&self) -> u16 {
        self.code
    }

    /// A 4xx or 5xx reply.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.code >= 400
    }

    /// Appends the reply as it goes on the wire.
    pub fn write_to(&self, out: &mut impl BufMut) {
        let mut lines = self.text.split('\n').peekable();
        while let Some(line) = lines.next() {
            out.put_slice(self.code.to_string().as_bytes());
            out.put_u8(if lines.peek().is_some() { b'-' } else { b' ' });
            if let Some(enhanced) = self.enhanced {
                out.put_slice(enhanced.as_bytes());
                out.put_u8(b' ');
            }
            out.put_slice(line.as_bytes());
            out.put_slice(b"\r\n");
        }
    }
}

/// Printable ASCII only, bounded; a line end or any other byte becomes `?`.
pub(crate) fn clean(text: Cow<'static, str>) -> Cow<'static, str> {
    let good = |c: char| matches!(c, ' '..='~');
    if text.len() <= SMTP_REPLY_TEXT_BYTES_MAX && text.chars().all(good) {
        return text;
    }
    text.chars()
        .take(SMTP_REPLY_TEXT_BYTES_MAX)
        .map(|c| if good(c) { c } else { '?' })
        .collect::<String>()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(reply: &Reply) -> String {
        let mut out = Vec::new();
        reply.write_to(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn one_line_and_several() {
        assert_eq!(wire(&Reply::accepted("Accepted flow_1")), "250 2.0.0 Accepted flow_1\r\n");
        assert_eq!(wire(&Reply::lines(250, &["a".into(), "b".into()])), "250-a\r\n250 b\r\n");
        assert_eq!(wire(&Reply::new(250, "2.0.0", "")), "250 2.0.0 \r\n");
    }

    #[test]
    fn a_text_cannot_break_the_protocol() {
        let nasty = format!("x\r\n250 2.0.0 Accepted\u{0}é{}", "y".repeat(5_000));
        let wire = wire(&Reply::refused(nasty));
        assert!(wire.starts_with("550 5.7.1 x??250 2.0.0 Accepted??y"));
        assert_eq!(wire.matches("\r\n").count(), 1);
        assert!(wire.len() <= 512);
    }
}
