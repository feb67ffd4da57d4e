//! Line ends of content that is handed over whole, by a door that is not SMTP.

use std::borrow::Cow;

/// Why content cannot leave by SMTP (RFC 5321 §2.3.8, RFC 5322 §2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// A NUL.
    #[error("the message holds a NUL: SMTP carries none")]
    Nul,
    /// A CR or an LF alone, among others or without any CRLF that would tell what was meant.
    #[error(
        "line {line} ends in a CR or LF alone, and others do not: every line must end in CRLF, or every one in LF"
    )]
    Mixed {
        /// The first such line, from 1.
        line: usize,
    },
}

/// Content as it will leave: lines end in CRLF. A file as Unix keeps it, every line of which ends in LF alone, is a message whose
/// lines end so; signatures over it are made of CRLF (RFC 6376 §3.7), so turning them is what makes them verify.
///
/// # Errors
/// A NUL, or line ends of both kinds: two readers would not see one message.
pub fn on_the_wire(content: &[u8]) -> Result<Cow<'_, [u8]>, Unfit> {
    if memchr::memchr(0, content).is_some() {
        return Err(Unfit::Nul);
    }
    let alone = first_alone(content);
    let Some(line) = alone else { return Ok(Cow::Borrowed(content)) };
    if memchr::memchr(b'\r', content).is_some() {
        return Err(Unfit::Mixed { line });
    }
    let mut turned = Vec::with_capacity(content.len() + content.len() / 32);
    for line in content.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\n") {
            Some(text) => {
                turned.extend_from_slice(text);
                turned.extend_from_slice(b"\r\n");
            }
            None => turned.extend_from_slice(line),
        }
    }
    Ok(Cow::Owned(turned))
}

/// The first line that ends in a CR or an LF alone.
fn first_alone(content: &[u8]) -> Option<usize> {
    let (mut rest, mut line) = (content, 1);
    while let Some(at) = memchr::memchr2(b'\r', b'\n', rest) {
        match (rest.get(at), rest.get(at + 1)) {
            (Some(b'\r'), Some(b'\n')) => rest = rest.get(at + 2..).unwrap_or_default(),
            _ => return Some(line),
        }
        line += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_unix_leaves_with_crlf_and_anything_between_is_refused() {
        let wire: &[u8] = b"Subject: x\r\n\r\nBonjour\r\n.\r\n";
        assert!(matches!(on_the_wire(wire), Ok(Cow::Borrowed(same)) if same == wire));
        assert_eq!(on_the_wire(b"Subject: x\n\nBonjour\n.\n").unwrap(), wire);
        assert_eq!(on_the_wire(b"a\nb").unwrap(), &b"a\r\nb"[..], "the relay adds the last one, and says so");
        assert_eq!(on_the_wire(b"").unwrap(), &b""[..]);
        assert_eq!(on_the_wire(b"a\r\nb\nc\r\n"), Err(Unfit::Mixed { line: 2 }));
        assert_eq!(on_the_wire(b"a\rb\n"), Err(Unfit::Mixed { line: 1 }));
        assert_eq!(on_the_wire(b"a\r\n\rb"), Err(Unfit::Mixed { line: 2 }));
        assert_eq!(on_the_wire(b"a\0\r\n"), Err(Unfit::Nul));
    }
}
