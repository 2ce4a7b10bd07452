//! The only module of the console that reads the time and the time zone.

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::scope::DateTime;

/// The current time.
pub(super) fn now() -> DateTime {
    at(Date::now())
}

/// The current time, updated twice a minute, for everything shown relative to it.
#[derive(Clone, Copy)]
pub(super) struct Now(pub RwSignal<DateTime>);

impl Now {
    /// Starts the clock; it runs as long as the application.
    pub fn start() -> Self {
        let time = RwSignal::new(now());
        set_interval(move || time.set(now()), std::time::Duration::from_secs(30));
        Self(time)
    }

    /// The clock of the application.
    pub fn get(self) -> DateTime {
        self.0.get()
    }
}

/// The clock that the application provides.
pub(super) fn use_now() -> Now {
    expect_context()
}

/// The current time, updated each second, as long as its owner is on the page.
pub(super) fn seconds() -> Signal<DateTime> {
    let time = RwSignal::new(now());
    let tick = set_interval_with_handle(move || time.set(now()), std::time::Duration::from_secs(1));
    on_cleanup(move || drop(tick.map(|tick| tick.clear())));
    time.into()
}

/// Reads the value of a `datetime-local` field in the time zone of the browser.
pub(super) fn parse_local(text: &str) -> Option<DateTime> {
    // Without this check, a date without a time would be read as UTC.
    if !text.contains('T') {
        return None;
    }
    let milliseconds = Date::new(&JsValue::from_str(text)).get_time();
    (!milliseconds.is_nan()).then(|| at(milliseconds))
}

/// A point in time as the value of a `datetime-local` field, to the minute, in the time zone of the browser.
pub(super) fn to_local_field(time: DateTime) -> String {
    let date = date(time);
    let (year, month, day) = (date.get_full_year(), date.get_month() + 1, date.get_date());
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}", date.get_hours(), date.get_minutes())
}

thread_local! {
    // To make one takes as long as to use it a hundred times.
    static LONG: Function = formatter(&[
        ("year", "numeric"),
        ("month", "short"),
        ("day", "numeric"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
        ("timeZoneName", "short"),
    ]);
    static DAY: Function = formatter(&[("year", "numeric"), ("month", "short"), ("day", "numeric")]);
}

/// Makes ready what says points in time. The first time, it takes a browser long to find out how dates are written.
pub(super) fn prepare() {
    LONG.with(|_| ());
}

/// A point in time for a person, to the minute, with the zone: "20 Nov 2026, 21:30 GMT+1".
pub(super) fn long(time: DateTime) -> String {
    LONG.with(|formatter| format(formatter, time))
}

/// A day for a person: "20 Nov 2026".
pub(super) fn day(time: DateTime) -> String {
    DAY.with(|formatter| format(formatter, time))
}

/// The name of the browser's time zone, such as `Europe/Berlin`.
pub(super) fn zone() -> String {
    let options = Intl::DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
    Reflect::get(&options, &JsValue::from_str("timeZone")).ok().and_then(|zone| zone.as_string()).unwrap_or_else(|| "UTC".to_owned())
}

fn formatter(fields: &[(&str, &str)]) -> Function {
    let options = Object::new();
    for (name, value) in fields {
        // Setting a field of a fresh object cannot fail.
        drop(Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value)));
    }
    let locale = Array::of1(&JsValue::from_str("en-GB"));
    Intl::DateTimeFormat::new(&locale, &options).format()
}

fn format(formatter: &Function, time: DateTime) -> String {
    formatter.call1(&JsValue::UNDEFINED, &date(time)).ok().and_then(|text| text.as_string()).unwrap_or_else(|| time.to_string())
}

fn date(time: DateTime) -> Date {
    #[allow(clippy::cast_precision_loss, reason = "years up to 9999 are far below 2^53 milliseconds")]
    let milliseconds = time.unix_milliseconds() as f64;
    Date::new(&JsValue::from_f64(milliseconds))
}

fn at(milliseconds: f64) -> DateTime {
    #[allow(clippy::cast_possible_truncation, reason = "a cast from float saturates, and the range is clamped")]
    let milliseconds = milliseconds as i64;
    DateTime::from_unix_milliseconds(milliseconds)
}
