//! The host names that this server accepts. A page that points its own host name to this server is not a page of this server.

use std::{fmt, str::FromStr};

/// Host and port as in a URL or a `Host` header, in lower case: `keys.example.com`, `127.0.0.1:8420`, `[::1]:8420`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    name: String,
    port: Option<u16>,
}

/// The text is not a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a host is written as its name or address, with its port where there is one, such as `keys.internal` or `10.0.0.7:8420`")]
pub struct HostError;

/// Splits a text into name and port; `None` if it is not a host (RFC 3986 §3.2, without user and percent-encoding).
pub(super) fn split(text: &str) -> Option<(&str, Option<u16>)> {
    let end = if text.starts_with('[') {
        text.find(']').map(|end| end + 1)?
    } else {
        text.bytes().position(|byte| byte == b':').unwrap_or(text.len())
    };
    let (name, port) = text.split_at_checked(end)?;
    let is_name = match name.strip_prefix('[') {
        Some(address) => address.strip_suffix(']')?.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')),
    };
    let port = match port.strip_prefix(':') {
        None => port.is_empty().then_some(None)?,
        Some(digits) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(digits.parse().ok()?),
        Some(_) => return None,
    };
    is_name.then_some((name, port))
}

impl Host {
    /// The host without its port.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The port, if the text contains one.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Whether both are the same host. The ports are compared only if both have one, because proxies omit the port.
    pub(super) fn is(&self, name: &str, port: Option<u16>) -> bool {
        self.name.eq_ignore_ascii_case(name) && (self.port.is_none() || port.is_none() || self.port == port)
    }
}

impl FromStr for Host {
    type Err = HostError;

    fn from_str(text: &str) -> Result<Self, HostError> {
        let (name, port) = split(text.trim()).ok_or(HostError)?;
        Ok(Self { name: name.to_ascii_lowercase(), port })
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address_with_an_optional_port() {
        for (good, text) in [
            ("Keys.Example.com", "keys.example.com"),
            ("localhost:8420", "localhost:8420"),
            ("10.0.0.7:80", "10.0.0.7:80"),
            ("[::1]:8420", "[::1]:8420"),
            ("key_server", "key_server"),
        ] {
            assert_eq!(good.parse::<Host>().unwrap().to_string(), text);
        }
        for bad in
            ["", ":80", "a:", "a:b", "a:99999", "a:80:80", "a b", "a/b", "a?b", "u@a", "[::1", "[x]", "::1", "a%2fb", "é", "a,b", "a:+1"]
        {
            assert_eq!(bad.parse::<Host>(), Err(HostError), "{bad}");
        }
    }

    #[test]
    fn a_port_that_a_proxy_omits_is_not_compared() {
        let host: Host = "keys.example.com:8443".parse().unwrap();
        assert!(host.is("KEYS.example.com", Some(8443)) && host.is("keys.example.com", None));
        assert!(!host.is("keys.example.com", Some(8420)) && !host.is("example.com", None) && !host.is("keys.example.com.", None));
    }
}
