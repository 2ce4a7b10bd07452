//! Points in time: how they are read and written. Never reads a clock.

use alloc::string::String;
use core::{error::Error, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::text::{self, fill};

/// A point in time with a resolution of one millisecond, in the years 0000 to 9999, always UTC.
///
/// It is written as the contract's `2030-01-01T00:00:00.000+00:00` (contract §0.6). Every entry point reads the same forms, those that
/// programs write without being asked:
/// - ISO 8601: a calendar date, or one and a time with or without an offset. UTC where none is given. A space may replace the
///   `T` and before the offset, `t` and `z` may be small, `UTC` and `GMT` are offsets, and `24:00` ends the day. Week dates and
///   ordinal dates are not read.
/// - Dates of mail and HTTP (RFC 5322, RFC 9110 §5.6.7): `Tue, 01 Jan 2030 00:00:00 GMT`, also without the weekday, and
///   `Tue Jan  1 00:00:00 2030`. A year has four digits, and a weekday must be the right one.
///
/// ```
/// use scopewise::scope::DateTime;
/// let at: DateTime = "2030-01-01T01:00:00+01:00".parse()?;
/// assert_eq!(at.to_string(), "2030-01-01T00:00:00.000+00:00");
/// assert_eq!("2030-01-01".parse::<DateTime>()?, at);
/// assert_eq!("2029-12-31 24:00 UTC".parse::<DateTime>()?, at);
/// assert_eq!("Tue, 01 Jan 2030 00:00:00 GMT".parse::<DateTime>()?, at);
/// # Ok::<(), scopewise::scope::DateTimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime(i64);

/// Why a text is not a point in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateTimeError;

impl DateTimeError {
    /// What is wrong, without what `format!` would add to the checker's download.
    pub(in crate::scope) fn said(&self) -> String {
        fill("not a date and time between the years 0000 and 9999; write it as `{}`", &[EXAMPLE])
    }
}

impl fmt::Display for DateTimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said())
    }
}

impl Error for DateTimeError {}

/// What a point in time looks like, for who wrote something else.
pub(in crate::scope) const EXAMPLE: &str = "2030-12-31T23:59:59.000+00:00";

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
}

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What is left of a text while it is read.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn takes(&mut self, wanted: u8) -> bool {
        let found = self.0.strip_prefix(&[wanted]);
        self.0 = found.unwrap_or(self.0);
        found.is_some()
    }

    /// A word in any case.
    fn takes_word(&mut self, wanted: &str) -> bool {
        let Some((word, rest)) = self.0.split_at_checked(wanted.len()) else { return false };
        let found = word.eq_ignore_ascii_case(wanted.as_bytes());
        self.0 = if found { rest } else { self.0 };
        found
    }

    fn has_digit(&self) -> bool {
        self.0.first().is_some_and(u8::is_ascii_digit)
    }

    fn digit(&mut self) -> Option<i64> {
        let (digit, rest) = self.0.split_first().filter(|(byte, _)| byte.is_ascii_digit())?;
        self.0 = rest;
        Some(i64::from(*digit - b'0'))
    }

    /// A number of exactly so many digits.
    fn number(&mut self, digits: u8) -> Option<i64> {
        (0..digits).try_fold(0, |number, _| Some(number * 10 + self.digit()?))
    }

    /// A number of two digits that is not greater than `most`.
    fn pair(&mut self, most: i64) -> Option<i64> {
        self.number(2).filter(|number| *number <= most)
    }

    /// The days since 1970-01-01 of `2030-01-31` or `20300131`.
    fn date(&mut self) -> Option<i64> {
        let year = self.number(4)?;
        let dashes = self.takes(b'-');
        let month = self.pair(12)?;
        if dashes && !self.takes(b'-') {
            return None;
        }
        let day = self.pair(days_of_month(year, month)?)?;
        (day >= 1).then(|| days_since_1970(year, month, day))
    }

    /// The milliseconds since midnight of `23`, `23:59`, `23:59:59`, `23:59:59.999` and the same without colons, and whether it
    /// is in a leap second. `24:00` is the midnight that ends the day, and nothing comes after it.
    fn time(&mut self) -> Option<(i64, bool)> {
        self.clock().filter(|(at, _)| *at <= DAY)
    }

    fn clock(&mut self) -> Option<(i64, bool)> {
        let hour = self.pair(24)?;
        let colons = self.takes(b':');
        if !colons && !self.has_digit() {
            return Some((hour * HOUR, false));
        }
        let minute = self.pair(59)?;
        let mut at = hour * HOUR + minute * MINUTE;
        if !(if colons { self.takes(b':') } else { self.has_digit() }) {
            return Some((at, false));
        }
        let second = self.pair(60)?;
        at += second.min(59) * 1000;
        let mut milliseconds = 0;
        if self.takes(b'.') || self.takes(b',') {
            let mut worth = 100;
            milliseconds = self.digit()? * worth;
            while let Some(digit) = self.digit() {
                worth /= 10;
                milliseconds += digit * worth;
            }
        }
        // The resolution has no place for a leap second: it ends the minute.
        Some((at + if second == 60 { 999 } else { milliseconds }, second == 60))
    }

    /// The milliseconds by which `Z`, `UTC`, `+01`, `+0100` or `-01:00` is ahead of UTC, also behind a space; 0 where there is
    /// none of them.
    fn offset(&mut self) -> Option<i64> {
        let is_apart = self.takes(b' ');
        let sign = if self.takes(b'+') {
            1
        } else if self.takes(b'-') {
            -1
        } else {
            let is_named = ["Z", "UTC", "GMT"].iter().any(|name| self.takes_word(name));
            return (is_named || !is_apart).then_some(0);
        };
        let hours = self.pair(23)?;
        let minutes = if self.takes(b':') || self.has_digit() { self.pair(59)? } else { 0 };
        Some(sign * (hours * HOUR + minutes * MINUTE))
    }
}

