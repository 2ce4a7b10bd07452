//! The chosen expiry of a key.

use crate::scope::{DateTime, Expiry};

const DAY_SECONDS: i64 = 24 * 60 * 60;

/// How the expiry of a key is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpiryChoice {
    /// As it was saved.
    Keep,
    /// This many times 24 hours from the moment of saving.
    Days(u16),
    /// No expiry.
    Never,
    /// At an entered time.
    Exact,
}

impl ExpiryChoice {
    /// The choices for a new key.
    pub const FOR_NEW: &[Self] = &[Self::Days(7), Self::Days(30), Self::Days(90), Self::Days(365), Self::Never, Self::Exact];

    /// The choices for a saved key.
    pub const FOR_SAVED: &[Self] = &[Self::Keep, Self::Days(7), Self::Days(30), Self::Days(90), Self::Days(365), Self::Never, Self::Exact];

    /// The choices for a dev key, which lives at most 30 days.
    pub const FOR_DEV_KEY: &[Self] = &[Self::Days(1), Self::Days(7), Self::Days(30), Self::Exact];

    /// The choices for a saved dev key.
    pub const FOR_SAVED_DEV_KEY: &[Self] = &[Self::Keep, Self::Days(1), Self::Days(7), Self::Days(30), Self::Exact];

    /// Its label.
    pub fn label(self) -> String {
        match self {
            Self::Keep => "Keep".to_owned(),
            Self::Days(1) => "1 day".to_owned(),
            Self::Days(365) => "1 year".to_owned(),
            Self::Days(days) => format!("{days} days"),
            Self::Never => "Never".to_owned(),
            Self::Exact => "Exact time".to_owned(),
        }
    }
}

/// Why the entered time is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExpiryProblem {
    /// It is empty or incomplete.
    #[error("Enter a date and a time.")]
    Incomplete,
    /// It is not later than now.
    #[error("Choose a time in the future.")]
    Past,
}

/// The chosen expiry of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpiryDraft {
    /// How it is chosen.
    pub choice: ExpiryChoice,
    /// The entered local time, as the value of a `datetime-local` field; used with [`ExpiryChoice::Exact`].
    pub exact: String,
    /// The saved expiry, for [`ExpiryChoice::Keep`]; `None` is never.
    pub saved: Option<DateTime>,
}

impl ExpiryDraft {
    /// For a new key: 90 days. That is long enough for a release or two, and a forgotten key still expires.
    pub fn new() -> Self {
        Self { choice: ExpiryChoice::Days(90), exact: String::new(), saved: None }
    }

    /// For a saved key: unchanged.
    pub fn keep(saved: Option<DateTime>) -> Self {
        Self { choice: ExpiryChoice::Keep, exact: String::new(), saved }
    }

    /// For a new secret of a saved key: unchanged, but never an expiry in the past.
    pub fn for_new_secret(saved: Option<DateTime>, now: DateTime) -> Self {
        match saved {
            Some(over) if over <= now => Self { saved, ..Self::new() },
            saved => Self::keep(saved),
        }
    }

    /// For a dev key: unchanged if it is saved and lives, and 7 days otherwise.
    pub fn of_dev_key(saved: Option<DateTime>, now: DateTime) -> Self {
        match saved {
            Some(at) if at > now => Self::keep(saved),
            saved => Self { choice: ExpiryChoice::Days(7), exact: String::new(), saved },
        }
    }

    /// The expiry for the body of a rotation: `None` keeps it, `""` is never.
    ///
    /// # Errors
    /// As [`ExpiryDraft::resolve`].
    pub fn of_new_secret(&self, now: DateTime, local: impl Fn(&str) -> Option<DateTime>) -> Result<Option<String>, ExpiryProblem> {
        match self.choice {
            ExpiryChoice::Keep => Ok(None),
            _ => self.resolve(now, local).map(|expire| Some(expire.map(|at| at.to_string()).unwrap_or_default())),
        }
    }

