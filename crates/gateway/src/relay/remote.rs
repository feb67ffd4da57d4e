//! What a remote server says, read with bounds (RFC 5321 §4.2.1).

use vocabulary::bounds::RELAY_REPLY_BYTES_MAX;

use super::Diagnostic;

/// One whole reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RemoteReply {
    pub(super) code: u16,
    /// Without code, separator and line end. Not cleaned: see [`RemoteReply::diagnostic`].
    pub(super) lines: Vec<String>,
}

/// What the class of a reply means for what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Yes,
    GoOn,
    NotNow,
    Never,
}

impl RemoteReply {
    pub(super) fn class(&self) -> Class {
        match self.code {
            200..=299 => Class::Yes,
            300..=399 => Class::GoOn,
            400..=499 => Class::NotNow,
            _ => Class::Never,
        }
    }

    pub(super) fn is_yes(&self) -> bool {
        self.class() == Class::Yes
    }

    /// The server is about to close (RFC 5321 §3.8).
    pub(super) fn is_closing(&self) -> bool {
        self.code == 421
    }

    pub(super) fn diagnostic(&self) -> Diagnostic {
        Diagnostic::remote(self.code, &self.lines)
    }
}

/// What the bytes read so far are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Parsed {
    /// A reply, and how many bytes it took.
    Reply(RemoteReply, usize),
    /// More is needed.
    Incomplete,
    /// Not SMTP, or beyond [`RELAY_REPLY_BYTES_MAX`].
    Broken,
}

/// Reads the first reply. Lines may end in LF alone: nothing of ours depends on where the server thinks they end.
pub(super) fn parse(bytes: &[u8]) -> Parsed {
    let (mut at, mut code, mut lines) = (0, None, Vec::new());
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(end) = memchr::memchr(b'\n', rest) else {
            return if bytes.len() > RELAY_REPLY_BYTES_MAX { Parsed::Broken } else { Parsed::Incomplete };
        };
        at += end + 1;
        if at > RELAY_REPLY_BYTES_MAX {
            return Parsed::Broken;
        }
        let line = rest.get(..end).unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Some((this, last, text)) = parse_line(line) else { return Parsed::Broken };
        if *code.get_or_insert(this) != this {
            return Parsed::Broken;
        }
        lines.push(String::from_utf8_lossy(text).into_owned());
        if last {
            return Parsed::Reply(RemoteReply { code: this, lines }, at);
        }
    }
}

/// Code, whether it is the last line, text.
fn parse_line(line: &[u8]) -> Option<(u16, bool, &[u8])> {
    let (digits, rest) = line.split_at_checked(3)?;
    let code =
        std::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
    let code = code.parse().ok().filter(|code| (200..600).contains(code))?;
    match rest.split_first() {
        None => Some((code, true, rest)),
        Some((b' ', text)) => Some((code, true, text)),
        Some((b'-', text)) => Some((code, false, text)),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn replies_that_are_and_are_not() {
        let reply = |code, lines: &[&str], taken| {
            Parsed::Reply(
                RemoteReply { code, lines: lines.iter().map(|line| (*line).to_owned()).collect() },
                taken,
            )
        };
        assert_eq!(parse(b"250 ok\r\n250 next"), reply(250, &["ok"], 8));
        assert_eq!(parse(b"250-a\r\n250-b\r\n250 c\r\n"), reply(250, &["a", "b", "c"], 21));
        assert_eq!(parse(b"354\r\n"), reply(354, &[""], 5));
        assert_eq!(parse(b"220 x\n"), reply(220, &["x"], 6));
        for incomplete in [&b""[..], b"2", b"250 ok", b"250-a\r\n", b"250-a\r\n250 b\r"] {
            assert_eq!(parse(incomplete), Parsed::Incomplete, "{incomplete:?}");
        }
        for broken in [
            &b"\r\n"[..],
            b"hello\r\n",
            b"25 x\r\n",
            b"2500\r\n",
            b"250-a\r\n550 b\r\n",
            b"150 x\r\n",
            b"999 x\r\n",
            b"+50 x\r\n",
        ] {
            assert_eq!(parse(broken), Parsed::Broken, "{broken:?}");
        }
    }

    #[test]
    fn endless_replies_are_given_up() {
        assert_eq!(parse(&b"250-x\r\n".repeat(10_000)), Parsed::Broken);
        assert_eq!(parse(&vec![b'2'; RELAY_REPLY_BYTES_MAX + 1]), Parsed::Broken);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Parsed::Reply(_, taken) = parse(&bytes) {
                prop_assert!(taken <= bytes.len());
            }
        }
    }
}
