//! Any text as a date: what is read is written in one form, which means the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scopewise::scope::DateTime;

fuzz_target!(|text: &str| {
    if let Ok(date) = text.parse::<DateTime>() {
        assert_eq!(date.to_string().parse::<DateTime>().expect("a date is read again"), date);
    }
});
