//! Owns points in time: how they are read and written. Never reads a clock.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset, format_description::well_known::Iso8601};

/// A point in time with a resolution of one millisecond, in the years 0000 to 9999, always UTC.
///
/// It is read from ISO 8601 (a date, or a date and a time with or without an offset; UTC where none is given; a space may
/// stand for the `T`) and written as the contract's `2030-01-01T00:00:00.000+00:00` (contract §0.6).
///
/// ```
/// use scopewise::scope::DateTime;
/// let at: DateTime = "2030-01-01T01:00:00+01:00".parse()?;
/// assert_eq!(at.to_string(), "2030-01-01T00:00:00.000+00:00");
/// assert_eq!("2030-01-01".parse::<DateTime>()?, at);
/// # Ok::<(), scopewise::scope::DateTimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime(i64);

/// Why a text is not a point in time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an ISO 8601 date and time between the years 0000 and 9999")]
pub struct DateTimeError;

/// 0000-01-01T00:00:00Z in milliseconds since 1970.
const MIN_MILLISECONDS: i64 = -62_167_219_200_000;
/// 9999-12-31T23:59:59.999Z in milliseconds since 1970.
const MAX_MILLISECONDS: i64 = 253_402_300_799_999;

impl DateTime {
    /// From milliseconds since 1970-01-01T00:00:00Z; what lies outside of the years 0000 to 9999 is brought to the nearest end.
    pub fn from_unix_milliseconds(milliseconds: i64) -> Self {
        Self(milliseconds.clamp(MIN_MILLISECONDS, MAX_MILLISECONDS))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z; negative before that.
    pub fn unix_milliseconds(self) -> i64 {
        self.0
    }

    /// The point this many milliseconds later (earlier when negative), within the years 0000 to 9999.
    pub fn plus_milliseconds(self, milliseconds: i64) -> Self {
        Self::from_unix_milliseconds(self.0.saturating_add(milliseconds))
    }

    /// The point this many seconds later (earlier when negative), within the years 0000 to 9999.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        self.plus_milliseconds(seconds.saturating_mul(1000))
    }

    /// Milliseconds from `earlier` to this point; negative when `earlier` is later.
    pub fn milliseconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    fn to_offset_date_time(self) -> OffsetDateTime {
        // Cannot fail: the range is kept by every constructor.
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

impl FromStr for DateTime {
    type Err = DateTimeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // A year of four digits leads; the parser would also take a signed year of six.
        if text.len() > 40 || !text.bytes().take(4).all(|b| b.is_ascii_digit()) {
            return Err(DateTimeError);
        }
        let text = match text.get(10..11) {
            Some(" ") => text.replacen(' ', "T", 1),
            _ => text.to_owned(),
        };
        let at = OffsetDateTime::parse(&text, &Iso8601::PARSING)
            .or_else(|_| PrimitiveDateTime::parse(&text, &Iso8601::PARSING).map(PrimitiveDateTime::assume_utc))
            .or_else(|_| Date::parse(&text, &Iso8601::PARSING).map(|date| date.with_time(Time::MIDNIGHT).assume_utc()))
            .map_err(|_| DateTimeError)?;
        let milliseconds = at.unix_timestamp_nanos().div_euclid(1_000_000);
        i64::try_from(milliseconds)
            .ok()
            .filter(|milliseconds| (MIN_MILLISECONDS..=MAX_MILLISECONDS).contains(milliseconds))
            .map(Self)
            .ok_or(DateTimeError)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.to_offset_date_time().to_offset(UtcOffset::UTC);
        let (hour, minute, second, millisecond) = at.time().as_hms_milli();
        let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millisecond:03}+00:00")
    }
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_forms_of_iso_8601() {
        for text in [
            "2026-12-31T23:59:59.000+00:00",
            "2026-12-31T23:59:59Z",
            "2026-12-31T23:59:59",
            "2026-12-31 23:59:59",
            "2026-12-31T23:59:59.000Z",
            "2027-01-01T00:59:59+0100",
            "2027-01-01T00:59:59+01",
            "20261231T235959Z",
        ] {
            assert_eq!(text.parse::<DateTime>().map(|at| at.to_string()).as_deref(), Ok("2026-12-31T23:59:59.000+00:00"), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_not_a_point_in_time() {
        for text in [
            "",
            "tomorrow",
            "2026-13-01",
            "2026-02-30",
            "2026-01-01T25:00:00Z",
            "+12026-01-01",
            "1767225600",
            "2026-01-01T00:00:00Zx",
            "９９９９-01-01",
        ] {
            assert_eq!(text.parse::<DateTime>(), Err(DateTimeError), "{text}");
        }
    }

    #[test]
    fn the_ends_of_the_range_are_kept() {
        assert_eq!("0000-01-01".parse::<DateTime>().unwrap().unix_milliseconds(), MIN_MILLISECONDS);
        assert_eq!(DateTime::from_unix_milliseconds(i64::MAX).to_string(), "9999-12-31T23:59:59.999+00:00");
        assert_eq!("9999-12-31T23:59:59.9999Z".parse::<DateTime>().unwrap().unix_milliseconds(), MAX_MILLISECONDS);
    }
}
