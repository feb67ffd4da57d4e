//! Reverse and forward paths (RFC 5321 §4.1.2): `<mailbox>`, `<>`, `<Postmaster>`, `<@route,@route:mailbox>`.

use vocabulary::EmailAddress;

/// RFC 5321 §4.5.3.1.3, brackets included.
const PATH_BYTES_MAX: usize = 256;

/// What stands between the angle brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Path {
    /// `<>`.
    Null,
    /// `<Postmaster>` without domain: ours.
    Postmaster,
    /// A mailbox; a source route before it was read and dropped (RFC 5321 appendix C).
    Mailbox(EmailAddress),
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum PathError {
    /// Not in angle brackets, or something sticks to them.
    Syntax,
    /// In brackets, but not an address: over-long ones too, which are never cut.
    Address,
}

/// Reads a path at the start of `text`; gives the path and what follows, without leading spaces.
pub(crate) fn parse(text: &str) -> Result<(Path, &str), PathError> {
    let inner_and_rest = text.strip_prefix('<').ok_or(PathError::Syntax)?;
    let end = closing_bracket(inner_and_rest).ok_or(PathError::Syntax)?;
    let (inner, rest) = inner_and_rest.split_at_checked(end).ok_or(PathError::Syntax)?;
    let rest = rest.strip_prefix('>').ok_or(PathError::Syntax)?;
    if !rest.is_empty() && !rest.starts_with(' ') {
        return Err(PathError::Syntax);
    }
    let path = match inner {
        "" => Path::Null,
        _ if inner.eq_ignore_ascii_case("postmaster") => Path::Postmaster,
        _ if inner.len() + 2 > PATH_BYTES_MAX => return Err(PathError::Address),
        _ => Path::Mailbox(
            without_route(inner)
                .and_then(|inner| EmailAddress::parse(inner).ok())
                .ok_or(PathError::Address)?,
        ),
    };
    Ok((path, rest.trim_start_matches(' ')))
}

/// Where the path ends: the first `>` outside quotes.
fn closing_bracket(text: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '>' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

/// `@a.example,@b.example:c@d.example` → `c@d.example`. Every hop of the route must be a domain.
fn without_route(inner: &str) -> Option<&str> {
    if !inner.starts_with('@') {
        return Some(inner);
    }
    let (route, mailbox) = inner.split_once(':')?;
    let is_hop = |hop: &str| hop.starts_with('@') && EmailAddress::parse(&format!("x{hop}")).is_ok();
    route.split(',').all(is_hop).then_some(mailbox)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailbox(text: &str) -> Option<String> {
        match parse(text) {
            Ok((Path::Mailbox(address), "")) => Some(address.as_str().to_owned()),
            _ => None,
        }
    }

    #[test]
    fn a03_a04_a05_paths_that_are() {
        for (text, expected) in [
            ("<a@b.example>", "a@b.example"),
            ("<\"a b\"@x.example>", "\"a b\"@x.example"),
            ("<\"a\\\"b\"@x.example>", "\"a\\\"b\"@x.example"),
            ("<\"a@b\"@x.example>", "\"a@b\"@x.example"),
            ("<\"a>b\"@x.example>", "\"a>b\"@x.example"),
            ("<x@[192.0.2.1]>", "x@[192.0.2.1]"),
            ("<x@[IPv6:2001:db8::1]>", "x@[ipv6:2001:db8::1]"),
            ("<@a.example,@b.example:c@d.example>", "c@d.example"),
            ("<@a.example:c@d.example>", "c@d.example"),
        ] {
            assert_eq!(mailbox(text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(parse("<>").unwrap().0, Path::Null);
        assert_eq!(parse("<POSTmaster> A=B").unwrap(), (Path::Postmaster, "A=B"));
        let longest =
            format!("<{}@{}.{}.{}.example>", "l".repeat(64), "d".repeat(63), "d".repeat(63), "d".repeat(53));
        assert_eq!(longest.len(), 256);
        assert!(mailbox(&longest).is_some());
    }

    #[test]
    fn a04_a05_paths_that_are_not() {
        let local_65 = format!("<{}@x.example>", "l".repeat(65));
        let path_257 =
            format!("<{}@{}.{}.{}.example>", "l".repeat(64), "d".repeat(63), "d".repeat(63), "d".repeat(54));
        for text in [
            "<a@b:25>",
            "<a@[192.0.2.1]:25>",
            "<a>",
            "<a@b@c>",
            "<@a.example>",
            "<@a.example,b@c.example>",
            "<@:a@b.example>",
            "<a b@c.example>",
            "<<a@b.example>>",
            "<a@b.example>x",
            "a@b.example",
            "<a@b.example",
            "<\"a@b.example>",
            "<a@b.example\\>",
            "< a@b.example>",
            &local_65,
            &path_257,
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a15_addresses_that_route_further() {
        let routed = |text: &str| EmailAddress::parse(text).unwrap().is_routed();
        assert!(routed("user%evil.example@us.example") && routed("evil.example!user@us.example"));
        assert!(!routed("user@us.example") && !routed("\"a%b\"@us.example"));
    }
}
