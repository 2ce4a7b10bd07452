//! Drawings of the console alone, on a grid of 16; the others come from the picker.

pub(in crate::console) use crate::picker::icons::{ERROR, FINE, HINT, Icon, SEARCH, WARNING};

/// Two sheets.
pub(in crate::console) const COPY: &str = "M5.8 5.8h7.4v7.4H5.8zM10.2 5.6V2.8H2.8v7.4h2.8";
/// A check mark.
pub(in crate::console) const CHECK: &str = "M3 8.4l3.4 3.4L13 4.6";
/// Three dots: more actions.
pub(in crate::console) const MORE: &str = "M3.5 8h.1M8 8h.1M12.5 8h.1";
/// An arrow down: sorted; the style turns it.
pub(in crate::console) const SORTED: &str = "M8 3.5v9M4.5 9L8 12.5 11.5 9";
/// A chevron that points to the end of the line.
pub(in crate::console) const NEXT: &str = "M6 4l4 4-4 4";
/// Three lines: the menu.
pub(in crate::console) const MENU: &str = "M2.5 4.5h11M2.5 8h11M2.5 11.5h11";
/// A key: API keys.
pub(in crate::console) const KEY: &str = "M5.2 7.6a2.9 2.9 0 1 0 0 5.8 2.9 2.9 0 0 0 0-5.8zM7.3 8.4L13 2.7M10.6 5.1l2 2";
/// A clock: keys that live for minutes.
pub(in crate::console) const CLOCK: &str = "M8 1.9a6.1 6.1 0 1 0 0 12.2A6.1 6.1 0 0 0 8 1.9zM8 4.7V8l2.3 1.5";
/// Brackets: keys for development.
pub(in crate::console) const CODE: &str = "M5.4 4.4L1.9 8l3.5 3.6M10.6 4.4L14.1 8l-3.5 3.6";
/// Lines of a list: the audit log.
pub(in crate::console) const LIST: &str = "M2.6 4h.1M2.6 8h.1M2.6 12h.1M5.5 4h8M5.5 8h8M5.5 12h8";
/// A shield: rules.
pub(in crate::console) const SHIELD: &str = "M8 1.9l5.2 1.8v4c0 3.2-2.1 5.4-5.2 6.5-3.1-1.1-5.2-3.3-5.2-6.5v-4z";
/// Two sliders: settings.
pub(in crate::console) const SLIDERS: &str = "M2 5h7M12.5 5H14M2 11h1.5M7 11h7M10.7 3.3v3.4M5.2 9.3v3.4";
/// An open book: the reference.
pub(in crate::console) const BOOK: &str =
    "M8 4.2C6.4 3 4.4 2.7 2 2.9v9.4c2.4-.2 4.4.1 6 1.3 1.6-1.2 3.6-1.5 6-1.3V2.9C11.6 2.7 9.6 3 8 4.2zM8 4.2v9.4";
/// A person.
pub(in crate::console) const PERSON: &str =
    "M8 2.2a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4zM2.9 13.8c.4-2.7 2.3-4.2 5.1-4.2s4.7 1.5 5.1 4.2";
/// Two persons.
pub(in crate::console) const PEOPLE: &str = "M6 2.8a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6zM1.7 13.2c.3-2.4 1.9-3.7 4.3-3.7s4 1.3 4.3 3.7M10.4 3a2.1 2.1 0 0 1 0 4.2M11.6 9.7c1.6.3 2.5 1.5 2.7 3.5";
/// Two chevrons: choose another.
pub(in crate::console) const SWITCH: &str = "M5 6l3-3 3 3M5 10l3 3 3-3";
