//! Any text as a secret: what is read is the text itself, and a hint never shows the whole of it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scopewise::key::{Secret, hint};

fuzz_target!(|text: &str| {
    if let Ok(secret) = Secret::parse(text) {
        assert_eq!(secret.expose(), text);
        assert!(!hint(text).contains(text));
    }
    let _ = hint(text);
});
