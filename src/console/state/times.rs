//! The texts for relative times.

use crate::{picker::state::counted, scope::DateTime};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// A twelfth of a year.
const MONTH: i64 = YEAR / 12;
const YEAR: i64 = 365 * DAY + 6 * HOUR;

/// The distance, rounded to the nearest whole unit: "in 90 days", "3 hours ago", "now" within a minute. Days are counted up to four months, as
/// people choose them.
pub fn relative(then: DateTime, now: DateTime) -> String {
    let distance = then.milliseconds_since(now);
    let size = distance.abs();
    if size < MINUTE {
        return "now".to_owned();
    }
    let units = [(MINUTE, 60, "minute"), (HOUR, 24, "hour"), (DAY, 121, "day"), (MONTH, 24, "month"), (YEAR, i64::MAX, "year")];
    let nearest = |unit: i64| (size + unit / 2) / unit;
    let found = units.into_iter().map(|(unit, most, word)| (nearest(unit), most, word)).find(|(count, most, _)| count < most);
    let (count, _, unit) = found.unwrap_or((0, 0, "year"));
    let counted = counted(usize::try_from(count).unwrap_or(usize::MAX), unit);
    if distance > 0 { format!("in {counted}") } else { format!("{counted} ago") }
}

/// How long something still lasts, in its two greatest units: "5 hours 12 minutes"; "less than a minute" at the end.
pub fn remaining(until: DateTime, now: DateTime) -> String {
    let minutes = until.milliseconds_since(now).max(0) / MINUTE;
    let (days, hours, minutes) = (minutes / (24 * 60), minutes / 60 % 24, minutes % 60);
    let parts = if days > 0 { [(days, "day"), (hours, "hour")] } else { [(hours, "hour"), (minutes, "minute")] };
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts.map(|(count, unit)| counted(usize::try_from(count).unwrap_or_default(), unit)).collect();
    if parts.is_empty() { "less than a minute".to_owned() } else { parts.join(" ") }
}

/// A time that is known only to the day (contract §2: `accessedAt` changes once in 24 hours).
pub fn ago_to_the_day(then: DateTime, now: DateTime) -> String {
    if now.milliseconds_since(then) < DAY { "within a day".to_owned() } else { relative(then, now) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_rounded_to_the_nearest_unit() {
        let now = DateTime::from_unix_milliseconds(1_800_000_000_000);
        for (distance, text) in [
            (0, "now"),
            (59_999, "now"),
            (-59_999, "now"),
            (MINUTE, "in 1 minute"),
            (-80 * MINUTE, "1 hour ago"),
            (HOUR - 1, "in 1 hour"),
            (DAY - 1, "in 1 day"),
            (7 * DAY, "in 7 days"),
            // A key that was created a moment ago for 7 or 90 days.
            (7 * DAY - 5_000, "in 7 days"),
            (90 * DAY - 5_000, "in 90 days"),
            (-59 * DAY, "59 days ago"),
            (180 * DAY, "in 6 months"),
            (365 * DAY, "in 12 months"),
            (-800 * DAY, "2 years ago"),
        ] {
            assert_eq!(relative(now.plus_milliseconds(distance), now), text, "{distance}");
        }
    }

    #[test]
    fn what_remains_has_at_most_two_units() {
        let now = DateTime::from_unix_milliseconds(1_800_000_000_000);
        for (left, words) in [
            (-HOUR, "less than a minute"),
            (MINUTE - 1, "less than a minute"),
            (MINUTE, "1 minute"),
            (5 * HOUR + 12 * MINUTE + 30_000, "5 hours 12 minutes"),
            (DAY, "1 day"),
            (6 * DAY + 23 * HOUR + 59 * MINUTE, "6 days 23 hours"),
        ] {
            assert_eq!(remaining(now.plus_milliseconds(left), now), words);
        }
    }

    #[test]
    fn what_is_known_to_the_day_is_not_shown_to_the_minute() {
        let now = DateTime::from_unix_milliseconds(1_800_000_000_000);
        assert_eq!(ago_to_the_day(now, now), "within a day");
        assert_eq!(ago_to_the_day(now.plus_milliseconds(-23 * HOUR), now), "within a day");
        assert_eq!(ago_to_the_day(now.plus_milliseconds(-25 * HOUR), now), "1 day ago");
    }
}
