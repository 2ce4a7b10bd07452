//! Decides which proxies may send forwarded headers, and which address a request came from.

use std::{fmt, net::IpAddr, str::FromStr};

/// A range of addresses in CIDR notation (RFC 4632, RFC 4291 §2.3), such as `10.0.0.0/8` or `::1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    prefix_bits: u32,
}

/// The text is not a range of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a proxy is written as its address or as a range without host bits, such as `127.0.0.1`, `10.0.0.0/8` or `fd00::/8`")]
pub struct NetworkError;

/// The address as a number, and its length in bits. An IPv4-mapped IPv6 address counts as IPv4.
fn number(ip: IpAddr) -> (u128, u32) {
    match ip.to_canonical() {
        IpAddr::V4(v4) => (u128::from(v4.to_bits()), 32),
        IpAddr::V6(v6) => (v6.to_bits(), 128),
    }
}

impl Network {
    /// Whether the range contains the address.
    pub fn contains(&self, ip: IpAddr) -> bool {
        let ((first, bits), (number, own_bits)) = (number(self.first), number(ip));
        let host_bits = bits.saturating_sub(self.prefix_bits);
        bits == own_bits && (first ^ number).checked_shr(host_bits).unwrap_or(0) == 0
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let (address, prefix) = text.trim().split_once('/').map_or((text.trim(), None), |(address, prefix)| (address, Some(prefix)));
        let first: IpAddr = address.parse().map_err(|_| NetworkError)?;
        let (value, bits) = number(first);
        let is_number = |prefix: &str| !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
        let prefix_bits = match prefix {
            None => bits,
            Some(prefix) => prefix.parse().ok().filter(|n| is_number(prefix) && *n <= bits).ok_or(NetworkError)?,
        };
        // `10.1.2.3/8` is usually a mistake.
        let host_mask = 1_u128.checked_shl(bits - prefix_bits).map_or(u128::MAX, |size| size - 1);
        if value & host_mask != 0 {
            return Err(NetworkError);
        }
        Ok(Self { first: first.to_canonical(), prefix_bits })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.prefix_bits)
    }
}

/// The trusted proxies; none by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<Network>);

impl TrustedProxies {
    /// Trusts no proxy.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// Trusts these proxies.
    pub fn new(networks: Vec<Network>) -> Self {
        Self(networks)
    }

    /// Whether this peer is a trusted proxy.
    pub fn trust(&self, peer: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(peer))
    }

    /// The address that a request came from: the first address from the right that is not a trusted proxy. Everything further left comes
    /// from an untrusted sender and may be any bytes; reading ends at the first entry that is not an address.
    pub fn origin<'a>(&self, peer: IpAddr, forwarded_for: impl DoubleEndedIterator<Item = &'a [u8]>) -> IpAddr {
        let mut origin = peer.to_canonical();
        for entry in forwarded_for.rev().flat_map(|line| line.rsplit(|byte| *byte == b',')) {
            if !self.trust(origin) {
                break;
            }
            let Some(ip) = std::str::from_utf8(entry.trim_ascii()).ok().and_then(address) else { break };
            origin = ip.to_canonical();
        }
        origin
    }
}

/// Parses an address, also with the port that some proxies add.
fn address(entry: &str) -> Option<IpAddr> {
    let plain = entry.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(entry, |(address, _)| address);
    plain.parse().ok().or_else(|| entry.parse::<std::net::SocketAddr>().ok().map(|socket| socket.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(list: &[&str]) -> TrustedProxies {
        TrustedProxies::new(list.iter().map(|text| text.parse().unwrap()).collect())
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_range_contains_its_addresses_and_no_others() {
        let list = proxies(&["10.0.0.0/8", "192.0.2.7", "fd00::/8", "0.0.0.0/32"]);
        for inside in ["10.0.0.0", "10.255.255.255", "192.0.2.7", "fd12::1", "::ffff:10.1.1.1"] {
            assert!(list.trust(ip(inside)), "{inside}");
        }
        for outside in ["9.255.255.255", "11.0.0.0", "192.0.2.8", "fe00::1", "::1", "::a00:1"] {
            assert!(!list.trust(ip(outside)), "{outside}");
        }
        assert!(proxies(&["0.0.0.0/0"]).trust(ip("1.2.3.4")) && !proxies(&["0.0.0.0/0"]).trust(ip("::1")));
        assert!(proxies(&["::/0"]).trust(ip("::1")));
    }

    #[test]
    fn a_range_is_an_address_and_the_length_of_its_prefix() {
        for bad in ["", "localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/+8", "10.0.0.0/-1", "10.1.2.3/8", "::1/129", "10.0.0/8"] {
            assert_eq!(bad.parse::<Network>(), Err(NetworkError), "{bad}");
        }
        assert_eq!(" 10.0.0.0/8 ".parse::<Network>().unwrap().to_string(), "10.0.0.0/8");
        assert_eq!("::1".parse::<Network>().unwrap().to_string(), "::1/128");
    }

    #[test]
    fn the_client_is_the_first_untrusted_address_from_the_right() {
        let list = proxies(&["10.0.0.0/8"]);
        let origin = |peer: &str, lines: &[&str]| list.origin(ip(peer), lines.iter().map(|line| line.as_bytes())).to_string();
        assert_eq!(origin("203.0.113.9", &["1.1.1.1"]), "203.0.113.9", "an untrusted peer is not believed");
        assert_eq!(origin("10.0.0.1", &["1.1.1.1, 203.0.113.9"]), "203.0.113.9", "an entry that the client wrote is not believed");
        assert_eq!(origin("10.0.0.1", &["1.1.1.1, 203.0.113.9, 10.0.0.2"]), "203.0.113.9");
        assert_eq!(origin("10.0.0.1", &["1.1.1.1", "203.0.113.9,10.0.0.2"]), "203.0.113.9", "several lines are one list");
        assert_eq!(origin("10.0.0.1", &["203.0.113.9:4711, 10.0.0.3:80"]), "203.0.113.9");
        assert_eq!(origin("10.0.0.1", &["[2001:db8::1]:80"]), "2001:db8::1");
        assert_eq!(origin("::ffff:10.0.0.1", &["::ffff:203.0.113.9"]), "203.0.113.9");
        assert_eq!(origin("10.0.0.1", &["unknown"]), "10.0.0.1");
        assert_eq!(origin("10.0.0.1", &["10.0.0.5, 10.0.0.4"]), "10.0.0.5");
        assert_eq!(origin("10.0.0.1", &[]), "10.0.0.1");
        // Bytes that are not text hide only the entries to their left.
        for (line, found) in [
            (&b"\xff, 203.0.113.9"[..], "203.0.113.9"),
            (b"\xff,203.0.113.9, 10.0.0.2", "203.0.113.9"),
            (b"203.0.113.9\xff, 10.0.0.2", "10.0.0.2"),
            (b"203.0.113.9, \xff", "10.0.0.1"),
        ] {
            assert_eq!(list.origin(ip("10.0.0.1"), [line].into_iter()).to_string(), found, "{line:?}");
        }
    }
}
