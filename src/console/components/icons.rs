//! Drawings of the console alone, on a grid of 16; the others come from the picker.

pub(super) use crate::picker::icons::{ERROR, HINT, Icon, WARNING};

/// Two sheets.
pub(super) const COPY: &str = "M5.8 5.8h7.4v7.4H5.8zM10.2 5.6V2.8H2.8v7.4h2.8";
/// A check mark.
pub(super) const CHECK: &str = "M3 8.4l3.4 3.4L13 4.6";
/// Three dots: more actions.
pub(super) const MORE: &str = "M3.5 8h.1M8 8h.1M12.5 8h.1";
/// An arrow down: sorted; the style turns it.
pub(super) const SORTED: &str = "M8 3.5v9M4.5 9L8 12.5 11.5 9";
/// A chevron that points to the end of the line.
pub(super) const NEXT: &str = "M6 4l4 4-4 4";