fn days_of_month(year: i64, month: i64) -> Option<i64> {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => Some(29),
        2 => Some(28),
        4 | 6 | 9 | 11 => Some(30),
        1..=12 => Some(31),
        _ => None,
    }
}

/// The days from 1970-01-01 to a date of the Gregorian calendar. A year is counted from March, so that a leap day ends it; 400
/// years are 146,097 days, and 719,468 days lie between 0000-03-01 and 1970-01-01.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Year, month and day; the reverse of [`days_since_1970`].
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let months = (5 * day_of_year + 2) / 153;
    let month = if months < 10 { months + 3 } else { months - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day_of_year - (153 * months + 2) / 5 + 1)
}

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The place of a name in a list of names, from 0.
fn place(names: &[&str], name: &str) -> Option<i64> {
    names.iter().position(|known| known.eq_ignore_ascii_case(name)).and_then(|place| i64::try_from(place).ok())
}

/// A number of one or two digits, or of exactly four.
fn number(text: &str, digits: core::ops::RangeInclusive<usize>) -> Option<i64> {
    let is_number = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    i64::try_from(text::number(text)?).ok().filter(|_| is_number)
}

/// `2030-12-31`, or that with a time.
fn read_iso(text: &str) -> Option<i64> {
    let mut reader = Reader(text.as_bytes());
    let day = reader.date()? * DAY;
    if reader.0.is_empty() {
        return Some(day);
    }
    if !reader.takes_word("T") && !reader.takes(b' ') {
        return None;
    }
    read_time(day, reader)
}

/// `Tue, 31 Dec 2030 23:59:59 GMT`, or `Tue Dec 31 23:59:59 2030`.
fn read_spelt(text: &str) -> Option<i64> {
    let mut words = text::words(text, |c| c == ' ').into_iter();
    let mut next = words.next()?;
    let weekday = place(&WEEKDAYS, next.strip_suffix(',').unwrap_or(next));
    if weekday.is_some() {
        next = words.next()?;
    }
    let (day, month, year, time, zone) = match place(&MONTHS, next) {
        Some(month) => {
            let (day, time) = (words.next()?, words.next()?);
            (day, month, words.next()?, time, "UTC")
        }
        None => {
            let month = place(&MONTHS, words.next()?)?;
            let (year, time) = (words.next()?, words.next()?);
            (next, month, year, time, words.next()?)
        }
    };
    let (year, month, day) = (number(year, 4..=4)?, month + 1, number(day, 1..=2)?);
    if words.next().is_some() || text.ends_with(' ') || text.starts_with(' ') || !(1..=days_of_month(year, month)?).contains(&day) {
        return None;
    }
    let days = days_since_1970(year, month, day);
    // 1970-01-01 was a Thursday.
    if weekday.is_some_and(|weekday| weekday != (days + 3).rem_euclid(7)) {
        return None;
    }
    read_time(days * DAY, Reader(fill("{} {}", &[time, zone]).as_bytes()))
}

