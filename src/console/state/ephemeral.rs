//! The lifetime of a new ephemeral key, and the time that is left.

use crate::key::MAX_EPHEMERAL_SECONDS;

/// The chosen lifetime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duration {
    /// One of the choices, in seconds; `None` is the written number.
    pub chosen: Option<i64>,
    /// The written number of seconds.
    pub written: String,
}

impl Duration {
    /// The choices with their labels.
    pub const CHOICES: &[(Option<i64>, &str)] =
        &[(Some(60), "1 minute"), (Some(300), "5 minutes"), (Some(900), "15 minutes"), (Some(3600), "1 hour"), (None, "Custom")];

    /// The lifetime in seconds.
    ///
    /// # Errors
    /// A sentence about the written number.
    pub fn seconds(&self) -> Result<i64, String> {
        let seconds = self.chosen.or_else(|| self.written.trim().parse().ok());
        seconds
            .filter(|seconds| (1..=MAX_EPHEMERAL_SECONDS).contains(seconds))
            .ok_or_else(|| format!("Enter a whole number of seconds, from 1 to {MAX_EPHEMERAL_SECONDS}."))
    }
}

/// 15 minutes: enough for a job, and soon over.
impl Default for Duration {
    fn default() -> Self {
        Self { chosen: Some(900), written: String::new() }
    }
}

/// The time that is left: "14:59", or "Expired".
pub fn countdown(seconds: i64) -> String {
    if seconds <= 0 { "Expired".to_owned() } else { format!("{}:{:02}", seconds / 60, seconds % 60) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifetime_is_one_that_the_server_takes() {
        let written = |text: &str| Duration { chosen: None, written: text.into() }.seconds();
        assert_eq!(Duration::default().seconds(), Ok(900));
        assert_eq!((written(" 90 "), written("3600")), (Ok(90), Ok(3600)));
        for wrong in ["", "0", "-1", "3601", "1.5", "soon"] {
            assert!(written(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_time_that_is_left_counts_down_to_expired() {
        assert_eq!([3600, 61, 9, 0, -5].map(countdown), ["60:00", "1:01", "0:09", "Expired", "Expired"]);
    }
}
