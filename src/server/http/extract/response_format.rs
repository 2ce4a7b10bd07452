//! Which models a client understands (contract §1.1, header `X-Appwrite-Response-Format`).

use axum::http::HeaderMap;

use super::client::text;
use crate::{api::NEWEST_FORMAT, server::http::names};

/// The version of the models that a client speaks. One that says none, or none that can be read, speaks the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::server) struct Format(u32, u32, u32);

impl Format {
    pub(in crate::server::http) fn of(headers: &HeaderMap) -> Self {
        text(headers, &names::RESPONSE_FORMAT).and_then(Self::parse).unwrap_or(Self(u32::MAX, 0, 0))
    }

    /// `1.9.5`, also with what a version may have behind it.
    fn parse(text: &str) -> Option<Self> {
        let numbers = text.split(['-', '+']).next()?;
        let mut numbers = numbers.split('.').map(|number| number.bytes().all(|b| b.is_ascii_digit()).then(|| number.parse().ok())?);
        let format = Self(numbers.next()??, numbers.next()??, numbers.next()??);
        numbers.next().is_none().then_some(format)
    }

    /// Whether the client is older than this version.
    pub(in crate::server) fn is_before(self, major: u32, minor: u32, patch: u32) -> bool {
        self < Self(major, minor, patch)
    }
}

/// A warning for a client that expects newer models than this server has. SDKs print it, each part between two semicolons alone.
pub(in crate::server::http) fn warning(headers: &HeaderMap) -> Option<String> {
    let wanted = text(headers, &names::RESPONSE_FORMAT).and_then(Format::parse)?;
    let newest = Format::parse(NEWEST_FORMAT)?;
    (wanted > newest).then(|| {
        let Format(major, minor, patch) = wanted;
        format!("This SDK expects the models of version {major}.{minor}.{patch}, but this server knows them up to {NEWEST_FORMAT}. Some features may not work. Use an older SDK, or a newer server.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert!(Format::parse("1.9.10") > Format::parse("1.9.9"));
        assert_eq!(Format::parse("1.9.5-rc.1"), Some(Format(1, 9, 5)));
        for bad in ["", "1", "1.9", "1.9.x", "1.9.5.1", "-1.9.5", "1.9.99999999999"] {
            assert_eq!(Format::parse(bad), None, "{bad}");
        }
        assert!(Format(1, 9, 2).is_before(1, 9, 3) && !Format(1, 9, 3).is_before(1, 9, 3));
    }
}