/// The time and the offset, which end the text.
fn read_time(day: i64, mut reader: Reader<'_>) -> Option<i64> {
    let (time, is_leap) = reader.time()?;
    let at = day + time - reader.offset()?;
    let ends_a_day = at.rem_euclid(DAY) == DAY - 1;
    (reader.0.is_empty() && (ends_a_day || !is_leap)).then_some(at)
}

fn read(text: &str) -> Option<i64> {
    read_iso(text).or_else(|| read_spelt(text)).filter(|at| (MIN_MILLISECONDS..=MAX_MILLISECONDS).contains(at))
}

impl FromStr for DateTime {
    type Err = DateTimeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read(text).map(Self).ok_or(DateTimeError)
    }
}

impl DateTime {
    /// As it is written: `2030-01-01T00:00:00.000+00:00`.
    pub(in crate::scope) fn text(self) -> String {
        let (year, month, day) = date_of(self.0.div_euclid(DAY));
        let at = self.0.rem_euclid(DAY);
        let (hour, minute, second, millisecond) = (at / HOUR, at / MINUTE % 60, at / 1000 % 60, at % 1000);
        let mut text = String::with_capacity(EXAMPLE.len());
        let numbers = [
            (year, 1000, "-"),
            (month, 10, "-"),
            (day, 10, "T"),
            (hour, 10, ":"),
            (minute, 10, ":"),
            (second, 10, "."),
            (millisecond, 100, "+00:00"),
        ];
        for (number, mut place, behind) in numbers {
            while place > 0 {
                text.extend(u32::try_from(number / place % 10).ok().and_then(|digit| char::from_digit(digit, 10)));
                place /= 10;
            }
            text.push_str(behind);
        }
        text
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
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
            "20261231 235959,0004+0000",
            "2026-12-31T12:29:59-11:30",
            "2026-12-31t23:59:59z",
            "2026-12-31 23:59:59 +0000",
            "2026-12-31 23:59:59 UTC",
            "2027-01-01 00:59:59 +01:00",
            "2026-12-31T23:59:59gmt",
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
            "2026-00-01",
            "2026-01-00",
            "2026-01-32",
            "2026-0101",
            "202601-01",
            "2026-001",
            "2026-W01-1",
            "2026-01-01T",
            "2026-01-01T1",
            "2026-01-01T12:",
            "2026-01-01T12:60Z",
            "2026-01-01T12:00:61Z",
            "2026-01-01T12:00:60Z",
            "2026-01-01T12:00:00.Z",
            "2026-01-01T12:00:00+24:00",
            "2026-01-01T12:00:00+1",
            "2026-01-01T12:00:00ZZ",
            "2026-01-01Z",
            "2026-01-01\u{0}",
            " 2026-01-01",
            "2026-01-01 ",
            "2026-01-01T12:00:00 ",
            "2026-01-01T12:00:00  +0000",
            // What a form makes of a bare plus; see the server's reader of queries.
            "2026-01-01T12:00:00 00:00",
            "2026-01-01T12:00:00+0000 UTC",
            "2026-01-01T24:00:01",
            "2026-01-01T24:00:00.001",
            "2026-01-01T24:01",
            "2026-01-01T24:00:60",
            "9999-12-31T24:00",
            "0000-01-01T00:00:00+00:01",
        ] {
            assert_eq!(text.parse::<DateTime>(), Err(DateTimeError), "{text}");
        }
    }

    #[test]
    fn a_time_may_end_after_the_hour_or_the_minute() {
        for text in ["2026-12-31T23", "2026-12-31T23Z", "2026-12-31T23:00", "2026-12-31T2300", "2026-12-31T23:00+00", "2027-01-01T00+01"] {
            assert_eq!(text.parse::<DateTime>().map(|at| at.to_string()).as_deref(), Ok("2026-12-31T23:00:00.000+00:00"), "{text}");
        }
    }

    #[test]
    fn midnight_may_end_a_day() {
        for text in ["2026-12-31T24:00", "2026-12-31T24", "20261231T240000Z", "2026-12-31 24:00:00.000 +0000", "2027-01-01T00:00"] {
            assert_eq!(text.parse::<DateTime>().map(|at| at.to_string()).as_deref(), Ok("2027-01-01T00:00:00.000+00:00"), "{text}");
        }
    }

    #[test]
    fn reads_the_dates_of_mail_and_http() {
        for text in [
            "Thu, 31 Dec 2026 23:59:59 GMT",
            "31 Dec 2026 23:59:59 GMT",
            "thu, 31 dec 2026 23:59:59 utc",
            "Fri, 1 Jan 2027 00:59:59 +0100",
            "Fri, 01 Jan 2027 00:59:59 +0100",
            "Thu Dec 31 23:59:59 2026",
        ] {
            assert_eq!(text.parse::<DateTime>().map(|at| at.to_string()).as_deref(), Ok("2026-12-31T23:59:59.000+00:00"), "{text}");
        }
        assert_eq!("Fri Jan  1 00:00:00 2027".parse::<DateTime>(), "2027-01-01".parse());
        for text in [
            "Wed, 31 Dec 2026 23:59:59 GMT",
            "Thursday, 31-Dec-26 23:59:59 GMT",
            "Thu, 31 Dec 26 23:59:59 GMT",
            "Thu, 31 Dez 2026 23:59:59 GMT",
            "Thu, 32 Dec 2026 23:59:59 GMT",
            "Thu, 0 Dec 2026 23:59:59 GMT",
            "Thu, 31 Dec 2026 23:59:59",
            "Thu, 31 Dec 2026 23:59:59 GMT+0000",
            "Thu, 31 Dec 2026 23:59:59 EST",
            "Thu, 31 Dec 2026 23:59:59 GMT ",
            "Thu, 31 Dec 2026",
            "Thu",
            "Dec",
            "Thu Dec 31 23:59:59 +026",
        ] {
            assert_eq!(text.parse::<DateTime>(), Err(DateTimeError), "{text}");
        }
    }

    #[test]
    fn a_leap_second_ends_its_minute() {
        let at = "2016-12-31T23:59:60Z".parse::<DateTime>().unwrap();
        assert_eq!(at.to_string(), "2016-12-31T23:59:59.999+00:00");
        assert_eq!("2017-01-01T00:59:60.5+01:00".parse::<DateTime>(), Ok(at));
    }

    #[test]
    fn leap_years_are_those_of_the_gregorian_calendar() {
        for year in ["2024", "2000", "0000", "9996"] {
            assert!(format!("{year}-02-29").parse::<DateTime>().is_ok(), "{year}");
        }
        for year in ["2023", "2100", "1900"] {
            assert!(format!("{year}-02-29").parse::<DateTime>().is_err(), "{year}");
        }
    }

    #[test]
    fn every_day_of_the_calendar_is_counted_once() {
        let mut days = 0;
        for (year, month) in (0..=9999).flat_map(|year| (1..=12).map(move |month| (year, month))) {
            for day in 1..=days_of_month(year, month).unwrap() {
                let at = MIN_MILLISECONDS + days * DAY;
                assert_eq!(days_since_1970(year, month, day), at.div_euclid(DAY));
                assert_eq!(date_of(at.div_euclid(DAY)), (year, month, day));
                days += 1;
            }
        }
        assert_eq!(days, 3_652_425);
    }

    #[test]
    fn the_ends_of_the_range_are_kept() {
        assert_eq!("0000-01-01".parse::<DateTime>().unwrap().unix_milliseconds(), MIN_MILLISECONDS);
        assert_eq!(DateTime::from_unix_milliseconds(i64::MAX).to_string(), "9999-12-31T23:59:59.999+00:00");
        assert_eq!("9999-12-31T23:59:59.9999Z".parse::<DateTime>().unwrap().unix_milliseconds(), MAX_MILLISECONDS);
    }
}
