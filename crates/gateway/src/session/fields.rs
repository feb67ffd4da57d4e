//! The header section, as far as the gateway itself must read it: how many servers a message has passed (RFC 5321
//! §6.3), and the fields by which a tenant is known. Everything else about content is for others.

/// Each line that starts a field, with the lines that continue it. Ends at the first empty line.
fn lines(content: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = content;
    std::iter::from_fn(move || {
        if rest.is_empty() || rest.starts_with(b"\r\n") {
            return None;
        }
        let mut end = 0;
        loop {
            let tail = rest.get(end..).unwrap_or_default();
            end += memchr::memchr(b'\n', tail).map_or(tail.len(), |at| at + 1);
            if !matches!(rest.get(end), Some(b' ' | b'\t')) {
                break;
            }
        }
        let (line, after) = rest.split_at(end);
        rest = after;
        Some(line)
    })
}

/// `Received` fields in the header section, counted up to `max` + 1.
pub(crate) fn hops(content: &[u8], max: usize) -> usize {
    let is_received =
        |line: &&[u8]| line.get(..9).is_some_and(|name| name.eq_ignore_ascii_case(b"received:"));
    lines(content).filter(is_received).take(max + 1).count()
}

/// The values of every field of this name, unfolded, without the spaces around them.
pub(crate) fn values(content: &[u8], name: &str) -> Vec<String> {
    let value = |line: &[u8]| {
        let (found, value) = line.split_at_checked(memchr::memchr(b':', line)?)?;
        let value = value.get(1..)?;
        found.trim_ascii_end().eq_ignore_ascii_case(name.as_bytes()).then(|| {
            let text: String = String::from_utf8_lossy(value).replace(['\r', '\n'], "");
            text.trim().to_owned()
        })
    };
    lines(content).filter_map(value).collect()
}

/// The header section, with the empty line that ends it; the whole content if none does.
pub(crate) fn section(content: &[u8]) -> &[u8] {
    if content.starts_with(b"\r\n") {
        return content.get(..2).unwrap_or_default();
    }
    let end = memchr::memmem::find(content, b"\r\n\r\n").map_or(content.len(), |at| at + 4);
    content.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_fields_of_the_header_count() {
        assert_eq!(hops(b"", 9), 0);
        assert_eq!(hops(b"Received: a\r\n b\r\nRECEIVED:c\r\nX-Received: d\r\n\r\nReceived: e\r\n", 9), 2);
        assert_eq!(hops(b"\r\nReceived: e\r\n", 9), 0);
        assert_eq!(hops(&b"Received: a\r\n".repeat(1000), 9), 10);
        assert_eq!(hops(b"Subject: x\r\n Received: a\r\n\r\n", 9), 0, "a continuation is no field");
    }

    #[test]
    fn values_are_unfolded_and_the_section_ends() {
        let content = b"A: 1\r\na :\r\n\t2\r\nB: 3\r\n 4\r\n\r\nA: 5\r\n";
        assert_eq!(values(content, "A"), ["1", "2"]);
        assert_eq!(values(content, "b"), ["3 4"]);
        assert_eq!(section(content), b"A: 1\r\na :\r\n\t2\r\nB: 3\r\n 4\r\n\r\n");
        assert_eq!(section(b"\r\nbody"), b"\r\n");
        assert_eq!(section(b"A: 1\r\n"), b"A: 1\r\n");
        assert!(values(b"no colon\r\n: x\r\n", "A").is_empty());
    }
}
