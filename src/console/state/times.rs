//! The texts for relative times.

use crate::{picker::state::counted, scope::DateTime};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The distance in the largest unit that fits, rounded down: "in 6 days", "3 hours ago", "now" within a minute.
pub fn relative(then: DateTime, now: DateTime) -> String {
    let distance = then.milliseconds_since(now);
    let size = distance.abs();
    let (count, unit) = match size {
        _ if size < MINUTE => return "now".to_owned(),
        _ if size < HOUR => (size / MINUTE, "minute"),
        _ if size < DAY => (size / HOUR, "hour"),
        _ if size < 60 * DAY => (size / DAY, "day"),
        _ if size < 730 * DAY => (size / (30 * DAY), "month"),
        _ => (size / (365 * DAY), "year"),
    };
    let counted = counted(usize::try_from(count).unwrap_or(usize::MAX), unit);
    if distance > 0 { format!("in {counted}") } else { format!("{counted} ago") }
}

/// A time that is known only to the day (contract §2: `accessedAt` changes once in 24 hours).
pub fn ago_to_the_day(then: DateTime, now: DateTime) -> String {
    if now.milliseconds_since(then) < DAY { "within a day".to_owned() } else { relative(then, now) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_told_in_the_largest_unit_that_fits() {
        let now = DateTime::from_unix_milliseconds(1_800_000_000_000);
        for (distance, told) in [
            (0, "now"),
            (59_999, "now"),
            (-59_999, "now"),
            (MINUTE, "in 1 minute"),
            (-90 * MINUTE, "1 hour ago"),
            (7 * DAY, "in 7 days"),
            (7 * DAY - 1, "in 6 days"),
            (-59 * DAY, "59 days ago"),
            (90 * DAY, "in 3 months"),
            (365 * DAY, "in 12 months"),
            (-800 * DAY, "2 years ago"),
        ] {
            assert_eq!(relative(now.plus_milliseconds(distance), now), told, "{distance}");
        }
    }

    #[test]
    fn what_is_known_to_the_day_is_not_told_to_the_minute() {
        let now = DateTime::from_unix_milliseconds(1_800_000_000_000);
        assert_eq!(ago_to_the_day(now, now), "within a day");
        assert_eq!(ago_to_the_day(now.plus_milliseconds(-23 * HOUR), now), "within a day");
        assert_eq!(ago_to_the_day(now.plus_milliseconds(-25 * HOUR), now), "1 day ago");
    }
}
