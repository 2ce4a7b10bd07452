//! What counts as one caller on the network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Addresses that a translator makes of IPv4 addresses (RFC 6052): the last four bytes are the client's.
const TRANSLATED: [u16; 6] = [0x64, 0xff9b, 0, 0, 0, 0];

/// The network that an address counts for: an IPv4 address itself, and the /64 of an IPv6 address. A /64 is the smallest network that
/// a customer gets, and has 2^64 addresses.
pub fn network_of(ip: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = ip.to_canonical() else { return ip.to_canonical() };
    let [a, b, c, d, e, f, g, h] = v6.segments();
    if [a, b, c, d, e, f] == TRANSLATED {
        let ([g1, g2], [h1, h2]) = (g.to_be_bytes(), h.to_be_bytes());
        return IpAddr::V4(Ipv4Addr::new(g1, g2, h1, h2));
    }
    IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv4_address_counts_by_itself_and_an_ipv6_address_as_its_64() {
        let of = |text: &str| network_of(text.parse().unwrap()).to_string();
        assert_eq!(of("192.0.2.1"), "192.0.2.1");
        assert_eq!(of("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(of("64:ff9b::192.0.2.1"), "192.0.2.1");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("2001:db8:1:2:ffff::"), of("2001:db8:1:2::1"));
        assert_ne!(of("2001:db8:1:3::1"), of("2001:db8:1:2::1"));
    }
}
