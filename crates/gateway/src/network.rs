//! Ranges of addresses, as configurations write them.

use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

/// A range of addresses, `192.0.2.0/24` or `2001:db8::/32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    first: u128,
    /// Leading bits that count, of 128; an IPv4 range stands in `::ffff:0:0/96`.
    bits: u32,
}

/// The text is not a range of addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// Not `address` or `address/bits`.
    #[error("a network is address/bits, for example 192.0.2.0/24")]
    Shape,
    /// More bits than the address has.
    #[error("an IPv4 network has at most 32 bits, an IPv6 network 128")]
    Bits,
    /// Bits set after the prefix: probably a typing error, so it is not guessed at.
    #[error("the network has bits set after its prefix")]
    HostBits,
}

impl Network {
    /// How narrow it is: leading bits that count, of 128.
    pub(crate) fn narrowness(&self) -> u32 {
        self.bits
    }

    /// Whether the address is in the range. An IPv4 address mapped into IPv6 counts as IPv4.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        (number(address) ^ self.first) & mask(self.bits) == 0
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

fn mask(bits: u32) -> u128 {
    u128::MAX.checked_shl(128 - bits).unwrap_or(0)
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NetworkError::Shape)?;
        let (width, offset) = if address.is_ipv4() { (32, 96) } else { (128, 0) };
        let bits = match bits {
            None => width,
            Some(bits) => bits.parse::<u32>().map_err(|_| NetworkError::Shape)?,
        };
        if bits > width {
            return Err(NetworkError::Bits);
        }
        let network = Self { first: number(address), bits: bits + offset };
        if network.first & !mask(network.bits) != 0 {
            return Err(NetworkError::HostBits);
        }
        Ok(network)
    }
}

impl std::fmt::Display for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let v6 = Ipv6Addr::from_bits(self.first);
        match v6.to_ipv4_mapped().filter(|_| self.bits >= 96) {
            Some(v4) => write!(f, "{v4}/{}", self.bits - 96),
            None => write!(f, "{v6}/{}", self.bits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn networks_that_are_and_are_not() {
        let network: Network = "192.0.2.0/24".parse().unwrap();
        assert!(network.contains(ip("192.0.2.255")) && network.contains(ip("::ffff:192.0.2.1")));
        assert!(!network.contains(ip("192.0.3.0")) && !network.contains(ip("2001:db8::1")));
        let all: Network = "::/0".parse().unwrap();
        assert!(all.contains(ip("2001:db8::1")) && all.contains(ip("192.0.2.1")));
        let v4: Network = "0.0.0.0/0".parse().unwrap();
        assert!(v4.contains(ip("192.0.2.1")) && !v4.contains(ip("2001:db8::1")));
        for text in ["192.0.2.0/24", "2001:db8::/32", "192.0.2.7/32", "0.0.0.0/0", "::1/128"] {
            assert_eq!(text.parse::<Network>().unwrap().to_string(), text);
        }
        for (text, error) in [
            ("", NetworkError::Shape),
            ("192.0.2/24", NetworkError::Shape),
            ("192.0.2.0/", NetworkError::Shape),
            ("192.0.2.0/33", NetworkError::Bits),
            ("192.0.2.1/24", NetworkError::HostBits),
        ] {
            assert_eq!(text.parse::<Network>(), Err(error), "{text}");
        }
    }
}
