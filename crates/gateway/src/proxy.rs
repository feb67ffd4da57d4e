//! The PROXY protocol, versions 1 and 2, as a receiver (HAProxy, "The PROXY protocol", §2): who really connected, said
//! by a load balancer that was declared. Anybody else who sends such a header spoke before their turn.
//!
//! Read byte by byte up to its end and never further: what follows may be a TLS handshake.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::timeout;
use vocabulary::bounds::{SMTP_PROXY_BYTES_MAX, SMTP_PROXY_TIMEOUT};

const SIGNATURE: &[u8; 12] = b"\r\n\r\n\0\r\nQUIT\n";
/// The longest line of version 1 with its CRLF (§2.1).
const LINE_BYTES_MAX: usize = 107;

/// What a header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behind {
    /// This client.
    Client(IpAddr),
    /// The proxy itself (`LOCAL`, health checks), or a client it does not name (`UNKNOWN`).
    Proxy,
}

/// There is no header, or none that can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no PROXY protocol header")]
pub(crate) struct NoHeader;

/// Reads the header that must come first, within [`SMTP_PROXY_TIMEOUT`].
pub(crate) async fn read<S: AsyncRead + Unpin>(stream: &mut S) -> Result<Behind, NoHeader> {
    timeout(SMTP_PROXY_TIMEOUT, header(stream)).await.map_err(|_| NoHeader)?
}

async fn header<S: AsyncRead + Unpin>(stream: &mut S) -> Result<Behind, NoHeader> {
    let mut start = [0; 12];
    exactly(stream, &mut start).await?;
    if start == *SIGNATURE {
        return binary(stream).await;
    }
    let mut line = start.to_vec();
    while !line.ends_with(b"\r\n") {
        if line.len() >= LINE_BYTES_MAX || !line.starts_with(b"PROXY ") {
            return Err(NoHeader);
        }
        line.push(byte(stream).await?);
    }
    text(&line).ok_or(NoHeader)
}

async fn byte<S: AsyncRead + Unpin>(stream: &mut S) -> Result<u8, NoHeader> {
    stream.read_u8().await.map_err(|_| NoHeader)
}

async fn exactly<S: AsyncRead + Unpin>(stream: &mut S, into: &mut [u8]) -> Result<(), NoHeader> {
    stream.read_exact(into).await.map(drop).map_err(|_| NoHeader)
}

/// `PROXY TCP4 192.0.2.7 192.0.2.1 56324 25`.
fn text(line: &[u8]) -> Option<Behind> {
    let line = std::str::from_utf8(line).ok()?.strip_suffix("\r\n")?;
    let words: Vec<&str> = line.split(' ').collect();
    let port = |text: &str| text.parse::<u16>().is_ok() && !text.starts_with('+');
    match words.as_slice() {
        ["PROXY", "UNKNOWN", ..] => Some(Behind::Proxy),
        ["PROXY", "TCP4", source, target, from, to] if port(from) && port(to) => {
            target.parse::<Ipv4Addr>().ok()?;
            Some(Behind::Client(source.parse::<Ipv4Addr>().ok()?.into()))
        }
        ["PROXY", "TCP6", source, target, from, to] if port(from) && port(to) => {
            target.parse::<Ipv6Addr>().ok()?;
            Some(Behind::Client(IpAddr::from(source.parse::<Ipv6Addr>().ok()?).to_canonical()))
        }
        _ => None,
    }
}

async fn binary<S: AsyncRead + Unpin>(stream: &mut S) -> Result<Behind, NoHeader> {
    let mut head = [0; 4];
    exactly(stream, &mut head).await?;
    let [command, family, high, low] = head;
    let length = usize::from(u16::from_be_bytes([high, low]));
    if length > SMTP_PROXY_BYTES_MAX {
        return Err(NoHeader);
    }
    let mut block = vec![0; length];
    exactly(stream, &mut block).await?;
    addresses(command, family, &block).ok_or(NoHeader)
}

/// Addresses stand first in the block; what follows them (TLV fields) says nothing we believe, but must add up.
fn addresses(command: u8, family: u8, block: &[u8]) -> Option<Behind> {
    match (command, family) {
        (0x20, _) => Some(Behind::Proxy),
        (0x21, 0x11) => {
            let (addresses, rest) = block.split_at_checked(12)?;
            let source = Ipv4Addr::from(*addresses.first_chunk::<4>()?);
            adds_up(rest).then_some(Behind::Client(source.into()))
        }
        (0x21, 0x21) => {
            let (addresses, rest) = block.split_at_checked(36)?;
            let source = IpAddr::from(Ipv6Addr::from(*addresses.first_chunk::<16>()?));
            adds_up(rest).then_some(Behind::Client(source.to_canonical()))
        }
        (0x21, 0x00) => Some(Behind::Proxy),
        _ => None,
    }
}

