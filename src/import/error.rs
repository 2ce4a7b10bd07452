//! Why a file cannot be imported.

use super::node::Place;

/// The first thing that makes a file unusable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct ImportError {
    /// Where.
    pub place: Place,
    /// What is wrong, and what to do.
    pub message: String,
}

impl ImportError {
    pub(super) fn at(place: &Place, message: impl Into<String>) -> Self {
        Self { place: place.clone(), message: message.into() }
    }

    pub(super) fn file(file: &str, message: impl Into<String>) -> Self {
        Self { place: Place { file: file.to_owned(), ..Place::default() }, message: message.into() }
    }
}
