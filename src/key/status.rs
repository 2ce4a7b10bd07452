//! The status of a key.

use serde::{Deserialize, Serialize};

use crate::scope::DateTime;
pub use crate::scope::EXPIRES_SOON_DAYS;

/// Whether a key can be used, and why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyStatus {
    /// Usable.
    Active,
    /// Usable, for less than [`EXPIRES_SOON_DAYS`] days.
    ExpiresSoon,
    /// Past its expiry.
    Expired,
    /// Disabled by a person or a key.
    Disabled,
}

impl KeyStatus {
    /// The status of a key at `now`. `expire` is `None` for a key that never expires. A key is expired from the moment of its expiry on.
    pub fn of(enabled: bool, expire: Option<DateTime>, now: DateTime) -> Self {
        match expire {
            _ if !enabled => Self::Disabled,
            Some(expire) if expire <= now => Self::Expired,
            Some(expire) if expire.milliseconds_since(now) < EXPIRES_SOON_DAYS * 86_400_000 => Self::ExpiresSoon,
            _ => Self::Active,
        }
    }

    /// Whether requests with the key are served.
    pub fn is_usable(self) -> bool {
        matches!(self, Self::Active | Self::ExpiresSoon)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_expired_from_the_moment_of_its_expiry() {
        let now = DateTime::from_unix_milliseconds(1_800_000_000_000);
        let status = |milliseconds| KeyStatus::of(true, Some(now.plus_milliseconds(milliseconds)), now);
        assert_eq!(status(0), KeyStatus::Expired);
        assert_eq!(status(1), KeyStatus::ExpiresSoon);
        assert_eq!(status(14 * 86_400_000), KeyStatus::Active);
        assert_eq!(KeyStatus::of(true, None, now), KeyStatus::Active);
        assert_eq!(KeyStatus::of(false, None, now), KeyStatus::Disabled);
    }
}
