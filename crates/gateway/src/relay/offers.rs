//! What a server's EHLO reply offers.

use super::remote::RemoteReply;

/// The extensions we use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Offers {
    pub(super) pipelining: bool,
    pub(super) starttls: bool,
    pub(super) eight_bit: bool,
    pub(super) smtputf8: bool,
    pub(super) dsn: bool,
    /// `SIZE` is known; 0 = no fixed limit (RFC 1870 §4).
    pub(super) size: Option<u64>,
}

impl Offers {
    /// Reads all lines but the first, which names the server.
    pub(super) fn read(reply: &RemoteReply) -> Self {
        let mut offers = Self::default();
        for line in reply.lines.iter().skip(1) {
            let mut words = line.split_ascii_whitespace();
            match words.next().unwrap_or_default().to_ascii_uppercase().as_str() {
                "PIPELINING" => offers.pipelining = true,
                "STARTTLS" => offers.starttls = true,
                "8BITMIME" => offers.eight_bit = true,
                "SMTPUTF8" => offers.smtputf8 = true,
                "DSN" => offers.dsn = true,
                "SIZE" => offers.size = Some(words.next().and_then(|size| size.parse().ok()).unwrap_or(0)),
                _ => {}
            }
        }
        offers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_in_any_case() {
        let lines =
            ["PIPELINING.example", "pipelining", "Size 1000", "8BITMIME", "SMTPUTF8X", "", "STARTTLS", "DSN"];
        let lines = lines.into_iter().map(str::to_owned).collect();
        let offers = Offers::read(&RemoteReply { code: 250, lines });
        let expected = Offers {
            pipelining: true,
            starttls: true,
            eight_bit: true,
            smtputf8: false,
            dsn: true,
            size: Some(1000),
        };
        assert_eq!(offers, expected);
        assert_eq!(
            Offers::read(&RemoteReply { code: 250, lines: vec!["PIPELINING".into()] }),
            Offers::default()
        );
    }
}
