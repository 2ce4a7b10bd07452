//! Writes a catalog in other forms.

mod markdown;
mod openapi;

pub use markdown::markdown;
pub use openapi::openapi;
pub(super) use openapi::{CLOSED, EXTENSION};
