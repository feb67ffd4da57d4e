//! The header section, as far as the gateway itself must read it: how many servers a message has passed (RFC 5321
//! §6.3), and the fields by which a tenant is known. Everything else about content is for others.

use mail::header::Fields;

/// `Received` fields in the header section, counted up to `max` + 1.
pub(crate) fn hops(header: &[u8], max: usize) -> usize {
    Fields::of(header).filter(|field| field.value_of("Received").is_some()).take(max + 1).count()
}

/// The values of every field of this name, unfolded, without the spaces around them.
pub(crate) fn values(header: &[u8], name: &str) -> Vec<String> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).replace(['\r', '\n'], "").trim().to_owned();
    Fields::of(header).filter_map(|field| field.value_of(name)).map(text).collect()
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
    fn values_are_unfolded() {
        let content = b"A: 1\r\na :\r\n\t2\r\nB: 3\r\n 4\r\n\r\nA: 5\r\n";
        assert_eq!(values(content, "A"), ["1", "2"]);
        assert_eq!(values(content, "b"), ["3 4"]);
        assert!(values(b"no colon\r\n: x\r\n", "A").is_empty());
    }
}
