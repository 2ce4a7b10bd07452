//! Types of fields that say more than a text, a number, a flag or a list: what they read, and their schema in the OpenAPI document.

use std::{fmt, marker::PhantomData, str::FromStr};

use schemars::JsonSchema;
use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor},
};

use super::fields::CHANGE;
use crate::{api::ErrorType, scope::DateTime, server::http::error::ApiError};

/// A date as text: a date and time of ISO 8601, or as mail and HTTP write it. In a form it gets the `+` back that the form has lost.
/// Read every date by this type, not as a plain text.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "DateText")]
#[schemars(inline)]
pub(in crate::server::http) struct DateText(String);

impl DateText {
    pub(in crate::server::http) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads a date that must be there; for `deserialize_with`.
pub(in crate::server::http) fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime, D::Error> {
    DateText::deserialize(deserializer)?.0.parse().map_err(|error| D::Error::custom(format_args!("is {error}")))
}

/// Reads one of some words, or nothing; for `deserialize_with`.
pub(in crate::server::http) fn one_of<'de, D: Deserializer<'de>, T: FromStr>(
    deserializer: D,
    words: impl Iterator<Item = &'static str>,
) -> Result<Option<T>, D::Error> {
    let Some(word) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    word.parse().map(Some).map_err(|_| D::Error::custom(choices(words)))
}

/// Read after "it".
pub(in crate::server::http) fn choices<'a>(words: impl Iterator<Item = &'a str>) -> String {
    format!("must be one of {}", words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "))
}

/// A field of a change, where `null` is not the same as absent.
#[derive(Clone, Debug)]
pub(in crate::server::http) enum Change<T> {
    /// It is absent: nothing changes.
    Keep,
    /// It is `null`.
    Clear,
    /// It has a value.
    Set(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct States<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for States<T> {
            type Value = Change<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a value, null, or nothing")
            }

            fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
                Ok(Change::Keep)
            }

            fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
                Ok(Change::Clear)
            }

            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
                T::deserialize(deserializer).map(Change::Set)
            }
        }
        deserializer.deserialize_newtype_struct(CHANGE, States(PhantomData))
    }
}

/// A field that complains only when it is asked, since something else comes first. `T` is a text, a list, a number or a flag, or an
/// `Option` of one.
#[derive(Clone, Debug)]
pub(in crate::server::http) struct Later<T>(Result<T, String>);

impl<T> Later<T> {
    /// The value.
    ///
    /// # Errors
    /// [`ApiError`] where the field is missing or not valid.
    pub(in crate::server::http) fn get(&self) -> Result<&T, ApiError> {
        self.0.as_ref().map_err(|message| ApiError::because(ErrorType::ArgumentInvalid, message.clone()))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Later<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(T::deserialize(deserializer).map_err(|error| error.to_string())))
    }
}
