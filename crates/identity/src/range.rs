//! Networks an organisation declares as its own (clause T4): CIDR blocks of any size.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A block of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Range {
    first: IpAddr,
    bits: u8,
}

/// The text is no block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a block of addresses is written 192.0.2.0/24 or 2001:db8::/32, from its first address")]
pub struct RangeError;

const fn width(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

/// The first `bits` bits of an address, the others zero.
fn first(address: IpAddr, bits: u8) -> IpAddr {
    let keep = |value: u128, width: u8| match width.checked_sub(bits) {
        Some(rest) if rest < 128 => value >> rest << rest,
        _ => 0,
    };
    match address {
        IpAddr::V4(v4) => {
            IpAddr::V4(std::net::Ipv4Addr::from_bits(keep(u128::from(v4.to_bits()), 32) as u32))
        }
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(keep(v6.to_bits(), 128))),
    }
}

impl Range {
    /// `address` is in it. An IPv4 address in IPv6 clothes is an IPv4 address.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        width(address) == width(self.first) && first(address, self.bits) == self.first
    }
}

impl Range {
    /// Every address of `other` is in it.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self.bits <= other.bits && self.contains(other.first)
    }

    /// It is so wide that everybody is in it: wider than a /8, or a /16 of IPv6.
    #[must_use]
    pub const fn is_everywhere(self) -> bool {
        self.bits < if self.first.is_ipv4() { 8 } else { 16 }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.bits)
    }
}

impl FromStr for Range {
    type Err = RangeError;

    fn from_str(text: &str) -> Result<Self, RangeError> {
        let (address, bits) = text.split_once('/').ok_or(RangeError)?;
        let address: IpAddr = address.parse().map_err(|_| RangeError)?;
        let bits = bits.parse().ok().filter(|bits| *bits <= width(address)).ok_or(RangeError)?;
        // `10.0.1.7/8` is more likely a mistake than a wish for sixteen million addresses.
        let range = Self { first: first(address, bits), bits };
        if range.first == address { Ok(range) } else { Err(RangeError) }
    }
}

impl Serialize for Range {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Range {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_covers_what_lies_in_it_whole() {
        let range = |text: &str| text.parse::<Range>().unwrap();
        for (wide, narrow, covers) in [
            ("10.0.0.0/8", "10.1.0.0/16", true),
            ("10.0.0.0/8", "10.0.0.0/8", true),
            ("10.1.0.0/16", "10.0.0.0/8", false),
            ("10.1.0.0/16", "10.2.0.0/16", false),
            ("::/0", "10.0.0.0/8", false),
            ("2001:db8::/32", "2001:db8:1::/48", true),
        ] {
            assert_eq!(range(wide).covers(range(narrow)), covers, "{wide} {narrow}");
        }
        for (text, is) in
            [("0.0.0.0/0", true), ("10.0.0.0/7", true), ("10.0.0.0/8", false), ("2000::/3", true)]
        {
            assert_eq!(range(text).is_everywhere(), is, "{text}");
        }
    }

    #[test]
    fn a_block_holds_its_addresses_and_no_other() {
        let table = [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("192.0.2.128/25", "192.0.2.127", false),
            ("192.0.2.7/32", "192.0.2.7", true),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("2001:db8::/32", "2001:db8:ffff::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
            ("::/0", "2001:db9::1", true),
        ];
        for (range, address, inside) in table {
            let read: Range = range.parse().unwrap();
            assert_eq!(read.contains(address.parse().unwrap()), inside, "{range} {address}");
            assert_eq!(read.to_string(), range);
        }
        for bad in [
            "",
            "10.0.0.0",
            "10.0.1.7/8",
            "10.0.0.0/33",
            "2001:db8::/129",
            "x/8",
            "10.0.0.0/-1",
            "10.0.0.0/8 ",
        ] {
            assert!(bad.parse::<Range>().is_err(), "{bad:?}");
        }
    }
}
