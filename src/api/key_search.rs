//! The console's table of keys. Not in the contract.

use alloc::{string::String, vec::Vec};
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use super::KeyDetails;

/// Which keys are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyFilter {
    /// All.
    #[default]
    All,
    /// Those that can be used.
    Active,
    /// Usable ones that expire soon.
    Expiring,
    /// Expired ones that are enabled.
    Expired,
    /// Disabled ones.
    Disabled,
    /// Those whose secret was used from a web page.
    Exposed,
    /// Those that were never used.
    NeverUsed,
    /// Those without an expiry.
    NeverExpires,
    /// Those with a sensitive scope.
    Sensitive,
}

/// What keys are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeySort {
    /// When they were created.
    #[default]
    Created,
    /// The name, ignoring case.
    Name,
    /// The number of scopes.
    Scopes,
    /// When they expire; "never" comes after every date.
    Expires,
    /// When they were last used; "never" comes before every date.
    Used,
}

impl KeyFilter {
    /// Every filter with its name, in the order in which they are offered.
    pub const ALL: &[(Self, &str)] = &[
        (Self::All, "all"),
        (Self::Active, "active"),
        (Self::Expiring, "expiring"),
        (Self::Expired, "expired"),
        (Self::Disabled, "disabled"),
        (Self::Exposed, "exposed"),
        (Self::NeverUsed, "never-used"),
        (Self::NeverExpires, "never-expires"),
        (Self::Sensitive, "sensitive"),
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(filter, _)| *filter == self).map_or("", |(_, name)| name)
    }
}

impl KeySort {
    /// Every order with its name.
    pub const ALL: &[(Self, &str)] =
        &[(Self::Created, "created"), (Self::Name, "name"), (Self::Scopes, "scopes"), (Self::Expires, "expires"), (Self::Used, "used")];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(sort, _)| *sort == self).map_or("", |(_, name)| name)
    }
}

/// The text names none of the choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such choice")]
pub struct NoSuchChoice;

impl FromStr for KeyFilter {
    type Err = NoSuchChoice;

    fn from_str(text: &str) -> Result<Self, NoSuchChoice> {
        Self::ALL.iter().find(|(_, name)| *name == text).map(|(filter, _)| *filter).ok_or(NoSuchChoice)
    }
}

impl FromStr for KeySort {
    type Err = NoSuchChoice;

    fn from_str(text: &str) -> Result<Self, NoSuchChoice> {
        Self::ALL.iter().find(|(_, name)| *name == text).map(|(sort, _)| *sort).ok_or(NoSuchChoice)
    }
}

/// Before the SHA-256 of a secret, as 64 hexadecimal digits: a search for the key of that secret.
pub const SECRET_HASH_PREFIX: &str = "sha256:";

/// The largest part of the table in one answer.
pub const MAX_SEARCHED_KEYS: usize = 200;

/// A part of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeySearchResult {
    /// How many keys match.
    pub total: usize,
    /// Whether more match than `total`: a search stops counting at 10,000.
    pub has_more: bool,
    /// The edition in which their scopes are sensitive or not; `None` where the catalog has no editions.
    pub edition: Option<String>,
    /// The keys of this part.
    pub keys: Vec<KeyDetails>,
}

/// How many keys of a project each filter finds, except for sensitive scopes: counting those would read every key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is named as its filter")]
pub struct KeyCounts {
    pub all: usize,
    pub active: usize,
    pub expiring: usize,
    pub expired: usize,
    pub disabled: usize,
    pub exposed: usize,
    pub never_used: usize,
    pub never_expires: usize,
}

impl KeyCounts {
    /// The count of a filter, if it is counted.
    pub fn of(&self, filter: KeyFilter) -> Option<usize> {
        Some(match filter {
            KeyFilter::All => self.all,
            KeyFilter::Active => self.active,
            KeyFilter::Expiring => self.expiring,
            KeyFilter::Expired => self.expired,
            KeyFilter::Disabled => self.disabled,
            KeyFilter::Exposed => self.exposed,
            KeyFilter::NeverUsed => self.never_used,
            KeyFilter::NeverExpires => self.never_expires,
            KeyFilter::Sensitive => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back() {
        assert!(KeyFilter::ALL.iter().all(|(filter, name)| name.parse() == Ok(*filter) && filter.as_str() == *name));
        assert!(KeySort::ALL.iter().all(|(sort, name)| name.parse() == Ok(*sort) && sort.as_str() == *name));
        assert_eq!("".parse::<KeyFilter>(), Err(NoSuchChoice));
    }
}
