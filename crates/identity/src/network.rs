//! Where a sign-in comes from, as coarse as T2 compares it: a /24 of IPv4, a /64 of IPv6.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A network. Addresses of one household or office fall in one; NAT and rotating IPv6 suffixes raise no alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Network {
    /// A /24.
    V4(Ipv4Addr),
    /// A /64.
    V6(Ipv6Addr),
}

/// The text is not a network as we write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a network is written 192.0.2.0/24 or 2001:db8::/64")]
pub struct NetworkError;

impl Network {
    /// The network `address` is in. An IPv4 address in IPv6 clothes (`::ffff:192.0.2.1`) is an IPv4 address.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => Self::V4(Ipv4Addr::from_bits(v4.to_bits() & !0xff)),
            IpAddr::V6(v6) => Self::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        }
    }

    /// `address` is in it.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        Self::of(address) == self
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(v4) => write!(f, "{v4}/24"),
            Self::V6(v6) => write!(f, "{v6}/64"),
        }
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let (address, _) = text.split_once('/').ok_or(NetworkError)?;
        let network = Self::of(address.parse().map_err(|_| NetworkError)?);
        if network.to_string() == text { Ok(network) } else { Err(NetworkError) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn neighbours_share_a_network() {
        let of = |text: &str| Network::of(text.parse().unwrap()).to_string();
        assert_eq!(of("192.0.2.7"), "192.0.2.0/24");
        assert_eq!(of("::ffff:192.0.2.200"), "192.0.2.0/24");
        assert_eq!(of("2001:db8:1:2:aaaa::1"), "2001:db8:1:2::/64");
        assert_ne!(of("192.0.3.7"), of("192.0.2.7"));
        assert_ne!(of("2001:db8:1:3::1"), of("2001:db8:1:2::1"));
        assert!(Network::of("192.0.2.7".parse().unwrap()).contains("::ffff:192.0.2.9".parse().unwrap()));
        for text in ["", "192.0.2.7/24", "192.0.2.0", "192.0.2.0/16", "2001:db8::/24", "x/24"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_network_survives_its_text(v6: bool, bits: u128) {
            let address =
                if v6 { IpAddr::V6(Ipv6Addr::from_bits(bits)) } else { IpAddr::V4(Ipv4Addr::from_bits(bits as u32)) };
            let network = Network::of(address);
            prop_assert!(network.contains(address));
            prop_assert_eq!(network.to_string().parse(), Ok(network));
        }
    }
}