/// Type, two bytes of length, value; again until nothing is left (§2.2.2).
fn adds_up(mut fields: &[u8]) -> bool {
    while let Some((&[_, high, low], rest)) = fields.split_first_chunk::<3>() {
        match rest.get(usize::from(u16::from_be_bytes([high, low]))..) {
            Some(rest) => fields = rest,
            None => return false,
        }
    }
    fields.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    async fn said(bytes: &[u8]) -> (Result<Behind, NoHeader>, Vec<u8>) {
        let mut stream = bytes;
        let behind = read(&mut stream).await;
        (behind, stream.to_vec())
    }

    fn v2(command: u8, family: u8, block: &[u8]) -> Vec<u8> {
        let length = u16::try_from(block.len()).unwrap().to_be_bytes();
        [&SIGNATURE[..], &[command, family], &length, block].concat()
    }

    #[tokio::test]
    async fn a14_headers_of_both_versions_are_read_to_their_end_and_no_further() {
        let client = |text: &str| Ok(Behind::Client(text.parse().unwrap()));
        let v4 = [192, 0, 2, 7, 192, 0, 2, 1, 220, 4, 0, 25];
        let tlv = [0x01, 0, 2, b'h', b'2'];
        for (header, expected) in [
            (b"PROXY TCP4 192.0.2.7 192.0.2.1 56324 25\r\n".to_vec(), client("192.0.2.7")),
            (b"PROXY TCP6 2001:db8::7 2001:db8::1 56324 25\r\n".to_vec(), client("2001:db8::7")),
            (b"PROXY TCP6 ::ffff:192.0.2.7 ::1 56324 25\r\n".to_vec(), client("192.0.2.7")),
            (b"PROXY UNKNOWN\r\n".to_vec(), Ok(Behind::Proxy)),
            (b"PROXY UNKNOWN ff::1 ff::2 1 2\r\n".to_vec(), Ok(Behind::Proxy)),
            (v2(0x21, 0x11, &v4), client("192.0.2.7")),
            (v2(0x21, 0x11, &[&v4[..], &tlv].concat()), client("192.0.2.7")),
            (v2(0x21, 0x21, &[&[0x20, 1, 0xd, 0xb8][..], &[0; 32]].concat()), client("2001:db8::")),
            (v2(0x20, 0, &[]), Ok(Behind::Proxy)),
            (v2(0x21, 0, &[1, 2, 3]), Ok(Behind::Proxy)),
        ] {
            let wire = [&header[..], b"EHLO x\r\n"].concat();
            assert_eq!(said(&wire).await, (expected, b"EHLO x\r\n".to_vec()), "{header:?}");
        }
    }

    #[tokio::test]
    async fn a14_garbage_is_no_header() {
        let long = format!("PROXY UNKNOWN {}\r\n", "x".repeat(100));
        for header in [
            &b""[..],
            b"EHLO client.example\r\n",
            b"PROXY TCP4 192.0.2.7 192.0.2.1 56324\r\n",
            b"PROXY TCP4 192.0.2.7 192.0.2.1 56324 25 x\r\n",
            b"PROXY TCP4 192.0.2.700 192.0.2.1 56324 25\r\n",
            b"PROXY TCP4 2001:db8::7 192.0.2.1 56324 25\r\n",
            b"PROXY TCP4 192.0.2.7 192.0.2.1 65536 25\r\n",
            b"PROXY TCP4 192.0.2.7 192.0.2.1 +1 25\r\n",
            b"PROXY  TCP4 192.0.2.7 192.0.2.1 1 25\r\n",
            b"proxy TCP4 192.0.2.7 192.0.2.1 1 25\r\n",
            long.as_bytes(),
            &v2(0x21, 0x11, &[1, 2, 3]),
            &v2(0x21, 0x12, &[0; 12]),
            &v2(0x22, 0x11, &[0; 12]),
            &v2(0x11, 0x11, &[0; 12]),
            &v2(0x21, 0x11, &[&[0; 12][..], &[1, 0, 9, 1]].concat()),
            &v2(0x21, 0x11, &[&[0; 12][..], &[1]].concat()),
            &v2(0x21, 0x11, &[0; SMTP_PROXY_BYTES_MAX + 1]),
            &v2(0x21, 0x11, &[0; 12])[..20],
        ] {
            assert_eq!(said(header).await.0, Err(NoHeader), "{header:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a14_a_header_that_does_not_come_is_not_waited_for() {
        let (mut client, mut server) = tokio::io::duplex(64);
        tokio::io::AsyncWriteExt::write_all(&mut client, b"PROXY ").await.unwrap();
        assert_eq!(read(&mut server).await, Err(NoHeader));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_header_or_not(bytes in proptest::collection::vec(any::<u8>(), 0..200), version in 0..3) {
            let start: &[u8] = match version { 0 => b"PROXY TCP4 ", 1 => SIGNATURE, _ => b"" };
            let bytes = [start, &bytes].concat();
            let _ = futures::executor::block_on(header(&mut &bytes[..]));
        }
    }
}
