//! Loop detection: how many servers a message has passed (RFC 5321 §6.3).

/// `Received` fields in the header section, counted up to `max` + 1.
pub(super) fn count(content: &[u8], max: usize) -> usize {
    let (mut rest, mut count) = (content, 0);
    while !rest.is_empty() && !rest.starts_with(b"\r\n") && count <= max {
        let name = rest.get(..9).unwrap_or_default();
        count += usize::from(name.eq_ignore_ascii_case(b"received:"));
        rest = match memchr::memchr(b'\n', rest) {
            Some(at) => rest.get(at + 1..).unwrap_or_default(),
            None => break,
        };
    }
    count
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn only_fields_of_the_header_count() {
        assert_eq!(count(b"", 9), 0);
        assert_eq!(count(b"Received: a\r\n b\r\nRECEIVED:c\r\nX-Received: d\r\n\r\nReceived: e\r\n", 9), 2);
        assert_eq!(count(b"\r\nReceived: e\r\n", 9), 0);
        assert_eq!(count(&b"Received: a\r\n".repeat(1000), 9), 10);
    }
}
