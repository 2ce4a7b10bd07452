//! The form of a project's policy, until it is saved.

use crate::{
    key::{BrowserUse, EditionId, KeyCreation, MAX_LIFETIME_SECONDS, MIN_LIFETIME_SECONDS, Policy},
    picker::state::counted,
};

const DAY_SECONDS: i64 = 86_400;

/// The chosen maximum lifetime of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// No limit.
    Unlimited,
    /// This many times 24 hours.
    Days(i64),
    /// The entered number of days.
    Other,
}

impl Lifetime {
    /// Every choice.
    pub const ALL: &[Self] = &[Self::Unlimited, Self::Days(30), Self::Days(90), Self::Days(365), Self::Other];

    /// Its label.
    pub fn label(self) -> String {
        match self {
            Self::Unlimited => "No limit".to_owned(),
            Self::Days(365) => "1 year".to_owned(),
            Self::Days(days) => format!("{days} days"),
            Self::Other => "Other".to_owned(),
        }
    }
}

/// The entries for a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyDraft {
    /// What API keys can do with keys.
    pub key_creation: KeyCreation,
    /// The maximum lifetime of a secret.
    pub lifetime: Lifetime,
    /// The entered number of days; used with [`Lifetime::Other`]. A limit that is not a whole number of days is kept as a fraction.
    pub days: String,
    /// Whether a key needs an expiry.
    pub require_expiry: bool,
    /// What happens when a key is used from a web page.
    pub browser_use: BrowserUse,
    /// The edition whose scopes keys can have; `None` is any.
    pub edition: Option<EditionId>,
    /// The saved limit, which stays exact as long as the days do not change.
    saved: Option<i64>,
}

impl PolicyDraft {
    /// The draft of a saved policy, unchanged.
    pub fn of(policy: Policy) -> Self {
        let saved = policy.max_lifetime_seconds;
        let lifetime = match saved {
            None => Lifetime::Unlimited,
            Some(seconds) => {
                let named = Lifetime::ALL.iter().copied();
                named
                    .into_iter()
                    .find(|choice| matches!(choice, Lifetime::Days(days) if days * DAY_SECONDS == seconds))
                    .unwrap_or(Lifetime::Other)
            }
        };
        Self {
            key_creation: policy.key_creation,
            lifetime,
            days: saved.filter(|_| lifetime == Lifetime::Other).map(days_of).unwrap_or_default(),
            require_expiry: policy.require_expiry,
            browser_use: policy.browser_use,
            edition: policy.edition,
            saved,
        }
    }

    /// The resulting policy.
    ///
    /// # Errors
    /// A sentence about the number of days.
    pub fn policy(&self) -> Result<Policy, String> {
        let max_lifetime_seconds = match self.lifetime {
            Lifetime::Unlimited => None,
            Lifetime::Days(days) => Some(days * DAY_SECONDS),
            Lifetime::Other => Some(self.written()?),
        };
        let Self { key_creation, require_expiry, browser_use, edition, .. } = *self;
        Ok(Policy { key_creation, max_lifetime_seconds, require_expiry, browser_use, edition })
    }

    fn written(&self) -> Result<i64, String> {
        if let Some(saved) = self.saved.filter(|saved| days_of(*saved) == self.days.trim()) {
            return Ok(saved);
        }
        let days = decimal(self.days.trim()).ok_or("Enter a number of days, such as 14.")?;
        #[allow(clippy::cast_possible_truncation, reason = "a cast from float saturates, and the range is checked")]
        let seconds = (days * 86_400.0).round() as i64;
        if (MIN_LIFETIME_SECONDS..=MAX_LIFETIME_SECONDS).contains(&seconds) {
            Ok(seconds)
        } else {
            Err(format!("Enter a number from 0.0007 (one minute) to {} days.", MAX_LIFETIME_SECONDS / DAY_SECONDS))
        }
    }
}

/// A decimal number, such as `14` or `-0.5`. What `std` reads floats with has ten kilobytes of tables, which no compression makes smaller.
fn decimal(text: &str) -> Option<f64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1.0, text), |digits| (-1.0, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let mut all = whole.bytes().chain(part.bytes());
    if digits.len() == digits.matches('.').count() || !all.all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digit = |byte: u8| f64::from(byte - b'0');
    let whole = whole.bytes().fold(0.0, |number, byte| number * 10.0 + digit(byte));
    let part = part.bytes().rev().fold(0.0, |number, byte| (number + digit(byte)) / 10.0);
    Some(sign * (whole + part))
}

/// A number of days, with at most four decimal places.
fn days_of(seconds: i64) -> String {
    #[allow(clippy::cast_precision_loss, reason = "at most 100 years of seconds")]
    let days = seconds as f64 / 86_400.0;
    let text = format!("{days:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A length of time in the largest unit that divides it: "90 days", "36 hours".
pub fn duration(seconds: i64) -> String {
    let units = [(DAY_SECONDS, "day"), (3600, "hour"), (60, "minute")];
    let (size, unit) = units.into_iter().find(|(size, _)| seconds % size == 0).unwrap_or((1, "second"));
    counted(usize::try_from(seconds / size).unwrap_or_default(), unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limited(seconds: i64) -> Policy {
        Policy { max_lifetime_seconds: Some(seconds), ..Policy::default() }
    }

    #[test]
    fn every_saved_policy_survives_its_form() {
        for seconds in [60, 61, 3600, DAY_SECONDS, 30 * DAY_SECONDS, 100_000, MAX_LIFETIME_SECONDS] {
            assert_eq!(PolicyDraft::of(limited(seconds)).policy(), Ok(limited(seconds)), "{seconds}");
        }
        let all = Policy {
            key_creation: KeyCreation::Denied,
            require_expiry: true,
            browser_use: BrowserUse::Allow,
            edition: "server-1.9".parse().ok(),
            ..Policy::default()
        };
        assert_eq!(PolicyDraft::of(all).policy(), Ok(all));
    }

    #[test]
    fn a_written_limit_must_be_one_that_the_server_takes() {
        let write =
            |days: &str| PolicyDraft { lifetime: Lifetime::Other, days: days.into(), ..PolicyDraft::of(Policy::default()) }.policy();
        assert_eq!(write(" 14 "), Ok(limited(14 * DAY_SECONDS)));
        assert_eq!(write("0.5"), Ok(limited(DAY_SECONDS / 2)));
        assert_eq!(write("0.0007"), Ok(limited(60)));
        for wrong in ["", "x", "NaN", "inf", "-3", "0", "36501", ".", "-", "1.2.3", "1e1", "９", &"9".repeat(400)] {
            assert!(write(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn decimal_numbers_are_read_as_by_std() {
        for text in ["0", "14", "007", "3.", ".5", "0.5", "0.0007", "1.25", "36500", "-3", "90.125", "11.5741"] {
            let expected: f64 = text.parse().unwrap();
            assert!((decimal(text).unwrap() - expected).abs() < 1e-9, "{text}");
        }
    }

    #[test]
    fn a_length_of_time_is_shown_in_the_largest_whole_unit() {
        assert_eq!(duration(DAY_SECONDS), "1 day");
        assert_eq!(duration(36 * 3600), "36 hours");
        assert_eq!(duration(61), "61 seconds");
    }
}
