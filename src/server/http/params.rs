//! Owns how parameters are read from a body or a query string (contract §1): JSON or a form for writes, the query for reads.

use serde_json::{Map, Value};

use super::error::ApiError;

/// The parameters of a request; `null` is the same as absent.
#[derive(Clone, Debug, Default)]
pub(in crate::server) struct Params(Map<String, Value>);

impl Params {
    /// Reads a body. What cannot be read has no parameters, so that the answer names the first one that is missing (contract §1).
    pub(in crate::server) fn from_body(content_type: Option<&str>, body: &[u8]) -> Self {
        match content_type.and_then(|text| text.split(';').next()).map(str::trim) {
            Some("application/json") => match serde_json::from_slice(body) {
                Ok(Value::Object(map)) => Self(map),
                _ => Self::default(),
            },
            Some("application/x-www-form-urlencoded") => Self::from_form(body),
            _ => Self::default(),
        }
    }

    /// Reads a form or a query string; `a[]=1`, `a[0]=1` and so on make a list.
    pub(in crate::server) fn from_form(form: &[u8]) -> Self {
        let mut map = Map::new();
        for (name, value) in form_urlencoded::parse(form) {
            let value = Value::String(value.into_owned());
            match name.split_once('[') {
                Some((name, rest)) if rest.ends_with(']') => match map.entry(name).or_insert_with(|| Value::Array(Vec::new())) {
                    Value::Array(list) => list.push(value),
                    other => *other = Value::Array(vec![value]),
                },
                _ => {
                    map.insert(name.into_owned(), value);
                }
            }
        }
        Self(map)
    }

    /// Every parameter, as it came.
    pub(in crate::server) fn into_map(self) -> Map<String, Value> {
        self.0
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text that may be absent.
    pub(in crate::server) fn maybe_text(&self, name: &str) -> Result<Option<&str>, ApiError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(ApiError::invalid(name, "must be a text")),
        }
    }

    /// A text that must be there.
    pub(in crate::server) fn text(&self, name: &str) -> Result<&str, ApiError> {
        self.maybe_text(name)?.ok_or_else(|| ApiError::missing(name))
    }

    /// A list of texts that may be absent.
    pub(in crate::server) fn maybe_texts(&self, name: &str) -> Result<Option<Vec<String>>, ApiError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let texts = value.as_array().and_then(|list| list.iter().map(|entry| entry.as_str().map(str::to_owned)).collect());
        texts.map(Some).ok_or_else(|| ApiError::invalid(name, "must be a list of texts"))
    }

    /// A list of texts that must be there; it may be empty.
    pub(in crate::server) fn texts(&self, name: &str) -> Result<Vec<String>, ApiError> {
        self.maybe_texts(name)?.ok_or_else(|| ApiError::missing(name))
    }

    /// Whether a parameter is there, and `null`.
    pub(in crate::server) fn is_null(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(Value::is_null)
    }

    /// A whole number that may be absent, as a number or as a text of digits (contract §1.1).
    pub(in crate::server) fn maybe_integer(&self, name: &str) -> Result<Option<i64>, ApiError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let number = match value {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        number.map(Some).ok_or_else(|| ApiError::invalid(name, "must be a whole number"))
    }

    /// A whole number that must be there.
    pub(in crate::server) fn integer(&self, name: &str) -> Result<i64, ApiError> {
        self.maybe_integer(name)?.ok_or_else(|| ApiError::missing(name))
    }

    /// A yes or no that must be there.
    pub(in crate::server) fn required_flag(&self, name: &str) -> Result<bool, ApiError> {
        if self.get(name).is_none() {
            return Err(ApiError::missing(name));
        }
        self.flag(name, false)
    }

    /// A yes or no, in any of the contract's spellings (§1.1), that may be absent.
    pub(in crate::server) fn flag(&self, name: &str, default: bool) -> Result<bool, ApiError> {
        match self.get(name) {
            None => Ok(default),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(Value::String(text)) if text == "true" || text == "1" => Ok(true),
            Some(Value::String(text)) if text == "false" || text == "0" => Ok(false),
            Some(Value::Number(number)) if number.as_u64() == Some(1) => Ok(true),
            Some(Value::Number(number)) if number.as_u64() == Some(0) => Ok(false),
            Some(_) => Err(ApiError::invalid(name, "must be true or false")),
        }
    }
}