    /// The expiry of a key that is saved at `now`; `None` is never. `local` reads an entered local time.
    ///
    /// # Errors
    /// If an entered time is needed but incomplete, or in the past.
    pub fn resolve(&self, now: DateTime, local: impl Fn(&str) -> Option<DateTime>) -> Result<Option<DateTime>, ExpiryProblem> {
        match self.choice {
            ExpiryChoice::Keep => Ok(self.saved),
            ExpiryChoice::Days(days) => Ok(Some(now.plus_seconds(i64::from(days) * DAY_SECONDS))),
            ExpiryChoice::Never => Ok(None),
            ExpiryChoice::Exact => match local(&self.exact) {
                None => Err(ExpiryProblem::Incomplete),
                Some(at) if at <= now => Err(ExpiryProblem::Past),
                Some(at) => Ok(Some(at)),
            },
        }
    }

    /// The same, for a check request. An incomplete time is not stated.
    pub fn stated(&self, now: DateTime, local: impl Fn(&str) -> Option<DateTime>) -> Expiry {
        match self.choice {
            // The check reports a time in the past.
            ExpiryChoice::Exact => local(&self.exact).map_or(Expiry::Unstated, |at| Expiry::At(at.to_string())),
            _ => match self.resolve(now, local) {
                Ok(Some(at)) => Expiry::At(at.to_string()),
                Ok(None) => Expiry::Never,
                Err(_) => Expiry::Unstated,
            },
        }
    }
}

impl Default for ExpiryDraft {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime {
        DateTime::from_unix_milliseconds(1_800_000_000_123)
    }

    fn local(text: &str) -> Option<DateTime> {
        text.parse().ok()
    }

    #[test]
    fn a_dev_key_keeps_its_expiry_while_it_lives() {
        let (now, later) = (DateTime::from_unix_milliseconds(0), DateTime::from_unix_milliseconds(1));
        assert_eq!(ExpiryDraft::of_dev_key(Some(later), now).choice, ExpiryChoice::Keep);
        for over in [Some(now), None] {
            assert_eq!(ExpiryDraft::of_dev_key(over, now).choice, ExpiryChoice::Days(7));
        }
        assert!(ExpiryChoice::FOR_SAVED_DEV_KEY.contains(&ExpiryChoice::Days(7)));
    }

    #[test]
    fn seven_days_are_seven_times_24_hours() {
        let draft = ExpiryDraft { choice: ExpiryChoice::Days(7), ..ExpiryDraft::new() };
        let at = draft.resolve(now(), local).unwrap().unwrap();
        assert_eq!(at.milliseconds_since(now()), 7 * 24 * 60 * 60 * 1000);
    }

    #[test]
    fn an_exact_time_must_be_whole_and_in_the_future() {
        let exact = |text: &str| ExpiryDraft { choice: ExpiryChoice::Exact, exact: text.into(), saved: None }.resolve(now(), local);
        assert_eq!(exact(""), Err(ExpiryProblem::Incomplete));
        assert_eq!(exact("2020-01-01T00:00"), Err(ExpiryProblem::Past));
        assert_eq!(exact("2030-01-01T12:30:15"), Ok("2030-01-01T12:30:15".parse().ok()));
    }

    #[test]
    fn keeping_keeps_every_millisecond_and_an_end_in_the_past() {
        let saved = Some(DateTime::from_unix_milliseconds(1_234));
        assert_eq!(ExpiryDraft::keep(saved).resolve(now(), local), Ok(saved));
        assert_eq!(ExpiryDraft::keep(None).stated(now(), local), Expiry::Never);
    }

    #[test]
    fn a_new_secret_of_an_expired_key_is_not_dead_at_birth() {
        let over = Some(DateTime::from_unix_milliseconds(1_234));
        let draft = ExpiryDraft::for_new_secret(over, now());
        assert!(draft.resolve(now(), local).unwrap().unwrap() > now());
        for alive in [None, Some(now().plus_seconds(1))] {
            assert_eq!(ExpiryDraft::for_new_secret(alive, now()).of_new_secret(now(), local), Ok(None));
        }
        let never = ExpiryDraft { choice: ExpiryChoice::Never, ..ExpiryDraft::new() };
        assert_eq!(never.of_new_secret(now(), local), Ok(Some(String::new())));
    }

    #[test]
    fn the_check_hears_of_a_past_time_but_not_of_half_a_time() {
        let exact = |text: &str| ExpiryDraft { choice: ExpiryChoice::Exact, exact: text.into(), saved: None }.stated(now(), local);
        assert_eq!(exact("2020-01"), Expiry::Unstated);
        assert_eq!(exact("2020-01-01"), Expiry::At("2020-01-01T00:00:00.000+00:00".into()));
    }
}
