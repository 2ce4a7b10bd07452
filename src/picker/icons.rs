//! Icons on a grid of 16, in the colour of the surrounding text. Screen readers ignore them.

use leptos::prelude::*;

/// A chevron that points down; the style turns it when something is expanded.
pub const CHEVRON: &str = "M4 6l4 4 4-4";
/// A cross in an octagon: an error.
pub const ERROR: &str = "M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4zM6 6l4 4M10 6l-4 4";
/// A triangle with an exclamation mark: a warning.
pub const WARNING: &str = "M8 2L1.6 13.4h12.8zM8 6.6v3.2M8 11.6v.1";
/// An i in a circle: a hint.
pub const HINT: &str = "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM8 7.4v3.4M8 5.1v.1";
/// A check mark in a circle: no problems.
pub const FINE: &str = "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM5.4 8.2l1.8 1.8 3.4-3.8";
/// A magnifying glass.
pub const SEARCH: &str = "M7 2.4a4.6 4.6 0 1 0 0 9.2 4.6 4.6 0 0 0 0-9.2zM10.4 10.4l3.4 3.4";
/// A plus sign.
pub const PLUS: &str = "M8 3v10M3 8h10";
/// A minus sign.
pub const MINUS: &str = "M3 8h10";
/// An arrow out of a bracket: what something opens.
pub const OPENS: &str = "M6 3H3v10h10v-3M8.5 7.5L13 3M9.5 3H13v3.5";
/// An arrow that turns back.
pub const UNDO: &str = "M6 3L2.6 6.4 6 9.8M3 6.4h6.6a3.3 3.3 0 0 1 0 6.6H7";
/// An arrow that turns forth.
pub const REDO: &str = "M10 3l3.4 3.4L10 9.8M13 6.4H6.4a3.3 3.3 0 0 0 0 6.6H9";
/// A cross.
pub const CLOSE: &str = "M4 4l8 8M12 4l-8 8";

/// One icon.
#[component]
pub fn Icon(
    /// Its path, on a grid of 16.
    path: &'static str,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d=path />
        </svg>
    }
}
