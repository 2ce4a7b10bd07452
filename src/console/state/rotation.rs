//! How long an old secret stays valid after a rotation.

use crate::scope::DateTime;

/// How long the old secret stays valid after a rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// No overlap.
    None,
    /// An hour.
    Hour,
    /// 24 hours.
    Day,
    /// 7 times 24 hours, the longest that the server accepts.
    Week,
}

impl Overlap {
    /// Every choice, the shortest first.
    pub const ALL: &[Self] = &[Self::None, Self::Hour, Self::Day, Self::Week];

    /// The default. An exposed secret should stop working immediately.
    pub fn suggested(exposed: bool) -> Self {
        if exposed { Self::None } else { Self::Day }
    }

    /// Its label.
    pub fn label(self) -> &'static str {
        match self {
            Self::None => "Now",
            Self::Hour => "In 1 hour",
            Self::Day => "In 24 hours",
            Self::Week => "In 7 days",
        }
    }

    /// The same in seconds.
    pub fn seconds(self) -> i64 {
        match self {
            Self::None => 0,
            Self::Hour => 3600,
            Self::Day => 86_400,
            Self::Week => 7 * 86_400,
        }
    }

    /// When the old secret expires if the key is rotated at `now`; `None` is immediately. It never outlives the key.
    pub fn ends(self, now: DateTime, expire: Option<DateTime>) -> Option<DateTime> {
        let ends = now.plus_seconds(self.seconds());
        let ends = expire.map_or(ends, |expire| ends.min(expire));
        (ends > now).then_some(ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::MAX_OVERLAP_SECONDS;

    #[test]
    fn the_longest_overlap_is_what_the_server_takes() {
        assert_eq!(Overlap::ALL.iter().map(|overlap| overlap.seconds()).max(), Some(MAX_OVERLAP_SECONDS));
    }

    #[test]
    fn an_old_secret_never_outlives_the_expiry() {
        let now = DateTime::from_unix_milliseconds(1_800_000_000_000);
        let soon = now.plus_seconds(60);
        assert_eq!(Overlap::Hour.ends(now, None), Some(now.plus_seconds(3600)));
        assert_eq!(Overlap::Hour.ends(now, Some(soon)), Some(soon));
        assert_eq!(Overlap::Hour.ends(now, Some(now.plus_seconds(-60))), None);
        assert_eq!(Overlap::None.ends(now, None), None);
    }

    #[test]
    fn an_exposed_secret_is_not_suggested_to_live_on() {
        assert_eq!(Overlap::suggested(true), Overlap::None);
        assert_eq!(Overlap::suggested(false), Overlap::Day);
    }
}
