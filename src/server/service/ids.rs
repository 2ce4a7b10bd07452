//! Ids that a client chooses, or leaves to the server.

use std::str::FromStr;

use super::error::{ServiceError, invalid};
use crate::{
    key::IdError,
    scope::DateTime,
    server::random::{Random, unique_id},
};

/// The literal that asks for a new id (contract §1.1).
pub const UNIQUE: &str = "unique()";

/// Parses an id. [`UNIQUE`] makes a new one.
pub(super) fn id<T: FromStr<Err = IdError>>(
    parameter: &'static str,
    text: &str,
    now: DateTime,
    random: &dyn Random,
) -> Result<T, ServiceError> {
    let unique;
    let text = if text == UNIQUE {
        unique = unique_id(now, random)?;
        &unique
    } else {
        text
    };
    text.parse().map_err(|error| invalid(parameter, error))
}
